"""Factiva's and Europresse's exports: samples of our own, real exports, broken and hostile files."""

from __future__ import annotations

import hashlib
import io
import json
import random
import time
from pathlib import Path
from types import ModuleType

import pytest

from corpora.dates import read_date
from corpora.readers import europresse, factiva_html, factiva_rtf, factiva_xml
from corpora.readers.factiva import describe, name_outlet, published, record_of, split_pictures
from corpora.readers.markup import lines, paragraphs, parse_piece
from corpora.readers.record import Head, Record, Rejection, Stated

CASES = Path(__file__).parent / "cases" / "readers"
MODULES = {
    "factiva-html": factiva_html, "factiva-rtf": factiva_rtf, "factiva-xml": factiva_xml, "europresse": europresse,
}  # fmt: skip
SAMPLES = [
    (name, path)
    for name in MODULES
    for path in sorted((CASES / name).iterdir())
    if not path.name.endswith(".expected.json")
]
PAGE = "<html><head><title>Factiva</title></head><body>%s</body></html>"


def read(module: ModuleType, data: str | bytes) -> list[Record | Rejection | Stated]:
    stream = io.BufferedReader(io.BytesIO(data.encode() if isinstance(data, str) else data))
    return list(module.read(stream, "export"))


def records(items: list[Record | Rejection | Stated]) -> list[Record]:
    return [item for item in items if isinstance(item, Record)]


def rejections(items: list[Record | Rejection | Stated]) -> list[Rejection]:
    return [item for item in items if isinstance(item, Rejection)]


def article(*, header: str = "", body: str = "<p class='articleParagraph enarticleParagraph'>They met.</p>") -> str:
    """An article of Factiva's article format."""
    header = header or "<div>9 words</div><div>9 January 1993</div><div>The Daily</div><div>DLY</div><div>English</div>"
    return (
        f'<div class="article enArticle"><p></p><div id="hd"><span class="enHeadline">Talks</span></div>{header}{body}'
        "<p>The Publisher</p><p>Document DLYXXX0020050408dp1900j9s</p></div>"
    )


@pytest.mark.parametrize(("name", "path"), SAMPLES, ids=[path.name for _, path in SAMPLES])
def test_samples_are_read_as_is_written_beside_them(name: str, path: Path) -> None:
    data = path.read_bytes()
    expected = json.loads(Path(f"{path}.expected.json").read_text(encoding="utf-8"))
    items = read(MODULES[name], data)
    assert [item.count for item in items if isinstance(item, Stated)] == [expected["stated"]] * bool(expected["stated"])
    assert len(rejections(items)) == expected["rejections"]
    found = records(items)
    for record, wanted in zip(found, expected["articles"], strict=True):
        assert record.known["outlet"] == wanted["outlet"]
        assert str(read_date(record.known["published"])[0]) == wanted["published"]
        assert record.known["title"] == wanted["title"]
        assert record.known["body"].endswith(wanted["ends"])
        assert wanted["starts"] in record.known["body"][:120]
        assert len(record.known["body"].split()) > 30


