"""Sheets: who codes what in which order, that they are blind, and that each format is what its tool takes."""

from __future__ import annotations

import io
import json
import re
import xml.etree.ElementTree as ET
import zipfile

import numpy as np
import pytest
from coding_report import DYAD, FRAMES, articles, sample_folder, scores_of, table
from openpyxl import load_workbook

from corpora.errors import InputError
from framing.coding.dealing import deal, read_dealt
from framing.coding.marking import read_shown
from framing.coding.question import ask
from framing.coding.sample import read_sample
from framing.coding.sheets import FORMATS, doccano_labels, label_studio_interface, write_sheets
from framing.coding.workbook import workbook

UNITS = [f"u{n:04d}" for n in range(1, 101)]


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    made = articles()
    return made, scores_of(made), tmp_path_factory.mktemp("world")


@pytest.fixture
def folder(world, tmp_path):
    made, scores, _ = world
    return sample_folder(made, scores, tmp_path / "s")


@pytest.fixture
def frames_folder(world, tmp_path):
    made, scores, _ = world
    return sample_folder(made, scores, tmp_path / "f", "frames:functions")


def test_all_code_the_same_units_each_in_an_order_of_their_own():
    dealt = deal(UNITS, ["ben", "anna"], 1.0, seed=1)
    assert sorted(dealt["anna"]) == sorted(dealt["ben"]) == UNITS
    assert dealt["anna"] != dealt["ben"] != UNITS
    # A coder's order does not depend on who else codes.
    assert deal(UNITS, ["anna"], 1.0, seed=1)["anna"] == dealt["anna"]
    assert deal(UNITS, ["anna"], 1.0, seed=2)["anna"] != dealt["anna"]


@pytest.mark.parametrize("overlap", [0.0, 0.25, 0.5, 1.0])
def test_a_share_goes_to_all_and_the_rest_is_dealt_out_evenly(overlap):
    dealt = deal(UNITS, ["anna", "ben", "carl"], overlap, seed=3)
    counts = np.unique(np.concatenate(list(dealt.values())), return_counts=True)
    assert counts[0].tolist() == UNITS
    assert (counts[1] == 3).sum() == round(100 * overlap)
    assert ((counts[1] == 1) | (counts[1] == 3)).all()
    sizes = [len(mine) for mine in dealt.values()]
    assert max(sizes) - min(sizes) <= 1


def test_bad_coders_and_overlaps_are_refused():
    for coders, overlap, message in (
        (["Anna Smith"], 1, "is no pseudonym"),
        (["../anna"], 1, "is no pseudonym"),
        (["a" * 41], 1, "at most 40"),
        (["anna", "anna"], 1, "named twice"),
        ([], 1, "no coder is named"),
        (["anna"], 1.5, "from 0 to 1"),
        (["anna"], float("nan"), "from 0 to 1"),
    ):
        with pytest.raises(InputError, match=message):
            deal(UNITS, coders, overlap, 1)


@pytest.mark.parametrize("kind", FORMATS)
def test_a_sheet_is_blind_and_the_same_each_time(world, folder, kind):
    files = write_sheets(folder, ["anna", "ben"], kind)
    first = {path.name: path.read_bytes() for path in files}
    assert {path.name: path.read_bytes() for path in write_sheets(folder, ["anna", "ben"], kind)} == first
    text = first[files[0].name]
    if kind == "xlsx":
        book = load_workbook(io.BytesIO(text))
        text = "\n".join(str(c.value) for sheet in book for row in sheet for c in row if c.value).encode()
    units = read_sample(folder).units
    for secret in {*units["outlet"], *units["passage_id"], *units["article_id"], "2017", "A headline", "made-up"}:
        assert secret.encode() not in text, secret
    # No other reading of the machine than the labels that may be chosen.
    assert str(units["machine_value"].iloc[0]).encode() not in text


def test_a_csv_sheet_has_every_unit_marked_with_its_neighbours_and_no_code(folder):
    path = write_sheets(folder, ["anna"])[0]
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    rows, shown = table(path), read_shown(folder)
    assert list(rows[0]) == ["unit", "coder", "before", "text", "after", "code", "note"]
    assert [row["unit"] for row in rows] == read_dealt(folder)["anna"]
    assert all("[[" in row["text"] and row["code"] == "" for row in rows)
    assert {row["before"].lstrip("'") for row in rows} == {one.before for one in shown.values()}
    # Text from articles is inert in a spreadsheet.
    cells = [row[name] for row in rows for name in ("before", "text", "after")]
    assert any(cell.startswith("'=1+1") for cell in cells)
    assert not any(cell[:1] in ("=", "+", "-", "@") for cell in cells)


