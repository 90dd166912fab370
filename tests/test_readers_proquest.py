"""ProQuest's exports, RIS and mails: the sample files, the odd ones, and what is broken."""

from __future__ import annotations

import hashlib
import io
import json
import random
import time
from email.message import EmailMessage
from pathlib import Path

import pytest

from corpora.dates import read_date
from corpora.readers import eml, proquest_html, proquest_rtf, proquest_txt, ris
from corpora.readers.proquest import clean_url, outlet_name, read_citation, written_by
from corpora.readers.record import Head, Record, Rejection, Stated

CASES = Path(__file__).parent / "cases" / "readers"
READERS = {
    "proquest-html": proquest_html,
    "proquest-txt": proquest_txt,
    "proquest-rtf": proquest_rtf,
    "ris": ris,
    "eml": eml,
}
FILES = [
    (name, path) for name in READERS for path in sorted((CASES / name).iterdir()) if not path.name.endswith(".json")
]
RULE = "_" * 60
BODY = (
    "The two ministers met for three hours on Tuesday and agreed to reopen the consulates that had been shut since "
    "the spring, but neither side would say when the first visas would be issued or who would issue them at all."
)


def read(reader, data, name="file"):
    data = data.encode() if isinstance(data, str) else data
    return list(READERS[reader].read(io.BufferedReader(io.BytesIO(data)), name))


def records(reader, data):
    return [item for item in read(reader, data) if isinstance(item, Record)]


# --- The sample files ---


@pytest.mark.parametrize(("reader", "path"), FILES, ids=[path.name for _, path in FILES])
def test_a_sample_holds_the_articles_that_its_note_names(reader, path):
    data = path.read_bytes()
    expected = json.loads(path.with_name(f"{path.name}.expected.json").read_text())
    items = read(reader, data, path.name)
    found = [item for item in items if isinstance(item, Record)]
    assert sum(isinstance(item, Rejection) for item in items) == expected["rejections"]
    assert next((item.count for item in items if isinstance(item, Stated)), None) == expected["stated"]
    assert len(found) == len(expected["articles"])
    for record, article in zip(found, expected["articles"], strict=True):
        known = record.known
        assert (known["outlet"], known["title"]) == (article["outlet"], article["title"])
        assert read_date(known["published"])[0].isoformat() == article["published"]
        assert known["body"].startswith(article["starts"])
        assert known["body"].endswith(article["ends"])
        assert not record.coverage


@pytest.mark.parametrize(("reader", "path"), FILES, ids=[path.name for _, path in FILES])
def test_a_sample_is_recognised_by_its_own_reader_alone(reader, path):
    head = Head.of(path.read_bytes())
    assert [name for name, module in READERS.items() if module.recognises(head)] == [reader]


@pytest.mark.parametrize(("reader", "path"), FILES, ids=[path.name for _, path in FILES])
def test_a_sample_read_twice_has_the_same_raw_records(reader, path):
    first, second = (records(reader, path.read_bytes()) for _ in range(2))
    assert [json.dumps(record.raw) for record in first] == [json.dumps(record.raw) for record in second]


@pytest.mark.parametrize(("reader", "path"), FILES, ids=[path.name for _, path in FILES])
def test_a_sample_cut_short_or_garbled_never_raises(reader, path):
    data, chance = path.read_bytes(), random.Random(7)
    for _ in range(25):
        cut = data[: chance.randrange(len(data))]
        garbled = bytearray(data)
        for _ in range(60):
            garbled[chance.randrange(len(data))] = chance.randrange(256)
        for broken in (cut, bytes(garbled)):
            assert all(isinstance(item, (Record, Rejection, Stated)) for item in read(reader, broken))


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    "data", [b"", b"\x00" * 9, b"<", b"\xff\xfe\x00", RULE.encode(), b"TY  - NEWS", b"From: a"], ids=repr
)
def test_what_is_no_export_is_rejected(reader, data):
    items = read(reader, data)
    assert items
    assert all(isinstance(item, Rejection) or not item.known["body"] for item in items)


def test_other_pages_and_texts_are_recognised_by_none_of_them():
    others = (
        "<html><head><title>ProQuest</title></head><body>ProQuest is a database. <b>Title:</b> none</body></html>",
        '<html><body><div class="article enArticle"><b>HD</b> Factiva</div></body></html>',
        "Talks Open in Geneva\n\nBy Jane Roe\n\nThe talks opened.\n",
        "title,text\nTalks,They met.\n",
        '{"title": "Talks"}',
        "1 of 166 DOCUMENTS\n\nThe Daily\n\nLENGTH: 400 words\n\nLOAD-DATE: May 5, 2010\n",
        "Title: a talk\nAuthor: nobody\nLocation: here\n\nSubject: none",
    )
    for other in others:
        assert not any(module.recognises(Head.of(other.encode())) for module in READERS.values()), other


