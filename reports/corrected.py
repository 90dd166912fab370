"""Corrected: a report's estimates by human codes, beside those of the machine.

| kind in the estimates | value |
|---|---|
| `corrected` | a level, or where there is a reference a difference, of scores corrected by human codes |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from corpora.errors import InputError
from framing.coding.agreement import agreement_table
from framing.coding.question import Question
from framing.coding.reading import read_codes
from framing.coding.sample import read_sample
from framing.frames import is_frames
from reports.comparison import NONE, PRIMARY, SCREEN, Comparison, compare_articles
from reports.correction import coded_outlets, correct
from reports.estimation import holm
from reports.study import PAIRS, REST, Primary, Study

METHOD = "corrected by human codes; story-clustered t interval"


@dataclass(frozen=True)
class Corrected:
    """One measure, by the machine and corrected.

    Attributes:
        question: What was coded.
        machine: Estimates of the articles from which the sample was drawn, of the outlets that were coded enough.
        human: The same, corrected.
        outlets: What `coded_outlets` tells: how much coding stands behind each outlet.
        agreement: What `agreement_table` tells of the coders.
        note: Why there are no differences, or what they are taken from; empty where there is nothing to say.
    """

    question: Question
    machine: pd.DataFrame
    human: pd.DataFrame
    outlets: pd.DataFrame
    agreement: pd.DataFrame
    note: str = ""


def beside(found: Sequence[Corrected], row: Mapping[Any, Any]) -> dict[str, Any]:
    """The corrected difference that belongs to one of the report; empty where there is none.

    A corrected relation counts "nothing reported" as 0 and is another quantity: it belongs to none.
    """
    for one in found:
        if one.question.measure == "relation":
            continue
        rows = one.human[one.human["reference"] != ""]
        for name in ("measure", "category", "target", "pair", "outlet", "reference"):
            rows = rows[rows[name] == row[name]]
        if len(rows) and rows["value"].notna().iloc[0]:
            return {str(name): value for name, value in rows.iloc[0].items()}
    return {}


def corrected(
    study: Study, comparison: Comparison, articles: Mapping[str, pd.DataFrame], settings: Mapping[str, Any]
) -> tuple[Corrected, ...]:
    """What each folder of human codes makes of the study's estimates.

    Args:
        study: The plan; its `coded` names the folders.
        comparison: Its levels and differences.
        articles: Scores of the articles that count: of the tested measures, of `frames`, and with `none` for relation.
        settings: Of `compare_articles`.

    Raises:
        InputError: A folder holds no sample or codes, or they do not belong to these articles.
    """
    found = []
    for folder in study.coded:
        try:
            found.append(_corrected(Path(folder), study, comparison, articles, settings))
        except InputError as error:
            raise InputError(f"codes in {Path(folder).name}: {error}") from None
    return tuple(replace(one, human=human) for one, human in zip(found, _held_together(found), strict=True))


def _held_together(found: Sequence[Corrected]) -> list[pd.DataFrame]:
    """Holm's p of the corrected differences, over all questions that were coded; frames are screens of their own."""
    tables = [one.human.copy() for one in found]
    tested = [
        (number, index)
        for number, (one, table) in enumerate(zip(found, tables, strict=True))
        for index in table.index[table["p_adjusted"].notna()]
        if not is_frames(one.question.measure)
    ]
    adjusted = holm(np.array([tables[number].loc[index, "p"] for number, index in tested], dtype=float))
    for (number, index), p in zip(tested, adjusted, strict=True):
        tables[number].loc[index, "p_adjusted"] = p
    return tables


def _corrected(
    folder: Path,
    study: Study,
    comparison: Comparison,
    articles: Mapping[str, pd.DataFrame],
    settings: Mapping[str, Any],
) -> Corrected:
    sample, codes = read_sample(folder), read_codes(folder)
    asked = sample.question
    if asked.measure not in study.measures:
        raise InputError(f"they are of {asked.measure!r}, which the study does not measure")
    frames = is_frames(asked.measure)
    rows = articles["frames" if frames else "none" if asked.measure == "relation" else "tested"]
    rows = rows[(rows["measure"] == asked.measure) & (rows["voice"] == "")] if len(rows) else rows
    for name, value in (("target", asked.target), ("pair", asked.category or asked.pair)):
        rows = rows[rows[name] == value] if value and len(rows) and not frames else rows
    if rows.empty:
        raise InputError(f"no article of the study is scored for {asked.text!r}")
    after = correct(rows, sample.units, codes, sample.values)
    before = rows[rows["outlet"].isin(set(after["outlet"]))]
    primary = _primary(study.primary, comparison, asked, set(after["outlet"]))
    told = {**settings, "period": comparison.period, "tested": SCREEN if frames else PRIMARY, "primary": primary}
    left = set(rows["outlet"]) - set(after["outlet"])
    note = "the others are the outlets that were coded alone" if left and told["reference"] == REST else ""
    if told["reference"] not in (REST, PAIRS, *after["outlet"]):
        note = f"no differences: too few articles of the reference {told['reference']} are coded"
        told |= {"reference": REST, "tested": NONE}
    machine, human = (_whole_time(compare_articles(rows, **told).estimates) for rows in (before, after))
    of = dict(zip(sample.units["unit"], sample.units["article_id"], strict=True))
    return Corrected(
        question=asked,
        machine=machine,
        human=human.assign(kind="corrected", method=METHOD),
        outlets=coded_outlets(sample.units, codes, sample.values),
        agreement=agreement_table(codes, sample.values, asked.frames, of),
        note=note,
    )


def _primary(declared: Sequence[Primary], comparison: Comparison, asked: Question, outlets: set[str]) -> list[Primary]:
    """The declared comparisons of the question, between outlets that were coded."""
    # Of attitude the target is the country toward which it is.
    target = asked.target or asked.category.partition(">")[2]
    own = [one for one in declared if (one.measure, one.target) == (asked.measure, target)]
    return [
        one
        for one in own
        if one.outlet in outlets and (one.reference or comparison.reference) in (*outlets, REST, PAIRS)
    ]


def _whole_time(estimates: pd.DataFrame) -> pd.DataFrame:
    """Levels and differences over the whole time: by period the coded articles are too few."""
    rows = estimates[estimates["kind"].isin(["level", "difference"]) & (estimates["period"] == "")]
    return rows.reset_index(drop=True)
