"""Attribution: who is told to have said, thought, wanted or shown what, in a text; by rules, without a parser.

The unit is a cue ("said", "according to", "criticised", "plans to") with its source and its content. The notion is
wide: also attitudes and intents, as in Pareti, S. (2012), A Database of Attribution Relations, LREC. The rules and what
they reach: docs/measures/voice.md.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from framing.attribution.clauses import find_in
from framing.attribution.cues import load_cues
from framing.attribution.function_words import QUOTATION_MARKS
from framing.attribution.quotation import Quoted, quoted_stretches
from framing.attribution.sentence import Span, tokenised
from framing.sentences import paragraph_spans, sentence_spans

# Words in quotation marks that are fewer than this, and no sentence of their own, quote nobody: they are scare quotes.
SCARE_WORDS = 5
# A sentence this short after a quotation is its cue: “Why now?” / Bozell asks.
CUE_WORDS = 6
# A signature after a quotation: “We go on.” ― Oscar P. Quintero
SIGNED = re.compile(r"\s{0,3}[―—–-]{1,2}\s{0,2}([A-Z][^\n.:;“\"―—–]{2,60})(?=[.\n]|$)")


@dataclass(frozen=True, slots=True)
class Attribution:
    """One attribution in a text.

    Attributes:
        content: What is attributed: spans of the text, one or more, in order.
        source: To whom: a span; none where the text is silent.
        cue: By what word; None for a quotation that stands by itself.
        kind: direct (all of it between quotation marks), indirect, or mixed (some of it).
        act: What the cue tells of: say, according, think, want, feel, speak (for or against); quote: without one.
    """

    content: tuple[Span, ...]
    source: tuple[Span, ...]
    cue: Span | None
    kind: str
    act: str


def find_attributions(text: str) -> list[Attribution]:
    """Every attribution in a text, in the order of the cues.

    >>> text = "The envoy said that talks go on. Paris called the plan “a complete farce”."
    >>> for one in find_attributions(text):
    ...     print(one.kind, *(text[start:end] for start, end in one.source + one.content), sep=" | ")
    indirect | The envoy | that talks go on
    mixed | Paris | the plan “a complete farce”
    """
    quotes = quoted_stretches(text)
    starts = [quote.start for quote in quotes]
    found: list[Attribution] = []
    last: tuple[Span, ...] = ()
    for first, end in paragraph_spans(text):
        inside = quotes[bisect_left(starts, first) : bisect_left(starts, end)]
        paragraph = _Paragraph(text, first, end, inside, last)
        here = list(paragraph.attributions())
        found += here
        last = paragraph.introduced or next((one.source for one in reversed(here) if one.source and one.cue), last)
    return found


def scare_quotes(text: str) -> list[Span]:
    """Words in quotation marks by which nobody is quoted: the “so-called” experts.

    >>> text = "Their “experts” agreed. “We do not agree at all,” he said."
    >>> [text[start:end] for start, end in scare_quotes(text)]
    ['“experts”']
    """
    quoted = sorted(span for one in find_attributions(text) if one.act != "want" for span in one.content)
    starts, furthest = [start for start, _ in quoted], [0, *accumulate((end for _, end in quoted), max)]
    return [
        (quote.start, quote.end)
        for quote in quoted_stretches(text)
        if _is_scare(text, quote) and furthest[bisect_right(starts, quote.start)] < quote.end
    ]


@dataclass(slots=True)
class _Made:
    """An attribution in characters, while quotations are still added to it."""

    content: list[Span]
    source: tuple[Span, ...]
    cue: Span | None
    act: str


class _Paragraph:
    """One paragraph, and what is attributed in it.

    Args:
        last: Who spoke last before it: a quotation without a cue is his.
    """

    def __init__(self, text: str, first: int, end: int, quotes: Sequence[Quoted], last: tuple[Span, ...]) -> None:
        self.text, self.quotes, self.last, self.cues = text, quotes, last, load_cues()
        self.starts, self.ends = [quote.start for quote in quotes], [quote.end for quote in quotes]
        self.introduced: tuple[Span, ...] = ()  # whom its last words introduce: "Stone stated:"
        self.sentences = [tokenised(text, *span, quotes) for span in self._joined(sentence_spans(text, first, end))]

    def _joined(self, spans: Sequence[Span]) -> list[Span]:
        """Sentences, those that a quotation's own end cut off put together: “Why now?” / he asked."""
        joined: list[Span] = []
        for start, end in spans:
            if joined and self.text[joined[-1][1] - 1] in QUOTATION_MARKS and self._goes_on(start, end):
                joined[-1] = (joined[-1][0], end)
            else:
                joined.append((start, end))
        return joined

    def _goes_on(self, start: int, end: int) -> bool:
        if self.text[start].islower():
            return True
        words = self.text[start:end].rstrip(".").lower().split()
        forms = (form for word in words[1:] for form in self.cues.verbs.get(word, ()))
        return len(words) < CUE_WORDS and any("say" in form.kinds or form.lemma == "ask" for form in forms)

    def attributions(self) -> Iterator[Attribution]:
        """Those of the paragraph, in order."""
        made: list[_Made] = []
        for sentence in self.sentences:
            find_in(sentence, self.cues)
            for one in sentence.found:
                spans = [sentence.chars(*part) for part in one.content if part[1] > part[0]]
                content = [self._whole_quote(*span) for span in spans]
                source = (sentence.chars(*one.source),) if one.source else ()
                if content:
                    made.append(_Made(content, source, sentence.chars(*one.cue), one.act))
            if sentence.introduces:
                self.introduced = (sentence.chars(*sentence.introduces),)
        if self.introduced:
            self.last = self.introduced
        if not self.sentences or self.sentences[-1].low[-1:] != [":"]:
            self.introduced = ()
        self._add_standing(made)
        for each in sorted(made, key=lambda m: (m.cue or m.content[0], m.content)):
            content = sorted(set(each.content))
            yield Attribution(tuple(content), each.source, each.cue, self._kind(content), each.act)

    def _whole_quote(self, start: int, end: int) -> Span:
        """A content that begins or ends within a quotation takes it whole, over sentences."""
        for quote in self._quotes(start, end):
            if quote.start < start < quote.end <= end + 1:
                start = quote.start
            if start <= quote.start < end < quote.end:
                end = quote.end
        return start, end

    def _add_standing(self, made: list[_Made]) -> None:
        """Quotations that no cue has taken: of who signs, speaks beside them in the paragraph, or spoke last."""
        covered = {quote.start for one in made for span in one.content for quote in self._quotes(*span)}
        spoken = [one for one in made if one.source and one.cue and any(self._quotes(*span) for span in one.content)]
        for quote in self.quotes:
            if quote.start in covered or _is_scare(self.text, quote):
                continue
            span = (quote.start, quote.end)
            if signed := SIGNED.match(self.text, quote.end):
                made.append(_Made([span], (signed.span(1),), None, "quote"))
            elif spoken:
                before = (one for one in reversed(spoken) if one.content[0][0] < quote.start)
                next(before, spoken[0]).content.append(span)
            elif self._stands_alone(quote):
                made.append(_Made([span], self.last, None, "quote"))

    def _quotes(self, start: int, end: int) -> Sequence[Quoted]:
        """The quotations that a stretch of the text touches."""
        return self.quotes[bisect_right(self.ends, start) : bisect_left(self.starts, end)]

    def _stands_alone(self, quote: Quoted) -> bool:
        before = self.text[max(0, quote.start - 20) : quote.start].rstrip(" ")
        return not before or before[-1] in '\n.!?:”"»'

    def _kind(self, content: Sequence[Span]) -> str:
        inside = outside = 0
        for start, end in content:
            here = sum(min(end, q.end) - max(start, q.start) for q in self._quotes(start, end))
            inside += here
            outside += len(self.text[start:end].strip(" ,.")) - here
        return "direct" if outside <= 3 else "mixed" if inside else "indirect"


def _is_scare(text: str, quote: Quoted) -> bool:
    words = text[quote.start + 1 : quote.end - 1].split()
    if quote.single and len(words) <= SCARE_WORDS:
        return True
    ends = text[quote.end - 2] in ".,!?…" or text[quote.end : quote.end + 1] in ("", "\n")
    sentence = ends and len(words) > 1 and words[0][:1].isupper()
    return len(words) < SCARE_WORDS and not sentence


__all__ = ["Attribution", "Span", "find_attributions", "scare_quotes"]
