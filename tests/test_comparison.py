"""Comparison: estimates worked by hand, what must not change them, and how often they err where nothing differs."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from corpora.errors import InputError
from framing.resampling import cluster_weights
from reports.article_scores import article_scores
from reports.comparison import ESTIMATE_COLUMNS, Comparison, compare, compare_articles
from reports.estimation import Cell, difference, holm, interval, matched_difference
from reports.periods import UNITS, all_periods, choose_period, period_labels
from reports.prose import (
    SIZES,
    WORDS,
    difference_sentence,
    difference_sentences,
    findings,
    level_sentences,
    matched_value,
    number,
    unscored,
)
from reports.study import Primary

Row = dict[str, Any]


@pytest.fixture(scope="module", autouse=True)
def uncollected() -> Iterator[None]:
    """statsmodels collects all garbage at each correction, which takes longer than the rest of a comparison."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gc, "collect", lambda *generation: 0)
        yield


def row(outlet: str, number: int, value: float, day: str | None = None, **changes: Any) -> Row:
    """One scored passage: article `number` of an outlet, on day `number` of 2018 unless another is given."""
    published = pd.Timestamp(day) if day else pd.Timestamp("2018-01-01") + pd.Timedelta(days=number)
    return {
        "measure": "sentiment",
        "category": "",
        "scorer": "light",
        "scorer_version": "1",
        "target": "RUS",
        "pair": "",
        "article_id": f"{outlet}{number}",
        "story": f"{outlet}{number}",
        "outlet": outlet,
        "part": "body",
        "published": published,
        "value": value,
    } | changes


def frame(rows: Iterable[Row]) -> pd.DataFrame:
    table = pd.DataFrame(list(rows))
    table["published"] = pd.to_datetime(table["published"])
    return table


def outlet_rows(outlet: str, values: Sequence[float], **changes: Any) -> list[Row]:
    return [row(outlet, i, value, **changes) for i, value in enumerate(values)]


# Twelve articles each, one a day. A: six of 0.5 and six of 0.1: mean 0.3. B: six of 0 and six of -0.2: mean -0.1.
A, B = [0.5, 0.1] * 6, [0.0, -0.2] * 6
TWO = frame([*outlet_rows("A", A), *outlet_rows("B", B)])
# C: six of 0.4 and six of 0: mean 0.2; with it each outlet has a rest of two.
THREE = pd.concat([TWO, frame(outlet_rows("C", [0.0, 0.4] * 6))], ignore_index=True)


def level(comparison: Comparison, outlet: str, period: str = "") -> pd.Series:
    rows = comparison.levels("sentiment", "RUS", over_time=bool(period))
    rows = rows[rows["outlet"] == outlet]
    return rows[rows["period"] == period].iloc[0]


def gap(comparison: Comparison, outlet: str) -> pd.Series:
    rows = comparison.differences("sentiment")
    return rows[rows["outlet"] == outlet].iloc[0]


# --- Worked by hand ---


def test_levels_and_differences_of_two_outlets_are_those_worked_by_hand() -> None:
    comparison = compare(TWO)
    a, b = level(comparison, "A"), level(comparison, "B")
    assert a["value"] == pytest.approx(0.3)
    assert b["value"] == pytest.approx(-0.1)
    for one in (a, b):
        assert (one["n_passages"], one["n_articles"], one["n_stories"], one["n_days"]) == (12, 12, 12, 12)
    # One difference of the two, the first by name from the second: 0.3 - (-0.1).
    rows = comparison.differences("sentiment")
    assert rows[["outlet", "reference"]].to_numpy().tolist() == [["A", "B"]]
    assert gap(comparison, "A")["value"] == pytest.approx(0.4)
    # The spread of A's values is 0.2 around the mean, so the standard error is 0.2 / sqrt(12) x sqrt(12 / 11) = 0.0603.
    assert a["se"] == pytest.approx(0.0603, rel=0.05)
    # The interval is the t interval with 11 degrees of freedom: 2.201 standard errors each way.
    assert a["high"] - a["value"] == pytest.approx(2.201 * a["se"], rel=1e-3)
    assert a["value"] - a["low"] == pytest.approx(2.201 * a["se"], rel=1e-3)


def test_the_rest_is_the_mean_of_the_other_outlets_levels_not_of_their_articles() -> None:
    # C has 24 articles of 0.9 (two a day): the rest of A is (-0.1 + 0.9) / 2 = 0.4, so A - rest = -0.1.
    c = [row("C", i, 0.9, article_id=f"C{i}-{j}") for i in range(12) for j in range(2)]
    comparison = compare(pd.concat([TWO, frame(c)]))
    assert gap(comparison, "A")["value"] == pytest.approx(0.3 - 0.4)
    assert gap(comparison, "C")["value"] == pytest.approx(0.9 - (0.3 - 0.1) / 2)
    assert gap(comparison, "C")["n_articles"] == 24
    assert gap(comparison, "C")["n_days"] == 12


def test_an_article_s_score_is_the_mean_of_its_body_passages_alone() -> None:
    rows = [
        row("A", 1, 0.2),
        row("A", 1, 0.6),
        row("A", 1, -1.0, part="title"),
        row("A", 1, -1.0, part="captions"),
        row("A", 2, float("nan")),
        row("A", 3, float("nan")),
        row("A", 3, 0.5),
    ]
    table = article_scores(frame(rows)).set_index("article_id")
    # (0.2 + 0.6) / 2; the article that only abstains has no row; the one that abstains once has its other passage.
    assert table["value"].to_dict() == pytest.approx({"A1": 0.4, "A3": 0.5})
    assert table["n_passages"].to_dict() == {"A1": 2, "A3": 1}


def test_a_long_article_counts_as_much_as_a_short_one() -> None:
    long = [row("A", 0, 1.0) for _ in range(50)]
    comparison = compare(frame([*long, *outlet_rows("A", [0.0] * 12)[1:], *outlet_rows("B", B)]))
    # One article of 1 and eleven of 0.
    assert level(comparison, "A")["value"] == pytest.approx(1 / 12)
    assert level(comparison, "A")["n_passages"] == 61


