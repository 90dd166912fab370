"""Ingest and storage: read = kept + rejected, the same bytes each time, a corpus that is always the old or the new."""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import corpora.run
from corpora.article import articles_schema
from corpora.corpus import open_corpus
from corpora.errors import InputError
from corpora.ingest import Counts, Options, ingest, read
from corpora.parts import PartWriter
from corpora.readers import READERS, Record, Stated
from corpora.storage import inert, read_rejections, rejected_csv

# --- In = kept + rejected ---

GOOD = json.dumps(
    {
        "outlet": "A",
        "n": 0,
        "text": "Russia and the United States met again in Geneva on Monday to talk about all that parts them.",
    }
)
PIECES = {
    "good": GOOD,
    "repeated": GOOD,
    "broken": '{"text": ',
    "list": "[1, 2]",
    "text": '"only a text"',
    "short": '{"outlet": "A", "text": "Too short."}',
    "no text": '{"outlet": "A", "title": "Talks"}',
    "null": '{"outlet": "A", "text": null}',
    "no outlet": GOOD.replace('"outlet": "A", ', ""),
    "number": "7",
    "bytes": "\x00\x01\x02",
    "blank": "   ",
}


@given(st.lists(st.sampled_from(sorted(PIECES)), max_size=12))
@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_line_of_a_messy_file_is_kept_or_rejected(tmp_path, kinds):
    path = tmp_path / "messy.jsonl"
    other = GOOD.replace('"n": 0', '"n": 1')  # one good line, so that a file without any is not what is tested
    path.write_text("\n".join([other, *(PIECES[kind] for kind in kinds)]) + "\n", encoding="utf-8")
    corpus = read(path)
    (source,) = corpus.manifest["sources"]
    filled = 1 + sum(kind != "blank" for kind in kinds)
    assert source["read"] == filled == source["kept"] + source["rejected"]
    assert source["kept"] == len(corpus)
    assert source["rejected"] == len(corpus.rejections)
    # One of the good and repeated lines is kept, and the one that stands first.
    assert len(corpus) == 1 + ("good" in kinds or "repeated" in kinds)
    assert all(reason and place for _, place, reason in corpus.rejections)


def test_counts_are_the_sums_of_the_rows_in_the_manifest():
    one = {"stated": 4, "read": 3, "kept": 2, "rejected": 1, "dated": 1, "coverage": 0}
    two = {"stated": None, "read": 5, "kept": 5, "rejected": 0, "dated": 5, "coverage": 1}
    counts = Counts.of([one, two], unchanged=1, orders=())
    assert counts == Counts(read=8, kept=7, rejected=1, undated=1, files=3, unchanged=1, coverage=1)
    # Of a file that does not say how many articles it holds nothing can be added up.
    assert counts.stated is None
    assert Counts.of([one, one], unchanged=0, orders=()).stated == 8


def test_each_rejection_names_file_place_and_reason(write, record, tmp_path):
    path = write("a.jsonl", [record(1), record(2, text="Short."), record(1), 3])
    counts = ingest([path], tmp_path / "corpus")
    assert counts == Counts(read=4, kept=1, rejected=3, files=1)
    assert open_corpus(tmp_path / "corpus").rejections == (
        ("a.jsonl", "line 2", "too short: 1 word, at least 15 are needed"),
        ("a.jsonl", "line 3", "repeated: the same record is already in the corpus"),
        ("a.jsonl", "line 4", "not a JSON object but int"),
    )


def test_undated_articles_are_kept_and_counted(write, record, tmp_path):
    path = write("a.jsonl", [record(1), record(2, published="4/4/17"), record(3, published="")])
    assert ingest([path], tmp_path / "corpus") == Counts(read=3, kept=3, undated=2, files=1)


def test_the_order_that_the_user_names_dates_an_article(write, record, tmp_path):
    path = write("a.jsonl", [record(1, published="3/4/17")])
    assert ingest([path], tmp_path / "corpus", Options(order="dmy")).undated == 0
    assert str(next(open_corpus(tmp_path / "corpus").articles()).published) == "2017-04-03"


def test_a_file_that_is_of_no_format_is_one_rejection(write, record, tmp_path):
    good, photo = write("a.jsonl", [record(1)]), write("photo.jpg", b"\xff\xd8\xff\xe0")
    assert ingest([good, photo], tmp_path / "corpus") == Counts(read=2, kept=1, rejected=1, files=2)
    assert "no reader for this file" in (tmp_path / "corpus" / "rejected.csv").read_text()


