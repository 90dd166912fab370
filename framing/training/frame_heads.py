"""The heads of frames: calibrated on what folds said of passages that they had not seen, and shipped."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.pipeline import make_union
from skops.io import dumps

from framing.classifiers.frames import FrameClassifier, best_threshold, sigmoid
from framing.codebook import Codebook, load_codebook
from framing.features import CueHits, PassageEmbedding
from framing.training.frame_branch import Branch, head_of, write_branch
from framing.training.frame_rows import BOOKS, FRAMES, Coded, shares
from framing.training.network import MODELS
from framing.training.ship import checksums
from framing.weights import repeatable

VERSION = {"encoder": "2", "light": "1"}
# Passages that carry a frame below which its F1 on them is not told.
TOLD = 10
Floats = NDArray[np.float32]


def macro_f1(logits: Floats, share: Floats) -> dict[str, float]:
    """Mean F1 over the frames of each codebook, each at the threshold that is best for it on these very rows."""
    found = {}
    for book in BOOKS:
        scores = []
        for k, (name, _) in enumerate(FRAMES):
            labels = share[:, k] >= 0.5
            if name == book and labels.any():
                odds = sigmoid(logits[:, k].astype(float))
                scores.append(f1_score(labels, odds >= best_threshold(odds, labels)))
        found[book] = float(np.mean(scores))
    return found


def ship_heads(branch: Branch, rows: Sequence[Coded], logits: Floats) -> None:
    """Write the branch into the reader, and for each codebook a classifier on it and one on words.

    Args:
        branch: Fitted on all passages.
        rows: The labelled passages.
        logits: What folds said of each that had not seen it, (rows, frames).
    """
    write_branch(branch, MODELS)
    weights, constants = head_of(branch)
    share = shares(rows)
    real = np.array([row.real for row in rows])
    texts = [row.text for row in rows]
    files = []
    for book in BOOKS:
        codebook = load_codebook(book)
        columns = [k for k, (name, _) in enumerate(FRAMES) if name == book]
        encoder = _encoder_heads(codebook, texts, logits[:, columns], share[:, columns], real)
        # What was fitted on logits of folds holds for those of the whole: the same head, one number in its place.
        slope = encoder.coef_[:, :1]
        encoder.coef_ = np.hstack([slope * weights[columns], encoder.coef_[:, 1:]])
        encoder.intercept_ = encoder.intercept_ + slope[:, 0] * constants[columns]
        # Rarer words would make the weights three times as large.
        words = FrameClassifier(codebook.names, codebook.cues, "words", min_df=4).fit(texts, share[:, columns])
        _to_base_rate(words, words.held_out_, share[:, columns], real)
        for cost, model in (("encoder", encoder), ("light", words)):
            model.held_out_ = np.empty((0, len(columns)))  # it served its purpose
            name = f"frames-{book}-{cost}.skops"
            (MODELS / name).write_bytes(repeatable(dumps(model)))
            files.append(name)
    checksums("reader.onnx", *files)


def _encoder_heads(
    codebook: Codebook, texts: Sequence[str], logits: Floats, share: Floats, real: NDArray[np.bool_]
) -> FrameClassifier:
    """A classifier whose first feature is a frame's logit; the others are the cues."""
    model = FrameClassifier(codebook.names, codebook.cues)
    model.features_ = make_union(PassageEmbedding(), CueHits(codebook.cues))
    hits = CueHits(codebook.cues).transform(texts)
    coef, intercept, thresholds, held = [], [], [], []
    for k in range(len(codebook.frames)):
        features = np.column_stack([logits[:, k], hits[:, k]])
        yes, no = np.flatnonzero(share[:, k] > 0), np.flatnonzero(share[:, k] < 1)
        both = np.concatenate([yes, no])
        odds = LogisticRegression(C=100.0).fit(
            features[both],
            np.arange(len(both)) < len(yes),
            sample_weight=np.concatenate([share[yes, k], 1 - share[no, k]]),
        )
        row = np.zeros(1 + len(codebook.frames))
        row[0], row[1 + k] = odds.coef_[0]
        probability = sigmoid(features @ odds.coef_[0] + odds.intercept_[0])
        coef.append(row)
        intercept.append(odds.intercept_[0])
        thresholds.append(best_threshold(probability, share[:, k] >= 0.5))
        held.append(probability)
    model.coef_, model.intercept_ = np.array(coef), np.array(intercept)
    model.thresholds_, model.n_features_in_ = np.array(thresholds), 1
    _to_base_rate(model, np.column_stack(held), share, real)
    return model


def _to_base_rate(model: FrameClassifier, held: NDArray[np.float64], share: Floats, real: NDArray[np.bool_]) -> None:
    """Shift each constant so that real passages, on average, get the share of them that carries the frame.

    Sentences that were written for frames carry them far oftener than news does. Thresholds are shifted along, so that
    answers stay the same.
    """
    from scipy.optimize import brentq
    from scipy.special import logit

    for k in range(held.shape[1]):
        scores = logit(np.clip(held[real, k], 1e-9, 1 - 1e-9))
        due = (share[real, k].sum() + 0.5) / (real.sum() + 1)
        shift = brentq(lambda move, scores=scores, due=due: float(sigmoid(scores + move).mean() - due), -15, 15)
        model.intercept_[k] += shift
        if model.thresholds_[k] < 1:
            model.thresholds_[k] = float(sigmoid(np.array([logit(model.thresholds_[k]) + shift]))[0])


def known(f1: dict[str, dict[str, dict[str, float | None]]]) -> None:
    """Write `frames.json`: of each codebook and cost the version, and F1 of each frame on real passages."""
    card = {
        book: {cost: {"version": VERSION[cost], "f1": f1.get(book, {}).get(cost, {})} for cost in ("encoder", "light")}
        for book in BOOKS
    }
    (MODELS / "frames.json").write_text(json.dumps(card, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    checksums("frames.json")