def test_a_workbook_wraps_locks_and_offers_the_codes(folder):
    path = write_sheets(folder, ["anna"], "xlsx")[0]
    book = load_workbook(path)
    sheet = book["coding"]
    head = [cell.value for cell in sheet[1]]
    assert head == ["unit", "coder", "before", "text", "after", "code", "note"]
    assert sheet.max_row == read_sample(folder).units["unit"].nunique() + 1
    widths = {name: sheet.column_dimensions[chr(65 + k)].width for k, name in enumerate(head)}
    assert widths["text"] >= 60
    assert widths["unit"] < 12
    text, code, note = sheet["D2"], sheet["F2"], sheet["G2"]
    assert text.alignment.wrap_text
    assert text.protection.locked
    assert not code.protection.locked
    assert not note.protection.locked
    assert sheet.protection.sheet
    assert sheet.freeze_panes == "A2"
    rules = sheet.data_validations.dataValidation
    assert [(rule.type, rule.formula1) for rule in rules] == [("list", '"negative,neutral,positive"')]
    assert f"F2:F{sheet.max_row}" in str(rules[0].sqref)
    # No cell is a formula, whatever it begins with.
    assert {cell.data_type for row in sheet for cell in row} <= {"s", "n"}
    assert "Sentiment toward: Russia" in "\n".join(str(c.value) for c in book["how to code"]["A"])


def test_no_text_becomes_a_formula_and_no_workbook_says_when_it_was_written():
    data = workbook(["text", "code"], [["=1+1", ""], ["#N/A", ""]], {"code": ("a",)}, ["=2+2", ""])
    book = load_workbook(io.BytesIO(data))
    assert [cell.data_type for cell in book["coding"]["A"]] == ["s", "s", "s"]
    assert book["how to code"]["A1"].data_type == "s"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert set(re.findall(r">(\d{4})-\d\d-\d\dT", archive.read("docProps/core.xml").decode())) == {"1980"}
        assert {one.date_time[0] for one in archive.infolist()} == {1980}


def test_frames_have_a_column_each(frames_folder):
    csv_path, xlsx_path = (write_sheets(frames_folder, ["anna"], kind)[0] for kind in ("csv", "xlsx"))
    assert list(table(csv_path)[0])[5:] == [*FRAMES, "none", "note"]
    sheet = load_workbook(xlsx_path)["coding"]
    assert [rule.formula1 for rule in sheet.data_validations.dataValidation] == ['"x"'] * (len(FRAMES) + 1)
    assert "### `cause`" in (frames_folder / "instructions.md").read_text()


def test_label_studio_gets_tasks_and_an_interface_that_fits_them(folder):
    tasks = json.loads(write_sheets(folder, ["anna"], "label-studio")[0].read_text())
    assert all(set(task) == {"data"} for task in tasks)
    assert {frozenset(task["data"]) for task in tasks} == {frozenset(["unit", "coder", "before", "text", "after"])}
    view = ET.fromstring((folder / "sheets" / "label-studio.xml").read_text())
    assert {one.get("value") for one in view.iter("Text")} == {"$before", "$text", "$after"}
    choices = next(view.iter("Choices"))
    assert (choices.get("name"), choices.get("toName"), choices.get("choice")) == ("code", "text", "single")
    assert [one.get("value") for one in choices] == ["negative", "neutral", "positive"]
    several = ET.fromstring(label_studio_interface(ask("frames:functions", DYAD, frames=FRAMES)))
    assert next(several.iter("Choices")).get("choice") == "multiple"
    # The tool adds the codes to the data of a task: no name may stand for both.
    assert not {"code", "note"} & set(tasks[0]["data"])


def test_doccano_gets_lines_and_labels(folder):
    path = write_sheets(folder, ["anna"], "doccano")[0]
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    assert all(row["label"] == [] and row["coder"] == "anna" for row in rows)
    assert all("\n\n" in row["text"] or row["text"].startswith(">> ") for row in rows)
    labels = json.loads((folder / "sheets" / "doccano-labels.json").read_text())
    assert [one["text"] for one in labels] == ["negative", "neutral", "positive"]
    many = ask("frames:functions", DYAD, frames=[f"f{n}" for n in range(50)])
    keys = [one["suffix_key"] for one in json.loads(doccano_labels(many))]
    assert len(keys) == 51
    assert len(set(keys) - {None}) == 35


def test_who_codes_what_is_noted_and_not_dealt_anew(folder):
    write_sheets(folder, ["anna", "ben"], "csv", overlap=0.5)
    first = read_dealt(folder)
    write_sheets(folder, ["anna", "ben"], "xlsx", overlap=0.5)
    assert read_dealt(folder) == first
    for coders, overlap in ((["anna"], 1.0), (["ben", "carl"], 0.5)):
        with pytest.raises(InputError, match=r"was dealt \d+ other units before"):
            write_sheets(folder, coders, "csv", overlap)
    assert read_dealt(folder) == first
    write_sheets(folder, ["carl"], "csv")
    assert set(read_dealt(folder)) == {"anna", "ben", "carl"}


def test_no_sheet_of_a_format_that_is_none_or_of_no_sample(folder, tmp_path):
    with pytest.raises(InputError, match="there are: csv, xlsx, label-studio, doccano"):
        write_sheets(folder, ["anna"], "prodigy")
    with pytest.raises(InputError, match="holds no sample"):
        write_sheets(tmp_path, ["anna"])
    assert not (folder / "sheets").exists()
    with pytest.raises(InputError, match="no sheet was made"):
        read_dealt(folder)
