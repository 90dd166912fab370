"""Described: who speaks, headlines, leaders, loaded words and names, by article, on made-up scores and texts."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

import pandas as pd
import pytest
from twelve_days import twelve_days

from corpora import Article, Corpus
from framing.naming import NAMES
from framing.scoring import score
from reports import described
from reports.article_scores import KEY
from reports.comparison import compare_articles

DYAD = ("RUS", "USA")
NUMBER = count()
FACTS = pd.DataFrame(
    [
        ["a", "The Daily", pd.Timestamp(2018, 3, 1), "a", "own", "news"],
        ["b", "The Weekly", pd.Timestamp(2018, 3, 2), "b", "own", "opinion"],
    ],
    columns=described.FACTS,
)


def row(article: str = "a", **changes: Any) -> dict[str, Any]:
    """One row of the joined scores: sentiment toward Russia in the outlet's own words, another passage each time."""
    facts = FACTS.set_index("article_id").loc[article].to_dict()
    reading = {
        "passage_id": f"p{next(NUMBER)}", "article_id": article, "part": "body", "measure": "sentiment", "category": "",
        "scorer": "light", "scorer_version": "1", "target": "RUS", "pair": "", "value": 0.0, "mention_kind": "country",
        "voice": "own", "speaker_role": "", "speaker_country": "",
    }  # fmt: skip
    return {**reading, **facts, **changes}


def said(role: str = "", country: str = "", voice: str = "direct", **changes: Any) -> dict[str, Any]:
    return row(voice=voice, speaker_role=role, speaker_country=country, **changes)


def of(*rows: dict[str, Any]) -> pd.DataFrame:
    return described.of_scores(pd.DataFrame(rows), DYAD)


def shares(found: pd.DataFrame, article: str = "a", measure: str = "voice") -> dict[str, float]:
    rows = found[(found["measure"] == measure) & (found["article_id"] == article)]
    assert rows["category"].is_unique
    return dict(zip(rows["category"], rows["value"], strict=True))


def texts(*bodies: str) -> pd.DataFrame:
    articles = [Article(name, "The Daily", body=body, language="en") for name, body in zip("ab", bodies, strict=False)]
    return described.of_texts(articles, FACTS, DYAD)


# --- Who speaks ---


# Role and country of the speaker, and who that is.
WHO = [
    ("head-of-state", "RUS", "officials of RUS"), ("government", "USA", "officials of USA"),
    ("military", "RUS", "officials of RUS"), ("legislature", "USA", "officials of USA"),
    ("anonymous-official", "USA", "officials of USA"), ("government", "DEU", "officials of others"),
    ("government", "", "officials of others"), ("opposition", "RUS", "politicians"), ("politician", "", "politicians"),
    ("expert", "RUS", "experts"), ("media", "", "media"), ("business", "USA", "business"), ("public", "USA", "public"),
    ("", "RUS", "unknown"), ("", "", "unknown"),
]  # fmt: skip


@pytest.mark.parametrize(("role", "country", "who"), WHO)
def test_a_passage_is_of_whoever_speaks_by_role_and_country(role: str, country: str, who: str) -> None:
    for voice in ("direct", "indirect"):
        found = shares(of(said(role, country, voice)))
        assert {name for name, share in found.items() if share} == {who}
        assert found[who] == 1.0


def test_shares_of_voices_add_up_to_one_in_each_article() -> None:
    found = of(
        row(), row(target="USA"), said("government", "RUS"), said("expert", "USA"), row("b"), said("", "", article="b"),
        said("public", "", article="b"),
    )  # fmt: skip
    assert set(found[found["measure"] == "voice"]["category"]) == set(described.speakers(DYAD))
    first, second = shares(found), shares(found, "b")
    assert first["own"] == 0.5
    assert first["officials of RUS"] == first["experts"] == 0.25
    assert second["own"] == second["unknown"] == second["public"] == pytest.approx(1 / 3)
    assert sum(first.values()) == pytest.approx(1)
    assert sum(second.values()) == pytest.approx(1)


@pytest.mark.parametrize("voice", ["own", None])
def test_an_article_without_quotations_is_all_own_words_and_nothing_is_missing(voice: str | None) -> None:
    # A role that stands beside own words would be a leftover, and is not read.
    found = shares(of(row(voice=voice), row(voice=voice, speaker_role="government", speaker_country="RUS")))
    assert found == {name: float(name == "own") for name in described.speakers(DYAD)}


def test_a_passage_that_two_scorers_read_is_one_voice_and_one_about_the_pair_is_none() -> None:
    once = row(passage_id="p")
    again = {**once, "measure": "tone", "scorer": "vader"}
    pair = said("government", "RUS", measure="relation", target="", pair="RUS-USA", value=0.5)
    rows = of(once, again, said("expert"), pair)
    assert shares(rows)["own"] == shares(rows)["experts"] == 0.5
    assert set(rows[rows["measure"] == "voice"]["n_passages"]) == {2}


