"""Ingest: files in, articles out; every article read is kept or rejected with its reason."""

from __future__ import annotations

import hashlib
import json
import os
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from corpora.article import Article
from corpora.assembly import Options
from corpora.corpus import Corpus, open_corpus
from corpora.errors import InputError
from corpora.manifest import FILE, empty_manifest
from corpora.orders import COLUMNS, Orders, Settled
from corpora.parts import PartWriter
from corpora.repair import whole
from corpora.run import STAMP, Run, key_of
from corpora.sources import File, find_files, read_collection
from corpora.storage import commit, hold, prepare, remove_empty, sweep

__all__ = ["Counts", "Options", "ingest", "mark", "read"]


@dataclass(frozen=True)
class Counts:
    """What became of the articles of one run: read = kept + rejected.

    Attributes:
        read: Articles that the files hold.
        kept: Those that are now in the corpus.
        rejected: Those that are not, each with its reason.
        undated: Kept ones whose day of publication is not known.
        files: Files that were looked at.
        unchanged: Those of them that had been ingested before.
        coverage: Kept ones without text, from lists that have none.
        sources: For each file that was read its row in the manifest, with `file`, `reader`, `stated`, `read`, `kept`,
            `rejected` and `dated`. What is stated is None where the file does not say; of an archive it is the sum over
            its members, with what was read of those that do not say, and `differing` names members that state
            another number than was read.
        orders: What became of dates such as 4/3/17, by outlet.
    """

    read: int = 0
    kept: int = 0
    rejected: int = 0
    undated: int = 0
    files: int = 0
    unchanged: int = 0
    coverage: int = 0
    sources: tuple[dict[str, Any], ...] = field(default=(), compare=False)
    orders: tuple[Settled, ...] = field(default=(), compare=False)

    @property
    def stated(self) -> int | None:
        """How many articles the files say that they hold; None where one of them does not say."""
        stated = [source["stated"] for source in self.sources]
        return sum(stated) if stated and None not in stated else None

    @classmethod
    def of(cls, sources: Sequence[dict[str, Any]], unchanged: int, orders: tuple[Settled, ...]) -> Counts:
        """Counts over the rows of a manifest."""
        read, kept, rejected, dated, coverage = (
            sum(source[key] for source in sources) for key in ("read", "kept", "rejected", "dated", "coverage")
        )
        files = len(sources) + unchanged
        return cls(read, kept, rejected, kept - dated, files, unchanged, coverage, tuple(sources), orders)


def ingest(
    paths: Sequence[str | Path],
    into: str | Path,
    options: Options | None = None,
    collection: Path | None = None,
    progress: Callable[[str], None] = lambda message: None,
    wait: float = 30.0,
    marks: bool = True,
) -> Counts:
    """Read files, folders and archives into a corpus folder, which is made where there is none.

    Ingesting the same file again adds nothing. Where anything fails or the run is stopped, the corpus stays as it was.

    Args:
        paths: Files and folders.
        into: Folder of the corpus.
        options: How the files are to be read.
        collection: TOML note on where the articles came from.
        progress: Told the name of each file before it is read.
        wait: Seconds to wait for another run that is writing to the corpus.
        marks: Whether to look for same text, wire copy and stories, once the articles are in.

    Raises:
        InputError: A path is missing or holds nothing readable, a table has no text column or lacks a mapped one,
            a file changes while it is read, a new corpus would hold nothing, another run is writing to the folder, or
            it cannot be written to.
    """
    options, into = options or Options(), Path(into)
    files = list(find_files(paths))
    key, note = read_collection(collection)
    made = prepare(into)
    try:
        with hold(into, wait):
            sweep(into)
            counts = _ingest(files, into, options, key, note, progress)
    except BaseException as error:
        remove_empty(made)
        if isinstance(error, OSError):
            raise InputError(f"cannot write to {into}: {_reason(error)}") from None
        raise
    if marks:
        mark(into, wait)
    return counts


def mark(folder: str | Path, wait: float = 30.0) -> None:
    """Look for same text, wire copy and stories in a corpus folder, if it has articles that were not looked at yet.

    Raises:
        InputError: The folder is no corpus, another run is writing to it, or the marks cannot be written; the
            articles are in all the same.
    """
    from corpora.marks import write_marks

    try:
        with hold(Path(folder), wait):
            write_marks(folder)
    except OSError as error:
        reason = f"the articles are in {folder}, but its marks cannot be written: {_reason(error)}"
        raise InputError(f"{reason}; later: framing corpus {folder} mark") from None


