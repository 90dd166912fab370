"""Weights: the fitted classifiers that come with the toolkit, as skops files; checked before they are read."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from functools import lru_cache
from importlib.resources import files
from typing import Any

from corpora.errors import InputError

# What a weight file may hold besides numpy, scipy and scikit-learn: our own estimators, by their full names.
TRUSTED = [
    "framing.classifiers.attitude.AttitudeClassifier",
    "framing.classifiers.frames.FrameClassifier",
    "framing.classifiers.relation.RelationClassifier",
    "framing.classifiers.sentiment.SentimentClassifier",
    "framing.classifiers.subject.SubjectClassifier",
    "framing.features.around.AroundTarget",
    "framing.features.around.BetweenPair",
    "framing.features.around.DirectedPair",
    "framing.features.cues.CueHits",
    "framing.features.embedding.PassageEmbedding",
    "framing.features.embedding.texts",
    "framing.features.events.EventVerbs",
    "framing.features.letters.LetterRuns",
    "framing.features.pairs.PairText",
    "framing.features.polarity.TargetPolarity",
]


def read_model(name: str) -> bytes:
    """A file of `framing/models`, checked against `SHA256SUMS`.

    Raises:
        InputError: It is missing, or cut short or changed.
    """
    folder = files("framing").joinpath("models")
    path = folder.joinpath(name)
    if not path.is_file():
        raise InputError(
            f"no weight {name.removesuffix('.skops')!r}; reinstall media-framing, or make it with framing.training"
        )
    data = path.read_bytes()
    lines = folder.joinpath("SHA256SUMS").read_text(encoding="utf-8").splitlines()
    sums = {file: digest for digest, file in (line.split() for line in lines)}
    if hashlib.sha256(data).hexdigest() != sums.get(name):
        raise InputError(f"weight {name} is cut short or changed: its checksum differs; reinstall media-framing")
    return data


@lru_cache(maxsize=4)
def load_weight(name: str) -> Any:
    """The fitted classifier of a name.

    Raises:
        InputError: The file is missing, or differs from the checksum in `SHA256SUMS`.
    """
    from skops.io import loads

    return loads(read_model(f"{name}.skops"), trusted=TRUSTED)


def repeatable(data: bytes) -> bytes:
    """The same skops archive whatever the run: its members are dated and named by addresses in memory otherwise."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    schema = members["schema.json"].decode()
    # Addresses have 12 digits and more; no number of a model is an integer of that size.
    numbers: dict[str, str] = {}
    for address in re.findall(r"(?<![\d.])\d{12,20}(?![\d.])", schema) + re.findall(r'"(\d{12,20})\.\w+"', schema):
        numbers.setdefault(address, str(len(numbers) + 1))
    schema = re.sub(r"(?<![\d.])\d{12,20}(?!\d)", lambda m: numbers.get(m[0], m[0]), schema)
    renamed = {
        name: f"{numbers.get(stem, stem)}{dot}{suffix}"
        for name in members
        for stem, dot, suffix in [name.partition(".")]
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(members, key=lambda name: renamed[name]):
            body = schema.encode() if name == "schema.json" else members[name]
            archive.writestr(zipfile.ZipInfo(renamed[name], (1980, 1, 1, 0, 0, 0)), body, zipfile.ZIP_DEFLATED, 9)
    return out.getvalue()
