"""Makes the encoder's weights, one command each, on a GPU where there is one; an interrupted one goes on.

    python -m framing.training.prepare                   GOLD REAL CODED MINILM WORK
    python -m framing.training.encoder teach KIND SEED   MPNET WORK
    python -m framing.training.encoder reader SEED       MINILM WORK
    python -m framing.training.encoder attitude SEED     MINILM WORK
    python -m framing.training.ship                      GOLD REAL MINILM WORK

`teach` fits a large encoder to what is labelled (KIND is one of `TEACHERS`, SEED a number) and keeps what it says of
all packs that it can read. `reader` fits the small encoder's sentiment, relation and deeds together, `attitude` a
second one that starts from it: to labels and to the mean of the teachers' probabilities. What a run scored on what is
kept out is added to `runs.csv` in WORK, and kept in the model cards. On two cores a teacher takes an hour or more and a
student several; on a GPU of 2022 a minute or two.
"""

from __future__ import annotations

import csv
import datetime as dt
import json
import sys
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import f1_score

from framing.training.fit import Plan, fit, predict_pack
from framing.training.network import Reader
from framing.training.packs import Pack, joined, softened

HEADS = {"sentiment": 3, "person": 3, "relation": 3, "deeds": 2}
# What each teacher learns from, and how often an epoch sees it. Relation and deeds are few, and lean on the others.
TEACHERS: dict[str, dict[str, int]] = {
    "person": {"person": 1},
    "pair": {"relation": 1, "deeds": 1, "own-sentiment": 1, "sentiment": 1, "person": 1},
    "attitude": {"attitude": 1},
}
# What a student learns from: a pack and how often an epoch sees it; `named-person` is that by name alone.
READER = {
    "person": 1, "named-person": 2, "free-person": 1, "varied-person": 1,
    "own-sentiment": 8, "sentiment": 3, "free-sentiment": 1, "varied-sentiment": 1,
    "relation": 3, "free-relation": 1, "varied-relation": 1,
    "deeds": 2, "free-deeds": 1,
}  # fmt: skip
ATTITUDE = {"attitude": 2, "free-attitude": 1, "varied-attitude": 1}
# The teachers' share in what is labelled.
SHARE = 0.5
# Teachers learn from smoothed labels, and are less sure than they are right.
SURE = 0.8
PLANS = {
    "teach": Plan(epochs=3, rate=3e-5),
    "reader": Plan(epochs=6, rate=3e-4, size=256),
    "attitude": Plan(epochs=5, rate=3e-4, size=256),
    "again": Plan(epochs=3, rate=2.5e-4, size=256),
}


def main(step: str, *given: str) -> None:
    """Run one step."""
    *chosen, base, work = given
    if step == "teach":
        teach(chosen[0], int(chosen[1]), Path(base), Path(work))
    else:
        {"reader": reader, "attitude": attitude}[step](int(chosen[0]), Path(base), Path(work))


def teach(kind: str, seed: int, base: Path, work: Path) -> None:
    """Fit a large encoder, and keep its logits of all packs."""
    plan = replace(PLANS["teach"], seed=seed)
    pack = joined([_times(_pack(work, name), times) for name, times in TEACHERS[kind].items()])
    torch.manual_seed(seed)
    model = Reader(base, _heads(pack.measures), first_role=4 if kind == "attitude" else 1)
    folder = work / f"teacher-{kind}-{seed}"
    fit(model, pack, plan, folder)
    log(f"teacher of {kind}", model, len(pack), plan, work, scores(model, work))
    for name in (f"{part}{head}" for head in model.heads for part in ("", "own-", "free-", "varied-")):
        if name == "free-deeds" or (work / f"{name}.npz").is_file():
            logits = predict_pack(model, _pack(work, name), 256)
            np.save(folder / f"{name}.npy", logits.astype(np.float16), allow_pickle=False)


def reader(seed: int, base: Path, work: Path) -> None:
    """Fit the small encoder's sentiment, relation and deeds together."""
    plan = replace(PLANS["reader"], seed=seed)
    pack = lessons(work, READER)
    torch.manual_seed(seed)
    model = Reader(base, HEADS)
    fit(model, pack, plan, work / f"reader-{seed}")
    log("reader", model, len(pack), plan, work, scores(model, work))


