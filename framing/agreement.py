"""Agreement: how far coders agree beyond chance."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpora.errors import InputError
from framing.resampling import cluster_weights, percentile_interval

# What coders said: a row a unit, in it each coder's code, None where that coder did not code the unit.
Codings = Sequence[Sequence[Any]]
Floats = NDArray[np.float64]
DRAWS, SEED = 2000, 20240101
# Fewer compared units than this have no interval: the bootstrap's is then far too narrow (Hughes 2022).
FEWEST = 10
# Share of draws in which nothing varies, from which an interval would be one of the other draws only.
MOST_MISSING = 0.05


@dataclass(frozen=True)
class Agreement:
    """How far coders agree.

    Attributes:
        what: The label that was held against all others, or `all`.
        metric: How two codes differ: a name of `METRICS`.
        alpha: Krippendorff's alpha; 1 full agreement, 0 chance, below 0 contradiction; missing (NaN) if there is none.
        low: Lower end of its 95 % interval; missing where there is none.
        high: Upper end.
        n_units: Units that two coders or more coded; the others say nothing about agreement.
        n_left_out: Units with a single code.
        n_coders: Coders who share at least one unit with another.
        note: Why alpha or its interval is missing, else empty.
    """

    what: str
    metric: str
    alpha: float
    low: float
    high: float
    n_units: int
    n_left_out: int
    n_coders: int
    note: str


def alpha(codings: Codings, metric: str = "nominal") -> float:
    """Krippendorff's alpha: 1 at full agreement, 0 at chance, below 0 where coders contradict.

    Alphas of different metrics must not be compared, nor those of samples with different shares of the labels.

    Args:
        codings: For each unit what each coder said, None where he did not code it. A unit with one coding does not
            count. Numbers for ordinal, interval and ratio (at least 0), sets of labels for masi.
        metric: How far apart two codes are: `nominal` (same or not), `ordinal` (ranks between them), `interval`
            (square of their difference), `ratio` (square of difference over sum), `masi` (sets of labels).

    Returns:
        1 - D_o / D_e, observed over expected disagreement; missing (NaN) where no unit has two codings, or nothing
        varies: coders who all say the same of everything show no agreement that could be told from chance.

    Raises:
        InputError: There is no such metric, or a code is not of its kind.

    References:
        Krippendorff, K. (2011). Computing Krippendorff's Alpha-Reliability. University of Pennsylvania.
        Krippendorff, K. (2019). Content Analysis: An Introduction to Its Methodology, 4th ed., chapter 12. Sage.
        Passonneau, R. (2006). Measuring Agreement on Set-valued Items (MASI) for Semantic and Pragmatic Annotation.
        Proceedings of LREC 2006.

    >>> round(alpha([(1, 1), (1, 1), (0, 0), (0, 0), (1, 0)]), 3)
    0.64
    >>> round(alpha([(1, 1), (2, 2), (3, 3), (1, 2)], metric="interval"), 3)
    0.821
    """
    values, counts = _counted(codings, metric)
    return _alpha(counts, np.ones(len(counts)), metric, values)


def agreement(
    codings: Codings,
    metric: str = "nominal",
    clusters: Sequence[Hashable] | None = None,
    what: str = "all",
    draws: int = DRAWS,
    seed: int = SEED,
) -> Agreement:
    """Alpha with a bootstrap interval, and why either is missing.

    The bootstrap draws units with replacement, so that it holds for other units of the same kind coded by these
    coders. Krippendorff's own (2006) draws coincidences as if they were independent of each other and keeps the
    expected disagreement fixed; it is not used, since codes of one unit hang together.

    Args:
        codings: As for `alpha`.
        metric: As for `alpha`.
        clusters: What each unit belongs to (its article), where units were not drawn one by one; clusters are then
            drawn whole.
        what: Name of what was coded, for the result.
        draws: Number of bootstrap draws.
        seed: Seed; the same seed gives the same interval.

    Raises:
        InputError: As `alpha`, or there is not one cluster for each unit.

    References:
        Krippendorff, K. (2006, revised 2011). Algorithm for Bootstrapping a Distribution of Alpha. Manuscript.
        Zapf, A., Castell, S., Morawietz, L., Karch, A. (2016). Measuring inter-rater reliability for nominal data:
        which coefficients and confidence intervals are appropriate? BMC Medical Research Methodology 16, 93.
        Hughes, J. (2022). Toward improved inference for Krippendorff's Alpha agreement coefficient. arXiv 2210.13265.

    >>> found = agreement([("a", "a"), ("b", "b"), ("a", None)])
    >>> found.alpha, found.n_units, found.n_left_out, found.note
    (1.0, 2, 1, 'no interval: 2 units were coded twice, 10 are needed')
    """
    if clusters is not None and len(clusters) != len(codings):
        raise InputError(f"{len(codings)} units have {len(clusters)} clusters; there must be one for each")
    values, counts = _counted(codings, metric)
    compared = counts.sum(axis=1) > 1
    shared = [unit for unit, two in zip(codings, compared, strict=True) if two]
    coders = max((len(unit) for unit in codings), default=0)
    value = _alpha(counts, np.ones(len(counts)), metric, values)
    low, high, note = float("nan"), float("nan"), ""
    if not shared:
        note = "no alpha: no unit was coded by two coders"
    elif np.isnan(value):
        note = "no alpha: coders gave one label to all units, where agreement cannot be told from chance"
    elif len(shared) < FEWEST:
        note = f"no interval: {len(shared)} units were coded twice, {FEWEST} are needed"
    elif value > 1 - 1e-12:
        note = "no interval: coders never disagreed, of which a bootstrap shows nothing"
    else:
        of = np.arange(len(counts)) if clusters is None else np.asarray([str(one) for one in clusters])
        names, place = np.unique(of[compared], return_inverse=True)
        if len(names) < FEWEST:
            note = f"no interval: the units are of {len(names)} clusters, {FEWEST} are needed"
        else:
            weights = cluster_weights(len(names), draws, seed)[:, place]
            drawn = np.array([_alpha(counts[compared], w, metric, values) for w in weights])
            if np.isnan(drawn).mean() > MOST_MISSING:
                note = f"no interval: nothing varies in {np.isnan(drawn).mean():.0%} of the bootstrap's draws"
            elif np.nanmax(drawn) - np.nanmin(drawn) < 1e-12:
                note = "no interval: coders differ alike on all units, of which a bootstrap shows nothing"
            else:
                low, high = percentile_interval(drawn)
    return Agreement(
        what=what,
        metric=metric,
        alpha=value,
        low=low,
        high=high,
        n_units=len(shared),
        n_left_out=int((counts.sum(axis=1) == 1).sum()),
        n_coders=sum(any(k < len(unit) and unit[k] is not None for unit in shared) for k in range(coders)),
        note=note,
    )


def frame_alphas(frames: Sequence[str], codings: Mapping[str, Sequence[frozenset[str] | None]]) -> dict[str, float]:
    """Alpha of each frame, yes or no.

    Args:
        frames: The frames.
        codings: Unit to what each coder found in it, None where he did not code it.
    """
    return {
        frame: alpha([[None if one is None else frame in one for one in unit] for unit in codings.values()])
        for frame in frames
    }


def masi(one: frozenset[str], other: frozenset[str]) -> float:
    """Distance of two sets of labels: 1 - Jaccard's share times 1 (same), 2/3 (one within the other), 1/3 or 0.

    References:
        Passonneau, R. (2006). Measuring Agreement on Set-valued Items (MASI) for Semantic and Pragmatic Annotation.
        Proceedings of LREC 2006.

    >>> round(masi(frozenset({"war"}), frozenset({"war", "trade"})), 3)
    0.667
    """
    if one == other:
        return 0.0
    within = 2 / 3 if one <= other or other <= one else 1 / 3
    return 1 - len(one & other) / len(one | other) * within


def _nominal(values: list[Any], totals: Floats) -> Floats:
    return 1 - np.eye(len(values))


def _ordinal(values: list[Any], totals: Floats) -> Floats:
    # Sum of all codes between two, the two themselves by half: a difference of mid-ranks.
    ranks = np.cumsum(totals) - totals / 2
    return np.asarray(np.subtract.outer(ranks, ranks) ** 2)


def _interval(values: list[Any], totals: Floats) -> Floats:
    return np.asarray(np.subtract.outer(np.array(values), np.array(values)) ** 2)


def _ratio(values: list[Any], totals: Floats) -> Floats:
    sums = np.add.outer(np.array(values), np.array(values))
    return np.asarray(_interval(values, totals) / np.where(sums == 0, 1, sums) ** 2)


def _masi(values: list[Any], totals: Floats) -> Floats:
    return np.array([[masi(one, other) for other in values] for one in values]).reshape(len(values), len(values))


# Squared differences between all values, (V, V), of the values in their order and how often each occurs.
METRICS: dict[str, Callable[[list[Any], Floats], Floats]] = {
    "nominal": _nominal, "ordinal": _ordinal, "interval": _interval, "ratio": _ratio, "masi": _masi,
}  # fmt: skip


def _alpha(counts: Floats, weights: NDArray[Any], metric: str, values: list[Any]) -> float:
    """Alpha of units (N, V: how often each value was given) that are drawn so many times each (N)."""
    sizes = counts.sum(axis=1)
    pairs = np.where(sizes > 1, weights / np.maximum(sizes - 1, 1), 0.0)
    coincidences = counts.T @ (counts * pairs[:, None]) - np.diag(pairs @ counts)
    totals = coincidences.sum(axis=1)
    n = totals.sum()
    apart = METRICS[metric](values, totals)
    expected = float(totals @ apart @ totals)
    if n < 2 or expected == 0:
        return float("nan")
    return float(1 - (n - 1) * (coincidences * apart).sum() / expected)


def _counted(codings: Codings, metric: str) -> tuple[list[Any], Floats]:
    """The values in their order (V), and how often each unit was given each (N, V)."""
    if metric not in METRICS:
        raise InputError(f"no metric {metric!r:.40}; there are: {', '.join(sorted(METRICS))}")
    read: Callable[[Any, str], Any] = _READ.get(metric, _number)
    said = [[read(one, metric) for one in unit if one is not None and one == one] for unit in codings]
    values = sorted({one for unit in said for one in unit}, key=sorted if metric == "masi" else None)
    place = {value: k for k, value in enumerate(values)}
    counts = np.zeros((len(said), len(values)))
    for row, unit in zip(counts, said, strict=True):
        for one in unit:
            row[place[one]] += 1
    return values, counts


def _number(code: Any, metric: str) -> float:
    try:
        value = float(code)
    except (TypeError, ValueError):
        value = float("nan")
    if not np.isfinite(value) or (metric == "ratio" and value < 0):
        allowed = "a number of at least 0" if metric == "ratio" else "a number"
        raise InputError(f"code {code!r:.40} is not {allowed}, as the metric {metric} needs")
    return value


def _set(code: Any, metric: str) -> frozenset[str]:
    if not isinstance(code, (set, frozenset)):
        raise InputError(f"code {code!r:.40} is not a set of labels, as the metric {metric} needs")
    return frozenset(str(one) for one in code)


# How a code is read for a metric; the others need numbers.
_READ: dict[str, Callable[[Any, str], Any]] = {"nominal": lambda code, _: str(code), "masi": _set}
