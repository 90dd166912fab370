"""Switches: genre, voice and query of a study, up to the page, and the same report again from kept scores."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest
from twelve_days import twelve_days, twelve_days_study

from corpora import Article, Corpus, InputError
from corpora.genre import find_genre
from reports import described
from reports.comparison import Comparison
from reports.report import Results, write_report
from reports.study import Study

Snapshot = Callable[[Path], dict[str, str]]
MARSA = "Al Marsa"
TOWNS = (
    "Geneva", "Helsinki", "Vienna", "Oslo", "Prague", "Rome", "Madrid", "Lisbon", "Athens", "Berne", "Sofia", "Riga",
)  # fmt: skip
# The articles that are news.
BASE = Corpus.of([article for article in twelve_days().articles() if find_genre(article) is None])
NEWS = len(BASE)


@pytest.fixture(scope="module", autouse=True)
def _unpainted() -> Iterator[None]:
    """Charts take most of a report's time, and are made of the tables that are compared here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("reports.render.plans", lambda results: [])
        yield


@dataclass(frozen=True)
class Made:
    """A report, and its folder."""

    results: Results
    folder: Path

    @property
    def page(self) -> str:
        return html.unescape((self.folder / "index.html").read_text(encoding="utf-8"))

    def counts(self, outlet: str) -> set[int]:
        rows = self.results.comparison.levels("sentiment", "RUS").set_index("outlet")
        return {int(rows["n_articles"].get(outlet, 0))}


def study(**changes: Any) -> Study:
    read = twelve_days_study()
    settings = {"measures": ("sentiment",), "cost": "light", "draws": 100, "words": False}
    return replace(read, **{**settings, **changes})


@pytest.fixture(scope="module")
def make(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Made]:
    """Writes a report of a corpus, the bundled news unless given, under a study with some changes."""

    def made(corpus: Corpus | None = None, **changes: Any) -> Made:
        folder = tmp_path_factory.mktemp("made") / "report"
        return Made(write_report(corpus or BASE, study(**changes), folder), folder)

    return made


@pytest.fixture(scope="module")
def plain(make: Callable[..., Made]) -> Made:
    return make()


def level(comparison: Comparison, outlet: str, target: str = "RUS", **more: str) -> float:
    rows = comparison.levels("sentiment", target, **more).set_index("outlet")
    return float(rows.loc[outlet, "value"])


# --- Kind of piece ---


@pytest.fixture(scope="module")
def mixed() -> Corpus:
    """The same with every article of one outlet but four a column, by its headline."""
    articles = list(BASE.articles())
    kept = {a.article_id for a in [a for a in articles if a.outlet == MARSA][:4]}
    columns = [
        a.with_(title=f"Opinion: {a.title}") if a.outlet == MARSA and a.article_id not in kept else a for a in articles
    ]
    return Corpus.of(columns)


def test_opinion_counts_or_not_as_the_switch_says_and_the_page_tells_how_many(
    make: Callable[..., Made], mixed: Corpus, plain: Made
) -> None:
    assert plain.counts(MARSA) == {12}
    assert f"Kind of piece: all {NEWS} articles are taken for news." in plain.page
    assert '<details id="genre">' not in plain.page
    told = f"Kind of piece: 8 opinion; {NEWS - 8} of {NEWS} are taken for news. Here"
    news = make(mixed)
    assert news.counts(MARSA) == {4}
    assert f"{told} only news counts (switch “news”), which leaves out 8." in news.page
    every = make(mixed, genre="all")
    assert every.counts(MARSA) == {12}
    assert f"{told} every kind of piece counts (switch “all”), which leaves out 0." in every.page
    assert level(every.results.comparison, MARSA) == level(plain.results.comparison, MARSA)
    only = make(mixed, genre="opinion")
    assert only.counts(MARSA) == {8}
    assert only.counts("Prairie Courier") == {0}
    assert f"{told} only opinion counts (switch “opinion”), which leaves out {NEWS - 8}." in only.page