def test_a_folder_is_read_in_the_order_of_its_names_and_what_is_no_source_is_left(write, record, tmp_path):
    write("in/b.jsonl", [record(2)])
    write("in/a/c.csv.gz", [record(1)])
    write("in/photo.jpg", b"\xff\xd8\xff")
    write("in/empty.csv", b"")
    seen = []
    counts = ingest([tmp_path / "in"], tmp_path / "corpus", progress=seen.append)
    assert seen == ["c.csv.gz", "b.jsonl"]
    assert (counts.files, counts.kept) == (2, 2)


def test_a_corpus_does_not_read_itself(write, record, tmp_path):
    write("in/a.jsonl", [record(1), record(2)])
    ingest([tmp_path / "in"], tmp_path / "in" / "corpus")
    ingest([tmp_path / "in"], tmp_path / "in" / "corpus")
    assert len(open_corpus(tmp_path / "in" / "corpus")) == 2


def test_a_grown_file_whose_new_rows_have_no_text_is_read(write, record, tmp_path):
    rows = [record(1), {"outlet": "A", "title": "without"}]
    ingest([write("a.jsonl", rows)], tmp_path / "corpus")
    counts = ingest([write("a.jsonl", [*rows, {"outlet": "A", "title": "without, too"}])], tmp_path / "corpus")
    assert (counts.kept, counts.rejected) == (0, 3)


def test_a_file_with_a_text_column_is_not_said_to_have_none(write, record, tmp_path):
    rows = [record(1, text="Too short."), {"outlet": "A", "title": "without"}]
    assert len(read(write("a.jsonl", rows)).rejections) == 2


@pytest.mark.skipif(os.name != "posix", reason="file names are bytes on POSIX only")
def test_a_file_name_that_is_no_utf8_does_no_harm(tmp_path, record):
    path = tmp_path / os.fsdecode(b"caf\xe9.jsonl")
    try:
        path.write_text(json.dumps(record(1)) + "\n", encoding="utf-8")
    except OSError:
        pytest.skip("this file system takes UTF-8 names only")
    assert ingest([path], tmp_path / "corpus").kept == 1


def test_a_corpus_is_no_source_of_another_and_hidden_files_are_none(write, record, tmp_path):
    write("in/a.jsonl", [record(1)])
    write("in/.b.jsonl", [record(2)])
    write("in/.cache/c.jsonl", [record(3)])
    ingest([tmp_path / "in"], tmp_path / "in" / "corpus")
    assert len(read(tmp_path / "in")) == 1
    assert len(read([tmp_path / "in", tmp_path / "in" / ".b.jsonl"])) == 2  # a file that is named is read
    with pytest.raises(InputError, match="is a corpus already"):
        ingest([tmp_path / "in" / "corpus"], tmp_path / "other")


# --- What each file held ---


def test_each_file_has_a_row_that_says_how_it_was_read_and_what_became_of_its_articles(write, record, tmp_path):
    paths = [write("a.jsonl", [record(1), record(2, published="3/4/17"), record(1), 3]), write("in/b.csv", [record(3)])]
    counts = ingest([paths[0], tmp_path / "in"], tmp_path / "corpus")
    first, second = counts.sources
    keys = ("file", "reader", "stated", "read", "kept", "rejected", "dated", "coverage")
    assert [first[key] for key in keys] == ["a.jsonl", "jsonl", None, 4, 2, 2, 1, 0]
    assert [second[key] for key in keys] == ["b.csv", "table", None, 1, 1, 0, 1, 0]
    assert list(counts.sources) == open_corpus(tmp_path / "corpus").manifest["sources"]
    assert read(paths).manifest["sources"] == list(counts.sources)
    # A file that was ingested before is not read again, so that nothing new can be said of it.
    assert ingest(paths, tmp_path / "corpus").sources == ()


def test_what_a_file_states_is_kept_beside_what_was_read(write, record, tmp_path, monkeypatch):
    def stating(stream, name):
        yield Stated(3, "1 of 3 DOCUMENTS")
        for number in (1, 2):
            yield Record(record(number), f"document {number}")

    monkeypatch.setattr(READERS["jsonl"], "read", stating)
    paths = [write("a.jsonl", [record(1)]), write("b.csv", [record(3)])]
    counts = ingest(paths[:1], tmp_path / "corpus")
    assert (counts.stated, counts.read, counts.kept) == (3, 2, 2)
    ingest(paths, tmp_path / "corpus")
    sources = open_corpus(tmp_path / "corpus").manifest["sources"]
    assert [source["stated"] for source in sources] == [3, None]


