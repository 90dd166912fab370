"""Evaluation of frames: each a yes or a no of its own, on sentences or on whole articles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.codebook import Codebook
from framing.evaluation import DRAWS, SEED, Evaluation, Interval
from framing.frame_articles import is_article, read_articles
from framing.frames import FramesScorer, codebook_of
from framing.resampling import cluster_weights, percentile_interval

Answers = NDArray[np.bool_]


def evaluate_frames(rows: Sequence[dict[str, Any]], scorer: FramesScorer) -> Evaluation:
    """A frames scorer on gold rows with `text` and `labels`.

    `macro_f1` is the mean F1 of yes over the frames that occur, `balanced_f1` the mean over them of the F1 of yes and
    of no, `accuracy` the share of decisions that are right, over rows and frames. A text of more than a few sentences
    is read as an article (`framing.frame_articles`).

    Args:
        rows: What `framing.gold.read_gold` returns.
        scorer: The scorer.
    """
    codebook = codebook_of(scorer)
    right = np.array([[frame in row["labels"] for frame in scorer.labels] for row in rows], dtype=bool)
    texts = [row["text"] for row in rows]
    answers, read = _answers(texts, scorer)
    occurring: Answers = np.any(right, axis=0)
    figures, intervals = _figures(right, answers, occurring)
    baselines: dict[str, Answers] = {
        "majority": np.broadcast_to(right.mean(axis=0) > 0.5, right.shape),
        "always yes": np.ones_like(right),
        "cues": _by_cues(texts, codebook),
    }
    judged = {name: _figures(right, given, occurring) for name, given in baselines.items()}
    labels = {frame: _by_frame(right[:, k], answers[:, k]) for k, frame in enumerate(scorer.labels) if occurring[k]}
    return Evaluation(
        task=scorer.measure,
        scorer=scorer.name,
        version=scorer.version,
        n=len(rows),
        abstained=int((~read).sum()),
        figures=figures,
        intervals=intervals,
        f1={frame: row["yes_f1"] for frame, row in labels.items()},
        labels=labels,
        baselines={name: {"figures": found, "intervals": spans} for name, (found, spans) in judged.items()},
        outlets=_by_outlet(rows, right, answers),
    )


def _answers(texts: Sequence[str], scorer: FramesScorer) -> tuple[Answers, NDArray[np.bool_]]:
    """Which frames each text carries, and whether it could be read: one that could not carries none."""
    import pandas as pd

    whole = np.array([is_article(text) for text in texts], dtype=bool)
    given = np.zeros((len(texts), len(scorer.labels)), dtype=bool)
    read = np.array([any(c.isalnum() for c in text) for text in texts], dtype=bool)
    if (~whole).any():
        frame = pd.DataFrame({"text": [text for text, one in zip(texts, whole, strict=True) if not one]})
        labels = scorer.score(frame)["label"].to_numpy().reshape(-1, len(scorer.labels))
        given[~whole] = labels == "yes"
    if whole.any():
        given[whole] = read_articles([text for text, one in zip(texts, whole, strict=True) if one], scorer)
    return given & read[:, None], read


def _by_cues(texts: Sequence[str], codebook: Codebook) -> Answers:
    """Frames of which a text has a cue."""
    found = [[any(cue.search(text) for cue in frame.cues) for frame in codebook.frames] for text in texts]
    return np.array(found, dtype=bool).reshape(len(texts), len(codebook.frames))


def _figures(
    right: Answers, given: Answers, occurring: NDArray[np.bool_]
) -> tuple[dict[str, float], dict[str, Interval]]:
    """Figures of all rows, and 95 % intervals over 1,000 resamples of the rows."""
    draws = cluster_weights(len(right), DRAWS, SEED).astype(np.float64)
    whole = np.ones((1, len(right)))

    def of(weights: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
        yes = _f1(weights, right, given)[:, occurring]
        no = _f1(weights, ~right, ~given)[:, occurring]
        hits = weights @ (right == given).mean(axis=1)
        return {
            "accuracy": hits / weights.sum(axis=1),
            "macro_f1": yes.mean(axis=1) if occurring.any() else np.full(len(weights), np.nan),
            "balanced_f1": ((yes + no) / 2).mean(axis=1) if occurring.any() else np.full(len(weights), np.nan),
        }

    spread = of(draws)
    return (
        {name: float(values[0]) for name, values in of(whole).items()},
        {name: percentile_interval(values) for name, values in spread.items()},
    )


def _f1(weights: NDArray[np.float64], right: Answers, given: Answers) -> NDArray[np.float64]:
    """F1 of each frame under each weighting of the rows, (weightings, frames); 0 where nothing is given or due."""
    hits, both = weights @ (right & given), weights @ (right.astype(float) + given)
    f1: NDArray[np.float64] = np.divide(2 * hits, both, out=np.zeros_like(hits), where=both > 0)
    return f1


def _by_frame(right: Answers, given: Answers) -> dict[str, float]:
    one = np.ones((1, len(right)))
    yes, no = (float(_f1(one, a[:, None], b[:, None])[0, 0]) for a, b in ((right, given), (~right, ~given)))
    hits = float((right & given).sum())
    return {
        "n": int(right.sum()),
        "given": int(given.sum()),
        "precision": hits / given.sum() if given.any() else float("nan"),
        "recall": hits / right.sum(),
        "yes_f1": yes,
        "no_f1": no,
        "balanced_f1": (yes + no) / 2,
    }


def _by_outlet(rows: Sequence[dict[str, Any]], right: Answers, given: Answers) -> dict[str, dict[str, Any]]:
    """Accuracy, and F1 over the frames that occur there, of each outlet's rows of a coded file."""
    found: dict[str, dict[str, Any]] = {}
    for outlet in sorted({row["outlet"] for row in rows if "outlet" in row and "article_id" in row}):
        here = np.array([row["outlet"] == outlet for row in rows])
        due, said = right[here], given[here]
        some = due.any(axis=0)
        f1 = _f1(np.ones((1, int(here.sum()))), due, said)[0, some]
        found[outlet] = {
            "n": int(here.sum()),
            "accuracy": float((due == said).mean()),
            "macro_f1": float(f1.mean()) if some.any() else float("nan"),
        }
    return found
