"""Report: one golden report on twelve days, its page, its figures, and no text where none is wanted."""

from __future__ import annotations

import base64
import html
import re
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest
from report_page import SECTIONS, Page, assert_golden, unpainted
from twelve_days import twelve_days, twelve_days_study

from framing.scoring import joined_schema
from framing.sentences import sentence_spans
from reports import chart, figures
from reports.inferred_prose import treatment_sentences
from reports.names import about
from reports.prose import findings, matched_value
from reports.report import Results, write_report
from reports.study_file import read_study


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Results]:
    """The report on the twelve days."""
    out = tmp_path_factory.mktemp("made") / "report"
    return out, write_report(twelve_days(), twelve_days_study(), out)


@pytest.fixture(scope="module")
def page(made: tuple[Path, Results]) -> str:
    return (made[0] / "index.html").read_text(encoding="utf-8")


# --- The page ---


def test_the_page_has_its_sections_in_order(page: str) -> None:
    assert Page(page).sections == SECTIONS


def test_every_element_is_closed_and_every_place_in_the_contents_exists(page: str) -> None:
    parsed = Page(page)
    assert parsed.open == []
    assert len(set(parsed.ids)) == len(parsed.ids)
    places = {address[1:] for _, address in parsed.addresses if address.startswith("#")}
    assert places <= set(parsed.ids)
    assert set(SECTIONS) <= places


def test_the_page_holds_all_it_shows_and_fetches_nothing(page: str) -> None:
    # The articles have no address, so that nothing on the page may point to the web.
    assert re.findall(r"(?:https?:)?//[a-z]", re.sub(r"base64,[^\"]*", "", page)) == []
    for tag, address in Page(page).addresses:
        assert address.startswith("#" if tag == "a" else "data:image/svg+xml;base64,")
    for word in ("<script", "<link", "<iframe", "@import", "url("):
        assert word not in page
    assert "default-src 'none'" in page


def test_the_banner_and_the_articles_notice_stand_on_the_page(page: str) -> None:
    assert f'<p class="banner">{twelve_days_study().banner}</p>' in page
    assert '<p class="banner">Written by a language model for the media-framing toolkit;' in page


def test_the_findings_of_the_run_stand_on_the_page(made: tuple[Path, Results], page: str) -> None:
    sentences = [*findings(made[1].comparison), *treatment_sentences(made[1].inferred.pairs)]
    assert len(sentences) >= 4
    shown = [html.unescape(found) for found in re.findall(r'<p class="finding">(.*?)</p>', page)]
    assert shown == sentences


def test_the_sign_of_every_difference_on_the_page_is_that_of_the_table(made: tuple[Path, Results], page: str) -> None:
    part = page[page.index('<section id="differences">') : page.index('<section id="agenda">')]
    rows = made[1].comparison.differences()
    rows = rows[rows["p_adjusted"].notna()]
    due = {(about(r.measure, r.target, r.pair).lower(), r.outlet): r for r in rows.itertuples()}
    signs = ""

    def read(text: str) -> float:
        return float(text.replace("−", "-"))

    for block in re.findall(r"<details.*?</details>", part, flags=re.DOTALL):
        heads = re.findall(r"<th[ >][^<]*", block.partition("</thead>")[0])
        assert [head.partition(">")[2] for head in heads] == [
            "Outlet", "Verdict", "Difference", "95 % interval", "p (Holm)", "Within periods", "Articles", "Stories",
        ]  # fmt: skip
        what = re.findall(r"<summary>(.*?)</summary>", block)[0].lower()
        for text in re.findall(r"<tr.*?</tr>", block, flags=re.DOTALL)[1:]:
            cells = [
                html.unescape(re.sub(r"<[^>]*>", "", cell))
                for cell in re.findall(r"<t[hd].*?</t[hd]>", text, re.DOTALL)
            ]
            row = due.pop((what, cells[0]))
            _, verdict, difference, interval, p, within, articles, stories = cells
            signs += difference[0]
            assert read(difference) == pytest.approx(row.value, abs=0.0051)
            assert verdict == ("differs" if row.p_adjusted < 0.05 else "not clear")
            assert [read(end) for end in interval.split(" to ")] == pytest.approx([row.low, row.high], abs=0.0051)
            assert p == ("< 0.001" if row.p_adjusted < 0.001 else f"{row.p_adjusted:.3f}")
            assert read(within) == pytest.approx(matched_value(made[1].comparison, row._asdict()), abs=0.0051)
            assert (int(articles), int(stories)) == (row.n_articles, row.n_stories)
    assert due == {}
    assert len(signs) == 15
    assert min(signs.count("+"), signs.count("−")) > 3


