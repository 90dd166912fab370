"""Estimates at scale: seconds and peak memory of a comparison of many articles, bootstrap and all.

    python benchmarks/estimates.py [ARTICLES]

100,000 planted articles (the default) of 10 outlets in 36 months, each scored on 5 measures: levels by outlet and
month, differences from the rest, and the differences within months with their 2,000 draws of whole stories. The bar is
30 s on 2 cores and 1 GiB resident, the table of scores and the libraries included.
"""

from __future__ import annotations

import gc
import resource
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from reports.bootstrap import story_draws
from reports.comparison import compare_articles
from reports.planted import Outlet, Truth, plant

OUTLETS, MONTHS, DRAWS, COVERAGE = 10, 36, 2000, 0.2
MEASURES = (
    ("sentiment", "", "RUS", ""),
    ("sentiment", "", "USA", ""),
    ("relation", "", "", "RUS-USA"),
    ("attitude", "RUS>USA", "USA", "RUS-USA"),
    ("attitude", "USA>RUS", "RUS", "RUS-USA"),
)


def scores(articles: int) -> pd.DataFrame:
    """Article scores of so many articles, nearly, on the five measures."""
    outlets = tuple(Outlet(f"outlet {place}", coverage=COVERAGE, treatment=place / 100) for place in range(OUTLETS))
    one = plant(Truth(outlets, stories=round(articles / OUTLETS / COVERAGE), months=MONTHS), seed=1).drop(
        columns="truth"
    )
    rng = np.random.default_rng(2)
    return pd.concat(
        [
            one.assign(
                measure=measure, category=category, target=target, pair=pair, value=rng.permutation(one["value"])
            )
            for measure, category, target, pair in MEASURES
        ],
        ignore_index=True,
    )


def timed(name: str, work: Callable[[], Any]) -> Any:
    """Run a step and print its seconds, and the process's peak memory so far."""
    start, processor = time.perf_counter(), time.process_time()
    result = work()
    seconds, busy = time.perf_counter() - start, time.process_time() - processor
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"| {name} | {seconds:.1f} | {busy:.1f} | {peak:,.0f} |", flush=True)
    return result


def draw(table: pd.DataFrame) -> None:
    """All draws of the mean of every measure, outlet and month, and nothing else."""
    month = table["published"].to_numpy().astype("datetime64[M]")
    cells = [pd.factorize(column)[0] for column in (table["measure"] + table["target"], table["outlet"], month)]
    shape = [int(codes.max()) + 1 for codes in cells]
    stories = pd.factorize(table["story"])[0]
    places = np.ravel_multi_index(cells, shape)
    for _ in story_draws(table["value"].to_numpy(), stories, places, int(np.prod(shape)), DRAWS, 1):
        pass


def main(articles: str = "100000") -> None:
    """Print the table."""
    print("| step | seconds | of one core | peak MiB |\n|---|---|---|---|")
    table = timed("planted article scores", lambda: scores(int(articles)))
    gc.collect()
    timed(f"{DRAWS} draws of every outlet, month and measure", lambda: draw(table))
    found = timed("compare_articles", lambda: compare_articles(table, period="month", draws=DRAWS, seed=1))
    print(
        f"\n{len(table) // len(MEASURES):,} articles, {table['story'].nunique():,} stories, {OUTLETS} outlets, "
        f"{len(found.periods)} months, {len(MEASURES)} measures; {len(found.estimates):,} estimates"
    )


if __name__ == "__main__":
    main(*sys.argv[1:])
