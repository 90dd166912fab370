"""Curation: what a corpus holds, outlets merged and parted again, a part of a corpus, and the commands for it."""

from __future__ import annotations

import csv
import datetime as dt
import json
import os
import signal
import subprocess
import sys
import time
import unicodedata
from pathlib import Path

import pytest
from click.testing import CliRunner

from corpora.corpus import open_corpus
from corpora.curation import export, holdings, merge_outlets, names_as_read, outlet_groups, write_selection
from corpora.errors import InputError
from corpora.ingest import Counts, ingest
from corpora.outlets import OutletTable, merge_file, read_outlets
from corpora.storage import hold
from reports.cli import main
from reports.inventory import counts_lines, inventory_lines

ROOT = Path(__file__).parent.parent
MERGED = '[[outlet]]\nname = "CNN"\nnames = ["CNN (Web News)", "CNN - Editorial"]\n'
HOSTILE = [
    "=cmd|' /C calc'!A0",
    "turned \u202e round",
    "日本経済新聞の朝刊と夕刊と電子版",
    "News 😀",
    "<b>x</b>",
    "é" * 90,
]


def body(outlet, n):
    """Forty words that no other article has."""
    words = [f"{outlet[:3].strip()}{n}word{k}" for k in range(20)]
    return "Russia and the United States met in Geneva for talks. " + " ".join(words) + " They will go on in spring."


def rows(outlet, days, **changes):
    return [
        {"outlet": outlet, "published": day, "title": f"Talks {n} of {outlet}", "text": body(outlet, n)} | changes
        for n, day in enumerate(days)
    ]


@pytest.fixture
def corpus(write, tmp_path):
    """Three names, two of one outlet: seven articles, two of them undated, one without its day told."""
    articles = [
        *rows("CNN (Web News)", ["2016-01-05", "2016-01-10", "2017-03-01"]),
        *rows("CNN - Editorial", ["2016-02-01"]),
        *rows("Quillford Clarion", ["2018-05-01", "", ""]),
    ]
    ingest([write("a.jsonl", [*articles, {"outlet": "A", "text": "Short."}])], tmp_path / "corpus")
    return tmp_path / "corpus"


@pytest.fixture
def table(write):
    return lambda text: read_outlets(write("outlets.toml", text))


def framing(*arguments, **environment):
    result = CliRunner().invoke(main, [str(argument) for argument in arguments], env=environment)
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def refused(*arguments):
    result = framing(*arguments)
    assert result.exit_code == 2, result.output
    (line,) = result.stderr.splitlines()
    assert line.startswith("framing: ")
    return line


# --- What is in it ---


def test_holdings_in_worked_numbers(corpus):
    web, clarion, opinion = holdings(open_corpus(corpus))
    assert (web.outlet, web.articles, web.undated, web.foreign, web.stories) == ("CNN (Web News)", 3, 0, 0, web.stories)
    # 2016 has 366 days: from 10 January 2016 to 1 March 2017 are 416, and 415 lie between.
    assert web.gap == (415, dt.date(2016, 1, 10))
    assert (clarion.articles, clarion.undated, clarion.gap) == (3, 2, (0, None))
    assert opinion.articles == 1
    assert sum(one.articles for one in (web, clarion, opinion)) == len(open_corpus(corpus)) == 7


def test_the_inventory_of_a_wide_terminal_has_every_column(corpus):
    opened = open_corpus(corpus)
    lines = list(inventory_lines(opened, holdings(opened)))
    assert lines[:2] == ["7 articles of 3 outlets, 2016-01-05 to 2018-05-01", "read 8 = kept 7 + rejected 1"]
    assert "undated 2 · without text 0" in lines[2]
    assert "by month" in lines[5]
    assert "415 from 2016-01-10" in lines[6]
    assert lines[-1] == "bars: articles by month, 2016-01 to 2018-05"


def test_the_corpus_says_which_outlets_print_whose_text(tmp_path, write):
    told = [" ".join(f"word{n}x{k}" for k in range(30)) + "." for n in range(4)]
    data = [{"outlet": "Daily", "date": "2018-03-05", "title": "Talks", "text": text, "byline": ""} for text in told]
    data[0]["text"] = "MOSCOW (Reuters) - " + data[0]["text"]
    data[1]["byline"] = "--(Reuter)"
    data[2]["text"] += "\n\nThe Associated Press contributed to this report."
    ingest([write("a.jsonl", data)], tmp_path / "corpus")
    result = framing("corpus", tmp_path / "corpus")
    head, *lines = result.stdout.split("\n\n")[-1].strip().splitlines()
    assert head.split() == ["outlet", "prints", "text", "of", "articles", "share", "known", "mean", "share"]
    assert [line.split() for line in lines] == [["Daily", "Reuters", "2", "2", "100%"], ["Daily", "AP", "1", "0"]]


