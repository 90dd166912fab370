"""Twelve days of 2018: sixty articles of five invented outlets, few enough to be reported on again and again."""

from __future__ import annotations

from pathlib import Path

from corpora.corpus import Corpus
from corpora.ingest import read
from reports.study import Study
from reports.study_file import read_study

FOLDER = Path(__file__).parent / "twelve-days"


def twelve_days() -> Corpus:
    """The articles, in memory; what they are: `DATASHEET.md` beside them."""
    return read(FOLDER / "articles.jsonl")


def twelve_days_study() -> Study:
    """Half-years; cells of six articles and five stories."""
    return read_study(FOLDER / "study.toml")
