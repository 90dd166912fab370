"""Corpus: selecting, streaming and opening; and the corpora that come with the toolkit."""

from __future__ import annotations

import datetime as dt
import json

import pytest

import corpora
from corpora.article import Article, articles_schema, marks_schema
from corpora.bundled import bundled_names, datasheet, load_bundled
from corpora.corpus import Corpus, open_corpus
from corpora.errors import InputError
from corpora.ingest import ingest, read

DAYS = [None, dt.date(2018, 3, 1), dt.date(2018, 3, 2), dt.date(2018, 3, 3), dt.date(2018, 4, 1)]


@pytest.fixture
def corpus():
    """Ten articles: outlets A and B by turns, each day of DAYS twice."""
    return Corpus.of(
        Article(f"a{n}", outlet="AB"[n % 2], published=DAYS[n // 2], title=f"Title {n}", body="text") for n in range(10)
    )


def ids(corpus):
    return [article.article_id for article in corpus.articles()]


# --- Selecting ---


def test_a_selection_by_outlets_holds_their_articles_and_no_others(corpus):
    assert ids(corpus.select(outlets=["A"])) == ["a0", "a2", "a4", "a6", "a8"]
    assert ids(corpus.select(outlets=["A", "B", "C"])) == ids(corpus)
    assert ids(corpus.select(outlets=[])) == ids(corpus.select(outlets=["C"])) == []


def test_a_span_of_days_includes_both_ends_and_no_undated_article(corpus):
    first, last = dt.date(2018, 3, 1), dt.date(2018, 3, 3)
    assert ids(corpus.select(since=first, until=last)) == ["a2", "a3", "a4", "a5", "a6", "a7"]
    assert ids(corpus.select(since=last)) == ["a6", "a7", "a8", "a9"]
    assert ids(corpus.select(until=first)) == ["a2", "a3"]
    assert ids(corpus.select(since=dt.date(2019, 1, 1))) == []


def test_outlets_and_days_can_be_selected_at_once_or_one_after_the_other(corpus):
    at_once = corpus.select(outlets=["B"], since=dt.date(2018, 3, 2))
    assert ids(at_once) == ["a5", "a7", "a9"]
    assert ids(corpus.select(outlets=["B"]).select(since=dt.date(2018, 3, 2))) == ids(at_once)


def test_a_selection_leaves_the_corpus_as_it_was(corpus):
    corpus.select(outlets=["A"], since=dt.date(2018, 3, 2))
    assert len(corpus) == 10


def test_a_selection_of_a_selection_brings_no_article_back(corpus):
    of_a = corpus.select(outlets=["A"])
    assert set(ids(of_a.select(outlets=["B"]))) <= set(ids(of_a))
    late = corpus.select(since=dt.date(2018, 4, 1))
    assert set(ids(late.select(since=dt.date(2018, 3, 1)))) <= set(ids(late))


def test_length_outlets_and_checksum_are_of_the_selection(corpus):
    selected = corpus.select(outlets=["A"], until=dt.date(2018, 3, 2))
    assert len(selected) == 2
    assert selected.outlets() == {"A": 2}
    assert selected.checksum() != corpus.checksum()


def test_outlets_are_counted_the_largest_first_and_then_by_name():
    articles = [Article(f"a{n}", outlet=outlet) for n, outlet in enumerate("CABBA")]
    assert list(Corpus.of(articles).outlets().items()) == [("A", 2), ("B", 2), ("C", 1)]


def test_a_checksum_changes_with_identity_and_text_and_not_with_order():
    one, two = Article("a1", outlet="A", body="x"), Article("a2", outlet="A", body="y")
    sums = [Corpus.of(articles).checksum() for articles in ([one, two], [two, one])]
    assert sums[0] == sums[1]
    changed = [[one], [one, two.with_(body="z")], [one, two.with_(article_id="a3")], []]
    assert len({sums[0], *(Corpus.of(articles).checksum() for articles in changed)}) == 5


# --- Streaming ---


@pytest.mark.parametrize("size", [1, 3, 10, 100])
def test_batches_of_any_size_hold_the_same_articles_in_the_same_order(corpus, size):
    tables = list(corpus.batches(size=size))
    assert all(0 < table.num_rows <= size for table in tables)
    assert [i for table in tables for i in table.column("article_id").to_pylist()] == ids(corpus)


def test_a_batch_holds_the_columns_that_are_asked_for(corpus):
    (table,) = corpus.select(outlets=["A"], since=dt.date(2018, 3, 1)).batches(["title"])
    assert table.column_names == ["title"]
    assert table.num_rows == 4


def test_a_frame_has_the_schemas_columns_even_without_articles(corpus):
    assert list(corpus.frame().columns) == articles_schema().names
    nothing = corpus.select(outlets=["C"])
    assert list(nothing.frame().columns) == articles_schema().names
    assert list(nothing.frame(["title"]).columns) == ["title"]
    assert corpus.frame(["title"])["title"].tolist()[:2] == ["Title 0", "Title 1"]


def test_articles_come_out_as_they_went_in():
    article = Article("a1", outlet="A", published=dt.date(2018, 3, 1), tags=("x", "y"), captions="one\ntwo", body="b")
    assert list(Corpus.of([article]).articles()) == [article]


def test_the_tables_have_the_columns_of_the_design():
    assert set(articles_schema().names) >= {
        "article_id", "text_sha256", "outlet", "outlet_as_read", "published", "date_source", "title", "body",
        "captions", "byline", "dateline", "agency", "url", "language", "source_file", "collection",
    }  # fmt: skip
    assert marks_schema().names == ["article_id", "kind", "value", "share", "origin_id", "evidence", "version"]


# --- Opening ---


def test_a_corpus_on_disk_selects_as_one_in_memory(write, record, tmp_path):
    rows = [record(n, outlet="AB"[n % 2]) for n in range(8)]
    ingest([write("a.jsonl", rows[:3]), write("b.csv", rows[3:])], tmp_path / "corpus")
    opened = open_corpus(tmp_path / "corpus").select(outlets=["A"], since=dt.date(2018, 3, 4))
    # record(n) is dated March n + 1: of A, numbers 0, 2, 4 and 6, the last two from March 4 on.
    assert [article.title for article in opened.articles()] == ["Talks, day 4", "Talks, day 6"]


# What every manifest has besides.
REST = '"collections": {}, "date_orders": {}, "marks": {}, "outlets": {}, "agencies": {}}'


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        (None, "is no corpus: it holds no manifest.json"),
        (b"{", "cannot be read"),
        (b"\xff\xfe\xff", "cannot be read"),
        (b"[]", "is of corpus format"),
        (b'{"format": 1}', "is of corpus format"),
    ],
)
def test_a_folder_that_is_no_corpus_is_an_error(tmp_path, manifest, message):
    if manifest is not None:
        (tmp_path / "manifest.json").write_bytes(manifest)
    with pytest.raises(InputError, match=message):
        open_corpus(tmp_path)


