"""Positive and negative words around the target, from the VADER lexicon, nearer ones counting more."""

from __future__ import annotations

from collections.abc import Iterator
from math import exp
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.features.words import Stateless, masked_sides, valences

NEGATIONS = frozenset(
    [
        "not",
        "no",
        "never",
        "without",
        "nor",
        "neither",
        "hardly",
        "cannot",
        "denied",
        "deny",
        "denies",
        "isn't",
        "wasn't",
        "aren't",
        "don't",
        "didn't",
        "doesn't",
        "won't",
        "can't",
        "couldn't",
        "wouldn't",
        "shouldn't",
        "hasn't",
        "haven't",
    ]
)
# A negated word is weaker and of the other sign; the factor is VADER's (Hutto and Gilbert 2014).
NEGATED = -0.74
# Words over which the weight falls to 1/e: the phrase, the clause, the sentence.
REACHES = (3.0, 10.0, 100.0)


class TargetPolarity(Stateless):
    """Sums of positive and of negative valences before and after the target, at three reaches, and where it stands.

    Columns: for each side and reach `positive`, `negative`; then quotation marks (0 to 2), and the words before
    and after, in thirties. A word after a negation counts -0.74 times.

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"text": ["They praised Russia."], "target_span": [(13, 19)]})
    >>> extractor = TargetPolarity()
    >>> float(extractor.transform(frame)[0, 0])  # "praised" is +2.2 in the lexicon
    2.2
    """

    def transform(self, X: Any) -> NDArray[np.float64]:
        """Array (passages, 15)."""
        rows = np.zeros((len(X["text"]), 4 * len(REACHES) + 3))
        for number, ((before, after), text) in enumerate(zip(masked_sides(X), X["text"], strict=True)):
            for offset, side in (
                (0, [(len(before) - 1 - i, v) for i, v in _polar(before)]),
                (6, list(_polar(after))),
            ):
                for distance, value in side:
                    for j, reach in enumerate(REACHES):
                        rows[number, offset + 2 * j + (value < 0)] += abs(value) * exp(-distance / reach)
            marks = min(2, text.count('"') + text.count("“"))
            rows[number, -3:] = marks, len(before) / 30, len(after) / 30
        return rows

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """Names of the columns."""
        signs = ("positive", "negative")
        names = [f"{side}_{sign}_{reach:g}" for side in ("before", "after") for reach in REACHES for sign in signs]
        return np.array([*names, "quotation_marks", "words_before", "words_after"], dtype=object)


def _polar(words: tuple[str, ...]) -> Iterator[tuple[int, float]]:
    """Place and signed valence of each word of the lexicon."""
    lexicon = valences()
    for i, word in enumerate(words):
        if value := lexicon.get(word):
            negated = not NEGATIONS.isdisjoint(words[max(0, i - 3) : i])
            yield i, value * NEGATED if negated else value
