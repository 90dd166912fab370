"""Charts of trends: smooth series with their band, change points that were found, and events that were declared."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.ticker import MaxNLocator

from reports.chart import FONT, GREY, INK, PALE, WIDE, Chart, blank, legible, outlet_colours, second_line, strip_axes
from reports.figures import MOST_PANELS, ticks_of
from reports.periods import all_periods, period_labels

if TYPE_CHECKING:
    import pandas as pd

    from reports.change_points import ChangePoint
    from reports.events import Event

# More keys than this and the key is longer than the chart.
MOST_EVENTS = 9
FOOT_ROW = 0.17


def trend_panels(
    smooths: Mapping[str, pd.DataFrame],
    changes: Mapping[str, Sequence[ChangePoint]],
    events: Sequence[Event],
    title: str,
    unit: str = "month",
    label: str = "",
    colours: Mapping[str, str] | None = None,
    source: str = "",
    width: float = WIDE,
) -> Chart:
    """One small panel for each outlet: pale dots for the periods, the smooth line with its band, changes and events.

    A change that was found is a triangle at the foot, with the interval of its date as a bar; hollow where a steady
    move explains the series as well. A declared event is a dashed line with a number, and its name is in the key. The
    two never look alike.

    Args:
        smooths: Outlet to what `reports.trend.smooth` returns of it; those without a smooth value are left out.
        changes: Outlet to what `reports.change_points.change_points` returns of it.
        events: Declared events; the first nine within the time shown are drawn.
        title: What is shown.
        unit: The period of the series.
        label: The scale, below the panels.
        colours: Outlet to colour.
        source: The line under the chart.
        width: Inches.
    """
    known = {outlet: table for outlet, table in smooths.items() if table["value"].notna().any()}
    order = sorted(known, key=lambda outlet: (-int(known[outlet]["n_articles"].sum()), outlet))[:MOST_PANELS]
    colours = colours or outlet_colours(order)
    labels = [str(period) for outlet in order for period in known[outlet]["period"]]
    periods = all_periods(min(labels), max(labels), unit) if labels else []
    drawn = _placed(events, periods, unit)
    across = 1 if len(order) == 1 else 2 if width < 5 or len(order) in (2, 4) else 3
    down = max(1, -(-len(order) // across))
    shown = [change for outlet in order for change in changes.get(outlet, ())]
    found = "▲ change found, with the interval of its date" if shown else ""
    found += ", hollow where it may be a drift" if any(change.drift for change in shown) else ""
    told = textwrap.wrap("; ".join(filter(None, [label, found])), int(width * 14.5))
    foot = [*told, *_key_lines(drawn, width)]
    above = 0.4 + second_line(title, width)
    # The line on the source takes two lines at a phone's width.
    base = 0.36 if width < 5 else 0.24
    below = 0.26 + base + FOOT_ROW * len(foot)
    chart, first = blank(width, down * 1.4 + above + below, title, source)
    first.remove()
    height = chart.get_figheight()
    for number, line in enumerate(foot):
        y = (base + FOOT_ROW * (len(foot) - number - 1)) / height
        chart.text(0.012, y, line, fontsize=FONT - 1, color=GREY, va="bottom", parse_math=False)
    if not order:
        chart.text(0.5, 0.5, "not enough data", ha="center", color=GREY, fontsize=FONT)
        return chart
    heights = [float(known[outlet][name].agg(end)) for outlet in order
               for name, end in (("value", "min"), ("value", "max"), ("low", "min"), ("high", "max"))]  # fmt: skip
    heights = [height for height in heights if height == height]
    room = max(0.18 * (max(heights) - min(heights)), 0.01)
    left, top, bottom = 0.45 / width, 1 - above / height, below / height
    cell_width, cell_height = (0.985 - left) / across, (top - bottom) / down
    at = {period: place for place, period in enumerate(periods)}
    ticks = ticks_of(periods, (3 if width < 5 else 4) * (2 if across == 1 else 1))
    for number, outlet in enumerate(order):
        row, column = divmod(number, across)
        place = (left + column * cell_width, top - (row + 0.95) * cell_height, cell_width * 0.93, cell_height * 0.72)
        axes = chart.add_axes(place)
        strip_axes(axes)
        axes.set(xlim=(-0.5, max(len(periods) - 0.5, 0.5)), ylim=(min(heights) - room, max(heights) + room))
        axes.axhline(0, color=PALE, linewidth=0.8, zorder=0)
        axes.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
        axes.tick_params(labelleft=column == 0)
        is_last = number + across >= len(order)
        axes.set_xticks(ticks, [periods[tick] for tick in ticks] if is_last else [""] * len(ticks))
        colour = colours.get(outlet, GREY)
        _draw_events(axes, drawn, outlet)
        _draw_smooth(axes, known[outlet], at, colour)
        for change in changes.get(outlet, ()):
            _draw_change(axes, change, at, colour)
        named = f"{legible(outlet, 18 if width < 5 else 24)} ({int(known[outlet]['n_articles'].sum())})"
        axes.set_title(named, fontsize=FONT, loc="left", pad=3, color=INK, parse_math=False)
    return chart


def _draw_smooth(axes: Any, table: pd.DataFrame, at: Mapping[str, int], colour: str) -> None:
    """Means as pale dots, the smooth line with its band, broken where a gap is longer than the bandwidth."""
    rows = table.assign(x=[at[period] for period in table["period"]])
    # The scale is that of the lines: a month of one article may lie outside, and would flatten all panels.
    axes.plot(rows["x"], rows["mean"], "o", color=colour, alpha=0.3, markersize=2.6, markeredgewidth=0, zorder=1)
    for _, run in rows[rows["value"].notna()].groupby("stretch", sort=True):
        axes.fill_between(run["x"], run["low"], run["high"], color=colour, alpha=0.22, linewidth=0, zorder=2)
        axes.plot(run["x"], run["value"], color=colour, linewidth=1.5, zorder=3)


def _draw_change(axes: Any, change: ChangePoint, at: Mapping[str, int], colour: str) -> None:
    """A triangle at the first period of the new level, between the interval's ends."""
    foot = axes.get_xaxis_transform()
    axes.plot([at[change.first] - 0.3, at[change.last] + 0.3], [0.045] * 2, color=colour, linewidth=2, transform=foot,
              solid_capstyle="butt", zorder=4)  # fmt: skip
    face = "white" if change.drift else colour
    axes.plot(at[change.period], 0.08, "^", color=colour, markerfacecolor=face, markersize=6, transform=foot, zorder=5)


