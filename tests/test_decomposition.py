"""Decomposition: what two outlets cover and how they tell it, against the formula, by hand and in simulations."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reports.decomposition import PARTS, Decomposition, decompose
from reports.estimation import Cell, difference

MINIMUM = (2, 1)
NUMBERS = ["se", "freedom", "low", "high", "p"]
Article = tuple[str, Any, float]


def table(articles: Sequence[Article]) -> pd.DataFrame:
    return pd.DataFrame(list(articles), columns=["outlet", "story", "value"])


def telling(outlet: str, stories: dict[Any, Sequence[float]]) -> list[Article]:
    return [(outlet, story, value) for story in stories for value in stories[story]]


def parts(found: Decomposition) -> pd.DataFrame:
    assert found.note == ""
    assert found.parts["kind"].tolist() == ["difference", *PARTS]
    return found.parts.set_index("kind")


def by_formula(articles: Sequence[Article]) -> dict[str, float]:
    """The three parts, transcribed from the module's head, of outlets A and B."""
    told: dict[str, dict[Any, list[float]]] = {"A": {}, "B": {}}
    for outlet, story, value in articles:
        told[outlet].setdefault(story, []).append(value)
    shared = [story for story in told["A"] if story in told["B"]]
    v, y, p, on, off = {}, {}, {}, {}, {}
    for outlet, stories in told.items():
        n_shared = sum(len(stories[story]) for story in shared)
        v[outlet] = {story: len(stories[story]) / n_shared for story in shared}
        y[outlet] = {story: float(np.mean(stories[story])) for story in shared}
        p[outlet] = n_shared / sum(map(len, stories.values()))
        on[outlet] = float(np.mean([value for story in shared for value in stories[story]]))
        others = [value for story in stories if story not in shared for value in stories[story]]
        # Where nothing is unshared, 1 - p is 0 and its mean counts nothing.
        off[outlet] = float(np.mean(others)) if others else 0.0
    return {
        "treatment": sum((v["A"][s] + v["B"][s]) / 2 * (y["A"][s] - y["B"][s]) for s in shared),
        "weighting": sum((v["A"][s] - v["B"][s]) * (y["A"][s] + y["B"][s]) / 2 for s in shared),
        "unshared": (1 - p["A"]) * (off["A"] - on["A"]) - (1 - p["B"]) * (off["B"] - on["B"]),
    }


# Articles on stories 0 to 9, of which A tells 0 to 6 and B 3 to 9; in hundredths, so that nothing varies by rounding.
scores = st.integers(-100, 100).map(lambda number: number / 100)
drawn = st.lists(
    st.one_of(
        st.tuples(st.just("A"), st.integers(0, 6), scores),
        st.tuples(st.just("B"), st.integers(3, 9), scores),
    ),
    min_size=4,
    max_size=40,
)


def can_be_split(articles: Sequence[Article]) -> bool:
    counts = [sum(outlet == name for outlet, *_ in articles) for name in "AB"]
    told = [{story for outlet, story, _ in articles if outlet == name} for name in "AB"]
    return min(counts) >= 2 and bool(told[0] & told[1])


def many(seed: int, stories: int = 60) -> list[Article]:
    """A tells all stories but the last third, B all but the first, each one to four times."""
    rng = np.random.default_rng(seed)
    brought = rng.normal(0, 0.3, stories)
    third = stories // 3
    return [
        (outlet, int(story), float(brought[story] + shift + rng.normal(0, 0.2)))
        for outlet, shift, at in (("A", 0.1, range(2 * third)), ("B", 0.0, range(third, stories)))
        for story in at
        for _ in range(rng.integers(1, 5))
    ]


# --- Worked by hand, and by the formula ---


