"""`framing code`: from a report to corrected scores, and what it refuses in one line."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from click.testing import CliRunner
from coding_report import OUTLETS, articles, fill, report_folder, scores_of, table, write_table

from corpora.ingest import ingest
from reports.cli import main

LABELS = {
    "sentiment": ("negative", "neutral", "positive"),
    "attitude": ("negative", "neutral", "positive"),
    "relation": ("conflict", "none", "cooperation"),
    "frames:functions": ("problem", "cause", "moral-judgement", "remedy", "none"),
}
ASKED = {"sentiment": ["--target", "RUS"], "attitude": ["--category", "USA>RUS"]}


def framing(*arguments):
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def done(*arguments):
    result = framing(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(*arguments):
    result = framing(*arguments)
    assert result.exit_code == 2, result.output
    assert len(result.stderr.splitlines()) == 1, result.stderr
    return result.stderr


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A report of made-up scores, and its corpus on disk."""
    folder = tmp_path_factory.mktemp("world")
    made = articles(72)
    path = folder / "articles.jsonl"
    rows = [
        {"outlet": one.outlet, "published": one.published.isoformat(), "title": one.title, "text": one.body}
        for one in made
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    ingest([path], folder / "corpus", marks=False)
    from corpora.corpus import open_corpus

    held = sorted(open_corpus(folder / "corpus").articles(), key=lambda one: one.published)
    report_folder(scores_of(held), folder / "report", period="quarter")
    return folder


def drawn(world, into, measure="sentiment", number=48):
    return done(
        "code", "sample", world / "report", "--corpus", world / "corpus", "--measure", measure,
        *ASKED.get(measure, []), "--articles", number, "--passages", 2, "--into", into,
    )  # fmt: skip


@pytest.mark.parametrize("measure", LABELS)
def test_a_sample_is_drawn_coded_and_corrects_the_report(world, tmp_path, measure):
    folder = tmp_path / "coding"
    assert "48 of " in drawn(world, folder, measure)
    assert "coded by all" in done("code", "sheet", folder, "--coder", "anna", "--coder", "ben")
    for coder in ("anna", "ben"):
        fill(folder / "sheets" / f"{coder}.csv", LABELS[measure], coder)
    told = done("code", "read", folder, folder / "sheets" / "anna.csv", folder / "sheets" / "ben.csv")
    assert "2 coders" in told
    told = done("code", "agreement", folder)
    assert "alpha" in told
    assert "0.8" in told
    frame = ["--category", "cause"] if measure.startswith("frames") else []
    told = done("code", "errors", folder, *frame)
    assert all(outlet in told for outlet in OUTLETS)
    told = done("code", "correct", folder, world / "report", "--into", tmp_path / "corrected.csv")
    assert "corrected article scores" in told
    corrected = pd.read_csv(tmp_path / "corrected.csv")
    assert {"article_id", "outlet", "value", "story", "coded"} <= set(corrected)
    # An outlet's name that is a formula is none in the file.
    assert "'=HYPERLINK(1)" in set(corrected["outlet"])
    assert (corrected.groupby("article_id").size() == (4 if frame else 1)).all()


def test_the_study_decides_which_articles_may_be_drawn(world, tmp_path):
    scores = pd.read_parquet(world / "report" / "scores.parquet")
    opinion = scores["outlet"] == OUTLETS[0]
    report = report_folder(scores.assign(genre=opinion.map({True: "opinion", False: "news"})), tmp_path / "report")
    ask = ["--corpus", world / "corpus", "--measure", "sentiment", "--target", "RUS"]
    told = done("code", "sample", report, *ask, "--into", tmp_path / "a")
    assert OUTLETS[0] not in told
    assert OUTLETS[1] in told
    assert "all articles are drawn" in told
    assert pd.read_csv(tmp_path / "a" / "sample.csv")["period"].str.fullmatch(r"2017-\d\d|2017-Q\d|2017-H\d|2017").all()


def test_a_plan_says_what_it_supposes(world):
    asked = ["--measure", "sentiment", "--target", "RUS", "--outlet", OUTLETS[0], "--reference", OUTLETS[1]]
    told = done("code", "plan", world / "report", *asked, "--width", "0.5")
    assert "supposes that the machine's probabilities are right" in told
    assert "without coding" in told
    assert "--articles" in told
    told = done("code", "plan", world / "report", *asked, "--width", "0.001", "--error", "0.4")
    assert "coders are 0.40 away" in told
    assert "Not even all articles" in told
    frames = ["--measure", "frames:functions", "--category", "cause", *asked[4:]]
    assert "(cause)" in done("code", "plan", world / "report", *frames)


def test_problems_of_sheets_are_printed_a_line_each(world, tmp_path):
    folder = tmp_path / "coding"
    drawn(world, folder)
    done("code", "sheet", folder, "--coder", "anna")
    path = folder / "sheets" / "anna.csv"
    rows = table(fill(path, LABELS["sentiment"]))
    rows[0]["code"], rows[1]["text"] = "nice\x1b[31m", "other"
    result = framing("code", "read", folder, write_table(path, rows))
    assert result.exit_code == 2
    assert len(result.stdout.splitlines()) == 2
    assert "\x1b" not in result.output
    assert "nothing was written: 2 problems" in result.stderr
    assert not (folder / "codes.csv").exists()
    rows.pop(0)
    rows.pop(0)
    assert "--partial" in framing("code", "read", folder, write_table(path, rows)).stdout
    told = done("code", "read", folder, path, "--partial")
    assert "2 units are not coded" in told
    assert "cannot be told" in done("code", "sheet", folder, "--coder", "anna", "--as", "xlsx")
    assert "no alpha" in done("code", "agreement", folder)
    assert "have no code" in refused("code", "correct", folder, world / "report", "--into", tmp_path / "c.csv")
    done("code", "correct", folder, world / "report", "--into", tmp_path / "c.csv", "--missing", "random")


def test_what_cannot_be_used_is_refused_in_one_line(world, tmp_path):
    ask = ["--corpus", world / "corpus", "--into", tmp_path / "x", "--measure"]
    for arguments, message in (
        (["sample", tmp_path, *ask, "sentiment", "--target", "RUS"], "is no report"),
        (["sample", world / "report", *ask, "tone"], "does not measure 'tone'"),
        (["sample", world / "report", *ask, "sentiment", "--target", "FRA"], "RUS or USA"),
        (
            ["sample", world / "report", *ask, "sentiment", "--target", "RUS", "--articles", "4"],
            "too few for 3 outlets",
        ),
        (["sample", world / "report", *ask, "attitude"], "attitude has a direction"),
        (["sheet", tmp_path, "--coder", "anna"], "holds no sample"),
        (["read", tmp_path, tmp_path / "a.csv"], "holds no sample"),
        (["agreement", tmp_path], "holds no sample"),
        (["errors", tmp_path], "holds no sample"),
        (["correct", tmp_path, world / "report", "--into", tmp_path / "c.csv"], "holds no sample"),
    ):
        assert message in refused("code", *arguments)
    assert not (tmp_path / "x").exists()


def test_a_report_whose_scores_were_changed_is_refused(world, tmp_path):
    report = report_folder(pd.read_parquet(world / "report" / "scores.parquet").head(400), tmp_path / "report")
    folder = tmp_path / "coding"
    drawn(world, folder)
    done("code", "sheet", folder, "--coder", "anna")
    fill(folder / "sheets" / "anna.csv", LABELS["sentiment"])
    done("code", "read", folder, folder / "sheets" / "anna.csv")
    assert "drawn from other scores" in refused("code", "correct", folder, report, "--into", tmp_path / "c.csv")
    (report / "scores.parquet").write_bytes((world / "report" / "scores.parquet").read_bytes() + b" ")
    assert "are not those that the report was made of" in refused(
        "code", "sample", report, "--corpus", world / "corpus", "--measure", "relation", "--into", tmp_path / "y"
    )


def test_another_corpus_than_the_one_that_was_scored_is_refused(world, tmp_path):
    told = refused(
        "code", "sample", world / "report", "--corpus", "us-russia", "--measure", "relation", "--into", tmp_path / "y"
    )
    assert "name the corpus that was scored" in told
