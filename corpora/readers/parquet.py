"""Parquet, in batches."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from corpora.readers.record import Head, Record, Rejection


def recognises(head: Head) -> bool:
    """Parquet begins and ends with its name."""
    return head.data.startswith(b"PAR1")


def read(stream: BinaryIO, name: str) -> Iterator[Record | Rejection]:
    """Yield one record for each row; a row that is none, and a file that cannot be read, is one rejection."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    number = 0
    try:
        for batch in pq.ParquetFile(stream).iter_batches(batch_size=500):
            for row in _rows(batch):
                number += 1
                if isinstance(row, dict):
                    yield Record(row, f"row {number}")
                else:
                    yield Rejection(f"row {number}", f"broken Parquet: {row}")
    except (pa.ArrowException, OSError, ValueError) as error:
        yield Rejection(f"row {number + 1}", f"broken Parquet: {_first_line(error)}")


def _rows(batch: Any) -> Iterator[dict[str, Any] | str]:
    """Rows of a batch, in the place of one that is none the reason; one bad value must not cost its 499 neighbours."""
    import pyarrow as pa

    # Text that is no UTF-8, days beyond the year 9999, time zones that nobody knows.
    errors = (pa.ArrowException, ArithmeticError, LookupError, ValueError)
    try:
        yield from batch.to_pylist()
        return
    except errors:
        pass
    for number in range(batch.num_rows):
        try:
            yield batch.slice(number, 1).to_pylist()[0]
        except errors as error:
            yield _first_line(error)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
