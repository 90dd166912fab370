"""The real articles of DATA.md as a corpus, and the passages of them that were coded to learn from."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from corpora.assembly import Options
from corpora.corpus import Corpus, open_corpus
from corpora.ingest import ingest
from framing.gold import read_gold

HERE = Path(__file__).parent


@contextmanager
def real_corpus(real: Path) -> Iterator[Corpus]:
    """The articles on the US and Russia and those of RT, ingested into a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place) / "corpus"
        ingest([real / "us-russia-2012-2020.jsonl.gz"], folder, marks=False)
        ingest(sorted(real.glob("rt-*.csv.gz")), folder, Options(outlet="RT"), marks=False)
        yield open_corpus(folder)


def coded_rows(real: Path) -> tuple[list[dict[str, Any]], list[dict[str, Any]], list[dict[str, Any]]]:
    """Coded passages with their texts: toward a country, of a pair, and toward each country of one that names several.

    They were read once, by a language model, under the codebooks of `tests/gold`, and are of articles that hold no
    passage of the test sets there.
    """
    with real_corpus(real) as corpus:
        sentiment, contrast = (
            read_gold("sentiment", HERE / f"coded-{name}.jsonl", corpus) for name in ("sentiment", "contrast")
        )
        return sentiment, read_gold("relation", HERE / "coded-comentions.jsonl", corpus), contrast