def test_abstentions_are_missing_and_never_0() -> None:
    silent = [row("A", 20 + i, float("nan")) for i in range(30)]
    assert level(compare(pd.concat([TWO, frame(silent)])), "A").equals(level(compare(TWO), "A"))


def test_undated_articles_are_in_the_level_and_in_no_period() -> None:
    undated = [row("A", 20 + i, -0.6, published=pd.NaT) for i in range(6)]
    comparison = compare(pd.concat([TWO, frame(undated)]), period="month")
    # 12 of mean 0.3 and 6 of -0.6: 0 over 18.
    assert level(comparison, "A")["value"] == pytest.approx(0.0)
    assert level(comparison, "A")["n_articles"] == 18
    # An undated article is no day, and each is drawn by itself: 18 clusters, so 17 degrees of freedom.
    assert level(comparison, "A")["n_days"] == 12
    reach = level(comparison, "A")["high"] - level(comparison, "A")["value"]
    assert reach / level(comparison, "A")["se"] == pytest.approx(stats.t.ppf(0.975, 17))
    assert level(comparison, "A", "2018-01")["n_articles"] == 12
    assert comparison.periods == ("2018-01",)


def test_articles_without_any_date_have_no_day_and_so_not_enough_data() -> None:
    comparison = compare(TWO.assign(published=pd.NaT).astype({"published": "datetime64[ns]"}), period="month")
    assert comparison.periods == ()
    assert level(comparison, "A")["note"] == "not enough data: 12 articles on 0 days, 10 articles and 5 days are needed"
    assert pd.isna(level(comparison, "A")["value"])
    assert level(comparison, "A")["n_articles"] == 12
    assert comparison.levels("sentiment", "RUS", over_time=True).empty


def test_undated_articles_do_not_make_up_for_missing_days() -> None:
    four = [row("C", i, 0.1 * i, day=f"2018-01-0{i % 4 + 1}") for i in range(10)]
    undated = [row("C", 20 + i, 0.1, published=pd.NaT) for i in range(5)]
    cell = level(compare(pd.concat([TWO, frame([*four, *undated])])), "C")
    assert cell["note"] == "not enough data: 15 articles on 4 days, 10 articles and 5 days are needed"


# --- What must not change, or must ---


def test_swapping_two_outlets_flips_the_sign_and_leaves_p_as_it_is() -> None:
    one, other = gap(compare(TWO), "A"), gap(compare(TWO.replace({"outlet": {"A": "B", "B": "A"}})), "A")
    assert one["value"] == pytest.approx(-other["value"])
    assert one["low"] == pytest.approx(-other["high"])
    assert one["high"] == pytest.approx(-other["low"])
    assert one["p"] == pytest.approx(other["p"])
    assert one["p_adjusted"] == pytest.approx(other["p_adjusted"])
    assert one["value"] > 0 > other["value"]


def test_a_difference_moves_with_its_outlet_s_name() -> None:
    there = compare(THREE)
    back = compare(THREE.replace({"outlet": {"A": "B", "B": "A"}}))
    for outlet, other in (("A", "B"), ("B", "A"), ("C", "C")):
        for key in ("value", "low", "high", "p", "p_adjusted"):
            assert gap(back, other)[key] == pytest.approx(gap(there, outlet)[key])
    assert gap(there, "A")["value"] > 0 > gap(there, "B")["value"]


def test_turning_the_scale_flips_the_sign_and_leaves_p_as_it_is() -> None:
    there, back = compare(TWO), compare(TWO.assign(value=-TWO["value"]))
    assert gap(there, "A")["value"] == pytest.approx(-gap(back, "A")["value"])
    assert gap(there, "A")["p"] == pytest.approx(gap(back, "A")["p"])


def test_adding_a_constant_shifts_levels_and_leaves_differences() -> None:
    plain, shifted = compare(THREE), compare(THREE.assign(value=THREE["value"] + 0.25))
    for outlet in ("A", "B", "C"):
        for key in ("value", "low", "high"):
            assert level(shifted, outlet)[key] == pytest.approx(level(plain, outlet)[key] + 0.25)
            assert gap(shifted, outlet)[key] == pytest.approx(gap(plain, outlet)[key])


def test_the_order_of_the_rows_does_not_matter() -> None:
    shuffled = TWO.sample(frac=1, random_state=5)
    pd.testing.assert_frame_equal(compare(TWO).estimates, compare(shuffled).estimates)


def test_the_seed_decides_the_draws_and_nothing_else() -> None:
    once, twice, other = compare(TWO), compare(TWO), compare(TWO, seed=2)
    pd.testing.assert_frame_equal(once.estimates, twice.estimates)
    assert gap(other, "A")["value"] == gap(once, "A")["value"]
    assert gap(other, "A")["se"] != gap(once, "A")["se"]
    assert gap(other, "A")["se"] == pytest.approx(gap(once, "A")["se"], rel=0.1)


def test_compare_leaves_the_scores_as_they_were() -> None:
    before = TWO.copy(deep=True)
    compare(TWO, by="scorer")
    pd.testing.assert_frame_equal(TWO, before)


def test_twice_the_articles_on_the_same_days_make_nothing_surer() -> None:
    # A copy of every article adds nothing that is not known: the days are the clusters.
    copies = TWO.assign(article_id=TWO["article_id"] + "-copy")
    once, twice = compare(TWO), compare(pd.concat([TWO, copies]))
    assert gap(twice, "A")["se"] == pytest.approx(gap(once, "A")["se"], rel=1e-6)
    assert gap(twice, "A")["n_articles"] == 24


def test_another_column_can_be_compared() -> None:
    scores = TWO.assign(bureau=["North", "South"] * 12)
    comparison = compare(scores, by="bureau")
    # North has A's 0.5 and B's 0.0, South A's 0.1 and B's -0.2.
    assert level(comparison, "North")["value"] == pytest.approx(0.25)
    assert level(comparison, "South")["value"] == pytest.approx(-0.05)


