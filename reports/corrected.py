"""Corrected: a report's estimates by human codes, beside those of the machine.

| kind in the estimates | value |
|---|---|
| `corrected` | a level, or where there is a reference a difference, of scores corrected by human codes |
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from corpora.errors import InputError
from framing.coding.agreement import agreement_table
from framing.coding.question import Question
from framing.coding.reading import read_codes
from framing.coding.sample import read_sample
from framing.frames import is_frames
from reports.comparison import PRIMARY, SCREEN, Comparison, compare_articles
from reports.correction import coded_outlets, correct
from reports.study import Primary, Study

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
    """

    question: Question
    machine: pd.DataFrame
    human: pd.DataFrame
    outlets: pd.DataFrame
    agreement: pd.DataFrame


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
    return tuple(found)


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
    if told["reference"] not in (*("rest", "pairs"), *after["outlet"]):
        told["reference"] = "rest"
    machine, human = (_whole_time(compare_articles(rows, **told).estimates) for rows in (before, after))
    of = dict(zip(sample.units["unit"], sample.units["article_id"], strict=True))
    return Corrected(
        question=asked,
        machine=machine,
        human=human.assign(kind="corrected", method=METHOD),
        outlets=coded_outlets(sample.units, codes, sample.values),
        agreement=agreement_table(codes, sample.values, asked.frames, of),
    )


def _primary(declared: Sequence[Primary], comparison: Comparison, asked: Question, outlets: set[str]) -> list[Primary]:
    """The declared comparisons of the question, between outlets that were coded."""
    own = [one for one in declared if (one.measure, one.target) == (asked.measure, asked.target)]
    return [
        one
        for one in own
        if one.outlet in outlets and (one.reference or comparison.reference) in (*outlets, "rest", "pairs")
    ]


def _whole_time(estimates: pd.DataFrame) -> pd.DataFrame:
    """Levels and differences over the whole time: by period the coded articles are too few."""
    rows = estimates[estimates["kind"].isin(["level", "difference"]) & (estimates["period"] == "")]
    return rows.reset_index(drop=True)
