"""Reading: every format comes back the same, and nothing that is wrong comes in."""

from __future__ import annotations

import csv
import io
import json
import zipfile

import pandas as pd
import pytest
from coding_report import FRAMES, articles, code_of, fill, sample_folder, scores_of, table, write_table
from openpyxl import load_workbook

from corpora.errors import InputError
from framing.coding.dealing import read_dealt
from framing.coding.reading import add_codes, read_codes, read_sheets
from framing.coding.sample import read_sample
from framing.coding.sheets import write_sheets

LABELS = ("negative", "neutral", "positive")


@pytest.fixture(scope="module")
def world():
    made = articles()
    return made, scores_of(made)


@pytest.fixture
def folder(world, tmp_path):
    return sample_folder(*world, tmp_path / "s", number=20)


@pytest.fixture
def frames_folder(world, tmp_path):
    return sample_folder(*world, tmp_path / "f", "frames:functions", number=20)


def of(reading):
    assert reading.problems == ()
    return dict(zip(reading.codes["unit"], reading.codes["label"], strict=True))


def expected(folder, labels=LABELS, coder="anna"):
    return {unit: code_of(unit, labels, coder) for unit in read_dealt(folder)[coder]}


def problems(folder, path, **options):
    found = read_sheets(folder, [path], **options).problems
    with pytest.raises(InputError, match="nothing was written"):
        add_codes(folder, read_sheets(folder, [path], **options))
    assert not (folder / "codes.csv").exists()
    return found


def filled(folder, coder="anna", labels=LABELS):
    path = next(one for one in write_sheets(folder, ["anna", "ben"]) if one.name == f"{coder}.csv")
    return fill(path, labels, coder)


def as_workbook(folder, code):
    path = write_sheets(folder, ["anna"], "xlsx")[0]
    book = load_workbook(path)
    sheet = book["coding"]
    head = {cell.value: cell.column for cell in sheet[1]}
    for row in range(2, sheet.max_row + 1):
        for name, value in code(sheet.cell(row, 1).value).items():
            sheet.cell(row, head[name]).value = value
    book.save(path)
    return path


def label_studio(folder, results=lambda unit: [code_of(unit, LABELS)], by=1):
    """What Label Studio exports as JSON of a sheet."""
    tasks = json.loads(write_sheets(folder, ["anna"], "label-studio")[0].read_text())
    done = []
    for number, task in enumerate(tasks, 1):
        unit = task["data"]["unit"]
        value = {
            "type": "choices", "from_name": "code", "to_name": "text", "id": "x",
            "value": {"choices": results(unit)},
        }  # fmt: skip
        note = {"type": "textarea", "from_name": "note", "to_name": "text", "value": {"text": ["=why"]}}
        answer = {"id": number, "completed_by": by, "was_cancelled": False, "result": [value, note], "lead_time": 3.1}
        skipped = {**answer, "was_cancelled": True, "result": []}
        done.append({"id": number, "annotations": [skipped, answer], "predictions": [], **task, "project": 1})
    return done


def minimal(tasks):
    """What Label Studio's converter makes of that as JSON-MIN: one choice as a text, several under `choices`."""
    rows = []
    for task in tasks:
        choices = task["annotations"][1]["result"][0]["value"]["choices"]
        code = choices[0] if len(choices) == 1 else {"choices": choices}
        rows.append({**task["data"], "id": task["id"], "code": code, "note": "why", "annotator": 1, "lead_time": 3.1})
    return rows


def write_json(path, value):
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path


def doccano(folder, labels=lambda unit: [code_of(unit, LABELS)]):
    """What doccano exports as JSONL: an id, the label's names, its own column for comments, meta data as they came."""
    path = write_sheets(folder, ["anna"], "doccano")[0]
    rows = [json.loads(line) for line in path.read_text().splitlines()]
    return [
        {"id": n, "text": row["text"], "coder": row["coder"], "unit": row["unit"], "label": labels(row["unit"]),
         "Comments": []} for n, row in enumerate(rows)
    ]  # fmt: skip


