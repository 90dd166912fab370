"""Passages that frames are learned from: sentences of our own, coded passages of real articles, unlabelled ones.

Every labelled passage has a share for each of the 36 frames of the four codebooks: how many of its coders saw it.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpora.corpus import Corpus
from framing.codebook import load_codebook, shipped_codebooks
from framing.gold import read_gold
from framing.passages import passages
from framing.sentences import sentence_spans
from framing.training.real import HERE
from framing.training.recipes import read_rows

BOOKS = shipped_codebooks()
# Every frame of every codebook, in the order of a network's outputs.
FRAMES = tuple((book, frame) for book in BOOKS for frame in load_codebook(book).names)
# Characters of an unlabelled sentence; of an article at most so many about the pair, and so many others.
SHORTEST, LONGEST = 30, 420
PAIRS, OTHERS = 5, 7


@dataclass(frozen=True, slots=True)
class Coded:
    """A labelled passage.

    Attributes:
        text: The passage.
        group: What is held out together: the topic of a sentence of our own, the article of a real one.
        share: Of each of `FRAMES`, the share of coders who saw it.
        real: Whether it is of a real article.
    """

    text: str
    group: str
    share: tuple[float, ...]
    real: bool


def own_sentences() -> list[Coded]:
    """The sentences written for frames, by topic; coded by who wrote them and by a second coder."""
    rows = []
    for path in sorted(HERE.glob("frames-*.jsonl")):
        for row in read_rows(path):
            codings = [one for one in (row["first"], row.get("second")) if one is not None]
            rows.append(Coded(row["text"], path.stem.removeprefix("frames-"), _share(codings), real=False))
    return rows


def coded_passages(corpus: Corpus) -> list[Coded]:
    """The coded passages of real articles that are learned from; they were coded once."""
    rows = read_gold("frames", HERE / "coded-frames.jsonl", corpus)
    return [Coded(row["text"], row["article_id"], _share([by_codebook(row["labels"])]), real=True) for row in rows]


def by_codebook(labels: Iterable[str]) -> dict[str, list[str]]:
    """`policy:economic` and the like by codebook."""
    found: dict[str, list[str]] = {book: [] for book in BOOKS}
    for label in labels:
        book, _, frame = label.partition(":")
        found[book].append(frame)
    return found


def _share(codings: list[dict[str, list[str]]]) -> tuple[float, ...]:
    return tuple(sum(frame in one[book] for one in codings) / len(codings) for book, frame in FRAMES)


def shares(rows: Iterable[Coded]) -> NDArray[np.float32]:
    """Shares as an array, (rows, frames)."""
    return np.array([row.share for row in rows], dtype=np.float32)


def unlabelled(corpus: Corpus, gold: Path, held_out: set[str], seed: int = 7) -> list[str]:
    """Sentences for a teacher to label: of NewsMTSC's training set, and of real articles; in a seeded random order.

    Args:
        corpus: The real articles.
        gold: Folder of gold sets; what stands in one of them, NewsMTSC's training set apart, is left out.
        held_out: Articles that hold a passage of a test set.
        seed: Seed of the draw.
    """
    train = "newsmtsc-train.jsonl"
    known = {_plain(text) for path in sorted(gold.rglob("*.jsonl")) if path.name != train for text in _texts(path)}
    rng = random.Random(seed)
    news = [row["text"] for row in read_rows(gold / "sentiment" / train)]
    rng.shuffle(news)
    of_pair: list[str] = []
    others: list[str] = []
    for article in corpus.articles():
        if article.language not in ("en", "") or article.is_coverage or article.article_id in held_out:
            continue
        pair = [one.text for one in passages(article, ("RUS", "USA")) if one.part == "body" and one.pair]
        of_pair += rng.sample(pair, min(PAIRS, len(pair)))
        every = [article.body[start:end] for start, end in sentence_spans(article.body)]
        others += rng.sample(every, min(OTHERS, len(every)))
    rng.shuffle(of_pair)
    rng.shuffle(others)
    texts: dict[str, None] = {}
    for text in (_plain(one) for one in [*news, *(t for both in zip_longest(of_pair, others) for t in both if t)]):
        if SHORTEST <= len(text) <= LONGEST and text not in known:
            texts.setdefault(text)
    found = list(texts)
    random.Random(seed + 1).shuffle(found)
    return found


def _plain(text: str) -> str:
    return " ".join(text.split())


def _texts(path: Path) -> Iterator[str]:
    for row in read_rows(path):
        if isinstance(row.get("text"), str):
            yield row["text"]


def kept_out(coded: Path) -> set[str]:
    """Articles that hold a passage of one of the test sets in `tests/gold`, or were coded as a whole."""
    paths = [*sorted(coded.glob("*.jsonl")), HERE / "coded-frame-articles.jsonl"]
    rows = (row for path in paths for row in read_rows(path))
    return {row["article_id"] for row in rows if "article_id" in row}
