"""Text files of LexisNexis and Nexis: hard-wrapped, many articles in one, each headed "1 of 10 DOCUMENTS"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

from corpora.readers import nexis
from corpora.readers.record import Head, Record, Rejection, Stated, decode, read_whole

# Longer lines are paragraphs: the services wrapped at 72 to 80 columns.
WIDEST = 110


def recognises(head: Head) -> bool:
    r"""Whether a file is an export: a line numbers an article, or ends one that has an article's fields.

    >>> recognises(Head.of(b"1 of 2 DOCUMENTS\n\nThe Daily\n\nLENGTH: 90 words\n"))
    True
    >>> recognises(Head.of(b"LENGTH: 90 words\n\nBYLINE: Jane Roe\n"))
    False
    """
    return not head.text.startswith(("<", "{")) and nexis.is_export(head.text.splitlines())


def read(stream: BinaryIO, name: str) -> Iterator[Record | Rejection | Stated]:
    """Yield the file's articles, and how many it says there are."""
    data = read_whole(stream, nexis.LONGEST)
    if data is None:
        yield Rejection("file", f"file is longer than {nexis.LONGEST // 1_000_000} million bytes")
        return
    lines = decode(data).replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")
    if not nexis.is_export(lines):
        yield Rejection("file", "no article: no line says where one begins or ends")
        return
    yield from nexis.records(lines, wrap=columns(lines))


def columns(lines: Sequence[str]) -> int:
    """Columns at which lines were broken; 0 where they were not.

    >>> columns(["a line of the text that goes on to column 37"] * 30 + ["the end of it"])
    44
    """
    lengths = sorted(length for line in lines if (length := len(line.rstrip())) > 40)
    if not lengths:
        return 0
    # All but the rarest: an address, which has no blank, is not broken.
    width = lengths[len(lengths) * 98 // 100]
    return width if width <= WIDEST else 0
