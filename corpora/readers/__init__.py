"""Readers: one module a format; each turns an open file into records or rejections.

A reader is a module with two functions. `recognises(head) -> bool` knows its format from the first bytes of a file,
whatever the file is called; `read(stream, name) -> Iterator[Record | Rejection | Stated]` reads it. To add one, write
the module and put it into `READERS`, before every more general one: the first that recognises a file reads it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO, Protocol

from corpora.readers import (
    eml,
    europresse,
    excel,
    factiva_html,
    factiva_rtf,
    factiva_xml,
    feed,
    gdelt,
    html,
    jsonl,
    mediacloud,
    nexis_docx,
    nexis_html,
    nexis_rtf,
    nexis_txt,
    parquet,
    plain,
    proquest_html,
    proquest_rtf,
    proquest_txt,
    ris,
    rtf,
    table,
    warc,
)
from corpora.readers.record import HEAD, Head, Record, Rejection, Stated


class Reader(Protocol):
    """What every module here has."""

    def recognises(self, head: Head) -> bool:
        """Whether a file that begins so is of this format."""
        ...

    def read(self, stream: BinaryIO, name: str) -> Iterator[Record | Rejection | Stated]:
        """What the file holds, in its order."""
        ...


# Specific formats first: a Factiva page is an HTML page as well, and every table is text.
READERS: dict[str, Reader] = {
    "parquet": parquet,
    "excel": excel,
    "nexis-docx": nexis_docx,
    "warc": warc,
    "eml": eml,
    "nexis-rtf": nexis_rtf,
    "factiva-rtf": factiva_rtf,
    "proquest-rtf": proquest_rtf,
    "rtf": rtf,
    "factiva-xml": factiva_xml,
    "feed": feed,
    "nexis-html": nexis_html,
    "factiva-html": factiva_html,
    "europresse": europresse,
    "proquest-html": proquest_html,
    "html": html,
    "gdelt": gdelt,
    "jsonl": jsonl,
    "mediacloud": mediacloud,
    "ris": ris,
    "table": table,
    "nexis-txt": nexis_txt,
    "proquest-txt": proquest_txt,
    "plain": plain,
}
# What a file is by its ending, where its first bytes do not tell: text has no mark of its own.
SUFFIXES = {
    ".csv": "table", ".tsv": "table", ".tab": "table", ".html": "html", ".htm": "html", ".jsonl": "jsonl",
    ".ndjson": "jsonl", ".json": "jsonl", ".parquet": "parquet", ".txt": "plain", ".text": "plain", ".eml": "eml",
    ".ris": "ris", ".xlsx": "excel", ".xlsm": "excel", ".warc": "warc", ".rss": "feed", ".atom": "feed",
}  # fmt: skip


def detect(name: str, head: bytes) -> str | None:
    """Name of the reader for a file: from its first bytes, and only where they do not tell from its name.

    Args:
        name: Name of the file.
        head: Its first bytes, at most `HEAD` of them.

    Returns:
        A key of `READERS`, or None for no format known.

    >>> detect("export.dat", b'{"title": "Talks"}')
    'jsonl'
    >>> detect("page.txt", b"<!DOCTYPE html><html>")
    'html'
    >>> detect("photo.jpg", bytes([255, 216, 255])) is None
    True
    """
    first = Head.of(head)
    found = next((reader for reader, module in READERS.items() if module.recognises(first)), None)
    return found or SUFFIXES.get("." + name.lower().rsplit(".", 1)[-1])


__all__ = ["HEAD", "READERS", "Head", "Reader", "Record", "Rejection", "Stated", "detect"]
