"""Kept scores: a report's scores on disk, and those of an earlier report, so that only new articles are read.

What the same toolkit once read in an article still holds while its texts, its day and its language are the same,
whatever the corpus, the outlets or the period of the study.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd

from corpora.article import Article
from framing.passages import passages_schema
from framing.scores import scores_schema
from framing.scoring import joined_schema
from framing.voice import VOICE_COLUMNS

NAME = "scores.parquet"
# Entries of a lock that must be the same for its scores to hold: all but the study, the corpus and its size.
BINDING = ("toolkit", "passage_version", "framing_sha256", "weights", "python", "platform", "libraries", "dyad")
# What a score of an article depends on, beside the toolkit and the two countries.
PINS = ("article_id", "text_sha256", "published", "language")


class KeptScores:
    """The joined scores, written to Parquet batch by batch; without the passages' text where the study says so."""

    def __init__(self, path: Path | None, text: bool) -> None:
        self.path, self.text = path, text
        self.writer: Any = None

    def __enter__(self) -> KeptScores:
        return self

    def add(self, scored: pd.DataFrame) -> None:
        """Write the scores of one batch."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        if self.path is None:
            return
        schema = joined_schema()
        frame = scored if self.text else scored.assign(text="")
        table = pa.Table.from_pandas(frame.reindex(columns=schema.names), schema=schema, preserve_index=False)
        if self.writer is None:
            self.writer = pq.ParquetWriter(self.path, schema, compression="zstd")
        self.writer.write_table(table.replace_schema_metadata(None))

    def __exit__(self, *error: object) -> None:
        if self.writer is not None:
            self.writer.close()


class EarlierScores:
    """The passages and scores that an earlier report holds, by article.

    Args:
        folder: The earlier report.
        lock: The lock of the new one.
        measures: What the new one scores, in its order.
    """

    def __init__(self, folder: Path, lock: Mapping[str, Any], measures: Sequence[str]) -> None:
        self.measures = list(measures)
        self._path = folder / NAME
        self._groups: dict[tuple[object, ...], int] = {}
        self._group = lru_cache(maxsize=4)(self._read)
        if self._holds(folder / "lock.json", lock):
            self._groups = self._articles()

    def _holds(self, path: Path, lock: Mapping[str, Any]) -> bool:
        """Whether an earlier report was made by the same scorers, and its scores are those that it was made of."""
        try:
            earlier = json.loads(path.read_text(encoding="utf-8"))
            with self._path.open("rb") as file:
                whole = hashlib.file_digest(file, "sha256").hexdigest() == earlier["scores_sha256"]
            scorers = [earlier["scorers"].get(measure) == lock["scorers"][measure] for measure in self.measures]
            return whole and all(scorers) and all(earlier[name] == lock[name] for name in BINDING)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return False

    def _articles(self) -> dict[tuple[object, ...], int]:
        """Article to the part of the file that holds its scores."""
        import pyarrow.parquet as pq

        found: dict[tuple[object, ...], int] = {}
        with pq.ParquetFile(self._path) as file:
            for number in range(file.num_row_groups):
                table = file.read_row_group(number, columns=list(PINS))
                pins = (table.column(name).to_pylist() for name in PINS)
                found.update(dict.fromkeys(zip(*pins, strict=True), number))
        return found

    def _read(self, number: int) -> pd.DataFrame:
        import pyarrow.parquet as pq

        with pq.ParquetFile(self._path) as file:
            frame: pd.DataFrame = file.read_row_group(number).to_pandas()
        return frame

    def __len__(self) -> int:
        return len(self._groups)

    def __contains__(self, article: Article) -> bool:
        return _key(article) in self._groups

    def joined_with(
        self, articles: Sequence[Article], passages: pd.DataFrame, scores: pd.DataFrame
    ) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Passages and scores of a batch: those just made, and those kept, as if all had been made now.

        Args:
            articles: The batch, in order.
            passages: Passages of the articles that are not kept.
            scores: Their scores.
        """
        known = {one.article_id: one for one in articles if one in self}
        parts = []
        for number in sorted({self._groups[_key(one)] for one in known.values()}):
            rows = self._group(number)
            parts.append(rows[rows["article_id"].isin(list(known)) & rows["measure"].isin(self.measures)])
        kept = pd.concat(parts) if parts else pd.DataFrame()
        if kept.empty:
            return passages, scores
        columns = [*passages_schema().names, *VOICE_COLUMNS]
        old = kept.drop_duplicates("passage_id")[columns].reset_index(drop=True)
        # A report without texts is made of texts all the same.
        places = zip(old["article_id"], old["part"], old["start"], old["end"], strict=True)
        old["text"] = [known[one].text(part)[start:end] for one, part, start, end in places]
        both = [frame for frame in (passages, old) if len(frame)]
        whole = pd.concat(both, ignore_index=True)
        every = [frame for frame in (scores, kept[scores_schema().names]) if len(frame)]
        rows = pd.concat(every, ignore_index=True)
        place = {one.article_id: k for k, one in enumerate(articles)}
        rank = {name: k for k, name in enumerate(self.measures)}
        article = dict(zip(whole["passage_id"], whole["article_id"].map(place), strict=True))
        order = pd.DataFrame({"measure": rows["measure"].map(rank), "article": rows["passage_id"].map(article)})
        return whole, rows.loc[order.sort_values(["measure", "article"], kind="stable").index].reset_index(drop=True)


def _key(article: Article) -> tuple[object, ...]:
    return tuple(getattr(article, name) for name in PINS)
