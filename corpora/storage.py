"""Storage: writing a corpus so that it is always either the old one or the new one."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from corpora.article import Article, articles_schema
from corpora.errors import InputError
from corpora.manifest import FILE, read_manifest
from corpora.repair import whole

# Articles in one Parquet file at most.
PART_ROWS = 10_000
# Articles gathered before they are written, as one row group.
GROUP_ROWS = 500
REJECTED = "rejected.csv"
REJECTED_HEADER = ("source_file", "place", "reason")
# As PartWriter names them; what is named otherwise was not written here and is left alone.
OUR_PART = re.compile(r"[0-9a-f]{12}-\d{4,}\.parquet")


class PartWriter:
    """Writes articles to hidden files beside a corpus; `commit` brings them in, `abandon` takes them away."""

    def __init__(self, folder: Path, stem: str) -> None:
        self.folder, self.stem = folder, stem
        self.parts: list[dict[str, Any]] = []
        self._rows: list[dict[str, Any]] = []
        self._writer: Any = None
        self._count = 0

    def add(self, article: Article) -> None:
        """Take one more article."""
        self._rows.append(article.row())
        if len(self._rows) >= GROUP_ROWS:
            self._flush()

    def close(self) -> None:
        """Write what is gathered."""
        self._flush()
        self._close_part()

    def abandon(self) -> None:
        """Take away what was written."""
        if self._writer is not None:
            self._writer.close()
            self._writer = None
        for path in self.folder.glob(f".{self.stem}-*.parquet"):
            path.unlink()

    def _flush(self) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        if not self._rows:
            return
        table = pa.Table.from_pylist(self._rows, schema=articles_schema())
        if self._writer is None:
            self._path = self.folder / f".{self.stem}-{len(self.parts):04d}.parquet"
            self._writer = pq.ParquetWriter(self._path, articles_schema(), compression="zstd")
        self._writer.write_table(table)
        self._count += table.num_rows
        self._rows = []
        if self._count >= PART_ROWS:
            self._close_part()

    def _close_part(self) -> None:
        if self._writer is None:
            return
        self._writer.close()
        self._writer = None
        self.parts.append(
            {
                "name": self._path.name.removeprefix("."),
                "rows": self._count,
                "sha256": file_sha256(self._path),
            }
        )
        self._count = 0


def commit(
    folder: Path,
    manifest: dict[str, Any],
    rejections: Iterable[Sequence[str]],
    parts: Iterable[dict[str, Any]],
) -> None:
    """Bring new parts in: parts first, rejections next, the manifest last; each replaced as a whole."""
    articles = folder / "articles"
    for part in parts:
        (articles / f".{part['name']}").replace(articles / part["name"])
    write_whole(folder / REJECTED, rejected_csv(rejections))
    write_whole(folder / FILE, json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def prepare(folder: Path) -> list[Path]:
    """Make the folders of a corpus, and take away what a stopped run left in them.

    Returns:
        The folders that were made, a folder after those inside it.

    Raises:
        InputError: The folder holds something else, or cannot be written to.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file, not a folder for a corpus")
    if whole(str(folder)) != str(folder):
        raise InputError(f"the name of {folder} is no UTF-8, which Parquet cannot write to")
    if folder.is_dir() and not (folder / FILE).exists() and (foreign := _foreign(folder)):
        raise InputError(f"{folder} holds something else than a corpus: {foreign[0]!r}")
    needed = [folder / "articles", folder / "marks", folder, *folder.parents]
    missing = [path for path in needed if not path.exists()]
    try:
        for path in reversed(missing):
            path.mkdir(exist_ok=True)
        sweep(folder)
    except OSError as error:
        remove_empty(missing)
        raise InputError(f"cannot write to {folder}: {error.strerror}") from None
    return missing


def sweep(folder: Path) -> None:
    """Take away what a stopped run left: half-written files, and parts that the manifest does not name.

    A run that is stopped between bringing its parts in and writing the manifest leaves whole parts, which pandas
    would read; before the first manifest, its list of rejections as well.
    """
    named = {part["name"] for part in read_manifest(folder)["parts"]} if (folder / FILE).exists() else set()
    for path in (folder / "articles").glob("*.parquet"):
        if path.name.startswith(".") or (OUR_PART.fullmatch(path.name) and path.name not in named):
            path.unlink()
    for path in (folder / f".{FILE}.new", folder / f".{REJECTED}.new"):
        path.unlink(missing_ok=True)
    if not (folder / FILE).exists():
        (folder / REJECTED).unlink(missing_ok=True)


def remove_empty(folders: Iterable[Path]) -> None:
    """Remove those of the folders, inner ones first, that hold nothing."""
    for folder in folders:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _foreign(folder: Path) -> list[str]:
    """Names in a folder without manifest that no stopped run has left there."""
    ours = {f".{FILE}.new", f".{REJECTED}.new"}
    for name in ("articles", "marks"):
        inner = folder / name
        if inner.is_dir() and all(OUR_PART.fullmatch(path.name.removeprefix(".")) for path in inner.iterdir()):
            ours.add(name)
    rejected = folder / REJECTED
    if "articles" in ours and rejected.is_file():
        with rejected.open("rb") as file:
            if file.readline().decode("utf-8", "replace").strip() == ",".join(REJECTED_HEADER):
                ours.add(REJECTED)
    return sorted(path.name for path in folder.iterdir() if path.name not in ours)


def write_whole(path: Path, text: str) -> None:
    """Write a file beside its place and rename it in, so that nobody ever sees half of it."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8", newline="")
    beside.replace(path)


def rejected_csv(rejections: Iterable[Sequence[str]]) -> str:
    """The rejections as CSV text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(REJECTED_HEADER)
    writer.writerows([inert(cell) for cell in row] for row in rejections)
    return out.getvalue()


def read_rejections(folder: Path, manifest: dict[str, Any] | None = None) -> tuple[tuple[str, str, str], ...]:
    """The rejections of a corpus folder; with its manifest, those of the sources that it names and no later ones.

    Raises:
        InputError: The file is no CSV text.
    """
    path = folder / REJECTED
    if not path.exists():
        return ()
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [(row[0], row[1], row[2]) for row in list(csv.reader(file))[1:] if len(row) == 3]
    except (OSError, UnicodeError, csv.Error) as error:
        raise InputError(f"{path} cannot be read: {error}") from None
    if manifest:
        # A run that was stopped just before its manifest has already written its rejections behind the others.
        rows = rows[: sum(source["rejected"] for source in manifest["sources"])]
    return tuple(rows)


def inert(cell: Any) -> Any:
    """A cell that no spreadsheet runs as a formula: a leading = + - @ gets an apostrophe before it.

    References:
        OWASP, CSV Injection, https://owasp.org/www-community/attacks/CSV_Injection

    >>> inert("=cmd()"), inert("-0.25"), inert(-0.25)
    ("'=cmd()", '-0.25', -0.25)
    """
    if not isinstance(cell, str) or not cell or cell[0] not in "=+-@\t\r":
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
