"""Agreement of coders: Krippendorff's published examples, NLTK, hand-worked cases, intervals, and clear answers."""

from __future__ import annotations

import math
import random

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nltk.metrics.agreement import AnnotationTask
from nltk.metrics.distance import binary_distance, interval_distance, masi_distance

from corpora.errors import InputError
from framing.agreement import METRICS, agreement, alpha, masi
from framing.coding.agreement import agreement_table, codings
from framing.coding.scales import VALUES

# Krippendorff (2011), section C: four observers, twelve units, a dot where an observer did not code.
OBSERVERS = "123321412...", "1233224125.3", ".3332342251.", "12332441251."
UNITS = [[None if said == "." else int(said) for said in unit] for unit in zip(*OBSERVERS, strict=True)]


def test_alpha_of_two_observers_and_binary_items_is_that_of_krippendorff():
    assert round(alpha(list(zip("0100000010", "1110010000", strict=True))), 3) == 0.095


def test_alpha_of_two_observers_and_five_categories_is_that_of_krippendorff():
    assert round(alpha(list(zip("aabbdcccedda", "babbbccceddd", strict=True))), 3) == 0.692


@pytest.mark.parametrize(
    ("metric", "value"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)]
)
def test_alpha_of_four_observers_with_missing_data_is_that_of_krippendorff(metric, value):
    assert round(alpha(UNITS, metric), 3) == value


def test_alpha_takes_missing_numbers_for_codes_that_were_not_given():
    assert alpha(np.array(UNITS, dtype=float), "ordinal") == alpha(UNITS, "ordinal")


# --- NLTK ---


def nltk_alpha(units, distance) -> float:
    rows = [(f"c{k}", f"u{n}", said) for n, unit in enumerate(units) for k, said in enumerate(unit) if said is not None]
    return AnnotationTask(data=rows, distance=distance).alpha()


NUMBERS = st.lists(st.lists(st.sampled_from([-1, 0, 1, None]), min_size=3, max_size=3), min_size=2, max_size=12).filter(
    lambda units: len({x for unit in units if sum(y is not None for y in unit) > 1 for x in unit} - {None}) > 1
)


@settings(max_examples=60, deadline=None)
@given(NUMBERS)
def test_alpha_is_that_of_nltk(units):
    assert alpha(units) == pytest.approx(nltk_alpha(units, binary_distance))
    assert alpha(units, "interval") == pytest.approx(nltk_alpha(units, interval_distance))


def test_alpha_of_sets_is_that_of_nltk():
    rng = random.Random(3)
    sets = [frozenset(rng.sample(["war", "trade", "law", "aid"], rng.randint(1, 3))) for _ in range(90)]
    units = [sets[n : n + 3] for n in range(0, 90, 3)] + [[sets[0], None, sets[0]]] * 5
    assert alpha(units, "masi") == pytest.approx(nltk_alpha(units, masi_distance))


@pytest.mark.parametrize(
    ("one", "other", "distance"),
    [("", "", 0), ("a", "a", 0), ("a", "", 1), ("a", "b", 1), ("a", "ab", 1 - 1 / 2 * 2 / 3), ("ab", "bc", 1 - 1 / 9)],
)
def test_masi_by_hand(one, other, distance):
    assert masi(frozenset(one), frozenset(other)) == pytest.approx(distance)
    assert masi(frozenset(other), frozenset(one)) == pytest.approx(distance)


# --- Properties ---


@settings(max_examples=60, deadline=None)
@given(NUMBERS, st.floats(0.1, 10), st.floats(-5, 5))
def test_ordinal_alpha_knows_ranks_alone_and_interval_alpha_no_unit(units, size, shift):
    other = [[None if one is None else size * one + shift for one in unit] for unit in units]
    stretched = [[None if one is None else np.exp(one) for one in unit] for unit in units]
    assert alpha(other, "interval") == pytest.approx(alpha(units, "interval"))
    assert alpha(stretched, "ordinal") == pytest.approx(alpha(units, "ordinal"))


@given(st.lists(st.lists(st.sampled_from([0, 1]), min_size=2, max_size=3), min_size=2, max_size=10))
def test_of_two_values_all_metrics_say_the_same(units):
    values = [alpha(units, metric) for metric in ("nominal", "ordinal", "interval", "ratio")]
    assert values == pytest.approx([values[0]] * 4, nan_ok=True)


