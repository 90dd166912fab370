"""Pages of LexisNexis and Nexis up to 2019: many articles in one, each between two comments."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO

from corpora.readers import nexis
from corpora.readers.html import page_text
from corpora.readers.nexis_labels import NUMBERED
from corpora.readers.record import Head, Record, Rejection, Stated, read_whole

if TYPE_CHECKING:
    from lxml.etree import _Element

# "<DOC NUMBER=1>" stands in a comment; browsers that save the page anew keep it. The anchor before it is a second mark.
BEGIN = re.compile(r"<DOC NUMBER ?= ?\"?\d+\"?>", re.IGNORECASE)
ANCHOR = re.compile(r"<A\s[^>]{0,40}?\bNAME ?= ?\"?DOC_ID_\d+_\d+\b[^>]{0,40}>", re.IGNORECASE)
FINISH = re.compile(r"</DOCFULL>", re.IGNORECASE)
MARKS = re.compile(r"<!--\s*LXNComment|<DOC NUMBER ?= ?\"?\d|<A\s+NAME ?= ?\"DOC_ID_\d", re.IGNORECASE)
COUNT = re.compile(r"<META\b[^>]{0,200}?\bDOCUMENTS ?= ?\"(\d{1,7})\"", re.IGNORECASE)
DIVISIONS = frozenset({"div", "table", "center", "pre", "ul", "ol"})
UNSEEN = frozenset({"style", "script", "img", "head", "title"})


def recognises(head: Head) -> bool:
    """Whether a page is an export, by its comments and the names of its anchors.

    >>> recognises(Head.of(b"<HTML><BODY><!-- Hide <DOC NUMBER=1> <DOCFULL> -->")), recognises(Head.of(b"<html>"))
    (True, False)
    """
    return head.text.startswith("<") and bool(MARKS.search(head.text))


def read(stream: BinaryIO, name: str) -> Iterator[Record | Rejection | Stated]:
    """Yield the page's articles, and how many it says there are."""
    data = read_whole(stream, nexis.LONGEST)
    if data is None:
        yield Rejection("page", f"page is longer than {nexis.LONGEST // 1_000_000} million bytes")
        return
    page = page_text(data)
    starts = [match.end() for match in BEGIN.finditer(page)] or [match.end() for match in ANCHOR.finditer(page)]
    if not starts:
        yield Rejection("page", "no article: no comment says where one begins")
        return
    counts: Counter[tuple[int, str]] = Counter()
    items: list[Record | Rejection] = []
    for n, (start, stop) in enumerate(zip(starts, [*starts[1:], len(page)], strict=True), 1):
        finish = FINISH.search(page, start, stop)
        parts = blocks(page[start : finish.start() if finish else stop])
        if parts and (numbered := NUMBERED.fullmatch(parts[0])):
            counts[nexis.number(numbered[1] or numbered[2]), parts.pop(0)] += 1
        items.append(nexis.article(parts, f"article {n}"))
    stated = COUNT.search(page)
    if stated:
        # "2001 of 2146 DOCUMENTS" counts all that were found; the page itself counts what it holds.
        yield Stated(int(stated[1]), f"DOCUMENTS={stated[1]}")
    elif counts:
        (count, words), _ = counts.most_common(1)[0]
        yield Stated(count, words)
    yield from items


def blocks(markup: str) -> list[str]:
    """Text of each division of an article: a line break, or a paragraph, is one of its lines."""
    from lxml import etree, html

    # What is left of the comment that the article's mark stood in.
    markup = re.sub(r"\A\s*(?:<DOCFULL>)?\s*-->", "", markup)
    if not markup.strip():
        return []
    if (comment := markup.rfind("<!--")) >= 0 and "-->" not in markup[comment:]:
        markup = markup[:comment]
    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, no_network=True, huge_tree=False)
    try:
        tree = etree.fromstring(f"<html><body>{markup}</body></html>".encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        return []
    found: list[list[str]] = [[]]
    if tree is not None:
        _collect(tree, found)
    lines = ([" ".join(line.split()) for line in "".join(pieces).split("\n")] for pieces in found)
    return [text for block in lines if (text := "\n".join(line for line in block if line))]


def _collect(element: _Element, found: list[list[str]], in_cell: bool = False) -> None:
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag in DIVISIONS and not in_cell:
        found.append([])
    elif tag == "br" or (tag in ("p", "tr", "li") and not in_cell):
        found[-1].append("\n")
    if tag and tag not in UNSEEN:
        found[-1].append(_flat(element.text))
        for child in element:
            _collect(child, found, in_cell or tag in ("td", "th"))
    if tag in DIVISIONS and not in_cell:
        found.append([])
    elif tag in ("td", "th"):
        found[-1].append(" ")
    elif tag in ("p", "tr", "li") and not in_cell:
        found[-1].append("\n")
    found[-1].append(_flat(element.tail))


def _flat(text: str | None) -> str:
    """Text in which only `<br>` parts lines: browsers break those of a page that they save anew."""
    return re.sub(r"\s+", " ", text) if text else ""
