"""Shipping: fitted readers as the files of `framing/models`, calibrated on what they did not learn from.

    python -m framing.training.ship GOLD REAL BASE WORK

The folders are those of `framing.training.encoder`, which left `reader`, `persons` and `attitude` in WORK.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from framing.calibration import cross_fitted_error, fit_temperature
from framing.tokens import LONGEST, LONGEST_NAME, Tokens
from framing.training.encoder import PARTED
from framing.training.export import word_table, write_graph
from framing.training.fit import predict
from framing.training.network import Reader
from framing.training.real import coded_rows
from framing.training.recipes import (
    DEEDS,
    RELATION,
    SENTIMENT,
    Row,
    attitude_rows,
    between,
    deeds_rows,
    own_rows,
    read_rows,
    split_coded,
    toward,
    with_attitudes,
)

MODELS = Path(__file__).parent.parent / "models"
# [CLS] and the passage's [SEP], the name, and its [SEP].
POSITIONS = LONGEST + LONGEST_NAME + 3


def main(gold: str, real: str, base: str, work: str) -> None:
    """Write the files and their checksums."""
    reader = Reader(Path(base), PARTED)
    reader.load_state_dict(averaged(Path(work)))
    attitude = Reader(Path(base), {"attitude": 3}, first_role=4)
    attitude.load_state_dict(torch.load(Path(work) / "attitude" / "reader.pt", weights_only=True))
    words, scale = word_table(reader)
    own, own_scale = word_table(attitude)
    for number in attitude.tokenizer.roles.values():
        words[number], scale[number] = own[number], own_scale[number]
    # An archive by numpy bears the day it was made; this one does not.
    write_arrays(MODELS / "words.npz", words=words, scale=scale)
    write_graph(reader, MODELS / "reader.onnx", POSITIONS)
    write_graph(attitude, MODELS / "attitude.onnx", POSITIONS)
    (MODELS / "tokenizer.json").write_bytes((Path(base) / "tokenizer.json").read_bytes())
    sentiment, relation = (split_coded(rows)[1] for rows in coded_rows(Path(real)))
    sentiment += own_rows("sentiment")[1]
    relation += own_rows("relation")[1]
    news = [row for name in ("rw", "mt") for row in read_rows(Path(gold) / "sentiment" / f"newsmtsc-{name}-dev.jsonl")]
    card = {
        "reader": {
            "first_role": 1,
            "measures": {
                # Persons, masked, are in it: passages of other styles than the coded ones, with surer labels.
                "sentiment": _calibrated(*_toward(reader, "sentiment", sentiment + news, mask=True), SENTIMENT),
                "person": _calibrated(*_toward(reader, "person", news, mask=False), SENTIMENT),
                "relation": _calibrated(*_between(reader, "relation", relation), RELATION),
                "deeds": _calibrated(*_between(reader, "deeds", deeds_rows(relation)), DEEDS),
            },
        },
        "attitude": {
            "first_role": 4,
            "measures": {"attitude": _calibrated(*_attitude(attitude, Path(gold) / "attitude", relation), SENTIMENT)},
        },
    }
    (MODELS / "encoder.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    checksums("words.npz", "reader.onnx", "attitude.onnx", "tokenizer.json", "encoder.json")


def averaged(work: Path) -> dict[str, Any]:
    """The mean of the reader before and after persons were parted from countries, weight by weight.

    References:
        Izmailov, P. and others (2018). Averaging Weights Leads to Wider Optima and Better Generalization. UAI.
    """
    before, after = (torch.load(work / name / "reader.pt", weights_only=True) for name in ("reader", "persons"))
    for part in ("weight", "bias"):
        before[f"heads.person.{part}"] = before[f"heads.sentiment.{part}"]
    return {
        name: (before[name] + weight) / 2 if weight.is_floating_point() else weight for name, weight in after.items()
    }


def _toward(reader: Reader, head: str, rows: list[Row], mask: bool) -> tuple[NDArray[np.float64], list[str]]:
    tokens = toward(reader.tokenizer, [(row["text"], row["target"]) for row in rows], mask)
    return predict(reader, head, tokens), [row["label"] for row in rows]


def _between(reader: Reader, measure: str, rows: list[Row]) -> tuple[NDArray[np.float64], list[str]]:
    tokens = between(reader.tokenizer, rows, directed=False)
    return predict(reader, measure, tokens), [row["label"] for row in rows]


def _attitude(reader: Reader, folder: Path, coded: list[Row]) -> tuple[NDArray[np.float64], list[str]]:
    pairs = attitude_rows(folder / "dse-train.jsonl")[1] + with_attitudes(coded)
    there = between(reader.tokenizer, [one for one, _ in pairs], directed=True)
    back = [Tokens(t.ids, t.source, t.target) for t in there]
    logits = np.concatenate([predict(reader, "attitude", there), predict(reader, "attitude", back)])
    return logits, [one["label"] for one, _ in pairs] + [two["label"] for _, two in pairs]


def _calibrated(logits: NDArray[np.float64], right: list[str], labels: tuple[str, ...]) -> dict[str, Any]:
    numbers = np.array([labels.index(label) for label in right])
    card = {
        "labels": list(labels),
        "temperature": round(fit_temperature(logits, numbers), 4),
        "calibration_error": round(cross_fitted_error(logits, numbers), 4),
        "calibrated_on": len(right),
    }
    print(card)
    return card


def write_arrays(path: Path, **arrays: NDArray[Any]) -> None:
    """An npz archive that is the same whatever the day."""
    import io
    import zipfile

    with zipfile.ZipFile(path, "w") as archive:
        for name, array in arrays.items():
            body = io.BytesIO()
            np.save(body, array, allow_pickle=False)
            archive.writestr(zipfile.ZipInfo(f"{name}.npy", (1980, 1, 1, 0, 0, 0)), body.getvalue())


def checksums(*names: str) -> None:
    """Write the checksums of files of `framing/models` into `SHA256SUMS`."""
    path = MODELS / "SHA256SUMS"
    kept = [line for line in path.read_text(encoding="utf-8").splitlines() if line.split()[1] not in names]
    new = [f"{hashlib.sha256((MODELS / name).read_bytes()).hexdigest()}  {name}" for name in names]
    path.write_text("\n".join(sorted([*kept, *new], key=lambda line: line.split()[1])) + "\n", encoding="utf-8")
    for name in names:
        print(f"{name}: {(MODELS / name).stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main(*sys.argv[1:])
