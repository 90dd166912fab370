"""Sentences: where they begin and end, with exact offsets; also in texts whose full stops were stripped."""

from __future__ import annotations

import re
from collections.abc import Iterator

# A sentence of news longer than this is none: 99.9 % of those in the development articles are shorter.
LONGEST_WORDS = 90
# A scraper that strips full stops leaves runs of hundreds of words. A sentence then starts, as far as can be
# told, at one of these words with a capital after a word in lower case.
OPENERS = re.compile(
    r"(?<=[a-z0-9\"”)]) (?=(?:The|This|That|These|Those|It|He|She|They|We|But|And|In|On|At|As|If|When|While|After|"
    r"Before|However|Meanwhile|For|From|There|What|Who|Why|How|Some|Many|Most|Now|Then|So|Yet|With|According|Although|Since|"
    r"One|Our|His|Her|Their|Not|No|All|Even|Also|Earlier|Later|Last|Instead|Despite|Because|By|To|I|You|An|A) )"
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
    import nupunkt  # its model takes a second to load: only when a text is read

    stretch = text[start:end]
    spans = []
    for first, last in nupunkt.sent_spans(stretch) if stretch.strip() else ():
        for s, e in _broken(stretch, first, last):
            while s < e and stretch[s].isspace():
                s += 1
            while e > s and stretch[e - 1].isspace():
                e -= 1
            if s < e:
                spans.append((start + s, start + e))
    return spans


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
