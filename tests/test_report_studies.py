"""Studies: what a declared comparison, a pair, an event or a measure makes of the page, and what is refused."""

from __future__ import annotations

import datetime as dt
import html
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from report_page import quick_study, unpainted, visible
from twelve_days import twelve_days

from corpora import Corpus
from corpora.errors import InputError
from reports.events import Event
from reports.report import Results, write_report
from reports.study import Primary, Study

BASE = list(twelve_days().articles())
SUMMIT = Event("Helsinki summit", dt.date(2018, 7, 16))


@pytest.fixture(scope="module", autouse=True)
def _unpainted() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        unpainted(patch)
        yield


# --- Where the articles came from ---


def warned(corpus: Corpus, study: Study, folder: Path) -> set[str]:
    """Outlets beside whose differences the page says that they were collected differently."""
    write_report(corpus, study, folder)
    page = (folder / "index.html").read_text(encoding="utf-8")
    return set(re.findall(r'<th>([^<]+)</th><td>[^<]*<span class="warning">collected differently', page))


def test_attitude_is_told_in_both_directions_where_a_study_asks_for_it(tmp_path: Path) -> None:
    study = quick_study(measures=("attitude",))
    results = write_report(twelve_days(), study, tmp_path / "report")
    levels = results.comparison.estimates.query("kind == 'level' and period == ''")
    assert set(zip(levels["target"], levels["pair"], strict=True)) == {("USA", "RUS>USA"), ("RUS", "USA>RUS")}
    assert set(results.evidence["pair"]) == {"RUS>USA", "USA>RUS"}
    page = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    assert "Attitude of Russia toward the United States" in page
    assert "Attitude of the United States toward Russia" in page
    assert "attitude reaches macro-F1" in page
    assert (tmp_path / "report" / "figures" / "attitude-USA.svg").is_file()
    assert (tmp_path / "report" / "figures" / "trend-attitude-USA.svg").is_file()


def test_a_warning_stands_beside_the_differences_of_outlets_collected_differently(tmp_path: Path) -> None:
    base = list(twelve_days().articles())
    noted = Corpus.of([a.with_(collection="n1") if a.outlet == "Potomac Ledger" else a for a in base])
    study = quick_study(merge=(("Prairie Courier", "Prairie"),))
    from_one = replace(study, reference="Mittel Press Service")
    assert warned(noted, from_one, tmp_path / "a") == {"Potomac Ledger"}
    # Against the rest every outlet meets the one that was collected differently.
    assert len(warned(noted, study, tmp_path / "b")) == 5
    # A name that the study gives an outlet is no other collection.
    assert warned(Corpus.of(base), study, tmp_path / "c") == set()


# --- What is refused ---


def test_an_event_of_an_outlet_that_the_study_lacks_is_refused(tmp_path: Path) -> None:
    study = quick_study(events=(replace(SUMMIT, outlets=("Nowhere Times",)),))
    with pytest.raises(InputError, match=r"^event 'Helsinki summit' names no outlet of the study: 'Nowhere Times'$"):
        write_report(Corpus.of(BASE), study, tmp_path / "report")
    assert list(tmp_path.iterdir()) == []


def test_a_pair_of_an_outlet_that_the_study_lacks_is_refused(tmp_path: Path) -> None:
    study = quick_study(pairs=(("Al Marsa", "Nowhere Times"),))
    with pytest.raises(InputError, match=r"^no outlet 'Nowhere Times' to take apart; there are: Al Marsa, "):
        write_report(Corpus.of(BASE), study, tmp_path / "report")


