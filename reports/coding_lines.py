"""Human coding as lines for a terminal: what was drawn, planned, agreed on, and what the machine got wrong."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from framing.agreement import FEWEST

if TYPE_CHECKING:
    import pandas as pd

    from framing.coding.errors import MachineErrors
    from framing.coding.sample import Sample
    from reports.planning import Plan

# Krippendorff (2019, chapter 12): rely on what reaches the first; draw tentative conclusions from the second.
RELIABLE, TENTATIVE = 0.8, 0.667


def table_lines(table: pd.DataFrame, most: int = 32) -> Iterator[str]:
    """A table: texts on the left, numbers on the right; what is missing is a dash."""
    cells = [[_cell(value) for value in row] for row in table.to_numpy(dtype=object).tolist()]
    heads = [str(name).replace("_", " ") for name in table.columns]
    numeric = [kind.kind in "iufb" for kind in table.dtypes]
    rooms = [min(most, max(len(one) for one in column)) for column in zip(heads, *cells, strict=True)]
    for line in (heads, *cells):
        parts = [
            one[:room].rjust(room) if right else one[:room].ljust(room)
            for one, room, right in zip(line, rooms, numeric, strict=True)
        ]
        yield "  ".join(parts).rstrip()


def sample_lines(sample: Sample, readings: pd.DataFrame, small: Sequence[str] = ()) -> Iterator[str]:
    """What was drawn, by outlet; `small` are outlets that were not drawn from."""
    units = sample.units.drop_duplicates("unit")
    articles = units.drop_duplicates("article_id")
    whole = readings["article_id"].nunique(), readings["passage_id"].nunique()
    weights = [f"{1 / p:.3g}" for p in (articles["p_article"].max(), articles["p_article"].min())]
    span = " to ".join(dict.fromkeys(weights))
    yield sample.question.text
    yield (
        f"{len(articles):,} of {whole[0]:,} articles, {len(units):,} of {whole[1]:,} passages; "
        f"{articles['stratum'].nunique():,} strata such as {articles['stratum'].iloc[0]!r}; each article drawn stands "
        f"for {span} articles"
    )
    every = readings.drop_duplicates("article_id").groupby("outlet").size()
    table = every.rename("articles").to_frame()
    table["drawn"] = articles.groupby("outlet").size()
    table["passages"] = units.groupby("outlet").size()
    yield from table_lines(table.reset_index())
    if small:
        names = ", ".join(small[:6]) + (f" and {len(small) - 6} more" if len(small) > 6 else "")
        yield f"below the study's minimum, and not drawn from: {names}"
    if len(articles) < sample.articles:
        yield f"all articles are drawn: there are no {sample.articles:,}"
    if sample.question.measure == "relation":
        silent = int((units["machine_label"] == "none").sum())
        yield f"where the machine saw no relation ({silent:,} passages drawn) it counts as 0, as a coder's 'none' does"


def plan_lines(found: Plan, measure: str, outlet: str, reference: str) -> Iterator[str]:
    """What coding would reach, and what to do."""
    yield f"{measure}, {outlet} less {reference}: half-width of the corrected 95 % interval"
    yield from table_lines(found.table)
    yield f"without coding it is {found.uncoded:.3f}, which leaves out the machine's errors"
    if found.calibrated:
        yield (
            f"This supposes that the machine's probabilities are right, by which it is {found.error:.2f} away from a "
            "coder (root mean square). Where it errs more than it thinks, plan with a larger --error."
        )
    else:
        yield f"This supposes that coders are {found.error:.2f} away from the machine (standard deviation per passage)."
    if found.articles is None and found.uncoded > found.wanted:
        yield f"Not even all articles of both outlets reach {found.wanted:g}: there are too few, coded or not"
    elif found.articles is None:
        yield (
            f"Not even all articles of both outlets reach {found.wanted:g}; code more passages an article "
            "(--passages), or be content with a wider interval"
        )
    else:
        yield (
            f"For {found.wanted:g}: {found.articles:,} articles of both outlets; in a sample of all outlets "
            f"--articles {found.all_articles}"
        )


def agreement_lines(table: pd.DataFrame) -> Iterator[str]:
    """Agreement of coders, and what may be rested on it."""
    yield from table_lines(table[["what", "metric", "alpha", "low", "high", "n_units", "n_coders"]])
    yield from dict.fromkeys(note for note in table["note"] if note)
    value = float(table["alpha"].iloc[0])
    if math.isnan(value):
        return
    if int(table["n_units"].iloc[0]) < FEWEST:
        yield f"fewer than {FEWEST} units were coded twice: nothing can be rested on this alpha"
    elif value >= RELIABLE:
        yield f"alpha is at least {RELIABLE}: the coding can be relied on"
    elif value >= TENTATIVE:
        yield f"alpha is between {TENTATIVE} and {RELIABLE}: good for tentative conclusions only"
    else:
        yield f"alpha is below {TENTATIVE}: sharpen the instructions and code anew before anything rests on it"


def errors_lines(found: MachineErrors) -> Iterator[str]:
    """How the machine errs, and whether differently by outlet."""
    yield (
        f"{found.n_units:,} coded passages in {found.n_articles:,} articles on {found.n_stories:,} stories"
        + (f"; not coded: {found.n_uncoded:,}" if found.n_uncoded else "")
    )
    yield f"the machine says what a coder says of {found.same:.0%} of all passages (weighted by the sample)"
    if found.n_tied:
        yield f"coders were divided on {found.n_tied:,}: these count in that and in the bias, and have no label below"
    yield ""
    confusion = found.confusion.rename(columns=lambda name: f"machine {name}").reset_index()
    yield from table_lines(confusion)
    yield ""
    columns = ["outlet", "n_articles", "n_units", "accuracy", "human", "machine", "bias", "low", "high"]
    yield from table_lines(found.outlets[columns])
    for outlet, note in zip(found.outlets["outlet"], found.outlets["note"], strict=True):
        if note:
            yield f"{outlet}: {note}"
    yield "bias: human less machine, with its 95 % interval; below 0 where the machine reads too high"
    if found.note:
        yield found.note
    else:
        told = "errs differently by outlet" if found.p_bootstrap < 0.05 else "shows no clear difference between outlets"
        df = ", ".join(f"{one:.0f}" for one in found.df)
        yield f"the machine {told}: F({df}) = {found.f:.2f}, p = {found.p:.3f}, by bootstrap {found.p_bootstrap:.3f}"


def corrected_lines(outlets: pd.DataFrame, levels: pd.DataFrame) -> Iterator[str]:
    """Levels of outlets before and after the correction, and what is thin behind them.

    Args:
        outlets: Of `reports.correction.coded_outlets`.
        levels: `corrected_levels`.
    """
    yield from table_lines(levels)
    for outlet, note in zip(outlets["outlet"], outlets["note"], strict=True):
        if note:
            yield f"{outlet}: {note}"


def corrected_levels(before: pd.DataFrame, after: pd.DataFrame, minimum: tuple[int, int]) -> pd.DataFrame:
    """Level of each outlet, by the machine and corrected, each with half the width of its 95 % interval."""
    import pandas as pd

    from reports.estimation import Cell

    rows = []
    for (category, outlet), own in before.groupby(["category", "outlet"], sort=True):
        row: dict[str, object] = {"category": category} if category else {}
        row["outlet"] = outlet
        mine = after[(after["category"] == category) & (after["outlet"] == outlet)]
        for name, articles in (("machine", own), ("corrected", mine)):
            found = Cell(articles, minimum).row()
            row[name] = found.get("value", math.nan)
            row[f"{name}_±"] = (found.get("high", math.nan) - found.get("low", math.nan)) / 2
        row["articles"], row["coded"] = len(own), int(mine["coded"].sum())
        rows.append(row)
    return pd.DataFrame(rows)


def problem_lines(problems: Sequence[str], most: int = 100) -> Iterator[str]:
    """What is wrong with filled sheets, a line each."""
    yield from problems[:most]
    if len(problems) > most:
        yield f"and {len(problems) - most:,} more"


def _cell(value: object) -> str:
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return "-"
    return f"{value:.3f}" if isinstance(value, float) else str(value)
