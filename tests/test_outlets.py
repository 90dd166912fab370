"""Outlets: facts that agree with the agencies, names that are found or not, suggestions and their file."""

from __future__ import annotations

import gzip
import json
import re
import time
import tomllib
from collections import Counter
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.agency import AGENCIES
from corpora.errors import InputError
from corpora.known_outlets import KINDS, OWNERSHIPS
from corpora.outlet_names import name_key
from corpora.outlets import (
    Merge,
    Outlet,
    OutletTable,
    find_outlet,
    is_agency,
    known_outlets,
    merge_file,
    read_outlets,
    suggest_merges,
)

PAIRS = tomllib.loads((Path(__file__).parent / "cases" / "outlet-names.toml").read_text(encoding="utf-8"))
NAMES = [name for pair in PAIRS["same"] for name in pair]
HOSTILE = [
    'The "Daily" \\ Quote',
    "Line\nbreak",
    "Tab\tbell\x07del\x7f",
    "]]\n[[outlet]]\nname = 'x'",
    "turned \u202e round",
    "half \udce9 a character",
    "# a comment",
    "=cmd|' /C calc'!A0",
    "'''",
    '"""',
    "\u2028parted",
    "x" * 5000,
    "(" * 3000,
    " - online" * 500,
]


def name_of(name, url=""):
    outlet = find_outlet(name, url)
    return outlet.name if outlet else None


def suggested(a, b):
    return any({a, b} == {name for name, _ in merge.members} for merge in suggest_merges({a: 1, b: 1}))


@pytest.fixture
def table(tmp_path):
    def read(text):
        path = tmp_path / "outlets.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return read_outlets(path)

    return read


# --- Facts ---


def test_there_are_facts_about_many_outlets_of_many_countries():
    assert len(known_outlets()) >= 400
    assert len({outlet.country for outlet in known_outlets()}) >= 100
    assert sum(outlet.agency for outlet in known_outlets()) >= 100


def test_every_fact_is_one_of_those_allowed():
    for outlet in known_outlets():
        assert re.fullmatch("[A-Z]{3}", outlet.country), outlet
        assert outlet.kind in KINDS, outlet
        assert outlet.ownership in OWNERSHIPS, outlet
        assert outlet.agency == (outlet.kind == "agency") == bool(outlet.credit), outlet


def test_no_name_and_no_host_belongs_to_two_outlets():
    keys = Counter(name_key(name) for outlet in known_outlets() for name in (outlet.name, *outlet.aliases))
    assert [key for key, count in keys.items() if count > 1] == []
    hosts = Counter(host for outlet in known_outlets() for host in outlet.domains)
    assert [host for host, count in hosts.items() if count > 1] == []
    credits = Counter(outlet.credit for outlet in known_outlets() if outlet.credit)
    assert [credit for credit, count in credits.items() if count > 1] == []


def test_every_outlet_is_found_by_each_of_its_names_and_hosts():
    for outlet in known_outlets():
        for name in (outlet.name, *outlet.aliases):
            assert find_outlet(name) is outlet, name
        for host in outlet.domains:
            assert find_outlet("", f"https://www.{host}/world/1.html") is outlet, host


def test_every_shared_name_is_told_by_the_address():
    for outlet in known_outlets():
        for name in outlet.shared:
            assert outlet.domains, outlet
            assert find_outlet(name, f"http://{outlet.domains[0]}") is outlet, name


def test_every_agency_of_datelines_is_known_under_the_same_name():
    assert {outlet.credit for outlet in known_outlets()} >= set(AGENCIES.values())
    assert {printed: is_agency(printed) for printed in AGENCIES} == AGENCIES


@pytest.mark.parametrize(
    ("name", "credit"),
    [("Associated Press", "AP"), ("Agence France Presse", "AFP"), ("Reuters News", "Reuters"), ("ITAR-TASS", "TASS"),
     ("ITAR-TASS World Service", "TASS"), ("dpa International (Englisch)", "dpa"),
     ("AFP International Text Wire in English", "AFP"),
     ("Sputnik News", "Sputnik"), ("Xinhua News Agency", "Xinhua"), ("Kyodo News", "Kyodo"), ("EFE", "EFE"),
     ("CNN", ""), ("The New York Times", ""), ("Quillford Clarion", ""), ("", "")],
)  # fmt: skip
def test_an_agency_has_the_name_that_articles_credit(name, credit):
    assert is_agency(name) == credit


