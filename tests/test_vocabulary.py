"""Vocabulary: what a study tells of outlets' words, and what of it a page and a spreadsheet may show."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from corpora import Article, Corpus
from reports.report import Results, write_report
from reports.study import Study
from reports.vocabulary import Words, drawn, read_words, without_furniture

# A word that an outlet uses three times in each of twelve articles is surely its own; once would not be enough.
TALE = "The {word} talks went on. It was a {word} day, he said, and so {word} a night in {town}."
LIGHT = Study(("RUS", "USA"), measures=("tone",), cost="light", draws=100)
Make = Callable[..., Corpus]
TOWNS = (
    "Geneva", "Helsinki", "Vienna", "Oslo", "Prague", "Rome", "Madrid", "Lisbon", "Athens", "Berne", "Sofia", "Riga",
)  # fmt: skip


def articles(outlet: str, line: str, number: int = 12, **fields: Any) -> list[Article]:
    """An outlet's articles, each in another town (`{town}` of the line) and long after the last: another story."""
    made = []
    for n in range(number):
        body = f"Russia met the United States in {TOWNS[n]}.\n" + line.replace("{town}", TOWNS[n])
        day = dt.date(2018, 1, 1) + dt.timedelta(days=15 * n)
        name = f"{n:02d}{outlet[:3]}".ljust(24, "0")
        made.append(Article(name, outlet, published=day, body=body, language="en").with_(**fields))
    return made


def two(first: str, second: str, **fields: Any) -> Corpus:
    return Corpus.of([*articles("Alpha Times", first, **fields), *articles("Beta Post", second)])


def tale(word: str, before: str = "", after: str = "") -> str:
    return before + TALE.replace("{word}", word) + after


def unlike(**fields: Any) -> Corpus:
    return two(tale("gruesome"), tale("orderly"), **fields)


def words_of(corpus: Corpus, study: Study = LIGHT, articles: Sequence[str] | None = None) -> Words:
    facts = corpus.frame(["article_id", "outlet", "published"]).assign(vote="own", genre="news")
    facts = facts.assign(story=facts["article_id"], published=pd.to_datetime(facts["published"]))
    chosen = facts if articles is None else facts[facts["article_id"].isin(list(articles))]
    return read_words(corpus, study, chosen)[0]


# --- Which words ---


def test_an_outlet_s_word_is_told_of_it_and_not_of_the_other() -> None:
    found = words_of(unlike())
    told = {outlet: set(found.told(outlet)["word"]) for outlet in ("Alpha Times", "Beta Post")}
    assert any("gruesome" in word for word in told["Alpha Times"])
    assert any("orderly" in word for word in told["Beta Post"])
    assert not any("orderly" in word for word in told["Alpha Times"])
    rows = found.told("Alpha Times")
    assert (rows["log_odds"] > 0).all()
    assert (rows["q"] < 0.05).all()


def test_outlets_that_write_alike_have_no_words_and_the_page_tells_none() -> None:
    found = words_of(two(tale("long"), tale("long")))
    assert found.told("Alpha Times").empty
    # A table without rows still has its columns.
    assert "word" in found.told("Alpha Times")
    assert found.page(["Alpha Times", "Beta Post"])["outlets"] == []


def test_an_outlet_s_own_name_is_not_told_as_its_word() -> None:
    found = words_of(two(tale("gruesome", after=" Alpha Times, he told Alpha Times, is Alpha Times."), tale("orderly")))
    told = found.told("Alpha Times")["word"].tolist()
    assert told
    assert any("gruesome" in word for word in told)
    assert not {"alpha", "times", "alpha times"} & set(told)
    # The table keeps what the page leaves out.
    assert any("alpha" in word for word in found.key["word"])


def test_articles_that_do_not_count_and_those_in_other_languages_are_not_read() -> None:
    corpus = unlike()
    ids = [a.article_id for a in corpus.articles() if a.outlet == "Beta Post"]
    assert "Beta Post" in words_of(corpus, articles=ids).note
    foreign = unlike(language="de")
    assert "Beta Post" in words_of(foreign).note


