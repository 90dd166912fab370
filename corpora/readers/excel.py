"""Excel workbooks (.xlsx, .xlsm): every sheet that has a row of column names, read with openpyxl row by row."""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from itertools import islice
from typing import Any, BinaryIO

from corpora.readers import gdelt, mediacloud
from corpora.readers.record import Head, Record, Rejection, read_whole
from corpora.readers.table import LONGEST_NAME

LONGEST_FILE = 200_000_000
LONGEST_UNPACKED = 500_000_000
# Excel's own limit of rows; a file may claim any number. Nobody has as many columns that matter.
MOST_ROWS, MOST_COLUMNS = 1_048_576, 500
# Titles, notes and empty rows above the column names.
ROWS_ABOVE = 50
ERRORS = {"#N/A", "#REF!", "#VALUE!", "#NAME?", "#DIV/0!", "#NULL!", "#NUM!"}
ROOT = re.compile(rb"<[A-Za-z]")


def recognises(head: Head) -> bool:
    """A zip file with parts of a workbook in it."""
    return head.data.startswith(b"PK\x03\x04") and b"xl/" in head.data


def read(stream: BinaryIO, name: str) -> Iterator[Record | Rejection]:
    """Yield one record for each row under the column names of each sheet."""
    import openpyxl

    data = read_whole(stream, LONGEST_FILE)
    reason = "workbook is longer than 200 million bytes" if data is None else _danger(data)
    if data is None or reason:
        yield Rejection("file", reason)
        return
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of styles and pictures that openpyxl leaves out
            book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True, keep_links=False)
            sheets = [sheet for sheet in book.worksheets if hasattr(sheet, "iter_rows")]
    except Exception as error:  # the parser of a foreign library, on a foreign file: whatever it raises is a rejection
        yield Rejection("file", f"workbook cannot be opened: {_first_words(error)}")
        return
    headers = [_header(sheet) for sheet in sheets]
    if sheets and not any(headers):  # no name is known: the user may tell with --map, as for every table
        headers[0] = _header(sheets[0], known=False)
    for sheet, header in zip(sheets, headers, strict=True):
        title = f"sheet {sheet.title}"
        try:
            if header:
                yield from _rows(sheet, header, "row" if len(sheets) == 1 else f"{title}, row")
            elif any(map(any, islice(_cells(sheet), ROWS_ABOVE))):
                yield Rejection(title, "no row of this sheet names columns of an article")
        except Exception as error:
            yield Rejection(title, f"the rest of the sheet cannot be read: {_first_words(error)}")


def _danger(data: bytes) -> str:
    """Why a file must not be opened: it would unpack to more than memory, or holds XML that grows when it is read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as book:
            parts = book.infolist()
            if sum(part.file_size for part in parts) > LONGEST_UNPACKED:
                return "workbook unpacks to more than 500 million bytes"
            for part in parts:
                with book.open(part) as file:
                    start = file.read(65_536).replace(b"\0", b"")
                # Entities are declared before the first element, where no program that writes workbooks puts anything.
                root = ROOT.search(start)
                hidden = part.filename.lower().endswith((".xml", ".rels")) and start.strip() and not root
                if hidden or b"<!doctype" in start[: root.start() if root else None].lower():
                    return f"part {part.filename[:60]} of the workbook declares a document type; it is not read"
    except Exception as error:  # an encrypted part, an unknown compression, a wrong checksum
        return f"broken zip file: {_first_words(error)}"
    return ""


def _header(sheet: Any, known: bool = True) -> int:
    """Number of the row of column names, 0 for none: short cells, of which two name fields of an article."""
    from corpora.columns import recognise

    try:
        for number, row in enumerate(islice(_cells(sheet), ROWS_ABOVE), 1):
            names = [cell for cell in row if cell]
            if len(names) > 1 and max(map(len, names)) <= LONGEST_NAME and (not known or len(recognise(names)) > 1):
                return number
    except Exception:  # reading the rows will meet it again and say so
        pass
    return 0


def _rows(sheet: Any, header: int, where: str) -> Iterator[Record]:
    names: list[str] = []
    for number, row in enumerate(_cells(sheet), 1):
        if number == header:
            names = row
        elif number > header and any(row):
            cells = row + [""] * (len(names) - len(row))
            values = {name: cell for name, cell in zip(names, cells, strict=False) if name}
            yield _record(values, f"{where} {number}")


def _record(values: dict[str, str], place: str) -> Record:
    """The record of a row; one of Media Cloud's or GDELT's lists, saved as a workbook, is coverage as it is there."""
    from corpora.columns import plain_name, recognise

    body = recognise(values).get("body")
    if body is None or not values[body]:
        row = {plain_name(name): value for name, value in values.items()}
        for service in (gdelt, mediacloud):
            if service.lists(row.keys()):
                return Record(values, place, service.fields(row), coverage=True)
    return Record(values, place)


def _cells(sheet: Any) -> Iterator[list[str]]:
    """Rows of a sheet as text. What the file says of its own size is often wrong, and not asked."""
    sheet.reset_dimensions()
    for row in sheet.iter_rows(max_row=MOST_ROWS, values_only=True):
        yield [_text(value) for value in row[:MOST_COLUMNS]]


def _text(value: Any) -> str:
    """A cell's value as text: dates in ISO form, whole numbers without a point; nothing for Excel's errors.

    >>> _text(dt.datetime(2016, 5, 3)), _text(dt.datetime(2016, 5, 3, 10, 30)), _text(5.0), _text("#N/A")
    ('2016-05-03', '2016-05-03T10:30:00', '5', '')
    """
    if value is None or (isinstance(value, str) and value in ERRORS):
        return ""
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        value = value.date()
    if isinstance(value, (dt.date, dt.time)):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        value = int(value)
    # The form in which Excel keeps a carriage return.
    return str(value).replace("_x000D_", "").strip()


def _first_words(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:100]