def test_the_quality_section_adds_up(made: tuple[Path, Results], page: str) -> None:
    assert "60 articles were read = 60 kept + 0 rejected" in page
    quality = pd.read_csv(made[0] / "tables" / "quality.csv")
    assert quality["articles"].sum() == 60
    scores = pq.read_table(made[0] / "scores.parquet").to_pandas()
    body = scores[(scores["part"] == "body") & (scores["measure"] == "relation")]
    assert quality["relation passages"].sum() == len(body)
    assert quality["relation abstained"].sum() == body["value"].isna().sum() > 0


def test_the_study_beside_the_page_is_the_study_of_the_run(made: tuple[Path, Results]) -> None:
    assert read_study(made[0] / "study.toml") == twelve_days_study()


# --- What is inferred, on the page ---


def section(page: str, name: str) -> str:
    start = page.index(f'<section id="{name}">')
    return page[start : page.index("</section>", start)]


def cells(row: str) -> list[str]:
    found = re.findall(r"<t[hd].*?</t[hd]>", row, flags=re.DOTALL)
    return [html.unescape(re.sub(r"<[^>]*>", "", cell)).strip() for cell in found]


def read(text: str) -> float:
    return float(text.replace("−", "-"))


def test_the_parts_on_the_page_are_those_of_the_table_and_add_up(made: tuple[Path, Results], page: str) -> None:
    inferred = made[1].inferred
    tables = re.findall(r"<tbody>(.*?)</tbody>", section(page, "agenda"), flags=re.DOTALL)
    names = re.findall(r"<summary>(.*?)</summary>", section(page, "agenda"))
    pairs = [one for one in inferred.pairs if not one.found.note]
    assert [html.unescape(name) for name in names if " less " in name] == [
        f"{one.found.one} less {one.found.other}" for one in pairs
    ]
    assert len(tables) == len(pairs) == 12
    signs = ""
    for one, text in zip(pairs, tables, strict=True):
        rows = [cells(row) for row in re.findall(r"<tr.*?</tr>", text, flags=re.DOTALL)]
        values = [read(row[1]) for row in rows]
        assert values == pytest.approx(list(one.found.parts["value"]), abs=0.0051)
        assert sum(values[1:]) == pytest.approx(values[0], abs=0.02)
        signs += rows[1][1][0]
    assert min(signs.count("+"), signs.count("−")) > 2


def test_side_by_side_stand_the_two_outlets_of_the_pair_with_their_means(made: tuple[Path, Results], page: str) -> None:
    shown = [
        (html.unescape(outlet), read(level))
        for outlet, level in re.findall(r'<h4>([^<]*) <span class="score">([^<]*)</span></h4>', section(page, "agenda"))
    ]
    due = [
        (outlet, level)
        for one, sides in zip(made[1].inferred.pairs, made[1].inferred.sides, strict=True)
        for side in sides
        for outlet, level in zip((one.found.one, one.found.other), side.means, strict=True)
    ]
    assert len(shown) == len(due) > 20
    for (outlet, level), (expected, mean) in zip(shown, due, strict=True):
        assert outlet == expected
        assert level == pytest.approx(mean, abs=0.0051)
    articles = made[1].comparison.articles.set_index(["measure", "target", "article_id"])["outlet"]
    for sides in made[1].inferred.sides:
        for side in sides:
            for card in side.passages:
                assert articles[card["measure"], card["target"], card["article_id"]] == card["outlet"]


def test_false_alarms_and_the_main_difference_stand_on_the_page(made: tuple[Path, Results], page: str) -> None:
    inferred, part = made[1].inferred, html.unescape(section(page, "trust"))
    for control in inferred.controls:
        assert f"{control.found:,} of {control.tried:,} comparisons ({100 * control.share:.1f} %)" in part
        assert 0.01 < control.share < 0.1
    assert inferred.robustness is not None
    rows = [cells(row) for row in re.findall(r"<tr><th>.*?</tr>", part)][1:]
    table = inferred.robustness.table
    assert [row[0] for row in rows] == list(table["specification"])
    for row, due in zip(rows, table.to_dict("records"), strict=True):
        if pd.isna(due["value"]):
            assert row[1] == due["note"]
        else:
            assert read(row[1]) == pytest.approx(due["value"], abs=0.0051)
    main = inferred.robustness.main
    differences = made[1].comparison.differences()
    assert main["p"] == differences[differences["p_adjusted"].notna()]["p"].min()
    assert table["value"].iloc[0] == pytest.approx(main["value"])


def test_too_short_series_are_drawn_and_no_change_is_told(made: tuple[Path, Results], page: str) -> None:
    part = section(page, "trend")
    assert "No change of level that chance does not explain as well." in part
    assert part.count("<figure>") == len(made[1].inferred.over_time) == 3
    assert "declared" not in part


