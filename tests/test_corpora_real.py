"""Real files, which lie beside the project and are never committed: a saved page, scraped tables, web pages."""

from __future__ import annotations

import datetime as dt

import pytest

from corpora.ingest import read

# --- A page of Sputnik, saved as text ---


@pytest.fixture(scope="module")
def sputnik(shared):
    corpus = read(shared / "real" / "sputnik-2017-02-01.txt")
    assert corpus.rejections == ()
    (article,) = corpus.articles()
    return article


def test_the_page_tells_its_outlet_day_and_title(sputnik):
    assert sputnik.outlet == "Sputnik"
    assert sputnik.published == dt.date(2017, 2, 1)
    assert sputnik.date_source == "text"
    assert sputnik.title == "Putin-Trump Talk Clears the Way for Better Russia-US Ties - Ambassador Kislyak"


def test_the_body_is_the_articles_own_text(sputnik):
    assert sputnik.body.startswith("US President Donald Trump's phone conversation")
    assert sputnik.body.rstrip(".").endswith("potential improvement in bilateral ties")
    # The page has nine paragraphs of text.
    assert len(sputnik.body.split("\n\n")) == 9


def test_the_dateline_and_the_agency_leave_the_body(sputnik):
    assert (sputnik.dateline, sputnik.agency) == ("WASHINGTON", "Sputnik")
    assert "(Sputnik)" not in sputnik.body
    assert "\n\nAccording to the Kremlin's statement" in sputnik.body


def test_teaser_captions_and_credits_are_set_aside(sputnik):
    assert "Gorbachev" not in sputnik.body
    assert "Gorbachev Welcomes" in sputnik.furniture
    assert "Presentation of Gorbachev in Life book" in sputnik.captions
    assert "speaks by phone" in sputnik.captions
    assert "speaks by phone" not in sputnik.body
    assert "©" not in sputnik.body
    assert "Register" not in sputnik.body


def test_the_six_tags_are_kept(sputnik):
    assert sputnik.tags == ("ties", "ambassador", "Sergei Kislyak", "Donald Trump", "United States", "Russia")
    assert "Tags" not in sputnik.body


def test_the_language_is_told(sputnik):
    assert sputnik.language == "en"


# --- Tables as a scraper left them ---

TABLES = ["rt-clinton-maidan", "rt-mcfaul-elections", "rt-orange-revolution", "rt-soros-nato"]


@pytest.mark.parametrize("name", TABLES)
def test_every_row_of_a_scraped_table_is_kept_or_rejected(shared, name):
    corpus = read(shared / "real" / f"{name}.csv.gz", outlet="RT")
    (source,) = corpus.manifest["sources"]
    assert source["read"] == source["kept"] + source["rejected"] > 0
    assert (source["kept"], source["rejected"]) == (len(corpus), len(corpus.rejections))
    assert len(corpus) > 0.8 * source["read"]
    for article in corpus.articles():
        assert article.outlet == "RT"
        assert article.published is None or dt.date(2005, 1, 1) < article.published < dt.date(2022, 1, 1)
        assert article.title
        assert "\x00" not in article.body


def test_repeated_rows_of_the_four_tables_are_rejected_once_more_than_kept(shared):
    corpus = read([shared / "real" / f"{name}.csv.gz" for name in TABLES], outlet="RT")
    ids = [article.article_id for article in corpus.articles()]
    assert len(set(ids)) == len(ids)
    assert any(reason.startswith("repeated") for _, _, reason in corpus.rejections)


# --- Web pages ---

PAGES = {
    "dw.com.colonial.html": ("DW", "colonial"),
    "nytimes.com.blackouts.html": ("Times", "blackout"),
    "politico.com.retirement.html": ("POLITICO", "retire"),
    "reuters.com.parasite.html": ("Reuters", "parasite"),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_saved_page_gives_one_article_with_outlet_and_day(shared, name):
    corpus = read(shared / "pages" / name)
    assert corpus.rejections == ()
    (article,) = corpus.articles()
    outlet, word = PAGES[name]
    assert outlet.lower() in article.outlet.lower()
    assert article.published is not None
    assert word in f"{article.title} {article.body}".lower()
    assert len(article.body.split()) > 150
    assert article.language == "en"


def test_the_pages_folder_holds_the_pages_tested_here(shared):
    assert {path.name for path in (shared / "pages").glob("*.html")} == PAGES.keys()
