"""Sources: the files that are read, and the note that says how they were collected."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from corpora.errors import InputError
from corpora.readers import READERS, detect


def find_files(paths: Iterable[str | Path]) -> Iterator[Path]:
    """Files to read under the paths given, sorted within each folder.

    Raises:
        InputError: A path does not exist, a folder holds no file, or a named file is empty.
    """
    for path in map(Path, paths):
        if path.is_dir():
            files = sorted(p for p in path.rglob("*") if p.is_file() and _is_readable(p))
            if not files:
                raise InputError(f"folder {path} holds nothing readable; formats: {', '.join(sorted(READERS))}")
            yield from files
        elif not path.exists():
            raise InputError(f"no file or folder {path}")
        elif path.stat().st_size == 0:
            raise InputError(f"file {path} is empty")
        else:
            yield path


def read_collection(path: Path | None) -> tuple[str, dict[str, Any]]:
    """Collection note: a TOML file that says where articles came from (database, query, dates, hits, cap).

    Raises:
        InputError: The file is missing, is not TOML, or holds tables instead of plain values.
    """
    if path is None:
        return "", {}
    try:
        note = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"collection note {path} cannot be read: {error}") from None
    if any(isinstance(value, (dict, list)) for value in note.values()):
        raise InputError(f"collection note {path}: each value must be plain (database, query, exported, hits, cap)")
    plain = {key: str(value) for key, value in sorted(note.items())}
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()[:12], plain


def _is_readable(path: Path) -> bool:
    name = path.name.removesuffix(".gz")
    return path.stat().st_size > 0 and detect(name, b"") is not None
