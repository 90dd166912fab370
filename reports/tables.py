"""Tables: what a report writes beside its page, as CSV that no spreadsheet runs, and the scores as Parquet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from corpora.storage import inert
from reports.over_time import change_rows, effect_rows

if TYPE_CHECKING:
    from reports.comparison import Comparison
    from reports.controls import Control
    from reports.report import Results


def coverage_table(articles: pd.DataFrame, comparison: Comparison) -> pd.DataFrame:
    """Articles by outlet (rows, largest first) and period (columns); undated articles are in no period."""
    from reports.periods import all_periods, period_labels

    labels = period_labels(articles["published"], comparison.period)
    dated = sorted(set(labels) - {""})
    periods = all_periods(dated[0], dated[-1], comparison.period) if dated else []
    table = pd.crosstab(articles["outlet"], labels).reindex(columns=periods, fill_value=0)
    order = articles.groupby("outlet").size().sort_index().sort_values(ascending=False, kind="stable").index
    return table.reindex(order, fill_value=0)


def controls_table(controls: Sequence[Control]) -> pd.DataFrame:
    """One row a control: how often nothing was taken for something."""
    return pd.DataFrame(
        [
            {"control": one.name, "found": one.found, "tried": one.tried, "share": one.share, "worst": one.worst[0],
             "worst_in": one.worst[1]}
            for one in controls
        ]
    )  # fmt: skip


def write_tables(results: Results, folder: Path) -> None:
    """Write every table as CSV; texts are made inert, so that no spreadsheet runs them."""
    folder.mkdir()
    evidence = results.evidence.drop(columns=[] if results.study.text else ["text"], errors="ignore")
    columns = [
        "measure",
        "target",
        "pair",
        "outlet",
        "side",
        "value",
        "confidence",
        "text",
        "published",
        "title",
        "url",
        "article_id",
        "passage_id",
    ]
    study = results.study
    inferred = results.inferred.estimates(study.wire, study.genre)
    parts = [results.comparison.estimates, results.described.estimates, inferred]
    tables: dict[str, pd.DataFrame] = {
        # A level has no other side: a count that may be missing is a whole number all the same.
        "estimates": pd.concat([part for part in parts if len(part)], ignore_index=True).astype(
            {"n_reference": "Int64"}
        ),
        "articles": results.comparison.articles,
        "coverage": results.coverage.reset_index(),
        "evidence": evidence[[column for column in columns if column in evidence]],
        "quality": results.quality.table(),
        "wire": results.effects,
        "genre": results.genre_effects,
        "controls": controls_table(results.inferred.controls),
        "changes": change_rows(results.inferred.over_time),
        **({"events": effect_rows(results.inferred.over_time)} if study.events else {}),
        **({"robustness": results.inferred.robustness.table} if results.inferred.robustness else {}),
        **_words(results),
    }
    for name, table in tables.items():
        safe = table.copy()
        for column in safe.columns:
            if not pd.api.types.is_numeric_dtype(safe[column]) and not pd.api.types.is_datetime64_any_dtype(
                safe[column]
            ):
                safe[column] = [inert(cell) for cell in safe[column]]
        safe.to_csv(
            folder / f"{name}.csv",
            index=False,
            float_format="%.6f",
            lineterminator="\n",
            date_format="%Y-%m-%d",
        )


def _words(results: Results) -> dict[str, pd.DataFrame]:
    """Tables of words, where the study reads them; contexts only where its texts are shown."""
    words = results.words
    if words is None:
        return {}
    tables = {"words": words.key, "words-shared": words.shared, "loaded-words": words.loaded, "contexts": words.places}
    if not results.study.text:
        del tables["contexts"]
    return {name: table for name, table in tables.items() if len(table)}
