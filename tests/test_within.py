"""Within periods: what compares an outlet with others of the same time, and the bootstrap that says how sure it is."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray
from scipy import stats
from scored import TWO, Row, frame, gap, matched, outlet_rows, row

from reports import bootstrap
from reports.bootstrap import story_draws
from reports.comparison import compare
from reports.estimation import Cell, difference
from reports.prose import difference_sentences, matched_value
from reports.within import matched as matched_sums
from reports.within import within_periods

Periods = dict[str, list[float]]


def table(outlets: dict[str, Periods]) -> pd.DataFrame:
    """Articles of outlets by period, each on a story of its own."""
    rows = [(o, period, value) for o, periods in outlets.items() for period in periods for value in periods[period]]
    articles = pd.DataFrame(rows, columns=["outlet", "period", "value"])
    return articles.assign(story=[f"s{number}" for number in range(len(articles))])


def within(articles: pd.DataFrame, *asked: tuple[str, list[str]], draws: int = 100, seed: int = 1) -> list[Any]:
    keys = np.zeros(len(articles), dtype=np.intp)
    return within_periods(articles, keys, [(0, outlet, others) for outlet, others in asked], draws, seed)


def many(seed: int, stories: int = 30, size: int = 90) -> pd.DataFrame:
    """Articles of three outlets on shared stories, each story in one of four periods, some undated."""
    rng = np.random.default_rng(seed)
    at = rng.integers(0, stories, size)
    periods = np.array(["2016", "2017", "2018", ""])[np.arange(stories) % 4]
    values = rng.normal(0, 0.3, stories)[at] + rng.normal(0, 0.2, size)
    facts = {"outlet": rng.choice(["A", "B", "C"], size), "period": periods[at], "story": [f"s{n}" for n in at]}
    return pd.DataFrame({**facts, "value": values})


def by_definition(articles: pd.DataFrame, outlet: str, others: list[str]) -> float:
    """The mean over the outlet's articles of their period's contrast with the mean of the other outlets' means."""
    rows = list(zip(articles["outlet"], articles["period"], articles["value"], strict=True))
    contrasts = []
    for period in (at for name, at, _ in rows if name == outlet and at):
        mine = [value for name, at, value in rows if name == outlet and at == period]
        theirs = [[value for name, at, value in rows if name == other and at == period] for other in others]
        means = [sum(values) / len(values) for values in theirs if values]
        if means:
            contrasts.append(sum(mine) / len(mine) - sum(means) / len(means))
    return sum(contrasts) / len(contrasts) if contrasts else float("nan")


# --- The value ---


OWN: Periods = {"2016": [0.9], "2017": [0.5], "2018": [0.1, 0.3, 0.2], "": [-1.0]}
OTHERS: Periods = {"2017": [0.1, 0.3], "2018": [0.4], "2019": [0.8], "": [1.0]}


def test_the_difference_within_periods_is_the_one_worked_by_hand() -> None:
    # 2017: 0.5 - 0.2 = 0.3, one article of its own; 2018: 0.2 - 0.4 = -0.2, three. (0.3 - 3 x 0.2) / 4 = -0.075.
    # 2016 has none of the others' articles, 2019 none of its own, and undated articles are in no period.
    # The other way round the others' articles count: 2017 twice, 2018 once: (-0.3 x 2 + 0.2) / 3.
    found = within(table({"A": OWN, "B": OTHERS}), ("A", ["B"]), ("B", ["A"]))
    assert [value for value, _ in found] == pytest.approx([-0.075, -0.4 / 3])


def test_a_draw_without_a_period_of_both_is_missing_and_no_other() -> None:
    own = (np.array([[0.5, 0.0], [0.5, 0.0]]), np.array([[1.0, 0.0], [1.0, 0.0]]))
    others = (np.array([[0.0, 0.4], [0.2, 0.4]]), np.array([[0.0, 1.0], [2.0, 1.0]]))
    assert matched_sums(own, others).tolist() == pytest.approx([float("nan"), 0.4], nan_ok=True)


