"""A page as tests read it, golden estimates, studies that are quick to report on, and charts that take no time."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from twelve_days import twelve_days_study

from reports.comparison import ESTIMATE_COLUMNS
from reports.pictures import Picture
from reports.study import Study

GOLDEN = Path(__file__).parent / "golden"
SECTIONS = [
    "found", "coverage", "sentiment", "relation", "frames", "voices", "subject", "headlines", "words", "differences",
    "agenda", "trend", "trust", "evidence", "quality", "method", "again",
]  # fmt: skip


def quick_study(**changes: Any) -> Study:
    """The study of the twelve days by the light scorer of sentiment, without words and with few draws."""
    quick: dict[str, Any] = {"measures": ("sentiment",), "cost": "light", "words": False, "draws": 100}
    return replace(twelve_days_study(), **{**quick, **changes})


def unpainted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Charts take most of a report's time; where a test does not look at them they are empty."""
    empty = Picture(b"<svg/>", b"<svg/>", b"", (1.0, 1.0))
    monkeypatch.setattr("reports.render.picture", lambda plan: empty)


def assert_golden(report: Path, name: str) -> None:
    """The estimates of a report are those that were written down: a file of `tests/golden`.

    A number that moves belongs under "Changed results" of the CHANGELOG before the file is replaced.
    """
    golden, ours = (pd.read_csv(path) for path in (GOLDEN / name, report / "tables" / "estimates.csv"))
    assert list(ours.columns) == list(golden.columns) == ESTIMATE_COLUMNS
    numbers = ["value", "se", "freedom", "low", "high", "p", "p_adjusted"]
    pd.testing.assert_frame_equal(ours.drop(columns=numbers), golden.drop(columns=numbers))
    pd.testing.assert_frame_equal(ours[numbers], golden[numbers], check_exact=False, rtol=0, atol=1e-3)


class Page(HTMLParser):
    """Ids of sections, every address, and which elements are left open."""

    VOID = frozenset({"meta", "img", "source", "br", "hr", "link", "input"})

    def __init__(self, text: str) -> None:
        super().__init__()
        self.sections: list[str] = []
        self.addresses: list[tuple[str, str]] = []
        self.ids: list[str] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if values.get("id"):
            self.ids.append(str(values["id"]))
        if tag == "section":
            self.sections.append(str(values["id"]))
        self.addresses += [(tag, str(values[name])) for name in ("href", "src", "srcset") if name in values]
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def visible(page: str, *names: str) -> str:
    """What a reader sees of some sections."""
    parts = [page[page.index(f'<section id="{name}">') :].partition("</section>")[0] for name in names]
    return " ".join("".join(Page(part + "</section>").words) for part in parts)
