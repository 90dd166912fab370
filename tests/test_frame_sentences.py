"""The sentences written for frames: enough of each frame over many topics, none like another, no living persons."""

from __future__ import annotations

import json
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from sklearn.feature_extraction.text import TfidfVectorizer

from framing.codebook import load_codebook, shipped_codebooks
from framing.countries import find_mentions

TRAINING = Path(__file__).parent.parent / "framing" / "training"
# Highest cosine of the TF-IDF of two sentences: above it they would be variants of one.
NEAREST = 0.6


@pytest.fixture(scope="module")
def sentences():
    rows = []
    for path in sorted(TRAINING.glob("frames-*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            rows.append({**json.loads(line), "topic": path.stem.removeprefix("frames-")})
    return rows


@pytest.fixture(scope="module")
def texts(sentences):
    books = [load_codebook(name) for name in shipped_codebooks()]
    examples = [text for book in books for frame in book.frames for text in frame.examples]
    counter = [one.text for book in books for frame in book.frames for one in frame.counterexamples]
    return [row["text"] for row in sentences] + examples + counter


def test_each_frame_has_forty_sentences_on_eight_topics(sentences):
    for name in shipped_codebooks():
        for frame in load_codebook(name).names:
            topics = Counter(row["topic"] for row in sentences if frame in row["first"][name])
            assert topics.total() >= 40, (name, frame)
            assert len(topics) >= 8, (name, frame)


def test_on_each_topic_most_sentences_carry_no_given_frame(sentences):
    sizes = Counter(row["topic"] for row in sentences)
    for name in shipped_codebooks():
        for frame in load_codebook(name).names:
            topics = Counter(row["topic"] for row in sentences if frame in row["first"][name])
            assert all(topics[topic] <= 0.6 * size for topic, size in sizes.items()), (name, frame)
    plain = Counter(row["topic"] for row in sentences if not any(row["first"].values()))
    assert all(plain[topic] >= 20 for topic in sizes)


def test_no_two_sentences_share_five_words_in_a_row(texts):
    seen = {}
    for number, text in enumerate(texts):
        words = re.findall(r"[\w']+", text.lower())
        for start in range(len(words) - 4):
            run = tuple(words[start : start + 5])
            assert seen.setdefault(run, number) == number, " ".join(run)


def test_no_sentence_is_a_variant_of_another(texts):
    vectors = TfidfVectorizer(sublinear_tf=True).fit_transform(texts)
    likeness = (vectors @ vectors.T).tolil()
    likeness.setdiag(0)
    nearest = np.asarray(likeness.tocsr().max(axis=1).todense()).ravel()
    assert nearest.max() < NEAREST, texts[int(nearest.argmax())]


def test_sentences_are_long_and_short(sentences):
    words = np.array([len(row["text"].split()) for row in sentences])
    assert np.quantile(words, 0.25) <= 17
    assert np.quantile(words, 0.75) >= 27
    assert words.min() >= 3


def test_no_leader_is_named(texts):
    named = [(text, text[m.start : m.end]) for text in texts for m in find_mentions(text) if m.kind == "leader"]
    assert named == []


def test_no_sentence_is_about_the_climate(sentences):
    # The articles on which frames are tested off topic are about it.
    assert not [row["text"] for row in sentences if re.search(r"climate change|global warming", row["text"], re.I)]


def test_labels_are_frames_of_the_codebooks(sentences):
    for row in sentences:
        for coding in (row["first"], row["second"]):
            assert set(coding) == set(shipped_codebooks())
            assert all(set(coding[name]) <= set(load_codebook(name).names) for name in coding)
