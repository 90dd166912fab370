"""Engine: where scoring runs, in this process or in several, always in the same order."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from typing import TYPE_CHECKING, Any

from corpora.article import Article
from corpora.corpus import BATCH, Corpus
from framing.scorers import load_scorer
from framing.scoring import score_articles

if TYPE_CHECKING:
    import pandas as pd

# Starting a process costs about three seconds, in which one process scores some 200 articles.
WORTH_PROCESSES = 2 * BATCH

Scored = tuple["pd.DataFrame", "pd.DataFrame", "pd.DataFrame"]


def scored_batches(
    corpus: Corpus, dyad: tuple[str, str], measures: Sequence[str], cost: str, workers: int = 1
) -> Iterator[Scored]:
    """Articles, passages and scores of each batch, in the corpus' order whatever the number of workers."""
    task = (dyad, tuple(measures), cost)
    if workers < 2 or len(corpus) < WORTH_PROCESSES:
        for table in corpus.batches():
            yield score_rows(table.to_pylist(), *task)
        return
    # Not forked: a child that inherits threads of numerical libraries may hang.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_leave_interrupts_to_parent)
    try:
        waiting: deque[Future[Scored]] = deque()
        for table in corpus.batches():
            waiting.append(pool.submit(score_rows, table.to_pylist(), *task))
            # A few batches ahead keep the workers busy; more would only fill memory.
            if len(waiting) > 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _leave_interrupts_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def score_rows(rows: list[dict[str, Any]], dyad: tuple[str, str], measures: Sequence[str], cost: str) -> Scored:
    """Score one batch of rows of the articles table."""
    return score_articles([Article.from_row(row) for row in rows], dyad, [load_scorer(m, cost) for m in measures])
