"""WARC: the archive files of web crawlers (wget, Heritrix, Browsertrix), read with fastwarc record by record."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Iterator
from typing import Any, BinaryIO

from corpora.errors import InputError
from corpora.readers import html
from corpora.readers.record import LONGEST_LINE, Head, Record, Rejection

PAGES = {"text/html", "application/xhtml+xml"}


def recognises(head: Head) -> bool:
    """Every record begins with the name of the format."""
    return head.data.startswith(b"WARC/")


def read(stream: BinaryIO, name: str) -> Iterator[Record | Rejection]:
    """Yield one record or rejection for each page; what is no page is summed, one rejection a kind.

    A crawl holds far more images and scripts than articles: a rejection for each would bury those of the pages.

    Raises:
        InputError: The package fastwarc is not installed.
    """
    try:
        from fastwarc.warc import ArchiveIterator, WarcRecordType
    except ImportError:
        raise InputError(f"{name} is a WARC file; to read it: pip install 'media-framing[warc]'") from None

    captured = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.revisit | WarcRecordType.conversion
    others: Counter[str] = Counter()
    number = 0
    try:
        for record in ArchiveIterator(_Forward(stream), record_types=captured, parse_http=False):
            number += 1
            url = (record.headers.get("WARC-Target-URI") or "").strip("<>")
            made = _page(record, url, f"record {number} ({url[:100]})")
            if isinstance(made, str):
                others[made] += 1
            else:
                yield made
    except (GeneratorExit, KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:  # the file may be damaged anywhere; a panic of the Rust library is no Exception
        yield Rejection(f"record {number + 1}", f"broken WARC: {_first_words(error)}")
    for kind, count in sorted(others.items()):
        yield Rejection("other records", f"no articles: {count} with {kind}")
    if not number:
        yield Rejection("file", "WARC file holds no captured page")


class _Forward(io.RawIOBase):
    """A stream that is read forward only: the library asks any stream where it is, and panics where one cannot say."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream, self._place = stream, 0

    def readable(self) -> bool:
        """Always."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Read on."""
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        self._place += len(data)
        return len(data)

    def tell(self) -> int:
        """How many bytes were read."""
        return self._place


def _page(record: Any, url: str, place: str) -> Record | Rejection | str:
    """The article of a record, or why there is none, or what the record is where it is no page.

    When a page was fetched is no day of publication: a page that states none stays undated.
    """
    from fastwarc.warc import WarcRecord, WarcRecordType

    if record.record_type == WarcRecordType.revisit:
        return "a page that was fetched before"
    if record.record_type == WarcRecordType.conversion:
        return "text without markup"
    stated, block, length = record.headers.get("Content-Type") or "", b"", record.content_length
    if http := record.record_type == WarcRecordType.response:
        block = record.reader.read(LONGEST_LINE + 1)
        # A record of its own, so that a body which is not encoded as its headers say costs none below it.
        copy = WarcRecord()
        copy.set_bytes_content(block)
        copy.is_http = True
        try:
            copy.parse_http(auto_decode="all")
        except Exception as error:
            return Rejection(place, f"page cannot be decoded: {_first_words(error)}")
        stated = copy.http_content_type or ""
        if copy.http_headers is not None and copy.http_headers.status_code not in (200, None):
            return f"HTTP status {copy.http_headers.status_code}"
    content_type = stated.split(";")[0].strip().lower()
    if content_type not in PAGES:
        return f"content type {content_type[:60] or 'unknown'}"
    try:
        page = copy.reader.read(LONGEST_LINE + 1) if http else record.reader.read(LONGEST_LINE + 1)
    except Exception as error:
        return Rejection(place, f"page cannot be decoded: {_first_words(error)}")
    if len(block or page) < min(length, LONGEST_LINE):
        return Rejection(place, "file ends within this page")
    return html.read_page(page, url=url, charset=copy.http_charset or "" if http else "", place=place)


def _first_words(error: BaseException) -> str:
    return str(error)[:100] or type(error).__name__