@pytest.mark.parametrize("width", [50, 60, 80, 100, 200])
def test_a_table_fits_the_terminal_and_says_what_it_leaves_out(write, tmp_path, width):
    data = [row for name in [*HOSTILE, "The Long Name of a Newspaper of a Town"] for row in rows(name, ["2012-01-01"])]
    data += rows("Daily", ["2013-05-05", "2020-09-30"])
    ingest([write("a.jsonl", data)], tmp_path / "corpus")
    for switch in ([], ["--outlets"]):
        result = framing("corpus", tmp_path / "corpus", *switch, COLUMNS=str(width))
        names = [line for line in result.stdout.splitlines() if "articles" in line.split() and "outlet" in line.split()]
        (head,) = names
        shown = result.stdout.splitlines()
        begin = shown.index(head)
        end = next(
            n for n in range(begin, len(shown)) if not shown[n] or shown[n].startswith(("no room", "bars", "Th"))
        )
        assert all(cells(line) <= width for line in shown[begin:end]), "\n".join(shown)
        assert all(line.isprintable() for line in shown)
        if width == 80 and not switch:
            assert head.split() == ["outlet", "articles", "first", "last", "by", "year"]
            assert "no room for: shared stories; others' text; longest gap, days" in shown


def cells(text):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in text)


def test_a_chart_that_has_no_room_for_all_years_says_so(write, tmp_path):
    days = [f"{year}-01-01" for year in (1990, 1991, 2020)]
    ingest([write("a.jsonl", rows("Daily", days))], tmp_path / "corpus")
    opened = open_corpus(tmp_path / "corpus")
    *_, last = inventory_lines(opened, holdings(opened), 80)
    assert last == "bars: articles by year, 2005 to 2020; 2 articles before that not shown"


def test_ingest_says_why_articles_were_rejected_and_what_comes_next(write, tmp_path):
    path = write("a.jsonl", [*rows("A", ["2016-01-05"]), 3, {"outlet": "A", "text": "Short."}, {"text": "Short too."}])
    _, _, *lines = framing("ingest", path, "--into", tmp_path / "corpus").stdout.splitlines()
    assert lines[0] == "read 4 = kept 1 + rejected 3"
    assert lines[1].startswith("rejected 2: too short: 1 word, at least 15 are needed (first in a.jsonl, line 3")
    assert lines[2].startswith("rejected 1: ")
    assert "a.jsonl, line 2)" in lines[2]
    assert lines[3] == f"reasons: {tmp_path / 'corpus' / 'rejected.csv'}"
    assert lines[4] == f"corpus {tmp_path / 'corpus'}; what is in it: framing corpus {tmp_path / 'corpus'}"
    more = framing("ingest", write("b.jsonl", rows("B", ["2016-01-05"])), "--into", tmp_path / "corpus").stdout
    assert f"corpus {tmp_path / 'corpus'} holds 2 articles" in more
    assert "rejected 2" not in more  # reasons of this run, not of the one before


def test_a_file_that_states_another_number_is_named():
    source = {"file": "a.html", "reader": "nexis-html", "stated": 146, "read": 2, "kept": 2, "rejected": 0, "dated": 2}
    counts = Counts(2, 2, 0, sources=(source,))
    lines = list(counts_lines(counts, Path("rejected.csv")))
    assert lines[1].split() == ["a.html", "nexis-html", "146", "2", "2", "0", "2"]
    assert "a.html: 146 articles stated and 2 found; it was cut, or counts what a search found" in lines


def test_of_an_archive_the_members_that_state_another_number_are_named():
    source = {"file": "a.zip", "reader": "nexis-html", "stated": 6, "read": 6, "kept": 6, "rejected": 0, "dated": 6}
    source["differing"] = [{"member": "b.html", "stated": 4, "read": 2}, {"member": "c.html", "stated": 1, "read": 3}]
    lines = list(counts_lines(Counts(6, 6, 0, sources=(source,)), Path("rejected.csv")))
    assert "a.zip/b.html: 4 articles stated and 2 found; it was cut, or counts what a search found" in lines
    assert "a.zip/c.html: 1 article stated and 3 found; it was cut, or counts what a search found" in lines


