"""Decomposition: how much of a difference between two outlets is in what they cover, and how much in how they tell it.

With p an outlet's share of articles on stories that both cover (S), v its story weights within S (its articles on a
story over its articles on S), y its story means, M its means on shared (S) and unshared (U) stories:

    a - b = sum over S of (v_a + v_b) / 2 (y_a - y_b)                           treatment
          + sum over S of (v_a - v_b) (y_a + y_b) / 2                           weighting
          + (1 - p_a) (M_aU - M_aS) - (1 - p_b) (M_bU - M_bS)                   unshared

It adds up exactly. Every part is a sum of ratios over stories, such as sum n_a (y_a - y_b) / sum n_a, so that each
story's pull on it is known and the interval is that of `reports.estimation`; the parts' pulls add up as well.

References:
    Kitagawa, E. M. (1955). Components of a Difference Between Two Rates. J. American Statistical Association 50(272),
    1168-1194.
    Ñopo, H. (2008). Matching as a Tool to Decompose Wage Gaps. Review of Economics and Statistics 90(2), 290-299.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corpora.errors import InputError
from reports.estimation import interval

PARTS = ("treatment", "weighting", "unshared")
METHOD = "Kitagawa and Nopo decomposition over stories; story-clustered t interval"
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Decomposition:
    """A difference between two outlets, in three parts.

    Attributes:
        one: The outlet.
        other: The outlet that it is compared with.
        parts: One row each for the difference and its `PARTS`: `kind`, `value`, `se`, `freedom`, `low`, `high`, `p`;
            empty where there is not enough data.
        shared: Number of stories that both cover.
        articles: Articles of each, and those of them on shared stories: (n_a, n_aS, n_b, n_bS).
        stories: Stories of each.
        note: Why there is nothing, or empty.
    """

    one: str
    other: str
    parts: pd.DataFrame
    shared: int
    articles: tuple[int, int, int, int]
    stories: tuple[int, int]
    note: str = ""

    @property
    def unshared(self) -> tuple[float, float]:
        """1 - p of each outlet: its share of articles on stories that the other does not cover."""
        mine, on_shared, theirs, also = self.articles
        return (1 - on_shared / mine if mine else float("nan"), 1 - also / theirs if theirs else float("nan"))

    def part(self, kind: str) -> float:
        """Value of a part, missing where there is none."""
        rows = self.parts[self.parts["kind"] == kind] if len(self.parts) else self.parts
        return float(rows["value"].iloc[0]) if len(rows) else float("nan")


def decompose(articles: pd.DataFrame, one: str, other: str, minimum: tuple[int, int] = (10, 5)) -> Decomposition:
    """Split the difference between two outlets in treatment, weighting and what is unshared.

    Args:
        articles: Scores of articles on one measure: columns `outlet`, `story`, `value`.
        one: The outlet.
        other: The outlet that it is compared with.
        minimum: Articles that each needs, and stories that both must cover.

    Raises:
        InputError: The two outlets are one.

    >>> articles = pd.DataFrame({
    ...     "outlet": ["A", "A", "A", "B", "B", "B"], "story": [1, 2, 3, 1, 2, 4],
    ...     "value": [0.4, 0.6, 0.9, 0.1, 0.2, -0.5]})
    >>> decompose(articles, "A", "B", minimum=(3, 2)).parts.set_index("kind")["value"].round(3).to_dict()
    {'difference': 0.7, 'treatment': 0.35, 'weighting': 0.0, 'unshared': 0.35}
    """
    if one == other:
        raise InputError(f"outlet {one!r} has no difference from itself")
    rows = articles[articles["outlet"].isin([one, other])]
    codes, names = pd.factorize(rows["story"], sort=True)
    is_one = (rows["outlet"] == one).to_numpy()
    counts, sums = story_sums(rows["value"].to_numpy(dtype=float), codes, is_one, len(names))
    both = (counts[0] > 0) & (counts[1] > 0)
    mine, on_shared, theirs, also = (int(n) for count in counts for n in (count.sum(), count[both].sum()))
    stories = (int((counts[0] > 0).sum()), int((counts[1] > 0).sum()))
    shared = int(both.sum())
    note = ""
    for outlet, size in ((one, mine), (other, theirs)):
        if size < minimum[0] and not note:
            note = f"not enough data: {size} articles of {outlet}, {minimum[0]} are needed"
    if shared < minimum[1] and not note:
        note = f"not enough data: {shared} stories that both cover, {minimum[1]} are needed"
    parts = (
        pd.DataFrame() if note else pd.DataFrame([{"kind": kind, **told} for kind, told in taken_apart(counts, sums)])
    )
    return Decomposition(one, other, parts, shared, (mine, on_shared, theirs, also), stories, note)


def story_sums(values: Array, stories: NDArray[np.intp], is_one: NDArray[np.bool_], size: int) -> tuple[Array, Array]:
    """Number of articles, and sum of their values, of each outlet on each story: two arrays (2, stories)."""
    sides = (is_one, ~is_one)
    counts = np.stack([np.bincount(stories[side], minlength=size).astype(float) for side in sides])
    return counts, np.stack([np.bincount(stories[side], values[side], minlength=size) for side in sides])


def taken_apart(
    counts: Array, sums: Array, kinds: Sequence[str] = ("difference", *PARTS)
) -> Iterator[tuple[str, dict[str, float]]]:
    """The difference and its parts, each with its interval, of what `story_sums` gives."""
    both = (counts > 0).all(axis=0)
    on = np.where(both, counts, 0.0)
    means = np.divide(sums, on, out=np.zeros_like(sums), where=both)
    gap, middle = means[0] - means[1], means.mean(axis=0)
    whole = [_ratio(total, count) for total, count in zip(sums, counts, strict=True)]
    on_shared = [_ratio(mean * count, count) for mean, count in zip(means, on, strict=True)]
    found = {
        "difference": whole[0] - whole[1],
        "treatment": (_ratio(gap * on[0], on[0]) + _ratio(gap * on[1], on[1])) / 2,
        "weighting": _ratio(middle * on[0], on[0]) - _ratio(middle * on[1], on[1]),
        "unshared": (whole[0] - on_shared[0]) - (whole[1] - on_shared[1]),
    }
    for kind in kinds:
        # What rests on a few unshared stories is no surer than these are many.
        of = {"treatment": on, "weighting": on, "unshared": counts - on}.get(kind, counts)
        freedom = min(_freedom(of), _freedom(counts))
        yield kind, interval(float(found[kind][0]), float(np.sum(found[kind][1:] ** 2)), freedom)


def _ratio(numerators: Array, weights: Array) -> Array:
    """The ratio of two sums over stories, and then each story's pull on it."""
    total = weights.sum()
    value = numerators.sum() / total
    share = weights / total
    # One story that is all of an outlet's articles leaves nothing to compare it with.
    room = np.where(share < 1, 1 - share, np.nan)
    return np.concatenate([[value], (numerators - value * weights) / total / np.sqrt(room)])


def _freedom(counts: Array) -> float:
    """The effective number of stories less 1 (see `reports.estimation`)."""
    totals = counts.sum(axis=1, keepdims=True)
    spans = np.divide(counts, totals**2, out=np.zeros_like(counts), where=totals > 0).sum(axis=0)
    return float(spans.sum() ** 2 / np.sum(spans**2)) - 1 if spans.any() else 0.0
