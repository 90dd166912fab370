"""The same report again: the same bytes, charts and all, in one process and in several."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import cycle, islice
from pathlib import Path

import pandas as pd
import pytest
from report_page import quick_study
from twelve_days import twelve_days

from corpora import Corpus
from reports import engine
from reports.events import Event
from reports.report import write_report

Snapshot = Callable[[Path], dict[str, str]]


def test_the_same_study_gives_the_same_bytes_also_with_two_workers(
    tmp_path: Path, snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = twelve_days().select(outlets=["Al Marsa", "Prairie Courier", "Rodnik News Agency"])
    study = quick_study(measures=("relation",), events=(Event("Summit", dt.date(2018, 7, 16)),), mixed=True)
    write_report(corpus, study, tmp_path / "one")
    first = snapshot(tmp_path / "one")
    # So few articles are worth two processes here alone: they score, read words and draw.
    monkeypatch.setattr(engine, "WORTH_PROCESSES", 2)
    write_report(corpus, study, tmp_path / "two", workers=2)
    assert snapshot(tmp_path / "two") == first
    assert {"figures/robustness.svg", "figures/trend-relation.svg", "figures/parts-relation.png", "index.html"} <= set(
        first
    )
    assert {f"tables/{name}.csv" for name in ("controls", "changes", "events", "robustness", "estimates")} <= set(first)


def test_two_workers_score_what_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    # 260 articles make two batches, one for each process; so few are worth it here alone.
    monkeypatch.setattr(engine, "WORTH_PROCESSES", 2)
    base = list(twelve_days().articles())
    many = [a.with_(article_id=f"{n}-{a.article_id}") for n, a in enumerate(islice(cycle(base), 260))]
    corpus, study = Corpus.of(many), quick_study(measures=("tone",))
    one = list(engine.scored_batches(corpus, study.dyad, study.measures, study.cost, workers=1))
    two = list(engine.scored_batches(corpus, study.dyad, study.measures, study.cost, workers=2))
    assert len(one) == len(two) == 2
    for here, there in zip(one, two, strict=True):
        for mine, theirs in zip(here, there, strict=True):
            pd.testing.assert_frame_equal(mine, theirs, check_exact=True)
