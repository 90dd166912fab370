"""Sentences: where they begin and end, with exact offsets; also in texts whose full stops were stripped."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

# A sentence of news longer than this is none: 99.9 % of those in the development articles are shorter.
LONGEST_WORDS = 90
# A scraper that strips full stops leaves runs of hundreds of words. A sentence then starts, as far as can be
# told, at one of these words with a capital after a word in lower case.
OPENERS = re.compile(
    r"(?<=[a-z0-9\"”)]) (?=(?:The|This|That|These|Those|It|He|She|They|We|But|And|In|On|At|As|If|When|While|After|"
    r"Before|However|Meanwhile|For|From|There|What|Who|Why|How|Some|Many|Most|Now|Then|So|Yet|With|According|Although|Since|"
    r"One|Our|His|Her|Their|Not|No|All|Even|Also|Earlier|Later|Last|Instead|Despite|Because|By|To|I|You|An|A) )"
)
# An office after a country's initials goes on with the sentence.
INITIALS = re.compile(r"\b(?:U\.S|U\.K|U\.N|E\.U)\.\s*$")
OFFICE = re.compile(
    r"\s*(?:Secretary|Senator|Sen\.|Representative|Rep\.|Ambassador|Attorney|Special|Deputy|Assistant|Under|Defense|Vice|"
    r"House|Senate|Congress\w*|Army|Navy|Air Force|Marine\w*|Gen\.|General|Adm\.|Court|District|Supreme|Central|"
    r"Intelligence|Energy|Commerce|Justice|Homeland|State|Embassy|Federal|National|Chief|Charge|Chargé|Consul\w*|Charter|"
    r"High|Human|Security)\b"
)
PARAGRAPH = re.compile(r"[^\n]+(?:\n(?!\s*\n)[^\n]+)*")


def paragraph_spans(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the paragraphs of a text: parts between blank lines.

    >>> list(paragraph_spans("One.\\n\\nTwo."))
    [(0, 4), (6, 10)]
    """
    for match in PARAGRAPH.finditer(text):
        if match[0].strip():
            yield match.span()


def line_spans(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the lines of a text that are not empty: captions stand one a line."""
    for match in re.finditer(r"[^\n]*\S[^\n]*", text):
        yield match.span()


def sentence_spans(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Spans of the sentences of a text, or of the stretch `[start, end)` of it, without spaces around them.

    >>> text = "The U.S. envoy left. Talks go on."
    >>> [text[s:e] for s, e in sentence_spans(text)]
    ['The U.S. envoy left.', 'Talks go on.']
    """
    return [(start + first, start + last) for first, last in _of_stretch(text[start:end])]


@lru_cache(maxsize=1_000)
def _of_stretch(stretch: str) -> tuple[tuple[int, int], ...]:
    """Sentences of a stretch; kept for a while, since passages and voices ask for the same paragraphs."""
    import nupunkt  # its model takes a second to load: only when a text is read

    spans = []
    for first, last in _joined(stretch, nupunkt.sent_spans(stretch)) if stretch.strip() else ():
        for s, e in _broken(stretch, first, last):
            while s < e and stretch[s].isspace():
                s += 1
            while e > s and stretch[e - 1].isspace():
                e -= 1
            if s < e:
                spans.append((s, e))
    return tuple(spans)


def _joined(stretch: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Spans, those put together that were parted between a country's initials and an office: "U.S. / Secretary"."""
    start = spans[0][0] if spans else 0
    for number, (first, last) in enumerate(spans):
        following = spans[number + 1] if number + 1 < len(spans) else None
        if following and INITIALS.search(stretch, max(first, last - 8), last) and OFFICE.match(stretch, following[0]):
            continue
        yield start, last
        start = following[0] if following else last


def _broken(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span itself, or its pieces where it is too long to be a sentence."""
    if text.count(" ", start, end) < LONGEST_WORDS:
        yield start, end
        return
    for match in OPENERS.finditer(text, start, end):
        if text.count(" ", start, match.start()) >= 5:
            yield from _cut(text, start, match.start())
            start = match.end()
    yield from _cut(text, start, end)


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Pieces of at most `LONGEST_WORDS` words where nothing tells a sentence's end."""
    spaces = [i for i in range(start, end) if text[i] == " "]
    for number in range(LONGEST_WORDS - 1, len(spaces), LONGEST_WORDS):
        yield start, spaces[number]
        start = spaces[number] + 1
    yield start, end