# --- ProQuest ---


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        ("The Tribune , Late Edition (East Coast); New Port, N.P. [New Port, N.P]02 Jan 2015: A.1.",
         ("The Tribune", "Late Edition (East Coast)", "2015-01-02", "A.1")),
        ("The Tribune ; New Port [New Port]. 09 Mar 2022: A.1.", ("The Tribune", "", "2022-03-09", "A.1")),
        ("Mar 9, 2022.", ("", "", "2022-03-09", "")),
        ("World Affairs ; New Port 89.3 (May/Jun 2010): 1-10.", ("World Affairs", "", "2010-06", "1-10")),
        ("Post (1923-Current file) [New Port] 22 Aug 1984: A3.", ("Post", "1923-Current file", "1984-08-22", "A3")),
        ("BBC Monitoring European ; London [London] 04 June 2015.", ("BBC Monitoring European", "", "2015-06-04", "")),
        ("World Affairs Vol. 40, Iss. 2, (Jul 16, 2011): 31.", ("World Affairs", "", "2011-07-16", "31")),
    ],
)  # fmt: skip
def test_a_citation_tells_outlet_edition_day_and_page(printed, told):
    assert read_citation(printed) == told


def test_names_of_outlets_are_as_a_reader_writes_them():
    assert outlet_name("Bay Times,  Late Edition (East Coast); New York, N.Y.") == (
        "Bay Times",
        "Late Edition (East Coast)",
    )
    assert outlet_name("The Spectator (Online); Hamilton") == ("The Spectator", "Online")
    assert outlet_name("The Post (pre-1997 Fulltext); Washington, D.C.") == ("The Post", "pre-1997 Fulltext")
    assert outlet_name("Economist, The") == ("The Economist", "")
    assert outlet_name("Sun, Sea and Sand; London") == ("Sun, Sea and Sand", "")


def test_addresses_lose_the_library_and_names_stand_as_in_a_byline():
    assert (
        clean_url("http://search.proquest.com/docview/7?accountid=15&x=1") == "http://search.proquest.com/docview/7?x=1"
    )
    assert (
        clean_url("https://www-proquest-com.lib.example.edu/docview/7/se-2")
        == "https://www.proquest.com/docview/7/se-2"
    )
    assert written_by("Roe, Jane; AFP; Doe, John, special") == "Jane Roe; AFP; Doe, John, special"


def test_what_the_article_prints_around_its_text_is_kept_apart():
    known = records("proquest-html", (CASES / "proquest-html" / "older.html").read_bytes())[0].known
    assert known["captions"] == "The consulate, shut since April."
    assert known["byline"] == "Jane Roe; John Doe"
    assert known["section"] == "World; Foreign Desk; Final Edition; A.3"
    assert known["url"] == "https://search.proquest.com/docview/900000001"
    assert known["dateline"] == "HARBOUR CITY"
    assert known["tags"] == "Diplomatic & consular services, International relations"
    known = records("proquest-html", (CASES / "proquest-html" / "newer-german.html").read_bytes())[0].known
    assert known["captions"] == "Das Konsulat in der Hafenstadt, seit April geschlossen."
    assert known["byline"] == "Anna Roth"
    assert known["language"] == "German"
    known = records("proquest-txt", (CASES / "proquest-txt" / "documents.txt").read_bytes())[0].known
    assert known["captions"] == "The consulate, shut since April."
    assert known["tags"] == "Diplomatic & consular services, Trump Donald J"
    assert known["url"] == "https://www.proquest.com/newspapers/ministers/docview/900000011/se-2"


def test_raw_records_hold_nothing_of_the_export_run():
    for reader, path in FILES:
        for record in records(reader, path.read_bytes()):
            raw = json.dumps(record.raw)
            assert not any(word in raw for word in ("accountid", "proxy", "Document 1 of", "2017-11-07")), path.name


