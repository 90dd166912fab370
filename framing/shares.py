"""Shares: scorers that tell in which of several categories a passage is, one row a passage and category."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from framing.scores import score_rows
from framing.weights import load_weight

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class SharesScorer:
    """A shipped linear classifier of which each label is a category: its value is that label's probability, 0 to 1.

    A passage has one row for each label, the likeliest of them marked `yes`; the mean of the values over passages is an
    estimate of the label's share.
    """

    measure: str
    reads: str
    version: str
    labels: tuple[str, ...]
    name: str = "light"

    def score(self, passages: pd.DataFrame) -> pd.DataFrame:
        """Score a batch; the rows of a passage follow one another, in the order of the labels."""
        import pandas as pd

        if not len(passages):
            return score_rows(self, passages, np.array([], dtype=object), np.array([]), np.array([]))
        model = load_weight(f"{self.measure}-{self.name}")
        shares = model.predict_proba(passages)[:, [list(model.classes_).index(label) for label in self.labels]]
        top = shares.argmax(axis=1)
        rows = []
        for k, label in enumerate(self.labels):
            answers = np.where(top == k, "yes", "no").astype(object)
            certain = np.where(top == k, shares[:, k], 1 - shares[:, k])
            rows.append(score_rows(self, passages, answers, shares[:, k], certain).assign(category=label))
        return pd.concat(rows).sort_index(kind="stable").reset_index(drop=True)
