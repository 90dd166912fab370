"""Measures every shipped scorer on every gold set and writes `framing/models/measured.json`, which reports print.

python -m framing.training.measure ../shared/data
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from corpora.corpus import Corpus
from framing.codebook import shipped_codebooks
from framing.evaluation import evaluate
from framing.frames import PREFIX, is_frames
from framing.scorers import COSTS, SCORERS
from framing.training.real import real_corpus

CODED = Path(__file__).parents[2] / "tests" / "gold"
SETS: tuple[tuple[str, str, str, str], ...] = (
    (
        "sentiment",
        "gold/sentiment/newsmtsc-rw-test.jsonl",
        "NewsMTSC, real-world test (targets are persons)",
        "macro_f1",
    ),
    (
        "sentiment",
        "gold/sentiment/newsmtsc-mt-test.jsonl",
        "NewsMTSC, multi-target test (targets are persons)",
        "macro_f1",
    ),
    (
        "sentiment",
        "real-sentiment.jsonl",
        "400 passages of real news, targets are countries (machine-coded)",
        "macro_f1",
    ),
    (
        "sentiment",
        "contrast.jsonl",
        "287 countries in passages that praise or blame one by way of another (machine-written)",
        "macro_f1",
    ),
    ("attitude", "gold/attitude/dse-dev-clean.jsonl", "DSE, clean development rows, both directions", "macro_f1"),
    ("attitude", "real-attitude.jsonl", "Russia and the US toward each other in real news (machine-coded)", "macro_f1"),
    ("relation", "gold/relation/plover-gsr.jsonl", "PLOVER gold sentences, conflict or cooperation", "macro_f1"),
    (
        "relation",
        "real-comentions.jsonl",
        "200 passages of real news naming Russia and the US: conflict, cooperation or nothing (machine-coded)",
        "macro_f1",
    ),
    (
        "subject",
        "real-subject.jsonl",
        "210 passages of real news naming Russia and the US: relation, domestic or other (machine-coded)",
        "accuracy",
    ),
    *(
        (
            f"frames:{book}",
            "real-frames.jsonl",
            "240 passages of real news naming Russia or the US, mean over frames (machine-coded)",
            "macro_f1",
        )
        for book in shipped_codebooks()
    ),
    (
        "frames:generic",
        "gold/frames/narrative-frames-climate.jsonl",
        "articles about the climate, off topic, mean of yes and no",
        "balanced_f1",
    ),
    ("tone", "gold/tone/ecosent-headlines.jsonl", "Economic headlines, translated from Dutch", "accuracy"),
)


def main(folder: str) -> None:
    """Write the figures, rounded to three digits."""
    with real_corpus(Path(folder) / "real") as corpus:
        rows = [
            measured(task, Path(folder) / path if "/" in path else CODED / path, told, figure, cost, corpus)
            for task, path, told, figure in SETS
            for cost in (COSTS if is_frames(task) else sorted(SCORERS[task]))
        ]
    out = Path(__file__).parent.parent / "models" / "measured.json"
    out.write_text(json.dumps(rows, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def measured(task: str, path: Path, name: str, figure: str, cost: str, corpus: Corpus) -> dict[str, Any]:
    """One row of the file."""
    book = task.removeprefix(PREFIX) if is_frames(task) else ""
    result = evaluate("frames" if book else task, path, cost, corpus, book)
    error = result.figures.get("calibration_error", float("nan"))
    row = {
        "measure": task,
        "scorer": f"{result.scorer} {result.version}",
        "set": name,
        "n": result.n,
        "figure": figure.replace("_", "-").replace("f1", "F1"),
        "value": round(result.figures[figure], 3),
        "low": round(result.intervals[figure][0], 3),
        "high": round(result.intervals[figure][1], 3),
        "abstained": result.abstained,
        "calibration_error": round(error, 3) if error == error else None,
        "baselines": {name: round(base["figures"][figure], 3) for name, base in result.baselines.items()},
    }
    print(row)
    return row


if __name__ == "__main__":
    main(*sys.argv[1:])
