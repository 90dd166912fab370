"""Report: one golden report on the bundled corpus, the same bytes every time, and no text where none is wanted."""

from __future__ import annotations

import base64
import datetime as dt
import html
import json
import re
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from itertools import cycle, islice
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow.parquet as pq
import pytest

from corpora import Article, Corpus, load_bundled
from corpora.bundled import bundled_folder
from corpora.errors import InputError
from framing.scoring import joined_schema
from framing.sentences import sentence_spans
from reports import chart, engine, figures
from reports.comparison import ESTIMATE_COLUMNS
from reports.folder import MARK
from reports.names import about
from reports.prose import findings, matched_value
from reports.report import Results, write_report
from reports.study import Study, read_study

GOLDEN = Path(__file__).parent / "golden" / "estimates.csv"
SECTIONS = [
    "found", "coverage", "sentiment", "relation", "frames", "voices", "subject", "headlines", "words", "differences",
    "evidence", "quality", "method", "again",
]  # fmt: skip
Snapshot = Callable[[Path], dict[str, str]]


def demo_study() -> Study:
    return read_study(bundled_folder("us-russia") / "study.toml")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Results]:
    """The report on the bundled corpus."""
    out = tmp_path_factory.mktemp("demo") / "report"
    return out, write_report(load_bundled("us-russia"), demo_study(), out)


@pytest.fixture(scope="module")
def page(demo: tuple[Path, Results]) -> str:
    return (demo[0] / "index.html").read_text(encoding="utf-8")


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


# --- Where the articles came from ---


def warned(corpus: Corpus, study: Study, folder: Path) -> set[str]:
    """Outlets beside whose differences the page says that they were collected differently."""
    write_report(corpus, study, folder)
    page = (folder / "index.html").read_text(encoding="utf-8")
    return set(re.findall(r'<th>([^<]+)</th><td>[^<]*<span class="warning">collected differently', page))


def test_attitude_is_told_in_both_directions_where_a_study_asks_for_it(tmp_path: Path) -> None:
    study = replace(demo_study(), measures=("attitude",), cost="light")
    results = write_report(load_bundled("us-russia"), study, tmp_path / "report")
    levels = results.comparison.estimates.query("kind == 'level' and period == ''")
    assert set(zip(levels["target"], levels["pair"], strict=True)) == {("USA", "RUS>USA"), ("RUS", "USA>RUS")}
    assert set(results.evidence["pair"]) == {"RUS>USA", "USA>RUS"}
    page = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    assert "Attitude of Russia toward the United States" in page
    assert "Attitude of the United States toward Russia" in page
    assert "attitude reaches macro-F1" in page
    assert (tmp_path / "report" / "figures" / "attitude-USA.svg").is_file()


def test_a_warning_stands_beside_the_differences_of_outlets_collected_differently(tmp_path: Path) -> None:
    base = list(load_bundled("us-russia").articles())
    noted = Corpus.of([a.with_(collection="n1") if a.outlet == "Potomac Ledger" else a for a in base])
    # Light, and without what this test does not look at: it writes three reports.
    quick = replace(demo_study(), measures=("sentiment",), cost="light", words=False, draws=100)
    study = replace(quick, merge=(("Prairie Courier", "Prairie"),))
    from_one = replace(study, reference="Mittel Press Service")
    assert warned(noted, from_one, tmp_path / "a") == {"Potomac Ledger"}
    # Against the rest every outlet meets the one that was collected differently.
    assert len(warned(noted, study, tmp_path / "b")) == 5
    # A name that the study gives an outlet is no other collection.
    assert warned(Corpus.of(base), study, tmp_path / "c") == set()


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
    # The bundled articles have no address, so that nothing on the page may point to the web.
    assert re.findall(r"(?:https?:)?//[a-z]", re.sub(r"base64,[^\"]*", "", page)) == []
    for tag, address in Page(page).addresses:
        assert address.startswith("#" if tag == "a" else "data:image/svg+xml;base64,")
    for word in ("<script", "<link", "<iframe", "@import", "url("):
        assert word not in page
    assert "default-src 'none'" in page


def test_the_banner_and_the_articles_notice_stand_on_the_page(page: str) -> None:
    assert f'<p class="banner">{demo_study().banner}</p>' in page
    assert '<p class="banner">Written by a language model for the media-framing toolkit;' in page


def test_the_findings_of_the_run_stand_on_the_page(demo: tuple[Path, Results], page: str) -> None:
    sentences = findings(demo[1].comparison)
    assert len(sentences) >= 2
    shown = [html.unescape(found) for found in re.findall(r'<p class="finding">(.*?)</p>', page)]
    assert shown == sentences


