"""Lists of coverage, feeds, web archives, workbooks and pages: what each reader keeps, and what it refuses."""

from __future__ import annotations

import builtins
import datetime as dt
import gzip
import hashlib
import io
import json
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest

from corpora.dates import read_date
from corpora.errors import InputError
from corpora.readers import excel, feed, gdelt, html, mediacloud, table, warc, webpage
from corpora.readers.record import Head, Record, Rejection

CASES = Path(__file__).parent / "cases" / "readers"
READERS = {"mediacloud": mediacloud, "gdelt": gdelt, "feed": feed, "warc": warc, "excel": excel, "html": html}
SAMPLES = sorted(
    (name, path.name)
    for name in READERS
    for path in (CASES / name).iterdir()
    if not path.name.endswith(".expected.json")
)
BODY = "They met in Geneva on Monday and agreed to go on with the talks in spring, officials said afterwards. "


def read(reader, data, name="file"):
    return list(reader.read(io.BufferedReader(io.BytesIO(data)), name))


def records(reader, data):
    return [item for item in read(reader, data) if isinstance(item, Record)]


# --- Samples of every format ---


@pytest.mark.parametrize(("name", "file"), SAMPLES)
def test_a_sample_is_read_as_expected(name, file):
    data = (CASES / name / file).read_bytes()
    expected = json.loads((CASES / name / f"{file}.expected.json").read_text(encoding="utf-8"))
    items = read(READERS[name], data, file)
    found = [item for item in items if isinstance(item, Record)]
    assert len(found) == len(expected["articles"])
    assert len(items) - len(found) == expected["rejections"]
    for item, wanted in zip(found, expected["articles"], strict=True):
        known = item.known or _by_column(item.raw)
        day = read_date(known["published"])[0]
        assert known["outlet"] == wanted["outlet"]
        assert known["title"] == wanted["title"]
        assert (day.isoformat() if day else None) == wanted["published"]
        assert item.coverage == wanted.get("coverage", False)
        assert known.get("body", "").startswith(wanted["starts"])
        assert known.get("body", "").endswith(wanted["ends"])


@pytest.mark.parametrize(("name", "file"), SAMPLES)
def test_a_sample_is_taken_by_its_own_reader_alone(name, file):
    head = Head.of((CASES / name / file).read_bytes())
    assert [reader for reader, module in READERS.items() if module.recognises(head)] == [name]


@pytest.mark.parametrize(("name", "file"), SAMPLES)
def test_reading_twice_gives_the_same(name, file):
    data = (CASES / name / file).read_bytes()
    assert read(READERS[name], data, file) == read(READERS[name], data, file)


@pytest.mark.parametrize("name", READERS)
def test_no_samples_of_other_formats_are_taken(name):
    for path in CASES.glob("*/*"):
        if path.parent.name not in READERS and path.suffix not in (".json", ".html", ".htm"):
            assert not READERS[name].recognises(Head.of(path.read_bytes())), path


@pytest.mark.parametrize("name", READERS)
def test_no_bytes_break_a_reader(name):
    import random

    source = random.Random(5)
    for path in sorted((CASES / name).glob("*[!n]")):
        data = path.read_bytes()
        for _ in range(20):
            broken = bytearray(data)
            for _ in range(8):
                broken[source.randrange(len(broken))] = source.randrange(256)
            cut = bytes(broken[: source.randrange(len(broken))])
            for piece in (bytes(broken), cut):
                READERS[name].recognises(Head.of(piece))
                assert all(isinstance(item, (Record, Rejection)) for item in read(READERS[name], piece))


def _by_column(raw):
    from corpora.columns import pick, recognise

    return dict.fromkeys(("outlet", "published", "title", "body", "url"), "") | pick(raw, recognise(raw))


# --- Media Cloud and GDELT ---


