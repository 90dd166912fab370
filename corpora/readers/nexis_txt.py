"""Text files of LexisNexis and Nexis: hard-wrapped, many articles in one, each headed "1 of 10 DOCUMENTS"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from corpora.readers import nexis
from corpora.readers.nexis_labels import read_label
from corpora.readers.record import Head, Record, Rejection, Stated, decode, read_whole

# Longer lines are paragraphs: the services wrapped at 72 to 80 columns.
WIDEST = 110


def recognises(head: Head) -> bool:
    r"""Whether a file is an export: a line numbers an article or ends one, or the fields are those of one.

    >>> recognises(Head.of(b"1 of 2 DOCUMENTS\n\nThe Daily\n\nLENGTH: 90 words\n"))
    True
    >>> recognises(Head.of(b"LENGTH: 90 words\n\nBYLINE: Jane Roe\n"))
    False
    """
    if head.text.startswith(("<", "{")):
        return False
    lines = head.text.splitlines()
    return nexis.is_export(lines) or len(_fields(lines)) > 3


def read(stream: BinaryIO, name: str) -> Iterator[Record | Rejection | Stated]:
    """Yield the file's articles, and how many it says there are."""
    data = read_whole(stream, nexis.LONGEST)
    if data is None:
        yield Rejection("file", f"file is longer than {nexis.LONGEST // 1_000_000} million bytes")
        return
    lines = decode(data).replace("\r\n", "\n").replace("\r", "\n").replace("\f", "\n").split("\n")
    if nexis.is_export(lines):
        yield from nexis.records(lines, wrap=columns(lines))
    elif _fields(lines)["length"] == 1:  # somebody parted an export into files of one article
        yield nexis.article(nexis.blocks(lines, columns(lines)), "article 1")
    else:
        yield Rejection("file", "no line says where an article begins or ends")


def _fields(lines: Sequence[str]) -> Counter[str]:
    """How often each field is printed as the older services do; none where the length or the day of loading lacks."""
    keys = Counter(label.key for line in lines if (label := read_label(line.strip(), "capitals")))
    return keys if keys["length"] and keys["loaded"] else Counter()


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