def test_headlines_have_no_voice_and_a_passage_without_a_score_has_one() -> None:
    assert shares(of(row(), said("government", "RUS", part="title")))["own"] == 1.0
    assert shares(of(row(value=float("nan")), said("expert", value=0.5)))["own"] == 0.5


# --- The measures by voice ---


def test_sentiment_by_voice_is_of_that_voice_s_passages_alone() -> None:
    found = of(
        row(value=0.1), row(value=0.3), said("government", "RUS", value=0.9), said("military", "RUS", value=0.7),
        said("head-of-state", "USA", value=-0.8), said("expert", "", value=-0.2), said("", "", value=-0.4),
        said("government", "DEU", value=0.6), row(target="USA", value=-1.0),
    )  # fmt: skip
    rows = found[(found["measure"] == "sentiment") & (found["target"] == "RUS")].set_index("voice")
    assert set(rows.index) == set(described.groups(DYAD))
    assert rows.loc["own", "value"] == pytest.approx(0.2)
    assert rows.loc["officials of RUS", "value"] == pytest.approx(0.8)
    assert rows.loc["officials of USA", "value"] == pytest.approx(-0.8)
    assert rows.loc["others", "value"] == pytest.approx(0)
    assert rows["n_passages"].to_dict() == {"own": 2, "officials of RUS": 2, "officials of USA": 1, "others": 3}


def test_a_voice_that_does_not_speak_in_an_article_has_no_row_there() -> None:
    found = of(row(value=0.5), said("government", "RUS", article="b", value=0.5), row("b", value=float("nan")))
    told = found[found["measure"] == "sentiment"]
    assert set(zip(told["article_id"], told["voice"], strict=True)) == {("a", "own"), ("b", "officials of RUS")}


def test_the_relation_and_attitude_are_split_too_and_tone_is_not() -> None:
    pair = {"target": "", "pair": "RUS-USA"}
    found = of(
        row(measure="relation", value=-0.5, **pair),
        row(measure="attitude", value=0.25, category="RUS>USA", **pair),
        row(measure="tone", value=0.5),
    )
    split = found[found["voice"] == "own"].set_index("measure")
    assert set(split.index) == {"relation", "attitude"}
    assert (split.loc["attitude", "target"], split.loc["attitude", "pair"]) == ("USA", "RUS>USA")


def test_officials_are_told_from_the_text_up_to_the_split() -> None:
    body = (
        "Russia praised the wonderful talks in Geneva.\n\n"
        "“The United States is a liar and a menace to peace,” Russian Foreign Minister Sergey Lavrov said.\n\n"
        "“The United States wants peace,” a State Department spokesman said."
    )
    article = Article("a", "The Daily", published=dt.date(2018, 6, 1), body=body, language="en")
    scored = score(Corpus.of([article]), DYAD, ["sentiment"], "light")
    found = described.of_scores(scored, DYAD)
    assert {name for name, share in shares(found).items() if share} >= {"own", "officials of RUS", "officials of USA"}
    toward = found[(found["measure"] == "sentiment") & (found["target"] == "USA")]
    assert {"officials of RUS", "officials of USA"} <= set(toward["voice"])


# --- Subject, headlines, leaders ---


def test_subjects_are_means_over_passages_and_add_up_to_one() -> None:
    values = {"domestic": (0.2, 0.6), "other": (0.5, 0.1), "relation": (0.3, 0.3)}
    rows = [
        said("expert", measure="subject", category=label, value=value, target="", pair="RUS-USA", passage_id=f"s{n}")
        for label, both in values.items()
        for n, value in enumerate(both)
    ]
    found = of(*rows)
    assert shares(found, measure="subject") == pytest.approx({"domestic": 0.4, "other": 0.3, "relation": 0.3})
    assert set(found["measure"]) == {"subject"}
    assert set(found["voice"]) == {""}


def test_a_headline_gap_is_the_headline_less_the_body_where_both_have_a_score() -> None:
    found = of(
        row(part="title", value=-0.75), row(value=-0.5), row(value=0.0), row(part="captions", value=1.0),
        row(target="USA", value=0.5), row("b", part="title", value=0.5), row("b", value=float("nan")),
    )  # fmt: skip
    gaps = found[found["measure"] == "headline gap"]
    assert gaps[["article_id", "target", "category", "voice"]].to_numpy().tolist() == [["a", "RUS", "sentiment", ""]]
    assert gaps["value"].tolist() == [pytest.approx(-0.5)]


def test_leader_and_country_part_the_passages_by_how_the_country_is_first_named() -> None:
    found = of(
        row(mention_kind="leader", value=-0.5), row(mention_kind="leader", value=-0.1), row(value=0.25),
        row(mention_kind="metonym", value=0.75), row("b", value=0.5), row(mention_kind="leader", part="title", value=1),
    )  # fmt: skip
    rows = found[found["measure"] == "leader"]
    told = {(r.article_id, r.category): r.value for r in rows.itertuples()}
    assert told == pytest.approx({("a", "leader"): -0.3, ("a", "country"): 0.5, ("b", "country"): 0.5})