@pytest.mark.parametrize(
    "header",
    [
        "id,indexed_date,language,media_name,media_url,publish_date,title,url",
        "url,title,publish_date,media_url,media_name,language,indexed_date,id,my_code",
        "stories_id,publish_date,title,url,language,ap_syndicated,themes,media_id,media_name,media_url",
        "stories_id;publish_date;title;url",
    ],
)
def test_media_cloud_is_known_by_its_columns_in_any_order(header):
    assert mediacloud.recognises(Head.of(header.encode()))
    assert not gdelt.recognises(Head.of(header.encode()))


@pytest.mark.parametrize(
    "header",
    ["URL,MobileURL,Date,Title", "Title,URL,MobileURL,Date", "url,url_mobile,title,seendate,socialimage,domain"],
)
def test_gdelt_is_known_by_its_columns(header):
    assert gdelt.recognises(Head.of(b"\xef\xbb\xbf" + header.encode()))
    assert not mediacloud.recognises(Head.of(header.encode()))


@pytest.mark.parametrize("reader", [mediacloud, gdelt])
@pytest.mark.parametrize(
    "data",
    [
        b"outlet,published,title,text\nA,2020-01-01,T,They met.\n",
        b"title,url,date\nT,https://a.example,2020-01-01\n",
        b"",
        b'"',
        b'{"articles": [{"source": {"name": "A"}, "title": "T", "url": "u", "content": "They met."}]}',
        b'{"title": "Talks", "url": "u", "text": "seendate"}\n',
        b"[" * 60_000 + b"seendate",
        b'{"a":' * 12_000 + b"seendate",
    ],
)
def test_other_tables_and_json_are_no_lists_of_coverage(reader, data):
    assert not reader.recognises(Head.of(data))


def test_a_list_into_which_somebody_put_the_texts_is_left_to_the_table_reader():
    merged = b"stories_id,publish_date,title,url,media_name,text\n1,2020-01-01,T,https://a.example,A,They met.\n"
    seen = b"URL,MobileURL,Date,Title,Text\nhttps://a.example,,2020-01-01 00:00:00,T,They met.\n"
    assert not mediacloud.recognises(Head.of(merged))
    assert not gdelt.recognises(Head.of(seen))
    assert table.recognises(Head.of(merged))
    assert not gdelt.recognises(Head.of(b'[{"url": "u", "title": "T", "seendate": "20200215T101500Z", "text": "Met"}]'))


def test_a_story_that_the_associated_press_wrote_says_so():
    data = b"stories_id,title,url,ap_syndicated\n1,T,https://a.example/1,True\n2,T,https://a.example/2,False\n"
    assert [item.known["agency"] for item in records(mediacloud, data)] == ["AP", ""]


def test_time_and_zone_of_gdelt_are_kept():
    (item,) = records(gdelt, b"URL,MobileURL,Date,Title\nhttps://www.a.example/1,,2020-02-15 23:59:00,T\n")
    assert item.known["published"] == "2020-02-15T23:59:00Z"
    assert item.known["outlet"] == "a.example"


def test_gdelt_lists_may_be_put_together_as_lines_or_as_one_list():
    item = {"url": "https://a.example/1", "title": "T", "seendate": "20200215T101500Z", "domain": "a.example"}
    for text in (json.dumps([item] * 3), f"{json.dumps(item)}\n" * 3, json.dumps({"articles": [item] * 3}, indent=2)):
        assert gdelt.recognises(Head.of(text.encode()))
        assert len(records(gdelt, text.encode())) == 3


# --- Feeds ---


def rss(items, head="<title>The Daily</title>"):
    space = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    return f'<?xml version="1.0"?><rss version="2.0" {space}><channel>{head}{items}</channel></rss>'.encode()


