"""The shipped encoder: what it sees of a passage, that nothing but the passage decides, bad input, labelled cases."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from corpora.errors import InputError
from framing.encoder import Encoder, load_encoder
from framing.fairness import countries, filled, sentences, swap_countries
from framing.masking import pieces
from framing.scorers import load_scorer
from framing.tokens import LONGEST, LONGEST_NAME

ROOT = Path(__file__).parent.parent
CASES = tomllib.loads((ROOT / "tests" / "cases" / "encoder.toml").read_text(encoding="utf-8"))["case"]
CONTRASTS = ROOT / "tests" / "gold" / "contrast.jsonl"
MEASURES = ("attitude", "relation", "sentiment")


def frame(*rows):
    texts, targets, sources = zip(*rows, strict=True)
    table = pd.DataFrame({"text": texts})
    table["target_span"] = pd.Series(targets, dtype=object)
    table["source_span"] = pd.Series(sources, dtype=object)
    return table


def span(text, surface):
    start = text.index(surface)
    return start, start + len(surface)


def read(text, target, source=None, measure="sentiment"):
    scorer = load_scorer(measure, "encoder")
    return scorer.score(frame((text, span(text, target), span(text, source) if source else None))).iloc[0]


# What it sees


def test_pieces_join_to_the_passage_and_mask_every_country():
    text = "The Kremlin told Washington that Russia, unlike France, would wait."
    cut = pieces(text, span(text, "Russia"), span(text, "Washington"))
    assert "".join(piece.text for piece in cut) == text
    assert [(piece.text, piece.role) for piece in cut if piece.masked] == [
        ("The Kremlin", "target"),
        ("Washington", "source"),
        ("Russia", "target"),
        ("France", "other"),
    ]


def test_a_person_keeps_the_name_and_it_is_repeated_after_the_passage():
    text = "Critics praised Jones."
    tokens = load_encoder("reader").tokenizer([pieces(text, span(text, "Jones"))])[0]
    assert tokens.ids[-2] == tokens.ids[tokens.target.index(1)]
    assert sum(tokens.target) == 1


def test_text_that_looks_like_a_token_of_the_model_is_text():
    tokenizer = load_encoder("reader").tokenizer
    text = "[SEP] [unused1] Russia waits [CLS]"
    ids = tokenizer([pieces(text, span(text, "Russia"))])[0].ids
    assert ids.count(tokenizer.end) == 1
    assert ids.count(tokenizer.start) == 1
    assert ids.count(tokenizer.roles["target"]) == 1


def test_a_passage_is_the_same_read_either_way():
    text = "Iran blamed Iraq."
    tokenizer = load_encoder("attitude").tokenizer
    there, back = tokenizer(
        [pieces(text, span(text, a), span(text, b), mask=True) for a, b in (("Iraq", "Iran"), ("Iran", "Iraq"))]
    )
    assert (there.ids, there.target, there.source) == (back.ids, back.source, back.target)


# Nothing but the passage decides


def many():
    rows = []
    for case in CASES[:60]:
        text = case["text"]
        source = span(text, case["source"]) if case["source"] else span(text, case["target"])
        rows.append((text, span(text, case["target"]), source))
    return rows


@pytest.mark.parametrize("measure", MEASURES)
def test_a_score_depends_neither_on_its_batch_nor_on_its_order(measure):
    scorer, rows = load_scorer(measure, "encoder"), many()
    whole = scorer.score(frame(*rows))["value"].to_numpy()
    backwards = scorer.score(frame(*rows[::-1]))["value"].to_numpy()[::-1]
    alone = np.array([scorer.score(frame(row))["value"].iloc[0] for row in rows])
    np.testing.assert_array_equal(whole, backwards)
    np.testing.assert_array_equal(whole, alone)


def test_a_score_does_not_depend_on_the_number_of_threads(monkeypatch):
    rows = frame(*many())
    values = []
    for threads in (1, 4):
        monkeypatch.setattr("framing.encoder.THREADS", threads)
        values.append(load_scorer("sentiment", "encoder").score(rows)["value"].to_numpy())
    np.testing.assert_array_equal(*values)


def test_both_ways_of_a_pair_come_from_one_reading_and_say_which_is_which():
    text = "Iran accused Iraq of shelling its border posts."
    table = frame((text, span(text, "Iraq"), span(text, "Iran"))).assign(pair="IRN-IRQ", passage_id="p")
    scores = load_scorer("attitude", "encoder").score(table)
    assert scores["category"].tolist() == ["IRN>IRQ", "IRQ>IRN"]
    assert scores["passage_id"].tolist() == ["p", "p"]
    single = [read(text, "Iraq", "Iran", "attitude")["value"], read(text, "Iran", "Iraq", "attitude")["value"]]
    assert scores["value"].tolist() == single


def test_a_leader_is_a_country_and_where_targets_may_be_persons_a_person(monkeypatch):
    text = "Critics say that Putin lied to the world."
    table = frame((text, span(text, "Putin"), None))
    scorer, encoder = load_scorer("sentiment"), load_encoder("reader")
    read = []
    probabilities = encoder.probabilities
    monkeypatch.setattr(
        encoder,
        "probabilities",
        lambda head, tokens, **how: read.append((head, tokens[0].ids)) or probabilities(head, tokens, **how),
    )
    role = encoder.tokenizer.roles["target"]
    scorer.score(table)
    assert [(head, role in ids) for head, ids in read] == [("sentiment", True)]
    read.clear()
    scorer.score(table.assign(by_name=True))
    assert [(head, role in ids) for head, ids in read] == [("person", False)]


def test_words_are_told_from_deeds_and_nothing_is_neither():
    texts = (
        "Iran accused Iraq of shelling its border posts.",
        "Iran bombed two Iraqi border posts before dawn, killing nine soldiers.",
        "Iran and Iraq both grow dates.",
    )
    rows = [(text, span(text, "Iraq"), span(text, "Iran")) for text in texts]
    scores = load_scorer("deeds").score(frame(*rows))
    assert scores["label"].tolist() == ["verbal", "material", None]
    assert scores["value"].isna().tolist() == [False, False, True]
    assert scores["value"][0] < 0 < scores["value"][1]


@pytest.mark.parametrize("cost", ["encoder", "light"])
def test_a_directed_scorer_reads_each_way_of_its_own(cost):
    text = "Iran accused Iraq of shelling its border posts."
    table = frame((text, span(text, "Iraq"), span(text, "Iran"))).assign(pair="IRN-IRQ", passage_id="p")
    scores = load_scorer("attitude", cost).score(table)
    assert scores["category"].tolist() == ["IRN>IRQ", "IRQ>IRN"]
    assert scores["label"][0] == "negative"
    assert scores["value"][0] < scores["value"][1]


# Bad input


@pytest.mark.parametrize("measure", MEASURES)
@pytest.mark.parametrize(
    "text",
    [
        "Russia",
        "Russia" + " and then some more words" * 400,
        "some more words and then " * 400 + "Russia",
        "Russia 🤝🏽 👍 Китай 中国 \u202e\x00 \ufffd",
        "Russia " + "x" * 20_000,
    ],
    ids=["the target alone", "2,000 words after it", "2,000 words before it", "emoji and scripts", "one long word"],
)
def test_any_text_has_an_answer(measure, text):
    scores = load_scorer(measure, "encoder").score(frame((text, span(text, "Russia"), span(text, "Russia"))))
    assert scores["label"].isna()[0] == np.isnan(scores["value"][0])
    assert np.isnan(scores["value"][0]) or -1 <= scores["value"][0] <= 1


def test_a_long_passage_is_read_around_its_target():
    text = "word " * 600 + "Russia attacked" + " word" * 600
    tokens = load_encoder("reader").tokenizer([pieces(text, span(text, "Russia"))])[0]
    assert len(tokens.ids) <= LONGEST + LONGEST_NAME + 3
    assert sum(tokens.target) == 1


def test_a_passage_without_a_letter_is_an_abstention():
    scores = load_scorer("sentiment", "encoder").score(frame(("...", (0, 1), None)))
    assert scores["label"].tolist() == [None]
    assert scores["value"].isna().all()


def test_no_passages_have_no_scores():
    for measure in MEASURES:
        empty = frame(("Russia", (0, 6), (0, 6))).iloc[:0]
        assert len(load_scorer(measure, "encoder").score(empty)) == 0


@pytest.mark.parametrize("name", ["reader.onnx", "words.npz", "tokenizer.json", "encoder.json"])
@pytest.mark.parametrize("harm", ["cut", "changed", "missing"])
def test_a_harmed_file_is_refused_in_one_line(tmp_path, name, harm):
    for package in ("framing", "corpora", "reports"):
        nothing = shutil.ignore_patterns("__pycache__")
        shutil.copytree(ROOT / package, tmp_path / package, ignore=nothing, copy_function=os.symlink)
    path = tmp_path / "framing" / "models" / name
    data = path.read_bytes()
    path.unlink()
    if harm != "missing":
        path.write_bytes(data[: len(data) // 2] if harm == "cut" else data[:-1] + bytes([data[-1] ^ 1]))
    gold = tmp_path / "gold.jsonl"
    gold.write_text('{"id": "1", "text": "Russia waits.", "target": [0, 6], "label": "neutral"}\n', encoding="utf-8")
    command = [sys.executable, "-m", "reports.cli", "evaluate", "sentiment", str(gold), "--cost", "encoder"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    said = f"no weight '{name}'" if harm == "missing" else f"weight {name} is cut short or changed"
    assert run.returncode == 2
    assert run.stderr.startswith(f"framing: {said}")
    assert run.stderr.count("\n") == 1


def test_a_graph_that_onnxruntime_cannot_run_is_refused(monkeypatch):
    from framing import encoder

    whole = encoder.read_model
    monkeypatch.setattr(encoder, "read_model", lambda name: b"no graph" if name == "reader.onnx" else whole(name))
    with pytest.raises(encoder.InputError, match=r"cannot run reader\.onnx on this processor \(\w+\); --cost light"):
        Encoder("reader")


# What it answers. The cases were written and labelled before the encoder read them, and none taught it anything.


def answers(measure):
    cases = [case for case in CASES if case["measure"] == measure]
    rows = [
        (c["text"], span(c["text"], c["target"]), span(c["text"], c["source"]) if c["source"] else None) for c in cases
    ]
    labels = load_scorer(measure, "encoder").score(frame(*rows))["label"]
    return cases, [label or "none" for label in labels]


@pytest.mark.parametrize(("measure", "least"), [("sentiment", 0.7), ("relation", 0.8), ("attitude", 0.6)])
def test_labelled_cases_are_mostly_read_rightly(measure, least):
    cases, given = answers(measure)
    assert len(cases) >= 35
    assert sum(c["answer"] == g for c, g in zip(cases, given, strict=True)) / len(cases) >= least


def test_praise_by_way_of_blame_is_mostly_told_from_blame():
    rows = [json.loads(line) for line in CONTRASTS.read_text(encoding="utf-8").splitlines()]
    scores = load_scorer("sentiment", "encoder").score(frame(*((r["text"], tuple(r["target"]), None) for r in rows)))
    right = [row["label"] == label for row, label in zip(rows, scores["label"], strict=True)]
    assert len(rows) > 250
    assert sum(right) / len(right) > 0.7
    # Where one country is praised and another blamed, which of the two: a coin would be right in half.
    values = {(row["text"], row["label"]): value for row, value in zip(rows, scores["value"], strict=True)}
    apart = [
        values[text, "positive"] - values[text, "negative"]
        for text in {row["text"] for row in rows}
        if (text, "positive") in values and (text, "negative") in values
    ]
    assert len(apart) > 50
    assert sum(one > 0 for one in apart) / len(apart) > 0.78


@pytest.mark.xfail(strict=True, reason="a charge that is reported and denied, or refuted by a third: often read wrong")
def test_denials_are_mostly_read_rightly():
    cases, given = answers("sentiment")
    hits = [c["answer"] == g for c, g in zip(cases, given, strict=True) if c["kind"] == "denial"]
    assert sum(hits) / len(hits) >= 0.7


@pytest.mark.parametrize("measure", ["sentiment", "relation"])
def test_the_score_does_not_depend_on_the_country(measure):
    fairness = swap_countries(measure)
    assert fairness.n >= 50
    assert fairness.deviation <= 0.02
    assert fairness.other <= 0.02
    assert fairness.synonyms <= 0.02
    assert abs(fairness.worst[1]) <= 0.05
    assert fairness.spread >= 1.2


def test_a_scorer_that_reads_names_is_told_by_the_swap():
    # The light scorer masks names too, but reads letters, and the words of a name of two.
    assert swap_countries("sentiment", "light").deviation > swap_countries("sentiment", "encoder").deviation


@pytest.mark.parametrize("measure", ["sentiment", "relation"])
def test_the_swap_tells_where_names_are_not_masked(monkeypatch, measure):
    from framing import masking

    whole = masking.pieces
    monkeypatch.setattr(masking, "pieces", lambda *spans, **how: whole(*spans, **{**how, "mask": False}))
    assert swap_countries(measure).deviation > 0.01


def test_every_country_is_found_in_every_sentence():
    known = countries()
    for row in sentences():
        for code in known:
            text, target, other = filled(row["text"], known[code], known["CAN" if code != "CAN" else "SWE"])
            cut = pieces(text, target, other)
            assert sum(piece.masked for piece in cut) == row["text"].count("{"), (code, text)


def test_what_cannot_be_swapped_is_refused():
    with pytest.raises(InputError, match="'tone' cannot be swapped; there are: attitude, relation, sentiment"):
        swap_countries("tone")
