"""Controls: how often this report's own data would cry wolf.

Two tests on data in which nothing differs by construction:

- **An outlet against itself.** Its stories are split in two by chance, and the halves compared as two outlets are.
- **Outlets shuffled within stories.** On the stories of a pair, which article is whose is drawn anew; what is left of
  the treatment is chance.

Both are told as the share of comparisons that come out as differing at 5 %. About 5 % should; many more say that the
intervals are too narrow for these data.

References:
    Good, P. (2005). Permutation, Parametric and Bootstrap Tests of Hypotheses, 3rd ed. Springer.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reports.article_scores import KEY
from reports.comparison import UNTESTED, Comparison
from reports.decomposition import story_sums, taken_apart
from reports.estimation import Cell, difference
from reports.names import about
from reports.pairs import Compared

LEVEL = 0.05
SPLITS = 200
# Outlets that are split against themselves, the largest first.
MOST = 8


@dataclass(frozen=True)
class Control:
    """How often nothing was taken for something.

    Attributes:
        name: Which control.
        found: Comparisons that came out as differing at 5 %.
        tried: Comparisons that could be made.
        worst: The highest share for one outlet (or pair) and measure, and for which.
    """

    name: str
    found: int
    tried: int
    worst: tuple[float, str]

    @property
    def share(self) -> float:
        """Share of false finds, missing where nothing could be tried."""
        return self.found / self.tried if self.tried else float("nan")


def split_control(comparison: Comparison, splits: int = SPLITS, seed: int = 1) -> Control:
    """Compare halves of each large outlet, drawn by story, on every tested measure.

    Args:
        comparison: The report's comparison.
        splits: Number of random splits of each outlet and measure.
        seed: Their seed.
    """
    rows = comparison.articles
    rows = rows[~rows["measure"].isin(UNTESTED) & (rows["voice"] == "")]
    sizes = rows.groupby("outlet")["article_id"].nunique()
    largest = sizes.sort_index().sort_values(ascending=False, kind="stable").index[:MOST]
    generator = np.random.default_rng(seed)
    counts: list[tuple[int, int, str]] = []
    for key, articles in rows[rows["outlet"].isin(largest)].groupby([*KEY, "outlet"], sort=True):
        stories, names = pd.factorize(articles["story"], sort=True)
        half = 2 * comparison.minimum[0], 2 * comparison.minimum[1]
        if len(articles) < half[0] or len(names) < half[1]:
            continue
        values, passages = articles["value"].to_numpy(dtype=float), articles["n_passages"].to_numpy()
        found = tried = 0
        for _ in range(splits):
            chosen = (generator.permutation(len(names)) < len(names) / 2)[stories]
            halves = [
                Cell({"value": values[side], "story": stories[side], "n_passages": passages[side]}, (2, 2))
                for side in (chosen, ~chosen)
            ]
            p = difference(halves[0], halves[1:]).get("p", float("nan"))
            tried += not np.isnan(p)
            found += bool(p < LEVEL)
        named = dict(zip((*KEY, "outlet"), map(str, key), strict=True))
        what = about(named["measure"], named["target"], named["pair"])
        counts.append((found, tried, f"{named['outlet']}, {what}"))
    return _control("an outlet against itself", counts)


def shuffle_control(compared: Sequence[Compared], shuffles: int = SPLITS, seed: int = 1) -> Control:
    """Shuffle the outlets of each pair within each story they share, and test the treatment.

    Args:
        compared: The pairs of the report.
        shuffles: Number of shuffles of each pair and measure.
        seed: Their seed.
    """
    generator = np.random.default_rng(seed)
    counts: list[tuple[int, int, str]] = []
    for one in compared:
        if one.found.note:
            continue
        # What chance does must not hang on the order in which articles came.
        articles = one.articles.sort_values("article_id", kind="stable")
        stories, names = pd.factorize(articles["story"], sort=True)
        values = articles["value"].to_numpy(dtype=float)
        is_one = (articles["outlet"] == one.found.one).to_numpy()
        sizes, _ = story_sums(values, stories, is_one, len(names))
        # Only what both tell can change hands; the rest of each outlet stays its own.
        common = np.flatnonzero(np.take((sizes > 0).all(axis=0), stories))
        home = common[np.argsort(stories[common], kind="stable")]
        found = tried = 0
        for _ in range(shuffles):
            drawn = common[np.lexsort((generator.random(len(common)), stories[common]))]
            shuffled = values.copy()
            shuffled[home] = values[drawn]
            told = dict(taken_apart(*story_sums(shuffled, stories, is_one, len(names)), kinds=("treatment",)))
            tried += not np.isnan(told["treatment"]["p"])
            found += told["treatment"]["p"] < LEVEL
        what = about(one.key["measure"], one.key["target"], one.key["pair"])
        counts.append((found, tried, f"{one.found.one} and {one.found.other}, {what}"))
    return _control("outlets shuffled within stories", counts)


def _control(name: str, counts: Sequence[tuple[int, int, str]]) -> Control:
    shares = [(found / tried, what) for found, tried, what in counts if tried]
    worst = max(shares, key=lambda share: (share[0], share[1])) if shares else (float("nan"), "")
    return Control(name, sum(found for found, _, _ in counts), sum(tried for _, tried, _ in counts), worst)