@pytest.mark.parametrize(
    ("title", "outlet"),
    [
        ("The Daily - RSS", "The Daily"),
        ("The Daily RSS Feed", "The Daily"),
        ("RSS: The Daily", "The Daily"),
        ("The Daily » World", "The Daily » World"),
        ("", "daily.example"),
    ],
)
def test_a_feed_names_its_outlet(title, outlet):
    head = f"<title>{title}</title><link>https://www.daily.example/</link>"
    (item,) = records(feed, rss(f"<item><title>T</title><description>{BODY}</description></item>", head))
    assert item.known["outlet"] == outlet


def test_an_item_that_names_its_source_has_that_outlet():
    item = '<item><title>Talks - The Post</title><source url="https://p.example">The Post</source></item>'
    (found,) = records(feed, rss(item, "<title>Search results</title>"))
    assert (found.known["outlet"], found.known["title"]) == ("The Post", "Talks")


def test_a_teaser_is_coverage_and_a_long_description_is_text():
    items = f"<item><description>{BODY}</description></item><item><description>{BODY * 12}</description></item>"
    teaser, whole = records(feed, rss(items))
    assert (teaser.coverage, teaser.known["body"], teaser.known["furniture"]) == (True, "", BODY.strip())
    assert (whole.coverage, whole.known["body"]) == (False, (BODY * 12).strip())


def test_scripts_of_an_item_are_no_text():
    item = f"<item><content:encoded><![CDATA[<p>{BODY}</p><script>alert(1)</script>]]></content:encoded></item>"
    assert records(feed, rss(item))[0].known["body"] == BODY.strip()


def test_html_names_and_bare_ampersands_are_mended():
    item = "<item><title>R&D at AT&T&nbsp;caf&eacute;</title><link><![CDATA[https://a.example/?a=1&b=2]]></link></item>"
    (found,) = records(feed, rss(item))
    assert found.known["title"] == "R&D at AT&T café"
    assert found.known["url"] == "https://a.example/?a=1&b=2"


def test_a_feed_that_breaks_off_keeps_what_is_whole():
    data = rss(f"<item><title>A</title><description>{BODY}</description></item><item><title>B</title><description>They")
    items = read(feed, data.split(b"</channel>")[0])
    assert [type(item) for item in items] == [Record, Rejection]
    assert items[1] == Rejection("item 2", "feed ends within this item")


BOMB = (
    "<!DOCTYPE rss ["
    + '<!ENTITY a "aaaaaaaaaa">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{("&" + chr(97 + n) + ";") * 10}">' for n in range(9))
)
QUADRATIC = '<!DOCTYPE rss [<!ENTITY a "' + "a" * 100_000 + '">'


@pytest.mark.parametrize("entities", [BOMB, QUADRATIC, '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/hosts">'])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-16-le", "utf-32"])
def test_a_feed_with_entities_is_refused_at_once(entities, encoding):
    text = (
        f"{entities}]><rss><channel><title>{'&a;' * 10_000}&j;</title><item><title>&a;</title></item></channel></rss>"
    )
    start = time.perf_counter()
    (item,) = read(feed, text.encode(encoding))
    assert "entities" in item.reason
    assert time.perf_counter() - start < 5


def test_entities_that_another_encoding_hides_are_never_expanded():
    for encoding in ("utf-7", "cp037"):
        declared = f'<?xml version="1.0" encoding="{encoding}"?>'.encode(encoding)
        text = f"{BOMB}]><rss><channel><item><title>&j;</title></item></channel></rss>"
        for item in read(feed, declared + text.encode(encoding)):
            assert len(str(item)) < 5000


def test_a_feed_fetches_nothing(monkeypatch):
    import socket

    def refuse(*args, **kwargs):
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    doctype = b'<!DOCTYPE rss PUBLIC "-//Netscape//DTD RSS 0.91//EN" "http://my.netscape.example/rss-0.91.dtd">'
    assert records(feed, doctype + b"<rss><channel><title>A</title><item><title>T</title></item></channel></rss>")
    assert read(feed, b"http://a.example/feed.xml") == [Rejection("file", "feed holds no items")]


