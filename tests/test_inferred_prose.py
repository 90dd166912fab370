"""Prose and page of what is inferred: signs, singular and plural, what is not known, and nothing that pretends."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from article_rows import RELATION, compared, drawn, told
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.change_points import ChangePoint
from reports.controls import Control
from reports.decomposition import PARTS, Decomposition
from reports.inferred_charts import parts_of_pairs, specifications
from reports.inferred_prose import (
    CHANGES,
    apart_sentence,
    change_sentences,
    control_sentences,
    mixed_sentence,
    others_sentence,
    robustness_sentence,
    silence_sentence,
    treatment_sentence,
    treatment_sentences,
)
from reports.mixed import mixed_differences
from reports.over_time import OverTime
from reports.pairs import Compared, compare_pairs
from reports.prose import WORDS
from reports.robustness import REPORTED, Robustness, robustness
from reports.silence import Silence

KEY = {"measure": "sentiment", "category": "", "scorer": "light", "scorer_version": "1", "target": "RUS", "pair": "",
       "voice": ""}  # fmt: skip
KEYS = {
    "sentiment": KEY,
    "relation": KEY | {"measure": "relation", "target": "", "pair": "RUS-USA"},
    "attitude": KEY | {"measure": "attitude", "target": "USA", "pair": "RUS>USA"},
}
NAN = float("nan")
sizes = st.floats(-2, 2).filter(lambda value: abs(value) >= 0.005)
widths = st.floats(0.01, 1)


def pair(
    value: float = 0.2,
    half: float = 0.1,
    adjusted: float = 0.01,
    measure: str = "sentiment",
    names: tuple[str, str] = ("A", "B"),
    note: str = "",
    others: tuple[float, float] = (NAN, NAN),
) -> Compared:
    """A pair whose treatment has a value and an interval; the other parts are a tenth, and minus a fifth, of it."""
    parts = {"difference": 0.9 * value, "treatment": value, "weighting": 0.1 * value, "unshared": -0.2 * value}
    rows = [{"kind": kind, "value": size, "low": size - half, "high": size + half, "p": 0.01}
            for kind, size in parts.items()]  # fmt: skip
    table = pd.DataFrame() if note else pd.DataFrame(rows)
    found = Decomposition(*names, table, 12, (20, 15, 40, 30), (14, 25), note)
    quiet = (Silence(names[0], 0, 0, NAN, NAN), Silence(names[1], 0, 0, NAN, NAN))
    return Compared(KEYS[measure], found, adjusted, quiet, others, pd.DataFrame())


def numbers(sentence: str) -> list[float]:
    """Signed numbers and ends of intervals, as printed."""
    return [float(one.replace("−", "-")) for one in re.findall(r"[+−]?\d+\.\d+", sentence)]


def shown(value: float) -> float:
    return float(f"{value:.2f}")


# --- Treatment ---


@settings(max_examples=60, deadline=None)
@given(sizes, widths, st.sampled_from(sorted(KEYS)))
def test_the_direction_of_a_treatment_is_the_sign_of_its_estimate(value: float, half: float, measure: str) -> None:
    sentence = treatment_sentence(pair(value, half, measure=measure))
    up, down, *_ = WORDS[measure]
    size = "(slightly |much |)"
    assert bool(re.search(f"A appears {size}{up} than B", sentence)) == (value > 0)
    assert bool(re.search(f"A appears {size}{down} than B", sentence)) == (value < 0)
    assert numbers(sentence) == [shown(value), shown(value - half), shown(value + half)]
    assert "; 15 articles against 30)" in sentence
    turned = treatment_sentence(pair(-value, half, measure=measure, names=("B", "A")))
    assert bool(re.search(f"B appears {size}{down} than A", turned)) == (value > 0)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("shift", [0.4, -0.4])
def test_from_articles_to_sentence_the_sign_is_the_truth(seed: int, shift: float) -> None:
    [found] = compare_pairs(compared(drawn(seed, "AB", shift=shift)), [("A", "B")])
    [sentence] = treatment_sentences([found])
    word = "more" if shift > 0 else "less"
    assert f"A appears much {word} favourable than B in sentiment toward Russia" in sentence
    assert f"On the {found.found.shared} stories that both tell" in sentence


def test_only_what_holds_after_correction_is_said_to_differ_the_surest_first() -> None:
    pairs = [pair(0.1, adjusted=0.2), pair(0.2, adjusted=0.04), pair(-0.3, adjusted=0.001), pair(0.4, adjusted=NAN)]
    sentences = treatment_sentences(pairs)
    assert [numbers(one)[0] for one in sentences] == [-0.3, 0.2]


def test_without_a_clear_treatment_that_is_said_and_how_many_were_compared() -> None:
    [several] = treatment_sentences([pair(adjusted=0.05), pair(adjusted=0.9)])
    assert "no clear difference in how they tell them, in 2 comparisons" in several
    [single] = treatment_sentences([pair(adjusted=0.5)])
    assert "in 1 comparison (" in single
    assert numbers(single) == []


@pytest.mark.parametrize("pairs", [[], [pair(note="not enough data: x", adjusted=NAN)]])
def test_where_nothing_could_be_tested_no_direction_is_named(pairs: list[Compared]) -> None:
    [sentence] = treatment_sentences(pairs)
    assert sentence == "Agenda and treatment: on no tested measure do two outlets share enough stories to be compared."


def test_where_nothing_varies_that_is_said() -> None:
    [sentence] = treatment_sentences([pair(adjusted=NAN), pair(note="not enough data: x", adjusted=NAN)])
    assert sentence.endswith("on the stories that outlets share nothing varies, so nothing can be tested.")


# --- Parts ---


@settings(max_examples=40, deadline=None)
@given(sizes)
def test_the_parts_are_told_with_their_signs(value: float) -> None:
    one = pair(value)
    assert numbers(apart_sentence(one)) == [
        shown(one.found.part(kind)) for kind in ("difference", "treatment", "weighting", "unshared")
    ]
    assert "−0.00" not in apart_sentence(one)


def test_shares_of_unshared_articles_are_told_by_outlet() -> None:
    sentence = apart_sentence(pair())
    assert "how both tell the 12 stories they share" in sentence
    assert "25 % of the articles of A and 25 % of those of B are on such stories." in sentence


def test_a_percent_sign_in_an_outlet_s_name_stays_as_it_is() -> None:
    sentence = apart_sentence(pair(names=("100% News", "B%")))
    assert sentence.startswith("100% News less B% is ")
    assert "of the articles of 100% News and 25 % of those of B% are" in sentence


def test_what_could_not_be_taken_apart_says_why() -> None:
    assert apart_sentence(pair(note="not enough data: 3 stories")) == "A and B: not enough data: 3 stories."
    assert others_sentence(pair(note="not enough data", others=(0.1, 0.5))) == ""


def test_what_others_make_of_unshared_stories_has_a_sign_and_a_share_or_is_left_out() -> None:
    assert numbers(others_sentence(pair(others=(-0.123, 0.454)))) == [-0.12]
    assert "(45 % of the articles on them are on stories that others tell as well)" in others_sentence(
        pair(others=(-0.123, 0.454))
    )
    assert others_sentence(pair(others=(NAN, 0.3))) == ""


# --- Silence ---


@pytest.mark.parametrize(
    ("found", "sentence"),
    [
        (Silence("A", 0, 0, NAN, NAN), "A has every story that B tells."),
        (Silence("A", 1, 0, NAN, NAN), "A does not tell 1 story that B tells; no third outlet tells it."),
        (Silence("A", 2, 0, NAN, NAN), "A does not tell 2 stories that B tells; no third outlet tells any of them."),
        (
            Silence("A", 1, 1, -0.3, 0.05),
            "A does not tell 1 story that B tells. Third outlets tell it, with a mean of −0.30; told like that, it "
            "would have moved A by +0.05.",
        ),
        (
            Silence("A", 1200, 1, 0.3, -0.05),
            "A does not tell 1,200 stories that B tells. Third outlets tell 1 of them, with a mean of 0.30; told like "
            "that, it would have moved A by −0.05.",
        ),
        (
            Silence("A", 9, 4, 0.3, 0.001),
            "A does not tell 9 stories that B tells. Third outlets tell 4 of them, with a mean of 0.30; told like "
            "that, they would have moved A by 0.00.",
        ),
    ],
)
def test_silence_in_the_singular_and_in_the_plural(found: Silence, sentence: str) -> None:
    assert silence_sentence(found, "B") == sentence


# --- Controls ---


def test_one_place_far_above_is_a_warning_where_the_share_of_all_is_not() -> None:
    assert "too narrow" in control_sentences([Control("x", 50, 1000, (0.12, "A, tone"))])[0]
    assert "too narrow" not in control_sentences([Control("x", 50, 1000, (0.11, "A, tone"))])[0]


@pytest.mark.parametrize(("found", "warned"), [(0, False), (50, False), (80, False), (81, True), (1000, True)])
def test_a_share_above_eight_percent_is_a_warning(found: int, warned: bool) -> None:
    [sentence] = control_sentences([Control("x", found, 1000, (found / 1000, "A, tone"))])
    assert ("too narrow" in sentence) == warned
    assert f"{found:,} of 1,000 comparisons ({found / 10:.1f} %)" in sentence


# --- Robustness ---


def specified(values: list[float], half: float = 0.1, reference: str = "rest") -> Robustness:
    rows = [{"specification": REPORTED if not n else f"s{n}", "value": value, "low": value - half, "high": value + half,
             "note": ""} for n, value in enumerate(values)]  # fmt: skip
    return Robustness(KEY | {"outlet": "A", "reference": reference}, pd.DataFrame(rows))


@settings(max_examples=60, deadline=None)
@given(st.lists(sizes, min_size=2, max_size=12), st.floats(0.01, 0.5))
def test_the_sentence_counts_signs_and_intervals_as_the_table_has_them(values: list[float], half: float) -> None:
    sentence = robustness_sentence(specified(values, half))
    first, *others = values
    same = [value for value in others if value * first > 0]
    clear = [value for value in same if abs(value) > half]
    assert numbers(sentence) == [shown(first), shown(min(others)), shown(max(others))]
    assert f"keeps its sign in {len(same)} of {len(others)}, and in {len(clear)} of these" in sentence
    assert f"with {len(others)} other specification{'s' if len(others) > 1 else ''} it runs" in sentence


def test_what_could_not_be_tried_is_counted_and_where_nothing_could_no_range_is_told() -> None:
    assert robustness_sentence(specified([0.2, NAN, 0.3, NAN])).endswith(" 2 more could not be tried.")
    alone = robustness_sentence(specified([0.2, NAN]))
    assert alone.startswith("A less the other outlets in sentiment toward Russia is +0.20 as reported. ")
    assert alone.endswith(" No other specification could be tried.")
    assert robustness_sentence(None) == ""
    assert robustness_sentence(specified([0.2, 0.1], reference="B")).startswith("A less B in ")


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("shift", [0.3, -0.3])
def test_the_main_difference_is_told_with_the_sign_of_the_table(seed: int, shift: float) -> None:
    found = robustness(compared(drawn(seed, "AB", shift=shift), reference="B"), {})
    assert np.sign(numbers(robustness_sentence(found))[0]) == np.sign(shift)


# --- Changes ---


def changed(*values: float, **changes: Any) -> OverTime:
    found = [replace(ChangePoint("2018-05", "2018-04", "2018-06", value, value - 0.1, value + 0.1, 0.01, 20, 30, False),
                     **changes) for value in values]  # fmt: skip
    return OverTime(KEY, {}, {f"O{n}": [one] for n, one in enumerate(found)}, {}, {}, pd.DataFrame())


@settings(max_examples=40, deadline=None)
@given(sizes)
def test_the_direction_of_a_change_is_the_sign_of_its_size(value: float) -> None:
    sentence, count = change_sentences([changed(value)])
    for word, is_right in zip(WORDS["sentiment"][:2], (value > 0, value < 0), strict=True):
        assert bool(re.search(f"O0 becomes (slightly |much |){word} in", sentence)) == is_right
    assert numbers(sentence) == [shown(value), shown(value - 0.1), shown(value + 0.1)]
    assert "; 20 articles before, 30 after)" in sentence
    assert count.startswith("1 series was searched, ")


def test_the_largest_changes_are_told_and_the_others_counted() -> None:
    told_of = change_sentences([changed(0.1, -0.5, 0.3, -0.2, 0.4, 0.05)])
    assert [numbers(sentence)[0] for sentence in told_of[:-1]] == [-0.5, 0.4, 0.3, -0.2]
    assert len(told_of) == CHANGES + 1
    assert told_of[-1].startswith("6 series were searched, ")
    assert told_of[-1].endswith(" 2 more were found; all are in the tables.")
    assert change_sentences([changed(*[0.1] * 5)])[-1].endswith(" 1 more was found; all are in the tables.")


def test_a_change_without_an_interval_and_one_that_may_be_a_drift_say_so() -> None:
    sentence = change_sentences([changed(0.4, low=NAN, high=NAN, drift=True)])[0]
    assert "+0.40 (no interval: one of the two levels rests on a single story; 20 articles" in sentence
    assert sentence.endswith(" A steady move would explain it as well.")
    assert "nan" not in sentence


def test_no_change_and_no_series_are_two_things() -> None:
    still = OverTime(KEY, {}, {"A": [], "B": []}, {}, {}, pd.DataFrame())
    [sentence] = change_sentences([still])
    assert sentence.startswith("No change of level that chance does not explain as well. 2 series were searched, ")
    [change] = changed(0.4).changes["O0"]
    for number, words in ((1, "1 more change does not"), (2, "2 more changes do not")):
        assert words in change_sentences([replace(still, doubtful={"A": [change] * number})])[0]
    short = replace(still, untested={"A": "x", "B": "x"})
    assert change_sentences([short])[0].startswith("No series is long enough")
    assert change_sentences([]) == change_sentences([short])


# --- Mixed model ---


def test_the_mixed_model_says_how_many_it_could_fit() -> None:
    few = told({"A": {1: [0.1, 0.2], 2: [0.3]}, "B": {1: [0.0], 2: [0.2, 0.1]}})
    found = mixed_differences(compared(few + [row | RELATION for row in drawn(2, "AB")]))
    assert mixed_sentence(found).endswith("on 1 of 2 differences.")
    assert mixed_sentence(found.head(0)) == ""


# --- Charts ---


@pytest.mark.parametrize("width", [7.6, 3.9])
def test_charts_stand_hostile_names_and_keep_the_counts_of_stories(width: float) -> None:
    names = ("$x^2$ \u202e" + "<script>" * 20, "\\frac{1}{2}" * 20)
    drawing = parts_of_pairs([pair(names=names), pair(value=0.0, half=0.0)], "A title", "source", width)
    written = [text.get_text() for text in drawing.axes[0].texts]
    assert all(text.endswith("stories") and len(text) < 110 for text in written)
    assert "12 " in written[0]
    assert "\u202e" not in written[0]
    assert b"<script" not in drawing.data("svg")
    rows = specified([0.2, 0.1, NAN])
    hostile = Robustness(rows.main | {"outlet": names[0], "reference": names[1]}, rows.table)
    assert b"<script" not in specifications(hostile, "A title", "source", width).data("svg")


def test_dots_of_the_parts_are_the_estimates() -> None:
    one = pair(0.3)
    dots = [line.get_xdata()[0] for line in parts_of_pairs([one]).axes[0].lines if line.get_marker() == "o"]
    assert dots == pytest.approx([one.found.part(kind) for kind in ("difference", *PARTS)])