# --- Not enough data ---


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        pytest.param(
            outlet_rows("C", [0.1] * 9),
            "not enough data: 9 articles on 9 days, 10 articles and 5 days are needed",
            id="nine articles",
        ),
        pytest.param(
            [row("C", i, 0.1, day=f"2018-01-0{i % 4 + 1}") for i in range(12)],
            "not enough data: 12 articles on 4 days, 10 articles and 5 days are needed",
            id="four days",
        ),
    ],
)
def test_a_cell_with_too_little_has_no_value_and_says_so(rows: list[Row], says: str) -> None:
    # Two others have enough, so that C has a rest and its difference a row.
    d = frame(outlet_rows("D", [0.2, 0.0] * 6))
    comparison = compare(pd.concat([TWO, d, frame(rows)]))
    for cell in (level(comparison, "C"), gap(comparison, "C")):
        assert pd.isna(cell["value"])
        assert pd.isna(cell["low"])
        assert pd.isna(cell["high"])
        assert pd.isna(cell["se"])
        assert cell["note"] == says
    assert pd.isna(gap(comparison, "C")["p"])
    assert pd.isna(gap(comparison, "C")["p_adjusted"])
    # Nor does it count among the rest of the others: A less the mean of B and D alone, 0.3 - (-0.1 + 0.1) / 2.
    assert gap(comparison, "A")["value"] == pytest.approx(0.3)
    without = gap(compare(pd.concat([TWO, d])), "A")
    assert gap(comparison, "A")["p_adjusted"] == pytest.approx(without["p_adjusted"])
    # Of three outlets two have enough: one difference, of these two.
    rows_of_two = compare(pd.concat([TWO, frame(rows)])).differences("sentiment")
    assert rows_of_two[["outlet", "reference"]].to_numpy().tolist() == [["A", "B"]]


def test_ten_articles_on_five_days_are_enough() -> None:
    rows = [row("C", i, 0.1 * i, day=f"2018-01-0{i % 5 + 1}") for i in range(10)]
    assert level(compare(pd.concat([TWO, frame(rows)])), "C")["value"] == pytest.approx(0.45)


def test_an_outlet_alone_has_nothing_to_compare_with() -> None:
    comparison = compare(frame(outlet_rows("A", A)))
    assert gap(comparison, "A")["note"] == "not enough data: no other outlet to compare with"
    assert difference_sentences(comparison) == [
        "No outlet could be compared with another: that needs two outlets with enough articles that vary."
    ]


def test_an_outlet_without_a_measure_has_a_row_that_says_so() -> None:
    relation = {"measure": "relation", "target": "", "pair": "RUS-USA"}
    comparison = compare(pd.concat([TWO, frame(outlet_rows("A", A, **relation))]))
    rows = comparison.levels("relation").set_index("outlet")
    assert rows.loc["B", "n_articles"] == 0
    assert rows.loc["B", "note"].startswith("not enough data: 0 articles on 0 days")
    assert unscored(comparison, pd.Series({"A": 12, "B": 12, "C": 1})) == [
        ("B", f"the relation between Russia and the United States: {rows.loc['B', 'note']}"),
        ("C", "not enough data: 1 article in the corpus; 10 scored articles on 5 days are needed"),
    ]


def test_a_minimum_of_one_day_makes_no_interval_and_no_crash() -> None:
    rows = [row(outlet, i, i / 10, day="2018-01-01") for outlet in "AB" for i in range(3)]
    comparison = compare(frame(rows), minimum_articles=1, minimum_days=1)
    for cell in (level(comparison, "A"), gap(comparison, "A")):
        assert not pd.isna(cell["value"])
        assert cell[["se", "low", "high", "p"]].isna().all()


def test_what_does_not_vary_has_a_value_and_no_interval_and_is_not_tested() -> None:
    # A and B each say the same every day, C does not: A - B has no spread, what C is part of has.
    rows = [*outlet_rows("A", [0.3] * 12), *outlet_rows("B", [0.1] * 12)]
    constant = compare(frame(rows))
    for cell in (level(constant, "A"), gap(constant, "A")):
        assert not pd.isna(cell["value"])
        assert cell[["se", "low", "high", "p", "p_adjusted"]].isna().all()
    assert difference_sentences(constant)[0].startswith("No outlet could be compared with another")
    varied = compare(frame([*rows, *outlet_rows("C", [0.0, 0.4] * 6)]))
    assert varied.differences("sentiment")["p_adjusted"].notna().all()
    assert level(varied, "A")[["se", "low", "high"]].isna().all()


def test_interval_of_no_variation_or_of_rounding_alone_is_missing() -> None:
    for variance in (0.0, 1e-19, float("nan")):
        found = interval(0.2, variance, 10)
        assert found["value"] == 0.2
        assert np.isnan([found[key] for key in ("se", "low", "high", "p")]).all()
    # 0.2 with a standard error of 0.1 and 10 degrees of freedom: t = 2, two-sided p = 0.0734; 0.1 x 2.228 each way.
    found = interval(0.2, 0.01, 10)
    assert (found["se"], found["p"]) == (pytest.approx(0.1), pytest.approx(0.0734, abs=1e-4))
    assert (found["low"], found["high"]) == (pytest.approx(-0.0228, abs=1e-4), pytest.approx(0.4228, abs=1e-4))


# --- Degrees of freedom ---


def reach(cell: pd.Series) -> float:
    """Standard errors from the value to the end of its interval."""
    return float((cell["high"] - cell["value"]) / cell["se"])


def satterthwaite(*sides: tuple[float, int]) -> float:
    """(sum of v)^2 / sum of v^2 / (n - 1), from the variance and the number of clusters of each side."""
    return sum(v for v, _ in sides) ** 2 / sum(v**2 / (n - 1) for v, n in sides)


