"""Robustness: the main difference of a report under other scorers, switches and choices of articles.

References:
    Simonsohn, U., Simmons, J. P., Nelson, L. D. (2020). Specification Curve Analysis. Nature Human Behaviour 4,
    1208-1214.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reports.comparison import Comparison
from reports.estimation import Cell, difference, interval
from reports.study import REST

REPORTED = "as reported"
# Specifications that are shown at most; more would be read by nobody.
MOST = 12
# What tells the articles of one specification from those of another.
SCORES = ["article_id", "outlet", "story", "value", "n_passages"]


@dataclass(frozen=True)
class Robustness:
    """A difference, and what becomes of it.

    Attributes:
        main: Its row of the estimates table.
        table: One row a specification, the reported one first: `specification`, `value`, `se`, `freedom`, `low`,
            `high`, `p`, `n_passages`, `n_articles`, `n_stories`, `note` (why there is no value).
    """

    main: dict[str, object]
    table: pd.DataFrame

    @property
    def same_sign(self) -> tuple[int, int]:
        """In how many of the other specifications with a value the difference has the reported sign."""
        known = self.table["value"].iloc[1:].dropna()
        sign = np.sign(self.table["value"].iloc[0])
        return int((np.sign(known) == sign).sum()), len(known)


def main_difference(comparison: Comparison) -> dict[str, object]:
    """The first declared difference that could be tested, or the surest where none is declared; empty without any."""
    tested = comparison.differences()
    tested = tested[tested["p_adjusted"].notna()]
    if tested.empty:
        return {}
    surest = tested.assign(size=-(tested["value"] / tested["se"]).abs())
    chosen = surest.sort_values(["p", "size", "measure", "target", "outlet"], kind="stable")
    for one in comparison.primary:
        wanted = (tested["measure"] == one.measure) & (tested["outlet"] == one.outlet)
        wanted &= (tested["reference"] == one.reference) & (tested["target"] == one.target)
        if wanted.any():
            chosen = tested[wanted]
            break
    return {str(name): value for name, value in chosen.iloc[0].items()}


def robustness(
    comparison: Comparison, variants: Mapping[str, pd.DataFrame], measures: Mapping[str, str] | None = None
) -> Robustness | None:
    """The main difference under each variant.

    Args:
        comparison: What the report tells.
        variants: Specification to the scores of the articles that count under it; one that leaves those of the two
            sides as they are is no other specification, and is left out.
        measures: Specification to the measure that it reads in the place of the reported one.

    Returns:
        None where no difference was tested.
    """
    main = main_difference(comparison)
    if not main:
        return None
    reference, outlet = str(main["reference"]), str(main["outlet"])
    levels = comparison.levels(str(main["measure"]), str(main["target"]))
    enough = levels[levels["value"].notna() & (levels["outlet"] != outlet)]["outlet"]
    others = sorted(enough) if reference == REST else [reference]
    reported = _of(comparison.articles, main, str(main["measure"]), [outlet, *others])
    specified = {
        name: _of(articles, main, (measures or {}).get(name, str(main["measure"])), [outlet, *others])
        for name, articles in variants.items()
    }
    specified["articles with two passages or more"] = reported[reported["n_passages"] >= 2]
    specified["without the story that pulls most"] = reported[reported["story"] != _heaviest(reported, outlet)]
    rows = [{"specification": REPORTED, **_difference(reported, outlet, others, comparison.minimum)}]
    for name, found in specified.items():
        if not found[SCORES].reset_index(drop=True).equals(reported[SCORES]):
            rows.append({"specification": name, **_difference(found, outlet, others, comparison.minimum)})
    rows.append({"specification": "within periods", **_within(comparison, main)})
    table = pd.DataFrame(rows[:MOST]).reindex(
        columns=["specification", "value", "se", "freedom", "low", "high", "p", "n_passages", "n_articles", "n_stories",
                 "note"]
    )  # fmt: skip
    table["note"] = table["note"].astype(object).where(table["note"].notna(), "")
    return Robustness(main, table)


def _of(articles: pd.DataFrame, main: Mapping[str, object], measure: str, outlets: Sequence[str]) -> pd.DataFrame:
    """Scores of outlets' articles on the main difference's target or pair, by a measure."""
    if articles.empty:
        return pd.DataFrame(columns=SCORES)
    rows = articles[(articles["measure"] == measure) & (articles["voice"] == "") & articles["outlet"].isin(outlets)]
    rows = rows[(rows["target"] == main["target"]) & (rows["pair"] == main["pair"])]
    return rows.sort_values("article_id", kind="stable", ignore_index=True)


def _difference(articles: pd.DataFrame, outlet: str, others: list[str], minimum: tuple[int, int]) -> dict[str, object]:
    cells = {name: Cell(rows, minimum) for name, rows in articles.groupby("outlet", sort=True)}
    empty = Cell(articles.head(0), minimum)
    rest = [cells[name] for name in others if name in cells and cells[name].enough]
    row = difference(cells.get(outlet, empty), rest)
    lost = len(others) - len(rest)
    if lost and rest and not row["note"]:
        row["note"] = f"without {lost} of {len(others)} other outlets, which have too few articles"
    return row


def _heaviest(articles: pd.DataFrame, outlet: str) -> object:
    """The story that pulls most on the outlet's mean."""
    own = articles[articles["outlet"] == outlet]
    cell = Cell(own, (1, 1))
    return cell.stories[int(np.nanargmax(np.abs(cell.pulls)))] if len(cell.stories) > 1 else None


def _within(comparison: Comparison, main: Mapping[str, object]) -> dict[str, object]:
    rows = comparison.estimates[comparison.estimates["kind"] == "matched"]
    for name in ("measure", "target", "pair", "outlet", "reference"):
        rows = rows[rows[name] == main[name]]
    if rows.empty or pd.isna(rows["value"].iloc[0]):
        return {"note": "no period has articles of both sides"}
    row = rows.iloc[0]
    counts = {name: row[name] for name in ("n_passages", "n_articles", "n_stories")}
    freedom = row["freedom"] if not pd.isna(row["freedom"]) else float("nan")
    return {**interval(float(row["value"]), float(row["se"]) ** 2, float(freedom)), **counts}
