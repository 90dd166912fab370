"""Stories against gold: whether articles that tell one event were grouped, and others were not.

References:
    Bagga, A., Baldwin, B. (1998). Algorithms for scoring coreference chains. LREC workshop. (B-cubed.)
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpora.likeness import UNDATED
from corpora.marks import VERSION
from corpora.stories import find_stories
from framing.evaluation import DRAWS, SEED, Evaluation, Interval
from framing.resampling import cluster_weights, percentile_interval

# Cosine at which the plain baseline stops joining: near the best for it on NewsWCL50, so that it is no straw man.
PLAIN_BAR = 0.2
# Above this many rows the baseline, which compares all pairs at once, is left out.
PLAIN_ROWS = 5_000


def evaluate_stories(rows: Sequence[dict[str, Any]]) -> Evaluation:
    """Group the rows of a gold file of stories and compare.

    Returns:
        Figures `pairwise_f1`, `pairwise_precision`, `pairwise_recall`, `bcubed_f1`, `bcubed_precision`,
        `bcubed_recall`, with intervals over resamples of the gold stories; the baselines are plain TF-IDF with average
        linkage and no dates, and every article alone.
    """
    # Some gold files spell line breaks out.
    pieces = [(row.get("title") or "", row["text"].replace("\\n", "\n")) for row in rows]
    days = [
        dt.datetime.fromisoformat(row["published"]).date().toordinal() if row.get("published") else UNDATED
        for row in rows
    ]
    # A row without an outlet is of nobody else's.
    named = [f"outlet {row['outlet']}" if row.get("outlet") else f"row {n}" for n, row in enumerate(rows)]
    outlets = np.unique(named, return_inverse=True)[1]
    found = find_stories(
        lambda: ((n, *piece) for n, piece in enumerate(pieces)), np.array(days, dtype=np.int64), outlets
    )
    right = np.unique([str(row["story"]) for row in rows], return_inverse=True)[1]
    baselines = {"every article alone": _figures(right, np.arange(len(rows)))}
    if 1 < len(rows) <= PLAIN_ROWS:
        baselines["plain TF-IDF"] = _figures(right, _plain([f"{title}\n{text}" for title, text in pieces]))
    figures, intervals = _figures(right, found)
    return Evaluation(
        task="stories",
        scorer="stories",
        version=VERSION,
        n=len(rows),
        abstained=0,
        figures=figures,
        intervals=intervals,
        baselines={name: dict(zip(("figures", "intervals"), both, strict=True)) for name, both in baselines.items()},
    )


def _plain(texts: list[str]) -> NDArray[np.int64]:
    from sklearn.cluster import AgglomerativeClustering
    from sklearn.feature_extraction.text import TfidfVectorizer

    vectors = TfidfVectorizer(stop_words="english", sublinear_tf=True).fit_transform(texts).toarray()
    linkage = AgglomerativeClustering(
        n_clusters=None, metric="cosine", linkage="average", distance_threshold=1 - PLAIN_BAR
    )
    # A text without words has no direction.
    empty = ~vectors.any(axis=1)
    vectors[empty, :] = 1e-9
    labels: NDArray[np.int64] = linkage.fit_predict(vectors).astype(np.int64)
    return labels


def _figures(right: NDArray[Any], found: NDArray[Any]) -> tuple[dict[str, float], dict[str, Interval]]:
    """Figures over all articles, and their intervals over resamples of whole gold stories."""
    groups = np.unique(found, return_inverse=True)[1]
    stories = int(right.max()) + 1
    table = np.zeros((stories, int(groups.max()) + 1))
    np.add.at(table, (right, groups), 1)
    sizes, found_sizes = table.sum(axis=1), table.sum(axis=0)
    # By gold story: pairs that were found, pairs there are, and sums over articles of precision and recall.
    hits, due = (table * (table - 1)).sum(axis=1) / 2, sizes * (sizes - 1) / 2
    precise, recalled = (table**2 / found_sizes).sum(axis=1), (table**2).sum(axis=1) / sizes
    # Pairs said to be of one story between two gold stories.
    wrong = table @ table.T
    np.fill_diagonal(wrong, 0)

    def of(weights: NDArray[Any]) -> dict[str, NDArray[np.float64]]:
        good = weights @ hits
        said = good + np.einsum("ds,st,dt->d", weights, wrong, weights) / 2
        articles = weights @ sizes
        pairs = _three(good, said, weights @ due)
        cubed = _three(weights @ precise, articles, articles), _three(weights @ recalled, articles, articles)
        precision, recall = cubed[0][0], cubed[1][0]
        return {
            "pairwise_f1": pairs[2],
            "pairwise_precision": pairs[0],
            "pairwise_recall": pairs[1],
            "bcubed_f1": 2 * precision * recall / (precision + recall),
            "bcubed_precision": precision,
            "bcubed_recall": recall,
        }

    whole = of(np.ones((1, stories)))
    drawn = of(cluster_weights(stories, DRAWS, SEED).astype(np.float64))
    return (
        {name: float(value[0]) for name, value in whole.items()},
        {name: percentile_interval(value) for name, value in drawn.items()},
    )


def _three(
    good: NDArray[Any], said: NDArray[Any], due: NDArray[Any]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Precision, recall and F1; missing where nothing was said or nothing was due."""

    def ratio(above: NDArray[Any], below: NDArray[Any]) -> NDArray[np.float64]:
        made: NDArray[np.float64] = np.divide(above, below, out=np.full(len(below), np.nan), where=below > 0)
        return made

    return ratio(good, said), ratio(good, due), ratio(2 * good, said + due)
