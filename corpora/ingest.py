"""Ingest: files in, articles out; every article read is kept or rejected with its reason."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from textwrap import shorten
from typing import Any

from corpora.article import Article
from corpora.assembly import NO_TEXT_FIELD, Options, article_of
from corpora.corpus import Corpus, open_corpus
from corpora.errors import InputError
from corpora.manifest import FILE, empty_manifest
from corpora.readers import Record, Rejection
from corpora.repair import repair, whole
from corpora.sources import find_files, open_records, read_collection
from corpora.storage import PartWriter, commit, file_sha256, prepare, remove_empty, sweep

__all__ = ["Counts", "Options", "ingest", "read"]

# Characters of an error that list columns: records can have thousands, and a broken header is one long name.
LONGEST_LIST = 400


@dataclass(frozen=True)
class Counts:
    """What became of the articles of one run: read = kept + rejected."""

    read: int = 0
    kept: int = 0
    rejected: int = 0
    undated: int = 0
    files: int = 0
    unchanged: int = 0

    def __add__(self, other: Counts) -> Counts:
        return Counts(*(a + b for a, b in zip(asdict(self).values(), asdict(other).values(), strict=True)))


def ingest(
    paths: Sequence[str | Path],
    into: str | Path,
    options: Options | None = None,
    collection: Path | None = None,
    progress: Callable[[str], None] = lambda message: None,
) -> Counts:
    """Read files and folders into a corpus folder, which is made where there is none.

    Ingesting the same file again adds nothing. Where anything fails or the run is stopped, the corpus stays as it was.

    Raises:
        InputError: A path is missing or holds nothing readable, a table has no text column or lacks a mapped one,
            a new corpus would hold nothing, or the folder cannot be written to.
    """
    options, into = options or Options(), Path(into)
    files = list(find_files(paths))
    key, note = read_collection(collection)
    made = prepare(into)
    writers: list[PartWriter] = []
    total = Counts()
    try:
        corpus = open_corpus(into) if (into / FILE).exists() else Corpus(folder=into)
        manifest = json.loads(json.dumps(corpus.manifest))
        seen = {i for table in corpus.batches(["article_id"]) for i in table.column("article_id").to_pylist()}
        rejections = list(corpus.rejections)
        if key:
            manifest["collections"][key] = note
        for path in files:
            progress(whole(path.name))
            stamp = _stamp(path, options, key)
            if any(all(source.get(k) == v for k, v in stamp.items()) for source in manifest["sources"]):
                total += Counts(files=1, unchanged=1)
                continue
            stem = hashlib.sha256(json.dumps(stamp, sort_keys=True).encode()).hexdigest()[:12]
            writers.append(PartWriter(into / "articles", stem))
            try:
                counts = _ingest_file(path, options, key, seen, writers[-1].add, rejections)
            except InputError as error:
                if len(files) == 1:
                    raise
                raise InputError(f"{error}; none of the {len(files)} files was ingested") from None
            writers[-1].close()
            manifest["sources"].append({**stamp, "read": counts.read, "kept": counts.kept, "rejected": counts.rejected})
            manifest["parts"] += writers[-1].parts
            total += counts
        if not total.kept and not (into / FILE).exists():
            raise InputError(_nothing_kept(total, rejections))
        commit(into, manifest, rejections, [part for writer in writers for part in writer.parts])
    except BaseException as error:
        for writer in writers:
            writer.abandon()
        sweep(into)
        remove_empty(made)
        if isinstance(error, OSError):
            raise InputError(f"cannot write to {into}: {error.strerror or error}") from None
        raise
    return total


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
    options = Options(outlet, columns, order)
    articles: list[Article] = []
    rejections: list[tuple[str, str, str]] = []
    seen: set[str] = set()
    manifest = empty_manifest()
    for file in find_files([path] if isinstance(path, (str, Path)) else path):
        stamp = _stamp(file, options, "")
        counts = _ingest_file(file, options, "", seen, articles.append, rejections)
        manifest["sources"].append({**stamp, "read": counts.read, "kept": counts.kept, "rejected": counts.rejected})
    held = Corpus.of(articles)
    return Corpus(manifest=manifest, rejections=tuple(rejections), _held=held._held)


def _ingest_file(
    path: Path,
    options: Options,
    collection: str,
    seen: set[str],
    keep: Callable[[Article], None],
    rejections: list[tuple[str, str, str]],
) -> Counts:
    counts, name = Counts(files=1), whole(path.name)
    # Columns of the records whose fields the format does not tell; these alone can lack one.
    columns: set[str] = set()
    has_text = False
    for item in open_records(path):
        made = item.reason if isinstance(item, Rejection) else _article(item, options, name, collection)
        if isinstance(item, Record) and not item.known:
            has_text = has_text or made != NO_TEXT_FIELD
            columns.update(map(str, item.raw))
        if isinstance(made, Article) and made.article_id in seen:
            made = "repeated: the same record is already in the corpus"
        if isinstance(made, Article):
            seen.add(made.article_id)
            keep(made)
            counts += Counts(read=1, kept=1, undated=int(made.published is None))
        else:
            rejections.append((name, item.place, whole(made)))
            counts += Counts(read=1, rejected=1)
    _check_columns(path, options, columns, has_text)
    return counts


def _article(record: Record, options: Options, name: str, collection: str) -> Article | str:
    try:
        return article_of(record, options, name, collection)
    except RecursionError:  # JSON that is nested just less deep than its reader minds
        return "nested too deep"


def _check_columns(path: Path, options: Options, columns: set[str], has_text: bool) -> None:
    listed = shorten(repair(", ".join(sorted(columns))), LONGEST_LIST, placeholder=" ...")
    for field, column in options.columns.items():
        if columns and column not in columns:
            raise InputError(f"{path} has no column {column!r} for {field}; its columns: {listed}")
    if columns and not has_text:
        raise InputError(f"{path} has no text column; its columns: {listed}; name one with --map body=COLUMN")


def _nothing_kept(total: Counts, rejections: Iterable[tuple[str, str, str]]) -> str:
    """Why a new corpus would be empty: the commonest kind of reason, with an example."""
    reasons = [reason for _, _, reason in rejections]
    if not reasons:
        return f"nothing to keep: no article in {total.files} {'file' if total.files == 1 else 'files'}"
    ((kind, count),) = Counter(reason.partition(":")[0] for reason in reasons).most_common(1)
    example = next(reason for reason in reasons if reason.partition(":")[0] == kind)
    return f"nothing was kept of {total.read:,} read; the commonest reason ({count:,} times): {example}"


def _stamp(path: Path, options: Options, collection: str) -> dict[str, Any]:
    """What tells a file that was ingested before: name, content, and how it was read."""
    try:
        sha256 = file_sha256(path)
    except OSError as error:
        reason = "no permission to read" if isinstance(error, PermissionError) else "cannot read"
        raise InputError(f"{reason} {path}") from None
    return {"file": whole(path.name), "sha256": sha256, "options": options.row(collection)}
