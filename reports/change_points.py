"""Change points: where the level of one outlet changes, as far as chance does not explain it.

1. The means of the periods, each weighted by its effective number of stories, are divided into levels by PELT
   (`reports.segments`). Each place where a level begins is a candidate.
2. A candidate is tested in the span between its neighbours: the share of the weighted variance that the best split of
   the span takes away, over all splits, against the same of 999 series in which blocks of periods have changed places.
3. Where several candidates are left, the whole series is tested too: the gain of the best division, over all divisions,
   against the same of shuffled series.
4. While a test has p above 0.05, the weakest candidate is dropped, its neighbours' spans grow, and they are tested
   again. The span of a single candidate is the whole series; so nothing is found that the whole series does not show,
   and a series without a change gives one in 5 % of cases.

Shuffled are means times the square root of their weight, so that large and small periods can change places.

References:
    Antoch, J., Hušková, M. (2001). Permutation Tests in Change Point Analysis. Statistics & Probability Letters 53(1),
    37-46.
    Kirch, C. (2007). Block Permutation Principles for the Change Analysis of Dependent Data. Journal of Statistical
    Planning and Inference 137(7), 2453-2474.
    Hušková, M., Kirch, C. (2008). Bootstrapping Confidence Intervals for the Change-Point of Time Series. Journal of
    Time Series Analysis 29(6), 947-972.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corpora.errors import InputError
from reports.estimation import NO_VARIATION, Cell, difference
from reports.periods import period_labels
from reports.segments import SHORTEST, centred, divide, gain, scan
from reports.series import Series, block_length, moving_blocks, period_series, shuffled_blocks

LEVEL = 0.05


@dataclass(frozen=True)
class ChangePoint:
    """A change of an outlet's level that the data showed; not to be mixed up with a declared event.

    Attributes:
        period: First period of the new level.
        first: Low end of the 95 % interval for the date.
        last: High end.
        value: Size of the shift, on the measure's scale: mean over the articles of the new level less that of the old.
        low: Low end of its 95 % interval, clustered by story. It is conditional on the date: the date was
            chosen where the shift looks largest, so that the size is on average somewhat too large.
        high: High end; both are missing where a level rests on one story.
        p: Of the largest p-values of its tests, over all splits; never below 1 / (draws + 1).
        before: Articles of the old level, back to the change before it.
        after: Articles of the new level, up to the next change.
        drift: Whether a straight line fits the series as well as the levels do: then the "change" may be a steady move.
    """

    period: str
    first: str
    last: str
    value: float
    low: float
    high: float
    p: float
    before: int
    after: int
    drift: bool


def change_points(articles: pd.DataFrame, unit: str = "month", draws: int = 999, seed: int = 1) -> list[ChangePoint]:
    """Changes of level of one outlet, in order of time.

    Args:
        articles: Article scores of one outlet and one measure: `article_id`, `outlet`, `value`, `story`,
            `n_passages`, `published`.
        unit: month, quarter, half or year.
        draws: Shuffled series of each test, and draws for the interval of the date.
        seed: Seed of both.

    Returns:
        Those that survive all tests. An empty list says that none does, or where `untested` gives a reason, that
        nothing was tested.

    Raises:
        InputError: There is no such unit, the articles are of several outlets or measures, or there are fewer than 99
            draws.

    >>> days = pd.date_range("2018-01-15", periods=20, freq="MS")
    >>> news = pd.DataFrame({"outlet": "A", "value": [0.1, 0.2] * 5 + [0.7, 0.8] * 5, "published": days})
    >>> [found] = change_points(news.assign(article_id=range(20), story=range(20), n_passages=1))
    >>> found.period, round(found.value, 2), found.p < 0.05, found.drift
    ('2018-12', 0.6, True, False)
    """
    if draws < 99:
        raise InputError(f"draws is {draws}; a test needs 99 or more")
    found = period_series(articles, unit)
    if _reason(articles, found):
        return []
    generator = np.random.default_rng(seed)
    starts, tested = _surviving(found, draws, generator)
    if not starts:
        return []
    edges = [0, *starts, len(found.mean)]
    drift = _line_fits_as_well(found, edges)
    segments = _segments(articles, found, edges, unit)
    points = []
    for number, p in enumerate(tested):
        start, split, end = edges[number : number + 3]
        first, last = _date_interval(found, start, split, end, draws, generator)
        shift = difference(segments[number + 1], [segments[number]])
        points.append(
            ChangePoint(
                period=found.every[found.place[split]],
                first=found.every[found.place[first]],
                last=found.every[found.place[last]],
                value=shift["value"],
                low=shift["low"],
                high=shift["high"],
                p=p,
                before=len(segments[number].values),
                after=len(segments[number + 1].values),
                drift=drift,
            )
        )
    return points


def untested(articles: pd.DataFrame, unit: str = "month") -> str:
    """Why a series cannot be searched for changes; empty where it can."""
    return _reason(articles, period_series(articles, unit))


def _reason(articles: pd.DataFrame, found: Series) -> str:
    if len(found.mean) < 2 * SHORTEST:
        return (
            f"not enough data: {len(found.mean)} periods with articles, {2 * SHORTEST} are needed to look for a change"
        )
    if np.ptp(found.mean) < NO_VARIATION:
        return "the measure is constant"
    if articles["story"].nunique() < 2:
        return "not enough data: all articles are on one story"
    return ""


def _surviving(found: Series, draws: int, generator: np.random.Generator) -> tuple[list[int], list[float]]:
    """Where the levels begin that survive all tests, and the p of each."""
    starts = divide(found.mean, found.weight)
    length = block_length(len(found.mean))
    whole = 1.0
    if len(starts) > 1:
        whole = _p(gain, found.mean, found.weight, length, draws, generator)
    while starts:
        edges = [0, *starts, len(found.mean)]
        spans = [slice(edges[number], edges[number + 2]) for number in range(len(starts))]
        # Of a single candidate the span is the whole series.
        least = whole if len(starts) > 1 else 0.0
        own = [_p(_share, found.mean[span], found.weight[span], length, draws, generator) for span in spans]
        if max(least, *own) <= LEVEL:
            return _settled(found, starts), [max(least, p) for p in own]
        shares = [float(_share(found.mean[span], found.weight[span])) for span in spans]
        del starts[max(range(len(starts)), key=lambda number: (own[number], -shares[number]))]
    return [], []


def _settled(found: Series, starts: list[int]) -> list[int]:
    """Where each level begins once its neighbours are known: the best split of its span.

    Dropped candidates leave the others where they suited a finer division.
    """
    edges = [0, *starts, len(found.mean)]
    for number in range(1, len(edges) - 1):
        span = slice(edges[number - 1], edges[number + 1])
        edges[number] = span.start + int(scan(found.mean[span], found.weight[span])[1])
    return edges[1:-1]


def _share(means: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    return scan(means, weight)[0]


def _p(
    statistic: Any,
    mean: NDArray[np.float64],
    weight: NDArray[np.float64],
    length: int,
    draws: int,
    generator: np.random.Generator,
) -> float:
    """p of a statistic among series whose blocks of periods were shuffled."""
    own = centred(mean, weight)
    places = shuffled_blocks(len(mean), min(length, len(mean)), draws, generator)
    shuffled = (own * np.sqrt(weight))[places] / np.sqrt(weight)
    observed, null = float(statistic(own[None], weight)[0]), statistic(shuffled, weight)
    # A shuffle that is the series itself may differ by rounding.
    return float((1 + np.sum(null >= observed - NO_VARIATION)) / (draws + 1))


def _date_interval(
    found: Series, start: int, split: int, end: int, draws: int, generator: np.random.Generator
) -> tuple[int, int]:
    """Places of the 95 % percentile interval of the date: the split is looked for again around the two levels, with
    residuals drawn in blocks of periods."""  # fmt: skip
    mean, weight = found.mean[start:end], found.weight[start:end]
    at = split - start
    fitted = np.concatenate([np.full(len(part), np.average(part, weights=w)) for part, w in
                             ((mean[:at], weight[:at]), (mean[at:], weight[at:]))])  # fmt: skip
    # Two levels were fitted.
    residuals = (mean - fitted) * np.sqrt(weight) * np.sqrt(len(mean) / (len(mean) - 2))
    residuals -= residuals.mean()
    places = moving_blocks(len(mean), min(block_length(len(found.mean)), len(mean)), draws, generator)
    moved = fitted + residuals[places] / np.sqrt(weight)
    low, high = np.percentile(scan(moved, weight)[1], [2.5, 97.5], method="closest_observation")
    return start + min(int(low), at), start + max(int(high), at)


def _line_fits_as_well(found: Series, edges: list[int]) -> bool:
    """Whether a straight line over time has a Schwarz criterion as low as the levels have."""
    size, weight = len(found.mean), found.weight
    slope, height = np.polyfit(found.place, found.mean, 1, w=np.sqrt(weight))
    line = np.sum(weight * (found.mean - height - slope * found.place) ** 2)
    parts = [slice(*edges[number : number + 2]) for number in range(len(edges) - 1)]
    levels = sum(float(np.sum(weight[part] * centred(found.mean[part], weight[part]) ** 2)) for part in parts)
    # A line has two parameters; k changes have k dates and k + 1 levels.
    more = 2 * (len(edges) - 2) + 1 - 2
    return bool(np.log(line / weight.sum() + NO_VARIATION**2) * size
                <= np.log(levels / weight.sum() + NO_VARIATION**2) * size + more * np.log(size))  # fmt: skip


def _segments(articles: pd.DataFrame, found: Series, edges: list[int], unit: str) -> list[Cell]:
    """The articles of each level."""
    known = articles[articles["published"].notna() & articles["value"].notna()]
    labels = period_labels(known["published"], unit).to_numpy(dtype=object)
    starts = [found.every[found.place[edge]] for edge in edges[1:-1]]
    segment = np.searchsorted(np.array(starts, dtype=object), labels, side="right")
    data = {"value": known["value"].to_numpy(dtype=float), "n_passages": known["n_passages"].to_numpy()}
    data["story"] = pd.factorize(known["story"])[0]
    return [Cell({name: array[segment == number] for name, array in data.items()}, (1, 1)) for number in
            range(len(edges) - 1)]  # fmt: skip