def test_the_genre_switch_holds_for_evidence_and_for_what_is_described(
    make: Callable[..., Made], mixed: Corpus
) -> None:
    only = make(mixed, genre="opinion", words=True).results
    columns = {a.article_id for a in mixed.articles() if a.title.startswith("Opinion: ")}
    assert len(columns) == 8
    assert set(only.evidence["article_id"]) <= columns
    assert set(only.comparison.articles["article_id"]) == columns
    described_articles = only.described.articles
    assert set(described_articles["article_id"]) == columns
    assert {"voice", "loaded words", "naming", "leader"} <= set(described_articles["measure"])
    assert set(only.comparison.estimates["genre"]) == set(only.described.estimates["genre"]) == {"opinion"}


def test_what_another_genre_switch_would_change_is_in_a_table(make: Callable[..., Made], mixed: Corpus) -> None:
    every = make(mixed, genre="all")
    table = pd.read_csv(every.folder / "tables" / "genre.csv").set_index(["outlet", "target"])
    assert set(table.index) == {(MARSA, "RUS"), (MARSA, "USA")}
    for target in ("RUS", "USA"):
        row = table.loc[(MARSA, target)]
        assert (row["n_all"], row["n_news"], row["n_opinion"]) == (12, 4, 8)
        assert row["all"] == pytest.approx(level(every.results.comparison, MARSA, target), abs=1e-6)
        assert row["all"] == pytest.approx((4 * row["news"] + 8 * row["opinion"]) / 12, abs=1e-5)
    assert '<details id="genre">' in every.page


def test_a_genre_of_which_there_is_nothing_is_refused(make: Callable[..., Made]) -> None:
    with pytest.raises(InputError, match="no article counts under the genre switch 'opinion'; try 'all'"):
        make(genre="opinion")


# --- Voice ---


@pytest.mark.parametrize(
    ("voice", "voices", "says"),
    [
        ("own", {"own"}, "Only passages in the outlets' own words count (voice “own”)"),
        (
            "quoted",
            {"direct", "indirect"},
            "Only passages in words of others, quoted or reported, count (voice “quoted”)",
        ),
    ],
)
def test_levels_of_a_voice_are_of_its_passages_alone_and_the_page_says_so(
    make: Callable[..., Made], plain: Made, voice: str, voices: set[str], says: str
) -> None:
    # Quotations of one outlet are few: two articles are enough to see whose passages count.
    settings = {"minimum_articles": 2, "minimum_stories": 2}
    made = make(voice=voice, **settings)
    scores = pq.read_table(made.folder / "scores.parquet").to_pandas()
    assert set(scores["voice"]) == {"own", "direct", "indirect"}
    rows = scores[(scores["part"] == "body") & (scores["target"] == "RUS") & scores["voice"].isin(voices)]
    means = rows.groupby(["outlet", "article_id"])["value"].mean().groupby("outlet").mean()
    levels = made.results.comparison.levels("sentiment", "RUS").set_index("outlet")["value"].dropna()
    assert len(levels) >= 4
    for outlet, value in levels.items():
        assert value == pytest.approx(means[outlet], abs=1e-6)
    other = plain.results.comparison.levels("sentiment", "RUS").set_index("outlet")["value"]
    assert (levels - other).abs().max() > 0.01
    assert says in made.page
    assert "Only passages in" not in plain.page
    assert set(made.results.evidence["voice"]) <= voices


def test_what_describes_voices_reads_all_whatever_the_voice_switch(make: Callable[..., Made], plain: Made) -> None:
    own = make(voice="own").results
    pd.testing.assert_frame_equal(own.described.estimates, plain.results.described.estimates)
    # The split by voice says the same as the switch.
    assert level(own.described, MARSA, voice="own") == pytest.approx(level(own.comparison, MARSA))


def quiet(outlets: tuple[str, ...] = ("The Daily",)) -> Corpus:
    """Articles in which nobody is quoted."""
    made = []
    for n, town in enumerate(TOWNS):
        day = dt.date(2018, 1, 1) + dt.timedelta(days=15 * n)
        for outlet in outlets:
            body = f"Russia sent ships to {town}. American ships left {town} and met the Russian fleet."
            name = f"{n:02d}{outlet[-3:]}".ljust(24, "0")
            made.append(Article(name, outlet, published=day, title=f"Ships {n}", body=body, language="en"))
    return Corpus.of(made)


