"""Archives: zip and tar, and files packed with gzip, bzip2 or xz, unpacked as they are read and never onto the disk.

What an archive holds is hostile: a member may have a name that climbs out of its folder, may point to another file,
and may unpack to a thousand times its size. Nothing is written anywhere, so that a name is only a name; how much is
unpacked is counted against the size of the file that the user named.
"""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import lzma
import re
import stat
import tarfile
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, cast

from corpora.readers.record import HEAD, Rejection, read_whole

# Text packs to a fifth, tables of numbers to a fiftieth; deflate cannot pass 1 : 1,032.
LARGEST_RATIO = 200
# Less than this does no harm, however small the file it came from.
ALWAYS_ALLOWED = 100_000_000
MOST_MEMBERS = 1_000_000
# A zip lists its members at its end, with some 100 bytes for each.
LONGEST_LISTING = 110_000_000
LONGEST_NAME = 1_000
# What must be read from its end (a zip inside an archive) lies in memory; also the memory that xz may ask for.
IN_MEMORY = 200_000_000
PIECE = 65_536
STORED, DEFLATED, BZIP2, LZMA = 0, 8, 12, 14
# "gzip" and the like hold one file; "zip" and "tar" hold members.
PACKED = ("gzip", "bzip2", "xz")
SUFFIXES = re.compile(r"\.(?:gz|bz2|xz|tgz|tbz2?|txz|tar|zip)$", re.IGNORECASE)
MAGIC = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz", b"PK\x03\x04": "zip", b"PK\x05\x06": "zip"}
# Archives that are not read, which at least can be named.
UNREAD = {b"7z\xbc\xaf\x27\x1c": "7z", b"Rar!\x1a\x07": "rar", b"\x28\xb5\x2f\xfd": "zstd", b"\x1f\x9d": "compress"}


class TooMuch(Exception):
    """An archive that is not read to its end: it unpacks to far more than it is, or has too many members."""

    told = False


class Budget:
    """How much the file that the user named may unpack to; layers inside each other are counted apart.

    Args:
        packed: Bytes of that file.

    >>> Budget(1_000_000).spend(1, 99_000_000)
    """

    def __init__(self, packed: int) -> None:
        self.packed, self.members = packed, 0
        self.spent: Counter[int] = Counter()

    def spend(self, layer: int, count: int) -> None:
        """Count bytes that a layer gave.

        Raises:
            TooMuch: They are more than 100 million and more than 200 times the size of the file.
        """
        self.spent[layer] += count
        if self.spent[layer] > max(ALWAYS_ALLOWED, LARGEST_RATIO * self.packed):
            raise TooMuch(f"unpacks to more than {LARGEST_RATIO} times its size")

    def count_members(self, count: int) -> None:
        """Count more members.

        Raises:
            TooMuch: There are more than a million.
        """
        self.members += count
        if self.members > MOST_MEMBERS:
            raise TooMuch(f"holds more than {MOST_MEMBERS:,} members")


@dataclass(frozen=True, slots=True)
class Member:
    """A file inside an archive: its name there, with `/` between folders, and its bytes."""

    name: str
    stream: io.BufferedReader


def archive_kind(head: bytes) -> str:
    """Kind of archive that begins so: gzip, bzip2, xz, zip or tar; empty for anything else.

    >>> archive_kind(b"PK\\x03\\x04..."), archive_kind(b"Talks resume.")
    ('zip', '')
    """
    if kind := next((kind for magic, kind in MAGIC.items() if head.startswith(magic)), ""):
        return kind
    try:
        tarfile.TarInfo.frombuf(head[: tarfile.BLOCKSIZE], "utf-8", "surrogateescape")  # a header sums itself up
    except tarfile.TarError:
        return ""
    return "tar"


def unread_kind(head: bytes) -> str:
    """Name of an archive's kind that is not read here; empty for anything else."""
    return next((kind for magic, kind in UNREAD.items() if head.startswith(magic)), "")


def stem(name: str) -> str:
    """Name of an archive without what its endings say.

    >>> stem("exports/The Daily.tar.gz")
    'The Daily'
    """
    name = name.rsplit("/", 1)[-1]
    while shorter := SUFFIXES.sub("", name):
        if shorter == name:
            break
        name = shorter
    return name


def unpacked(stream: io.BufferedReader, kind: str, budget: Budget, layer: int) -> io.BufferedReader:
    """The one file inside a stream that is packed with gzip, bzip2 or xz."""
    if kind == "gzip":
        return _counted(gzip.GzipFile(fileobj=stream).read1, budget, layer)
    make = bz2.BZ2Decompressor if kind == "bzip2" else lambda: lzma.LZMADecompressor(memlimit=IN_MEMORY)
    return _counted(_Streams(stream, make).read1, budget, layer)


def members(stream: io.BufferedReader, kind: str, budget: Budget, layer: int) -> Iterator[Member | Rejection]:
    """Files in a zip or tar, in its order, each to be read before the next is asked for; or why one is not read.

    Folders, hidden files and what macOS adds are passed over, as they are in folders.
    """
    found = _in_zip(stream, budget) if kind == "zip" else _in_tar(stream, budget)
    for name, refused, open_member in found:
        parts = [part for part in name.split("/") if part not in ("", ".")]
        if any(part == "__MACOSX" or (part.startswith(".") and part != "..") for part in parts):
            continue
        shown = _printable("/".join(parts))[:LONGEST_NAME]
        if len(name) > LONGEST_NAME:
            yield Rejection(f"{shown[:60]}...", f"its name is longer than {LONGEST_NAME:,} characters")
        elif ".." in parts or name.startswith("/") or re.match(r"[A-Za-z]:", name):
            yield Rejection(_printable(name), "its name leads out of the archive")
        elif refused:
            yield Rejection(shown, refused)
        else:
            try:
                read1 = open_member()
            except (NotImplementedError, RuntimeError, ValueError, zipfile.BadZipFile) as error:
                yield Rejection(shown, f"broken {kind}: {error}")
                continue
            yield Member(shown, _counted(read1, budget, layer))