def test_one_file_without_a_stated_number_tells_format_and_dated_too(write, tmp_path):
    data = rows("Daily", ["2016-01-05"])
    data.append({"outlet": "Daily", "date": "", "title": "Undated", "text": data[0]["text"] + " and more"})
    lines = framing("ingest", write("a.jsonl", data), "--into", tmp_path / "corpus").stdout.splitlines()
    assert lines[0].split() == ["file", "format", "states", "read", "kept", "rejected", "dated"]
    assert lines[1].split() == ["a.jsonl", "jsonl", "2", "2", "0", "1"]
    assert "undated, counted in no period: 1 article" in lines


# --- Outlets ---


def test_a_merge_renames_counts_marks_anew_and_keeps_what_was_read(corpus, table):
    marks = {path.name for path in (corpus / "marks").iterdir()}
    assert merge_outlets(corpus, table(MERGED)) == {"CNN (Web News)": "CNN", "CNN - Editorial": "CNN"}
    opened = open_corpus(corpus)
    assert opened.outlets() == {"CNN": 4, "Quillford Clarion": 3}
    assert names_as_read(opened) == {"CNN (Web News)": 3, "Quillford Clarion": 3, "CNN - Editorial": 1}
    read = {(article.outlet, article.outlet_as_read) for article in opened.articles()}
    assert ("CNN", "CNN - Editorial") in read
    assert len(list((corpus / "marks").iterdir())) == 1
    assert {path.name for path in (corpus / "marks").iterdir()} != marks
    assert merge_outlets(corpus, OutletTable()) == {}
    assert open_corpus(corpus).outlets() == {"CNN (Web News)": 3, "Quillford Clarion": 3, "CNN - Editorial": 1}


def test_a_file_written_after_a_merge_changes_nothing_unless_it_is_changed(corpus, write, table):
    text = MERGED + '[[outlet]]\nname = "Quillford Wire"\nagency = true\nnames = ["Quillford Clarion"]\n'
    merge_outlets(corpus, table(text))
    before = open_corpus(corpus).manifest
    for _ in range(2):
        opened = open_corpus(corpus)
        written = merge_file(outlet_groups(opened), names_as_read(opened), opened.manifest["agencies"])
        assert "# As it was merged before." in written
        assert "# A suggestion" not in written
        merge_outlets(corpus, table(written))
        after = open_corpus(corpus).manifest
        assert (after["outlets"], after["agencies"]) == (before["outlets"], before["agencies"])


def test_hostile_names_go_through_export_and_merge(write, tmp_path, table):
    ingest([write("a.jsonl", [row for name in HOSTILE for row in rows(name, ["2016-01-01"])])], tmp_path / "corpus")
    names = list(open_corpus(tmp_path / "corpus").outlets())
    one = {"name": "=all()\nin \u202e one", "names": names}
    text = f"[[outlet]]\nname = {json.dumps(one['name'])}\nnames = {json.dumps(names, ensure_ascii=False)}\n"
    renamed = merge_outlets(tmp_path / "corpus", table(text))
    assert set(renamed.values()) == {"=all() in one"}
    assert len(renamed) == len(HOSTILE)
    opened = open_corpus(tmp_path / "corpus")
    export(opened, tmp_path / "out.csv")
    with (tmp_path / "out.csv").open(encoding="utf-8", newline="") as file:
        assert {row["outlet"] for row in csv.DictReader(file)} == {"'=all() in one"}
    output = framing("corpus", tmp_path / "corpus", "--outlets").output
    assert all(line.isprintable() for line in output.splitlines())


@pytest.mark.parametrize("text", ['[[outlet]]\nname = "\\u202e"\nnames = ["CNN (Web News)"]\n'])
def test_a_name_that_shows_nothing_is_refused_and_nothing_written(corpus, table, snapshot, text):
    before = snapshot(corpus)
    with pytest.raises(InputError, match="shows nothing"):
        merge_outlets(corpus, table(text))
    assert snapshot(corpus) == before


def test_a_merge_of_a_damaged_corpus_changes_nothing(corpus, table, snapshot):
    for path in (corpus / "articles").iterdir():
        path.unlink()
    before = snapshot(corpus)
    with pytest.raises(InputError, match="cannot be read"):
        merge_outlets(corpus, table(MERGED))
    assert snapshot(corpus) == before
    with pytest.raises(InputError, match="no such folder"):
        merge_outlets(corpus / "none", table(MERGED))
    assert not (corpus / "none").exists()


