"""Evaluation: figures of hand-made rows worked in comments, and every way in which a gold file can be wrong."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from corpora.article import Article
from corpora.corpus import Corpus
from corpora.errors import InputError
from framing import evaluation
from framing.evaluation import ABSTAINED, TASKS, evaluate
from framing.gold import read_gold
from framing.resampling import cluster_weights, percentile_interval
from framing.scorers import load_scorer

WriteRows = Callable[..., Path]


@pytest.fixture
def gold(tmp_path: Path) -> WriteRows:
    def write(*rows: Any, name: str = "gold.jsonl") -> Path:
        path = tmp_path / name
        lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return path

    return write


# --- Figures worked by hand ---

RIGHT = ["conflict", "conflict", "cooperation", "none", "none"]
GIVEN = ["conflict", "none", "cooperation", "conflict", ABSTAINED]


def test_figures_of_five_rows_are_those_worked_by_hand() -> None:
    figures, _ = evaluation._figures("relation", RIGHT, GIVEN)
    # Right: rows 1 and 3, so 2 of 5; of the four answered 2.
    assert figures["accuracy"] == pytest.approx(2 / 5)
    assert figures["accuracy_answered"] == pytest.approx(2 / 4)
    assert figures["coverage"] == pytest.approx(4 / 5)
    # F1 = 2 hits / (due + given): conflict 2*1/(2+2) = 1/2; cooperation 2*1/(1+1) = 1; none 2*0/(2+1) = 0.
    assert figures["macro_f1"] == pytest.approx((1 / 2 + 1 + 0) / 3)
    # Gate: interaction is due in rows 1, 2, 3 and said in 1, 3, 4 (an abstention says none): 2 hits of 3 and 3.
    assert figures["gate_precision"] == pytest.approx(2 / 3)
    assert figures["gate_recall"] == pytest.approx(2 / 3)
    assert figures["gate_f1"] == pytest.approx(2 / 3)


def test_f1_by_label_is_worked_by_hand() -> None:
    assert evaluation._f1(RIGHT, GIVEN, "conflict") == pytest.approx(1 / 2)
    assert evaluation._f1(RIGHT, GIVEN, "cooperation") == 1.0
    assert evaluation._f1(RIGHT, GIVEN, "none") == 0.0
    assert evaluation._f1(RIGHT, GIVEN, "positive") == 0.0


def test_an_abstention_counts_as_a_wrong_answer() -> None:
    right = ["positive", "negative"]
    all_right, _ = evaluation._figures("sentiment", right, right)
    one_missing, _ = evaluation._figures("sentiment", right, ["positive", ABSTAINED])
    assert all_right["accuracy"] == all_right["macro_f1"] == 1.0
    assert one_missing["accuracy"] == one_missing["macro_f1"] == 0.5
    assert one_missing["accuracy_answered"] == 1.0


def test_there_is_a_gate_only_where_none_occurs() -> None:
    assert "gate_f1" not in evaluation._figures("relation", ["conflict"], ["conflict"])[0]
    assert "gate_f1" not in evaluation._figures("sentiment", ["neutral"], ["neutral"])[0]


def test_accuracy_of_the_answered_is_missing_where_none_was_answered() -> None:
    figures, intervals = evaluation._figures("sentiment", ["neutral"], [ABSTAINED])
    assert np.isnan(figures["accuracy_answered"])
    assert np.isnan(intervals["accuracy_answered"][0])
    assert figures["accuracy"] == 0.0


def test_the_interval_is_the_same_every_time_and_holds_the_figure() -> None:
    right, given = ["a", "b"] * 50, ["a", "a", "b", "b"] * 25
    once, twice = (evaluation._figures("tone", right, given) for _ in range(2))
    assert once == twice
    low, high = once[1]["accuracy"]
    # Half of 100 rows are right: the standard error is sqrt(.25 / 100) = .05, the interval about .40 to .60.
    assert low == pytest.approx(0.40, abs=0.02)
    assert high == pytest.approx(0.60, abs=0.02)


def test_cluster_weights_draw_with_replacement_and_are_seeded() -> None:
    weights = cluster_weights(40, 500, seed=7)
    assert weights.shape == (500, 40)
    assert (weights.sum(axis=1) == 40).all()
    # A cluster is left out of a draw with probability (1 - 1/40)^40 = 0.363.
    assert (weights == 0).mean() == pytest.approx((1 - 1 / 40) ** 40, abs=0.01)
    assert np.array_equal(weights, cluster_weights(40, 500, seed=7))
    assert not np.array_equal(weights, cluster_weights(40, 500, seed=8))


@pytest.mark.parametrize(("clusters", "draws"), [(0, 1), (1, 0)])
def test_nothing_can_be_drawn_from_nothing(clusters: int, draws: int) -> None:
    with pytest.raises(ValueError, match="both must be at least 1"):
        cluster_weights(clusters, draws, seed=1)


def test_an_interval_leaves_missing_draws_out_and_of_none_is_missing() -> None:
    assert percentile_interval(np.array([np.nan, 1.0, 1.0])) == (1.0, 1.0)
    assert np.isnan(percentile_interval(np.array([np.nan]))).all()


# --- Files ---

FRIEND = {"id": "1", "text": "Russia is a wonderful friend, praised by all.", "target": [0, 6], "label": "positive"}
FOE = {"id": "2", "text": "Russia lies, kills and robs.", "target": [0, 6], "label": "negative"}
DEAL = {
    "id": "1",
    "text": "Russia and Iran signed an agreement.",
    "source": [0, 6],
    "target": [11, 15],
    "label": "cooperation",
}
APART = {"id": "2", "text": "He lived in Russia and in Iran.", "source": [12, 18], "target": [26, 30], "label": "none"}
PLACE = {
    "id": "1",
    "text": "Moscow waits for Merkel.",
    "published": "2015-01-01",
    "mentions": [{"span": [0, 6], "country": "RUS"}, {"span": [17, 23], "country": "DEU"}],
}


def test_the_json_has_the_keys_that_the_format_names(gold: WriteRows) -> None:
    row = evaluate("sentiment", gold(FRIEND, FOE)).json()
    assert {"scorer", "version", "n", "abstained", "accuracy", "macro_f1", "f1", "baselines"} <= set(row)
    assert row["n"] == 2
    assert (row["accuracy"], row["macro_f1"], row["abstained"]) == (1.0, 1.0, 0)
    assert row["f1"] == {"negative": 1.0, "positive": 1.0}
    # The majority of one each is the first by name, negative: accuracy 1/2, F1 2/3 and 0, so macro 1/3.
    assert row["baselines"]["majority"]["figures"]["accuracy"] == 0.5
    assert row["baselines"]["majority"]["figures"]["macro_f1"] == pytest.approx(1 / 3)
    assert set(row["baselines"]) == {"majority", "lexicon"}
    json.dumps(row, allow_nan=False)


def test_the_confusion_counts_every_row_once(gold: WriteRows) -> None:
    wrong = {**FOE, "label": "positive"}
    result = evaluate("sentiment", gold(FRIEND, FOE, wrong))
    assert result.confusion == {
        "negative": {"negative": 1, "positive": 0},
        "positive": {"negative": 1, "positive": 1},
    }


def test_a_relation_that_the_scorer_abstains_on_answers_none_where_none_occurs(gold: WriteRows) -> None:
    with_none = evaluate("relation", gold(DEAL, APART))
    assert with_none.abstained == 0
    assert with_none.json()["gate_f1"] == 1.0
    without = evaluate("relation", gold(DEAL, {**APART, "label": "conflict"}))
    assert without.abstained == 1
    assert "gate_f1" not in without.json()


def test_a_relation_may_have_no_source(gold: WriteRows) -> None:
    assert evaluate("relation", gold({**DEAL, "source": None})).n == 1


def test_countries_are_judged_by_exact_span_and_code(gold: WriteRows) -> None:
    row = evaluate("countries", gold(PLACE)).json()
    assert (row["span_f1"], row["precision"], row["recall"]) == (1.0, 1.0, 1.0)
    # Two due and two found, one hit: 2*1/(2+2).
    shifted = {**PLACE, "mentions": [{"span": [0, 5], "country": "RUS"}, PLACE["mentions"][1]]}
    assert evaluate("countries", gold(shifted)).json()["span_f1"] == 0.5
    other = {**PLACE, "mentions": [{"span": [0, 6], "country": "UKR"}, PLACE["mentions"][1]]}
    assert evaluate("countries", gold(other)).json()["span_f1"] == 0.5
    # Names and demonyms alone find neither a capital nor a leader.
    assert row["baselines"]["names and demonyms only"]["figures"]["recall"] == 0.0


def test_tone_has_no_lexicon_baseline_since_it_is_one(gold: WriteRows) -> None:
    result = evaluate("tone", gold({"id": 1, "text": "A great success.", "label": "positive"}))
    assert set(result.baselines) == {"majority"}
    assert result.figures["accuracy"] == 1.0


def test_an_empty_line_is_no_row(gold: WriteRows) -> None:
    assert len(read_gold("sentiment", gold(FRIEND, "", FOE))) == 2


@pytest.mark.parametrize(
    ("task", "rows", "place", "reason"),
    [
        ("sentiment", [FRIEND, "{broken"], "line 2", "broken JSON"),
        ("sentiment", ["[1, 2]"], "line 1", "not a JSON object"),
        ("sentiment", ["", {**FRIEND, "text": None}], "line 2", "has no 'text'"),
        (
            "sentiment",
            [{**FRIEND, "label": "good"}],
            "line 1",
            "label 'good' is not one of negative, neutral, positive",
        ),
        ("sentiment", [{**FRIEND, "target": 5}], "line 1", r"'target' is not \[start, end\]"),
        ("sentiment", [{**FRIEND, "target": None}], "line 1", r"'target' is not \[start, end\]"),
        ("sentiment", [{**FRIEND, "target": [3, 3]}], "line 1", r"'target' \[3, 3\] lies outside the text"),
        ("sentiment", [{**FRIEND, "target": [40, 99]}], "line 1", "lies outside the text of 45 characters"),
        ("sentiment", [{**FRIEND, "target": [-1, 3]}], "line 1", "lies outside the text"),
        ("relation", [DEAL, {**DEAL, "source": [0]}], "line 2", r"'source' is not \[start, end\]"),
        ("relation", [{**DEAL, "label": "positive"}], "line 1", "is not one of conflict, cooperation, none"),
        ("countries", [{"text": "x"}], "line 1", "has no list 'mentions'"),
        ("countries", [{**PLACE, "mentions": [{"span": [0, 99], "country": "RUS"}]}], "line 1", "lies outside"),
        ("countries", [{**PLACE, "mentions": [{"span": [0, 6]}]}], "line 1", "a mention has no 'country'"),
        ("countries", [{**PLACE, "published": "1 May"}], "line 1", "'published' '1 May' is not an ISO date"),
        ("tone", [{"text": "Fine."}], "line 1", "label None is not one of"),
    ],
)
def test_a_row_that_does_not_fit_stops_the_run_with_file_line_and_reason(
    gold: WriteRows, task: str, rows: list[Any], place: str, reason: str
) -> None:
    path = gold(*rows)
    with pytest.raises(InputError, match=reason) as error:
        evaluate(task, path)
    assert f"{path}, {place}: " in str(error.value)


@pytest.mark.parametrize("mention", [5, "Moscow", None])
def test_a_mention_that_is_no_object_stops_the_run(gold: WriteRows, mention: Any) -> None:
    with pytest.raises(InputError, match=f"line 1: mention {mention!r} is not an object"):
        evaluate("countries", gold({**PLACE, "mentions": [mention]}))


def test_a_file_that_is_no_utf_8_stops_the_run(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_bytes(json.dumps(FRIEND).encode() + b'\n{"text": "Gen\xe8ve"}\n')
    with pytest.raises(InputError, match=r"gold file .*gold\.jsonl is not UTF-8"):
        evaluate("sentiment", path)


def test_a_gold_file_may_be_compressed(gold: WriteRows, tmp_path: Path) -> None:
    plain = gold(FRIEND, FOE)
    packed = tmp_path / "gold.jsonl.gz"
    packed.write_bytes(gzip.compress(plain.read_bytes()))
    assert read_gold("sentiment", packed) == read_gold("sentiment", plain) == [FRIEND, FOE]
    # Known by its first bytes, whatever its name.
    (tmp_path / "packed.jsonl").write_bytes(packed.read_bytes())
    assert len(read_gold("sentiment", tmp_path / "packed.jsonl")) == 2


@pytest.mark.parametrize("cut", [12, -6])
def test_a_compressed_file_that_is_cut_short_stops_the_run(gold: WriteRows, tmp_path: Path, cut: int) -> None:
    packed = tmp_path / "gold.jsonl.gz"
    packed.write_bytes(gzip.compress(gold(FRIEND, FOE).read_bytes())[:cut])
    with pytest.raises(InputError, match=r"gold\.jsonl\.gz is broken gzip"):
        read_gold("sentiment", packed)


def test_a_byte_order_mark_is_no_part_of_the_first_row(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(FRIEND).encode())
    assert read_gold("sentiment", path) == [FRIEND]


@pytest.mark.parametrize("line", ['{"n": ' + "1" * 5000 + "}", "[" * 100_000], ids=["huge number", "deep nesting"])
def test_json_beyond_reason_stops_the_run(gold: WriteRows, line: str) -> None:
    with pytest.raises(InputError, match="line 2: broken JSON: a number or nesting beyond reason"):
        read_gold("sentiment", gold(FRIEND, line))


@pytest.mark.parametrize("separator", ["\u2028", "\u0085"])
def test_a_line_separator_within_a_text_is_no_line_s_end(gold: WriteRows, separator: str) -> None:
    # JSON need not escape U+2028 or U+0085; only \n ends a line of JSON Lines.
    text = f"Good Russia.{separator}Fine."
    row = {**FRIEND, "text": text}
    path = gold(json.dumps(row, ensure_ascii=False))
    assert [found["text"] for found in read_gold("sentiment", path)] == [text]


@pytest.mark.parametrize(
    ("content", "reason"), [("", "has no rows"), ("\n\n", "has no rows")], ids=["empty", "blank lines"]
)
def test_a_file_without_rows_stops_the_run(tmp_path: Path, content: str, reason: str) -> None:
    path = tmp_path / "gold.jsonl"
    path.write_text(content)
    with pytest.raises(InputError, match=reason):
        evaluate("sentiment", path)


def test_a_case_of_the_toml_form_without_a_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cases.toml"
    path.write_text('[[case]]\nlabel = "one"\nmentions = ["Moscow=RUS"]\n')
    with pytest.raises(InputError, match=r"case 1 \(one\): has no 'text'"):
        read_gold("countries", path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no gold file .*nowhere.jsonl"):
        evaluate("sentiment", tmp_path / "nowhere.jsonl")


def test_a_wrong_task_lists_the_right_ones(gold: WriteRows) -> None:
    with pytest.raises(InputError, match=f"no task 'mood'; there are: {', '.join(TASKS)}"):
        evaluate("mood", gold(FRIEND))


def test_a_wrong_cost_lists_the_right_ones(gold: WriteRows) -> None:
    with pytest.raises(InputError, match="has no cost 'heavy'; there are: encoder, light"):
        evaluate("sentiment", gold(FRIEND), "heavy")


def test_a_case_of_the_toml_form_names_its_label_where_it_does_not_fit(tmp_path: Path) -> None:
    path = tmp_path / "cases.toml"
    path.write_text('[[case]]\nlabel = "one"\ntext = "It rains."\nmentions = ["Moscow=RUS"]\n')
    with pytest.raises(InputError, match=r"case 1 \(one\): mention 'Moscow=RUS' is not in the text"):
        read_gold("countries", path)
    path.write_text("[[case]\n")
    with pytest.raises(InputError, match="broken TOML"):
        read_gold("countries", path)


# --- What the shipped scorers reach ---


@pytest.mark.parametrize(("name", "least"), [("rw", 0.66), ("mt", 0.60)])
def test_sentiment_reaches_what_its_card_says(shared: Path, name: str, least: float) -> None:
    result = evaluate("sentiment", shared / "gold" / "sentiment" / f"newsmtsc-{name}-test.jsonl", "light")
    assert result.figures["macro_f1"] >= least
    assert result.figures["macro_f1"] > result.baselines["lexicon"]["figures"]["macro_f1"] + 0.1
    measured = json.loads(Path(evaluation.__file__).parent.joinpath("models", "measured.json").read_text())
    row = next(r for r in measured if r["scorer"] == "light 1" and r["measure"] == "sentiment" and r["n"] == result.n)
    assert row["value"] == pytest.approx(result.figures["macro_f1"], abs=1e-3)


def test_relation_reaches_what_its_card_says(shared: Path) -> None:
    result = evaluate("relation", shared / "gold" / "relation" / "plover-gsr.jsonl", "light")
    measured = json.loads(Path(evaluation.__file__).parent.joinpath("models", "measured.json").read_text())
    row = next(r for r in measured if r["scorer"] == "light 3" and r["measure"] == "relation" and r["n"] == result.n)
    assert row["value"] == pytest.approx(result.figures["macro_f1"], abs=1e-3)
    assert row["abstained"] == result.abstained


@pytest.mark.parametrize(
    ("task", "path", "least"),
    [
        ("sentiment", "sentiment/newsmtsc-rw-test.jsonl", 0.80),
        ("sentiment", "sentiment/newsmtsc-mt-test.jsonl", 0.79),
        ("relation", "relation/plover-gsr.jsonl", 0.86),
        ("attitude", "attitude/dse-dev-clean.jsonl", 0.62),
    ],
)
def test_the_encoder_reaches_what_its_card_says(shared: Path, task: str, path: str, least: float) -> None:
    result = evaluate(task, shared / "gold" / path, "encoder")
    assert result.scorer == "encoder"
    assert result.figures["macro_f1"] >= least
    measured = json.loads(Path(evaluation.__file__).parent.joinpath("models", "measured.json").read_text())
    shipped = f"encoder {result.version}"
    row = next(r for r in measured if (r["scorer"], r["measure"], r["n"]) == (shipped, task, result.n))
    assert row["value"] == pytest.approx(result.figures["macro_f1"], abs=1e-3)
    assert row["calibration_error"] == pytest.approx(result.figures["calibration_error"], abs=1e-3)


@pytest.mark.xfail(strict=True, reason="the bar is 0.88; version 4 reaches 0.862, version 3 reached 0.876")
def test_the_encoder_reaches_the_bar_of_relation(shared: Path) -> None:
    result = evaluate("relation", shared / "gold" / "relation" / "plover-gsr.jsonl", "encoder")
    assert result.figures["macro_f1"] >= 0.88


def coded(text: str, **changes: object) -> dict[str, object]:
    digest = hashlib.sha256(text.encode()).hexdigest()
    return {"part": "body", "start": 0, "end": len(text), "target": [0, 6], "passage_sha256": digest, **changes}


def test_a_coded_file_takes_its_passages_from_the_corpus(gold: WriteRows) -> None:
    text = "Russia praised the offer."
    corpus = Corpus.of([Article("a1", outlet="The Daily", body=text)])
    result = evaluate("sentiment", gold(coded(text, article_id="a1", label="positive")), corpus=corpus)
    assert result.n == 1
    assert result.outlets["The Daily"]["n"] == 1


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"article_id": "a2"}, "line 1: the corpus has no article a2"),
        ({"article_id": "a1", "part": "foot"}, "line 1: part 'foot' is not one of"),
        ({"article_id": "a1", "end": 9}, "line 1: the passage of article a1 has changed since it was coded"),
        ({"article_id": "a1", "start": "0"}, "line 1: 'start' and 'end' are not numbers"),
    ],
)
def test_a_coded_passage_that_is_not_there_or_has_changed_is_refused(gold: WriteRows, changes: dict, says: str) -> None:
    text = "Russia praised the offer."
    corpus = Corpus.of([Article("a1", outlet="The Daily", body=text)])
    with pytest.raises(InputError, match=says):
        evaluate("sentiment", gold(coded(text, label="positive") | changes), corpus=corpus)


def test_a_coded_file_needs_its_corpus(gold: WriteRows) -> None:
    with pytest.raises(InputError, match=r"holds coded passages without their texts; name the corpus they are of"):
        evaluate("sentiment", gold(coded("Russia", article_id="a1", label="neutral")))


def test_the_calibration_error_is_that_of_the_answers_given() -> None:
    scores = pd.DataFrame({"label": ["a", "b", None], "value": [1.0, -1.0, np.nan], "confidence": [0.9, 0.7, np.nan]})
    # Right at 0.9, wrong at 0.7, the third not answered: (0.1 + 0.7) / 2.
    assert evaluation._calibration("sentiment", scores, ["a", "a", "a"])[0] == pytest.approx(0.4)


def test_the_frame_of_gold_rows_is_what_a_scorer_reads() -> None:
    frame = evaluation._frame([FRIEND, DEAL])
    assert isinstance(frame, pd.DataFrame)
    assert frame["target_span"].tolist() == [(0, 6), (11, 15)]
    assert frame["source_span"].tolist() == [None, (0, 6)]
    assert load_scorer("sentiment").score(frame.iloc[:1])["label"].tolist() == ["positive"]


def test_quadrants_are_judged_where_rows_name_theirs(gold: WriteRows) -> None:
    rows = [
        ("Iran bombed two Iraqi border posts before dawn, killing nine soldiers.", "conflict", "material conflict"),
        ("Iran accused Iraq of shelling its border posts.", "conflict", "verbal conflict"),
        ("Iran and Iraq signed an agreement to cooperate on Monday.", "cooperation", "verbal cooperation"),
        ("Iran and Iraq both grow dates.", "none", ""),
    ]
    path = gold(
        *(
            {
                "text": t,
                "source": [0, 4],
                "target": [t.index("Iraq"), t.index("Iraq") + 4],
                "label": label,
                "quad": quad,
            }
            for t, label, quad in rows
        )
    )
    result = evaluate("relation", path, "encoder")
    assert result.figures["quad_f1"] == 1.0
    assert result.json()["quad_f1"] == 1.0
    assert "quad_f1" not in evaluate("relation", path, "light").figures
