"""Columns and records: from what a file calls its fields to an article, or the reason why there is none."""

from __future__ import annotations

import datetime as dt

import pytest

from corpora.article import Article, record_id
from corpora.assembly import Options, article_of
from corpora.columns import NAMES, pick, recognise
from corpora.corpus import Corpus
from corpora.errors import InputError
from corpora.readers import Record

BODY = (
    "Russia and the United States opened a new round of talks in Geneva on Monday, and officials of both countries "
    "called the first day useful."
)  # 24 words


def made(raw, known=None, **options):
    return article_of(Record(raw, "line 1", known or {}), Options(**options), "file.jsonl")


# --- Names of columns ---


@pytest.mark.parametrize(
    ("columns", "fields"),
    [
        (["Source", "Headline", "Full text"], {"outlet": "Source", "title": "Headline", "body": "Full text"}),
        (["date", "title", "content", "URL"], {"published": "date", "title": "title", "body": "content", "url": "URL"}),
        (["PUBLICATION-DATE", "Body_Text"], {"published": "PUBLICATION-DATE", "body": "Body_Text"}),
        (["words", "pages"], {}),
        ([], {}),
    ],
)
def test_columns_are_recognised_without_regard_to_case_and_punctuation(columns, fields):
    assert recognise(columns) == fields


def test_of_two_names_for_a_field_the_first_in_the_list_is_taken():
    assert recognise(["publisher", "source"])["outlet"] == "source"
    assert recognise(["source", "publisher"])["outlet"] == "source"


def test_a_mapped_column_goes_before_the_known_names():
    assert recognise(["text", "Volltext"], {"body": "Volltext"})["body"] == "Volltext"


def test_a_mapped_column_is_not_taken_for_another_field_as_well():
    assert "title" not in recognise(["headline", "text"], {"byline": "headline"})


def test_an_unknown_field_to_map_is_an_error_that_lists_the_fields():
    with pytest.raises(InputError, match="no field 'mood' to map; there are: agency, body, byline") as error:
        recognise(["text"], {"mood": "text"})
    assert all(field in str(error.value) for field in NAMES)
    with pytest.raises(InputError, match="no field 'mood'"):
        Options(columns={"mood": "text"})


def test_an_unknown_order_of_dates_is_an_error():
    with pytest.raises(InputError, match="no date order 'ymd'; there are: dmy, mdy"):
        Options(order="ymd")


@pytest.mark.parametrize("empty", [None, float("nan"), "", "  ", "nan", "None", "NULL"])
def test_a_missing_value_is_left_out(empty):
    assert pick({"Source": empty}, {"outlet": "Source"}) == {}


@pytest.mark.parametrize(("value", "text"), [(3, "3"), (["a", None, "b"], "a, b"), (" a ", "a"), (0, "0")])
def test_a_value_becomes_text(value, text):
    assert pick({"x": value}, {"title": "x"}) == {"title": text}


# --- From a record to an article ---


def test_an_article_keeps_what_its_record_says():
    article = made(
        {
            "outlet": "The Daily", "published": "2018-03-05", "title": "Talks open", "text": f"PARIS (AFP) - {BODY}",
            "author": "Jane Roe", "url": "https://example.org/talks", "tags": "talks, Geneva", "language": "en",
        }
    )  # fmt: skip
    assert article.outlet == article.outlet_as_read == "The Daily"
    assert (article.published, article.date_source) == (dt.date(2018, 3, 5), "metadata")
    assert (article.title, article.body, article.byline) == ("Talks open", BODY, "Jane Roe")
    assert (article.dateline, article.agency, article.language) == ("PARIS", "AFP", "en")
    assert article.tags == ("talks", "Geneva")
    assert (article.url, article.source_file) == ("https://example.org/talks", "file.jsonl")


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        ({"title": "Talks"}, "no text field"),
        ({}, "no text field"),
        ({"text": None}, "no text"),
        ({"text": "  "}, "no text"),
        ({"outlet": "A", "text": "Too few words."}, "too short: 3 words, at least 15 are needed"),
        ({"outlet": "A", "text": "Read more: this and that"}, "no text"),
        ({"text": BODY}, "no outlet: name it with --outlet NAME or --map outlet=COLUMN"),
    ],
)
def test_a_record_that_is_no_article_gives_the_reason(raw, reason):
    assert made(raw) == reason


