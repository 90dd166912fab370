"""Curation: what a corpus holds, which of its outlets are one, and a part of it as a corpus or a file of its own."""

from __future__ import annotations

import csv
import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpora.article import Article
from corpora.corpus import Corpus, open_corpus
from corpora.errors import InputError
from corpora.manifest import FILE
from corpora.outlets import OutletTable
from corpora.parts import PartWriter
from corpora.storage import commit, hold, inert, prepare, remove_empty, sweep
from corpora.votes import votes

if TYPE_CHECKING:
    import datetime as dt

FORMATS = (".csv", ".jsonl")


@dataclass
class Holding:
    """What a corpus holds of one outlet.

    Attributes:
        outlet: Name that it is counted under.
        articles: Number of articles.
        undated: Those without a day.
        without_text: Those that lists gave, without their text.
        foreign: Those that print an agency's or another outlet's text, or repeat their own.
        languages: Number of articles by language; empty for a text too short to tell.
        days: Day of each dated article, sorted.
        stories: Number of stories shared with another outlet.
    """

    outlet: str
    articles: int = 0
    undated: int = 0
    without_text: int = 0
    foreign: int = 0
    languages: Counter[str] = field(default_factory=Counter)
    days: list[dt.date] = field(default_factory=list)
    stories: int = 0

    @property
    def gap(self) -> tuple[int, dt.date | None]:
        """The most days in a row without an article between the first and the last one, and the day they follow."""
        pairs = zip(self.days, self.days[1:], strict=False)
        return max(((later - day).days - 1, day) for day, later in pairs) if len(set(self.days)) > 1 else (0, None)


def holdings(corpus: Corpus) -> list[Holding]:
    """What a corpus holds, outlet by outlet, the largest first.

    >>> from corpora import load_bundled
    >>> [(h.outlet, h.articles, h.foreign) for h in holdings(load_bundled("us-russia"))][0]
    ('Al Marsa', 12, 0)
    """
    cast = votes(corpus)
    vote, story = cast["vote"].to_dict(), cast["story"].to_dict()
    held: dict[str, Holding] = {}
    told: dict[str, set[str]] = {}
    for table in corpus.batches(["article_id", "outlet", "published", "language", "body"]):
        for row in table.to_pylist():
            one = held.setdefault(row["outlet"], Holding(row["outlet"]))
            one.articles += 1
            one.undated += row["published"] is None
            one.without_text += not row["body"]
            one.foreign += vote[row["article_id"]] != "own"
            one.languages[row["language"]] += 1
            told.setdefault(story[row["article_id"]], set()).add(row["outlet"])
            if row["published"]:
                one.days.append(row["published"])
    for one in held.values():
        one.days.sort()
    for outlets in told.values():
        for outlet in outlets if len(outlets) > 1 else ():
            held[outlet].stories += 1
    return sorted(held.values(), key=lambda one: (-one.articles, one.outlet))


def merge_outlets(folder: str | Path, table: OutletTable) -> dict[str, str]:
    """Count outlets of a corpus under the names that the user decided on. The articles themselves stay as they are.

    A second table takes the place of the first. Marks are found anew, since whose text an article prints depends on
    whose outlets are one.

    Returns:
        Name as read to the name it is now counted under, for those in the corpus whose name changes.

    Raises:
        InputError: The folder is no corpus, or cannot be written to.
    """
    from corpora.marks import write_marks

    folder = Path(folder)
    with hold(folder, 10.0):
        corpus = open_corpus(folder)
        manifest = corpus.manifest
        manifest["outlets"] = {
            name: outlet.name for outlet in table.outlets for name in sorted(outlet.aliases) if name != outlet.name
        }
        manifest["agencies"] = {outlet.name: outlet.credit if outlet.agency else "" for outlet in table.outlets}
        commit(folder, manifest)
        write_marks(folder)
    read = {name for batch in corpus.batches(["outlet_as_read"]) for name in batch.column("outlet_as_read").to_pylist()}
    names = {" ".join(name.split()) for name in read}
    return {name: new for name, new in manifest["outlets"].items() if name in names}


def write_selection(
    corpus: Corpus, into: str | Path, wanted: Callable[[Article], bool], how: dict[str, Any]
) -> tuple[int, int]:
    """Write the wanted articles of a corpus as a new corpus.

    Args:
        corpus: The corpus, or a selection of it.
        into: Folder of the new corpus; new or empty.
        wanted: Which articles.
        how: What was selected, plain values; kept in the new corpus' manifest.

    Returns:
        How many articles were looked at, and how many were written.

    Raises:
        InputError: No article is wanted, or the folder holds something or cannot be written to.
    """
    from corpora.marks import write_marks

    into = Path(into)
    if (into / FILE).exists():
        raise InputError(f"{into} is a corpus already; name a new folder")
    made = prepare(into)
    try:
        with hold(into, 10.0):
            writer = PartWriter(into / "articles", corpus.checksum()[:12])
            try:
                seen = kept = dated = coverage = 0
                for article in corpus.articles():
                    seen += 1
                    if wanted(article):
                        writer.add(article)
                        kept += 1
                        dated += article.published is not None
                        coverage += article.is_coverage
                writer.close()
                if not kept:
                    raise InputError(f"none of the {seen:,} articles is wanted")
                manifest = json.loads(json.dumps(corpus.manifest))
                counts = {"read": kept, "kept": kept, "rejected": 0, "dated": dated, "coverage": coverage}
                name = corpus.folder.name if corpus.folder else "corpus"
                source = {"file": name, "sha256": corpus.checksum(), "reader": "corpus", "stated": None}
                manifest["sources"] = [{**source, **counts, "options": how}]
                manifest["parts"], manifest["marks"] = writer.parts, {}
                commit(into, manifest, (), writer.parts)
            except BaseException:
                writer.abandon()
                sweep(into)
                raise
            write_marks(into)
    except BaseException:
        remove_empty(made)
        raise
    return seen, kept


def export(corpus: Corpus, path: str | Path) -> int:
    """Write the articles of a corpus to a file of JSON Lines or CSV, by its ending, with their story, wire and vote.

    Raises:
        InputError: The ending is neither, or the file is there already or cannot be written.
    """
    path = Path(path)
    if path.suffix not in FORMATS:
        raise InputError(f"{path} must end in {' or '.join(FORMATS)}")
    if path.exists():
        raise InputError(f"{path} is there already; name a new file")
    cast = votes(corpus)
    beside = path.with_name(f".{path.name}.new")
    count = 0
    try:
        with beside.open("w", encoding="utf-8", newline="") as file:
            for row in _rows(corpus, cast):
                if path.suffix == ".jsonl":
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
                else:
                    writer = csv.DictWriter(file, list(row), lineterminator="\n")
                    if not count:
                        writer.writeheader()
                    writer.writerow({key: inert(_cell(value)) for key, value in row.items()})
                count += 1
        beside.replace(path)
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror or error}") from None
    finally:
        beside.unlink(missing_ok=True)
    return count


def _rows(corpus: Corpus, cast: Any) -> Iterable[dict[str, Any]]:
    marks = {name: dict(zip(cast.index, cast[name], strict=True)) for name in ("story", "wire", "vote")}
    for article in corpus.articles():
        row = article.row()
        row["published"] = str(article.published) if article.published else None
        found = {name: values[article.article_id] for name, values in marks.items()}
        # pandas writes a missing value as a number that is none.
        yield {**row, **{name: value if value == value else None for name, value in found.items()}}


def _cell(value: Any) -> Any:
    return "; ".join(value) if isinstance(value, list) else "" if value is None else value