@pytest.mark.parametrize("piece", [b"<item><title>", b"<", b"<a ", b"<!--", b"&a", b"<![CDATA[", b"</item>", b"<?x"])
def test_a_feed_made_to_take_long_ends_soon(piece):
    start = time.perf_counter()
    read(feed, b"<rss><channel>" + piece * 100_000)
    assert time.perf_counter() - start < 20


# --- WARC ---


def warc_record(body, url="https://a.example/1", status="200 OK", content_type="text/html", more=""):
    http = f"HTTP/1.1 {status}\r\nContent-Type: {content_type}\r\n{more}\r\n".encode() + body
    head = (
        f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: {url}\r\nWARC-Date: 2020-01-01T00:00:00Z\r\n"
        "WARC-Record-ID: <urn:uuid:00000000-0000-4000-8000-000000000001>\r\n"
        f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
    )
    return head.encode() + http + b"\r\n\r\n"


def page(title="Talks Open", head="", body=BODY * 2):
    return f"<html><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1><p>{body}</p><p>{body}</p>"


def test_what_is_no_page_is_summed():
    data = warc_record(page().encode())
    data += warc_record(b"x", content_type="image/png") * 3 + warc_record(b"", status="404 Not Found") * 2
    one, *rest = read(warc, data)
    assert one.known["url"] == "https://a.example/1"
    assert rest == [
        Rejection("other records", "no articles: 2 with HTTP status 404"),
        Rejection("other records", "no articles: 3 with content type image/png"),
    ]


def test_the_day_of_the_crawl_is_no_day_of_publication():
    (item,) = read(warc, warc_record(page().encode()))
    assert item.known["published"] == ""


def test_a_body_that_is_not_encoded_as_it_says_costs_no_other():
    bomb = gzip.compress(b"<html>" + b" " * 30_000_000)
    data = warc_record(b"\x1f\x8bno gzip" * 9, more="Content-Encoding: gzip\r\n")
    data += warc_record(bomb, more="Content-Encoding: gzip\r\n") + warc_record(page().encode())
    assert [type(item) for item in read(warc, data)] == [Rejection, Rejection, Record]


def test_the_charset_of_the_server_is_used_where_the_page_names_none():
    text = "Министр заявил, что переговоры будут продолжены весной, и поблагодарил всех участников. " * 3
    data = warc_record(page("Переговоры", body=text).encode("cp1251"), content_type="text/html; charset=windows-1251")
    (item,) = read(warc, data)
    assert item.known["title"] == "Переговоры"


def test_a_warc_file_that_breaks_off_says_so():
    data = warc_record(page().encode()) + warc_record(page().encode())[:-300]
    assert [getattr(item, "reason", "") for item in read(warc, data)] == ["", "file ends within this page"]


def test_without_fastwarc_the_install_line_is_named(monkeypatch):
    true_import = builtins.__import__

    def without(name, *args, **kwargs):
        if name.startswith("fastwarc"):
            raise ImportError(name)
        return true_import(name, *args, **kwargs)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(InputError, match=r"pip install 'media-framing\[warc\]'"):
        read(warc, b"WARC/1.0\r\n")


# --- Excel ---


def book(*sheets):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for number, rows in enumerate(sheets):
        sheet = made.create_sheet(f"S{number}")
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def repacked(data, change):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            new.writestr(part.filename, change(old.read(part)) if "sheet1" in part.filename else old.read(part))
    return out.getvalue()


ROWS = [["Outlet", "Date", "Title", "Text"], ["A", dt.datetime(2016, 5, 3), "T", "They met."], ["B", 5.0, True, "#N/A"]]


def test_cells_are_text():
    first, second = read(excel, book(ROWS))
    assert first.raw == {"Outlet": "A", "Date": "2016-05-03", "Title": "T", "Text": "They met."}
    assert second.raw == {"Outlet": "B", "Date": "5", "Title": "True", "Text": ""}
    assert not first.known


