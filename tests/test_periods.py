"""Periods: which period a day is in, and which unit suits a corpus."""

from __future__ import annotations

import pandas as pd
import pytest

from reports.periods import UNITS, all_periods, choose_period, period_labels


@pytest.mark.parametrize(
    ("day", "labels"),
    [
        ("2018-01-01", ["2018-01", "2018-Q1", "2018-H1", "2018"]),
        ("2018-03-31", ["2018-03", "2018-Q1", "2018-H1", "2018"]),
        ("2018-06-30", ["2018-06", "2018-Q2", "2018-H1", "2018"]),
        ("2018-07-01", ["2018-07", "2018-Q3", "2018-H2", "2018"]),
        ("2018-12-31", ["2018-12", "2018-Q4", "2018-H2", "2018"]),
        (None, ["", "", "", ""]),
    ],
)
def test_a_day_is_in_these_periods(day: str | None, labels: list[str]) -> None:
    days = pd.Series(pd.to_datetime([day]))
    assert [period_labels(days, unit)[0] for unit in UNITS] == labels


@pytest.mark.parametrize("unit", UNITS)
def test_every_period_between_two_is_listed_once_in_order(unit: str) -> None:
    days = pd.Series(pd.date_range("2016-11-05", "2019-02-03", freq="D"))
    labels = period_labels(days, unit).tolist()
    assert all_periods(labels[0], labels[-1], unit) == sorted(set(labels))


@pytest.mark.parametrize(
    ("days_between", "unit"), [(1, "month"), (3, "month"), (4, "quarter"), (10, "half"), (30, "year"), (200, "year")]
)
def test_the_period_is_the_finest_in_which_the_typical_cell_has_ten_articles(days_between: int, unit: str) -> None:
    # One article every three days is ten a month, every four seven; every ten days nine a quarter and eighteen a half.
    days = pd.date_range("2016-01-01", "2018-12-31", freq=f"{days_between}D")
    assert choose_period(pd.DataFrame({"outlet": "A", "published": days})) == unit


def test_the_period_of_nothing_dated_is_the_year() -> None:
    empty = pd.DataFrame({"outlet": ["A"], "published": pd.to_datetime([None])})
    assert choose_period(empty) == "year"
