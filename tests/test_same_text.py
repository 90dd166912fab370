"""Same text: shingles, candidates by MinHash, and what two texts share word for word."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpora.duplicates import BANDS, NEAR, ROWS, candidates, compare, near_duplicates, signatures
from corpora.shingles import own_words, shared, shingles

WORDS = [f"word{n}" for n in range(3000)]


def text(seed: int, length: int = 300) -> str:
    rng = random.Random(seed)
    return " ".join(rng.choices(WORDS, k=length))


def giver(texts):
    return lambda wanted: ((n, t) for n, t in enumerate(texts) if wanted is None or n in set(wanted.tolist()))


# --- Shingles ---


def test_a_text_has_a_run_for_each_word_from_the_fifth_on():
    assert len(shingles("one two three four five six seven")) == 3
    assert len(shingles("one two three four")) == 1
    assert len(shingles("... !")) == 0


def test_case_and_punctuation_do_not_count_and_order_does():
    assert np.array_equal(shingles("One, two - THREE four; five."), shingles("one two three four five"))
    assert not np.array_equal(shingles("one two three four five"), shingles("five four three two one"))


def test_hashes_are_the_same_on_every_machine():
    # Written down once; they decide on candidates, so that a change makes other marks.
    assert shingles("the talks in geneva will go").tolist() == [2642923345272432315, 7843805203339953258]


@given(
    st.lists(st.sampled_from(WORDS[:40]), min_size=5, max_size=60), st.lists(st.sampled_from(WORDS[:40]), max_size=60)
)
def test_what_stands_in_another_text_is_all_shared(part, rest):
    one, whole = shingles(" ".join(part)), shingles(" ".join(part + rest))
    assert shared(one, whole) == len(one) == shared(whole, one)


@pytest.mark.parametrize(
    ("written", "own"),
    [
        ("He said “we will see” and left.", "He said   and left."),
        ('He said "we will see" and left.', "He said   and left."),
        ("Он сказал «посмотрим» и ушёл.", "Он сказал   и ушёл."),
        ('A lost " mark keeps the rest of its line.', 'A lost " mark keeps the rest of its line.'),
        ("It's the outlet's own.", "It's the outlet's own."),
    ],
)
def test_quotations_are_not_an_articles_own_words(written, own):
    assert own_words(written) == own


# --- Candidates ---


@pytest.mark.parametrize("agreement", [0.5, 0.7, 0.9])
def test_texts_that_agree_meet_as_often_as_the_bands_say(agreement):
    # 400 planted pairs. J of the runs of words is what is left of five-word runs around the words that were changed.
    texts, agreed = [], []
    for seed in range(400):
        one = text(seed).split()
        rng = random.Random(seed + 10_000)
        other = list(one)
        for place in rng.sample(range(300), int(300 * (1 - agreement) / 5)):
            other[place] = "changed"
        texts += [" ".join(one), " ".join(other)]
        a, b = shingles(texts[-2]), shingles(texts[-1])
        agreed.append(shared(a, b) / len(np.union1d(a, b)))
    met = {tuple(pair) for pair in candidates(signatures(giver(texts)), np.arange(len(texts))).tolist()}
    expected = np.mean([1 - (1 - j**ROWS) ** BANDS for j in agreed])
    found = np.mean([(2 * n + 1, 2 * n) in met for n in range(400)])
    assert found >= expected - 3 * np.sqrt(expected * (1 - expected) / 400) - 0.005
    assert all(later // 2 == earlier // 2 for later, earlier in met)


def test_every_planted_near_duplicate_is_found_and_nothing_else():
    texts = [text(n) for n in range(300)]
    planted = {}
    for n in range(0, 300, 3):
        words = texts[n].split()
        cut = words[: 250 + n % 50]
        planted[len(texts)] = n
        texts.append(" ".join([*cut[:40], "inserted", *cut[40:]]))
    found = near_duplicates(giver(texts), np.arange(len(texts)))
    assert {(o.later, o.earlier) for o in found} == set(planted.items())
    assert all(o.share >= NEAR for o in found)


def test_a_text_that_is_cut_to_half_is_found_by_what_stands_of_it_in_the_whole():
    # Half a text shares half of the runs: it meets with probability 0.995.
    texts = [text(1), " ".join(text(1).split()[:150])]
    (overlap,) = near_duplicates(giver(texts), np.arange(2))
    assert overlap.share == 1.0
    assert overlap.back == pytest.approx(0.5, abs=0.02)


def test_texts_without_words_are_like_nothing():
    assert near_duplicates(giver(["", "...", "", text(1)]), np.arange(4)) == []


def test_a_crowd_of_copies_is_compared_with_the_first_and_not_all_with_all():
    texts = [text(1)] * 200
    rank = np.arange(200)[::-1].copy()
    found = near_duplicates(giver(texts), rank)
    assert len(found) == 199
    assert {o.earlier for o in found} == {199}  # the lowest rank


def test_the_earlier_of_two_is_the_one_with_the_lower_rank():
    texts = [text(1), text(1)]
    assert [(o.later, o.earlier) for o in near_duplicates(giver(texts), np.array([5, 3]))] == [(0, 1)]


def test_comparing_in_pieces_changes_nothing(monkeypatch):
    texts = [text(n % 7) for n in range(40)]
    pairs = np.array([(a, b) for a in range(40) for b in range(a)])
    whole = list(compare(giver(texts), pairs))
    monkeypatch.setattr("corpora.duplicates.HELD", 6)
    assert list(compare(giver(texts), pairs)) == whole
