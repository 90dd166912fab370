"""Planted truth: the generator tells the truth about itself, and the toolkit finds it (see benchmarks/planted.py)."""

from __future__ import annotations

import gc
import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from corpora.errors import InputError
from reports.article_scores import KEY, counted
from reports.comparison import compare_articles
from reports.decomposition import PARTS, decompose
from reports.estimation import Cell, difference
from reports.planted import Change, Outlet, Truth, covers, plant
from reports.prose import WORDS, difference_sentence

# A truth with all that there is: agendas, emphasis, silence, a change, drift, heavy tails, a third outlet.
RICH = Truth(
    (
        Outlet("A", 0.3, preference=1.0, treatment=0.1, alone=0.05, articles=3.0, attention=0.5),
        Outlet("B", 0.6, preference=-0.5, alone=-0.02, articles=2.0, attention=-0.3),
        Outlet("C", 0.4, noise=2.0),
    ),
    size_sd=1.0,
    drift=0.01,
    change=Change("A", 6, 0.2),
)
PLAIN = Truth((Outlet("A", treatment=0.1, articles=2.0), Outlet("B", articles=2.0)))


@pytest.fixture(scope="module", autouse=True)
def uncollected() -> Iterator[None]:
    """statsmodels collects all garbage at each correction, which takes longer than the rest of a comparison."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gc, "collect", lambda *generation: 0)
        yield


def with_outlet(truth: Truth, name: str, **changes: Any) -> Truth:
    """A truth in which one outlet does something else."""
    outlets = tuple(replace(each, **changes) if each.name == name else each for each in truth.outlets)
    return replace(truth, outlets=outlets)


def cells(articles: pd.DataFrame) -> dict[str, Cell]:
    return {str(name): Cell(rows, (10, 5)) for name, rows in articles.groupby("outlet")}


# ---- the generator and its truth


def test_an_event_is_covered_as_often_as_the_outlet_s_coverage_says() -> None:
    z = np.random.default_rng(1).standard_normal(400_000)
    for outlet in (*RICH.outlets, Outlet("D", 1.0, preference=3.0)):
        assert covers(outlet, z).mean() == pytest.approx(outlet.coverage, abs=0.003)


def test_preferring_good_events_raises_the_level_by_what_a_skew_normal_says() -> None:
    # E[z | covered] = b / sqrt(1 + b^2) sqrt(2 / pi) where half is covered: 0.7071 * 0.7979 = 0.5642 of an sd of 0.126
    truth = Truth((Outlet("A", 0.5, preference=1.0),))
    assert truth.level("A") == pytest.approx(0.126 * math.sqrt(1 / 2) * math.sqrt(2 / math.pi))


def test_attention_moves_the_weight_of_events_by_what_a_tilted_normal_says() -> None:
    # One article, and one more on average, weighted exp(k z): E[n z] / E[n] = k / 2.
    truth = Truth((Outlet("A", 1.0, articles=2.0, attention=0.6), Outlet("B", 1.0)))
    assert truth.parts("A", "B").weighting == pytest.approx(0.126 * 0.6 / 2)
    assert truth.parts("A", "B").unshared == pytest.approx(0)


def test_a_change_counts_for_the_share_of_months_in_which_it_holds() -> None:
    truth = replace(PLAIN, months=24, change=Change("B", 18, 0.4))
    assert truth.parts("A", "B").treatment == pytest.approx(0.1 - 0.4 * 6 / 24)


def test_the_true_parts_add_up_to_the_difference_of_the_true_levels_and_swapping_flips_them() -> None:
    one, other = RICH.parts("A", "B"), RICH.parts("B", "A")
    assert one.treatment + one.weighting + one.unshared == pytest.approx(one.difference, abs=1e-12)
    assert one.difference == pytest.approx(RICH.level("A") - RICH.level("B"), abs=1e-12)
    for kind in ("difference", *PARTS):
        assert getattr(one, kind) == pytest.approx(-getattr(other, kind), abs=1e-12)


def test_what_is_true_is_what_a_very_large_sample_finds() -> None:
    large = replace(RICH, stories=100_000)
    articles = plant(large, 3)
    found = decompose(articles, "A", "B").parts.set_index("kind")
    true = large.parts("A", "B")
    for kind in ("difference", *PARTS):
        # Four standard errors of 100,000 events: thousandths.
        assert abs(found.loc[kind, "value"] - getattr(true, kind)) < 4 * found.loc[kind, "se"], kind
        assert found.loc[kind, "se"] < 0.003
    for name, cell in cells(articles).items():
        assert cell.row()["value"] == pytest.approx(large.level(name), abs=4 * cell.row()["se"])


def test_planted_articles_keep_to_the_contract_of_article_scores() -> None:
    articles = plant(RICH, 1)
    wanted = [*KEY, "article_id", "outlet", "value", "n_passages", "published", "story", "vote", "genre"]
    assert set(wanted) <= set(articles.columns)
    assert articles[wanted].notna().all().all()
    assert articles["article_id"].is_unique
    assert articles["article_id"].is_monotonic_increasing
    assert articles["published"].dtype.kind == "M"
    assert articles["n_passages"].min() >= 1
    assert set(articles["outlet"]) == {"A", "B", "C"}


def test_the_same_seed_gives_the_same_articles_and_another_seed_others() -> None:
    pd.testing.assert_frame_equal(plant(RICH, 5), plant(RICH, 5))
    assert not plant(RICH, 5)["value"].head(20).equals(plant(RICH, 6)["value"].head(20))


def test_articles_of_one_event_lie_in_one_month_and_all_months_have_some() -> None:
    articles = plant(replace(RICH, stories=2000, months=24), 2)
    month = articles["published"].dt.to_period("M")
    assert month.groupby(articles["story"]).nunique().max() == 1
    assert month.nunique() == 24
    assert str(month.min()) == "2017-01"


def test_a_machine_that_errs_leaves_the_truth_as_it_is() -> None:
    wrong = plant(with_outlet(PLAIN, "B", shrinkage=0.5, error_sd=0.1), 4)
    right = plant(PLAIN, 4)
    pd.testing.assert_series_equal(wrong["truth"], right["truth"])
    assert (right["value"] == right["truth"]).all()
    a, b = (wrong[wrong["outlet"] == name] for name in "AB")
    assert (a["value"] == a["truth"]).all()
    assert (b["value"] - 0.5 * b["truth"]).std() == pytest.approx(0.1, abs=0.03)


def test_wire_copy_has_the_agency_s_values_and_does_not_count_as_own_text() -> None:
    truth = replace(with_outlet(PLAIN, "A", wire=0.5), agency="B")
    articles = plant(truth, 7)
    copies = articles[articles["vote"] == "copy"]
    theirs = articles[articles["outlet"] == "B"]
    assert 10 < len(copies) < len(theirs)
    assert set(copies["outlet"]) == {"A"}
    assert set(zip(copies["story"], copies["value"], strict=True)) <= set(
        zip(theirs["story"], theirs["value"], strict=True)
    )
    pd.testing.assert_frame_equal(
        counted(articles, "own").drop(columns="article_id"), plant(PLAIN, 7).drop(columns="article_id")
    )
    # What is printed of the agency draws the outlet to it: the true difference is of own text.
    assert truth.parts("A", "B") == PLAIN.parts("A", "B")


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"outlets": (Outlet("A"), Outlet("A"))}, "each needs a name of its own"),
        ({"outlets": (Outlet(""),)}, "each needs a name of its own"),
        ({"outlets": ()}, "no outlets"),
        ({"agency": "Reuters"}, "no outlet 'Reuters'; there are: A, B"),
        ({"change": Change("X", 1, 0.1)}, "no outlet 'X'; there are: A, B"),
        ({"change": Change("A", 12, 0.1)}, "change.month is 12; it must be a number from 0 to 11"),
        ({"change": Change("A", 1, float("nan"))}, "change.size is nan"),
        ({"stories": 0}, "stories is 0; it must be a number from 1 to inf"),
        ({"months": 0}, "months is 0"),
        ({"story_sd": -0.1}, "story_sd is -0.1"),
        ({"drift": float("inf")}, "drift is inf"),
        ({"outlets": (Outlet("A", coverage=0.0),)}, "coverage of A is 0.0"),
        ({"outlets": (Outlet("A", coverage=1.5),)}, "coverage of A is 1.5"),
        ({"outlets": (Outlet("A", articles=0.5),)}, "articles of A is 0.5; it must be a number from 1 to inf"),
        ({"outlets": (Outlet("A", wire=-0.1),)}, "wire of A is -0.1"),
        ({"outlets": (Outlet("A", treatment=float("nan")),)}, "treatment of A is nan"),
    ],
)
def test_a_truth_that_cannot_be_is_refused_in_one_line(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError) as error:
        replace(PLAIN, **changes)
    assert says in str(error.value)
    assert "\n" not in str(error.value)


def test_an_outlet_that_is_not_planted_has_no_level() -> None:
    with pytest.raises(InputError, match="no outlet 'C'; there are: A, B"):
        PLAIN.parts("A", "C")


def test_an_outlet_that_covers_nothing_in_a_sample_has_no_articles_and_breaks_nothing() -> None:
    articles = plant(Truth((Outlet("A", 1e-6), Outlet("B", 1e-6)), stories=5), 1)
    assert articles.empty
    assert {*KEY, "value", "truth", "published"} <= set(articles.columns)


# ---- what the toolkit finds


def test_compare_finds_what_the_short_way_of_the_simulations_finds() -> None:
    articles = plant(PLAIN, 11)
    of = cells(articles)
    told = compare_articles(articles, period="year", draws=2).differences().iloc[0]
    for name, value in difference(of["A"], [of["B"]]).items():
        assert told[name] == pytest.approx(value) if isinstance(value, float) else told[name] == value, name


# Of 200 sets the share that is covered varies by 0.015: from 0.95 to 0.90 are three of these. The bars themselves are
# held by the 500 sets of benchmarks/planted.py.
SETS, LEAST, MOST = 200, 0.90, 0.99


@pytest.mark.parametrize(
    "truth",
    [
        PLAIN,
        with_outlet(with_outlet(replace(PLAIN, stories=300), "A", coverage=0.1), "B", coverage=0.8),
        replace(with_outlet(with_outlet(PLAIN, "A", articles=3.0), "B", articles=3.0), size_sd=1.0),
        with_outlet(with_outlet(PLAIN, "A", noise=2.5), "B", noise=0.5),
    ],
    ids=["balanced", "30 stories against 240", "heavy story sizes", "unequal spread"],
)
def test_intervals_of_levels_and_of_the_difference_cover_the_truth(truth: Truth) -> None:
    true = {name: truth.level(name) for name in "AB"}
    covered = []
    for seed in range(SETS):
        of = cells(plant(truth, seed))
        gap = difference(of["A"], [of["B"]])
        covered.append(
            [
                gap["low"] <= true["A"] - true["B"] <= gap["high"],
                *(of[name].row()["low"] <= true[name] <= of[name].row()["high"] for name in "AB"),
            ]
        )
    share = np.mean(covered, axis=0)
    assert (share >= LEAST).all(), share
    assert (share <= MOST).all(), share


def test_treatment_weighting_and_unshared_are_found_without_bias_and_their_intervals_cover() -> None:
    truth = Truth(
        (
            Outlet("A", preference=0.8, treatment=0.1, alone=0.05, articles=2.0, attention=0.4),
            Outlet("B", preference=-0.4, articles=2.0, attention=-0.2),
        ),
        stories=120,
    )
    true = truth.parts("A", "B")
    found = pd.concat([decompose(plant(truth, seed), "A", "B").parts for seed in range(SETS)])
    for kind in PARTS:
        part, value = found[found["kind"] == kind], getattr(true, kind)
        assert abs(value) > 0.02, "a part of nothing tests nothing"
        error = part["value"].std() / math.sqrt(SETS)
        assert abs(part["value"].mean() - value) < 3 * error, kind
        assert LEAST <= ((part["low"] <= value) & (value <= part["high"])).mean() <= MOST, kind


def test_where_stories_are_hardly_shared_articles_taken_as_independent_are_too_sure() -> None:
    truth = replace(
        with_outlet(with_outlet(PLAIN, "A", coverage=0.1, articles=3.0), "B", coverage=0.1, articles=3.0),
        stories=300,
        size_sd=1.0,
    )
    true = truth.level("A") - truth.level("B")
    covered = []
    for seed in range(SETS):
        of = cells(plant(truth, seed))
        gap, plain = difference(of["A"], [of["B"]]), sum(of[k].values.var(ddof=1) / len(of[k].values) for k in "AB")
        covered.append([abs(gap["value"] - true) <= 1.96 * math.sqrt(plain), gap["low"] <= true <= gap["high"]])
    naive, clustered = np.mean(covered, axis=0)
    assert naive < 0.85
    assert clustered >= LEAST


def test_wire_copy_that_counts_as_own_text_draws_the_difference_to_0() -> None:
    truth = replace(with_outlet(PLAIN, "A", wire=1.0), agency="B", stories=2000)
    articles = plant(truth, 1)
    gaps = {}
    for switch in ("own", "all"):
        of = cells(counted(articles, switch))
        gaps[switch] = difference(of["A"], [of["B"]])["value"]
    assert gaps["own"] == pytest.approx(0.1, abs=0.03)
    assert gaps["all"] == pytest.approx(0.05, abs=0.02)


def test_the_sentence_has_the_sign_of_a_planted_effect_of_five_standard_errors() -> None:
    # The standard error of the balanced truth is 0.042.
    up, down, *_ = WORDS["sentiment"]
    for seed in range(60):
        sign = 1 if seed % 2 else -1
        articles = plant(with_outlet(PLAIN, "A", treatment=sign * 0.21), seed)
        row = compare_articles(articles, period="year", draws=2).differences().iloc[0]
        sentence = difference_sentence({str(name): value for name, value in row.items()})
        assert (up in sentence, down in sentence) == (sign > 0, sign < 0), sentence


def test_null_corpora_hardly_ever_have_a_difference() -> None:
    truth = Truth(tuple(Outlet(name, articles=1.5 + place) for place, name in enumerate("ABCD")))
    found = [
        compare_articles(plant(truth, seed), period="year", draws=2).differences()["p_adjusted"].min() < 0.05
        for seed in range(100)
    ]
    # 5 are expected; more than 12 come up once in 1,000 times.
    assert sum(found) <= 12


def test_an_error_that_differs_by_outlet_makes_a_difference_of_nothing_and_the_correction_takes_it_away() -> None:
    from framing.coding.sampling import draw
    from framing.coding.scales import VALUES
    from reports.correction import correct

    truth = replace(with_outlet(PLAIN, "A", treatment=0.2, error_sd=0.1), stories=150)
    truth = with_outlet(truth, "B", treatment=0.2, shrinkage=0.5, error_sd=0.1)
    assert truth.parts("A", "B").difference == pytest.approx(0)
    covered = []
    for seed in range(30):
        articles, rng = plant(truth, seed), np.random.default_rng(seed)
        passages = articles.assign(passage_id=articles["article_id"], machine_value=articles["value"], period="")
        passages["machine_label"] = ""
        sample = draw(passages.drop(columns=["n_passages"]), 120, 1, seed)
        # A coder calls an article positive or negative as often as it is far from 0.
        clear = rng.random(len(sample)) < sample["truth"].abs()
        label = np.where(clear, np.where(sample["truth"] > 0, "positive", "negative"), "neutral")
        codes = sample[["unit"]].assign(coder="c", label=label)
        corrected = correct(articles, sample, codes, VALUES["sentiment"])
        both = []
        for table in (articles, corrected):
            of = cells(table)
            gap = difference(of["A"], [of["B"]])
            both.append(gap["low"] <= 0 <= gap["high"])
        covered.append(both)
    machine, human = np.sum(covered, axis=0)
    assert machine <= 5
    assert human >= 25
