"""Storage: writing a corpus so that it is always either the old one or the new one."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from corpora.article import Article, articles_schema
from corpora.errors import InputError

# Articles in one Parquet file at most.
PART_ROWS = 10_000
# Articles gathered before they are written, as one row group.
GROUP_ROWS = 500
REJECTED_HEADER = ("source_file", "place", "reason")


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
    write_whole(folder / "rejected.csv", rejected_csv(rejections))
    write_whole(folder / "manifest.json", json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def prepare(folder: Path) -> None:
    """Make the folders of a corpus.

    Raises:
        InputError: The folder holds something else, or cannot be written to.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file, not a folder for a corpus")
    if folder.is_dir() and not (folder / "manifest.json").exists() and any(_visible(folder)):
        raise InputError(
            f"{folder} holds something else than a corpus: {sorted(p.name for p in _visible(folder))[0]!r}"
        )
    try:
        (folder / "articles").mkdir(parents=True, exist_ok=True)
        (folder / "marks").mkdir(exist_ok=True)
        for leftover in (folder / "articles").glob(".*.parquet"):
            leftover.unlink()
    except OSError as error:
        raise InputError(f"cannot write to {folder}: {error.strerror}") from None


def _visible(folder: Path) -> list[Path]:
    # A run that was stopped before its first commit leaves these two folders empty.
    ours = {"articles", "marks"}
    return [p for p in folder.iterdir() if not (p.name in ours and p.is_dir() and not any(p.glob("[!.]*")))]


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


def read_rejections(folder: Path) -> tuple[tuple[str, str, str], ...]:
    """The rejections of a corpus folder."""
    path = folder / "rejected.csv"
    if not path.exists():
        return ()
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))[1:]
    return tuple((row[0], row[1], row[2]) for row in rows if len(row) == 3)


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
