"""Parts: bars of shares and dots by part, for whatever outlets there are and whatever they are called."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest

from reports.chart import NARROW, WIDE, Chart
from reports.described import groups, speakers
from reports.described_charts import NAME_KINDS, SUBJECTS, group_names, speaker_names
from reports.names import adjective
from reports.parts import MOST, MOST_SPLIT, splits, stacks

PARTS = {"own": "the outlet itself", "RUS": "Russian officials", "other": "others"}
SHARES = {"The Daily": (0.5, 0.3, 0.2), "The Weekly": (0.2, 0.7, 0.1), "The Hour": (0.9, 0.0, 0.1)}
MEAN = "$x_2$\u202eevil\u200f $"
WIDTHS = pytest.mark.parametrize("width", [WIDE, NARROW])


def stacked(shares: Mapping[str, tuple[float, ...]], articles: int = 20) -> pd.DataFrame:
    """Levels of shares, one row an outlet and part; an outlet with nothing has a missing value."""
    rows = [
        {"outlet": outlet, "category": part, "value": value, "n_articles": articles}
        for outlet, values in shares.items()
        for part, value in zip(PARTS, values, strict=True)
    ]
    return pd.DataFrame(rows, columns=["outlet", "category", "value", "n_articles"])


def level(values: Mapping[str, float], articles: int = 20) -> pd.DataFrame:
    rows = [
        {"outlet": o, "value": v, "low": v - 0.1, "high": v + 0.1, "n_articles": articles} for o, v in values.items()
    ]
    return pd.DataFrame(rows, columns=["outlet", "value", "low", "high", "n_articles"])


def many(number: int) -> dict[str, tuple[float, ...]]:
    return {f"Outlet {n:02d}": (n / 100, 0.5, 0.5 - n / 100) for n in range(number)}


def labels(chart: Chart) -> list[str]:
    return [tick.get_text() for tick in chart.axes[0].get_yticklabels()]


def said(chart: Chart) -> set[str]:
    return {text.get_text() for text in [*chart.texts, *chart.axes[0].texts]}


def bars(chart: Chart) -> dict[str, list[tuple[float, float]]]:
    """Outlet to the beginning and length of each of its bars."""
    found: dict[str, list[tuple[float, float]]] = {name: [] for name in labels(chart)}
    for bar in chart.axes[0].patches:
        found[labels(chart)[round(bar.get_y() + bar.get_height() / 2)]].append((bar.get_x(), bar.get_width()))
    return found


def dots(chart: Chart) -> dict[str, list[float]]:
    """Outlet to the values of its dots, the uppermost first."""
    lines = [line for line in chart.axes[0].lines if line.get_marker() == "o"]
    found: dict[str, list[float]] = {name: [] for name in labels(chart)}
    for line in sorted(lines, key=lambda line: -line.get_ydata()[0]):
        found[labels(chart)[round(line.get_ydata()[0])]].append(float(line.get_xdata()[0]))
    return found


# --- Stacks ---


@WIDTHS
def test_the_bars_of_an_outlet_follow_one_another_and_end_at_one(width: float) -> None:
    found = bars(stacks(stacked(SHARES), PARTS, "Voices", "source", width))
    assert set(found) == set(SHARES)
    for outlet, pieces in found.items():
        assert [length for _, length in pieces] == pytest.approx(list(SHARES[outlet]))
        at = 0.0
        for start, length in pieces:
            assert start == pytest.approx(at)
            at += length
        assert at == pytest.approx(1)


def test_the_outlet_with_most_of_the_first_part_stands_above_and_the_ground_is_no_first_part() -> None:
    assert labels(stacks(stacked(SHARES), PARTS)) == ["The Weekly", "The Daily", "The Hour"]
    assert labels(stacks(stacked(SHARES), PARTS, pale="own")) == ["The Hour", "The Daily", "The Weekly"]


def test_each_part_has_its_own_colour_and_the_ground_is_pale() -> None:
    chart = stacks(stacked({"The Daily": (0.5, 0.3, 0.2)}), PARTS, pale="own")
    colours = [tuple(bar.get_facecolor()) for bar in chart.axes[0].patches]
    assert len(set(colours)) == 3
    assert min(colours[0][:3]) > 0.85
    assert max(min(colour[:3]) for colour in colours[1:]) < 0.7


def test_an_outlet_without_enough_data_has_no_bar() -> None:
    short = {**SHARES, "The Minute": (float("nan"),) * 3}
    assert set(labels(stacks(stacked(short), PARTS))) == set(SHARES)


def test_the_number_of_articles_stands_beside_each_bar() -> None:
    frame = pd.concat([stacked({"The Daily": (0.5, 0.3, 0.2)}, 12), stacked({"The Hour": (0.5, 0.3, 0.2)}, 34)])
    assert {"12", "34"} <= said(stacks(frame, PARTS))


@WIDTHS
def test_of_thirty_outlets_the_largest_are_drawn(width: float) -> None:
    large = stacked(many(30))
    large["n_articles"] = [10 + n // len(PARTS) for n in range(len(large))]
    found = labels(stacks(large, PARTS, width=width))
    assert len(found) == MOST
    assert set(found) == {f"Outlet {n:02d}" for n in range(30 - MOST, 30)}


# --- Splits ---


@WIDTHS
def test_splits_show_each_part_at_its_value_with_its_interval(width: float) -> None:
    sides = {"own": level({"A": 0.5, "B": -0.25}), "Russian officials": level({"A": -0.5})}
    chart = splits(sides, "Sentiment", "source", width, label="← negative · positive →")
    assert dots(chart) == {"B": [-0.25], "A": [0.5, -0.5]}
    # The highest by the first part stands above.
    assert labels(chart) == ["B", "A"]
    intervals = {tuple(line.get_xdata()) for line in chart.axes[0].lines if line.get_linewidth() == 1.4}
    assert intervals >= {(0.4, 0.6), (-0.35, -0.15), (-0.6, -0.4)}
    assert chart.axes[0].get_xlabel() == "← negative · positive →"


def test_a_part_without_a_value_has_no_dot_and_an_outlet_without_the_first_part_no_row() -> None:
    sides = {"own": level({"A": 0.5, "B": float("nan")}), "others": level({"A": float("nan"), "B": 0.1})}
    assert dots(splits(sides)) == {"A": [0.5]}


def test_of_thirty_outlets_the_largest_are_split() -> None:
    rows = level({f"Outlet {n:02d}": n / 100 for n in range(30)})
    rows["n_articles"] = range(10, 40)
    found = labels(splits({"own": rows, "others": rows}))
    assert found == [f"Outlet {n:02d}" for n in range(30 - MOST_SPLIT, 30)]


# --- Both ---


def drawn(kind: str, names: list[str], width: float) -> Chart:
    if kind == "stacks":
        return stacks(stacked({name: (0.5, 0.25, 0.25) for name in names}), PARTS, "Title", "source", width, pale="own")
    return splits({PARTS[part]: level(dict.fromkeys(names, 0.1)) for part in PARTS}, "Title", "source", width)


CASES = {"none": [], "one": ["The Daily"], "three": list(SHARES), "thirty": list(many(30)), "hostile": [MEAN, "=1+1"]}


@WIDTHS
@pytest.mark.parametrize("kind", ["stacks", "splits"])
@pytest.mark.parametrize("names", CASES.values(), ids=CASES)
def test_a_chart_is_made_of_whatever_outlets_there_are_with_every_part_in_its_legend(
    kind: str, names: list[str], width: float
) -> None:
    chart = drawn(kind, names, width)
    assert isinstance(chart, Chart)
    assert chart.get_figwidth() == pytest.approx(width)
    assert set(PARTS.values()) <= said(chart)
    assert len(labels(chart)) == min(len(names), MOST if kind == "stacks" else MOST_SPLIT)
    assert ("not enough data" in said(chart)) == (not names)
    assert all(0 <= text.get_position()[0] < 1 for text in chart.texts)


@pytest.mark.parametrize("kind", ["stacks", "splits"])
def test_a_name_is_drawn_as_it_is_without_formulas_and_direction_marks(kind: str) -> None:
    chart = drawn(kind, [MEAN], NARROW)
    assert labels(chart) == ["$x_2$evil $"]
    assert not chart.axes[0].get_yticklabels()[0].get_parse_math()
    assert chart.data("svg").startswith(b"<?xml")


@pytest.mark.parametrize("kind", ["stacks", "splits"])
def test_the_same_chart_twice_is_the_same_bytes(kind: str) -> None:
    for form in ("svg", "png"):
        one, two = (drawn(kind, list(SHARES), WIDE).data(form) for _ in range(2))
        assert one == two
        assert drawn(kind, list(SHARES)[:2], WIDE).data(form) != one


def legend(parts: Mapping[str, str], width: float) -> list[str]:
    drawn = [text.get_text() for text in stacks(stacked({}), parts, "T", width=width).texts]
    return sorted(text for text in drawn if text in set(parts.values()))


@WIDTHS
@pytest.mark.parametrize("dyad", [("RUS", "USA"), ("GNB", "KOR"), ("GBR", "PNG")])
def test_every_part_of_a_report_s_charts_is_in_the_legend(dyad: tuple[str, str], width: float) -> None:
    kinds: dict[str, Any] = {"speakers": speaker_names(dyad), "subjects": SUBJECTS, "names": NAME_KINDS}
    for parts in (*kinds.values(), {name: name for name in group_names(dyad).values()}):
        assert legend(parts, width) == sorted(parts.values())
    assert set(speaker_names(dyad)) == set(speakers(dyad))
    assert list(group_names(dyad)) == list(groups(dyad))


def test_a_name_with_hyphens_is_not_cut_in_the_legend() -> None:
    for length in range(1, 12):
        parts = {f"p{n}": f"{'a' * length}-bc-{n} of Guinea-Bissau" for n in range(9)}
        for width in (WIDE, NARROW):
            assert legend(parts, width) == sorted(parts.values())


def test_adjectives_are_those_of_the_language_and_no_nicknames() -> None:
    told = {
        "GBR": "British",
        "TUR": "Turkish",
        "KOR": "South Korean",
        "FRA": "French",
        "DEU": "German",
        "UKR": "Ukrainian",
    }
    assert {code: adjective(code) for code in told} == told
