"""Charts of what is inferred: differences taken apart, and the main difference under other specifications."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from matplotlib.ticker import MaxNLocator
from matplotlib.transforms import blended_transform_factory

from reports.chart import FONT, GREY, INK, PALE, WIDE, Chart, blank, inner_height, legible, second_line, write
from reports.decomposition import PARTS
from reports.figures import SCALES
from reports.names import about
from reports.over_time import UNIT
from reports.robustness import Robustness
from reports.study import REST
from reports.trend_charts import trend_panels

if TYPE_CHECKING:
    import pandas as pd

    from reports.change_points import ChangePoint
    from reports.events import Event
    from reports.pairs import Compared
    from reports.report import Results

COLOURS = {"difference": INK, "treatment": "#0072B2", "weighting": "#8C6D31", "unshared": "#D55E00"}
NAMES = {
    "difference": "difference",
    "treatment": "treatment of shared stories",
    "weighting": "weight of shared stories",
    "unshared": "stories the other does not tell",
}
# What is drawn: name, what draws it, its data, its title, further settings.
Drawn = tuple[str, Any, tuple[Any, ...], str, dict[str, Any]]


def inferred_drawings(results: Results) -> Iterator[Drawn]:
    """The charts, in the order of the page."""
    pairs = [one for one in results.inferred.pairs if not one.found.note]
    for name, of in by_measure(pairs).items():
        what = about(of[0].key["measure"], of[0].key["target"], of[0].key["pair"])
        yield f"parts-{name}", parts_of_pairs, (of,), f"{what[:1].upper()}{what[1:]}: differences taken apart", {}
    for one in results.inferred.over_time:
        named = {name: one.key[name] for name in ("measure", "target", "pair")}
        what = about(**named)
        title = f"{what[:1].upper()}{what[1:]} by month, smooth"
        data = (one.smooths, one.changes, results.study.events)
        yield f"trend-{chart_name(one.key)}", trend, data, title, {"label": SCALES[one.key["measure"]]}
    found = results.inferred.robustness
    if found is not None:
        yield "robustness", specifications, (found,), "The main difference under other specifications", {}


def by_measure(pairs: Sequence[Compared]) -> dict[str, list[Compared]]:
    """Pairs by what they are compared on; a measure's name as in the names of charts."""
    groups: dict[str, list[Compared]] = {}
    for one in pairs:
        groups.setdefault(chart_name(one.key), []).append(one)
    return groups


def chart_name(key: Mapping[str, str]) -> str:
    """A measure in the names of charts."""
    return "-".join(filter(None, (key["measure"], key["target"])))


def trend(
    smooths: Mapping[str, pd.DataFrame],
    changes: Mapping[str, Sequence[ChangePoint]],
    events: Sequence[Event],
    title: str = "",
    **settings: Any,
) -> Chart:
    """Smooth series by outlet, with changes and events."""
    return trend_panels(smooths, changes, events, title, UNIT, **settings)


def parts_of_pairs(
    pairs: Sequence[Compared], title: str = "", source: str = "", width: float = WIDE, **_: Any
) -> Chart:
    """For each pair its difference and the three parts that add up to it, with pointwise 95 % intervals."""
    kinds = ("difference", *PARTS)
    above = second_line(title, width)
    # A line for the pair's names, and one for each part.
    chart, axes = blank(width, len(pairs) * 0.2 * (len(kinds) + 1.6) + 0.95 + above, title, source)
    height = chart.get_figheight()
    room = 0.44 if width < 5 else 0.3
    axes.set_position((room, 0.62 / height, 0.96 - room, inner_height(chart, 1.0 + above)))
    across = blended_transform_factory(chart.transFigure, axes.transData)
    labels: list[tuple[float, str]] = []
    at = 0.0
    for one in pairs:
        first, second = (legible(name, 17 if width < 5 else 38) for name in (one.found.one, one.found.other))
        names = f"{first} less {second} · {one.found.shared} {'' if width < 5 else 'shared '}stories"
        write(axes, 0.012, at - 0.15, names, fontsize=FONT - 0.5, color=INK, transform=across, va="center",
              fontweight="bold", bbox={"color": "white", "pad": 1.0})  # fmt: skip
        parts = one.found.parts.set_index("kind")
        for kind in kinds:
            at += 1
            row = parts.loc[kind]
            axes.plot([row["low"], row["high"]], [at, at], color=COLOURS[kind], linewidth=1.6, zorder=2)
            axes.plot(row["value"], at, "o", color=COLOURS[kind], markersize=4.5, zorder=3)
            labels.append((at, NAMES[kind]))
        at += 1.6
    axes.set_yticks([place for place, _ in labels], [name for _, name in labels], fontsize=FONT - 1)
    axes.set_ylim(at - 0.7, -0.8)
    _scale(axes, pairs[0].key["measure"], width)
    return chart


def specifications(found: Robustness, title: str = "", source: str = "", width: float = WIDE, **_: Any) -> Chart:
    """The difference under each specification with its 95 % interval; the reported one on top."""
    rows = found.table[found.table["value"].notna()]
    lines = [textwrap.wrap(name, 26 if width < 5 else 44) for name in rows["specification"]]
    tall = sum(0.16 * len(line) + 0.12 for line in lines)
    main = found.main
    what = f"{main['outlet']} less {'the other outlets' if main['reference'] == REST else main['reference']}: "
    what += about(str(main["measure"]), str(main["target"]), str(main["pair"]))
    told = textwrap.wrap(legible(what, 200), int(width * 13.5))[:3]
    above = second_line(title, width) + 0.16 * len(told)
    chart, axes = blank(width, tall + 1.05 + above, title, source)
    height = chart.get_figheight()
    room = 0.46 if width < 5 else 0.36
    y = 1 - (0.32 + second_line(title, width)) / height
    chart.text(0.012, y, "\n".join(told), fontsize=FONT - 0.5, color=GREY, va="top", parse_math=False)
    axes.set_position((room, 0.62 / height, 0.96 - room, inner_height(chart, 1.05 + above)))
    places = []
    at = 0.0
    for row, line in zip(rows.to_dict("records"), lines, strict=True):
        step = 0.16 * len(line) + 0.12
        places.append(at + step / 2)
        at += step
        first = row["specification"] == found.table["specification"].iloc[0]
        colour = COLOURS["treatment"] if first else GREY
        axes.plot([row["low"], row["high"]], [places[-1]] * 2, color=colour, linewidth=1.6, zorder=2)
        axes.plot(row["value"], places[-1], "o", color=colour, markersize=4.5, zorder=3)
    axes.set_yticks(places, ["\n".join(line) for line in lines], parse_math=False, fontsize=FONT - 1)
    axes.set_ylim(at, 0)
    _scale(axes, str(main["measure"]), width)
    return chart


def _scale(axes: Any, measure: str, width: float) -> None:
    axes.axvline(0, color=GREY, linewidth=0.8, zorder=1)
    axes.grid(axis="x", color=PALE, linewidth=0.5, zorder=0)
    axes.xaxis.set_major_locator(MaxNLocator(4 if width < 5 else 7, steps=[1, 2, 5, 10]))
    label = "difference" if width < 5 else f"difference; {SCALES.get(measure, measure)}"
    axes.set_xlabel(label, fontsize=FONT - 1, color=GREY)
