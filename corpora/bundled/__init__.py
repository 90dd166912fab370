"""Corpora that come with the toolkit, each a folder with its articles and its datasheet, and some with a key."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal, overload

from corpora.bundled.truth import Truth, read_truth
from corpora.corpus import Corpus
from corpora.errors import InputError

HERE = Path(__file__).parent


def bundled_names() -> list[str]:
    """Names of the bundled corpora.

    >>> bundled_names()
    ['us-russia']
    """
    return sorted(path.parent.name for path in HERE.glob("*/articles.jsonl"))


@overload
def load_bundled(name: str, truth: Literal[False] = False) -> Corpus: ...


@overload
def load_bundled(name: str, truth: Literal[True]) -> tuple[Corpus, Truth]: ...


def load_bundled(name: str, truth: bool = False) -> Corpus | tuple[Corpus, Truth]:
    """A bundled corpus, in memory; with its key where the truth is asked for.

    Where its folder says which of its outlets are agencies (`outlets.toml`), the corpus knows it.

    Args:
        name: One of `bundled_names()`.
        truth: Whether to return, beside the corpus, what is known of it.

    Raises:
        InputError: There is no corpus of that name, or its truth is asked for and it has no key.

    >>> len(load_bundled("us-russia").outlets())
    6
    >>> corpus, truth = load_bundled("us-russia", truth=True)
    >>> len(corpus), len(truth.articles), len(truth.events)
    (203, 203, 44)
    """
    from corpora.curation import decisions
    from corpora.ingest import read
    from corpora.outlets import read_outlets

    folder = bundled_folder(name)
    corpus = read(folder / "articles.jsonl")
    if (table := folder / "outlets.toml").exists():
        corpus = replace(corpus, manifest={**corpus.manifest, **decisions(read_outlets(table))})
    return (corpus, read_truth(folder)) if truth else corpus


def datasheet(name: str) -> str:
    """The datasheet of a bundled corpus, in Markdown."""
    return (bundled_folder(name) / "DATASHEET.md").read_text(encoding="utf-8")


def bundled_folder(name: str) -> Path:
    """Folder of a bundled corpus."""
    if name not in bundled_names():
        raise InputError(f"no bundled corpus {name!r}; there are: {', '.join(bundled_names())}")
    return HERE / name
