"""Cleaning: what a page prints around and inside an article, told from the article itself.

Nothing is thrown away: what leaves the body goes to `byline`, `dateline`, `agency`, `captions`, `tags` or
`furniture`. Each step is a plain function on a `Draft`; `STEPS` is their order.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from corpora.byline import find_byline
from corpora.dateline import find_dateline
from corpora.furniture import credited_agency, is_credit, is_credit_line, is_furniture

LEADING_CAPTION = re.compile(r"^(.{10,500}? \| [^|]{3,60}?(?:Getty Images|AP Photo|Reuters|AP))\s+(?=\S)")
# USA TODAY's video boxes and AP's archive pictures.
CAPTION = re.compile(r"CLOSE |FILE\s*[-–—]")
# Shorter headlines are also the first words of ordinary sentences.
SHORTEST_TITLE = 15
# What parts a repeated headline from the sentence behind it: a mark, or a space before a capital or an opening mark.
AFTER_TITLE = re.compile(r"\s*[.|:!?…–—-]+\s*|\s+(?=[^\W\d_]|[\"'“‘(\[])")


@dataclass(frozen=True, slots=True)
class Draft:
    """An article on its way: paragraphs of the body, and what was split off so far."""

    title: str = ""
    paragraphs: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    furniture: tuple[str, ...] = ()
    byline: str = ""
    dateline: str = ""
    agency: str = ""


def clean(draft: Draft) -> Draft:
    """Take every step, in order.

    >>> clean(Draft(paragraphs=("By Jane Roe", "PARIS (AFP) - They met."))).paragraphs
    ('They met.',)
    """
    for step in STEPS:
        draft = step(draft)
    return draft


def split_captions(draft: Draft) -> Draft:
    """Photo credits and captions leave the body."""
    kept, captions = [], list(draft.captions)
    for number, paragraph in enumerate(draft.paragraphs):
        if number == 0 and (leading := LEADING_CAPTION.match(paragraph)):
            captions.append(leading[1])
            kept.append(paragraph[leading.end() :])
        elif is_credit(paragraph) or (CAPTION.match(paragraph) and len(paragraph.split()) < 80):
            captions.append(paragraph.removeprefix("CLOSE "))
        else:
            kept.append(paragraph)
    return replace(draft, paragraphs=tuple(kept), captions=tuple(captions))


def split_furniture(draft: Draft) -> Draft:
    """Teasers, share lines and rules leave the body."""
    kept, furniture = _parted(draft.paragraphs, is_furniture)
    return replace(draft, paragraphs=kept, furniture=draft.furniture + furniture)


def split_title(draft: Draft) -> Draft:
    """A headline repeated at the start of the body leaves it; a sentence that begins with its words stays whole."""
    title, first = draft.title, draft.paragraphs[0] if draft.paragraphs else ""
    if len(title) < SHORTEST_TITLE or not first.startswith(title):
        return draft
    rest = first[len(title) :]
    between = AFTER_TITLE.match(rest)
    if rest.strip() and not between:
        return draft
    rest = rest[between.end() :] if between else ""
    if rest[:1].islower():
        return draft
    return replace(draft, paragraphs=((rest,) if rest else ()) + draft.paragraphs[1:])


def split_byline(draft: Draft) -> Draft:
    """A line "By Jane Roe" among the first three leaves the body."""
    for number, paragraph in enumerate(draft.paragraphs[:3]):
        if byline := find_byline(paragraph):
            rest = draft.paragraphs[:number] + draft.paragraphs[number + 1 :]
            return replace(draft, paragraphs=rest, byline=draft.byline or byline)
    return draft


def split_dateline(draft: Draft) -> Draft:
    """A dateline ("WASHINGTON (Reuters) -") leaves the body; some stand under a lede, so four paragraphs are read."""
    for number, paragraph in enumerate(draft.paragraphs[:4]):
        if found := find_dateline(paragraph):
            rest = (found.rest,) if found.rest else ()
            return replace(
                draft,
                paragraphs=draft.paragraphs[:number] + rest + draft.paragraphs[number + 1 :],
                dateline=draft.dateline or found.place,
                agency=draft.agency or found.agency,
            )
    return draft


def split_credits(draft: Draft) -> Draft:
    """Credits at the foot ("(Reporting by ...)", "Source: Interfax") leave the body."""
    kept, credits = _parted(draft.paragraphs[-6:], is_credit_line)
    return replace(draft, paragraphs=draft.paragraphs[:-6] + kept, furniture=draft.furniture + credits)


def name_agency(draft: Draft) -> Draft:
    """A source or copyright line names the agency where neither record nor dateline did: it may be of a part only."""
    credited = (credited_agency(line) for line in draft.furniture if not is_credit(line))
    return replace(draft, agency=draft.agency or next(filter(None, credited), ""))


def _parted(lines: tuple[str, ...], test: Callable[[str], bool]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Lines that fail a test, and those that pass it."""
    passed = [test(line) for line in lines]
    kept = tuple(line for line, taken in zip(lines, passed, strict=True) if not taken)
    return kept, tuple(line for line, taken in zip(lines, passed, strict=True) if taken)


STEPS: tuple[Callable[[Draft], Draft], ...] = (
    split_captions,
    split_title,
    split_credits,
    split_furniture,
    split_byline,
    split_dateline,
    name_agency,
)
