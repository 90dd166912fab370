"""Measures every shipped scorer on every gold set and writes `framing/models/measured.json`, which reports print.

python -m framing.training.measure ../shared/data/gold
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from corpora.ingest import read
from framing.evaluation import evaluate

LABELS = Path(__file__).parents[2] / "tests" / "gold" / "real-comentions.jsonl"
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
    ("relation", "gold/relation/plover-gsr.jsonl", "PLOVER gold sentences, conflict or cooperation", "macro_f1"),
    ("tone", "gold/tone/ecosent-headlines.jsonl", "Economic headlines, translated from Dutch", "accuracy"),
)


def comentions(articles: Path, out: Path) -> None:
    """Write the coded co-mentions with their texts as a gold file."""
    rows = [json.loads(line) for line in LABELS.read_text(encoding="utf-8").splitlines()]
    wanted = {row["article_id"] for row in rows}
    texts = {article.article_id: article for article in read(articles).articles() if article.article_id in wanted}
    with out.open("w", encoding="utf-8") as file:
        for row in rows:
            text = texts[row["article_id"]].text(row["part"])[row["start"] : row["end"]]
            if hashlib.sha256(text.encode()).hexdigest() != row["passage_sha256"]:
                raise SystemExit(f"co-mention {row['n']}: its text has changed")
            gold = {
                "id": row["n"],
                "text": text,
                "label": row["label"],
                "source": row["source"],
                "target": row["target"],
            }
            file.write(json.dumps(gold) + "\n")


def main(folder: str) -> None:
    """Write the figures, rounded to three digits."""
    with tempfile.TemporaryDirectory() as place:
        own = Path(place) / "comentions.jsonl"
        comentions(Path(folder) / "real" / "us-russia-2012-2020.jsonl.gz", own)
        name = "200 passages of real news naming Russia and the US: conflict, cooperation or nothing"
        rows = [measured(task, Path(folder) / path, told, figure) for task, path, told, figure in SETS]
        rows.append(measured("relation", own, name, "macro_f1"))
    out = Path(__file__).parent.parent / "models" / "measured.json"
    out.write_text(json.dumps(rows, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def measured(task: str, path: Path, name: str, figure: str) -> dict[str, Any]:
    """One row of the file."""
    result = evaluate(task, path)
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
        "baselines": {name: round(base["figures"][figure], 3) for name, base in result.baselines.items()},
    }
    print(row)
    return row


if __name__ == "__main__":
    main(*sys.argv[1:])
