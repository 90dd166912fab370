"""Parquet, in batches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from corpora.readers.record import Record, Rejection


def read(stream: BinaryIO, name: str) -> Iterator[Record | Rejection]:
    """Yield one record for each row; a file that cannot be read is one rejection."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = 0
    try:
        for batch in pq.ParquetFile(stream).iter_batches(batch_size=500):
            for row in batch.to_pylist():
                number += 1
                yield Record(row, f"row {number}")
    except (pa.ArrowException, OSError) as error:
        yield Rejection(f"row {number + 1}", f"broken Parquet: {str(error).splitlines()[0]}")
