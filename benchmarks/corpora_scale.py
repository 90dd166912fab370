"""Time and memory of ingest, same text and stories on generated articles, from 10,000 to 1,000,000.

    python benchmarks/corpora_scale.py FOLDER [10000 100000 1000000]

The articles have 300 words and lie over ten years. A fifth are printed by an agency; a tenth of all are copies of an
agency's article, whole or cut; three in ten tell an event together with other outlets. Each size is measured in a
process of its own.
"""

from __future__ import annotations

import datetime as dt
import json
import random
import resource
import subprocess
import sys
import time
from pathlib import Path

SIZES = (10_000, 100_000, 1_000_000)
OUTLETS = ["Reuters", "AP", *(f"Outlet {n}" for n in range(18))]
HEADS, MIDDLES = ("ba", "de", "fi", "go", "hu", "ka", "le", "mi"), ("ran", "sel", "tiv", "mon", "pur")
TAILS = ("a", "en", "ing", "ed", "er", "ly", "s", "t", "um", "or", "is", "ad", "ok", "yl", "ex", "on")
WORDS = [f"{head}{middle}{tail}" for head in HEADS for middle in MIDDLES for tail in TAILS]
COMMON = (
    "the", "of", "and", "to", "in", "that", "for", "on", "with", "said", "was", "by", "from", "at", "an", "be", "his",
    "has", "had", "not",
)  # fmt: skip
STEP = 20


def generate(path: Path, count: int) -> None:
    """Write JSON Lines: blocks of twenty articles of one day."""
    first = dt.date(2010, 1, 1)
    with path.open("w", encoding="utf-8") as file:
        for start in range(0, count, STEP):
            rng = random.Random(start)
            day = first + dt.timedelta(days=start * 3650 // count)
            event = [f"{rng.choice(WORDS)}{rng.choice(WORDS)}" for _ in range(30)]
            agency = _body(rng, event)
            for n in range(STEP):
                outlet = OUTLETS[n]
                told = n < 6  # six of twenty tell the day's event
                body = agency if n == 0 else _body(rng, event if told else [])
                if n in (7, 8):
                    body = agency if n == 7 else agency[: len(agency) * 2 // 3]
                row = {
                    "outlet": outlet,
                    "published": str(day),
                    "title": " ".join(rng.choices(WORDS, k=7)),
                    "text": body,
                }
                file.write(json.dumps(row) + "\n")


def _body(rng: random.Random, event: list[str]) -> str:
    topic = rng.sample(WORDS, 60)
    words = (
        rng.choices(COMMON, k=150)
        + rng.choices(topic, k=110)
        + (rng.choices(event, k=40) if event else rng.choices(WORDS, k=40))
    )
    rng.shuffle(words)
    return "\n\n".join(" ".join(words[i : i + 60]).capitalize() + "." for i in range(0, 300, 60))


def measure(folder: Path, count: int) -> None:
    """Ingest and mark, in this process; print one line."""
    from corpora.corpus import open_corpus
    from corpora.ingest import ingest, mark

    source, corpus = folder / f"{count}.jsonl", folder / f"corpus-{count}"
    begin = time.perf_counter()
    counts = ingest([source], corpus, marks=False)
    read = time.perf_counter()
    peak_ingest = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    mark(corpus)
    end = time.perf_counter()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    kinds: dict[str, int] = {}
    for kind in open_corpus(corpus).marks().column("kind").to_pylist():
        kinds[kind] = kinds.get(kind, 0) + 1
    ingested, marked = read - begin, end - read
    print(f"{count:>9,} articles: ingest {ingested:7.1f} s ({count / ingested:6.0f}/s, {peak_ingest:5.0f} MiB),")
    print(f"{'':>19} marks  {marked:7.1f} s ({count / marked:6.0f}/s), peak {peak:5.0f} MiB;", flush=True)
    print(f"{'':>19} kept {counts.kept:,}, {kinds}", flush=True)


def main() -> None:
    """Generate and measure each size."""
    folder = Path(sys.argv[1])
    if sys.argv[2:3] == ["--one"]:
        measure(folder, int(sys.argv[3]))
        return
    folder.mkdir(parents=True, exist_ok=True)
    for count in [int(size) for size in sys.argv[2:]] or SIZES:
        if not (folder / f"{count}.jsonl").exists():
            generate(folder / f"{count}.jsonl", count)
        subprocess.run([sys.executable, __file__, str(folder), "--one", str(count)], check=True)


if __name__ == "__main__":
    main()
