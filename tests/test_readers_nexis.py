"""Readers of LexisNexis and Nexis exports: Word, Rich Text, pages, text; and dates in words."""

from __future__ import annotations

import hashlib
import io
import json
import time
import zipfile
from collections import Counter
from pathlib import Path
from types import ModuleType

import pytest

from corpora.assembly import Options, article_of
from corpora.readers import nexis, nexis_docx, nexis_html, nexis_rtf, nexis_txt, rtf
from corpora.readers.months import iso_date
from corpora.readers.record import Head, Record, Rejection, Stated

SAMPLES = Path(__file__).parent / "cases" / "readers"
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
BODY = "The delegations met in the harbour town on Monday and agreed to meet again in June, officials of both said."
READERS = {
    "nexis-docx": nexis_docx, "nexis-rtf": nexis_rtf, "nexis-html": nexis_html, "nexis-txt": nexis_txt, "rtf": rtf,
}  # fmt: skip


def items(module: ModuleType, data: bytes | str) -> list[Record | Rejection | Stated]:
    raw = data.encode() if isinstance(data, str) else data
    return list(module.read(io.BufferedReader(io.BytesIO(raw)), "file"))


def records(module: ModuleType, data: bytes | str) -> list[Record]:
    return [item for item in items(module, data) if isinstance(item, Record)]


def word(*paragraphs: str) -> bytes:
    texts = "".join(f'<w:p><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>' for text in paragraphs)
    return packed(f'<w:document xmlns:w="{WORD}"><w:body>{texts}</w:body></w:document>')


