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
# "Title: Talks Open", as programs write above the texts that they save.
LABELLED = re.compile(r"([A-Za-z][A-Za-z _-]{1,19}):\s+(\S.{0,400})$")
ADDRESS = re.compile(r"(?:URL: ?|Link: ?|Source: ?)?(https?://\S{4,500})$", re.IGNORECASE)
# The BBC's pages, as a browser saves their text, say so above the line itself.
CAPTION = re.compile(r"image caption,?\s*(.*)", re.IGNORECASE)
SOURCE = re.compile(r"image (?:source|credit)s?,", re.IGNORECASE)
# What a page has below its article.
BELOW = re.compile(
    r"(?:related (?:topics|stories|articles|content|news)|more on this (?:story|topic)|more (?:stories|from .{2,40})|"
    r"most (?:read|popular|viewed)|top stories|read (?:more|next)|recommended|comments|share this .{2,20})\s*:?$",
    re.IGNORECASE,
)
STAMP = re.compile(
    r"(?:first )?(?:published|posted|date|(?P<later>(?:last )?(?:updated|modified)))\b(?: on| at)?\s*:?\s*",
    re.IGNORECASE,
)
TAGS = re.compile(r"^(?:tags|topics|keywords):\s*", re.IGNORECASE)
# A paragraph of an article; what stands before the first one is the page's head. Headlines seldom pass 20 words.
PARAGRAPH_WORDS = 20
# Lines above the first paragraph, menus included; a list of dates has more.
LONGEST_HEAD = 300


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
    lines, labelled = _take_labels(_lines(text))
    lines, tags = _take_tags(lines)
    paragraphs = [i for i, line in enumerate(lines) if _is_paragraph(line) and not is_credit(line)]
    first, last = (paragraphs[0], paragraphs[-1]) if paragraphs else (len(lines), len(lines))
    ends = next((i for i, line in enumerate(lines) if i > last and BELOW.match(line)), len(lines))
    published = _published(lines[: min(first + 1, LONGEST_HEAD)])
    captions: list[str] = []
    furniture: list[str] = []
    body: list[str] = []
    title = byline = ""
    for i, line in enumerate(lines):
        if not line:
            body.append("")
        elif i >= ends:
            furniture.append(line)
        elif (under := CAPTION.fullmatch(line)) or (i and (under := CAPTION.fullmatch(lines[i - 1])) and not under[1]):
            captions += [under[1] or line] if under[1] or not CAPTION.fullmatch(line) else []
        elif is_credit(line) or SOURCE.match(line):
            furniture.append(line)
        elif (_above_credit(lines, i) and not _is_paragraph(line, words=40)) or (
            i < first and ENDS_IN_DATE.search(line) and len(line.split()) > 6
        ):
            captions.append(line)
        elif i < first:
            if not byline and (written_by := find_byline(line)):
                byline = written_by
            # Below headline and byline stand where the reporter writes from, and standfirsts.
            elif (
                (title and byline)
                or len(line.split()) < 3
                or is_furniture(line)
                or (i < LONGEST_HEAD and _is_date(line))
            ):
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
    } | labelled


# Lines above the text, of which the labelled ones are among the first.
LABELLED_HEAD = 15


def _take_labels(lines: list[str]) -> tuple[list[str], dict[str, str]]:
    """The lines without those that name a field of the article at their head, and these fields.

    One such line may be a headline ("Analysis: Who Won?"), two are the file's own.

    >>> _take_labels(["Title: Talks", "Source: The Daily", "", "They met."])
    (['', 'They met.'], {'title': 'Talks', 'outlet': 'The Daily'})
    """
    from corpora.columns import recognise

    found: dict[str, tuple[int, str]] = {}
    for i, line in enumerate(lines[:LABELLED_HEAD]):
        address, match = ADDRESS.match(line), LABELLED.match(line)
        fields = ["url"] if address else [*recognise([match[1]])] if match else []
        if fields and fields[0] not in ("body", *found):
            found[fields[0]] = (i, address[1] if address else match[2] if match else "")
    if len(found) < 2 and [*found] != ["url"]:
        return lines, {}
    taken = {i for i, _ in found.values()}
    return [line for i, line in enumerate(lines) if i not in taken], {name: value for name, (_, value) in found.items()}


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


def _published(lines: list[str]) -> str:
    """The first date, save that of an update where there is another."""
    dates = [(STAMP.match(line), line) for line in lines if _is_date(line)]
    dates.sort(key=lambda date: bool(date[0] and date[0]["later"]))
    return next((line[stamp.end() if stamp else 0 :] for stamp, line in dates), "")


def _is_date(line: str) -> bool:
    stamp = STAMP.match(line)
    date = line[stamp.end() if stamp else 0 :]
    return len(date) <= 40 and any(c.isdigit() for c in date) and read_date(date)[0] is not None


def _above_credit(lines: list[str], i: int) -> bool:
    return i + 1 < len(lines) and bool(lines[i + 1]) and is_credit(lines[i + 1])


def _below_credit(lines: list[str], i: int) -> bool:
    return i > 0 and bool(lines[i - 1]) and is_credit(lines[i - 1])
