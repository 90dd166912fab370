"""Parts: the files of articles in a corpus, written beside it and brought in when all are there."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from corpora.article import Article, articles_schema
from corpora.storage import file_sha256, to_disk

# Articles in one Parquet file at most.
PART_ROWS = 10_000
# Articles gathered before they are written, as one row group.
GROUP_ROWS = 500


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

    def change(self, change: Callable[[dict[str, Any]], dict[str, Any]], columns: Sequence[str]) -> None:
        """Write those of the closed parts once more in which values change, a group of rows at a time.

        Args:
            change: From some values of an article, those that change; it is asked once for each, in their order.
            columns: The columns that `change` needs or changes.
        """
        import pyarrow.parquet as pq

        for part in self.parts:
            path = self.folder / f".{part['name']}"
            with pq.ParquetFile(path) as old:
                rows = old.read(columns=list(columns)).to_pylist()
                changes = [change(row) for row in rows]
                if not any(changes):
                    continue
                changed = iter([{**row, **new} for row, new in zip(rows, changes, strict=True)])
                beside = path.with_suffix(".new.parquet")
                self._writer = pq.ParquetWriter(beside, articles_schema(), compression="zstd")
                for group in range(old.num_row_groups):
                    self._writer.write_table(_with(old.read_row_group(group), changed, columns))
                self._writer.close()
                self._writer = None
            to_disk(beside)
            beside.replace(path)
            part["sha256"] = file_sha256(path)

    def abandon(self) -> None:
        """Take away what was written."""
        if self._writer is not None:
            with contextlib.suppress(OSError):  # a disk that is full has no place for a file's last bytes either
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
        to_disk(self._path)
        name = self._path.name.removeprefix(".")
        self.parts.append({"name": name, "rows": self._count, "sha256": file_sha256(self._path)})
        self._count = 0


def _with(table: Any, rows: Iterator[dict[str, Any]], columns: Sequence[str]) -> Any:
    """A table with the values that the next rows have."""
    import pyarrow as pa

    taken = list(islice(rows, table.num_rows))
    for column in columns:
        field = table.schema.field(column)
        values = pa.array([row[column] for row in taken], field.type)
        table = table.set_column(table.schema.get_field_index(column), field, values)
    return table
