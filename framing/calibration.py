"""Calibration: whether a label that is given with 80 % is right in 80 of 100 passages."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from corpora.errors import InputError

# As in Guo and others; ten bins of equal width.
BINS = 10


def calibration_error(
    confidence: Sequence[float] | NDArray[np.float64], right: Sequence[bool] | NDArray[np.bool_]
) -> float:
    """Expected calibration error: mean distance of accuracy from confidence over bins, weighted by their rows; 0 to 1.

    ECE = sum over bins b of |b| / n * |accuracy(b) - mean confidence(b)|; lower is better. It says nothing of
    accuracy: answers that are right half of the time with a confidence of 0.5 have an error of 0.

    Args:
        confidence: Probability of the given label, 0 to 1, (N,).
        right: Whether that label was right, (N,).

    Raises:
        InputError: There are no rows, or a confidence lies outside 0 to 1.

    References:
        Guo, C., Pleiss, G., Sun, Y., Weinberger, K. Q. (2017). On Calibration of Modern Neural Networks. ICML.

    >>> calibration_error([0.75, 0.75, 0.75, 0.75], [True, True, True, False])
    0.0
    >>> calibration_error([0.95, 0.95], [True, False])
    0.45
    """
    given, hits = np.asarray(confidence, dtype=float), np.asarray(right, dtype=float)
    if not len(given):
        raise InputError("no rows to tell the calibration from")
    if not (np.all(given >= 0) and np.all(given <= 1)):
        raise InputError("a confidence lies outside 0 to 1")
    bins = np.minimum((given * BINS).astype(int), BINS - 1)
    gaps = [abs(float((given[bins == b] - hits[bins == b]).sum())) for b in range(BINS)]
    return round(sum(gaps) / len(given), 6)


def fit_temperature(logits: NDArray[np.float64], right: NDArray[np.int64]) -> float:
    """The temperature by which logits (N, L) are divided so that the right labels (N,) are likeliest.

    >>> round(fit_temperature(np.array([[4.0, 0.0], [4.0, 0.0], [4.0, 0.0], [4.0, 0.0]]), np.array([0, 0, 0, 1])), 2)
    3.64
    """
    from scipy.optimize import minimize_scalar
    from scipy.special import log_softmax

    def loss(log_temperature: float) -> float:
        shares = log_softmax(logits / np.exp(log_temperature), axis=1)
        return -float(shares[np.arange(len(right)), right].mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-3, 3), method="bounded").x))


def cross_fitted_error(logits: NDArray[np.float64], right: NDArray[np.int64], folds: int = 5, seed: int = 0) -> float:
    """Calibration error of rows whose temperature was fitted on the other rows."""
    from scipy.special import softmax

    order = np.random.default_rng(seed).permutation(len(right))
    confidence, hits = np.empty(len(right)), np.empty(len(right), dtype=bool)
    for fold in range(folds):
        held = order[fold::folds]
        rest = np.setdiff1d(order, held)
        shares = softmax(logits[held] / fit_temperature(logits[rest], right[rest]), axis=1)
        confidence[held] = shares.max(axis=1)
        hits[held] = shares.argmax(axis=1) == right[held]
    return calibration_error(confidence, hits)
