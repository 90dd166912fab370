"""Vocabulary: a study's words, from the texts of the articles that count: keyness, contexts, loaded words, names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from corpora.errors import InputError
from reports import described
from reports.concordance import contexts
from reports.study import REST
from reports.terms import Terms, count_terms
from reports.words import keyness

if TYPE_CHECKING:
    from corpora.article import Article
    from corpora.corpus import Corpus
    from reports.study import Study

# Words told of an outlet, and places shown of each.
TOLD, PLACES = 12, 3
# A line in so many articles of an outlet is its page's furniture.
REPEATED = 3
NUMBER = re.compile(r"\d+")
# Articles whose words are counted; each word of them takes some 150 bytes, so that these take a gigabyte.
MOST_READ = 6_000
# Loaded words named of an outlet.
LOADED = 8
# A word is told where it is surely the outlet's own: q below this.
SURE = 0.05


@dataclass(frozen=True)
class Words:
    """What a study found in words.

    Attributes:
        key: Keyness of outlets against the study's reference, over all articles that count.
        shared: The same over stories that both sides cover; empty where there are too few.
        places: Keywords in context, of the words that a page tells.
        loaded: Words of the lexicon that outlets use most: `outlet`, `kind`, `entry`, `n`, `n_texts`.
        read: Articles that were read for keyness, and those that count.
        note: Why there is no keyness; else empty.
    """

    key: pd.DataFrame
    shared: pd.DataFrame
    places: pd.DataFrame
    loaded: pd.DataFrame
    read: tuple[int, int] = (0, 0)
    note: str = ""

    def told(self, outlet: str, shared: bool = False) -> pd.DataFrame:
        """The words of an outlet that a page tells, the surest first; its own name is none of them."""
        table = self.shared if shared else self.key
        if table.empty:
            return table
        rows = table[(table["outlet"] == outlet) & (table["q"] < SURE) & (table["log_odds"] > 0)]
        own = set(re.findall(r"\w+", outlet.lower()))
        names = pd.Series([own >= set(word.lower().split()) for word in rows["word"]], index=rows.index, dtype=bool)
        return rows[~names].head(TOLD)

    def page(self, outlets: Iterable[str]) -> dict[str, Any]:
        """What a page tells: each outlet's words with their places, and the loaded words that it uses most."""
        found = []
        for outlet in outlets:
            rows = self.told(outlet).to_dict("records")
            for row in rows:
                here = self.places[(self.places["outlet"] == outlet) & (self.places["word"] == row["word"])]
                row["places"] = here.to_dict("records")
            if rows:
                shared = self.told(outlet, shared=True)
                found.append({"outlet": outlet, "rows": rows, "shared": list(shared["word"]) if len(shared) else []})
        loaded = self.loaded[self.loaded["kind"] == "loaded"] if len(self.loaded) else self.loaded
        top = {
            outlet: [f"{row['entry']} ({row['n']})" for row in rows.head(LOADED).to_dict("records")]
            for outlet, rows in (loaded.groupby("outlet", sort=False) if len(loaded) else ())
        }
        return {"note": self.note, "read": self.read, "outlets": found, "loaded": top}


def read_words(corpus: Corpus, study: Study, counting: pd.DataFrame) -> tuple[Words | None, list[pd.DataFrame]]:
    """Words of the articles that count, and their scores of loaded words and names (`reports.described`).

    Args:
        corpus: The study's articles.
        study: The plan.
        counting: `described.FACTS` of the articles that count.
    """
    if not study.words:
        return None, []
    facts = counting.set_index("article_id")
    chosen = drawn(counting)
    of_texts: list[pd.DataFrame] = []
    texts: list[dict[str, Any]] = []
    for articles in _articles(corpus, set(facts.index)):
        of_texts.append(described.of_texts(articles, counting, study.dyad))
        for article in (one for one in articles if one.article_id in chosen):
            row = facts.loc[article.article_id]
            texts.append(
                {
                    "article_id": article.article_id,
                    "outlet": row["outlet"],
                    "story": row["story"],
                    "published": row["published"],
                    "text": _own(article.body, study.voice),
                }
            )
    return replace(_words(texts, study), read=(len(chosen), len(counting))), of_texts


