"""What readers yield, and how bytes become text."""

from __future__ import annotations

import codecs
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

# The longest article found in the wild, a live blog, has 0.6 million characters.
LONGEST_LINE = 20_000_000


# First bytes of a file that decide on its format. A browser's page, a Word file and a database's cover sheet have
# some thousand bytes of styles and settings before anything tells who wrote them.
HEAD = 65_536


@dataclass(frozen=True, slots=True)
class Head:
    """The first bytes of a file, and the text they are, by which a reader recognises its format.

    Attributes:
        data: At most `HEAD` bytes.
        text: The same decoded, without what stands before the first visible character.
    """

    data: bytes
    text: str

    @classmethod
    def of(cls, data: bytes) -> Head:
        """Head of a file's first bytes.

        >>> Head.of(b"  <html>").text
        '<html>'
        """
        return cls(data[:HEAD], decode(data[:HEAD]).lstrip("\ufeff \t\r\n"))


@dataclass(frozen=True, slots=True)
class Record:
    """One article as a file holds it.

    Attributes:
        raw: What was read, by column name; its hash is the article's identity.
        place: Where in the file ("line 17").
        known: Fields that the format itself tells (an HTML page's title), by the field names of `corpora.columns`.
        date_source: Where `known["published"]` stood: `metadata` of the file, or `text` of the page.
        coverage: Whether the format lists articles without their text: kept as coverage, never scored.
        edited: Whether a database keeps it as an article of its own, so that it is one however short it is. What a
            person saved or a crawler fetched may as well be a caption or an error page.
    """

    raw: Mapping[str, Any]
    place: str
    known: Mapping[str, str] = field(default_factory=dict)
    date_source: str = "metadata"
    coverage: bool = False
    edited: bool = False


@dataclass(frozen=True, slots=True)
class Stated:
    """How many articles a file says that it holds, where it says so: "1 of 166 DOCUMENTS"."""

    count: int
    words: str


@dataclass(frozen=True, slots=True)
class Rejection:
    """Something that was read and is no article, with the reason."""

    place: str
    reason: str


def read_whole(stream: BinaryIO, longest: int = LONGEST_LINE) -> bytes | None:
    """All bytes of a file that must be read as a whole; None where it is longer than `longest`."""
    pieces, room = [], longest + 1
    # In pieces: asked for all at once, a stream would set that much memory aside.
    while room and (piece := stream.read(min(room, 1 << 20))):
        pieces.append(piece)
        room -= len(piece)
    return b"".join(pieces) if room else None


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
