"""Comparison: estimates worked by hand, what must not change them, and which differences are tested."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scored import THREE, TWO, A, B, Row, frame, gap, level, matched, outlet_rows, row

from corpora.errors import InputError
from reports.article_scores import article_scores
from reports.comparison import ESTIMATE_COLUMNS, compare, compare_articles
from reports.estimation import false_discovery, holm
from reports.prose import difference_sentences, unscored
from reports.study import Primary

# --- Worked by hand ---


def test_levels_and_differences_of_two_outlets_are_those_worked_by_hand() -> None:
    comparison = compare(TWO)
    a, b = level(comparison, "A"), level(comparison, "B")
    assert a["value"] == pytest.approx(0.3)
    assert b["value"] == pytest.approx(-0.1)
    for one in (a, b):
        assert (one["n_passages"], one["n_articles"], one["n_stories"]) == (12, 12, 12)
    # One difference of the two, the first by name from the second: 0.3 - (-0.1).
    rows = comparison.differences("sentiment")
    assert rows[["outlet", "reference"]].to_numpy().tolist() == [["A", "B"]]
    assert gap(comparison, "A")["value"] == pytest.approx(0.4)
    # The spread of A's values is 0.2 around the mean, so the standard error is 0.2 / sqrt(12) x sqrt(12 / 11) = 0.0603.
    assert a["se"] == pytest.approx(0.2 / np.sqrt(12) * np.sqrt(12 / 11), rel=1e-12)
    # The interval is the t interval with 11 degrees of freedom: 2.201 standard errors each way.
    assert a["freedom"] == pytest.approx(11)
    assert a["high"] - a["value"] == pytest.approx(2.20099 * a["se"], rel=1e-5)
    assert a["value"] - a["low"] == pytest.approx(2.20099 * a["se"], rel=1e-5)
    # No story is shared: the variances add up, and the 24 stories less 1 are the degrees of freedom.
    both = gap(comparison, "A")
    assert both["se"] == pytest.approx(np.sqrt((0.2**2 + 0.1**2) / 11), rel=1e-12)
    assert both["freedom"] == pytest.approx(23)
    assert both["p"] == both["p_adjusted"] == pytest.approx(2 * stats.t.sf(0.4 / both["se"], 23))


def test_the_rest_is_the_mean_of_the_other_outlets_levels_not_of_their_articles() -> None:
    # C has 24 articles of 0.9 (two a story): the rest of A is (-0.1 + 0.9) / 2 = 0.4, so A - rest = -0.1.
    c = [row("C", i, 0.9, article_id=f"C{i}-{j}") for i in range(12) for j in range(2)]
    comparison = compare(pd.concat([TWO, frame(c)]))
    assert gap(comparison, "A")["value"] == pytest.approx(0.3 - 0.4)
    assert gap(comparison, "C")["value"] == pytest.approx(0.9 - (0.3 - 0.1) / 2)
    assert gap(comparison, "C")["n_articles"] == 24
    assert gap(comparison, "C")["n_stories"] == 12


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
    # An undated article has a story as well, here one of its own: 18 stories, so 17 degrees of freedom.
    assert level(comparison, "A")["n_stories"] == 18
    reach = level(comparison, "A")["high"] - level(comparison, "A")["value"]
    assert reach / level(comparison, "A")["se"] == pytest.approx(stats.t.ppf(0.975, 17))
    assert level(comparison, "A", "2018-01")["n_articles"] == 12
    assert comparison.periods == ("2018-01",)


def test_articles_without_any_date_have_levels_and_differences_and_no_period() -> None:
    undated = compare(TWO.assign(published=pd.NaT).astype({"published": "datetime64[ns]"}), period="month")
    assert undated.periods == ()
    assert undated.levels("sentiment", "RUS", over_time=True).empty
    dated = compare(TWO, period="month")
    for outlet in "AB":
        assert level(undated, outlet).equals(level(dated, outlet))
    assert gap(undated, "A").equals(gap(dated, "A"))


def test_undated_articles_count_as_stories() -> None:
    four = [row("C", i, 0.1 * i, story=f"C{i % 4}") for i in range(10)]
    undated = [row("C", 20 + i, 0.1, published=pd.NaT) for i in range(5)]
    assert level(compare(pd.concat([TWO, frame(four)])), "C")["note"].startswith("not enough data: 10 articles on 4 s")
    cell = level(compare(pd.concat([TWO, frame([*four, *undated])])), "C")
    assert cell["note"] == ""
    assert (cell["n_articles"], cell["n_stories"]) == (15, 9)


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


def test_compare_leaves_the_scores_as_they_were() -> None:
    before = TWO.copy(deep=True)
    compare(TWO, by="scorer")
    pd.testing.assert_frame_equal(TWO, before)


def test_twice_the_articles_on_the_same_stories_make_nothing_surer() -> None:
    # A copy of every article adds nothing that is not known: the stories are the clusters.
    copies = TWO.assign(article_id=TWO["article_id"] + "-copy")
    once, twice = compare(TWO), compare(pd.concat([TWO, copies]))
    for key in ("value", "se", "freedom", "low", "high", "p"):
        assert gap(twice, "A")[key] == pytest.approx(gap(once, "A")[key], rel=1e-9)
    assert gap(twice, "A")["n_articles"] == 24
    assert gap(twice, "A")["n_stories"] == 12


def test_twice_the_articles_on_stories_of_their_own_make_surer() -> None:
    more = TWO.assign(article_id=TWO["article_id"] + "-other", story=TWO["story"] + "-other")
    # 0.05 / 23 in the place of 0.05 / 11.
    assert gap(compare(pd.concat([TWO, more])), "A")["se"] == pytest.approx(np.sqrt(0.05 / 23))


def test_the_day_does_not_matter() -> None:
    days = TWO["published"].sample(frac=1, random_state=3).to_numpy()
    plain = compare(TWO, period="year").estimates
    pd.testing.assert_frame_equal(compare(TWO.assign(published=days), period="year").estimates, plain)
    one_day = TWO.assign(published=pd.Timestamp("2018-05-05"))
    pd.testing.assert_frame_equal(compare(one_day, period="year").estimates, plain)


def test_stories_that_both_outlets_tell_pair_their_articles() -> None:
    # A's and B's articles in turn on the same stories: 0.5 and 0, 0.1 and -0.2: differences of 0.5 and 0.3, half each.
    paired = TWO.assign(story=TWO["story"].str[1:])
    comparison = compare(paired, period="year")
    assert gap(comparison, "A")["se"] == pytest.approx(0.1 / np.sqrt(11))
    assert gap(comparison, "A")["freedom"] == pytest.approx(11)
    # Nothing changes for the levels, and the difference within periods is paired as well.
    assert level(comparison, "A").equals(level(compare(TWO, period="year"), "A"))
    assert matched(comparison)["se"].iloc[0] == pytest.approx(0.1 / np.sqrt(11), rel=0.05)


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
            "not enough data: 9 articles on 9 stories, 10 articles and 5 stories are needed",
            id="nine articles",
        ),
        pytest.param(
            [row("C", i, 0.1, story=f"C{i % 4}") for i in range(12)],
            "not enough data: 12 articles on 4 stories, 10 articles and 5 stories are needed",
            id="four stories",
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


def test_ten_articles_on_five_stories_are_enough_though_on_one_day() -> None:
    day = pd.Timestamp("2018-01-01")
    rows = [row("C", i, 0.1 * i, story=f"C{i % 5}", published=day) for i in range(10)]
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
    assert rows.loc["B", "note"].startswith("not enough data: 0 articles on 0 stories")
    assert unscored(comparison, pd.Series({"A": 12, "B": 12, "C": 1})) == [
        ("B", f"the relation between Russia and the United States: {rows.loc['B', 'note']}"),
        ("C", "not enough data: 1 article in the corpus; 10 scored articles on 5 stories are needed"),
    ]


@pytest.mark.parametrize("stories", [("s", "s"), ("A", "B")], ids=["one for all", "one of each outlet"])
def test_a_minimum_of_one_story_makes_no_interval_and_no_crash(stories: tuple[str, str]) -> None:
    rows = [row(outlet, i, i / 10, story=s) for outlet, s in zip("AB", stories, strict=True) for i in range(3)]
    comparison = compare(frame(rows), minimum_articles=1, minimum_stories=1)
    for cell in (level(comparison, "A"), gap(comparison, "A")):
        assert not pd.isna(cell["value"])
        assert cell[["se", "low", "high", "p"]].isna().all()


def test_what_does_not_vary_has_a_value_and_no_interval_and_is_not_tested() -> None:
    # A and B each say the same of every story, C does not: A - B has no spread, what C is part of has.
    rows = [*outlet_rows("A", [0.3] * 12), *outlet_rows("B", [0.1] * 12)]
    constant = compare(frame(rows))
    for cell in (level(constant, "A"), gap(constant, "A")):
        assert not pd.isna(cell["value"])
        assert cell[["se", "low", "high", "p", "p_adjusted"]].isna().all()
    assert difference_sentences(constant)[0].startswith("No outlet could be compared with another")
    varied = compare(frame([*rows, *outlet_rows("C", [0.0, 0.4] * 6)]))
    assert varied.differences("sentiment")["p_adjusted"].notna().all()
    assert level(varied, "A")[["se", "low", "high"]].isna().all()


# --- References and families of tests ---


def test_the_reference_outlet_has_no_row_of_its_own() -> None:
    comparison = compare(pd.concat([TWO, frame(outlet_rows("C", [0.2, 0.4] * 6))]), reference="B")
    rows = comparison.differences("sentiment")
    assert rows["outlet"].tolist() == ["A", "C"]
    assert set(rows["reference"]) == {"B"}
    assert rows["value"].tolist() == pytest.approx([0.4, 0.4])


def test_pairs_are_every_outlet_against_every_other_as_the_two_alone() -> None:
    # D has too little for any pair.
    scores = pd.concat([THREE, frame(outlet_rows("D", [0.2] * 4))])
    rows = compare(scores, reference="pairs").differences("sentiment")
    assert rows[["outlet", "reference"]].to_numpy().tolist() == [["A", "B"], ["A", "C"], ["B", "C"]]
    assert rows["value"].tolist() == pytest.approx([0.4, 0.1, -0.3])
    for pair, found in zip(combinations("ABC", 2), rows.to_dict("records"), strict=True):
        alone = gap(compare(scores[scores["outlet"].isin(pair)]), pair[0])
        for key in ("value", "se", "freedom", "low", "high", "p"):
            assert found[key] == pytest.approx(alone[key])
    # The three are one family.
    assert rows["p_adjusted"].tolist() == pytest.approx(holm(rows["p"].to_numpy()).tolist())
    assert rows["p_adjusted"].min() == pytest.approx(3 * rows["p"].min())


def test_pairs_of_an_outlet_alone_are_none() -> None:
    comparison = compare(frame(outlet_rows("A", A)), reference="pairs")
    assert comparison.differences().empty
    assert difference_sentences(comparison)[0].startswith("No outlet could be compared with another")


def test_a_pair_may_be_declared_though_all_pairs_are_shown() -> None:
    rows = compare(THREE, reference="pairs", primary=[Primary("sentiment", "B", "A", "RUS")]).differences()
    tested = rows[rows["p_adjusted"].notna()]
    assert tested[["outlet", "reference"]].to_numpy().tolist() == [["B", "A"]]
    assert tested["p_adjusted"].iloc[0] == pytest.approx(tested["p"].iloc[0])


def test_a_pair_that_is_shown_already_and_declared_is_tested_once() -> None:
    rows = compare(THREE, reference="pairs", primary=[Primary("sentiment", "A", "B", "RUS")]).differences()
    tested = rows[rows["p_adjusted"].notna()]
    assert tested[["outlet", "reference"]].to_numpy().tolist() == [["A", "B"]]
    assert tested["p_adjusted"].iloc[0] == pytest.approx(tested["p"].iloc[0])


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
    assert d["note"].startswith("not enough data: 4 articles on 4 stories")
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


def screened() -> pd.DataFrame:
    """Article scores of two codebooks, with two and one frames, and sentiment; of three outlets."""
    rng = np.random.default_rng(9)
    kinds = [("frames:one", "a"), ("frames:one", "b"), ("frames:two", "a"), ("sentiment", "")]
    rows = [
        row(outlet, i, float(rng.normal(shift, 0.3)), measure=measure, category=category, target="", pair="RUS-USA")
        for outlet, shift in (("A", 0.3), ("B", 0.0), ("C", 0.05))
        for measure, category in kinds
        for i in range(15)
    ]
    return article_scores(frame(rows))


def test_a_screen_has_the_false_discovery_rate_of_each_measure_of_frames() -> None:
    rows = compare_articles(screened(), tested="screen").differences()
    assert rows.groupby("measure").size().to_dict() == {"frames:one": 6, "frames:two": 3}
    for _, of_one in rows.groupby("measure"):
        due = false_discovery(of_one["p"].to_numpy(dtype=float))
        assert of_one["p_adjusted"].tolist() == pytest.approx(due.tolist())
    # Another family would give other values: all nine at once, or Holm's.
    assert rows["p_adjusted"].tolist() != pytest.approx(false_discovery(rows["p"].to_numpy(dtype=float)).tolist())
    assert (rows.loc[:5, "p_adjusted"] < holm(rows.loc[:5, "p"].to_numpy(dtype=float))).any()


def test_a_screen_leaves_out_what_a_voice_says_and_has_nothing_within_periods() -> None:
    articles = screened()
    both = pd.concat([articles, articles.assign(voice="own")], ignore_index=True)
    found = compare_articles(both, tested="screen")
    assert matched(found).empty
    pd.testing.assert_frame_equal(found.differences(), compare_articles(articles, tested="screen").differences())


def test_what_is_not_tested_has_levels_alone() -> None:
    estimates = compare_articles(screened(), tested="").estimates
    assert set(estimates["kind"]) == {"level"}
    assert estimates["p_adjusted"].isna().all()


def test_frames_beside_what_is_tested_are_not_in_its_family() -> None:
    rows = compare_articles(screened()).differences()
    tested = rows[rows["p_adjusted"].notna()]
    assert set(tested["measure"]) == {"sentiment"}
    assert tested["p_adjusted"].tolist() == pytest.approx(holm(tested["p"].to_numpy(dtype=float)).tolist())


# --- Errors and the table ---


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


@pytest.mark.parametrize("reference", ["rest", "pairs", "B"])
def test_the_estimates_table_has_its_columns_and_one_row_a_key(reference: str) -> None:
    estimates = compare(mixed(), period="month", reference=reference).estimates
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
