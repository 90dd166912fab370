"""Time, peak memory and false alarms of the words of real articles.

    python benchmarks/words.py ../shared/data/real/us-russia-2012-2020.jsonl.gz [SHUFFLES]

Times the counting of words and phrases, keyness of every outlet with enough articles, one word in context, and the
rates of loaded and hedging words. Then shuffles the outlets over the articles, so that no outlet has words of
its own, and counts what is found all the same; and plants an invented word, to see how often it must occur to be found.
"""

from __future__ import annotations

import dataclasses
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from corpora.corpus import open_corpus
from corpora.ingest import ingest
from framing.loaded import loaded_rates
from reports.concordance import contexts
from reports.terms import Terms, count_terms
from reports.words import keyness

SHUFFLES = 10
PLANTED = "zarbolic"


def read(path: Path) -> pd.DataFrame:
    """The articles of a file."""
    with tempfile.TemporaryDirectory() as folder:
        ingest([path], Path(folder) / "corpus", marks=False)
        frame = open_corpus(Path(folder) / "corpus").frame(["article_id", "outlet", "published", "body"])
    return frame.rename(columns={"body": "text"})


def timed(name: str, work: Callable[[], Any]) -> Any:
    """Run a step and print its seconds of processor time, and the process's peak memory so far."""
    start = time.process_time()
    result = work()
    seconds = time.process_time() - start
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{name:<28} {seconds:>8.1f} s {peak:>8.0f} MiB", flush=True)
    return result


def shuffled(terms: Terms, seed: int) -> pd.DataFrame:
    """Keyness where outlets are dealt out over the articles at random."""
    outlets = np.random.default_rng(seed).permutation(terms.articles["outlet"])
    return keyness(dataclasses.replace(terms, articles=terms.articles.assign(outlet=outlets)), seed=seed)


def planted(articles: pd.DataFrame, outlet: str, holding: int) -> float:
    """q of a word that `holding` of the outlet's articles hold once, and nobody else's; 1 where it is not tested."""
    changed = articles.copy()
    rows = changed.index[changed["outlet"] == outlet][:holding]
    changed.loc[rows, "text"] += f"\n\n{PLANTED}"
    found = keyness(count_terms(changed, longest=1), outlets=[outlet])
    q = found.loc[found["word"] == PLANTED, "q"]
    return float(q.iloc[0]) if len(q) else 1.0


def main(path: str, shuffles: str = str(SHUFFLES)) -> None:
    """Print the tables."""
    articles = read(Path(path))
    terms = timed("count_terms, three words", lambda: count_terms(articles))
    found = timed("keyness, all outlets", lambda: keyness(terms))
    timed("contexts of 'regime'", lambda: contexts(articles, "regime"))
    rates = timed("loaded_rates", lambda: loaded_rates(articles["text"]))
    print(
        f"{len(articles):,} articles, {int(rates['words'].sum()):,} words, {len(terms.names):,} words and phrases, "
        f"{found['outlet'].nunique()} outlets; {int((found['q'] < 0.05).sum()):,} of "
        f"{int(found.groupby('outlet')['n_screened'].first().sum()):,} at q < 0.05"
    )
    print("outlets shuffled over the articles: words at q < 0.05, of how many, outlets with one")
    for seed in range(int(shuffles)):
        null = shuffled(terms, seed)
        alarms = null[null["q"] < 0.05]
        screened = int(null.groupby("outlet")["n_screened"].first().sum())
        print(f"{seed:>4} {len(alarms):>6} {screened:>9,} {alarms['outlet'].nunique():>4}", flush=True)
    outlet = str(articles["outlet"].value_counts().sort_index().idxmax())
    print(f"a word that nobody else has, once in each of so many articles of {outlet}: q")
    for holding in (5, 8, 12, 16, 24):
        print(f"{holding:>4} {planted(articles, outlet, holding):>10.2g}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
