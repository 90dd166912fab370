"""Frames of passages under a codebook: those that come with the toolkit, and codebooks of one's own, once trained."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from corpora.errors import InputError
from framing.codebook import NAME, Codebook, load_codebook, read_codebook, shipped_codebooks
from framing.scores import score_rows
from framing.weights import TRUSTED, load_weight, read_model

if TYPE_CHECKING:
    import pandas as pd

    from framing.classifiers.frames import FrameClassifier

PREFIX = "frames:"
# What a folder of a codebook of one's own holds, and where such folders are looked for unless a study says otherwise.
CODEBOOK, WEIGHT, MEASURED, CARD = "codebook.toml", "frames.skops", "measured.json", "card.md"
OWN = "codebooks"
# F1 on real sentences below which a frame is shown as poorly measured: half of what is found or due is wrong.
POOR = 0.5


@dataclass(frozen=True)
class FramesScorer:
    """Tells which frames of a codebook a passage carries: one row a passage and frame, `yes` or `no`.

    The value is the calibrated probability that the passage carries the frame, 0 to 1; so the mean over passages
    estimates the share that carry it.

    Attributes:
        codebook: Name of the codebook.
        labels: Its frames.
        folder: Where a codebook of one's own was trained; empty for one that comes with the toolkit.
    """

    codebook: str
    labels: tuple[str, ...]
    version: str
    name: str = "encoder"
    folder: str = ""
    reads: str = "pair"

    @property
    def measure(self) -> str:
        """`frames:` and the codebook's name."""
        return f"{PREFIX}{self.codebook}"

    @property
    def heads(self) -> tuple[str, ...]:
        """What is asked of the shipped encoder."""
        return ("frames",) if self.name == "encoder" else ()

    def classifier(self) -> FrameClassifier:
        """The fitted classifier."""
        if self.folder:
            return _own_classifier(self.folder, self.version)
        model: FrameClassifier = load_weight(f"frames-{self.codebook}-{self.name}")
        return model

    def score(self, passages: pd.DataFrame) -> pd.DataFrame:
        """Score a batch; the rows of a passage follow one another, in the order of the frames.

        A passage without a letter or digit carries nothing that could be told, and has no value.
        """
        import pandas as pd

        if not len(passages):
            return score_rows(self, passages, np.array([], dtype=object), np.array([]), np.array([]))
        model = self.classifier()
        shares = model.predict_proba(passages)
        answers = np.where(model.decide(shares), "yes", "no").astype(object)
        nothing = np.array([not any(c.isalnum() for c in text) for text in passages["text"]], dtype=bool)
        shares = np.where(nothing[:, None], np.nan, shares)
        certain = np.where(answers == "yes", shares, 1 - shares)
        rows = [
            score_rows(self, passages, answers[:, k], shares[:, k], certain[:, k]).assign(category=frame)
            for k, frame in enumerate(self.labels)
        ]
        return pd.concat(rows).sort_index(kind="stable").reset_index(drop=True)


def is_frames(measure: str) -> bool:
    """Whether a measure is that of a codebook.

    >>> is_frames("frames:policy"), is_frames("relation")
    (True, False)
    """
    return measure.startswith(PREFIX)


def load_frames(measure: str, cost: str, own: str | Path = OWN) -> FramesScorer:
    """The scorer of a codebook: one that comes with the toolkit, or one trained in the folder `own`.

    Raises:
        InputError: There is none of that name.
    """
    name = measure.removeprefix(PREFIX)
    if not NAME.fullmatch(name):
        raise InputError(f"no codebook {name!r:.60}; a name is lower-case letters, digits and hyphens")
    if name in shipped_codebooks():
        known = shipped_frames()[name][cost]
        return FramesScorer(name, load_codebook(name).names, known["version"], cost)
    folder = Path(own) / name
    if not (folder / WEIGHT).is_file():
        raise InputError(
            f"no codebook {name!r}: none of {', '.join(shipped_codebooks())}, and none was trained in {own}; "
            f"framing codebook train FILE CODED.csv --into {own}"
        )
    known = own_measured(folder)
    version = hashlib.sha256((folder / WEIGHT).read_bytes()).hexdigest()[:12]
    return FramesScorer(name, tuple(known["frames"]), version, known["cost"], str(folder.resolve()))


def codebook_of(scorer: FramesScorer) -> Codebook:
    """The codebook that a scorer reads by."""
    return read_codebook(Path(scorer.folder) / CODEBOOK) if scorer.folder else load_codebook(scorer.codebook)


def frame_f1(scorer: FramesScorer) -> dict[str, float | None]:
    """Measured F1 of each frame: of shipped ones on real sentences coded for it, of one's own in cross-validation.

    None where too few passages carry it to tell.
    """
    if scorer.folder:
        known = own_measured(Path(scorer.folder))
    else:
        known = shipped_frames()[scorer.codebook][scorer.name]
    return {frame: known["f1"].get(frame) for frame in scorer.labels}


@lru_cache(maxsize=1)
def shipped_frames() -> Mapping[str, Any]:
    """Codebook to cost to what is known of the shipped weight: `version`, and F1 by frame on real sentences."""
    known: dict[str, Any] = json.loads(read_model("frames.json"))
    return known


def own_measured(folder: Path) -> dict[str, Any]:
    """What training found of a codebook of one's own: `cost`, `frames`, and `f1` by frame in cross-validation.

    Raises:
        InputError: The file is missing or was changed by hand beyond reading.
    """
    try:
        known = json.loads((folder / MEASURED).read_text(encoding="utf-8"))
        frames, cost = known["frames"], known["cost"]
        if cost in ("encoder", "light") and isinstance(frames, list) and frames and known["f1"].keys() == {*frames}:
            return dict(known)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        pass
    raise InputError(f"{folder} does not hold a trained codebook whole: {MEASURED} is missing or broken; train it anew")


@lru_cache(maxsize=4)
def _own_classifier(folder: str, version: str) -> FrameClassifier:
    from skops.io import loads

    path = Path(folder) / WEIGHT
    try:
        model: FrameClassifier = loads(path.read_bytes(), trusted=TRUSTED)
        model.predict_proba([])  # what is none of ours has no such thing
    except Exception as error:  # what skops, zip and numpy raise on broken bytes has no common base
        raise InputError(f"{path} is no trained codebook ({type(error).__name__}); train it anew") from None
    return model
