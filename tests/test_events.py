"""Declared events: the file, effects by hand and against statsmodels, coverage, and input that cannot be used."""

from __future__ import annotations

import datetime as dt
import gc
import importlib.util
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import linalg

from corpora.errors import InputError
from reports.clustered import coefficient
from reports.estimation import Cell, difference
from reports.event_effects import COLUMNS, CONTRAST, PLAIN, SERIES, WITH_TREND, event_effects
from reports.events import Event, read_events

SUMMIT = Event("Helsinki summit", dt.date(2018, 7, 16))


@pytest.fixture(scope="module", autouse=True)
def uncollected() -> Iterator[None]:
    """statsmodels collects all garbage at each correction, which takes longer than the rest of an effect."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gc, "collect", lambda *generation: 0)
        yield


def news(outlet: str, days: list[str], values: list[float], **changes: Any) -> pd.DataFrame:
    """One article for each value; each its own story unless said otherwise."""
    table = {
        "article_id": [f"{outlet}{number}" for number in range(len(values))],
        "outlet": outlet,
        "value": values,
        "story": [f"{outlet}-s{number}" for number in range(len(values))],
        "n_passages": 1,
        "published": pd.to_datetime(days),
    }
    return pd.DataFrame(table | changes)


def year(outlet: str, before: float, after: float, number: int = 20, seed: int = 1, **changes: Any) -> pd.DataFrame:
    """So many articles on each side of the summit, two levels with noise."""
    generator = np.random.default_rng(seed)
    days = pd.Timestamp("2018-07-16") + pd.to_timedelta(
        np.concatenate([-generator.integers(1, 150, number), generator.integers(0, 150, number)]), unit="D"
    )
    values = np.repeat([before, after], number) + generator.normal(0, 0.1, 2 * number)
    return news(outlet, list(days), list(values), **changes)


def effect(table: pd.DataFrame, kind: str, outlet: str = "A") -> pd.Series:
    [place] = table.index[(table["kind"] == kind) & (table["outlet"] == outlet)]
    return table.loc[place]


# --- The file ---

GOOD = """
[[event]]
name = "Helsinki summit"
date = "2018-07-16"
months = 3
outlets = ["RT", "CNN"]

