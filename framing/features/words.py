"""Words of a passage with the names masked, so that a scorer learns what is said and not of whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

import numpy as np
from sklearn.base import BaseEstimator, TransformerMixin

WORD = re.compile(r"[^\W\d_]+(?:['’][a-z]+)?|\d+|[^\w\s]")
NAME = "np"
NUMBER = "0"
# The extractors of one classifier read the same batch one after the other; a batch has some 10,000 sides.
CACHED = 40_000
# Share of capitalised words above which a text is a headline; body sentences of the development articles have 0.2.
TITLE_CASE = 0.6


@lru_cache(maxsize=1)
def valences() -> dict[str, float]:
    """VADER's lexicon: word to valence, -4 to +4.

    References:
        Hutto, C. J., Gilbert, E. (2014). VADER: A Parsimonious Rule-based Model for Sentiment Analysis of
        Social Media Text. ICWSM.
    """
    from vader import SentimentIntensityAnalyzer

    lexicon: dict[str, float] = SentimentIntensityAnalyzer().lexicon
    # Its emoticons are no words of newspapers, and "united" is nearly always part of a country's name.
    return {word: value for word, value in lexicon.items() if word[0].isalpha() and word != "united"}


@lru_cache(maxsize=CACHED)
def masked_words(text: str) -> tuple[str, ...]:
    """Words in lower case; a capitalised word inside the text is a name and becomes `np`, a number `0`.

    In a headline that capitalises every word, words of the polarity lexicon are kept.

    >>> masked_words("Moscow said on Monday that 12 of its envoys met Merkel.")
    ('moscow', 'said', 'on', 'np', 'that', '0', 'of', 'its', 'envoys', 'met', 'np', '.')
    """
    matches = list(WORD.finditer(text))
    long = [match[0] for match in matches if len(match[0]) > 3]
    kept = valences() if sum(word[0].isupper() for word in long) > TITLE_CASE * len(long) else {}
    words = []
    for match in matches:
        word = match[0]
        lower = word.lower().replace("’", "'")
        if lower != word and match.start() > 0 and word[0].isupper() and lower not in kept:
            words.append(NAME)
        elif word[0].isdigit():
            words.append(NUMBER)
        else:
            words.append(lower)
    return tuple(words)


def spans(passages: Any, column: str) -> list[tuple[int, int] | None]:
    """Spans of a column as pairs; None where there is none."""
    return [None if span is None or (isinstance(span, float) and np.isnan(span)) else (int(span[0]), int(span[1]))
            for span in passages[column]]  # fmt: skip


def masked_sides(passages: Any) -> Iterator[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Masked words before and after the target, for each passage."""
    for text, span in zip(passages["text"], spans(passages, "target_span"), strict=True):
        start, end = span or (0, 0)
        # The space keeps the first word after the target from being taken for the first of the sentence.
        yield masked_words(text[:start]), masked_words(" " + text[end:])


class Stateless(TransformerMixin, BaseEstimator):
    """A transformer that learns nothing: `fit` returns it as it is."""

    def fit(self, X: Any, y: Any = None) -> Stateless:
        """Learn nothing."""
        return self

    def __sklearn_is_fitted__(self) -> bool:
        return True


class MaskedText(Stateless):
    """Each passage as one string of masked words, its target masked as well; for any vectoriser of words.

    Args:
        stem: Whether words are cut to their stems (Porter's second stemmer, in NLTK).

    >>> import pandas as pd
    >>> MaskedText().transform(pd.DataFrame({"text": ["Talks with Russia failed."], "target_span": [(11, 17)]}))
    ['talks with np failed .']
    """

    def __init__(self, stem: bool = False) -> None:
        self.stem = stem

    def transform(self, X: Any) -> list[str]:
        """Strings, one a passage."""
        documents = [[*before, NAME, *after] for before, after in masked_sides(X)]
        if self.stem:
            stem = lru_cache(maxsize=None)(_stemmer().stem)
            documents = [[stem(word) for word in words] for words in documents]
        return [" ".join(words) for words in documents]


def _stemmer() -> Any:
    from nltk.stem.snowball import EnglishStemmer

    return EnglishStemmer()
