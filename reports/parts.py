"""Parts: charts of how something is made up, as stacked bars, and of a measure split in parts, as dots side by side."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

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
    second_line,
    write,
)

if TYPE_CHECKING:
    import pandas as pd

# Outlets in one chart; the rest is in the tables.
MOST, MOST_SPLIT = 24, 12
# Parts in the order in which they are drawn; told apart by colour-blind readers where they touch (Wong 2011).
COLOURS = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#8C6D31", "#5B3A8C", "#B0B0B0")
REST_COLOUR = "#e4e4e4"


def stacks(
    levels: pd.DataFrame,
    parts: Mapping[str, str],
    title: str = "",
    source: str = "",
    width: float = WIDE,
    pale: str = "",
    **_: Any,
) -> Chart:
    """One bar an outlet, of the shares of its parts; the outlet with most of the first part comes first.

    Args:
        levels: Levels of one measure, one row an outlet and category, as `Comparison.levels` returns them.
        parts: Category to its name in the legend, in the order in which they are drawn.
        title: What is shown.
        source: The line under the chart.
        width: Inches.
        pale: A part that is drawn pale, as the ground.
    """
    known = levels[levels["value"].notna()]
    table = known.pivot_table(index="outlet", columns="category", values="value").reindex(columns=list(parts))
    sizes = known.groupby("outlet")["n_articles"].max()
    first = next((part for part in parts if part != pale), next(iter(parts)))
    order = table.sort_index(ascending=False).sort_values(first, kind="stable").index
    biggest = sizes.sort_index().sort_values(ascending=False, kind="stable").index[:MOST]
    table = table.loc[[outlet for outlet in order if outlet in set(biggest)]]
    colours = _colours(parts, pale)
    lines = _legend_lines(parts, width)
    above = 0.2 * len(lines) + second_line(title, width)
    chart, axes = blank(width, max(1, len(table)) * 0.27 + 1.25 + above, title, source)
    label_room = 0.36 if width < 5 else 0.25
    height = chart.get_figheight()
    axes.set_position(
        (label_room, 0.6 / height, 0.97 - label_room - count_room(width), inner_height(chart, 1.12 + above))
    )
    for place, (outlet, row) in enumerate(zip(table.index, table.fillna(0.0).to_dict("records"), strict=True)):
        left = 0.0
        for part in parts:
            share = float(row[part])
            axes.barh(place, share, left=left, height=0.72, color=colours[part], linewidth=0)
            left += share
        beside = {"transform": axes.get_yaxis_transform(), "va": "center", "fontsize": FONT - 1, "color": GREY}
        write(axes, 1.02, place, str(int(sizes[outlet])), **beside)
    names = [legible(str(outlet), 18 if width < 5 else 27) for outlet in table.index]
    axes.set_yticks(range(len(table)), names, parse_math=False)
    axes.set(xlim=(0, 1), ylim=(-0.6, max(0.6, len(table) - 0.4)))
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1], ["0 %", "25 %", "50 %", "75 %", "100 %"])
    if table.empty:
        write(axes, 0.5, 0.5, "not enough data", transform=axes.transAxes, ha="center", va="center", color=GREY)
    _legend(chart, lines, parts, colours, width, second_line(title, width))
    return chart


def splits(
    levels: Mapping[str, pd.DataFrame],
    title: str = "",
    source: str = "",
    width: float = WIDE,
    label: str = "",
    **_: Any,
) -> Chart:
    """For each outlet one dot and 95 % interval a part, under one another; outlets by the first part, highest first.

    Args:
        levels: Name of the part to its levels.
        title: What is shown.
        source: The line under the chart.
        width: Inches.
        label: Under the axis: what its ends mean.
    """
    known = {name: rows[rows["value"].notna()].set_index("outlet") for name, rows in levels.items()}
    first = next(iter(known.values()))
    sizes = {outlet: int(rows["n_articles"].get(outlet, 0)) for rows in known.values() for outlet in rows.index}
    shown = sorted(first.index, key=lambda outlet: (-sizes[outlet], outlet))[:MOST_SPLIT]
    height_of = dict(zip(first.index, first["value"].astype(float), strict=True))
    order = sorted(shown, key=lambda outlet: (height_of[outlet], outlet))
    parts = {name: name for name in levels}
    colours = _colours(parts, "")
    lines = _legend_lines(parts, width)
    above = 0.2 * len(lines) + second_line(title, width)
    step = 0.17 * len(parts) + 0.14
    chart, axes = blank(width, max(1, len(order)) * step + 1.4 + above, title, source)
    label_room = 0.36 if width < 5 else 0.25
    height = chart.get_figheight()
    axes.set_position((label_room, 0.78 / height, 0.97 - label_room, inner_height(chart, 1.3 + above)))
    for place, outlet in enumerate(order):
        if place % 2 == 0:
            axes.axhspan(place - 0.5, place + 0.5, color="#f7f7f7", zorder=0, linewidth=0)
        for number, (name, rows) in enumerate(known.items()):
            if outlet not in rows.index:
                continue
            row = rows.loc[outlet]
            at = place + (0.5 * (len(known) - 1) - number) * 0.72 / len(known)
            axes.plot([row["low"], row["high"]], [at, at], color=colours[name], linewidth=1.4, zorder=2)
            axes.plot(row["value"], at, "o", color=colours[name], markersize=4, zorder=3)
    axes.set_yticks(range(len(order)), [legible(str(o), 18 if width < 5 else 27) for o in order], parse_math=False)
    axes.set_ylim(-0.6, max(0.6, len(order) - 0.4))
    axes.axvline(0, color=GREY, linewidth=0.8, zorder=1)
    axes.grid(axis="x", color=PALE, linewidth=0.5, zorder=0)
    axes.set_xlabel(label, fontsize=FONT - 1, color=GREY)
    if not order:
        write(axes, 0.5, 0.5, "not enough data", transform=axes.transAxes, ha="center", va="center", color=GREY)
    _legend(chart, lines, parts, colours, width, second_line(title, width))
    return chart


def _colours(parts: Mapping[str, str], pale: str) -> dict[str, str]:
    strong = [part for part in parts if part != pale]
    return {part: REST_COLOUR if part == pale else COLOURS[strong.index(part) % len(COLOURS)] for part in parts}


def _legend_lines(parts: Mapping[str, str], width: float) -> list[list[str]]:
    """The parts by line of the legend."""
    names = {name.replace(" ", "\u00a0"): part for part, name in parts.items()}
    whole = "    ".join(f"\u25a0\u00a0{name}" for name in names)
    lines = textwrap.wrap(whole, int(width * 13.5), break_long_words=False, break_on_hyphens=False)
    return [[names[name.strip("\u25a0\u00a0")] for name in line.split("    ") if name.strip()] for line in lines]


def _legend(
    chart: Chart,
    lines: Sequence[Sequence[str]],
    parts: Mapping[str, str],
    colours: Mapping[str, str],
    width: float,
    below: float,
) -> None:
    height = chart.get_figheight()
    for number, line in enumerate(lines):
        x = 0.012
        y = 1 - (0.5 + below + 0.2 * number) / height
        for part in line:
            chart.text(x, y, "\u25a0", fontsize=FONT + 1, color=_visible(colours[part]), va="center")
            chart.text(x + 0.13 / width, y, parts[part], fontsize=FONT - 1, color=INK, va="center", parse_math=False)
            # Width of a character at this size, in inches.
            x += (0.13 + 0.068 * len(parts[part]) + 0.14) / width


def _visible(colour: str) -> str:
    return "#bdbdbd" if colour == REST_COLOUR else colour
