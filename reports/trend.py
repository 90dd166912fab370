"""Trend: a smooth series of one outlet's mean over time, with a pointwise band from a block bootstrap.

At each period with articles a straight line is fitted to the means of the periods around it, weighted by their articles
and by the tricube of their distance u in bandwidths, (1 - |u|^3)^3; its height there is the smooth value. Counting by
articles, this is the local linear fit to the articles themselves.

The bandwidth is fixed and not chosen from the data. Cross-validation takes what neighbouring months share for trend
and draws it (Opsomer, Wang and Yang 2001); and with one bandwidth outlets can be compared.

References:
    Cleveland, W. S. (1979). Robust Locally Weighted Regression and Smoothing Scatterplots. JASA 74(368), 829-836.
    Fan, J., Gijbels, I. (1996). Local Polynomial Modelling and Its Applications. Chapman & Hall.
    Künsch, H. R. (1989). The Jackknife and the Bootstrap for General Stationary Observations. Annals of Statistics
    17(3), 1217-1241.
    Opsomer, J., Wang, Y., Yang, Y. (2001). Nonparametric Regression with Correlated Errors. Statistical Science 16(2),
    134-153.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from corpora.errors import InputError
from reports.estimation import NO_VARIATION
from reports.series import Series, block_length, moving_blocks, period_series

# Reach on each side, in periods: half a year of months, a year of quarters; shorter, and a line has nothing to rest on.
BANDWIDTH = {"month": 6, "quarter": 4, "half": 3, "year": 3}
# A line through two points is no smoothing.
FEWEST_PERIODS = 3
COLUMNS = ["period", "mean", "n_articles", "n_stories", "value", "low", "high", "stretch"]


def smooth(
    articles: pd.DataFrame, unit: str = "month", draws: int = 2000, seed: int = 1, bandwidth: int = 0
) -> pd.DataFrame:
    """Smooth series of one outlet, with a band.

    The band is pointwise: at each period by itself it covers in 95 % of samples. It is of the smooth: it says how far
    the smooth line might move with other articles, and not how far the line is from the truth, which it rounds off.

    Args:
        articles: Article scores of one outlet and one measure: `article_id`, `outlet`, `value`, `story`, `published`.
        unit: month, quarter, half or year.
        draws: Draws of blocks of periods for the band.
        seed: Their seed.
        bandwidth: Reach of the smoothing on each side, in periods; that of the unit (`BANDWIDTH`) where 0.

    Returns:
        A row for each period from the first to the last: `period`, `mean` (of its articles), `n_articles`, `n_stories`,
        `value` (smooth), `low` and `high` (band), `stretch`. A period without articles is a gap: all but the counts is
        missing. Nor has a period a smooth value that has fewer than three periods with articles within its bandwidth.
        Of two smooth periods with a longer gap than the bandwidth between them, `stretch` differs: no line joins them.

    Raises:
        InputError: There is no such unit, the articles are of several outlets or measures, the bandwidth is below 2
            periods, or there are fewer than 100 draws.

    >>> days = pd.date_range("2018-01-15", periods=8, freq="MS")
    >>> news = pd.DataFrame({"outlet": "A", "value": [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8], "published": days})
    >>> found = smooth(news.assign(article_id=range(8), story=range(8)))
    >>> found["value"].round(6).tolist()  # a straight line is its own smooth
    [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8]
    """
    found = period_series(articles, unit)
    reach = bandwidth or BANDWIDTH[unit]
    if reach < 2:
        raise InputError(f"bandwidth is {bandwidth}; it must be 2 periods or more")
    if draws < 100:
        raise InputError(f"draws is {draws}; a band needs 100 or more")
    hat = smoother(found, reach)
    value = hat @ found.mean
    low, high = _band(found, hat, value, draws, seed)
    table = pd.DataFrame(
        {
            "mean": found.mean,
            "n_articles": found.n_articles,
            "n_stories": found.n_stories,
            "value": value,
            "low": low,
            "high": high,
            "stretch": _stretches(found.place, value, reach),
        },
        index=found.place,
    ).reindex(range(len(found.every)))
    counts = ["n_articles", "n_stories"]
    table[counts] = table[counts].fillna(0).astype(int)
    return table.assign(period=list(found.every))[COLUMNS]


def smoother(found: Series, bandwidth: int) -> NDArray[np.float64]:
    """Matrix that makes the smooth values out of the means (T, T); a row is missing where too few periods are near."""
    distance = found.place[None, :] - found.place[:, None]
    # A period at the very bandwidth has no weight, as in Cleveland; one more lets it count.
    kernel = np.clip(1 - np.abs(distance / (bandwidth + 1)) ** 3, 0, None) ** 3
    weights = kernel * found.n_articles
    moments = [(weights * distance**power).sum(axis=1, keepdims=True) for power in range(3)]
    determinant = moments[0] * moments[2] - moments[1] ** 2
    enough = (kernel > 0).sum(axis=1, keepdims=True) >= FEWEST_PERIODS
    line = weights * (moments[2] - moments[1] * distance)
    hat: NDArray[np.float64] = np.full_like(line, np.nan)
    np.divide(line, determinant, out=hat, where=enough & (determinant > 0))
    return hat


def _band(
    found: Series, hat: NDArray[np.float64], value: NDArray[np.float64], draws: int, seed: int
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Pointwise 95 % band: the smooth of residuals, drawn in blocks of periods, around the smooth.

    A residual is taken times the square root of its weight, so that those of large and small periods can change
    places. A fitted line lies nearer to its own points than to others; so the draws are scaled to have, if periods
    were independent, the spread that the smooth has. The t quantile makes up for few periods.
    """
    nothing = np.full(len(value), np.nan)
    used = np.flatnonzero(~np.isnan(value))
    roots = np.sqrt(found.weight[used])
    # Residuals as a matrix on white noise; the sum of its squares is their degrees of freedom.
    maker = (np.eye(len(used)) - hat[np.ix_(used, used)]) * roots[:, None] / roots
    freedom = float(np.sum(maker**2))
    if len(used) < FEWEST_PERIODS or freedom < 1:
        return nothing, nothing
    length = block_length(len(used))
    residuals = (found.mean - value)[used] * roots
    residuals = (residuals - residuals.mean()) * np.sqrt(_scale(hat[used] / np.sqrt(found.weight), maker, length))
    places = moving_blocks(len(used), length, draws, np.random.default_rng(seed), wanted=len(value))
    reach = stats.t.ppf(0.975, freedom) * np.std(residuals[places] / np.sqrt(found.weight) @ hat.T, axis=0)
    reach = np.where(reach > NO_VARIATION, reach, np.nan)
    return value - reach, value + reach


def _scale(weights: NDArray[np.float64], maker: NDArray[np.float64], length: int) -> float:
    """Variance of the smooth of independent periods, over what drawing their residuals in blocks gives it on average.

    The same idea as that of CR2: a correction that is exact where there is no dependence.

    Args:
        weights: What the smooth makes of standardised means (periods with a smooth value, T).
        maker: Standardised residuals as a matrix on white noise.
        length: Periods in a block.
    """
    covariance = maker @ maker.T
    lags = [float(np.diagonal(covariance, lag).mean()) for lag in range(length)]
    place = np.arange(weights.shape[1])
    apart = np.abs(place[:, None] - place)
    together = place[:, None] // length == place // length
    drawn = np.where(together, np.array(lags)[np.minimum(apart, length - 1)], 0.0)
    return float(np.sum(weights**2) / np.sum((weights @ drawn) * weights))


def _stretches(place: NDArray[np.intp], value: NDArray[np.float64], bandwidth: int) -> NDArray[np.float64]:
    """Number of the stretch that each smooth value is in; missing where there is none."""
    some = ~np.isnan(value)
    number = np.full(len(place), np.nan)
    number[some] = np.cumsum(np.diff(place[some], prepend=place[some][:1]) > bandwidth + 1)
    return number