def test_what_an_archive_states_is_the_sum_of_its_members_with_what_was_read_of_the_silent(write, record, monkeypatch):
    def stating(stream, name):
        number = int(name[0])
        yield Record(record(number), "document 1")
        yield Record(record(number + 1), "document 2")
        if number:
            yield Stated(4, "of 4")

    monkeypatch.setattr(READERS["jsonl"], "read", stating)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("0.jsonl", "2.jsonl", "4.jsonl"):
            archive.writestr(name, '{"a": 1}')
    (source,) = read(write("export.zip", out.getvalue())).manifest["sources"]
    assert (source["stated"], source["read"]) == (2 + 4 + 4, 6)
    assert source["differing"] == [{"member": name, "stated": 4, "read": 2} for name in ("2.jsonl", "4.jsonl")]


def test_a_list_without_texts_is_coverage_and_is_counted(write, record, tmp_path, monkeypatch):
    def listing(stream, name):
        yield Record({"n": 1}, "line 1", {"outlet": "A", "title": "Talks resume"}, coverage=True)
        yield Record({"n": 2}, "line 2", {"outlet": "A", "title": ""}, coverage=True)

    monkeypatch.setattr(READERS["jsonl"], "read", listing)
    counts = ingest([write("a.jsonl", [record(1)])], tmp_path / "corpus")
    assert (counts.kept, counts.coverage, counts.rejected) == (1, 1, 1)


def test_a_reader_that_lacks_its_extra_stops_the_run_and_says_so(write, tmp_path, monkeypatch):
    def lacking(stream, name):
        raise InputError("reading this needs an extra: pip install 'media-framing[warc]'")
        yield

    monkeypatch.setattr(READERS["jsonl"], "read", lacking)
    for data in (b'{"a": 1}\n', gzip.compress(b'{"a": 1}\n')):
        with pytest.raises(InputError, match=r"needs an extra: pip install"):
            ingest([write("a.jsonl", data)], tmp_path / "corpus")
    assert not (tmp_path / "corpus").exists()


def test_a_file_of_nothing_but_rejections_is_given_up_and_its_neighbours_are_read(write, record, monkeypatch):
    monkeypatch.setattr(corpora.run, "GIVE_UP", 5)
    rows = [record(1), 1, 2, 3, 4, record(2), record(1), record(1), record(1), 5, 6, 7, 8, 9, record(3)]
    corpus = read([write("a.jsonl", rows), write("b.jsonl", [record(4)])])
    assert [article.title for article in corpus.articles()] == ["Talks, day 1", "Talks, day 2", "Talks, day 4"]
    assert corpus.rejections[-1] == ("a.jsonl", "file", "the rest is not read: 5 rejections one after another")
    source = corpus.manifest["sources"][0]
    assert source["read"] == source["kept"] + source["rejected"]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for number in range(9):
            archive.writestr(f"{number}.jpg", b"\xff\xd8\xff")
        archive.writestr("a.jsonl", json.dumps(record(1)))
    assert len(read(write("site.zip", out.getvalue()))) == 1


def test_a_file_in_a_folder_is_named_with_the_folders_below_the_one_that_was_named(write, record, tmp_path):
    write("in/CNN/2018/04/28/a.jsonl", [record(1, published="")])
    (article,) = read(tmp_path / "in").articles()
    assert (article.source_file, str(article.published)) == ("CNN/2018/04/28/a.jsonl", "2018-04-28")
    (article,) = read(tmp_path / "in" / "CNN" / "2018" / "04" / "28" / "a.jsonl").articles()
    assert (article.source_file, article.published) == ("a.jsonl", None)


def test_a_folder_is_searched_by_what_its_files_hold_and_not_by_their_names_alone(write, record, tmp_path):
    write("in/export", [record(1)])
    write("in/notes.dat", b"\x00\x01\x02")
    assert len(read(tmp_path / "in")) == 1


# --- The same bytes ---


