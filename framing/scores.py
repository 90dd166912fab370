"""Scores: the table of what scorers read in passages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

    from framing.scorers import Scorer

SCORE_COLUMNS = (
    "passage_id",
    "measure",
    "category",
    "scorer",
    "scorer_version",
    "label",
    "value",
    "confidence",
)


def score_rows(scorer: Scorer, passages: pd.DataFrame, labels: Any, values: Any, confidence: Any) -> pd.DataFrame:
    """Rows of the scores table for a batch; values are rounded to six digits, so that platforms agree."""
    import pandas as pd

    ids = passages["passage_id"].tolist() if "passage_id" in passages else [""] * len(passages)
    labels = [None if np.isnan(v) else str(label) for label, v in zip(labels, values, strict=True)]
    rounded = np.round(np.asarray(values, dtype=float), 6)
    return pd.DataFrame(
        {
            "passage_id": pd.Series(ids, dtype=object),
            "measure": scorer.measure,
            "category": "",
            "scorer": scorer.name,
            "scorer_version": scorer.version,
            "label": pd.Series(labels, dtype=object),
            "value": rounded,
            "confidence": np.where(np.isnan(rounded), np.nan, np.round(np.asarray(confidence, dtype=float), 6)),
        },
        columns=list(SCORE_COLUMNS),
    )


def scores_schema() -> Any:
    """Arrow schema of the scores table: one scorer's reading of one passage, abstentions included.

    `label` is missing where the scorer abstains; `value` is on the measure's scale; `confidence` is the label's
    probability (for tone the size of the score), 0 to 1.
    """
    import pyarrow as pa

    floats = {"value", "confidence"}
    return pa.schema([(name, pa.float64() if name in floats else pa.string()) for name in SCORE_COLUMNS])


def both_ways(passages: pd.DataFrame, there: pd.DataFrame, back: pd.DataFrame) -> pd.DataFrame:
    """Scores of a directed scorer: of each passage first the one way, then the other; `category` says which."""
    import pandas as pd

    codes = passages["pair"].str.split("-")
    for scores, turn in ((there, slice(None)), (back, slice(None, None, -1))):
        scores["category"] = [">".join(pair[turn]) for pair in codes]
    return pd.concat([there, back]).sort_index(kind="stable").reset_index(drop=True)
