"""What the shipped frames reach, as the tables of `docs/measures/frames.md`; and `frames.json`, which reports read.

    python -m framing.training.frame_measure GOLD REAL CODED WORK

The folders are those of `framing.training.frames`. Three sets: our own sentences, topics held out; real passages that
tests were coded on; articles about the climate, off topic.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from framing.classifiers.frames import best_threshold, sigmoid
from framing.evaluation import Evaluation, evaluate
from framing.training.frame_heads import TOLD, known
from framing.training.frame_rows import BOOKS, FRAMES, Coded, coded_passages, own_sentences, shares
from framing.training.real import real_corpus

COSTS = ("encoder", "light")


def main(gold: str, real: str, coded: str, work: str) -> None:
    """Write the figures and print the tables."""
    with real_corpus(Path(real)) as corpus:
        rows = own_sentences() + coded_passages(corpus)
        test = Path(coded) / "real-frames.jsonl"
        found = {(book, cost): evaluate("frames", test, cost, corpus, book) for book in BOOKS for cost in COSTS}
    held = _held_out(rows, Path(work))
    known(
        {
            book: {cost: _known(book, found[book, cost], held if cost == "encoder" else {}, rows) for cost in COSTS}
            for book in BOOKS
        }
    )
    climate = Path(gold) / "frames" / "narrative-frames-climate.jsonl"
    off = {cost: evaluate("frames", climate, cost, codebook="generic") for cost in COSTS}
    for line in [*_by_frame(rows, found, held), "", *_whole(found), "", *_climate(off)]:
        print(line)


def _known(
    book: str, test: Evaluation, held: dict[str, NDArray[np.float32]], rows: list[Coded]
) -> dict[str, float | None]:
    """F1 of each frame on the test passages where enough carry it, else on the other real ones, each held out once."""
    share, real = shares(rows), np.array([row.real for row in rows])
    figures: dict[str, float | None] = {}
    for k, (name, frame) in enumerate(FRAMES):
        if name != book:
            continue
        labels = share[:, k] >= 0.5
        figures[frame] = None
        if test.labels.get(frame, {"n": 0})["n"] >= TOLD:
            figures[frame] = round(test.labels[frame]["yes_f1"], 4)
        elif held and labels[real].sum() >= TOLD:
            told = _crossed(held["logits"][:, k], labels, held["fold"])
            figures[frame] = round(float(f1_score(labels[real], told[real])), 4)
    return figures


def _by_frame(
    rows: list[Coded], found: dict[tuple[str, str], Evaluation], held: dict[str, NDArray[np.float32]]
) -> Iterator[str]:
    """Of each frame: F1 on own sentences of topics held out, association with the topic, F1 on real passages."""
    share = shares(rows)
    own = np.array([not row.real for row in rows])
    topics = np.array([row.group for row in rows])[own]
    heads = (
        "codebook", "frame", "sentences", "topics held out: F1", "teacher", "with topic: coded", "told",
        "real, held out", "F1", "real, test", "F1", "precision", "recall", "light F1",
    )  # fmt: skip
    yield "| " + " | ".join(heads) + " |"
    yield "|" + "---|" * len(heads)
    for k, (book, frame) in enumerate(FRAMES):
        labels = share[:, k] >= 0.5
        student, teacher = (
            _crossed(logits[:, k], labels, held["fold"]) for logits in (held["logits"], held["teacher"])
        )
        real = found[book, "encoder"].labels.get(frame)
        light = found[book, "light"].labels.get(frame)
        figures = [
            f"{int(labels[own].sum())}",
            f"{f1_score(labels[own], student[own]):.2f}",
            f"{f1_score(labels[own], teacher[own]):.2f}",
            f"{_cramer(labels[own], topics):.2f}",
            f"{_cramer(student[own], topics):.2f}",
            f"{int(labels[~own].sum())}",
            f"{f1_score(labels[~own], student[~own], zero_division=0):.2f}",
            str(int(real["n"])) if real else "0",
            *(_told(real, name) for name in ("yes_f1", "precision", "recall")),
            _told(light, "yes_f1"),
        ]
        yield f"| {book} | {frame} | " + " | ".join(figures) + " |"


def _told(row: dict[str, float] | None, name: str) -> str:
    return "" if row is None or row[name] != row[name] else f"{row[name]:.2f}"


def _held_out(rows: list[Coded], work: Path) -> dict[str, NDArray[np.float32]]:
    """What folds said of each labelled passage, and which fold it was in."""
    empty = np.zeros((len(rows), len(FRAMES)), dtype=np.float32)
    found = {"logits": empty.copy(), "teacher": empty.copy(), "fold": np.full(len(rows), -1, dtype=np.float32)}
    for number, path in enumerate(sorted(work.glob("held-*.npz"))):
        one = np.load(path, allow_pickle=False)
        found["logits"][one["rows"]], found["teacher"][one["rows"]] = one["logits"], one["teacher"]
        found["fold"][one["rows"]] = number
    return found


def _crossed(logits: NDArray[np.float32], labels: NDArray[np.bool_], fold: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Answers, each at the threshold that is best on the other folds."""
    odds, told = sigmoid(logits.astype(float)), np.zeros(len(labels), dtype=bool)
    for number in sorted(set(fold)):
        here = fold == number
        told[here] = odds[here] >= best_threshold(odds[~here], labels[~here])
    return told


def _cramer(labels: NDArray[np.bool_], topics: NDArray[np.str_]) -> float:
    """Cramér's V of frame and topic, 0 (the topic tells nothing) to 1.

    References:
        Cramér, H. (1946). Mathematical Methods of Statistics. Princeton University Press, chapter 21.
    """
    counts = np.array(
        [[(labels[topics == topic] == told).sum() for told in (True, False)] for topic in sorted({*topics})]
    )
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    chi = float((np.divide((counts - expected) ** 2, expected, out=np.zeros_like(expected), where=expected > 0)).sum())
    return float(np.sqrt(chi / counts.sum()))


def _whole(found: dict[tuple[str, str], Evaluation]) -> Iterator[str]:
    """Of each codebook and cost: figures on real passages beside baselines."""
    yield "| codebook | cost | macro-F1 | 95 % | accuracy | cues | always yes | majority |"
    yield "|---|---|---|---|---|---|---|---|"
    for (book, cost), one in found.items():
        low, high = one.intervals["macro_f1"]
        base = [f"{one.baselines[name]['figures']['macro_f1']:.3f}" for name in ("cues", "always yes", "majority")]
        yield (
            f"| {book} | {cost} | {one.figures['macro_f1']:.3f} | {low:.3f} to {high:.3f} | "
            f"{one.figures['accuracy']:.3f} | {' | '.join(base)} |"
        )


def _climate(off: dict[str, Evaluation]) -> Iterator[str]:
    """Articles about the climate: balanced F1 by frame, beside that of words learned on them."""
    words = {"responsibility": 0.62, "human-interest": 0.47, "conflict": 0.67, "morality": 0.52, "economic": 0.71}
    yield "| frame | articles | words, learned on such articles | encoder | light |"
    yield "|---|---|---|---|---|"
    for frame, due in words.items():
        row = off["encoder"].labels[frame]
        both = " | ".join(f"{off[cost].labels[frame]['balanced_f1']:.2f}" for cost in COSTS)
        yield f"| {frame} | {int(row['n'])} | {due:.2f} | {both} |"


if __name__ == "__main__":
    main(*sys.argv[1:])
