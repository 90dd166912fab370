"""Attribution: labelled cases as data, quotation marks, and the figures that judge them."""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from corpora.errors import InputError
from framing.attribution import Attribution, find_attributions, scare_quotes
from framing.attribution.quotation import quoted_stretches
from framing.evaluation import evaluate
from framing.gold import read_gold
from framing.quote_evaluation import WORD, attribution_counts, matched
from reports.cli import main

CASES = Path(__file__).parent / "cases" / "quotes.jsonl"
ROWS = read_gold("quotes", CASES)


def words(text: str, spans: Any) -> frozenset[int]:
    return frozenset(m.start() for m in WORD.finditer(text) if any(s <= m.start() and m.end() <= e for s, e in spans))


def is_right(row: dict[str, Any]) -> bool:
    """Whether all is found, the contents word for word, the sources by a word at least, and nothing else."""
    text = row["text"]
    due = [(words(text, one["content"]), words(text, one["source"] or ())) for one in row["attributions"]]
    given = [(words(text, one.content), words(text, one.source)) for one in find_attributions(text)]
    due, given = (sorted(side, key=lambda one: sorted(one[0])) for side in (due, given))
    return [content for content, _ in due] == [content for content, _ in given] and all(
        right & found or not (right or found) for (_, right), (_, found) in zip(due, given, strict=True)
    )


def parts(text: str, one: Attribution) -> tuple[list[str], list[str]]:
    return [text[s:e] for s, e in one.source], [text[s:e] for s, e in one.content]


# --- Labelled cases ---


@pytest.mark.parametrize(
    "row",
    [
        pytest.param(row, id=row["id"], marks=[pytest.mark.xfail(reason=row["comment"])] if "expect" in row else [])
        for row in ROWS
    ],
)
def test_a_case_is_read_as_labelled(row: dict[str, Any]) -> None:
    assert is_right(row)


def test_the_share_of_cases_that_are_right_does_not_fall() -> None:
    assert len(ROWS) >= 97
    assert sum(is_right(row) for row in ROWS) / len(ROWS) >= 85 / 97


def test_the_figures_of_the_cases_are_those_of_text_written_for_it() -> None:
    figures = evaluate("quotes", CASES).figures
    assert figures["content_f1"] > 0.95
    assert figures["source_f1"] > 0.95


# --- What an attribution is ---


@pytest.mark.parametrize(
    ("text", "kind", "act"),
    [
        ("“We will not leave the talks,” Berg said.", "direct", "say"),
        ("Berg said that the talks would go on.", "indirect", "say"),
        ("Berg called the plan “a complete and utter farce”.", "mixed", "speak"),
        ("The bridge was hit, according to Berg.", "indirect", "according"),
        ("Berg believes that the talks will fail.", "indirect", "think"),
        ("Berg wants the talks to fail.", "indirect", "want"),
        ("“We will not leave the talks. We have time.”", "direct", "quote"),
    ],
)
def test_an_attribution_has_a_kind_and_an_act(text: str, kind: str, act: str) -> None:
    (found,) = find_attributions(text)
    assert (found.kind, found.act) == (kind, act)


def test_a_quotation_by_itself_is_of_who_spoke_last() -> None:
    text = "Berg warned that time was short.\n\n“We will not wait for anybody any longer.”"
    _, standing = find_attributions(text)
    assert (standing.cue, standing.act) == (None, "quote")
    assert parts(text, standing) == (["Berg"], ["“We will not wait for anybody any longer.”"])


def test_a_signature_after_a_quotation_is_its_source() -> None:
    text = "“We go on and on until the end of days.” ― Anna Berg"
    assert parts(text, find_attributions(text)[0])[0] == ["Anna Berg"]


@pytest.mark.parametrize("text", ["", " ", "\n\n", "It rained.", "?", "“", "“”", "said", ":"])
def test_a_text_in_which_nobody_speaks_has_no_attribution(text: str) -> None:
    assert find_attributions(text) == []
    assert scare_quotes(text) == []


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row["id"])
def test_spans_lie_in_the_text_in_order_and_without_overlap(row: dict[str, Any]) -> None:
    for one in find_attributions(row["text"]):
        assert one.content
        assert all(0 <= s < e <= len(row["text"]) for s, e in (*one.content, *one.source, *filter(None, [one.cue])))
        assert all(a[1] <= b[0] for a, b in zip(one.content, one.content[1:], strict=False))


def test_what_stands_around_a_paragraph_does_not_change_what_it_says() -> None:
    text = "The envoy said that the talks would go on."
    (alone,) = find_attributions(text)
    (among,) = find_attributions(f"It rained.\n\n{text}\n\nThe hall was empty.")
    assert [(s + 12, e + 12) for s, e in alone.content] == list(among.content)


