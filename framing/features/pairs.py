"""The text of a passage with the names of its pair masked, and every other name left."""

from __future__ import annotations

from typing import Any

from framing.features.words import NAME, NUMBER, WORD, Stateless, spans


class PairText(Stateless):
    """Each passage as one string of words in lower case; the pair's two names are `np`, a number is `0`.

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"text": ["Moscow briefed Mueller on US aid in 2018."]})
    >>> PairText().transform(frame.assign(source_span=[(0, 6)], target_span=[(26, 28)]))
    ['np briefed mueller on np aid in 0 .']
    """

    def transform(self, X: Any) -> list[str]:
        """Strings, one a passage."""
        pairs = zip(X["text"], spans(X, "source_span"), spans(X, "target_span"), strict=True)
        return [_masked(text, [span for span in both if span]) for text, *both in pairs]


def _masked(text: str, names: list[tuple[int, int]]) -> str:
    words: list[str] = []
    for match in WORD.finditer(text):
        if name := next((span for span in names if span[0] <= match.start() < span[1]), None):
            if match.start() == name[0]:
                words.append(NAME)
        else:
            words.append(NUMBER if match[0][0].isdigit() else match[0].lower())
    return " ".join(words)
