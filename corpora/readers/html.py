"""A saved HTML page of one article, read with trafilatura."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from typing import BinaryIO

from corpora.readers.record import LONGEST_LINE, Head, Record, Rejection, decode

# Charsets of pages, by the names that the web standard lists; Latin-1 and ASCII are read as Windows-1252 in any case.
CHARSET = re.compile(
    rb"<(?:meta|\?xml)\b[^>]{0,200}?\b(?:charset|encoding)\s*=\s*[\"']?\s*"
    rb"(windows-125\d|iso-8859-(?:[2-9]|1[0-6])|koi8-[ru]|ibm866|macintosh|"
    rb"gbk|gb2312|gb18030|big5|euc-jp|euc-kr|shift_jis|iso-2022-jp)\b",
    re.IGNORECASE,
)
PAGE = re.compile(r"(?:<!--.*?-->\s*|<\?xml[^>]*\?>\s*)*<(?:!doctype\s+html|html|head|body|meta|title|article)\b", re.I | re.S)
# A page declares its charset within the first kilobyte, says the standard; real pages have scripts before it.
HEAD = 4096


def recognises(head: Head) -> bool:
    """A page begins with its document type, with one of its outermost elements, or with a comment before them."""
    return bool(PAGE.match(head.text))


def read(stream: BinaryIO, name: str) -> Iterator[Record | Rejection]:
    """Yield the page's article, or a rejection where the page holds none."""
    import trafilatura

    data = stream.read(LONGEST_LINE + 1)
    if len(data) > LONGEST_LINE:
        yield Rejection("page", "page is longer than 20 million bytes")
        return
    try:
        page = trafilatura.bare_extraction(page_text(data), with_metadata=True, include_comments=False)
    except Exception as error:  # the parser of a foreign library, on foreign text: whatever it raises is a rejection
        yield Rejection("page", f"page cannot be parsed: {type(error).__name__}")
        return
    if page is None or not page.text:
        yield Rejection("page", "page holds no article text")
        return
    # trafilatura parts paragraphs with one line break where a corpus has a blank line between.
    known = {
        "outlet": page.sitename or "",
        "published": page.date or "",
        "title": page.title or "",
        "body": "\n\n".join(line for line in page.text.split("\n") if line.strip()),
        "byline": page.author or "",
        "url": page.url or "",
        "tags": ", ".join(page.tags or ()),
    }
    yield Record({"sha256": hashlib.sha256(data).hexdigest()}, "page", known)


def page_text(data: bytes) -> str:
    """Text of a page: as `decode`, and in the charset that it declares where it is no UTF-8.

    UTF-8 goes before the declaration: a browser saves pages as UTF-8 and may leave the old declaration in them,
    and text of another charset is hardly ever valid UTF-8.

    >>> page_text('<meta charset="windows-1251">Москва'.encode("cp1251"))
    '<meta charset="windows-1251">Москва'
    """
    declared = CHARSET.search(data[:HEAD])
    if not declared:
        return decode(data)
    charset = declared[1].decode("ascii")
    try:
        if charset.lower() != "iso-2022-jp":  # which has seven bits, so that it always is valid UTF-8
            return data.decode("utf-8")
    except UnicodeDecodeError:
        pass
    return data.decode(charset, "replace")
