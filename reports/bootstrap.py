"""Bootstrap: whole stories drawn with replacement, with every outlet's articles on them, for what has no formula."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

# Draws held in memory at a time.
CHUNK = 100


def story_draws(
    values: NDArray[np.float64], stories: NDArray[np.intp], cells: NDArray[np.intp], size: int, draws: int, seed: int
) -> Iterator[tuple[NDArray[np.float64], NDArray[np.float64]]]:
    """Sums and numbers of articles of every cell in each draw, some draws at a time.

    Stories are drawn jointly: a draw holds a story for all cells as often as for any, so that what the cells share
    stays shared.

    Args:
        values: Value of each article and cell (N); an article may stand in several cells.
        stories: Story of each, from 0 (N).
        cells: Cell of each, from 0 (N).
        size: Number of cells.
        draws: Number of draws.
        seed: Seed; the same seed gives the same draws.

    Yields:
        Sums and counts, two arrays (at most `CHUNK`, `size`).

    References:
        Efron, B., Tibshirani, R. J. (1993). An Introduction to the Bootstrap. Chapman & Hall.
        Field, C. A., Welsh, A. H. (2007). Bootstrapping Clustered Data. J. Royal Statistical Society B 69(3), 369-390.

    >>> sums, counts = next(story_draws(np.ones(4), np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1]), 2, 3, 1))
    >>> counts.tolist()  # both cells have an article on each story: they are drawn alike
    [[2.0, 2.0], [2.0, 2.0], [2.0, 2.0]]
    """
    from scipy import sparse

    number = int(stories.max()) + 1
    shape = (size, number)
    sums = sparse.coo_matrix((values, (cells, stories)), shape=shape).tocsr()
    counts = sparse.coo_matrix((np.ones(len(values)), (cells, stories)), shape=shape).tocsr()
    generator = np.random.default_rng(seed)
    for start in range(0, draws, CHUNK):
        weights = np.empty((number, min(CHUNK, draws - start)))
        for draw in range(weights.shape[1]):
            # Counting what was drawn is ten times as fast as a multinomial over many stories.
            weights[:, draw] = np.bincount(generator.integers(0, number, number), minlength=number)
        yield (sums @ weights).T, (counts @ weights).T
