"""Change points, events and bands where the truth is known: what is found, and how often there is a false alarm.

    python benchmarks/change_points.py [SEEDS]

Prints three tables as Markdown, of 500 seeds unless said otherwise. `change_rates`, `event_coverage` and
`band_coverage` return them as frames, for `benchmarks/planted.py`.
"""

from __future__ import annotations

import datetime as dt
import gc
import sys
import time
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reports.change_points import ChangePoint, change_points
from reports.event_effects import CONTRAST, SERIES, event_effects
from reports.events import Event
from reports.series import period_series
from reports.trend import BANDWIDTH, smooth, smoother

SEEDS = 500
FIRST = "2016-01"
STORY_SD = 0.4
SHIFT = 0.2
# Months at each end in which no change is planted.
ENDS = 4


@dataclass(frozen=True)
class Planted:
    """A series of one outlet, one article a story.

    Attributes:
        months: Number of months.
        shift: Change of level at a random month, or from the first to the last where `shape` is a drift.
        shape: `step`, `drift` from the first month to the last, or `pulse` of eight months in the middle.
        memory: Autocorrelation of the month means.
        unequal: Whether a month has 3 to 40 stories, in place of 20.
        gaps: Months without an article.
    """

    months: int = 24
    shift: float = 0.0
    shape: str = "step"
    memory: float = 0.0
    unequal: bool = False
    gaps: int = 0


CELLS = {
    "flat": Planted(),
    "flat, 48 months": Planted(months=48),
    "flat, 96 months": Planted(months=96),
    "flat, 3 to 40 stories": Planted(unequal=True),
    "flat, 4 months missing": Planted(gaps=4),
    "flat, AR(1) 0.3": Planted(memory=0.3),
    "flat, AR(1) 0.3, 48 months": Planted(memory=0.3, months=48),
    "flat, AR(1) 0.3, 96 months": Planted(memory=0.3, months=96),
    "change": Planted(shift=SHIFT),
    "change, 12 months": Planted(shift=SHIFT, months=12),
    "change, 48 months": Planted(shift=SHIFT, months=48),
    "change, 3 to 40 stories": Planted(shift=SHIFT, unequal=True),
    "change, 4 months missing": Planted(shift=SHIFT, gaps=4),
    "change, AR(1) 0.3": Planted(shift=SHIFT, memory=0.3),
    "pulse of 8 months": Planted(shift=SHIFT, shape="pulse"),
    "pulse of 8 months in 48": Planted(shift=SHIFT, shape="pulse", months=48),
    "drift of 0.2": Planted(shift=SHIFT, shape="drift"),
    "drift of 0.4": Planted(shift=2 * SHIFT, shape="drift"),
}


