"""Sheets: what one coder fills in, as a table or as the tasks of an annotation tool; blind, and in an order of its own.

| format | file | what the tool needs beside it |
|---|---|---|
| `csv` | anna.csv | nothing |
| `xlsx` | anna.xlsx | nothing; codes are chosen from a list |
| `label-studio` | anna.label-studio.json | label-studio.xml, the labelling interface, to paste |
| `doccano` | anna.doccano.jsonl | doccano-labels.json, the labels, to import |

References:
    Label Studio, task format and tags: https://labelstud.io/guide/task_format, https://labelstud.io/tags/choices
    doccano, backend/data_import/pipeline: https://github.com/doccano/doccano
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import quoteattr

from corpora.errors import InputError
from corpora.storage import inert
from framing.coding.dealing import deal, note_dealt
from framing.coding.marking import Shown, read_shown
from framing.coding.question import Question
from framing.coding.sample import INSTRUCTIONS, read_sample
from framing.coding.workbook import workbook

SHEETS = "sheets"
# What stands before the columns for codes, and behind them.
FRONT, NOTE = ("unit", "coder", "before", "text", "after"), "note"
# Keys of a keyboard that choose labels, in doccano.
KEYS = "123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Sheet:
    """What one coder gets.

    Attributes:
        coder: The coder's pseudonym.
        question: What is asked.
        units: The units, in the coder's order.
        instructions: How to code, as Markdown.
    """

    coder: str
    question: Question
    units: tuple[Shown, ...]
    instructions: str

    @property
    def header(self) -> list[str]:
        """Columns of a table; of frames each has one, and so has `none`."""
        return [*FRONT, *code_columns(self.question), NOTE]

    @property
    def rows(self) -> list[list[str]]:
        """Rows of a table, codes empty; no cell is run as a formula."""
        blank = [""] * (len(self.header) - len(FRONT))
        return [[*map(inert, (one.unit, self.coder, one.before, one.text, one.after)), *blank] for one in self.units]


def code_columns(question: Question) -> tuple[str, ...]:
    """Columns of a table that hold codes.

    >>> code_columns(Question("relation", pair="RUS-USA"))
    ('code',)
    """
    return question.labels if question.is_set else ("code",)


def write_sheets(folder: str | Path, coders: Sequence[str], kind: str = "csv", overlap: float = 1.0) -> list[Path]:
    """Make one blind sheet a coder in a sample's folder, under `sheets`.

    Args:
        folder: The sample's folder.
        coders: Pseudonyms.
        kind: csv, xlsx, label-studio or doccano.
        overlap: Share of the units that all of these coders code, 0 to 1; the rest is dealt out.

    Returns:
        The files, sheets first.

    Raises:
        InputError: There is no sample or no such format, a pseudonym is none, or a coder was dealt other units before.
    """
    folder = Path(folder)
    if kind not in FORMATS:
        raise InputError(f"no format {kind!r}; there are: {', '.join(FORMATS)}")
    sample, shown = read_sample(folder), read_shown(folder)
    units = sorted(set(sample.units["unit"]))
    if missing := next((unit for unit in units if unit not in shown), ""):
        raise InputError(f"{folder} has no text of unit {missing}; draw the sample anew")
    dealt = deal(units, coders, overlap, sample.seed)
    text = (folder / INSTRUCTIONS).read_text(encoding="utf-8")
    suffix, write, beside = FORMATS[kind]
    made = {
        f"{coder}{suffix}": write(Sheet(coder, sample.question, tuple(shown[unit] for unit in mine), text))
        for coder, mine in dealt.items()
    }
    made |= {name: make(sample.question).encode() for name, make in beside.items()}
    note_dealt(folder, dealt)
    place = folder / SHEETS
    place.mkdir(exist_ok=True)
    for name, data in made.items():
        new = place / f".{name}.new"
        new.write_bytes(data)
        new.replace(place / name)
    return [place / name for name in made]


def as_csv(sheet: Sheet) -> bytes:
    """A sheet as CSV in UTF-8, with the mark by which spreadsheets know the encoding."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(sheet.header)
    writer.writerows(sheet.rows)
    return out.getvalue().encode("utf-8-sig")


def as_xlsx(sheet: Sheet) -> bytes:
    """A sheet as an Excel workbook."""
    question = sheet.question
    choices = {name: ("x",) if question.is_set else question.labels for name in code_columns(question)}
    return workbook(sheet.header, sheet.rows, choices, sheet.instructions.splitlines())


def as_label_studio(sheet: Sheet) -> bytes:
    """A sheet as tasks of Label Studio."""
    tasks = [
        {"data": {"unit": one.unit, "coder": sheet.coder, "before": one.before, "text": one.text, "after": one.after}}
        for one in sheet.units
    ]
    return (json.dumps(tasks, ensure_ascii=False, indent=1) + "\n").encode()


def label_studio_interface(question: Question) -> str:
    """The labelling interface of Label Studio, to paste under Settings, Labeling Interface, Code."""
    several = "multiple" if question.is_set else "single"
    lines = [
        "<View>",
        f"  <Header value={quoteattr(question.text)} />",
        '  <Text name="before" value="$before" />',
        '  <Text name="text" value="$text" />',
        '  <Text name="after" value="$after" />',
        f'  <Choices name="code" toName="text" choice="{several}" required="true" showInline="true">',
        *(f"    <Choice value={quoteattr(label)} />" for label in question.labels),
        "  </Choices>",
        '  <TextArea name="note" toName="text" placeholder="note" rows="1" maxSubmissions="1" />',
        "</View>",
    ]
    return "\n".join(lines) + "\n"


def as_doccano(sheet: Sheet) -> bytes:
    """A sheet as JSON Lines for a text classification project of doccano, which shows one text: context and passage."""
    rows = [{"text": one.whole, "label": [], "unit": one.unit, "coder": sheet.coder} for one in sheet.units]
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows).encode()


def doccano_labels(question: Question) -> str:
    """The labels of a doccano project, to import under Labels."""
    keys = [*KEYS, *[None] * len(question.labels)]
    labels = [
        {"text": label, "suffix_key": key, "background_color": "#EEEEEE", "text_color": "#000000"}
        for label, key in zip(question.labels, keys, strict=False)
    ]
    return json.dumps(labels, indent=1) + "\n"


Beside = Mapping[str, Callable[[Question], str]]
# Format to the ending of a coder's file, what writes it, and the files that all coders share.
FORMATS: dict[str, tuple[str, Callable[[Sheet], bytes], Beside]] = {
    "csv": (".csv", as_csv, {}),
    "xlsx": (".xlsx", as_xlsx, {}),
    "label-studio": (".label-studio.json", as_label_studio, {"label-studio.xml": label_studio_interface}),
    "doccano": (".doccano.jsonl", as_doccano, {"doccano-labels.json": doccano_labels}),
}
