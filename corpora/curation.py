"""Curation: what a corpus holds, which of its outlets are one, and a part of it as a corpus or a file of its own."""

from __future__ import annotations

import contextlib
import csv
import json
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpora.article import Article
from corpora.corpus import Corpus, open_corpus
from corpora.errors import InputError
from corpora.manifest import FILE
from corpora.outlets import Merge, OutletTable, suggest_merges
from corpora.parts import PartWriter
from corpora.repair import repair, whole
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
    ('Mittel Press Service', 37, 0)
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


def names_as_read(corpus: Corpus) -> dict[str, int]:
    """Number of articles by the name that each outlet has in the files, whatever it is counted under.

    >>> from corpora import load_bundled
    >>> names_as_read(load_bundled("us-russia")) == load_bundled("us-russia").outlets()
    True
    """
    return replace(corpus, manifest={**corpus.manifest, "outlets": {}}).outlets()


def outlet_groups(corpus: Corpus) -> list[Merge]:
    """Names that are or seem to be one outlet, as a table that replaces the present one must list them.

    Members are names as read. What was merged before stays so; what is suggested now comes on top of it.

    >>> from corpora import Article, Corpus
    >>> corpus = Corpus.of([Article("a1", outlet="CNN"), Article("a2", outlet="CNN - Editorial")])
    >>> [(group.name, len(group.members), group.decided) for group in outlet_groups(corpus)]
    [('CNN', 2, False)]
    """
    behind: dict[str, list[tuple[str, int]]] = {}
    for name, count in names_as_read(corpus).items():
        behind.setdefault(corpus.manifest["outlets"].get(name, name), []).append((name, count))
    groups = []
    for merge in suggest_merges(corpus.outlets()):
        members = tuple(pair for name, _ in merge.members for pair in behind.pop(name))
        groups.append(replace(merge, members=members))
    merged = sorted((name, members) for name, members in behind.items() if members != [(name, members[0][1])])
    return groups + [Merge(name, tuple(members), "as it was merged before", decided=True) for name, members in merged]


def decisions(table: OutletTable) -> dict[str, dict[str, str]]:
    """What a table decides, as a manifest holds it: each name to that it is counted under, each outlet to its credit.

    >>> from corpora.outlets import Outlet
    >>> decisions(OutletTable((Outlet("Mittel Press Service", agency=True, credit="MPS", aliases=("Mittel",)),)))
    {'outlets': {'Mittel': 'Mittel Press Service'}, 'agencies': {'Mittel Press Service': 'MPS'}}
    """
    names = {
        name: _shown(outlet.name)
        for outlet in table.outlets
        for name in sorted({_plain(name) for name in (outlet.name, *outlet.aliases)})
        if name != _shown(outlet.name)
    }
    credits = {_shown(outlet.name): outlet.credit if outlet.agency else "" for outlet in table.outlets}
    return {"outlets": names, "agencies": credits}


def merge_outlets(folder: str | Path, table: OutletTable) -> dict[str, str]:
    """Count outlets of a corpus under the names that the user decided on. The articles themselves stay as they are.

    A second table takes the place of the first. Marks are found anew, since whose text an article prints depends on
    whose outlets are one.

    Returns:
        Name as read to the name it is now counted under, for those in the corpus whose name changes.

    Raises:
        InputError: The folder is no corpus, a name shows nothing, or another run is writing to the folder.
        OSError: It cannot be written to.
    """
    from corpora.marks import write_marks

    folder = Path(folder)
    open_corpus(folder)  # before anything is written there
    with hold(folder, 30.0):
        corpus = open_corpus(folder)
        manifest = corpus.manifest
        manifest.update(decisions(table))
        names = names_as_read(corpus)  # of a damaged corpus nothing is written
        commit(folder, manifest)
        write_marks(folder)
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
        InputError: No article is wanted, or the folder holds something, lies in the corpus or cannot be written to.
    """
    from corpora.marks import write_marks

    into = Path(into)
    if (into / FILE).exists():
        raise InputError(f"{into} is a corpus already; name a new folder")
    _outside(into, corpus)
    made = prepare(into)
    try:
        with hold(into, 30.0):
            writer = PartWriter(into / "articles", corpus.checksum()[:12])
            try:
                seen = kept = dated = coverage = 0
                for article in corpus.articles():
                    seen += 1
                    if wanted(article):
                        writer.add(_as_read(article, corpus.manifest["outlets"]))
                        kept += 1
                        dated += article.published is not None
                        coverage += article.is_coverage
                writer.close()
                if not kept:
                    few = f"; none of the {seen:,} of these outlets and days is wanted" if seen else ""
                    raise InputError(f"no article is left of {_all(corpus):,}{few}")
                manifest = json.loads(json.dumps(corpus.manifest))
                counts = {"read": kept, "kept": kept, "rejected": 0, "dated": dated, "coverage": coverage}
                name = whole(corpus.folder.resolve().name) if corpus.folder else "corpus"
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
    ending = path.suffix.lower()
    if ending not in FORMATS:
        raise InputError(f"{path} must end in {' or '.join(FORMATS)}")
    if path.exists() or path.is_symlink():
        raise InputError(f"{path} is there already; name a new file")
    _outside(path, corpus)
    cast = votes(corpus)
    beside = path.with_name(f".{path.name}.new")
    count = 0
    try:
        with beside.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            for row in _rows(corpus, cast):
                if ending == ".jsonl":
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
                else:
                    if not count:
                        writer.writerow(row)
                    writer.writerow(inert(_cell(value)) for value in row.values())
                count += 1
        beside.replace(path)
    except OSError as error:
        raise InputError(f"cannot write {path}: {error.strerror or error}") from None
    finally:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
    return count


def _outside(path: Path, corpus: Corpus) -> None:
    if corpus.folder and corpus.folder.resolve() in path.resolve().parents:
        raise InputError(f"{path} lies in the corpus itself; name a place outside of {corpus.folder}")


def _all(corpus: Corpus) -> int:
    return sum(part["rows"] for part in corpus.manifest["parts"]) if corpus.folder else len(corpus)


def _as_read(article: Article, merged: dict[str, str]) -> Article:
    """The article under the name that was read where a table renamed it, so that another table can undo it."""
    name = _plain(article.outlet_as_read)
    return article.with_(outlet=name) if name in merged and merged[name] == article.outlet else article


def _plain(name: str) -> str:
    return " ".join(whole(name).split())


def _shown(name: str) -> str:
    """A user's name for an outlet in one line, without marks that hide or turn text."""
    shown = " ".join(repair(name).split())
    if not shown:
        raise InputError(f"outlet name {name!r} shows nothing; write another")
    return shown


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
