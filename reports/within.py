"""Within periods: the difference between outlets as it is when each is compared with the others of the same time.

Where outlets published in different years, a plain difference mixes the outlets with the years; this one does not. It
is the mean, over an outlet's articles, of their period's contrast with the mean of the other outlets' means of that
period: as in the plain difference each outlet counts once.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from reports.bootstrap import story_draws

Draws = NDArray[np.float64]


def matched(own: tuple[Draws, Draws], others: tuple[Draws, Draws]) -> Draws:
    """Difference within periods, of sums and numbers by period (draws, periods); missing without a period.

    Of the outlet they are sums and numbers of articles, of the others sums of outlets' means and numbers of outlets.
    Periods in which one side has none are left out.

    >>> own, others = (np.array([[0.5, 0.1]]), np.ones((1, 2))), (np.array([[0.0, 0.2]]), np.array([[0.0, 2.0]]))
    >>> matched(own, others).tolist()
    [0.0]
    """
    both = (own[1] > 0) & (others[1] > 0)
    mine, theirs = (np.divide(sums, n, out=np.zeros_like(sums), where=both) for sums, n in (own, others))
    sizes = np.where(both, own[1], 0.0)
    total = sizes.sum(axis=1)
    found: Draws = np.full(len(total), np.nan)
    np.divide((sizes * (mine - theirs)).sum(axis=1), total, out=found, where=total > 0)
    return found


def within_periods(
    articles: pd.DataFrame,
    keys: NDArray[np.intp],
    asked: Sequence[tuple[int, str, Sequence[str]]],
    draws: int,
    seed: int,
) -> list[tuple[float, float]]:
    """Value and standard error of differences within periods.

    Args:
        articles: Columns `value`, `outlet`, `period` and `story`.
        keys: Which measure each article score is of, from 0; -1 for those that no one asks for.
        asked: Measure, outlet, and the outlets that it is compared with, each of which counts once.
        draws: Bootstrap draws of whole stories for the standard error.
        seed: Their seed.

    Returns:
        For each that is asked its value and the standard deviation of its draws; both missing where no period has both
        sides. The bootstrap's variance is too small by (G - 1) / G where G stories are drawn: see `compare_articles`.
    """
    chosen = (keys >= 0) & (articles["period"] != "").to_numpy()
    if not asked or not chosen.any():
        return [(float("nan"), float("nan"))] * len(asked)
    rows = articles[chosen]
    outlets, outlet_names = pd.factorize(rows["outlet"], sort=True)
    periods, period_names = pd.factorize(rows["period"], sort=True)
    stories = pd.factorize(rows["story"])[0]
    shape = (int(keys.max()) + 1, len(outlet_names), len(period_names))
    cells = np.ravel_multi_index((keys[chosen], outlets, periods), shape)
    place = {str(name): number for number, name in enumerate(outlet_names)}
    values = rows["value"].to_numpy(dtype=float)
    size = int(np.prod(shape))
    plain: list[Draws] = [
        np.bincount(cells, weights, minlength=size)[None, :].astype(float) for weights in (values, np.ones(len(values)))
    ]
    found = _all(plain[0], plain[1], shape, asked, place)[0]
    drawn = np.concatenate(
        [
            _all(sums, counts, shape, asked, place)
            for sums, counts in story_draws(values, stories, cells, size, draws, seed)
        ]
    )
    # A draw without any period of both sides says nothing about the difference.
    some = ~np.isnan(drawn)
    enough = some.sum(axis=0) > 1
    spread = [float(np.std(column[known], ddof=1)) if ok else float("nan")
              for column, known, ok in zip(drawn.T, some.T, enough, strict=True)]  # fmt: skip
    return [(float(value), float(se)) for value, se in zip(found, spread, strict=True)]


def _all(
    sums: Draws,
    counts: Draws,
    shape: tuple[int, int, int],
    asked: Sequence[tuple[int, str, Sequence[str]]],
    place: Mapping[str, int],
) -> Draws:
    """Everything asked in some draws, (draws, asked)."""
    both = [array.reshape(-1, *shape) for array in (sums, counts)]
    totals: dict[tuple[int, frozenset[str]], list[Draws]] = {}
    columns = []
    for key, outlet, others in asked:
        own = [array[:, key, place[outlet]] if outlet in place else np.zeros((len(array), shape[2])) for array in both]
        together = frozenset({outlet, *others})
        if (key, together) not in totals:
            # Of all others the total less the outlet: summed once, not once for every outlet.
            at = [place[name] for name in sorted(together) if name in place]
            totals[key, together] = [side.sum(axis=1) for side in _means(*(array[:, key, at] for array in both))]
        rest = [total - mine for total, mine in zip(totals[key, together], _means(*own), strict=True)]
        columns.append(matched((own[0], own[1]), (rest[0], rest[1])))
    return np.stack(columns, axis=1)


def _means(sums: Draws, counts: Draws) -> tuple[Draws, Draws]:
    """Means where there are articles, else 0, and whether there are any."""
    some = counts > 0
    return np.divide(sums, counts, out=np.zeros_like(sums), where=some), some.astype(float)
