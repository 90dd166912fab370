"""Attitude of a source toward a target: who does what to whom, from the words around the two and their order."""

from __future__ import annotations

from sklearn.pipeline import FeatureUnion, make_pipeline, make_union
from sklearn.preprocessing import MaxAbsScaler

from framing.classifiers.sentiment import SentimentClassifier, tokens
from framing.features import BetweenPair, DirectedPair, EventVerbs, TargetPolarity


class AttitudeClassifier(SentimentClassifier):
    """Negative, neutral or positive: logistic regression on words, with and without the order of the two parties.

    `fit` and `predict` take a frame with `text`, `source_span` and `target_span`. Names are masked. Classes are
    weighted by their inverse frequency.

    Args:
        C: Inverse strength of the penalty.
        min_df: Passages in which a feature must occur to count.
        random_state: Seed of the solver.

    Attributes:
        classes_: The labels, sorted.
        pipeline_: The fitted pipeline.

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"text": ["Iran blamed Iraq."] * 4, "source_span": [(0, 4), (12, 16)] * 2,
    ...                       "target_span": [(12, 16), (0, 4)] * 2})
    >>> model = AttitudeClassifier(min_df=1).fit(frame, ["negative", "neutral"] * 2)
    >>> model.predict(frame.head(2)).tolist()
    ['negative', 'neutral']
    """

    def _features(self) -> FeatureUnion:
        return make_union(
            tokens(DirectedPair(), self.min_df),
            tokens(BetweenPair(), self.min_df),
            make_pipeline(EventVerbs(), MaxAbsScaler()),
            make_pipeline(TargetPolarity(), MaxAbsScaler()),
        )
