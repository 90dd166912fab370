"""Charts of frames: by outlet, on shared stories, by voice, and over time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.ticker import PercentFormatter

from framing.frames import POOR
from reports.chart import FONT, GREY, INK, PALE, WIDE, Chart, blank, legible, second_line, strip_axes
from reports.figures import by_size, draw_line, runs_of, ticks_of
from reports.frames import SHARED, TOGETHER, frame_labels, frame_scorers, poor_frames
from reports.heat import heat
from reports.names import PERIOD_NAMES

if TYPE_CHECKING:
    import pandas as pd

    from reports.report import Results

# Outlets drawn over time: more lines with bands cannot be told apart in a small panel.
LINES = 3


def frame_drawings(results: Results, voices: Mapping[str, str]) -> Iterator[tuple[str, Any, tuple[Any, ...], str, Any]]:
    """The charts of each codebook: name, what draws it, its data, its title, further settings."""
    found = results.described
    rows = found.estimates
    for scorer in frame_scorers(results.study):
        titles, poor = frame_labels(scorer), poor_frames(scorer, POOR)
        whole = rows[(rows["period"] == "") & (rows["kind"] == "level")]
        book, measure = scorer.codebook, scorer.measure
        plain = whole[(whole["measure"] == measure) & (whole["voice"] == "")]
        yield f"frames-{book}", heat, (plain, titles, poor), f"Frames of the relation, by outlet ({book})", {}
        shared = whole[whole["measure"] == measure + SHARED]
        title = f"The same on stories that two outlets or more tell ({book})"
        yield f"frames-{book}-shared", heat, (shared, titles, poor), title, {}
        split = whole[whole["measure"] == measure + TOGETHER]
        settings = {"by": "voice", "rows": tuple(voices), "names": dict(voices)}
        yield (
            f"frames-{book}-voices",
            heat,
            (split, titles, poor),
            f"Frames by who speaks, all outlets ({book})",
            settings,
        )
        over = rows[(rows["measure"] == measure) & (rows["voice"] == "") & (rows["period"] != "")]
        title = f"Frames by {PERIOD_NAMES[found.period]}, the outlets with most articles ({book})"
        yield f"frames-{book}-time", frame_panels, (over, titles, poor, found.periods), title, {}


def frame_panels(
    levels: pd.DataFrame,
    frames: Mapping[str, str],
    poor: Mapping[str, str],
    periods: Sequence[str],
    title: str = "",
    colours: Mapping[str, str] | None = None,
    source: str = "",
    width: float = WIDE,
) -> Chart:
    """One small panel a frame: the share of passages that carry it over time, lines with bands for three outlets.

    Args:
        levels: Levels of one measure by outlet, period and category.
        frames: Category to title, in order.
        poor: Categories that are measured poorly.
        periods: Every period.
        title: What is shown.
        colours: Outlet to colour.
        source: The line under the chart.
        width: Inches.
    """
    known = levels[levels["value"].notna()]
    several = known.groupby("outlet")["period"].nunique()
    order = [outlet for outlet in by_size(known) if several[outlet] > 1][:LINES]
    across = 2 if width < 5 else 4
    down = max(1, -(-len(frames) // across))
    above = 0.48 + second_line(title, width)
    chart, first = blank(width, down * 1.22 + 1.35, title, source)
    first.remove()
    height = chart.get_figheight()
    if not order:
        chart.text(0.5, 0.5, "not enough data in any two periods", ha="center", color=GREY, fontsize=FONT)
        return chart
    drawn = known[known["outlet"].isin(order)]
    top_share = float(drawn["high"].max())
    at = {period: place for place, period in enumerate(periods)}
    left, top, bottom = 0.45 / width, 1 - (above + 0.16) / height, 0.6 / height
    cell_width, cell_height = (0.985 - left) / across, (top - bottom) / down
    x = 0.012
    for outlet in order:
        colour = (colours or {}).get(outlet, GREY)
        chart.text(x, 1 - above / height, "■", fontsize=FONT + 1, color=colour, va="center")
        told = legible(outlet, 14 if width < 5 else 26)
        chart.text(
            x + 0.14 / width, 1 - above / height, told, fontsize=FONT - 1, color=INK, va="center", parse_math=False
        )
        x += (0.14 + 0.07 * len(told) + 0.2) / width
    for number, (frame, called) in enumerate(frames.items()):
        row, column = divmod(number, across)
        place = (left + column * cell_width, top - (row + 0.94) * cell_height, cell_width * 0.9, cell_height * 0.66)
        axes = chart.add_axes(place)
        strip_axes(axes)
        axes.set(xlim=(-0.5, max(len(periods) - 0.5, 0.5)), ylim=(0, max(0.05, top_share * 1.04)))
        axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
        axes.grid(axis="y", color=PALE, linewidth=0.5, zorder=0)
        axes.locator_params(axis="y", nbins=3)
        axes.tick_params(labelleft=column == 0, labelsize=FONT - 2)
        ticks = ticks_of(periods, 3)
        is_last = number + across >= len(frames)
        axes.set_xticks(ticks, [periods[place] for place in ticks] if is_last else [""] * len(ticks))
        mine = drawn[drawn["category"] == frame]
        for outlet in order:
            rows = mine[mine["outlet"] == outlet]
            if len(rows):
                colour = (colours or {}).get(outlet, GREY)
                draw_line(axes, runs_of(rows, at), pale(colour) if frame in poor else colour)
        axes.set_title(
            legible(called, 22 if width < 5 else 24) + (" †" if frame in poor else ""),
            fontsize=FONT - 1, loc="left", pad=2, color=GREY if frame in poor else INK, parse_math=False,
        )  # fmt: skip
    note = "share of passages about the pair" + ("; † measured poorly" if set(poor) & set(frames) else "")
    chart.text(0.012, 0.36 / height, note, fontsize=FONT - 2, color=GREY, va="bottom", parse_math=False)
    return chart


def pale(colour: str) -> str:
    """A colour on its way to white.

    >>> pale("#000000")
    '#a6a6a6'
    """
    return "#" + "".join(f"{round(int(colour[k : k + 2], 16) * 0.35 + 255 * 0.65):02x}" for k in (1, 3, 5))
