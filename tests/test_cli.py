"""The command line: what it does, what it refuses in one line with exit code 2, and what hostile text cannot do."""

from __future__ import annotations

import base64
import csv
import json
import os
import re
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path

import pytest
from click.testing import CliRunner

from corpora.corpus import open_corpus
from corpora.ingest import ingest
from reports.cli import main

ROOT = Path(__file__).parent.parent


def framing(*arguments):
    """Run the command in this process; an exception that is not its own is raised here."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def refused(*arguments):
    """The one line on stderr of a command that must refuse what it is given."""
    result = framing(*arguments)
    lines = [line for line in result.stderr.splitlines() if not line.startswith("reading ")]
    assert result.exit_code == 2, result.output
    assert len(lines) == 1, result.stderr
    assert lines[0].startswith("framing: ")
    assert "Traceback" not in result.output
    return lines[0]


def days(outlet, count=12, **changes):
    """Articles of an outlet on the United States and Russia, one a day."""
    tone = {"A": ("praised", "a good and useful step"), "B": ("condemned", "a dangerous and hostile act")}
    verb, step = tone.get(outlet[:1], ("discussed", "one more step"))
    for day in range(1, count + 1):
        yield {
            "outlet": outlet,
            "published": f"2018-03-{day:02d}",
            "title": f"Washington and Moscow, day {day}",
            "text": (
                f"Russia {verb} the decision of the United States on day {day} as {step} in their relations. "
                f"The United States met Russia for talks number {day} in Geneva and signed a new agreement on trade."
                "\n\n"
                f"Officials in Moscow said that the American offer number {day} was {step} for both of the countries."
            ),
        } | changes


# --- Finding the way ---


def test_the_version_is_that_of_the_distribution():
    from importlib.metadata import version

    result = framing("--version")
    assert (result.exit_code, result.output) == (0, f"media-framing {version('media-framing')}\n")


@pytest.mark.parametrize("command", [[], ["ingest"], ["report"], ["demo"], ["show"], ["evaluate"], ["corpora"]])
@pytest.mark.parametrize("switch", ["--help", "-h"])
def test_each_command_has_its_help(command, switch):
    result = framing(*command, switch)
    assert result.exit_code == 0
    assert result.output.startswith("Usage: ")


def test_the_help_names_every_command():
    output = framing("--help").output
    assert all(f"framing {name}" in output for name in ("show", "ingest", "report", "demo", "evaluate"))
    assert all(name in output for name in main.commands)


def test_the_bundled_corpus_is_listed_and_its_datasheet_shown():
    assert framing("corpora").output == "us-russia: 203 articles, 6 outlets\n"
    assert "# Datasheet: us-russia\n" in framing("corpora", "show", "us-russia").output


def test_the_command_runs_as_a_program():
    command = [sys.executable, "-m", "reports.cli", "--version"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("media-framing ")


# --- Ingest ---


def test_ingest_tells_what_was_kept_and_rejected(write, tmp_path):
    path = write("a.jsonl", [*days("A", 3), 3, {"outlet": "A", "text": "Short."}])
    result = framing("ingest", path, "--into", tmp_path / "corpus")
    assert result.exit_code == 0
    assert result.stdout.splitlines()[2] == "read 5 = kept 3 + rejected 2"
    assert str(tmp_path / "corpus" / "rejected.csv") in result.stdout
    assert result.stderr == "reading a.jsonl\nlooking for same text, wire copy and stories\n"
    again = framing("ingest", path, "--into", tmp_path / "corpus")
    assert "files ingested before, which add nothing: 1 of 1" in again.stdout


def test_a_broken_line_among_good_ones_is_rejected_and_the_run_goes_on(write, tmp_path):
    good = [json.dumps(row) for row in days("A", 3)]
    path = write("a.jsonl", "\n".join([good[0], '{"text": "broken', good[1], good[2]]) + "\n")
    result = framing("ingest", path, "--into", tmp_path / "corpus")
    assert (result.exit_code, result.stdout.splitlines()[2]) == (0, "read 4 = kept 3 + rejected 1")
    ((file, place, reason),) = open_corpus(tmp_path / "corpus").rejections
    assert (file, place) == ("a.jsonl", "line 2")
    assert reason.startswith("broken JSON")


def test_ingest_heeds_its_options(write, tmp_path):
    rows = [{"Volltext": row["text"], "when": "3/4/17"} for row in days("A", 2)]
    options = ["--outlet", "The Daily", "--map", "body=Volltext", "--map", "published=when", "--dates", "dmy"]
    note = write("note.toml", 'database = "Nexis"\n')
    arguments = [write("a.csv", rows), "--into", tmp_path / "corpus", *options, "--collection", note]
    assert "undated" not in framing("ingest", *arguments).stdout
    corpus = open_corpus(tmp_path / "corpus")
    assert {(a.outlet, str(a.published)) for a in corpus.articles()} == {("The Daily", "2017-04-03")}
    assert [*corpus.manifest["collections"].values()] == [{"database": "Nexis"}]


def test_undated_articles_are_mentioned(write, tmp_path):
    path = write("a.jsonl", list(days("A", 2, published="4/4/17")))
    assert "undated, counted in no period: 2 articles" in framing("ingest", path, "--into", tmp_path / "corpus").stdout


INGEST_REFUSALS = {
    "missing file": ({}, ["missing.csv"], "no file or folder"),
    "empty file": ({"empty.csv": ""}, ["empty.csv"], "empty.csv is empty"),
    "folder with nothing readable": ({"in/photo.jpg": b"\xff\xd8"}, ["in"], "holds nothing readable; formats: "),
    "no text column": ({"a.csv": "outlet,mood\nA,glad\n"}, ["a.csv"], "has no text column; its columns: mood, outlet"),
    "map without equals": ({"a.csv": "text\nx\n"}, ["a.csv", "--map", "body"], "--map 'body' is not FIELD=COLUMN"),
    "map of unknown field": ({"a.csv": "text\nx\n"}, ["a.csv", "--map", "mood=x"], "no field 'mood' to map; there are"),
    "no collection note": ({"a.csv": "text\nx\n"}, ["a.csv", "--collection", "no.toml"], "collection note"),
}


@pytest.mark.parametrize(("files", "arguments", "message"), INGEST_REFUSALS.values(), ids=INGEST_REFUSALS)
def test_ingest_refuses_in_one_line_and_writes_nothing(write, tmp_path, monkeypatch, files, arguments, message):
    for name, content in files.items():
        write(name, content)
    monkeypatch.chdir(tmp_path)
    before = set(tmp_path.rglob("*"))
    assert message in refused("ingest", *arguments, "--into", "corpus")
    assert set(tmp_path.rglob("*")) == before


def test_ingest_refuses_a_folder_with_something_else_and_a_file(write, tmp_path, snapshot):
    path, other = write("a.jsonl", list(days("A", 2))), write("other/notes.txt", "my notes").parent
    before = snapshot(tmp_path)
    assert "holds something else than a corpus" in refused("ingest", path, "--into", other)
    assert "is a file, not a folder" in refused("ingest", path, "--into", other / "notes.txt")
    assert snapshot(tmp_path) == before


@pytest.mark.skipif(hasattr(os, "geteuid") and os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_that_may_not_be_written_is_refused(write, tmp_path):
    path, locked = write("a.jsonl", list(days("A", 2))), tmp_path / "locked"
    locked.mkdir(mode=0o500)
    assert "cannot write to" in refused("ingest", path, "--into", locked / "corpus")
    secret = write("secret.jsonl", list(days("A", 2)))
    secret.chmod(0)
    assert "no permission" in refused("ingest", secret, "--into", tmp_path / "corpus")


def test_a_line_with_a_huge_number_does_not_end_in_a_traceback(write, tmp_path):
    path = write("a.jsonl", '{"n": ' + "1" * 5000 + "}\n" + json.dumps(next(days("A", 1))) + "\n")
    result = framing("ingest", path, "--into", tmp_path / "corpus")
    assert (result.exit_code, result.stdout.splitlines()[2]) == (0, "read 2 = kept 1 + rejected 1")
    assert len(open_corpus(tmp_path / "corpus")) == 1


# --- Report: refusals ---


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    folder = tmp_path_factory.mktemp("cli")
    path = folder / "a.jsonl"
    rows = [*days("A Daily"), *days("B Weekly")]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    ingest([path], folder / "corpus")
    return folder / "corpus"


REPORT_REFUSALS = {
    "no dyad": ([], "name the two countries with --dyad"),
    "unknown country": (["--dyad", "USA-RUSS"], "RUSS"),
    "one country": (["--dyad", "USA"], "is not two country codes joined by a hyphen"),
    "a country twice": (["--dyad", "USA-USA"], "names one country twice"),
    "a dyad without passages": (["--dyad", "FJI-TON"], "no passage about FJI-TON in the body of any article"),
    "ends before it begins": (["--dyad", "USA-RUS", "--from", "2018-02-01", "--to", "2018-01-01"], "ends before that"),
    "no articles in the span": (
        ["--dyad", "USA-RUS", "--from", "2020-01-01"],
        "no article is left from 2020-01-01 to the end",
    ),
    "unknown reference": (["--dyad", "USA-RUS", "--reference", "C"], "'C'"),
}


@pytest.mark.parametrize(("arguments", "message"), REPORT_REFUSALS.values(), ids=REPORT_REFUSALS)
def test_report_refuses_in_one_line_and_writes_nothing(corpus, tmp_path, arguments, message):
    line = refused("report", corpus, *arguments, "--out", tmp_path / "report", "--workers", 1)
    assert message in line
    assert list(tmp_path.iterdir()) == []


def test_an_unknown_country_gets_a_suggestion(corpus, tmp_path):
    line = refused("report", corpus, "--dyad", "USA-RSU", "--out", tmp_path / "report")
    assert "RUS" in line.replace("RSU", "")


@pytest.mark.parametrize("source", ["missing", "missing.toml"])
def test_report_refuses_what_is_not_there(tmp_path, source):
    assert source in refused("report", tmp_path / source, "--dyad", "USA-RUS", "--out", tmp_path / "report")
    assert list(tmp_path.iterdir()) == []


def test_report_refuses_a_folder_that_is_no_corpus(write, tmp_path):
    folder = write("other/notes.txt", "my notes").parent
    assert "is no corpus" in refused("report", folder, "--dyad", "USA-RUS", "--out", tmp_path / "report")
    file = folder / "notes.txt"
    assert "no corpus" in refused("report", file, "--dyad", "USA-RUS", "--out", tmp_path / "report")
    assert not (tmp_path / "report").exists()


def test_report_refuses_an_output_that_is_something_else(corpus, write, tmp_path, snapshot):
    other, study = write("other/notes.txt", "my notes").parent, few(write, "tone", corpus)
    before = snapshot(tmp_path)
    for out, message in ((other, "holds something else than a report"), (other / "notes.txt", "is a file, not a")):
        assert message in refused("report", corpus, "--dyad", "USA-RUS", "--out", out)
    assert "notes.txt is a file" in refused("report", *study, "--out", other / "notes.txt" / "x")
    assert snapshot(tmp_path) == before
    inside = snapshot(corpus)
    assert "holds something else" in refused("report", corpus, "--dyad", "USA-RUS", "--out", corpus)
    assert snapshot(corpus) == inside


@pytest.mark.parametrize("out", [".", ".."])
def test_report_does_not_replace_the_folder_that_one_is_in(corpus, tmp_path, monkeypatch, out):
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert "the folder you are in, or holds it" in refused("report", corpus, "--dyad", "USA-RUS", "--out", out)
    assert list(tmp_path.rglob("*")) == [tmp_path / "here"]


OTHERS = {
    "another program's lock file": {"lock.json": '{"dependencies": {}}'},
    "a lock file and notes": {"lock.json": '{"dependencies": {}}', "notes.txt": "my notes"},
    "a page and no lock file": {"index.html": "my page"},
    "a lock file that is no JSON": {"lock.json": "locked", "index.html": "my page"},
    "a lock file that is a number": {"lock.json": "3"},
    "notes in a report": {"lock.json": '{"corpus_sha256": "x"}', "index.html": "a report", "notes.txt": "my notes"},
}


@pytest.mark.parametrize("files", OTHERS.values(), ids=OTHERS)
def test_a_folder_that_holds_anything_but_a_report_is_refused(corpus, write, tmp_path, snapshot, files):
    for name, content in files.items():
        write(f"project/{name}", content)
    before = snapshot(tmp_path)
    line = refused("report", corpus, "--dyad", "USA-RUS", "--out", tmp_path / "project", "--workers", 1)
    assert "project holds something else than a report ('" in line
    assert snapshot(tmp_path) == before


STUDY = '[pair]\ndyad = "USA-RUS"\n'
STUDY_REFUSALS = {
    "no TOML": ("[pair", "cannot be read"),
    "no UTF-8": (b"\xff\xfe\xff", "cannot be read"),
    "no pair": ("seed = 1\n", "[pair] must name the two countries"),
    "unknown key": (STUDY + 'diad = "USA-RUS"\n', "unknown [pair] key 'diad', did you mean 'dyad'?"),
    "unknown key at the head": ("sead = 1\n" + STUDY, "unknown key 'sead', did you mean 'seed'?"),
    "unknown table": (STUDY + "[scorer]\nmeasures = []\n", "unknown table 'scorer', did you mean 'scorers'?"),
    "unknown table unlike any": (STUDY + "[xyz]\na = 1\n", "unknown table 'xyz'; there are: corpus, pair"),
    "number for text": ("title = 3\n" + STUDY, "title is 3, not a str"),
    "text for number": ('seed = "one"\n' + STUDY, "seed is 'one', not a int"),
    "truth for number": ("seed = true\n" + STUDY, "seed is True, not a int"),
    "text for list": (STUDY + '[outlets]\ninclude = "A"\n', "outlets is 'A', not a list"),
    "text for day": (STUDY + '[period]\nfrom = "2018"\n', "since is '2018', not a date"),
    "unknown scorer": (
        STUDY + '[scorers]\nmeasures = ["mood"]\n',
        "no scorer 'mood'; there are: attitude, deeds, frames:bilateral",
    ),
    "unknown cost": (STUDY + '[scorers]\ncost = "huge"\n', "has no cost 'huge'; there are: encoder, light"),
    "unknown period": (STUDY + '[period]\nunit = "week"\n', "no period 'week'; there are:"),
    "minimum of one": (STUDY + "[minimum]\narticles = 1\n", "minimum_articles is 1; it must be from 2 to 1000000"),
    "unknown country": ('[pair]\ndyad = "USA-XXX"\n', "XXX"),
    "primary without outlet": (STUDY + '[[primary]]\nmeasure = "tone"\n', "a [[primary]] comparison has no 'outlet'"),
    "primary with unknown key": (STUDY + '[[primary]]\nmeasur = "tone"\n', "unknown [[primary]] key 'measur', did you"),
    "primary of no measure": (
        STUDY + '[scorers]\nmeasures = ["tone"]\n[[primary]]\nmeasure = "relation"\noutlet = "A Daily"\n',
        "primary comparison of 'relation', which the study does not measure",
    ),
    "outlet that is not there": (STUDY + '[outlets]\ninclude = ["C"]\n', "no outlet 'C' in the corpus; there are:"),
}


@pytest.mark.parametrize(("study", "message"), STUDY_REFUSALS.values(), ids=STUDY_REFUSALS)
def test_a_study_that_cannot_be_used_is_refused_in_one_line(corpus, write, tmp_path, study, message):
    path = write("study.toml", study)
    line = refused("report", path, "--corpus", corpus, "--out", tmp_path / "report", "--workers", 1)
    assert message in line
    assert not (tmp_path / "report").exists()


def test_an_outlet_that_is_not_there_is_answered_with_those_that_are(corpus, write, tmp_path):
    path = write("study.toml", STUDY + '[outlets]\ninclude = ["C"]\n')
    line = refused("report", path, "--corpus", corpus, "--out", tmp_path / "report", "--workers", 1)
    assert line.endswith("there are: A Daily, B Weekly")


def test_a_study_without_corpus_is_refused(write, tmp_path):
    assert "names no corpus" in refused("report", write("study.toml", STUDY), "--out", tmp_path / "report")


STUDY_ODDITIES = {
    "primary is a number": ("primary = 3\n" + STUDY, "each under [[primary]]"),
    "primary is a list of numbers": ("primary = [3]\n" + STUDY, "each under [[primary]]"),
    "measure is a list": (STUDY + '[scorers]\nmeasures = [["tone"]]\n', "measures must hold names in quotation marks"),
    "outlet is a number": (STUDY + "[outlets]\ninclude = [1]\n", "outlets must hold names in quotation marks"),
    "a day with an hour": (
        STUDY + "[period]\nfrom = 2018-03-01T10:00:00\nto = 2018-03-05\n",
        "since is datetime.datetime(2018, 3, 1, 10, 0), not a date",
    ),
    "seed below zero": ("seed = -1\n" + STUDY, "seed is -1; it must be from 0 to"),
    "a dyad of numbers": ("[pair]\ndyad = 3\n", "dyad is 3, not a str"),
    "a comparison that is none": (
        STUDY + '[[primary]]\nmeasure = "sentiment"\noutlet = "C"\n',
        "declared comparison ('sentiment', 'C', 'rest', '') is none of this study",
    ),
}


@pytest.mark.parametrize(("study", "message"), STUDY_ODDITIES.values(), ids=STUDY_ODDITIES)
def test_a_study_with_a_value_of_the_wrong_kind_inside_is_refused_in_one_line(corpus, write, tmp_path, study, message):
    path = write("study.toml", study)
    line = refused("report", path, "--corpus", corpus, "--out", tmp_path / "report", "--workers", 1)
    assert message in line
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    "arguments",
    [
        ["report", "x", "--dyad", "USA-RUS", "--out", "y", "--period", "week"],
        ["report", "x", "--dyad", "USA-RUS", "--out", "y", "--from", "yesterday"],
        ["report", "x", "--dyad", "USA-RUS", "--out", "y", "--workers", "0"],
        ["ingest", "x", "--into", "y", "--dates", "ymd"],
        ["reprot"],
    ],
    ids=" ".join,
)
def test_a_wrong_option_is_refused_in_one_line_as_well(arguments):
    refused(*arguments)


# --- Evaluate and show: refusals ---

GOLD_REFUSALS = {
    "unknown task": (["mood", "{}"], '{"text": "x"}\n', "no task 'mood'; there are: "),
    "unknown cost": (["tone", "{}", "--cost", "huge"], '{"text": "x", "label": "neutral"}\n', "no cost 'huge'"),
    "empty gold": (["tone", "{}"], "\n", "has no rows"),
    "broken JSON": (["tone", "{}"], '{"text": "x", "label": "neutral"}\n{"text":\n', "line 2: broken JSON"),
    "no object": (["tone", "{}"], "3\n", "line 1: not a JSON object"),
    "no text": (["tone", "{}"], '{"label": "neutral"}\n', "line 1: has no 'text'"),
    "wrong label": (["tone", "{}"], '{"text": "x", "label": "sad"}\n', "line 1: label 'sad' is not one of negative"),
    "no target": (["sentiment", "{}"], '{"text": "x", "label": "neutral"}\n', "line 1: 'target' is not [start, end]"),
    "span outside": (
        ["sentiment", "{}"],
        '{"text": "xy", "label": "neutral", "target": [0, 9]}\n',
        "line 1: 'target' [0, 9] lies outside the text of 2 characters",
    ),
    "wrong date": (["countries", "{}"], '{"text": "x", "mentions": [], "published": "May"}\n', "'May' is not an ISO"),
    "no mentions": (["countries", "{}"], '{"text": "x"}\n', "line 1: has no list 'mentions'"),
}


@pytest.mark.parametrize(("arguments", "gold", "message"), GOLD_REFUSALS.values(), ids=GOLD_REFUSALS)
def test_a_gold_file_that_does_not_fit_is_refused_with_file_line_and_reason(write, arguments, gold, message):
    path = write("gold.jsonl", gold)
    line = refused("evaluate", *(path if argument == "{}" else argument for argument in arguments))
    assert message in line
    assert ": line" not in line or "gold.jsonl" in line


def test_a_gold_file_that_is_not_there_is_refused(tmp_path):
    assert "no gold file" in refused("evaluate", "tone", tmp_path / "missing.jsonl")
    assert "no gold file" in refused("evaluate", "tone", tmp_path)


GOLD_ODDITIES = {
    "no UTF-8": (
        "tone",
        "gold.jsonl",
        '{"text": "Élysée", "label": "neutral"}\n'.encode("cp1252"),
        "gold.jsonl is not UTF-8",
    ),
    "a mention that is a number": (
        "countries",
        "gold.jsonl",
        '{"text": "x", "mentions": [1]}\n',
        "gold.jsonl, line 1: mention 1 is not an object",
    ),
    "a case without text": (
        "countries",
        "gold.toml",
        '[[case]]\nmentions = ["x=USA"]\n',
        "gold.toml, case 1 (without label): has no 'text'",
    ),
    "a mention's number": (
        "countries",
        "gold.toml",
        '[[case]]\ntext = "x"\nmentions = ["x#y=USA"]\n',
        "mention 'x#y=USA' is not surface=CODE",
    ),
    "a huge number": ("tone", "gold.jsonl", '{"n": ' + "1" * 5000 + "}\n", "a number or nesting beyond reason"),
    "gzip that is cut short": ("tone", "gold.jsonl", b"\x1f\x8b\x08\x00", "gold.jsonl is broken gzip"),
}


@pytest.mark.parametrize(("task", "name", "gold", "message"), GOLD_ODDITIES.values(), ids=GOLD_ODDITIES)
def test_a_gold_file_of_another_making_is_refused_in_one_line(write, task, name, gold, message):
    assert message in refused("evaluate", task, write(name, gold))


def test_a_gold_text_may_hold_a_line_separator(write):
    row = json.dumps({"text": "A great\u2028success.", "label": "positive"}, ensure_ascii=False)
    assert framing("evaluate", "tone", write("gold.jsonl", row + "\n")).exit_code == 0


def test_evaluate_prints_a_table_or_one_json_object(write):
    rows = [("A great success.", "positive"), ("A terrible defeat.", "negative"), ("They met on Monday.", "neutral")]
    path = write("gold.jsonl", [{"text": text, "label": label} for text, label in rows])
    assert framing("evaluate", "tone", path).output.startswith("tone: vader 1 on 3 rows, 0 abstentions\n")
    assert json.loads(framing("evaluate", "tone", path, "--json").output)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("Too short to be read.", "holds no article: no text"),
        ("Talks Open\n\nThey met for an hour in Geneva on Monday.", "holds no article: too short: 9 words"),
        (b"", "is empty"),
        (None, "no file or folder"),
    ],
)
def test_show_refuses_what_holds_no_article(write, tmp_path, content, message):
    path = tmp_path / "missing.txt" if content is None else write("a.txt", content)
    assert message in refused("show", path, "--dyad", "USA-RUS")


def test_show_prints_facts_and_passages(write):
    path = write("a.jsonl", list(days("A Daily", 1)))
    result = framing("show", path, "--dyad", "USA-RUS")
    assert result.exit_code == 0
    assert all(word in result.output for word in ("A Daily", "2018-03-01", "RUS-USA", "sentiment", "relation"))
    none = framing("show", path, "--dyad", "FJI-TON")
    assert (none.exit_code, "No passage about Fiji or Tonga" in none.output) == (0, True)


def test_show_moves_no_cursor_and_recolours_nothing(write):
    row = next(days("A", 1))
    row |= {"title": "Talks \x1b[2J\x1b]0;pwned\x07 go on", "outlet": "A\x1b[31m", "tags": "\x9b31m"}
    output = framing("show", write("a.jsonl", [row]), "--dyad", "USA-RUS").output
    # click takes its own colours out, since this is no terminal: whatever escape is left is the article's
    assert "\x1b" not in output
    assert "\x9b" not in output
    assert "\x07" not in output


def test_an_error_message_moves_no_cursor(tmp_path):
    line = refused("show", tmp_path / "a\x1b[2Jb", "--dyad", "USA-RUS")
    assert "\x1b" not in line


# --- A report, and hostile text in it ---

EVIL = {
    "title": "<script>alert(1)</script> {{ 7*7 }} =cmd() \u202eevil",
    "url": "javascript:alert(document.cookie)",
    "author": "<img src=x onerror=alert(2)>",
    "tags": "<b>,{{ 8*8 }}",
}
# Two sentences and nothing else, so that whatever the report quotes of an article is hostile.
EVIL_TEXT = (
    '=cmd() <script src="http://evil.example/x.js"></script> {{ 7191*7 }} Russia praised the United States \u202e and '
    "signed the good agreement {n} with Washington in Geneva.\n\n"
    '=cmd() "><img src=x onerror=alert(3)> <a href="javascript:alert(4)">x</a> {% for x in y %} Russia condemned the '
    "\x00 hostile sanctions {n} of the United States on Monday."
)
EVIL_OUTLETS = ("=cmd|' /C calc'!A0", "<script>alert(5)</script>{{ 9*9*9 }}$x_$\\frac")


@pytest.fixture(scope="module")
def hostile(tmp_path_factory):
    """The report on two outlets with twelve hostile articles each, as written by the command."""
    folder = tmp_path_factory.mktemp("hostile")
    rows = [
        row | EVIL | {"text": EVIL_TEXT.replace("{n}", str(number))}
        for outlet in EVIL_OUTLETS
        for number, row in enumerate(days(outlet))
    ]
    path = folder / "=evil().jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in [*rows, 3]), encoding="utf-8")
    assert framing("ingest", path, "--into", folder / "corpus").exit_code == 0
    assert len(open_corpus(folder / "corpus")) == 24
    out = folder / "report"
    result = framing("report", folder / "corpus", "--dyad", "USA-RUS", "--out", out, "--workers", 1, "--wire", "all")
    assert result.exit_code == 0, result.output
    return out


class _Page(HTMLParser):
    """Tags with their attributes, and the text outside of style."""

    def __init__(self, page):
        super().__init__()
        self.tags, self.text = [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text.append(data)


@pytest.fixture(scope="module")
def page(hostile):
    return (hostile / "index.html").read_text(encoding="utf-8")


def test_hostile_text_reaches_the_page_so_that_the_tests_below_mean_something(page):
    assert "alert(1)" in page
    assert "alert(5)" in page
    assert "{{ 7191*7 }}" in page
    assert "alert(3)" in page
    assert "evil.example" in page


def test_hostile_text_becomes_no_markup(page):
    assert "<script" not in page.lower()
    tags = _Page(page).tags
    assert not {tag for tag, _ in tags} & {"script", "iframe", "object", "embed", "form", "base", "link"}
    assert not [name for _, attributes in tags for name in attributes if name.startswith("on") and name != "on"]
    assert all(attributes["src"].startswith("data:image/") for tag, attributes in tags if tag == "img")


def test_hostile_text_is_no_template(page):
    for executed in (str(7191 * 7), str(9 * 9 * 9) + "$"):
        assert executed not in page


def test_marks_that_turn_text_and_control_characters_do_not_reach_the_page(page):
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\u202a-\u202e\u2066-\u2069]", page)


def test_the_page_refers_to_nothing_outside(page):
    for tag, attributes in _Page(page).tags:
        for name in ("src", "srcset", "href", "action", "data", "poster", "background"):
            value = attributes.get(name) or ""
            assert not value or value.startswith(("#", "data:image/")), (tag, name, value[:80])
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)[1]
    assert "url(" not in style
    assert "@import" not in style


def test_the_figures_within_the_page_hold_no_script(page, hostile):
    figures = [base64.b64decode(data).decode() for data in re.findall(r"svg\+xml;base64,([A-Za-z0-9+/=]+)", page)]
    figures += [path.read_text(encoding="utf-8") for path in (hostile / "figures").glob("*.svg")]
    assert figures
    for figure in figures:
        assert "<script" not in figure
        assert not re.search(r"(?:href|src)=\"(?:https?|javascript):", figure)


def test_the_cells_of_every_table_are_inert(hostile):
    tables = sorted((hostile / "tables").glob("*.csv"))
    assert {path.stem for path in tables} >= {"estimates", "articles", "coverage", "evidence", "quality"}
    cells = []
    for path in tables:
        with path.open(encoding="utf-8", newline="") as file:
            cells += [cell for row in csv.reader(file) for cell in row]
    for cell in cells:
        assert not re.match(r"[=+@\t\r]|-(?!\d)", cell) or re.fullmatch(r"[+-]?[\d.e-]+", cell), cell
    assert any(cell.startswith("'=cmd") for cell in cells)


def test_the_cells_of_the_rejections_are_inert(hostile):
    with (hostile.parent / "corpus" / "rejected.csv").open(encoding="utf-8", newline="") as file:
        assert [row[0] for row in csv.reader(file)] == ["source_file", "'=evil().jsonl"]


def test_the_study_beside_the_page_can_be_read_back(hostile):
    from reports.study_file import read_study

    assert read_study(hostile / "study.toml").dyad == ("RUS", "USA")


def test_only_addresses_of_the_web_become_links_and_a_broken_one_stops_nothing(write, tmp_path):
    urls = {
        "A": "https://example.org/a?x=1&y=\"'><b>",
        "B": "data:text/html,<script>alert(6)</script>",
        "C": "http://[broken",
    }
    rows = [row | {"url": urls[outlet]} for outlet in urls for row in days(outlet)]
    ingest([write("a.jsonl", rows)], tmp_path / "corpus")
    out = tmp_path / "report"
    result = framing("report", *few(write, "relation", tmp_path / "corpus"), "--out", out)
    assert result.exit_code == 0
    tags = _Page((out / "index.html").read_text(encoding="utf-8")).tags
    links = {attributes["href"] for tag, attributes in tags if tag == "a" and not attributes["href"].startswith("#")}
    assert urls["A"] in links
    assert links <= {urls["A"], urls["C"]}
    assert all(
        "noopener" in attributes["rel"] for tag, attributes in tags if tag == "a" and attributes["href"] in links
    )


def few(write, measure, corpus):
    """A study of one measure, which draws fewer figures."""
    return [write("study.toml", STUDY + f'[scorers]\nmeasures = ["{measure}"]\n'), "--corpus", corpus, "--workers", 1]


def test_a_report_is_written_over_by_the_next_and_both_are_the_same(corpus, write, tmp_path, snapshot):
    arguments = ["report", *few(write, "tone", corpus), "--out", tmp_path / "report"]
    result = framing(*arguments)
    assert result.stdout.splitlines()[-1] == f"report: {tmp_path / 'report' / 'index.html'}"
    assert result.stderr == ""
    first = snapshot(tmp_path)
    framing(*arguments)
    assert snapshot(tmp_path) == first
    assert set(first) >= {"report/index.html", "report/study.toml", "report/lock.json", "report/scores.parquet"}


def test_a_report_without_text_holds_no_sentence(corpus, write, tmp_path):
    out = tmp_path / "report"
    framing("report", *few(write, "relation", corpus), "--out", out, "--no-text")
    sentence = "signed a new agreement on trade"
    for path in out.rglob("*"):
        assert path.is_dir() or sentence.encode() not in path.read_bytes(), path.name
    import pandas as pd

    assert set(pd.read_parquet(out / "scores.parquet")["text"]) == {""}
    assert "sentences are left out of this copy" in (out / "index.html").read_text(encoding="utf-8")


def test_help_comes_within_two_seconds():
    start = time.perf_counter()
    subprocess.run([sys.executable, "-m", "reports.cli", "--help"], capture_output=True, cwd=ROOT, check=True)
    assert time.perf_counter() - start < 2