@pytest.mark.parametrize("metric", sorted(set(METRICS) - {"masi"}))
def test_coders_who_disagree_entirely_are_below_chance(metric):
    assert alpha([(0, 1), (1, 0)] * 10, metric) < 0


# --- Intervals and reasons ---


def test_the_interval_holds_alpha_and_is_the_same_each_time():
    rng = np.random.default_rng(5)
    truth = rng.integers(-1, 2, 80)
    units = np.column_stack([np.where(rng.random(80) < 0.8, truth, rng.integers(-1, 2, 80)) for _ in range(2)]).tolist()
    found = agreement(units, "interval")
    assert found.low < found.alpha < found.high
    assert found.alpha == alpha(units, "interval")
    assert found == agreement(units, "interval")
    assert (found.low, found.high) != (
        agreement(units, "interval", seed=1).low,
        agreement(units, "interval", seed=1).high,
    )


def test_the_interval_covers_what_other_units_would_give():
    # Two coders who give the unit's own label in 85 of 100 cases and else guess; of very many units alpha is known.
    def coded(n, rng):
        truth = rng.integers(0, 3, n)
        return [np.where(rng.random(n) < 0.85, truth, rng.integers(0, 3, n)) for _ in range(2)]

    known = alpha(np.column_stack(coded(100_000, np.random.default_rng(0))).tolist())
    covered = 0
    for seed in range(120):
        found = agreement(np.column_stack(coded(100, np.random.default_rng(seed + 1))).tolist(), draws=200)
        covered += found.low <= known <= found.high
    # Nominally 114; two standard errors are 5, and the percentile bootstrap is a little narrow.
    assert 104 <= covered <= 120


def test_units_of_one_article_are_drawn_together():
    rng = np.random.default_rng(2)
    articles = np.repeat(np.arange(20), 10)
    clear = rng.random(20)[articles] < 0.5
    first = rng.integers(0, 2, 200)
    second = np.where(clear, first, rng.integers(0, 2, 200))
    units = np.column_stack([first, second]).tolist()
    alone, together = agreement(units), agreement(units, clusters=articles.tolist())
    assert together.alpha == alone.alpha
    assert together.high - together.low > 1.3 * (alone.high - alone.low)
    with pytest.raises(InputError, match=r"^200 units have 3 clusters; there must be one for each$"):
        agreement(units, clusters=[1, 2, 3])


@pytest.mark.parametrize(
    ("units", "note"),
    [
        ([], "no alpha: no unit was coded by two coders"),
        ([("a", None)] * 30, "no alpha: no unit was coded by two coders"),
        ([("a", None), (None, "b")] * 30, "no alpha: no unit was coded by two coders"),
        ([("a", "a")] * 30, "no alpha: coders gave one label to all units, where agreement cannot be told from chance"),
        ([("a", "a"), ("b", "b")] * 20, "no interval: coders never disagreed, of which a bootstrap shows nothing"),
        ([("a", "a"), ("b", "a"), ("b", "b")], "no interval: 3 units were coded twice, 10 are needed"),
    ],
)  # fmt: skip
def test_there_is_no_number_that_pretends(units, note):
    found = agreement(units)
    assert found.note == note
    assert math.isnan(found.low)
    assert math.isnan(found.high)
    assert math.isnan(found.alpha) == note.startswith("no alpha")


def test_there_is_no_interval_where_most_draws_have_no_variation():
    found = agreement([("a", "a")] * 40 + [("a", "b")])
    assert found.note.startswith("no interval: nothing varies in 3")
    assert math.isnan(found.low)
    few = agreement([("a", "b"), ("a", "a"), ("b", "b")] * 10, clusters=["x", "y", "z"] * 10)
    assert few.note == "no interval: the units are of 3 clusters, 10 are needed"


def test_units_and_coders_are_counted_where_they_are_compared():
    found = agreement([("a", "a", None), ("a", "b", None), (None, None, "a"), (None, None, None)])
    assert (found.n_units, found.n_left_out, found.n_coders) == (2, 1, 2)