def test_nothing_scored_is_nothing_described() -> None:
    assert described.of_scores(pd.DataFrame(), DYAD).empty
    assert described.gathered([pd.DataFrame()]).empty


def test_the_order_of_batches_does_not_matter() -> None:
    one, two = of(row(), said("expert", value=0.5)), of(row("b", value=0.1))
    pd.testing.assert_frame_equal(described.gathered([one, two]), described.gathered([two, pd.DataFrame(), one]))


# --- Loaded words ---


def rates(found: pd.DataFrame) -> dict[tuple[str, str], float]:
    rows = found[found["measure"] == "loaded words"]
    return {(r.article_id, r.category): r.value for r in rows.itertuples()}


def test_loaded_words_count_in_own_words_and_not_in_quotations() -> None:
    found = texts("The brutal regime may fall.", "Aides said: “The brutal regime may fall.” Nobody answered them.")
    told = rates(found)
    assert told["a", "loaded"] == pytest.approx(400)
    assert told["a", "hedging"] == pytest.approx(200)
    assert told["b", "loaded"] == told["b", "hedging"] == 0
    words = found[found["measure"] == "loaded words"].set_index("article_id")["n_passages"]
    assert set(words) == {5}


def test_a_text_that_is_one_quotation_has_no_rate_rather_than_none() -> None:
    found = texts("“The brutal regime may fall.”", "The brutal regime may fall.")
    assert {article for article, _ in rates(found)} == {"b"}


def test_no_phrase_of_the_lexicon_runs_over_a_quotation() -> None:
    assert rates(texts("It was a smoking gun."))["a", "loaded"] > 0
    assert rates(texts("It was a smoking “long” gun."))["a", "loaded"] == 0


def test_an_unclosed_quotation_mark_hides_no_words() -> None:
    text = "He said: “They wait. The brutal regime fell."
    assert described.unquoted(text) == text


# --- Names ---


def test_shares_of_names_add_up_to_one_for_each_country_that_is_named() -> None:
    body = "Russia waits. Russian ships wait. The Kremlin said so. Russia left. Washington is silent."
    found = texts(body, "Russia waits.")
    names = found[found["measure"] == "naming"]
    russia = names[(names["target"] == "RUS") & (names["article_id"] == "a")].set_index("category")["value"]
    expected = {"country": 0.5, "demonym": 0.25, "metonym": 0.25}
    assert russia.to_dict() == {**dict.fromkeys(NAMES, 0.0), **expected}
    sums = names.groupby(["article_id", "target"])["value"].sum()
    assert sums.to_dict() == pytest.approx({("a", "RUS"): 1, ("a", "USA"): 1, ("b", "RUS"): 1})


def test_a_capital_that_is_a_place_is_no_name() -> None:
    found = texts("He flew to Moscow. Moscow denied it.").query("measure == 'naming' and category == 'capital'")
    assert found[["value", "n_passages"]].to_numpy().tolist() == [[1.0, 1]]


def test_texts_of_no_article_tell_nothing() -> None:
    assert described.of_texts([], FACTS, DYAD).empty
    assert texts("It rains in Norway.").query("measure == 'naming'").empty


# --- As estimates ---


def test_what_is_described_has_levels_by_category_and_voice_and_no_tests() -> None:
    rows = []
    for n in range(12):
        own = {"article_id": f"a{n}", "published": pd.Timestamp(2018, 3, n + 1), "story": f"a{n}"}
        rows += [row(value=0.25) | own, said("government", "RUS", value=-0.25) | own]
        rows += [row(value=0.75, part="title") | own]
    articles = described.gathered([of(*rows)])
    assert not articles[[*KEY, "value", "outlet", "story", "vote", "genre"]].isna().any().any()
    found = compare_articles(articles, tested=False, draws=100)
    assert set(found.estimates["kind"]) == {"level"}
    assert found.levels("voice", category="own")["value"].tolist() == [0.5]
    assert found.levels("sentiment", "RUS", voice="officials of RUS")["value"].tolist() == [-0.25]
    assert found.levels("headline gap", "RUS", category="sentiment")["value"].tolist() == [0.75]
    # A split by voice is told for the whole time alone, a share also by period.
    assert found.levels("sentiment", "RUS", over_time=True, voice="own").empty
    assert len(found.levels("voice", over_time=True, category="own")) == 1
    # What is in any voice is no level of one.
    assert found.levels("sentiment", "RUS").empty


def test_a_notebook_has_the_same_levels_from_its_scores() -> None:
    scored = score(twelve_days(), DYAD, ["tone"], "light")
    found = described.describe(scored, minimum_articles=5, draws=100, genre="all").levels("voice", category="own")
    body = scored[(scored["part"] == "body") & (scored["target"] != "")]
    own = (body["voice"] == "own").groupby([body["outlet"], body["article_id"]]).mean().groupby("outlet").mean()
    assert found.set_index("outlet")["value"].to_dict() == pytest.approx(own.to_dict())
