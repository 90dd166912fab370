"""Workbook: a coder's sheet for Excel and its like, with lists to choose from and cells that cannot be changed."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping, Sequence

# Characters of a column, as Excel counts them; others get NARROW.
WIDTHS = {"unit": 8, "coder": 10, "before": 38, "text": 70, "after": 38, "code": 15, "note": 30}
NARROW = 13
# Excel takes a list of choices of at most so many characters.
LONGEST_LIST = 255
# A workbook holds when it was written; the same sheet must have the same bytes.
WRITTEN = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*")
NEVER = (1980, 1, 1, 0, 0, 0)


def workbook(
    header: Sequence[str], rows: Sequence[Sequence[str]], choices: Mapping[str, Sequence[str]], told: Sequence[str]
) -> bytes:
    """An Excel workbook with the sheets `coding` and `how to code`.

    Args:
        header: Names of the columns.
        rows: Their cells, as text.
        choices: Column to what it may hold; these columns and `note` can be filled in, the others are locked.
        told: Lines of the instructions.
    """
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill, Protection
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = "coding"
    top, wrapped = Alignment(vertical="top"), Alignment(vertical="top", wrap_text=True)
    pale, open_cell = PatternFill("solid", fgColor="FFF8DC"), Protection(locked=False)
    for number, name in enumerate(header, 1):
        head = sheet.cell(1, number, name)
        head.font, head.alignment = Font(bold=True), wrapped
        sheet.column_dimensions[get_column_letter(number)].width = WIDTHS.get(name, NARROW)
        fillable = name in choices or name == "note"
        for line, row in enumerate(rows, 2):
            cell = sheet.cell(line, number)
            if row[number - 1]:
                cell.value = row[number - 1]
                cell.data_type = "s"
            cell.alignment = wrapped if name in ("before", "text", "after", "note") else top
            if fillable:
                cell.protection = open_cell
            if name in choices:
                cell.fill = pale
    for name, allowed in choices.items():
        formula = '"' + ",".join(allowed) + '"'
        if len(formula) <= LONGEST_LIST and rows:
            letter = get_column_letter(header.index(name) + 1)
            rule = DataValidation(type="list", formula1=formula, allow_blank=True, showErrorMessage=True)
            rule.errorTitle, rule.error = "No such code", "Choose from the list: " + ", ".join(allowed)[:200]
            rule.add(f"{letter}2:{letter}{len(rows) + 1}")
            sheet.add_data_validation(rule)
    sheet.freeze_panes = "A2"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    page = book.create_sheet("how to code")
    page.column_dimensions["A"].width = 110
    for line, text in enumerate(told, 1):
        cell = page.cell(line, 1)
        if text:
            cell.value, cell.data_type, cell.alignment = text, "s", wrapped
    out = io.BytesIO()
    book.save(out)
    return _undated(out.getvalue())


def _undated(data: bytes) -> bytes:
    """The same workbook, without the time at which it was written."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            body = old.read(name)
            if name == "docProps/core.xml":
                body = WRITTEN.sub(rb"\g<1>1980-01-01T00:00:00Z", body)
            new.writestr(zipfile.ZipInfo(name, NEVER), body, zipfile.ZIP_DEFLATED)
    return out.getvalue()
