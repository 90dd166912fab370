"""Fixtures that several test files use: the shared data, and small files written for a test."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of the shared data; a test that needs it is skipped where it is missing."""
    named = os.environ.get("FRAMING_SHARED")
    folder = Path(named) if named else ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip(f"no shared data at {folder}; FRAMING_SHARED may name another place")
    return folder


@pytest.fixture
def record() -> Callable[..., dict[str, Any]]:
    """Makes the record of an article, another one for each number; 25 words of body."""

    def make(number: int = 1, **changes: Any) -> dict[str, Any]:
        day = f"2018-03-{number % 28 + 1:02d}"
        body = (
            f"Delegation number {number} from Russia met officials of the United States on Monday. "
            "Both sides said that the talks had been useful and would go on in spring."
        )
        values = {"outlet": "The Daily", "published": day, "title": f"Talks, day {number}", "text": body}
        return values | changes

    return make


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file: bytes and text as they are; a list of records by the suffix of the name (.csv, .jsonl, .gz)."""

    def write_file(name: str, content: Any, encoding: str = "utf-8") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, list):
            content = as_csv(content) if name.removesuffix(".gz").endswith(".csv") else as_jsonl(content)
        data = content if isinstance(content, bytes) else content.encode(encoding)
        path.write_bytes(gzip.compress(data, mtime=0) if name.endswith(".gz") else data)
        return path

    return write_file


@pytest.fixture
def snapshot() -> Callable[[Path], dict[str, str]]:
    """Hash of every file under a folder by its relative path; folders are listed with an empty hash."""

    def take(folder: Path) -> dict[str, str]:
        return {
            str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
            for path in sorted(folder.rglob("*"))
        }

    return take


def as_csv(rows: list[dict[str, Any]]) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def as_jsonl(rows: list[Any]) -> str:
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
