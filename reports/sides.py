"""Sides: the articles on either side of a comparison of words, their rates, and the same in each bootstrap draw."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Side:
    """One side of a comparison: the articles of one outlet, or of several that count alike.

    Attributes:
        outlets: Number of each article's outlet, from 0.
        tokens: Words of each article.
        counts: Occurrences, articles x words.
        clusters: Number of each article's story, or of itself.
        size: How many words the side's rates are worth.
    """

    outlets: NDArray[np.int64]
    tokens: Floats
    counts: sparse.csc_matrix
    clusters: NDArray[np.int64]
    size: float

    @classmethod
    def of(cls, articles: pd.DataFrame, counts: sparse.csr_matrix, clusters: NDArray[np.int64]) -> Side:
        """The side that articles with their counts make."""
        outlets = np.unique(articles["outlet"].to_numpy(), return_inverse=True)[1]
        tokens = articles["tokens"].to_numpy(dtype=float)
        totals = np.bincount(outlets, tokens)
        # The mean of k rates out of n_1 ... n_k words varies as one rate out of k^2 / (1/n_1 + ... + 1/n_k) words does.
        size = len(totals) ** 2 / float((1 / totals).sum())
        return cls(outlets, tokens, counts.tocsc(), clusters, size)

    def select(self, columns: NDArray[np.int64] | slice) -> Side:
        """The same side with some of its words."""
        return replace(self, counts=self.counts[:, columns])

    def shares(self, weights: NDArray[np.float32]) -> NDArray[np.float32]:
        """What one occurrence in each article adds to the side's rate, when articles count `weights` times.

        Both are (articles, draws). An outlet of which a draw holds no article counts as observed in it.
        """
        belongs = sparse.csr_matrix((self.tokens, (self.outlets, np.arange(len(self.outlets)))))
        weights = np.where((belongs @ weights == 0)[self.outlets], 1, weights)
        return np.asarray(weights / (belongs @ weights * belongs.shape[0])[self.outlets], dtype=np.float32)

    def rates(self, shares: NDArray[np.float32] | None = None) -> Floats:
        """Share of each word in the side's words, each outlet counting alike; (words, draws) where shares are given."""
        if shares is not None:
            return np.asarray(self.counts.T @ shares)
        observed = self.shares(np.ones((len(self.tokens), 1), dtype=np.float32))
        return np.asarray(self.counts.T @ observed)[:, 0].astype(float)

    def occurrences(self) -> Floats:
        """How often each word occurs."""
        return np.asarray(self.counts.sum(axis=0), dtype=float).ravel()

    def articles_with(self) -> NDArray[np.int64]:
        """How many articles hold each word."""
        return np.asarray(np.diff(self.counts.indptr), dtype=np.int64)

    def dispersion(self) -> Floats:
        """Gries' normalised deviation of proportions of each word over the articles; missing where it does not occur.

        Half the sum of |share of the word's occurrences - share of all words| over articles, divided by 1 - the
        smallest article's share of all words (Lijffijt and Gries 2012).
        """
        sizes = self.tokens / self.tokens.sum()
        column = np.repeat(np.arange(self.counts.shape[1]), self.articles_with())
        total = self.occurrences()
        size = sizes[self.counts.indices]
        apart = np.abs(self.counts.data / total[column] - size) - size
        # Of an even word rounding leaves a little less than 0.
        deviation = (1 + np.bincount(column, apart, minlength=len(total))) / 2
        return np.where(total > 0, np.clip(deviation / (1 - sizes.min()), 0, 1), np.nan)