def test_a_missing_folder_is_an_error(tmp_path):
    with pytest.raises(InputError, match="there is no such folder"):
        open_corpus(tmp_path / "missing")


def test_a_damaged_or_missing_part_is_an_error_that_names_it(write, record, tmp_path):
    ingest([write("a.jsonl", [record(1)])], tmp_path / "corpus")
    (part,) = (tmp_path / "corpus" / "articles").iterdir()
    part.write_bytes(part.read_bytes()[:100])
    with pytest.raises(InputError, match=part.name):
        list(open_corpus(tmp_path / "corpus").articles())
    part.unlink()
    with pytest.raises(InputError, match=part.name):
        len(open_corpus(tmp_path / "corpus"))


def test_a_manifest_that_lacks_its_parts_is_an_error(tmp_path):
    (tmp_path / "manifest.json").write_text('{"format": 2}')
    with pytest.raises(InputError):
        len(open_corpus(tmp_path))


@pytest.mark.parametrize(
    ("manifest", "message"),
    [
        ('{"format": 2, "parts": [{"name": "../x.parquet"}], "sources": [], ' + REST, r"'\.\./x\.parquet'"),
        (
            '{"format": 2, "parts": [{"name": "/etc/x.parquet"}], "sources": [], ' + REST,
            "is no name of a part",
        ),
        ('{"format": 2, "parts": [{}], "sources": [], ' + REST, "is no name of a part"),
        ('{"format": 2, "parts": [3], "sources": [], ' + REST, "is no name of a part"),
        ('{"format": 2, "parts": {}, "sources": [], ' + REST, "it has no parts"),
        ('{"format": 2, "parts": [], "sources": [3], ' + REST, "a source does not say"),
        ("[" * 100_000, "cannot be read"),
        ('{"format": ' + "1" * 5000 + "}", "cannot be read"),
    ],
)
def test_a_damaged_manifest_is_an_error_that_names_it(tmp_path, manifest, message):
    (tmp_path / "manifest.json").write_text(manifest)
    with pytest.raises(InputError, match=rf"manifest\.json.*{message}"):
        open_corpus(tmp_path)


def test_rejections_that_are_no_text_are_an_error_that_names_them(write, record, tmp_path):
    ingest([write("a.jsonl", [record(1)])], tmp_path / "corpus")
    (tmp_path / "corpus" / "rejected.csv").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(InputError, match=r"rejected\.csv cannot be read"):
        open_corpus(tmp_path / "corpus")


def test_a_part_of_another_kind_is_an_error_that_names_it(write, record, tmp_path):
    import pyarrow as pa
    import pyarrow.parquet as pq

    ingest([write("a.jsonl", [record(1)])], tmp_path / "corpus")
    (part,) = (tmp_path / "corpus" / "articles").iterdir()
    pq.write_table(pa.table({"x": [1]}), part)
    with pytest.raises(InputError, match=f"{part.name} is damaged: it has no column"):
        len(open_corpus(tmp_path / "corpus"))


# --- Names of the package, and bundled corpora ---


def test_a_name_that_the_package_lacks_is_an_error():
    with pytest.raises(AttributeError, match="module 'corpora' has no attribute 'publishers'"):
        corpora.publishers  # noqa: B018


def test_the_packages_names_are_right_whatever_was_imported_before():
    assert corpora.read is read
    assert corpora.open_corpus is open_corpus
    assert corpora.load_bundled is load_bundled
    assert corpora.Corpus is Corpus
    assert "ingest" not in corpora.__all__


@pytest.mark.parametrize("name", bundled_names())
def test_a_bundled_corpus_is_read_without_a_rejection_and_has_its_datasheet(name):
    bundled = load_bundled(name)
    assert bundled.rejections == ()
    assert all(article.published and article.body and article.notice for article in bundled.articles())
    assert datasheet(name).lstrip().startswith("#")


def test_an_unknown_bundled_corpus_is_an_error_that_lists_them():
    listed = ", ".join(bundled_names())
    with pytest.raises(InputError, match=rf"no bundled corpus '\.\./us-russia'; there are: {listed}$"):
        load_bundled("../us-russia")


@pytest.mark.parametrize("name", bundled_names())
def test_a_bundled_corpus_is_a_file_of_valid_json_lines(name):
    from corpora.bundled import bundled_folder

    for line in (bundled_folder(name) / "articles.jsonl").read_text(encoding="utf-8").splitlines():
        assert {"outlet", "published", "title", "body"} <= json.loads(line).keys()