def test_the_reference_of_the_study_is_that_of_the_words() -> None:
    corpus = Corpus.of(
        [
            *articles("Alpha Times", tale("gruesome")),
            *articles("Beta Post", tale("orderly")),
            *articles("Gamma News", tale("gruesome")),
        ]
    )
    assert set(words_of(corpus).key["reference"]) == {"rest"}
    found = words_of(corpus, replace(LIGHT, reference="Beta Post")).key
    assert set(found["reference"]) == {"Beta Post"}
    assert set(found["outlet"]) == {"Alpha Times", "Gamma News"}


def test_own_words_alone_are_compared_where_the_voice_is_own() -> None:
    corpus = two(tale("gruesome", "“", "” He left."), tale("orderly", "“", "” He left."))
    both = words_of(corpus)
    assert any("gruesome" in word for word in both.told("Alpha Times")["word"])
    assert not any("gruesome" in word for word in words_of(corpus, replace(LIGHT, voice="own")).key["word"])


def test_loaded_words_are_those_outside_quotations_with_their_number() -> None:
    found = words_of(two("A brutal regime sat in {town}.", "“A brutal regime,” he said in {town}."))
    rows = found.loaded[found.loaded["kind"] == "loaded"]
    assert rows.groupby("outlet")["n"].sum().to_dict() == {"Alpha Times": 24}
    page = found.page(["Alpha Times", "Beta Post"])["loaded"]
    assert page == {"Alpha Times": ["brutal (12)", "regime (12)"]}


def test_places_are_of_the_outlet_and_hold_the_word() -> None:
    found = words_of(unlike())
    assert len(found.places) > 0
    for outlet in ("Alpha Times", "Beta Post"):
        for word in found.told(outlet)["word"]:
            rows = found.places[(found.places["outlet"] == outlet) & (found.places["word"] == word)]
            assert 1 <= len(rows) <= 3
            assert {str(keyword).lower() for keyword in rows["keyword"]} == {word}


# --- Furniture ---


def lines(*texts: str, outlet: str = "A") -> list[dict[str, Any]]:
    return [{"outlet": outlet, "text": text} for text in texts]


def kept(rows: list[dict[str, Any]]) -> list[str]:
    return [row["text"] for row in without_furniture(rows)]


def test_a_line_in_three_articles_of_an_outlet_is_left_out_whatever_its_numbers_and_case() -> None:
    found = kept(lines("One.\nSign up: 12 letters", "Two.\nsign  up: 7 letters", "Six.\nSign up: 300 letters"))
    assert found == ["One.", "Two.", "Six."]


def test_a_line_in_two_articles_stays_and_so_does_one_that_is_repeated_in_one() -> None:
    assert kept(lines("One.\nSign up", "Two.\nSign up")) == ["One.\nSign up", "Two.\nSign up"]
    assert kept(lines("No.\nNo.\nNo.", "Yes.")) == ["No.\nNo.\nNo.", "Yes."]


def test_another_outlet_s_line_is_none_of_this_one() -> None:
    rows = lines("One.\nSign up", "Two.\nSign up") + lines("Sign up", outlet="B")
    assert kept(rows) == [row["text"] for row in rows]


def test_paragraphs_stay_apart_and_nothing_else_of_a_row_is_touched() -> None:
    rows = [{**row, "article_id": n} for n, row in enumerate(lines("a\n\nb", "c\n\nd", "e\n\nf"))]
    assert without_furniture(rows) == rows


# --- In a report ---


@pytest.fixture
def made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., tuple[Results, str]]:
    """Writes a report without charts and gives its results and its page."""
    monkeypatch.setattr("reports.render.plans", lambda results: [])

    def make(corpus: Corpus, **changes: Any) -> tuple[Results, str]:
        results = write_report(corpus, replace(LIGHT, **changes), tmp_path / "report")
        return results, (tmp_path / "report" / "index.html").read_text(encoding="utf-8")

    return make


HOSTILE = "<script>alert(1)</script> gruesome =cmd('calc') gruesome {{ 7*7 }} {% raw %} gruesome {town}."


