"""Marks: what is found out about the articles of a corpus together; never part of an article, since it may change.

| kind | value | share | origin_id |
|---|---|---|---|
| `duplicate` | outlet of the earlier article | of this article that stands in it, word for word | the earlier one |
| `wire` | agency whose text it is, or `unknown` | of this article; may be missing | where it came from, if at hand |
| `story` | name of the story | missing | its first article |
| `genre` | kind of piece: interview, live, opinion, release or transcript | missing | none |

An article has one row of a kind at most; one without a row is no duplicate, no wire copy, alone on its event, or
news.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpora.article import marks_schema
from corpora.credits import Credit, find_credit
from corpora.duplicates import NEAR, Overlap, near_duplicates
from corpora.genre import find_genre
from corpora.likeness import DAYS
from corpora.outlets import is_agency
from corpora.stories import Embed, find_stories
from corpora.wire import Facts, find_wire

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corpora.corpus import Corpus

# Changes whenever the same corpus may get other marks.
VERSION = "3"


def find_marks(corpus: Corpus, embed: Embed | None = None) -> Any:
    """Marks of a corpus as an Arrow table with the columns of `marks_schema`, sorted by kind and article.

    Args:
        corpus: The articles; those without text get no marks of the same text.
        embed: As for `corpora.stories.find_stories`.

    >>> from corpora import Article, Corpus
    >>> text = "The two sides met in Geneva on Monday and agreed that the talks would go on in spring, officials said."
    >>> print_twice = [Article(f"a{n}", outlet=f"The {n}", title="Talks", body=text * 2) for n in (1, 2)]
    >>> find_marks(Corpus.of(print_twice)).select(["article_id", "kind", "share"]).to_pylist()[0]
    {'article_id': 'a2', 'kind': 'duplicate', 'share': 1.0}
    """
    import pyarrow as pa

    ids, facts, rows = _facts(corpus)
    if not ids:
        return marks_schema().empty_table()

    def texts(wanted: NDArray[np.int64] | None) -> Iterable[tuple[int, str]]:
        return _texts(corpus, wanted, len(ids))

    duplicates = near_duplicates(texts, facts.rank)
    rows += _duplicate_rows(ids, facts, duplicates)
    for wire in find_wire(facts, texts, duplicates):
        share = None if np.isnan(wire.share) else wire.share
        origin = "" if wire.origin is None else ids[wire.origin]
        rows.append((ids[wire.number], "wire", wire.agency, share, origin, wire.evidence, VERSION))
    outlets = np.unique(facts.outlets, return_inverse=True)[1]
    told = find_stories(lambda: _pieces(corpus), facts.days, outlets, embed)
    rows += _story_rows(ids, facts, _with_copies(told, duplicates, facts.days))
    columns = list(zip(*sorted(rows, key=lambda row: (row[1], row[0])), strict=True)) or [()] * len(marks_schema())
    return pa.table(
        [pa.array(column, field.type) for column, field in zip(columns, marks_schema(), strict=True)],
        schema=marks_schema(),
    )


def marks_of(corpus: Corpus) -> Any:
    """Marks of a whole corpus: those that lie with it, if they are whole and of just these articles, else found now."""
    noted = corpus.manifest["marks"]
    if corpus.folder is None or noted.get("of") != fingerprint(corpus.manifest) or not _is_whole(corpus.folder, noted):
        return find_marks(corpus)
    import pyarrow.parquet as pq

    return pq.read_table(corpus.folder / "marks" / noted["name"], schema=marks_schema())


def _is_whole(folder: Path, noted: dict[str, Any]) -> bool:
    """Whether the file of marks is the one that the manifest notes."""
    from corpora.storage import file_sha256

    path = folder / "marks" / noted["name"]
    return path.is_file() and file_sha256(path) == str(noted["sha256"])


def write_marks(folder: str | Path, embed: Embed | None = None) -> None:
    """Find the marks of a corpus folder and write them into it, if those that lie there are of other articles.

    The manifest is replaced last, so that the marks of a corpus are always the old or the new ones.

    Raises:
        InputError: The folder is no corpus.
        OSError: It cannot be written to.
    """
    import pyarrow.parquet as pq

    from corpora.corpus import open_corpus
    from corpora.storage import commit, file_sha256, to_disk

    folder = Path(folder)
    corpus = open_corpus(folder)
    of = fingerprint(corpus.manifest)
    noted = corpus.manifest["marks"]
    if noted.get("of") != of or not _is_whole(folder, noted):
        table = find_marks(corpus, embed)
        name = f"{of[:12]}-0000.parquet"
        (folder / "marks").mkdir(exist_ok=True)
        hidden = folder / "marks" / f".{name}"
        pq.write_table(table, hidden, compression="zstd")
        to_disk(hidden)
        noted = {"name": name, "rows": table.num_rows, "sha256": file_sha256(hidden), "of": of}
        hidden.replace(folder / "marks" / name)
        commit(folder, {**corpus.manifest, "marks": noted})
    # Those of earlier articles, also where a run was stopped before it could take them away.
    for other in (folder / "marks").glob("*.parquet"):
        if other.name != noted["name"]:
            other.unlink()


def fingerprint(manifest: dict[str, Any]) -> str:
    """Hash of all that the marks of a corpus depend on: its articles, its outlets' names, and this version."""
    decided = [manifest["outlets"], manifest["agencies"]]
    made_of = [VERSION, sorted(part["sha256"] for part in manifest["parts"]), *decided]
    return hashlib.sha256(json.dumps(made_of, sort_keys=True).encode()).hexdigest()


