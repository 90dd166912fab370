"""Figures: matplotlib charts, the same for page, PDF and PNG, at a desk's width and at a phone's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.collections import LineCollection
from matplotlib.ticker import MaxNLocator

from reports.chart import (
    FONT,
    GREY,
    INK,
    PALE,
    WIDE,
    Chart,
    blank,
    count_room,
    inner_height,
    legible,
    outlet_colours,
    strip_axes,
    write,
)
from reports.names import about

if TYPE_CHECKING:
    import pandas as pd

ROW = 0.27
SCALES = {
    "sentiment": "← negative · −1 to +1 · positive →",
    "attitude": "← hostile · −1 to +1 · friendly →",
    "relation": "← conflict · −1 to +1 · cooperation →",
    "tone": "← negative · VADER, −1 to +1 · positive →",
    "voice": "share of passages, 0 to 1",
    "subject": "share of passages, 0 to 1",
    "naming": "share of mentions, 0 to 1",
    "headline gap": "← headline harsher · headline kinder →",
    "loaded words": "per 1,000 words",
}
# Panels shown of a chart over time; the rest is in the tables.
MOST_PANELS = 12


def dots(
    levels: pd.DataFrame,
    title: str = "",
    colours: Mapping[str, str] | None = None,
    source: str = "",
    width: float = WIDE,
) -> Chart:
    """One dot and 95 % interval for each outlet over the whole time, highest first; those without enough data left out.

    Args:
        levels: Levels of one measure and target, as `Comparison.levels` returns them.
        title: What is shown; made from the levels where empty.
        colours: Outlet to colour.
        source: The line under the chart.
        width: Inches.
    """
    known = levels[levels["value"].notna()].sort_values(["value", "outlet"], ascending=[True, False])
    colours = colours or outlet_colours(by_size(levels))
    chart, axes = blank(width, max(1, len(known)) * ROW + 1.35, title or _title(levels), source)
    label_room = 0.36 if width < 5 else 0.25
    axes.set_position(
        (label_room, 0.78 / chart.get_figheight(), 0.97 - label_room - count_room(width), inner_height(chart, 1.28))
    )
    for place, row in enumerate(known.itertuples()):
        colour = colours.get(str(row.outlet), GREY)
        axes.plot([row.low, row.high], [place, place], color=colour, linewidth=2, solid_capstyle="butt", zorder=2)
        axes.plot(row.value, place, "o", color=colour, markersize=5.5, zorder=3)
        _beside(axes, place, str(row.n_articles))
    _beside(axes, len(known) - 0.35, "articles", va="bottom")
    axes.set_yticks(
        range(len(known)),
        [legible(outlet, 18 if width < 5 else 27) for outlet in known["outlet"]],
        parse_math=False,
    )
    axes.set_ylim(-0.7, len(known) - 0.3)
    if known.empty:
        write(axes, 0.5, 0.5, "not enough data", transform=axes.transAxes, ha="center", va="center", color=GREY)
    _scale(axes, levels, width)
    return chart


def panels(
    levels: pd.DataFrame,
    periods: Sequence[str],
    title: str = "",
    colours: Mapping[str, str] | None = None,
    source: str = "",
    width: float = WIDE,
) -> Chart:
    """One small panel for each outlet over time: dots joined where periods follow, with a band of pointwise intervals.

    The largest outlets with enough data in any period are shown; the others' lines stand pale behind each.
    """
    known = levels[levels["value"].notna()]
    order = [outlet for outlet in by_size(levels) if outlet in set(known["outlet"])][:MOST_PANELS]
    colours = colours or outlet_colours(by_size(levels))
    across = 2 if width < 5 else 3
    down = max(1, -(-len(order) // across))
    chart, first = blank(width, down * 1.3 + 1.15, title or _title(levels, over_time=True), source)
    first.remove()
    height = chart.get_figheight()
    if not order:
        chart.text(0.5, 0.5, "not enough data in any period", ha="center", color=GREY, fontsize=FONT)
    bounds = known[["value", "low", "high"]]
    low, high = (bounds.min().min(), bounds.max().max()) if len(known) else (-1.0, 1.0)
    room = max(0.05 * (high - low), 0.01)
    left, top, bottom = 0.45 / width, 1 - 0.42 / height, 0.68 / height
    cell_width, cell_height = (0.985 - left) / across, (top - bottom) / down
    at = {period: i for i, period in enumerate(periods)}
    lines = {outlet: runs_of(known[known["outlet"] == outlet], at) for outlet in order}
    for number, outlet in enumerate(order):
        row, column = divmod(number, across)
        place = (left + column * cell_width, top - (row + 0.94) * cell_height, cell_width * 0.92, cell_height * 0.7)
        axes = chart.add_axes(place)
        strip_axes(axes)
        axes.set(xlim=(-0.5, max(len(periods) - 0.5, 0.5)), ylim=(low - room, high + room))
        axes.axhline(0, color=PALE, linewidth=0.8, zorder=0)
        axes.yaxis.set_major_locator(MaxNLocator(4, steps=[1, 2, 5, 10]))
        axes.tick_params(labelleft=column == 0)
        ticks = ticks_of(periods, 3 if width < 5 else 4)
        is_last = number + across >= len(order)
        axes.set_xticks(ticks, [periods[i] for i in ticks] if is_last else [""] * len(ticks))
        others = [line for other in order if other != outlet for line in _strokes(lines[other])]
        axes.add_collection(LineCollection(others, colors=PALE, linewidths=0.8, zorder=1), autolim=False)
        draw_line(axes, lines[outlet], colours.get(outlet, GREY))
        named = (
            f"{legible(outlet, 18 if width < 5 else 24)} ({sum(run['n_articles'].sum() for _, run in lines[outlet])})"
        )
        axes.set_title(named, fontsize=FONT, loc="left", pad=2, color=INK, parse_math=False)
    label = _scale_label(levels) + ("; in brackets the articles drawn" if width >= 5 else "")
    chart.text(left, 0.4 / height, label, fontsize=FONT - 1, color=GREY, va="bottom", parse_math=False)
    return chart


def _strokes(runs: Sequence[tuple[list[int], pd.DataFrame]]) -> list[list[tuple[float, float]]]:
    """An outlet's line over time as points, stretch by stretch, where it has more than one."""
    return [list(zip(map(float, xs), run["value"], strict=True)) for xs, run in runs if len(xs) > 1]


