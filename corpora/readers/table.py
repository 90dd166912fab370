"""CSV and TSV, with the separator told from the header line."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from typing import BinaryIO

from corpora.readers.record import LONGEST_LINE, Record, Rejection, text_lines

SEPARATORS = ",\t;|"


def read(stream: BinaryIO, name: str) -> Iterator[Record | Rejection]:
    """Yield one record for each row under the header; rows of another width are rejected."""
    csv.field_size_limit(LONGEST_LINE)
    too_long: list[int] = []
    numbered = _without_long_lines(stream, too_long)
    header_line = next(numbered, "")
    if not header_line.strip():
        return
    separator = max(SEPARATORS, key=header_line.count)
    header = next(csv.reader([header_line], delimiter=separator))
    rows = csv.reader(numbered, delimiter=separator)
    while True:
        try:
            row = next(rows)
        except StopIteration:
            break
        except csv.Error as error:
            yield Rejection(f"line {rows.line_num + 1}", f"broken CSV: {error}")
            continue
        place = f"line {rows.line_num + 1}"
        while too_long:
            yield Rejection(f"line {too_long.pop(0)}", "line is longer than 20 million bytes")
        if not any(cell.strip() for cell in row):
            continue
        if len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
            yield Rejection(place, f"row has {len(row)} cells where the header has {len(header)}")
            continue
        yield Record(dict(zip(header, row, strict=False)), place)
    for number in too_long:
        yield Rejection(f"line {number}", "line is longer than 20 million bytes")


def _without_long_lines(stream: BinaryIO, too_long: list[int]) -> Iterator[str]:
    for number, line in text_lines(stream):
        if line is None:
            too_long.append(number)
        else:
            # A null byte ends the row for some versions of the csv module; it is never part of a text.
            yield line.replace("\0", "")