Found = tuple[str, str, Callable[[], Callable[[int], bytes]]]


def _in_zip(stream: io.BufferedReader, budget: Budget) -> Iterator[Found]:
    """Name of each member, why it cannot be read, and how to open it."""
    source: Any = stream
    if not stream.seekable():
        data = read_whole(stream, IN_MEMORY)
        if data is None:
            raise ValueError(
                f"a zip inside an archive may have {IN_MEMORY // 1_000_000} million bytes; unpack it first"
            )
        source = io.BytesIO(data)
    with zipfile.ZipFile(_ShortReads(source)) as archive:  # which has what a ZipFile calls
        budget.count_members(len(archive.infolist()))
        for info in archive.infolist():
            if info.is_dir():
                continue
            mode = info.external_attr >> 16
            if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
                refused = "a link or a device, no file"
            elif info.flag_bits & 0x1:
                refused = "encrypted: unpack it with its password first"
            elif info.compress_type not in (STORED, DEFLATED, BZIP2, LZMA):
                refused = f"packed in a way that is not read (method {info.compress_type}); unpack the archive first"
            else:
                refused = ""
            yield _zip_name(info), refused, lambda info=info: cast(Any, archive.open(info)).read1  # type: ignore[misc]


def _in_tar(stream: io.BufferedReader, budget: Budget) -> Iterator[Found]:
    with tarfile.open(fileobj=stream, mode="r|", tarinfo=_Header, bufsize=PIECE) as archive:
        while (info := archive.next()) is not None:
            cast(Any, archive).members = []  # which a TarFile gathers for those who go back
            budget.count_members(1)
            if info.isdir():
                continue
            refused = "" if info.isreg() else "a link or a device, no file"
            name = info.name.encode("utf-8", "surrogateescape").decode("utf-8", "replace").replace("\\", "/")
            yield name, refused, lambda info=info: cast(Any, archive.extractfile(info)).read1  # type: ignore[misc]


def _zip_name(info: zipfile.ZipInfo) -> str:
    """Name of a member; that of macOS is UTF-8 without saying so, and some of Windows part folders by backslashes."""
    name = info.filename
    if not info.flag_bits & 0x800 and not name.isascii():
        with contextlib.suppress(UnicodeError):
            name = name.encode("cp437").decode("utf-8")
    return name.replace("\\", "/")


def _printable(name: str) -> str:
    return "".join(c if c.isprintable() else "\ufffd" for c in name)


class _Header(tarfile.TarInfo):
    """Header of a tar's member; one that would be read into memory (a long name, extended fields) must be short."""

    @classmethod
    def frombuf(cls, buf: bytes | bytearray, encoding: str, errors: str) -> _Header:
        header = super().frombuf(buf, encoding, errors)
        if header.type in (b"x", b"g", b"X", b"L", b"K") and header.size > 1_000_000:
            raise tarfile.ReadError("an extended header is longer than a million bytes")
        return header


class _ShortReads:
    """A file of which no more is read at once than a listing of a million members takes."""

    def __init__(self, source: BinaryIO) -> None:
        self.seek, self.tell, self.seekable, self._read = source.seek, source.tell, source.seekable, source.read

    def read(self, count: int = -1) -> bytes:
        if count > LONGEST_LISTING:
            raise zipfile.BadZipFile("its list of members is too long")
        return self._read(count)


class _Streams:
    """One packed stream after the other, as bzip2 and xz allow, unpacked in pieces."""

    def __init__(self, source: io.BufferedReader, make: Callable[[], Any]) -> None:
        self._source, self._make, self._unpacker = source, make, make()

    def read1(self, count: int) -> bytes:
        while True:
            data = b""
            if self._unpacker.eof:
                data = self._unpacker.unused_data.lstrip(b"\0")
                while not data and (piece := self._source.read(PIECE)):
                    data = piece.lstrip(b"\0")
                if not data:
                    return b""
                self._unpacker = self._make()
            elif self._unpacker.needs_input and not (data := self._source.read(PIECE)):
                raise EOFError("the file ends before its packed stream does")
            if out := self._unpacker.decompress(data, count):
                return cast(bytes, out)


class _Counted(io.RawIOBase):
    """Bytes that are counted; as many as are asked for, so that a buffer's first look is a full one."""

    def __init__(self, read1: Callable[[int], bytes], budget: Budget, layer: int) -> None:
        self._read1, self._budget, self._layer = read1, budget, layer
        self._error: Exception | None = None

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        if self._error:
            raise self._error
        view, filled = memoryview(buffer).cast("B"), 0
        while filled < len(view):
            try:
                data = self._read1(len(view) - filled)
            except Exception as error:  # raised with the next piece: what was unpacked before the break is good
                if not filled:
                    raise
                self._error = error
                break
            if not data:
                break
            view[filled : filled + len(data)] = data
            filled += len(data)
        self._budget.spend(self._layer, filled)
        return filled


def _counted(read1: Callable[[int], bytes], budget: Budget, layer: int) -> io.BufferedReader:
    return io.BufferedReader(_Counted(read1, budget, layer), HEAD)