def attitude(seed: int, base: Path, work: Path) -> None:
    """Fit the attitude reader, from the layers of the reader of the same seed, and once more at a lower rate."""
    pack = lessons(work, ATTITUDE)
    torch.manual_seed(seed)
    model = Reader(base, {"attitude": 3}, first_role=4)
    start = torch.load(work / f"reader-{seed}" / "reader.pt", weights_only=True)
    model.load_state_dict({k: v for k, v in start.items() if not k.startswith("heads.")}, strict=False)
    for number, name in enumerate(("attitude", "again")):
        plan = replace(PLANS[name], seed=seed + number)
        fit(model, pack, plan, work / f"attitude-{seed}")
        log("attitude", model, len(pack), plan, work, scores(model, work))


def lessons(work: Path, parts: dict[str, int]) -> Pack:
    """What a student learns from, with the teachers' probabilities."""
    found = []
    for name, times in parts.items():
        pack, aims = _pack(work, name), teachings(work, name)
        if name == "free-deeds":
            # Words or deeds is asked only where anything passes between the two.
            passing = np.flatnonzero(teachings(work, "free-relation")[:, 2] < 0.5)
            pack, aims = pack.choose(passing), aims[passing]
        found.append(_times(pack.taught(aims, SHARE), times))
    return joined(found)


def teachings(work: Path, name: str) -> NDArray[np.float64]:
    """The mean of the teachers' probabilities of a pack's labels, both ways of attitude beside each other."""
    paths = sorted(work.glob(f"teacher-*/{name.removeprefix('named-')}.npy"))
    shares = [softened(np.load(path, allow_pickle=False).astype(np.float64) / SURE) for path in paths]
    mean: NDArray[np.float64] = np.mean(shares, axis=0)
    return mean.reshape(len(mean), -1)


def _times(pack: Pack, times: int) -> Pack:
    return pack.choose(np.tile(np.arange(len(pack)), times))


def _pack(work: Path, name: str) -> Pack:
    """A pack; unlabelled deeds are those of the unlabelled relation."""
    deeds = name == "free-deeds"
    pack = Pack.load(work / f"{'free-relation' if deeds else name.removeprefix('named-')}.npz")
    if deeds or name.startswith("named-"):
        pack = replace(pack, counts=np.ones_like(pack.counts))
    return replace(pack, measures=np.full(len(pack), "deeds")) if deeds else pack


def _heads(measures: NDArray[np.str_]) -> dict[str, int]:
    return {str(name): 2 if name == "deeds" else 3 for name in np.unique(measures)}


def scores(model: Reader, work: Path) -> dict[str, float]:
    """Macro-F1 on what was kept out, and the spread between positive and negative sentences of the country swap."""
    found = {}
    for path in sorted(work.glob("dev-*.npz")):
        pack = Pack.load(path)
        if str(pack.measures[0]) not in model.heads:
            continue
        logits = predict_pack(model, pack)
        right, told = pack.aims.reshape(logits.shape).argmax(-1).ravel(), logits.argmax(-1).ravel()
        found[path.stem.removeprefix("dev-")] = float(f1_score(right, told, average="macro"))
        if path.stem == "dev-swap":
            value = softened(logits)[:, 0, 2] - softened(logits)[:, 0, 0]
            found["spread"] = float(value[right == 2].mean() - value[right == 0].mean())
    return found


def log(weight: str, model: Reader, count: int, plan: Plan, work: Path, found: dict[str, Any]) -> None:
    """Add a run to the table."""
    path = work / "runs.csv"
    new = not path.exists()
    with path.open("a", newline="", encoding="utf-8") as file:
        table = csv.writer(file)
        if new:
            table.writerow(["date", "weight", "base", "examples", "settings", "scores"])
        rounded = {name: round(score, 4) for name, score in found.items()}
        table.writerow([dt.date.today(), weight, model.base, count, json.dumps(asdict(plan)), json.dumps(rounded)])
    print(weight, plan.seed, rounded, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
