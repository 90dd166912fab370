"""Prose: the direction in words is that of the estimate, and nothing is said that does not hold."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scored import THREE, TWO, A, Row, frame, outlet_rows, row

from reports.comparison import compare
from reports.prose import (
    SIZES,
    WORDS,
    corrected_clause,
    difference_sentence,
    difference_sentences,
    findings,
    level_sentences,
    number,
)


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
        "n_stories": 31,
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
        "(95 % interval −0.30 to −0.10; 40 articles on 31 stories), as much as if 10 of 100 passages turned from "
        "favourable to unfavourable."
    )
    assert difference_sentence(told("relation", 0.3, reference="B")) == (
        "A appears more cooperative than B in the relation between Russia and the United States: a difference of +0.30 "
        "(95 % interval 0.20 to 0.40; 40 articles on 31 stories), as much as if 15 of 100 passages turned from "
        "conflictual to cooperative."
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


@pytest.mark.parametrize(
    ("shifts", "rest"), [((-1.0, -0.6, -0.2, 0.2, 0.6, 1.0), "6 comparisons at 5 %. 3 more do"),
                         ((-1.0, -0.4, 0.4, 1.0), "4 comparisons at 5 %. 1 more does")],
)  # fmt: skip
def test_at_most_three_differences_are_told_and_the_rest_counted(shifts: tuple[float, ...], rest: str) -> None:
    rng = np.random.default_rng(3)
    rows = [
        row(o, i, shift + float(rng.normal(0, 0.1)))
        for o, shift in zip("ABCDEF", shifts, strict=False)
        for i in range(12)
    ]
    sentences = difference_sentences(compare(frame(rows)))
    assert sum("appears" in sentence for sentence in sentences) == 3
    assert sentences[-1] == f"These hold after Holm's correction of {rest}; see the table of differences."


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


def test_both_sides_of_a_difference_are_counted_where_they_are_known() -> None:
    assert "; 40 articles on 31 stories against 1,410 articles)" in difference_sentence(
        told("tone", 0.2, n_reference=1410)
    )
    assert "; 40 articles on 31 stories)" in difference_sentence(told("tone", 0.2))


@pytest.mark.parametrize(("low", "high", "told_so"), [(0.1, 0.4, False), (-0.1, 0.4, True), (-0.4, -0.1, False)])
def test_a_corrected_difference_says_whether_it_leaves_the_direction_open(
    low: float, high: float, told_so: bool
) -> None:
    clause = corrected_clause({"value": (low + high) / 2, "low": low, "high": high})
    assert clause.startswith(f" Corrected by human codes it is {number((low + high) / 2, sign=True)} (95 % interval ")
    assert clause.endswith("direction open.") == told_so
    assert corrected_clause({}) == ""


@pytest.mark.parametrize(("low", "high", "within"), [(-0.2, 0.5, False), (-0.2, 0.3, True), (0.05, 0.15, True)])
def test_a_smaller_difference_within_periods_is_told_only_where_its_interval_leaves_out_the_plain_one(
    low: float, high: float, within: bool
) -> None:
    comparison = compare(TWO)
    assert comparison.differences("sentiment")["value"].tolist() == pytest.approx([0.4])
    estimates = comparison.estimates.copy()
    estimates.loc[estimates["kind"] == "matched", ["value", "low", "high"]] = 0.1, low, high
    [first, *_] = difference_sentences(replace(comparison, estimates=estimates))
    assert ("Within the same periods it is +0.10" in first) == within