def lines(path, rows):
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return path


def test_a_csv_sheet_comes_back_in_every_shape_a_spreadsheet_gives_it(folder, tmp_path):
    path = filled(folder)
    want = expected(folder)
    rows = table(path)
    assert of(read_sheets(folder, [path])) == want
    for encoding in ("utf-8-sig", "utf-16"):
        assert of(read_sheets(folder, [write_table(tmp_path / "a.csv", rows, ";", encoding)])) == want
    assert of(read_sheets(folder, [write_table(tmp_path / "b.txt", rows[::-1], "\t")])) == want
    # Capitals, spaces, columns in another order or more of them, a last empty row, and no apostrophe before a minus.
    changed = [
        {"mine": "?", "code": f" {row['code'].title()} ", "text": row["text"].lstrip("'").replace(" ", "  "),
         "unit": row["unit"]} for row in rows
    ]  # fmt: skip
    changed.append(dict.fromkeys(changed[0], ""))
    assert of(read_sheets(folder, [write_table(tmp_path / "c.csv", changed)], coder="anna")) == want


def test_a_workbook_comes_back(folder):
    path = as_workbook(folder, lambda unit: {"code": code_of(unit, LABELS), "note": "=SUM(A1)"})
    assert of(read_sheets(folder, [path])) == expected(folder)


def test_label_studio_comes_back_as_json_json_min_and_csv(folder, tmp_path):
    tasks = label_studio(folder)
    want = expected(folder)
    found = read_sheets(folder, [write_json(tmp_path / "a.json", tasks)])
    assert of(found) == want
    assert set(found.codes["note"]) == {"=why"}
    by_mail = label_studio(folder, by={"id": 1, "email": "a@b.org"})
    assert of(read_sheets(folder, [write_json(tmp_path / "a.json", by_mail)])) == want
    assert of(read_sheets(folder, [write_json(tmp_path / "b.json", minimal(tasks))])) == want
    out = io.StringIO()
    writer = csv.DictWriter(out, sorted(minimal(tasks)[0]), quoting=csv.QUOTE_NONNUMERIC)
    writer.writeheader()
    writer.writerows(minimal(tasks))
    (tmp_path / "c.csv").write_text(out.getvalue())
    assert of(read_sheets(folder, [tmp_path / "c.csv"])) == want


def test_doccano_comes_back_as_jsonl_and_json(folder, tmp_path):
    rows = doccano(folder)
    assert of(read_sheets(folder, [lines(tmp_path / "anna.jsonl", rows)])) == expected(folder)
    assert of(read_sheets(folder, [write_json(tmp_path / "anna.json", rows)])) == expected(folder)
    nothing = [{**row, "label": [] if n == 3 else row["label"]} for n, row in enumerate(rows)]
    assert "1 of" in problems(folder, lines(tmp_path / "anna.jsonl", nothing))[0]


