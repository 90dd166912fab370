"""A page saved as plain text: one article, with the page's furniture around it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from corpora.byline import find_byline
from corpora.dates import read_date
from corpora.furniture import is_credit, is_furniture
from corpora.readers.record import LONGEST_LINE, Head, Record, Rejection, decode

TERMINAL = re.compile(r"[.!?][\"'”’)]*$")
ENDS_IN_DATE = re.compile(r"[A-Z][a-z]+\.? \d{1,2}, (?:19|20)\d{2}\.?$")
TAGS = re.compile(r"^(?:tags|topics|keywords):\s*", re.IGNORECASE)
# A paragraph of an article; what stands before the first one is the page's head. Headlines seldom pass 20 words.
PARAGRAPH_WORDS = 20


def recognises(head: Head) -> bool:
    """Text has no mark of its own: it is known by its ending alone."""
    return False


def read(stream: BinaryIO, name: str) -> Iterator[Record | Rejection]:
    """Yield the file's one article, or a rejection where there is no text."""
    data = stream.read(LONGEST_LINE + 1)
    if len(data) > LONGEST_LINE:
        yield Rejection("file", "file is longer than 20 million bytes")
        return
    text = decode(data)
    if not text.strip():
        yield Rejection("file", "no text")
        return
    yield Record({"text": text}, "file", parse(text), date_source="text")


def parse(text: str) -> dict[str, str]:
    """Fields of a page saved as text, by field name.

    The headline is the last headline-like line before the first paragraph; a line above a photo credit is its
    caption, and a headline-like line below one is a teaser for another story. A line "By Jane Roe" is the byline.

    >>> page = parse("5 May 2016\\n\\nTalks to Resume in Geneva\\n\\nThe talks will resume on Monday, officials said.")
    >>> page["title"], page["published"]
    ('Talks to Resume in Geneva', '5 May 2016')
    """
    lines = _lines(text)
    lines, tags = _take_tags(lines)
    first = next((i for i, line in enumerate(lines) if _is_paragraph(line)), len(lines))
    published = next((line for line in lines[: first + 1] if _is_date(line)), "")
    captions: list[str] = []
    furniture: list[str] = []
    body: list[str] = []
    title = byline = ""
    for i, line in enumerate(lines):
        if not line:
            body.append("")
        elif is_credit(line):
            furniture.append(line)
        elif (_above_credit(lines, i) and not _is_paragraph(line, words=40)) or (
            i < first and ENDS_IN_DATE.search(line) and len(line.split()) > 6
        ):
            captions.append(line)
        elif i < first:
            if not byline and (written_by := find_byline(line)):
                byline = written_by
            elif _is_date(line) or is_furniture(line) or len(line.split()) < 3:
                furniture.append(line)
            else:
                if title:
                    furniture.append(title)
                title = line
        elif _below_credit(lines, i) and _is_headline(line):
            furniture.append(line)
        else:
            body.append(line)
    return {
        "title": title,
        "byline": byline,
        "published": published,
        "body": "\n\n".join(line for line in body if line),
        "captions": "\n".join(captions),
        "furniture": "\n".join(furniture),
        "tags": tags,
    }


def _lines(text: str) -> list[str]:
    """Stripped lines, those of a hard-wrapped paragraph joined; an empty one between blocks."""
    result: list[str] = []
    for block in re.split(r"\n\s*\n", text.replace("\r\n", "\n").replace("\r", "\n")):
        lines = [line.strip() for line in block.split("\n") if line.strip()]
        inner = lines[:-1]
        wrapped = len(lines) > 2 and all(45 <= len(line) <= 95 for line in inner)
        if wrapped and sum(bool(TERMINAL.search(line)) for line in inner) <= len(inner) / 2:
            lines = [" ".join(lines)]
        result += [*lines, ""]
    return result


def _take_tags(lines: list[str]) -> tuple[list[str], str]:
    for i, line in enumerate(lines):
        if TAGS.match(line):
            rest = TAGS.sub("", line) or next((later for later in lines[i + 1 :] if later), "")
            return lines[:i], rest
    return lines, ""


def _is_paragraph(line: str, words: int = PARAGRAPH_WORDS) -> bool:
    count = len(line.split())
    return bool(TERMINAL.search(line)) and (count >= words or (count >= 8 and not _is_headline(line)))


def _is_headline(line: str) -> bool:
    words = [word for word in re.findall(r"[A-Za-z][\w'’-]*", line) if len(word) > 3]
    capitals = sum(word[0].isupper() for word in words)
    return not TERMINAL.search(line) and bool(words) and capitals >= 0.6 * len(words)


def _is_date(line: str) -> bool:
    return len(line) <= 40 and any(c.isdigit() for c in line) and read_date(line)[0] is not None


def _above_credit(lines: list[str], i: int) -> bool:
    return i + 1 < len(lines) and bool(lines[i + 1]) and is_credit(lines[i + 1])


def _below_credit(lines: list[str], i: int) -> bool:
    return i > 0 and bool(lines[i - 1]) and is_credit(lines[i - 1])
