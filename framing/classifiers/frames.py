"""Frames of a passage: several may hold at once, so that each has a linear head and a threshold of its own."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.pipeline import make_pipeline, make_union
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.utils.validation import check_is_fitted

from framing.features import CueHits, PassageEmbedding
from framing.features.embedding import texts

# Inverse strength of the penalty by what is read: standardised numbers of an encoder, or weighted words.
STRENGTH = {"encoder": 0.02, "words": 3.0}
FOLDS = 5
# Positives and negatives that a frame needs, so that each fold has one of either.
FEWEST = FOLDS
# A threshold that no probability reaches.
NEVER = 2.0

Floats = NDArray[np.float64]


class FrameClassifier(ClassifierMixin, BaseEstimator):
    """One logistic regression a frame, on what the encoder reads (or on words) and on the codebook's cues.

    `fit` takes passages (a frame with `text`, or a list of texts) and for each passage and frame 1 or 0, or the share
    of its coders who saw the frame. Probabilities are calibrated (Platt's sigmoid), and thresholds chosen for the
    highest F1, on the scores that each passage gets from a fit on the other four fifths.

    Args:
        frames: Names of the frames.
        cues: Patterns of each frame; none where empty.
        reads: `encoder` or `words`.
        C: Inverse strength of the penalty; None for the default of what is read.
        min_df: Passages in which a word must occur to count, where words are read.
        random_state: Seed of the folds.

    Attributes:
        features_: Fitted union of the feature extractors.
        coef_: Weights, (frames, features).
        intercept_: Constants, (frames,).
        thresholds_: Probability from which a passage carries the frame, (frames,).
        held_out_: The calibrated probability of each training passage by the fit that had not seen it, (N, frames).

    References:
        Platt, J. (1999). Probabilistic Outputs for Support Vector Machines. Advances in Large Margin Classifiers.

    >>> import numpy as np
    >>> X = [f"Prices rose by {k} percent." for k in range(9)] + [f"The court met in room {k}." for k in range(9)]
    >>> model = FrameClassifier(frames=("economic",), reads="words").fit(X, np.array([[1]] * 9 + [[0]] * 9))
    >>> model.predict(["Prices fell.", "The court rose."]).tolist()
    [[1], [0]]
    """

    def __init__(
        self,
        frames: Sequence[str] = (),
        cues: Sequence[Sequence[str]] = (),
        reads: str = "encoder",
        C: float | None = None,
        min_df: int = 2,
        random_state: int = 0,
    ) -> None:
        self.frames = frames
        self.cues = cues
        self.reads = reads
        self.C = C
        self.min_df = min_df
        self.random_state = random_state

    def fit(self, X: Any, y: Any) -> FrameClassifier:
        """Learn from passages (N) and their frames, (N, F), 0 to 1.

        Raises:
            ValueError: A frame has fewer than five passages that carry it, or that do not.
        """
        shares = np.asarray(y, dtype=np.float64)
        shares = shares.reshape(len(shares), -1)
        self._check(shares)
        self.features_ = self._extractors()
        features = self.features_.fit_transform(X)
        heads = [self._head(features, shares[:, k]) for k in range(shares.shape[1])]
        self.coef_ = np.array([coef for coef, *_ in heads])
        self.intercept_ = np.array([intercept for _, intercept, *_ in heads])
        self.thresholds_ = np.array([threshold for *_, threshold, _ in heads])
        self.held_out_ = np.column_stack([held for *_, held in heads])
        self.n_features_in_ = 1
        return self

    @property
    def classes_(self) -> Any:
        """No and yes, for each frame where there are several, as scikit-learn's scoring asks."""
        return np.array([0, 1]) if len(self.coef_) == 1 else [np.array([0, 1])] * len(self.coef_)

    def _check(self, shares: Floats) -> None:
        if self.reads not in STRENGTH:
            raise ValueError(f"reads is {self.reads!r}; there are: {', '.join(STRENGTH)}")
        for k, column in enumerate(shares.T):
            name = self.frames[k] if k < len(self.frames) else f"number {k + 1}"
            for what, count in (("with", (column >= 0.5).sum()), ("without", (column < 0.5).sum())):
                if count < FEWEST:
                    raise ValueError(
                        f"frame {name!r} has {count} coded passages {what} it; at least {FEWEST} are needed"
                    )

    def _extractors(self) -> Any:
        parts = []
        if self.reads == "encoder":
            parts.append(make_pipeline(PassageEmbedding(), StandardScaler()))
        else:
            words = TfidfVectorizer(ngram_range=(1, 2), min_df=self.min_df, sublinear_tf=True)
            parts.append(make_pipeline(FunctionTransformer(texts), words))
        if any(self.cues):
            parts.append(CueHits(self.cues))
        return make_union(*parts)

    def _head(self, features: Any, share: Floats) -> tuple[Floats, float, float, Floats]:
        """Weights, constant, threshold, and the probabilities held out, of one frame."""
        labels = share >= 0.5
        folds = StratifiedKFold(FOLDS, shuffle=True, random_state=self.random_state)
        scores = np.empty(len(labels))
        for rest, held in folds.split(np.zeros(len(labels)), labels):
            scores[held] = self._regression(features[rest], share[rest]).decision_function(features[held])
        slope, offset = platt(scores, share)
        held_out = sigmoid(slope * scores + offset)
        # Where nothing was learned, a yes to everything would have the highest F1, and say nothing.
        threshold = best_threshold(held_out, labels) if slope else NEVER
        whole = self._regression(features, share)
        coef: Floats = slope * whole.coef_[0]
        return coef, float(slope * whole.intercept_[0] + offset), threshold, held_out

    def _regression(self, features: Any, share: Floats) -> LogisticRegression:
        """A regression on passages, each as a yes and as a no, weighted by how many of its coders said so."""
        strength = STRENGTH[self.reads] if self.C is None else self.C
        yes, no = np.flatnonzero(share > 0), np.flatnonzero(share < 1)
        rows = np.concatenate([yes, no])
        weights = np.concatenate([share[yes], 1 - share[no]])
        model = LogisticRegression(C=strength, max_iter=2000, random_state=self.random_state)
        return model.fit(features[rows], np.arange(len(rows)) < len(yes), sample_weight=weights)

    def predict_proba(self, X: Any) -> Floats:
        """Probability of each frame, (passages, frames)."""
        check_is_fitted(self, "coef_")
        if not len(X):
            return np.empty((0, len(self.coef_)))
        scores = self.features_.transform(X) @ self.coef_.T + self.intercept_
        return sigmoid(np.asarray(scores, dtype=np.float64))

    def predict(self, X: Any) -> NDArray[np.int64]:
        """1 where a passage carries a frame, (passages, frames)."""
        return self.decide(self.predict_proba(X))

    def decide(self, probabilities: Floats) -> NDArray[np.int64]:
        """1 where a probability reaches its frame's threshold."""
        return (probabilities >= self.thresholds_).astype(np.int64)


def sigmoid(scores: Floats) -> Floats:
    """1 / (1 + exp(-score)).

    >>> sigmoid(np.array([0.0])).tolist()
    [0.5]
    """
    from scipy.special import expit

    shares: Floats = expit(scores)
    return shares


def platt(scores: Floats, share: Floats) -> tuple[float, float]:
    """Slope and constant by which scores become probabilities.

    A slope is never negative: where held-out scores point the wrong way, nothing was learned, and all get the mean.
    """
    weights = np.concatenate([share, 1 - share])
    both = np.concatenate([scores, scores])[:, None]
    chosen = weights > 0
    labels = np.arange(len(both)) < len(scores)
    model = LogisticRegression(C=100.0, max_iter=2000).fit(both[chosen], labels[chosen], sample_weight=weights[chosen])
    if model.coef_[0, 0] > 0:
        return float(model.coef_[0, 0]), float(model.intercept_[0])
    mean = float(np.clip(share.mean(), 1e-6, 1 - 1e-6))
    return 0.0, float(np.log(mean / (1 - mean)))


def best_threshold(probabilities: Floats, labels: NDArray[np.bool_]) -> float:
    """The probability from which a yes gives the highest F1; midway between it and the next one below.

    >>> round(best_threshold(np.array([0.1, 0.2, 0.6, 0.8]), np.array([False, False, True, True])), 3)
    0.4
    """
    order = np.argsort(-probabilities, kind="stable")
    ranked, hits = probabilities[order], np.cumsum(labels[order])
    f1 = 2 * hits / (np.arange(1, len(order) + 1) + labels.sum())
    # A threshold may only stand between two different probabilities.
    ends = np.append(ranked[1:] < ranked[:-1], True)
    best = int(np.argmax(np.where(ends, f1, -1.0)))
    below = ranked[best + 1] if best + 1 < len(ranked) else 0.0
    return float((ranked[best] + below) / 2)