def test_a_sheet_without_names_is_a_rejection_beside_one_that_has_them():
    items = read(excel, book(ROWS, [["a note"], ["x", "y"]], []))
    assert [item.place for item in items] == ["sheet S0, row 2", "sheet S0, row 3", "sheet S1"]
    assert items[2].reason == "no row of this sheet names columns of an article"


def test_unknown_names_are_left_to_the_user():
    assert [item.raw for item in read(excel, book([["Zeitung", "Volltext"], ["A", "Text"]]))] == [
        {"Zeitung": "A", "Volltext": "Text"}
    ]


def test_a_wide_sheet_is_bounded():
    (item,) = read(excel, book([ROWS[0] + [f"c{n}" for n in range(2000)], ROWS[1] + ["x"] * 2000]))
    assert len(item.raw) == excel.MOST_COLUMNS


def test_a_workbook_that_lies_about_its_size_is_read():
    assert len(records(excel, repacked(book(ROWS), lambda xml: xml.replace(b'ref="A1:D3"', b'ref="A1:A1"')))) == 2
    start = time.perf_counter()
    read(excel, repacked(book(ROWS), lambda xml: xml.replace(b'<row r="3"', b'<row r="999999999"')))
    assert time.perf_counter() - start < 15


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp037"])
def test_a_workbook_with_entities_is_refused(encoding):
    declared = '<?xml version="1.0"?>' if encoding != "cp037" else '<?xml version="1.0" encoding="cp037"?>'
    text = f'{declared}<!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>'
    (item,) = read(excel, repacked(book(ROWS), lambda xml: text.encode(encoding)))
    assert "document type" in item.reason


def test_a_workbook_that_unpacks_to_more_than_memory_is_refused():
    (item,) = read(excel, repacked(book(ROWS), lambda xml: b"0" * 500_000_001))
    assert item.reason == "workbook unpacks to more than 500 million bytes"


def test_a_zip_file_that_is_none_is_a_rejection():
    assert [type(item) for item in read(excel, b"PK\x03\x04 xl/")] == [Rejection]


# --- Pages ---


def linked(data):
    return f'<script type="application/ld+json">{data}</script>'


@pytest.mark.parametrize(
    ("title", "outlet", "url", "plain"),
    [
        ("Talks open - The New York Times", "The New York Times", "https://www.nytimes.com/a", "Talks open"),
        ("Talks open | Reuters", "Reuters", "https://www.reuters.com/a", "Talks open"),
        ("Talks open | World | DW | 19.01.2020", "DW.COM", "https://www.dw.com/a", "Talks open | World"),
        ("Talks open | BBC News", "BBC", "https://www.bbc.co.uk/a", "Talks open"),
        ("Talks - a new start", "The Daily", "https://daily.example/a", "Talks - a new start"),
        ("Talks open on 19.01.2020", "The Daily", "https://daily.example/a", "Talks open on 19.01.2020"),
        ("The Daily", "The Daily", "https://daily.example/", "The Daily"),
    ],
)
def test_the_name_of_the_site_is_no_part_of_a_title(title, outlet, url, plain):
    assert webpage.without_site(title, outlet, url) == plain


@pytest.mark.parametrize(
    ("head", "published"),
    [
        ('<meta property="article:published_time" content="2018-03-05T10:00:00+02:00">', "2018-03-05T10:00:00+02:00"),
        (linked('[{"@type": "NewsArticle", "datePublished": "2018-03-05T10:00Z"}]'), "2018-03-05T10:00Z"),
        (linked('{"@type": "Article", "datePublished": ["", 3, "2018-03-05"]}'), "2018-03-05"),
        (linked('{"@type": "Article", "datePublished": "soon"}'), ""),
        (linked("[" * 100_000), ""),
        (linked(json.dumps([[1] * 1_000_000, {"@type": "Article", "datePublished": "2018-03-05"}])), "2018-03-05"),
        ('<meta property="og:url" content="https://a.example/2018/03/05/talks">', ""),
    ],
)  # fmt: skip
def test_a_page_states_its_day(head, published):
    (item,) = read(html, page(head=head).encode())
    assert (item.known["published"], item.date_source) == (published, "metadata")