def test_a_corpus_without_any_quotation_is_all_own_words(make: Callable[..., Made]) -> None:
    made = make(
        quiet(("The Daily", "The Weekly")),
        measures=("relation", "sentiment", "subject", "tone"),
        words=True,
        wire="all",
    )
    levels = made.results.described.levels("voice", category="own")
    assert levels["value"].tolist() == [1.0, 1.0]
    for who in described.speakers(("RUS", "USA"))[1:]:
        assert made.results.described.levels("voice", category=who)["value"].tolist() == [0.0, 0.0]
    assert made.results.described.levels("sentiment", "RUS", voice="officials of RUS").empty
    assert '<section id="voices">' in made.page
    with pytest.raises(InputError, match="no passage about RUS-USA in the voice 'quoted' in the body of any article"):
        make(quiet(), voice="quoted", wire="all")


def test_a_corpus_of_one_outlet_has_levels_and_no_differences(make: Callable[..., Made]) -> None:
    made = make(quiet(), words=True, wire="all")
    assert made.results.comparison.levels("sentiment", "RUS")["value"].notna().all()
    assert made.results.comparison.differences()["value"].isna().all()
    assert "No words are compared: all articles are of 'The Daily'" in made.page


# --- Query ---


def test_a_query_narrows_the_study_and_the_page_tells_how_many_match(make: Callable[..., Made], plain: Made) -> None:
    expected = {a.article_id for a in BASE.articles() if re.search(r"(?i)\bsanctions\b", a.body + a.title)}
    assert 12 < len(expected) < NEWS
    made = make(where="sanctions")
    assert set(made.results.comparison.articles["article_id"]) == expected
    assert f"narrowed by the query <code>sanctions</code>: {len(expected)} of {NEWS} articles match." in made.page
    assert made.results.narrowed == (len(expected), NEWS)
    assert made.results.lock["articles"] == made.results.coverage.to_numpy().sum() == len(expected)
    assert "narrowed by the query" not in plain.page
    both = make(where="sanctions", outlets=(MARSA, "Prairie Courier"))
    assert both.results.narrowed[1] == 24
    assert set(both.results.comparison.articles["outlet"]) <= {MARSA, "Prairie Courier"}


def test_a_hostile_query_is_escaped_on_the_page(make: Callable[..., Made]) -> None:
    made = make(where='"<script>alert(1)</script>" OR sanctions')
    assert "<script" not in (made.folder / "index.html").read_text(encoding="utf-8")


def test_a_query_that_matches_nothing_is_refused_with_the_number_it_searched(make: Callable[..., Made]) -> None:
    with pytest.raises(InputError, match=rf"no article matches the query 'zebra', of {NEWS}$"):
        make(where="zebra")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"genre": "column"}, "no genre switch 'column'; there are: all, news, opinion"),
        ({"voice": "ours"}, "no voice switch 'ours'; there are: all, own, quoted"),
        ({"wire": "mine"}, "no wire switch 'mine'; there are: all, origin, own"),
        ({"where": "(putin"}, "query '(putin', character 1: this parenthesis is not closed"),
    ],
)
def test_a_switch_that_there_is_not_is_refused_with_those_there_are(change: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=re.escape(says)):
        study(**change)


# --- The same again ---


def test_a_second_run_from_kept_scores_gives_the_same_bytes_voices_and_words_included(
    tmp_path: Path, snapshot: Snapshot
) -> None:
    some = BASE.select(outlets=[MARSA, "Prairie Courier", "Rodnik News Agency"])
    asked = study(measures=("relation", "subject"), words=True)
    write_report(some, asked, tmp_path / "report")
    first = snapshot(tmp_path / "report")
    scores = pq.read_table(tmp_path / "report" / "scores.parquet").to_pandas()
    assert scores.loc[scores["voice"] != "own", "speaker_role"].ne("").any()
    write_report(some, asked, tmp_path / "report")
    assert snapshot(tmp_path / "report") == first
    # Under other switches the kept voices serve as well as new ones.
    other = replace(asked, voice="own", genre="all", where="sanctions OR Putin")
    write_report(some, other, tmp_path / "report")
    write_report(some, other, tmp_path / "anew")
    assert snapshot(tmp_path / "report") == snapshot(tmp_path / "anew")
