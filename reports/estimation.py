"""Estimation: the mean of a cell with its interval, the difference of two, and the correction for many.

Articles on one event are not independent: the clusters are stories. With n articles of an outlet, n_g of them on
story g, and their mean m, the pull of story g on the mean is

    e_g = sum over the outlet's articles of g of (y - m) / n / sqrt(1 - n_g / n)

and of a difference the pull of the one outlet less that of the other, so that what a story does to both cancels. The
variance is the sum of the squares over stories; the square root makes up for a story's own part in the mean (CR2).
The degrees of freedom are the effective number of stories less 1: (sum s_g)^2 / sum s_g^2 with s_g = n_g / n^2 of
each outlet, added up. With stories of one size that is the number of stories less 1.

References:
    Bell, R. M., McCaffrey, D. F. (2002). Bias Reduction in Standard Errors for Linear Regression with Multi-Stage
    Samples. Survey Methodology 28(2), 169-181.
    Imbens, G. W., Kolesár, M. (2016). Robust Standard Errors in Small Samples: Some Practical Advice. Review of
    Economics and Statistics 98(4), 701-712.
    Cameron, A. C., Miller, D. L. (2015). A Practitioner's Guide to Cluster-Robust Inference. Journal of Human
    Resources 50(2), 317-372.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

METHOD = "mean over articles; story-clustered t interval"
# A spread below this is rounding, not variation: nothing can be tested on it.
NO_VARIATION = 1e-9
# Fewer effective stories than two know nothing of how stories differ; rounding may take a little from two.
FEWEST_FREEDOM = 1 - 1e-6


class Cell:
    """The articles of one outlet, over the whole time or in one period: their mean, and each story's pull on it.

    Args:
        articles: Columns `value`, `story` (whole numbers are fastest) and `n_passages`; and `span`, where articles add
            to the variance by different amounts, as corrected ones do.
        minimum: Articles and stories below which there is no estimate.
    """

    def __init__(self, articles: Mapping[str, Any] | pd.DataFrame, minimum: tuple[int, int]) -> None:
        # Arrays are enough, and cut out of a table a hundred times as fast as frames.
        self.values = np.asarray(articles["value"], dtype=float)
        self.passages = int(np.sum(articles["n_passages"]))
        self.minimum = minimum
        size = len(self.values)
        self.mean = float(self.values.mean()) if size else float("nan")
        self.stories, places = np.unique(np.asarray(articles["story"]), return_inverse=True)
        self.enough = size >= minimum[0] and len(self.stories) >= minimum[1]
        if self.enough:
            shares = np.bincount(places, minlength=len(self.stories)) / size
            sums = np.bincount(places, self.values - self.mean, minlength=len(self.stories)) / size
            # A single story is all of the mean: nothing is known of how stories differ.
            self.pulls = sums / np.sqrt(1 - shares) if len(self.stories) > 1 else np.full(1, np.nan)
            # What an article adds to the variance, all alike unless the table says otherwise.
            own = np.asarray(articles["span"], dtype=float) if "span" in articles else np.ones(size)
            self.spans = np.bincount(places, own, minlength=len(self.stories)) / size**2

    def counts(self) -> dict[str, int]:
        """How much stands behind the cell."""
        return {"n_passages": self.passages, "n_articles": len(self.values), "n_stories": len(self.stories)}

    def shortfall(self) -> str:
        """Why the cell has no value."""
        need = f"{self.minimum[0]} articles and {self.minimum[1]} stories are needed"
        return f"not enough data: {len(self.values)} articles on {len(self.stories)} stories, {need}"

    def row(self) -> dict[str, Any]:
        """Values of the estimates table for the level."""
        if not self.enough:
            return {**self.counts(), "note": self.shortfall(), "method": METHOD}
        level = interval(self.mean, *spread([(1.0, self)]))
        # The p of a level would test it against 0, which no one asks: the scales' zeros are conventions.
        return {**level, "p": np.nan, **self.counts(), "method": METHOD, "note": _note(level)}


def spread(parts: Sequence[tuple[float, Cell]]) -> tuple[float, float]:
    """Variance and degrees of freedom of a weighted sum of cells' means, paired by story.

    >>> news = {"value": [0.0, 1.0, 0.0, 1.0], "story": [1, 2, 3, 4], "n_passages": [1, 1, 1, 1]}
    >>> variance, freedom = spread([(1.0, Cell(news, (2, 2)))])
    >>> round(variance, 4), round(freedom, 4)  # 1/3 over 4 articles; 4 stories less 1
    (0.0833, 3.0)
    """
    stories = np.concatenate([cell.stories for _, cell in parts])
    _, places = np.unique(stories, return_inverse=True)
    pulls = np.bincount(places, np.concatenate([weight * cell.pulls for weight, cell in parts]))
    spans = np.bincount(places, np.concatenate([weight**2 * cell.spans for weight, cell in parts]))
    return float(np.sum(pulls**2)), float(spans.sum() ** 2 / np.sum(spans**2)) - 1


def difference(cell: Cell, others: Sequence[Cell]) -> dict[str, Any]:
    """Values of the estimates table for a cell less the mean of others, paired by story."""
    told = {**cell.counts(), "method": METHOD}
    if not cell.enough:
        return {**told, "note": cell.shortfall()}
    if not others or not all(other.enough for other in others):
        return {**told, "note": "not enough data: no other outlet to compare with"}
    value = cell.mean - float(np.mean([other.mean for other in others]))
    parts = [(1.0, cell), *((-1.0 / len(others), other) for other in others)]
    found = interval(value, *spread(parts))
    behind = sum(len(other.values) for other in others)
    return {**found, **told, "n_reference": behind, "note": _note(found)}


def _note(found: Mapping[str, float]) -> str:
    return "nothing varies, or fewer than two stories carry it: no interval" if np.isnan(found["se"]) else ""


def interval(value: float, variance: float, freedom: float) -> dict[str, float]:
    """Standard error, degrees of freedom, 95 % t interval, two-sided p of 0.

    All missing where nothing varies, or fewer than two stories carry the estimate.
    """
    nothing = dict.fromkeys(("se", "freedom", "low", "high", "p"), float("nan"))
    se = float(np.sqrt(variance))
    if not se > NO_VARIATION or not freedom > FEWEST_FREEDOM:
        return {"value": value, **nothing}
    reach = float(stats.t.ppf(0.975, freedom)) * se
    p = float(2 * stats.t.sf(abs(value) / se, freedom))
    return {"value": value, "se": se, "freedom": freedom, "low": value - reach, "high": value + reach, "p": p}


def holm(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Holm's adjusted p-values: below 0.05 where a family of tests keeps its error rate at 5 %.

    References:
        Holm, S. (1979). A Simple Sequentially Rejective Multiple Test Procedure. Scand. J. Statistics 6, 65-70.

    >>> holm(np.array([0.01, 0.04, 0.03])).tolist()
    [0.03, 0.06, 0.06]
    """
    return _adjusted(p, "holm")


def false_discovery(p: NDArray[np.float64]) -> NDArray[np.float64]:
    """Benjamini and Hochberg's q-values: of all finds with q below 0.05, about one in twenty is false.

    References:
        Benjamini, Y., Hochberg, Y. (1995). Controlling the False Discovery Rate. J. Royal Statistical Society B
        57(1), 289-300.

    >>> false_discovery(np.array([0.01, 0.04, 0.03])).round(3).tolist()
    [0.03, 0.04, 0.04]
    """
    return _adjusted(p, "fdr_bh")


def _adjusted(p: NDArray[np.float64], method: str) -> NDArray[np.float64]:
    if not len(p):
        return p
    from statsmodels.stats.multitest import multipletests

    adjusted: NDArray[np.float64] = multipletests(p, method=method)[1]
    return adjusted
