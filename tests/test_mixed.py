"""Mixed model: the plain difference where nothing weighs, and a note where there is no fit."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from article_rows import RELATION, Row, article, compared, drawn, told

from reports.comparison import ESTIMATE_COLUMNS, Comparison
from reports.mixed import METHOD, mixed_differences
from reports.study import Primary

NAMES = ["measure", "target", "pair", "outlet", "reference"]


def balanced(outlets: str = "ABC", stories: int = 40) -> list[Row]:
    """Each outlet has one article on each story."""
    rng = np.random.default_rng(5)
    events = rng.normal(0, 0.2, stories)
    return [
        article(outlet, story, float(events[story] + rng.normal(0.1 * number, 0.2)))
        for number, outlet in enumerate(outlets)
        for story in range(stories)
    ]


def both(comparison: Comparison) -> pd.DataFrame:
    rows = mixed_differences(comparison).merge(comparison.differences(), on=NAMES, suffixes=("", "_plain"))
    assert len(rows) == len(mixed_differences(comparison))
    return rows


@pytest.mark.parametrize("reference", ["rest", "pairs", "C"])
def test_on_balanced_data_it_is_the_plain_difference(reference: str) -> None:
    rows = both(compared(balanced(), reference=reference))
    assert len(rows) == {"rest": 3, "pairs": 3, "C": 2}[reference]
    assert list(rows["value"]) == pytest.approx(list(rows["value_plain"]), abs=1e-6)
    # The model pools the outlets' variances, so that the errors are near and not the same.
    assert (rows["se"] / rows["se_plain"]).between(0.8, 1.25).all()
    assert (rows["low"] < rows["value"]).all()
    assert (rows["value"] < rows["high"]).all()
    assert list(rows["freedom"]) == [37.0] * len(rows)


def test_one_error_for_all_is_that_of_an_analysis_of_variance() -> None:
    # Two outlets on n stories, one article each: REML's variance of the difference is that of the paired t test.
    comparison = compared(balanced("AB"), reference="B")
    wide = comparison.articles.pivot(index="story", columns="outlet", values="value")
    gaps = wide["A"] - wide["B"]
    [row] = mixed_differences(comparison).to_dict("records")
    assert row["value"] == pytest.approx(gaps.mean(), abs=1e-6)
    assert row["se"] == pytest.approx(gaps.std() / np.sqrt(len(gaps)), rel=1e-3)


def test_rows_are_those_of_the_estimates_and_only_of_what_is_tested() -> None:
    rows = drawn(1, "ABC") + [row | RELATION for row in drawn(2, "ABC")]
    rows += [row | {"measure": "tone"} for row in drawn(3, "ABC")]
    comparison = compared(rows)
    found = mixed_differences(comparison)
    assert list(found) == ESTIMATE_COLUMNS
    assert set(found["kind"]) == {"mixed"}
    assert set(found["method"]) == {METHOD}
    assert set(found["period"]) == {""}
    assert sorted(zip(found["measure"], found["outlet"], strict=True)) == [
        (measure, outlet) for measure in ("relation", "sentiment") for outlet in "ABC"
    ]
    declared = compared(rows, primary=[Primary("tone", "A", "", "RUS"), Primary("relation", "B")])
    assert mixed_differences(declared)["outlet"].tolist() == ["B"]


def test_swapping_the_sign_of_scores_swaps_it() -> None:
    comparison = compared(drawn(1, "ABC", shift=0.2))
    flipped = compared([row | {"value": -row["value"]} for row in drawn(1, "ABC", shift=0.2)])
    one, other = mixed_differences(comparison), mixed_differences(flipped)
    assert list(one["value"]) == pytest.approx(list(-other["value"]), abs=1e-4)
    assert one["value"].iloc[0] > 0


def test_where_every_article_is_a_story_of_its_own_it_cannot_be_fitted() -> None:
    rows = [article(outlet, f"{outlet}{n}", 0.1 * n + (outlet == "A")) for outlet in "AB" for n in range(6)]
    found = mixed_differences(compared(rows))
    assert len(found) == 1
    assert found["note"].tolist() == ["the model could not be fitted"]
    assert found[["value", "se", "low", "high", "p"]].isna().all(axis=None)


def test_too_few_stories_cannot_be_fitted_and_the_other_measure_is() -> None:
    few = told({"A": {1: [0.1, 0.2], 2: [0.3]}, "B": {1: [0.0], 2: [0.2, 0.1]}})
    found = mixed_differences(compared(few + [row | RELATION for row in drawn(2, "AB")]))
    notes = found.set_index("measure")["note"]
    assert notes.to_dict() == {"relation": "", "sentiment": "the model could not be fitted"}
    assert found.set_index("measure")["value"].isna().to_dict() == {"relation": False, "sentiment": True}


def test_where_nothing_was_tested_there_are_no_rows() -> None:
    for rows in (drawn(1, "A"), [row | {"value": 0.2} for row in drawn(1)]):
        found = mixed_differences(compared(rows))
        assert found.empty
        assert list(found) == ESTIMATE_COLUMNS


def test_an_outlet_with_too_little_is_not_in_the_model() -> None:
    rows = drawn(1, "ABC")
    with_d = mixed_differences(compared([*rows, article("D", 3, 0.9)]))
    assert set(with_d["outlet"]) == set("ABC")
    assert list(with_d["value"]) == pytest.approx(list(mixed_differences(compared(rows))["value"]), abs=1e-9)
