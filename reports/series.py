"""Series: the mean of one outlet in each period, what stands behind it, and periods drawn in blocks.

Neighbouring periods resemble each other: a crisis colours several months. What is drawn or shuffled is therefore blocks
of periods that follow each other, each period with all its articles and so with whole stories.

References:
    Künsch, H. R. (1989). The Jackknife and the Bootstrap for General Stationary Observations. Annals of Statistics
    17(3), 1217-1241.
    Kish, L. (1965). Survey Sampling. Wiley. (Effective size, section 8.2.)
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corpora.errors import InputError
from reports.periods import UNITS, all_periods, period_labels


@dataclass(frozen=True)
class Series:
    """Means of one outlet by period, those without articles left out; all arrays (T).

    Attributes:
        every: Every period from the first to the last, those without articles included.
        place: Place of each period that has articles in `every`.
        mean: Mean over the period's articles, on the measure's scale.
        n_articles: Their number.
        n_stories: Number of their stories.
        weight: Effective number of stories, n^2 / sum n_g^2: the variance of the mean is about in proportion to
            1 / weight.
    """

    every: tuple[str, ...]
    place: NDArray[np.intp]
    mean: NDArray[np.float64]
    n_articles: NDArray[np.intp]
    n_stories: NDArray[np.intp]
    weight: NDArray[np.float64]


def period_series(articles: pd.DataFrame, unit: str = "month") -> Series:
    """The series of one outlet and one measure; undated articles are in no period.

    Args:
        articles: Article scores of one outlet and one measure: `article_id`, `outlet`, `value`, `story`, `published`.
        unit: month, quarter, half or year.

    Raises:
        InputError: There is no such unit, or the articles are of several outlets or several measures.

    >>> days = pd.to_datetime(["2018-01-03", "2018-01-04", "2018-01-05", "2018-03-01"])
    >>> news = {"outlet": "A", "value": [0.0, 0.0, 0.9, 1.0], "story": ["x", "x", "y", "z"], "published": days}
    >>> found = period_series(pd.DataFrame(news).assign(article_id=range(4)))
    >>> found.place.tolist(), found.mean.round(3).tolist(), found.weight.tolist()  # 3^2 / (2^2 + 1^2); no February
    ([0, 2], [0.3, 1.0], [1.8, 1.0])
    """
    if unit not in UNITS:
        raise InputError(f"no period {unit!r}; there are: {', '.join(UNITS)}")
    check_one_measure(articles)
    outlets = sorted(set(articles["outlet"]))
    if len(outlets) > 1:
        raise InputError(f"a series is of one outlet; these articles are of {len(outlets)}, {outlets[0]!r} among them")
    known = articles[articles["published"].notna() & articles["value"].notna()]
    if known.empty:
        nothing = np.zeros(0)
        return Series((), nothing.astype(np.intp), nothing, nothing.astype(np.intp), nothing.astype(np.intp), nothing)
    labels = period_labels(known["published"], unit).to_numpy(dtype=object)
    every = all_periods(min(labels), max(labels), unit)
    at = {label: place for place, label in enumerate(every)}
    place, period = np.unique(np.array([at[label] for label in labels]), return_inverse=True)
    story = pd.factorize(known["story"])[0]
    cells, sizes = np.unique(period * (int(story.max()) + 1) + story, return_counts=True)
    owner = cells // (int(story.max()) + 1)
    n = np.bincount(period)
    return Series(
        every=tuple(every),
        place=place,
        mean=np.bincount(period, known["value"].to_numpy(dtype=float)) / n,
        n_articles=n,
        n_stories=np.bincount(owner),
        weight=n**2 / np.bincount(owner, sizes**2.0),
    )


def check_one_measure(articles: pd.DataFrame) -> None:
    """Raise where an article has several values.

    Raises:
        InputError: An article has several values, so that the rows are not of one measure.
    """
    twice = articles["article_id"][articles["article_id"].duplicated()]
    if len(twice):
        raise InputError(f"article {str(twice.iloc[0])!r} has several values; give the rows of one measure at a time")


def block_length(size: int) -> int:
    """Periods in a block: the cube root of their number, rounded down; Künsch's rate for the variance of a mean.

    Rounded down, since a short series has too few blocks otherwise: of 24 months a block has two.

    >>> [block_length(size) for size in (6, 24, 27, 100)]
    [1, 2, 3, 4]
    """
    return max(1, int(np.cbrt(size) + 1e-9))


def shuffled_blocks(size: int, length: int, draws: int, generator: np.random.Generator) -> NDArray[np.intp]:
    """Places of the periods after their blocks were shuffled (draws, size); where the first block begins is random too.

    >>> sorted(shuffled_blocks(5, 2, 1, np.random.default_rng(1))[0].tolist())
    [0, 1, 2, 3, 4]
    """
    order = np.argsort(generator.random((draws, -(-size // length))), axis=1)
    places = (order[:, :, None] * length + np.arange(length)).reshape(draws, -1)
    # The last block may be short.
    kept = places[places < size].reshape(draws, size)
    return (kept + generator.integers(0, size, (draws, 1))) % size


def moving_blocks(
    size: int, length: int, draws: int, generator: np.random.Generator, wanted: int = 0
) -> NDArray[np.intp]:
    """Places of periods drawn with replacement in overlapping blocks (draws, `wanted`, or `size` where that is 0).

    >>> moving_blocks(4, 4, 1, np.random.default_rng(1)).tolist()  # one block is all there is
    [[0, 1, 2, 3]]
    """
    wanted = wanted or size
    starts = generator.integers(0, size - length + 1, (draws, -(-wanted // length)))
    places: NDArray[np.intp] = (starts[:, :, None] + np.arange(length)).reshape(draws, -1)[:, :wanted]
    return places
