"""Readers of tables, lists and texts: their contract, and what each does with the files analysts really have.

The other formats have samples in `cases/readers/`, over which `test_readers_contract.py` goes.
"""

from __future__ import annotations

import gzip
import io
import json
import random
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from corpora.assembly import Options, article_of
from corpora.readers import READERS, Record, Rejection, detect
from corpora.readers.html import page_text
from corpora.readers.plain import parse
from corpora.readers.record import LONGEST_LINE, decode, lines

BODY = (
    "Russia and the United States opened a new round of talks in Geneva on Monday. "
    "Officials of both countries called the first day useful, and said that a second would follow."
)
TITLE = "Talks Open in Geneva"


def _parquet(rows: list[dict[str, str]]) -> bytes:
    out = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(rows), out)
    return out.getvalue()


# For each reader without a sample in a file a small valid file, made here.
VALID: dict[str, tuple[str, bytes]] = {
    "jsonl": ("rows.jsonl", (json.dumps({"title": TITLE, "text": BODY}) + "\n").encode()),
    "parquet": ("rows.parquet", _parquet([{"title": TITLE, "text": BODY}])),
    "plain": ("page.txt", f"5 May 2016\n\n{TITLE}\n\n{BODY}\n".encode()),
    "table": ("rows.csv", f'title,text\n{TITLE},"{BODY}"\n'.encode()),
}


def read(reader, data, name="file"):
    return list(READERS[reader].read(io.BufferedReader(io.BytesIO(data)), name))


# --- The contract ---


def test_every_reader_without_a_sample_has_a_valid_file_here():
    sampled = {folder.name for folder in (Path(__file__).parent / "cases" / "readers").iterdir()}
    assert VALID.keys() == READERS.keys() - sampled


@pytest.mark.parametrize("reader", VALID)
def test_a_valid_file_yields_its_article(reader):
    name, data = VALID[reader]
    items = read(reader, data, name)
    assert [type(item) for item in items] == [Record]
    article = article_of(items[0], Options(outlet="The Daily"), name)
    assert article.title == TITLE
    assert article.body.startswith("Russia and the United States opened")
    assert article.body.endswith("a second would follow.")
    assert items[0].place


@pytest.mark.parametrize("reader", VALID)
def test_a_valid_file_is_detected_by_its_name_and_first_bytes(reader):
    name, data = VALID[reader]
    assert detect(name, data[:200]) == reader