def test_degrees_of_freedom_of_a_small_and_a_large_outlet_are_those_worked_by_hand() -> None:
    # A: 6 days, B: 16 other days, each half +0.3 and half -0.3. Variance of a mean 0.09 / (n - 1): 0.018 and 0.006.
    # Satterthwaite: 0.024^2 / (0.018^2 / 5 + 0.006^2 / 15) = 0.000576 / 0.0000672 = 8.57; t 2.280 standard errors.
    # With the smaller side's 5 it were 2.571, with the larger side's 15 2.131, with all days' 21 2.080.
    a = [row("A", i, 0.3 - 0.6 * (i % 2)) for i in range(6)]
    b = [row("B", 10 + i, 0.3 - 0.6 * (i % 2)) for i in range(16)]
    comparison = compare(frame([*a, *b]), minimum_articles=5, draws=10_000)
    assert satterthwaite((0.018, 6), (0.006, 16)) == pytest.approx(8.57, abs=0.01)
    assert reach(gap(comparison, "A")) == pytest.approx(2.280, rel=0.015)
    # To the digit with the variances as they were drawn.
    sides = [(level(comparison, "A")["se"] ** 2, 6), (level(comparison, "B")["se"] ** 2, 16)]
    assert reach(gap(comparison, "A")) == pytest.approx(stats.t.ppf(0.975, satterthwaite(*sides)), rel=1e-6)
    p = 2 * stats.t.sf(abs(gap(comparison, "A")["value"]) / gap(comparison, "A")["se"], satterthwaite(*sides))
    assert gap(comparison, "A")["p"] == pytest.approx(p)


def test_each_outlet_of_the_rest_counts_with_a_share_of_its_variance() -> None:
    # The mean of two outlets has a quarter of each one's variance.
    rng = np.random.default_rng(8)
    sizes = {"A": 40, "B": 6, "C": 25}
    rows = [row(o, i, float(rng.normal(0, 0.3))) for o, size in sizes.items() for i in range(size)]
    comparison = compare(frame(rows), minimum_articles=5)
    for own in sizes:
        sides = [(level(comparison, o)["se"] ** 2 / (1 if o == own else 4), size) for o, size in sizes.items()]
        freedom = satterthwaite(*sides)
        assert reach(gap(comparison, own)) == pytest.approx(stats.t.ppf(0.975, freedom), rel=1e-6)
    # B has 5 degrees of freedom; where it is most of the uncertainty, so has the difference, nearly.
    assert stats.t.ppf(0.975, 5) > reach(gap(comparison, "B")) > stats.t.ppf(0.975, 8)


# --- Within periods ---


def in_periods(values: dict[str, list[float]]) -> pd.DataFrame:
    return pd.DataFrame([(period, value) for period in values for value in values[period]], columns=["period", "value"])


def test_the_difference_within_periods_is_the_one_worked_by_hand() -> None:
    own = in_periods({"2016": [0.9], "2017": [0.5], "2018": [0.1, 0.3, 0.2], "": [-1.0]})
    others = in_periods({"2017": [0.1, 0.3], "2018": [0.4], "2019": [0.8], "": [1.0]})
    # 2017: 0.5 - 0.2 = 0.3, one article of its own; 2018: 0.2 - 0.4 = -0.2, three. (0.3 - 3 x 0.2) / 4 = -0.075.
    # 2016 has none of the others' articles, 2019 none of its own, and undated articles are in no period.
    assert matched_difference(own, others) == pytest.approx(-0.075)
    # The other way round the others' articles count: 2017 twice, 2018 once: (-0.3 x 2 + 0.2) / 3.
    assert matched_difference(others, own) == pytest.approx(-0.4 / 3)


def test_the_difference_within_periods_is_missing_where_no_period_has_both() -> None:
    assert np.isnan(matched_difference(in_periods({"2017": [0.5]}), in_periods({"2018": [0.1]})))
    assert np.isnan(matched_difference(in_periods({"": [0.5]}), in_periods({"": [0.1]})))