def test_a_merge_waits_for_another_run_and_says_so(corpus, table, monkeypatch):
    import corpora.curation as curation

    monkeypatch.setattr(curation, "hold", lambda folder, wait: hold(folder, 0.05))
    with hold(corpus, 1.0), pytest.raises(InputError, match="another run is writing"):
        merge_outlets(corpus, table(MERGED))


def test_a_merge_that_is_stopped_leaves_a_corpus_that_can_be_read(corpus, table, monkeypatch):
    import corpora.marks as marks

    def stopped(folder):
        raise KeyboardInterrupt

    monkeypatch.setattr(marks, "write_marks", stopped)
    with pytest.raises(KeyboardInterrupt):
        merge_outlets(corpus, table(MERGED))
    monkeypatch.undo()
    assert sum(one.articles for one in holdings(open_corpus(corpus))) == 7
    assert framing("corpus", corpus, "mark").exit_code == 0


# --- A part of a corpus ---


def test_a_selection_is_a_corpus_and_its_outlets_can_be_parted_again(corpus, tmp_path, table):
    merge_outlets(corpus, table(MERGED))
    opened = open_corpus(corpus)
    how = {"outlets": ["CNN"]}
    assert write_selection(opened.select(["CNN"]), tmp_path / "new", lambda a: a.published.year == 2016, how) == (4, 3)
    new = open_corpus(tmp_path / "new")
    assert new.outlets() == {"CNN": 3}
    (source,) = new.manifest["sources"]
    assert (source["file"], source["reader"], source["read"], source["kept"]) == ("corpus", "corpus", 3, 3)
    assert source["options"] == how
    merge_outlets(tmp_path / "new", OutletTable())
    assert open_corpus(tmp_path / "new").outlets() == {"CNN (Web News)": 2, "CNN - Editorial": 1}


def test_a_selection_refuses_in_one_line_and_writes_nothing(corpus, tmp_path, snapshot):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.txt").write_text("my notes")
    before = snapshot(tmp_path)
    select = ["corpus", corpus, "select", "--into"]
    assert refused(*select, tmp_path / "n", "--from", "2030") == "framing: no article is left of 7"
    assert "no article is left of 7; none of the 7" in refused(*select, tmp_path / "n", "--dyad", "FJI-TON")
    assert "is a corpus already" in refused(*select, corpus)
    assert "lies in the corpus itself" in refused(*select, corpus / "in")
    assert "something else than a corpus" in refused(*select, tmp_path / "other")
    assert "no outlet 'X' in the corpus; there are: CNN (Web News), " in refused(*select, "n", "--outlet", "X")
    assert "ends before that" in refused(*select, tmp_path / "n", "--from", "2018", "--to", "2016")
    assert snapshot(tmp_path) == before


def test_select_counts_what_does_not_name_both_countries(corpus, tmp_path):
    line = framing(
        "corpus", corpus, "select", "--dyad", "USA-RUS", "--from", "2016", "--to", "2017", "--into", tmp_path / "n"
    )
    assert line.stdout.startswith("4 of 7 articles are in ")
    assert "of the 4 of these outlets and days 0 do not name both countries" in line.stdout


# --- Export ---


@pytest.mark.parametrize("name", ["out.csv", "out.jsonl", "OUT.CSV"])
def test_an_export_can_be_ingested_and_gives_the_same_articles(corpus, tmp_path, name):
    opened = open_corpus(corpus)
    assert export(opened, tmp_path / name) == 7
    ingest([tmp_path / name], tmp_path / "again")
    facts = [
        sorted((a.outlet, str(a.published), a.title, a.body) for a in held.articles())
        for held in (opened, open_corpus(tmp_path / "again"))
    ]
    assert facts[0] == facts[1]


def test_an_export_refuses_in_one_line_and_writes_nothing(corpus, tmp_path, snapshot):
    (tmp_path / "there.csv").write_text("mine")
    (tmp_path / "link.csv").symlink_to(tmp_path / "nowhere.csv")
    before = snapshot(tmp_path)
    for name, message in (
        ("there.csv", "is there already"),
        ("link.csv", "is there already"),
        ("out.txt", "must end in .csv or .jsonl"),
        ("missing/out.csv", "cannot write"),
        ("corpus/out.csv", "lies in the corpus itself"),
    ):
        assert message in refused("corpus", corpus, "export", tmp_path / name)
    assert snapshot(tmp_path) == before


