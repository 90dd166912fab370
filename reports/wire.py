"""Wire: how much the numbers of a report depend on which articles count, where outlets print others' texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from corpora.votes import SWITCHES
from reports.comparison import KEY, Comparison, counted
from reports.names import about

if TYPE_CHECKING:
    from collections.abc import Mapping

# What each switch means, as a report says it.
MEANINGS = {
    "all": "every article counts, whoever wrote it",
    "origin": "each text counts once, for the outlet that had it first",
    "own": "only an outlet's own text counts",
}


def effects(articles: pd.DataFrame, comparison: Comparison) -> pd.DataFrame:
    """Level of each outlet under each switch, for the outlets whose articles do not count alike under all.

    Args:
        articles: Scores of all articles, as `reports.comparison.article_scores` gives them.
        comparison: What the report shows; an outlet without enough data there has no level to change.

    Returns:
        One row an outlet and measure: `n_all`, `n_origin`, `n_own` articles and `all`, `origin`, `own`, the level;
        a level is missing where no article counts.
    """
    parts = []
    for switch in SWITCHES:
        groups = counted(articles, switch).groupby([*KEY, "outlet"], sort=True, dropna=False)["value"]
        parts.append(groups.agg(["size", "mean"]).set_axis([f"n_{switch}", switch], axis=1))
    table = pd.concat(parts, axis=1)
    table[[f"n_{switch}" for switch in SWITCHES]] = table[[f"n_{switch}" for switch in SWITCHES]].fillna(0).astype(int)
    table = table[(table["n_all"] != table["n_own"]) | (table["n_all"] != table["n_origin"])].reset_index()
    shown = comparison.estimates[(comparison.estimates["kind"] == "level") & (comparison.estimates["period"] == "")]
    enough = set(zip(*(shown[shown["value"].notna()][name] for name in ("measure", "target", "outlet")), strict=True))
    kept = [key in enough for key in zip(table["measure"], table["target"], table["outlet"], strict=True)]
    return table[pd.Series(kept, index=table.index, dtype=bool)].reset_index(drop=True)


def effect_sentence(votes: Mapping[str, int], table: pd.DataFrame, switch: str) -> str:
    """What the switch is, how many articles it leaves out, and the largest change that another one would make.

    >>> effect_sentence({"own": 40}, pd.DataFrame(), "own")
    "Wire copy: no article prints another's text, so it makes no difference which count."
    """
    foreign = {vote: int(votes.get(vote, 0)) for vote in ("origin", "copy")}
    if not sum(foreign.values()):
        return "Wire copy: no article prints another's text, so it makes no difference which count."
    total = sum(int(count) for count in votes.values())
    left_out = sum(count for vote, count in foreign.items() if vote not in SWITCHES[switch])
    sentence = (
        f"Wire copy: {sum(foreign.values()):,} of {total:,} articles print a text of an agency or another outlet, or "
        f"repeat their own. Here {MEANINGS[switch]} (switch “{switch}”), which leaves out {left_out:,}."
    )
    return f"{sentence} {_largest(table, switch)}"


def _largest(table: pd.DataFrame, switch: str) -> str:
    changes = [
        (abs(row[other] - row[switch]), row, other)
        for row in table[table["measure"] != "tone"].to_dict("records")
        for other in SWITCHES
        if other != switch and row[other] == row[other] and row[switch] == row[switch]
    ]
    if not changes:
        return "No outlet with enough data is touched."
    size, row, other = max(changes, key=lambda change: change[0])
    if size < 0.005:
        return "No level changes by 0.01 under another switch."
    what = about(row["measure"], row["target"], row["pair"])
    return (
        f"The largest change under another switch: {what} in {row['outlet']} would be {row[other]:.2f} instead of "
        f"{row[switch]:.2f} where {MEANINGS[other]}."
    ).replace("-", "−")