@pytest.mark.parametrize(
    "outlets",
    [
        pytest.param({"A": {"2017": [0.5]}, "B": {"2018": [0.1]}}, id="one before and one after"),
        pytest.param({"A": {"": [0.5]}, "B": {"": [0.1]}}, id="undated"),
        pytest.param({"A": {"2017": [0.5]}, "C": {"2017": [0.1]}}, id="the other has no article"),
        pytest.param({"B": {"2017": [0.5]}, "C": {"2017": [0.1]}}, id="the outlet has no article"),
    ],
)
def test_the_difference_within_periods_is_missing_where_no_period_has_both(outlets: dict[str, Periods]) -> None:
    assert np.isnan(within(table(outlets), ("A", ["B"]))).all()


@pytest.mark.parametrize("seed", range(5))
def test_several_are_asked_at_once_and_each_is_what_its_definition_gives(seed: int) -> None:
    articles = many(seed)
    asked = [("A", ["B"]), ("A", ["B", "C"]), ("B", ["A", "C"]), ("C", ["A"]), ("C", ["B", "A"])]
    found = within(articles, *asked)
    assert [value for value, _ in found] == pytest.approx([by_definition(articles, *one) for one in asked])


def test_measures_are_kept_apart_and_those_that_none_asks_for_left_out() -> None:
    one, other = many(1), many(2)
    unasked = many(3).assign(value=1000.0)
    articles = pd.concat([one, unasked, other], ignore_index=True)
    keys = np.repeat([0, -1, 1], 90)
    found = within_periods(articles, keys, [(1, "A", ["B"]), (0, "A", ["B"])], 100, 1)
    assert [value for value, _ in found] == pytest.approx([by_definition(a, "A", ["B"]) for a in (other, one)])
    assert within_periods(articles, keys, [], 100, 1) == []
    assert np.isnan(within_periods(articles, np.full(270, -1), [(0, "A", ["B"])], 100, 1)).all()


# --- Its standard error ---


def test_the_standard_error_is_that_of_whole_stories_drawn_one_draw_at_a_time() -> None:
    articles = many(7)
    dated = articles[articles["period"] != ""]
    by_story = [dated.iloc[places] for places in dated.groupby("story", sort=False).indices.values()]
    asked = [("A", ["B"]), ("B", ["A", "C"])]
    generator = np.random.default_rng(5)
    drawn = []
    for _ in range(120):
        redrawn = pd.concat([by_story[place] for place in generator.integers(0, len(by_story), len(by_story))])
        drawn.append([by_definition(redrawn, *one) for one in asked])
    due = np.std(drawn, axis=0, ddof=1)
    found = within(articles, *asked, draws=120, seed=5)
    assert [se for _, se in found] == pytest.approx(due.tolist(), rel=1e-9)
    assert due.min() > 0.01


def test_in_one_period_it_is_the_plain_difference_with_its_standard_error() -> None:
    articles = many(3, stories=120, size=600).assign(period="2018")
    (value, se), *_ = within(articles, ("A", ["B"]), draws=4000)
    cells = [Cell(articles[articles["outlet"] == o].assign(n_passages=1), (10, 5)) for o in "AB"]
    plain = difference(cells[0], cells[1:])
    assert value == pytest.approx(plain["value"])
    # 4,000 draws know a standard error to 1.1 %.
    assert se == pytest.approx(plain["se"], rel=0.05)


def test_what_a_story_does_to_both_outlets_cancels_since_stories_are_drawn_for_all_outlets_alike() -> None:
    rng = np.random.default_rng(4)
    brought = rng.normal(0, 0.5, 30)
    facts = {"story": np.arange(30), "period": np.array(["2017", "2018"])[np.arange(30) % 2]}
    one, other = (pd.DataFrame({**facts, "outlet": o, "value": brought + s}) for o, s in (("A", 0.2), ("B", 0.0)))
    (value, se), *_ = within(pd.concat([one, other], ignore_index=True), ("A", ["B"]))
    assert value == pytest.approx(0.2)
    assert se == pytest.approx(0.0, abs=1e-12)
    # On stories of their own they do not cancel: 0.5 x sqrt(2 / 30) = 0.13.
    apart = pd.concat([one, other.assign(story=other["story"] + 100)], ignore_index=True)
    assert within(apart, ("A", ["B"]))[0][1] > 0.08


def test_twice_the_articles_on_the_same_stories_make_nothing_surer() -> None:
    once, *_ = within(many(2), ("A", ["B"]))
    twice, *_ = within(pd.concat([many(2), many(2)], ignore_index=True), ("A", ["B"]))
    assert twice == pytest.approx(once)


