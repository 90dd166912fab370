"""Shipping: fitted readers as the files of `framing/models`, calibrated on what they did not learn from.

    python -m framing.training.ship MINILM WORK SEED

WORK is that of `framing.training.encoder`, which left `reader-SEED` and `attitude-SEED` there.
"""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from framing.calibration import cross_fitted_error, fit_temperature
from framing.tokens import LONGEST, LONGEST_NAME
from framing.training.encoder import HEADS
from framing.training.export import word_table, write_graph
from framing.training.fit import predict_pack
from framing.training.network import MODELS, Reader
from framing.training.packs import DEEDS, RELATION, SENTIMENT, Pack

# [CLS] and the passage's [SEP], the name, and its [SEP].
POSITIONS = LONGEST + LONGEST_NAME + 3
# What each head is calibrated on: packs of what was kept out.
KEPT_OUT: dict[str, dict[str, tuple[tuple[str, ...], tuple[str, ...]]]] = {
    "reader": {
        # Persons, masked, are in it: passages of other styles than the coded ones, with surer labels.
        "sentiment": (SENTIMENT, ("sentiment-own", "sentiment-coded", "person-masked")),
        "person": (SENTIMENT, ("person-named",)),
        "relation": (RELATION, ("relation-own", "relation-coded")),
        "deeds": (DEEDS, ("deeds-own", "deeds-coded")),
    },
    "attitude": {"attitude": (SENTIMENT, ("attitude-dse", "attitude-own", "attitude-coded"))},
}
# The share of the persons' head in that of the countries: coded passages are mostly neutral, and without it clear
# praise and clear blame would be told apart less surely than they are.
PERSONS = 0.3


def main(base: str, work: str, seed: str) -> None:
    """Write the files and their checksums."""
    reader = Reader(Path(base), HEADS)
    attitude = Reader(Path(base), {"attitude": 3}, first_role=4)
    for name, model in (("reader", reader), ("attitude", attitude)):
        model.load_state_dict(torch.load(Path(work) / f"{name}-{seed}" / "reader.pt", weights_only=True))
    with torch.no_grad():
        for own, other in zip(reader.heads["sentiment"].parameters(), reader.heads["person"].parameters(), strict=True):
            own.lerp_(other, PERSONS)
    words, scale = word_table(reader)
    others, other_scale = word_table(attitude)
    for number in attitude.tokenizer.roles.values():
        words[number], scale[number] = others[number], other_scale[number]
    # An archive by numpy bears the day it was made; this one does not.
    write_arrays(MODELS / "words.npz", words=words, scale=scale)
    write_graph(reader, MODELS / "reader.onnx", POSITIONS)
    write_graph(attitude, MODELS / "attitude.onnx", POSITIONS)
    card = {
        name: {
            "first_role": first,
            "measures": {
                measure: calibrated(model, measure, [Pack.load(Path(work) / f"dev-{one}.npz") for one in packs], labels)
                for measure, (labels, packs) in KEPT_OUT[name].items()
            },
        }
        for name, model, first in (("reader", reader, 1), ("attitude", attitude, 4))
    }
    (MODELS / "encoder.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
    checksums("words.npz", "reader.onnx", "attitude.onnx", "encoder.json")


def calibrated(model: Reader, measure: str, packs: list[Pack], labels: tuple[str, ...]) -> dict[str, Any]:
    """The entry of a head in the encoder's card: its labels and its temperature."""
    asked = [replace(pack, measures=np.full(len(pack), measure)) for pack in packs]
    logits = np.concatenate([predict_pack(model, pack).reshape(-1, len(labels)) for pack in asked])
    right = np.concatenate([pack.aims.reshape(-1, len(labels)).argmax(axis=1) for pack in packs])
    card = {"labels": list(labels), **temperature(logits, right)}
    print(card)
    return card


def temperature(logits: NDArray[Any], right: NDArray[Any]) -> dict[str, Any]:
    """A head's temperature, its calibration error, and on how many passages."""
    return {
        "temperature": round(fit_temperature(logits, right), 4),
        "calibration_error": round(cross_fitted_error(logits, right), 4),
        "calibrated_on": len(right),
    }


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