def test_a_day_that_stands_in_the_text_alone_is_marked_so():
    text = page().replace("<h1>", '<p class="date">5 March 2018</p><h1>')
    (item,) = read(html, text.encode())
    assert (item.known["published"], item.date_source) == ("2018-03-05", "text")


@pytest.mark.parametrize(
    ("head", "outlet"),
    [
        ('<meta name="application-name" content="The Daily">', "The Daily"),
        ('<meta name="publisher" content="The Daily (www.a.example)">', "The Daily"),
        ('<meta property="og:site_name" content="https://a.example/"><meta name="dc.publisher" content="A">', "A"),
        ('<link rel="canonical" href="https://www.a.example/1">', "a.example"),
        ("<!-- saved from url=(0021)https://www.a.example/1 -->", "a.example"),
        ("<!--\n Page saved with SingleFile \n url: https://www.a.example/1 \n-->", "a.example"),
        ('<link rel="canonical" href="https://web.archive.org/web/2020/https://www.a.example/1">', "a.example"),
    ],
)  # fmt: skip
def test_a_page_names_its_outlet(head, outlet):
    (item,) = read(html, page(head=head).encode())
    assert item.known["outlet"] == outlet


def test_the_pictures_that_a_saved_page_holds_do_not_count():
    picture = f'<img src="data:image/png;base64,{"A" * 21_000_000}">'
    (item,) = read(html, page(head=picture).encode())
    assert item.known["body"].startswith("They met")


def test_comments_above_a_page_are_passed_over_in_no_time():
    start = time.perf_counter()
    assert html.recognises(Head.of(b"<!-- a --> <?xml version='1.0'?>\n<!-- b --><html>"))
    assert not html.recognises(Head.of(b"<!-- a -->" * 6000 + b"x"))
    assert time.perf_counter() - start < 1


def test_a_page_of_many_elements_is_a_rejection():
    (item,) = read(html, b"<html><body>" + b"<p>a</p>" * 60_000)
    assert item.reason == "page has more than 50,000 elements"


# --- Real pages ---

ENDS = {
    "dw.com.colonial.html": ("The German capital", "imperialist activity."),
    "nytimes.com.blackouts.html": ("As temperatures", "wolf arrives.”"),
    "politico.com.retirement.html": ("Republicans in", "to this report."),
    "reuters.com.parasite.html": ("LOS ANGELES", "Trust Principles."),
}


@pytest.mark.parametrize(
    ("file", "outlet", "published", "source", "title", "words"),
    [
        ("dw.com.colonial.html", "DW.COM", "2020-01-19", "text", "56ddc491869f", 815),
        (
            "nytimes.com.blackouts.html",
            "The New York Times",
            "2020-08-16T23:40:47.000Z",
            "metadata",
            "67c3857f6435",
            849,
        ),
        ("politico.com.retirement.html", "POLITICO", "2019-12-30T05:03-0500", "metadata", "da5042f85050", 1209),
        ("reuters.com.parasite.html", "Reuters", "2020-01-19T12:25:36Z", "metadata", "042851818e4a", 663),
    ],
)
def test_a_real_page_comes_out_whole(shared, file, outlet, published, source, title, words):
    (item,) = read(html, (shared / "pages" / file).read_bytes())
    assert (item.known["outlet"], item.known["published"], item.date_source) == (outlet, published, source)
    assert hashlib.sha256(item.known["title"].encode()).hexdigest()[:12] == title
    assert abs(len(item.known["body"].split()) - words) < words / 50
    first, last = ENDS[file]
    assert item.known["body"].startswith(first)
    assert item.known["body"].endswith(last)
