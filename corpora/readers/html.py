"""A saved HTML page of one article, read with trafilatura."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import BinaryIO

from corpora.readers.record import LONGEST_LINE, Record, Rejection, decode


def read(stream: BinaryIO, name: str) -> Iterator[Record | Rejection]:
    """Yield the page's article, or a rejection where the page holds none."""
    import trafilatura

    data = stream.read(LONGEST_LINE + 1)
    if len(data) > LONGEST_LINE:
        yield Rejection("page", "page is longer than 20 million bytes")
        return
    try:
        page = trafilatura.bare_extraction(decode(data), with_metadata=True, include_comments=False)
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
        "body": "\n\n".join(line for line in page.text.splitlines() if line.strip()),
        "byline": page.author or "",
        "url": page.url or "",
        "tags": ", ".join(page.tags or ()),
    }
    yield Record({"sha256": hashlib.sha256(data).hexdigest()}, "page", known)