@pytest.mark.parametrize(
    ("name", "country", "ownership"),
    [("RT", "RUS", "state"), ("TASS", "RUS", "state"), ("Sputnik", "RUS", "state"), ("Xinhua", "CHN", "state"),
     ("CGTN", "CHN", "state"), ("VOA", "USA", "state"), ("Al Jazeera", "QAT", "state"), ("BBC", "GBR", "public"),
     ("DW", "DEU", "public"), ("CNN", "USA", "private"), ("AP", "USA", "cooperative"), ("Meduza", "LVA", "private")],
)  # fmt: skip
def test_owners_and_countries_are_those_publicly_known(name, country, ownership):
    outlet = find_outlet(name)
    assert (outlet.country, outlet.ownership) == (country, ownership)
    assert outlet.state_owned == (ownership == "state")


# --- Finding ---


@pytest.mark.parametrize(
    ("name", "url", "found"),
    [
        ("The Guardian", "", "The Guardian"),
        ("The Guardian", "https://guardian.ng/politics", "The Guardian (Nigeria)"),
        ("The Star", "", None),
        ("The Star", "https://www.thestar.com.my/news", "The Star (Malaysia)"),
        ("The Star", "https://www.thestar.com/news", "Toronto Star"),
        ("The Star (Nairobi)", "", "The Star (Kenya)"),
        ("ABC", "", None),
        ("ABC (Madrid)", "", "ABC (Spain)"),
        ("The Nation", "", "The Nation"),
        ("The Nation; Bangkok", "", "The Nation (Thailand)"),
        ("The Guardian (Atlantis)", "", None),
        ("The Times; Trenton, N.J.", "", None),
        ("Guest Writer", "https://www.nytimes.com/2018/x.html", "The New York Times"),
        ("Guest Writer", "https://news.yahoo.com/x.html", None),
        ("Guest Writer", "https://nytimes.com.example.org/", None),
        ("Guest Writer", "https://notcnn.com/", None),
        ("", "https://edition.cnn.com/world", "CNN"),
        ("BBC News", "https://www.npr.org/x", "BBC News"),
        ("independent.com", "", None),
        ("Frankfurter Allgemeine Zeitung (FAZ)", "", "Frankfurter Allgemeine Zeitung"),
        ("AFP - Agence France Presse", "", "Agence France-Presse"),
        ("Fox News: Special Report with Bret Baier", "", "Fox News"),
        ("TASS - World News", "", "TASS"),
        ("CNN - Brasil", "", None),
        ("The Sun - Lowell", "", None),
        ("Le Monde.fr", "", "Le Monde"),
        ("The Guardian (theguardian.com)", "", "The Guardian"),
        ("The Guardian (The Times)", "", None),
        ("", "", None),
        (" ", "no address", None),
        ("", "http://[", None),
        ("", "http://" + "a." * 10**6 + "cnn.com", None),
        ("St. Petersburg Times; St. Petersburg, Fla.", "", "Tampa Bay Times"),
        ("St. Petersburg Times (St. Petersburg, Russia)", "", "The St. Petersburg Times (Russia)"),
        ("Независимая газета", "", "Nezavisimaya Gazeta"),
        ("ihlas haber ajansi", "", "İhlas News Agency"),
        ("ihlas news agency", "", "İhlas News Agency"),
    ],
)
def test_an_outlet_is_found_by_name_place_and_address(name, url, found):
    assert name_of(name, url) == found


def test_the_labels_of_the_shared_corpus_are_known_unless_they_name_a_person(shared):
    with gzip.open(shared / "real" / "us-russia-2012-2020.jsonl.gz", "rt", encoding="utf-8") as lines:
        names = Counter(json.loads(line)["source"] for line in lines)
    unknown = sorted(name for name in names if not find_outlet(name))
    people = [name for name in unknown if not name.startswith("Guest Writer")]
    assert len(unknown) == 19
    assert all(re.fullmatch(r"[A-Z]\w+( [A-Z]\w+){1,2}", name) for name in people)
    assert [merge.name for merge in suggest_merges(names)] == [
        "CNN", "Fox News", "NPR", "The New York Times", "Newsmax", "New York Post",
    ]  # fmt: skip


