"""Counting: the scores of a report that count in it, under the switches of its study."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from corpora.errors import InputError
from corpora.storage import file_sha256
from reports.folder import MARK
from reports.kept import NAME
from reports.study import VOICES

if TYPE_CHECKING:
    import pandas as pd

    from reports.study import Study


def read_report(folder: str | Path, measure: str) -> tuple[Study, pd.DataFrame, str]:
    """A report's study, the joined scores of one measure, and the sha256 of all its scores.

    Raises:
        InputError: The folder is no report, its scores are not those that its lock names, or the measure is not in it.
    """
    import pandas as pd

    from reports.study_file import read_study

    folder = Path(folder)
    try:
        lock = json.loads((folder / MARK).read_text(encoding="utf-8"))
        digest = file_sha256(folder / NAME)
    except (OSError, ValueError):
        raise InputError(f"{folder} is no report: it holds no {MARK} or no {NAME}") from None
    if not isinstance(lock, dict) or lock.get("scores_sha256") != digest:
        raise InputError(f"the scores in {folder} are not those that the report was made of; make the report anew")
    study = read_study(folder / "study.toml")
    if measure not in study.measures:
        raise InputError(f"the report does not measure {measure!r}; there are: {', '.join(study.measures)}")
    scores = pd.read_parquet(folder / NAME, filters=[("measure", "==", measure)])
    return study, scores.assign(published=pd.to_datetime(scores["published"])), digest


def counting(scores: pd.DataFrame, study: Study) -> pd.DataFrame:
    """The passages that count under a study's switches (wire, genre, voice), with the `period` of each.

    Raises:
        InputError: There is none.
    """
    from reports.article_scores import counted
    from reports.periods import choose_period, period_labels

    rows = counted(scores[scores["voice"].isin(VOICES[study.voice])], study.wire, study.genre)
    if rows.empty:
        raise InputError("no passage of the report counts under its switches (wire, genre, voice)")
    unit = study.period or choose_period(rows.drop_duplicates("article_id")[["outlet", "published"]])
    return rows.assign(period=period_labels(rows["published"], unit))


def comparable(readings: pd.DataFrame, study: Study) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """The readings of outlets that reach the study's minimum, and the names of the others: they have no estimate.

    Raises:
        InputError: No outlet reaches it.
    """
    each = readings.drop_duplicates("article_id").groupby("outlet")
    enough = (each.size() >= study.minimum_articles) & (each["story"].nunique() >= study.minimum_stories)
    if not enough.any():
        raise InputError(f"no outlet has {study.minimum_articles} articles on {study.minimum_stories} stories")
    return readings[readings["outlet"].map(enough)].reset_index(drop=True), tuple(enough.index[~enough])
