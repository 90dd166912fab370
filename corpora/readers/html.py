"""A saved HTML page of one article: its text is found by trafilatura, what it is by its metadata."""

from __future__ import annotations

import hashlib
import logging
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from corpora.readers.record import LONGEST_LINE, Head, Record, Rejection, decode, read_whole

# Charsets of pages, by the names that the web standard lists; Latin-1 and ASCII are read as Windows-1252 in any case.
CHARSETS = (
    r"windows-125\d|iso-8859-(?:[2-9]|1[0-6])|koi8-[ru]|ibm866|macintosh|"
    r"gbk|gb2312|gb18030|big5|euc-jp|euc-kr|shift_jis|iso-2022-jp"
)
CHARSET = re.compile(
    rf"<(?:meta|\?xml)\b[^>]{{0,200}}?\b(?:charset|encoding)\s*=\s*[\"']?\s*({CHARSETS})\b".encode(), re.IGNORECASE
)
# A page declares its charset within the first kilobyte, says the standard; real pages have scripts before it.
HEAD = 4096
BEFORE = re.compile(r"\s+|<\?xml[^>]*>")
FIRST = re.compile(r"<(?:!doctype\s+html|html|head|body|meta|title|article)\b", re.IGNORECASE)
# A page that SingleFile saved holds its images, as text in base 64; the pictures may be far longer than the page.
LONGEST_PAGE = 5 * LONGEST_LINE
EMBEDDED = re.compile(rb"data:[\w/+.;=-]{0,100}?;base64,[A-Za-z0-9+/=%\s]{100,}")
# trafilatura takes some ten seconds for so many, and its time grows faster than their number. A page has a few
# thousand.
MOST_ELEMENTS = 50_000


def recognises(head: Head) -> bool:
    """A page begins with its document type, with one of its outermost elements, or with a comment before them."""
    place = 0
    while True:
        if found := BEFORE.match(head.text, place):
            place = found.end()
        elif head.text.startswith("<!--", place) and (end := head.text.find("-->", place + 4)) > 0:
            place = end + 3
        else:
            return bool(FIRST.match(head.text, place))


def read(stream: BinaryIO, name: str) -> Iterator[Record | Rejection]:
    """Yield the page's article, or a rejection where the page holds none."""
    data = read_whole(stream, LONGEST_PAGE)
    yield Rejection("page", "page is longer than 100 million bytes") if data is None else read_page(data)


def read_page(data: bytes, url: str = "", charset: str = "", place: str = "page") -> Record | Rejection:
    """The article of a page.

    Args:
        data: The page.
        url: Address that it was fetched from, if known.
        charset: Charset that the server named, if any.
        place: Where the page stands.

    >>> read_page(b"<html><body></body></html>")
    Rejection(place='page', reason='page holds no article text')
    """
    import trafilatura

    for library in ("trafilatura", "htmldate"):
        # Each page without text is a warning of theirs, which Python would print: here it is a rejection.
        logging.getLogger(library).addHandler(logging.NullHandler())
    bare = EMBEDDED.sub(b"data:,", data) if b";base64," in data else data
    if len(bare) > LONGEST_LINE:
        return Rejection(place, "page is longer than 20 million bytes")
    html = page_text(bare, charset)
    try:
        tree = trafilatura.load_html(html)
        if tree is None:
            return Rejection(place, "page holds no article text")
        if tree.xpath("count(.//*)") > MOST_ELEMENTS:
            return Rejection(place, f"page has more than {MOST_ELEMENTS:,} elements")
        known, source = _fields(trafilatura, tree, html, url)
    except Exception as error:  # the parser of a foreign library, on foreign text: whatever it raises is a rejection
        return Rejection(place, f"page cannot be parsed: {type(error).__name__}")
    if not known.get("body"):
        return Rejection(place, "page holds no article text")
    return Record({"sha256": hashlib.sha256(data).hexdigest()}, place, known, date_source=source)


def _fields(trafilatura: Any, tree: Any, html: str, fetched: str) -> tuple[dict[str, str], str]:
    """Fields of a page, and where its date stood; no body where trafilatura finds none."""
    from corpora.byline import find_byline
    from corpora.dates import date_in_url
    from corpora.readers import webpage

    # Before trafilatura, some versions of which prune the tree that they are given.
    nodes, metas = webpage.linked_data(tree), webpage.meta(tree)
    article = webpage.article_node(nodes)
    url = webpage.address(tree, html, metas, fetched)
    captions, named = _captions(tree), webpage.name_in_title(tree, url)
    page = trafilatura.bare_extraction(tree, url=url or None, with_metadata=True, include_comments=False)
    if page is None or not page.text:
        return {}, "metadata"
    url = url or page.url or ""
    found = page.date or ""
    published = webpage.stated_date(tree, article, metas, found)
    source = "metadata" if published else "text"
    if not published and (day := date_in_url(url)) and day.isoformat() == found:
        found = ""  # left to the corpus, which reads addresses by itself and says so
    # A name with a dot is a host that trafilatura found for want of better, and may be an archive's.
    guess = page.sitename or ""
    guess = "" if "." in guess and url else guess
    outlet = webpage.site_name(article, nodes, metas, named, guess, webpage.host(url))
    title = page.title or next(iter(webpage.texts(article.get("headline"))), "")
    title = webpage.without_site(" ".join(title.split()), outlet, url)
    lines = _lines(page.text, title, captions)
    byline = page.author or ""
    if len(lines) > 1 and (written_by := find_byline(lines[0])):
        byline = byline or written_by
        del lines[0]
    return {
        "outlet": outlet,
        "published": published or found,
        "title": title,
        "body": "\n\n".join(lines),
        "byline": byline,
        "url": url,
        "tags": ", ".join(page.tags or ()),
        "captions": "\n".join(captions),
        "section": metas.get("article:section")
        or ", ".join(map(str.strip, webpage.texts(article.get("articleSection")))),
    }, source if published or found else "metadata"


def _lines(text: str, title: str, captions: list[str]) -> list[str]:
    """Paragraphs of an article, without the headline above them, and without captions among them."""
    # trafilatura parts paragraphs with one line break.
    lines = [line for line in text.split("\n") if line.strip()]
    if len(lines) > 1 and " ".join(lines[0].split()) == title:
        del lines[0]
    return [line for line in lines if line not in captions]


def _captions(tree: Any) -> list[str]:
    """Texts under a page's pictures; some sites mark the buttons for sharing as captions, which have few words."""
    found = (" ".join(element.text_content().split()) for element in tree.iter("figcaption"))
    return list(dict.fromkeys(text for text in found if sum(map(str.isalpha, text.split())) > 3))


def page_text(data: bytes, charset: str = "") -> str:
    """Text of a page: as `decode`, and in the charset that it or its server names where it is no UTF-8.

    UTF-8 goes before the declaration: a browser saves pages as UTF-8 and may leave the old declaration in them,
    and text of another charset is hardly ever valid UTF-8.

    >>> page_text('<meta charset="windows-1251">Москва'.encode("cp1251"))
    '<meta charset="windows-1251">Москва'
    """
    declared = CHARSET.search(data[:HEAD])
    named = declared[1].decode("ascii").lower() if declared else charset.lower()
    if not re.fullmatch(CHARSETS, named):
        return decode(data)
    try:
        if named != "iso-2022-jp":  # which has seven bits, so that it always is valid UTF-8
            return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    return data.decode(named, "replace")
