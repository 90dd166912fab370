"""What was published? Files in, clean articles out.

    corpus = corpora.read("articles.csv")              # or load_bundled("us-russia"), or open_corpus("folder")
    for article in corpus.articles(): ...

`corpora.ingest` is the module of that function: a package cannot have a function by the name of one of its modules.
Nothing heavy is imported before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from corpora.article import Article
    from corpora.bundled import load_bundled
    from corpora.corpus import Corpus, open_corpus
    from corpora.errors import InputError
    from corpora.ingest import read

_ROOMS = {
    "Article": "corpora.article",
    "Corpus": "corpora.corpus",
    "InputError": "corpora.errors",
    "load_bundled": "corpora.bundled",
    "open_corpus": "corpora.corpus",
    "read": "corpora.ingest",
}

__all__ = ["Article", "Corpus", "InputError", "load_bundled", "open_corpus", "read"]


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module 'corpora' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_ROOMS[name]), name)
