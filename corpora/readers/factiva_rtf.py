"""Factiva's Rich Text files, and its pages saved as plain text: lines, with the fields' codes or without them."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise, takewhile
from typing import BinaryIO

from corpora.readers import rtf
from corpora.readers.factiva import BY, CODE, COPYRIGHT, COUNT, END, NUMBER, describe, is_publisher, record_of
from corpora.readers.months import iso_date
from corpora.readers.record import HEAD, Head, Record, Rejection, Stated, decode, read_whole

LONGEST = 200_000_000
# What a file's properties, its foot and its table say; or the code of a headline in a cell of its own.
OWN = re.compile(r"Factiva RTF Display Format|Factiva, Inc|\{?\\b[0-9]? ?HD\b|\bHD\\cell\b")
STARS = re.compile(r"\*(\w(?:[^*]{0,78}\w)?)\*")
FIRST = ("CLM", "SE", "HD")
# AN and the number in cells of one row.
LAST_FIELD = re.compile(rf"\*?AN\*?[ \t|]+(?:\S+\s+)?{NUMBER.pattern}[ \t|]*$")
FIRST_FIELD = re.compile(r"^\*?(?:CLM|SE|HD)\*?[ \t|]", re.MULTILINE)
# Lines of the pages, not of the articles.
FURNITURE = re.compile(
    r"(?:Page|Seite|Página|Pagina|Стр\.?) \d+ (?:of|de|di|von|sur|из) \d+|(?:©|\(c\)) ?\d{4} Factiva", re.I
)
CREDIT = re.compile(r"special to |.{3,40} staff writer|(?:reuters|associated press|afp|dpa)$", re.IGNORECASE)
SHORTEST_TITLE = 8
# Lines about an article: time, source, its code, edition, page, volume, language, copyright.
LONGEST_HEADER, LONGEST_LINE = 9, 80
# Browsers wrap plain text at 72 to 80 characters.
WIDEST = 100


def recognises(head: Head) -> bool:
    r"""A Rich Text file that names Factiva, or text with a document number where an article ends.

    >>> recognises(Head.of(b"{\\rtf1 {\\info{\\title Factiva RTF Display Format}}"))
    True
    >>> recognises(Head.of(b"Talks\n9 words\n9 January 1993\nDocument NYTF000020050408dp1900j9s\n"))
    True
    """
    if head.text.startswith("{\\rtf"):
        return bool(OWN.search(head.text) or NUMBER.search(head.text))
    if head.text.startswith(("<", "{", "[")):
        return False
    lines = head.text.splitlines()
    return any(END.match(line) for line in lines) and (
        bool(FIRST_FIELD.search(head.text)) or any(COUNT.match(line.strip()) for line in lines)
    )


def read(stream: BinaryIO, name: str) -> Iterator[Record | Rejection | Stated]:
    """Yield the file's articles; a Rich Text file without any is read as one article, as any other."""
    data = read_whole(stream, LONGEST)
    if data is None:
        yield Rejection("file", f"file is longer than {LONGEST // 1_000_000} million bytes")
        return
    is_rich = data[:HEAD].lstrip().startswith(b"{\\rtf")
    text = rtf.rtf_text(data) if is_rich else decode(data)
    if "\n*AN*" in text:  # a browser saved bold type, the codes and the words that were searched for, in stars
        text = STARS.sub(r"\1", text)
    lines = [line.replace("\xa0", " ").strip() for line in text.splitlines()]
    lines = [line for line in lines if not FURNITURE.match(line)]
    ends = [i for i, line in enumerate(lines) if END.match(line) or LAST_FIELD.match(line)]
    if not ends:
        yield from rtf.read(io.BytesIO(data), name) if is_rich else [Rejection("file", "file without an article")]
        return
    contents: set[str] = set()
    for number, (start, end) in enumerate(pairwise([-1, *ends]), 1):
        piece = lines[start + 1 : end + 1]
        # Rich text and most plain text has a line a paragraph; some browsers wrap what they save.
        wrapped = not is_rich and max(map(len, piece)) <= WIDEST
        if number == 1:
            piece, contents = _without_contents(piece, len(ends))
        fields = _coded(piece, wrapped) or _uncoded(piece, wrapped, contents)
        place = f"article {number}"
        yield record_of(fields, place) if fields else Rejection(place, "article without a headline or a date")
    # Behind the last article there may be a summary of the search, but no other article.
    rest = lines[ends[-1] + 1 :]
    if _coded(rest, False) or any(
        COUNT.match(line) and _is_date(after) for line, after in pairwise(filter(None, rest))
    ):
        yield Rejection(f"article {len(ends) + 1}", "article is cut off")


