"""Makes the weights of frames, one command each; an interrupted one goes on from what is in WORK.

    python -m framing.training.frames teacher GOLD REAL CODED MPNET  WORK    about 16 minutes on two cores
    python -m framing.training.frames branch  GOLD REAL CODED MINILM WORK    about 30
    python -m framing.training.frames ship    GOLD REAL CODED MINILM WORK    about 5

The folders are those of `framing.training.encoder`. The teacher's embeddings of all passages are kept in WORK. The
branch is fitted on labelled passages and on the teacher's reading of unlabelled ones; besides, once for each fold,
without some topics of our own sentences and some real articles, teacher included: what those folds say of what they
have not seen is what calibration, thresholds and the figures of `docs/measures/frames.md` rest on. Shipping puts the
branch into the reader and writes the heads, and light classifiers on words.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import sys
from dataclasses import asdict
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from framing.training.frame_branch import Branch, Settings, fit, logits_of, lower_states
from framing.training.frame_heads import macro_f1, ship_heads
from framing.training.frame_rows import (
    FRAMES,
    Coded,
    coded_passages,
    kept_out,
    own_sentences,
    shares,
    unlabelled,
)
from framing.training.frame_teacher import Heads, embed, embeddings
from framing.training.network import MODELS
from framing.training.real import real_corpus

FOLDS = 3
Floats = NDArray[np.float32]


def main(step: str, gold: str, real: str, coded: str, base: str, work: str) -> None:
    """Run one step."""
    rows, texts = passages(Path(gold), Path(real), Path(coded))
    {"teacher": teacher, "branch": branch, "ship": ship}[step](rows, texts, Path(base), Path(work))


def passages(gold: Path, real: Path, coded: Path) -> tuple[list[Coded], list[str]]:
    """Labelled passages, and the texts of those and of the unlabelled ones."""
    with real_corpus(real) as corpus:
        rows = own_sentences() + coded_passages(corpus)
        more = unlabelled(corpus, gold, kept_out(coded))
    return rows, [row.text for row in rows] + more


def teacher(rows: list[Coded], texts: list[str], base: Path, work: Path) -> None:
    """Embed every passage."""
    embed(texts, base, work / "embeddings")


def folds(rows: list[Coded]) -> NDArray[np.int64]:
    """The fold in which each labelled passage is held out, with all of its topic or article."""
    groups = sorted({(row.real, row.group) for row in rows})
    order = np.random.default_rng(5).permutation(len(groups))
    # Topics and articles are dealt out each by themselves, so that folds have as many of either.
    ranked = sorted(order, key=lambda k: groups[k][0])
    fold = {groups[k]: place % FOLDS for place, k in enumerate(ranked)}
    return np.array([fold[row.real, row.group] for row in rows])


def branch(rows: list[Coded], texts: list[str], base: Path, work: Path) -> None:
    """Fit the branch on all, and once for each fold on the rest."""
    features = embeddings(work / "embeddings", len(texts))
    states, aims, fold = lower_states(texts, MODELS), shares(rows), folds(rows)
    for number in (-1, *range(FOLDS)):
        path = work / (f"held-{number}.npz" if number >= 0 else "branch.pt")
        if path.exists():
            continue
        seen, held = np.flatnonzero(fold != number), np.flatnonzero(fold == number)
        read = Heads(features[seen], aims[seen])
        soft = 1 / (1 + np.exp(-read.logits(features[len(rows) :])))
        torch.manual_seed(1)
        model = Branch(base, len(FRAMES))
        chosen = [states[k] for k in seen] + states[len(rows) :]
        settings = Settings()
        fit(model, chosen, np.concatenate([aims[seen], soft]).astype(np.float32), len(seen), settings)
        if number < 0:
            torch.save(model.cpu().state_dict(), path)
        else:
            found = logits_of(model, [states[k] for k in held])
            np.savez(path, rows=held, logits=found, teacher=read.logits(features[held]))
            log(
                work,
                number,
                settings,
                len(seen),
                macro_f1(found, aims[held]),
                macro_f1(read.logits(features[held]), aims[held]),
            )


def log(
    work: Path, fold: int, settings: Settings, count: int, student: dict[str, float], large: dict[str, float]
) -> None:
    """Add a fold to the table of runs."""
    path = work / "frame-runs.csv"
    new = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        if new:
            table.writerow(["date", "fold", "labelled", "settings", "scores", "teacher"])
        told = [json.dumps({name: round(value, 4) for name, value in one.items()}) for one in (student, large)]
        table.writerow([dt.date.today(), fold, count, json.dumps(asdict(settings)), *told])
    print(fold, student, large, flush=True)


def ship(rows: list[Coded], texts: list[str], base: Path, work: Path) -> None:
    """Write the branch into the reader, the heads, and the light classifiers."""
    model = Branch(base, len(FRAMES))
    model.load_state_dict(torch.load(work / "branch.pt", weights_only=True))
    held = [np.load(work / f"held-{number}.npz", allow_pickle=False) for number in range(FOLDS)]
    logits = np.empty((len(rows), len(FRAMES)), dtype=np.float32)
    for one in held:
        logits[one["rows"]] = one["logits"]
    ship_heads(model, rows, logits)


if __name__ == "__main__":
    main(*sys.argv[1:])