def of_years(outlet: str, years: dict[int, int]) -> list[Row]:
    """An outlet's articles by year, on days of their own; what they say depends on the year alone: 0.6, then 0."""
    return [
        row(outlet, 100 * year + i, (0.6 if year == 2017 else 0.0) + 0.05 * (-1) ** i, day=f"{year}-02-{i + 1:02d}")
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
    matched = comparison.estimates[comparison.estimates["kind"] == "matched"]
    assert matched[["outlet", "reference", "period"]].to_numpy().tolist() == [["A", "B", ""]]
    assert matched["value"].iloc[0] == pytest.approx(0.0, abs=1e-9)
    assert matched[["se", "low", "high", "p", "p_adjusted"]].isna().all(axis=None)
    assert matched_value(comparison, row_of_a.to_dict()) == pytest.approx(0.0, abs=1e-9)
    assert difference_sentences(comparison)[0].endswith(
        "Within the same periods it is 0.00: part of it is when the outlets published."
    )


def test_the_rest_within_periods_is_pooled_and_of_outlets_with_enough_data() -> None:
    # D has too little to count; B has one article a day, C two of 0.9: pooled (12 x -0.1 + 24 x 0.9) / 36 = 0.5667.
    c = [row("C", i, 0.9, article_id=f"C{i}-{j}") for i in range(12) for j in range(2)]
    comparison = compare(pd.concat([TWO, frame([*c, *outlet_rows("D", [-1.0] * 4)])]), period="year")
    assert matched_value(comparison, gap(comparison, "A").to_dict()) == pytest.approx(0.3 - 20.4 / 36)
    # Each difference that has a value has one within periods beside it, and no other has.
    estimates = comparison.estimates
    valued = estimates[(estimates["kind"] == "difference") & estimates["value"].notna()]
    matched = estimates[estimates["kind"] == "matched"]
    assert valued["outlet"].tolist() == matched["outlet"].tolist() == ["A", "B", "C"]


# --- References, families of tests, errors ---


def test_the_reference_outlet_has_no_row_of_its_own() -> None:
    comparison = compare(pd.concat([TWO, frame(outlet_rows("C", [0.2, 0.4] * 6))]), reference="B")
    rows = comparison.differences("sentiment")
    assert rows["outlet"].tolist() == ["A", "C"]
    assert set(rows["reference"]) == {"B"}
    assert rows["value"].tolist() == pytest.approx([0.4, 0.4])


def mixed() -> pd.DataFrame:
    """Three outlets, sentiment toward two countries and tone: nine differences, three of which are not tested."""
    rng = np.random.default_rng(4)
    rows = [
        row(outlet, i, float(rng.normal(shift, 0.3)), measure=measure, target=target)
        for outlet, shift in (("A", 0.3), ("B", 0.0), ("C", 0.05))
        for measure, target in (("sentiment", "RUS"), ("sentiment", "USA"), ("tone", "RUS"))
        for i in range(15)
    ]
    return frame(rows)


def test_corrected_p_is_never_smaller_and_is_over_all_but_tone() -> None:
    rows = compare(mixed()).differences()
    tone = rows["measure"] == "tone"
    assert rows["p"].notna().all()
    assert (rows["p_adjusted"].isna() == tone).all()
    tested = rows[~tone]
    assert len(tested) == 6
    assert (tested["p_adjusted"] >= tested["p"]).all()
    assert tested["p_adjusted"].min() == pytest.approx(6 * tested["p"].min())


def test_declared_comparisons_alone_make_the_family() -> None:
    declared = [Primary("sentiment", "A", target="RUS"), Primary("sentiment", "A", target="USA")]
    rows = compare(mixed(), primary=declared).differences()
    tested = rows[rows["p_adjusted"].notna()]
    assert {(r.measure, r.outlet, r.target) for r in tested.itertuples()} == {
        ("sentiment", "A", "RUS"),
        ("sentiment", "A", "USA"),
    }
    # Holm over two: the smaller p doubled, the larger at least as much.
    assert tested["p_adjusted"].min() == pytest.approx(min(1.0, 2 * tested["p"].min()))


@pytest.mark.parametrize(
    ("declared", "reference", "tested"),
    [
        pytest.param(Primary("sentiment", "A", "B", "RUS"), "rest", ["A", "B", "RUS"], id="another than the study's"),
        pytest.param(Primary("sentiment", "A", "", "RUS"), "rest", ["A", "rest", "RUS"], id="the study's rest"),
        pytest.param(Primary("sentiment", "A", "", "RUS"), "C", ["A", "C", "RUS"], id="the study's outlet"),
        pytest.param(Primary("sentiment", "A", "rest", "RUS"), "C", ["A", "rest", "RUS"], id="rest, not the study's"),
        pytest.param(Primary("tone", "A", "", "RUS"), "rest", ["A", "rest", "RUS"], id="tone, if declared"),
    ],
)
def test_a_declared_comparison_is_the_one_that_is_tested(declared: Primary, reference: str, tested: list[str]) -> None:
    rows = compare(mixed(), reference=reference, primary=[declared]).differences()
    rows = rows[rows["p_adjusted"].notna()]
    assert rows[["outlet", "reference", "target"]].to_numpy().tolist() == [tested]
    assert rows["p_adjusted"].iloc[0] == pytest.approx(rows["p"].iloc[0])


@pytest.mark.parametrize(
    ("declared", "says"),
    [
        (
            Primary("sentiment", "Nowhere", target="RUS"),
            r"declared comparison \('sentiment', 'Nowhere', 'rest', 'RUS'\)",
        ),
        (Primary("sentiment", "A"), r"declared comparison \('sentiment', 'A', 'rest', ''\) is none of this study"),
        (
            Primary("sentiment", "A", target="FRA"),
            "'FRA'.* is none of this study: look at outlet, reference and target",
        ),
        (Primary("relation", "A"), r"declared comparison \('relation', 'A', 'rest', ''\) is none of this study"),
        (Primary("sentiment", "A", "A", "RUS"), r"declared comparison \('sentiment', 'A', 'A', 'RUS'\) is none"),
        (Primary("sentiment", "A", "Nowhere", "RUS"), "no outlet 'Nowhere' to compare with; there are: A, B, C"),
    ],
)
def test_a_declared_comparison_that_does_not_exist_is_refused(declared: Primary, says: str) -> None:
    # Beside one that does exist, so that it is not lost among others.
    with pytest.raises(InputError, match=says):
        compare(mixed(), primary=[Primary("sentiment", "A", target="RUS"), declared])


def test_a_declared_comparison_without_enough_data_says_so_and_is_not_tested() -> None:
    rows = compare(pd.concat([THREE, frame(outlet_rows("D", A[:4]))]), primary=[Primary("sentiment", "D", "A", "RUS")])
    d = rows.differences()[rows.differences()["reference"] == "A"].set_index("outlet").loc["D"]
    assert d["note"].startswith("not enough data: 4 articles on 4 days")
    assert rows.differences()["p_adjusted"].isna().all()


def test_of_two_outlets_one_may_be_declared_against_the_rest() -> None:
    rows = compare(TWO, primary=[Primary("sentiment", "A", target="RUS")]).differences()
    tested = rows[rows["p_adjusted"].notna()]
    assert tested[["outlet", "reference"]].to_numpy().tolist() == [["A", "rest"]]


def test_of_two_outlets_the_one_difference_is_tested_once_though_it_is_declared() -> None:
    rows = compare(TWO, primary=[Primary("sentiment", "A", "B", "RUS")]).differences()
    tested = rows[rows["p_adjusted"].notna()]
    assert tested[["outlet", "reference"]].to_numpy().tolist() == [["A", "B"]]
    assert tested["p_adjusted"].iloc[0] == pytest.approx(tested["p"].iloc[0])


def test_holm_gives_the_values_of_the_textbook_example() -> None:
    # Four hypotheses with p = .01, .04, .03, .005, sorted .005 .01 .03 .04, times 4, 3, 2, 1: .02, .03, .06, .04, and
    # none below the one before it: .02, .03, .06, .06. At 5 % the fourth and the first are rejected.
    assert holm(np.array([0.01, 0.04, 0.03, 0.005])).tolist() == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm(np.array([0.9, 0.8])).tolist() == [1.0, 1.0]
    assert holm(np.array([])).tolist() == []


@settings(max_examples=25, deadline=None)
@given(st.lists(st.floats(0, 1), min_size=1, max_size=20))
def test_holm_never_makes_p_smaller_and_keeps_its_order(values: list[float]) -> None:
    p = np.array(values)
    adjusted = holm(p)
    assert (adjusted >= p).all()
    assert (adjusted <= 1).all()
    assert (np.diff(adjusted[np.argsort(p, kind="stable")]) >= -1e-12).all()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"by": "mood"}, "no column 'mood' to compare by; there are: measure, category"),
        ({"reference": "C"}, "no outlet 'C' to compare with; there are: A, B"),
    ],
)
def test_a_wrong_name_lists_the_right_ones(arguments: dict[str, str], says: str) -> None:
    with pytest.raises(InputError, match=says):
        compare(TWO, **arguments)  # type: ignore[arg-type]


