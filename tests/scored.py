"""Made-up scores of passages, whose estimates can be worked by hand; each article tells an event of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pandas as pd

from reports.comparison import Comparison

Row = dict[str, Any]


def row(outlet: str, number: int, value: float, **changes: Any) -> Row:
    """One scored passage: article `number` of an outlet, on day `number` of 2018."""
    return {
        "measure": "sentiment",
        "category": "",
        "scorer": "light",
        "scorer_version": "1",
        "target": "RUS",
        "pair": "",
        "article_id": f"{outlet}{number}",
        "story": f"{outlet}{number}",
        "outlet": outlet,
        "part": "body",
        "published": pd.Timestamp("2018-01-01") + pd.Timedelta(days=number),
        "value": value,
    } | changes


def frame(rows: Iterable[Row]) -> pd.DataFrame:
    table = pd.DataFrame(list(rows))
    table["published"] = pd.to_datetime(table["published"])
    return table


def outlet_rows(outlet: str, values: Sequence[float], **changes: Any) -> list[Row]:
    return [row(outlet, i, value, **changes) for i, value in enumerate(values)]


# Twelve articles each, on twelve stories. A: six of 0.5 and six of 0.1: mean 0.3. B: six of 0 and six of -0.2: -0.1.
A, B = [0.5, 0.1] * 6, [0.0, -0.2] * 6
TWO = frame([*outlet_rows("A", A), *outlet_rows("B", B)])
# C: six of 0.4 and six of 0: mean 0.2; with it each outlet has a rest of two.
THREE = pd.concat([TWO, frame(outlet_rows("C", [0.0, 0.4] * 6))], ignore_index=True)


def level(comparison: Comparison, outlet: str, period: str = "") -> pd.Series:
    rows = comparison.levels("sentiment", "RUS", over_time=bool(period))
    rows = rows[rows["outlet"] == outlet]
    return rows[rows["period"] == period].iloc[0]


def gap(comparison: Comparison, outlet: str) -> pd.Series:
    rows = comparison.differences("sentiment")
    return rows[rows["outlet"] == outlet].iloc[0]


def matched(comparison: Comparison) -> pd.DataFrame:
    """The differences within periods."""
    return comparison.estimates[comparison.estimates["kind"] == "matched"].reset_index(drop=True)