def test_the_sign_of_every_difference_on_the_page_is_that_of_the_table(demo: tuple[Path, Results], page: str) -> None:
    part = page[page.index('<section id="differences">') : page.index('<section id="evidence">')]
    rows = demo[1].comparison.differences()
    rows = rows[rows["p_adjusted"].notna()]
    due = {(about(r.measure, r.target, r.pair).lower(), r.outlet): r for r in rows.itertuples()}
    signs = ""

    def read(text: str) -> float:
        return float(text.replace("−", "-"))

    for block in re.findall(r"<details.*?</details>", part, flags=re.DOTALL):
        heads = re.findall(r"<th[ >][^<]*", block.partition("</thead>")[0])
        assert [head.partition(">")[2] for head in heads] == [
            "Outlet", "Verdict", "Difference", "95 % interval", "p, corrected", "Within periods", "Articles", "Days",
        ]  # fmt: skip
        what = re.findall(r"<summary>(.*?)</summary>", block)[0].lower()
        for text in re.findall(r"<tr.*?</tr>", block, flags=re.DOTALL)[1:]:
            cells = [
                html.unescape(re.sub(r"<[^>]*>", "", cell))
                for cell in re.findall(r"<t[hd].*?</t[hd]>", text, re.DOTALL)
            ]
            row = due.pop((what, cells[0]))
            _, verdict, difference, interval, p, within, articles, days = cells
            signs += difference[0]
            assert read(difference) == pytest.approx(row.value, abs=0.0051)
            assert verdict == ("differs" if row.p_adjusted < 0.05 else "not clear")
            assert [read(end) for end in interval.split(" to ")] == pytest.approx([row.low, row.high], abs=0.0051)
            assert p == ("< 0.001" if row.p_adjusted < 0.001 else f"{row.p_adjusted:.3f}")
            assert read(within) == pytest.approx(matched_value(demo[1].comparison, row._asdict()), abs=0.0051)
            assert (int(articles), int(days)) == (row.n_articles, row.n_days)
    assert due == {}
    assert len(signs) == 15
    assert min(signs.count("+"), signs.count("−")) > 3


def test_the_quality_section_adds_up(demo: tuple[Path, Results], page: str) -> None:
    assert "60 articles were read = 60 kept + 0 rejected" in page
    quality = pd.read_csv(demo[0] / "tables" / "quality.csv")
    assert quality["articles"].sum() == 60
    scores = pq.read_table(demo[0] / "scores.parquet").to_pandas()
    body = scores[(scores["part"] == "body") & (scores["measure"] == "relation")]
    assert quality["relation passages"].sum() == len(body)
    assert quality["relation abstained"].sum() == body["value"].isna().sum() > 0


def test_the_study_beside_the_page_is_the_study_of_the_run(demo: tuple[Path, Results]) -> None:
    assert read_study(demo[0] / "study.toml") == demo_study()


# --- The numbers ---


def test_the_estimates_are_those_of_the_golden_file(demo: tuple[Path, Results]) -> None:
    # tables/estimates.csv of `framing demo`, as it was; a number that moves here belongs under "Changed results" of the
    # CHANGELOG before the file is replaced.
    golden = pd.read_csv(GOLDEN, keep_default_na=True)
    ours = pd.read_csv(demo[0] / "tables" / "estimates.csv", keep_default_na=True)
    assert list(ours.columns) == list(golden.columns) == ESTIMATE_COLUMNS
    numbers = ["value", "se", "low", "high", "p", "p_adjusted"]
    pd.testing.assert_frame_equal(ours.drop(columns=numbers), golden.drop(columns=numbers))
    pd.testing.assert_frame_equal(ours[numbers], golden[numbers], check_exact=False, rtol=0, atol=1e-3)


def test_the_tables_agree_with_each_other(demo: tuple[Path, Results]) -> None:
    tables = demo[0] / "tables"
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


def test_the_scores_of_a_report_give_its_article_scores(demo: tuple[Path, Results]) -> None:
    scores = pq.read_table(demo[0] / "scores.parquet")
    assert scores.schema.names == joined_schema().names
    frame = scores.to_pandas()
    body = frame[(frame["part"] == "body") & (frame["measure"] == "sentiment") & (frame["target"] == "RUS")]
    body = body[body["genre"] == "news"]
    means = body.groupby("article_id")["value"].mean()
    articles = demo[1].comparison.articles
    own = articles[(articles["measure"] == "sentiment") & (articles["target"] == "RUS")].set_index("article_id")
    pd.testing.assert_series_equal(means.sort_index(), own["value"].sort_index(), check_exact=False)


