"""Agreement: how far coders agree beyond chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray


def alpha(codings: Sequence[Sequence[str | int | bool | None]]) -> float:
    """Krippendorff's alpha for nominal categories: 1 at full agreement, 0 at chance, below 0 where coders contradict.

    Args:
        codings: For each unit what each coder said, None where he did not code it. A unit with one coding does not
            count.

    Returns:
        1 - D_o / D_e, observed over expected disagreement; missing (NaN) where no unit has two codings, or nothing
        varies: coders who all say the same of everything show no agreement that could be told from chance.

    References:
        Krippendorff, K. (2011). Computing Krippendorff's Alpha-Reliability. University of Pennsylvania.
        Krippendorff, K. (2019). Content Analysis: An Introduction to Its Methodology, 4th ed., chapter 12. Sage.

    >>> round(alpha([(1, 1), (1, 1), (0, 0), (0, 0), (1, 0)]), 3)
    0.64
    """
    values = sorted({str(value) for unit in codings for value in unit if value is not None})
    place = {value: k for k, value in enumerate(values)}
    coincidences = np.zeros((len(values), len(values)))
    for unit in codings:
        known = [place[str(value)] for value in unit if value is not None]
        if len(known) < 2:
            continue
        counts: NDArray[np.float64] = np.bincount(known, minlength=len(values)).astype(float)
        coincidences += (np.outer(counts, counts) - np.diag(counts)) / (len(known) - 1)
    totals = coincidences.sum(axis=1)
    n = totals.sum()
    expected = n * n - (totals**2).sum()
    if n < 2 or expected == 0:
        return float("nan")
    observed = n - np.trace(coincidences)
    return float(1 - (n - 1) * observed / expected)


def frame_alphas(frames: Sequence[str], codings: Mapping[str, Sequence[frozenset[str] | None]]) -> dict[str, float]:
    """Alpha of each frame, yes or no.

    Args:
        frames: The frames.
        codings: Unit to what each coder found in it, None where he did not code it.
    """
    return {
        frame: alpha([[None if one is None else frame in one for one in unit] for unit in codings.values()])
        for frame in frames
    }
