"""Kill `framing ingest` at random moments: the corpus must be the old or the new, and the next run must end the same.

    python benchmarks/kill_ingest.py [--times 50] [--seed 0] [--articles 3000]

Two cases: a corpus that is new, and one that a file is added to. An undisturbed run is timed; then each run is killed
(SIGKILL) at a moment drawn over that whole time, the corpus is opened, the run is repeated to its end, and every file
is compared byte for byte with what the undisturbed run left. A third of the moments is drawn from the last fifth of
the time, in which parts, rejections and manifest are brought in.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from corpora.corpus import open_corpus

ROOT = Path(__file__).parent.parent


def write_source(path: Path, first: int, count: int) -> None:
    """Articles whose dates need the outlet's order, so that parts are written twice; every tenth is rejected."""
    noise = random.Random(first)
    with path.open("w", encoding="utf-8") as file:
        for number in range(first, first + count):
            words = " ".join(noise.choice(("talks", "went", "on", "in", "Geneva", "again")) for _ in range(60))
            text = f"Delegation {number} met. {words.capitalize()}."
            date = f"{noise.randint(1, 28)}/{noise.randint(1, 12)}/2017"
            row = {"outlet": f"Outlet {number % 3}", "published": date, "title": f"Day {number}", "text": text}
            file.write(json.dumps(row if number % 10 else row | {"text": "Too short."}) + "\n")


def ingest(source: Path, corpus: Path) -> subprocess.Popen[bytes]:
    """Start `framing ingest`."""
    command = [sys.executable, "-m", "reports.cli", "ingest", str(source), "--into", str(corpus)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def finish(source: Path, corpus: Path) -> float:
    """Seconds that an undisturbed run takes."""
    start = time.perf_counter()
    process = ingest(source, corpus)
    _, errors = process.communicate()
    if process.returncode:
        raise SystemExit(f"ingest ended with {process.returncode}: {errors.decode()}")
    return time.perf_counter() - start


def renew(corpus: Path, start: Path) -> Path:
    """A corpus as it was at the start, which may be none."""
    shutil.rmtree(corpus, ignore_errors=True)
    if start.exists():
        shutil.copytree(start, corpus)
    return corpus


def files(corpus: Path) -> dict[str, str]:
    """Hash of each file of a corpus; nothing for one that there is not."""
    paths = sorted(path for path in corpus.rglob("*") if path.is_file())
    return {str(path.relative_to(corpus)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def state(corpus: Path, old: str, new: str) -> str:
    """What a kill has left: absent, old, new, or something that must not be."""
    if not (corpus / "manifest.json").exists():
        return "absent"
    opened = open_corpus(corpus)
    rows = [article.article_id for article in opened.articles()]
    found = opened.checksum() + str(len(opened.rejections))
    if len(rows) != len(set(rows)):
        return "BROKEN"
    return {old: "old", new: "new"}.get(found, "BROKEN")


def mark(corpus: Path) -> str:
    """What tells the old corpus from the new one."""
    opened = open_corpus(corpus)
    return opened.checksum() + str(len(opened.rejections))


def main() -> int:
    """Print a line for each case; the number of failures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name, default in (("times", 50), ("seed", 0), ("articles", 3_000)):
        parser.add_argument(f"--{name}", type=int, default=default)
    options = parser.parse_args()
    moments = random.Random(options.seed)
    failures = 0
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        first, second = folder / "first.jsonl", folder / "second.jsonl"
        write_source(first, 0, 300)
        write_source(second, 1_000, options.articles)
        for case in ("a new corpus", "adding to one"):
            start, calm, corpus = folder / "start", folder / "calm", folder / "corpus"
            shutil.rmtree(start, ignore_errors=True)
            if case == "adding to one":
                finish(first, start)
            old = mark(start) if start.exists() else ""
            # The shortest of three: on a shared machine a long one would have most kills come too late.
            seconds = min(finish(second, renew(calm, start)) for _ in range(3))
            new, expected = mark(calm), files(calm)
            states: Counter[str] = Counter()
            same = 0
            for number in range(options.times):
                process = ingest(second, renew(corpus, start))
                time.sleep(moments.uniform(0.8 * seconds if number % 3 == 2 else 0, seconds))
                process.kill()
                process.communicate()
                # One that had ended by itself counts as well, and is told apart.
                ended = "" if process.returncode < 0 else " (ended before)"
                states[state(corpus, old, new) + ended] += 1
                finish(second, corpus)
                same += files(corpus) == expected
            failures += options.times - same + states["BROKEN"]
            if case == "adding to one":
                failures += states["absent"]
            told = ", ".join(f"{name} {count}" for name, count in sorted(states.items()))
            print(f"{case}: {options.times} kills over {seconds:.1f} s: {told}; same bytes after the next run: {same}")
    print("all as they must be" if not failures else f"{failures} failures")
    return min(failures, 1)


if __name__ == "__main__":
    raise SystemExit(main())