def planted(truth: Planted, seed: int) -> tuple[pd.DataFrame, list[int]]:
    """Article scores, and the months in which the level changes."""
    generator = np.random.default_rng(seed)
    months = truth.months
    sizes = generator.integers(3, 41, months) if truth.unequal else np.full(months, 20)
    level, places = np.zeros(months), []
    if truth.shift and truth.shape == "step":
        places = [int(generator.integers(ENDS, months - ENDS + 1))]
        level[places[0] :] = truth.shift
    elif truth.shape == "pulse":
        places = [months // 2 - 4, months // 2 + 4]
        level[slice(*places)] = truth.shift
    elif truth.shape == "drift":
        level = np.linspace(0, truth.shift, months)
    # The first and the last month stay, so that places are counted alike.
    missing = generator.choice(np.setdiff1d(np.arange(1, months - 1), places), truth.gaps, replace=False)
    sizes[missing] = 0
    month = np.repeat(np.arange(months), sizes)
    noise = generator.normal(0, STORY_SD, len(month))
    if truth.memory:
        # The means have the spread that independent stories give them, and memory in its place.
        counts = np.maximum(sizes, 1)
        shocks = autoregressive(months, truth.memory, generator) * STORY_SD / np.sqrt(counts)
        noise += (shocks - np.bincount(month, noise, minlength=months) / counts)[month]
    days = pd.date_range(f"{FIRST}-01", periods=months, freq="MS")[month]
    articles = {
        "article_id": np.arange(len(month)),
        "outlet": "A",
        "value": level[month] + noise,
        "story": np.arange(len(month)),
        "n_passages": 1,
        "published": days + pd.to_timedelta(generator.integers(0, 28, len(month)), unit="D"),
    }
    return pd.DataFrame(articles), places


def autoregressive(size: int, memory: float, generator: np.random.Generator) -> NDArray[np.float64]:
    """A series of variance 1 whose neighbours are correlated."""
    series = generator.normal(size=size)
    for place in range(1, size):
        series[place] = memory * series[place - 1] + np.sqrt(1 - memory**2) * series[place]
    return series


def change_rates(seeds: int = SEEDS, cells: dict[str, Planted] | None = None) -> pd.DataFrame:
    """Per cell, shares of seeds: any change found, more than were planted, one within a month of the (first) planted
    change, and of the points nearest to it those whose intervals cover date and size, their mean size, and those that
    are marked as drift."""  # fmt: skip
    rows = []
    for name, truth in (cells or CELLS).items():
        names = [str(period) for period in pd.period_range(FIRST, periods=truth.months, freq="M")]
        found: list[list[ChangePoint]] = []
        near, nearest = 0, []
        for seed in range(seeds):
            articles, places = planted(truth, seed)
            points = change_points(articles, seed=seed)
            found.append(points)
            if points and places:
                best = min(points, key=lambda point: abs(names.index(point.period) - places[0]))
                near += abs(names.index(best.period) - places[0]) <= 1
                nearest.append((best, names[places[0]]))
        expected = {"pulse": 2, "drift": 0}.get(truth.shape, int(truth.shift > 0))
        some = [points for points in found if points]
        rows.append(
            {
                "series": name,
                "any": len(some) / seeds,
                "more than planted": sum(len(points) > expected for points in found) / seeds,
                "within a month": near / seeds if expected else np.nan,
                "date covered": _mean([best.first <= date <= best.last for best, date in nearest]),
                "size covered": _mean([best.low <= truth.shift <= best.high for best, _ in nearest]),
                "mean size": _mean([best.value for best, _ in nearest]),
                "marked drift": _mean([points[0].drift for points in some]),
            }
        )
    return pd.DataFrame(rows)


@dataclass(frozen=True)
class Shaken:
    """Outlets around an event in the middle of a year.

    Attributes:
        outlets: Number of outlets.
        stories: Stories a month of each outlet; half of them are told by all.
        step: What the event does to the first outlet.
        slope: Drift of all outlets a month.
        common: What the event does to all.
        months: Window.
        memory: Autocorrelation of shocks to the months, of standard deviation 0.05 where above 0.
        long: Share of stories whose articles are spread over two months.
    """

    outlets: int = 3
    stories: int = 20
    step: float = 0.2
    slope: float = 0.0
    common: float = 0.0
    months: int = 6
    memory: float = 0.0
    long: float = 0.0


SHAKEN = {
    "20 stories a month": Shaken(slope=0.02),
    "5 stories a month": Shaken(stories=5, slope=0.02),
    "2 outlets, 5 stories a month": Shaken(outlets=2, stories=5),
    "window of 2 months: no trend": Shaken(months=2, stories=15),
    "a third of the stories run over two months": Shaken(long=0.33, slope=0.02),
    "the event moves all by 0.3": Shaken(common=0.3),
    "no effect": Shaken(step=0.0),
    "shocks to months, AR(1) 0.3": Shaken(memory=0.3),
}


def shaken(truth: Shaken, seed: int) -> pd.DataFrame:
    """Article scores of outlets in the year around 2017-07-01."""
    generator = np.random.default_rng(seed)
    shared = truth.stories * 12 // 2
    own = truth.stories * 12 - shared
    number = shared + own * truth.outlets
    month, lean = generator.integers(0, 12, number), generator.normal(0, 0.3, number)
    # Half of an outlet's stories are the shared ones; of each it prints one to three articles.
    told = np.concatenate([np.concatenate([np.arange(shared), shared + own * outlet + np.arange(own)])
                           for outlet in range(truth.outlets)])  # fmt: skip
    outlet = np.repeat(np.arange(truth.outlets), shared + own)
    copies = generator.integers(1, 4, len(told))
    told, outlet = np.repeat(told, copies), np.repeat(outlet, copies)
    spread = (generator.random(number) < truth.long)[told]
    late = np.minimum(month[told] + spread * generator.integers(0, 2, len(told)), 11)
    # A shock is the month's for each outlet by itself: what all share would cancel.
    shocks = np.array([0.05 * autoregressive(12, truth.memory, generator) if truth.memory else np.zeros(12)
                       for _ in range(truth.outlets)])  # fmt: skip
    after = late >= 6
    value = (
        lean[told]
        + generator.normal(0, 0.3, len(told))
        + truth.slope * late
        + after * (truth.common + truth.step * (outlet == 0))
        + shocks[outlet, late]
    )
    days = pd.date_range("2017-01-01", periods=12, freq="MS")[late]
    return pd.DataFrame(
        {
            "article_id": np.arange(len(told)),
            "outlet": np.array(["A", "B", "C", "D", "E"])[outlet],
            "value": value,
            "story": told,
            "n_passages": 1,
            # Trends run by months here, and by days in the fit: all articles of a month are of one day.
            "published": days,
        }
    )


def event_coverage(seeds: int = SEEDS, cells: dict[str, Shaken] | None = None) -> pd.DataFrame:
    """Per cell and kind, of the first outlet: coverage of the 95 % interval, bias, mean width, share with p < 0.05."""
    # statsmodels collects all garbage at each correction, which takes longer than the rest; little is left to look at.
    event_effects(shaken(Shaken(), 0), [Event("first", dt.date(2017, 7, 1))])
    gc.freeze()
    rows = []
    for name, truth in (cells or SHAKEN).items():
        event = Event("planted", dt.date(2017, 7, 1), truth.months, ("A",))
        found = pd.concat([event_effects(shaken(truth, seed), [event], (10, 5)) for seed in range(seeds)])
        for kind in (SERIES, CONTRAST):
            mine = found[found["kind"] == kind]
            true = truth.step + (truth.common if kind == SERIES else 0.0)
            rows.append(
                {
                    "articles": name,
                    "effect": kind,
                    "true": true,
                    "covered": float(((mine["low"] <= true) & (true <= mine["high"])).mean()),
                    "bias": float(mine["value"].mean()) - true,
                    "width": float((mine["high"] - mine["low"]).mean()),
                    "p < 0.05": float((mine["p"] < 0.05).mean()),
                }
            )
    return pd.DataFrame(rows)


def band_coverage(seeds: int = SEEDS) -> pd.DataFrame:
    """Share of months in which the band covers what the smooth would be without noise, and the truth itself."""
    rows = []
    cells = {
        "flat": Planted(),
        "drift of 0.4": Planted(shift=0.4, shape="drift"),
        "step of 0.2": Planted(shift=SHIFT, months=48),
        "flat, 3 to 40 stories": Planted(unequal=True, months=48),
        "flat, AR(1) 0.3": Planted(memory=0.3, months=48),
    }
    for name, truth in cells.items():
        of_smooth, of_truth = [], []
        for seed in range(seeds):
            articles, places = planted(truth, seed)
            level = np.zeros(truth.months)
            if truth.shape == "drift":
                level = np.linspace(0, truth.shift, truth.months)
            elif places:
                level[places[0] :] = truth.shift
            table = smooth(articles, draws=500, seed=seed)
            expected = smoother(period_series(articles), BANDWIDTH["month"]) @ level
            of_smooth.append(((table["low"] <= expected) & (expected <= table["high"])).mean())
            of_truth.append(((table["low"] <= level) & (level <= table["high"])).mean())
        rows.append({"series": name, "of the smooth": _mean(of_smooth), "of the truth": _mean(of_truth)})
    return pd.DataFrame(rows)


def _mean(values: list[float] | list[bool]) -> float:
    return float(np.mean(values)) if values else float("nan")


def markdown(table: pd.DataFrame) -> str:
    """A table as Markdown."""
    lines = ["| " + " | ".join(table.columns) + " |", "|" + "---|" * table.shape[1]]
    for row in table.itertuples(index=False):
        lines.append("| " + " | ".join("" if cell != cell else f"{cell:.3f}" if isinstance(cell, float) else str(cell)
                                       for cell in row) + " |")  # fmt: skip
    return "\n".join(lines)


def main(seeds: str = str(SEEDS)) -> None:
    """Print the tables."""
    for name, work in (("Change points", change_rates), ("Events", event_coverage), ("Bands", band_coverage)):
        start = time.process_time()
        table = work(int(seeds))
        print(f"{name}, {seeds} seeds, {time.process_time() - start:.0f} s of processor time\n\n{markdown(table)}\n",
              flush=True)  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
