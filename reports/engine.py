"""Engine: where scoring runs, in this process or in several, always in the same order."""

from __future__ import annotations

import multiprocessing
import signal
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from corpora.article import Article
from corpora.corpus import BATCH, Corpus
from framing.frames import OWN
from framing.scorers import load_scorer
from framing.scoring import article_frame, score_articles

if TYPE_CHECKING:
    import pandas as pd

    from reports.kept import EarlierScores

# Starting a process costs about three seconds, in which one process scores some 200 articles.
WORTH_PROCESSES = 2 * BATCH

Scored = tuple["pd.DataFrame", "pd.DataFrame", "pd.DataFrame"]


def scored_batches(
    corpus: Corpus,
    dyad: tuple[str, str],
    measures: Sequence[str],
    cost: str,
    workers: int = 1,
    earlier: EarlierScores | None = None,
    codebooks: str = OWN,
) -> Iterator[Scored]:
    """Articles, passages and scores of each batch, in the corpus' order whatever the number of workers.

    Articles whose scores are kept from an earlier report are not read again.
    """
    task = (dyad, tuple(measures), cost, codebooks)
    unread = len(corpus) - (len(earlier) if earlier is not None else 0)
    if workers < 2 or unread < WORTH_PROCESSES:
        for table in corpus.batches():
            rows = table.to_pylist()
            yield _with_earlier(rows, score_rows(_unread(rows, earlier), *task), earlier)
        return
    # Not forked: a child that inherits threads of numerical libraries may hang.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(workers, mp_context=context, initializer=_leave_interrupts_to_parent)
    try:
        waiting: deque[tuple[list[dict[str, Any]], Future[Scored]]] = deque()
        for table in corpus.batches():
            rows = table.to_pylist()
            waiting.append((rows, pool.submit(score_rows, _unread(rows, earlier), *task)))
            # A few batches ahead keep the workers busy; more would only fill memory.
            if len(waiting) > 2 * workers:
                rows, done = waiting.popleft()
                yield _with_earlier(rows, done.result(), earlier)
        while waiting:
            rows, done = waiting.popleft()
            yield _with_earlier(rows, done.result(), earlier)
    finally:
        pool.shutdown(cancel_futures=True)


@contextmanager
def beside(workers: int, size: int, work: Callable[..., Any], *given: Any) -> Iterator[Callable[[], Any]]:
    """Work that goes on in a process of its own while others score; what is given back waits for its result.

    With one worker, or few articles (`size`), it is done here when it is asked for.
    """
    if workers < 2 or size < WORTH_PROCESSES:
        yield lambda: work(*given)
        return
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(1, mp_context=context, initializer=_leave_interrupts_to_parent)
    try:
        future = pool.submit(work, *given)
        yield future.result
    finally:
        pool.shutdown(cancel_futures=True)


def each(workers: int, size: int, work: Callable[[Any], Any], items: Sequence[Any]) -> list[Any]:
    """What `work` makes of each item, in order; in several processes where the study is large (`size` articles)."""
    if workers < 2 or size < WORTH_PROCESSES:
        return [work(item) for item in items]
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_leave_interrupts_to_parent) as pool:
        return list(pool.map(work, items))


def _unread(rows: list[dict[str, Any]], earlier: EarlierScores | None) -> list[dict[str, Any]]:
    return rows if earlier is None else [row for row in rows if Article.from_row(row) not in earlier]


def _with_earlier(rows: list[dict[str, Any]], scored: Scored, earlier: EarlierScores | None) -> Scored:
    if earlier is None:
        return scored
    articles = [Article.from_row(row) for row in rows]
    return article_frame(articles), *earlier.joined_with(articles, *scored[1:])


def _leave_interrupts_to_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def score_rows(
    rows: list[dict[str, Any]], dyad: tuple[str, str], measures: Sequence[str], cost: str, codebooks: str = OWN
) -> Scored:
    """Score one batch of rows of the articles table."""
    scorers = [load_scorer(measure, cost, codebooks) for measure in measures]
    return score_articles([Article.from_row(row) for row in rows], dyad, scorers)