def test_fifteen_words_are_enough_and_fourteen_are_not():
    assert isinstance(made({"outlet": "A", "text": " ".join(["word"] * 15)}), Article)
    assert isinstance(made({"outlet": "A", "text": " ".join(["word"] * 14)}), str)


@pytest.mark.parametrize(
    ("raw", "options", "outlet"),
    [
        ({"outlet": "The Daily", "text": f"PARIS (AFP) - {BODY}", "url": "https://a.org/"}, {}, "The Daily"),
        ({"outlet": "The Daily", "text": BODY}, {"outlet": "The Weekly"}, "The Weekly"),
        ({"text": f"PARIS (AFP) - {BODY}", "url": "https://a.org/"}, {}, "AFP"),
        ({"text": BODY, "url": "https://www.example.org/talks"}, {}, "example.org"),
        ({"text": BODY, "outlet": " The \n Daily "}, {}, "The Daily"),
    ],
)
def test_the_outlet_is_the_users_then_the_records_then_the_agencys_then_the_hosts(raw, options, outlet):
    assert made(raw, **options).outlet == outlet


@pytest.mark.parametrize(
    ("values", "published", "source"),
    [
        ({"date": "2018-03-05", "url": "https://a.org/2017/01/01/x"}, dt.date(2018, 3, 5), "metadata"),
        ({"url": "https://a.org/2017/01/02/x"}, dt.date(2017, 1, 2), "url"),
        ({"date": "4/4/17", "url": "https://a.org/2017/04/04/x"}, dt.date(2017, 4, 4), "url"),
        ({"date": "4/4/17"}, None, "date '4/4/17' has an unknown order"),
        ({}, None, "no date"),
    ],
)
def test_the_day_is_the_fields_and_else_the_addresss(values, published, source):
    article = made({"outlet": "A", "text": BODY} | values)
    assert (article.published, article.date_source) == (published, source)


def test_an_address_that_is_none_does_no_harm():
    assert made({"text": BODY, "url": "http://[broken", "outlet": "A"}).url == "http://[broken"
    assert made({"text": BODY, "url": "http://[broken"}).startswith("no outlet")


@pytest.mark.parametrize("field", ["text", "title", "outlet", "url"])
def test_half_a_surrogate_pair_does_no_harm(field):
    article = made({"outlet": "A", "text": BODY, field: BODY + "\ud800"})
    for value in (article.title, article.body, article.outlet, article.url):
        value.encode()


@pytest.mark.parametrize(("name", "code"), [("German", "de"), ("Spanish", "es"), ("Chinese", "zh"), ("Swedish", "sv")])
def test_a_language_written_out_is_not_cut_into_another_code(name, code):
    assert made({"outlet": "A", "text": BODY, "language": name}).language in ("", code)


@pytest.mark.parametrize(("written", "code"), [("en", "en"), ("EN", "en"), ("en-US", "en"), ("English", "en")])
def test_english_is_known_in_its_usual_spellings(written, code):
    assert made({"outlet": "A", "text": BODY, "language": written}).language == code


def test_the_byline_of_a_column_has_no_by():
    assert made({"outlet": "A", "text": BODY, "byline": "By Jane Roe"}).byline == "Jane Roe"


# --- Identity and text ---


def test_the_identity_is_stable_under_the_order_of_keys():
    assert record_id({"a": 1, "b": {"c": 2, "d": 3}}) == record_id({"b": {"d": 3, "c": 2}, "a": 1})
    assert made({"outlet": "A", "text": BODY}).article_id == made({"text": BODY, "outlet": "A"}).article_id