# --- The commands ---


def test_outlets_are_listed_written_corrected_and_merged(corpus, tmp_path):
    path = tmp_path / "outlets.toml"
    shown = framing("corpus", corpus, "--outlets").stdout
    assert "CNN: CNN (Web News) (3), CNN - Editorial (1)" in shown
    assert f"framing corpus {corpus} merge outlets.toml" in shown
    assert f"written: {path}" in framing("corpus", corpus, "--outlets", "--write", path).stdout
    assert "is there already" in refused("corpus", corpus, "--outlets", "--write", path)
    path.write_text(
        path.read_text(encoding="utf-8").replace('    "CNN - Editorial",  # articles: 1\n', ""), encoding="utf-8"
    )
    result = framing("corpus", corpus, "merge", path)
    assert result.stdout.splitlines() == ["CNN (Web News) -> CNN", "1 name is counted under another one"]
    assert open_corpus(corpus).outlets() == {"CNN": 3, "Quillford Clarion": 3, "CNN - Editorial": 1}


def test_the_commands_refuse_in_one_line(corpus, tmp_path, snapshot):
    before = snapshot(corpus)
    assert "--write goes with --outlets" in refused("corpus", corpus, "--write", tmp_path / "x.toml")
    assert "stand without merge" in refused("corpus", corpus, "--outlets", "merge", tmp_path / "x.toml")
    assert "no command 'bogus'; there are: merge" in refused("corpus", corpus, "bogus")
    assert "Missing argument 'TABLE'" in refused("corpus", corpus, "merge")
    assert "Missing option '--into'" in refused("corpus", corpus, "select")
    assert "no such folder" in refused("corpus", tmp_path / "none")
    (tmp_path / "empty" / "x.toml").parent.mkdir()
    (tmp_path / "empty" / "x.toml").write_text(MERGED)
    assert "is no corpus" in refused("corpus", tmp_path / "empty", "merge", tmp_path / "empty" / "x.toml")
    assert "shows nothing" in refused("ingest", tmp_path, "--into", tmp_path / "n", "--outlet", "\u202e")
    assert "cannot be read" in refused("corpus", corpus, "merge", tmp_path / "x.toml")
    assert "cannot write" in refused("corpus", corpus, "--outlets", "--write", tmp_path / "none" / "x.toml")
    assert snapshot(corpus) == before


def test_a_corpus_of_another_format_is_refused(corpus):
    path = corpus / "manifest.json"
    path.write_text(path.read_text(encoding="utf-8").replace('"format": 2', '"format": 1'), encoding="utf-8")
    assert "is of corpus format 1" in refused("corpus", corpus)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_an_interrupted_selection_leaves_nothing(write, tmp_path, snapshot):
    days = [f"20{n % 20 + 10}-01-01" for n in range(4000)]
    ingest([write("a.jsonl", rows("Daily", days))], tmp_path / "corpus", marks=False)
    before = snapshot(tmp_path)
    command = [
        sys.executable,
        "-m",
        "reports.cli",
        "corpus",
        tmp_path / "corpus",
        "select",
        "--dyad",
        "USA-RUS",
        "--into",
    ]
    run = subprocess.Popen([*command, tmp_path / "new"], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    while run.poll() is None and not (tmp_path / "new" / "articles").exists():
        time.sleep(0.01)
    run.send_signal(signal.SIGINT)
    _, error = run.communicate(timeout=60)
    assert (run.returncode, error) == (2, "framing: stopped; nothing is left half done\n")
    assert snapshot(tmp_path) == before


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_an_interrupt_within_code_run_from_a_string_still_ends_with_code_2(tmp_path):
    (tmp_path / "interrupted.py").write_text(
        "import os, signal\n"
        "from reports.cli.root import main\n"
        "@main.command()\n"
        "def stop():\n"
        "    exec('import os, signal; os.kill(os.getpid(), signal.SIGINT)')\n"
        "main(['stop'])\n",
        encoding="utf-8",
    )
    command = [sys.executable, "-m", "interrupted"]
    places = f"{ROOT}{os.pathsep}{tmp_path}"
    run = subprocess.run(
        command, cwd=tmp_path, env={**os.environ, "PYTHONPATH": places}, capture_output=True, text=True, timeout=60
    )
    assert (run.returncode, run.stderr) == (2, "framing: stopped; nothing is left half done\n")
