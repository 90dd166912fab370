"""Ingest: files in, articles out; every article read is kept or rejected with its reason."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, BinaryIO, cast
from urllib.parse import urlsplit

from corpora.article import Article, record_id
from corpora.clean import Draft, clean
from corpora.columns import pick, recognise
from corpora.corpus import EMPTY_MANIFEST, Corpus, open_corpus
from corpora.dates import date_in_url, read_date
from corpora.errors import InputError
from corpora.language import identify_language
from corpora.repair import paragraphs, repair
from corpora.readers import READERS, Record, Rejection, detect
from corpora.sources import find_files, read_collection
from corpora.storage import PartWriter, commit, file_sha256, prepare

# Fewer words are a caption or an error page: the shortest real article in the development sets has 33.
MINIMUM_WORDS = 15


@dataclass(frozen=True)
class Options:
    """How files are to be read.

    Attributes:
        outlet: Outlet of every article, for files that do not say.
        columns: Field to column name, for names that are not recognised.
        order: `dmy` or `mdy` for dates such as 4/4/17.
    """

    outlet: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    order: str = ""

    def __post_init__(self) -> None:
        if self.order not in ("", "dmy", "mdy"):
            raise InputError(f"no date order {self.order!r}; there are: dmy, mdy")
        recognise((), self.columns)


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
        InputError: A path is missing or holds nothing readable, a table has no text column, or the folder
            cannot be written to.
    """
    options, into = options or Options(), Path(into)
    files = list(find_files(paths))
    key, note = read_collection(collection)
    is_new = not into.exists()
    prepare(into)
    corpus = open_corpus(into) if (into / "manifest.json").exists() else Corpus(folder=into, manifest=_empty())
    manifest = json.loads(json.dumps(corpus.manifest))
    seen = {i for table in corpus.batches(["article_id"]) for i in table.column("article_id").to_pylist()}
    rejections = list(corpus.rejections)
    writers: list[PartWriter] = []
    total = Counts()
    try:
        if key:
            manifest["collections"][key] = note
        for path in files:
            progress(path.name)
            stamp = {"file": path.name, "sha256": file_sha256(path), "options": _option_row(options, key)}
            if any(all(source.get(k) == v for k, v in stamp.items()) for source in manifest["sources"]):
                total += Counts(files=1, unchanged=1)
                continue
            stem = hashlib.sha256(json.dumps(stamp, sort_keys=True).encode()).hexdigest()[:12]
            writers.append(PartWriter(into / "articles", stem))
            counts = _ingest_file(path, options, key, seen, writers[-1].add, rejections)
            writers[-1].close()
            manifest["sources"].append({**stamp, "read": counts.read, "kept": counts.kept, "rejected": counts.rejected})
            manifest["parts"] += writers[-1].parts
            total += counts
        commit(into, manifest, rejections, [part for writer in writers for part in writer.parts])
    except BaseException as error:
        for writer in writers:
            writer.abandon()
        if is_new and not (into / "manifest.json").exists():
            _take_away(into)
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
        InputError: As for `ingest`.
    """
    options = Options(outlet, columns, order)
    articles: list[Article] = []
    rejections: list[tuple[str, str, str]] = []
    seen: set[str] = set()
    manifest = _empty()
    for file in find_files([path] if isinstance(path, (str, Path)) else path):
        counts = _ingest_file(file, options, "", seen, articles.append, rejections)
        stamp = {"file": file.name, "sha256": file_sha256(file), "options": _option_row(options, "")}
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
    counts = Counts(files=1)
    without_text: set[str] = set()
    for item in _records(path):
        reason, place = "", item.place
        if isinstance(item, Rejection):
            reason = item.reason
        else:
            made = article_of(item, options, path.name, collection)
            if isinstance(made, str):
                reason = made
                if reason == "no text field":
                    without_text.update(str(column) for column in item.raw)
            elif made.article_id in seen:
                reason = "repeated: the same record is already in the corpus"
            else:
                seen.add(made.article_id)
                keep(made)
                counts += Counts(read=1, kept=1, undated=int(made.published is None))
        if reason:
            rejections.append((path.name, place, reason))
            counts += Counts(read=1, rejected=1)
    if without_text and not counts.kept:
        raise InputError(
            f"{path} has no text column; its columns: {', '.join(sorted(without_text))}; "
            "name one with --map body=COLUMN"
        )
    return counts


def _records(path: Path) -> Iterator[Record | Rejection]:
    try:
        with path.open("rb") as raw:
            zipped = raw.peek(2)[:2] == b"\x1f\x8b"
            stream = cast(BinaryIO, io.BufferedReader(gzip.GzipFile(fileobj=raw))) if zipped else raw
            name = path.name.removesuffix(".gz") if zipped else path.name
            reader = detect(name, cast(io.BufferedReader, stream).peek(200)[:200])
            if reader is None:
                yield Rejection("file", f"no reader for this file; formats: {', '.join(sorted(READERS))}")
                return
            yield from READERS[reader](stream, name)
    except (EOFError, gzip.BadGzipFile, zlib.error) as error:
        yield Rejection("file", f"broken gzip: {error}")
    except PermissionError:
        raise InputError(f"no permission to read {path}") from None


def article_of(record: Record, options: Options, source_file: str, collection: str = "") -> Article | str:
    """The article of a record, or the reason why it is none."""
    columns = recognise(record.raw, options.columns)
    values = {k: v for k, v in record.known.items() if v} or pick(record.raw, columns)
    if "body" not in values and "body" not in record.known:
        return "no text field" if "body" not in columns else "no text"
    draft = clean(
        Draft(
            title=" ".join(repair(values.get("title", "")).split()),
            paragraphs=paragraphs(repair(values.get("body", ""))),
            captions=_lines(values.get("captions", "")),
            furniture=_lines(values.get("furniture", "")),
            byline=" ".join(repair(values.get("byline", "")).split()),
            dateline=repair(values.get("dateline", "")),
            agency=repair(values.get("agency", "")),
        )
    )
    body = "\n\n".join(draft.paragraphs)
    if len(body.split()) < MINIMUM_WORDS:
        return f"too short: {len(body.split())} words, at least {MINIMUM_WORDS} are needed" if body else "no text"
    url = values.get("url", "")
    as_read = options.outlet or repair(values.get("outlet", "")) or draft.agency or _host(url)
    if not as_read:
        return "no outlet: name it with --outlet NAME or --map outlet=COLUMN"
    published, reason = read_date(values.get("published", ""), options.order)
    source = "field" if published else ""
    if published is None and reason == "no date" and (published := date_in_url(url)):
        source = "url"
    return Article(
        article_id=record_id(record.raw),
        outlet=" ".join(as_read.split()),
        outlet_as_read=as_read,
        published=published,
        date_source=source or reason,
        title=draft.title,
        body=body,
        captions="\n".join(draft.captions),
        byline=draft.byline,
        dateline=draft.dateline,
        agency=draft.agency,
        url=repair(url),
        language=values.get("language", "")[:2].lower() or identify_language(body),
        tags=tuple(tag.strip() for tag in repair(values.get("tags", "")).split(",") if tag.strip()),
        furniture="\n".join(draft.furniture),
        notice=repair(values.get("notice", "")),
        source_file=source_file,
        collection=collection,
    )


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in repair(text).splitlines() if line.strip())


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def _option_row(options: Options, collection: str) -> dict[str, Any]:
    return {
        "outlet": options.outlet,
        "columns": dict(options.columns),
        "order": options.order,
        "collection": collection,
    }


def _empty() -> dict[str, Any]:
    return cast(dict[str, Any], json.loads(json.dumps(EMPTY_MANIFEST)))


def _take_away(folder: Path) -> None:
    for inner in (folder / "articles", folder / "marks"):
        if inner.is_dir() and not any(inner.iterdir()):
            inner.rmdir()
    if folder.is_dir() and not any(folder.iterdir()):
        folder.rmdir()
