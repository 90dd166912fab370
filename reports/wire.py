"""Wire: how much the numbers of a report depend on which articles count, where outlets print others' texts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from corpora.votes import SWITCHES
from reports.article_scores import KEY
from reports.comparison import Comparison
from reports.names import about

if TYPE_CHECKING:
    from collections.abc import Mapping

# A change that rests on fewer articles than this is not told.
FEW = 10
# What each switch means, as a report says it.
MEANINGS = {
    "all": "every article counts, whoever wrote it",
    "origin": "each text counts once, for the outlet that had it first",
    "own": "only an outlet's own text counts",
}


def effects(counting: Mapping[str, pd.DataFrame], comparison: Comparison) -> pd.DataFrame:
    """Level of each outlet under each setting of a switch, for the outlets whose articles do not count alike under all.

    Args:
        counting: Setting to the scores of the articles that count under it.
        comparison: What the report shows; an outlet without enough data there has no level to change.

    Returns:
        One row an outlet and measure: for each setting its level, and with `n_` before its name the articles; a level
        is missing where no article counts.
    """
    parts = []
    for setting, articles in counting.items():
        groups = articles.groupby([*KEY, "outlet"], sort=True, dropna=False)["value"]
        parts.append(groups.agg(["size", "mean"]).set_axis([f"n_{setting}", setting], axis=1))
    table = pd.concat(parts, axis=1)
    sizes = [f"n_{setting}" for setting in counting]
    table[sizes] = table[sizes].fillna(0).astype(int)
    table = table[table[sizes].nunique(axis=1) > 1].reset_index()
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
    return f"{sentence} {largest_change(table, switch, MEANINGS)}"


def largest_change(table: pd.DataFrame, switch: str, meanings: Mapping[str, str]) -> str:
    """The largest change of a level that another setting of a switch would make, in words.

    Args:
        table: What `effects` gives.
        switch: The setting of the report.
        meanings: Every setting, with what counts under it.
    """
    changes = [
        (abs(row[other] - row[switch]), row, other)
        for row in table[table["measure"] != "tone"].to_dict("records")
        for other in meanings
        if other != switch and row[switch] == row[switch] and row[f"n_{other}"] >= FEW
    ]
    if not changes:
        return "No outlet with enough data is touched."
    size, row, other = max(changes, key=lambda change: change[0])
    if size < 0.005:
        return "No level changes by 0.01 under another switch."
    what = about(row["measure"], row["target"], row["pair"])
    return (
        f"The largest change under another switch: {what} in {row['outlet']} would be {row[other]:.2f} instead of "
        f"{row[switch]:.2f} where {meanings[other]}."
    ).replace("-", "−")


def changes(table: pd.DataFrame, meanings: Mapping[str, str]) -> list[dict[str, Any]]:
    """What `effects` gives as a page tells it: outlets whose level a switch changes, the largest change first."""
    shown = table[table["measure"] != "tone"]
    rows: list[dict[str, Any]] = [{str(key): value for key, value in row.items()} for row in shown.to_dict("records")]
    for row in rows:
        what = about(row["measure"], row["target"], row["pair"])
        row["what"] = what[:1].upper() + what[1:]
        levels = [row[setting] for setting in meanings if not pd.isna(row[setting])]
        row["change"] = max(levels) - min(levels)
    return sorted(rows, key=lambda row: (-row["change"], row["outlet"], row["what"]))
