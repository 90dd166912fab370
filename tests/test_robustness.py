"""Robustness: the main difference under other specifications, the first of which is the reported one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from article_rows import RELATION, Row, article, compared, drawn, table, told

from reports.article_scores import counted
from reports.comparison import Comparison
from reports.inferred import _variants
from reports.robustness import MOST, REPORTED, Robustness, main_difference, robustness
from reports.study import Primary, Study

NUMBERS = ["value", "se", "freedom", "low", "high", "p"]
COUNTS = ["n_passages", "n_articles", "n_stories"]


def found(comparison: Comparison, variants: Any = (), measures: Any = None) -> Robustness:
    result = robustness(comparison, dict(variants), measures)
    assert result is not None
    return result


def by_name(result: Robustness) -> pd.DataFrame:
    return result.table.set_index("specification")


# --- Which difference ---


def test_without_declared_comparisons_the_surest_is_the_main_one() -> None:
    rows = drawn(1, "ABC") + [row | RELATION for row in drawn(2, "ABC", shift=0.4)]
    main = main_difference(compared(rows))
    assert (main["measure"], main["outlet"]) == ("relation", "A")


def test_the_first_declared_comparison_is_the_main_one_however_sure_others_are() -> None:
    rows = drawn(1, "ABC") + [row | RELATION for row in drawn(2, "ABC", shift=0.4)]
    declared = (Primary("sentiment", "C", "B", "RUS"), Primary("relation", "A"))
    main = main_difference(compared(rows, primary=declared))
    assert (main["measure"], main["outlet"], main["reference"]) == ("sentiment", "C", "B")
    assert main_difference(compared(rows, primary=declared[::-1]))["measure"] == "relation"


def test_a_declared_comparison_that_could_not_be_tested_gives_its_place_to_the_next() -> None:
    rows = [*drawn(1, "ABC"), article("D", 0, 0.1)]
    declared = (Primary("sentiment", "D", "B", "RUS"), Primary("sentiment", "C", "B", "RUS"),
                Primary("sentiment", "A", "B", "RUS"))  # fmt: skip
    assert main_difference(compared(rows, primary=declared))["outlet"] == "C"


def test_where_nothing_was_tested_there_is_nothing_to_vary() -> None:
    one = compared(drawn(1, "A"))
    assert main_difference(one) == {}
    assert robustness(one, {}) is None
    assert robustness(compared([row | {"measure": "tone"} for row in drawn(1)]), {}) is None
    assert robustness(compared([row | {"value": 0.3} for row in drawn(1)]), {}) is None


# --- The rows ---


@pytest.mark.parametrize("settings", [{}, {"reference": "B"}, {"reference": "pairs"}])
def test_the_first_row_is_the_reported_difference(settings: Any) -> None:
    comparison = compared([*drawn(1, "ABC", shift=0.1), article("D", 0, 0.9)], **settings)
    result = found(comparison)
    first = result.table.iloc[0]
    assert first["specification"] == REPORTED
    assert list(first[NUMBERS]) == pytest.approx([result.main[name] for name in NUMBERS], rel=1e-12)
    assert list(first[COUNTS]) == [result.main[name] for name in COUNTS]
    assert first["note"] == ""


def test_the_last_row_is_the_difference_within_periods() -> None:
    comparison = compared(drawn(1, "ABC", shift=0.1))
    result = found(comparison)
    rows = comparison.estimates[comparison.estimates["kind"] == "matched"]
    row = rows[rows["outlet"] == result.main["outlet"]].iloc[0]
    last = result.table.iloc[-1]
    assert last["specification"] == "within periods"
    assert list(last[["value", "se", "low", "high"]]) == pytest.approx(list(row[["value", "se", "low", "high"]]))


def test_the_story_that_pulls_most_is_left_out_of_both_sides() -> None:
    # A's mean is 0.28; story 4 with 1.0 pulls most on it. Without it A is 0.1 and B (0.0 + 0.1 + 0.0 + 0.1) / 4.
    a = {0: [0.0], 1: [0.2], 2: [0.0], 3: [0.2], 4: [1.0]}
    # Without one of the others the difference would be 0.15 or 0.2.
    b = {0: [0.0], 1: [0.1], 2: [0.0], 3: [0.1], 4: [0.5]}
    row = by_name(found(compared(told({"A": a, "B": b})))).loc["without the story that pulls most"]
    assert row["value"] == pytest.approx(0.1 - 0.05)
    assert (row["n_articles"], row["n_stories"]) == (4, 4)


def test_articles_of_one_passage_are_left_out() -> None:
    rows = told({"A": {0: [0.1], 1: [0.3], 2: [0.1], 3: [0.9]}, "B": {0: [0.0], 1: [0.1], 2: [0.0], 3: [0.1]}})
    rows[3]["n_passages"] = 1
    row = by_name(found(compared(rows))).loc["articles with two passages or more"]
    assert row["value"] == pytest.approx(0.5 / 3 - 0.05)
    assert row["n_articles"] == 3


def test_other_outlets_with_too_little_left_are_told() -> None:
    rows = drawn(1, "ABC", shift=0.3)
    for row in rows:
        row["n_passages"] = 1 if row["outlet"] == "C" else 2
    row = by_name(found(compared(rows))).loc["articles with two passages or more"]
    assert row["note"] == "without 1 of 2 other outlets, which have too few articles"
    assert not np.isnan(row["value"])


def test_a_specification_without_enough_has_no_value_and_says_why() -> None:
    comparison = compared(drawn(1, "ABC", shift=0.3))
    few = comparison.articles.groupby("outlet").head(1)
    rows = by_name(found(comparison, {"few": few, "none": few.head(0)}))
    assert rows.loc[["few", "none"], "value"].isna().all()
    assert rows.loc["few", "note"] == "not enough data: 1 articles on 1 stories, 3 articles and 2 stories are needed"
    assert rows.loc["none", "note"].startswith("not enough data: 0 articles")


def test_what_leaves_both_sides_as_they_are_is_no_other_specification() -> None:
    comparison = compared(drawn(1, "ABC", shift=0.3), reference="B")
    main = main_difference(comparison)
    same = comparison.articles.sample(frac=1, random_state=1)
    third = same[same["outlet"] != ({"A", "C"} - {main["outlet"]}).pop()]
    fewer = same[same["story"] != same["story"].iloc[0]]
    rows = by_name(found(comparison, {"same": same, "without a third": third, "fewer": fewer}))
    assert "same" not in rows.index
    assert "without a third" not in rows.index
    assert "articles with two passages or more" not in rows.index
    assert "fewer" in rows.index


def test_signs_are_counted_over_the_others_that_have_a_value() -> None:
    comparison = compared(drawn(1, "AB", shift=0.4), reference="B")
    flipped = comparison.articles.assign(value=-comparison.articles["value"])
    half = comparison.articles.assign(value=comparison.articles["value"] / 2)
    # Beside these the story that pulls most, and within periods; the empty one does not count.
    result = found(comparison, {"flipped": flipped, "half": half, "empty": half.head(0)})
    assert result.same_sign == (3, 4)


def test_another_measure_is_read_where_a_specification_says_so() -> None:
    rows = drawn(1, "AB", shift=0.4)
    tone = [row | {"measure": "tone", "value": -row["value"]} for row in rows]
    comparison = compared(rows + tone, reference="B")
    row = by_name(found(comparison, {"lexicon": comparison.articles}, {"lexicon": "tone"})).loc["lexicon"]
    assert row["value"] == pytest.approx(-float(found(comparison).table["value"].iloc[0]))


def test_no_more_rows_than_a_reader_reads() -> None:
    comparison = compared(drawn(1, "AB", shift=0.4))
    variants = {f"half {n}": comparison.articles.iloc[n:] for n in range(1, 30)}
    assert len(found(comparison, variants).table) == MOST


# --- Which specifications a study has ---


def whole_of(rows: list[Row], **more: Any) -> dict[str, pd.DataFrame]:
    every = table(rows)
    empty = every.head(0)
    return {"all": every, "own": empty, "quoted": empty, "second": empty, "frames": empty, "none": empty} | more


def specified(study: Study, whole: dict[str, pd.DataFrame]) -> Robustness:
    comparison = compared(counted(whole[study.voice], study.wire, study.genre), reference="B")
    return found(comparison, *_variants(comparison, study, whole))


STUDY = Study(("RUS", "USA"), measures=("sentiment", "tone"), cost="light", second=False)


def test_switches_that_change_no_article_are_left_out() -> None:
    assert set(by_name(specified(STUDY, whole_of(drawn(1, shift=0.4)))).index) == {
        REPORTED, "opinion alone", "in the outlets' own words", "in words of others", "by the lexicon (tone)",
        "without the story that pulls most", "within periods",
    }  # fmt: skip


def test_each_switch_that_changes_articles_is_a_row() -> None:
    rows = drawn(1, shift=0.4)
    for number, row in enumerate(rows):
        row["vote"] = ("own", "own", "origin", "copy")[number % 4]
        row["genre"] = ("news", "news", "opinion")[number % 3]
    table = by_name(specified(STUDY, whole_of(rows)))
    assert {"wire copy counts", "each wire text counts once", "every kind of piece", "opinion alone"} <= set(
        table.index
    )
    counts = table["n_articles"]
    assert counts["wire copy counts"] > counts["each wire text counts once"] > counts[REPORTED]
    assert counts["every kind of piece"] == counts[REPORTED] + counts["opinion alone"]


def test_as_many_opinion_pieces_as_news_are_another_specification_all_the_same() -> None:
    # Each piece of news has its opinion piece, of another value.
    rows = drawn(1, shift=0.4)
    opinion = [row | {"genre": "opinion", "value": row["value"] / 2} for row in rows]
    table = by_name(specified(STUDY, whole_of(rows + opinion)))
    assert table.loc["opinion alone", "value"] == pytest.approx(table.loc[REPORTED, "value"] / 2)


def test_all_words_being_the_outlets_own_leaves_that_switch_out() -> None:
    rows = drawn(1, shift=0.4)
    names = by_name(specified(STUDY, whole_of(rows, own=table(rows)))).index
    assert "in the outlets' own words" not in names
    assert "in words of others" in names


def test_a_second_scorer_is_read_where_there_is_one_and_not_missed_where_there_is_none() -> None:
    rows = drawn(1, shift=0.4)
    second = table([row | {"measure": "sentiment@light", "value": row["value"] / 2} for row in rows])
    heard = replace(STUDY, cost="encoder", second=True)
    found = by_name(specified(heard, whole_of(rows, second=second)))
    assert found.loc["by the light scorer", "value"] == pytest.approx(found.loc[REPORTED, "value"] / 2)
    assert "by the light scorer" not in by_name(specified(STUDY, whole_of(rows, second=second))).index
    # It may have read nothing.
    lost = by_name(specified(heard, whole_of(rows))).loc["by the light scorer"]
    assert np.isnan(lost["value"])
    assert lost["note"].startswith("not enough data")
