"""Probabilities: how likely each label of a passage is, as far as the machine's reading tells."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corpora.errors import InputError
from framing.coding.question import Question

Floats = NDArray[np.float64]


def label_probabilities(readings: pd.DataFrame, question: Question, category: str = "") -> tuple[Floats, Floats]:
    """The machine's probability of each label of each passage.

    Of three labels it follows from the label c and its confidence p_c, with v the value, low and high the outer
    labels: sentiment and attitude have v = p_high - p_low, a relation v = (p_high - p_low) / (p_high + p_low), and the
    three sum to 1. Of a frame it is the value. A relation on which the machine abstains has kept no confidence: it is
    taken to be `none` for sure.

    Args:
        readings: Of `framing.coding.question.readings`.
        question: What was asked.
        category: Of frames, which.

    Returns:
        Probabilities (N, L), rows summing to 1, and the values of the labels on the scale (L).

    Raises:
        InputError: There is no such frame.

    >>> row = {"machine_label": "negative", "machine_value": -0.5, "machine_confidence": 0.6, "category": ""}
    >>> found, values = label_probabilities(pd.DataFrame([row]), Question("sentiment", target="RUS"))
    >>> found.round(3).tolist(), values.tolist()
    ([[0.6, 0.3, 0.1]], [-1.0, 0.0, 1.0])
    """
    if question.is_set:
        if category not in question.frames:
            raise InputError(
                f"name a frame with --category, one of: {', '.join(question.frames)}; not {category!r:.60}"
            )
        share = readings.loc[readings["category"] == category, "machine_value"].to_numpy(dtype=float)
        return np.column_stack([1 - share, share]), np.array([0.0, 1.0])
    low, middle, high = question.labels
    label = readings["machine_label"].to_numpy(dtype=object)
    value = readings["machine_value"].to_numpy(dtype=float)
    sure = readings["machine_confidence"].fillna(1.0).to_numpy(dtype=float)
    relative = question.measure == "relation"
    with np.errstate(divide="ignore", invalid="ignore"):
        # Of a relation the value is a share of what is not `none`: p_low = p_high (1 - v) / (1 + v).
        to_low = sure * (1 - value) / (1 + value) if relative else sure - value
        to_high = sure * (1 + value) / (1 - value) if relative else sure + value
    outer = 1 - sure
    p_low = np.select([label == low, label == high], [sure, to_low], (outer - value) / 2 if not relative else 0.0)
    p_high = np.select([label == high, label == low], [sure, to_high], (outer + value) / 2 if not relative else 0.0)
    # Values are rounded to six digits, so that a probability may lie a little outside.
    found = np.clip(np.column_stack([p_low, 1 - p_low - p_high, p_high]), 0, 1)
    total = found.sum(axis=1, keepdims=True)
    return found / total, np.array([question.values[name] for name in (low, middle, high)])
