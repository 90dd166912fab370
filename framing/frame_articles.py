"""Frames of whole articles: an article carries a frame if enough of its sentences do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from framing.sentences import sentence_spans

if TYPE_CHECKING:
    from framing.frames import FramesScorer

# Sentences above which a text is an article and no passage.
PASSAGE_SENTENCES = 5
# Share of an article's sentences that must carry a frame, and that of frames for which it was chosen apart: on 120 real
# articles about Russia and the United States, and 60 written for it on fifteen other topics, all coded as a whole
# (framing/training/coded-frame-articles.jsonl, frame-articles.jsonl).
ENOUGH = 0.1
CHOSEN = {
    "generic": {"conflict": 0.06, "human-interest": 0.13, "economic": 0.18, "morality": 0.08, "responsibility": 0.07}
}


def is_article(text: str) -> bool:
    """Whether a text is more than a passage."""
    return len(sentence_spans(text)) > PASSAGE_SENTENCES


def sentence_shares(texts: Sequence[str], scorer: FramesScorer) -> NDArray[np.float64]:
    """Share of the sentences of each text that carry each frame, (texts, frames)."""
    import pandas as pd

    cut = [[text[start:end] for start, end in sentence_spans(text)] for text in texts]
    frame = pd.DataFrame({"text": [sentence for one in cut for sentence in one]})
    told = (scorer.score(frame)["label"] == "yes").to_numpy().reshape(-1, len(scorer.labels))
    ends = np.cumsum([len(one) for one in cut])[:-1]
    return np.array([rows.mean(axis=0) for rows in np.split(told, ends)])


def read_articles(texts: Sequence[str], scorer: FramesScorer) -> NDArray[np.bool_]:
    """Which frames each article carries, (articles, frames)."""
    known = {} if scorer.folder else CHOSEN.get(scorer.codebook, {})
    enough = np.array([known.get(frame, ENOUGH) for frame in scorer.labels])
    return sentence_shares(texts, scorer) >= enough
