"""Makes the encoder's weights, one command each; an interrupted one goes on from its last checkpoint.

    python -m framing.training.encoder teacher  GOLD REAL CODED MPNET  WORK    about 25 minutes on two cores
    python -m framing.training.encoder label    GOLD REAL CODED MPNET  WORK    10
    python -m framing.training.encoder reader   GOLD REAL CODED MINILM WORK    35
    python -m framing.training.encoder attitude GOLD REAL CODED MINILM WORK    20
    python -m framing.training.encoder persons  GOLD REAL CODED MINILM WORK    13
    python -m framing.training.ship             GOLD REAL MINILM WORK

GOLD is the folder of gold sets, REAL that of real articles, CODED that of the test sets of coded passages
(`tests/gold`), MPNET and MINILM hold a base encoder, WORK keeps what is made on the way. Sentiment learns from
NewsMTSC, from the teacher's reading of sentences about persons, and from own and coded passages about countries;
relation from own and coded passages (`DATASHEET.md`); attitude from DSE and those, starting from the reader. What a run
scored on its development sets is added to `runs.csv` in WORK, and kept in the model cards.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.metrics import f1_score

from framing.tokens import Tokens
from framing.training.fit import Example, Plan, fit, predict
from framing.training.network import Reader
from framing.training.real import coded_rows
from framing.training.recipes import (
    DEEDS,
    RELATION,
    SENTIMENT,
    Row,
    attitude_examples,
    attitude_rows,
    between,
    country_examples,
    deeds_examples,
    deeds_rows,
    distilled,
    own_rows,
    read_rows,
    relation_examples,
    sentiment_rows,
    split_coded,
    teacher_tokens,
    toward,
    with_attitudes,
)
from framing.training.unlabelled import Unit, draw

# Unlabelled passages about persons that the teacher labels, of as many as are drawn.
DRAWN = {"country": 30_000, "person": 15_000, "pair": 12_000}
LABELLED = {"person": 12_000}
HEADS = {"sentiment": 3, "relation": 3, "deeds": 2}
# The last pass parts sentiment toward persons from that toward countries: each has a head of its own.
PARTED = {**HEADS, "person": 3}
REPLAYED = 6_000
PLANS = {
    "teacher": Plan(epochs=2, rate=3e-5, frozen=6),
    "reader": Plan(epochs=3, rate=1e-4),
    "attitude": Plan(epochs=3, rate=1e-4),
    "persons": Plan(epochs=1, rate=5e-5, seed=2),
}


def main(step: str, gold: str, real: str, coded: str, base: str, work: str) -> None:
    """Run one step."""
    places = {"gold": Path(gold), "real": Path(real), "coded": Path(coded), "base": Path(base), "work": Path(work)}
    torch.manual_seed(1)
    steps: dict[str, Callable[..., None]] = {
        "teacher": teacher,
        "label": label,
        "reader": reader,
        "attitude": attitude,
        "persons": persons,
    }
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
    model = Reader(base, HEADS)
    tokenizer = model.tokenizer
    examples = sentiment_rows(tokenizer, read_rows(gold / "sentiment" / "newsmtsc-train.jsonl"))
    units = _units(gold, real, coded)
    for kind in LABELLED:
        logits = np.load(work / f"soft-{kind}.npy", allow_pickle=False)
        chosen = [unit for unit in units if unit.kind == kind][: len(logits)]
        examples += distilled(tokenizer, chosen, kind, logits)
    toward_coded, between_coded = (split_coded(rows) for rows in coded_rows(real))
    toward_own, between_own = own_rows("sentiment"), own_rows("relation")
    examples += 2 * country_examples(tokenizer, toward_coded[0] + toward_own[0])
    examples += 2 * relation_examples(tokenizer, between_own[0]) + relation_examples(tokenizer, between_coded[0])
    examples += deeds_examples(tokenizer, between_own[0] + between_coded[0])
    fit(model, examples, PLANS["reader"], work / "reader")
    scores = _on_dev(model, gold) | _kept_out(model, toward_own, toward_coded, between_own, between_coded)
    log("reader", model, examples, work, scores)


def persons(gold: Path, real: Path, coded: Path, base: Path, work: Path) -> None:
    """Go on from the reader with a head for persons beside that for countries, which all shared until then."""
    model = Reader(base, PARTED)
    start = torch.load(work / "reader" / "reader.pt", weights_only=True)
    for name in ("weight", "bias"):
        start[f"heads.person.{name}"] = start[f"heads.sentiment.{name}"].clone()
    model.load_state_dict(start)
    tokenizer = model.tokenizer
    known = sentiment_rows(tokenizer, read_rows(gold / "sentiment" / "newsmtsc-train.jsonl"), "person")
    examples = known + [replace(one, views=one.views[:1]) for one in known]
    units = [unit for unit in _units(gold, real, coded) if unit.kind == "person"][:REPLAYED]
    examples += distilled(
        tokenizer, units, "person", np.load(work / "soft-person.npy", allow_pickle=False)[:REPLAYED], "person"
    )
    toward_coded, between_coded = (split_coded(rows) for rows in coded_rows(real))
    toward_own, between_own = own_rows("sentiment"), own_rows("relation")
    examples += country_examples(tokenizer, toward_coded[0] + toward_own[0])
    examples += relation_examples(tokenizer, between_own[0] + between_coded[0])
    examples += deeds_examples(tokenizer, between_coded[0])
    fit(model, examples, PLANS["persons"], work / "persons")
    scores = _on_dev(model, gold, "person") | _kept_out(model, toward_own, toward_coded, between_own, between_coded)
    log("persons", model, examples, work, scores)


def attitude(gold: Path, real: Path, base: Path, work: Path, **_: Path) -> None:
    """Fit the attitude reader, from the reader's layers."""
    model = Reader(base, {"attitude": 3}, first_role=4)
    start = torch.load(work / "reader" / "reader.pt", weights_only=True)
    model.load_state_dict({k: v for k, v in start.items() if not k.startswith("heads.")}, strict=False)
    learned, held = attitude_rows(gold / "attitude" / "dse-train.jsonl")
    own, coded = own_rows("relation"), split_coded(coded_rows(real)[1])
    examples = attitude_examples(model.tokenizer, learned + with_attitudes(own[0] + coded[0]))
    fit(model, examples, PLANS["attitude"], work / "attitude")
    scores = {}
    for name, pairs in (("DSE", held), ("own", with_attitudes(own[1])), ("coded", with_attitudes(coded[1]))):
        rows = [one for one, _ in pairs]
        tokens = between(model.tokenizer, rows, directed=True)
        scores[f"{name}, kept out"] = _f1(model, "attitude", tokens, rows, SENTIMENT)
    log("attitude", model, examples, work, scores)