def test_scare_quotes_are_told_from_quotations() -> None:
    text = 'The “experts” met. Berg called it “a mess”. “Never again!” she cried. A "humanitarian convoy" left.'
    assert [text[s:e] for s, e in scare_quotes(text)] == ["“experts”", '"humanitarian convoy"']


# --- Quotation marks ---


@pytest.mark.parametrize(
    "quoted",
    ["“a b”", '"a b"', "«a b»", "« a b »", "„a b“", "„a b”", "”a b”", "»a b«", "»a b»", "‹a b›", "「a b」", "‘a b’"],
)
def test_marks_of_many_typographies_are_pairs(quoted: str) -> None:
    text = f"He said {quoted}, and left."
    assert [text[q.start : q.end] for q in quoted_stretches(text)] == [quoted]


@pytest.mark.parametrize(
    "text",
    [
        "The workers' hall and the miners' club were empty.",
        "It's Berg's plan, isn't it?",
        "In the '90s, and in '68 too, nobody asked.",
        "It is 5' 11\" long.",
        "He said: “We wait.",
        "Nobody” spoke.",
        "“ ”",
    ],
)
def test_apostrophes_and_single_marks_are_no_quotation(text: str) -> None:
    assert quoted_stretches(text) == []


def test_a_mark_that_is_never_closed_does_not_swallow_the_next_paragraph() -> None:
    text = "He said: “We wait.\n\nIt rained. “We go,” she said."
    assert [text[q.start : q.end] for q in quoted_stretches(text)] == ["“We go,”"]


def test_a_quotation_of_two_paragraphs_opens_in_each() -> None:
    text = "“We wait.\n\n“We wait for you,” he said."
    first, second = quoted_stretches(text)
    assert (first.goes_on, second.goes_on) == (True, False)
    assert (text[first.start : first.end], text[second.start : second.end]) == ("“We wait.", "“We wait for you,”")


def test_an_inner_quotation_is_part_of_the_outer() -> None:
    text = "“He told me, ‘Go,’ and I went,” she said."
    (only,) = quoted_stretches(text)
    assert text[only.start : only.end] == "“He told me, ‘Go,’ and I went,”"


def test_single_marks_say_that_they_are() -> None:
    assert [q.single for q in quoted_stretches("‘One two.’ “Three four.”")] == [True, False]


# --- Hostile text ---

HOSTILE = [*"\"“„‘'—", "“a ", "„a ", '"a ', "(", "( ", ", ", ": ", "\n\n“a", "said ", "He said, ", "who said, ",
           "according to ", "“We go up to the hill,” he said. ", "“We go up to the hill now.” — "]  # fmt: skip


