"""Sentiment of a passage toward its target, from words around it, letters of the passage, and the polarity near it."""

from __future__ import annotations

from typing import Any

from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import FeatureUnion, Pipeline, make_pipeline, make_union
from sklearn.preprocessing import MaxAbsScaler
from sklearn.utils.validation import check_is_fitted

from framing.features import AroundTarget, LetterRuns, TargetPolarity

LABELS = ("negative", "neutral", "positive")


def tokens(extractor: Any, min_df: int) -> Pipeline:
    """Weighted counts of the tokens that an extractor makes."""
    return make_pipeline(
        extractor, TfidfVectorizer(token_pattern=r"\S+", min_df=min_df, sublinear_tf=True, lowercase=False)
    )


class SentimentClassifier(ClassifierMixin, BaseEstimator):
    """Negative, neutral or positive toward the target: logistic regression on three kinds of features.

    `fit` and `predict` take a frame with `text` and `target_span`. Names are masked, so the score does not depend
    on who the target is. Classes are weighted by their inverse frequency.

    Args:
        C: Inverse strength of the penalty.
        min_df: Passages in which a feature must occur to count.
        random_state: Seed of the solver.

    Attributes:
        classes_: The labels, sorted.
        pipeline_: The fitted pipeline.

    >>> import pandas as pd
    >>> texts = ["Good Russia.", "Bad Russia.", "Russia is."] * 4
    >>> frame = pd.DataFrame({"text": texts, "target_span": [(5, 11), (4, 10), (0, 6)] * 4})
    >>> model = SentimentClassifier(min_df=1).fit(frame, ["positive", "negative", "neutral"] * 4)
    >>> model.predict(frame.head(3)).tolist()
    ['positive', 'negative', 'neutral']
    """

    def __init__(self, C: float = 1.0, min_df: int = 3, random_state: int = 0) -> None:
        self.C = C
        self.min_df = min_df
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> SentimentClassifier:
        """Learn from passages and their labels."""
        self.pipeline_ = make_pipeline(
            self._features(),
            LogisticRegression(C=self.C, class_weight="balanced", max_iter=1000, random_state=self.random_state),
        )
        self.pipeline_.fit(X, y)
        self.classes_ = self.pipeline_.classes_
        return self

    def _features(self) -> FeatureUnion:
        return make_union(
            tokens(AroundTarget(), self.min_df),
            LetterRuns(min_df=self.min_df + 1),
            make_pipeline(TargetPolarity(), MaxAbsScaler()),
        )

    def predict_proba(self, X: Any) -> NDArray[Any]:
        """Probabilities (passages, classes), columns as in `classes_`."""
        check_is_fitted(self)
        probabilities: NDArray[Any] = self.pipeline_.predict_proba(X)
        return probabilities

    def predict(self, X: Any) -> NDArray[Any]:
        """The likeliest label of each passage."""
        return self.decide(self.predict_proba(X))

    def decide(self, probabilities: NDArray[Any]) -> NDArray[Any]:
        """Labels from probabilities that are known already: computing the features twice takes twice the time."""
        labels: NDArray[Any] = self.classes_[probabilities.argmax(axis=1)]
        return labels