def test_frames_come_back_from_every_format(frames_folder, tmp_path):
    def several(unit):
        chosen = sorted({code_of(unit, FRAMES), code_of(unit + "x", FRAMES)})
        return ["none"] if code_of(unit + "y", "abc") == "a" else chosen

    units = sorted(set(read_sample(frames_folder).units["unit"]))
    want = {unit: ";".join(several(unit)) for unit in units}
    assert {label.count(";") for label in want.values()} == {0, 1}
    tasks = label_studio(frames_folder, results=several)
    assert of(read_sheets(frames_folder, [write_json(tmp_path / "a.json", tasks)])) == want
    assert of(read_sheets(frames_folder, [write_json(tmp_path / "b.json", minimal(tasks))])) == want
    rows = [{**row, "code": json.dumps(row["code"]) if isinstance(row["code"], dict) else row["code"]}
            for row in minimal(tasks)]  # fmt: skip
    assert of(read_sheets(frames_folder, [write_table(tmp_path / "c.csv", rows)])) == want
    assert of(read_sheets(frames_folder, [lines(tmp_path / "d.jsonl", doccano(frames_folder, several))])) == want
    path = as_workbook(frames_folder, lambda unit: dict.fromkeys(several(unit), "x"))
    assert of(read_sheets(frames_folder, [path])) == want
    path = write_sheets(frames_folder, ["anna"])[0]
    rows = table(path)
    for row in rows:
        row.update({name: "1" if name in several(row["unit"]) else "0" for name in FRAMES})
        row["none"] = ""
    # No to every frame, one by one, is none.
    assert of(read_sheets(frames_folder, [write_table(path, rows)])) == want
    add_codes(frames_folder, read_sheets(frames_folder, [path]))
    assert dict(read_codes(frames_folder)[["unit", "label"]].to_numpy().tolist()) == want


def test_frames_that_are_not_marked_at_all_are_not_coded(frames_folder):
    path = write_sheets(frames_folder, ["anna"])[0]
    rows = table(path)
    for row in rows[1:]:
        row[FRAMES[0]] = "x"
    assert "1 of" in problems(frames_folder, write_table(path, rows))[0]
    rows[0].update({FRAMES[0]: "x", "none": "x"})
    assert "is coded 'none' and" in problems(frames_folder, write_table(path, rows))[0]
    rows[0].update({FRAMES[0]: "perhaps", "none": ""})
    assert "is 'perhaps'; write x or nothing" in problems(frames_folder, write_table(path, rows))[0]


CHANGES = {
    "a unit that is not in the sample": (
        lambda rows: rows[0].update(unit="u00O1"),
        "is not in the sample; did you mean",
    ),
    "no unit": (lambda rows: rows[0].update(unit=" "), "has no unit"),
    "a row twice": (lambda rows: rows.append(dict(rows[0])), "stands there twice, first in anna.csv, row 2"),
    "a row missing": (lambda rows: rows.pop(3), "1 of"),
    "a code missing": (lambda rows: rows[0].update(code=""), "1 of"),
    "a text changed": (
        lambda rows: rows[0].update(text=rows[0]["text"] + "!"),
        "the text is not the one that was drawn",
    ),
    "a text lost": (lambda rows: rows[0].update(text=""), "the text is not the one that was drawn; it is empty"),
    "texts that moved": (
        lambda rows: rows[0].update(text=rows[1]["text"], before=rows[1]["before"]),
        "the text is not the one that was drawn",
    ),
    "a code that is none": (lambda rows: rows[0].update(code="negativ"), "did you mean 'negative'?"),
    "a code in figures": (lambda rows: rows[0].update(code="-1"), "code '-1' is none of negative, neutral, positive"),
    "a broken cell": (lambda rows: rows[0].update(text="#NAME?"), "a spreadsheet broke the cell"),
    "a formula": (lambda rows: rows[0].update(code="=F3"), "holds a formula"),
    "two coders": (lambda rows: rows[0].update(coder="ben"), "has two coders: 'anna' (row 3), 'ben' (row 2)"),
    "a coder's real name": (
        lambda rows: [row.update(coder="Anna Smith") for row in rows],
        "is no pseudonym; name the coder with --coder",
    ),
    "a coder without a sheet": (
        lambda rows: [row.update(coder="carl") for row in rows],
        "no sheet was made for the coder 'carl'; there are: anna, ben",
    ),
    "no coder": (lambda rows: [row.update(coder="") for row in rows], "does not say who coded it"),
}


@pytest.mark.parametrize("name", CHANGES)
def test_what_is_wrong_is_told_with_its_place_and_nothing_is_written(folder, name):
    path = filled(folder)
    rows = table(path)
    change, message = CHANGES[name]
    change(rows)
    found = problems(folder, write_table(path, rows))
    assert message in found[0], found
    assert all("\n" not in line for line in found)
    assert found[0].startswith("anna")


