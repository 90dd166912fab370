"""Countries: labelled cases as data, the gazetteer's own rules, and the day on which an office changes hands."""

from __future__ import annotations

import csv
import datetime as dt
import gzip
import hashlib
import json
import tomllib
from collections import Counter
from importlib.resources import files
from pathlib import Path

import pytest

from corpora.errors import InputError
from framing.countries import Persons, check_country, find_mentions, read_dyad
from framing.evaluation import evaluate
from framing.gazetteer import KINDS, country_name
from framing.gold import read_gold

HERE = Path(__file__).parent
CASES = HERE / "cases" / "countries.toml"
# ISO 3166-1 alpha-3, all 249 codes of 2024; Kosovo has only the user-assigned XKX.
ISO_3166 = [
    "ABW",
    "AFG",
    "AGO",
    "AIA",
    "ALA",
    "ALB",
    "AND",
    "ARE",
    "ARG",
    "ARM",
    "ASM",
    "ATA",
    "ATF",
    "ATG",
    "AUS",
    "AUT",
    "AZE",
    "BDI",
    "BEL",
    "BEN",
    "BES",
    "BFA",
    "BGD",
    "BGR",
    "BHR",
    "BHS",
    "BIH",
    "BLM",
    "BLR",
    "BLZ",
    "BMU",
    "BOL",
    "BRA",
    "BRB",
    "BRN",
    "BTN",
    "BVT",
    "BWA",
    "CAF",
    "CAN",
    "CCK",
    "CHE",
    "CHL",
    "CHN",
    "CIV",
    "CMR",
    "COD",
    "COG",
    "COK",
    "COL",
    "COM",
    "CPV",
    "CRI",
    "CUB",
    "CUW",
    "CXR",
    "CYM",
    "CYP",
    "CZE",
    "DEU",
    "DJI",
    "DMA",
    "DNK",
    "DOM",
    "DZA",
    "ECU",
    "EGY",
    "ERI",
    "ESH",
    "ESP",
    "EST",
    "ETH",
    "FIN",
    "FJI",
    "FLK",
    "FRA",
    "FRO",
    "FSM",
    "GAB",
    "GBR",
    "GEO",
    "GGY",
    "GHA",
    "GIB",
    "GIN",
    "GLP",
    "GMB",
    "GNB",
    "GNQ",
    "GRC",
    "GRD",
    "GRL",
    "GTM",
    "GUF",
    "GUM",
    "GUY",
    "HKG",
    "HMD",
    "HND",
    "HRV",
    "HTI",
    "HUN",
    "IDN",
    "IMN",
    "IND",
    "IOT",
    "IRL",
    "IRN",
    "IRQ",
    "ISL",
    "ISR",
    "ITA",
    "JAM",
    "JEY",
    "JOR",
    "JPN",
    "KAZ",
    "KEN",
    "KGZ",
    "KHM",
    "KIR",
    "KNA",
    "KOR",
    "KWT",
    "LAO",
    "LBN",
    "LBR",
    "LBY",
    "LCA",
    "LIE",
    "LKA",
    "LSO",
    "LTU",
    "LUX",
    "LVA",
    "MAC",
    "MAF",
    "MAR",
    "MCO",
    "MDA",
    "MDG",
    "MDV",
    "MEX",
    "MHL",
    "MKD",
    "MLI",
    "MLT",
    "MMR",
    "MNE",
    "MNG",
    "MNP",
    "MOZ",
    "MRT",
    "MSR",
    "MTQ",
    "MUS",
    "MWI",
    "MYS",
    "MYT",
    "NAM",
    "NCL",
    "NER",
    "NFK",
    "NGA",
    "NIC",
    "NIU",
    "NLD",
    "NOR",
    "NPL",
    "NRU",
    "NZL",
    "OMN",
    "PAK",
    "PAN",
    "PCN",
    "PER",
    "PHL",
    "PLW",
    "PNG",
    "POL",
    "PRI",
    "PRK",
    "PRT",
    "PRY",
    "PSE",
    "PYF",
    "QAT",
    "REU",
    "ROU",
    "RUS",
    "RWA",
    "SAU",
    "SDN",
    "SEN",
    "SGP",
    "SGS",
    "SHN",
    "SJM",
    "SLB",
    "SLE",
    "SLV",
    "SMR",
    "SOM",
    "SPM",
    "SRB",
    "SSD",
    "STP",
    "SUR",
    "SVK",
    "SVN",
    "SWE",
    "SWZ",
    "SXM",
    "SYC",
    "SYR",
    "TCA",
    "TCD",
    "TGO",
    "THA",
    "TJK",
    "TKL",
    "TKM",
    "TLS",
    "TON",
    "TTO",
    "TUN",
    "TUR",
    "TUV",
    "TWN",
    "TZA",
    "UGA",
    "UKR",
    "UMI",
    "URY",
    "USA",
    "UZB",
    "VAT",
    "VCT",
    "VEN",
    "VGB",
    "VIR",
    "VNM",
    "VUT",
    "WLF",
    "WSM",
    "YEM",
    "ZAF",
    "ZMB",
    "ZWE",
]


