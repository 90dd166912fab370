"""Study: the way to TOML and back, and every way in which a study file can be wrong."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpora.bundled import bundled_folder
from corpora.errors import InputError
from reports.events import Event
from reports.study import Primary, Study
from reports.study_file import KEYS, TYPES, read_study

PAIR = '[pair]\ndyad = "USA-RUS"\n'


@pytest.fixture
def read(tmp_path: Path) -> Any:
    def from_text(text: str) -> Study:
        path = tmp_path / "study.toml"
        path.write_text(text, encoding="utf-8", newline="")
        return read_study(path)

    return from_text


# --- There and back ---

# Anything but a lone surrogate, which no UTF-8 file can hold.
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
days = st.dates(dt.date(1990, 1, 1), dt.date(2030, 12, 31))
# An event's name is one line that can be printed.
lines = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12)
events = st.builds(Event, lines, days, st.integers(1, 120), st.lists(names, max_size=2, unique=True).map(tuple))


def in_order(declared: list[Event]) -> tuple[Event, ...]:
    return tuple(sorted(declared, key=lambda event: (event.date, event.name)))


studies = st.builds(
    Study,
    dyad=st.sampled_from([("RUS", "USA"), ("CHN", "IND"), ("FRA", "GBR")]),
    title=st.one_of(st.just(""), names),
    banner=st.one_of(st.just(""), names),
    outlets=st.lists(names, max_size=4).map(tuple),
    merge=st.dictionaries(names, names, max_size=3).map(lambda table: tuple(sorted(table.items()))),
    reference=names,
    period=st.sampled_from(["", "month", "quarter", "half", "year"]),
    since=st.one_of(st.none(), days),
    measures=st.sampled_from([("sentiment",), ("relation", "sentiment", "tone")]),
    minimum_articles=st.integers(2, 1000),
    minimum_stories=st.integers(2, 1000),
    primary=st.lists(
        st.builds(Primary, st.just("sentiment"), names, st.one_of(st.just(""), names), st.sampled_from(["", "RUS"])),
        max_size=3,
    ).map(tuple),
    pairs=st.lists(st.tuples(names, names).filter(lambda pair: pair[0] != pair[1]), max_size=3, unique=True).map(tuple),
    events=st.lists(events, max_size=3, unique_by=lambda event: event.name).map(in_order),
    second=st.booleans(),
    mixed=st.booleans(),
    text=st.booleans(),
    seed=st.integers(0, 2**40),
    draws=st.integers(100, 20_000),
)
TRICKY = [
    'The "Daily"', "C:\\news\\", "tab\there", "line\nfeed", "\x7f", "\x00", "émigré", "Россия сегодня", "🗞", "a.b",
    "[x]", "#", "'", "=", "a\u2028b", "\r", "café_x", "٣",
]  # fmt: skip


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(studies)
def test_a_study_written_and_read_is_the_same_study(read: Any, study: Study) -> None:
    assert read(study.toml()) == study


@pytest.mark.parametrize("name", TRICKY)
def test_names_with_marks_come_back_as_they_were(read: Any, name: str) -> None:
    study = Study(
        ("RUS", "USA"),
        title=name,
        banner=name,
        outlets=(name, "B"),
        reference=name,
        merge=((name, "B"), (name + "2", name)),
        primary=(Primary("sentiment", name, name, "RUS"),),
    )
    assert read(study.toml()) == study


def test_both_ends_of_the_time_come_back(read: Any) -> None:
    study = Study(("RUS", "USA"), since=dt.date(2017, 1, 20), until=dt.date(2021, 1, 19))
    assert read(study.toml()) == study


def test_the_bundled_study_is_read_and_comes_back(read: Any) -> None:
    study = read_study(bundled_folder("us-russia") / "study.toml")
    assert study.dyad == ("RUS", "USA")
    assert (study.minimum_articles, study.minimum_stories, study.period) == (6, 5, "half")
    assert read(study.toml()) == study


def test_equal_studies_have_equal_bytes_and_others_have_others() -> None:
    one = Study(("RUS", "USA"))
    assert one.toml() == Study(("RUS", "USA")).toml()
    changes: dict[str, Any] = {
        "title": "T", "outlets": ("A",), "merge": (("A", "B"),), "reference": "A", "period": "year", "seed": 2,
        "since": dt.date(2018, 1, 1), "until": dt.date(2018, 1, 1), "measures": ("tone",), "minimum_articles": 3,
        "minimum_stories": 3, "primary": (Primary("tone", "A"),), "text": False, "draws": 900, "banner": "B",
        "dyad": ("CHN", "USA"), "corpus": "x", "codebooks": "y", "wire": "all",
        "genre": "opinion", "voice": "own", "where": "sanctions", "words": False, "pairs": (("A", "B"),),
        "events": (Event("Summit", dt.date(2018, 7, 16)),), "coded": ("codes",), "second": False, "mixed": True,
    }  # fmt: skip
    # `cost` has one value so far, so no study can differ by it.
    assert set(changes) == {field.name for field in fields(Study)} - {"cost"}
    for name, value in changes.items():
        assert replace(one, **{name: value}).toml() != one.toml(), name


def test_a_corpus_path_is_relative_to_the_study_file(read: Any, tmp_path: Path) -> None:
    assert read(PAIR + '[corpus]\npath = "news"\n').corpus == str(tmp_path.resolve() / "news")
    assert read(PAIR + '[corpus]\npath = "/data/news"\n').corpus == "/data/news"


def test_the_least_that_a_study_needs_is_its_pair(read: Any) -> None:
    assert read(PAIR) == Study(("RUS", "USA"))


def test_every_key_has_a_type() -> None:
    assert {field for table in KEYS.values() for field in table.values()} == set(TYPES)


# --- Pairs, codes, checks and events ---

EVENT = "[[event]]\nname = 'Summit'\ndate = 2018-07-16\n"


def test_what_a_study_infers_is_read(read: Any, tmp_path: Path) -> None:
    study = read(
        PAIR + "[decomposition]\npairs = [['A', 'B'], ['B', 'C']]\n[coding]\nfolders = ['codes', '/data/more']\n"
        "[checks]\nsecond = false\nmixed = true\n" + EVENT + "months = 3\noutlets = ['A']\n"
    )
    assert study.pairs == (("A", "B"), ("B", "C"))
    assert study.coded == (str(tmp_path.resolve() / "codes"), "/data/more")
    assert (study.second, study.mixed) == (False, True)
    assert study.events == (Event("Summit", dt.date(2018, 7, 16), 3, ("A",)),)


def test_events_of_a_file_beside_the_study_are_those_of_the_study_itself(read: Any, tmp_path: Path) -> None:
    (tmp_path / "events.toml").write_text(EVENT, encoding="utf-8")
    assert read(PAIR + '[events]\nfile = "events.toml"\n') == read(PAIR + EVENT)
    with pytest.raises(InputError, match=r"under \[\[event\]\] or in the file that \[events\] names, not in both"):
        read(PAIR + '[events]\nfile = "events.toml"\n' + EVENT)


def test_folders_of_codes_that_a_report_could_not_tell_apart_are_refused() -> None:
    with pytest.raises(InputError, match=r"^two folders of human codes have the name 'codes'; rename one$"):
        Study(("RUS", "USA"), coded=("/here/codes", "/there/codes"))


def test_where_the_codes_lie_on_this_machine_is_no_part_of_the_plan(read: Any, tmp_path: Path) -> None:
    study = Study(("RUS", "USA"), coded=("/here/codes",))
    assert study.toml() == Study(("RUS", "USA"), coded=("/there/codes",)).toml()
    assert read(study.toml()).coded == (str(tmp_path.resolve() / "codes"),)


def test_second_scorers_are_the_light_ones_of_what_is_tested() -> None:
    measures = ("relation", "sentiment", "frames:bilateral", "subject", "tone")
    study = Study(("RUS", "USA"), measures=measures)
    assert study.scored == (*measures, "relation@light", "sentiment@light")
    assert replace(study, second=False).scored == measures
    # A light study has no scorer that costs less.
    assert replace(study, cost="light").scored == measures


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[decomposition]\npair = []\n", r"unknown \[decomposition\] key 'pair', did you mean 'pairs'"),
        (
            "[decomposition]\npairs = ['A', 'B']\n",
            r"\[decomposition\] pairs holds 'A', which does not name two outlets",
        ),
        ("[decomposition]\npairs = [['A', 'B', 'C']]\n", r"pairs holds \['A', 'B', 'C'\], which does not name two"),
        ("[decomposition]\npairs = [['A', 5]]\n", r"pairs holds \['A', 5\], which does not name two outlets"),
        ("[decomposition]\npairs = [['A', 'A']]\n", r"pairs holds 'A' twice in one pair"),
        ("[decomposition]\npairs = [['A', 'B'], ['B', 'A']]\n", r"pairs holds 'B' and 'A' twice"),
        ("[decomposition]\npairs = [['A', 'B'], ['A', 'B']]\n", r"pairs holds 'A' and 'B' twice"),
        ("[coding]\nfolder = ['x']\n", r"unknown \[coding\] key 'folder', did you mean 'folders'"),
        ("[coding]\nfolders = [5]\n", "coded must hold names in quotation marks"),
        ("[checks]\nmixes = true\n", r"unknown \[checks\] key 'mixes', did you mean 'mixed'"),
        ("[checks]\nmixed = 1\n", "mixed is 1, not a bool"),
        ("[events]\nfiles = 'x'\n", r"unknown \[events\] key 'files', did you mean 'file'"),
        ("[events]\nfile = 'nowhere.toml'\n", r"no file of events .*nowhere\.toml"),
        ("[event]\nname = 'Summit'\n", r"events are written as tables, each under \[\[event\]\]"),
        ("[[event]]\nname = 'Summit'\n", r"\[\[event\]\] number 1 has no 'date'"),
        (EVENT + "moths = 3\n", r"unknown \[\[event\]\] key 'moths', did you mean 'months'"),
        (EVENT + EVENT, "two events have the name 'Summit'"),
    ],
)
def test_what_cannot_be_inferred_is_refused_with_the_file_s_name(read: Any, text: str, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        read(PAIR + text)
    assert re.match(r"study .*study\.toml: ", str(caught.value))
    assert "\n" not in str(caught.value)


# --- What is refused ---


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", r"the table \[pair\] must name the two countries"),
        ("[pair]\n", r"the table \[pair\] must name the two countries"),
        ("[pair\n", "cannot be read"),
        (PAIR + PAIR, "cannot be read"),
        ('[pair]\ndyad = "USA"\n', "is not two country codes"),
        ('[pair]\ndyad = "USA-RUX"\n', "no country 'RUX'"),
        ('[pair]\ndyad = ["USA", "RUS"]\n', r"dyad is \['USA', 'RUS'\], not a str"),
        ("sed = 1\n" + PAIR, "unknown key 'sed', did you mean 'seed'?"),
        ("mood = 1\n" + PAIR, "unknown key 'mood'; there are: seed, draws, title, banner"),
        (PAIR + "[outlet]\n", r"unknown table 'outlet', did you mean 'outlets'\?"),
        (PAIR + "[mood]\n", "unknown table 'mood'; there are: corpus, pair, outlets"),
        (PAIR + "[surveys]\n", "unknown table 'surveys'"),
        (PAIR + 'diad = "x"\n', r"unknown \[pair\] key 'diad', did you mean 'dyad'\?"),
        (PAIR + "[corpus]\nfolder = 'x'\n", r"unknown \[corpus\] key 'folder'; there are: path"),
        (PAIR + "[outlets]\nincluded = ['x']\n", r"unknown \[outlets\] key 'included', did you mean 'include'"),
        (PAIR + "[period]\nuntil = 2018-01-01\n", r"unknown \[period\] key 'until'"),
        (PAIR + "[scorers]\nmeasure = ['tone']\n", r"unknown \[scorers\] key 'measure', did you mean 'measures'"),
        (PAIR + "[switches]\nvoices = 'own'\n", r"unknown \[switches\] key 'voices', did you mean 'voice'"),
        (PAIR + "[switches]\nvoice = true\n", "voice is True, not a str"),
        (PAIR + "[switches]\nvoice = 'ours'\n", "no voice switch 'ours'; there are: all, own, quoted"),
        (PAIR + "[switches]\ngenre = 'column'\n", "no genre switch 'column'; there are: all, news, opinion"),
        (PAIR + "[switches]\nwhere = '(putin'\n", "character 1: this parenthesis is not closed"),
        (PAIR + "[switches]\nwords = 'no'\n", "words is 'no', not a bool"),
        (PAIR + "[switches]\nwire = true\n", "wire is True, not a str"),
        (PAIR + "[switches]\nwire = 'none'\n", "no wire switch 'none'; there are: all, origin, own"),
        (PAIR + "[minimum]\nstory = 3\n", r"unknown \[minimum\] key 'story', did you mean 'stories'"),
        (PAIR + "[minimum]\ndays = 5\n", r"unknown \[minimum\] key 'days'; there are: articles, stories"),
        (
            PAIR + "[[primary]]\nmeasure = 'tone'\noutlet = 'A'\ntarged = 'RUS'\n",
            r"unknown \[\[primary\]\] key 'targed'",
        ),
        (PAIR + "[[primary]]\nmeasure = 'tone'\n", r"a \[\[primary\]\] comparison has no 'outlet'"),
        (PAIR + "[[primary]]\noutlet = 'A'\n", r"a \[\[primary\]\] comparison has no 'measure'"),
        (PAIR + "[[primary]]\nmeasure = 'mood'\noutlet = 'A'\n", "primary comparison of 'mood'"),
        (PAIR + "[period]\nunit = 'week'\n", "no period 'week'; there are: month, quarter, half, year"),
        (
            PAIR + "[scorers]\nmeasures = ['mood']\n",
            "no scorer 'mood'; there are: attitude, deeds, frames:bilateral, .*, relation, sentiment",
        ),
        (
            PAIR + "[scorers]\nmeasures = ['deeds']\n",
            "reports do not tell 'deeds' yet; there are: attitude, relation, sentiment, subject, tone",
        ),
        (PAIR + "[scorers]\nmeasures = ['tone', 'tone']\n", "measures are named twice: tone, tone"),
        (PAIR + "[scorers]\ncost = 'heavy'\n", "has no cost 'heavy'; there are: encoder, light"),
        (PAIR + "[minimum]\narticles = 1\n", r"study\.toml: minimum_articles is 1; it must be from 2 to 1000000$"),
        (PAIR + "[minimum]\nstories = 0\n", "minimum_stories is 0; it must be from 2 to 1000000$"),
        (PAIR + "[minimum]\narticles = 1000001\n", "minimum_articles is 1000001; it must be from 2 to 1000000$"),
        ("draws = 99\n" + PAIR, "draws is 99; it must be from 100 to 20000$"),
        ("draws = 20001\n" + PAIR, "draws is 20001; it must be from 100 to 20000$"),
        ("seed = -1\n" + PAIR, "seed is -1; it must be from 0 to "),
        (
            PAIR + "[scorers]\nmeasures = []\n",
            "the study measures nothing; there are: attitude, relation, sentiment, subject, tone",
        ),
        (PAIR + "[scorers]\nmeasures = ['subject']\n", "'subject' alone makes no study"),
        (PAIR + "[[primary]]\nmeasure = 'subject'\noutlet = 'A'\n", "'subject', which is described and not tested"),
        (PAIR + "[period]\nfrom = 2019-01-01\nto = 2018-01-01\n", "begins on 2019-01-01 and ends before that"),
    ],
)
def test_a_study_that_cannot_be_meant_is_refused(read: Any, text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read(text)


WRONG = {int: '"1"', str: "1", list: '"A"', dict: '"A"', bool: "1", dt.date: '"2018-01-01"'}


@pytest.mark.parametrize(
    ("table", "key", "field"), [(table, key, field) for table, keys in KEYS.items() for key, field in keys.items()]
)
def test_a_value_of_the_wrong_kind_is_refused_for_every_key(read: Any, table: str, key: str, field: str) -> None:
    line = f"{key} = {WRONG[TYPES[field]]}\n"
    if table == "pair":
        text = f"[pair]\n{line}"
    elif table:
        text = PAIR + f"[{table}]\n{line}"
    else:
        text = line + PAIR
    with pytest.raises(InputError, match=f"{field} is .*, not a "):
        read(text)


@pytest.mark.parametrize("line", ["seed = true", "draws = false", "seed = 1.5"])
def test_a_truth_or_a_fraction_is_no_number(read: Any, line: str) -> None:
    with pytest.raises(InputError, match=r"is .*, not a int"):
        read(f"{line}\n{PAIR}")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("primary = ['A']\n" + PAIR, id="primary is a list of names"),
        pytest.param(PAIR + "[primary]\nmeasure = 'tone'\noutlet = 'A'\n", id="primary is one table"),
        pytest.param("[[pair]]\ndyad = 'USA-RUS'\n", id="pair is a list of tables"),
    ],
)
def test_a_table_of_the_wrong_shape_is_refused(read: Any, text: str) -> None:
    with pytest.raises(InputError, match=r"study\.toml"):
        read(text)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("primary = 5\n" + PAIR, id="primary is a number"),
        pytest.param(PAIR + "[[primary]]\nmeasure = ['tone']\noutlet = 'A'\n", id="a measure is a list"),
        pytest.param(PAIR + "[[primary]]\nmeasure = 'tone'\noutlet = 5\n", id="an outlet is a number"),
        pytest.param(PAIR + "[[primary]]\nmeasure = 'tone'\noutlet = 'A'\ntarget = 5\n", id="a target is a number"),
        pytest.param(PAIR + "[outlets]\ninclude = [5]\n", id="outlets are numbers"),
        pytest.param(PAIR + "[outlets]\nmerge = {A = 5}\n", id="an outlet is merged into a number"),
        pytest.param(PAIR + "[scorers]\nmeasures = [5]\n", id="measures are numbers"),
        pytest.param(PAIR + "[scorers]\nmeasures = [['tone']]\n", id="measures are lists"),
        pytest.param(PAIR + "[period]\nfrom = 2018-01-01T00:00:00\n", id="a day is a time"),
        pytest.param(PAIR + "[scorers]\nmeasures = []\n", id="no measure at all"),
        pytest.param("seed = -1\n" + PAIR, id="a seed below 0"),
    ],
)
def test_what_has_no_meaning_is_refused_with_the_file_s_name(read: Any, text: str) -> None:
    with pytest.raises(InputError, match=r"^study .*study\.toml: "):
        read(text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("primary = 5\n" + PAIR, r"declared comparisons are written as tables, each under \[\[primary\]\]"),
        (PAIR + "[[primary]]\nmeasure = ['tone']\noutlet = 'A'\n", r"\[\[primary\]\] measure is \['tone'\], not a str"),
        (PAIR + "[outlets]\ninclude = ['A', 5]\n", "outlets must hold names in quotation marks, not "),
        (PAIR + "[outlets]\nmerge = {A = 5}\n", "merge must hold names in quotation marks, not "),
        (PAIR + "[period]\nfrom = 2018-01-01T00:00:00\n", "since is .*, not a date"),
    ],
)
def test_what_has_no_meaning_is_refused_with_its_reason(read: Any, text: str, says: str) -> None:
    with pytest.raises(InputError, match=says):
        read(text)


@pytest.mark.parametrize("name", ["minimum_articles", "minimum_stories", "draws"])
def test_the_bounds_hold_for_a_study_made_in_code_too(name: str) -> None:
    with pytest.raises(InputError, match=f"^{name} is 1; it must be from "):
        Study(("RUS", "USA"), **{name: 1})


def test_a_declared_comparison_has_the_study_s_reference_unless_it_names_another(read: Any) -> None:
    text = PAIR + "[outlets]\nreference = 'B'\n[[primary]]\nmeasure = 'tone'\noutlet = 'A'\n"
    assert read(text).primary == (Primary("tone", "A", reference="", target=""),)
    assert read(text + "reference = 'rest'\n").primary[0].reference == "rest"


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no study file .*nowhere\.toml"):
        read_study(tmp_path / "nowhere.toml")


def test_a_folder_or_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be read"):
        read_study(tmp_path)
    (tmp_path / "study.toml").write_bytes(b'title = "Gen\xe8ve"\n')
    with pytest.raises(InputError, match="cannot be read"):
        read_study(tmp_path / "study.toml")


def test_errors_that_study_itself_finds_name_the_file_too(read: Any) -> None:
    with pytest.raises(InputError, match=r"^study .*study\.toml: no period 'week'"):
        read(PAIR + "[period]\nunit = 'week'\n")


def test_errors_of_a_file_name_the_file(read: Any) -> None:
    with pytest.raises(InputError, match=r"^study .*study\.toml: unknown key 'mood'"):
        read("mood = 1\n" + PAIR)
