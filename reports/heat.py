"""Heat maps: a share for each row and frame, with its interval in the cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.patches import Rectangle

from reports.chart import FONT, GREY, INK, WIDE, Chart, blank, legible, second_line, write

if TYPE_CHECKING:
    import pandas as pd

# Rows in one chart at a desk's and at a phone's width; the rest is in the tables.
MOST, MOST_NARROW = 20, 10
# Frames side by side before they go on below.
ACROSS, ACROSS_NARROW = 15, 6
ROW, HEAD = 0.31, 0.66
# From no passage to three in five, in one hue, told apart in grey print too; poorly measured frames are grey.
DARK, DARK_POOR, FULL = (0, 90, 150), (95, 95, 95), 0.6


def heat(
    levels: pd.DataFrame,
    frames: Mapping[str, str],
    poor: Mapping[str, str],
    title: str = "",
    source: str = "",
    width: float = WIDE,
    rows: Sequence[str] = (),
    names: Mapping[str, str] | None = None,
    by: str = "outlet",
    **_: Any,
) -> Chart:
    """One cell a row and frame: the share in percent, and under it its pointwise 95 % interval.

    Args:
        levels: Levels of one measure, one row an outlet (or voice) and category.
        frames: Category to what it is called, in the order of the columns.
        poor: Categories that are measured poorly; they stand in grey and are marked.
        title: What is shown.
        source: The line under the chart.
        width: Inches.
        rows: Order of the rows; the largest first where empty.
        names: Row to what it is called.
        by: Column of `levels` that tells rows apart.
    """
    narrow = width < 5
    known = levels[levels["value"].notna()]
    cells: dict[tuple[str, str], Mapping[Any, Any]] = {
        (str(row[by]), str(row["category"])): row for row in known.to_dict("records")
    }
    sizes = known.groupby(by)["n_articles"].max().sort_index().sort_values(ascending=False, kind="stable")
    order = [row for row in rows if row in sizes.index] if rows else list(sizes.index)
    order = order[: MOST_NARROW if narrow else MOST]
    columns = list(frames)
    most = ACROSS_NARROW if narrow else ACROSS
    # As many on each line as can be the same.
    across = -(-len(columns) // -(-len(columns) // most))
    blocks = [columns[k : k + across] for k in range(0, len(columns), across)]
    block_height = HEAD + ROW * max(1, len(order))
    above = 0.42 + second_line(title, width)
    chart, axes = blank(width, len(blocks) * block_height + above + 0.75, title, source)
    height = chart.get_figheight()
    axes.remove()
    left, right = (0.29 if narrow else 0.2) * width, 0.42
    cell = (width - left - right) / across
    for number, block in enumerate(blocks):
        top = height - above - number * block_height
        bottom = top - block_height
        axes = chart.add_axes((0, bottom / height, 1, block_height / height))
        axes.set(xlim=(0, width), ylim=(0, block_height))
        axes.axis("off")
        for k, frame in enumerate(block):
            colour, mark = (GREY, " †") if frame in poor else (INK, "")
            style: dict[str, Any] = {"ha": "left", "va": "bottom", "rotation": 30, "rotation_mode": "anchor"}
            at = left + (k + 0.5) * cell - 0.06, block_height - HEAD + 0.05
            write(axes, *at, legible(frames[frame], 24) + mark, fontsize=FONT - 1.5, color=colour, **style)
        if number == 0:
            write(axes, width - 0.05, block_height - HEAD + 0.05, "articles", ha="right", va="bottom",
                  fontsize=FONT - 2.5, color=GREY)  # fmt: skip
        for place, row in enumerate(order):
            y = block_height - HEAD - (place + 1) * ROW
            called = (names or {}).get(row, row)
            write(axes, left - 0.06, y + ROW / 2, legible(called, 15 if narrow else 24), ha="right", va="center",
                  fontsize=FONT - 1, color=INK)  # fmt: skip
            write(axes, width - 0.05, y + ROW / 2, f"{int(sizes[row]):,}", ha="right", va="center", fontsize=FONT - 2,
                  color=GREY)  # fmt: skip
            for k, frame in enumerate(block):
                _cell(axes, left + k * cell, y, cell, cells.get((row, frame)), poor=frame in poor)
    if not order:
        chart.text(0.5, 0.5, "not enough data", ha="center", va="center", color=GREY, fontsize=FONT)
    notes = ["percent of passages; small: pointwise 95 % interval"]
    notes += ["† measured poorly"] if set(poor) & set(columns) else []
    chart.text(
        0.012, 0.32 / height, "; ".join(notes), fontsize=FONT - 2, color=GREY, va="bottom", parse_math=False
    )  # fmt: skip
    return chart


def _cell(axes: Any, x: float, y: float, size: float, row: Mapping[Any, Any] | None, *, poor: bool) -> None:
    if row is None:
        axes.add_patch(Rectangle((x, y), size, ROW, facecolor="#f4f4f4", edgecolor="white", linewidth=0.8))
        return
    strength = min(1.0, max(0.0, float(row["value"])) / FULL)
    dark = DARK_POOR if poor else DARK
    colour = tuple((255 + (end - 255) * strength) / 255 for end in dark)
    axes.add_patch(Rectangle((x, y), size, ROW, facecolor=colour, edgecolor="white", linewidth=0.8))
    ink = "white" if strength > 0.55 else INK
    write(
        axes,
        x + size / 2,
        y + ROW * 0.64,
        _percent(row["value"]),
        ha="center",
        va="center",
        fontsize=FONT - 1.5,
        color=ink,
    )
    span = f"{_percent(row['low'])}–{_percent(row['high'])}"
    write(axes, x + size / 2, y + ROW * 0.24, span, ha="center", va="center", fontsize=FONT - 4, color=ink)


def _percent(value: float) -> str:
    """A share in whole percent, one digit more below 1 %.

    >>> _percent(0.314), _percent(0.004), _percent(-0.001)
    ('31', '0.4', '0')
    """
    percent = max(0.0, 100 * float(value))
    return f"{percent:.0f}" if percent >= 0.95 or percent < 0.05 else f"{percent:.1f}"
