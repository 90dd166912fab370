"""Gazetteer: the names of countries and of those who speak for them, read from `framing/data`.

Four tables: `names.csv` (names, demonyms, capitals, metonyms), `leaders.csv` (with dates of office),
`blockers.csv` (phrases in which a country's name means something else) and `context.toml` (what must stand
around a name that is also a person's, a town's or a state's). Each row has its source.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
import tomllib
from dataclasses import dataclass, field, replace
from functools import lru_cache
from importlib.resources import files

KINDS = ("country", "demonym", "capital", "metonym", "leader")
# A vice president, a defence minister or a crown prince is in the table so that the name is known, and is no mention.
OFFICES = frozenset({"head of state", "head of government", "foreign minister"})
# Titles that stand in printed names and are no part of a mention.
TITLES = frozenset(
    [
        "King",
        "Queen",
        "Emperor",
        "Sultan",
        "Emir",
        "Sheikh",
        "Ayatollah",
        "Pope",
        "Prince",
        "Princess",
        "Crown",
        "Grand",
        "Duke",
        "Imam",
        "Marshal",
        "President",
        "Prime",
        "Minister",
        "General",
        "Colonel",
        "Chancellor",
        "Premier",
        "The",
        "Mullah",
        "Sayyid",
        "Sir",
        "Lord",
        "Mr.",
        "Mrs.",
    ]
)
FIRST_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Term:
    """One term of office: who stood for which country from when to when (None: still in office)."""

    country: str
    office: str
    since: dt.date
    until: dt.date | None

    def covers(self, day: dt.date | None) -> bool:
        """Whether the term covers a day; without a day every term does."""
        return day is None or (self.since <= day and (self.until is None or day <= self.until))


@dataclass(slots=True)
class Leader:
    """A person with all terms of office; `alone` says whether the surname by itself means this person."""

    name: str
    alone: bool
    surnames: tuple[str, ...]
    terms: list[Term] = field(default_factory=list)

    def country(self, day: dt.date | None) -> str | None:
        """Country the person stands for on a day, or None out of an office that speaks for it."""
        return next((t.country for t in self.terms if t.office in OFFICES and t.covers(day)), None)

    def holds(self, office: str, day: dt.date | None) -> bool:
        """Whether the person holds an office on a day."""
        return any(t.office == office and t.covers(day) for t in self.terms)


@dataclass(frozen=True, slots=True)
class Entry:
    """What a printed form may mean. `kind` is a mention's kind, `surname`, or `blocker`."""

    form: str
    kind: str
    country: str = ""
    rule: str = ""
    leaders: tuple[Leader, ...] = ()


@dataclass(frozen=True, slots=True)
class Context:
    """Words that speak for and against a country where its name is ambiguous, compiled."""

    support: re.Pattern[str]
    against: re.Pattern[str]
    default: bool


@dataclass(frozen=True)
class Gazetteer:
    """Entries by their first word, the longest form first; `capitals` is the same for lines in capitals."""

    entries: dict[str, tuple[Entry, ...]]
    capitals: dict[str, tuple[Entry, ...]]
    contexts: dict[str, Context]
    given_names: frozenset[str]


@lru_cache(maxsize=1)
def load_gazetteer() -> Gazetteer:
    """The shipped gazetteer, read once."""
    entries: dict[str, Entry] = {}
    for row in _rows("names.csv"):
        form = row["name"].removesuffix("-") if row["rule"] == "prefix" else row["name"]
        entries.setdefault(form, Entry(form, row["kind"], row["country"], row["rule"]))
    leaders = _leaders()
    for leader in leaders:
        for form in leader.surnames:
            _add_leader(entries, form, "surname", leader)
    given_names = set(files("framing").joinpath("data", "given-names.txt").read_text(encoding="utf-8").split())
    for form, leader in _full_names(leaders):
        _add_leader(entries, form, "leader", leader)
        given_names.add(form.split()[0])
    for row in _rows("blockers.csv"):
        entries.setdefault(row["phrase"], Entry(row["phrase"], "blocker", rule=row["kind"]))
        if row["kind"] == "person":
            given_names.add(row["phrase"].split()[0])
    shouted = {form.upper(): replace(e, form=form.upper()) for form, e in entries.items() if len(form) > 3}
    given = frozenset(name for name in given_names - TITLES if name not in entries or name in ("Kim", "Jordan", "Chad"))
    return Gazetteer(_by_first_word(entries), _by_first_word(shouted), _contexts(), given)


