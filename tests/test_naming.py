"""Naming: which name a country has in a text, shares by outlet, and whom criticism falls on."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import numpy as np
import pandas as pd
import pytest

from corpora import Article, Corpus, InputError
from framing.blame import blamed, names_leader
from framing.countries import find_mentions
from framing.naming import NAMES, article_means, name_kinds, names, naming

DAY = dt.date(2018, 7, 16)


def told(text: str, country: str = "RUS") -> list[tuple[str, str]]:
    found = name_kinds(text, find_mentions(text, DAY))
    return [(text[start:end], name) for code, name, start, end in found if code == country]


# --- Names in a text ---


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Russia spoke.", [("Russia", "country")]),
        ("The Russians spoke.", [("Russians", "demonym")]),
        ("The Kremlin spoke.", [("Kremlin", "metonym")]),
        ("Putin spoke.", [("Putin", "leader")]),
        ("Moscow denies it.", [("Moscow", "capital")]),
        ("Ties with Moscow are cold.", [("Moscow", "capital")]),
        ("An appeal to Moscow failed.", [("Moscow", "capital")]),
        ("Moscow's answer came late.", [("Moscow", "capital")]),
        ("They met in Moscow.", [("Moscow", "place")]),
        ("They met in  Moscow.", [("Moscow", "place")]),
        ("He flew to Moscow.", [("Moscow", "place")]),
        ("His second trip to Moscow failed.", [("Moscow", "place")]),
        ("She came back from Moscow.", [("Moscow", "place")]),
        ("The Moscow-based bank closed.", [("Moscow", "place")]),
        ("A Moscow hotel burned.", [("Moscow", "place")]),
        ("Trump Tower Moscow was never built.", [("Moscow", "place")]),
        ("He lives near Moscow, Russia.", [("Moscow", "place"), ("Russia", "country")]),
        ("He served in Kiev and Moscow, Russia.", [("Moscow", "place"), ("Russia", "country")]),
        ("The Putin regime fell.", [("Putin", "regime")]),
        ("Putin's authoritarian regime fell.", [("Putin", "regime")]),
        ("Putin’s regime fell.", [("Putin", "regime")]),
        ("Putin s regime and Putin s Russia", [("Putin", "regime"), ("Putin s Russia", "regime")]),
        ("The Russian regime fell.", [("Russian", "regime")]),
        ("The regime in Moscow fell.", [("Moscow", "regime")]),
        ("The regime of Vladimir Putin fell.", [("Vladimir Putin", "regime")]),
        ("The regime of President Vladimir Putin fell.", [("Vladimir Putin", "regime")]),
        ("In Putin's Russia nobody laughs.", [("Putin's Russia", "regime")]),
        ("Vladimir Putin’s Russia is large.", [("Vladimir Putin’s Russia", "regime")]),
        ("He wants Russian regime change.", [("Russian", "demonym")]),
        ("The Russia sanctions regime works.", [("Russia", "country")]),
        ("An anti-Russian cabal met.", [("Russian", "demonym")]),
        ("The Russia probe goes on.", []),
        ("The regime fell.", []),
    ],
)
def test_a_name_is_of_this_kind(text: str, due: list[tuple[str, str]]) -> None:
    assert told(text) == due


def test_washington_with_its_district_is_a_place() -> None:
    assert told("A firm from Washington, D.C., won; Washington was pleased.", "USA") == [
        ("Washington", "place"),
        ("Washington", "capital"),
    ]


def test_somebody_else_s_country_is_no_regime() -> None:
    assert told("Putin's America is a film.", "USA") == [("America", "country")]


@pytest.mark.parametrize("text", ["regime of the " * 1500, "Moscow " + " " * 20_000, "visit to " * 2200 + "Moscow"])
def test_a_hostile_text_takes_no_longer_than_another(text: str) -> None:
    start = time.perf_counter()
    told("Moscow " * 200 + text)
    assert time.perf_counter() - start < 2.0


# --- Counts by article ---


def article(name: str, body: str, outlet: str = "The Daily", **more: Any) -> Article:
    return Article(name, outlet=outlet, published=DAY, body=body, **more)


def test_an_article_has_one_row_for_each_country_and_name() -> None:
    frame = names([article("a1", "Russia waits. Russia and the U.S. met in Moscow. Putin left.")], "USA-RUS")
    assert frame[["article_id", "country", "name", "n"]].values.tolist() == [
        ["a1", "RUS", "country", 2],
        ["a1", "RUS", "leader", 1],
        ["a1", "RUS", "place", 1],
        ["a1", "USA", "country", 1],
    ]
    assert frame["published"].tolist()[0] == pd.Timestamp(DAY)


def test_a_headline_knows_who_was_named_in_the_body() -> None:
    piece = article("a1", "President Park Geun-hye of South Korea spoke.", title="Park leaves", byline="")
    park = piece.with_(published=dt.date(2014, 5, 1))
    assert names([park], "KOR-USA", part="title")["name"].tolist() == ["leader"]


def test_a_corpus_and_its_articles_give_the_same_frame() -> None:
    articles = [article("a1", "Russia waits."), article("a2", "The Kremlin waits.")]
    pd.testing.assert_frame_equal(names(Corpus.of(articles), ("RUS", "USA")), names(articles, "USA-RUS"))


def test_articles_that_name_neither_country_give_an_empty_frame_with_its_columns() -> None:
    empty = names([article("a1", "It rained.")], "USA-RUS")
    assert list(empty.columns) == ["article_id", "outlet", "published", "country", "name", "n"]
    assert len(empty) == len(naming(empty)) == 0
    assert "share" in naming(empty)


def test_a_part_that_there_is_not_is_refused() -> None:
    with pytest.raises(ValueError, match="no part 'footer'; there are: title, body, captions"):
        names([], "USA-RUS", part="footer")


# --- Shares ---


def test_a_share_is_the_mean_over_articles_and_not_over_mentions() -> None:
    # a1: 3 of 4 mentions are "Russia"; a2: none of 1. The mean is 0.375; pooled it would be 3 of 5.
    articles = [article("a1", "Russia, Russia, Russia and the Kremlin."), article("a2", "The Kremlin waits.")]
    table = naming(names(articles, "USA-RUS"), minimum=2).set_index("name")
    assert table.loc["country", "share"] == pytest.approx(0.375)
    assert table.loc["country", ["n_mentions", "n_all", "n_articles"]].tolist() == [3, 5, 2]
    assert table["share"].sum() == pytest.approx(1.0)
    assert table.index.tolist() == list(NAMES)


def test_a_capital_that_is_a_place_does_not_count() -> None:
    articles = [article("a1", "They met in Moscow. Moscow denies it. Russia denies it.")]
    table = naming(names(articles, "USA-RUS"), minimum=1).set_index("name")
    assert table.loc["capital", "share"] == table.loc["country", "share"] == 0.5
    assert table["n_all"].unique().tolist() == [2]


def test_below_the_minimum_a_share_is_missing_and_its_counts_are_not() -> None:
    table = naming(names([article("a1", "Russia waits.")], "USA-RUS"), minimum=2)
    assert table[["share", "low", "high"]].isna().all(axis=None)
    assert table["n_articles"].unique().tolist() == [1]


def test_cells_are_by_outlet_and_by_a_period_that_the_caller_adds() -> None:
    articles = [article("a1", "Russia waits."), article("a2", "The Kremlin waits.", outlet="The Weekly")]
    frame = names(articles, "USA-RUS").assign(period="2018")
    table = naming(frame, by=("outlet", "period"), minimum=1)
    assert table[table["share"] == 1][["outlet", "period", "name"]].values.tolist() == [
        ["The Daily", "2018", "country"],
        ["The Weekly", "2018", "metonym"],
    ]
    with pytest.raises(InputError, match="the names have no column 'period'; there are: article_id, outlet"):
        naming(names(articles, "USA-RUS"), by=("outlet", "period"))


def test_an_interval_holds_the_share_and_the_same_seed_gives_the_same() -> None:
    articles = [article(f"a{n}", "Russia waits." if n % 3 else "The Kremlin waits.") for n in range(60)]
    frame = names(articles, "USA-RUS")
    once, again, other = naming(frame), naming(frame), naming(frame, seed=2)
    pd.testing.assert_frame_equal(once, again)
    assert not once.equals(other)
    row = once.set_index("name").loc["country"]
    # 40 of 60; the normal interval of a share is 0.667 +- 1.96 * sqrt(0.667 * 0.333 / 60) = 0.547 to 0.786.
    assert row["share"] == pytest.approx(2 / 3)
    assert row["low"] == pytest.approx(0.547, abs=0.03)
    assert row["high"] == pytest.approx(0.786, abs=0.03)


def test_articles_of_one_story_are_drawn_together() -> None:
    articles = [article(f"a{n}", "Russia waits." if n < 30 else "The Kremlin waits.") for n in range(60)]
    frame = names(articles, "USA-RUS")
    number = frame["article_id"].str[1:].astype(int)
    alone = naming(frame).set_index("name").loc["country"]
    told_once = naming(frame.assign(story=(number // 10).astype(str))).set_index("name").loc["country"]
    assert told_once["high"] - told_once["low"] > 2 * (alone["high"] - alone["low"])
    missing = frame.assign(story=pd.Series([None] * len(frame), dtype=object))
    assert naming(missing).set_index("name").loc["country", "low"] == alone["low"]


def test_the_interval_of_a_mean_covers_it_in_about_95_of_100_samples() -> None:
    generator = np.random.default_rng(7)
    covered = 0
    for _ in range(200):
        values = generator.normal(0.3, 1.0, size=(60, 1))
        ((_, low, high),) = article_means(values, np.arange(60), minimum=10, draws=300, seed=1)
        covered += low <= 0.3 <= high
    assert 0.90 <= covered / 200 <= 0.98


# --- Blame ---


def scored(rows: list[tuple[str, str, float]], **more: Any) -> pd.DataFrame:
    """Scores of passages: article, text, value; negative below -0.2."""
    frame = pd.DataFrame(rows, columns=["article_id", "text", "value"])
    values = {
        "measure": "sentiment",
        "part": "body",
        "target": "RUS",
        "mention_kind": "country",
        "outlet": "The Daily",
        "published": pd.Timestamp(DAY),
        "story": frame["article_id"],
        "label": np.where(frame["value"] < -0.2, "negative", "neutral"),
    }
    return frame.assign(**(values | more))


def quantities(frame: pd.DataFrame, **more: Any) -> dict[str, float]:
    table = blamed(frame, minimum=1, draws=100, **more)
    return dict(zip(table["quantity"], table["value"], strict=True))


def test_blame_is_told_of_each_article_first() -> None:
    found = quantities(
        scored(
            [
                ("a1", "Putin lied.", -0.8),
                ("a1", "Russia lied.", -0.4),
                ("a1", "Russia waits.", 0.0),
                ("a1", "Russia sings.", 0.0),
                ("a2", "Russia waits.", 0.2),
            ]
        )
    )
    assert found["person"] == pytest.approx(-0.8)
    assert found["country"] == pytest.approx((-0.4 / 3 + 0.2) / 2)
    assert found["difference"] == pytest.approx(-0.8 + 0.4 / 3)  # only a1 has both
    assert found["named"] == pytest.approx((1 / 4 + 0) / 2)
    assert found["blamed"] == pytest.approx(1 / 2)  # only a1 has a negative passage
    assert found["excess"] == pytest.approx(1 / 2 - 1 / 4)


def test_blame_turns_its_sign_when_the_two_change_places() -> None:
    rows = [("a1", "Putin lied.", -0.8), ("a1", "Russia waits.", 0.2)]
    turned = [("a1", "Putin waits.", 0.2), ("a1", "Russia lied.", -0.8)]
    one, other = quantities(scored(rows)), quantities(scored(turned))
    assert one["difference"] == pytest.approx(-other["difference"]) == pytest.approx(-1.0)
    assert one["excess"] == pytest.approx(-other["excess"]) == pytest.approx(0.5)


def test_a_leader_counts_wherever_in_the_passage_he_is_named() -> None:
    assert names_leader("Russian President Vladimir Putin spoke.", "RUS", "demonym", pd.Timestamp(DAY))
    assert not names_leader("Russian President Vladimir Putin spoke.", "USA", "demonym", pd.Timestamp(DAY))
    assert not names_leader("Russia and Obama spoke.", "RUS", "country", pd.Timestamp(DAY))
    assert names_leader("May spoke.", "GBR", "leader", pd.Timestamp(DAY))  # named in full before this passage
    assert names_leader("Putin spoke.", "RUS", "country", pd.NaT)


def test_only_sentiment_of_body_passages_that_were_read_counts() -> None:
    rows = [("a1", "Putin lied.", -0.8), ("a1", "Russia waits.", 0.2)]
    for more in ({"measure": "tone"}, {"part": "title"}, {"target": ""}, {"value": np.nan}):
        assert len(blamed(scored(rows, **more))) == 0


def test_an_article_without_a_leader_has_no_person_and_nothing_is_put_at_zero() -> None:
    found = blamed(scored([("a1", "Russia waits.", 0.2)]), minimum=1).set_index("quantity")
    assert np.isnan(found.loc["person", "value"])
    assert found.loc["person", "n_articles"] == 0
    assert np.isnan(found.loc["blamed", "value"])
    assert found.loc["named", "value"] == 0.0


def test_blame_needs_ten_articles_unless_told_otherwise() -> None:
    found = blamed(scored([(f"a{n}", "Putin lied.", -0.8) for n in range(9)])).set_index("quantity")
    assert np.isnan(found.loc["person", "value"])
    assert found.loc["person", ["n_passages", "n_articles"]].tolist() == [9, 9]


def test_scores_without_what_blame_reads_are_refused() -> None:
    with pytest.raises(InputError, match="the scores have no column 'label'"):
        blamed(scored([("a1", "Putin lied.", -0.8)]).drop(columns="label"))
