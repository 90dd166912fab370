"""Kept scores: a second run reads only what is new, and writes the same bytes as a run that reads everything."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from twelve_days import twelve_days, twelve_days_study

from corpora import Corpus
from reports import engine
from reports.events import Event
from reports.report import write_report
from reports.study import Study

Snapshot = Callable[[Path], dict[str, str]]


@pytest.fixture(scope="module")
def study() -> Study:
    study = twelve_days_study()
    return replace(study, measures=("relation", "tone"), cost="light", draws=100, words=False)


@pytest.fixture(scope="module")
def plain(study: Study) -> Study:
    """What is quickest to report on: a measure from which nothing is inferred."""
    return replace(study, measures=("tone",))


@pytest.fixture(scope="module")
def some() -> tuple[Corpus, Corpus]:
    """Three outlets of the twelve days, and their first half."""
    whole = twelve_days()
    whole = whole.select(outlets=list(whole.outlets())[:3])
    return whole, whole.select(until=sorted(a.published for a in whole.articles() if a.published)[len(whole) // 2])


@pytest.fixture(autouse=True)
def _unpainted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts and page take most of a report's time, and are made of the tables that are compared here."""
    monkeypatch.setattr("reports.render.render", lambda results, folder, workers: None)


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the articles that were scored."""
    ids: list[str] = []
    score = engine.score_articles

    def counted(articles: Any, *rest: Any) -> Any:
        ids.extend(article.article_id for article in articles)
        return score(articles, *rest)

    monkeypatch.setattr(engine, "score_articles", counted)
    return ids


def test_a_second_run_reads_no_article_that_had_a_passage_and_writes_the_same_bytes(
    tmp_path: Path, study: Study, some: tuple[Corpus, Corpus], read: list[str], snapshot: Snapshot
) -> None:
    write_report(some[0], study, tmp_path / "report")
    first, scored = snapshot(tmp_path / "report"), len(read)
    read.clear()
    write_report(some[0], study, tmp_path / "report")
    assert snapshot(tmp_path / "report") == first
    assert scored == len(some[0])
    assert len(read) < scored / 10


def test_a_grown_corpus_is_read_where_it_is_new_and_reported_as_if_it_were_read_whole(
    tmp_path: Path, study: Study, some: tuple[Corpus, Corpus], read: list[str], snapshot: Snapshot
) -> None:
    write_report(some[1], study, tmp_path / "report")
    earlier = set(read)
    read.clear()
    write_report(some[0], study, tmp_path / "report")
    new = {a.article_id for a in some[0].articles()} - earlier
    assert new <= set(read)
    assert len(read) < len(new) + len(earlier) / 10
    write_report(some[0], study, tmp_path / "anew")
    assert snapshot(tmp_path / "report") == snapshot(tmp_path / "anew")


@pytest.mark.parametrize(
    "change", ["weights", "passage_version", "framing_sha256", "dyad", "libraries", "scorers", "scores_sha256"]
)
def test_what_another_toolkit_or_study_read_is_read_anew(
    tmp_path: Path, plain: Study, some: tuple[Corpus, Corpus], read: list[str], change: str
) -> None:
    write_report(some[1], plain, tmp_path / "report")
    lock = tmp_path / "report" / "lock.json"
    found = json.loads(lock.read_text())
    found[change] = dict.fromkeys(found[change], "0") if isinstance(found[change], dict) else "0"
    lock.write_text(json.dumps(found))
    read.clear()
    write_report(some[1], plain, tmp_path / "report")
    assert len(read) == len(some[1])


def test_an_article_that_changed_under_its_id_is_read_anew(
    tmp_path: Path, plain: Study, some: tuple[Corpus, Corpus], read: list[str], snapshot: Snapshot
) -> None:
    articles = list(some[1].articles())
    write_report(Corpus.of(articles), plain, tmp_path / "report")
    articles[0] = articles[0].with_(body="Moscow praised Washington for the accord. " + articles[0].body)
    published = articles[1].published
    assert published
    articles[1] = articles[1].with_(published=published.replace(year=2011))
    read.clear()
    write_report(Corpus.of(articles), plain, tmp_path / "report")
    assert {articles[0].article_id, articles[1].article_id} <= set(read)
    assert len(read) < len(articles) / 2
    write_report(Corpus.of(articles), plain, tmp_path / "anew")
    assert snapshot(tmp_path / "report") == snapshot(tmp_path / "anew")


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ({"text": False}, {"text": False}),
        ({"text": False}, {}),
        ({"measures": ("attitude", "relation", "tone")}, {"measures": ("attitude",)}),
        ({"measures": ("attitude", "tone")}, {"measures": ("tone", "attitude")}),
        ({}, {"wire": "all", "period": "year"}),
    ],
    ids=["without text", "text after none", "fewer measures", "another order", "another view"],
)
def test_a_report_on_kept_scores_is_the_same_as_one_that_read_everything(
    tmp_path: Path,
    study: Study,
    some: tuple[Corpus, Corpus],
    read: list[str],
    snapshot: Snapshot,
    first: dict[str, Any],
    then: dict[str, Any],
) -> None:
    write_report(some[1], replace(study, **first), tmp_path / "report")
    read.clear()
    write_report(some[1], replace(study, **then), tmp_path / "report")
    assert len(read) < len(some[1]) / 2
    write_report(some[1], replace(study, **then), tmp_path / "anew")
    assert snapshot(tmp_path / "report") == snapshot(tmp_path / "anew")


def test_a_measure_that_was_not_scored_is(
    tmp_path: Path, study: Study, some: tuple[Corpus, Corpus], read: list[str]
) -> None:
    write_report(some[1], replace(study, measures=("tone",)), tmp_path / "report")
    read.clear()
    results = write_report(some[1], study, tmp_path / "report")
    assert len(read) == len(some[1])
    assert set(results.comparison.estimates["measure"]) == {"relation", "tone"}


def test_one_may_ask_for_everything_to_be_read_anew(
    tmp_path: Path, plain: Study, some: tuple[Corpus, Corpus], read: list[str]
) -> None:
    write_report(some[1], plain, tmp_path / "report")
    read.clear()
    write_report(some[1], plain, tmp_path / "report", rescore=True)
    assert len(read) == len(some[1])


def test_scores_that_are_cut_short_are_made_anew(
    tmp_path: Path, plain: Study, some: tuple[Corpus, Corpus], read: list[str], snapshot: Snapshot
) -> None:
    write_report(some[1], plain, tmp_path / "report")
    first = snapshot(tmp_path / "report")
    scores = tmp_path / "report" / "scores.parquet"
    scores.write_bytes(scores.read_bytes()[:1000])
    read.clear()
    write_report(some[1], plain, tmp_path / "report")
    assert len(read) == len(some[1])
    assert snapshot(tmp_path / "report") == first


# --- Second scorers ---


@pytest.fixture(scope="module")
def heard(study: Study) -> Study:
    """The relation by the encoder, and by the light scorer beside it."""
    return replace(study, measures=("relation",), cost="encoder")


def scored(folder: Path) -> dict[str, set[str]]:
    """Measure to the scorers that read it."""
    table = pq.read_table(folder / "scores.parquet", columns=["measure", "scorer"]).to_pandas()
    return {str(measure): set(rows) for measure, rows in table.groupby("measure")["scorer"]}


def test_second_scorers_are_kept_and_taken_over(
    tmp_path: Path, heard: Study, some: tuple[Corpus, Corpus], read: list[str], snapshot: Snapshot
) -> None:
    results = write_report(some[1], heard, tmp_path / "report")
    assert scored(tmp_path / "report") == {"relation": {"encoder"}, "relation@light": {"light"}}
    # It is told by nothing but the specifications of the main difference.
    assert set(results.comparison.estimates["measure"]) == {"relation"}
    assert set(pd.read_csv(tmp_path / "report" / "tables" / "articles.csv")["measure"]) == {"relation"}
    first = snapshot(tmp_path / "report")
    read.clear()
    write_report(some[1], heard, tmp_path / "report")
    assert len(read) < len(some[1]) / 10
    assert snapshot(tmp_path / "report") == first


def test_a_second_scorer_that_was_not_heard_is_and_one_too_many_is_left_out(
    tmp_path: Path, heard: Study, some: tuple[Corpus, Corpus], read: list[str], snapshot: Snapshot
) -> None:
    alone = replace(heard, second=False)
    write_report(some[1], alone, tmp_path / "report")
    first = snapshot(tmp_path / "report")
    assert set(scored(tmp_path / "report")) == {"relation"}
    read.clear()
    write_report(some[1], heard, tmp_path / "report")
    assert len(read) == len(some[1])
    read.clear()
    write_report(some[1], alone, tmp_path / "report")
    assert len(read) < len(some[1]) / 10
    assert snapshot(tmp_path / "report") == first


def test_a_report_over_one_with_other_inferences_is_the_same_as_one_made_anew(
    tmp_path: Path, study: Study, some: tuple[Corpus, Corpus], read: list[str], snapshot: Snapshot
) -> None:
    outlets = list(some[0].outlets())
    event = Event("Summit", dt.date(2018, 7, 16))
    more = replace(study, events=(event,), mixed=True, pairs=((outlets[0], outlets[1]),))
    write_report(some[0], study, tmp_path / "report")
    read.clear()
    write_report(some[0], more, tmp_path / "report")
    assert len(read) < len(some[0]) / 10
    write_report(some[0], more, tmp_path / "anew")
    assert snapshot(tmp_path / "report") == snapshot(tmp_path / "anew")
    assert (tmp_path / "report" / "tables" / "events.csv").is_file()