def test_a_file_that_was_ingested_before_adds_nothing_and_changes_no_byte(write, record, tmp_path, snapshot):
    path, corpus = write("a.jsonl", [record(1), record(2), record(2)]), tmp_path / "corpus"
    ingest([path], corpus)
    before = snapshot(corpus)
    assert ingest([path], corpus) == Counts(files=1, unchanged=1)
    assert ingest([path, path], corpus) == Counts(files=2, unchanged=2)
    assert snapshot(corpus) == before


def test_a_grown_file_adds_its_new_rows_only(write, record, tmp_path):
    corpus = tmp_path / "corpus"
    ingest([write("a.csv", [record(1), record(2)])], corpus)
    counts = ingest([write("a.csv", [record(1), record(2), record(3)])], corpus)
    assert counts == Counts(read=3, kept=1, rejected=2, files=1)
    titles = [article.title for article in open_corpus(corpus).articles()]
    assert titles == ["Talks, day 1", "Talks, day 2", "Talks, day 3"]


def test_two_ingests_of_the_same_files_give_the_same_bytes(write, record, tmp_path, snapshot):
    paths = [write("a.jsonl", [record(1), record(2), {"x": 1}, record(1)]), write("b.csv", [record(3), record(4)])]
    for name in ("one", "two"):
        ingest(paths, tmp_path / name)
    assert snapshot(tmp_path / "one") == snapshot(tmp_path / "two")


def test_a_corpus_is_made_of_its_documented_files_alone(write, record, tmp_path, snapshot):
    corpus = tmp_path / "corpus"
    ingest([write("a.jsonl", [record(1)])], corpus)
    files = snapshot(corpus)
    part, marks = sorted(name for name in files if name.endswith(".parquet"))
    assert set(files) == {"articles", part, "marks", marks, "rejected.csv", "manifest.json"}
    assert part.startswith("articles/")
    assert marks.startswith("marks/")


def test_pandas_alone_can_read_a_corpus(write, record, tmp_path):
    corpus = tmp_path / "corpus"
    ingest([write("a.jsonl", [record(n) for n in range(3)] + [{"x": 1}])], corpus)
    frame = pd.read_parquet(corpus / "articles")
    assert list(frame.columns) == articles_schema().names
    assert frame["title"].tolist() == ["Talks, day 0", "Talks, day 1", "Talks, day 2"]
    assert [str(day) for day in frame["published"]] == ["2018-03-01", "2018-03-02", "2018-03-03"]
    assert pd.read_csv(corpus / "rejected.csv")["reason"].tolist() == ["no text field"]


def test_the_checksum_does_not_depend_on_the_order_of_ingest(write, record, tmp_path):
    paths = [write(f"{n}.jsonl", [record(n), record(n + 10)]) for n in range(3)]
    ingest(paths, tmp_path / "forward")
    for path in reversed(paths):
        ingest([path], tmp_path / "backward")
    forward, backward = open_corpus(tmp_path / "forward"), open_corpus(tmp_path / "backward")
    assert forward.checksum() == backward.checksum() == read(paths).checksum()
    assert forward.checksum() != read(paths[:2]).checksum()


def test_a_corpus_in_memory_holds_the_same_articles_as_one_on_disk(write, record, tmp_path):
    path = write("a.jsonl", [record(n) for n in range(5)])
    ingest([path], tmp_path / "corpus")
    assert list(read(path).articles()) == list(open_corpus(tmp_path / "corpus").articles())


# --- The old one or the new one ---


@pytest.fixture
def started(write, record, tmp_path):
    """A corpus of one file, for what may go wrong with the next."""
    corpus = tmp_path / "corpus"
    ingest([write("first.jsonl", [record(1), {"x": 1}])], corpus)
    return corpus


def _stop_at(name):
    def progress(message):
        if message == name:
            raise KeyboardInterrupt

    return progress


def test_a_run_that_is_stopped_leaves_the_corpus_byte_for_byte(started, write, record, snapshot):
    before = snapshot(started)
    paths = [write("second.jsonl", [record(n) for n in range(2, 900)]), write("third.jsonl", [record(901)])]
    with pytest.raises(KeyboardInterrupt):
        ingest(paths, started, progress=_stop_at("third.jsonl"))
    assert snapshot(started) == before