# --- The same again ---


def test_two_runs_write_the_same_bytes(demo: tuple[Path, Results], tmp_path: Path, snapshot: Snapshot) -> None:
    write_report(load_bundled("us-russia"), demo_study(), tmp_path / "again")
    first, second = snapshot(demo[0]), snapshot(tmp_path / "again")
    assert second == first
    assert len(first) > 20


def test_two_workers_score_what_one_does(monkeypatch: pytest.MonkeyPatch) -> None:
    # 260 articles make two batches, one for each process; so few are worth it here alone.
    monkeypatch.setattr(engine, "WORTH_PROCESSES", 2)
    base = list(load_bundled("us-russia").articles())
    many = [a.with_(article_id=f"{n}-{a.article_id}") for n, a in enumerate(islice(cycle(base), 260))]
    corpus, study = Corpus.of(many), replace(demo_study(), measures=("tone",), words=False)
    one = list(engine.scored_batches(corpus, study.dyad, study.measures, study.cost, workers=1))
    two = list(engine.scored_batches(corpus, study.dyad, study.measures, study.cost, workers=2))
    assert len(one) == len(two) == 2
    for here, there in zip(one, two, strict=True):
        for mine, theirs in zip(here, there, strict=True):
            pd.testing.assert_frame_equal(mine, theirs, check_exact=True)


# --- Without text ---


def test_without_text_no_sentence_of_any_article_is_in_any_file(tmp_path: Path, page: str) -> None:
    out = tmp_path / "bare"
    corpus = load_bundled("us-russia")
    write_report(corpus, replace(demo_study(), text=False), out)
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
    "naming-USA", "frames-bilateral", "frames-bilateral-shared", "frames-bilateral-voices",
}  # fmt: skip
BY_OUTLET = {
    "coverage", "relation", "relation-time", "sentiment-RUS", "sentiment-RUS-time", "sentiment-USA",
    "sentiment-USA-time", "tone-RUS", "tone-USA", "voices-RUS-time", "voices-USA-time", "subject-time", "headline-RUS",
    "headline-USA", "headline-relation", "loaded", "hedging", "naming-RUS-time", "naming-USA-time",
    "frames-bilateral-time",
}  # fmt: skip


def test_every_figure_is_there_as_svg_and_as_png(demo: tuple[Path, Results]) -> None:
    folder = demo[0] / "figures"
    names = {path.stem for path in folder.iterdir()}
    assert names == BY_PART | BY_OUTLET
    for name in names:
        assert (folder / f"{name}.png").read_bytes().startswith(b"\x89PNG")
        assert (folder / f"{name}.svg").read_text(encoding="utf-8").startswith("<?xml")
    assert len(list(folder.iterdir())) == 2 * len(names)


def test_a_figure_holds_outlines_and_neither_text_nor_script(demo: tuple[Path, Results], page: str) -> None:
    drawings = [path.read_text(encoding="utf-8") for path in sorted((demo[0] / "figures").glob("*.svg"))]
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


def test_an_outlet_has_the_same_colour_in_every_figure(demo: tuple[Path, Results]) -> None:
    outlets = list(demo[1].coverage.index)
    colours = chart.outlet_colours(outlets)
    assert len(set(colours.values())) == len(outlets) == 5
    for path in (demo[0] / "figures" / f"{name}.svg" for name in sorted(BY_OUTLET)):
        used = set(re.findall(r"#[0-9a-f]{6}", path.read_text(encoding="utf-8")))
        palette = {colour.lower() for colour in chart.PALETTE}
        known = {colours[o].lower() for o in outlets}
        assert used & palette <= known, path.name
    levels = demo[1].comparison.levels("sentiment", "RUS")
    whole = figures.dots(levels, colours=colours)
    fewer = figures.dots(levels[levels["outlet"] != outlets[0]], colours=colours)

    def drawn(drawing: chart.Chart) -> dict[str, str]:
        axes = drawing.axes[0]
        places = dict(zip(axes.get_yticks(), (t.get_text() for t in axes.get_yticklabels()), strict=True))
        dots = [line for line in axes.lines if line.get_marker() == "o"]
        return {places[line.get_ydata()[0]]: line.get_color() for line in dots}

    assert drawn(whole) == colours
    assert drawn(fewer) == {o: c for o, c in colours.items() if o != outlets[0]}


