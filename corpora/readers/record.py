"""What readers yield, and how bytes become text."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

# The longest article found in the wild, a live blog, has 0.6 million characters.
LONGEST_LINE = 20_000_000


@dataclass(frozen=True, slots=True)
class Record:
    """One article as a file holds it.

    Attributes:
        raw: What was read, by column name; its hash is the article's identity.
        place: Where in the file ("line 17").
        known: Fields that the format itself tells (an HTML page's title), by field name.
    """

    raw: Mapping[str, Any]
    place: str
    known: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rejection:
    """Something that was read and is no article, with the reason."""

    place: str
    reason: str


def _stray_byte(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    stray = error.object[error.start : error.end]
    return stray.decode("cp1252", "replace"), error.end


codecs.register_error("stray-cp1252", _stray_byte)


def decode(data: bytes) -> str:
    """Text of bytes: UTF-8 or UTF-16 by its mark, else UTF-8 in which stray bytes are read as Windows-1252.

    Files that a spreadsheet saved twice hold both; reading the whole as Windows-1252 would break every
    right character to mend a few wrong ones.

    >>> decode("Élysée".encode()), decode("Élysée".encode("cp1252"))
    ('Élysée', 'Élysée')
    """
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", "replace")
    return data.removeprefix(codecs.BOM_UTF8).decode("utf-8", "stray-cp1252")


def lines(stream: BinaryIO, longest: int = LONGEST_LINE) -> Iterator[tuple[int, bytes | None]]:
    """Lines of a file with their numbers from 1; None in the place of one that is too long to be read.

    A line of 100 MB is passed over in pieces, so that it never lies in memory as a whole.
    """
    number = 0
    while line := stream.readline(longest):
        number += 1
        if len(line) >= longest and not line.endswith(b"\n"):
            while (rest := stream.readline(longest)) and not rest.endswith(b"\n"):
                pass
            yield number, None
        else:
            yield number, line


def text_lines(stream: BinaryIO) -> Iterator[tuple[int, str | None]]:
    """Decoded lines with their numbers; a UTF-16 file, whose lines bytes do not show, is decoded whole.

    Only a line feed ends a line, as in bytes: `splitlines` would part a JSON text at U+2028 inside a string.
    """
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(cast(io.RawIOBase, stream))
    if buffered.peek(2)[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        yield from enumerate(io.StringIO(decode(buffered.read()), newline="\n"), 1)
        return
    for number, data in lines(buffered):
        if data is None:
            yield number, None
        else:
            yield number, decode(data) if number == 1 else data.decode("utf-8", "stray-cp1252")
