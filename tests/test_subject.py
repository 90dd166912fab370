"""Subject: whether a passage is about the relation, by shares that add up, whatever the two countries are called."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from sklearn.base import clone
from sklearn.exceptions import NotFittedError

from corpora.corpus import Corpus
from framing.classifiers import SubjectClassifier
from framing.evaluation import evaluate
from framing.features import PairText
from framing.gold import LABELS
from framing.scorers import load_scorer
from framing.scores import SCORE_COLUMNS
from framing.shares import SharesScorer
from framing.training.real import real_corpus
from reports.cli import main

GOLD = Path(__file__).parent / "gold" / "real-subject.jsonl"
TEMPLATES = {
    "relation": (
        "{A} and {B} signed a treaty on nuclear arms at a summit in Geneva.",
        "{A} expelled diplomats of {B} and imposed new sanctions on its banks.",
        "The envoys of {A} and {B} will meet next week for talks on Syria.",
    ),
    "domestic": (
        "The special counsel asked whether the campaign of the senator in {B} had contacts with {A}.",
        "Democrats in {B} want the committee to subpoena witnesses in its inquiry into {A}.",
        "The attorney general of {B} recused himself from the inquiry into the meddling of {A}.",
    ),
    "other": (
        "The film was shown in cinemas of {A} and {B} in spring.",
        "The figure skater from {A} won the final before her rival from {B}.",
        "Prices of wheat rose in {A} and fell in {B}, traders said.",
    ),
}


def passage(template: str, a: str, b: str) -> dict[str, Any]:
    """A passage with the spans of its two names."""
    text = template.format(A=a, B=b)
    spans = [(text.index(name), text.index(name) + len(name)) for name in (a, b)]
    return {"text": text, "source_span": spans[0], "target_span": spans[1]}


def frame(a: str = "Russia", b: str = "America", times: int = 1) -> tuple[pd.DataFrame, list[str]]:
    rows = [(passage(text, a, b), label) for label, texts in TEMPLATES.items() for text in texts] * times
    table = pd.DataFrame([row for row, _ in rows])
    return table.assign(passage_id=[f"p{n}" for n in range(len(table))]), [label for _, label in rows]


# --- The classifier ---


@pytest.fixture(scope="module")
def fitted() -> SubjectClassifier:
    passages, labels = frame(times=4)
    return SubjectClassifier().fit(passages, labels)


def test_the_classifier_learns_what_it_is_told_and_its_shares_add_up(fitted: SubjectClassifier) -> None:
    passages, labels = frame("China", "Japan")
    shares = fitted.predict_proba(passages)
    assert list(fitted.classes_) == ["domestic", "other", "relation"]
    assert fitted.predict(passages).tolist() == labels
    assert shares.shape == (9, 3)
    np.testing.assert_allclose(shares.sum(axis=1), 1)


def test_a_classifier_that_was_not_fitted_says_so() -> None:
    with pytest.raises(NotFittedError):
        SubjectClassifier().predict_proba(frame()[0])


def test_a_clone_learns_the_same_and_its_settings_matter(fitted: SubjectClassifier) -> None:
    passages, labels = frame(times=4)
    again = clone(fitted).fit(passages, labels)
    np.testing.assert_array_equal(again.predict_proba(passages), fitted.predict_proba(passages))
    weak = SubjectClassifier(C=0.01).fit(passages, labels)
    assert weak.predict_proba(passages).max() < fitted.predict_proba(passages).max()


def test_classes_keep_their_frequencies() -> None:
    # Of passages without a word that tells, the shares are those of the labels.
    rows = pd.DataFrame([passage("{A} {B}", "Russia", "America")] * 8)
    labels = ["relation"] * 4 + ["domestic"] * 3 + ["other"]
    shares = SubjectClassifier().fit(rows, labels).predict_proba(rows.head(1))[0]
    np.testing.assert_allclose(shares, [3 / 8, 1 / 8, 4 / 8], atol=0.01)


def test_only_the_names_of_the_pair_are_masked() -> None:
    rows = pd.DataFrame([passage("Mueller asked {A}'s envoy about 12 flights to {B}.", "South Korea", "Iran")])
    masked = PairText().transform(rows)[0].split()
    assert masked.count("np") == 2
    assert {"mueller", "envoy", "0"} <= set(masked)
    assert not {"south", "korea", "iran", "12"} & set(masked)


def test_a_passage_without_spans_or_words_is_read() -> None:
    rows = pd.DataFrame({"text": ["Russia waits.", ""], "source_span": [None, None], "target_span": [(0, 6), None]})
    assert PairText().transform(rows) == ["np waits .", ""]


# --- The scorer ---


@pytest.fixture(scope="module")
def scorer() -> SharesScorer:
    found = load_scorer("subject")
    assert isinstance(found, SharesScorer)
    return found


def test_a_passage_has_three_rows_that_add_up_to_one_and_one_of_them_is_yes(scorer: SharesScorer) -> None:
    passages, _ = frame()
    scores = scorer.score(passages)
    assert tuple(scores.columns) == SCORE_COLUMNS
    assert scores["passage_id"].tolist() == [name for name in passages["passage_id"] for _ in range(3)]
    assert scores["category"].tolist() == list(LABELS["subject"]) * len(passages)
    by_passage = scores.groupby("passage_id")
    np.testing.assert_allclose(by_passage["value"].sum(), 1, atol=3e-6)
    assert scores["value"].between(0, 1).all()
    assert (scores["label"] == "yes").groupby(scores["passage_id"]).sum().tolist() == [1] * len(passages)
    likeliest = scores.loc[by_passage["value"].idxmax()]
    assert set(likeliest["label"]) == {"yes"}
    np.testing.assert_allclose(likeliest["confidence"], likeliest["value"])
    least = scores[scores["label"] == "no"]
    np.testing.assert_allclose(least["confidence"], 1 - least["value"], atol=2e-6)


def test_an_empty_batch_has_no_rows_and_all_columns(scorer: SharesScorer) -> None:
    scores = scorer.score(frame()[0].head(0))
    assert len(scores) == 0
    assert tuple(scores.columns) == SCORE_COLUMNS


def test_a_passage_is_read_alike_alone_and_in_a_batch(scorer: SharesScorer) -> None:
    passages, _ = frame()
    alone = pd.concat([scorer.score(passages.iloc[[n]]) for n in range(len(passages))], ignore_index=True)
    pd.testing.assert_frame_equal(alone, scorer.score(passages))


@pytest.mark.parametrize("names", [("China", "Japan"), ("the United Kingdom", "Iran"), ("Beijing", "U.S.")])
def test_what_the_two_countries_are_called_does_not_matter(scorer: SharesScorer, names: tuple[str, str]) -> None:
    here, there = (scorer.score(frame(*pair)[0])["value"] for pair in (("Russia", "America"), names))
    pd.testing.assert_series_equal(here, there)


def test_the_shipped_weight_tells_plain_cases_apart(scorer: SharesScorer) -> None:
    passages, labels = frame()
    scores = scorer.score(passages)
    likeliest = scores[scores["label"] == "yes"]["category"].tolist()
    told = [(given, label) for given, label in zip(likeliest, labels, strict=True) if label != "other"]
    assert sum(given == label for given, label in told) >= 5


# --- Against gold ---


def gold_rows() -> list[dict[str, Any]]:
    passages, labels = frame()
    return [
        {"id": f"g{n}", "text": row["text"], "source": list(row["source_span"]), "target": list(row["target_span"])}
        | {"label": label}
        for n, (row, label) in enumerate(zip(passages.to_dict("records"), labels, strict=True))
    ]


def test_a_gold_file_is_evaluated_from_the_command_line(write: Any) -> None:
    path = write("gold.jsonl", gold_rows())
    result = CliRunner().invoke(main, ["evaluate", "subject", str(path), "--json"])
    assert result.exit_code == 0, result.output
    found = json.loads(result.stdout)
    assert (found["task"], found["n"], found["abstained"]) == ("subject", 9, 0)
    direct = evaluate("subject", path)
    assert found["accuracy"] == pytest.approx(direct.figures["accuracy"])
    assert direct.figures["coverage"] == 1
    assert set(direct.baselines) == {"majority"}
    assert CliRunner().invoke(main, ["evaluate", "subject", str(path)]).exit_code == 0


def test_the_right_answers_are_all_right_and_wrong_ones_all_wrong(write: Any) -> None:
    rows = gold_rows()
    scores = load_scorer("subject").score(
        pd.DataFrame(
            [{"text": r["text"], "source_span": tuple(r["source"]), "target_span": tuple(r["target"])} for r in rows]
        )
    )
    answers = scores[scores["label"] == "yes"]["category"].tolist()
    turned = {"domestic": "other", "other": "relation", "relation": "domestic"}
    for accuracy, labels in ((1, answers), (0, [turned[answer] for answer in answers])):
        path = write("gold.jsonl", [row | {"label": label} for row, label in zip(rows, labels, strict=True)])
        assert evaluate("subject", path).figures["accuracy"] == accuracy


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"label": "foreign"}, "label 'foreign' is not one of domestic, other, relation"),
        ({"target": [5, 900]}, "target"),
    ],
)
def test_a_row_that_does_not_fit_is_refused_with_its_reason(write: Any, change: dict[str, Any], says: str) -> None:
    path = write("gold.jsonl", [gold_rows()[0] | change])
    result = CliRunner().invoke(main, ["evaluate", "subject", str(path)])
    assert result.exit_code == 2
    assert says in result.stderr
    assert "line 1" in result.stderr


@pytest.fixture(scope="module")
def corpus(shared: Path) -> Iterator[Corpus]:
    with real_corpus(shared / "real") as articles:
        yield articles


def test_the_shipped_weight_is_right_on_three_quarters_of_passages_that_were_read_by_eye(corpus: Corpus) -> None:
    found = evaluate("subject", GOLD, corpus=corpus)
    assert found.n == 210
    assert found.figures["accuracy"] >= 0.74
    assert found.figures["accuracy"] > found.baselines["majority"]["figures"]["accuracy"] + 0.15
    assert found.f1["domestic"] > 0.85
    assert found.f1["relation"] > 0.6
    # The weakest class, of which there are few; docs/measures/subject.md tells it.
    assert found.f1["other"] > 0.3
