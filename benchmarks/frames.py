"""What frames cost: passages a second of the encoder with and without them, and apart from the relation.

python benchmarks/frames.py ../shared/data/real/us-russia-2012-2020.jsonl.gz [ARTICLES]

The same passages about the pair in one run, in turns, on the same cores; the median of five turns. "One pass" is what a
report does; "two passes" is what an encoder of their own would cost, of the size of the branch and the layers below it.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from corpora.corpus import open_corpus
from corpora.ingest import ingest
from framing.encoder import THREADS
from framing.passages import passage_frame, passages
from framing.scorers import Scorer, load_scorer, together

TURNS, PASSAGES = 5, 800


def main(path: str, count: str = "600") -> None:
    """Print passages a second and the ratios."""
    with tempfile.TemporaryDirectory() as folder:
        ingest([Path(path)], Path(folder) / "corpus", marks=False)
        articles = [one for one in open_corpus(Path(folder) / "corpus").articles() if one.language == "en"][
            : int(count)
        ]
    frame = passage_frame([passage for one in articles for passage in passages(one, ("RUS", "USA"))])
    frame = frame[frame["pair"] != ""].head(PASSAGES).reset_index(drop=True)
    relation, bilateral, policy = (load_scorer(name) for name in ("relation", "frames:bilateral", "frames:policy"))
    light = load_scorer("frames:bilateral", "light")

    def shared(scorers: Sequence[Scorer]) -> Callable[[], None]:
        def work() -> None:
            with together(scorers):
                for scorer in scorers:
                    scorer.score(frame)

        return work

    def apart(scorers: Sequence[Scorer]) -> Callable[[], None]:
        return lambda: [scorer.score(frame) for scorer in scorers] and None

    ways: dict[str, Callable[[], None]] = {
        "relation": apart([relation]),
        "relation and frames, one pass": shared([relation, bilateral]),
        "relation and frames, two passes": apart([relation, bilateral]),
        "relation and two codebooks, one pass": shared([relation, bilateral, policy]),
        "frames light": apart([light]),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for work in ways.values():
        work()
    for _ in range(TURNS):
        for name, work in ways.items():
            began = time.perf_counter()
            work()
            seconds[name].append(time.perf_counter() - began)
    median = {name: statistics.median(times) for name, times in seconds.items()}
    print(f"{len(frame)} passages, {os.cpu_count()} cores, {THREADS} threads, median of {TURNS} turns")
    for name, value in median.items():
        print(f"{name:<38}{len(frame) / value:>9.1f} passages/s{value / median['relation']:>9.2f} x relation")


if __name__ == "__main__":
    main(*sys.argv[1:])
