"""The encoder's reading of a passage as numbers, for any classifier of scikit-learn."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.features.words import Stateless, spans

# The encoder's output that frames are told from, and how many numbers it has.
HEAD, WIDTH = "frames", 384


class PassageEmbedding(Stateless):
    """Each passage as the shipped encoder reads it for frames: 384 numbers. Names of countries are masked before.

    Takes a frame of passages (`text`, and where they are known `target_span` and `source_span`) or a list of texts.

    >>> PassageEmbedding().transform(["The two sides signed a treaty.", "Prices rose."]).shape
    (2, 384)
    """

    def transform(self, X: Any) -> NDArray[np.float64]:
        """Numbers of each passage, (N, 384)."""
        from framing.encoder import load_encoder
        from framing.masking import pieces

        encoder = load_encoder("reader")
        sides = zip(texts(X), _spans(X, "target_span"), _spans(X, "source_span"), strict=True)
        cut = [pieces(text, target, source, mask=True, directed=False) for text, target, source in sides]
        rows = [one[HEAD] for one in encoder.read(encoder.tokenizer(cut), HEAD)]
        return np.array(rows, dtype=np.float64).reshape(len(cut), WIDTH)


def texts(passages: Any) -> list[str]:
    """The texts of a frame of passages, or of a list of texts."""
    column = passages["text"] if hasattr(passages, "columns") else passages
    return [str(text) for text in column]


def _spans(passages: Any, column: str) -> list[tuple[int, int] | None]:
    known = hasattr(passages, "columns") and column in passages
    return spans(passages, column) if known else [None] * len(passages)