# --- The numbers ---


def test_the_estimates_are_those_of_the_golden_file(made: tuple[Path, Results]) -> None:
    assert_golden(made[0], "twelve-days.csv")


def test_the_tables_agree_with_each_other(made: tuple[Path, Results]) -> None:
    tables = made[0] / "tables"
    estimates = pd.read_csv(tables / "estimates.csv", keep_default_na=False, na_values={"value": [""]})
    articles = pd.read_csv(tables / "articles.csv", keep_default_na=False)
    levels = estimates[(estimates["kind"] == "level") & (estimates["period"] == "") & (estimates["voice"] == "")]
    levels = levels[levels["measure"].isin(articles["measure"])]
    assert len(levels) == 25
    for level in levels.itertuples():
        own = articles[
            (articles["measure"] == level.measure)
            & (articles["outlet"] == level.outlet)
            & (articles["target"] == level.target)
        ]
        assert level.n_articles == len(own)
        assert level.n_passages == own["n_passages"].sum()
        assert level.value == pytest.approx(own["value"].mean(), abs=1e-5)
    assert pd.read_csv(tables / "coverage.csv").drop(columns="outlet").to_numpy().sum() == 60


def test_the_tables_of_what_is_inferred_are_written(made: tuple[Path, Results]) -> None:
    tables = made[0] / "tables"
    # As text: a count is a whole number, never 12.000000.
    estimates = pd.read_csv(tables / "estimates.csv", dtype=str, keep_default_na=False)
    for column in ("n_passages", "n_articles", "n_stories"):
        assert estimates[column].str.fullmatch(r"\d+").all(), column
    sides = estimates[estimates["reference"] != ""]
    assert sides["n_reference"].str.fullmatch(r"\d+").sum() > 100
    assert estimates["n_reference"].str.fullmatch(r"\d*").all()
    parts = estimates[estimates["kind"].isin(["treatment", "weighting", "unshared"])]
    assert len(parts) == 3 * len(made[1].inferred.pairs) == 36
    assert set(parts["genre"]) == {"news"}
    assert set(parts["wire"]) == {"own"}
    assert (parts.loc[parts["kind"] != "treatment", "p_adjusted"] == "").all()
    controls = pd.read_csv(tables / "controls.csv")
    assert list(controls) == ["control", "found", "tried", "share", "worst", "worst_in"]
    assert list(controls["share"]) == pytest.approx(list(controls["found"] / controls["tried"]), abs=1e-6)
    robust = pd.read_csv(tables / "robustness.csv", dtype=str, keep_default_na=False)
    assert robust["specification"].iloc[0] == "as reported"
    known = robust[robust["value"] != ""]
    assert known["n_articles"].str.fullmatch(r"\d+").all()
    changes = pd.read_csv(tables / "changes.csv")
    assert list(changes)[:5] == ["measure", "target", "pair", "outlet", "period"]
    # Twelve articles an outlet: what looks like a change does not survive the number of series.
    assert not changes["sure"].any()
    # No event is declared, so that there is no table of them.
    assert not (tables / "events.csv").exists()


def test_the_scores_of_a_report_give_its_article_scores(made: tuple[Path, Results]) -> None:
    scores = pq.read_table(made[0] / "scores.parquet")
    assert scores.schema.names == joined_schema().names
    frame = scores.to_pandas()
    body = frame[(frame["part"] == "body") & (frame["measure"] == "sentiment") & (frame["target"] == "RUS")]
    body = body[body["genre"] == "news"]
    means = body.groupby("article_id")["value"].mean()
    articles = made[1].comparison.articles
    own = articles[(articles["measure"] == "sentiment") & (articles["target"] == "RUS")].set_index("article_id")
    pd.testing.assert_series_equal(means.sort_index(), own["value"].sort_index(), check_exact=False)


# --- Without text ---