def _coded(lines: Sequence[str], wrapped: bool) -> dict[str, list[str]]:
    """Fields of lines in which each field begins with its code; a line without one goes on with the field before."""
    found: dict[str, list[str]] = {}
    code = ""
    for line in lines:
        match = CODE.match(line)
        rest = line[match.end() :] if match else ""
        # "IN" and "CO" are words as well: a code stands alone, or a tab or a bar parts it from its
        # value.
        if match and (not rest or rest.lstrip(" ")[:1] in "\t|") and (found or match[1] in FIRST):
            code, line = match[1], rest
        if code:
            found.setdefault(code, []).append(" ".join(line.strip(" \t|").split()))
    return {code: _paragraphs(value, wrapped) for code, value in found.items()} if "HD" in found else {}


def _uncoded(lines: Sequence[str], wrapped: bool, contents: Collection[str]) -> dict[str, list[str]]:
    """Fields of an article in the article format, told by the count of words and the date under its headline."""
    blocks = [i for i, line in enumerate(lines) if line]
    dated = [n for n in range(1, len(blocks)) if _is_date(lines[blocks[n]])]
    counted = [n for n in dated if COUNT.match(lines[blocks[n - 1]])]
    if not dated:
        return {}
    at = (counted or dated)[0]
    above = [lines[i] for i in blocks[: at - 1 if counted else at]]
    # What is told about the article ends with its copyright, or else with a blank or a long line.
    after = blocks[at + 1 : at + 1 + LONGEST_HEADER]
    short = list(takewhile(lambda i: lines[i - 1] and len(lines[i]) <= LONGEST_LINE, after))
    last = next((i for i in after if COPYRIGHT.search(lines[i])), short[-1] if short else blocks[at])
    fields, _ = describe([lines[i] for i in blocks if blocks[at - 1] <= i <= last])
    body = _paragraphs(lines[last + 1 : -1], wrapped)
    if len(body) > 1 and is_publisher(body[-1]):
        fields["PUB"] = [body.pop()]
    return fields | _headed(above, contents) | {"TD": body, "AN": [lines[-1]]}


def _headed(lines: Sequence[str], contents: Collection[str]) -> dict[str, list[str]]:
    """Fields of the lines over the count of words: section, headline, byline and credit, in this order.

    The headline is the line that the list of contents names too, or else the longest that is neither of the last two.
    """
    credits = [line for line in lines[1:] if CREDIT.match(line)]
    bylines = [line for line in lines[1:] if BY.match(line) and line not in credits]
    titles = [line for line in lines if line not in credits and line not in bylines]
    if not titles:
        return {"HD": list(lines)}
    at = max(range(len(titles)), key=lambda i: (_bare(titles[i]) in contents, len(titles[i]), -i))
    return {"SE": titles[:at], "HD": [titles[at]], "BY": bylines + titles[at + 1 :], "CR": credits}


def _without_contents(lines: list[str], articles: int) -> tuple[list[str], set[str]]:
    """Lines of the first article without the list of all headlines that may stand before it, and that list.

    Its own headline stands in both: what follows the list, or the headline where that comes first, is the article.
    """
    seen: dict[str, int] = {}
    first, begin = 0, 0
    blocks = [i for i, line in enumerate(lines) if line]
    for order, i in enumerate(blocks):
        code = CODE.match(lines[i])
        if code and code[1] not in (*FIRST, "BY", "CR"):
            break
        title = _bare(lines[i])
        # The last that comes again: two articles in the list may have one headline.
        if len(title) > SHORTEST_TITLE and title in seen:
            first, begin = seen[title], min(seen[title] + articles, order)
        if COUNT.match(lines[i]):
            break
        seen.setdefault(title, order)
    return lines[blocks[begin] if begin else 0 :], {line for line, at in seen.items() if first <= at < begin}


def _paragraphs(lines: Sequence[str], wrapped: bool) -> list[str]:
    if not wrapped:
        return [line for line in lines if line]
    return [" ".join(part.split()) for part in "\n".join(lines).split("\n\n") if part.strip()]


def _bare(line: str) -> str:
    """A headline without its code, and without the row of dots and the page that follow it in a list of contents."""
    code = CODE.match(line)
    return line[code.end() if code else 0 :].rstrip("0123456789").strip(" .\t|")


def _is_date(line: str) -> bool:
    return len(line) <= 60 and any(c.isdigit() for c in line) and len(iso_date(line)) == 10