def test_the_parts_are_those_worked_by_hand() -> None:
    # A: story 1 twice (0.4, 0.6), story 2 once (0.2), story 3 once (0.9). B: story 1 once (0.1), story 2 three times
    # (0, 0, 0.3), story 4 once (-0.5). Shared: 1 and 2. v_A = 2/3, 1/3; v_B = 1/4, 3/4; y_A = 0.5, 0.2; y_B = 0.1, 0.1.
    # Treatment: (2/3 + 1/4)/2 x 0.4 + (1/3 + 3/4)/2 x 0.1 = 0.1833 + 0.0542 = 0.2375.
    # Weighting: (2/3 - 1/4) x 0.3 + (1/3 - 3/4) x 0.15 = 0.125 - 0.0625 = 0.0625.
    # Unshared: 1/4 (0.9 - 0.4) - 1/5 (-0.5 - 0.1) = 0.125 + 0.12 = 0.245. A 0.525, B -0.02: 0.545.
    a = telling("A", {1: [0.4, 0.6], 2: [0.2], 3: [0.9]})
    b = telling("B", {1: [0.1], 2: [0.0, 0.0, 0.3], 4: [-0.5]})
    found = decompose(table([*a, *b]), "A", "B", MINIMUM)
    assert parts(found)["value"].to_dict() == pytest.approx(
        {"difference": 0.545, "treatment": 0.2375, "weighting": 0.0625, "unshared": 0.245}
    )
    assert found.shared == 2
    assert found.articles == (4, 3, 5, 4)
    assert found.stories == (3, 3)
    assert found.unshared == pytest.approx((0.25, 0.2))
    assert found.part("treatment") == pytest.approx(0.2375)
    assert (found.one, found.other) == ("A", "B")


@settings(max_examples=100, deadline=None)
@given(drawn)
def test_the_parts_are_those_of_the_formula_and_add_up(articles: list[Article]) -> None:
    assume(can_be_split(articles))
    found = parts(decompose(table(articles), "A", "B", MINIMUM))["value"]
    assert found[list(PARTS)].to_dict() == pytest.approx(by_formula(articles), abs=1e-12)
    assert found[list(PARTS)].sum() == pytest.approx(found["difference"], abs=1e-12)
    means = {name: np.mean([value for outlet, _, value in articles if outlet == name]) for name in "AB"}
    assert found["difference"] == pytest.approx(means["A"] - means["B"], abs=1e-12)


@settings(max_examples=100, deadline=None)
@given(drawn)
def test_swapping_the_outlets_flips_every_sign(articles: list[Article]) -> None:
    assume(can_be_split(articles))
    there, back = (parts(decompose(table(articles), *names, MINIMUM)) for names in (("A", "B"), ("B", "A")))
    for key, other, sign in (("value", "value", -1), ("low", "high", -1), ("se", "se", 1), ("p", "p", 1)):
        np.testing.assert_allclose(back[key], sign * there[other], atol=1e-9)


@settings(max_examples=100, deadline=None)
@given(drawn)
def test_the_difference_is_that_of_the_estimates(articles: list[Article]) -> None:
    assume(can_be_split(articles))
    found = parts(decompose(table(articles), "A", "B", MINIMUM)).loc["difference"]
    rows = table(articles).assign(n_passages=1)
    cells = [Cell(rows[rows["outlet"] == name], (1, 1)) for name in "AB"]
    due = difference(cells[0], cells[1:])
    for key in ("value", *NUMBERS):
        assert found[key] == pytest.approx(due[key], abs=1e-9, nan_ok=True), key


# --- Each part alone ---


def test_without_unshared_stories_the_unshared_part_is_0() -> None:
    stories = range(12)
    rng = np.random.default_rng(1)
    a, b = (telling(o, {s: rng.normal(0, 0.3, rng.integers(1, 4)) for s in stories}) for o in "AB")
    found = decompose(table([*a, *b]), "A", "B")
    assert found.unshared == (0.0, 0.0)
    rows = parts(found)
    assert rows.loc["unshared", "value"] == pytest.approx(0.0, abs=1e-12)
    assert rows.loc["unshared", NUMBERS].isna().all()
    assert rows.loc[["treatment", "weighting"], "se"].notna().all()


def test_with_the_same_weights_the_weighting_is_0_and_treatment_is_all_of_it() -> None:
    # The pulls add up: where treatment is all of the difference, it is all of its error as well.
    rng = np.random.default_rng(2)
    a, b = (telling(o, {s: rng.normal(0, 0.3, s % 3 + 1) for s in range(12)}) for o in "AB")
    rows = parts(decompose(table([*a, *b]), "A", "B"))
    assert rows.loc["weighting", "value"] == pytest.approx(0.0, abs=1e-12)
    assert rows.loc["weighting", NUMBERS].isna().all()
    for key in ("value", *NUMBERS):
        assert rows.loc["treatment", key] == pytest.approx(rows.loc["difference", key], rel=1e-9)


