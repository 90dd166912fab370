"""Cues of a codebook in a passage: which frames' typical words it has."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.features.embedding import texts
from framing.features.words import Stateless

# Characters of a passage that are searched; a passage is a sentence or two.
SEARCHED = 5_000


class CueHits(Stateless):
    """How many different cues of each frame a passage has: 0, 1, 2 or more as 2.

    Args:
        cues: The patterns of each frame, in the order of the frames; searched without regard to case.

    >>> CueHits(cues=[["tariffs?", "prices?"], ["treat(y|ies)"]]).transform(["Tariffs raise prices.", "No."]).tolist()
    [[2.0, 0.0], [0.0, 0.0]]
    """

    def __init__(self, cues: Sequence[Sequence[str]] = ()) -> None:
        self.cues = cues

    def transform(self, X: Any) -> NDArray[np.float64]:
        """Hits, (passages, frames)."""
        patterns = [[_pattern(cue) for cue in frame] for frame in self.cues]
        rows = [
            [min(2, sum(bool(cue.search(text[:SEARCHED])) for cue in frame)) for frame in patterns] for text in texts(X)
        ]
        return np.array(rows, dtype=np.float64).reshape(len(rows), len(self.cues))


# The codebooks have more cues than the module `re` keeps, and each batch asks for all of them.
@lru_cache(maxsize=10_000)
def _pattern(cue: str) -> re.Pattern[str]:
    return re.compile(cue, re.IGNORECASE)