def test_a_wrong_period_lists_the_right_ones() -> None:
    with pytest.raises(ValueError, match="no period 'week'; there are: month, quarter, half, year"):
        compare(TWO, period="week")


def test_nothing_scored_is_an_error_and_no_empty_table() -> None:
    with pytest.raises(InputError, match="nothing was scored"):
        compare(TWO.assign(value=float("nan")))


def test_the_estimates_table_has_its_columns_and_one_row_a_key() -> None:
    estimates = compare(mixed(), period="month").estimates
    assert list(estimates.columns) == ESTIMATE_COLUMNS
    key = ESTIMATE_COLUMNS[: ESTIMATE_COLUMNS.index("value")]
    assert not estimates.duplicated(key).any()


def test_a_chart_names_its_measures_and_targets() -> None:
    comparison = compare(mixed())
    assert comparison.plot("sentiment", "RUS").data("png").startswith(b"\x89PNG")
    assert comparison.plot("tone").data("svg").startswith(b"<?xml")
    with pytest.raises(InputError, match="no measure 'mood'; there are: sentiment, tone"):
        comparison.plot("mood")
    with pytest.raises(InputError, match="measure 'sentiment' has a target; name one: RUS, USA"):
        comparison.plot("sentiment")


# --- Periods ---


@pytest.mark.parametrize(
    ("day", "labels"),
    [
        ("2018-01-01", ["2018-01", "2018-Q1", "2018-H1", "2018"]),
        ("2018-03-31", ["2018-03", "2018-Q1", "2018-H1", "2018"]),
        ("2018-06-30", ["2018-06", "2018-Q2", "2018-H1", "2018"]),
        ("2018-07-01", ["2018-07", "2018-Q3", "2018-H2", "2018"]),
        ("2018-12-31", ["2018-12", "2018-Q4", "2018-H2", "2018"]),
        (None, ["", "", "", ""]),
    ],
)
def test_a_day_is_in_these_periods(day: str | None, labels: list[str]) -> None:
    days = pd.Series(pd.to_datetime([day]))
    assert [period_labels(days, unit)[0] for unit in UNITS] == labels


@pytest.mark.parametrize("unit", UNITS)
def test_every_period_between_two_is_listed_once_in_order(unit: str) -> None:
    days = pd.Series(pd.date_range("2016-11-05", "2019-02-03", freq="D"))
    labels = period_labels(days, unit).tolist()
    assert all_periods(labels[0], labels[-1], unit) == sorted(set(labels))


@pytest.mark.parametrize(
    ("days_between", "unit"), [(1, "month"), (3, "month"), (4, "quarter"), (10, "half"), (30, "year"), (200, "year")]
)
def test_the_period_is_the_finest_in_which_the_typical_cell_has_ten_articles(days_between: int, unit: str) -> None:
    # One article every three days is ten a month, every four seven; every ten days nine a quarter and eighteen a half.
    days = pd.date_range("2016-01-01", "2018-12-31", freq=f"{days_between}D")
    assert choose_period(pd.DataFrame({"outlet": "A", "published": days})) == unit


def test_the_period_of_nothing_dated_is_the_year() -> None:
    empty = pd.DataFrame({"outlet": ["A"], "published": pd.to_datetime([None])})
    assert choose_period(empty) == "year"


# --- How often the intervals err ---


DAYS = 30
ARTICLES = article_scores(frame(row(outlet, i, 0.0) for outlet in "ABCD" for i in range(DAYS)))


def simulated(seed: int, shift: float = 0.0) -> pd.DataFrame:
    """Four outlets with one article a day: what the day brings (sd 0.1), what the article adds (sd 0.2), A's shift."""
    rng = np.random.default_rng(seed)
    values = rng.normal(0, 0.1, DAYS)[ARTICLES["published"].dt.day_of_year - 1] + rng.normal(0, 0.2, len(ARTICLES))
    return ARTICLES.assign(value=values + shift * (ARTICLES["outlet"] == "A"))


WEIGHTS = cluster_weights(DAYS, 400, seed=1)


def without_tables(values: pd.Series) -> tuple[list[float], list[float]]:
    """Difference and adjusted p of each outlet against the rest, as `compare_articles` has them, but sooner."""
    days = (ARTICLES["published"].dt.day_of_year - 1).to_numpy()
    articles = ARTICLES.assign(value=values, day=days)
    cells = [Cell(part, WEIGHTS, (10, 5)) for _, part in articles.groupby("outlet")]
    rows = [difference(cell, [other for other in cells if other is not cell]) for cell in cells]
    return [one["value"] for one in rows], holm(np.array([one["p"] for one in rows])).tolist()


def test_the_short_way_of_the_simulation_gives_what_compare_gives() -> None:
    rows = compare_articles(simulated(0, 0.1), period="year", draws=400).differences()
    values, adjusted = without_tables(simulated(0, 0.1)["value"])
    assert values == pytest.approx(rows["value"].tolist())
    assert adjusted == pytest.approx(rows["p_adjusted"].tolist())


def test_without_a_difference_one_is_found_in_at_most_8_percent_of_data_sets() -> None:
    # 5 % is the aim over each family of four; 400 data sets have a standard error of 1.1 points around it.
    found = sum(min(without_tables(simulated(seed)["value"])[1]) < 0.05 for seed in range(400))
    assert 8 <= found <= 0.08 * 400


