"""Sources: the files that are read, and the note that says how they were collected."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import tomllib
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

from corpora.errors import InputError
from corpora.manifest import FILE
from corpora.readers import HEAD, READERS, Record, Rejection, detect


def find_files(paths: Iterable[str | Path]) -> Iterator[Path]:
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
                yield path
        except OSError as error:  # a name that is too long, a folder that is closed
            raise InputError(f"cannot read {path}: {error.strerror or error}") from None


def open_records(path: Path) -> Iterator[Record | Rejection]:
    """What a file holds, gzipped or not; whatever is wrong with its content is a rejection.

    Raises:
        InputError: The file cannot be opened.
    """
    try:
        with path.open("rb", buffering=HEAD) as raw:
            zipped = raw.peek(2)[:2] == b"\x1f\x8b"
            stream = cast(BinaryIO, io.BufferedReader(gzip.GzipFile(fileobj=raw), HEAD)) if zipped else raw
            name = path.name.removesuffix(".gz") if zipped else path.name
            reader = detect(name, cast(io.BufferedReader, stream).peek(HEAD)[:HEAD])
            if reader is None:
                yield Rejection("file", f"no reader for this file; formats: {', '.join(sorted(READERS))}")
                return
            yield from READERS[reader].read(stream, name)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        yield Rejection("file", f"broken gzip: {error}")
    except PermissionError:
        raise InputError(f"no permission to read {path}") from None
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}") from None
    except (ArithmeticError, RecursionError, ValueError) as error:
        # The readers know their formats' errors; one that they do not know must not cost the other files.
        yield Rejection("file", f"the rest cannot be read: {type(error).__name__}: {str(error)[:100]}")


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


def _in_folder(folder: Path) -> list[Path]:
    if _is_corpus(folder):
        raise InputError(f"folder {folder} is a corpus already; name the files that it was made from")
    files: list[Path] = []
    for place, inner, names in os.walk(folder):
        inner[:] = [name for name in inner if not name.startswith(".") and not _is_corpus(Path(place, name))]
        files += [Path(place, name) for name in names if not name.startswith(".")]
    files = sorted(path for path in files if path.is_file() and _is_readable(path))
    if not files:
        raise InputError(f"folder {folder} holds nothing readable; formats: {', '.join(sorted(READERS))}")
    return files


def _is_corpus(folder: Path) -> bool:
    return (folder / FILE).is_file() and (folder / "articles").is_dir()


def _is_readable(path: Path) -> bool:
    name = path.name.removesuffix(".gz")
    return path.stat().st_size > 0 and detect(name, b"") is not None
