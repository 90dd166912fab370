"""Lists of coverage: what the tables of Media Cloud and GDELT have in common. They name articles and hold no text."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Mapping
from typing import BinaryIO

from corpora.readers import table
from corpora.readers.record import Head, Record, Rejection


def columns(head: Head) -> list[str]:
    """Names in the first line of a table, plain ones; none where a column of the table holds texts of articles."""
    from corpora.columns import plain_name, recognise

    lines = head.text.splitlines()[:200]
    separator = max(table.SEPARATORS, key=lines[0].count) if lines else ","
    try:
        rows = list(csv.reader(lines, delimiter=separator))
    except csv.Error:  # a cell that is longer than the module takes
        return []
    if not rows or len(rows[0]) < 3:
        return []
    body = recognise(rows[0]).get("body")
    # A client of Media Cloud writes an empty column "text": the list has none nevertheless.
    if body is not None and any(row[rows[0].index(body)].strip() for row in rows[1:] if len(row) == len(rows[0])):
        return []
    return [plain_name(name) for name in rows[0]]


def read_list(
    stream: BinaryIO, name: str, fields: Callable[[Mapping[str, str]], dict[str, str]]
) -> Iterator[Record | Rejection]:
    """Rows of a table as coverage.

    Args:
        stream: The table.
        name: Its name.
        fields: Gives the fields of an article for a row, by plain column name.
    """
    from corpora.columns import plain_name

    for item in table.read(stream, name):
        if isinstance(item, Record):
            known = fields({plain_name(key): str(value).strip() for key, value in item.raw.items()})
            yield Record(item.raw, item.place, known, coverage=not known.get("body"))
        else:
            yield item
