"""Sources: the files that are read, where in folders and archives each record stood, and the collection note."""

from __future__ import annotations

import errno
import hashlib
import io
import json
import lzma
import os
import tarfile
import tomllib
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, cast

from corpora.archives import IN_MEMORY, PACKED, Budget, TooMuch, archive_kind, members, stem, unpacked, unread_kind
from corpora.errors import InputError
from corpora.manifest import FILE
from corpora.readers import HEAD, READERS, Record, Rejection, Stated, detect
from corpora.readers.record import read_whole

# A zip in a zip in a zip is read, and no deeper; each may be packed once more, as a tar mostly is.
DEEPEST = 3
# Errors that say that an archive is broken, and an OSError without a number.
BROKEN = (EOFError, OSError, lzma.LZMAError, tarfile.TarError, zipfile.BadZipFile, zlib.error)


@dataclass(frozen=True, slots=True)
class File:
    """A file to read, and the folders that lead to it.

    Attributes:
        path: Where it lies.
        folders: Names of the folders from the one that the user named down to the file; none for a file that was
            named itself.
    """

    path: Path
    folders: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Its path below the named folder.

        >>> File(Path("in/CNN/2018/talks.txt"), ("in", "CNN", "2018")).name
        'CNN/2018/talks.txt'
        """
        return "/".join((*self.folders[1:], self.path.name))


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a record stood: a file, and the members that lead to it where the file is an archive.

    Attributes:
        file: The file.
        members: Name of the member, after those of the archives around it.
        reader: Name of the reader; empty where there is none.
    """

    file: File
    members: tuple[str, ...] = ()
    reader: str = ""

    @property
    def name(self) -> str:
        """The name with all that leads to it.

        >>> Origin(File(Path("export.zip")), ("CNN/talks.txt",)).name
        'export.zip/CNN/talks.txt'
        """
        return "/".join((self.file.name, *self.members))

    def place(self, place: str) -> str:
        """A place in the file, after the name of the member that it is in; of a whole member its name alone.

        >>> Origin(File(Path("export.zip")), ("talks.csv",)).place("line 3")
        'talks.csv: line 3'
        """
        if not self.members:
            return place
        return "/".join(self.members) + ("" if place == "file" else f": {place}")

    def outlet(self) -> str:
        """The outlet that the folders name: the first one below the named folder that is no date or number.

        Folders in an archive count as those around it, save one that only repeats the archive's name. Without any, it
        is the archive's name without endings, or the folder that was named, or that a file named by itself lies in.

        >>> Origin(File(Path("in/2018/CNN/a.txt"), ("in", "2018", "CNN"))).outlet()
        'CNN'
        >>> Origin(File(Path("in/CNN.zip"), ("in",)), ("02/a.txt",)).outlet()
        'CNN'
        """
        folders = list(self.file.folders[1:])
        stems: list[str] = []
        for archive, member in zip((self.file.path.name, *self.members), self.members, strict=False):
            stems.insert(0, stem(archive))
            inner = member.split("/")[:-1]
            folders += inner[1:] if inner[:1] == stems[:1] else inner
        root = self.file.folders[0] if self.file.folders else self.file.path.absolute().parent.name
        # A name without any letter is a year, a month, a day or a number.
        return next((name for name in (*folders, *stems, root) if any(c.isalpha() for c in name)), "")


@dataclass(frozen=True, slots=True)
class _Layer:
    """How deep a stream lies: in how many archives, what it was packed with, and how much may still come out."""

    budget: Budget
    depth: int = 0
    archives: int = 0
    packing: str = ""


Item = Record | Rejection | Stated


def find_files(paths: Iterable[str | Path]) -> Iterator[File]:
    """Files to read under the paths given, sorted within each folder.

    In a folder, hidden files and what lies in a corpus are passed over: a corpus must not read itself.

    Raises:
        InputError: A path does not exist, a folder holds no file, or a named file is empty.
    """
    for path in map(Path, paths):
        try:
            if path.is_dir():
                yield from _in_folder(path)
            elif not path.exists():
                raise InputError(f"no file or folder {path}")
            elif path.stat().st_size == 0:
                raise InputError(f"file {path} is empty")
            else:
                yield File(path)
        except OSError as error:  # a name that is too long, a folder that is closed
            raise InputError(f"cannot read {path}: {error.strerror or error}") from None


def read_file(file: File) -> Iterator[tuple[Origin, Item]]:
    """What a file holds, and where each of it stood; whatever is wrong with its content is a rejection.

    Archives are unpacked as they are read. A member that is broken does not cost its neighbours; an archive that
    unpacks to far more than it is, or that holds too many members, is left where that shows.

    Raises:
        InputError: The file cannot be opened, or a reader needs an extra that is not installed.
    """
    try:
        with file.path.open("rb", buffering=HEAD) as stream:
            layer = _Layer(Budget(file.path.stat().st_size))
            yield from _walk(cast(io.BufferedReader, stream), Origin(file), layer)
    except TooMuch:
        return  # the rejection has been given
    except PermissionError:
        raise InputError(f"no permission to read {file.path}") from None
    except OSError as error:
        raise InputError(f"cannot read {file.path}: {error.strerror or error}") from None