# --- Suggestions ---


def test_there_are_enough_pairs_and_none_stands_twice():
    assert len(PAIRS["same"]) >= 60
    assert len(PAIRS["different"]) >= 60
    pairs = Counter(frozenset(pair) for pairs in PAIRS.values() for pair in pairs)
    assert [pair for pair, count in pairs.items() if count > 1] == []


def test_no_pair_of_different_outlets_is_suggested():
    assert [pair for pair in PAIRS["different"] if suggested(*pair)] == []


def test_nearly_all_pairs_of_one_outlet_are_suggested():
    found = [pair for pair in PAIRS["same"] if suggested(*pair)]
    assert [pair for pair in PAIRS["same"] if pair not in found] == []
    assert [pair for pair in PAIRS["missed"] if suggested(*pair)] == []
    assert len(found) / (len(PAIRS["same"]) + len(PAIRS["missed"])) >= 0.95


def test_known_outlets_are_never_suggested_to_be_one():
    assert suggest_merges({outlet.name: 1 for outlet in known_outlets()}) == []


def test_a_suggestion_names_members_by_count_and_says_why():
    names = {"CNN - Editorial": 2, "CNN (Web News)": 9, "Quillford Clarion": 1, "QUILLFORD CLARION": 1, "Vox": 3}
    known, unknown = suggest_merges(names)
    assert known == Merge(
        "CNN",
        (("CNN (Web News)", 9), ("CNN - Editorial", 2)),
        "names of one known outlet; opinion pages are among them",
    )
    assert unknown.name == "QUILLFORD CLARION"  # as often as the other, and first in the alphabet
    assert unknown.why.startswith("the same name but for")


@settings(max_examples=100, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=8, unique=True))
def test_no_name_is_suggested_twice_whatever_names_there_are(names):
    members = [name for merge in suggest_merges(dict.fromkeys(names, 1)) for name, _ in merge.members]
    assert len(members) == len(set(members))
    assert set(members) <= set(names)


# --- The file ---


@settings(max_examples=100, deadline=None)
@given(names=st.dictionaries(st.one_of(st.text(max_size=30), st.sampled_from(NAMES)), st.integers(1)))
def test_a_merge_file_reads_back_whatever_names_there_are(names, tmp_path_factory):
    path = tmp_path_factory.mktemp("merge") / "outlets.toml"
    suggestions = suggest_merges(names)
    path.write_text(merge_file(suggestions, names), encoding="utf-8")
    table = read_outlets(path)
    for merge in suggestions:
        assert {table.canonical(name) for name, _ in merge.members} == {merge.name}
    path.write_text(merge_file([], names), encoding="utf-8")
    unmerged = read_outlets(path)
    for a, b in combinations(names, 2):
        if " ".join(a.split()) != " ".join(b.split()):
            assert unmerged.canonical(a) != unmerged.canonical(b)


def test_a_merge_file_reads_back_with_hostile_names(table):
    names = {name: 2 for name in HOSTILE} | {name.upper(): 1 for name in HOSTILE} | {"CNN": 1, "CNN.com": 1}
    start = time.perf_counter()
    suggestions = suggest_merges(names)
    text = merge_file(suggestions, names)
    assert time.perf_counter() - start < 2
    assert "\u202e" not in text
    read = table(text)
    for merge in suggestions:
        assert {read.canonical(name) for name, _ in merge.members} == {read.canonical(merge.name)}
    assert read.canonical("CNN.com") == "CNN"
    assert read.canonical("x") == "x"


def test_a_merge_file_says_that_a_group_is_a_suggestion_and_what_is_known():
    names = {"CNN": 3, "CNN.com": 1, "Sputnik News": 2, "Quillford Clarion": 4}
    text = merge_file(suggest_merges(names), names)
    assert "# A suggestion: names of one known outlet." in text
    assert '    "CNN.com",  # articles: 1\n' in text
    tables = tomllib.loads(text)["outlet"]
    assert tables[0] == {
        "name": "CNN", "country": "USA", "kind": "broadcaster", "ownership": "private", "agency": False,
        "names": ["CNN", "CNN.com"],
    }  # fmt: skip
    assert tables[1]["name"] == "Sputnik"
    assert tables[1]["agency"] is True
    assert len(tables) == 2
    assert '#   "Quillford Clarion", articles: 4' in text


