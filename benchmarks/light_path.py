"""Time and peak memory of the light path, ingest to report, on a JSON Lines file and on ten times as many articles.

    python benchmarks/light_path.py ../shared/data/real/us-russia-2012-2020.jsonl.gz

Each step runs as a command of its own; peak memory is the largest resident set of the command and of each of its
workers, as the kernel reports it. Also the time of `framing --help`, the median of nine. Ratios within one run are
what to compare: the machine is shared.
"""

from __future__ import annotations

import gzip
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

TIMES = 10


def timed(*command: str) -> tuple[float, float]:
    """Seconds and peak resident MiB of a command, children included."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    peak = 0.0
    while process.poll() is None:
        peak = max(peak, resident(process.pid))
        time.sleep(0.05)
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return time.perf_counter() - start, peak


def resident(pid: int) -> float:
    """Resident MiB of a process and its children, added up."""
    total = 0.0
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                total += int(line.split()[1]) / 1024
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            total += resident(int(child))
    except OSError:
        pass
    return total


def many(path: Path, out: Path) -> None:
    """Write ten copies of every article, each with a text and identity of its own."""
    with (
        gzip.open(path, "rt", encoding="utf-8") as lines,
        gzip.open(out, "wt", encoding="utf-8", compresslevel=1) as file,
    ):
        for line in lines:
            row = json.loads(line)
            for copy in range(TIMES):
                row["copy"] = copy
                file.write(json.dumps(row) + "\n")


def main(path: str) -> None:
    """Print the table."""
    framing = str(Path(sys.executable).with_name("framing"))
    helps = [timed(framing, "--help")[0] for _ in range(9)]
    print(f"cores {len(os.sched_getaffinity(0))}; framing --help: median {statistics.median(helps):.2f} s")
    print(f"{'articles':>10} {'step':>8} {'seconds':>9} {'peak MiB':>9}")
    with tempfile.TemporaryDirectory() as folder:
        grown = Path(folder) / "many.jsonl.gz"
        many(Path(path), grown)
        for name, source in (("once", Path(path)), ("ten", grown)):
            corpus, out = Path(folder) / f"corpus-{name}", Path(folder) / f"report-{name}"
            steps = {
                "ingest": timed(framing, "ingest", str(source), "--into", str(corpus)),
                "report": timed(framing, "report", str(corpus), "--dyad", "USA-RUS", "--out", str(out)),
            }
            articles = json.loads((out / "lock.json").read_text())["articles"]
            for step, (seconds, peak) in steps.items():
                print(f"{articles:>10,} {step:>8} {seconds:>9.1f} {peak:>9.0f}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
