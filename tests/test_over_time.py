"""Over time: which series are searched, what becomes of declared events, and articles that have no time to show."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from article_rows import RELATION, Row, article, compared, drawn, told

from corpora.errors import InputError
from reports.change_points import ChangePoint
from reports.chart import NARROW, WIDE
from reports.estimation import holm
from reports.event_effects import COLUMNS, CONTRAST, SERIES
from reports.events import Event
from reports.inferred_charts import trend
from reports.inferred_page import _over_time
from reports.inferred_prose import change_sentences
from reports.over_time import MOST, OverTime, change_rows, effect_rows, over_time

SUMMIT = Event("Summit", dt.date(2018, 7, 16))


def monthly(outlet: str, months: int = 12, each: int = 2, jump: float = 0.0, **changes: Any) -> list[Row]:
    """Some articles a month from January 2018, each on a story of its own; from the second half on they jump."""
    rng = np.random.default_rng(months + each)
    return [
        article(outlet, f"{outlet}{month}-{number}", float(rng.normal(jump * (month >= months // 2), 0.05)),
                published=pd.Timestamp("2018-01-10") + pd.DateOffset(months=month, days=number), **changes)
        for month in range(months)
        for number in range(each)
    ]  # fmt: skip


def found(rows: list[Row], *events: Event, **settings: Any) -> tuple[OverTime, ...]:
    return over_time(compared(rows, **settings), events, draws=100, seed=1)


@pytest.fixture(scope="module")
def jumped() -> tuple[OverTime, ...]:
    """A jumps in the middle of two years, B and C stay; a relation as well."""
    rows = [*monthly("A", 24, jump=0.5), *monthly("B", 24, 1), *monthly("C", 24, 3)]
    events = (Event("Start of the second year", dt.date(2019, 1, 1)), Event("Of A", dt.date(2018, 9, 1), 4, ("A",)))
    return found([*rows, *(row | RELATION for row in monthly("B", 24))], *events)


# --- Which series ---


def test_only_the_largest_outlets_are_searched() -> None:
    rows = [row for n in range(MOST + 2) for row in monthly(f"O{n}", 3, each=1 + n)]
    [one] = found(rows)
    assert sorted(one.smooths) == sorted(one.changes) == [f"O{n}" for n in range(2, MOST + 2)]
    # Too short to be searched, all of them.
    assert one.searched == 0
    assert set(one.untested) == set(one.changes)


def test_outlets_below_the_minimum_are_not_searched() -> None:
    [one] = found([*monthly("A", 4), *monthly("B", 4, 1)], minimum=(5, 2))
    assert sorted(one.smooths) == ["A"]


def test_a_jump_is_found_where_it_is_and_nowhere_else(jumped: tuple[OverTime, ...]) -> None:
    relation, sentiment = jumped
    assert [one.key["measure"] for one in jumped] == ["relation", "sentiment"]
    assert {outlet: [change.period for change in of] for outlet, of in sentiment.changes.items()} == {
        "C": [], "A": ["2019-01"], "B": [],
    }  # fmt: skip
    assert sentiment.searched == 3
    assert sorted(relation.changes) == ["B"]
    rows = change_rows(jumped)
    assert rows[["measure", "target", "pair", "outlet", "period"]].to_numpy().tolist() == [
        ["sentiment", "RUS", "", "A", "2019-01"]
    ]
    assert rows["value"].iloc[0] == pytest.approx(0.5, abs=0.06)


def test_a_change_that_the_number_of_series_explains_is_told_apart() -> None:
    # The smallest p of a search is 1 / 1000: of fifty series or more none survives Bonferroni's correction.
    alone = found(monthly("A", 24, jump=0.5))[0]
    assert [len(alone.changes["A"]), len(alone.doubtful["A"])] == [1, 0]
    table = change_rows([alone, replace(alone, changes=alone.doubtful, doubtful=alone.changes)])
    assert table["sure"].tolist() == [True, False]
    p = alone.changes["A"][0].p
    several = found([*monthly("A", 24, jump=0.5), *monthly("B", 24), *monthly("C", 24)])[0]
    assert several.changes["A"][0].p == pytest.approx(3 * p)


def test_effects_of_all_measures_and_kinds_are_one_family(jumped: tuple[OverTime, ...]) -> None:
    rows = effect_rows(jumped)
    known = rows[rows["p"].notna()]
    assert known["measure"].nunique() == known["kind"].nunique() == 2
    assert list(known["p_adjusted"]) == pytest.approx(list(holm(known["p"].to_numpy())))


def test_what_is_not_tested_and_split_by_voice_is_no_series() -> None:
    rows = monthly("A", 4)
    assert found([row | {"measure": "tone"} for row in rows]) == ()
    assert len(found(rows + [row | {"voice": "own"} for row in rows])) == 1


def test_the_same_seed_gives_the_same_series() -> None:
    rows = monthly("A", 12)
    one, other = found(rows)[0], found(rows)[0]
    pd.testing.assert_frame_equal(one.smooths["A"], other.smooths["A"])
    assert one.changes == other.changes


# --- Declared events ---


def test_effects_are_of_the_outlets_that_an_event_names_or_of_all(jumped: tuple[OverTime, ...]) -> None:
    rows = effect_rows(jumped)
    assert list(rows) == [*COLUMNS, "measure", "target", "pair"]
    own = rows[(rows["measure"] == "sentiment") & (rows["kind"] == SERIES)]
    assert own.groupby("event")["outlet"].agg(list).to_dict() == {
        "Of A": ["A"], "Start of the second year": ["A", "B", "C"],
    }  # fmt: skip
    step = own[(own["event"] != "Of A") & (own["outlet"] == "A")].iloc[0]
    assert step["value"] == pytest.approx(0.5, abs=0.15)
    assert step["p_adjusted"] < 0.05
    double = rows[(rows["kind"] == CONTRAST) & (rows["outlet"] == "A") & (rows["event"] != "Of A")].iloc[0]
    assert double["low"] < 0.5 < double["high"]


def test_an_event_of_an_outlet_without_articles_is_refused_by_name() -> None:
    with pytest.raises(InputError, match=r"^event 'Summit' names no outlet of the study: 'Z'$"):
        found(monthly("A"), Event("Summit", dt.date(2018, 7, 16), outlets=("A", "Z")))


def test_an_outlet_that_one_measure_lacks_is_asked_of_the_others(jumped: tuple[OverTime, ...]) -> None:
    # Of the relation there is B alone, and one event names A alone.
    relation = jumped[0]
    assert set(relation.effects["event"]) == {"Start of the second year"}
    both = Event("Both", dt.date(2018, 7, 16), outlets=("A", "B"))
    rows = effect_rows(found([*monthly("A"), *monthly("B"), *(row | RELATION for row in monthly("B"))], both))
    assert set(rows[rows["measure"] == "relation"]["outlet"]) == {"B"}
    assert set(rows[rows["measure"] == "sentiment"]["outlet"]) == {"A", "B"}


def test_events_are_told_in_order_of_their_days_and_those_without_effect_are_counted(
    jumped: tuple[OverTime, ...],
) -> None:
    page = _over_time(jumped[1])
    assert [event["name"] for event in page["effects"]] == ["Of A", "Start of the second year"]
    assert page["without"] == 0
    early = _over_time(found(monthly("A"), Event("Early", dt.date(2001, 1, 1)))[0])
    assert early["effects"] == []
    # Of one outlet: the series, and the difference in differences.
    assert early["without"] == 2


def test_without_events_or_effects_the_table_has_its_columns_all_the_same() -> None:
    assert list(effect_rows(found(monthly("A")))) == [*COLUMNS, "measure", "target", "pair"]
    assert list(change_rows(())) == ["measure", "target", "pair", "outlet", *ChangePoint.__annotations__, "sure"]
    assert effect_rows(()).empty


# --- No time to show ---


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([row | {"published": pd.NaT} for row in drawn(1, "AB")], id="no day at all"),
        pytest.param([row | {"published": pd.Timestamp("2018-03-01")} for row in drawn(1, "AB")], id="one day"),
        pytest.param(monthly("A", 1, 12), id="one month"),
        pytest.param([row | {"value": 0.25} for row in monthly("A", 24)], id="constant"),
        pytest.param(told({"A": {1: [0.1, 0.2, 0.3, 0.4]}}), id="one story"),
    ],
)
def test_without_a_series_nothing_is_found_and_all_can_be_drawn_and_told(rows: list[Row]) -> None:
    [one] = found(rows, SUMMIT)
    assert change_rows([one]).empty
    assert one.searched == 0
    assert change_sentences([one]) == ["No series is long enough, or varies, so that it could be searched for changes."]
    assert effect_rows([one])["p"].isna().all()
    for width in (WIDE, NARROW):
        drawing = trend(one.smooths, one.changes, [SUMMIT], "Title", width=width)
        assert drawing.data("svg") == trend(one.smooths, one.changes, [SUMMIT], "Title", width=width).data("svg")


def test_articles_without_a_day_are_in_no_series_and_those_with_one_are() -> None:
    rows = [*monthly("A", 6), *(row | {"published": pd.NaT} for row in drawn(1, "B"))]
    [one] = found(rows)
    assert list(one.smooths) == ["A"]
