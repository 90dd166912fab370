"""CSV and TSV, with the separator told from the header line."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from itertools import chain
from typing import Any, BinaryIO, cast

from corpora.readers.record import HEAD, LONGEST_LINE, Head, Record, Rejection, text_lines

SEPARATORS = ",\t;|"
# Characters of a column name at most; a sentence with commas in it is longer somewhere.
LONGEST_NAME = 60
# Excel's own line above a table, which tells the separator.
SEPARATOR_LINE = re.compile(r"\"?sep=([,;\t|])\"?\s*$", re.IGNORECASE)


class Lines:
    """Lines of a table for the csv module, with what it does not say: how many were read, which were too long."""

    def __init__(self, stream: BinaryIO) -> None:
        self.number = 0
        self.too_long: list[int] = []
        self._stream = stream

    def __iter__(self) -> Iterator[str]:
        # Excel for Mac once ended lines with a carriage return alone: the file is then one line to everybody else.
        # Only the header tells: within a cell of another file a return is part of the text.
        returns: bool | None = None
        for number, line in text_lines(self._stream):
            if line is None:
                self.number = number
                self.too_long.append(number)
                continue
            # A null byte ends the row for some versions of the csv module; it is never part of a text.
            line = line.replace("\0", "")
            if returns is None and line.strip():
                returns = "\r" in line.strip("\r\n")
            if returns:
                for piece in io.StringIO(line, newline=""):
                    self.number += 1
                    yield piece
            else:
                self.number = number
                yield line


def recognises(head: Head) -> bool:
    """The first line names at least two fields of an article, parted by one separator, and no other text."""
    from corpora.columns import recognise

    lines = head.text[:8192].replace("\r", "\n").split("\n")
    header = next((line for line in lines if line.strip() and not SEPARATOR_LINE.match(line)), "")
    cells = next(csv.reader([header], delimiter=max(SEPARATORS, key=header.count)), [])
    return len(cells) > 1 and len(recognise(cells)) > 1 and max(map(len, cells)) <= LONGEST_NAME


def read(stream: BinaryIO, name: str) -> Iterator[Record | Rejection]:
    """Yield one record for each row under the header; rows of another width are rejected."""
    csv.field_size_limit(LONGEST_LINE)
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(cast(io.RawIOBase, stream))
    head = Head.of(buffered.peek(HEAD)).text
    source = Lines(buffered)
    lines = iter(source)
    header_line = next((line for line in lines if line.strip()), "")
    told = SEPARATOR_LINE.match(header_line)
    if told:
        header_line, head = next((line for line in lines if line.strip()), ""), head.partition("\n")[2]
    if header_line:
        separator = told[1] if told else max(SEPARATORS, key=header_line.count)
        yield from _rows(source, chain([header_line], lines), {"delimiter": separator, **_quoting(head, separator)})
    yield from _too_long(source)


def _quoting(head: str, separator: str) -> dict[str, Any]:
    """How a table marks quotes inside its cells: doubled; behind a backslash; or not at all, since no cell is quoted.

    Another way than the first is taken only where the first rows are right in it, and wrong in the first.

    >>> _quoting('text,n\\n"They \\\\"met\\\\", twice",1\\n', ",")
    {'escapechar': '\\\\'}
    """
    ways: list[dict[str, Any]] = [{}]
    ways += [{"escapechar": "\\"}] if '\\"' in head else []
    ways += [{"quoting": csv.QUOTE_NONE}] if separator == "\t" else []
    return next((way for way in ways if len(ways) > 1 and _reads(head, {"delimiter": separator, **way})), {})


def _reads(head: str, way: dict[str, Any]) -> bool:
    """Whether the first rows of a table, save the one that the head cuts, are as wide as its header."""
    rows = csv.reader(io.StringIO(head, newline=""), strict=True, **way)
    widths: list[int] = []
    try:
        widths += (len(row) for row in rows if row)
    except csv.Error as error:
        return "unexpected end of data" in str(error) and len(widths) > 1 and len({*widths}) == 1
    return len({*widths[:-1]}) <= 1


def _rows(source: Lines, lines: Iterator[str], way: dict[str, Any]) -> Iterator[Record | Rejection]:
    # Strict, because otherwise a quotation that is left open takes in every row below it, in silence.
    rows = csv.reader(lines, strict=True, **way)
    header: list[str] = []
    while True:
        before = source.number if header else source.number - 1
        try:
            row = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            yield Rejection(f"line {before + 1}", _reason(str(error), source.number - before))
            if not header:
                return
            continue
        yield from _too_long(source)
        place = f"line {before + 1}"
        if not header:
            header = row
        elif not any(cell.strip() for cell in row):
            continue
        elif len(row) > len(header) and any(cell.strip() for cell in row[len(header) :]):
            yield Rejection(place, f"row has {len(row)} cells where the header has {len(header)}")
        else:
            yield Record(dict(zip(header, row, strict=False)), place)


def _reason(error: str, count: int) -> str:
    if "unexpected end of data" in error:
        return f"broken CSV: a quotation that begins here never ends; {count} lines are not read"
    return f"broken CSV: {error}"


def _too_long(source: Lines) -> Iterator[Rejection]:
    while source.too_long:
        yield Rejection(f"line {source.too_long.pop(0)}", "line is longer than 20 million bytes")
