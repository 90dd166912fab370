"""Makes the encoder's weights, one command each; an interrupted one goes on from its last checkpoint.

    python -m framing.training.encoder teacher  GOLD REAL CODED MPNET  WORK    about 50 minutes on two cores
    python -m framing.training.encoder label    GOLD REAL CODED MPNET  WORK    18
    python -m framing.training.encoder reader   GOLD REAL CODED MINILM WORK    35
    python -m framing.training.encoder attitude GOLD REAL CODED MINILM WORK    20
    python -m framing.training.ship GOLD MINILM WORK

GOLD is the folder of gold sets, REAL that of unlabelled articles, CODED that of coded passages (`tests/gold`), MPNET
and MINILM hold a base encoder, WORK keeps what is made on the way. The reader's sentiment learns from NewsMTSC and from
the teacher; its relation from sentences written for it; attitude from DSE, starting from the reader. What a run scored
on its development sets is added to `runs.csv` in WORK, and kept in the model cards.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.metrics import f1_score

from framing.training.fit import Example, Plan, fit, predict
from framing.training.network import Reader
from framing.training.recipes import (
    RELATION,
    SENTIMENT,
    attitude_examples,
    attitude_rows,
    between,
    distilled,
    read_rows,
    relation_examples,
    relation_rows,
    sentiment_rows,
    teacher_tokens,
    toward,
)
from framing.training.unlabelled import Unit, draw

# Unlabelled passages that the teacher labels: 10,000 of countries and 6,000 of persons, of as many as are drawn.
DRAWN = {"country": 30_000, "person": 15_000, "pair": 12_000}
LABELLED = {"country": 10_000, "person": 6_000}
PLANS = {
    "teacher": Plan(epochs=2, rate=3e-5),
    "reader": Plan(epochs=3, rate=1e-4),
    "attitude": Plan(epochs=3, rate=1e-4),
}


def main(step: str, gold: str, real: str, coded: str, base: str, work: str) -> None:
    """Run one step."""
    places = {"gold": Path(gold), "real": Path(real), "coded": Path(coded), "base": Path(base), "work": Path(work)}
    torch.manual_seed(1)
    steps: dict[str, Callable[..., None]] = {"teacher": teacher, "label": label, "reader": reader, "attitude": attitude}
    steps[step](**places)


def teacher(gold: Path, base: Path, work: Path, **_: Path) -> None:
    """Fine-tune the large encoder on NewsMTSC."""
    model = Reader(base, {"sentiment": 3})
    examples = sentiment_rows(model.tokenizer, read_rows(gold / "sentiment" / "newsmtsc-train.jsonl"))
    fit(model, examples, PLANS["teacher"], work / "teacher")
    log("teacher", model, examples, work, _on_dev(model, gold))


def label(gold: Path, real: Path, coded: Path, base: Path, work: Path) -> None:
    """Draw unlabelled passages, and keep the teacher's logits of them."""
    units = _units(gold, real, coded)
    model = Reader(base, {"sentiment": 3})
    model.load_state_dict(torch.load(work / "teacher" / "reader.pt", weights_only=True))
    for kind, count in LABELLED.items():
        tokens = teacher_tokens(model.tokenizer, units, kind)[:count]
        np.save(work / f"soft-{kind}.npy", predict(model, "sentiment", tokens), allow_pickle=False)


def reader(gold: Path, real: Path, coded: Path, base: Path, work: Path) -> None:
    """Fit the small encoder's sentiment and relation together."""
    model = Reader(base, {"sentiment": 3, "relation": 3})
    examples = sentiment_rows(model.tokenizer, read_rows(gold / "sentiment" / "newsmtsc-train.jsonl"))
    units = _units(gold, real, coded)
    for kind in ("person", "country"):
        logits = np.load(work / f"soft-{kind}.npy", allow_pickle=False)
        chosen = [unit for unit in units if unit.kind == kind][: len(logits)]
        examples += distilled(model.tokenizer, chosen, kind, logits)
    learned, held = relation_rows()
    examples += relation_examples(model.tokenizer, learned)
    fit(model, examples, PLANS["reader"], work / "reader")
    answers = predict(model, "relation", between(model.tokenizer, held, directed=False)).argmax(axis=1)
    relation = f1_score([row["label"] for row in held], [RELATION[k] for k in answers], average="macro")
    log("reader", model, examples, work, _on_dev(model, gold) | {"relation, held out": float(relation)})


def attitude(gold: Path, base: Path, work: Path, **_: Path) -> None:
    """Fit the attitude reader on DSE, from the reader's layers."""
    model = Reader(base, {"attitude": 3}, first_role=4)
    start = torch.load(work / "reader" / "reader.pt", weights_only=True)
    model.load_state_dict({k: v for k, v in start.items() if not k.startswith("heads.")}, strict=False)
    learned, held = attitude_rows(gold / "attitude" / "dse-train.jsonl")
    examples = attitude_examples(model.tokenizer, learned)
    fit(model, examples, PLANS["attitude"], work / "attitude")
    answers = predict(model, "attitude", between(model.tokenizer, [one for one, _ in held], directed=True)).argmax(
        axis=1
    )
    score = f1_score([one["label"] for one, _ in held], [SENTIMENT[k] for k in answers], average="macro")
    log("attitude", model, examples, work, {"held out of train": float(score)})


def _units(gold: Path, real: Path, coded: Path) -> list[Unit]:
    """The unlabelled passages; none of an article that holds a coded one, none that stands in a gold file."""
    known = {
        row["article_id"]
        for name in ("real-comentions", "real-sentiment")
        for row in read_rows(coded / f"{name}.jsonl")
    }
    files = [
        path for task in ("sentiment", "attitude", "relation", "tone") for path in sorted((gold / task).glob("*.jsonl"))
    ]
    return draw([real / "us-russia-2012-2020.jsonl.gz"], files, known, DRAWN)


def _on_dev(model: Reader, gold: Path) -> dict[str, float]:
    scores = {}
    for name in ("rw", "mt"):
        rows = read_rows(gold / "sentiment" / f"newsmtsc-{name}-dev.jsonl")
        for way, mask in (("masked countries", None), ("by name", False), ("all masked", True)):
            tokens = toward(model.tokenizer, [(row["text"], row["target"]) for row in rows], mask)
            answers = [SENTIMENT[k] for k in predict(model, "sentiment", tokens).argmax(axis=1)]
            scores[f"{name} dev, {way}"] = float(f1_score([r["label"] for r in rows], answers, average="macro"))
    return scores


def log(weight: str, model: Reader, examples: list[Example], work: Path, scores: dict[str, Any]) -> None:
    """Add a run to the table."""
    path = work / "runs.csv"
    new = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        if new:
            table.writerow(["date", "weight", "base", "examples", "settings", "scores"])
        rounded = {name: round(score, 4) for name, score in scores.items()}
        settings = json.dumps(asdict(PLANS[weight]))
        table.writerow([dt.date.today(), weight, model.base, len(examples), settings, json.dumps(rounded)])
    print(weight, rounded)


if __name__ == "__main__":
    main(*sys.argv[1:])
