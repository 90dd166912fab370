"""Regression over articles with errors that are clustered by story, sound where there are few stories.

References:
    Bell, R. M., McCaffrey, D. F. (2002). Bias Reduction in Standard Errors for Linear Regression with Multi-Stage
    Samples. Survey Methodology 28(2), 169-181.
    Imbens, G. W., Kolesár, M. (2016). Robust Standard Errors in Small Samples: Some Practical Advice. Review of
    Economics and Statistics 98(4), 701-712.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]


def coefficient(y: Matrix, x: Matrix, stories: NDArray[np.intp], wanted: int) -> tuple[float, float, float]:
    """A coefficient of an ordinary least squares fit, its CR2 variance, and its degrees of freedom.

    With X the design, H = X (X'X)^-1 X' and e the residuals, the variance is c' (X'X)^-1 M (X'X)^-1 c with M the sum
    over stories g of X_g' A_g e_g e_g' A_g X_g and A_g = (I - H_gg)^(-1/2). The degrees of freedom are
    Satterthwaite's, 2 E^2 / V of the variance estimate if all articles were independent (Bell and McCaffrey's).

    Args:
        y: Value of each article (N).
        x: Design (N, K), of full rank.
        stories: Story of each article (N).
        wanted: Column of the coefficient.

    Returns:
        Coefficient, variance, degrees of freedom; the last two are missing where no story says anything about it.

    >>> x = np.column_stack([np.ones(6), [0, 0, 0, 1, 1, 1]])
    >>> value, variance, freedom = coefficient(np.array([0.0, 1.0, 2.0, 4.0, 5.0, 6.0]), x, np.arange(6), 1)
    >>> round(value, 6), round(variance, 6), round(freedom, 6)  # two samples of variance 1: 1/3 + 1/3, Welch's 4
    (4.0, 0.666667, 4.0)
    """
    inverse = np.linalg.inv(x.T @ x)
    beta = inverse @ (x.T @ y)
    residual = y - x @ beta
    root = np.linalg.cholesky(inverse)
    order = np.argsort(stories, kind="stable")
    _, starts, counts = np.unique(stories[order], return_index=True, return_counts=True)
    pulls, sizes, shares = [], [], []
    for count in np.unique(counts):  # stories of one size together
        rows = order[starts[counts == count][:, None] + np.arange(count)]
        part = x[rows]
        # I - H_gg differs from I in at most K directions: no matrix of the story's articles is needed.
        along, length, _ = np.linalg.svd(part @ root, full_matrices=False)
        left = 1 - length**2
        # Where a story alone decides on a direction, its residual there is 0 whatever is true.
        more = np.where(left > 1e-10, 1 / np.sqrt(np.maximum(left, 1e-10)), 0) - 1
        pull = part @ inverse[:, wanted]
        pull = pull + np.einsum("gik,gk,gjk,gj->gi", along, more, along, pull, optimize=True)
        pulls.append(np.sum(pull * residual[rows], axis=1))
        sizes.append(np.sum(pull**2, axis=1))
        shares.append(np.einsum("gik,gi->gk", part, pull))
    size, share = np.concatenate(sizes), np.concatenate(shares)
    # With p_g the story's row of the quadratic form, p_g'p_h = size_g [g = h] - share_g' (X'X)^-1 share_h.
    own = np.einsum("gi,ij,gj->g", share, inverse, share)
    cross = inverse @ (share.T @ share)
    trace = float(size.sum() - own.sum())
    squares = float(np.sum(size**2) - 2 * np.sum(size * own) + np.trace(cross @ cross))
    variance = float(np.sum(np.concatenate(pulls) ** 2))
    if not trace > 1e-12 or not squares > 0:
        return float(beta[wanted]), float("nan"), float("nan")
    return float(beta[wanted]), variance, trace**2 / squares