@pytest.mark.parametrize(
    ("units", "metric", "message"),
    [
        ([("a", "b")], "cosine", "no metric 'cosine'; there are: interval, masi, nominal, ordinal, ratio"),
        ([("a", "b")], "interval", "code 'a' is not a number, as the metric interval needs"),
        ([(1, float("inf"))], "ordinal", "code inf is not a number, as the metric ordinal needs"),
        ([(1, -1)], "ratio", "code -1 is not a number of at least 0, as the metric ratio needs"),
        ([("ab", "a")], "masi", "code 'ab' is not a set of labels, as the metric masi needs"),
    ],
)
def test_a_code_of_the_wrong_kind_is_refused(units, metric, message):
    with pytest.raises(InputError) as caught:
        alpha(units, metric)
    assert str(caught.value) == message


# --- Coders' files ---


def codes_of(rows: str) -> pd.DataFrame:
    return pd.DataFrame([row.split(":") for row in rows.split()], columns=["unit", "coder", "label"])


def test_the_table_has_all_labels_and_each_against_the_rest():
    rng = np.random.default_rng(1)
    rows = []
    for n in range(40):
        label = rng.choice(list(VALUES["sentiment"]))
        other = label if rng.random() < 0.8 else rng.choice(list(VALUES["sentiment"]))
        rows += [f"u{n:03d}:anna:{label}", f"u{n:03d}:ben:{other}"]
    codes = codes_of(" ".join(rows))
    table = agreement_table(codes, VALUES["sentiment"], draws=100)
    assert table["what"].tolist() == ["all", "all", "all", "negative", "neutral", "positive"]
    assert table["metric"].tolist() == ["nominal", "ordinal", "interval", "nominal", "nominal", "nominal"]
    _, units = codings(codes)
    assert table["alpha"][0] == alpha(units)
    assert table["alpha"][2] == alpha([[VALUES["sentiment"][one] for one in unit] for unit in units], "interval")
    assert table["alpha"][4] == alpha([[one == "neutral" for one in unit] for unit in units])
    shuffled = codes.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(agreement_table(shuffled, VALUES["sentiment"], draws=100), table)


def test_frames_agree_as_sets_and_one_by_one():
    codes = codes_of("u1:anna:war u1:ben:trade;war u2:anna:none u2:ben:none u3:anna:trade u3:ben:trade u4:anna:war")
    table = agreement_table(codes, {}, frames=["war", "trade"])
    assert table["what"].tolist() == ["all", "war", "trade"]
    assert table["metric"].tolist() == ["masi", "nominal", "nominal"]
    # War: yes-yes, no-no, no-no. Trade: no-yes, no-no, yes-yes: n = 6, 3 of either, 2 of 6 pairs differ.
    assert table["alpha"].tolist()[1:] == pytest.approx([1, 1 - 5 * 2 / 18])
    # Sets: {w} {t} {} {} {t,w} {t}; D_o = (1 - 1/2 * 2/3) * 2 / 6.
    pairs = [frozenset(one) for one in ("w", "tw", "", "", "t", "t")]
    expected = sum(masi(a, b) for a in pairs for b in pairs) / 30
    assert table["alpha"][0] == pytest.approx(1 - (2 / 3 * 2 / 6) / expected)
    assert table["n_left_out"].tolist() == [1, 1, 1]


def test_one_coder_is_told_that_nobody_can_be_compared():
    table = agreement_table(codes_of("u1:anna:neutral u2:anna:positive"), VALUES["sentiment"])
    assert table["alpha"].isna().all()
    assert set(table["note"]) == {"no alpha: no unit was coded by two coders"}


def test_wrong_codes_are_refused():
    with pytest.raises(
        InputError, match=r"^label 'bad' is not in the codebook; there are: negative, neutral, positive$"
    ):
        agreement_table(codes_of("u1:anna:bad u1:ben:neutral"), VALUES["sentiment"])
    with pytest.raises(InputError, match=r"^label 'peace' is not in the codebook; there are: war$"):
        agreement_table(codes_of("u1:anna:war;peace"), {}, frames=["war"])
    with pytest.raises(InputError, match=r"^coder 'anna' coded unit 'u1' twice$"):
        agreement_table(codes_of("u1:anna:neutral u1:anna:positive"), VALUES["sentiment"])
