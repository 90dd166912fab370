"""Trends and change points: worked by hand, gaps, false alarms, what is found, and input that cannot be used."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import ruptures

from corpora.errors import InputError
from reports.change_points import change_points, untested
from reports.events import Event
from reports.segments import WeightedCost, divide, gain, scan
from reports.series import block_length, moving_blocks, period_series, shuffled_blocks
from reports.trend import smooth, smoother
from reports.trend_charts import trend_panels

SPEC = importlib.util.spec_from_file_location(
    "planted_changes", Path(__file__).parent.parent / "benchmarks" / "change_points.py"
)
planted_changes: Any = importlib.util.module_from_spec(SPEC)  # type: ignore[arg-type]


@pytest.fixture(scope="module", autouse=True)
def loaded() -> None:
    """Read the benchmark, whose series with known changes the tests use too."""
    import sys

    sys.modules["planted_changes"] = planted_changes
    SPEC.loader.exec_module(planted_changes)  # type: ignore[union-attr]


def news(months: list[int], values: list[float], **changes: Any) -> pd.DataFrame:
    """One article for each value, in the month of that number after 2018-01; each its own story."""
    days = [pd.Timestamp("2018-01-15") + pd.DateOffset(months=month) for month in months]
    table = {
        "article_id": [f"A{number}" for number in range(len(values))],
        "outlet": "A",
        "value": values,
        "story": [f"s{number}" for number in range(len(values))],
        "n_passages": 1,
        "published": pd.to_datetime(days),
    }
    return pd.DataFrame(table | changes)


def noisy(months: int = 24, stories: int = 20, step: float = 0.0, at: int = 12, seed: int = 1) -> pd.DataFrame:
    month = np.repeat(np.arange(months), stories)
    values = np.random.default_rng(seed).normal(0, 0.1, len(month)) + step * (month >= at)
    return news(list(month), list(values))


# --- Series ---


def test_a_month_without_articles_is_no_month_with_a_mean_of_zero() -> None:
    found = period_series(news([0, 0, 3], [0.2, 0.4, 0.6]))
    assert found.every == ("2018-01", "2018-02", "2018-03", "2018-04")
    assert found.place.tolist() == [0, 3]
    assert found.mean.tolist() == pytest.approx([0.3, 0.6])


def test_many_articles_on_one_story_weigh_as_little_as_their_story() -> None:
    # Nine articles on one story and one on another: 10^2 / (9^2 + 1^2) = 1.22 stories.
    table = news([0] * 10, [0.1] * 10, story=["x"] * 9 + ["y"])
    found = period_series(table)
    assert found.weight.tolist() == pytest.approx([100 / 82])
    assert (found.n_articles.tolist(), found.n_stories.tolist()) == ([10], [2])


def test_undated_articles_and_abstentions_are_in_no_period() -> None:
    table = news([0, 1, 2], [0.1, np.nan, 0.3])
    table.loc[2, "published"] = pd.NaT
    assert period_series(table).every == ("2018-01",)
    assert period_series(table.iloc[1:]).every == ()


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"outlet": ["A", "B", "A"]}, "a series is of one outlet; these articles are of 2, 'A' among them"),
        ({"article_id": ["x", "y", "x"]}, "article 'x' has several values; give the rows of one measure at a time"),
    ],
)
def test_articles_of_several_outlets_or_measures_are_refused(changes: dict[str, Any], line: str) -> None:
    table = news([0, 1, 2], [0.1, 0.2, 0.3]).assign(**changes)
    for work in (smooth, change_points, untested):
        with pytest.raises(InputError, match=line):
            work(table)


def test_an_unknown_period_a_narrow_bandwidth_and_few_draws_are_refused() -> None:
    table = noisy(6, 2)
    with pytest.raises(InputError, match="no period 'week'; there are: month, quarter, half, year"):
        smooth(table, unit="week")
    with pytest.raises(InputError, match="bandwidth is 1; it must be 2 periods or more"):
        smooth(table, bandwidth=1)
    with pytest.raises(InputError, match="draws is 10; a band needs 100 or more"):
        smooth(table, draws=10)
    with pytest.raises(InputError, match="draws is 10; a test needs 99 or more"):
        change_points(table, draws=10)


def test_shuffled_blocks_hold_every_period_once_and_keep_most_neighbours() -> None:
    places = shuffled_blocks(25, 5, 200, np.random.default_rng(1))
    assert (np.sort(places, axis=1) == np.arange(25)).all()
    follows = (np.diff(places, axis=1) - 1) % 25 == 0
    # Twenty of the 24 neighbours lie within a block.
    assert follows.mean() > 0.8
    assert len(np.unique(places, axis=0)) > 150


def test_moving_blocks_are_runs_of_periods_and_may_fill_a_longer_series() -> None:
    places = moving_blocks(10, 3, 50, np.random.default_rng(1), wanted=20)
    assert places.shape == (50, 20)
    assert (np.diff(places[:, :3], axis=1) == 1).all()
    assert places.min() >= 0
    assert places.max() <= 9


def test_blocks_grow_with_the_cube_root_of_the_periods() -> None:
    assert [block_length(size) for size in (1, 7, 8, 24, 27, 64, 1000)] == [1, 1, 2, 2, 3, 4, 10]


# --- Smooth ---


def test_the_smooth_is_the_weighted_line_through_the_months_around() -> None:
    table = noisy(30, 3)
    found, place = smooth(table, draws=100), 14
    series = period_series(table)
    distance = series.place - place
    weight = np.clip(1 - np.abs(distance / 7) ** 3, 0, None) ** 3 * series.n_articles
    line = np.polyfit(distance, series.mean, 1, w=np.sqrt(weight))
    assert found["value"][place] == pytest.approx(line[1], abs=1e-12)


def test_an_article_counts_alike_in_a_large_month_and_in_a_small_one() -> None:
    # Splitting one article's month does not matter: local fit to articles and to weighted means are the same.
    table = news([0, 1, 1, 1, 2, 3], [0.0, 0.3, 0.6, 0.9, 0.2, 0.1])
    months = np.array([0, 1, 1, 1, 2, 3]) - 1.0
    weight = np.clip(1 - np.abs(months / 7) ** 3, 0, None) ** 3
    line = np.polyfit(months, table["value"], 1, w=np.sqrt(weight))
    assert smooth(table, draws=100)["value"][1] == pytest.approx(line[1])


def test_a_gap_has_no_value_and_a_long_one_parts_the_line() -> None:
    months = [0, 1, 2, 3, 5, 6, 14, 15, 16]
    found = smooth(news(months, [0.1, 0.2, 0.1, 0.3, 0.2, 0.1, 0.5, 0.6, 0.5]), draws=100)
    assert len(found) == 17
    gaps = found.drop(index=months)
    assert gaps[["mean", "value", "low", "high", "stretch"]].isna().all(axis=None)
    assert (gaps[["n_articles", "n_stories"]] == 0).all(axis=None)
    # April to June is one month missing; July to March are seven, more than the bandwidth of six.
    assert found["stretch"][months].tolist() == [0, 0, 0, 0, 0, 0, 1, 1, 1]
    same = smooth(news(months, [0.1, 0.2, 0.1, 0.3, 0.2, 0.1, 0.5, 0.6, 0.5]), draws=100, bandwidth=7)
    assert same["stretch"].max() == 0


def test_two_lonely_months_are_not_smoothed() -> None:
    found = smooth(news([0, 1, 2, 30, 31], [0.1, 0.2, 0.3, 0.9, 0.8]), draws=100)
    assert found["value"][[30, 31]].isna().all()
    assert found["mean"][[30, 31]].tolist() == [0.9, 0.8]
    assert found["value"][[0, 1, 2]].notna().all()


def test_a_constant_measure_and_one_day_have_no_band() -> None:
    constant = smooth(news(list(range(12)), [0.25] * 12), draws=100)
    assert constant["value"].tolist() == pytest.approx([0.25] * 12)
    assert constant[["low", "high"]].isna().all(axis=None)
    one_day = smooth(news([0] * 20, list(np.linspace(0, 1, 20))), draws=100)
    assert len(one_day) == 1
    assert one_day[["value", "low", "high"]].isna().all(axis=None)


def test_no_articles_give_an_empty_table_and_no_change() -> None:
    nothing = news([0], [0.1]).iloc[:0]
    assert smooth(nothing).empty
    assert change_points(nothing) == []
    assert untested(nothing).startswith("not enough data: 0 periods")


def test_the_same_seed_gives_the_same_band_whatever_the_order_of_the_rows() -> None:
    table = noisy(20, 5)
    mixed = table.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(smooth(table, draws=200), smooth(mixed, draws=200))
    assert not smooth(table, draws=200)["low"].equals(smooth(table, draws=200, seed=2)["low"])
    assert change_points(noisy(step=0.3)) == change_points(noisy(step=0.3).sample(frac=1, random_state=1))


def test_the_band_covers_the_smooth_of_the_truth() -> None:
    inside = []
    for seed in range(60):
        table = noisy(24, 5, seed=seed)
        found = smooth(table, draws=200, seed=seed)
        expected = smoother(period_series(table), 6) @ np.zeros(24)
        inside.append(((found["low"] <= expected) & (expected <= found["high"])).mean())
    assert 0.91 < np.mean(inside) < 0.985


# --- Segments ---


def test_the_weighted_cost_with_equal_weights_is_the_l2_cost_of_ruptures() -> None:
    y = np.random.default_rng(1).normal(size=(30, 1))
    plain = ruptures.costs.CostL2().fit(y)
    mine = WeightedCost(np.ones(30)).fit(y)
    for start, end in ((0, 30), (3, 10), (12, 15)):
        assert mine.error(start, end) == pytest.approx(plain.error(start, end))


def test_whole_weights_are_the_same_as_repeating_a_month() -> None:
    y, weight = np.array([[0.1], [0.4], [0.9]]), np.array([1, 3, 2])
    assert WeightedCost(weight.astype(float)).fit(y).error(0, 3) == pytest.approx(
        ruptures.costs.CostL2().fit(np.repeat(y, weight, axis=0)).error(0, 6)
    )


def test_the_gain_is_that_of_the_division_that_ruptures_finds_with_the_same_penalty() -> None:
    generator = np.random.default_rng(3)
    for shift in (0.0, 1.0, 3.0):
        y, weight = generator.normal(size=40) + shift * (np.arange(40) > 25), generator.uniform(1, 5, 40)
        centred = y - np.average(y, weights=weight)
        total = float(np.sum(weight * centred**2))
        cost = WeightedCost(weight)
        price = 2 * np.log(40) / 39 * total
        ends = ruptures.Pelt(custom_cost=cost, min_size=3, jump=1).fit(y[:, None]).predict(pen=price)
        left = sum(cost.error(start, end) for start, end in zip([0, *ends[:-1]], ends, strict=True))
        saved = (total - left - price * (len(ends) - 1)) / total
        assert gain(y[None], weight)[0] == pytest.approx(saved)


def test_the_scan_is_the_largest_f_of_all_splits() -> None:
    y = np.random.default_rng(4).normal(size=12)
    share, place = scan(y, np.ones(12))
    shares = {at: 1 - (np.var(y[:at]) * at + np.var(y[at:]) * (12 - at)) / (12 * np.var(y)) for at in range(3, 10)}
    assert int(place) == max(shares, key=lambda at: shares[at])
    assert float(share) == pytest.approx(max(shares.values()))


def test_too_few_periods_are_not_divided() -> None:
    assert divide(np.array([0.0, 0.0, 0.0, 9.0, 9.0]), np.ones(5)) == []


# --- Change points ---


def test_a_clear_change_is_found_with_its_date_its_size_and_its_articles() -> None:
    [found] = change_points(noisy(step=0.3, at=9))
    assert (found.period, found.first, found.last) == ("2018-10", "2018-10", "2018-10")
    assert found.low < 0.3 < found.high
    assert found.value == pytest.approx(0.3, abs=0.03)
    assert (found.before, found.after) == (9 * 20, 15 * 20)
    assert found.p < 0.05
    assert not found.drift


def test_the_sign_of_a_change_is_that_of_the_new_level() -> None:
    up, down = noisy(step=0.3), noisy(step=-0.3)
    assert change_points(up)[0].value > 0 > change_points(down)[0].value


def test_a_change_across_a_gap_is_dated_to_the_first_month_with_articles() -> None:
    table = noisy(step=0.4, at=12)
    month = table["published"].dt.strftime("%Y-%m")
    [found] = change_points(table[~month.isin(["2018-12", "2019-01", "2019-02"])])
    assert found.period == "2019-03"


def test_two_lasting_changes_are_found_in_order() -> None:
    table = noisy(60, step=0.4, at=20)
    late = table["published"] >= pd.Timestamp("2018-01-15") + pd.DateOffset(months=40)
    first, second = change_points(table.assign(value=table["value"] - 0.7 * late))
    assert (first.period, second.period) == ("2019-09", "2021-05")
    assert first.value == pytest.approx(0.4, abs=0.03)
    assert second.value == pytest.approx(-0.7, abs=0.03)
    assert first.after == second.before == 20 * 20


def test_a_strong_steady_drift_is_marked() -> None:
    month = np.repeat(np.arange(24), 20)
    values = np.random.default_rng(1).normal(0, 0.1, len(month)) + month * 0.03
    found = change_points(news(list(month), list(values)))
    assert found
    assert all(point.drift for point in found)


def test_a_peak_of_two_months_is_no_new_level() -> None:
    table = noisy()
    peak = table["published"].dt.strftime("%Y-%m").isin(["2018-09", "2018-10"])
    assert change_points(table.assign(value=table["value"] + 0.5 * peak)) == []


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (news([0] * 30, list(np.linspace(0, 1, 30))), "not enough data: 1 periods with articles, 6 are needed"),
        (news([0, 1, 2, 3, 4], [0.0, 0.1, 0.0, 0.9, 0.8]), "not enough data: 5 periods"),
        (news(list(range(24)), [0.3] * 24), "the measure is constant"),
        (news(list(range(24)), [0.1, 0.5] * 12, story="war"), "not enough data: all articles are on one story"),
    ],
)
def test_what_cannot_be_searched_says_why_and_gives_no_change(table: pd.DataFrame, reason: str) -> None:
    assert untested(table).startswith(reason)
    assert change_points(table) == []
    assert untested(noisy()) == ""


def test_a_level_of_one_story_has_a_size_without_an_interval() -> None:
    table = noisy(step=0.3)
    late = table["published"] >= "2019-01-01"
    [found] = change_points(table.assign(story=table["story"].where(~late, "war")))
    assert found.value == pytest.approx(0.3, abs=0.03)
    assert np.isnan(found.low)
    assert np.isnan(found.high)


def test_flat_series_seldom_have_a_change_and_a_change_is_found_within_a_month() -> None:
    cells = {"flat": planted_changes.Planted(), "change": planted_changes.Planted(shift=0.2)}
    rates = planted_changes.change_rates(100, cells).set_index("series")
    assert rates.loc["flat", "any"] <= 0.09
    assert rates.loc["change", "within a month"] >= 0.72
    assert rates.loc["change", "date covered"] >= 0.88
    assert rates.loc["change", "size covered"] >= 0.88


# --- Charts ---


def drawn(width: float = 7.6, events: tuple[Event, ...] = (), **tables: pd.DataFrame) -> bytes:
    smooths = {outlet: smooth(table, draws=100) for outlet, table in tables.items()}
    changes = {outlet: change_points(table, draws=99) for outlet, table in tables.items()}
    return trend_panels(smooths, changes, events, "Sentiment", width=width).data("png")


def test_the_chart_draws_hostile_names_gaps_and_nothing_at_all_and_repeats_its_bytes() -> None:
    import datetime as dt

    events = tuple(Event(f"$\\frac{{{number}}}$ <b>", dt.date(2018, 3, 1 + number)) for number in range(12))
    gapped = news([0, 1, 2, 3, 14, 15, 16], [0.1, 0.2, 0.1, 0.3, 0.5, 0.6, 0.5])
    first = drawn(3.9, events, **{"$x_$": noisy(step=0.3), "B": gapped, "C": news([0] * 5, [0.1] * 5)})
    assert first.startswith(b"\x89PNG")
    assert first == drawn(3.9, events, **{"$x_$": noisy(step=0.3), "B": gapped, "C": news([0] * 5, [0.1] * 5)})
    assert drawn() != drawn(C=noisy())


def test_events_outside_the_time_shown_are_not_drawn_and_found_changes_are() -> None:
    import datetime as dt

    inside, outside = Event("in", dt.date(2018, 6, 1)), Event("out", dt.date(2031, 6, 1))
    table = noisy(step=0.3)
    assert drawn(A=table) == drawn(events=(outside,), A=table)
    assert drawn(A=table) != drawn(events=(inside,), A=table)
    smooths = {"A": smooth(table, draws=100)}
    bare, found = ({"A": changes} for changes in ([], change_points(table, draws=99)))
    assert trend_panels(smooths, bare, (), "t").data("png") != trend_panels(smooths, found, (), "t").data("png")
