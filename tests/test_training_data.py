"""Training data: what the readers learned from is well formed, holds no gold, and no article of a test set."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from corpora.corpus import Corpus
from framing.countries import find_mentions
from framing.gold import LABELS, read_gold
from framing.training.real import real_corpus
from framing.training.unlabelled import plain

HERE = Path(__file__).parent
TRAINING = HERE.parent / "framing" / "training"
OWN = sorted([*TRAINING.glob("relation-*.jsonl"), *TRAINING.glob("sentiment-*.jsonl")])
CONTRASTS = sorted(TRAINING.glob("contrast-*.jsonl"))
CONTRAST_GOLD = HERE / "gold" / "contrast.jsonl"
CODED = ("coded-sentiment.jsonl", "coded-comentions.jsonl", "coded-contrast.jsonl")
SUBJECT = TRAINING / "coded-subject.jsonl"
SUBJECT_GOLD = HERE / "gold" / "real-subject.jsonl"


def rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def check_labels(row: dict[str, Any], task: str) -> None:
    assert row["label"] in LABELS[task]
    if row.get("quad"):
        assert row["quad"].split()[0] in ("verbal", "material")
        assert row["quad"].split()[1] == row["label"]
    assert set(row.get("attitude", ())) <= set(LABELS["attitude"])


@pytest.mark.parametrize("path", OWN, ids=lambda path: path.stem)
def test_own_sentences_are_labelled_and_their_spans_are_names(path: Path) -> None:
    task = path.stem.split("-")[0]
    read = read_gold(task, path)
    assert len({plain(row["text"]) for row in read}) == len(read)
    for row in read:
        check_labels(row, task)
        for name in ("target", "source"):
            if name in row:
                surface = row["text"][slice(*row[name])]
                assert surface == surface.strip()
                assert surface


def test_no_own_sentence_stands_in_two_files_or_in_the_cases() -> None:
    texts = [plain(row["text"]) for path in OWN for row in rows(path)]
    assert len(set(texts)) == len(texts)
    cases = plain((HERE / "cases" / "encoder.toml").read_text(encoding="utf-8"))
    assert not [text for text in texts if text in cases]


def words_in_a_row(text: str, size: int = 5) -> set[tuple[str, ...]]:
    known = re.findall(r"\w+", text.lower())
    return {tuple(known[k : k + size]) for k in range(len(known) - size + 1)}


def test_contrasts_name_countries_that_two_readers_labelled_nearly_alike() -> None:
    kinds: Counter[str] = Counter()
    labels: list[tuple[str, str]] = []
    for row in (row for path in CONTRASTS for row in rows(path)):
        kinds[row["kind"]] += 1
        countries = set()
        for party in row["parties"]:
            assert set(party) == {"target", "first", "second"}
            start, end = party["target"]
            countries |= {m.country for m in find_mentions(row["text"]) if m.start < end and m.end > start}
            labels.append((party["first"], party["second"]))
        assert len(countries) == len(row["parties"]) >= 1
    assert sum(kinds.values()) > 1_000
    assert kinds["praise-by-blame"] > 200
    assert {label for pair in labels for label in pair} == set(LABELS["sentiment"])
    # One model read twice.
    assert 0.99 < sum(one == two for one, two in labels) / len(labels) < 1


def test_no_two_contrasts_and_none_of_the_test_set_share_five_words_in_a_row() -> None:
    texts = [row["text"] for path in CONTRASTS for row in rows(path)]
    tested = {row["text"] for row in rows(CONTRAST_GOLD)}
    seen: dict[tuple[str, ...], str] = {}
    for text in texts:
        for run in words_in_a_row(text):
            assert run not in seen, (text, seen[run])
        seen |= dict.fromkeys(words_in_a_row(text), text)
    assert not [text for text in tested if words_in_a_row(text) & seen.keys()]


def test_coded_passages_hold_no_text_and_are_of_no_article_of_a_test_set() -> None:
    # The sets of kind of piece, of subject and of frames test other readers, which did not learn from these.
    others = ("real-genre", "real-subject", "real-frames")
    paths = [path for path in (HERE / "gold").glob("real-*.jsonl") if path.stem not in others]
    known = {row["article_id"] for path in paths for row in rows(path) if "article_id" in row}
    assert len(known) > 500
    for name in CODED:
        coded = rows(TRAINING / name)
        assert not any("text" in row for row in coded)
        assert not known & {row[name] for row in coded for name in ("article_id", "passage_sha256")}
        for row in coded:
            check_labels(row, "relation" if "comentions" in name else "sentiment")


def test_coded_subjects_hold_no_text_stand_once_and_are_of_no_article_that_tests_them() -> None:
    coded, gold = rows(SUBJECT), rows(SUBJECT_GOLD)
    fields = {"article_id", "part", "start", "end", "passage_sha256", "source", "target", "label"}
    assert {frozenset(set(row) - {"hard"}) for row in coded} == {frozenset(fields)}
    assert {row["label"] for row in coded} == set(LABELS["subject"])
    assert all(0 <= row["start"] < row["end"] for row in coded)
    places = [(row["article_id"], row["part"], row["start"], row["end"]) for row in coded]
    assert len(set(places)) == len(places)
    for name in ("article_id", "passage_sha256"):
        assert not {row[name] for row in coded} & {row[name] for row in gold}
    assert not any("text" in row for row in gold)
    assert len({row["id"] for row in gold}) == len(gold)


@pytest.fixture(scope="module")
def corpus(shared: Path) -> Iterator[Corpus]:
    with real_corpus(shared / "real") as articles:
        yield articles


def test_coded_passages_are_still_what_was_coded_and_none_stands_in_a_gold_set(shared: Path, corpus: Corpus) -> None:
    gold = {
        plain(row["text"])
        for task in ("sentiment", "attitude", "relation", "tone")
        for path in sorted((shared / "gold" / task).glob("*.jsonl"))
        for row in rows(path)
    }
    assert len(gold) > 10_000
    for name, task in zip(CODED, ("sentiment", "relation", "sentiment"), strict=True):
        texts = {plain(row["text"]) for row in read_gold(task, TRAINING / name, corpus)}
        assert not texts & gold
    assert not {plain(row["text"]) for path in OWN + CONTRASTS for row in rows(path)} & gold


@pytest.mark.parametrize("path", [SUBJECT, SUBJECT_GOLD], ids=lambda path: path.stem)
def test_coded_subjects_are_still_what_was_coded_and_name_both_countries(path: Path, corpus: Corpus) -> None:
    # A passage that has changed since it was coded is refused by `read_gold`, by its hash.
    read = read_gold("subject", path, corpus)
    assert len(read) == len(rows(path)) > 200
    for row in read:
        one, other = sorted((row["source"], row["target"]))
        assert one[1] <= other[0]
        for start, end in (one, other):
            assert row["text"][start:end].strip() == row["text"][start:end]