def test_a_small_and_a_large_outlet_as_the_rest_raise_no_more_false_alarms() -> None:
    # A and L have an article on each of 120 days, S two on each of 5, and nothing differs: what a day brings an outlet
    # has sd 0.3, what an article adds 0.1. S has most of the rest's variance and 4 degrees of freedom; with those of
    # all days there would be 35 false alarms.
    days = {"A": np.arange(120), "L": np.arange(120), "S": np.repeat(np.arange(1, 120, 24), 2)}
    weights = cluster_weights(120, 1000, seed=1)
    found = naive = 0
    for seed in range(400):
        rng = np.random.default_rng(seed)
        cells = {}
        for outlet, own in days.items():
            values = rng.normal(0, 0.3, 120)[own] + rng.normal(0, 0.1, len(own))
            published = pd.Timestamp("2018-01-01") + pd.to_timedelta(own, unit="D")
            articles = {"value": values, "day": own, "published": published, "n_passages": 1, "story": outlet}
            cells[outlet] = Cell(pd.DataFrame(articles), weights, (10, 5))
        row_of_a = difference(cells["A"], [cells["L"], cells["S"]])
        found += row_of_a["p"] < 0.05
        naive += 2 * stats.t.sf(abs(row_of_a["value"]) / row_of_a["se"], 119) < 0.05
    assert 8 <= found <= 0.08 * 400 < naive


def test_a_difference_of_five_standard_errors_is_found_with_its_sign_in_95_percent() -> None:
    # The days cancel out of A - rest: its standard error is 0.2 x sqrt(1/30 + 1/90) = 0.0422, five of them 0.211.
    found = 0
    for seed in range(100):
        sign = 1 if seed % 2 else -1
        (value, *_), (adjusted, *_) = without_tables(simulated(seed, sign * 0.211)["value"])
        found += adjusted < 0.05 and np.sign(value) == sign
    assert found >= 95


@pytest.mark.parametrize("shared", [True, False], ids=["the days move both alike", "each has days of its own"])
def test_the_interval_is_that_of_a_regression_with_clustered_errors(shared: bool) -> None:
    rng = np.random.default_rng(11)
    rows = []
    brought = rng.normal(0, 0.4, 40)
    for outlet, shift in (("A", 0.1), ("B", 0.0)):
        brought = brought if shared else rng.normal(0, 0.4, 40)
        for i in range(40):
            for j in range(1 + i % 4):
                value = float(shift + brought[i] + rng.normal(0, 0.2))
                rows.append(row(outlet, i, value, article_id=f"{outlet}{i}-{j}"))
    scores = frame(rows)
    one = gap(compare(scores), "A")
    groups = pd.factorize(scores["published"])[0]
    design = sm.add_constant((scores["outlet"] == "A").astype(float))
    fit = sm.OLS(scores["value"], design).fit(cov_type="cluster", cov_kwds={"groups": groups})
    expected = fit.bse.iloc[1]
    assert one["value"] == pytest.approx(fit.params.iloc[1])
    assert one["se"] == pytest.approx(expected, rel=0.15)
    assert (one["high"] - one["low"]) / 2 == pytest.approx(expected * stats.t.ppf(0.975, 39), rel=0.15)
    # Without clusters the error would be another one, so that the agreement says something.
    plain = sm.OLS(scores["value"], design).fit().bse.iloc[1]
    assert abs(plain / expected - 1) > 0.15


# --- Prose ---


def told(measure: str, value: float, **changes: Any) -> Row:
    target = {"target": "", "pair": "RUS-USA"} if measure == "relation" else {"target": "RUS", "pair": ""}
    return {
        "measure": measure,
        "outlet": "A",
        "reference": "rest",
        "value": value,
        "low": value - 0.1,
        "high": value + 0.1,
        "n_articles": 40,
        "n_days": 31,
        **target,
        **changes,
    }


@pytest.mark.parametrize("measure", sorted(WORDS))
def test_the_direction_in_words_is_that_of_the_estimate(measure: str) -> None:
    up, down, *_ = WORDS[measure]
    for value in np.random.default_rng(1).uniform(-2, 2, 200):
        sentence = difference_sentence(told(measure, float(value)))
        assert (f"{up} than" in sentence, f"{down} than" in sentence) == (value > 0, value < 0)
        assert f": a difference of {number(value, sign=True)} (95 % interval " in sentence


def test_words_of_direction_do_not_hold_each_other() -> None:
    for up, down, *_ in WORDS.values():
        assert up not in down
        assert down not in up


def test_a_difference_is_told_with_its_interval_and_what_stands_behind_it() -> None:
    assert difference_sentence(told("sentiment", -0.2)) == (
        "A appears much less favourable than the other outlets in sentiment toward Russia: a difference of −0.20 "
        "(95 % interval −0.30 to −0.10; 40 articles on 31 days)."
    )
    assert difference_sentence(told("relation", 0.3, reference="B")) == (
        "A appears more cooperative than B in the relation between Russia and the United States: a difference of +0.30 "
        "(95 % interval 0.20 to 0.40; 40 articles on 31 days)."
    )


@pytest.mark.parametrize(
    ("measure", "value", "size"),
    [
        ("sentiment", 0.05, "slightly "),
        ("sentiment", 0.1, ""),
        ("sentiment", 0.16, ""),
        ("sentiment", 0.2, "much "),
        ("attitude", 0.05, "slightly "),
        ("sentiment", 2.0, "much "),
        ("relation", 0.16, "slightly "),
        ("relation", 0.3, ""),
        ("relation", 0.6, "much "),
        ("tone", 0.05, "slightly "),
        ("tone", 0.16, ""),
        ("tone", 0.3, "much "),
    ],
)
def test_a_larger_difference_has_a_larger_word_by_its_measure(measure: str, value: float, size: str) -> None:
    up, down, *_ = WORDS[measure]
    assert f"A appears {size}{up} than the other outlets in" in difference_sentence(told(measure, value))
    assert f"A appears {size}{down} than B in" in difference_sentence(told(measure, -value, reference="B"))