def test_every_problem_is_told_not_only_the_first(folder):
    path = filled(folder)
    rows = table(path)
    rows[0]["code"], rows[1]["unit"], rows[2]["text"] = "bad", "u9999", "other"
    found = problems(folder, write_table(path, rows))
    places = [line.split(",")[1].strip() for line in found if ", row" in line]
    assert places == ["row 2", "row 3", "row 4"]


def test_missing_units_are_listed_and_taken_only_when_asked(folder):
    path = filled(folder)
    rows = table(path)
    gone = [rows.pop(0)["unit"], rows[5]["unit"]]
    rows[5]["code"] = ""
    write_table(path, rows)
    assert all(unit in problems(folder, path)[0] for unit in gone)
    found = read_sheets(folder, [path], partial=True)
    assert found.missing == {"anna": tuple(sorted(gone))}
    assert len(add_codes(folder, found)) == len(rows) - 1


def test_units_dealt_to_another_coder_are_refused(folder):
    anna, _ben = write_sheets(folder, ["anna", "ben"], "csv", overlap=0.0)
    rows = table(fill(anna, LABELS))
    other = sorted(set(read_dealt(folder)["ben"]))[0]
    rows[0]["unit"] = other
    assert "was not dealt to anna" in problems(folder, write_table(anna, rows))[0]


def test_a_coder_may_give_the_sheet_in_two_files_but_no_unit_twice(folder, tmp_path):
    path = filled(folder)
    rows = table(path)
    one, two = (write_table(tmp_path / f"{n}.csv", part) for n, part in enumerate((rows[:7], rows[7:])))
    assert of(read_sheets(folder, [one, two])) == expected(folder)
    assert "stands there twice, first in 0.csv" in read_sheets(folder, [one, path]).problems[0]


def test_a_second_read_adds_coders_and_replaces_only_when_asked(folder):
    files = {coder: filled(folder, coder) for coder in ("anna", "ben")}
    fill(files["anna"], LABELS)
    add_codes(folder, read_sheets(folder, [files["anna"]]))
    whole = add_codes(folder, read_sheets(folder, [files["ben"]]))
    assert set(whole["coder"]) == {"anna", "ben"}
    assert (read_codes(folder).columns == ["unit", "passage_id", "coder", "label"]).all()
    before = (folder / "codes.csv").read_bytes()
    rows = table(files["anna"])
    for row in rows:
        row["code"] = "neutral"
    write_table(files["anna"], rows)
    with pytest.raises(InputError, match=r"'anna' has \d+ codes in codes.csv already; --replace"):
        add_codes(folder, read_sheets(folder, [files["anna"]]))
    assert (folder / "codes.csv").read_bytes() == before
    add_codes(folder, read_sheets(folder, [files["anna"]]), replace=True)
    codes = read_codes(folder)
    assert set(codes.loc[codes["coder"] == "anna", "label"]) == {"neutral"}
    assert codes.loc[codes["coder"] == "ben", "label"].nunique() == 3


def test_codes_hold_what_was_coded_and_are_inert(folder):
    path = filled(folder)
    rows = table(path)
    rows[0]["note"] = "=cmd|' /C calc'!A0"
    add_codes(folder, read_sheets(folder, [write_table(path, rows)]))
    held = pd.read_csv(folder / "codes.csv", dtype=str, keep_default_na=False)
    assert list(held) == ["unit", "passage_id", "coder", "label", "passage_sha256", "note"]
    assert not held["note"].str.startswith("=").any()
    units = read_sample(folder).units.set_index("unit")
    assert (held["passage_id"].to_numpy() == units.loc[held["unit"], "passage_id"].to_numpy()).all()
    assert held["unit"].is_monotonic_increasing