def test_a_text_moved_out_of_its_element_by_a_mail_program_is_found():
    page = (
        '<div style="margin-bottom:20px"><a name="DocID_MSTAR_1" class=""></a><p style="margin:0">Talks Open</p>'
        '<p style="margin:0"><b>Publication info:  </b>The Tribune ; New Port [New Port]21 Apr 2007: 18.</p>'
        '<p style="margin:0"><strong>Full text: </strong><text wordcount="9"><meta name="V"><title></title></text></p>'
        f'<div class=""><p class="">{BODY}</p><p><strong>Question:</strong> and then?</p></div>'
        '<p style="margin:0"><strong>Database: </strong>Dailies</p></div>'
    )
    [record] = records("proquest-html", page)
    assert record.known["body"] == f"{BODY}\n\nQuestion: and then?"
    assert (record.known["outlet"], record.known["published"]) == ("The Tribune", "2007-04-21")


def test_labels_of_a_language_that_is_not_known_leave_text_outlet_and_day():
    link = "https://links.example.edu/?genre=article&amp;date=2019-05-08&amp;jtitle=The+Tribune"
    page = (
        '<html><body><div><a name="DocID_MSTAR_1"></a><p style="margin:0">Talks Open</p>'
        f'<p style="margin:0"><strong>Links: </strong><a href="{link}">Find it</a></p>'
        f'<p style="margin:0"><strong>Xyzzy: </strong><Text HTMLContent="true"><p>{BODY}</p></Text></p>'
        '<p style="margin:0"><strong>Plugh: </strong>The Tribune</p></div></body></html>'
    )
    [record] = records("proquest-html", page)
    assert record.known["body"] == BODY
    assert (record.known["outlet"], record.known["published"]) == ("The Tribune", "2019-05-08")


def test_an_export_of_abstracts_lists_articles_without_text():
    text = "\n\n".join(
        f"{RULE}\n\nTalks {n}\n\nPublication info: The Tribune ; New Port [New Port]0{n} May 2010: A.3.\n\n"
        "Abstract: They met."
        for n in (1, 2)
    )
    first, second = records("proquest-txt", text)
    assert first.coverage
    assert second.coverage
    assert not first.known["body"]
    assert first.known["furniture"] == "Abstract: They met."
    assert [record.known["published"] for record in (first, second)] == ["2010-05-01", "2010-05-02"]


def test_a_text_that_is_not_available_is_an_empty_one():
    text = (
        f"{RULE}\n\nTalks\n\nFull text: Not available.\n\nPublication title: The Tribune\n\nProQuest document ID: 1\n"
    )
    [record] = records("proquest-txt", text)
    assert (record.known["body"], record.coverage) == ("", False)


def test_a_document_cut_before_its_fields_is_not_dropped():
    text = (
        f"{RULE}\n\nDocument 1 of 2\n\nTalks\n\nFull text: {BODY}\n\nDatabase: D\n\n{RULE}\n\nDocument 2 of 2\n\nMore"
    )
    found = [item for item in read("proquest-txt", text) if not isinstance(item, Stated)]
    assert [item.known["title"] for item in found] == ["Talks", "More"]


def test_a_label_that_is_not_known_leaves_no_field_in_the_text():
    text = (
        f"{RULE}\n\nTalks\n\nFull text: {BODY}\nLocation: here.\n\nSubject: Trade\n\nXyzzy plugh: 7\n\n"
        "Location: There\n\nPublication title: The Tribune; New Port\n\nPublication date: May 8, 2010\n"
    )
    known = records("proquest-txt", text)[0].known
    assert known["body"] == f"{BODY}\n\nLocation: here."
    assert known["tags"] == "Trade"


def test_a_correction_and_a_season_are_kept_as_they_are():
    text = (
        f"{RULE}\n\nTalks\n\nFull text: {BODY}\nCORRECTION: It was Monday.\n\n"
        "Publication title: World Affairs; New Port\n\nPublication year: 2010\n\nPublication date: Spring 2010\n"
    )
    known = records("proquest-txt", text)[0].known
    assert (known["notice"], known["published"]) == ("CORRECTION: It was Monday.", "2010")
    assert known["body"] == BODY


@pytest.mark.parametrize(
    "part", ["<a name=DocID_", '<div style="margin-bottom:20px"><b>', "<p><strong>Full text:", "<" * 9]
)
def test_a_page_of_one_thing_over_and_over_is_read_in_time(part):
    begun = time.monotonic()
    list(read("proquest-html", '<div>proquest<a name="DocID_MSTAR_1">' + part * 30_000))
    list(read("proquest-txt", f"{RULE}\nFull text: " + part * 30_000))
    assert time.monotonic() - begun < 20


