"""Articles and studies that mean ill: text on the page, inert in the tables, outlines in the charts."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from report_page import SECTIONS, Page, unpainted
from twelve_days import twelve_days

from corpora import Corpus
from corpora.errors import InputError
from reports import chart
from reports.events import Event
from reports.report import Results, write_report
from reports.study import Primary, Study

SCRIPT, FORMULA, TURNED = '<script>alert("x")</script>', '=HYPERLINK("http://evil.example")', "$x^2$\u202e"
LONG = "</td></table><b>" + "W" * 400
OUTLETS = (SCRIPT, FORMULA, TURNED, LONG)
EVENT = "</td><script>event</script> {{ 6*7191 }} $\\frac$"
NAMES = dict(zip(sorted(twelve_days().outlets()), OUTLETS, strict=False))


def hostile() -> Corpus:
    """The articles of four outlets, with markup, formulas and scripts wherever an article can have them."""
    links = ["javascript:alert(1)", "https://example.org/a?b=1&c=<i>", "data:text/html,x", ""]
    articles = []
    for number, article in enumerate(a for a in twelve_days().articles() if a.outlet in NAMES):
        marked = article.body.replace(" and ", " and <b onclick=alert(7)> ").replace(
            " in ", " in {{ 7*7191 }} {% raw %} "
        )
        outlet = NAMES[article.outlet]
        articles.append(
            article.with_(
                outlet=outlet,
                title=f"=1+1<img src=x onerror=alert(1)> {article.title} \u202e" + "T" * 300 * (outlet == LONG),
                body=marked,
                url=links[number % 4],
                notice="<iframe src='http://evil.example'></iframe>",
            )
        )
    return Corpus.of(articles)


STUDY = Study(
    ("RUS", "USA"),
    title="<script>title</script>",
    banner="</p><script>banner</script>",
    wire="all",
    cost="light",
    measures=("relation", "sentiment", "frames:bilateral", "subject"),
    draws=100,
    minimum_articles=5,
    minimum_stories=3,
    pairs=((SCRIPT, FORMULA), (TURNED, LONG)),
    primary=(Primary("sentiment", SCRIPT, LONG, "RUS"),),
    events=(Event(EVENT, dt.date(2018, 7, 1)), Event("E" * 300, dt.date(2018, 8, 1), 6, (FORMULA,))),
    mixed=True,
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Results, Path]:
    out = tmp_path_factory.mktemp("bad") / "report"
    return write_report(hostile(), STUDY, out), out


@pytest.fixture(scope="module")
def bad(made: tuple[Results, Path]) -> Path:
    return made[1]


def test_hostile_texts_reach_every_new_section_so_that_the_tests_below_mean_something(
    made: tuple[Results, Path],
) -> None:
    inferred = made[0].inferred
    assert all(not one.found.note for one in inferred.pairs)
    assert any(inferred.sides)
    assert inferred.robustness is not None
    assert len(inferred.mixed) == 1
    page = (made[1] / "index.html").read_text(encoding="utf-8")
    for name, words in {
        "agenda": ("alert(&#34;x&#34;)", "W" * 400, "=HYPERLINK", "onerror=alert(1)", "onclick=alert", "T" * 300),
        "trend": ("event", "E" * 300, "=HYPERLINK"),
        "trust": ("alert(&#34;x&#34;)", "W" * 400),
    }.items():
        start = page.index(f'<section id="{name}">')
        part = page[start : page.index("</section>", start)]
        for word in words:
            assert word in part, (name, word)


def test_markup_in_an_article_is_escaped_everywhere(bad: Path) -> None:
    text = (bad / "index.html").read_text(encoding="utf-8")
    parsed = Page(text)
    assert parsed.open == []
    assert parsed.sections == SECTIONS
    for word in ("<script", "<iframe", "<img src=x", "<b onclick", "<i>", "</table><b>"):
        assert word not in text
    for number in (6, 7):
        assert str(number * 7191) not in text
    assert "{{ 7*7191 }} {% raw %}" in "".join(parsed.words)
    links = {address for tag, address in parsed.addresses if tag == "a" and not address.startswith("#")}
    assert links == {"https://example.org/a?b=1&c=<i>"}


def test_a_formula_in_an_article_is_inert_in_every_table(bad: Path) -> None:
    for path in (bad / "tables").glob("*.csv"):
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        for column in table:
            cells = [c for c in table[column] if c[:1] in "=+@\t\r" and c]
            assert cells == [], (path.name, column)


def test_an_outlet_s_name_draws_neither_formulas_nor_direction_marks(bad: Path) -> None:
    assert (bad / "figures" / "coverage.svg").read_text(encoding="utf-8").count("<script") == 0
    for path in (bad / "figures").glob("*.svg"):
        drawing = path.read_text(encoding="utf-8")
        assert "<script" not in drawing, path.name
    assert chart.legible("$x^2$\u202e") == "$x^2$"


def test_marks_that_turn_what_follows_them_do_not_reach_the_page(bad: Path) -> None:
    # Behind such a mark "-0.42" reads "24.0-".
    assert not re.search("[\u202a-\u202e\u2066-\u2069]", (bad / "index.html").read_text(encoding="utf-8"))


def test_without_text_side_by_side_holds_headlines_and_no_sentence(
    made: tuple[Results, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpainted(monkeypatch)
    quick = replace(STUDY, text=False, words=False, measures=("sentiment",), mixed=False)
    write_report(hostile(), quick, tmp_path / "report")
    with_text, without = (
        "".join(Page(folder.joinpath("index.html").read_text(encoding="utf-8")).words)
        for folder in (made[1], tmp_path / "report")
    )
    for words in ("onclick=alert(7)", "7*7191"):
        assert words in with_text
        assert words not in without
    assert "The same events, side by side" in without
    assert "onerror=alert(1)" in without


@pytest.mark.parametrize("name", ["", " ", "a\nb", "a\u202eb", "a\x00b"])
def test_an_event_s_name_is_one_line_that_can_be_printed(name: str) -> None:
    with pytest.raises(InputError, match="has no name of one line"):
        Event(name, dt.date(2018, 1, 1))
