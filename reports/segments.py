"""Segments: a weighted series divided where its level changes, by PELT, and what the best division of noise gains."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from ruptures.base import BaseCost

# Periods with articles that a level must last: a peak of two months is an event, and not a new level.
SHORTEST = 3


class WeightedCost(BaseCost):
    """Weighted sum of squares around a segment's weighted mean: the L2 cost where months do not weigh the same."""

    model = "weighted l2"
    min_size = SHORTEST

    def __init__(self, weights: NDArray[np.float64]) -> None:
        self.weights = weights

    def fit(self, signal: NDArray[np.float64]) -> WeightedCost:
        """Take the series (T, 1)."""
        self.signal = signal
        y, w = signal[:, 0], self.weights
        self.sums = [np.concatenate([[0.0], np.cumsum(column)]) for column in (w, w * y, w * y * y)]
        return self

    def error(self, start: int, end: int) -> float:
        """Cost of the segment from `start` to before `end`."""
        weight, total, squares = (float(column[end] - column[start]) for column in self.sums)
        return squares - total**2 / weight


def penalty(size: int) -> float:
    """What a change must save, in variances: 2 log T, the Schwarz criterion for a change's date and its new level.

    References:
        Yao, Y.-C. (1988). Estimating the Number of Change-Points via Schwarz' Criterion. Statistics & Probability
        Letters 6(3), 181-189.
    """
    return 2 * float(np.log(size))


def divide(mean: NDArray[np.float64], weight: NDArray[np.float64]) -> list[int]:
    """Places at which the segments of the best division begin, the first one aside.

    The variance is taken from the differences of neighbours, which a change of level hardly touches.

    Args:
        mean: Means of the periods (T).
        weight: Their weights (T): the variance of a mean is in proportion to 1 / weight.

    References:
        Killick, R., Fearnhead, P., Eckley, I. A. (2012). Optimal Detection of Changepoints with a Linear Computational
        Cost. JASA 107(500), 1590-1598.
        Truong, C., Oudre, L., Vayatis, N. (2020). Selective Review of Offline Change Point Detection Methods. Signal
        Processing 167, 107299. (ruptures)
        von Neumann, J. (1941). Distribution of the Ratio of the Mean Square Successive Difference to the Variance.
        Annals of Mathematical Statistics 12(4), 367-395.

    >>> divide(np.array([0.1, 0.0, 0.1, 0.0, 0.9, 1.0, 0.9, 1.0]), np.ones(8))
    [4]
    """
    import ruptures

    if len(mean) < 2 * SHORTEST:
        return []
    variance = float(np.mean(np.diff(mean) ** 2 / (1 / weight[1:] + 1 / weight[:-1])))
    search: Any = ruptures.Pelt(custom_cost=WeightedCost(weight), min_size=SHORTEST, jump=1)
    # Of rounding's size alone there is nothing to find, and a penalty of 0 would divide it all the same.
    found = search.fit(centred(mean, weight)[:, None]).predict(pen=max(penalty(len(mean)) * variance, 1e-12))
    return [int(end) for end in found[:-1]]


def centred(means: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Series less their weighted mean (..., T)."""
    less: NDArray[np.float64] = means - (means @ weight / weight.sum())[..., None]
    return less


def scan(means: NDArray[np.float64], weight: NDArray[np.float64]) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
    """Largest share of a series' weighted variance that one split takes away, over all splits, and where it is.

    Args:
        means: Series (..., T).
        weight: Weights of the periods (T).

    >>> share, place = scan(np.array([0.0, 0.0, 0.0, 1.0, 1.0, 1.0]), np.ones(6))
    >>> float(share), int(place)
    (1.0, 3)
    """
    y = centred(means, weight)
    sums, weights = np.cumsum(weight * y, axis=-1), np.cumsum(weight)
    at = np.arange(SHORTEST, means.shape[-1] - SHORTEST + 1)
    first = weights[at - 1]
    between = sums[..., at - 1] ** 2 * weights[-1] / (first * (weights[-1] - first))
    return between.max(axis=-1) / np.sum(weight * y**2, axis=-1), at[between.argmax(axis=-1)]


def gain(means: NDArray[np.float64], weight: NDArray[np.float64]) -> NDArray[np.float64]:
    """Largest share of the variance that any division takes away, less the penalty of its changes; of many series.

    What PELT maximises, with the series' own variance for the penalty, by the recursion without pruning.

    Args:
        means: Series (N, T).
        weight: Weights of the periods (T).

    References:
        Jackson, B., et al. (2005). An Algorithm for Optimal Partitioning of Data on an Interval. IEEE Signal Processing
        Letters 12(2), 105-108.

    >>> steps = np.array([[0.0] * 10 + [1.0] * 10 + [0.0] * 10, [0.0, 1.0] * 15])
    >>> gain(steps, np.ones(30)).round(2).tolist()  # two changes take all; none is worth its penalty
    [0.53, 0.0]
    """
    size = means.shape[1]
    y = centred(means, weight)
    total = np.sum(weight * y**2, axis=1)
    sums = np.pad(np.cumsum(weight * y, axis=1), ((0, 0), (1, 0)))
    weights = np.pad(np.cumsum(weight), (1, 0))
    price = penalty(size) / (size - 1) * total
    best = np.full((len(means), size + 1), -np.inf)
    best[:, 0] = 0
    for end in range(SHORTEST, size + 1):
        starts = np.concatenate([[0], np.arange(SHORTEST, end - SHORTEST + 1)])
        taken = (sums[:, [end]] - sums[:, starts]) ** 2 / (weights[end] - weights[starts])
        paid = np.where(starts > 0, price[:, None], 0)
        best[:, end] = (best[:, starts] + taken - paid).max(axis=1)
    gained: NDArray[np.float64] = best[:, size] / total
    return gained
