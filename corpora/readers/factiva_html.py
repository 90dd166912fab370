"""Factiva's pages: "Format for Saving" and "for Printing", with or without indexing, in any interface language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, BinaryIO

from corpora.readers.factiva import BY, CODE, END, NUMBER, describe, is_publisher, record_of
from corpora.readers.html import page_text
from corpora.readers.markup import lines, marked, marks, parse_piece, words
from corpora.readers.record import Head, Record, Rejection, Stated, read_whole

if TYPE_CHECKING:
    from lxml.etree import _Element

# A hundred articles, the most a page holds, with the styles and scripts of the service come to some 5 million bytes.
LONGEST = 50_000_000
# `<title>Factiva</title>` and `<title>Dow Jones Factiva</title>`; a page about Factiva has more to say.
TITLE = re.compile(r"<title>\s*(?:dow jones )?factiva\s*(?:[®©]|&reg;)?\s*</title>", re.IGNORECASE)
# The class names the article's language: enArticle, zhcnArticle.
_ARTICLE = r"<div\b[^<>]{0,300}?\bclass\s*=\s*[\"']article\s+(?P<language>[a-z]{2,6})Article\b"
ARTICLE = re.compile(_ARTICLE, re.IGNORECASE)
# What begins a piece of the page: an article, a line of a list of headlines, and what stands around them.
PIECE = re.compile(
    rf"(?P<article>{_ARTICLE})|(?P<headline><tr\b[^<>]{{0,200}}?\bclass\s*=\s*[\"']headline\b)|"
    r"<(?:div|table)\b[^<>]{0,200}?\b(?:id|class)\s*=\s*[\"']?(?:carryOver|pageFooter|searchPreview|oddEvenPreview)",
    re.IGNORECASE,
)
# Until 2010 the class did not name the language; since then this is what stands around the article.
OLDER = re.compile(r"<div\b[^<>]{0,300}?\bclass\s*=\s*[\"']article[\"']", re.IGNORECASE)
# Nothing shorter holds a headline between its marks; files of a million marks are read as fast as others.
SHORTEST = 80
# "Results Found" in the summary of the search that may end a page, in the languages of the service.
RESULTS = re.compile(r"result|ergebnis|résultat|risultat|результат|结果|結果|件数", re.IGNORECASE)
# More results than a page holds say nothing about this one.
MOST_ARTICLES = 100
BLOCKS = ("div", "p", "table", "pre", "ul")
SHOWN = frozenset({"div", "span", "p", "pre", "li", "h2", "h3", "h4", "h5", "h6"})
AROUND = frozenset({"articleParagraph", "author", "hd"})


def recognises(head: Head) -> bool:
    """A page with Factiva's title, or with an article marked up as only Factiva does.

    >>> recognises(Head.of(b"<html><head><title>Factiva</title>")), recognises(Head.of(b"<html><p>Factiva"))
    (True, False)
    """
    return head.text.startswith("<") and bool(TITLE.search(head.text) or ARTICLE.search(head.text))


def read(stream: BinaryIO, name: str) -> Iterator[Record | Rejection | Stated]:
    """Yield the page's articles, each read by itself, so that broken markup costs no other."""
    data = read_whole(stream, LONGEST)
    if data is None:
        yield Rejection("file", f"file is longer than {LONGEST // 1_000_000} million bytes")
        return
    page = page_text(data).replace("\x00", "")
    pieces = list(PIECE.finditer(page))
    if not any(piece["article"] or piece["headline"] for piece in pieces):
        yield from _tables(page)
        return
    ends = [piece.start() for piece in pieces[1:]] + [len(page)]
    number = 0
    stated: list[Stated] = []
    for piece, end in zip(pieces, ends, strict=True):
        text = page[piece.start() : end]
        if not piece["article"] and not piece["headline"]:
            stated += _stated(text)
            continue
        number += 1
        place = f"article {number}"
        if len(text) < SHORTEST:
            yield Rejection(place, "article is empty")
        elif (root := parse_piece(text if piece["article"] else f"<table>{text}</table>")) is None:
            yield Rejection(place, "article cannot be parsed")
        elif piece["article"]:
            record = _article(root, place, piece["language"].lower()[:2])
            is_cut = end == len(page) and isinstance(record, Record) and "AN" not in record.raw and "</body" not in text
            yield Rejection(place, "article is cut off") if is_cut else record
        else:
            yield _headline(root, place)
    # Pages of several searches in one file may hold some articles twice.
    if len(stated) == 1:
        yield stated[0]


def _article(root: _Element, place: str, language: str) -> Record | Rejection:
    # An article's text may hold tables of its own, with a cell that looks like a code.
    fields = next((fields for fields in _indexed(root) if "HD" in fields), None) or _unindexed(root)
    if not fields:
        return Rejection(place, "article is empty")
    return record_of(fields, place, language)


def _indexed(root: _Element) -> Iterator[dict[str, list[str]]]:
    """Fields of each article that is a table of codes and values; an article ends with its number."""
    fields: dict[str, list[str]] = {}
    for row in root.iter("tr"):
        cells = [cell for cell in row if cell.tag in ("td", "th")]
        code = words(cells[0]) if len(cells) > 1 else ""
        if CODE.fullmatch(code) or (code.isupper() and len(code) < 5 and "index" in marks(cells[0])):
            fields.setdefault(code, []).extend(_headings(cells[1]) if code == "HD" else _paragraphs(cells[1]))
            if code == "AN":
                yield fields
                fields = {}
    if fields:
        yield fields