def _draw_events(axes: Any, drawn: Sequence[tuple[int, float, Event]], outlet: str) -> None:
    """A dashed line with a number for each event that is asked of the outlet."""
    for number, x, event in drawn:
        if not event.outlets or outlet in event.outlets:
            axes.axvline(x, color=GREY, linewidth=0.6, linestyle=(0, (3, 2)), zorder=1)
            # Two events of neighbouring months: the later one's number stands below the earlier one's.
            y = 0.98 - 0.1 * (number % 2 == 0)
            axes.text(x + 0.4, y, str(number), transform=axes.get_xaxis_transform(), fontsize=FONT - 2, color=GREY,
                      ha="left", va="top")  # fmt: skip


def _placed(events: Sequence[Event], periods: Sequence[str], unit: str) -> list[tuple[int, float, Event]]:
    """Number and place of each event that lies within the periods; a period's dot stands at its middle."""
    import pandas as pd

    months = {"month": 1, "quarter": 3, "half": 6, "year": 12}[unit]
    found: list[tuple[int, float, Event]] = []
    for event in sorted(events, key=lambda event: (event.date, event.name)):
        period = period_labels(pd.Series([pd.Timestamp(event.date)]), unit).iloc[0]
        if period in periods and len(found) < MOST_EVENTS:
            part = ((event.date.month - 1) % months + (event.date.day - 1) / 31) / months
            found.append((len(found) + 1, periods.index(period) - 0.5 + part, event))
    return found


def _key_lines(drawn: Sequence[tuple[int, float, Event]], width: float) -> list[str]:
    """The key of the events, as many in a line as fit."""
    lines: list[str] = []
    for number, _, event in drawn:
        entry = f"{number} {legible(event.name, 40)} ({event.date.isoformat()})"
        if lines and len(lines[-1]) + len(entry) + 3 <= width * 14.5:
            lines[-1] += f" · {entry}"
        else:
            lines.append(entry)
    return lines