def _ingest(
    files: list[File], into: Path, options: Options, key: str, note: Any, progress: Callable[[str], None]
) -> Counts:
    corpus = open_corpus(into) if (into / FILE).exists() else Corpus(folder=into)
    manifest = json.loads(json.dumps(corpus.manifest))
    run = Run(options, key, Orders(manifest["date_orders"]))
    new = _new(files, run, manifest["sources"])
    writer = PartWriter(into / "articles", _hash([stamp for _, stamp in new]))
    try:
        for table in corpus.batches(["article_id"]):
            run.seen.update(map(key_of, table.column("article_id").to_pylist()))
        run.rejections += corpus.rejections
        rows: list[dict[str, Any]] = []
        for file, stamp in new:
            progress(whole(file.path.name))
            try:
                rows.append(run.read(file, stamp, writer.add))
            except InputError as error:
                if len(files) == 1:
                    raise
                raise InputError(f"{error}; none of the {len(files)} files was ingested") from None
        writer.close()
        if sum(row.pop("open") for row in rows):
            writer.change(_settling(rows, run.orders), COLUMNS)
        counts = Counts.of(rows, len(files) - len(rows), run.orders.settled())
        if not counts.kept and not (into / FILE).exists():
            raise InputError(_nothing_kept(counts, run.rejections))
        if key:
            manifest["collections"][key] = note
        manifest["sources"] += rows
        manifest["parts"] += writer.parts
        manifest["date_orders"] = run.orders.counts
        commit(into, manifest, run.rejections, writer.parts)
        return counts
    except BaseException:
        writer.abandon()
        sweep(into)
        raise


def read(path: str | Path | Sequence[str | Path], outlet: str = "", order: str = "", **columns: str) -> Corpus:
    """Read files into a corpus in memory.

    Args:
        path: A file or folder, or several.
        outlet: Outlet of every article, for files that do not say.
        order: `dmy` or `mdy` for dates such as 4/4/17.
        **columns: Field = column, for names that are not recognised (`body="Volltext"`).

    Raises:
        InputError: As for `ingest`, save that a corpus in memory may hold nothing.
    """
    run = Run(Options(outlet, columns, order))
    articles: list[Article] = []
    manifest = empty_manifest()
    for file in find_files([path] if isinstance(path, (str, Path)) else path):
        manifest["sources"].append(run.read(file, run.stamp(file), articles.append))
    if sum(row.pop("open") for row in manifest["sources"]):
        settle = _settling(manifest["sources"], run.orders)
        articles = [a.with_(**settle({name: getattr(a, name) for name in COLUMNS})) for a in articles]
    manifest["date_orders"] = run.orders.counts
    return Corpus(manifest=manifest, rejections=tuple(run.rejections), _held=Corpus.of(articles)._held)


def _new(files: Iterable[File], run: Run, sources: Iterable[dict[str, Any]]) -> list[tuple[File, dict[str, Any]]]:
    """Files that were not ingested before, each with what tells it from others."""
    known = {_hash({name: row[name] for name in STAMP if name in row}) for row in sources}
    new = []
    for file in files:
        stamp = run.stamp(file)
        if (name := _hash(stamp)) not in known:
            known.add(name)
            new.append((file, stamp))
    return new


def _settling(rows: Sequence[dict[str, Any]], orders: Orders) -> Callable[[dict[str, Any]], dict[str, Any]]:
    """Reads the ambiguous dates of articles, one after another as they were kept, and counts those that it dates."""
    owners = (row for row in rows for _ in range(row["kept"]))

    def settle(article: dict[str, Any]) -> dict[str, Any]:
        owner, known = next(owners), orders.dated
        changes = orders.settle(article)
        owner["dated"] += orders.dated - known
        return changes

    return settle


def _hash(value: Any) -> str:
    """Twelve digits that name a value: the same files read in the same way are written to parts of the same name."""
    return hashlib.sha256(json.dumps(value, sort_keys=True).encode()).hexdigest()[:12]


def _nothing_kept(total: Counts, rejections: Iterable[tuple[str, str, str]]) -> str:
    """Why a new corpus would be empty: the commonest kind of reason, with an example."""
    reasons = [reason for _, _, reason in rejections]
    if not reasons:
        return f"nothing to keep: no article in {total.files} {'file' if total.files == 1 else 'files'}"
    ((kind, count),) = Counter(reason.partition(":")[0] for reason in reasons).most_common(1)
    example = next(reason for reason in reasons if reason.partition(":")[0] == kind)
    return f"nothing was kept of {total.read:,} read; the commonest reason ({count:,} times): {example}"


def _reason(error: OSError) -> str:
    """What the system says of an error, in one line: Arrow puts its own words around it."""
    return os.strerror(error.errno) if error.errno else (str(error).splitlines() or ["unknown error"])[0]
