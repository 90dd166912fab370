"""Packs of examples: kept and read back, joined, taught, and varied."""

from __future__ import annotations

import numpy as np
import pytest

from framing.tokens import Tokens
from framing.training.packs import Example, Pack, joined, neighbours, softened, varied

FIRST = Example("person", (Tokens([101, 7, 8, 102], [0, 1, 0, 0], [0] * 4), Tokens([101, 2, 102], [0, 1, 0], [0] * 3)))
SECOND = Example("deeds", (Tokens([101, 9, 9, 9, 9, 102], [0, 1, 0, 0, 0, 0], [0, 0, 0, 0, 1, 0]),), (0.75, 0.25))
FIELDS = ("ids", "roles", "sizes", "firsts", "counts", "measures", "aims")


def same(one, two):
    for name in FIELDS:
        np.testing.assert_array_equal(getattr(one, name), getattr(two, name))


def test_a_pack_is_read_back_as_it_was_written(tmp_path):
    pack = Pack.of([FIRST, SECOND])
    pack.save(tmp_path / "pack.npz")
    same(pack, Pack.load(tmp_path / "pack.npz"))
    assert pack.ids.tolist() == [[101, 7, 8, 102, 0, 0], [101, 2, 102, 0, 0, 0], [101, 9, 9, 9, 9, 102]]
    assert pack.roles[2].tolist() == [0, 1, 0, 0, 2, 0]
    assert pack.counts.tolist() == [2, 1]


def test_packs_that_are_joined_are_the_pack_of_all():
    same(joined([Pack.of([FIRST]), Pack.of([SECOND])]), Pack.of([FIRST, SECOND]))


def test_an_example_may_be_chosen_more_than_once():
    pack = Pack.of([FIRST, SECOND]).choose(np.array([1, 1, 0]))
    assert pack.measures.tolist() == ["deeds", "deeds", "person"]
    assert pack.firsts.tolist() == [2, 2, 0]


@pytest.mark.parametrize(("share", "aim"), [(0.0, 0.75), (0.5, 0.625), (1.0, 0.5)])
def test_a_teacher_has_a_share_where_there_is_a_label(share, aim):
    assert Pack.of([SECOND]).taught(np.array([[0.5, 0.5]]), share).aims[0, 0] == aim


def test_a_teacher_alone_decides_where_there_is_none():
    assert Pack.of([FIRST]).taught(np.array([[0.5, 0.25, 0.25]]), 0.5).aims.tolist() == [[0.5, 0.25, 0.25]]


def test_probabilities_add_up_along_the_last_axis():
    shares = softened(np.array([[[0.0, 1000.0]], [[1.0, 1.0]]]))
    assert shares.tolist() == [[[0.0, 1.0]], [[0.5, 0.5]]]


def test_only_usable_words_stand_in_and_none_for_itself():
    words = np.array([[1, 0], [0.9, 0.1], [0, 1], [0.1, 0.9]], dtype=np.float32)
    near = neighbours(words, 1, np.array([True, True, True, False]))
    assert near.ravel().tolist() == [1, 0, 1, 2]


def test_varied_examples_keep_parties_and_marks_and_have_no_label():
    near, fixed = np.full((200, 1), 5), np.zeros(200, dtype=bool)
    fixed[[101, 102]] = True
    once, twice = (list(varied([SECOND], near, fixed, 1.0, seed=1)) for _ in range(2))
    assert once == twice
    assert once[0].views[0].ids == [101, 9, 5, 5, 9, 102]
    assert once[0].aim == ()
