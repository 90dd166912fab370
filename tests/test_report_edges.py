"""Reports where there is little to say: the page is whole, says so, and nothing on it pretends."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from report_page import Page, quick_study, unpainted, visible
from twelve_days import twelve_days

from corpora import Article, Corpus
from corpora.votes import votes
from reports.chart import NARROW, WIDE
from reports.events import Event
from reports.inferred_charts import inferred_drawings
from reports.report import write_report

BASE = list(twelve_days().articles())
OUTLETS = sorted({article.outlet for article in BASE})
SUMMIT = Event("Helsinki summit", dt.date(2018, 7, 16))


@pytest.fixture(scope="module", autouse=True)
def _unpainted() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        unpainted(patch)
        yield


def one_story() -> list[Article]:
    stories = votes(Corpus.of(BASE))["story"]
    largest = stories.value_counts().index[0]
    return [article for article in BASE if stories[article.article_id] == largest]


def constant() -> list[Article]:
    """Every outlet prints the same text, every twenty days."""
    text = "Russia signed a good agreement with the United States on trade and on the return of the diplomats."
    return [
        Article(f"{number}-{day:02d}", outlet, published=dt.date(2018, 1, 1) + dt.timedelta(days=20 * day),
                title="A headline", body=text, language="en")
        for number, outlet in enumerate(OUTLETS) for day in range(12)
    ]  # fmt: skip


def apart() -> list[Article]:
    """No two outlets write in the same year."""
    return [
        article.with_(
            published=article.published and article.published.replace(year=2000 + OUTLETS.index(article.outlet))
        )
        for article in BASE
    ]


def one_day() -> list[Article]:
    return [article.with_(published=dt.date(2018, 7, 16)) for article in BASE]


NOT_APART = "No two outlets share enough stories to be taken apart"
NO_SERIES = "No series is long enough, or varies"
CASES: dict[str, tuple[list[Article], dict[str, Any], tuple[str, ...]]] = {
    "one outlet": ([a for a in BASE if a.outlet == OUTLETS[0]], {}, (NOT_APART, "not enough data to try it")),
    "one story": (one_story(), {"minimum_articles": 2, "minimum_stories": 2}, (NOT_APART, NO_SERIES)),
    "one day": (one_day(), {"minimum_stories": 2}, (NO_SERIES, "no declared event has enough articles")),
    "no day at all": ([a.with_(published=None) for a in BASE], {}, (NO_SERIES,)),
    "constant": (constant(), {"wire": "all"}, (NO_SERIES, "not enough data to try it")),
    "no shared story": (apart(), {}, (NOT_APART, "outlets shuffled within stories: not enough data to try it")),
    "tone alone": (BASE, {"measures": ("tone",)}, ("No measure of this study is tested",)),
    "attitude alone": (BASE, {"measures": ("attitude",)}, ("The attitude of Russia toward the United States",)),
    "relation alone": (BASE, {"measures": ("relation",)}, ("The relation between Russia and the United States",)),
}


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_page_is_whole_where_there_is_little_to_say(tmp_path: Path, name: str) -> None:
    articles, changes, phrases = CASES[name]
    study = quick_study(**{"events": (SUMMIT,), "mixed": True, **changes})
    results = write_report(Corpus.of(articles), study, tmp_path / "report")
    page = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    parsed = Page(page)
    assert parsed.open == []
    assert [one for one in parsed.sections if one in ("agenda", "trend", "trust")] == ["agenda", "trend", "trust"]
    text = visible(page, "found", "agenda", "trend", "trust")
    assert not re.search(r"\b(nan|None|NaT|inf)\b", text)
    assert "  " not in re.sub(r"\s*\n\s*", "\n", html.unescape(text)).strip()
    for phrase in phrases:
        assert phrase in " ".join(text.split()), text
    for _, draw, data, title, settings in inferred_drawings(results):
        for width in (WIDE, NARROW):
            assert draw(*data, title=title, width=width, source="source", **settings).data("svg").startswith(b"<?xml")
    for table in (tmp_path / "report" / "tables").glob("*.csv"):
        assert len(pd.read_csv(table).columns) > 0, table.name
