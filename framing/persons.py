"""Persons: whether a name stands for a country here, by office, by who was named before, by what stands beside it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from framing.gazetteer import Entry, Gazetteer, Leader

WORD_BEFORE = re.compile(r"([\w.'-]*\w\.?) $")
WORD_AFTER = re.compile(r" ([A-Z]\w+)")
# Titles before a name, by the office they belong to.
TITLES = {
    "head of state": "President|King|Queen|Emir|Sultan|Emperor|Pope|Supreme Leader|Ayatollah|president",
    "head of government": "Prime Minister|Premier|Chancellor|Taoiseach|PM|prime minister|chancellor|premier",
    "foreign minister": "Foreign Minister|Foreign Secretary|Secretary of State|Secretary|FM|foreign minister|"
    "foreign secretary",
    "": "Minister|Prince|Princess|Leader|leader|Chairman|Marshal|General|Gen\\.|Col\\.",
}
OFFICE = re.compile("(?:" + "|".join(TITLES.values()) + ") $")
OFFICES_BY_TITLE = [(office, re.compile(f"(?:{titles}) $")) for office, titles in TITLES.items() if office]
# A former or a deputy holder of the office is not its holder.
NOT_THE_OFFICE = re.compile(r"(?:[Ff]ormer|[Ee]x-?|[Ll]ate|[Vv]ice|[Dd]eputy|elder) ?(?:U\.S\. |US )?\w+(?: \w+)? $")
COURTESY = frozenset(
    [
        "Mr",
        "Mr.",
        "Mrs",
        "Mrs.",
        "Ms",
        "Ms.",
        "Dr",
        "Dr.",
        "Sir",
        "Lord",
        "Lady",
        "Sen.",
        "Rep.",
        "Gov.",
        "Judge",
        "Justice",
        "Senator",
        "Congressman",
    ]
)
# Words that stand in capitals before a name because they open a sentence or a headline.
OPENING_WORDS = """
But And When While If As After Before The Did Will Has Is Can Why How What Then That Though Although Because
Since Until With For From In On At By To Of Like Unlike Under Even Only Both Yet So Or Not No Would Could
Should Does Do Was Were Are Have Had Today Yesterday Monday Tuesday Wednesday Thursday Friday Saturday
Sunday Where Who Meanwhile
"""
OPENERS = frozenset(OPENING_WORDS.split())
MONTH_BEFORE = re.compile(r"\b(?:in|since|until|by|last|next|this|of|early|late|mid|from|on|\d{1,2})[ -]$")


@dataclass
class Persons:
    """Who has been named in full so far: a surname by itself means the last of them who bears it."""

    by_surname: dict[str, Leader | None] = field(default_factory=dict)

    def meet(self, leader: Leader) -> None:
        """A leader is named in full."""
        for surname in leader.surnames:
            self.by_surname[surname] = leader


def word_before(text: str, start: int) -> str:
    """The word right before a place; empty at the start of a sentence."""
    match = WORD_BEFORE.search(text, max(0, start - 40), start)
    return match[1] if match else ""


def leader_country(
    entry: Entry,
    text: str,
    start: int,
    end: int,
    published: dt.date | None,
    persons: Persons,
    gazetteer: Gazetteer,
) -> str | None:
    """The country that a person's name stands for here, if any."""
    if re.match(r",? (?:Jr\b|Sr\b|I{2,3}\b)", text[end : end + 5]):
        return None
    if entry.form == "May" and (
        MONTH_BEFORE.search(text, max(0, start - 10), start) or text[end : end + 2].strip().isdigit()
    ):
        return None
    if entry.kind == "leader":
        in_office = [leader for leader in entry.leaders if leader.country(published)]
        leader = (in_office or list(entry.leaders))[-1]
        persons.meet(leader)
        return None if re.search(r"\b[Ee]lder $", text[max(0, start - 7) : start]) else leader.country(published)
    if _is_somebody_else(entry, text, start, end, gazetteer):
        return None
    countries = {c for leader in _meant(entry, text, start, published, persons) if (c := leader.country(published))}
    return countries.pop() if len(countries) == 1 else None


def _is_somebody_else(entry: Entry, text: str, start: int, end: int, gazetteer: Gazetteer) -> bool:
    """Whether a surname stands in the name of another person ("Ivanka Trump", "Kim Yo Jong")."""
    word = word_before(text, start)
    own = {part for leader in entry.leaders for part in leader.name.split()}
    if word in COURTESY or word in own:
        return False
    if word in gazetteer.given_names or re.fullmatch(r"[A-Z]\.", word):
        return True
    if any(leader.alone for leader in entry.leaders):
        return False
    after = WORD_AFTER.match(text, end)
    if after and after[1] not in gazetteer.entries and not text[start:end].isupper():
        return True
    is_name = word[:1].isupper() and not word.isupper() and word not in OPENERS
    return is_name and not OFFICE.search(text, max(0, start - 24), start) and word not in gazetteer.entries


def _meant(entry: Entry, text: str, start: int, published: dt.date | None, persons: Persons) -> Sequence[Leader]:
    """The leaders whom a surname by itself may mean here."""
    form = entry.form.title() if entry.form.isupper() else entry.form
    if OFFICE.search(text, max(0, start - 24), start):
        if NOT_THE_OFFICE.search(text, max(0, start - 40), start):
            return []
        for office, titles in OFFICES_BY_TITLE:
            holders = [leader for leader in entry.leaders if leader.holds(office, published)]
            if holders and titles.search(text, max(0, start - 24), start):
                return holders
        return entry.leaders
    known = persons.by_surname.get(form)
    return [known] if known else [leader for leader in entry.leaders if leader.alone]


def note_stranger(entry: Entry, persons: Persons) -> None:
    """Remember that somebody who is no leader bears the surname."""
    if entry.rule == "person":
        surname = re.sub(r",? (?:Jr|Sr)\.?$", "", entry.form).split()[-1]
        persons.by_surname.setdefault(surname, None)