def _by_first_word(entries: dict[str, Entry]) -> dict[str, tuple[Entry, ...]]:
    by_word: dict[str, list[Entry]] = {}
    for entry in entries.values():
        if match := FIRST_WORD.match(entry.form):
            by_word.setdefault(match[0], []).append(entry)
    return {word: tuple(sorted(found, key=lambda e: (-len(e.form), e.form))) for word, found in by_word.items()}


def country_codes() -> tuple[str, ...]:
    """Every code the gazetteer knows, sorted."""
    return tuple(sorted({row["country"] for row in _rows("names.csv")}))


def country_name(code: str) -> str:
    """English short name of a country as a reader expects it.

    >>> country_name("RUS"), country_name("USA")
    ('Russia', 'United States')
    """
    return _short_names()[code]


def demonyms(code: str) -> list[str]:
    """Words for a country's people and things, as the gazetteer has them, prefixes left out.

    >>> demonyms("CHN")
    ['Chinese']
    """
    rows = (row for row in _rows("names.csv") if row["country"] == code and row["kind"] == "demonym")
    return [row["name"] for row in rows if row["rule"] != "prefix"]


@lru_cache(maxsize=1)
def _short_names() -> dict[str, str]:
    return {row["country"]: row["name"] for row in _rows("names.csv") if row["short"]}


def _rows(name: str) -> list[dict[str, str]]:
    text = files("framing").joinpath("data", name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def _leaders() -> list[Leader]:
    by_name: dict[tuple[str, str], Leader] = {}
    for row in _rows("leaders.csv"):
        leader = by_name.setdefault(
            (row["country"], row["name"]),
            Leader(row["name"], row["alone"] == "yes", tuple(filter(None, row["surname"].split(";")))),
        )
        until = dt.date.fromisoformat(row["until"]) if row["until"] else None
        leader.terms.append(Term(row["country"], row["office"], dt.date.fromisoformat(row["since"]), until))
    return list(by_name.values())


def _full_names(leaders: list[Leader]) -> list[tuple[str, Leader]]:
    rows = {(row["country"], row["name"]): row["variants"] for row in _rows("leaders.csv")}
    by_name = {(leader.terms[0].country, leader.name): leader for leader in leaders}
    return [
        (form, by_name[key])
        for key, variants in rows.items()
        for form in (_without_title(written) for written in (key[1], *variants.split(";")))
        if " " in form or "-" in form or (form and form not in by_name[key].surnames)
    ]


def _without_title(form: str) -> str:
    words = form.split()
    while len(words) > 1 and words[0] in TITLES:
        words = words[1:]
    return " ".join(words)


def _add_leader(entries: dict[str, Entry], form: str, kind: str, leader: Leader) -> None:
    known = entries.get(form)
    if known is None:
        entries[form] = Entry(form, kind, leaders=(leader,))
    elif known.kind == kind and leader not in known.leaders:
        entries[form] = Entry(form, kind, leaders=(*known.leaders, leader))


def _contexts() -> dict[str, Context]:
    text = files("framing").joinpath("data", "context.toml").read_text(encoding="utf-8")
    return {
        name: Context(_words(table["for"]), _words(table["against"]), bool(table.get("default", False)))
        for name, table in tomllib.loads(text).items()
    }


def _words(words: list[str]) -> re.Pattern[str]:
    if not words:
        return re.compile(r"(?!)")  # matches nothing
    return re.compile(
        r"(?<!\w)(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + r")(?!\w)"
    )