def test_the_identity_changes_with_any_value_and_any_key():
    ids = {record_id(record) for record in ({"a": 1}, {"a": "1"}, {"a": 2}, {"b": 1}, {"a": 1, "b": None}, {})}
    assert len(ids) == 6


def test_the_identity_is_of_the_record_as_read_and_of_the_outlet_that_the_user_gives():
    raw = {"text": BODY, "source": "The Daily"}
    assert made(raw, order="dmy").article_id == made(raw, order="mdy").article_id == record_id(raw)
    # Two outlets that ran one agency text: the files need not say which is whose.
    assert len({made(raw, outlet=outlet).article_id for outlet in ("", "A", "B")}) == 3


def test_an_identity_has_24_hexadecimal_digits():
    assert len(record_id({"a": 1})) == 24
    assert int(record_id({"a": 1}), 16) >= 0


def test_a_part_can_be_sliced_and_an_unknown_part_is_an_error():
    article = Article("a1", outlet="A", title="Talks resume", body="They met.\n\nThey parted.", captions="A hall")
    assert article.text("body")[11:15] == "They"
    assert [article.text(part) for part in ("title", "captions")] == ["Talks resume", "A hall"]
    with pytest.raises(ValueError, match="no part 'byline'; there are: title, body, captions"):
        article.text("byline")


def test_the_texts_hash_changes_with_each_part_and_with_nothing_else():
    article = Article("a1", outlet="A", title="t", body="b", captions="c")
    assert len({article.with_(**{part: "x"}).text_sha256 for part in ("title", "body", "captions")}) == 3
    assert article.with_(outlet="B", byline="x", url="y").text_sha256 == article.text_sha256
    # Text that moves from one part to another is another text.
    assert article.with_(title="tb", body="").text_sha256 != article.with_(title="t", body="b").text_sha256


def test_an_article_survives_the_way_through_its_row():
    article = Article("a1", outlet="A", published=dt.date(2018, 3, 5), tags=("x", "y"), body="b")
    assert Article.from_row(article.row()) == article


# --- Values that are no text ---


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("outlet", {"id": "cnn", "name": "CNN"}, "CNN"),  # NewsAPI
        ("outlet", {"id": None, "name": None}, None),
        ("byline", [{"name": "Jane Roe"}, {"name": "John Doe"}], "Jane Roe, John Doe"),
        ("body", {"name": "CNN"}, None),
        ("title", {"rendered": "Talks"}, None),
        ("body", ["They met.", None, "They parted."], "They met.\n\nThey parted."),
        ("captions", ["A hall", "A lake"], "A hall\nA lake"),
        ("tags", ["talks", "Geneva"], "talks, Geneva"),
        ("body", "Élysée".encode(), "Élysée"),
        ("body", "Élysée".encode("cp1252"), "Élysée"),
    ],
)
def test_a_value_that_is_no_text_becomes_the_text_it_holds(field, value, text):
    assert pick({"x": value}, {field: "x"}) == ({field: text} if text else {})


@pytest.mark.parametrize(
    ("written", "code"),
    [("German", "de"), ("deu", "de"), ("ger", "de"), ("zh-Hans", "zh"), ("Chinese (Simplified)", "zh"), ("RUS", "ru")],
)
def test_a_language_is_known_by_its_name_and_codes(written, code):
    assert made({"outlet": "A", "text": BODY, "language": written}).language == code


@pytest.mark.parametrize("written", ["various", "n/a", "12", "Klingon", "xx"])
def test_a_language_of_no_known_name_is_told_from_the_text(written):
    assert made({"outlet": "A", "text": BODY, "language": written}).language == "en"


def test_every_value_with_half_a_character_can_be_stored():
    half = "x\ud800"
    raw = {
        "outlet": half,
        "text": BODY + half,
        "title": half,
        "url": half,
        "byline": half,
        "date": half,
        "tags": [half],
    }
    article = made({**raw, "language": half, "captions": half, "notice": half, half: half})
    assert article.text_sha256
    assert Corpus.of([article]).checksum()
    assert record_id({half: half}) != record_id({half: "x"})
