"""Relation of a pair in a passage: first whether an interaction is reported at all, then cooperation or conflict."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import MaxAbsScaler
from sklearn.utils.validation import check_is_fitted

from framing.classifiers.sentiment import tokens
from framing.features import BetweenPair, EventVerbs, LetterRuns, TargetPolarity

LABELS = ("conflict", "cooperation", "none")


class RelationClassifier(ClassifierMixin, BaseEstimator):
    """Conflict, cooperation, or none: a gate and a sign, each a logistic regression on words, letters and event verbs.

    `fit` and `predict` take a frame with `text`, `source_span` and `target_span`. `none` means that the passage
    names both countries and reports nothing between them. The two decisions are learned apart, since what tells an
    interaction ("met", "signed", "accused") is not what tells its sign.

    Args:
        C: Inverse strength of the penalty.
        gate: Probability of an interaction from which the passage is taken to report one.
        min_df: Passages in which a feature must occur to count.
        random_state: Seed of the solver.

    Attributes:
        classes_: conflict, cooperation, none.
        features_: Fitted union of the feature extractors.
        gate_: Fitted regression: does the passage report an interaction?
        sign_: Fitted regression: conflict or cooperation, learned on interactions alone.
    """

    def __init__(self, C: float = 1.0, gate: float = 0.5, min_df: int = 2, random_state: int = 0) -> None:
        self.C = C
        self.gate = gate
        self.min_df = min_df
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> RelationClassifier:
        """Learn from passages and their labels."""
        labels = np.asarray(y)
        interacting = labels != "none"
        self.features_ = make_union(
            tokens(BetweenPair(), self.min_df),
            LetterRuns(min_df=self.min_df + 1),
            make_pipeline(EventVerbs(), MaxAbsScaler()),
            make_pipeline(TargetPolarity(), MaxAbsScaler()),
        )
        features = self.features_.fit_transform(X)
        self.gate_ = self._regression().fit(features, interacting)
        self.sign_ = self._regression().fit(features[interacting], labels[interacting])
        self.classes_ = np.array(LABELS)
        return self

    def _regression(self) -> LogisticRegression:
        return LogisticRegression(C=self.C, class_weight="balanced", max_iter=1000, random_state=self.random_state)

    def predict_proba(self, X: Any) -> NDArray[Any]:
        """Probabilities (passages, 3) of conflict, cooperation, none."""
        check_is_fitted(self)
        features = self.features_.transform(X)
        interaction = self.gate_.predict_proba(features)[:, list(self.gate_.classes_).index(True)]
        sign = self.sign_.predict_proba(features)
        conflict = sign[:, list(self.sign_.classes_).index("conflict")]
        return np.column_stack([interaction * conflict, interaction * (1 - conflict), 1 - interaction])

    def predict(self, X: Any) -> NDArray[Any]:
        """Label of each passage: none below the gate, else the likelier sign."""
        return self.decide(self.predict_proba(X))

    def decide(self, probabilities: NDArray[Any]) -> NDArray[Any]:
        """Labels from probabilities that are known already."""
        signs = np.where(probabilities[:, 0] >= probabilities[:, 1], "conflict", "cooperation")
        labels: NDArray[Any] = np.where(1 - probabilities[:, 2] >= self.gate, signs, "none")
        return labels
