"""Countries against gold: whether each mention was found, at its place and for its country."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.countries import find_mentions
from framing.evaluation import Evaluation, counted
from framing.passages import PASSAGE_VERSION


def evaluate_countries(rows: Sequence[dict[str, Any]]) -> Evaluation:
    """Find the mentions in the rows of a gold file of countries, and compare.

    Returns:
        Figures `span_f1`, `precision`, `recall`: exact span and code, over all mentions of all rows; the baseline is
        the same gazetteer with names and demonyms alone.
    """

    def counts(kinds: set[str] | None) -> NDArray[np.int64]:
        table = []
        for row in rows:
            day = dt.date.fromisoformat(row["published"]) if row.get("published") else None
            found = {
                (m.start, m.end, m.country) for m in find_mentions(row["text"], day) if kinds is None or m.kind in kinds
            }
            due = {(*mention["span"], mention["country"]) for mention in row["mentions"]}
            table.append((len(found & due), len(found), len(due)))
        return np.array(table)

    names = ("span_f1", "precision", "recall")
    full, plain = counted(counts(None), names, empty=0.0), counted(counts({"country", "demonym"}), names, empty=0.0)
    return Evaluation(
        task="countries",
        scorer="gazetteer",
        version=PASSAGE_VERSION,
        n=len(rows),
        abstained=0,
        figures=full[0],
        intervals=full[1],
        baselines={"names and demonyms only": {"figures": plain[0], "intervals": plain[1]}},
    )