def test_where_outlets_tell_stories_alike_the_treatment_is_0_though_agendas_differ() -> None:
    # Stories have values of their own, from -0.5 to 0.5; A tells more of the high ones and has some that B skips.
    a = {s: [s / 20 - 0.5] * (1 + s // 7) for s in range(5, 21)}
    b = {s: [s / 20 - 0.5] * (3 - s // 7) for s in range(16)}
    rows = parts(decompose(table([*telling("A", a), *telling("B", b)]), "A", "B"))
    assert rows.loc["treatment", "value"] == pytest.approx(0.0, abs=1e-12)
    assert rows.loc["treatment", NUMBERS].isna().all()
    assert rows.loc["weighting", "value"] > 0.05
    assert rows.loc["unshared", "value"] > 0.05
    # All shared, the weights are all of the difference and of its error.
    b = {s: [s / 20 - 0.5] * (4 - s // 7) for s in range(5, 21)}
    rows = parts(decompose(table([*telling("A", a), *telling("B", b)]), "A", "B"))
    for key in ("value", *NUMBERS):
        assert rows.loc["weighting", key] == pytest.approx(rows.loc["difference", key], rel=1e-9)


def test_where_shared_stories_are_told_alike_the_unshared_ones_are_all_of_it() -> None:
    rng = np.random.default_rng(3)
    shared = {s: rng.normal(0, 0.3, 2) for s in range(8)}
    a = shared | {100 + s: rng.normal(0.3, 0.3, 1) for s in range(6)}
    b = shared | {200 + s: rng.normal(0, 0.3, 3) for s in range(4)}
    rows = parts(decompose(table([*telling("A", a), *telling("B", b)]), "A", "B"))
    assert rows.loc[["treatment", "weighting"], "value"].to_numpy() == pytest.approx([0.0, 0.0], abs=1e-12)
    for key in ("value", "se"):
        assert rows.loc["unshared", key] == pytest.approx(rows.loc["difference", key], rel=1e-9)
    # It rests on ten unshared stories: of A six of one article, of B four of three.
    spans = np.array([1 / 36] * 6 + [3 / 144] * 4)
    assert rows.loc["unshared", "freedom"] == pytest.approx(spans.sum() ** 2 / (spans**2).sum() - 1)
    assert rows.loc["unshared", "freedom"] < rows.loc["difference", "freedom"]


# --- The intervals ---


def test_each_part_has_about_the_error_that_leaving_out_one_story_at_a_time_gives() -> None:
    articles = many(4, stories=120)
    rows = parts(decompose(table(articles), "A", "B"))
    without = [by_formula([one for one in articles if one[1] != story]) for story in range(120)]
    spread = pd.DataFrame(without).std(ddof=0) * np.sqrt(119)
    # The jackknife of 120 stories is the linear error but for terms of 1/120.
    for kind in PARTS:
        assert rows.loc[kind, "se"] == pytest.approx(spread[kind], rel=0.03), kind


def test_the_parts_share_stories_so_that_their_errors_do_not_add_up_but_their_values_do() -> None:
    rows = parts(decompose(table(many(5)), "A", "B"))
    assert rows.loc[list(PARTS), "value"].sum() == pytest.approx(rows.loc["difference", "value"], abs=1e-12)
    assert (rows["low"] < rows["value"]).all()
    assert (rows["value"] < rows["high"]).all()
    # Treatment rests on the 20 shared stories alone, the difference on all 60.
    assert rows.loc["treatment", "freedom"] < 20 < rows.loc["difference", "freedom"] < 60
    assert rows.loc["weighting", "freedom"] == rows.loc["treatment", "freedom"]
    # And the unshared part on the 40 others.
    assert rows.loc["unshared", "freedom"] < 40


def test_one_or_two_unshared_stories_make_no_narrow_interval() -> None:
    rng = np.random.default_rng(8)
    shared = {s: rng.normal(0, 0.3, 2) for s in range(12)}
    noisy = {s: values + rng.normal(0, 0.1, 2) for s, values in shared.items()}
    one = parts(decompose(table([*telling("A", shared | {100: [0.9]}), *telling("B", noisy)]), "A", "B"))
    assert one.loc["unshared", "value"] != 0
    assert one.loc["unshared", ["se", "freedom", "low", "high", "p"]].isna().all()
    two = parts(decompose(table([*telling("A", shared | {100: [0.9], 101: [0.5]}), *telling("B", noisy)]), "A", "B"))
    assert two.loc["unshared", "freedom"] == pytest.approx(1.0)
    # With one degree of freedom it reaches 12.7 standard errors.
    assert (two.loc["unshared", "high"] - two.loc["unshared", "value"]) / two.loc["unshared", "se"] > 12


def test_twice_the_articles_on_the_same_stories_make_nothing_surer() -> None:
    once, twice = (parts(decompose(table(many(6) * n), "A", "B")) for n in (1, 2))
    pd.testing.assert_frame_equal(once, twice, rtol=1e-9)


def test_the_order_of_articles_other_outlets_and_the_names_of_stories_change_nothing() -> None:
    articles = table(many(7))
    plain = parts(decompose(articles, "A", "B"))
    other = table(telling("C", {story: [1.0, -1.0] for story in range(50)}))
    mixed = pd.concat([articles, other]).sample(frac=1, random_state=1)
    named = mixed.assign(story=[f'<b onload="{story}">, =1+1' for story in mixed["story"]], extra=0)
    pd.testing.assert_frame_equal(parts(decompose(mixed, "A", "B")), plain)
    pd.testing.assert_frame_equal(parts(decompose(named, "A", "B")), plain)
    before = articles.copy(deep=True)
    decompose(articles, "A", "B")
    pd.testing.assert_frame_equal(articles, before)


# --- Not enough, or nothing that varies ---


ENOUGH = {story: [0.1 * story, 0.2] for story in range(6)}


@pytest.mark.parametrize(
    ("articles", "says"),
    [
        pytest.param([], "not enough data: 0 articles of A, 10 are needed", id="nothing"),
        pytest.param(telling("A", ENOUGH), "not enough data: 0 articles of B, 10 are needed", id="one outlet"),
        pytest.param(telling("B", ENOUGH), "not enough data: 0 articles of A, 10 are needed", id="the other outlet"),
        pytest.param(
            [*telling("A", ENOUGH), *telling("B", {s: [0.1] for s in range(9)})],
            "not enough data: 9 articles of B, 10 are needed",
            id="nine articles",
        ),
        pytest.param(
            [*telling("A", ENOUGH), *telling("B", {s: [0.1, 0.2] for s in range(2, 12)})],
            "not enough data: 4 stories that both cover, 5 are needed",
            id="four shared stories",
        ),
        pytest.param(
            [*telling("A", ENOUGH), *telling("B", {100 + s: [0.1, 0.2] for s in range(6)})],
            "not enough data: 0 stories that both cover, 5 are needed",
            id="nothing shared",
        ),
        pytest.param(
            [*telling("A", {"s": [0.1] * 12}), *telling("B", {"s": [0.3] * 12})],
            "not enough data: 1 stories that both cover, 5 are needed",
            id="all articles on one story",
        ),
    ],
)
def test_too_little_has_no_number_and_says_so(articles: list[Article], says: str) -> None:
    found = decompose(table(articles), "A", "B")
    assert found.note == says
    assert found.parts.empty
    assert all(np.isnan(found.part(kind)) for kind in ("difference", *PARTS))
    counts = tuple(sum(outlet == name for outlet, *_ in articles) for name in "AB")
    assert (found.articles[0], found.articles[2]) == counts


def test_an_outlet_without_articles_has_no_unshared_share() -> None:
    found = decompose(table(telling("A", ENOUGH)), "A", "B")
    assert found.unshared[0] == 1.0
    assert np.isnan(found.unshared[1])


def test_five_shared_stories_and_ten_articles_each_are_enough() -> None:
    stories = {story: [0.1 * story, 0.2] for story in range(5)}
    found = decompose(table([*telling("A", stories), *telling("B", stories)]), "A", "B")
    assert found.note == ""
    assert found.shared == 5


def test_one_shared_story_makes_no_interval_of_what_rests_on_it() -> None:
    a, b = {0: [0.5, 0.3], 1: [0.1], 2: [0.2]}, {0: [0.1], 3: [0.0], 4: [0.4]}
    rows = parts(decompose(table([*telling("A", a), *telling("B", b)]), "A", "B", MINIMUM))
    assert rows["value"].notna().all()
    assert rows.loc[["treatment", "weighting", "unshared"], NUMBERS].isna().all(axis=None)
    assert rows.loc["difference", NUMBERS].notna().all()


@pytest.mark.parametrize(("of_a", "of_b"), [(0.2, 0.2), (0.3, -0.1)])
def test_constant_measures_differ_by_treatment_alone_and_have_no_interval(of_a: float, of_b: float) -> None:
    a, b = {s: [of_a] * 2 for s in range(8)}, {s: [of_b] for s in range(3, 15)}
    rows = parts(decompose(table([*telling("A", a), *telling("B", b)]), "A", "B"))
    assert rows["value"].to_numpy() == pytest.approx([of_a - of_b, of_a - of_b, 0.0, 0.0], abs=1e-12)
    assert rows[NUMBERS].isna().all(axis=None)


# --- How often it errs ---


# Stories by kind: articles of A, articles of B, how many, and the mean of what the event brings to whoever tells it.
KINDS = [(3, 1, 20, 0.2), (1, 2, 20, 0.0), (1, 0, 20, 0.3), (0, 1, 10, -0.1)]
TREATMENT = 0.15


def planted(seed: int, treatment: float) -> pd.DataFrame:
    """Events (sd 0.3 around their kind's mean), the outlets' articles on them (sd 0.2), and A's treatment."""
    rng = np.random.default_rng(seed)
    kinds = np.repeat(np.arange(len(KINDS)), [kind[2] for kind in KINDS])
    brought = rng.normal(0, 0.3, len(kinds)) + np.array([kind[3] for kind in KINDS])[kinds]
    outlets = []
    for outlet, shift, column in (("A", treatment, 0), ("B", 0.0, 1)):
        at = np.repeat(np.arange(len(kinds)), np.array([kind[column] for kind in KINDS])[kinds])
        values = brought[at] + shift + rng.normal(0, 0.2, len(at))
        outlets.append(pd.DataFrame({"outlet": outlet, "story": at, "value": values}))
    return pd.concat(outlets, ignore_index=True)


def simulated(treatment: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Values and standard errors, and whether the interval covers the truth, of 400 data sets, by part."""
    # Shared: A has 60 and 20 of its articles on the first and second kind, B 20 and 40: weights 3/4 and 1/4 against
    # 1/3 and 2/3. Weighting: (3/4 - 1/3) x 0.2. A's mean on shared stories 0.15, B's 0.0667, treatment aside.
    # Unshared: 20/100 (0.3 - 0.15) - 10/70 (-0.1 - 0.0667).
    truth = {"treatment": treatment, "weighting": 5 / 12 * 0.2, "unshared": 0.2 * 0.15 + (0.1 + 1 / 15) / 7}
    truth["difference"] = sum(truth.values())
    found = [parts(decompose(planted(seed, treatment), "A", "B")) for seed in range(400)]
    due = pd.Series(truth)[["difference", *PARTS]]
    errors = pd.DataFrame([one["value"] - due for one in found])
    covered = pd.DataFrame([(one["low"] <= due) & (due <= one["high"]) for one in found])
    return errors, covered


def test_the_parts_are_recovered_without_bias_and_their_intervals_cover() -> None:
    errors, covered = simulated(TREATMENT)
    # The mean of 400 errors is within three of its own standard errors of 0.
    assert (errors.mean().abs() < 3 * errors.std() / np.sqrt(400)).all()
    # 95 % with a binomial error of 1.1 points, three of them 3.3. Events of unlike kinds are taken for one kind, which
    # makes the intervals of what is covered a little too wide, never too narrow.
    assert (covered.mean() >= 0.917).all()
    assert covered["treatment"].mean() <= 0.983


def test_where_outlets_tell_alike_a_treatment_is_found_in_about_5_percent() -> None:
    _, covered = simulated(0.0)
    # 400 data sets: 1.1 points, three of them 3.3.
    assert 0.017 <= 1 - covered["treatment"].mean() <= 0.083