def test_without_text_no_sentence_of_any_article_is_in_any_file(
    tmp_path: Path, page: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpainted(monkeypatch)
    out = tmp_path / "bare"
    corpus = twelve_days()
    write_report(corpus, replace(twelve_days_study(), cost="light", text=False), out)
    sentences = {
        article.body[start:end]
        for article in corpus.articles()
        for start, end in sentence_spans(article.body)
        if end - start >= 25
    }
    assert len(sentences) > 700

    def words(text: str) -> str:
        return " ".join(re.findall(r"\w+", text))

    def held(text: str) -> list[str]:
        flat = words(re.sub(r"&#?\w+;", " ", text))
        return [sentence for sentence in sentences if words(sentence) in flat]

    files = [path for path in sorted(out.rglob("*")) if path.is_file()]
    for path in files:
        if path.suffix == ".parquet":
            text = "\n".join(str(cell) for row in pq.read_table(path).to_pylist() for cell in row.values())
        elif path.suffix == ".png":
            continue  # a picture; its SVG twin is read
        else:
            text = path.read_text(encoding="utf-8")
        visible = "\n".join(Page(text).words) if path.suffix == ".html" else text
        assert held(visible) == [], path
    # The same search does find them where text is shown, so that it could have failed.
    assert len(held("\n".join(Page(page).words))) > 10


# --- Figures ---

# Charts of parts, whose colours are those of the parts and not of outlets.
BY_PART = {
    "voices", "split-RUS", "split-USA", "split-relation", "subject", "leader-RUS", "leader-USA", "naming-RUS",
    "naming-USA", "frames-bilateral", "frames-bilateral-shared", "frames-bilateral-voices", "parts-relation",
    "parts-sentiment-RUS", "parts-sentiment-USA", "robustness",
}  # fmt: skip
BY_OUTLET = {
    "coverage", "relation", "relation-time", "sentiment-RUS", "sentiment-RUS-time", "sentiment-USA",
    "sentiment-USA-time", "tone-RUS", "tone-USA", "voices-RUS-time", "voices-USA-time", "subject-time", "headline-RUS",
    "headline-USA", "headline-relation", "loaded", "hedging", "naming-RUS-time", "naming-USA-time",
    "frames-bilateral-time", "trend-relation", "trend-sentiment-RUS", "trend-sentiment-USA",
}  # fmt: skip


def test_every_figure_is_there_as_svg_and_as_png(made: tuple[Path, Results]) -> None:
    folder = made[0] / "figures"
    names = {path.stem for path in folder.iterdir()}
    assert names == BY_PART | BY_OUTLET
    for name in names:
        assert (folder / f"{name}.png").read_bytes().startswith(b"\x89PNG")
        assert (folder / f"{name}.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert len(list(folder.iterdir())) == 2 * len(names)


def test_a_figure_holds_outlines_and_neither_text_nor_script(made: tuple[Path, Results], page: str) -> None:
    drawings = [path.read_text(encoding="utf-8") for path in sorted((made[0] / "figures").glob("*.svg"))]
    embedded = [base64.b64decode(found).decode() for found in re.findall(r"base64,([^\"]+)", page)]
    # Each on the page at two widths.
    assert 2 * len(drawings) == len(embedded)
    assert len(drawings) == len(BY_PART | BY_OUTLET)
    for drawing in drawings + embedded:
        assert "<path" in drawing
        for word in ("<text", "<script", "<foreignObject", "<image", "onload", "javascript:"):
            assert word not in drawing
        assert set(re.findall(r"https?://[^/\"]+", drawing)) <= {
            "http://www.w3.org", "http://purl.org", "http://creativecommons.org", "https://matplotlib.org",
        }  # fmt: skip


def test_an_outlet_has_the_same_colour_in_every_figure(made: tuple[Path, Results]) -> None:
    outlets = list(made[1].coverage.index)
    colours = chart.outlet_colours(outlets)
    assert len(set(colours.values())) == len(outlets) == 5
    for path in (made[0] / "figures" / f"{name}.svg" for name in sorted(BY_OUTLET)):
        used = set(re.findall(r"#[0-9a-f]{6}", path.read_text(encoding="utf-8")))
        palette = {colour.lower() for colour in chart.PALETTE}
        known = {colours[o].lower() for o in outlets}
        assert used & palette <= known, path.name
    levels = made[1].comparison.levels("sentiment", "RUS")
    whole = figures.dots(levels, colours=colours)
    fewer = figures.dots(levels[levels["outlet"] != outlets[0]], colours=colours)

    def drawn(drawing: chart.Chart) -> dict[str, str]:
        axes = drawing.axes[0]
        places = dict(zip(axes.get_yticks(), (t.get_text() for t in axes.get_yticklabels()), strict=True))
        dots = [line for line in axes.lines if line.get_marker() == "o"]
        return {places[line.get_ydata()[0]]: line.get_color() for line in dots}

    assert drawn(whole) == colours
    assert drawn(fewer) == {o: c for o, c in colours.items() if o != outlets[0]}


def test_dots_stand_highest_first_at_their_values(made: tuple[Path, Results]) -> None:
    levels = made[1].comparison.levels("sentiment", "RUS")
    axes = figures.dots(levels).axes[0]
    dots = sorted((line.get_ydata()[0], line.get_xdata()[0]) for line in axes.lines if line.get_marker() == "o")
    assert [x for _, x in dots] == sorted(levels["value"])
    labels = [tick.get_text() for tick in axes.get_yticklabels()]
    assert labels == list(levels.sort_values("value")["outlet"])