@pytest.mark.parametrize(("name", "path"), SAMPLES, ids=[path.name for _, path in SAMPLES])
def test_samples_are_recognised_by_one_reader_and_read_alike_twice(name: str, path: Path) -> None:
    data = path.read_bytes()
    head = Head.of(data)
    assert [other for other, module in MODULES.items() if module.recognises(head)] == [name]
    assert read(MODULES[name], data) == read(MODULES[name], data)
    assert read(MODULES[name], data.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")) == read(MODULES[name], data)


@pytest.mark.parametrize(
    "data",
    [
        b"<!DOCTYPE html><html><head><title>Factiva starts a new service</title></head><body><p>News.</body></html>",
        b"<html><body><article><header><h1>Talks</h1></header><p>They met.</p></article></body></html>",
        b'<?xml version="1.0"?><article><front><title>Cells</title></front></article>',
        b"{\\rtf1\\ansi A letter that mentions Factiva.}",
        b"HD Talks\nThey met on 9 January 1993 and wrote 9 words.\n",
        b'{"headline": "Talks"}',
        b"",
        bytes(range(256)),
    ],
)
def test_other_files_are_recognised_by_none(data: bytes) -> None:
    assert not any(module.recognises(Head.of(data)) for module in MODULES.values())


def test_the_real_page_of_1993_is_read_in_full(shared: Path) -> None:
    items = read(factiva_html, (shared / "exports" / "factiva-nyt-1993.html").read_bytes())
    found = records(items)
    assert [item for item in items if not isinstance(item, Record)] == [Stated(27, "Gefundene Ergebnisse 27")]
    assert len(found) == 27
    assert {record.known["outlet"] for record in found} == {"The New York Times"}
    assert {record.known["language"] for record in found} == {"en"}
    dates = [record.known["published"] for record in found]
    assert (dates[0], dates[-1], dates == sorted(dates, reverse=True)) == ("1993-01-09", "1993-01-03", True)
    assert sum(bool(record.known["byline"]) for record in found) == 21
    assert found[0].known["byline"] == "ALAN RIDING"
    assert found[1].known["dateline"] == "SARAJEVO, Bosnia and Herzegovina"
    assert found[16].known["agency"] == "Reuters"
    assert found[0].known["section"] == "Foreign Desk; 1; Late Edition - Final; p. 1"
    bodies = [record.known["body"] for record in found]
    assert not any("articleParagraph" in body or "Dokument" in body or "Photo:" in body for body in bodies)
    assert not any("\ufffd" in body for body in bodies)
    # All titles and bodies, so that a change of one character is seen.
    text = "\n".join(record.known["title"] + "\n" + record.known["body"] for record in found)
    assert hashlib.sha256(text.encode()).hexdigest()[:16] == "cbe05e407cf3b117"


def test_the_real_page_with_indexing_is_read(shared: Path) -> None:
    first, second = records(read(factiva_html, (shared / "exports" / "factiva-test.html").read_bytes()))
    assert first.known["published"] == "2011-12-29T15:32"
    assert (first.known["outlet"], second.known["outlet"]) == ("Test newspaper", "Ouest France")
    assert first.known["body"].split("\n\n")[-1] == "Fourth and last paragraph."
    assert first.known["tags"].startswith("National/Presidential Elections, Domestic Politics")
    assert second.known["section"] == "Infolocale; something"


def test_the_real_xml_is_read(shared: Path) -> None:
    items = read(factiva_xml, (shared / "exports" / "factiva-test.xml").read_bytes())
    assert items[0] == Stated(3, 'count="3"')
    first, second, third = records(items)
    assert first.known["title"] == "TEST - first test article"
    assert [r.known["published"][:10] for r in (first, second, third)] == ["2012-01-09", "2012-01-06", "2012-05-06"]
    assert third.known["section"] == "p. 85"
    assert second.known["body"].endswith("Et un mot accentué.")


def test_the_real_page_of_europresse_is_read(shared: Path) -> None:
    found = records(read(europresse, (shared / "exports" / "europresse-test2.html").read_bytes()))
    assert [record.known["published"] for record in found] == ["2006-03-14"] * 2 + ["2006-03-13"] * 2
    assert found[0].known["section"] == "MEDIAS; Communication; p. 16"
    assert [record.known["byline"] for record in found] == ["Author", "Ariane Chemin", "", "Author"]
    assert [record.known["title"] for record in found] == ["Title", "Title", "A heading", "Title"]
    assert found[0].known["captions"] == "A photo."
    assert found[2].known["body"] == "A paragraph."
    assert not any("certificat" in str(record.raw) for record in found)


def test_a_line_of_headlines_between_articles_is_coverage() -> None:
    row = (
        '<div id="carryOver"><table class="headlines"><tr class="headline" data-accno="BC03422020180918ee9i00002">'
        '<td><b class="printheadline enHeadline">Tariffs to Rise</b><div class="leadFields"><a href="#">The Daily</a>, '
        '2018 年 9 月 18 日, 239 字, Jane Roe, (英文)</div><div class="snippet">According</div></td></tr></div>'
    )
    first, line, second = records(read(factiva_html, PAGE % (article() + row + article())))
    assert line.coverage
    assert (line.known["outlet"], line.known["published"], line.known["title"], line.known["body"]) == (
        "The Daily", "2018-09-18", "Tariffs to Rise", "",
    )  # fmt: skip
    assert not first.coverage
    assert second.known["body"] == "They met."


def test_broken_markup_of_one_article_costs_no_other() -> None:
    broken = article(body="<p class='articleParagraph'>They <b>met.</p><!-- <table><tr><td>").replace("</div>", "")
    items = read(factiva_html, PAGE % (article() + broken + article()))
    assert [item.place for item in records(items)] == ["article 1", "article 2", "article 3"]
    assert records(items)[2].known["body"] == "They met."


def test_a_page_that_ends_in_an_article_loses_that_one_with_a_reason() -> None:
    page = (PAGE % (article() + article(body="<p class='articleParagraph'>They met and</p>"))).split("met and")[0]
    assert [type(item) for item in read(factiva_html, page)] == [Record, Rejection]
    pages = (CASES / "europresse" / "export.html").read_text(encoding="utf-8")
    assert rejections(read(europresse, pages[: pages.rindex("officials on both")])) == [
        Rejection("article 3", "article is cut off")
    ]
    text = (CASES / "factiva-xml" / "export.xml").read_text(encoding="utf-8")
    items = read(factiva_xml, text[: text.rindex("</ppsarticle>")])
    assert (len(records(items)), rejections(items)) == (2, [Rejection("article 3", "article is cut off")])
    rich = (CASES / "factiva-rtf" / "article-format.rtf").read_text(encoding="utf-8")
    assert rejections(read(factiva_rtf, rich[: rich.rindex("Document ")])) == [
        Rejection("article 3", "article is cut off")
    ]


def test_an_article_without_text_is_a_record_with_an_empty_body() -> None:
    (record,) = records(read(factiva_html, PAGE % article(body="")))
    assert (record.known["title"], record.known["body"]) == ("Talks", "")


def test_lists_and_tables_belong_to_the_text_and_two_headings_to_one_title() -> None:
    body = (
        "<p class='articleParagraph'>They met:<ul><li>first,</li><li>second.</li></ul>"
        "<p class='articleParagraph'><pre>CO   5\nRE   7</pre></p><table><tr><td>IN</td><td>5</td></tr></table>"
    )
    page = article(body=body).replace("Talks</span>", '<b>Talks</b></span><span class="enHeadline">Second day</span>')
    (record,) = records(read(factiva_html, PAGE % page))
    assert record.known["title"] == "Talks Second day"
    assert record.known["body"].split("\n\n") == ["They met:", "first,", "second.", "CO 5 RE 7"]
    assert record.known["published"] == "1993-01-09"


def test_a_byline_without_its_mark_is_told_by_its_first_word() -> None:
    header = (
        "<div>By Jane Roe</div><div>Special to The Daily</div><div>9 words</div><div>9 January 1993</div><div>D</div>"
    )
    (record,) = records(read(factiva_html, PAGE % article(header=header)))
    assert record.known["byline"] == "Jane Roe"
    assert record.known["furniture"].startswith("Special to The Daily")


def test_a_search_with_more_results_than_a_page_holds_states_nothing() -> None:
    summary = "<table class='searchPreview'><tr><td>Results Found</td><td>%s</td></tr></table>"
    assert read(factiva_html, PAGE % (article() + summary % 1))[-1] == Stated(1, "Results Found 1")
    assert len(read(factiva_html, PAGE % (article() + summary % 2345))) == 1


def test_entities_are_never_expanded_nor_read_from_outside() -> None:
    bomb = "<!DOCTYPE PPSResponse [<!ENTITY a 'aaaaaaaaaa'>" + "".join(
        f"<!ENTITY {chr(98 + i)} '{f'&{chr(97 + i)};' * 10}'>" for i in range(9)
    )
    body = "]><PPSResponse><ppsarticle><article><headline>&j;</headline></article></ppsarticle></PPSResponse>"
    begin = time.perf_counter()
    assert [type(item) for item in read(factiva_xml, bomb + body)] == [Rejection]
    outside = "<!DOCTYPE p [<!ENTITY x SYSTEM 'file:///etc/passwd'>"
    assert [type(item) for item in read(factiva_xml, outside + body)] == [Rejection]
    undeclared = "<PPSResponse><article><headline>&j;Talks&nbsp;resume</headline></article></PPSResponse>"
    assert records(read(factiva_xml, undeclared))[0].known["title"] == "&j;Talks resume"
    assert time.perf_counter() - begin < 1


@pytest.mark.parametrize("name", MODULES)
def test_readers_raise_on_nothing_and_end_soon(name: str) -> None:
    module, random_ = MODULES[name], random.Random(7)
    hostile = [
        b"", b"\x00" * 1000, bytes(range(256)) * 10, b"<" * 50_000, b"<article " * 20_000, b"<div " * 50_000,
        b"<div class='article enArticle'>" * 5_000, b"<article><p>" * 10_000, b"{\\rtf1 " + b"{" * 50_000,
        b"<PPSResponse><article>" + b"<x>" * 50_000, b"1 " * 100_000, b"*HD* \t" * 20_000,
        b"9 words\n9 May 1993\n" * 5_000,
    ]  # fmt: skip
    for _, path in (sample for sample in SAMPLES if sample[0] == name):
        data = path.read_bytes()
        for _ in range(25):
            start = random_.randrange(len(data))
            cut = (
                data[:start]
                + random_.choice([b"", b"\xff\xfe", b"<", b"\x00", b"]]>", b"\\u"])
                + data[start + random_.randrange(400) :]
            )
            hostile.append(cut)
    begin = time.perf_counter()
    for data in hostile:
        module.recognises(Head.of(data))
        for item in read(module, data):
            assert isinstance(item, (Record, Rejection, Stated))
    assert time.perf_counter() - begin < 30


def test_europresse_has_a_standfirst_a_second_text_and_sites_that_it_only_refers_to() -> None:
    page = """<html><body><article><header>
        <div class='sm-margin-bottom'>
            <span class="DocPublicationName">Phare (France) (site web r&#233;f.) - PH FR</span>
            <span sourcecode='X' class=""></span></div>
        <div class='sm-margin-bottom'><span class="DocHeader">16 octobre 2023 1173 mots</span></div>
        <div class='titreArticle'><div class="titreArticleVisu">Le ferry</div></div>
        </header><section><div class="DocText clearfix">
        <p>Le ferry... <a href="https://phare.example/a" target="_blank"> Voir l&#39;article</a></p>
        <p class="link-not-hosted">Ce document r&#233;f&#233;rence un lien URL de site non h&#233;berg&#233;.</p>
        </div></section></article> <article> <header>
        <div class="rdp__DocPublicationName">
            <span class="DocPublicationName"> Ouest-Port <br />Vannes ; Auray </span></div>
        <div class="rdp__DocHeader"><span class="DocHeader">
        France,         mercredi 18 octobre 2023 1327 mots</span></div>
        <div class="titreArticle"><p class="titreArticleVisu rdp__articletitle">Les taxes</p>
            <p class="rdp__subtitle">PORT Les taxes montent.</p></div>
        <div class="docAuthors">MYRIAM DUPONT</div> <b><p><em>Un chapeau.</em></p></b>
        </header><section><div class="DocText clearfix"><div class='docOcurrContainer'>
        <p>Un.</p><p>[Additional Text]: </p><p>Deux.</p></div></div></section></article></body></html>"""
    reference, held = records(read(europresse, page))
    assert (reference.coverage, held.coverage) == (True, False)
    assert (reference.known["outlet"], reference.known["section"]) == ("Phare (France)", "site web réf.; PH FR")
    assert (reference.known["url"], reference.known["body"]) == ("https://phare.example/a", "Le ferry...")
    assert (held.known["outlet"], held.known["section"]) == ("Ouest-Port", "France; Vannes ; Auray")
    assert held.known["body"].split("\n\n") == ["PORT Les taxes montent.", "Un chapeau.", "Un.", "Deux."]
    assert held.known["byline"] == "MYRIAM DUPONT"


def test_a_list_of_contents_tells_headlines_from_sections() -> None:
    about = "9 words\n9 January 1993\nThe Daily\nDLY\nEnglish\nCopyright 1993 The Daily\n\n"
    one = f"Talks resume\n{about}They met again.\n\nThe Publisher\nDocument DLYXXX0020050408dp1900j9s\n"
    two = f"The Foreign Desk\nTalks end\n{about}They parted.\n\nThe Publisher\nDocument DLYXXX0020050408dp1900j9t\n"
    found = records(read(factiva_rtf, f"Talks resume\t1\nTalks end\t2\n\n{one}\n{two}"))
    assert [record.known["title"] for record in found] == ["Talks resume", "Talks end"]
    assert [record.known["section"] for record in found] == ["", "The Foreign Desk"]
    assert [record.known["body"] for record in found] == ["They met again.", "They parted."]


def test_header_lines_are_told_by_order_and_look() -> None:
    fields, before = describe(
        ["Special to The Daily", "1.684 Wörter", "9 Januar 1993", "07:50 GMT", "The Daily", "DLY", "24660", "Englisch",
         "(c) 1993"]
    )  # fmt: skip
    assert before == ["Special to The Daily"]
    assert {code: values[0] for code, values in fields.items()} == {
        "WC": "1.684 Wörter", "PD": "9 Januar 1993", "ET": "07:50 GMT", "SN": "The Daily", "SC": "DLY", "PG": "24660",
        "LA": "Englisch", "CY": "(c) 1993",
    }  # fmt: skip
    assert describe(["No date here"]) == ({}, ["No date here"])


@pytest.mark.parametrize(
    ("day", "clock", "expected"),
    [
        ("9 Januar 1993", "", "1993-01-09"),
        ("1er août 2023", "", "2023-08-01"),
        ("3 de mayo de 2010", "", "2010-05-03"),
        ("9 января 1993", "", "1993-01-09"),
        ("2018 年 9 月 18 日 12:37", "", "2018-09-18T12:37"),
        ("28 May 2018", "12:05 AM", "2018-05-28T00:05"),
        ("28 May 2018", "18:30 GMT", "2018-05-28T18:30Z"),
        ("28 May 2018", "99:99", "2018-05-28"),
        ("2012-01-09T01:35:58Z", "", "2012-01-09T01:35:58Z"),
        ("20120109", "", "20120109"),
        ("", "15:32", ""),
    ],
)
def test_dates_of_any_interface_become_iso_dates(day: str, clock: str, expected: str) -> None:
    assert published(day, clock) == expected
    assert not day or read_date(published(day, clock))[0] is not None


def test_pictures_at_the_foot_are_captions_and_a_text_of_pictures_alone_stays() -> None:
    assert split_pictures(["They met.", "Map of the strait.", "Drawing"]) == (
        ["They met."], ["Map of the strait.", "Drawing"],
    )  # fmt: skip
    assert split_pictures(["Photo: They met."]) == (["Photo: They met."], [])
    assert split_pictures(["Photos were banned, he said.", "They left."])[1] == []


def test_a_notice_of_rights_under_the_text_is_no_caption() -> None:
    fields = {"HD": ["Talks"], "TD": ["They met.", "Photo: A ship.", "(c) 2000 Tide Ltd."]}
    known = record_of(fields, "page").known
    assert (known["body"], known["captions"], known["furniture"]) == (
        "They met.",
        "Photo: A ship.",
        "(c) 2000 Tide Ltd.",
    )


def test_references_to_what_xml_does_not_allow_are_left_out() -> None:
    page = b"<PPSResponse><article><headline>T&#xD800;al&#0;k&#1;s &#233;t&#xe9;</headline></article></PPSResponse>"
    (record,) = (item for item in factiva_xml.read(io.BytesIO(page), "file") if isinstance(item, Record))  # type: ignore[arg-type]
    assert record.known["title"] == "Talks été"


def test_fields_become_a_record() -> None:
    record = record_of(
        {"HD": ["Talks"], "BY": ["Von Jan Muster"], "CX": ["A name was wrong."], "CLM": ["At Sea"], "PG": ["A1"],
         "NS": ["gdip : Treaties, Trade | gpol : Politics"], "SN": ["The Daily (Late Edition)"], "XX": ["kept"]}, "page"
    )  # fmt: skip
    assert record.known["byline"] == "Jan Muster"
    assert record.known["notice"] == "A name was wrong."
    assert record.known["section"] == "At Sea; Late Edition; p. A1"
    assert record.known["tags"] == "Treaties Trade, Politics"
    assert record.raw["XX"] == "kept"
    assert name_outlet("(Online)") == ("(Online)", "")


def test_pieces_of_pages_keep_their_lines() -> None:
    root = parse_piece("<div>One<br/>two<p>three\nfour</p>five</div><script>six</script>")
    assert root is not None
    assert lines(root) == ["One", "two", "three four", "five"]
    assert paragraphs(root) == ["One two", "three four", "five"]
