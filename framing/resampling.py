"""Cluster weights for intervals: how often each cluster is drawn, used by evaluation and by reports."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def cluster_weights(clusters: int, draws: int, seed: int) -> NDArray[np.float32]:
    """How often each cluster occurs in each bootstrap draw; an array (draws, clusters), each row summing to `clusters`.

    Args:
        clusters: Number of clusters (rows, days or stories) that are drawn with replacement.
        draws: Number of draws.
        seed: Seed; the same seed gives the same draws.

    Raises:
        ValueError: There is no cluster or no draw.

    References:
        Efron, B., Tibshirani, R. J. (1993). An Introduction to the Bootstrap. Chapman & Hall.

    >>> cluster_weights(3, draws=2, seed=1).sum(axis=1).tolist()
    [3.0, 3.0]
    """
    if clusters < 1 or draws < 1:
        raise ValueError(f"{clusters} clusters and {draws} draws: both must be at least 1")
    generator = np.random.default_rng(seed)
    weights = np.empty((draws, clusters), dtype=np.float32)
    share = np.full(clusters, 1 / clusters)
    # In pieces: whole, the generator's wide integers would take twice the memory of the result.
    for start in range(0, draws, 100):
        weights[start : start + 100] = generator.multinomial(clusters, share, size=min(100, draws - start))
    return weights


def percentile_interval(draws: NDArray[np.float64], level: float = 0.95) -> tuple[float, float]:
    """Percentile interval of bootstrap draws; missing draws are left out, and an interval of none is missing.

    >>> import numpy as np
    >>> percentile_interval(np.arange(101.0), level=0.5)
    (25.0, 75.0)
    """
    known = draws[~np.isnan(draws)]
    if not len(known):
        return float("nan"), float("nan")
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)