def test_dots_stand_highest_first_at_their_values(demo: tuple[Path, Results]) -> None:
    levels = demo[1].comparison.levels("sentiment", "RUS")
    axes = figures.dots(levels).axes[0]
    dots = sorted((line.get_ydata()[0], line.get_xdata()[0]) for line in axes.lines if line.get_marker() == "o")
    assert [x for _, x in dots] == sorted(levels["value"])
    labels = [tick.get_text() for tick in axes.get_yticklabels()]
    assert labels == list(levels.sort_values("value")["outlet"])


# --- Articles that mean ill, and folders that are not ours ---


def hostile() -> Corpus:
    """Two outlets with markup, formulas and scripts wherever an article can have them."""
    name = '<script>alert("x")</script>'
    articles = []
    for i in range(12):
        day = dt.date(2018, 3, i + 1)
        body = (
            f"Russia praised <b onclick=alert({i})>the United States</b> & thanked it warmly for its great help today.\n\n"  # noqa: E501
            "The United States condemned the brutal and illegal attack by Russia on Monday, {{ 7*7 }} {% raw %}."
        )
        links = ["javascript:alert(1)", "https://example.org/a?b=1&c=<i>", "data:text/html,x", ""]
        for outlet in (name, '=HYPERLINK("http://evil.example")', "$x^2$\u202e"):
            articles.append(
                Article(
                    f"{len(articles):024d}",
                    outlet,
                    published=day,
                    title="=1+1<img src=x onerror=alert(1)>",
                    body=body,
                    url=links[i % 4],
                    language="en",
                    notice="<iframe src='http://evil.example'></iframe>",
                )
            )
    return Corpus.of(articles)