def packed(document: str | bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", document)
    return out.getvalue()


def uni(*above: str, after: tuple[str, ...] = (BODY,)) -> bytes:
    """A Word file of one article: what stands above its text, and its text with what follows."""
    return word(*above, "Length:\xa020 words", "Body", *after, "End of Document")


def text(*blocks: str) -> str:
    """A text file of one article, from its headline on."""
    front = ["     1 of 2 DOCUMENTS", "     The Courier", "     July 1, 2019 Monday"]
    return "\n\n".join([*front, *blocks, "LOAD-DATE: July 2, 2019"])


def samples() -> list[Path]:
    return [path for name in READERS for path in sorted((SAMPLES / name).iterdir()) if path.suffix != ".json"]


@pytest.mark.parametrize("path", samples(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_sample_is_read_as_its_table_says(path: Path) -> None:
    module = READERS[path.parent.name]
    wanted = json.loads(path.with_name(f"{path.name}.expected.json").read_text(encoding="utf-8"))
    found = items(module, path.read_bytes())
    read = [item for item in found if isinstance(item, Record)]
    assert module.recognises(Head.of(path.read_bytes()))
    assert next((item.count for item in found if isinstance(item, Stated)), None) == wanted["stated"]
    assert sum(isinstance(item, Rejection) for item in found) == wanted["rejections"]
    assert len(read) == len(wanted["articles"])
    for record, article in zip(read, wanted["articles"], strict=True):
        made = article_of(record, Options(outlet="" if article["outlet"] else "The Daily"), "file")
        assert not isinstance(made, str), made
        assert record.known.get("outlet", "") == article["outlet"]
        assert str(made.published) == article["published"]
        assert record.known["title"] == article["title"]
        assert record.known["body"].startswith(article["starts"])
        assert record.known["body"].endswith(article["ends"])


@pytest.mark.parametrize("path", samples(), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_each_sample_is_known_by_its_own_reader_first(path: Path) -> None:
    head = Head.of(path.read_bytes())
    assert next(name for name, module in READERS.items() if module.recognises(head)) == path.parent.name


def test_what_was_read_is_the_same_when_it_is_read_again_and_holds_no_day_of_loading() -> None:
    for path in samples():
        first, second = (records(READERS[path.parent.name], path.read_bytes()) for _ in range(2))
        assert [record.raw for record in first] == [record.raw for record in second]
        assert not any("oad-date" in key.lower() or "chargement" in key.lower() for r in first for key in r.raw)


@pytest.mark.parametrize(
    ("line", "day"),
    [
        ("January 11, 2010 Monday", "2010-01-11"),
        ("Samstag, 17. Jänner 2004", "2004-01-17"),
        ("17./18. Juni 1995", "1995-06-17"),
        ("1er août 2013 jeudi", "2013-08-01"),
        ("17 de março de 2015", "2015-03-17"),
        ("giovedì 3 agosto 2004", "2004-08-03"),
        ("maandag 3 mei 2010", "2010-05-03"),
        ("17 июня 1995 года", "1995-06-17"),
        ("17 września 2012", "2012-09-17"),
        ("2015年6月17日", "2015-06-17"),
        ("17.06.1995", "1995-06-17"),
        ("décembre 2009", "2009-12"),
        ("31 February 2003", ""),
        ("04/05/2015", ""),
        ("Spring 2010", ""),
    ],
)
def test_dates_are_found_in_the_words_of_ten_languages(line: str, day: str) -> None:
    assert iso_date(line) == day


def test_one_article_that_the_database_could_not_show_costs_no_other() -> None:
    page = (SAMPLES / "nexis-html" / "french.html").read_text(encoding="utf-8")
    error = "<DIV><P>We are sorry but there is an error in this document and it is not possible to display it.</P>"
    page = page.replace("</BODY>", f"<!-- <DOC NUMBER=1>\n<DOCFULL> -->{error}</DIV><!-- </DOCFULL> --></BODY>")
    found = items(nexis_html, page)
    assert [type(item) for item in found] == [Stated, Record, Record, Rejection]
    assert found[3] == Rejection("article 3", "the database could not show this article")


def test_a_file_that_ends_within_an_article_tells_so() -> None:
    first = ["Talks", "The Courier", "July 1, 2019", "Length:\xa03 words", "Body", BODY, "End of Document"]
    cut = word(*first, "More", "The Courier", "July 2, 2019", "Length:\xa09 words", "Byline:\xa0Jane Roe")
    assert isinstance(items(nexis_docx, cut)[0], Record)
    assert items(nexis_docx, cut)[1:] == [Rejection("article 2", "the file ends within this article")]


def test_a_line_of_the_text_that_looks_like_a_field_stays_in_the_text() -> None:
    line = "LANGUAGE: never stop learning new ones."
    (record,) = records(nexis_txt, text("Talks", "LENGTH: 9 words", BODY, line, BODY))
    assert record.known["body"].split("\n\n") == [BODY, line, BODY]
    (record,) = records(nexis_txt, text("Talks", "LENGTH: 9 words", f"TOKYO: {BODY}"))
    assert record.known["body"] == f"TOKYO: {BODY}"


def test_hard_wrapped_lines_are_joined_and_short_ones_are_not() -> None:
    wide = "a line of some seventy columns that goes on with the next line as the ex-\nport wrote it, and a poem:"
    (record,) = records(nexis_txt, text("Talks", "LENGTH: 9 words", f"{wide}\nshort\nlines"))
    assert record.known["body"].split("\n\n")[0].endswith("as the ex-port wrote it, and a poem:")
    assert record.known["body"].split("\n\n")[1:] == ["short", "lines"]


def test_an_article_without_text_is_a_record_with_an_empty_body() -> None:
    (record,) = records(nexis_txt, text("Talks", "LENGTH: 0 words"))
    assert (record.known["title"], record.known["body"]) == ("Talks", "")


def test_an_article_without_any_field_above_its_text_keeps_its_headline_and_text() -> None:
    (record,) = records(nexis_txt, text("Talks Resume", BODY, BODY))
    assert (record.known["title"], record.known["body"].count(BODY)) == ("Talks Resume", 2)


def test_time_and_zone_of_a_date_line_are_kept() -> None:
    (record,) = records(nexis_docx, uni("Talks", "The Courier", "January 10, 2018 Wednesday 10:36 PM EST"))
    assert record.known["published"] == "2018-01-10T22:36:00-05:00"


def test_an_article_without_a_date_has_the_day_of_loading_only_in_the_year_of_its_copyright() -> None:
    def dated(loaded: str) -> str:
        above = ("Talks", "The Courier", "Copyright 2019 The Courier")
        (record,) = records(nexis_docx, uni(*above, after=(BODY, f"Load-Date:\xa0{loaded}")))
        return record.known["published"]

    assert (dated("July 3, 2019"), dated("July 3, 2021")) == ("2019-07-03", "")


def test_a_broadcast_has_its_labelled_headline_and_its_speakers_stay_in_the_text() -> None:
    head = ["TRANSCRIPT: 0105", "SECTION: NEWS", "LENGTH: 9 words", "HEADLINE: Talks", "GUESTS: A Minister", "BODY:"]
    said = [BODY, "REPORTER: And then?", "COOPER: Then we met.", "REPORTER: Thank you."]
    (record,) = records(nexis_txt, text(*head, *said, "LANGUAGE: ENGLISH"))
    assert (record.known["title"], record.known["body"].split("\n\n")) == ("Talks", said)


def test_fields_may_stand_below_the_text_or_without_blank_lines_and_a_report_may_have_no_number() -> None:
    below = text("Ferry sails", BODY, "SECTION: Sea", "LENGTH: 20 words").replace(
        "2019 Monday", "2019\n23:22 Eastern Standard Time"
    )
    close = text("SECTION: Sea\nLENGTH: 20 words\nHEADLINE: Ferry sails\nBYLINE: Jane Roe", "BODY:\n" + BODY)
    alone = text("Ferry sails", "SECTION: Sea\nLENGTH: 20 words", BODY, "LANGUAGE: English").partition("DOCUMENTS")[2]
    for file, time_of_day in ((below, "T23:22:00-05:00"), (close, ""), (alone, "")):
        (record,) = records(nexis_txt, file)
        known = record.known
        assert (known["title"], known["body"], known["section"]) == ("Ferry sails", BODY, "Sea")
        assert known["published"] == f"2019-07-01{time_of_day}"
    twice = f"{alone}\n{alone}"
    assert nexis_txt.recognises(Head.of(twice.encode()))
    assert [type(item) for item in items(nexis_txt, twice)] == [Rejection]


def test_a_word_file_with_a_comment_before_its_root_is_whole() -> None:
    document = f'<!-- made by hand --><w:document xmlns:w="{WORD}"><w:p><w:r><w:t>{BODY}</w:t></w:r></w:p></w:document>'
    assert [type(item) for item in items(nexis_docx, packed(document))] == [Record]


def test_a_file_of_proquest_is_not_taken_for_one_of_nexis() -> None:
    page = "Document 1 of 5\n\nTalks Resume\n\nAuthor: Roe, Jane\n\nFull text: " + BODY
    assert not nexis_txt.recognises(Head.of(page.encode()))
    assert not nexis_rtf.recognises(Head.of(f"{{\\rtf1 {page}}}".encode()))
    assert len(records(rtf, f"{{\\rtf1 {page}}}")) == 1


def test_pictures_and_page_numbers_are_no_text_and_captions_stand_apart() -> None:
    after = (BODY, "[Image]", "Page 1 of 3", "PHOTO: The harbour. (JANE ROE)", "Graphic", "Onions on the road")
    data = uni("Talks", "The Courier", "July 1, 2019", after=(*after, "Load-Date:\xa0July 1, 2019"))
    (record,) = records(nexis_docx, data)
    assert record.known["body"] == BODY
    assert record.known["captions"] == "Onions on the road\nPHOTO: The harbour. (JANE ROE)"


def test_the_summary_before_a_full_text_leaves_the_body() -> None:
    after = ("ABSTRACT", "They meet.", "FULL TEXT", BODY)
    (record,) = records(nexis_docx, uni("Talks", "The Courier", "July 1, 2019", after=after))
    assert record.known["body"] == BODY
    assert "Abstract: They meet." in record.known["furniture"]


def test_an_ordinary_word_file_and_an_ordinary_rich_text_file_are_one_article() -> None:
    lines = ["5 May 2016", "Talks to Resume in Geneva", BODY]
    (record,) = records(nexis_docx, word(*lines))
    assert (record.known["title"], record.known["body"]) == ("Talks to Resume in Geneva", BODY)
    (record,) = records(rtf, "{\\rtf1 " + "\\par ".join(lines) + "}")
    assert (record.known["title"], record.known["body"]) == ("Talks to Resume in Geneva", BODY)


def test_a_rich_text_export_whose_marks_lie_deep_is_read_by_the_general_reader_too() -> None:
    assert len(records(rtf, (SAMPLES / "nexis-rtf" / "uni.rtf").read_bytes())) == 3


def test_a_list_of_results_without_texts_is_rejected() -> None:
    lines = ["Job Number: 1", "Documents (2)", "1. Talks", "Client/Matter: -None-", "2. More", "Client/Matter: -None-"]
    assert items(nexis_docx, word(*lines)) == [Rejection("file", "a list of articles without their texts")]


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"PK\x03\x04 word/ and nothing", "the Word file is broken: BadZipFile"),
        (packed(b"<a><b>"), "the Word file is broken: XMLSyntaxError"),
        (packed(b'<!DOCTYPE a [<!ENTITY e "x">]><a>&e;'), "the Word file is broken: XMLSyntaxError"),
        (packed(b""), "the Word file is broken: XMLSyntaxError"),
        (word(), "no text"),
    ],
)
def test_a_broken_word_file_is_a_rejection(data: bytes, reason: str) -> None:
    assert items(nexis_docx, data) == [Rejection("file", reason)]


def test_a_word_file_that_has_no_text_or_too_much_is_rejected(monkeypatch: pytest.MonkeyPatch) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/styles.xml", "<a/>")
    assert items(nexis_docx, out.getvalue()) == [Rejection("file", "the Word file has no word/document.xml")]
    monkeypatch.setattr(nexis_docx, "LONGEST_XML", 1_000)
    assert "longer than" in str(items(nexis_docx, packed(b" " * 2_000))[0])


@pytest.mark.parametrize("module", READERS.values())
def test_nothing_that_is_read_raises(module: ModuleType) -> None:
    for path in samples():
        data = path.read_bytes()
        broken = (data[: len(data) // 2], data[::-1], data.replace(b"a", b"\xff\x00"))
        for part in (*broken, b"", b"{\\rtf\\u", b"1 of 2 DOCUMENTS"):
            assert all(isinstance(item, (Record, Rejection, Stated)) for item in items(module, part))


def test_rich_text_knows_code_pages_surrogates_and_what_is_hidden() -> None:
    fonts = b"{\\fonttbl{\\f0\\fcharset0 A;}{\\f1\\fcharset204 B;}{\\f2\\fcharset128 C;}}"
    pages = b"\\f1\\'cf\\'f0\\'e8 \\f0 caf\\'e9{\\v no}\\par{\\f2\\'83A}"
    pairs = b"\\uc1\\u-10179?\\u-8704?{\\pict 00ff}\\par\\uc0\\u1055 x"
    assert rtf.rtf_text(b"{\\rtf1\\ansi\\ansicpg1252" + fonts + pages + pairs + b"}") == "При café\nア😀\nПx"


def test_rich_text_of_a_million_characters_is_read_in_a_moment() -> None:
    data = b"{\\rtf1\\ansi " + b"{\\b some words\\b0}{\\i\\f1 more of them \\u8217?s}\\par\n" * 20_000 + b"{" * 100_000
    began = time.perf_counter()
    assert rtf.rtf_text(data).count("\n") == 20_000
    assert time.perf_counter() - began < 10


@pytest.mark.parametrize(
    "data",
    [
        "1 of 2 DOCUMENTS\n\n" + ". " * 500_000,
        "1 of 2 DOCUMENTS\n\nLENGTH: 1\n\n" + "A: b\n\n" * 50_000,
        "1 of 2 DOCUMENTS\n\n" + "Copyright 1999 a\n\n" * 50_000,
        "1" * 50_000 + " of " + "9" * 50_000 + " DOCUMENTS",
    ],
)
def test_hostile_text_is_read_in_a_moment(data: str) -> None:
    began = time.perf_counter()
    items(nexis_txt, data)
    assert time.perf_counter() - began < 10


def test_a_file_that_holds_a_part_of_what_was_found_states_no_false_count() -> None:
    part = text("Talks", "LENGTH: 9 words", BODY)
    assert Stated(2, "1 of 2 DOCUMENTS") in items(nexis_txt, part)
    assert not any(isinstance(item, Stated) for item in items(nexis_txt, part.replace("1 of 2", "501 of 900")))
    request = "Download Request: Selected Items: 501-502, 509\n\n" + part.replace("1 of 2", "501 of 900")
    assert Stated(3, "Download Request: Selected Items: 501-502, 509") in items(nexis_txt, request)


def test_the_order_of_blocks_and_their_wrap_are_told_by_the_lines() -> None:
    assert nexis.blocks(["one", "", "", "two", "three"]) == ["one", "two\nthree"]
    assert nexis_txt.columns(["short"] * 9) == 0


MARKS = ("End of Document", "LOAD-DATE", "Load-Date", "LENGTH:", "Length:", " DOCUMENTS\n")
# Real exports: counts, outlets, dates and hashes of what was checked by eye; none of their text.
REAL = [
    ("nexis-guardian.docx", nexis_docx, 2, None, {"Guardian.com": 2}),
    ("nexis-sample.docx", nexis_docx, 10, 10, {"The Guardian (London)": 10}),
    ("nexis-nyt.docx", nexis_docx, 50, 50, {"The New York Times": 49, "The New York Times Blogs": 1}),
    ("nexis-irish-times-1995.html", nexis_html, 166, 166, {"The Irish Times": 166}),
    ("nexis-test-en.html", nexis_html, 2, 146, {"Some Newspaper": 2}),
    ("nexis-sample.txt", nexis_txt, 10, 10, {"The Times (London)": 3, "Guardian": 2, "Guardian.com": 1}),
]


@pytest.mark.parametrize(("name", "module", "count", "stated", "outlets"), REAL, ids=[row[0] for row in REAL])
def test_every_article_of_the_real_exports_has_outlet_date_title_and_text(
    shared: Path, name: str, module: ModuleType, count: int, stated: int | None, outlets: dict[str, int]
) -> None:
    data = (shared / "exports" / name).read_bytes()
    began = time.perf_counter()
    found = items(module, data)
    assert time.perf_counter() - began < 3
    read = [item for item in found if isinstance(item, Record)]
    assert module.recognises(Head.of(data))
    assert len(read) == count == len([item for item in found if not isinstance(item, Stated)])
    assert next((item.count for item in found if isinstance(item, Stated)), None) == stated
    assert outlets.items() <= Counter(record.known["outlet"] for record in read).items()
    for record in read:
        made = article_of(record, Options(), name)
        if "test-en" not in name:  # its articles were cut to some words
            assert not isinstance(made, str), made
            assert made.published
        assert record.known["title"]
        assert not any(mark in record.known["body"] for mark in MARKS)


@pytest.mark.parametrize(
    ("name", "module", "digest"),
    [
        ("nexis-nyt.docx", nexis_docx, "1c63f69b62f31af0"),
        ("nexis-irish-times-1995.html", nexis_html, "089d6677a28d032a"),
    ],
)
def test_dates_titles_and_ends_of_the_real_exports_are_those_that_were_checked(
    shared: Path, name: str, module: ModuleType, digest: str
) -> None:
    checked = hashlib.sha256()
    for record in records(module, (shared / "exports" / name).read_bytes()):
        known = record.known
        row = (known["published"][:10], known["title"], known["body"].split()[:5], known["body"].split()[-5:])
        checked.update(json.dumps(row).encode())
    assert checked.hexdigest()[:16] == digest