def test_names_that_nobody_suggested_to_merge_stay_apart(table):
    read = table(merge_file([], {"CNN": 2, "CNN.com": 1, "CNN - Editorial": 1}))
    assert [read.canonical(name) for name in ("CNN", "CNN.com", "CNN - Editorial")] == [
        "CNN", "CNN.com", "CNN - Editorial",
    ]  # fmt: skip
    assert read.facts("CNN.com").country == "USA"


def test_the_table_of_a_user_goes_before_what_is_known(table):
    read = table(
        '[[outlet]]\nname = "Cable"\ncountry = "CAN"\nkind = "online"\nnames = ["CNN", "Quillford  Clarion"]\n'
        '[[outlet]]\nname = "RT"\nownership = ""\n[[outlet]]\nname = "Clarion Wire"\nagency = true\n'
    )
    assert read.canonical("CNN") == read.canonical("Quillford Clarion") == read.canonical("Cable") == "Cable"
    assert read.facts("CNN").country == "CAN"
    assert (read.facts("RT").ownership, read.facts("RT").country) == ("", "RUS")
    assert read.facts("Clarion Wire").credit == "Clarion Wire"
    assert read.canonical("Fox News (Online)") == "Fox News (Online)"
    assert read.facts("Fox News (Online)").name == "Fox News"
    assert read.facts("Nothing Known") is None


def test_an_empty_file_decides_nothing(table):
    assert table("") == OutletTable()
    assert table(b"\xef\xbb\xbf# only a comment\r\n") == OutletTable()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("outlets = 1", "no key 'outlets'; there is only: [[outlet]]"),
        ("outlet = 1", "outlet must be tables"),
        ("outlet = [1]", "outlet must be tables"),
        ('[[outlet]]\nname = "A"\nland = "USA"', "outlet 1: no key 'land'; there are: name, country, kind"),
        ("[[outlet]]\nname = 1", "outlet 1: name is 1; it must be text"),
        ('[[outlet]]\nname = "A"\nagency = "yes"', "agency is 'yes'; it must be true or false"),
        ('[[outlet]]\nname = "A"\nnames = "B"', "names is 'B'; it must be a list of names"),
        ('[[outlet]]\nname = "A"\nnames = [1]', "1 is no name"),
        ('[[outlet]]\ncountry = "USA"', "'' is no name"),
        ('[[outlet]]\nname = "A"\ncountry = "usa"', "country is 'usa'; it must be three capitals"),
        ('[[outlet]]\nname = "A"\nkind = "paper"', "no kind 'paper'; there are: newspaper, broadcaster, agency"),
        ('[[outlet]]\nname = "A"\nownership = "rich"', "no ownership 'rich'; there are: state, public, private"),
        (
            '[[outlet]]\nname = "A"\nnames = ["C"]\n[[outlet]]\nname = "B"\nnames = ["C"]',
            "'C' is under two outlets, 'A'",
        ),
        ('[[outlet]]\nname = "A"\n[[outlet]]\nname = "A"', "name 'A' is under two outlets"),
        ("[[outlet", "not valid TOML"),
        (b"\xff\xfe", "not valid TOML"),
        ("a = " + "[" * 5000, "not valid TOML"),
        ("a = " + "9" * 5000, "not valid TOML"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_what_is_allowed(table, text, message):
    with pytest.raises(InputError, match=re.escape(message)) as caught:
        table(text)
    assert "outlets.toml" in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("name", ["missing.toml", "", "nul\0.toml"])
def test_a_file_that_is_not_there_is_an_error_in_words(tmp_path, name):
    with pytest.raises(InputError, match="cannot be read"):
        read_outlets(f"{tmp_path}/{name}")


def test_an_outlet_of_which_nothing_is_known_has_empty_facts():
    assert Outlet("A") == Outlet("A", "", "", "", False, "", (), (), ())
    assert not Outlet("A").state_owned
