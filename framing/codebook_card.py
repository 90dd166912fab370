"""A trained codebook on disk: the codebook, the weight, what it reaches, and a card that tells it to people."""

from __future__ import annotations

import json
import shutil
import tempfile
from dataclasses import asdict
from pathlib import Path

import numpy as np

from corpora.errors import InputError
from framing.frames import CARD, CODEBOOK, MEASURED, POOR, WEIGHT
from framing.own_codebook import ENOUGH, Trained
from framing.weights import repeatable

UNGROUPED = (
    "passages held out; no column `article` says which belong together, so that passages of one article may stand on "
    "both sides and flatter the scores"
)
OURS = frozenset({CODEBOOK, WEIGHT, MEASURED, CARD})


def save(trained: Trained, codebook: bytes, into: Path) -> Path:
    """Write a trained codebook into the folder of its name, as a whole or not at all.

    Args:
        trained: What was trained.
        codebook: The codebook's file.
        into: Folder in which the codebook gets a folder of its own; an earlier one is replaced.

    Raises:
        InputError: Something else lies there.
    """
    from skops.io import dumps

    place = check_place(into, trained.codebook.name)
    into.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix=".framing-codebook-", dir=into))
    try:
        (beside / CODEBOOK).write_bytes(codebook)
        (beside / WEIGHT).write_bytes(repeatable(dumps(trained.classifier)))
        text = json.dumps(measured(trained), indent=1, sort_keys=True, allow_nan=False)
        (beside / MEASURED).write_text(text + "\n", encoding="utf-8", newline="\n")
        (beside / CARD).write_text(card(trained), encoding="utf-8", newline="\n")
        beside.chmod(0o755)
        earlier = beside.with_name(f"{beside.name}-earlier")
        if place.exists():
            place.rename(earlier)
        beside.rename(place)
        shutil.rmtree(earlier, ignore_errors=True)
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return place


def check_place(into: Path, name: str) -> Path:
    """Where a trained codebook will lie.

    Raises:
        InputError: Something else lies there.
    """
    place = into / name
    if place.exists() and (not place.is_dir() or {path.name for path in place.iterdir()} - OURS):
        raise InputError(f"{place} holds something else than a trained codebook; name another folder with --into")
    return place


def measured(trained: Trained) -> dict[str, object]:
    """What a report needs to know: cost, frames, and F1 of each; F1 is null where too few passages tell it."""
    return {
        "cost": trained.cost,
        "frames": list(trained.codebook.names),
        "f1": {score.frame: round(score.f1, 4) if score.n >= ENOUGH else None for score in trained.scores},
        "macro_f1": round(trained.macro_f1, 4),
        "passages": trained.passages,
        "coders": len(trained.coders),
        "codebook_sha256": trained.codebook.digest,
        "scores": [
            {k: None if v != v else round(v, 4) if isinstance(v, float) else v for k, v in asdict(score).items()}
            for score in trained.scores
        ],
    }


def card(trained: Trained) -> str:
    """The model card, as Markdown."""
    book = trained.codebook
    reads = "the shipped encoder" if trained.cost == "encoder" else "words and pairs of words"
    held = "whole articles held out" if trained.grouped else UNGROUPED
    more = trained.more_coding()
    lines = [
        f"# frames:{book.name}",
        "",
        f"A scorer for the codebook “{book.title}”, version {book.version}, from {trained.passages:,} coded passages.",
        "",
        f"- Reads: {reads}, and the cues of the codebook; one logistic regression a frame.",
        f"- Coders: {len(trained.coders)}. {_coders(trained)}",
        f"- Cross-validation: five folds, {held}.",
        f"- {more[:1].upper()}{more[1:]}.",
        "",
        "| frame | coded | F1 | 95 % | precision | recall | alpha with the coders | alpha between coders |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for score in trained.scores:
        mark = _mark(score.n, score.f1)
        lines.append(
            f"| {score.frame} | {score.n} | {score.f1:.2f}{mark} | {score.low:.2f} to {score.high:.2f} | "
            f"{_told(score.precision)} | {_told(score.recall)} | {_told(score.scorer_alpha)} | "
            f"{_told(score.coder_alpha)} |"
        )
    lines += [
        "",
        f"* fewer than {ENOUGH} coded passages carry it: its figures are hardly told. † F1 below {POOR}: poorly",
        "measured, and shown so wherever a report shows it.",
        "",
        "## Learning curve",
        "",
        "| coded passages learned from | mean F1 over frames and folds |",
        "|---|---|",
    ]
    for size, values in sorted(trained.curve.items()):
        known = [value for value in values if not np.isnan(value)]
        lines.append(f"| {size:,} | {f'{np.mean(known):.2f}' if known else 'too few of a frame to learn from'} |")
    lines += [
        "",
        "The figures hold for passages like the coded ones; on other outlets, years or topics they are likely lower.",
        "",
    ]
    return "\n".join(lines)


def _coders(trained: Trained) -> str:
    if len(trained.coders) < 2:
        return "One coder only: how far coders agree cannot be told."
    known = [score.coder_alpha for score in trained.scores if not np.isnan(score.coder_alpha)]
    if not known:
        return "No passage was coded by two of them: how far they agree cannot be told."
    return f"Their agreement (Krippendorff's alpha) is {min(known):.2f} to {max(known):.2f} over the frames."


def _mark(n: int, f1: float) -> str:
    return " *" if n < ENOUGH else " †" if f1 < POOR else ""


def _told(value: float) -> str:
    return "none" if np.isnan(value) else f"{value:.2f}"