def _kept_out(model: Reader, *splits: tuple[list[Row], list[Row]]) -> dict[str, float]:
    """Macro-F1 on what was kept out: toward countries, own and coded; between pairs, own and coded."""
    toward_own, toward_coded, between_own, between_coded = (held for _, held in splits)
    scores = {}
    for name, held in (("own", toward_own), ("coded", toward_coded)):
        tokens = toward(model.tokenizer, [(row["text"], row["target"]) for row in held], True)
        scores[f"sentiment, {name}, kept out"] = _f1(model, "sentiment", tokens, held, SENTIMENT)
    for name, held in (("own", between_own), ("coded", between_coded)):
        tokens = between(model.tokenizer, held, directed=False)
        scores[f"relation, {name}, kept out"] = _f1(model, "relation", tokens, held, RELATION)
        known = deeds_rows(held)
        tokens = between(model.tokenizer, known, directed=False)
        scores[f"deeds, {name}, kept out"] = _f1(model, "deeds", tokens, known, DEEDS)
    return scores


def _f1(model: Reader, measure: str, tokens: list[Tokens], rows: list[Row], labels: tuple[str, ...]) -> float:
    answers = [labels[k] for k in predict(model, measure, tokens).argmax(axis=1)]
    return float(f1_score([row["label"] for row in rows], answers, average="macro"))


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


def _on_dev(model: Reader, gold: Path, head: str = "sentiment") -> dict[str, float]:
    scores = {}
    for name in ("rw", "mt"):
        rows = read_rows(gold / "sentiment" / f"newsmtsc-{name}-dev.jsonl")
        for way, mask in (("masked countries", None), ("by name", False), ("all masked", True)):
            tokens = toward(model.tokenizer, [(row["text"], row["target"]) for row in rows], mask)
            answers = [SENTIMENT[k] for k in predict(model, head, tokens).argmax(axis=1)]
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
