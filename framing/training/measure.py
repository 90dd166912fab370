"""Measures every shipped scorer on every gold set and writes `framing/models/measured.json`, which reports print.

python -m framing.training.measure ../shared/data/gold
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from framing.evaluation import evaluate

SETS = (
    (
        "sentiment",
        "sentiment/newsmtsc-rw-test.jsonl",
        "NewsMTSC, real-world test (targets are persons)",
        "macro_f1",
    ),
    (
        "sentiment",
        "sentiment/newsmtsc-mt-test.jsonl",
        "NewsMTSC, multi-target test (targets are persons)",
        "macro_f1",
    ),
    ("relation", "relation/plover-gsr.jsonl", "PLOVER gold sentences, conflict or cooperation", "macro_f1"),
    ("tone", "tone/ecosent-headlines.jsonl", "Economic headlines, translated from Dutch", "accuracy"),
)


def main(folder: str) -> None:
    """Write the figures, rounded to three digits."""
    rows = []
    for task, path, name, figure in SETS:
        result = evaluate(task, Path(folder) / path)
        rows.append(
            {
                "measure": task,
                "scorer": f"{result.scorer} {result.version}",
                "set": name,
                "n": result.n,
                "figure": figure.replace("_", "-").replace("f1", "F1"),
                "value": round(result.figures[figure], 3),
                "low": round(result.intervals[figure][0], 3),
                "high": round(result.intervals[figure][1], 3),
                "abstained": result.abstained,
                "baselines": {k: round(v["figures"][figure], 3) for k, v in result.baselines.items()},
            }
        )
        print(rows[-1])
    out = Path(__file__).parent.parent / "models" / "measured.json"
    out.write_text(json.dumps(rows, indent=1, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