def drawn(counting: pd.DataFrame, most: int = MOST_READ) -> set[str]:
    """The articles whose words are counted: all, or, of more than `most`, equally many of each large outlet.

    Which ones is decided by their hashes, and so by chance, and always the same.

    >>> frame = pd.DataFrame({"article_id": ["a", "b", "c", "d"], "outlet": ["A", "A", "A", "B"]})
    >>> sorted(drawn(frame, 3))
    ['a', 'b', 'd']
    """
    share, left = len(counting), most
    sizes = sorted(counting["outlet"].value_counts())
    for number, size in enumerate(sizes):
        # An outlet below an equal share gives all it has, and what it leaves is parted among the others.
        equal = max(1, left // (len(sizes) - number))
        if size > equal:
            share = equal
            break
        left -= size
    ordered = counting.sort_values("article_id")
    return set(ordered.groupby("outlet", sort=False).head(share)["article_id"])


def _own(text: str, voice: str) -> str:
    return described.unquoted(text) if voice == "own" else text


def without_furniture(texts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The texts without lines that an outlet prints in several articles: teasers, calls to sign up, captions' frames.

    A line is the same whatever the numbers in it. What stands there is the page's and not the article's, and would fill
    the list of an outlet's words.

    >>> texts = (f"News {word}.{chr(10)}Photo {n} of 9" for n, word in enumerate(("one", "two", "six")))
    >>> rows = [{"outlet": "A", "text": text} for text in texts]
    >>> [row["text"] for row in without_furniture(rows)]
    ['News one.', 'News two.', 'News six.']
    """
    seen: Counter[tuple[str, str]] = Counter()
    for row in texts:
        seen.update({(row["outlet"], _line(line)) for line in row["text"].split("\n")})
    kept = []
    for row in texts:
        lines = row["text"].split("\n")
        own = [line for line in lines if seen[row["outlet"], _line(line)] < REPEATED or not line.strip()]
        kept.append({**row, "text": "\n".join(own)})
    return kept


def _line(line: str) -> str:
    return NUMBER.sub("0", " ".join(line.lower().split()))


def _articles(corpus: Corpus, wanted: set[str]) -> Iterator[list[Article]]:
    """The English articles that count, batch by batch."""
    from corpora.article import Article
    from framing.scoring import LANGUAGES

    for table in corpus.batches():
        found = [Article.from_row(row) for row in table.to_pylist()]
        yield [a for a in found if a.article_id in wanted and a.language in LANGUAGES and a.body]


def _words(texts: list[dict[str, Any]], study: Study) -> Words:
    empty = pd.DataFrame()
    loaded = _loaded(texts)
    texts = without_furniture(texts)
    try:
        terms = count_terms(texts)
        key = _key(terms, study, shared=False)
    except InputError as error:
        return Words(empty, empty, empty, loaded, note=str(error))
    try:
        shared = _key(terms, study, shared=True)
    except InputError:
        shared = empty
    words = Words(key, shared, empty, loaded)
    told = {(o, w) for o in sorted(set(key["outlet"])) for w in words.told(o)["word"]}
    held = terms.counts.tocsc()
    found = [_places(texts, terms, held, outlet, word, study.seed) for outlet, word in sorted(told)]
    return Words(key, shared, pd.concat(found, ignore_index=True) if found else empty, loaded)


def _places(texts: list[dict[str, Any]], terms: Terms, counts: Any, outlet: str, word: str, seed: int) -> pd.DataFrame:
    """A few places of an outlet's word, each in another article, of those that are known to hold it."""
    column = int(np.flatnonzero(terms.names == word)[0])
    held = terms.articles.iloc[counts.indices[counts.indptr[column] : counts.indptr[column + 1]]]
    chosen = set(held[held["outlet"] == outlet]["article_id"].sort_values().head(PLACES))
    told = [row for row in texts if row["article_id"] in chosen]
    return contexts(told, word, outlet=outlet, limit=PLACES, seed=seed).assign(word=word)


def _key(terms: Terms, study: Study, shared: bool) -> pd.DataFrame:
    reference = study.reference if study.reference in set(terms.articles["outlet"]) else REST
    return keyness(terms, reference=reference, shared=shared, seed=study.seed, minimum_articles=study.minimum_articles)


def _loaded(texts: Iterable[dict[str, Any]]) -> pd.DataFrame:
    from framing.loaded import loaded_words

    by_outlet: dict[str, list[str]] = {}
    for row in texts:
        by_outlet.setdefault(row["outlet"], []).append(described.unquoted(row["text"]))
    parts = [loaded_words(own).assign(outlet=outlet) for outlet, own in sorted(by_outlet.items())]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()
