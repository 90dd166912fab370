"""Marks on disk: made once, found anew when articles come in, and never half written."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from corpora import InputError, open_corpus
from corpora.article import marks_schema
from corpora.curation import merge_outlets
from corpora.ingest import ingest, mark
from corpora.marks import find_marks, fingerprint, write_marks
from corpora.outlets import OutletTable, read_outlets

LONG = "The two delegations met in Geneva on Monday and spoke for six hours about the treaty, which ends in spring. "
MORE = "Neither side gave way on inspections, a minister said, and a new round was set for the last week of the month."


def rows(outlet: str, text: str = LONG + MORE, day: int = 5) -> list[dict[str, str]]:
    return [{"outlet": outlet, "published": f"2018-03-{day:02d}", "title": "Talks", "text": text}]


def kinds(folder) -> list[tuple[str, str]]:
    return [(row["kind"], row["value"]) for row in open_corpus(folder).marks().to_pylist()]


def test_ingest_leaves_marks_that_pandas_can_read(write, tmp_path):
    ingest([write("a.jsonl", rows("Reuters")), write("b.jsonl", rows("The Daily", day=6))], tmp_path / "corpus")
    frame = pd.read_parquet(tmp_path / "corpus" / "marks")
    assert list(frame.columns) == marks_schema().names
    assert set(frame["kind"]) == {"duplicate", "wire"} or set(frame["kind"]) == {"duplicate", "story", "wire"}
    assert frame[frame["kind"] == "wire"]["value"].tolist() == ["Reuters"]


def test_marks_that_are_there_are_not_made_again(write, tmp_path, snapshot, monkeypatch):
    ingest([write("a.jsonl", rows("Reuters"))], tmp_path / "corpus")
    before = snapshot(tmp_path / "corpus")
    monkeypatch.setattr("corpora.marks.find_marks", lambda *_: pytest.fail("found again"))
    mark(tmp_path / "corpus")
    assert open_corpus(tmp_path / "corpus").marks().num_rows == 0
    assert snapshot(tmp_path / "corpus") == before


def test_marks_of_fewer_articles_are_not_believed(write, tmp_path):
    corpus = tmp_path / "corpus"
    ingest([write("a.jsonl", rows("Reuters"))], corpus)
    old = {path.name for path in (corpus / "marks").iterdir()}
    ingest([write("b.jsonl", rows("The Daily", day=6))], corpus, marks=False)
    assert open_corpus(corpus).manifest["marks"]["of"] != fingerprint(open_corpus(corpus).manifest)
    assert ("wire", "Reuters") in kinds(corpus)  # found on the spot
    mark(corpus)
    assert ("wire", "Reuters") in kinds(corpus)
    assert not old & {path.name for path in (corpus / "marks").iterdir()}
    assert len(list((corpus / "marks").iterdir())) == 1


def test_marks_are_the_same_in_memory_and_on_disk(write, tmp_path):
    ingest([write("a.jsonl", rows("Reuters") + rows("The Daily", day=6))], tmp_path / "corpus")
    corpus = open_corpus(tmp_path / "corpus")
    assert corpus.marks().equals(find_marks(corpus))
    assert corpus.select(outlets=["The Daily"]).marks().equals(corpus.marks())


def test_a_missing_or_damaged_file_of_marks_is_made_anew(write, tmp_path):
    ingest([write("a.jsonl", rows("Reuters"))], tmp_path / "corpus")
    (path,) = (tmp_path / "corpus" / "marks").iterdir()
    whole = path.read_bytes()
    for damaged in (whole[:40], b"", None):
        path.unlink() if damaged is None else path.write_bytes(damaged)
        assert open_corpus(tmp_path / "corpus").marks().num_rows == 0
        write_marks(tmp_path / "corpus")
        assert path.read_bytes() == whole


def test_a_manifest_that_leads_out_of_the_folder_is_refused(write, tmp_path):
    ingest([write("a.jsonl", rows("Reuters"))], tmp_path / "corpus")
    manifest = tmp_path / "corpus" / "manifest.json"
    data = json.loads(manifest.read_text())
    data["marks"]["name"] = "../../secret.parquet"
    manifest.write_text(json.dumps(data))
    with pytest.raises(InputError, match="is no name of a part"):
        open_corpus(tmp_path / "corpus")


def test_who_is_an_agency_is_the_users_to_decide(write, tmp_path):
    corpus = tmp_path / "corpus"
    ingest([write("a.jsonl", rows("Hill News Agency") + rows("The Daily", day=6))], corpus)
    assert ("wire", "Hill News Agency") not in kinds(corpus)
    table = write("outlets.toml", '[[outlet]]\nname = "Hill News Agency"\nkind = "agency"\nagency = true\nnames = []\n')
    merge_outlets(corpus, read_outlets(table))
    assert ("wire", "Hill News Agency") in kinds(corpus)
    merge_outlets(corpus, OutletTable())
    assert ("wire", "Hill News Agency") not in kinds(corpus)
