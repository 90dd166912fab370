"""Pairs of outlets: which are chosen, how their differences are taken apart, what each left out, and side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from itertools import combinations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from article_rows import RELATION, Row, article, compared, drawn, table, told
from coding_report import DYAD, articles, scores_of
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.errors import InputError
from framing.scorers import LOW_CONFIDENCE
from reports.comparison import ESTIMATE_COLUMNS, Comparison
from reports.decomposition import PARTS
from reports.estimation import holm
from reports.gathering import Gathering
from reports.pairs import MOST, OFTEN, choose_pairs, compare_pairs, pair_rows
from reports.silence import by_others, silence
from reports.study import Study
from reports.telling import AGAINST, FOR, LONGEST, SideBySide, Telling, side_by_side

# --- What an outlet left out ---

# A has stories 1 and 2. Of what B tells beside, 3 and 4, C and D tell story 3: (-0.3 - 0.1 + 0.1) / 3 = -0.1. Story 5
# is C's alone, and no silence about B.
QUIET = {
    "A": {1: [0.2, 0.4], 2: [0.6]},
    "B": {1: [0.1], 3: [0.3], 4: [0.3]},
    "C": {1: [0.0], 3: [-0.3, -0.1], 5: [0.9]},
    "D": {3: [0.1]},
}


def test_silence_worked_by_hand() -> None:
    # A's mean is 0.4 of three articles on two stories; one story more is 1.5 articles: (3 x 0.4 - 1.5 x 0.1) / 4.5.
    found = silence(table(told(QUIET)), "A", "B")
    assert (found.outlet, found.stories, found.told) == ("A", 2, 1)
    assert found.level == pytest.approx(-0.1)
    assert found.added == pytest.approx(1.05 / 4.5 - 0.4)


def test_stories_that_no_third_outlet_tells_add_nothing_that_is_known() -> None:
    found = silence(table(told({"A": {1: [0.1]}, "B": {1: [0.2], 2: [0.3]}})), "A", "B")
    assert (found.stories, found.told) == (1, 0)
    assert np.isnan(found.level)
    assert np.isnan(found.added)


def test_who_tells_all_that_the_other_does_has_no_silence() -> None:
    found = silence(table(told(QUIET | {"A": {1: [0.1], 3: [0.2], 4: [0.3], 5: [0.4]}})), "A", "B")
    assert (found.stories, found.told) == (0, 0)


def test_an_outlet_without_an_article_is_moved_by_nothing() -> None:
    assert np.isnan(silence(table(told(QUIET)), "Nobody", "B").added)


# A has stories 1, 2 and twice 3; B 1, 2 and 4. The others' means: 0.0, 0.2, 0.5 and -0.4.
OTHERS = {
    "A": {1: [0.9], 2: [0.9], 3: [0.9, 0.9]},
    "B": {1: [0.8], 2: [0.8], 4: [0.8]},
    "C": {1: [-0.1], 2: [0.2], 3: [0.5], 4: [-0.4]},
    "D": {1: [0.1]},
}


def test_what_others_make_of_the_unshared_stories_by_hand() -> None:
    # A: 1/2 (0.5 - 0.1) = 0.2; B: 1/3 (-0.4 - 0.1) = -1/6.
    assert by_others(table(told(OTHERS)), "A", "B") == pytest.approx((0.2 + 1 / 6, 1.0))


def test_stories_that_nobody_else_tells_count_in_the_share_alone() -> None:
    # B has story 5 as well: 1/2 (-0.4 - 0.1) = -0.25; three of four articles on unshared stories are told by others.
    more = OTHERS | {"B": OTHERS["B"] | {5: [0.8]}}
    assert by_others(table(told(more)), "A", "B") == pytest.approx((0.2 + 0.25, 0.75))


def test_without_third_outlets_nothing_is_known_and_swapping_flips_the_sign() -> None:
    two = table(told({name: OTHERS[name] for name in "AB"}))
    value, share = by_others(two, "A", "B")
    assert np.isnan(value)
    assert share == 0.0
    rows = table(told(OTHERS))
    assert by_others(rows, "B", "A")[0] == pytest.approx(-by_others(rows, "A", "B")[0])


def test_where_everything_is_shared_there_is_no_share_to_tell() -> None:
    same = {name: {1: [0.1], 2: [0.2]} for name in "ABC"}
    assert all(np.isnan(one) for one in by_others(table(told(same)), "A", "B"))


# --- Which pairs ---

# A and B share 6 stories, A and C 5, B and C 5, A and D 4.
COVERED = {"A": range(10), "B": range(6), "C": range(1, 6), "D": range(6, 10)}


def covering(stories: Mapping[str, Iterable[int]], **settings: Any) -> Comparison:
    values = {outlet: {story: [0.01 * story] for story in told} for outlet, told in stories.items()}
    return compared(told(values), **settings)


def test_the_pairs_that_share_most_are_chosen_and_no_outlet_is_in_more_than_two() -> None:
    # A and D share enough, but A is in two pairs already.
    assert choose_pairs(covering(COVERED)) == [("A", "B"), ("A", "C"), ("B", "C")]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sets(st.integers(0, 9), min_size=3), min_size=2, max_size=7))
def test_chosen_pairs_keep_their_bounds_whatever_outlets_cover(sets: list[set[int]]) -> None:
    stories = {f"O{number}": told for number, told in enumerate(sets)}
    chosen = choose_pairs(covering(stories))
    assert len(chosen) == len(set(chosen)) <= MOST
    for outlet in stories:
        assert sum(outlet in pair for pair in chosen) <= OFTEN
    shared = {pair: len(stories[pair[0]] & stories[pair[1]]) for pair in combinations(sorted(stories), 2)}
    assert all(shared[pair] >= 2 for pair in chosen)
    if chosen:
        assert shared[chosen[0]] == max(shared.values())
    else:
        assert max(shared.values()) < 2


def test_named_pairs_are_taken_as_they_are_named() -> None:
    asked = [("D", "A"), ("D", "B")]
    assert choose_pairs(covering(COVERED), asked) == asked


def test_a_named_outlet_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(InputError, match=r"^no outlet 'E' to take apart; there are: A, B, C, D$"):
        choose_pairs(covering(COVERED), [("A", "E")])


def test_with_a_reference_every_pair_is_with_it() -> None:
    assert choose_pairs(covering(COVERED, reference="D")) == [("A", "D")]
    assert choose_pairs(covering(COVERED, reference="A")) == [("B", "A"), ("C", "A"), ("D", "A")]
    many = {f"O{n}": range(6) for n in range(7)}
    assert len(choose_pairs(covering(many, reference="O3"))) == MOST


def test_all_pairs_are_all_that_share_enough() -> None:
    assert choose_pairs(covering(COVERED, reference="pairs")) == [("A", "B"), ("A", "C"), ("B", "C"), ("A", "D")]


def test_small_outlets_and_pairs_that_share_too_little_are_not_chosen() -> None:
    assert choose_pairs(covering(COVERED, minimum=(7, 2))) == []
    assert choose_pairs(covering(COVERED, minimum=(3, 6))) == [("A", "B")]


def test_an_article_on_two_measures_is_one_article() -> None:
    rows = [row for one in told({"A": {1: [0.1], 2: [0.2]}, "B": {1: [0.1], 2: [0.2]}})
            for row in (one, one | RELATION)]  # fmt: skip
    ids = table([{**row, "article_id": f"a{number // 2}"} for number, row in enumerate(rows)])
    assert choose_pairs(compared(ids, minimum=(3, 2))) == []
    assert choose_pairs(compared(ids, minimum=(2, 2))) == [("A", "B")]


def test_what_is_not_tested_is_not_taken_apart() -> None:
    tone = compared([row | {"measure": "tone"} for row in told(QUIET)])
    assert choose_pairs(tone) == []
    assert compare_pairs(tone, []) == []
    with pytest.raises(InputError, match=r"^no outlet 'A' to take apart: the study tests no measure$"):
        choose_pairs(tone, [("A", "B")])


# --- What they share, taken apart ---


@pytest.fixture(scope="module")
def three() -> Comparison:
    """Three outlets on two measures; C shares too little with the others."""
    rows = drawn(3, "AB", shift=0.15) + [article("C", 100 + number, 0.0) for number in range(6)]
    rows += [row | RELATION for row in drawn(4, "AB")]
    return compared(rows, minimum=(5, 5))


def test_treatments_of_all_pairs_and_measures_are_tested_together(three: Comparison) -> None:
    found = compare_pairs(three, [("A", "B"), ("A", "C")])
    assert [(one.key["measure"], one.found.other) for one in found] == [
        ("relation", "B"), ("relation", "C"), ("sentiment", "B"), ("sentiment", "C"),
    ]  # fmt: skip
    p = [one.found.parts.set_index("kind").loc["treatment", "p"] for one in found if not one.found.note]
    assert len(p) == 2
    assert [one.adjusted for one in found if not one.found.note] == pytest.approx(holm(np.array(p)))
    assert all(np.isnan(one.adjusted) for one in found if one.found.note)


def test_rows_of_the_estimates_are_the_parts_and_say_why_there_are_none(three: Comparison) -> None:
    compared_pairs = compare_pairs(three, [("A", "B"), ("A", "C")])
    rows = pair_rows(compared_pairs, "own", "news")
    assert set(rows) <= set(ESTIMATE_COLUMNS)
    assert list(rows["kind"]) == [*PARTS] * 4
    known = rows[rows["reference"] == "B"]
    for one in compared_pairs:
        own = known[known["measure"] == one.key["measure"]]
        if not one.found.note:
            assert own["value"].sum() == pytest.approx(one.found.part("difference"))
            # Treatment and weighting rest on shared stories, what is unshared on all.
            a, a_shared, b, b_shared = one.found.articles
            assert own["n_articles"].tolist() == [a_shared, a_shared, a]
            assert own["n_reference"].tolist() == [b_shared, b_shared, b]
            assert own["n_stories"].tolist()[:2] == [one.found.shared] * 2
    assert known["p_adjusted"].notna().tolist() == [True, False, False] * 2
    missing = rows[rows["reference"] == "C"]
    assert missing["value"].isna().all()
    assert set(missing["note"]) == {
        "not enough data: 0 articles of C, 5 are needed", "not enough data: 0 stories that both cover, 5 are needed",
    }  # fmt: skip
    assert pair_rows([], "own", "news").empty


def test_swapping_the_outlets_of_a_pair_flips_the_parts(three: Comparison) -> None:
    there, back = (compare_pairs(three, [pair])[1] for pair in (("A", "B"), ("B", "A")))
    for kind in PARTS:
        assert there.found.part(kind) == pytest.approx(-back.found.part(kind))
    assert there.silences[0].outlet == back.silences[1].outlet == "A"
    assert there.silences[0].stories == back.silences[1].stories > 0


# --- Side by side ---


def passages(outlet: str, story: int, *values: float, **changes: Any) -> list[Row]:
    """The passages of one article, as the joined scores have them."""
    return [
        article(outlet, story, value)
        | {
            "article_id": f"{outlet}{story}", "passage_id": f"{outlet}{story}-{number}", "part": "body", "url": "",
            "title": f"{outlet} on {story}", "text": f"passage {number}", "target_span": None, "source_span": None,
            "speaker": "", "voice": "own", "confidence": 0.9,
        }
        | changes
        for number, value in enumerate(values)
    ]  # fmt: skip


def gathered(*rows: list[Row]) -> pd.DataFrame:
    telling = Telling({row["story"] for part in rows for row in part})
    for part in rows:
        telling.add(pd.DataFrame(part))
    return telling.passages()


def test_the_passage_nearest_to_its_article_stands_for_it() -> None:
    # Mean 0.5; the furthest is 1.0.
    found = gathered(passages("A", 1, 1.0, 0.1, 0.6, 0.3))
    assert found["text"].tolist() == ["passage 2"]


def test_a_long_or_unsure_passage_and_a_headline_count_in_no_card_and_the_former_in_the_mean() -> None:
    rows = passages("A", 1, 0.5, 0.9, 0.4, 0.2)
    # Mean of the body: (0.5 + 0.9 + 0.2) / 3 = 0.533; 0.5 would be nearest, but is too long; 0.4 is the headline.
    rows[0]["text"] = "x" * (LONGEST + 1)
    rows[2]["part"] = "title"
    assert gathered(rows)["value"].tolist() == [0.2]
    rows[3]["confidence"] = LOW_CONFIDENCE / 2
    assert gathered(rows)["value"].tolist() == [0.9]
    assert gathered([row | {"confidence": 0.0} for row in rows]).empty


def test_passages_of_other_stories_and_without_a_value_are_not_kept() -> None:
    telling = Telling({"1"})
    telling.add(pd.DataFrame(passages("A", 1, float("nan")) + passages("A", 2, 0.5)))
    assert telling.passages().empty


# A less B by story: +0.4, +0.3, +0.2, +0.1, -0.1, -0.3.
GAPS = {1: 0.4, 2: 0.3, 3: 0.2, 4: 0.1, 5: -0.1, 6: -0.3}


def sided(one: str = "A", other: str = "B", without: tuple[str, int] = ("", 0)) -> list[SideBySide]:
    values = {"A": GAPS, "B": dict.fromkeys(GAPS, 0.0)}
    rows = told({outlet: {story: [value] for story, value in of.items()} for outlet, of in values.items()})
    telling = gathered(*(passages(o, s, v) for o, of in values.items() for s, v in of.items() if (o, s) != without))
    [pair] = compare_pairs(compared(rows), [(one, other)])
    return list(side_by_side(pair, telling))


def test_stories_that_speak_most_for_the_treatment_come_first_and_one_against_it_last() -> None:
    found = sided()
    assert [(one.story, round(one.gap, 2)) for one in found] == [("1", 0.4), ("2", 0.3), ("6", -0.3)]
    assert len(found) == FOR + AGAINST
    for one in found:
        assert [card["outlet"] for card in one.passages] == ["A", "B"]
        assert [card["title"] for card in one.passages] == [f"A on {one.story}", f"B on {one.story}"]
        assert one.means == pytest.approx((GAPS[int(one.story)], 0.0))
        assert one.gap == pytest.approx(one.means[0] - one.means[1])


def test_swapped_outlets_are_shown_swapped_on_the_same_stories() -> None:
    assert [(one.story, round(one.gap, 2)) for one in sided("B", "A")] == [("1", -0.4), ("2", -0.3), ("6", 0.3)]
    assert [card["outlet"] for card in sided("B", "A")[0].passages] == ["B", "A"]


def test_a_story_of_which_one_outlet_has_no_passage_to_show_gives_its_place_to_the_next() -> None:
    assert [one.story for one in sided(without=("B", 1))] == ["2", "3", "6"]


def test_of_two_articles_on_a_story_the_one_nearest_to_the_outlet_is_shown() -> None:
    rows = told({"A": {1: [0.1, 0.7, 0.5], 2: [0.5]}, "B": {1: [0.0], 2: [0.0]}})
    for number, row in enumerate(rows):
        row["article_id"] = f"a{number}"
    telling = gathered(
        *(passages(row["outlet"], int(row["story"]), row["value"], article_id=row["article_id"]) for row in rows)
    )
    [pair] = compare_pairs(compared(rows, minimum=(2, 2)), [("A", "B")])
    shown = next(one for one in side_by_side(pair, telling) if one.story == "1")
    # A's mean on story 1 is 0.433, to which the article at 0.5 is nearest.
    assert shown.passages[0]["value"] == 0.5
    assert shown.means[0] == pytest.approx(1.3 / 3)


def test_what_could_not_be_taken_apart_is_not_shown(three: Comparison) -> None:
    found = next(one for one in compare_pairs(three, [("A", "C")]) if one.found.note)
    assert side_by_side(found, gathered(passages("A", 1, 0.1))) == []


@pytest.mark.parametrize(("column", "value"), [("vote", "copy"), ("genre", "opinion"), ("voice", "direct")])
def test_a_passage_that_does_not_count_is_never_shown(column: str, value: str) -> None:
    scores = scores_of(articles(20))
    gone = scores["article_id"] == scores["article_id"].iloc[0]
    scores.loc[gone, column] = value
    study = Study(DYAD, measures=("sentiment", "relation"), cost="light", voice="own")
    for counts in (study, replace(study, wire="all", genre="all", voice="all")):
        gathering = Gathering(counts, set(scores["story"]))
        gathering.add(scores)
        shown = set(gathering.telling.passages()["article_id"])
        assert (scores["article_id"].iloc[0] in shown) == (counts is not study)
        assert len(shown) > 5
