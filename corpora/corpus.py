"""Corpus: a folder of Parquet files and a manifest, or the same held in memory; read in batches.

On disk a corpus is `articles/*.parquet`, `marks/*.parquet`, `rejected.csv` and `manifest.json`. The manifest
names the parts that belong to it and is replaced last, so that a corpus is always the old or the new one.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpora.article import Article, articles_schema
from corpora.errors import InputError
from corpora.manifest import FILE, empty_manifest, read_manifest
from corpora.query import Query, parse

if TYPE_CHECKING:
    import pandas as pd

# Articles held in memory at a time while a corpus is streamed; 200 of them take about 4 MB.
BATCH = 200


@dataclass(frozen=True)
class Corpus:
    """Articles with where they came from. Made by `read`, `open_corpus`, `load_bundled` or `Corpus.of`.

    Attributes:
        folder: The folder it lies in, or None for a corpus in memory.
        manifest: Parts, source files with their counts, and collection notes.
        rejections: What was read and not kept: `source_file`, `place`, `reason`.
    """

    folder: Path | None = None
    manifest: dict[str, Any] = field(default_factory=empty_manifest)
    rejections: tuple[tuple[str, str, str], ...] = ()
    _held: tuple[Any, ...] = ()
    _outlets: frozenset[str] | None = None
    _since: dt.date | None = None
    _until: dt.date | None = None
    _where: Query | None = None

    @classmethod
    def of(cls, articles: Iterable[Article]) -> Corpus:
        """Corpus in memory of the articles given.

        >>> len(Corpus.of([Article("a1", outlet="The Daily"), Article("a2", outlet="The Weekly")]))
        2
        """
        import pyarrow as pa

        table = pa.Table.from_pylist([article.row() for article in articles], schema=articles_schema())
        return cls(_held=(table,))

    def select(
        self,
        outlets: Sequence[str] | None = None,
        since: dt.date | None = None,
        until: dt.date | None = None,
        where: str | Query | None = None,
    ) -> Corpus:
        """Corpus of some outlets, of a span of days (both ends included; undated articles then stay out), or of what
        a query asks for (docs/queries.md).

        A selection of a selection is what both have in common: it never brings an article back.

        Raises:
            InputError: The query is not understood.

        >>> corpus = Corpus.of([Article("a1", outlet="The Daily"), Article("a2", outlet="The Weekly")])
        >>> len(corpus.select(outlets=["The Daily"]).select(outlets=["The Weekly"]))
        0
        """
        chosen = self._outlets
        if outlets is not None:
            chosen = frozenset(outlets) if chosen is None else chosen & frozenset(outlets)
        query = parse(where) if isinstance(where, str) else where
        if query is not None and self._where is not None:
            query = self._where & query
        return replace(
            self,
            _outlets=chosen,
            _since=max(filter(None, (since, self._since)), default=None),
            _until=min(filter(None, (until, self._until)), default=None),
            _where=query or self._where,
        )

    def batches(self, columns: Sequence[str] | None = None, size: int = BATCH) -> Iterator[Any]:
        """Arrow tables of at most `size` articles, in a fixed order: parts as ingested, rows as read."""
        import pyarrow as pa

        needed = None if columns is None else sorted({*columns, *self._needed()})
        for table in self._tables(needed, size):
            table = self._kept(table)
            if columns is not None:
                table = table.select(list(columns))
            if table.num_rows:
                yield table if isinstance(table, pa.Table) else pa.Table.from_batches([table])

    def articles(self) -> Iterator[Article]:
        """Every article, one after the other."""
        for table in self.batches():
            for row in table.to_pylist():
                yield Article.from_row(row)

    def frame(self, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """The articles table as a data frame, all of it in memory."""
        import pyarrow as pa

        tables = list(self.batches(columns))
        schema = articles_schema()
        if columns is not None:
            schema = pa.schema([schema.field(name) for name in columns])
        frame: pd.DataFrame = (pa.concat_tables(tables) if tables else schema.empty_table()).to_pandas()
        return frame

    def __len__(self) -> int:
        return sum(table.num_rows for table in self.batches(["article_id"]))

    def marks(self) -> Any:
        """What is found out about the articles together, as an Arrow table: same text, wire copy, stories.

        Of a corpus on disk it is read, and found anew where articles came in since it was written. A selection has
        the marks of the whole corpus: whose text an article prints does not depend on what is looked at.

        >>> Corpus.of([Article("a1", outlet="The Daily")]).marks().num_rows
        0
        """
        from corpora.marks import marks_of

        return marks_of(replace(self, _outlets=None, _since=None, _until=None, _where=None))

    def outlets(self) -> dict[str, int]:
        """Number of articles by outlet, the largest first."""
        counts: dict[str, int] = {}
        for table in self.batches(["outlet"]):
            for outlet in table.column("outlet").to_pylist():
                counts[outlet] = counts.get(outlet, 0) + 1
        return dict(sorted(counts.items(), key=lambda item: (-item[1], item[0])))

    def checksum(self) -> str:
        """SHA-256 over identity and text of every selected article, whatever their order on disk."""
        lines: list[str] = []
        for table in self.batches(["article_id", "text_sha256"]):
            ids, texts = (table.column(name).to_pylist() for name in ("article_id", "text_sha256"))
            lines += [f"{a} {t}" for a, t in zip(ids, texts, strict=True)]
        return hashlib.sha256("\n".join(sorted(lines)).encode()).hexdigest()

    def _tables(self, columns: list[str] | None, size: int) -> Iterator[Any]:
        if self.folder is None:
            for table in self._held:
                chosen = table if columns is None else table.select(columns)
                for start in range(0, table.num_rows, size):
                    yield self._renamed(chosen.slice(start, size))
            return
        import pyarrow as pa
        import pyarrow.parquet as pq

        for part in self.manifest["parts"]:
            path = self.folder / "articles" / part["name"]
            try:
                with pq.ParquetFile(path) as file:
                    if missing := set(columns or articles_schema().names) - set(file.schema_arrow.names):
                        raise InputError(f"corpus part {path} is damaged: it has no column {min(missing)!r}")
                    for batch in file.iter_batches(batch_size=size, columns=columns):
                        yield self._renamed(pa.Table.from_batches([batch]))
            except (OSError, UnicodeError, pa.ArrowException) as error:
                raise InputError(f"corpus part {path} cannot be read: {str(error).splitlines()[0]}") from None

    def _renamed(self, table: Any) -> Any:
        """The articles under the outlets that the user merged; `outlet_as_read` stays what it was."""
        import pyarrow as pa

        names = self.manifest["outlets"]
        if not names or "outlet" not in table.column_names:
            return table
        renamed = [names.get(outlet, outlet) for outlet in table.column("outlet").to_pylist()]
        return table.set_column(table.column_names.index("outlet"), "outlet", pa.array(renamed, pa.string()))

    def _needed(self) -> tuple[str, ...]:
        """Columns that decide whether an article is selected."""
        return ("outlet", "published", *(self._where.columns if self._where is not None else ()))

    def _kept(self, table: Any) -> Any:
        import pyarrow as pa
        import pyarrow.compute as pc

        if self._outlets is not None:
            table = table.filter(pc.is_in(table.column("outlet"), pa.array(sorted(self._outlets), pa.string())))
        if self._since is not None:
            table = table.filter(pc.greater_equal(table.column("published"), pa.scalar(self._since)))
        if self._until is not None:
            table = table.filter(pc.less_equal(table.column("published"), pa.scalar(self._until)))
        if self._where is not None:
            rows = table.select(self._where.columns).to_pylist()
            table = table.filter(pa.array([self._where.matches_row(row) for row in rows], pa.bool_()))
        return table


def open_corpus(folder: str | Path) -> Corpus:
    """Open a corpus folder.

    Raises:
        InputError: The folder is missing, is no corpus, is damaged, or was written by a later version.
    """
    from corpora.storage import read_rejections

    folder = Path(folder)
    if not folder.exists():
        raise InputError(f"no corpus at {folder}: there is no such folder")
    if not (folder / FILE).is_file():
        raise InputError(f"{folder} is no corpus: it holds no {FILE} (make one with 'framing ingest')")
    manifest = read_manifest(folder)
    return Corpus(folder=folder, manifest=manifest, rejections=read_rejections(folder, manifest))
