"""Articles a second, on one core: voice, genre, words and the light path, each by itself and together.

python benchmarks/describing.py ../shared/data/real/us-russia-2012-2020.jsonl.gz [ARTICLES]
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from corpora.article import Article
from corpora.corpus import open_corpus
from corpora.genre import find_genre
from corpora.ingest import ingest
from framing.loaded import loaded_rates
from framing.naming import names
from framing.passages import Passage, part_mentions, passage_frame, passages
from framing.scorers import load_scorer
from framing.scoring import reads
from framing.voice import voices
from reports.described import unquoted
from reports.terms import count_terms
from reports.words import keyness

DYAD = ("RUS", "USA")
MEASURES = ("relation", "sentiment", "subject", "tone")


def main(path: str, count: str = "800") -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        ingest([Path(path)], Path(folder) / "corpus", marks=False)
        articles = [a for a in open_corpus(Path(folder) / "corpus").articles() if a.language == "en"][: int(count)]
    words = sum(len(article.body.split()) for article in articles)
    total = 0.0
    found: list[list[Passage]] = []
    mentions: list[Any] = []

    def timed(name: str, work: Callable[[], Any]) -> Any:
        nonlocal total
        start = time.process_time()
        result = work()
        seconds = time.process_time() - start
        total += seconds
        print(
            f"{name:<34} {1000 * seconds / len(articles):>8.2f} ms {len(articles) / seconds:>8.0f} articles/s",
            flush=True,
        )
        return result

    warm(articles[:10])
    timed("genre", lambda: [find_genre(article) for article in articles])
    timed("countries", lambda: mentions.extend(part_mentions(article) for article in articles))
    timed("passages", lambda: found.extend(map(passages, articles, [DYAD] * len(articles), mentions)))
    timed("voices", lambda: list(map(voices, articles, found, mentions)))
    frame = passage_frame([passage for one in found for passage in one])
    for measure in MEASURES:
        scorer = load_scorer(measure, "light")
        timed(f"{measure}, light", lambda scorer=scorer: scorer.score(reads(frame, scorer)))  # type: ignore[misc]
    timed("names of the countries", lambda: names(articles, DYAD))
    timed("loaded and hedging words", lambda: loaded_rates(unquoted(article.body) for article in articles))
    rows = [{"article_id": a.article_id, "outlet": a.outlet, "text": a.body} for a in articles]
    terms = timed("words and phrases, counted", lambda: count_terms(rows))
    timed("keyness", lambda: keyness(terms))
    print(f"{'together':<34} {1000 * total / len(articles):>8.2f} ms {len(articles) / total:>8.0f} articles/s")
    print(f"{len(articles):,} articles of {words / len(articles):,.0f} words: {words / total:,.0f} words a second")


def warm(articles: list[Article]) -> None:
    """Load the models before the clock runs."""
    frame = passage_frame([passage for article in articles for passage in passages(article, DYAD)])
    for measure in MEASURES:
        scorer = load_scorer(measure, "light")
        scorer.score(reads(frame, scorer))
    for article in articles:
        voices(article, passages(article, DYAD))


if __name__ == "__main__":
    main(*sys.argv[1:])
