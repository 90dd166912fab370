"""Subject of a passage about a pair: the relation itself, domestic politics that names the other, or other things."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.utils.validation import check_is_fitted

from framing.features import PairText

LABELS = ("domestic", "other", "relation")


class SubjectClassifier(ClassifierMixin, BaseEstimator):
    """Relation, domestic or other: multinomial logistic regression on words and pairs of words.

    `fit` and `predict` take a frame with `text`, `source_span` and `target_span`. The two countries' names are masked;
    other names stay, since who acts tells what it is about: an envoy, or a special counsel. Classes have their own
    frequencies, so that the mean of the probabilities is an estimate of the shares.

    Args:
        C: Inverse strength of the penalty.
        min_df: Passages in which a feature must occur to count.
        random_state: Seed of the solver.

    Attributes:
        classes_: domestic, other, relation.
        pipeline_: The fitted pipeline.
    """

    def __init__(self, C: float = 4.0, min_df: int = 2, random_state: int = 0) -> None:
        self.C = C
        self.min_df = min_df
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> SubjectClassifier:
        """Learn from passages and their labels."""
        words = TfidfVectorizer(ngram_range=(1, 2), min_df=self.min_df, sublinear_tf=True, token_pattern=r"\S+")
        regression = LogisticRegression(C=self.C, max_iter=2000, random_state=self.random_state)
        self.pipeline_ = make_pipeline(PairText(), words, regression).fit(X, np.asarray(y))
        self.classes_ = self.pipeline_.classes_
        return self

    def predict_proba(self, X: Any) -> NDArray[Any]:
        """Probabilities (passages, 3) of domestic, other, relation."""
        check_is_fitted(self)
        shares: NDArray[Any] = self.pipeline_.predict_proba(X)
        return shares

    def predict(self, X: Any) -> NDArray[Any]:
        """The likeliest label of each passage."""
        labels: NDArray[Any] = self.classes_[self.predict_proba(X).argmax(axis=1)]
        return labels