def table(name: str) -> list[dict[str, str]]:
    text = files("framing").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


def found(text: str, published: str | None = None) -> list[tuple[str, str]]:
    return [(text[m.start : m.end], m.country) for m in find_mentions(text, day(published))]


# --- The labelled cases ---


def cases() -> list[object]:
    marks = {"pass": (), "xfail": (pytest.mark.xfail(strict=True, reason="a known failure, kept in the open"),)}
    rows = read_gold("countries", CASES)
    return [pytest.param(row, id=row["label"], marks=marks[row["expect"]]) for row in rows]


@pytest.mark.parametrize("case", cases())
def test_a_labelled_case_names_these_countries_and_no_others(case: dict[str, object]) -> None:
    text = str(case["text"])
    due = [(text[slice(*m["span"])], m["span"][0], m["country"]) for m in case["mentions"]]
    mentions = find_mentions(text, day(case.get("published")))
    assert [(text[m.start : m.end], m.start, m.country) for m in mentions] == due


def test_every_case_has_a_label_of_its_own() -> None:
    counts = Counter(case["label"] for case in read_gold("countries", CASES))
    assert [label for label, count in counts.items() if count > 1] == []


def test_span_f1_on_the_cases_is_at_least_97_percent() -> None:
    result = evaluate("countries", CASES)
    assert result.n == len(read_gold("countries", CASES))
    assert result.figures["span_f1"] >= 0.97
    assert result.figures["span_f1"] > result.baselines["names and demonyms only"]["figures"]["span_f1"] + 0.1