@pytest.fixture(scope="module")
def bad(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("bad") / "report"
    study = Study(("RUS", "USA"), title="<script>title</script>", banner="</p><script>banner</script>", wire="all")
    write_report(hostile(), study, out)
    return out


def test_markup_in_an_article_is_escaped_everywhere(bad: Path) -> None:
    text = (bad / "index.html").read_text(encoding="utf-8")
    parsed = Page(text)
    assert parsed.open == []
    assert parsed.sections == SECTIONS
    for word in ("<script", "<iframe", "<img src=x", "<b onclick", "<i>"):
        assert word not in text
    assert "{{ 7*7 }} {% raw %}." in "".join(parsed.words)
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
    assert chart.legible("$x^2$\u202e") == "$x^2$"


@pytest.mark.parametrize("kind", ["file", "folder"])
def test_what_is_no_report_is_not_written_over(tmp_path: Path, kind: str) -> None:
    out = tmp_path / "mine"
    if kind == "file":
        out.write_text("mine")
    else:
        out.mkdir()
        (out / "thesis.doc").write_text("mine")
    with pytest.raises(InputError, match=r"not a folder for a report|holds something else than a report"):
        write_report(load_bundled("us-russia"), demo_study(), out)
    kept = out if kind == "file" else out / "thesis.doc"
    assert kept.read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """What check_out takes for an earlier report, with a table that no later report has."""
    out = tmp_path / "report"
    (out / "tables").mkdir(parents=True)
    (out / MARK).write_text('{"corpus_sha256": "earlier"}')
    (out / "index.html").write_text("earlier")
    (out / "tables" / "left-over.csv").write_text("earlier")
    return out


RAIN = "It rains in Norway, and it will go on to rain for many days."


@pytest.mark.parametrize(
    ("articles", "study", "says"),
    [
        (
            [Article("a", "The Daily", body=RAIN, language="en")],
            {},
            "no passage about RUS-USA in the body of any article; articles: 1$",
        ),
        (
            [
                Article("a", "The Daily", body=RAIN, language="en"),
                Article("b", "Die Woche", body="Russland traf die USA.", language="de"),
            ],
            {},
            "articles: 2; not in English, and so not scored: 1$",
        ),
        (
            [
                Article("a", "The Daily", body=RAIN, language="en"),
                Article("b", "The Weekly", body="Russia met the United States.", language="en"),
            ],
            {"outlets": ("The Daily",)},
            "no passage about RUS-USA in the body of any article; articles: 1$",
        ),
        (
            [Article("a", "The Daily", title="Russia and the U.S.", body=RAIN)],
            {},
            "no passage about RUS-USA in the body of any article",
        ),
        ([], {}, "no article is left: the corpus is empty"),
        (
            [Article("a", "The Daily", published=dt.date(2018, 1, 1), body="Russia met the United States.")],
            {"since": dt.date(2019, 1, 1)},
            "no article is left from 2019-01-01 to the end",
        ),
        (
            [Article("a", "The Daily", published=dt.date(2018, 1, 1), body="Russia met the United States.")],
            {"until": dt.date(2017, 1, 1)},
            "no article is left from the beginning to 2017-01-01",
        ),
    ],
)
def test_an_earlier_report_stays_as_it_was_where_the_new_one_fails(
    earlier: Path, tmp_path: Path, snapshot: Snapshot, articles: list[Article], study: dict[str, Any], says: str
) -> None:
    before = snapshot(tmp_path)
    with pytest.raises(InputError, match=says):
        write_report(Corpus.of(articles), Study(("RUS", "USA"), **study), earlier)
    assert snapshot(tmp_path) == before


def test_an_earlier_report_is_replaced_as_a_whole_and_not_before_the_new_one_is_done(
    earlier: Path, tmp_path: Path
) -> None:
    seen: list[list[str]] = []

    def look(articles: int) -> None:
        seen.append(sorted(path.name for path in tmp_path.iterdir()))
        assert (earlier / "index.html").read_text() == "earlier"

    study = replace(demo_study(), measures=("tone",), words=False)
    write_report(load_bundled("us-russia"), study, earlier, progress=look)
    assert not (earlier / "tables" / "left-over.csv").exists()
    assert json.loads((earlier / MARK).read_text())["scorers"] == {"tone": "vader 1"}
    assert [path.name for path in tmp_path.iterdir()] == ["report"]
    # Meanwhile the new one grew beside it.
    assert seen
    for beside, *others in seen:
        assert beside.startswith(".framing-report-")
        assert others == ["report"]


@pytest.mark.parametrize("name", ["notes.txt", "Tables", ".git/config", "index.html~"])
def test_a_report_to_which_something_was_added_is_not_replaced(earlier: Path, snapshot: Snapshot, name: str) -> None:
    (earlier / name).parent.mkdir(exist_ok=True)
    (earlier / name).write_text("mine")
    before = snapshot(earlier)
    with pytest.raises(InputError, match=r"report holds something else than a report \('"):
        write_report(load_bundled("us-russia"), demo_study(), earlier)
    assert snapshot(earlier) == before


def test_an_outlet_that_the_corpus_lacks_is_refused_with_those_it_has(tmp_path: Path) -> None:
    study = replace(demo_study(), outlets=("Al Marsa", "Nowhere Times"))
    with pytest.raises(InputError, match=r"no outlet 'Nowhere Times' in the corpus; there are: .*Prairie Courier"):
        write_report(load_bundled("us-russia"), study, tmp_path / "report")
    assert list(tmp_path.iterdir()) == []


def test_merged_outlets_are_counted_as_one_and_chosen_by_their_new_name(tmp_path: Path) -> None:
    study = replace(
        demo_study(),
        measures=("tone",),
        words=False,
        outlets=("America", "Al Marsa"),
        merge=(("Potomac Ledger", "America"), ("Prairie Courier", "America")),
    )
    results = write_report(load_bundled("us-russia"), study, tmp_path / "report")
    assert results.coverage.sum(axis=1).to_dict() == {"America": 24, "Al Marsa": 12}
    assert sorted(results.comparison.levels("tone", "RUS")["outlet"]) == ["Al Marsa", "America"]


def test_the_page_counts_the_articles_of_the_study_s_outlets(tmp_path: Path) -> None:
    study = replace(demo_study(), measures=("tone",), words=False, outlets=("Al Marsa", "Prairie Courier"))
    results = write_report(load_bundled("us-russia"), study, tmp_path / "report")
    assert results.lock["articles"] == len(results.corpus) == results.coverage.to_numpy().sum() == 24
    assert set(results.quality.table()["outlet"]) == {"Al Marsa", "Prairie Courier"}
    page = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    assert "Of the 24 in this study" in page
    assert '<p class="facts">24 articles ' in page


def test_the_days_of_a_study_are_both_included(tmp_path: Path) -> None:
    first, last = dt.date(2018, 2, 5), dt.date(2018, 7, 31)
    study = replace(demo_study(), measures=("tone",), words=False, since=first, until=last)
    results = write_report(load_bundled("us-russia"), study, tmp_path / "report")
    days = [a.published for a in load_bundled("us-russia").articles() if a.published and first <= a.published <= last]
    assert min(days) == first
    assert results.lock["articles"] == len(days) == results.coverage.to_numpy().sum()