@pytest.mark.parametrize("unit", HOSTILE)
def test_twenty_thousand_characters_of_bad_text_are_read_in_seconds(unit: str) -> None:
    text = unit * max(1, 40_000 // len(unit))
    started = time.process_time()
    find_attributions(text)
    scare_quotes(text)
    # Measured at most 0.4 s; what grows with the square took 30 s.
    assert time.process_time() - started < 5


# --- Figures ---

SAID = "Ann said it rains now."  # words: Ann 0-3, said 4-8, it 9-11, rains 12-17, now 18-21
TRUE = ([(9, 21)], [(0, 3)])


def test_counts_of_one_attribution_are_worked_by_hand() -> None:
    # Three words of content; two are found, and no other. The source is right; nothing is so word for word.
    assert attribution_counts(SAID, [TRUE], [([(12, 21)], [(0, 8)])]).tolist() == [[2, 2, 3], [1, 1, 1], [0, 1, 1]]
    assert attribution_counts(SAID, [TRUE], [TRUE]).tolist() == [[3, 3, 3], [1, 1, 1], [1, 1, 1]]
    assert attribution_counts(SAID, [TRUE], []).tolist() == [[0, 0, 3], [0, 0, 1], [0, 0, 1]]


def test_a_source_where_the_gold_has_none_is_neither_right_nor_wrong() -> None:
    silent = (TRUE[0], ())
    assert attribution_counts(SAID, [silent], [TRUE]).tolist()[1] == [0, 0, 0]
    # One that is matched to nothing is wrong.
    assert attribution_counts(SAID, [], [TRUE]).tolist()[1] == [0, 1, 0]


def test_a_word_that_two_contents_share_counts_once() -> None:
    assert attribution_counts(SAID, [TRUE, TRUE], [TRUE, TRUE]).tolist() == [[3, 3, 3], [2, 2, 2], [2, 2, 2]]


def test_a_word_that_a_span_cuts_is_not_inside_it() -> None:
    assert attribution_counts(SAID, [TRUE], [([(9, 14)], ())]).tolist()[0] == [1, 1, 3]


def test_contents_are_matched_one_to_one_by_overlap() -> None:
    a, b = frozenset({1, 2, 3, 4}), frozenset({3, 4})
    assert matched([a, b], [b, a]) == [(0, 1), (1, 0)]
    assert matched([a, a], [a]) == [(0, 0)]  # of equals the first
    assert matched([a], [frozenset({9})]) == []


Write = Callable[..., Path]
CASE = {
    "id": 1,
    "text": "Ann said it rains.",
    "attributions": [{"source": [[0, 3]], "cue": None, "content": [[9, 17]]}],
}


def test_what_is_right_word_for_word_is_1_and_the_baselines_are_not(write: Write) -> None:
    result = evaluate("quotes", write("gold.jsonl", [CASE, {**CASE, "id": 2}]))
    row = result.json()
    assert (row["content_f1"], row["source_f1"], row["strict_f1"], row["n"], row["abstained"]) == (1.0, 1.0, 1.0, 2, 0)
    assert result.intervals["source_f1"] == (1.0, 1.0)
    marks, everything = (result.baselines[name]["figures"] for name in ("quotation marks only", "all of the text"))
    assert (marks["content_f1"], marks["source_f1"]) == (0.0, 0.0)
    # "it rains" are two of four words.
    assert everything["content_f1"] == pytest.approx(2 * 0.5 * 1 / 1.5)
    assert json.loads(json.dumps(row, allow_nan=False)) == row


def test_a_file_in_which_nobody_speaks_has_no_figures(write: Write) -> None:
    result = evaluate("quotes", write("gold.jsonl", [{"text": "It rained.", "attributions": []}]))
    assert all(math.isnan(result.figures[name]) for name in ("content_f1", "source_f1", "strict_f1"))
    assert result.json()["content_f1"] is None


def test_figures_are_the_same_at_every_run(write: Write) -> None:
    path = write("gold.jsonl", [CASE, {**CASE, "text": "“No way, Ann,” he said."}])
    assert json.dumps(evaluate("quotes", path).json()) == json.dumps(evaluate("quotes", path).json())


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"text": None}, "has no 'text'"),
        ({"attributions": None}, "has no list 'attributions'"),
        ({"attributions": ["x"]}, "attribution 'x' is not an object"),
        ({"attributions": [{"content": 3}]}, "'content' 3 is not a list"),
        ({"attributions": [{"content": [3]}]}, r"'content' is not \[start, end\]"),
        ({"attributions": [{"content": [[0, 3]], "source": [[0, 99]]}]}, r"'source' \[0, 99\] lies outside the text"),
        ({"attributions": [{"content": [[0, 3]], "cue": [[2, 2]]}]}, r"'cue' \[2, 2\] lies outside the text"),
    ],
)
def test_a_row_that_does_not_fit_stops_the_run(write: Write, change: dict[str, Any], reason: str) -> None:
    path = write("gold.jsonl", [CASE, {**CASE, **change}])
    with pytest.raises(InputError, match=rf"gold\.jsonl, line 2: {reason}"):
        evaluate("quotes", path)


def test_the_command_prints_the_figures_and_the_baselines(write: Write) -> None:
    path = str(write("gold.jsonl", [CASE]))
    printed = CliRunner().invoke(main, ["evaluate", "quotes", path], catch_exceptions=False)
    assert printed.exit_code == 0
    for shown in ("quotes: attribution", "content_f1", "source_f1", "strict_f1", "quotation marks only"):
        assert shown in printed.output
    row = json.loads(CliRunner().invoke(main, ["evaluate", "quotes", path, "--json"]).output)
    assert row["content_f1"] == 1.0
    assert {"scorer", "version", "n", "abstained", "source_f1", "strict_f1", "baselines"} <= set(row)


# --- What the rules reach ---


def test_on_polnear_contents_and_sources_are_found(shared: Path) -> None:
    path = shared / "gold" / "quotes" / "polnear-dev.jsonl"
    if not path.is_file():
        pytest.skip("PolNeAR is not at hand")
    result = evaluate("quotes", path)
    assert result.figures["content_f1"] >= 0.80
    assert result.figures["source_f1"] >= 0.70
    best = max(base["figures"]["content_f1"] for base in result.baselines.values())
    assert result.intervals["content_f1"][0] > best + 0.1
    assert np.isfinite(list(result.figures.values())).all()