def draw_line(axes: Any, runs: Sequence[tuple[list[int], pd.DataFrame]], colour: str) -> None:
    """An outlet's line over time in its own panel, with dots, a band, and gaps where periods are missing."""
    for xs, run in runs:
        if len(xs) == 1:  # a band needs two periods; one has its interval as a line
            ends = [run["low"].iloc[0], run["high"].iloc[0]]
            axes.plot([xs[0], xs[0]], ends, color=colour, alpha=0.4, linewidth=3, zorder=2)
        axes.fill_between(xs, run["low"], run["high"], color=colour, alpha=0.22, linewidth=0, zorder=2)
        axes.plot(xs, run["value"], "o-", color=colour, markersize=3.2, linewidth=1.4, zorder=3)


def coverage(
    counts: pd.DataFrame,
    title: str = "",
    colours: Mapping[str, str] | None = None,
    source: str = "",
    width: float = WIDE,
) -> Chart:
    """Articles by outlet over time, one row of bars an outlet, all on one scale; `counts` is outlets x periods."""
    shown = counts.iloc[: 2 * MOST_PANELS]
    colours = colours or outlet_colours(list(counts.index))
    chart, axes = blank(width, len(shown) * 0.36 + 1.32, title or "Articles by outlet and period", source)
    label_room = 0.36 if width < 5 else 0.25
    axes.set_position(
        (label_room, 0.8 / chart.get_figheight(), 0.97 - label_room - count_room(width), inner_height(chart, 1.29))
    )
    most = max(1, int(shown.to_numpy().max(initial=1)))
    for place, (outlet, row) in enumerate(reversed(list(shown.iterrows()))):
        heights = row.to_numpy() / most * 0.82
        axes.bar(range(len(row)), heights, bottom=place, width=0.85, color=colours.get(str(outlet), GREY), zorder=2)
        axes.axhline(place, color=PALE, linewidth=0.6, zorder=1)
        _beside(axes, place + 0.3, str(int(row.sum())))
    _beside(axes, len(shown) - 0.05, "articles", va="bottom")
    names = [legible(str(outlet), 18 if width < 5 else 27) for outlet in reversed(list(shown.index))]
    axes.set_yticks([i + 0.3 for i in range(len(shown))], names, parse_math=False)
    axes.set_ylim(-0.1, len(shown))
    ticks = ticks_of(list(shown.columns), 4 if width < 5 else 8)
    axes.set_xticks(ticks, [str(shown.columns[i]) for i in ticks])
    axes.set_xlim(-0.7, len(shown.columns) - 0.3)
    axes.set_xlabel(f"tallest bar: {most} articles", fontsize=FONT - 1, color=GREY)
    return chart


def _beside(axes: Any, place: float, text: str, va: str = "center") -> None:
    """Text at the right edge of the axes: how many articles a row rests on, and the heading over these numbers."""
    write(axes, 1.02, place, text, transform=axes.get_yaxis_transform(), va=va, fontsize=FONT - 1, color=GREY)


def _scale(axes: Any, levels: pd.DataFrame, width: float) -> None:
    axes.axvline(0, color=GREY, linewidth=0.8, zorder=1)
    axes.grid(axis="x", color=PALE, linewidth=0.5, zorder=0)
    axes.xaxis.set_major_locator(MaxNLocator(4 if width < 5 else 7, steps=[1, 2, 5, 10]))
    axes.set_xlabel(_scale_label(levels), fontsize=FONT - 1, color=GREY)


def _scale_label(levels: pd.DataFrame) -> str:
    measure = str(levels["measure"].iloc[0]) if len(levels) else ""
    return SCALES.get(measure, measure)


def by_size(levels: pd.DataFrame) -> list[str]:
    """Outlets, those with most articles first."""
    sizes = levels.groupby("outlet")["n_articles"].sum()
    return [str(outlet) for outlet in sizes.sort_index().sort_values(ascending=False, kind="stable").index]


def _title(levels: pd.DataFrame, over_time: bool = False) -> str:
    if levels.empty:
        return ""
    row = levels.iloc[0]
    what = about(str(row["measure"]), str(row["target"]), str(row["pair"]))
    return f"{what[:1].upper()}{what[1:]} by outlet" + (", over time" if over_time else "")


def ticks_of(periods: Sequence[Any], most: int) -> list[int]:
    """Places of at most so many ticks."""
    step = max(1, -(-len(periods) // most))
    return list(range(0, len(periods), step))


def runs_of(rows: pd.DataFrame, place: Mapping[str, int]) -> list[tuple[list[int], pd.DataFrame]]:
    """Stretches of periods that follow one another; between them is a gap, not a line."""
    rows = rows.assign(x=[place[period] for period in rows["period"]]).sort_values("x")
    groups = (rows["x"].diff() != 1).cumsum()
    return [(list(part["x"]), part) for _, part in rows.groupby(groups)]