@pytest.mark.skipif(os.name != "posix", reason="Ctrl-C is sent as SIGINT")
def test_ctrl_c_within_a_file_leaves_the_corpus_byte_for_byte(started, write, record, snapshot):
    before = snapshot(started)
    path = write("second.jsonl", [record(n) for n in range(2, 8000)])
    command = [sys.executable, "-m", "reports.cli", "ingest", str(path), "--into", str(started)]
    root = Path(__file__).parent.parent
    process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    # The first 500 articles are written to a hidden file as soon as they are read; then there are 7,500 to go.
    for _ in range(600):
        if list((started / "articles").glob(".*.parquet")) or process.poll() is not None:
            break
        time.sleep(0.05)
    assert process.poll() is None, process.communicate()
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=30)
    assert process.returncode != 0
    assert "Traceback" not in errors
    assert snapshot(started) == before


def test_a_second_file_without_text_column_leaves_nothing_half_written(started, write, record, snapshot):
    before = snapshot(started)
    paths = [write("good.jsonl", [record(5)]), write("bad.csv", "outlet,title,mood\nA,Talks,glad\n")]
    with pytest.raises(InputError, match="has no text column; its columns: mood, outlet, title"):
        ingest(paths, started)
    assert snapshot(started) == before


def test_a_new_corpus_folder_is_not_left_behind_by_a_failure(write, record, tmp_path):
    paths = [write("good.jsonl", [record(5)]), write("bad.csv", "outlet,title\nA,Talks\n")]
    with pytest.raises(InputError):
        ingest(paths, tmp_path / "new")
    with pytest.raises(KeyboardInterrupt):
        ingest(paths, tmp_path / "new", progress=_stop_at("bad.csv"))
    assert not (tmp_path / "new").exists()


def test_new_parent_folders_are_not_left_behind_by_a_failure(write, tmp_path):
    with pytest.raises(InputError):
        ingest([write("bad.csv", "outlet,title\nA,Talks\n")], tmp_path / "deep" / "down" / "corpus")
    assert not (tmp_path / "deep").exists()


def test_a_run_after_a_stopped_one_gives_what_a_first_run_gives(write, record, tmp_path, snapshot):
    paths = [write("a.jsonl", [record(n) for n in range(600)]), write("b.jsonl", [record(700)])]
    ingest(paths, tmp_path / "clean")
    with pytest.raises(KeyboardInterrupt):
        ingest(paths, tmp_path / "stopped", progress=_stop_at("b.jsonl"))
    ingest(paths, tmp_path / "stopped")
    assert snapshot(tmp_path / "stopped") == snapshot(tmp_path / "clean")


def test_leftovers_of_a_killed_run_are_taken_away_by_the_next(started, write, record):
    leftover = started / "articles" / ".0123456789ab-0000.parquet"
    leftover.write_bytes(b"PAR1 half a file")
    ingest([write("second.jsonl", [record(2)])], started)
    assert not leftover.exists()
    assert len(open_corpus(started)) == 2


def test_a_writer_that_is_abandoned_takes_its_files_away(tmp_path):
    from corpora.article import Article

    writer = PartWriter(tmp_path, "abc")
    for number in range(1200):
        writer.add(Article(f"a{number}", outlet="A", body="text"))
    assert list(tmp_path.iterdir())
    writer.abandon()
    assert list(tmp_path.iterdir()) == []


def test_a_manifest_counts_and_hashes_each_part(started):
    from corpora.storage import file_sha256

    (part,) = json.loads((started / "manifest.json").read_text())["parts"]
    assert part["rows"] == 1
    assert part["sha256"] == file_sha256(started / "articles" / part["name"])


def test_a_run_that_is_killed_before_its_manifest_leaves_nothing_to_the_next(started, write, record, snapshot):
    ingest([write("second.jsonl", [record(2)])], started)
    before = snapshot(started)
    # As a run leaves it that was killed after its parts and rejections: a whole part, and a rejection too many.
    (part, _) = sorted((started / "articles").iterdir())
    (started / "articles" / "0123456789ab-0000.parquet").write_bytes(part.read_bytes())
    with (started / "rejected.csv").open("a") as file:
        file.write("third.jsonl,line 1,no text\n")
    (started / ".manifest.json.new").write_text("{")
    assert len(open_corpus(started).rejections) == 1
    ingest([write("third.jsonl", [record(3)])], started)
    ingest([write("fourth.jsonl", [record(2), record(3)])], started)
    assert len(pd.read_parquet(started / "articles")) == len(open_corpus(started)) == 3
    assert len(open_corpus(started).rejections) == 3
    kept = {name for name in before if not name.startswith("marks/")} - {"rejected.csv", "manifest.json"}
    assert kept <= set(snapshot(started))