def test_one_story_alone_has_a_value_and_does_not_vary() -> None:
    articles = table({"A": {"2018": [0.1, 0.3]}, "B": {"2018": [0.0, 0.1]}}).assign(story="s")
    (value, se), *_ = within(articles, ("A", ["B"]))
    assert value == pytest.approx(0.15)
    # All draws are alike; where nothing varies `interval` gives no interval.
    assert se == pytest.approx(0.0, abs=1e-12)


# --- Draws ---


def drawn(draws: int, seed: int = 1, **changes: Any) -> tuple[NDArray[Any], NDArray[Any]]:
    stories = np.array([0, 0, 1, 2, 2, 3])
    arguments = {"values": np.arange(6) / 10, "stories": stories, "cells": np.array([0, 1, 0, 0, 1, 1]), "size": 2}
    parts = list(story_draws(**(arguments | changes), draws=draws, seed=seed))  # type: ignore[arg-type]
    return np.concatenate([sums for sums, _ in parts]), np.concatenate([counts for _, counts in parts])


@pytest.mark.parametrize("draws", [1, 99, 100, 101, 250])
def test_there_are_as_many_draws_as_are_asked_for_at_most_a_hundred_at_a_time(draws: int) -> None:
    sums, counts = drawn(draws)
    assert sums.shape == counts.shape == (draws, 2)
    arguments = (np.ones(3), np.arange(3), np.zeros(3, dtype=np.intp), 1)
    sizes = [len(part) for part, _ in story_draws(*arguments, draws, 1)]
    assert sizes == [100] * (draws // 100) + [draws % 100] * (draws % 100 > 0)


def test_how_many_are_held_at_a_time_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = drawn(250)
    monkeypatch.setattr(bootstrap, "CHUNK", 7)
    for part, again in zip(whole, drawn(250), strict=True):
        np.testing.assert_array_equal(part, again)


def test_more_draws_begin_with_the_same_and_another_seed_with_others() -> None:
    np.testing.assert_array_equal(drawn(250)[0][:120], drawn(120)[0])
    assert not np.array_equal(drawn(120, seed=2)[0], drawn(120)[0])


def test_a_draw_holds_as_many_stories_as_there_are_each_with_all_of_its_articles() -> None:
    stories = np.repeat(np.arange(8), [1, 2, 3, 1, 2, 3, 1, 2])
    # A cell for each story and one for all: how often each was drawn, and all of them together.
    cells = np.concatenate([stories, np.full(len(stories), 8)])
    both = np.concatenate([stories, stories])
    values = np.concatenate([np.full(len(stories), 2.0), np.ones(len(stories))])
    sums, counts = drawn(300, values=values, stories=both, cells=cells, size=9)
    times = counts[:, :8] / np.bincount(stories)
    assert (times == times.round()).all()
    assert (times.sum(axis=1) == 8).all()
    np.testing.assert_allclose(sums[:, :8], 2 * counts[:, :8])
    np.testing.assert_allclose(counts[:, 8], counts[:, :8].sum(axis=1))
    # Drawn with replacement, one for all alike: 300 draws of a mean of 1 with standard deviation 0.94: error 0.054.
    assert times.mean(axis=0) == pytest.approx(np.ones(8), abs=0.2)
    assert times.std() == pytest.approx(np.sqrt(7 / 8), rel=0.1)


# --- In a comparison ---


def of_years(outlet: str, years: dict[int, int], noise: float = 0.0) -> list[Row]:
    """An outlet's articles by year, each on a story of its own; what they say depends on the year: 0.6, then 0."""
    rng = np.random.default_rng(ord(outlet))
    return [
        row(
            outlet,
            100 * year + i,
            (0.6 if year == 2017 else 0.0) + 0.05 * (-1) ** i + float(rng.normal(0, noise)),
            published=pd.Timestamp(year, 2, i + 1),
        )
        for year, count in years.items()
        for i in range(count)
    ]


def test_outlets_that_differ_by_their_years_alone_do_not_differ_within_periods() -> None:
    scores = frame([*of_years("A", {2017: 20, 2018: 4}), *of_years("B", {2017: 4, 2018: 20})])
    comparison = compare(scores, period="year")
    # 0.6 x 20/24 - 0.6 x 4/24 = 0.4, and within each year nothing.
    row_of_a = gap(comparison, "A")
    assert row_of_a["value"] == pytest.approx(0.4)
    assert row_of_a["p_adjusted"] < 0.05
    found = matched(comparison)
    assert found[["outlet", "reference", "period"]].to_numpy().tolist() == [["A", "B", ""]]
    assert found["value"].iloc[0] == pytest.approx(0.0, abs=1e-9)
    # It is known well: the years, which make the plain difference unsure, are out of it.
    assert 0 < found["se"].iloc[0] < row_of_a["se"] / 2
    assert found["low"].iloc[0] < 0 < found["high"].iloc[0]
    assert found["p_adjusted"].isna().all()
    assert matched_value(comparison, row_of_a.to_dict()) == pytest.approx(0.0, abs=1e-9)
    assert difference_sentences(comparison)[0].endswith(
        "Within the same periods it is 0.00: part of it is when the outlets published."
    )


def test_the_row_within_periods_has_the_bootstrap_s_error_and_the_plain_difference_s_degrees_of_freedom() -> None:
    scores = frame([*of_years("A", {2017: 20, 2018: 4}, 0.1), *of_years("B", {2017: 4, 2018: 20}, 0.1)])
    comparison = compare(scores, period="year", draws=300, seed=6)
    found = matched(comparison).iloc[0]
    keys = np.zeros(len(comparison.articles), dtype=np.intp)
    (value, se), *_ = within_periods(comparison.articles, keys, [(0, "A", ["B"])], 300, 6)
    freedom = gap(comparison, "A")["freedom"]
    # The bootstrap's variance is too small by (G - 1) / G, G the effective number of stories.
    se *= np.sqrt((freedom + 1) / freedom)
    assert (found["value"], found["se"]) == (pytest.approx(value), pytest.approx(se))
    assert value == pytest.approx(by_definition(comparison.articles, "A", ["B"]))
    assert found["freedom"] == pytest.approx(freedom)
    assert found["high"] - found["value"] == pytest.approx(se * stats.t.ppf(0.975, freedom))
    assert found["p"] == pytest.approx(2 * stats.t.sf(abs(value) / se, freedom))
    assert "bootstrap" in found["method"]


def test_in_the_rest_within_periods_each_outlet_with_enough_data_counts_once() -> None:
    # D has too little to count; B has 12 articles of -0.1 in the mean, C 24 of 0.9: their mean is 0.4.
    c = [row("C", i, 0.9, article_id=f"C{i}-{j}") for i in range(12) for j in range(2)]
    comparison = compare(pd.concat([TWO, frame([*c, *outlet_rows("D", [-1.0] * 4)])]), period="year")
    assert matched_value(comparison, gap(comparison, "A").to_dict()) == pytest.approx(0.3 - 0.4)
    # All of it is of one year, so that it is the plain difference.
    assert gap(comparison, "A")["value"] == pytest.approx(-0.1)
    # Each difference that has a value has one within periods beside it, and no other has.
    estimates = comparison.estimates
    valued = estimates[(estimates["kind"] == "difference") & estimates["value"].notna()]
    assert valued["outlet"].tolist() == matched(comparison)["outlet"].tolist() == ["A", "B", "C"]


def test_the_seed_decides_the_draws_and_nothing_else() -> None:
    once, twice, other = compare(TWO), compare(TWO), compare(TWO, seed=2)
    pd.testing.assert_frame_equal(once.estimates, twice.estimates)
    assert matched(other)["value"].equals(matched(once)["value"])
    assert matched(other)["se"].iloc[0] != matched(once)["se"].iloc[0]
    # 2,000 draws know a standard error to 1.6 %; the two differ by 2.2 % at one standard error.
    assert matched(other)["se"].iloc[0] == pytest.approx(matched(once)["se"].iloc[0], rel=0.08)
    plain = [one.estimates[one.estimates["kind"] != "matched"] for one in (once, other)]
    pd.testing.assert_frame_equal(*plain)


def test_undated_articles_alone_have_no_difference_within_periods() -> None:
    comparison = compare(TWO.assign(published=pd.NaT).astype({"published": "datetime64[ns]"}), period="month")
    assert gap(comparison, "A")["value"] == pytest.approx(0.4)
    assert matched(comparison)[["value", "se", "low", "high", "p"]].isna().all(axis=None)
