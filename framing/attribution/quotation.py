"""Quotation marks: which stretches of a text stand between them, in the typographies of six languages and more."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from framing.sentences import paragraph_spans

# Opening mark to the marks that close it: English, French and Russian, German and Polish, Danish, Swedish, Japanese.
CLOSES = {
    "“": '”"“',
    "”": "”",
    '"': '"',
    "„": '“”"',
    "«": "»",
    "»": "«»",
    "‹": "›",
    "「": "」",
    "『": "』",
    "‘": "’'",
    "‚": "‘’",
    "'": "'’",
}
SINGLE = "‘‚'"
MARK = re.compile(r"[\"“”„«»‹›「」『』‘’‚']")
OPENING_AFTER = re.compile(r"[\s(\[{—–\-:,;/\"“«„]")
CLOSING_BEFORE = re.compile(r"[\s)\]}—–\-:,;.!?…/\"”»“]")


@dataclass(frozen=True, slots=True)
class Quoted:
    """A stretch of a text between quotation marks.

    Attributes:
        start: The opening mark.
        end: One past the closing mark; of a quotation that goes on in the next paragraph, the end of this one.
        goes_on: Whether it does.
        single: Whether its marks are single ones.
    """

    start: int
    end: int
    goes_on: bool = False
    single: bool = False


def quoted_stretches(text: str) -> list[Quoted]:
    """All quotations of a text, in order; inner ones are part of the outer.

    A mark that nothing closes opens a quotation only where the next paragraph begins with one, as is the custom for
    quotations of several paragraphs; else it is taken for a slip and counts for nothing.

    >>> [(q.start, q.end) for q in quoted_stretches('He said: "We wait." The "wall" stands.')]
    [(9, 19), (24, 30)]
    """
    paragraphs = list(paragraph_spans(text))
    found: list[Quoted] = []
    for number, (first, last) in enumerate(paragraphs):
        following = text[paragraphs[number + 1][0] :][:1] if number + 1 < len(paragraphs) else ""
        found += _of_paragraph(text, first, last, following)
    return found


def _of_paragraph(text: str, first: int, last: int, following: str) -> Iterator[Quoted]:
    marks = list(MARK.finditer(text, first, last))
    # By opening mark the next that closes it, or the number of marks: each is looked for once.
    closings: dict[str, int] = {}
    number = 0
    while number < len(marks):
        mark = marks[number]
        number += 1
        if not _opens(text, mark, first):
            continue
        closing = closings.get(mark[0], 0)
        if closing < number:
            closing = next((k for k in range(number, len(marks)) if _closes(text, mark[0], marks[k], last)), len(marks))
            closings[mark[0]] = closing
        single = mark[0] in SINGLE
        if closing < len(marks):
            if text[mark.end() : marks[closing].start()].strip():
                yield Quoted(mark.start(), marks[closing].end(), single=single)
            number = closing + 1
        elif not single and following and following in CLOSES:
            yield Quoted(mark.start(), last, goes_on=True)
            return


def _opens(text: str, mark: re.Match[str], first: int) -> bool:
    if mark[0] not in CLOSES:
        return False
    before, after = (
        text[mark.start() - 1 : mark.start()] if mark.start() > first else "",
        text[mark.end() : mark.end() + 1],
    )
    # A straight or a right mark may close as well: what stands around it tells.
    if before and not OPENING_AFTER.match(before):
        return mark[0] in "«„「『" or (mark[0] == "“" and before.isalnum())
    if mark[0] in SINGLE + '"”»':
        return bool(after) and not after.isspace() and not (mark[0] in SINGLE and after.isdigit())
    return True


def _closes(text: str, opening: str, mark: re.Match[str], last: int) -> bool:
    if mark[0] not in CLOSES[opening]:
        return False
    after = text[mark.end() : mark.end() + 1] if mark.end() < last else ""
    if opening == mark[0] == "“":
        return bool(not after or CLOSING_BEFORE.match(after))
    if opening not in SINGLE:
        return not after or not after.isalnum() or opening not in '"”»'
    # An apostrophe closes nothing: neither within a word nor, most of the time, after a plural ("the workers' rights").
    before = text[mark.start() - 1]
    if after and not CLOSING_BEFORE.match(after):
        return False
    return not (before == "s" and after == " ") and not before.isspace()
