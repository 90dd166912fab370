"""Factiva's XML: what "Save as XML" and the article services give, whatever their version and namespace."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from html.entities import html5
from typing import TYPE_CHECKING, BinaryIO

from corpora.readers.factiva import record_of
from corpora.readers.html import CHARSET
from corpora.readers.markup import NOT_XML
from corpora.readers.record import Head, Record, Rejection, Stated

if TYPE_CHECKING:
    from lxml.etree import _Element

BLOCK = 1 << 20
# The longest articles, minutes and filings, come to some million characters.
LONGEST = 10_000_000
MARKS = re.compile(r"ppsarticle|PPSResponse|\.factiva\.com|distdoc:archive|<(?:[\w.-]+:)?accessionNo\b", re.IGNORECASE)
ENTITIES = re.compile(r"<!ENTITY", re.IGNORECASE)
# The element of one article: in answers of the web interface it has another around it, which is there even where
# the service could not give the article.
ELEMENT = re.compile(r"<((?:[\w.-]{1,40}:)?(?:ppsarticle|article))(?:[\s/][^<>]{0,2000})?>", re.IGNORECASE)
COUNT = re.compile(r"<(?:[\w.-]{1,40}:)?\w{0,40}ResultSet\b[^<>]{0,200}?\b(count=\"(\d{1,7})\")", re.IGNORECASE)
# References to what XML does not allow, of which a parser that mends makes text that cannot be read.
NUMBERED = re.compile(r"&#(?:x([0-9a-f]{1,8})|([0-9]{1,9}));", re.IGNORECASE)
NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos);)(\w{2,31};)")
# Codes by the element's name, in small letters. The second line are older names of the same.
CODES = {
    "columnname": "CLM", "sectionname": "SE", "headline": "HD", "byline": "BY", "credit": "CR", "wordcount": "WC",
    "publicationdate": "PD", "publicationtime": "ET", "sourcename": "SN", "sourcecode": "SC", "edition": "ED",
    "pages": "PG", "page": "PG", "volume": "VOL", "baselanguage": "LA", "copyright": "CY", "leadparagraph": "LP",
    "tailparagraphs": "TD", "corrections": "CX", "correction": "CX", "artwork": "ART", "artworks": "ART",
    "contact": "CT", "notes": "RF", "company": "CO", "industry": "IN", "newssubject": "NS", "region": "RE",
    "publishername": "PUB", "accessionno": "AN", "reference": "AN",
    "leadpara": "LP", "tailparas": "TD", "srcname": "SN", "srccode": "SC", "pubdate": "PD", "baselang": "LA",
}  # fmt: skip
INSIDE = {"paragraph", "para", "p", "name", "page", "date", "datetime", "time"}
SUBJECTS = {"NS", "RE", "CO", "IN"}


def recognises(head: Head) -> bool:
    """XML with an element or a name space that is Factiva's own.

    >>> recognises(Head.of(b"<PPSResponse><ppsArticleResponse/>")), recognises(Head.of(b"<article><title/></article>"))
    (True, False)
    """
    start = head.text[:200].lower()
    return (
        start.startswith("<")
        and "<html" not in start
        and "<!doctype html" not in start
        and bool(MARKS.search(head.text))
    )


def read(stream: BinaryIO, name: str) -> Iterator[Record | Rejection | Stated]:
    """Yield the file's articles, each read by itself, so that a broken one costs no other.

    What stands before the first article is not parsed at all: entities that a file declares are never expanded.
    """
    number = 0
    stated = False
    for before, piece, reason in _pieces(_text(stream)):
        if ENTITIES.search(before):
            yield Rejection("file", "file declares entities of its own, which Factiva never does")
            return
        if not stated and (count := COUNT.search(before)):
            stated = True
            yield Stated(int(count[2]), count[1])
        if not piece and not reason:
            continue
        number += 1
        place = f"article {number}"
        yield Rejection(place, reason) if reason else _article(piece, place)
    if not number:
        yield Rejection("file", "file of Factiva without an article")


def _text(stream: BinaryIO) -> Iterator[str]:
    """Text of a file in blocks, by its mark or its declaration; stray bytes are read as Windows-1252."""
    data = stream.read(BLOCK)
    declared = CHARSET.search(data[:400])
    decoder: codecs.IncrementalDecoder
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        decoder = codecs.getincrementaldecoder("utf-16")("replace")
    elif declared:
        decoder = codecs.getincrementaldecoder(declared[1].decode("ascii"))("replace")
    else:
        decoder = codecs.getincrementaldecoder("utf-8-sig")("stray-cp1252")
    while data:
        yield decoder.decode(data)
        data = stream.read(BLOCK)
    yield decoder.decode(b"", True)


def _pieces(blocks: Iterator[str]) -> Iterator[tuple[str, str, str]]:
    """What stands before an article, its XML, and the reason where it cannot be had; last what stands behind all."""
    text, before = "", ""
    closing: re.Pattern[str] | None = None
    for block in blocks:
        text += block
        at = 0
        while True:
            if not closing:
                opening = ELEMENT.search(text, at)
                if not opening:
                    break
                before, at = text[at : opening.start()], opening.start()
                if opening[0].endswith("/>"):
                    yield before, "", "article is empty"
                    at = opening.end()
                    continue
                closing = re.compile(rf"</{re.escape(opening[1])}\s*>")
            found = closing.search(text, at)
            if not found:
                break
            yield before, text[at : found.end()], "" if found.end() - at < LONGEST else "article is too long"
            at, closing = found.end(), None
        text = text[at:]
        # The end of an article that is too long is still looked for, but its text is not kept.
        if len(text) > 2 * LONGEST:
            text = text[: LONGEST if closing else BLOCK] + text[-BLOCK:]
    yield (before, "", "article is cut off") if closing else (text, "", "")


def _article(piece: str, place: str) -> Record | Rejection:
    from lxml import etree

    # Real files hold "&nbsp;" undeclared; what HTML does not know either stays as it is written.
    piece = NAMED.sub(lambda match: html5.get(match[1], match[0]), NOT_XML.sub("", piece))
    piece = NUMBERED.sub(_allowed, piece)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, recover=True, remove_comments=True,
        remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(piece.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        root = None
    if root is None:
        return Rejection(place, "article cannot be parsed")
    fields = _fields(root)
    if not fields.keys() & {"HD", "LP", "TD"}:
        message = next((words for e in root.iter() if _name(e) in ("message", "status") and (words := _words(e))), "")
        return Rejection(place, f"the service gave no article: {message[:150]}".rstrip(": "))
    return record_of(fields, place)


def _allowed(reference: re.Match[str]) -> str:
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    return "" if number > 0x10FFFF or number == 0 or NOT_XML.match(chr(number)) else reference[0]


def _fields(root: _Element) -> dict[str, list[str]]:
    fields: dict[str, list[str]] = {}
    for element in root.iter():
        code = CODES.get(_name(element))
        parent = element.getparent()
        if not code or (parent is not None and _name(parent) in CODES):
            continue
        values = _values(element)
        if code in SUBJECTS and element.get("code"):
            values = [f"{element.get('code')} : {value}" for value in values]
        if code == "AN":
            values = [value.rpartition("/")[2] for value in values if "AN" not in fields]
        if code == "PD":
            values = ["T".join(values[:2])] if re.match(r"\d\d:", "".join(values[1:2])) else values[:1]
        if values:
            fields.setdefault(code, []).extend(values)
    keys = [_words(e) for e in root.iter() if _name(e) == "descfield" and (e.get("code") or "").lower() == "ipd"]
    return fields | ({"IPD": keys} if any(keys) else {})


def _values(element: _Element) -> list[str]:
    """Text of the paragraphs in an element, or its own where it has none."""
    inner = [_words(e) for e in element.iterdescendants() if _name(e) in INSIDE and _name(e.getparent()) not in INSIDE]
    own = _words(element) or (element.get("value") or "")
    return [value for value in inner if value] or ([own] if own else [])


def _words(element: _Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _name(element: _Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2].rpartition(":")[2].lower() if isinstance(tag, str) else ""