def test_a_rich_text_export_is_read_by_its_headings_and_tables():
    first, second = records("proquest-rtf", (CASES / "proquest-rtf" / "export.rtf").read_bytes())
    assert (first.known["section"], first.known["byline"]) == ("World; Late Edition; A.3", "Jane Roe")
    assert second.known["byline"] == ""
    other = rb"{\rtf1 See proquest.com for more.\par " + BODY.encode() + b"}"
    assert [item.known["body"] for item in read("proquest-rtf", other)] == [BODY]


def test_a_page_for_printing_is_read_by_its_classes():
    page = (
        "<html><head><title>ProQuest</title></head><body>"
        + "".join(
            f'<div><h1 class="documentTitle truncatedDocumentTitle">Talks {n}</h1><div class="abstract_Text col-xs-12">'
            '<span class="titleAuthorETC">Roe, Jane.\n</span><span class="titleAuthorETC"><strong>The Tribune</strong>'
            f"<strong>; New Port</strong> [New Port]0{n} May 2001: 4.</span></div>"
            f'<Text WordCount="9" HTMLContent="true"><p>{BODY}</p></Text>'
            '<div><div class="display_record_indexing_fieldname">Publication title </div>'
            '<div class="display_record_indexing_data">The Tribune; New Port</div></div></div>'
            for n in (1, 2)
        )
        + "</body></html>"
    )
    assert proquest_html.recognises(Head.of(page.encode()))
    first, second = records("proquest-html", page)
    assert [record.known["title"] for record in (first, second)] == ["Talks 1", "Talks 2"]
    assert second.known["published"] == "2001-05-02"
    assert (first.known["outlet"], first.known["byline"], first.known["body"]) == ("The Tribune", "Jane Roe", BODY)


def test_real_page_of_proquest(shared):
    data = (shared / "exports" / "proquest-sample.html").read_bytes()
    assert proquest_html.recognises(Head.of(data))
    [record] = read("proquest-html", data)
    known = record.known
    assert (known["outlet"], known["published"]) == ("Los Angeles Times", "2010-05-08")
    assert known["title"].startswith("City National expands")
    assert known["body"].startswith("Los Angeles-based City National")
    assert known["body"].endswith("of La Jolla.")
    assert hashlib.sha256(known["body"].encode()).hexdigest()[:12] == "0750ecb6ac5a"
    assert known["section"].endswith("AA.2")


def test_other_real_exports_are_not_taken(shared):
    for path in sorted((shared / "exports").iterdir()):
        if not path.name.startswith("proquest"):
            head = Head.of(path.read_bytes()[:65_536])
            assert not any(module.recognises(head) for module in READERS.values()), path.name


# --- RIS ---


def test_abstracts_are_listed_and_long_texts_are_read():
    paragraphs = "\n".join(f"{BODY} {n}" for n in range(4))
    text = (
        "Provider: A Database\nContent:text/plain\n\n"
        f"TY  - NEWS\nT1  - Talks\nJO  - The Tribune\nY1  - 2010/05/08/\nAB  - They met.\nDB  - A Database\nER  - \n"
        f"TY  - NEWS\nTI  - More Talks\nT2  - The Tribune\nPY  - 2010\nN1  - <p>{paragraphs}</p>\nER  -\n"
        f"TY  - JOUR\nTI  - A Study\nT2  - Review\nDA  - 2010/05//\nAB  - {paragraphs}\nL1  - x\n"
    )
    assert ris.recognises(Head.of(text.encode()))
    listed, whole, study = records("ris", text)
    assert (listed.coverage, listed.known["published"]) == (True, "2010-05-08")
    assert listed.known["furniture"] == "Abstract: They met.\nDatabase: A Database"
    assert (whole.coverage, whole.known["published"], len(whole.known["body"].split("\n\n"))) == (False, "2010", 4)
    assert (study.coverage, study.known["published"]) == (True, "2010-05")


def test_a_record_without_title_or_text_costs_no_neighbour():
    text = "TY  - NEWS\nPY  - 2010\nER  - \n\nTY - NEWS\nTI - Talks\nJF - The Tribune\nDA - 2010/05/08\nER -\n"
    broken, whole = read("ris", text)
    assert broken == Rejection("record 1", "record holds neither title nor text")
    assert whole.known["outlet"] == "The Tribune"


def test_a_line_of_a_text_that_looks_like_a_field_stays_in_it():
    text = f"TY  - NEWS\nTI  - Talks\nJF  - The Tribune\nN1  - Full text: {BODY}\nUN - the council - met.\nER  - \n"
    assert records("ris", text)[0].known["body"].endswith("UN - the council - met.")


# --- Mails ---


