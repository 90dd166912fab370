"""Pictures: a report's charts, each drawn at a desk's width and at a phone's, here or in other processes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pandas as pd

from reports import chart as charting
from reports import figures
from reports.described_charts import drawings
from reports.heat import heat
from reports.inferred_charts import inferred_drawings, trend
from reports.lock import toolkit_version
from reports.names import PERIOD_NAMES, about
from reports.parts import stacks

if TYPE_CHECKING:
    from reports.chart import Chart
    from reports.report import Results


@dataclass(frozen=True)
class Plan:
    """A chart to be drawn.

    Attributes:
        name: Its file's name.
        draw: What draws it.
        data: What it shows.
        title: Its title, which stands for it where it cannot be seen.
        settings: What else `draw` needs.
        levels: The numbers beside it; None where there are none.
    """

    name: str
    draw: Callable[..., Chart]
    data: tuple[Any, ...]
    title: str
    settings: dict[str, Any] = field(default_factory=dict)
    levels: pd.DataFrame | None = None


@dataclass(frozen=True)
class Picture:
    """A chart as bytes: at both widths as SVG, the wide one as PNG too, and its size in inches."""

    wide: bytes
    narrow: bytes
    png: bytes
    size: tuple[float, float]


def picture(plan: Plan) -> Picture:
    """Draw a chart; the same bytes in whatever process."""
    wide, narrow = (
        plan.draw(*plan.data, title=plan.title, width=width, **plan.settings)
        for width in (charting.WIDE, charting.NARROW)
    )
    width, height = wide.get_size_inches()
    return Picture(wide.data("svg"), narrow.data("svg"), wide.data("png"), (float(width), float(height)))


def plans(results: Results) -> Iterator[Plan]:
    """Every chart of a report, in the order of the page."""
    comparison, study = results.comparison, results.study
    sizes = results.coverage.sum(axis=1)
    colours = charting.outlet_colours(list(results.coverage.index))
    foot = (
        f"media-framing {toolkit_version()} · {int(sizes.sum()):,} dated articles, {len(sizes)} outlets · "
        f"corpus {results.lock['corpus_sha256'][:8]}"
    )
    lines = {"colours": colours, "source": f"Lines: pointwise 95 % intervals, clustered by story. {foot}"}
    bands = {"colours": colours, "source": f"Bands: pointwise 95 %, from blocks of months. {foot}"}
    period = PERIOD_NAMES[comparison.period]
    plain = {"colours": colours, "source": foot}
    yield Plan("coverage", figures.coverage, (results.coverage,), f"Articles by outlet and {period}", plain)
    one, two = study.dyad
    measured = [("sentiment", one, ""), ("sentiment", two, ""), ("relation", "", study.pair)]
    measured += [
        ("attitude", two, f"{one}>{two}"),
        ("attitude", one, f"{two}>{one}"),
        ("tone", one, ""),
        ("tone", two, ""),
    ]
    for measure, target, pair in measured:
        if measure not in study.measures:
            continue
        what = about(measure, target, pair)
        what, name = what[:1].upper() + what[1:], f"{measure}-{target}" if target else measure
        levels = comparison.levels(measure, target)
        yield Plan(name, figures.dots, (levels,), f"{what}, by outlet", lines, levels)
        if measure != "tone":
            over_time = (comparison.levels(measure, target, over_time=True), comparison.periods)
            yield Plan(f"{name}-time", figures.panels, over_time, f"{what}, by {period}", lines)
    for name, draw, data, title, settings in (*drawings(results), *inferred_drawings(results)):
        # Bars of shares have no intervals drawn; those are in the tables.
        bare = draw is stacks or draw is heat
        kind = plain if bare else bands if draw is trend else lines
        yield Plan(name, draw, data, title, {**kind, **settings})
