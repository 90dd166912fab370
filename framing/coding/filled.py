"""Filled sheets: the rows of a file that a coder, or the tool that a coder worked in, gave back.

The format is told from the content: a table as CSV or Excel; Label Studio's exports JSON, JSON-MIN and CSV; doccano's
exports JSONL and JSON. What a row says is not judged here.

References:
    Label Studio, exports: https://labelstud.io/guide/export, https://github.com/HumanSignal/label-studio-converter
    doccano, backend/data_export/pipeline: https://github.com/doccano/doccano
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import Any

from corpora.errors import InputError
from framing.coded import LARGEST, NO, YES
from framing.coding.exports import exported
from framing.coding.question import Question
from framing.coding.scales import NONE
from framing.coding.sheets import code_columns

# What a spreadsheet writes where it cannot compute a cell.
BROKEN = re.compile(r"#(?:NAME\?|REF!|VALUE!|DIV/0!|N/A|NUM!|NULL!|SPILL!|CALC!|#+)")
PARTING = re.compile(r"[;,|#\n]")


@dataclass(frozen=True)
class Filled:
    """One row of a filled sheet.

    Attributes:
        place: Where it stands: `row 7`, `task 12`.
        unit: As it is written.
        text: The passage as it is given back; empty where the file does not hold it.
        coder: The coder whom the row names, or empty.
        annotator: Who worked in the tool, or empty.
        labels: What was coded; None where nothing was.
        note: The coder's note.
        problem: Why the row cannot be read, or empty.
    """

    place: str
    unit: str
    text: str
    coder: str = ""
    annotator: str = ""
    labels: tuple[str, ...] | None = None
    note: str = ""
    problem: str = ""


def read_filled(path: str | Path, question: Question) -> list[Filled]:
    """Rows of a filled sheet, in the file's order.

    Raises:
        InputError: There is no such file, it is too large, or it is none of the formats.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(f"no filled sheet {path}")
    if path.stat().st_size > LARGEST:
        raise InputError(f"{path} has {path.stat().st_size:,} bytes; at most {LARGEST:,} are read")
    data = path.read_bytes()
    try:
        if data.startswith(b"PK"):
            return list(_rows(_of_workbook(data), question))
        text = _decoded(data)
        if text.lstrip()[:1] in ("[", "{"):
            return [
                Filled(*row[:5], labels=_split(row[5], question), note=row[6], problem=row[7])
                for row in exported(text, question.is_set)
            ]
        return list(_rows(_of_csv(text), question))
    except InputError as error:
        raise InputError(f"{path.name}: {error}") from None


def _rows(lines: Iterator[tuple[str, dict[str, str]]], question: Question) -> Iterator[Filled]:
    """Rows of a table; those of Label Studio's CSV have an annotator, and several codes in one cell as JSON."""
    columns = code_columns(question)
    for place, row in lines:
        problem = next((f"{name} is {value!r:.40}: a spreadsheet broke the cell" for name, value in row.items()
                        if BROKEN.fullmatch(value.strip())), "")  # fmt: skip
        labels: tuple[str, ...] | None = None
        if "code" in row:
            value = row["code"]
            if value.lstrip().startswith("{"):
                value = ";".join(choices_of(value))
            labels = _split([value], question)
        elif "label" in row:
            labels = _split([row["label"]], question)
        elif missing := next((name for name in columns if name not in row), ""):
            raise InputError(f"has no column {missing!r}; its columns are: {', '.join(row)[:200]}")
        else:
            labels, wrong = _marked(row, columns)
            problem = problem or wrong
        if any(row.get(name, "").startswith("=") for name in ("unit", "coder", *columns)):
            problem = problem or "holds a formula; write the code itself"
        yield Filled(
            place, row["unit"].strip(), row["text"], row.get("coder", "").strip(), row.get("annotator", "").strip(),
            labels, row.get("note", "").strip(), problem,
        )  # fmt: skip


def choices_of(value: str) -> list[str]:
    """Codes of a cell in which Label Studio writes several: {"choices": ["a", "b"]}.

    >>> choices_of('{"choices": ["a", "b"]}'), choices_of("{")
    (['a', 'b'], ['{'])
    """
    import json

    try:
        found = json.loads(value)["choices"]
        return [str(one) for one in found]
    except (ValueError, KeyError, TypeError, RecursionError):
        return [value]


def _split(values: Sequence[str] | None, question: Question) -> tuple[str, ...] | None:
    """Labels as they are compared with those there are; None where nothing is coded."""
    if values is None:
        return None
    written = [part for value in values for part in (PARTING.split(value) if question.is_set else [value])]
    labels = tuple(" ".join(one.split()).lower() for one in written if one.strip())
    return labels or None


def _marked(row: Mapping[str, str], columns: Sequence[str]) -> tuple[tuple[str, ...] | None, str]:
    """Frames that are marked in columns of their own; None where nothing is marked and `none` is not either."""
    cells = {name: row[name].strip().lower() for name in columns}
    for name, value in cells.items():
        if value not in YES | NO:
            return None, f"{name} is {value!r:.40}; write x or nothing"
    found = tuple(name for name, value in cells.items() if value in YES)
    if found:
        return found, ""
    # No to every frame, one by one, is an answer; empty cells are none.
    return ((NONE,) if all(value for name, value in cells.items() if name != NONE) else None), ""


def _of_csv(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    header = re.split(r"[\r\n]", text, maxsplit=1)[0]
    # A spreadsheet of many countries parts columns by semicolons.
    parting = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=parting, strict=True)
    try:
        names = _names(next(reader, []))
        for number, cells in enumerate(reader, 2):
            if any(cell.strip() for cell in cells[len(names) :]):
                raise InputError(f"row {reader.line_num} has {len(cells)} cells for {len(names)} columns")
            if any(cell.strip() for cell in cells):
                yield f"row {number}", dict(zip_longest(names, cells[: len(names)], fillvalue=""))
    except csv.Error as error:
        raise InputError(f"row {reader.line_num} is broken CSV: {error}") from None


def _of_workbook(data: bytes) -> Iterator[tuple[str, dict[str, str]]]:
    import zipfile

    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(data), read_only=True)
        lines = [[_cell(value) for value in row] for row in book.worksheets[0].iter_rows(values_only=True)]
    except (OSError, ValueError, KeyError, TypeError, IndexError, AttributeError, SyntaxError, zipfile.BadZipFile):
        raise InputError("is a zip or a broken workbook; unpack a zip and name the files in it") from None
    names = _names(lines[0] if lines else [])
    for number, cells in enumerate(lines[1:], 2):
        if any(cell.strip() for cell in cells):
            yield f"row {number}", dict(zip_longest(names, cells[: len(names)], fillvalue=""))


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _names(cells: Sequence[str]) -> list[str]:
    names = [cell.strip().lower() for cell in cells]
    if twice := next((name for name in names if name and names.count(name) > 1), ""):
        raise InputError(f"has two columns {twice!r}")
    if missing := next((name for name in ("unit", "text") if name not in names), ""):
        raise InputError(f"has no column {missing!r}; its columns are: {', '.join(names)[:200]}")
    return names


def _decoded(data: bytes) -> str:
    # Excel's "Unicode text" is UTF-16.
    encoding = "utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        raise InputError("is not UTF-8; in the spreadsheet save it as CSV UTF-8 or as XLSX") from None