def _unindexed(root: _Element) -> dict[str, list[str]]:
    """Fields of an article in the article format: lines over the headline, under it, paragraphs, lines at the foot."""
    fields: dict[str, list[str]] = {}
    above: list[str] = []
    foot: list[str] = []
    around: dict[_Element, frozenset[str]] = {}
    for element in root.iter():
        outer = element.getparent()
        if outer is not None:
            around[element] = around.get(outer, frozenset()).union(AROUND.intersection(marks(outer).split()))
        if element.tag not in SHOWN:
            continue
        kind, inside = marks(element), around.get(element, frozenset())
        if element.tag == "span" and ("colorLinks" not in kind or "TD" in fields or "articleParagraph" in inside):
            continue
        if inside & {"articleParagraph", "author"} or not (text := words(element)):
            continue
        holds_blocks = next(element.iterdescendants(*BLOCKS), None) is not None
        if element.get("id") == "hd" or (element.tag == "div" and "Headline" in kind):
            fields["HD"] = _headings(element)
            fields["SE"], above = above, []
        elif "articleParagraph" in kind or (
            element.tag not in ("div", "span", "p") and "HD" in fields and not holds_blocks
        ):
            # A list or a table of figures ends the paragraph that it stands in, and then bears no mark of its own.
            fields.setdefault("TD", []).extend(_paragraphs(element))
        elif "author" in kind:
            fields.setdefault("BY", []).append(text)
        elif not holds_blocks and "hd" not in inside:
            (foot if "TD" in fields or element.tag not in ("div", "span") else above).extend(lines(element))
    if not (above or foot or fields):
        return {}
    described, credits = describe(above)
    if "BY" not in fields:
        fields["BY"] = [line for line in credits if BY.match(line)]
        credits = [line for line in credits if not BY.match(line)]
    return fields | described | {"CR": credits} | _foot(foot, "TD" in fields)


def _foot(below: list[str], has_text: bool) -> dict[str, list[str]]:
    """Fields of the lines under the text: the document's number, the publisher before it, and the rest.

    Where no paragraph is marked up as text, what goes before those two is the text.
    """
    fields: dict[str, list[str]] = {}
    if below and END.match(below[-1]):
        fields["AN"] = [below.pop()]
        if below and (has_text or is_publisher(below[-1])):
            fields["PUB"] = [below.pop()]
    if not has_text:
        return fields | {"TD": below}
    pictures = [line for line in below if re.match(r"(?:.* )?(?:photo|foto|image|crédit|credit)\w*\s?:", line, re.I)]
    return fields | {"ART": pictures, "CT": [line for line in below if line not in pictures]}


def _headline(root: _Element, place: str) -> Record | Rejection:
    """A line of a list of headlines: what could not be shown in full, or a page saved in the headline format."""
    title = next((words(e) for e in root.iter() if "Headline" in (e.get("class") or "")), "")
    about = next((words(e) for e in root.iter("div", "span") if "leadFields" in (e.get("class") or "")), "")
    if not title:
        return Rejection(place, "line of a list without a headline")
    parts = [part.strip() for part in about.split(", ")]
    at = next((i for i in range(1, len(parts)) if describe(parts[i : i + 1])[0]), len(parts))
    fields = {"HD": [title], "SN": [", ".join(parts[:at])], "PD": parts[at : at + 1], "CR": parts[at + 1 :]}
    fields["AN"] = NUMBER.findall(" ".join(row.get("data-accno") or "" for row in root.iter("tr")))
    fields["snippet"] = [words(e) for e in root.iter("div") if "snippet" in (e.get("class") or "")]
    return record_of(fields, place, coverage=True)


def _tables(page: str) -> Iterator[Record | Rejection]:
    """Articles of a page whose articles are indexed, or marked up as in older years."""
    root = parse_piece(page)
    number = 0
    for number, fields in enumerate(_indexed(root) if root is not None else (), 1):
        yield record_of(fields, f"article {number}")
    starts = [match.start() for match in OLDER.finditer(page)] if not number else []
    foot = next((match.start() for match in PIECE.finditer(page, *starts[-1:])), len(page))
    for number, (start, end) in enumerate(pairwise([*starts, foot]), 1):
        piece = parse_piece(page[start:end])
        place = f"article {number}"
        yield _article(piece, place, "") if piece is not None else Rejection(place, "article cannot be parsed")
    if not number:
        yield Rejection("page", "page of Factiva without an article")


def _stated(text: str) -> Iterator[Stated]:
    root = parse_piece(text)
    for row in root.iter("tr") if root is not None else ():
        cells = [words(cell) for cell in row.iter("td")]
        if len(cells) == 2 and cells[1].isdecimal() and RESULTS.search(cells[0]) and len(cells[1]) < 5:
            if int(cells[1]) <= MOST_ARTICLES:
                yield Stated(int(cells[1]), " ".join(cells))
            return


def _headings(element: _Element) -> list[str]:
    """Headline and what stands under it, of which each may be an element of its own."""
    return [text for e in marked(element, "Headline") if e is not element and (text := words(e))] or lines(element)


def _paragraphs(element: _Element) -> list[str]:
    """Paragraphs of a value: its `p` and `pre` elements, or its lines where it has none."""
    inner = [words(e) for e in element.iterdescendants("p", "pre")]
    return [text for text in inner if text] or ([words(element)] if element.tag == "p" else lines(element))
