"""Estimation: the mean of a cell with its interval, the difference of two, and the correction for many."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

METHOD = "mean over articles; t interval on a bootstrap of whole days"
# A spread below this is rounding, not variation: nothing can be tested on it.
NO_VARIATION = 1e-9


class Cell:
    """The articles of one outlet, over the whole time or in one period: their mean, and the same in each draw.

    Undated articles count as articles and are drawn each by itself; they are no days.
    """

    def __init__(
        self, articles: Mapping[str, Any] | pd.DataFrame, weights: NDArray[Any], minimum: tuple[int, int]
    ) -> None:
        # Arrays are enough, and cut out of a table a hundred times as fast as frames.
        self.values = np.asarray(articles["value"], dtype=float)
        days, published = np.asarray(articles["day"]), np.asarray(articles["published"])
        self.passages = int(np.sum(articles["n_passages"]))
        self.stories = len(set(articles["story"]))
        self.days = len(set(days[~np.isnat(published)].tolist()))
        self.minimum = minimum
        self.mean = float(self.values.mean()) if len(self.values) else float("nan")
        clusters, inverse = np.unique(days, return_inverse=True)
        self.clusters = len(clusters)
        self.enough = len(self.values) >= minimum[0] and self.days >= minimum[1]
        if self.enough:
            drawn = weights[:, clusters].astype(float)
            sums, counts = (np.bincount(inverse, w, minlength=self.clusters) for w in (self.values, None))
            below = drawn @ counts
            # A draw without any of the cell's days says nothing about it: it counts as the mean, so that it can
            # be taken together with other cells' draws. With five days among many that is one draw in 150.
            self.draws = np.divide(drawn @ sums, below, out=np.full(len(below), self.mean), where=below > 0)
            # The bootstrap's variance is too small by (G - 1) / G where G clusters are drawn.
            few = self.clusters < 2
            self.variance = float("nan") if few else float(self.draws.var(ddof=1)) * self.clusters / (self.clusters - 1)

    def counts(self) -> dict[str, int]:
        """How much stands behind the cell."""
        return {
            "n_passages": self.passages,
            "n_articles": len(self.values),
            "n_stories": self.stories,
            "n_days": self.days,
        }

    def shortfall(self) -> str:
        """Why the cell has no value."""
        need = f"{self.minimum[0]} articles and {self.minimum[1]} days are needed"
        return f"not enough data: {len(self.values)} articles on {self.days} days, {need}"

    def row(self) -> dict[str, Any]:
        """Values of the estimates table for the level."""
        if not self.enough:
            return {**self.counts(), "note": self.shortfall(), "method": METHOD}
        level = interval(self.mean, self.variance, self.clusters - 1)
        # The p of a level would test it against 0, which no one asks: the scales' zeros are conventions.
        return {**level, "p": np.nan, **self.counts(), "method": METHOD}


def difference(cell: Cell, others: Sequence[Cell]) -> dict[str, Any]:
    """Values of the estimates table for a cell less the mean of others, drawn together so that shared days cancel.

    Degrees of freedom after Welch and Satterthwaite: each side counts by its share of the variance, so that a
    small outlet among large ones is not trusted beyond its days.

    References:
        Satterthwaite, F. E. (1946). An Approximate Distribution of Estimates of Variance Components. Biometrics
        Bulletin 2(6), 110-114.
    """
    method = {**cell.counts(), "method": METHOD}
    if not cell.enough:
        return {**method, "note": cell.shortfall()}
    if not others or not all(other.enough for other in others):
        return {**method, "note": "not enough data: no other outlet to compare with"}
    value = cell.mean - float(np.mean([other.mean for other in others]))
    draws = cell.draws - np.mean([other.draws for other in others], axis=0)
    shares = [(cell.variance, cell.clusters)] + [(o.variance / len(others) ** 2, o.clusters) for o in others]
    corrected = sum(share for share, _ in shares)
    plain = sum(share * (clusters - 1) / clusters for share, clusters in shares)
    variance = float(draws.var(ddof=1)) * (corrected / plain if plain else 1.0)
    spread = sum(share**2 / max(1, clusters - 1) for share, clusters in shares)
    return {**interval(value, variance, corrected**2 / spread if spread else float("nan")), **method}


def matched_difference(own: pd.DataFrame, others: pd.DataFrame) -> float:
    """Difference within periods: the mean, over an outlet's articles, of their period's contrast with all others.

    Where outlets published in different years, a plain difference mixes the outlets with the years; this one
    does not. Periods in which one side has no article are left out; missing if there is none with both.

    >>> own = pd.DataFrame({"period": ["2017", "2018"], "value": [0.5, 0.1]})
    >>> others = pd.DataFrame({"period": ["2018", "2018"], "value": [0.0, 0.2]})
    >>> matched_difference(own, others)
    0.0
    """
    mine, theirs = (side[side["period"] != ""].groupby("period")["value"] for side in (own, others))
    contrast = (mine.mean() - theirs.mean()).dropna()
    if contrast.empty:
        return float("nan")
    sizes = mine.size().loc[contrast.index]
    return float((contrast * sizes).sum() / sizes.sum())


def interval(value: float, variance: float, freedom: float) -> dict[str, float]:
    """Standard error, 95 % t interval, and the two-sided p of 0; all missing where nothing varies."""
    spread = float(np.sqrt(variance))
    if not spread > NO_VARIATION:
        return {"value": value, "se": float("nan"), "low": float("nan"), "high": float("nan"), "p": float("nan")}
    reach = float(stats.t.ppf(0.975, freedom)) * spread
    p = float(2 * stats.t.sf(abs(value) / spread, freedom))
    return {"value": value, "se": spread, "low": value - reach, "high": value + reach, "p": p}


def holm(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Holm's adjusted p-values: below 0.05 where a family of tests keeps its error rate at 5 %.

    References:
        Holm, S. (1979). A Simple Sequentially Rejective Multiple Test Procedure. Scand. J. Statistics 6, 65-70.

    >>> holm(np.array([0.01, 0.04, 0.03])).tolist()
    [0.03, 0.06, 0.06]
    """
    if not len(p):
        return p
    from statsmodels.stats.multitest import multipletests

    adjusted: NDArray[np.float64] = multipletests(p, method="holm")[1]
    return adjusted