def test_codes_that_are_not_there_are_refused_by_the_folder_s_name(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^no human codes in .*coded: it has no sample\.csv$"):
        write_report(Corpus.of(BASE), quick_study(coded=(str(tmp_path / "coded"),)), tmp_path / "report")


# --- Much to say ---


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> tuple[Results, str, Path]:
    """Two named pairs, a declared comparison, events and the mixed model."""
    folder = tmp_path_factory.mktemp("full") / "report"
    study = quick_study(
        pairs=(("Rodnik News Agency", "Potomac Ledger"), ("Al Marsa", "Prairie Courier")),
        primary=(
            Primary("sentiment", "Al Marsa", "Prairie Courier", "RUS"),
            Primary("sentiment", "Al Marsa", "", "USA"),
        ),
        events=(SUMMIT, Event("Of one", dt.date(2018, 5, 1), 4, ("Al Marsa",))),
        mixed=True,
        minimum_stories=3,
    )
    results = write_report(Corpus.of(BASE), study, folder)
    return results, (folder / "index.html").read_text(encoding="utf-8"), folder


def test_named_pairs_alone_are_taken_apart(full: tuple[Results, str, Path]) -> None:
    results, page, _ = full
    assert {(one.found.one, one.found.other) for one in results.inferred.pairs} == set(results.study.pairs)
    assert "Rodnik News Agency less Potomac Ledger" in visible(page, "agenda")
    assert "Mittel Press Service less" not in visible(page, "agenda")


def test_the_first_declared_comparison_is_the_main_difference(full: tuple[Results, str, Path]) -> None:
    assert visible(full[1], "trust").count("Al Marsa less Prairie Courier in sentiment toward Russia is ") == 1


def test_the_mixed_model_stands_beside_the_reported_difference(full: tuple[Results, str, Path]) -> None:
    results, page, folder = full
    rows = re.findall(r"<tr>(.*?)</tr>", page.partition("<h3>A second opinion</h3>")[2].partition("</section>")[0])[1:]
    shown = [
        [html.unescape(re.sub("<[^>]*>", "", cell)) for cell in re.findall(r"<t[hd].*?</t[hd]>", row)] for row in rows
    ]
    assert [row[0] for row in shown] == [
        "Sentiment toward Russia", "Al Marsa less Prairie Courier", "Sentiment toward the United States", "Al Marsa",
    ]  # fmt: skip
    estimates = pd.read_csv(folder / "tables" / "estimates.csv").query("kind == 'mixed'")
    plain = results.comparison.differences()
    for row, due in zip(shown[1::2], estimates.to_dict("records"), strict=True):
        reported = plain[(plain["reference"] == due["reference"]) & (plain["target"] == due["target"])]
        reported = reported[reported["outlet"] == "Al Marsa"]
        assert float(row[1].replace("−", "-")) == pytest.approx(reported["value"].iloc[0], abs=0.0051)
        assert float(row[2].replace("−", "-")) == pytest.approx(due["value"], abs=0.0051)


def test_declared_events_stand_on_the_page_and_in_the_table(full: tuple[Results, str, Path]) -> None:
    _, page, folder = full
    table = pd.read_csv(folder / "tables" / "events.csv")
    assert set(table["event"]) == {"Helsinki summit", "Of one"}
    assert set(table.loc[table["event"] == "Of one", "outlet"]) == {"Al Marsa"}
    assert table["n_articles_before"].dtype.kind == "i"
    part = visible(page, "trend")
    assert "A dashed line is an event that was declared before looking." in part
    known = table[table["value"].notna()]
    assert len(known)
    shown = page.partition('<section id="trend">')[2].partition("</section>")[0]
    assert shown.count("<td>interrupted series</td>") == (known["kind"] == "interrupted series").sum()
    for row in re.findall(r"<tr[^>]*><th>(.*?)</th><td>(.*?)</td><td class=\"n\">(.*?)</td>", shown):
        outlet = html.unescape(row[0]).partition(" less ")[0]
        values = known[(known["outlet"] == outlet) & (known["kind"] == row[1])]["value"]
        assert (values - float(row[2].replace("−", "-"))).abs().min() < 0.0051


def test_declared_and_found_and_controls_are_in_tables(full: tuple[Results, str, Path]) -> None:
    names = {path.stem for path in (full[2] / "tables").glob("*.csv")}
    assert {"controls", "changes", "events", "robustness"} <= names
    estimates = pd.read_csv(full[2] / "tables" / "estimates.csv", dtype=str, keep_default_na=False)
    for column in ("n_passages", "n_articles", "n_stories"):
        assert estimates[column].str.fullmatch(r"\d+").all(), column