def test_hostile_text_around_a_word_is_escaped_on_the_page_and_inert_in_the_tables(
    made: Callable[..., Any], tmp_path: Path
) -> None:
    corpus = two(HOSTILE, "=HYPERLINK(1), orderly <b onclick=x>orderly</b>\n=1+1 orderly {town}.")
    results, page = made(corpus)
    assert results.words.places["left"].str.contains("<script>").any()
    assert "<script" not in page
    assert "<b onclick" not in page
    assert "&lt;script&gt;" in page[page.index('<section id="words">') :]
    assert "{{ 7*7 }} {% raw %}" in page
    for path in (tmp_path / "report" / "tables").glob("*.csv"):
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        for column in table:
            assert not [cell for cell in table[column] if cell[:1] in ("=", "+", "@", "\t", "\r")], (path.name, column)


def test_without_text_words_have_no_sentences_and_no_contexts(made: Callable[..., Any], tmp_path: Path) -> None:
    corpus = unlike()
    tables = tmp_path / "report" / "tables"
    _, page = made(corpus)
    assert 'class="kwic"' in page
    assert (tables / "contexts.csv").is_file()
    _, bare = made(corpus, text=False)
    assert "gruesome" in bare[bare.index('<section id="words">') :]
    assert 'class="kwic"' not in bare
    assert not (tables / "contexts.csv").exists()
    assert (tables / "words.csv").is_file()


def test_of_one_outlet_no_words_are_compared_and_the_page_says_why(made: Callable[..., Any], tmp_path: Path) -> None:
    results, page = made(Corpus.of(articles("Alpha Times", "A brutal regime sat in {town}.")))
    assert "No words are compared: all articles are of &#39;Alpha Times&#39;" in page
    assert results.words.key.empty
    assert not (tmp_path / "report" / "tables" / "words.csv").exists()
    # What needs no other outlet is still told.
    assert "brutal (12)" in page
    assert results.described.levels("loaded words", category="loaded")["value"].notna().all()


def test_words_off_leaves_out_the_section_and_its_tables(made: Callable[..., Any], tmp_path: Path) -> None:
    corpus = unlike()
    results, page = made(corpus, words=False)
    assert results.words is None
    assert '<section id="words">' not in page
    assert 'href="#words"' not in page
    names = {path.stem for path in (tmp_path / "report" / "tables").iterdir()}
    assert not names & {"words", "words-shared", "loaded-words", "contexts"}
    assert not {"loaded words", "naming"} & set(results.described.estimates["measure"])


def test_estimates_are_the_same_with_and_without_words(made: Callable[..., Any]) -> None:
    # An article that names neither country has words and no passage; its day must move no other number.
    day, text = dt.date(2018, 1, 5), "It rains in Norway today."
    rain = Article("x" * 24, "Alpha Times", published=day, body=text, language="en")
    corpus = two(tale("gruesome", "“", "” He left."), tale("orderly"))
    corpus = Corpus.of([rain, *corpus.articles()])
    told, _ = made(corpus, measures=("relation", "sentiment", "subject", "tone"))
    bare, _ = made(corpus, measures=("relation", "sentiment", "subject", "tone"), words=False)
    pd.testing.assert_frame_equal(told.comparison.estimates, bare.comparison.estimates)
    rows = told.described.estimates
    rows = rows[~rows["measure"].isin(["loaded words", "naming"])].reset_index(drop=True)
    pd.testing.assert_frame_equal(rows, bare.described.estimates)


def test_of_too_many_articles_large_outlets_give_equally_many_and_small_ones_all() -> None:
    sizes = {"Large": 500, "Larger": 900, "Small": 12}
    ids = [(outlet, hash_of(outlet, n)) for outlet, size in sizes.items() for n in range(size)]
    frame = pd.DataFrame({"article_id": [i for _, i in ids], "outlet": [o for o, _ in ids]})
    chosen = frame[frame["article_id"].isin(drawn(frame, 300))]["outlet"].value_counts()
    assert chosen["Small"] == 12
    assert chosen["Large"] == chosen["Larger"] == 144
    assert drawn(frame, 300) == drawn(frame.sample(frac=1, random_state=3), 300)
    assert len(drawn(frame, 5_000)) == len(frame)


def hash_of(outlet: str, number: int) -> str:
    return hashlib.sha256(f"{outlet} {number}".encode()).hexdigest()[:24]
