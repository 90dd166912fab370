"""Cleaning: labelled cases from cases/clean.toml, and what holds for every text."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.clean import STEPS, Draft, clean
from corpora.furniture import is_credit, is_furniture
from corpora.repair import paragraphs, repair

CASES = tomllib.loads((Path(__file__).parent / "cases" / "clean.toml").read_text(encoding="utf-8"))["case"]
KEYS = {"label", "kind", "title", "input", "body", "dateline", "agency", "byline", "captions", "furniture", "expect"}


def _params():
    for case in CASES:
        known = case["expect"] == "xfail"
        marks = [pytest.mark.xfail(strict=True, reason=case["comment"])] if known else []
        yield pytest.param(case, id=case["label"], marks=marks)


@pytest.mark.parametrize("case", list(_params()))
def test_a_labelled_article_is_cleaned_as_labelled(case):
    draft = clean(Draft(title=case.get("title", ""), paragraphs=tuple(case["input"])))
    assert {
        "body": list(draft.paragraphs),
        "dateline": draft.dateline,
        "agency": draft.agency,
        "byline": draft.byline,
        "captions": list(draft.captions),
        "furniture": list(draft.furniture),
    } == {
        "body": case["body"],
        "dateline": case.get("dateline", ""),
        "agency": case.get("agency", ""),
        "byline": case.get("byline", ""),
        "captions": case.get("captions", []),
        "furniture": case.get("furniture", []),
    }


def test_the_cases_are_well_formed():
    labels = [case["label"] for case in CASES]
    assert len(set(labels)) == len(labels) >= 40
    for case in CASES:
        assert set(case) <= KEYS | {"comment"}, case["label"]
        assert case["kind"] in {"wild", "negative", "synthetic"}
        assert case["expect"] == "pass" or (case["expect"] == "xfail" and case["comment"])
        if case["kind"] == "negative":
            assert case["body"] == case["input"], case["label"]


# --- What holds for every text ---

LINES = st.one_of(
    st.sampled_from([line for case in CASES for line in case["input"]]),
    st.text(alphabet=st.characters(codec="utf-8", categories=["L", "N", "P", "Zs"]), max_size=60),
)


def _words(*texts):
    return sorted(word for text in texts for word in re.findall(r"\w+", text))


@given(st.lists(LINES, max_size=8))
@settings(max_examples=60, deadline=None)
def test_no_word_of_an_article_is_lost(lines):
    # "By" of a byline and "CLOSE" of a video box are marks and go; an agency is rewritten by its canonical name.
    draft = clean(Draft(paragraphs=tuple(lines)))
    after = _words(*draft.paragraphs, *draft.captions, *draft.furniture, draft.byline, draft.dateline)
    before = _words(*lines)
    for word in set(after):
        assert after.count(word) <= before.count(word)
    if (draft.byline, draft.dateline, draft.agency) == ("", "", ""):
        assert [w for w in after if w != "CLOSE"] == [w for w in before if w != "CLOSE"]


@given(st.lists(LINES, max_size=8), st.text(max_size=30))
@settings(max_examples=60, deadline=None)
def test_cleaning_the_same_draft_twice_gives_the_same(lines, title):
    draft = Draft(title=title, paragraphs=tuple(lines))
    assert clean(draft) == clean(draft)


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_a_step_leaves_an_empty_draft_as_it_is(step):
    assert step(Draft()) == Draft()


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.__name__)
def test_a_step_makes_a_new_draft_and_leaves_the_old_one(step):
    lines = ("© AP Photo/ Jane Roe", "By Jane Roe", "PARIS (AFP) - They met.", "Read more: Why", "Source: AP")
    draft = Draft(title="They met in Paris on Monday", paragraphs=lines)
    step(draft)
    assert draft == Draft(title="They met in Paris on Monday", paragraphs=lines)


def test_values_that_a_record_brings_go_before_those_in_the_text():
    brought = Draft(
        paragraphs=("By Jane Roe", "PARIS (AFP) - They met."), byline="John Doe", dateline="LYON", agency="AP"
    )
    draft = clean(brought)
    assert (draft.byline, draft.dateline, draft.agency) == ("John Doe", "LYON", "AP")
    assert draft.paragraphs == ("They met.",)


def test_a_hostile_line_is_cleaned_in_a_second():
    code = "from corpora.clean import Draft, clean; clean(Draft(paragraphs=('By ' + 'A' * 60 + '!',)))"
    try:
        subprocess.run([sys.executable, "-c", code], check=True, timeout=5, cwd=Path(__file__).parent.parent)
    except subprocess.TimeoutExpired:
        pytest.fail("one line of 64 characters takes more than five seconds")


@pytest.mark.parametrize(
    "line",
    [
        "A" * 20_000,
        "By " + "a" * 20_000,
        "PARIS " * 4000,
        "(" * 20_000,
        "- " * 10_000,
        "x | " * 5000 + "Getty",
        "Follow " + "a" * 20_000,
        "This is a long title | " * 800,
        "PARIS " + "-" * 20_000 + "x",
        "(AP) " + "--" * 10_000,
        "Read more " + "here " * 4000,
        "Copyright " + "a" * 20_000,
    ],
    ids=lambda line: line[:12],
)
def test_a_long_line_of_one_kind_is_cleaned_without_delay(line):
    import time

    start = time.perf_counter()
    clean(Draft(title=line, paragraphs=(line, line)))
    assert time.perf_counter() - start < 5


# --- Repair ---


@pytest.mark.parametrize(
    ("broken", "mended"),
    [
        ("Russiaâ€™s", "Russia’s"),
        ("Ã‰lysÃ©e", "Élysée"),
        ("Élysée", "Élysée"),
        ("Âge d'or", "Âge d'or"),  # a real capital with a circumflex
        ("a\x00b\x07c", "abc"),
        ("evil\u202etxt\u202c", "eviltxt"),
        ("left\u200eright\u200f", "leftright"),
        ("zero\u200bwidth", "zerowidth"),
        ("\ufefftext", "text"),
        ("می\u200cخواهم", "می\u200cخواهم"),  # the joiner is spelling
        ("a\u00a0b\tc", "a b c"),
        ("one\r\ntwo\rthree", "one\ntwo\nthree"),
        ("one\u2029two", "one\n\ntwo"),
        ("e\u0301", "é"),
        ("", ""),
    ],
)
def test_text_is_mended_and_right_text_is_left_alone(broken, mended):
    assert repair(broken) == mended


@given(st.text(max_size=80))
@settings(max_examples=80, deadline=None)
def test_a_mended_text_holds_no_control_characters(text):
    assert not re.search("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069]", repair(text))


# --- Paragraphs ---


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("one\n\ntwo", ("one", "two")),
        ("one\n \n\n two", ("one", "two")),
        ("one\ntwo", ("one", "two")),  # no blank line: single breaks part
        ("one\nstill one\n\ntwo", ("one still one", "two")),  # a blank line: single breaks join
        ("  one  ", ("one",)),
        ("", ()),
        ("\n\n\n", ()),
    ],
)
def test_paragraphs_are_parted_by_blank_lines_or_else_by_breaks(text, parts):
    assert paragraphs(text) == parts


def test_a_long_line_is_neither_credit_nor_furniture():
    assert is_credit("© Example" + " word" * 10)
    assert not is_credit("© Example" + " word" * 30)
    assert is_furniture("Read more" + " word" * 10)
    assert not is_furniture("Read more" + " word" * 50)