def test_a_first_run_that_is_killed_before_its_manifest_does_not_close_the_folder(started, write, record, tmp_path):
    (started / "manifest.json").unlink()
    path = write("second.jsonl", [record(2)])
    ingest([path], started)
    assert len(pd.read_parquet(started / "articles")) == 1
    # A file that no run of ours has written is never taken away.
    (started / "manifest.json").unlink()
    (started / "articles" / "mine.parquet").write_bytes(b"mine")
    with pytest.raises(InputError, match="something else than a corpus: 'articles'"):
        ingest([path], started)
    assert (started / "articles" / "mine.parquet").exists()


def test_a_run_that_fails_while_it_commits_leaves_the_old_parts(started, write, record, monkeypatch, snapshot):
    import corpora.storage

    before = snapshot(started)

    def full(path, text):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(corpora.storage, "write_beside", full)
    with pytest.raises(InputError, match=r"cannot write to .*: No space left on device"):
        ingest([write("second.jsonl", [record(2)])], started)
    assert snapshot(started) == before


# --- Refusals ---


def test_a_new_corpus_that_would_hold_nothing_is_refused_with_the_commonest_reason(write, record, tmp_path):
    rows = [record(1, text="Too short."), record(2, text="Short, too, it is."), record(3, outlet="")]
    with pytest.raises(
        InputError, match=r"nothing was kept of 3 read; the commonest reason \(2 times\): too short: 2 w"
    ):
        ingest([write("a.jsonl", rows)], tmp_path / "deep" / "corpus")
    with pytest.raises(InputError, match="nothing to keep: no article in 1 file"):
        ingest([write("b.csv", "text,outlet\n")], tmp_path / "deep" / "corpus")
    assert not (tmp_path / "deep").exists()


def test_a_corpus_that_holds_articles_may_be_given_a_file_without_any(started, write, record):
    assert ingest([write("b.jsonl", [record(1, text="Too short.")])], started).kept == 0


def test_where_one_of_several_files_fails_it_is_named_and_nothing_is_ingested(started, write, record, snapshot):
    before = snapshot(started)
    paths = [write("good.jsonl", [record(5)]), write("bad.csv", "outlet,title\nA,Talks\n")]
    with pytest.raises(InputError, match=r"bad\.csv has no text column.*; none of the 2 files was ingested"):
        ingest(paths, started)
    assert snapshot(started) == before


def test_a_mapped_column_that_a_file_lacks_is_answered_with_those_it_has(write, record, tmp_path):
    path = write("a.csv", [record(1)])
    with pytest.raises(
        InputError, match="has no column 'Volltext' for body; its columns: outlet, published, text, title"
    ):
        ingest([path], tmp_path / "corpus", Options(columns={"body": "Volltext"}))
    # A column that only some of the rows have is one that the file has.
    rows = [record(1), record(2, medium="The Weekly")]
    assert len(read(write("b.jsonl", rows), outlet="A", byline="medium")) == 2


def test_columns_with_marks_that_steer_a_terminal_are_listed_without_them(write):
    with pytest.raises(InputError) as error:
        read(write("a.csv", "mood\x1b[31m,title" + ",x" * 500 + "\nglad,Talks\n"))
    assert "\x1b" not in str(error.value)
    assert len(str(error.value)) < 800


@pytest.mark.skipif(os.name != "posix", reason="file names are bytes on POSIX only")
def test_names_that_are_no_utf8_are_told_in_text_that_can_be_printed(tmp_path, write, record):
    bad = os.fsdecode(b"caf\xe9")
    with pytest.raises(InputError, match=r"no file or folder .*caf\ufffd"):
        read(tmp_path / bad)
    with pytest.raises(InputError, match="caf\ufffd is no UTF-8"):
        ingest([write("a.jsonl", [record(1)])], tmp_path / bad)


def test_a_folder_that_holds_something_else_is_refused_and_left_alone(write, record, tmp_path, snapshot):
    other = write("other/notes.txt", "my notes").parent
    before = snapshot(other)
    with pytest.raises(InputError, match=r"other holds something else than a corpus: 'notes\.txt'"):
        ingest([write("a.jsonl", [record(1)])], other)
    assert snapshot(other) == before


def test_a_file_in_the_place_of_the_folder_is_refused(write, record):
    taken = write("taken", "my notes")
    with pytest.raises(InputError, match="taken is a file, not a folder for a corpus"):
        ingest([write("a.jsonl", [record(1)])], taken)
    assert taken.read_text() == "my notes"