def test_codes_that_do_not_fit_the_sample_are_refused(folder):
    with pytest.raises(InputError, match="has no codes yet"):
        read_codes(folder)
    add_codes(folder, read_sheets(folder, [filled(folder)]))
    path = folder / "codes.csv"
    whole = path.read_text()
    for old, new, message in (("negative", "nice", "code 'nice' is none of"), ("u0001", "u9999", "'u9999' is not one")):
        path.write_text(whole.replace(old, new))
        with pytest.raises(InputError, match=message):
            read_codes(folder)
    path.write_text("unit,label\n")
    with pytest.raises(InputError, match="has no column 'passage_id'"):
        read_codes(folder)


def test_two_annotators_of_one_project_are_refused(folder, tmp_path):
    tasks = label_studio(folder)
    tasks[0]["annotations"][1]["completed_by"] = 2
    assert (
        "has two annotators: '1' (task 2), '2' (task 1)" in problems(folder, write_json(tmp_path / "a.json", tasks))[0]
    )
    tasks = label_studio(folder)
    tasks[0]["annotations"].append(tasks[0]["annotations"][1])
    assert "stands there twice" in problems(folder, write_json(tmp_path / "a.json", tasks))[0]
    tasks = label_studio(folder, results=lambda unit: ["negative", "neutral"])
    assert "has 2 codes: negative, neutral" in problems(folder, write_json(tmp_path / "a.json", tasks))[0]
    rows = doccano(folder, labels=lambda unit: ["negative", "positive"])
    assert "has 2 labels" in problems(folder, lines(tmp_path / "a.jsonl", rows))[0]


def test_a_file_may_be_named_a_coder_but_not_another_ones(folder):
    path = filled(folder)
    assert "is the sheet of 'anna', not of 'ben'" in problems(folder, path, coder="ben")[0]
    assert of(read_sheets(folder, [path], coder="anna")) == expected(folder)
    with pytest.raises(InputError, match="no pseudonym"):
        read_sheets(folder, [path], coder="Anna")


def test_files_of_no_known_format_are_refused(folder, tmp_path):
    write_sheets(folder, ["anna"])
    zipped = io.BytesIO()
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("anna.jsonl", "{}")
    for name, data, message in (
        ("a.csv", b"id,text\n1,x\n", "has no column 'unit'; its columns are: id, text"),
        ("a.csv", b"unit,text\nu0001,x\n", "has no column 'code'"),
        ("a.csv", b"", "has no column 'unit'"),
        ("a.csv", b"unit,text,code,code\n", "has two columns 'code'"),
        ("a.csv", b"unit,text,code\nu0001,a, b,neutral\n", "row 2 has 4 cells for 3 columns"),
        ("a.csv", b'unit,text,code\nu0001,"a', "broken CSV"),
        ("a.csv", "unit,text,code\nu0001,caf\xe9,neutral".encode("latin-1"), "is not UTF-8"),
        ("a.zip", zipped.getvalue(), "is a zip or a broken workbook"),
        ("a.json", b"[1]", "task 1 is no task"),
        ("a.json", b"[" * 100_000, "broken JSON"),
        ("a.json", b'[{"id": 3', "broken JSON"),
        (
            "a.jsonl",
            b'{"id": 1, "text": "x", "annotations": [{"label": 2, "user": 1}], "meta": {}}',
            "has neither 'data'",
        ),
    ):
        path = tmp_path / name
        path.write_bytes(data)
        with pytest.raises(InputError, match=message):
            read_sheets(folder, [path])
    with pytest.raises(InputError, match="no filled sheet"):
        read_sheets(folder, [tmp_path / "none.csv"])


def test_no_row_at_all_is_no_code(folder, tmp_path):
    write_sheets(folder, ["anna"])
    path = tmp_path / "a.csv"
    path.write_text("unit,text,code,coder\n")
    found = read_sheets(folder, [path], coder="anna", partial=True)
    with pytest.raises(InputError, match="no unit is coded"):
        add_codes(folder, found)
