"""Estimation: the mean of a cell with its interval, the difference of two, and the correction for many."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

METHOD = "mean over articles; t interval on a bootstrap of whole days"


class Cell:
    """The articles of one outlet in one period: their mean, and the same in each bootstrap draw."""

    def __init__(self, articles: pd.DataFrame, weights: NDArray[Any], minimum: tuple[int, int]) -> None:
        self.values = articles["value"].to_numpy(dtype=float)
        self.days, inverse = np.unique(articles["day"].to_numpy(), return_inverse=True)
        self.passages = int(articles["n_passages"].sum())
        self.stories = int(articles["story"].nunique())
        self.minimum = minimum
        self.enough = len(self.values) >= minimum[0] and len(self.days) >= minimum[1]
        if self.enough:
            drawn = weights[:, self.days].astype(float)
            sums, counts = (np.bincount(inverse, w, minlength=len(self.days)) for w in (self.values, None))
            below = drawn @ counts
            # A draw in which none of the cell's days occurs says nothing about it.
            self.draws = np.divide(drawn @ sums, below, out=np.full(len(below), np.nan), where=below > 0)

    def counts(self) -> dict[str, int]:
        """How much stands behind the cell."""
        return {
            "n_passages": self.passages,
            "n_articles": len(self.values),
            "n_stories": self.stories,
            "n_days": len(self.days),
        }

    def shortfall(self) -> str:
        """Why the cell has no value."""
        need = f"{self.minimum[0]} articles and {self.minimum[1]} days are needed"
        return f"not enough data: {len(self.values)} articles on {len(self.days)} days, {need}"

    def row(self) -> dict[str, Any]:
        """Values of the estimates table for the level."""
        if not self.enough:
            return {**self.counts(), "note": self.shortfall(), "method": METHOD}
        row = interval(float(self.values.mean()), self.draws, len(self.days))
        # The p of a level would test it against 0, which no one asks: the scales' zeros are conventions.
        return {**row, "p": np.nan, **self.counts(), "method": METHOD}


def difference(cell: Cell, others: list[Cell]) -> dict[str, Any]:
    """Values of the estimates table for a cell less the mean of others, drawn together so that shared days cancel."""
    method = {**cell.counts(), "method": METHOD}
    if not cell.enough:
        return {**method, "note": cell.shortfall()}
    if not others or not all(other.enough for other in others):
        return {**method, "note": "not enough data: no other outlet to compare with"}
    value = cell.values.mean() - np.mean([other.values.mean() for other in others])
    draws = cell.draws - np.mean([other.draws for other in others], axis=0)
    # The smaller side decides how far the bootstrap's standard error can be trusted.
    clusters = min(len(cell.days), max(len(other.days) for other in others))
    return {**interval(float(value), draws, clusters), **method}


def interval(value: float, draws: NDArray[np.float64], clusters: int) -> dict[str, float]:
    """Standard error of the draws, enlarged for few clusters, with a t interval and the two-sided p of 0."""
    spread = float(np.nanstd(draws, ddof=1)) * float(np.sqrt(clusters / (clusters - 1)))
    reach = float(stats.t.ppf(0.975, clusters - 1)) * spread
    p = float(2 * stats.t.sf(abs(value) / spread, clusters - 1)) if spread > 0 else float("nan")
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
