"""Folders of reports: what is written over and when, what is refused, and which articles a study takes."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from report_page import quick_study, unpainted
from twelve_days import twelve_days, twelve_days_study

from corpora import Article, Corpus
from corpora.errors import InputError
from reports.folder import MARK
from reports.report import write_report
from reports.study import Study

Snapshot = Callable[[Path], dict[str, str]]


@pytest.fixture(autouse=True)
def _unpainted(monkeypatch: pytest.MonkeyPatch) -> None:
    unpainted(monkeypatch)


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_is_no_report_is_not_written_over(tmp_path: Path, kind: str) -> None:
    out = tmp_path / "mine"
    if kind == "file":
        out.write_text("mine")
    else:
        out.mkdir()
        (out / "thesis.doc").write_text("mine")
    with pytest.raises(InputError, match=r"not a folder for a report|holds something else than a report"):
        write_report(twelve_days(), twelve_days_study(), out)
    kept = out if kind == "file" else out / "thesis.doc"
    assert kept.read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """What check_out takes for an earlier report, with a table that no later report has."""
    out = tmp_path / "report"
    (out / "tables").mkdir(parents=True)
    (out / MARK).write_text('{"corpus_sha256": "earlier"}')
    (out / "index.html").write_text("earlier")
    (out / "tables" / "left-over.csv").write_text("earlier")
    return out


RAIN = "It rains in Norway, and it will go on to rain for many days."


@pytest.mark.parametrize(
    ("articles", "study", "says"),
    [
        (
            [Article("a", "The Daily", body=RAIN, language="en")],
            {},
            "no passage about RUS-USA in the body of any article; articles: 1$",
        ),
        (
            [
                Article("a", "The Daily", body=RAIN, language="en"),
                Article("b", "Die Woche", body="Russland traf die USA.", language="de"),
            ],
            {},
            "articles: 2; not in English, and so not scored: 1$",
        ),
        (
            [
                Article("a", "The Daily", body=RAIN, language="en"),
                Article("b", "The Weekly", body="Russia met the United States.", language="en"),
            ],
            {"outlets": ("The Daily",)},
            "no passage about RUS-USA in the body of any article; articles: 1$",
        ),
        (
            [Article("a", "The Daily", title="Russia and the U.S.", body=RAIN)],
            {},
            "no passage about RUS-USA in the body of any article",
        ),
        ([], {}, "no article is left: the corpus is empty"),
        (
            [Article("a", "The Daily", published=dt.date(2018, 1, 1), body="Russia met the United States.")],
            {"since": dt.date(2019, 1, 1)},
            "no article is left from 2019-01-01 to the end",
        ),
        (
            [Article("a", "The Daily", published=dt.date(2018, 1, 1), body="Russia met the United States.")],
            {"until": dt.date(2017, 1, 1)},
            "no article is left from the beginning to 2017-01-01",
        ),
    ],
)
def test_an_earlier_report_stays_as_it_was_where_the_new_one_fails(
    earlier: Path, tmp_path: Path, snapshot: Snapshot, articles: list[Article], study: dict[str, Any], says: str
) -> None:
    before = snapshot(tmp_path)
    with pytest.raises(InputError, match=says):
        write_report(Corpus.of(articles), Study(("RUS", "USA"), **study), earlier)
    assert snapshot(tmp_path) == before


def test_an_earlier_report_is_replaced_as_a_whole_and_not_before_the_new_one_is_done(
    earlier: Path, tmp_path: Path
) -> None:
    seen: list[list[str]] = []

    def look(articles: int) -> None:
        seen.append(sorted(path.name for path in tmp_path.iterdir()))
        assert (earlier / "index.html").read_text() == "earlier"

    study = quick_study(measures=("tone",))
    write_report(twelve_days(), study, earlier, progress=look)
    assert not (earlier / "tables" / "left-over.csv").exists()
    assert json.loads((earlier / MARK).read_text())["scorers"] == {"tone": "vader 1"}
    assert [path.name for path in tmp_path.iterdir()] == ["report"]
    # Meanwhile the new one grew beside it.
    assert seen
    for beside, *others in seen:
        assert beside.startswith(".framing-report-")
        assert others == ["report"]


@pytest.mark.parametrize("name", ["notes.txt", "Tables", ".git/config", "index.html~"])
def test_a_report_to_which_something_was_added_is_not_replaced(earlier: Path, snapshot: Snapshot, name: str) -> None:
    (earlier / name).parent.mkdir(exist_ok=True)
    (earlier / name).write_text("mine")
    before = snapshot(earlier)
    with pytest.raises(InputError, match=r"report holds something else than a report \('"):
        write_report(twelve_days(), twelve_days_study(), earlier)
    assert snapshot(earlier) == before


def test_an_outlet_that_the_corpus_lacks_is_refused_with_those_it_has(tmp_path: Path) -> None:
    study = replace(twelve_days_study(), outlets=("Al Marsa", "Nowhere Times"))
    with pytest.raises(InputError, match=r"no outlet 'Nowhere Times' in the corpus; there are: .*Prairie Courier"):
        write_report(twelve_days(), study, tmp_path / "report")
    assert list(tmp_path.iterdir()) == []


def test_merged_outlets_are_counted_as_one_and_chosen_by_their_new_name(tmp_path: Path) -> None:
    study = quick_study(
        measures=("tone",),
        outlets=("America", "Al Marsa"),
        merge=(("Potomac Ledger", "America"), ("Prairie Courier", "America")),
    )
    results = write_report(twelve_days(), study, tmp_path / "report")
    assert results.coverage.sum(axis=1).to_dict() == {"America": 24, "Al Marsa": 12}
    assert sorted(results.comparison.levels("tone", "RUS")["outlet"]) == ["Al Marsa", "America"]


def test_the_page_counts_the_articles_of_the_study_s_outlets(tmp_path: Path) -> None:
    study = quick_study(measures=("tone",), outlets=("Al Marsa", "Prairie Courier"))
    results = write_report(twelve_days(), study, tmp_path / "report")
    assert results.lock["articles"] == len(results.corpus) == results.coverage.to_numpy().sum() == 24
    assert set(results.quality.table()["outlet"]) == {"Al Marsa", "Prairie Courier"}
    page = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    assert "Of the 24 in this study" in page
    assert '<p class="facts">24 articles ' in page


def test_the_days_of_a_study_are_both_included(tmp_path: Path) -> None:
    first, last = dt.date(2018, 2, 5), dt.date(2018, 7, 31)
    study = quick_study(measures=("tone",), since=first, until=last)
    results = write_report(twelve_days(), study, tmp_path / "report")
    days = [a.published for a in twelve_days().articles() if a.published and first <= a.published <= last]
    assert min(days) == first
    assert results.lock["articles"] == len(days) == results.coverage.to_numpy().sum()
