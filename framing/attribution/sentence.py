"""A sentence in tokens, with what stands between quotation marks."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field

from framing.attribution.function_words import (
    ADVERBS,
    AUXILIARIES,
    CONJUNCTIONS,
    PREPOSITIONS,
    QUOTATION_MARKS,
    SUBORDINATORS,
    TIMES,
)
from framing.attribution.quotation import Quoted

Span = tuple[int, int]
TOKEN = re.compile(r"[^\W_]+(?:[.'’&/-][^\W_]+)*\.?(?=\W|$)|\S")
# Words whose full stop is theirs.
ABBREVIATION = re.compile(
    r"^(?:[A-Z]\.)+$|^(?:Mr|Mrs|Ms|Dr|Gen|Sen|Rep|Gov|Col|Lt|Maj|St|Jr|Sr|Rev|Prof|Adm|Capt|Sgt|No|vs|etc|Inc|Co|Corp)\.$"
)


@dataclass(slots=True)
class Found:
    """An attribution in the making; ranges are of tokens, `[first, last)`."""

    cue: Span
    source: Span | None
    content: list[Span]
    act: str


@dataclass(slots=True)
class Sentence:
    """A sentence in tokens.

    Attributes:
        spans: Characters of each token.
        words: The tokens.
        low: The same in small letters, with straight apostrophes.
        inside: Number of the quotation that a token stands in, or -1.
        found: Its attributions, once they are found.
        introduces: Whom it lets speak where it ends with a colon.
    """

    spans: list[Span]
    words: list[str]
    low: list[str]
    inside: list[int]
    found: list[Found] = field(default_factory=list)
    introduces: Span | None = None

    def __len__(self) -> int:
        return len(self.low)

    def chars(self, first: int, last: int) -> Span:
        """Characters of a range of tokens."""
        return self.spans[first][0], self.spans[last - 1][1]

    def told(self, k: int) -> bool:
        """Whether a token is the text's own, outside quotation marks."""
        return self.inside[k] < 0

    def nominal(self, k: int) -> bool:
        """Whether a token may be part of a noun phrase's core."""
        word = self.low[k]
        return word[0].isalnum() and not (
            word in AUXILIARIES
            or word in PREPOSITIONS
            or word in SUBORDINATORS
            or word in CONJUNCTIONS
            or word in ADVERBS
            or word in TIMES
        )

    def ends(self, k: int) -> bool:
        """Whether nothing but a pause or the end stands at a place."""
        return (
            k >= len(self.low)
            or self.low[k] in (".", ",", "!", "?", ";", "—", "–")
            or (self.low[k] in QUOTATION_MARKS and k == len(self.low) - 1)
        )

    def closes_with_comma(self, k: int) -> bool:
        """Whether a token is a quotation mark that closes after a comma, as Americans set it."""
        return k > 0 and self.low[k] in QUOTATION_MARKS and self.low[k - 1] == ","

    def is_title(self) -> bool:
        """Whether it is a headline with nearly every word in capitals."""
        long = [word for word in self.words if len(word) > 3 and word[0].isalpha()]
        return len(long) > 2 and sum(word[0].isupper() for word in long) > 0.7 * len(long)


def tokenised(text: str, start: int, end: int, quotes: Sequence[Quoted]) -> Sentence:
    """The tokens of `text[start:end]`; `quotes` are those of its paragraph, in order.

    >>> tokenised("Mr. Orban didn't say.", 0, 21, []).words
    ['Mr.', 'Orban', "didn't", 'say', '.']
    """
    spans: list[Span] = []
    for match in TOKEN.finditer(text, start, end):
        first, last = match.span()
        if match[0][-1] == "." and last - first > 1 and not (ABBREVIATION.match(match[0]) and last < end):
            spans += [(first, last - 1), (last - 1, last)]
        else:
            spans.append((first, last))
    words = [text[first:last] for first, last in spans]
    at = bisect_right(quotes, start, key=lambda quote: quote.end)
    quoted = at < len(quotes) and quotes[at].start < end
    inside: list[int] = [] if quoted else [-1] * len(spans)
    for first, _ in spans if quoted else ():
        while at < len(quotes) and quotes[at].end <= first:
            at += 1
        inside.append(at if at < len(quotes) and quotes[at].start <= first else -1)
    return Sentence(spans, words, [word.lower().replace("’", "'") for word in words], inside)
