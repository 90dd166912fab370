"""Corpora that come with the toolkit, each a folder with its articles and its datasheet."""

from __future__ import annotations

from pathlib import Path

from corpora.corpus import Corpus
from corpora.errors import InputError

HERE = Path(__file__).parent


def bundled_names() -> list[str]:
    """Names of the bundled corpora.

    >>> bundled_names()
    ['us-russia']
    """
    return sorted(path.parent.name for path in HERE.glob("*/articles.jsonl"))


def load_bundled(name: str) -> Corpus:
    """A bundled corpus, in memory.

    Raises:
        InputError: There is no corpus of that name.

    >>> len(load_bundled("us-russia").outlets())
    5
    """
    from corpora.ingest import read

    return read(bundled_folder(name) / "articles.jsonl")


def datasheet(name: str) -> str:
    """The datasheet of a bundled corpus, in Markdown."""
    return (bundled_folder(name) / "DATASHEET.md").read_text(encoding="utf-8")


def bundled_folder(name: str) -> Path:
    """Folder of a bundled corpus."""
    if name not in bundled_names():
        raise InputError(f"no bundled corpus {name!r}; there are: {', '.join(bundled_names())}")
    return HERE / name