@pytest.fixture(scope="module")
def real_rows(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The coded passages of real articles, rebuilt from their offsets and checked against their hashes."""
    source = shared / "real" / "us-russia-2012-2020.jsonl.gz"
    coded = [json.loads(line) for line in (HERE / "gold" / "real-countries.jsonl").read_text().splitlines()]
    wanted = {row["ID"] for row in coded}
    with gzip.open(source, "rt", encoding="utf-8") as file:
        texts = {row["ID"]: row["text"] for row in map(json.loads, file) if row["ID"] in wanted}
    out = tmp_path_factory.mktemp("real") / "countries.jsonl"
    with out.open("w", encoding="utf-8") as file:
        for row in coded:
            text = texts[row["ID"]][row["start"] : row["end"]]
            assert hashlib.sha256(text.encode()).hexdigest() == row["passage_sha256"]
            file.write(json.dumps({**row, "text": text}) + "\n")
    return out


def test_span_f1_on_200_coded_passages_of_real_articles_is_at_least_97_percent(real_rows: Path) -> None:
    result = evaluate("countries", real_rows)
    assert result.n == 200
    assert result.figures["span_f1"] >= 0.97


def test_half_of_the_real_passages_drawn_without_regard_to_countries_is_read_as_well(real_rows: Path) -> None:
    rows = [row for row in read_gold("countries", real_rows) if row["drawn"] == "any"]
    due = hit = 0
    for row in rows:
        gold = {(*m["span"], m["country"]) for m in row["mentions"]}
        due += len(gold)
        hit += len(gold & {(m.start, m.end, m.country) for m in find_mentions(row["text"], day(row["published"]))})
    assert len(rows) == 100
    assert hit / due >= 0.95


# --- Offices change hands on the day ---


@pytest.mark.parametrize(
    ("name", "country", "published", "in_office"),
    [
        ("Barack Obama", "USA", "2009-01-19", False),
        ("Barack Obama", "USA", "2009-01-21", True),
        ("Barack Obama", "USA", "2017-01-19", True),
        ("Barack Obama", "USA", "2017-01-21", False),
        ("Donald Trump", "USA", "2017-01-19", False),
        ("Donald Trump", "USA", "2017-01-21", True),
        ("Hillary Clinton", "USA", "2012-06-01", True),
        ("Hillary Clinton", "USA", "2016-06-01", False),
        ("Theresa May", "GBR", "2016-07-12", False),
        ("Theresa May", "GBR", "2016-07-14", True),
        ("Theresa May", "GBR", "2019-07-25", False),
        ("Angela Merkel", "DEU", "2005-11-21", False),
        ("Angela Merkel", "DEU", "2021-12-07", True),
        ("Angela Merkel", "DEU", "2021-12-09", False),
        ("Vladimir Putin", "RUS", "2010-05-01", True),  # as prime minister
    ],
)
def test_a_leader_names_a_country_only_in_office(name: str, country: str, published: str, in_office: bool) -> None:
    assert found(f"On the trip {name} said little.", published) == ([(name, country)] if in_office else [])


def test_every_term_counts_where_the_day_is_not_known() -> None:
    assert found("On the trip Barack Obama said little.") == [("Barack Obama", "USA")]


def test_a_surname_counts_after_the_full_name_and_not_before() -> None:
    text = "Park waved. President Park Geun-hye stayed. Park left."
    assert found(text, "2014-05-01") == [("Park Geun-hye", "KOR"), ("Park", "KOR")]


def test_who_was_named_in_the_body_is_known_in_the_headline() -> None:
    persons = Persons()
    assert find_mentions("Park leaves", dt.date(2014, 5, 1), persons) == []
    find_mentions("South Korean President Park Geun-hye flew home.", dt.date(2014, 5, 1), persons)
    assert [m.country for m in find_mentions("Park leaves", dt.date(2014, 5, 1), persons)] == ["KOR"]


def test_mentions_are_in_order_and_do_not_overlap() -> None:
    for case in read_gold("countries", CASES):
        mentions = find_mentions(case["text"], day(case.get("published")))
        ends = [0, *(m.end for m in mentions)]
        assert all(before <= m.start < m.end for before, m in zip(ends, mentions, strict=False)), case["label"]
        assert {m.kind for m in mentions} <= set(KINDS)


# --- The gazetteer ---


def test_every_iso_3166_code_has_a_country_name_and_a_short_one() -> None:
    named = {row["country"] for row in table("names.csv") if row["kind"] == "country"}
    assert named == {*ISO_3166, "XKX"}
    assert all(country_name(code) for code in named)
    shorts = Counter(row["country"] for row in table("names.csv") if row["short"])
    assert set(shorts.values()) == {1}


def unfound(rows: list[dict[str, str]]) -> list[str]:
    sentences = {row["name"]: f"Officials from {row['name']} spoke." for row in rows}
    return [row["name"] for row in rows if (row["name"], row["country"]) not in found(sentences[row["name"]])]


def plain_names() -> list[dict[str, str]]:
    """Rows that need nothing around them: those that do (Georgia, Jordan, Chad) have cases of their own."""
    context = tomllib.loads(files("framing").joinpath("data", "context.toml").read_text(encoding="utf-8"))
    return [row for row in table("names.csv") if not row["rule"] and row["name"] not in context]


def test_every_name_with_a_capital_is_found_in_a_sentence() -> None:
    rows = [row for row in plain_names() if row["name"][0].isupper()]
    assert len(rows) > 1500
    assert unfound(rows) == []


def test_every_name_begins_with_a_capital_as_the_reading_of_a_text_does() -> None:
    assert [row["name"] for row in plain_names() if not row["name"][0].isupper()] == []


@pytest.mark.parametrize(("name", "column"), [("names.csv", "name"), ("blockers.csv", "phrase")])
def test_no_form_stands_twice_in_a_table(name: str, column: str) -> None:
    counts = Counter(row[column] for row in table(name))
    assert [form for form, count in counts.items() if count > 1] == []


def test_no_blocker_is_a_country_s_name_or_a_leader() -> None:
    blockers = {row["phrase"] for row in table("blockers.csv")}
    assert blockers & {row["name"] for row in table("names.csv")} == set()
    assert blockers & {row["name"] for row in table("leaders.csv")} == set()


def test_every_term_of_office_begins_before_it_ends() -> None:
    rows = table("leaders.csv")
    assert len(rows) > 2000
    for row in rows:
        since = dt.date.fromisoformat(row["since"])
        assert not row["until"] or since < dt.date.fromisoformat(row["until"]), row
        assert since.year > 1900, row


def test_no_term_of_office_stands_twice() -> None:
    counts = Counter((row["country"], row["office"], row["name"], row["since"]) for row in table("leaders.csv"))
    assert [key for key, count in counts.items() if count > 1] == []


def test_leaders_are_of_known_countries_and_known_offices() -> None:
    codes = {row["country"] for row in table("names.csv")}
    for row in table("leaders.csv"):
        assert row["country"] in codes, row
        assert row["office"] in {"head of state", "head of government", "foreign minister", "other"}, row
        assert row["alone"] in {"yes", "anchored"}, row


@pytest.mark.parametrize("name", ["names.csv", "leaders.csv"])
def test_every_row_has_its_source(name: str) -> None:
    assert [row for row in table(name) if not row["source"].strip()] == []


@pytest.mark.parametrize("name", ["names.csv", "leaders.csv", "blockers.csv"])
def test_no_cell_has_spaces_around_it(name: str) -> None:
    assert [row for row in table(name) if any(cell != cell.strip() for cell in row.values())] == []


# --- Codes that a user writes ---


def test_a_dyad_is_read_in_either_order_and_written_in_alphabetical_order() -> None:
    assert read_dyad("USA-RUS") == read_dyad("rus-usa") == read_dyad(" USA – RUS ") == ("RUS", "USA")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ("USA", "is not two country codes joined by a hyphen"),
        ("USA-", "is not two country codes joined by a hyphen"),
        ("USA-RUS-CHN", "is not two country codes joined by a hyphen"),
        ("USA-USA", "names one country twice"),
        ("USA-RUX", "no country 'RUX'.*did you mean.*RUS"),
        ("Russia-USA", r"did you mean RUS \(Russia\)"),
    ],
)
def test_a_dyad_that_is_none_is_refused(given: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read_dyad(given)


def test_a_country_without_a_neighbour_is_refused_without_a_guess() -> None:
    with pytest.raises(InputError, match=r"such as USA and RUS$"):
        check_country("QQQQQQ")