def mail(subject="Talks", sender="The Brief <brief@news.example>", **parts):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "a@b.example", subject
    message["Date"] = "Tue, 15 Aug 2023 01:02:03 -0400"
    message.set_content(parts.get("plain", ""))
    if "page" in parts:
        message.add_alternative(parts["page"], subtype="html")
    for name, content in parts.get("files", {}).items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message


def test_a_newsletter_is_one_article_with_its_moment():
    [record] = records("eml", mail(plain=f"{BODY}\n").as_bytes())
    known = record.known
    assert (known["outlet"], known["title"], known["published"]) == ("The Brief", "Talks", "2023-08-15T01:02:03-04:00")
    assert known["body"] == BODY


def test_a_page_is_read_where_the_plain_part_only_points_to_it():
    page = f"<html><body><table><tr><td><p>{BODY}</p><p>{BODY} Twice.</p></td></tr></table></body></html>"
    [record] = records("eml", mail(plain="View this mail in your browser.", page=page).as_bytes())
    assert record.known["body"].startswith("The two ministers")
    assert record.known["body"].endswith("Twice.")


def test_attached_exports_are_read_and_counted_together():
    data = (CASES / "proquest-txt" / "documents.txt").read_bytes()
    items = read("eml", mail(plain="See attached.", files={"a.txt": data, "b.txt": data}).as_bytes())
    found = [item for item in items if isinstance(item, Record)]
    assert len(found) == 6
    assert found[0].place == "attachment 1, article 1"
    assert [item.count for item in items if isinstance(item, Stated)] == [6]


def test_a_quoted_export_is_read_without_its_marks():
    text = (
        "FYI\n\nJane sent you the following:\nEmail 1 of 1\n\n<>\nTalks Open\nin Geneva\nAuthor: Roe, Jane\n"
        "Publication info: The Tribune ; New Port [New Port]21 Apr 2007: 18.\n"
        "ProQuest document link <https://search.proquest.com/docview/1?accountid=2>\nAbstract:\n\nThey met.\n\n"
        f"Full text:\n{BODY}\n\nThey parted.\n\nCredit: By Jane Roe, staff\n\n\n"
        "Publication title: The Tribune; New Port\nPages: 18\n"
        "Publication date: Apr 21, 2007\nProQuest document ID: 1\nDatabase: Dailies\n"
    )
    quoted = "\n".join(
        f"> {line}" for line in (text + text.split("1 of 1\n\n")[1].replace("Talks", "Votes")).split("\n")
    )
    first, second = records("eml", mail(plain=quoted).as_bytes())
    assert (first.known["title"], second.known["title"]) == ("Talks Open in Geneva", "Votes Open in Geneva")
    assert first.known["body"] == f"{BODY}\n\nThey parted."
    assert (first.known["published"], first.known["section"]) == ("2007-04-21", "18")
    assert first.known["url"] == "https://search.proquest.com/docview/1"


def test_mails_attached_to_a_mail_are_each_an_article():
    outer = mail(subject="Three letters", plain="")
    for number in range(3):
        outer.add_attachment(mail(subject=f"Letter {number}", plain=BODY))
    assert [record.known["title"] for record in records("eml", outer.as_bytes())] == [
        "Letter 0",
        "Letter 1",
        "Letter 2",
    ]


def test_a_delivery_in_another_format_says_what_to_do():
    items = read("eml", mail(sender="noreply@proquest.com", plain="Attached.", files={"a.pdf": b"%PDF-1.4"}).as_bytes())
    assert [type(item) for item in items] == [Rejection]
    assert "HTML or text" in items[0].reason


@pytest.mark.parametrize(
    "head",
    [
        b"From: =?utf-8?b?////?= <\xff>\nDate: yesterday\nSubject: =?x?q?=FF?=\n\n",
        b"From: a@b\nMIME-Version: 1.0\nDate: 99 Xyz 99999\nContent-Type: multipart/mixed; boundary=\n\n--\n\n",
        b"From: a@b\nDate: Tue, 15 Aug 2023 01:02:03 -9999\nContent-Type: text/plain; charset=nonsense\n\nThey met.",
        b"From: a@b\nTo: c\nContent-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n!!!!",
        b"From: a@b\nTo: c\nContent-Type: multipart/mixed; boundary=x\n\n"
        + b"--x\nContent-Type: multipart/mixed; boundary=x\n\n" * 3000,
    ],
)
def test_a_malformed_mail_never_raises(head):
    items = read("eml", head)
    assert len(items) >= 1
    assert all(isinstance(item, (Record, Rejection)) for item in items)