def test_a_folder_under_a_file_is_refused(write, record):
    with pytest.raises(InputError, match="cannot write to"):
        ingest([write("a.jsonl", [record(1)])], write("taken", "my notes") / "corpus")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        (None, None, "no file or folder .*missing.csv"),
        ("empty.csv", b"", "file .*empty.csv is empty"),
        ("in/photo.jpg", b"\xff\xd8", "folder .*in holds nothing readable; formats: .*html, jsonl, .*plain"),
    ],
)
def test_a_source_that_cannot_be_read_is_refused_and_nothing_is_written(write, tmp_path, name, content, message):
    path = write(name, content) if name else tmp_path / "missing.csv"
    with pytest.raises(InputError, match=message):
        ingest([path.parent if name and "/" in name else path], tmp_path / "corpus")
    assert not (tmp_path / "corpus").exists()


def test_a_table_without_text_column_names_its_columns(write):
    with pytest.raises(InputError, match="columns: date, headline, mood; name one with --map body=COLUMN"):
        read(write("a.csv", "date,headline,mood\n2018-01-01,Talks,glad\n"))


def test_a_table_without_text_column_can_be_mapped(write, record):
    path = write("a.csv", [{"outlet": "A", "mood": record(1)["text"]}])
    assert next(read(path, body="mood").articles()).body == record(1)["text"]


def test_a_mapped_column_that_no_row_has_is_an_error(write, record):
    with pytest.raises(InputError, match="Volltext"):
        read(write("a.csv", [record(1)]), body="Volltext")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("hits = ", "cannot be read"),
        (b"\xff\xfe", "cannot be read"),
        ("[database]\nname = 'x'\n", "each value must be plain"),
        ("hits = [1, 2]\n", "each value must be plain"),
    ],
)
def test_a_collection_note_that_cannot_be_used_is_refused(write, record, tmp_path, content, message):
    with pytest.raises(InputError, match=message):
        ingest([write("a.jsonl", [record(1)])], tmp_path / "corpus", collection=write("note.toml", content))
    with pytest.raises(InputError, match="cannot be read"):
        ingest([write("a.jsonl", [record(1)])], tmp_path / "corpus", collection=tmp_path / "missing.toml")
    assert not (tmp_path / "corpus").exists()


def test_a_collection_note_is_kept_and_its_articles_point_to_it(write, record, tmp_path):
    note = write("note.toml", 'database = "Nexis"\nhits = 210\nexported = 2018-04-01\n')
    ingest([write("a.jsonl", [record(1)])], tmp_path / "corpus", collection=note)
    ingest([write("b.jsonl", [record(2)])], tmp_path / "corpus")
    corpus = open_corpus(tmp_path / "corpus")
    ((key, kept),) = corpus.manifest["collections"].items()
    assert kept == {"database": "Nexis", "exported": "2018-04-01", "hits": "210"}
    assert [article.collection for article in corpus.articles()] == [key, ""]


# --- Cells of CSV files ---


@pytest.mark.parametrize("cell", ["=cmd()", "+1+1", "-1+1", "@SUM(A1)", "\tx", "\r=x", "=", "-", "-x"])
def test_a_cell_that_a_spreadsheet_would_run_is_made_inert(cell):
    assert inert(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["", "text", "a=b", "-0.25", "+3", "-1e-05", "'=x", -0.25, 3, None, "1-2"])
def test_a_harmless_cell_is_left_alone(cell):
    assert inert(cell) == cell


def test_rejections_survive_the_way_through_their_file(tmp_path):
    rows = [("a, b.csv", 'line "2"', "two\nlines"), ("=c.csv", "line 3", "x")]
    (tmp_path / "rejected.csv").write_text(rejected_csv(rows), encoding="utf-8", newline="")
    assert read_rejections(tmp_path) == (rows[0], ("'=c.csv", "line 3", "x"))
    # Written a second time, as by a second ingest, it stays as it is.
    assert rejected_csv(read_rejections(tmp_path)) == rejected_csv(rows)


def test_a_hostile_file_name_is_inert_in_the_rejections(write, record, tmp_path):
    ingest([write("=cmd().jsonl", [record(1), 3])], tmp_path / "corpus")
    with (tmp_path / "corpus" / "rejected.csv").open(newline="") as file:
        rows = list(csv.reader(file))
    assert rows[1][0] == "'=cmd().jsonl"