def _walk(stream: io.BufferedReader, origin: Origin, layer: _Layer) -> Iterator[tuple[Origin, Item]]:
    try:
        yield from _open(stream, origin, layer)
    except (InputError, MemoryError):
        raise
    except TooMuch as error:
        if not error.told:
            error.told = True
            yield origin, Rejection("file", str(error))
        raise
    except BROKEN as error:
        # A broken archive sends its reader to a place before the file's beginning; all else is the disk's own.
        if isinstance(error, OSError) and error.errno not in (None, errno.EINVAL):
            raise
        kind = {zipfile.BadZipFile: "zip", tarfile.ReadError: "tar"}.get(type(error), layer.packing or "file")
        yield origin, Rejection("file", f"broken {kind}: {error}")
    except Exception as error:
        # The readers know their formats' errors; one that they do not know must not cost the other files.
        yield origin, Rejection("file", f"the rest cannot be read: {type(error).__name__}: {str(error)[:100]}")


def _open(stream: io.BufferedReader, origin: Origin, layer: _Layer) -> Iterator[tuple[Origin, Item]]:
    head = stream.peek(HEAD)[:HEAD]
    kind = archive_kind(head)
    name = (origin.members or (origin.file.path.name,))[-1].rsplit("/", 1)[-1]
    if layer.packing in PACKED:
        name = stem(name)
    # A Word file is a zip as well.
    reader = None if kind and kind != "zip" else detect("", head) or (None if kind else detect(name, head))
    if reader:
        yield from _read(stream, name, replace(origin, reader=reader))
        return
    if not kind:
        known = f"formats: {', '.join(sorted(READERS))}"
        unread = unread_kind(head)
        reason = f"{unread} archives are not read; unpack it first" if unread else f"no reader for this file; {known}"
        yield origin, Rejection("file", reason)
        return
    # What is packed twice counts as an archive: a file can be made that unpacks to itself for ever.
    inside = _Layer(layer.budget, layer.depth + 1, layer.archives, kind)
    if kind not in PACKED or layer.packing in PACKED:
        inside = replace(inside, archives=layer.archives + 1)
    if inside.archives > DEEPEST:
        yield origin, Rejection("file", f"an archive that lies deeper than in {DEEPEST} others is not read")
    elif kind in PACKED:
        yield from _walk(unpacked(stream, kind, layer.budget, inside.depth), origin, inside)
    else:
        yield from _members(stream, kind, origin, inside)


def _members(stream: io.BufferedReader, kind: str, origin: Origin, inside: _Layer) -> Iterator[tuple[Origin, Item]]:
    empty = True
    for member in members(stream, kind, inside.budget, inside.depth):
        empty = False
        if isinstance(member, Rejection):
            yield replace(origin, members=(*origin.members, member.place)), Rejection("file", member.reason)
        else:
            yield from _walk(member.stream, replace(origin, members=(*origin.members, member.name)), inside)
    if empty:
        yield origin, Rejection("file", f"the {kind} holds no file")


def _read(stream: io.BufferedReader, name: str, origin: Origin) -> Iterator[tuple[Origin, Item]]:
    if origin.reader == "parquet" and not stream.seekable():
        data = read_whole(stream, IN_MEMORY)  # whose table of contents stands at its end
        if data is None:
            limit = f"{IN_MEMORY // 1_000_000} million bytes"
            yield origin, Rejection("file", f"Parquet in an archive may have {limit}; unpack it first")
            return
        stream = io.BufferedReader(cast(io.RawIOBase, io.BytesIO(data)))
    for item in READERS[origin.reader].read(cast(Any, stream), name):
        yield origin, item


def read_collection(path: Path | None) -> tuple[str, dict[str, Any]]:
    """Collection note: a TOML file that says where articles came from (database, query, dates, hits, cap).

    Raises:
        InputError: The file is missing, is not TOML, or holds tables instead of plain values.
    """
    if path is None:
        return "", {}
    try:
        note = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, RecursionError, ValueError) as error:
        raise InputError(f"collection note {path} cannot be read: {error}") from None
    if any(isinstance(value, (dict, list)) for value in note.values()):
        raise InputError(f"collection note {path}: each value must be plain (database, query, exported, hits, cap)")
    plain = {key: str(value) for key, value in sorted(note.items())}
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:12], plain


def _in_folder(folder: Path) -> list[File]:
    if _is_corpus(folder):
        raise InputError(f"folder {folder} is a corpus already; name the files that it was made from")
    found: list[Path] = []
    for place, inner, names in os.walk(folder):
        inner[:] = [name for name in inner if not name.startswith(".") and not _is_corpus(Path(place, name))]
        found += [Path(place, name) for name in names if not name.startswith(".")]
    root = folder.resolve().name
    files = [
        File(path, (root, *path.relative_to(folder).parts[:-1]))
        for path in sorted(found)
        if path.is_file() and _is_readable(path)
    ]
    if not files:
        raise InputError(f"folder {folder} holds nothing readable; formats: {', '.join(sorted(READERS))}")
    return files


def _is_corpus(folder: Path) -> bool:
    return (folder / FILE).is_file() and (folder / "articles").is_dir()


def _is_readable(path: Path) -> bool:
    """Whether a reader or an archive is recognised, by the file's first bytes or by its name."""
    if path.stat().st_size == 0:
        return False
    try:
        with path.open("rb") as file:
            head = file.read(HEAD)
    except OSError:  # that it cannot be read is said when it is its turn
        head = b""
    return bool(archive_kind(head)) or detect(path.name, head) is not None
