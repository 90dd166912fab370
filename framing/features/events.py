"""Verbs of conflict and cooperation in a passage about a pair, from the CAMEO verb patterns and the Goldstein scale."""

from __future__ import annotations

import csv
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.features.polarity import NEGATIONS
from framing.features.words import Stateless, masked_words, spans

REGIONS = ("before", "between", "after")
# Words after a verb in which its companion is looked for: an object with its article and two adjectives.
COMPANION_REACH = 4


@lru_cache(maxsize=1)
def event_verbs() -> tuple[dict[str, tuple[str, float | None]], dict[tuple[str, str], float]]:
    """Verb form to its block and score, and (block, companion) to a score; scores are Goldstein's / 10, -1 ... +1.

    References:
        Goldstein, J. S. (1992). A Conflict-Cooperation Scale for WEIS Events Data. Journal of Conflict
        Resolution 36(2), 369-385.
        Schrodt, P. A. (2012). CAMEO Conflict and Mediation Event Observations codebook.
    """
    verbs: dict[str, tuple[str, float | None]] = {}
    companions: dict[tuple[str, str], float] = {}
    text = files("framing").joinpath("data", "event-verbs.csv").read_text(encoding="utf-8")
    for row in csv.DictReader(text.splitlines()):
        score = float(row["goldstein"]) / 10 if row["goldstein"] else None
        if row["verb"]:
            verbs[row["verb"]] = (row["block"], score)
        elif score is not None:
            companions[row["block"], row["companion"]] = score
    return verbs, companions


class EventVerbs(Stateless):
    """Goldstein scores of the verbs before, between and after the two countries of a pair.

    Columns, for each region: the sum of positive scores, of negative scores, the strongest of each, and the number
    of verbs; last the number of negations. Conflict is negative, cooperation positive.

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"text": ["Iran praised Iraq."], "source_span": [(0, 4)], "target_span": [(13, 17)]})
    >>> EventVerbs().transform(frame)[0, 5:10].round(2).tolist()  # praise is code 051, Goldstein +3.4
    [0.34, 0.0, 0.34, 0.0, 1.0]
    """

    def transform(self, X: Any) -> NDArray[np.float64]:
        """Array (passages, 16)."""
        rows = zip(X["text"], spans(X, "source_span"), spans(X, "target_span"), strict=True)
        return np.array([_row(*row) for row in rows]).reshape(-1, 5 * len(REGIONS) + 1)

    def get_feature_names_out(self, input_features: Any = None) -> NDArray[np.object_]:
        """Names of the columns."""
        parts = ("positive", "negative", "strongest_positive", "strongest_negative", "verbs")
        return np.array([*(f"{region}_{part}" for region in REGIONS for part in parts), "negations"], dtype=object)


def _row(text: str, source: tuple[int, int] | None, target: tuple[int, int] | None) -> list[float]:
    known = sorted(span for span in (source, target) if span is not None) or [(0, 0)]
    first, last = known[0], known[-1]
    between = text[first[1] : last[0]] if len(known) > 1 else ""
    values: list[float] = []
    negations = 0
    for part in (text[: first[0]], " " + between, " " + text[last[1] :]):
        words = masked_words(part)
        negations += sum(word in NEGATIONS for word in words)
        scores = _scores(words)
        positive, negative = [s for s in scores if s > 0], [-s for s in scores if s < 0]
        values += [
            sum(positive),
            sum(negative),
            max(positive, default=0.0),
            max(negative, default=0.0),
            len(scores),
        ]
    return [*values, float(negations)]


def _scores(words: tuple[str, ...]) -> list[float]:
    verbs, companions = event_verbs()
    scores = []
    for i, word in enumerate(words):
        if word not in verbs:
            continue
        block, score = verbs[word]
        for near in words[i + 1 : i + 1 + COMPANION_REACH]:
            if (block, near) in companions:
                score = companions[block, near]
                break
        if score is not None:
            scores.append(score)
    return scores