def test_every_measure_has_sizes_and_they_grow() -> None:
    assert set(SIZES) == set(WORDS)
    assert all(0 < half < whole for half, whole in SIZES.values())


WITHIN = " Within the same periods it is {}: part of it is when the outlets published."


@pytest.mark.parametrize(
    ("value", "matched", "within"),
    [
        (0.4, 0.1, "+0.10"),
        (0.4, 0.3, "+0.30"),  # three quarters
        (0.4, 0.31, ""),
        (0.4, 0.4, ""),
        (0.4, 0.9, ""),
        (0.4, -0.1, "−0.10"),
        (0.4, -0.9, "−0.90"),
        (0.4, 0.0, "0.00"),
        (-0.4, -0.1, "−0.10"),
        (-0.4, -0.31, ""),
        (-0.4, 0.35, "+0.35"),
        (0.4, float("nan"), ""),
    ],
)
def test_a_difference_that_is_smaller_or_turned_within_periods_is_told(
    value: float, matched: float, within: str
) -> None:
    sentence = difference_sentence(told("sentiment", value), matched)
    assert sentence.startswith(difference_sentence(told("sentiment", value)))
    assert sentence.removeprefix(difference_sentence(told("sentiment", value))) == (
        WITHIN.format(within) * bool(within)
    )


def test_end_to_end_the_sentence_says_which_outlet_is_higher() -> None:
    noise = np.random.default_rng(0).normal(0, 0.05, len(THREE))
    scores = THREE.assign(value=THREE["value"] + noise)

    def first(scores: pd.DataFrame, outlet: str) -> str:
        return next(s for s in findings(compare(scores)) if s.startswith(f"{outlet} appears"))

    ending = "than the other outlets in sentiment toward Russia: a difference of"
    assert f"A appears much more favourable {ending} +0." in first(scores, "A")
    assert f"B appears much less favourable {ending} −0." in first(scores, "B")
    swapped = scores.replace({"outlet": {"A": "B", "B": "A"}})
    assert f"A appears much less favourable {ending} −0." in first(swapped, "A")
    assert f"B appears much more favourable {ending} +0." in first(swapped, "B")


def test_end_to_end_two_outlets_are_told_by_name() -> None:
    noise = np.random.default_rng(0).normal(0, 0.05, 24)
    scores = TWO.assign(value=TWO["value"] + noise)
    first, count, *_ = findings(compare(scores))
    assert first.startswith("A appears much more favourable than B in sentiment toward Russia: a difference of +0.")
    assert count == "This holds after Holm's correction of 1 comparison at 5 %."
    swapped = findings(compare(scores.replace({"outlet": {"A": "B", "B": "A"}})))
    assert swapped[0].startswith(
        "A appears much less favourable than B in sentiment toward Russia: a difference of −0."
    )


@pytest.mark.parametrize(("outlets", "count"), [("AB", "1 comparison"), ("ABC", "3 comparisons")])
def test_no_clear_difference_is_said_where_none_holds(outlets: str, count: str) -> None:
    rng = np.random.default_rng(2)
    scores = frame([row(outlet, i, float(rng.normal(0, 0.3))) for outlet in outlets for i in range(12)])
    assert difference_sentences(compare(scores)) == [
        f"No clear difference between outlets: of {count} none holds after Holm's correction at 5 %."
    ]


def test_not_enough_data_is_said_where_no_outlet_has_enough() -> None:
    comparison = compare(frame(outlet_rows("A", A[:5])))
    assert level_sentences(comparison) == [
        "Not enough data: no outlet has enough articles about the two countries to be scored."
    ]
    assert not any("appears" in sentence for sentence in findings(comparison))


SCALE = " The scales run from −1 to +1; their zero is a convention, not a neutral stance."


def test_the_levels_are_told_as_a_range() -> None:
    assert level_sentences(compare(THREE)) == [
        f"Sentiment toward Russia runs from −0.10 (B) to 0.30 (A) in 3 outlets.{SCALE}"
    ]
    assert level_sentences(compare(frame(outlet_rows("A", A)))) == [f"Sentiment toward Russia is 0.30 in A.{SCALE}"]
    both = compare(pd.concat([THREE, THREE.assign(target="USA", value=-THREE["value"])]))
    assert level_sentences(both) == [
        "Sentiment toward Russia runs from −0.10 (B) to 0.30 (A) in 3 outlets; "
        f"sentiment toward the United States runs from −0.30 (A) to 0.10 (B) in 3 outlets.{SCALE}"
    ]


def test_tone_is_no_finding() -> None:
    # A lexicon that does not know its target is shown beside the rest, neither told nor tested.
    comparison = compare(THREE.assign(measure="tone"))
    assert level_sentences(comparison)[0].startswith("Not enough data")
    assert not any("tone" in sentence for sentence in findings(comparison))


def test_at_most_three_differences_are_told_and_the_rest_counted() -> None:
    shifts = dict(zip("ABCDEF", (-1.0, -0.6, -0.2, 0.2, 0.6, 1.0), strict=True))
    rng = np.random.default_rng(3)
    rows = [row(o, i, shift + float(rng.normal(0, 0.1))) for o, shift in shifts.items() for i in range(12)]
    sentences = difference_sentences(compare(frame(rows)))
    assert sum("appears" in sentence for sentence in sentences) == 3
    assert sentences[-1] == (
        "These hold after Holm's correction of 6 comparisons at 5 %. 3 more do; see the table of differences."
    )


@pytest.mark.parametrize(
    ("value", "plain", "signed"),
    [
        (0.2, "0.20", "+0.20"),
        (-0.128, "−0.13", "−0.13"),
        (0.004, "0.00", "0.00"),
        (-0.004, "0.00", "0.00"),
        (0.0, "0.00", "0.00"),
        (-10.0, "−10.00", "−10.00"),
        (1.0, "1.00", "+1.00"),
    ],
)
def test_numbers_have_two_digits_and_a_true_minus(value: float, plain: str, signed: str) -> None:
    assert number(value) == plain
    assert number(value, sign=True) == signed