def _facts(corpus: Corpus) -> tuple[list[str], Facts, list[tuple[Any, ...]]]:
    """Identities and facts of all articles, in the order of the corpus, and the rows of those that are no news."""
    genres: list[tuple[Any, ...]] = []
    ids: list[str] = []
    outlets: list[str] = []
    credits: dict[int, Credit] = {}
    days: list[int] = []
    agency_of: dict[str, str] = {}
    for article in corpus.articles():
        if credit := find_credit(article):
            credits[len(ids)] = credit
        if genre := find_genre(article):
            genres.append((article.article_id, "genre", genre.kind, None, "", genre.evidence, VERSION))
        ids.append(article.article_id)
        outlets.append(article.outlet)
        days.append(article.published.toordinal() if article.published else -1)
    for outlet in set(outlets):
        decided = corpus.manifest["agencies"]
        agency_of[outlet] = decided[outlet] if outlet in decided else is_agency(outlet)
    agencies = [agency_of[outlet] for outlet in outlets]
    numbered = np.array(days, dtype=np.int64)
    # Undated articles come last: nothing is known to be later than they are.
    order = sorted(range(len(ids)), key=lambda n: (days[n] < 0, days[n], not agencies[n], ids[n]))
    rank = np.empty(len(ids), dtype=np.int64)
    rank[order] = np.arange(len(ids))
    return ids, Facts(outlets, agencies, credits, numbered, rank), genres


def _texts(corpus: Corpus, wanted: NDArray[np.int64] | None, count: int) -> Iterator[tuple[int, str]]:
    chosen = np.ones(count, dtype=bool)
    if wanted is not None:
        chosen[:] = False
        chosen[wanted] = True
    number = 0
    for table in corpus.batches(["body"]):
        for text in table.column("body").to_pylist():
            if chosen[number]:
                yield number, text
            number += 1


def _pieces(corpus: Corpus) -> Iterator[tuple[int, str, str]]:
    number = 0
    for table in corpus.batches(["title", "body"]):
        for title, body in zip(table.column("title").to_pylist(), table.column("body").to_pylist(), strict=True):
            yield number, title, body
            number += 1


def _duplicate_rows(ids: list[str], facts: Facts, duplicates: list[Overlap]) -> list[tuple[Any, ...]]:
    """One row for each article that an earlier one holds: the one that holds most of it, the earliest first."""
    best: dict[int, Overlap] = {}
    for overlap in duplicates:
        if overlap.share < NEAR:
            continue
        other = best.get(overlap.later)
        if other is None or (-round(overlap.share, 2), facts.rank[overlap.earlier]) < (
            -round(other.share, 2),
            facts.rank[other.earlier],
        ):
            best[overlap.later] = overlap
    return [
        (
            ids[number],
            "duplicate",
            facts.outlets[overlap.earlier],
            round(overlap.share, 4),
            ids[overlap.earlier],
            "same words" if overlap.share == overlap.back == 1 else f"{overlap.share:.0%} of its words, in order",
            VERSION,
        )
        for number, overlap in sorted(best.items())
    ]


def _with_copies(labels: NDArray[np.int64], duplicates: list[Overlap], days: NDArray[np.int64]) -> NDArray[np.int64]:
    """Stories in which copies of one text, days apart at most, are together: they tell one event by their nature.

    Their words alone may not show it: where a corpus is small, words that all its articles share weigh nothing.
    """
    joined = {int(label): int(label) for label in labels}

    def top(label: int) -> int:
        while joined[label] != label:
            label = joined[label]
        return label

    for overlap in duplicates:
        pair = days[[overlap.later, overlap.earlier]]
        if min(overlap.share, overlap.back) >= NEAR and (pair.min() < 0 or abs(int(pair[0] - pair[1])) <= DAYS):
            one, other = sorted((top(int(labels[overlap.later])), top(int(labels[overlap.earlier]))))
            joined[other] = one
    return np.array([top(int(label)) for label in labels], dtype=np.int64)


def _story_rows(ids: list[str], facts: Facts, labels: NDArray[np.int64]) -> list[tuple[Any, ...]]:
    rows: list[tuple[Any, ...]] = []
    order = np.argsort(labels, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(labels[order]) > 0])
    for members in np.split(order, starts[1:]):
        if len(members) < 2:
            continue
        first = members[np.argmin(facts.rank[members])]
        count = len({facts.outlets[number] for number in members})
        evidence = f"{len(members)} articles of {count} {'outlet' if count == 1 else 'outlets'}"
        # A story is called by its first article, whatever else joins it later.
        rows += [(ids[n], "story", f"story-{ids[first][:12]}", None, ids[first], evidence, VERSION) for n in members]
    return rows
