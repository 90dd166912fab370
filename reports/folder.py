"""The folder of a report: what may lie in it, so that nothing else is ever written over."""

from __future__ import annotations

import json
from pathlib import Path

from corpora.errors import InputError

# The file by which a folder is known as a report and may be written over.
MARK = "lock.json"
# All that a report's folder holds.
OURS = frozenset({MARK, "index.html", "study.toml", "scores.parquet", "tables", "figures"})
SUFFIXES = {"tables": (".csv",), "figures": (".svg", ".png")}


def check_out(out: Path) -> None:
    """Refuse a folder that holds anything else than a report: it would be lost.

    Raises:
        InputError: It does, or it is a file.
    """
    if out.is_file():
        raise InputError(f"{out} is a file, not a folder for a report")
    if blocked := next((folder for folder in out.parents if folder.is_file()), None):
        raise InputError(f"{out} cannot be made: {blocked} is a file")
    if not out.is_dir():
        return
    foreign = sorted(str(path.relative_to(out)) for path in out.rglob("*") if not _is_ours(path.relative_to(out)))
    if not foreign and any(out.iterdir()) and not _is_lock(out / MARK):
        foreign = [sorted(path.name for path in out.iterdir())[0]]
    if foreign:
        raise InputError(f"{out} holds something else than a report ({foreign[0]!r}); name a new or an empty folder")


def _is_ours(path: Path) -> bool:
    """Whether a path within a report's folder is one that a report writes."""
    if len(path.parts) == 1:
        return path.name in OURS
    return len(path.parts) == 2 and path.suffix in SUFFIXES.get(path.parts[0], ())


def _is_lock(path: Path) -> bool:
    try:
        return "corpus_sha256" in json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError):
        return False
