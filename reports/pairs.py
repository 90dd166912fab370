"""Pairs: which outlets are compared story by story, and what becomes of their differences.

| kind in the estimates | value |
|---|---|
| `treatment`, `weighting`, `unshared` | the parts of a difference, which add up to it (`reports.decomposition`) |
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd

from corpora.errors import InputError
from reports.article_scores import KEY
from reports.comparison import UNTESTED, Comparison
from reports.decomposition import METHOD, PARTS, Decomposition, decompose
from reports.estimation import holm
from reports.silence import Silence, by_others, silence
from reports.study import PAIRS, REST

# Pairs that a report shows where the study names none, and how many of them one outlet may be in.
MOST, OFTEN = 4, 2


@dataclass(frozen=True)
class Compared:
    """Two outlets on one measure.

    Attributes:
        key: What tells the measure apart: `KEY` to its value.
        found: The decomposition.
        adjusted: Holm's p of the treatment, among all pairs and measures of the report; missing where there is none.
        silences: What each outlet left out that the other and a third tell.
        others: The unshared part as it were if the other outlets had told the stories, and the share of the articles
            on unshared stories that others tell as well; a check, no estimate.
        articles: The scores of the two outlets' articles.
    """

    key: dict[str, str]
    found: Decomposition
    adjusted: float
    silences: tuple[Silence, Silence]
    others: tuple[float, float]
    articles: pd.DataFrame


def choose_pairs(comparison: Comparison, asked: Sequence[tuple[str, str]] = ()) -> list[tuple[str, str]]:
    """The pairs that are named, or those that share most stories; with the reference where that is an outlet.

    Raises:
        InputError: A named outlet is not among the articles.
    """
    articles = comparison.articles[~comparison.articles["measure"].isin(UNTESTED)]
    there = sorted(set(articles["outlet"]))
    for outlet in (name for pair in asked for name in pair):
        if outlet not in there:
            known = f"; there are: {', '.join(there[:12])}" if there else ": the study tests no measure"
            raise InputError(f"no outlet {outlet!r} to take apart{known}")
    if asked:
        return list(asked)
    told = articles.drop_duplicates(["outlet", "article_id"])
    sizes = told["outlet"].value_counts()
    stories = told.groupby("outlet")["story"].agg(set)
    large = [outlet for outlet in there if sizes[outlet] >= comparison.minimum[0]]
    shared = {pair: len(stories[pair[0]] & stories[pair[1]]) for pair in combinations(large, 2)}
    if comparison.reference not in (REST, PAIRS):
        shared = {pair: n for pair, n in shared.items() if comparison.reference in pair}
    ordered = sorted((pair for pair, n in shared.items() if n >= comparison.minimum[1]), key=lambda p: (-shared[p], p))
    if comparison.reference == PAIRS:
        return ordered
    if comparison.reference != REST:
        return [(other if one == comparison.reference else one, comparison.reference) for one, other in ordered[:MOST]]
    chosen: list[tuple[str, str]] = []
    for pair in ordered:
        # An outlet that tells everything would be in every pair.
        if len(chosen) < MOST and all(sum(name in other for other in chosen) < OFTEN for name in pair):
            chosen.append(pair)
    return chosen


def compare_pairs(comparison: Comparison, pairs: Sequence[tuple[str, str]]) -> list[Compared]:
    """Every tested measure of each pair, taken apart; the treatments are tested together (Holm)."""
    rows = comparison.articles
    rows = rows[~rows["measure"].isin(UNTESTED) & (rows["voice"] == "")]
    found: list[Compared] = []
    for key, articles in rows.groupby(KEY, sort=True):
        named = {name: str(value) for name, value in zip(KEY, key, strict=True)}
        for one, other in pairs:
            both = articles[articles["outlet"].isin([one, other])]
            told = decompose(both, one, other, comparison.minimum)
            quiet = (silence(articles, one, other), silence(articles, other, one))
            found.append(Compared(named, told, float("nan"), quiet, by_others(articles, one, other), both))
    p = np.array([_p(one.found) for one in found], dtype=float)
    known = ~np.isnan(p)
    p[known] = holm(p[known])
    return [
        Compared(one.key, one.found, float(adjusted), one.silences, one.others, one.articles)
        for one, adjusted in zip(found, p, strict=True)
    ]


def _p(found: Decomposition) -> float:
    rows = found.parts[found.parts["kind"] == "treatment"] if len(found.parts) else found.parts
    return float(rows["p"].iloc[0]) if len(rows) else float("nan")


def pair_rows(compared: Sequence[Compared], wire: str, genre: str) -> pd.DataFrame:
    """Rows of the estimates table for the parts."""
    return pd.DataFrame([*_rows(compared)]).assign(wire=wire, genre=genre, period="") if compared else pd.DataFrame()


def _rows(compared: Sequence[Compared]) -> Iterator[dict[str, object]]:
    for one in compared:
        found = one.found
        mine, theirs = found.unshared
        note = found.note or (
            f"{found.shared} shared stories; articles on stories that the other does not tell: "
            f"{found.one} {mine:.0%}, {found.other} {theirs:.0%}"
        )
        named = {**one.key, "outlet": found.one, "reference": found.other, "method": METHOD, "note": note}
        counts = {part: _counts(one, shared=part != "unshared") for part in PARTS}
        parts = {str(row["kind"]): row for row in found.parts.to_dict("records")}
        for kind in PARTS:
            adjusted = one.adjusted if kind == "treatment" else float("nan")
            told = {str(name): value for name, value in parts.get(kind, {}).items()}
            yield {**named, "kind": kind, **told, "p_adjusted": adjusted, **counts[kind]}


def _counts(one: Compared, shared: bool) -> dict[str, int]:
    """What stands behind a part: the articles on shared stories, or all of both outlets."""
    rows = one.articles
    if shared:
        rows = rows[rows.groupby("story")["outlet"].transform("nunique") > 1]
    own = rows["outlet"] == one.found.one
    return {
        "n_passages": int(rows.loc[own, "n_passages"].sum()),
        "n_articles": int(own.sum()),
        "n_stories": int(rows["story"].nunique()),
        "n_reference": int((~own).sum()),
    }
