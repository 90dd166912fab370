"""Order of day and month: an ambiguous date is read by what the same outlet's other dates show, or not at all."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.article import Article
from corpora.corpus import open_corpus
from corpora.ingest import Options, ingest, read
from corpora.orders import Orders, Settled


@pytest.fixture
def dated(write, record, tmp_path):
    """Ingests dates, each as (outlet, date); article by date as read."""

    def of(*rows, name="a.jsonl", options=None, into="corpus", **changes):
        rows = [record(n, outlet=outlet, published=date, note=name, **changes) for n, (outlet, date) in enumerate(rows)]
        counts = ingest([write(name, rows)], tmp_path / into, options)
        return {a.date_as_read: a for a in open_corpus(tmp_path / into).articles()}, counts

    return of


def test_an_outlet_that_wrote_25_3_means_april_by_3_4(dated):
    found, counts = dated(("A", "3/4/17"), ("A", "25/3/2017"), ("B", "3/4/17"), ("B", "3/25/2017"))
    assert str(found["25/3/2017"].published) == "2017-03-25"
    # Both outlets' dates read "3/4/17"; the later one is the article that stands for it here.
    assert (str(found["3/4/17"].published), found["3/4/17"].date_order) == ("2017-03-04", "mdy")
    assert counts.undated == 0
    assert counts.orders == (Settled("A", "dmy", 1, 1), Settled("B", "mdy", 1, 1))
    assert counts.sources[0]["dated"] == 4


def test_a_date_that_is_read_by_the_order_keeps_its_time_and_says_where_it_stood(dated):
    found, _ = dated(("A", "25/3/2017"), ("A", "3/4/2017 10:30"))
    article = found["3/4/2017 10:30"]
    assert (article.published_at, article.date_precision) == ("2017-04-03T10:30:00", "time")
    assert (article.date_source, article.date_order) == ("metadata", "dmy")
    assert found["25/3/2017"].date_order == ""


def test_an_outlet_that_shows_both_orders_or_none_stays_undated_and_the_reason_says_so(dated):
    found, counts = dated(("A", "3/4/17"), ("A", "25/3/17"), ("A", "3/25/17"), ("B", "4/5/17"), ("B", "2017-01-02"))
    assert found["3/4/17"].date_source == "date '3/4/17' has an unknown order: A writes both"
    assert found["4/5/17"].date_source == "date '4/5/17' has an unknown order: no date of B shows it"
    assert counts.undated == 3
    assert counts.orders == (Settled("A", "", 2, 2), Settled("B", "", 0, 1))


def test_a_date_in_the_address_makes_way_for_the_outlets_own_and_stays_where_there_is_none(dated):
    url = "https://example.org/2017/04/05/talks"
    found, counts = dated(("A", "3/4/2017"), ("A", "25/3/2017"), ("B", "3/4/17"), url=url)
    assert (str(found["3/4/2017"].published), found["3/4/2017"].date_source) == ("2017-04-03", "metadata")
    assert (str(found["3/4/17"].published), found["3/4/17"].date_source) == ("2017-04-05", "url")
    assert counts.undated == 0


def test_the_order_that_the_user_names_goes_before_what_the_outlet_shows(dated):
    found, counts = dated(("A", "3/4/17"), ("A", "25/3/17"), options=Options(order="mdy"))
    assert (str(found["3/4/17"].published), found["3/4/17"].date_order) == ("2017-03-04", "")
    assert counts.orders == ()


def test_a_date_that_stood_in_the_text_is_said_to_have_stood_there():
    article = Article("a1", outlet="A", date_as_read="3/4/2017", date_source="url", published=dt.date(2017, 5, 6))
    for source in ("text", "metadata"):
        orders = Orders({"A": {"dmy": 1}})
        orders.note(article, source)
        assert orders.settle(article.row())["date_source"] == source


def test_what_earlier_runs_showed_counts_and_their_articles_are_not_changed(dated, tmp_path):
    found, _ = dated(("A", "3/4/17"), name="a.jsonl")
    before = {path.name: path.read_bytes() for path in (tmp_path / "corpus" / "articles").iterdir()}
    assert found["3/4/17"].published is None
    found, _ = dated(("A", "25/3/17"), name="b.jsonl")
    assert found["3/4/17"].published is None
    found, counts = dated(("A", "5/6/17"), name="c.jsonl")
    assert str(found["5/6/17"].published) == "2017-06-05"
    assert counts.orders == (Settled("A", "dmy", 1, 1),)
    assert open_corpus(tmp_path / "corpus").manifest["date_orders"] == {"A": {"dmy": 1, "mdy": 0}}
    after = {path.name: path.read_bytes() for path in (tmp_path / "corpus" / "articles").iterdir()}
    assert before.items() <= after.items()


def test_a_date_in_one_file_of_a_run_reads_those_of_a_file_before_it(write, record, tmp_path):
    paths = [
        write("a.jsonl", [record(n, published="3/4/2017") for n in range(1, 1_203)]),
        write("b.jsonl", [record(0, published="25/3/2017")]),
    ]
    counts = ingest(paths, tmp_path / "corpus")
    assert counts.undated == 0
    assert [source["dated"] for source in counts.sources] == [1_202, 1]
    assert {str(a.published) for a in open_corpus(tmp_path / "corpus").articles()} == {"2017-04-03", "2017-03-25"}
    # A part that is written twice is hashed twice, and nothing of the first writing is left.
    manifest = json.loads((tmp_path / "corpus" / "manifest.json").read_text())
    assert sorted(part["name"] for part in manifest["parts"]) == sorted(
        path.name for path in (tmp_path / "corpus" / "articles").iterdir()
    )
    assert list(read(paths).articles()) == list(open_corpus(tmp_path / "corpus").articles())


def test_a_repeated_article_shows_its_order_once(dated):
    _, first = dated(("A", "25/3/17"), ("A", "3/4/17"), name="a.jsonl")
    assert first.orders[0].shown == 1
    _, second = dated(("A", "25/3/17"), ("A", "3/4/17"), ("A", "5/6/17"), name="a.jsonl")
    assert second.orders[0].shown == 1


def test_a_date_that_does_not_exist_shows_nothing():
    orders = Orders()
    orders.note(Article("a1", outlet="A", date_as_read="31/2/2017"), "metadata")
    assert orders.counts == {}


def test_a_short_year_may_stand_first_until_another_date_of_the_outlet_excludes_it(dated):
    # The Daily of Budapest writes 17/03/25 for a day in March 2017, which is no day in 2025.
    found, counts = dated(("A", "17/03/25"), ("A", "17/04/28"))
    assert counts.undated == 2
    assert found["17/03/25"].date_source.endswith("has an unknown order: the dates of A may begin with the year")
    found, counts = dated(("B", "25/3/17"), ("B", "3/4/17"), ("C", "25/4/17"), ("C", "26/5/2017"), into="other")
    assert {written: str(article.published) for written, article in found.items()} == {
        "25/3/17": "2017-03-25",
        "3/4/17": "2017-04-03",
        "25/4/17": "2017-04-25",
        "26/5/2017": "2017-05-26",
    }


@given(
    st.lists(st.tuples(st.integers(1, 28), st.integers(1, 12)), min_size=1, max_size=12),
    st.sampled_from(["dmy", "mdy"]),
)
@settings(max_examples=60, deadline=None)
def test_an_outlet_that_keeps_to_one_order_is_read_in_it_or_not_at_all(days, order):
    from corpora.dates import read_moment

    articles = []
    for number, (day, month) in enumerate(days):
        first, second = (day, month) if order == "dmy" else (month, day)
        written = f"{first}/{second}/2017"
        moment = read_moment(written)
        source = "metadata" if moment.day else moment.reason
        articles.append(Article(f"{number:024x}", "A", published=moment.day, date_as_read=written, date_source=source))
    orders = Orders()
    for article in articles:
        orders.note(article, "metadata")
    for article, (day, month) in zip(articles, days, strict=True):
        settled = article.with_(**orders.settle(article.row()))
        assert settled.published is None or (settled.published.day, settled.published.month) == (day, month)
        assert (settled.published is None) == (article.published is None and not orders.order("A"))