@pytest.mark.parametrize("reader", VALID)
def test_a_file_cut_short_anywhere_yields_only_records_and_rejections(reader):
    name, data = VALID[reader]
    for end in range(0, len(data), max(1, len(data) // 40)):
        assert all(isinstance(item, (Record, Rejection)) for item in read(reader, data[:end], name))


@pytest.mark.parametrize("reader", VALID)
def test_a_garbled_file_yields_only_records_and_rejections(reader):
    name, data = VALID[reader]
    generator = random.Random(7)
    for _ in range(25):
        garbled = bytearray(data)
        for _ in range(12):
            garbled[generator.randrange(len(garbled))] = generator.randrange(256)
        for item in read(reader, bytes(garbled), name):
            assert isinstance(item, (Record, Rejection))
            assert not isinstance(item, Rejection) or (item.reason and item.place)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    "data",
    [b"", b"\n", b"\0" * 50, b"\xff\xfe", b"\xff\xfea", b"\xef\xbb\xbf", bytes(range(256)), b'"', b"[", b"<", b"PAR1"],
    ids=lambda data: repr(data[:4]),
)
def test_bytes_of_no_format_yield_only_records_and_rejections(reader, data):
    assert all(isinstance(item, (Record, Rejection)) for item in read(reader, data))


@pytest.mark.parametrize("reader", VALID)
def test_reading_twice_yields_the_same(reader):
    name, data = VALID[reader]
    assert read(reader, data, name) == read(reader, data, name)


@pytest.mark.parametrize("reader", READERS)
def test_a_file_of_another_format_is_never_an_exception(reader):
    for name, data in VALID.values():
        assert all(isinstance(item, (Record, Rejection)) for item in read(reader, data, name))


# --- Detection ---


@pytest.mark.parametrize(
    ("name", "head", "reader"),
    [
        ("a.csv", b"title,text\n", "table"),
        ("A.CSV", b"title,text\n", "table"),
        ("a.tsv", b"title\ttext\n", "table"),
        ("a.jsonl", b'{"a": 1}', "jsonl"),
        ("a.dat", b'  \n{"a": 1}', "jsonl"),
        ("a.dat", b'\xef\xbb\xbf{"a": 1}', "jsonl"),
        ("a.json", b'[{"a": 1}]', "jsonl"),
        ("a.json", b"[\n {", "jsonl"),
        ("a.csv", b'{"a": 1}', "jsonl"),  # what it is goes before what it is called
        ("a.txt", b'{"a": 1}', "jsonl"),
        ("a.txt", b"<!DOCTYPE html><html>", "html"),
        ("a.php", b"<HTML lang=en>", "html"),
        ("a.htm", b"<!-- saved from url --><html>", "html"),
        ("a.bin", b"PAR1\x15\x04", "parquet"),
        ("a.parquet", b"", "parquet"),
        ("a.txt", b"Talks resume", "plain"),
        ("photo.jpg", b"\xff\xd8\xff", None),
        ("noextension", b"Talks resume", None),
        ("", b"", None),
    ],
)
def test_a_format_is_told_from_the_first_bytes_and_then_from_the_name(name, head, reader):
    assert detect(name, head) == reader


# --- Bytes to text ---


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("reader", ["jsonl", "table", "plain"])
def test_text_comes_out_right_in_every_encoding(reader, encoding):
    text = "Élysée: “no” – naïve"
    content = {
        "jsonl": json.dumps({"text": text}, ensure_ascii=False) + "\n",
        "table": f"text,outlet\n{text},A\n",
        "plain": text,
    }[reader]
    assert [item.raw["text"] for item in read(reader, content.encode(encoding))] == [text]


def test_utf16_of_either_byte_order_is_read_by_its_mark():
    assert decode(b"\xff\xfe" + "Élysée".encode("utf-16-le")) == "Élysée"
    assert decode(b"\xfe\xff" + "Élysée".encode("utf-16-be")) == "Élysée"


def test_stray_bytes_in_a_utf8_file_are_mended_and_the_rest_is_left_alone():
    assert decode("Zürich, ".encode() + "Élysée".encode("cp1252") + ", Malmö".encode()) == "Zürich, Élysée, Malmö"


def test_one_file_may_hold_lines_of_both_encodings():
    data = b"text,outlet\n" + "Élysée,A\n".encode() + "Élysée,B\n".encode("cp1252")
    assert [item.raw["text"] for item in read("table", data)] == ["Élysée", "Élysée"]


@pytest.mark.parametrize("reader", ["jsonl", "table"])
def test_the_byte_order_mark_is_no_part_of_the_first_name(reader):
    data = {"jsonl": b'{"text": "a"}\n', "table": b"text,outlet\na,b\n"}[reader]
    (record,) = read(reader, b"\xef\xbb\xbf" + data)
    assert "text" in record.raw


def test_every_byte_string_decodes():
    for first in range(256):
        assert isinstance(decode(bytes([first, 200, 65])), str)


def test_a_line_separator_inside_json_of_utf16_parts_no_line():
    line = json.dumps({"text": "one\u2028two"}, ensure_ascii=False) + "\n"
    assert [item.raw for item in read("jsonl", line.encode("utf-16"))] == [{"text": "one\u2028two"}]


def test_a_page_is_read_in_the_charset_that_it_declares():
    body = "Министр заявил, что переговоры будут продолжены весной, и поблагодарил всех участников. " * 4
    page = f'<html><head><meta charset="windows-1251"><title>Т</title></head><body><article><p>{body}</p></article>'
    (record,) = read("html", f"{page}</body></html>".encode("cp1251"))
    assert "переговоры" in record.known["body"]


# --- Long lines ---


def test_a_line_that_is_too_long_is_passed_over_and_counted():
    stream = io.BytesIO(b"short\n" + b"x" * 95 + b"\nafter\n")
    assert list(lines(stream, longest=10)) == [(1, b"short\n"), (2, None), (3, b"after\n")]


def test_a_line_that_is_too_long_ends_with_the_file():
    assert list(lines(io.BytesIO(b"a\n" + b"x" * 55), longest=10)) == [(1, b"a\n"), (2, None)]


def test_a_line_just_short_enough_is_kept():
    # nine letters and the break make ten bytes
    assert list(lines(io.BytesIO(b"x" * 9 + b"\nb\n"), longest=10)) == [(1, b"x" * 9 + b"\n"), (2, b"b\n")]


class _Endless(io.RawIOBase):
    """A file of one line of 100 MB that is never in memory, and one short line after it."""

    def __init__(self):
        self.left, self.most, self.after = 100_000_000, 0, [b"after\n"]

    def readline(self, size=-1):
        self.most = max(self.most, size)
        if not self.left:
            return self.after.pop() if self.after else b""
        given = min(size, self.left)
        self.left -= given
        return b"x" * given if self.left else b"x" * (given - 1) + b"\n"


def test_a_line_of_100_megabytes_never_lies_in_memory_as_a_whole():
    stream = _Endless()
    assert list(lines(stream, longest=1_000_003)) == [(1, None), (2, b"after\n")]
    assert stream.most == 1_000_003


@pytest.mark.parametrize("reader", ["jsonl", "table"])
def test_a_line_that_is_too_long_is_one_rejection_among_good_lines(reader):
    long = "x" * LONGEST_LINE
    data = {
        "jsonl": f'{{"text": "a"}}\n{{"text": "{long}"}}\n{{"text": "b"}}\n',
        "table": f"text,n\na,1\n{long},2\nb,3\n",
    }[reader]
    items = read(reader, data.encode())
    assert [item.raw["text"] for item in items if isinstance(item, Record)] == ["a", "b"]
    assert [item for item in items if isinstance(item, Rejection)] == [
        Rejection({"jsonl": "line 2", "table": "line 3"}[reader], "line is longer than 20 million bytes")
    ]


@pytest.mark.parametrize("reader", ["html", "plain"])
def test_a_page_that_is_too_long_is_a_rejection(reader):
    (item,) = read(reader, b"x" * (LONGEST_LINE + 1))
    assert item.reason.endswith("is longer than 20 million bytes")


# --- JSON Lines ---


def test_a_broken_line_is_rejected_with_its_number_and_reading_goes_on():
    items = read("jsonl", b'{"text": "a"}\n{"text": \n[1]\n"x"\n\n{"text": "b"}\n')
    assert [item.place for item in items] == ["line 1", "line 2", "line 3", "line 4", "line 6"]
    assert [type(item) for item in items] == [Record, Rejection, Rejection, Rejection, Record]
    assert items[2].reason == "not a JSON object but list"
    assert items[3].reason == "not a JSON object but str"


def test_a_json_list_yields_one_record_for_each_object():
    items = read("jsonl", b'[\n {"text": "a"},\n 3,\n {"text": "b"}\n]')
    assert [item.place for item in items] == ["item 1", "item 2", "item 3"]
    assert [type(item) for item in items] == [Record, Rejection, Record]


def test_json_nested_too_deep_is_a_rejection():
    items = read("jsonl", b'{"a": ' * 200_000 + b"\n" + b'{"text": "b"}\n')
    assert [type(item) for item in items] == [Rejection, Record]


def test_a_number_of_5000_digits_is_a_rejection():
    assert [type(item) for item in read("jsonl", b'{"n": ' + b"1" * 5000 + b"}\n")] == [Rejection]


def test_a_json_list_may_begin_below_an_empty_line():
    assert [type(item) for item in read("jsonl", b'\n[{"text": "a"}]\n')] == [Record]


def test_an_object_over_several_lines_is_one_article():
    objects = [{"title": "Talks", "text": "They met."}, {"title": "More", "text": "They parted."}]
    items = read("jsonl", "\n".join(json.dumps(item, indent=2) for item in objects).encode())
    assert [item.raw for item in items] == objects
    assert [item.place for item in items] == ["line 1", "line 5"]


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("keys", [("articles",), ("response", "results"), ("hits", "hits")])
def test_articles_inside_the_answer_of_a_news_service_are_read(keys, indent):
    value = [{"title": "Talks", "content": "They met.", "url": "https://example.org/a"}] * 2
    for key in reversed(keys):
        value = {"status": "ok", key: value}
    items = read("jsonl", json.dumps(value, indent=indent).encode())
    assert [(item.place, item.raw["content"]) for item in items] == [
        ("line 1, item 1", "They met."),
        ("line 1, item 2", "They met."),
    ]


def test_an_article_with_related_ones_stays_one_article():
    row = {"title": "Talks", "text": "They met.", "related": [{"title": "Other", "url": "https://example.org/b"}]}
    assert [item.raw for item in read("jsonl", json.dumps(row).encode())] == [row]


def test_fields_in_an_inner_object_fill_those_that_the_outer_one_lacks():
    row = {"webTitle": "x", "title": "Talks", "fields": {"bodyText": "They met.", "title": "Other"}}
    (item,) = read("jsonl", json.dumps(row).encode())
    assert (item.raw["bodyText"], item.raw["title"]) == ("They met.", "Talks")


def test_what_elasticsearch_stores_is_the_article():
    row = {"title": "Talks", "text": "They met.", "source": "The Daily"}
    (item,) = read("jsonl", json.dumps({"hits": {"hits": [{"_index": "news", "_id": "1", "_source": row}]}}).encode())
    assert item.raw == row


def test_an_empty_text_gives_way_to_one_that_is_filled():
    (item,) = read("jsonl", json.dumps({"title": "Talks", "text": None, "maintext": f"They met. {BODY}"}).encode())
    article = article_of(item, Options(outlet="The Daily"), "a.json")
    assert article.body.startswith("They met.")


def test_a_table_that_pandas_wrote_by_columns_is_read_by_rows():
    data = json.dumps({"title": {"0": "Talks", "1": "More"}, "text": {"0": "They met.", "1": "They parted."}})
    assert [item.raw for item in read("jsonl", data.encode())] == [
        {"title": "Talks", "text": "They met."},
        {"title": "More", "text": "They parted."},
    ]


def test_a_broken_item_of_a_list_costs_no_other():
    items = read("jsonl", b'[{"text": "a"}, {"text": }, {"text": "b"}]')
    assert [type(item) for item in items] == [Record, Rejection, Record]


def test_a_list_that_is_cut_off_keeps_what_was_read():
    items = read("jsonl", b'[{"text": "a"}, {"text": "b')
    assert [type(item) for item in items] == [Record, Rejection]


def test_a_list_longer_than_a_line_may_be_is_read_item_by_item():
    long = json.dumps([{"text": "x" * 3_000_000, "n": n} for n in range(8)])
    assert len(long) > LONGEST_LINE
    assert [item.raw["n"] for item in read("jsonl", long.encode())] == list(range(8))


# --- Tables ---


@pytest.mark.parametrize("separator", [",", "\t", ";", "|"])
def test_the_separator_is_told_from_the_header(separator):
    data = f"title{separator}text\nTalks{separator}They met\n".encode()
    assert [item.raw for item in read("table", data)] == [{"title": "Talks", "text": "They met"}]


def test_a_quoted_cell_may_hold_separators_breaks_and_quotes():
    (record,) = read("table", b'title,text\nTalks,"They ""met"", twice,\n\nand parted"\n')
    assert record.raw["text"] == 'They "met", twice,\n\nand parted'


def test_windows_line_ends_leave_no_trace():
    (record,) = read("table", b"title,text\r\nTalks,They met\r\n")
    assert record.raw == {"title": "Talks", "text": "They met"}


def test_a_row_with_too_many_cells_is_rejected_with_both_counts():
    (item,) = read("table", b"title,text\nTalks,They met, and parted\n")
    assert item == Rejection("line 2", "row has 3 cells where the header has 2")


def test_empty_cells_past_the_header_are_no_reason_to_reject():
    (record,) = read("table", b"title,text\nTalks,They met,,\n")
    assert record.raw == {"title": "Talks", "text": "They met"}


def test_a_row_with_too_few_cells_lacks_the_last_columns():
    (record,) = read("table", b"title,text,url\nTalks,They met\n")
    assert record.raw == {"title": "Talks", "text": "They met"}


def test_null_bytes_are_taken_out_of_a_table():
    (record,) = read("table", b"title,text\nTa\0lks,They\0 met\n")
    assert record.raw == {"title": "Talks", "text": "They met"}


def test_rows_without_any_cell_filled_are_no_articles():
    assert read("table", b"title,text\n,\n\n , \n") == []


def test_a_header_alone_holds_no_articles():
    assert read("table", b"title,text\n") == []


def test_a_quote_left_open_does_not_swallow_the_rows_below():
    rows = "".join(f"Title {number},Body {number}\n" for number in range(50))
    items = read("table", f'title,text\nOpen,"They met\n{rows}'.encode())
    assert len(items) > 1 or isinstance(items[0], Rejection)


def test_a_table_with_carriage_returns_alone_is_read_or_rejected():
    items = read("table", b"title,text\rTalks,They met\r")  # as Excel for Mac saves "CSV (Macintosh)"
    assert items
    assert all(isinstance(item, (Record, Rejection)) for item in items)


def test_an_empty_line_above_the_header_is_passed_over():
    assert [item.raw for item in read("table", b"\ntitle,text\nTalks,They met\n")] == [
        {"title": "Talks", "text": "They met"}
    ]


def test_the_line_in_which_excel_names_the_separator_is_no_header():
    (record,) = read("table", b"sep=;\r\ntitle;text\r\nTalks, a second round, and more;They met\r\n")
    assert record.raw == {"title": "Talks, a second round, and more", "text": "They met"}
    assert record.place == "line 3"


def test_quotes_behind_a_backslash_are_read_where_the_file_has_them_so():
    data = b'title,text\nTalks,"They \\"met\\", and\nparted"\nMore,"They parted."\n'
    assert [item.raw["text"] for item in read("table", data)] == ['They "met", and\nparted', "They parted."]


def test_quotes_are_letters_in_a_table_with_tabs_that_quotes_no_cell():
    items = read("table", b'title\ttext\nTalks\t"Good," he said. They met.\nMore\tThey parted.\n')
    assert [item.raw["text"] for item in items] == ['"Good," he said. They met.', "They parted."]


# --- Parquet ---


def test_a_parquet_file_yields_its_rows_in_order():
    items = read("parquet", _parquet([{"text": f"row {number}"} for number in range(1200)]))
    assert [item.raw["text"] for item in items] == [f"row {number}" for number in range(1200)]
    assert items[0].place == "row 1"


def test_a_parquet_text_that_is_no_utf8_is_a_rejection():
    out = io.BytesIO()
    pq.write_table(pa.table({"text": pa.array([b"\xff\xfe bad"], pa.binary()).view(pa.string())}), out)
    assert [type(item) for item in read("parquet", out.getvalue())] == [Rejection]


# --- Pages ---


def test_a_page_without_article_is_a_rejection():
    (item,) = read("html", b"<html><head><title>Home</title></head><body></body></html>")
    assert item == Rejection("page", "page holds no article text")


def test_a_page_tells_its_metadata():
    page = (
        '<html><head><title>Talks Open</title><meta property="og:site_name" content="The Daily">'
        '<meta property="article:published_time" content="2018-03-05T10:00:00Z">'
        '<link rel="canonical" href="https://example.org/2018/03/05/talks"></head><body><article>'
        f"<h1>Talks Open</h1><p>{BODY}</p><p>{BODY}</p></article></body></html>"
    )
    (record,) = read("html", page.encode())
    assert record.known["outlet"] == "The Daily"
    assert record.known["published"] == "2018-03-05T10:00:00Z"


def test_an_empty_text_is_a_rejection():
    assert read("plain", b" \n\n ") == [Rejection("file", "no text")]


def test_a_saved_text_is_parted_into_headline_date_captions_teasers_and_tags():
    page = parse(
        "5 May 2016\n\nTalks to Resume in Geneva\n\n"
        "The talks will resume on Monday, the ministry of foreign affairs said in a statement sent to reporters.\n\n"
        "The two ministers in Geneva\n© Example/ Jane Roe\nEarlier Talks Ended Without Result\n\n"
        "Nobody expects a quick result, as the two sides have not met for more than a year and trust each other little."
        "\n\nTags:\ntalks, Geneva\n"
    )
    assert page["title"] == "Talks to Resume in Geneva"
    assert page["published"] == "5 May 2016"
    assert page["captions"] == "The two ministers in Geneva"
    assert "Earlier Talks Ended Without Result" in page["furniture"]
    assert page["tags"] == "talks, Geneva"
    assert page["body"].startswith("The talks will resume")
    assert page["body"].endswith("trust each other little.")
    assert "Earlier" not in page["body"]


def test_a_hard_wrapped_text_is_joined_into_paragraphs():
    wrapped = (
        "Russia and the United States opened a new round of talks in the\n"
        "Swiss city of Geneva on Monday, with officials of both countries\n"
        "calling the first day useful and saying that more would follow."
    )
    assert "\n" not in parse(f"{TITLE}\n\n{wrapped}")["body"]


def test_a_gzip_file_cut_short_is_a_rejection_and_keeps_what_was_read(write):
    from corpora.ingest import read as read_files

    rows = "".join(json.dumps({"n": n, "outlet": "A", "text": f"{n} {BODY}"}) + "\n" for n in range(3000))
    whole = gzip.compress(rows.encode(), mtime=0)
    corpus = read_files(write("cut.jsonl.bin", whole[: len(whole) // 2]).rename(write("cut.jsonl.gz", "x")))
    assert 0 < len(corpus) < 3000
    assert [reason for _, _, reason in corpus.rejections][-1].startswith("broken gzip")


def test_a_row_below_a_quotation_that_closes_wrongly_is_read_again():
    items = read("table", b'text,n\n"They "met"",1\nThey parted,2\n')
    assert [type(item) for item in items] == [Rejection, Record]
    assert items[0].place == "line 2"


def test_a_quotation_without_end_says_where_it_begins_and_how_much_it_took():
    items = read("table", b'text,n\na,1\n"b,2\nc,3\n')
    assert items[1] == Rejection("line 3", "broken CSV: a quotation that begins here never ends; 2 lines are not read")


def test_a_row_is_placed_at_its_first_line_whatever_stands_above_it():
    items = read("table", b'\n\ntext,n\n"a\nb",1\n\nc,2\n')
    assert [item.place for item in items] == ["line 4", "line 7"]


def test_carriage_returns_alone_end_the_rows_of_a_table():
    items = read("table", b'title,text\rTalks,"They\rmet"\rMore,talks\r')
    assert [item.raw["text"] for item in items] == ["They\rmet", "talks"]


def test_a_header_that_is_no_csv_is_one_rejection():
    (item,) = read("table", b'"title,text\nTalks,They met\n')
    assert item.place == "line 1"


def test_a_json_list_in_utf16_may_hold_a_line_separator():
    data = json.dumps([{"text": "one\u2028two"}], ensure_ascii=False).encode("utf-16")
    assert [item.raw for item in read("jsonl", data)] == [{"text": "one\u2028two"}]


def test_one_bad_value_of_a_parquet_file_costs_its_row_only():
    out = io.BytesIO()
    days = pa.array([0, 2**62, 86_400_000_000], pa.timestamp("us"))  # the second lies beyond the year 9999
    pq.write_table(pa.table({"day": days}), out)
    assert [type(item) for item in read("parquet", out.getvalue())] == [Record, Rejection, Record]


def test_a_page_in_utf8_that_declares_another_charset_is_read_as_utf8():
    assert page_text('<meta charset="koi8-r">Москва'.encode()) == '<meta charset="koi8-r">Москва'
    assert page_text('<meta charset="koi8-r">Москва'.encode("koi8-r")) == '<meta charset="koi8-r">Москва'


def test_the_line_by_under_a_headline_is_the_byline():
    page = parse(f"5 May 2016\n\nTalks to Resume in Geneva\nBy Clara Voss\n\n{BODY}")
    assert (page["title"], page["byline"]) == ("Talks to Resume in Geneva", "Clara Voss")
    assert page["body"] == BODY


@pytest.mark.parametrize("error", [ValueError("x"), OverflowError("x"), RecursionError("x")])
def test_an_error_that_no_reader_knows_is_a_rejection(write, monkeypatch, error):
    from corpora.sources import File, read_file

    def broken(stream, name):
        yield Record({"text": "a"}, "line 1")
        raise error

    monkeypatch.setattr(READERS["jsonl"], "read", broken)
    first, last = (item for _, item in read_file(File(write("a.jsonl", b'{"text": "a"}\n'))))
    assert isinstance(first, Record)
    assert last == Rejection("file", f"the rest cannot be read: {type(error).__name__}: x")


def test_labels_above_a_text_tell_its_fields():
    page = parse(f"Title: {TITLE}\nSource: The Harbour Ledger\nDate: March 5, 2021\nAuthor: Jane Roe\n\n{BODY}\n")
    assert (page["title"], page["outlet"], page["byline"]) == (TITLE, "The Harbour Ledger", "Jane Roe")
    assert (page["published"], page["body"]) == ("March 5, 2021", BODY)


def test_one_label_above_a_text_may_be_a_headline():
    page = parse(f"5 May 2016\n\nAuthor: Nobody Knows the Man Who Wrote This Book\n\n{BODY}\n")
    assert page["title"] == "Author: Nobody Knows the Man Who Wrote This Book"


def test_an_address_above_a_text_is_its_address():
    page = parse(f"https://www.example.org/2021/03/05/talks\nThe Example\n\n{TITLE}\n\n{BODY}\n")
    assert (page["url"], page["title"], page["body"]) == ("https://www.example.org/2021/03/05/talks", TITLE, BODY)


def test_menus_captions_and_related_stories_are_no_part_of_a_saved_page():
    page = parse(
        "Skip to content\n\n    Home\n    News\n\nFerry line between islands to reopen in May\n\n"
        "    Updated 6 March 2021\n\n    Published 5 March 2021\n\nShare\n\nBy Jane Roe\nBay News, Lindmouth\n"
        f"Image source, Bay Images\nImage caption,\nThe ferry has been in dock for two years\n\n{BODY}\n\n"
        "More on this story\n\n    Ferry dispute goes to court\n\n    12 January 2021\n\n"
        "© 2021 Bay News. The Bay is not responsible for the content of other sites to which its pages may point.\n"
    )
    assert page["title"] == "Ferry line between islands to reopen in May"
    assert (page["published"], page["byline"]) == ("5 March 2021", "Jane Roe")
    assert page["captions"] == "The ferry has been in dock for two years"
    assert page["body"] == BODY