[[event]]
name = "Annexation of Crimea"
date = 2014-03-18
"""


def test_events_are_read_in_order_of_time_with_both_kinds_of_date(write: Callable[..., Path]) -> None:
    assert read_events(write("events.toml", GOOD)) == (
        Event("Annexation of Crimea", dt.date(2014, 3, 18)),
        Event("Helsinki summit", dt.date(2018, 7, 16), 3, ("RT", "CNN")),
    )


ONE = '[[event]]\nname = "X"\ndate = 2018-07-16\n'


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("", "there is no [[event]] in it"),
        ("[[events]]\nname = 'X'", "unknown table or key 'events', did you mean 'event'?"),
        ("[event]\nname = 'X'", "events are written as tables, each under [[event]]"),
        ("event = [1]", "events are written as tables, each under [[event]]"),
        (ONE + "moths = 3", "unknown [[event]] key 'moths', did you mean 'months'?"),
        (ONE + "zzz = 3", "unknown [[event]] key 'zzz'; there are: name, date, months, outlets"),
        ("[[event]]\ndate = 2018-07-16", "[[event]] number 1 has no 'name'"),
        (ONE + "[[event]]\nname = 'Y'", "[[event]] number 2 has no 'date'"),
        ("[[event]]\nname = 3\ndate = 2018-07-16", "[[event]] number 1: name is 3, not a text in quotation marks"),
        ("[[event]]\nname = '  '\ndate = 2018-07-16", "event '  ' has no name of one line"),
        ('[[event]]\nname = "a\\nb"\ndate = 2018-07-16', "has no name of one line"),
        ('[[event]]\nname = "a\\u202eb"\ndate = 2018-07-16', "has no name of one line"),
        ("[[event]]\nname = 'X'\ndate = 'July 16'", "event 'X': date is 'July 16', not a day such as 2014-03-18"),
        ("[[event]]\nname = 'X'\ndate = 2018-07-16T10:00:00", "event 'X': date is '2018-07-16 10:00:00', not a day"),
        ("[[event]]\nname = 'X'\ndate = 2018", "event 'X': date is '2018', not a day"),
        ("[[event]]\nname = 'X'\ndate = 0018-07-16", "event 'X': its year is 18; from 1800 to 2199 are allowed"),
        (ONE + "months = true", "event 'X': months is True, not a whole number"),
        (ONE + "months = 1.5", "event 'X': months is 1.5, not a whole number"),
        (ONE + "months = 0", "event 'X': months is 0; from 1 to 120 are allowed"),
        (ONE + "months = 10000000000", "months is 10000000000; from 1 to 120 are allowed"),
        (ONE + "outlets = 'RT'", "event 'X': outlets is 'RT', not a list of names in quotation marks"),
        (ONE + "outlets = [1]", "event 'X': outlets is [1], not a list of names in quotation marks"),
        (ONE + ONE, "two events have the name 'X'"),
        ("[[event", "cannot be read"),
        (b"\xff\xfe", "cannot be read"),
    ],
)
def test_a_faulty_file_is_told_in_one_line(write: Callable[..., Path], text: str | bytes, line: str) -> None:
    path = write("events.toml", text)
    with pytest.raises(InputError) as caught:
        read_events(path)
    assert line in str(caught.value)
    assert str(path) in str(caught.value)
    assert len(str(caught.value).splitlines()) == 1


def test_a_missing_file_and_a_folder_are_told(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file of events"):
        read_events(tmp_path / "no.toml")
    with pytest.raises(InputError, match="cannot be read"):
        read_events(tmp_path)


# --- Worked by hand ---


def test_without_months_for_a_trend_the_effect_is_after_less_before() -> None:
    # Four articles of one month each side: 0.1 and 0.3 before, 0.6 and 0.8 after: 0.7 - 0.2.
    before, after = ["2018-07-01", "2018-07-02", "2018-07-03", "2018-07-04"], ["2018-07-16"] * 4
    table = news("A", before + after, [0.1, 0.3] * 2 + [0.6, 0.8] * 2)
    row = effect(event_effects(table, [SUMMIT], (4, 2)), SERIES)
    assert row["value"] == pytest.approx(0.5)
    # Each side's variance is 0.01 x 4 / 3 over 4 articles.
    assert row["se"] == pytest.approx(np.sqrt(2 * 0.01 / 3))
    assert (row["n_articles_before"], row["n_articles_after"]) == (4, 4)
    assert row["method"] == PLAIN


def test_the_day_of_the_event_is_after_it_and_the_window_ends_are_kept() -> None:
    # Six months to the day before the event are in the window; six months after it are out.
    days = ["2018-01-15", "2018-01-16", "2018-07-15", "2018-07-16", "2019-01-15", "2019-01-16"]
    row = effect(event_effects(news("A", days, [0.0, 0.1, 0.2, 0.5, 0.6, 0.9]), [SUMMIT], (2, 2)), SERIES)
    assert (row["n_articles_before"], row["n_articles_after"]) == (2, 2)
    assert row["value"] == pytest.approx(0.55 - 0.15)


def test_a_time_of_day_does_not_move_an_article_to_the_other_side() -> None:
    table = year("A", 0.0, 0.5)
    later = table.assign(published=table["published"] + pd.Timedelta(hours=23))
    pd.testing.assert_frame_equal(event_effects(table, [SUMMIT]), event_effects(later, [SUMMIT]))


def test_a_steady_trend_is_no_effect_where_there_are_months_enough() -> None:
    days = pd.date_range("2018-02-01", "2018-12-31", freq="3D")
    values = np.arange(len(days)) * 0.01 + np.random.default_rng(1).normal(0, 0.02, len(days))
    row = effect(event_effects(news("A", list(days), list(values)), [SUMMIT]), SERIES)
    assert row["method"] == WITH_TREND
    assert abs(row["value"]) < 0.02
    # Plain after less before would be half a year of the trend.
    after = days >= "2018-07-16"
    assert values[after].mean() - values[~after].mean() > 0.5


def test_the_double_difference_takes_off_what_moved_all_and_counts_each_outlet_once() -> None:
    # A: 0.2 -> 0.7; B: 0.1 -> 0.2; C, with five times the articles: 0.0 -> 0.3. 0.5 - (0.1 + 0.3) / 2 = 0.3.
    days = ["2018-07-01"] * 4 + ["2018-07-20"] * 4
    parts = [
        news("A", days, [0.1, 0.3] * 2 + [0.6, 0.8] * 2),
        news("B", days, [0.0, 0.2] * 2 + [0.1, 0.3] * 2),
        news("C", ["2018-07-01"] * 20 + ["2018-07-20"] * 20, [-0.1, 0.1] * 10 + [0.2, 0.4] * 10),
    ]
    row = effect(event_effects(pd.concat(parts), [SUMMIT], (4, 2)), CONTRAST)
    assert row["value"] == pytest.approx(0.3)
    assert row["reference"] == "rest"
    # Of each side: A and B 0.01/3, C 0.01/19; the others' weights are a half.
    assert row["se"] ** 2 == pytest.approx(2 * (0.01 / 3 + 0.25 * 0.01 / 3 + 0.25 * 0.01 / 19))


def test_of_two_outlets_one_double_difference_is_told_and_the_other_mirrors_it() -> None:
    table = pd.concat([year("A", 0.0, 0.4), year("B", 0.0, 0.1, seed=2)])
    found = event_effects(table, [SUMMIT])
    row = effect(found, CONTRAST)
    assert row["reference"] == "B"
    assert (found["kind"] == CONTRAST).sum() == 1
    swapped = table.assign(outlet=table["outlet"].map({"A": "B", "B": "A"}))
    assert effect(event_effects(swapped, [SUMMIT]), CONTRAST)["value"] == pytest.approx(-row["value"])


def test_a_story_shared_by_all_outlets_is_paired() -> None:
    # The same stories and nearly the same values: what is left of the noise is small, though each series has much.
    one = year("A", 0.0, 0.3)
    other = year("B", 0.0, 0.0).assign(story=one["story"])
    apart = other.assign(story=other["story"] + "!")
    paired, unpaired = (effect(event_effects(pd.concat([one, b]), [SUMMIT]), CONTRAST) for b in (other, apart))
    assert paired["value"] == pytest.approx(unpaired["value"])
    assert paired["se"] < 0.01 * unpaired["se"] or np.isnan(paired["se"])


def test_a_story_that_runs_over_the_event_is_one_cluster_on_both_sides() -> None:
    table = year("A", 0.0, 0.3)
    table["story"] = [f"s{number % 20}" for number in range(40)]
    row = effect(event_effects(table, [SUMMIT]), SERIES)
    assert (row["n_stories_before"], row["n_stories_after"]) == (20, 20)
    days = (table["published"] - pd.Timestamp("2018-07-16")).dt.days.to_numpy()
    cells = [Cell(table[side], (2, 2)) for side in (days >= 0, days < 0)]
    assert difference(cells[0], [cells[1]])["freedom"] == pytest.approx(19)


def test_named_outlets_alone_are_asked_and_compared_with_those_not_named() -> None:
    table = pd.concat([year(o, 0.0, step, seed=i) for i, (o, step) in enumerate([("A", 0.5), ("B", 0.5), ("C", 0.0)])])
    event = Event("e", SUMMIT.date, 6, ("A", "B"))
    found = event_effects(table, [event])
    assert set(found["outlet"]) == {"A", "B"}
    assert effect(found, CONTRAST, "A")["reference"] == "C"
    assert effect(found, CONTRAST, "B")["value"] == pytest.approx(0.5, abs=0.1)


def test_holm_runs_over_all_events_and_outlets_of_a_kind() -> None:
    table = pd.concat([year("A", 0.0, 0.03), year("B", 0.0, 0.0, seed=2), year("C", 0.0, 0.0, seed=3)])
    events = [SUMMIT, Event("another", dt.date(2018, 7, 20))]
    found = event_effects(table, events)
    for kind in (SERIES, CONTRAST):
        rows = found[found["kind"] == kind]
        assert len(rows) == 6
        assert rows["p_adjusted"].min() == pytest.approx(min(1, 6 * rows["p"].min()))


# --- Against statsmodels ---


def design(table: pd.DataFrame) -> tuple[np.ndarray, np.ndarray]:
    months = (table["published"] - pd.Timestamp(SUMMIT.date)).dt.days.to_numpy() / 30.4375
    after = (months >= 0).astype(float)
    return np.column_stack([np.ones(len(table)), after, months * (1 - after), months * after]), after


def test_the_interrupted_series_is_the_regression_of_statsmodels_with_errors_by_story() -> None:
    table = year("A", 0.1, 0.4, 150)
    table["story"] = np.random.default_rng(5).integers(0, 120, len(table))
    x, _ = design(table)
    fit = sm.OLS(table["value"].to_numpy(), x).fit(cov_type="cluster", cov_kwds={"groups": table["story"]})
    row = effect(event_effects(table, [SUMMIT]), SERIES)
    assert row["method"] == WITH_TREND
    assert row["value"] == pytest.approx(fit.params[1], rel=1e-9)
    # statsmodels corrects by one factor for all stories (CR1), this by each story's own leverage (CR2).
    assert row["se"] == pytest.approx(fit.bse[1], rel=0.03)


def test_the_plain_difference_and_the_regression_agree() -> None:
    table = year("A", 0.1, 0.4, 60)
    table["story"] = np.random.default_rng(5).integers(0, 50, len(table))
    _, after = design(table)
    value, variance, _ = coefficient(
        table["value"].to_numpy(), np.column_stack([np.ones(len(after)), after]), table["story"].to_numpy(), 1
    )
    cells = [Cell(table[after == side], (2, 2)) for side in (1, 0)]
    plain = difference(cells[0], [cells[1]])
    assert value == pytest.approx(plain["value"])
    assert np.sqrt(variance) == pytest.approx(plain["se"], rel=0.03)


def test_variance_and_degrees_of_freedom_are_those_of_the_formula_with_full_matrices() -> None:
    table = year("A", 0.1, 0.4, 15)
    table["story"] = np.random.default_rng(6).integers(0, 12, len(table))
    x, _ = design(table)
    y, stories = table["value"].to_numpy(), table["story"].to_numpy()
    inverse = np.linalg.inv(x.T @ x)
    rest = np.eye(len(y)) - x @ inverse @ x.T
    columns = []
    for story in np.unique(stories):
        rows = stories == story
        block = linalg.fractional_matrix_power(rest[np.ix_(rows, rows)], -0.5)
        columns.append(rest[:, rows] @ np.real(block) @ x[rows] @ inverse[:, 1])
    forms = np.column_stack(columns)
    weights = np.linalg.eigvalsh(forms.T @ forms)
    _, variance, freedom = coefficient(y, x, stories, 1)
    assert variance == pytest.approx(np.sum((forms.T @ y) ** 2))
    assert freedom == pytest.approx(weights.sum() ** 2 / np.sum(weights**2))


def test_the_double_difference_is_the_interaction_of_a_regression() -> None:
    table = pd.concat([year("A", 0.0, 0.4, 60), year("B", 0.1, 0.2, 60, seed=2)], ignore_index=True)
    table["story"] = np.random.default_rng(7).integers(0, 90, len(table))
    after = (table["published"] >= pd.Timestamp(SUMMIT.date)).to_numpy(dtype=float)
    own = (table["outlet"] == "A").to_numpy(dtype=float)
    x = np.column_stack([np.ones(len(table)), own, after, own * after])
    fit = sm.OLS(table["value"].to_numpy(), x).fit(cov_type="cluster", cov_kwds={"groups": table["story"]})
    row = effect(event_effects(table, [SUMMIT]), CONTRAST)
    assert row["value"] == pytest.approx(fit.params[3], rel=1e-9)
    assert row["se"] == pytest.approx(fit.bse[3], rel=0.05)


def test_where_one_story_decides_alone_there_is_no_interval() -> None:
    y, x = np.array([0.0, 1.0, 5.0]), np.array([[1.0, 0.0], [1.0, 0.0], [1.0, 1.0]])
    value, variance, freedom = coefficient(y, x, np.array([0, 0, 1]), 1)
    assert value == pytest.approx(4.5)
    assert np.isnan(variance)
    assert np.isnan(freedom)


# --- Coverage ---


def test_intervals_of_both_kinds_cover_the_planted_effect() -> None:
    path = Path(__file__).parent.parent / "benchmarks" / "change_points.py"
    spec = importlib.util.spec_from_file_location("planted_events", path)
    planted = importlib.util.module_from_spec(spec)  # type: ignore[arg-type]
    sys.modules["planted_events"] = planted
    spec.loader.exec_module(planted)  # type: ignore[union-attr]
    cells = {"some": planted.Shaken(stories=8, slope=0.02, long=0.3)}
    found = planted.event_coverage(120, cells)
    assert found["covered"].between(0.89, 0.99).all()
    assert (found["bias"].abs() < 0.05).all()


# --- Input that cannot be used ---


@pytest.mark.parametrize(
    ("table", "event", "line"),
    [
        (year("A", 0, 0).iloc[:1], SUMMIT, "all articles are of one day"),
        (year("A", 0, 0), Event("e", dt.date(2025, 1, 1)), "the event lies outside the articles' days, 2018-"),
        (year("A", 0, 0), Event("e", dt.date(2001, 1, 1)), "the event lies outside the articles' days, 2018-"),
        (news("A", ["2018-07-16"] * 30, [0.1, 0.2] * 15), SUMMIT, "all articles are of one day, 2018-07-16"),
        (news("A", ["2018-07-16", None], [0.1, 0.2]).iloc[1:], SUMMIT, "no article has a date"),
        (
            news("A", ["2010-01-01", "2020-01-01"], [0.1, 0.2]),
            SUMMIT,
            "not enough data: no article in the window",
        ),
        (
            pd.concat([year("A", 0, 0).iloc[:20], news("A", ["2020-01-01"], [0.5]).assign(article_id="late")]),
            SUMMIT,
            "not enough data: articles only before the event, 20 of them",
        ),
        (year("A", 0, 0, 9), SUMMIT, "before the event, 9 articles on 9 stories, 10 articles and 5 stories are needed"),
        (year("A", 0, 0, story="one"), SUMMIT, "20 articles on 1 stories, 10 articles and 5 stories are needed"),
    ],
)
def test_what_cannot_be_told_has_a_note_and_no_number(table: pd.DataFrame, event: Event, line: str) -> None:
    found = event_effects(table, [event])
    assert list(found.columns) == COLUMNS
    for kind in (SERIES, CONTRAST):
        row = effect(found, kind)
        assert line in row["note"]
        assert row[["value", "se", "low", "high", "p", "p_adjusted"]].isna().all()


def test_an_outlet_alone_has_a_series_and_no_double_difference() -> None:
    found = event_effects(year("A", 0.0, 0.4), [SUMMIT])
    assert effect(found, SERIES)["note"] == ""
    assert effect(found, CONTRAST)["note"] == "not enough data: no other outlet on both sides of the event"


def test_an_outlet_on_one_side_only_is_in_nobody_s_comparison() -> None:
    table = pd.concat([year("A", 0.0, 0.4), year("B", 0.0, 0.1, seed=2), year("C", 0.0, 9.0, seed=3).iloc[20:]])
    found = event_effects(table, [SUMMIT])
    assert effect(found, CONTRAST)["reference"] == "B"
    assert effect(found, CONTRAST)["value"] == pytest.approx(0.3, abs=0.1)
    assert "only after" in effect(found, CONTRAST, "C")["note"]


def test_a_constant_measure_has_a_value_and_says_that_it_has_no_interval() -> None:
    table = pd.concat([year("A", 0, 0).assign(value=0.25), year("B", 0, 0, seed=2).assign(value=0.25)])
    found = event_effects(table, [SUMMIT])
    assert found["value"].abs().max() < 1e-9
    assert found[["se", "low", "high", "p", "p_adjusted"]].isna().all(axis=None)
    assert set(found["note"]) == {"nothing varies: no interval"}


def test_an_unknown_outlet_and_several_measures_are_refused() -> None:
    table = year("A", 0, 0)
    with pytest.raises(InputError, match="event 'e': unknown outlet 'AA', did you mean 'A'"):
        event_effects(table, [Event("e", SUMMIT.date, 6, ("AA",))])
    with pytest.raises(InputError, match="article 'A0' has several values"):
        event_effects(pd.concat([table, table]), [SUMMIT])


def test_no_events_and_no_articles_give_an_empty_table() -> None:
    assert event_effects(year("A", 0, 0), []).empty
    assert event_effects(year("A", 0, 0).iloc[:0], [SUMMIT]).empty


def test_the_order_of_rows_and_events_does_not_matter() -> None:
    table = pd.concat([year("A", 0.0, 0.4), year("B", 0.0, 0.1, seed=2), year("C", 0.0, 0.0, seed=3)])
    events = [SUMMIT, Event("another", dt.date(2018, 7, 20))]
    mixed = table.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(event_effects(table, events), event_effects(mixed, events[::-1]))
