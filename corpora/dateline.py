"""Datelines: the place, and often the agency, that stand before the first sentence."""

from __future__ import annotations

import re
from typing import NamedTuple

from corpora.agency import AGENCIES, OWN_NAME, agency_name, known_agency

MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]*\.?"
# Months as English, Spanish, French, Italian, Portuguese and German begin them.
ANY_MONTH = (
    r"(?i:jan|gen|ene|feb|fév|fev|mar|mär|apr|abr|avr|may|mai|mag|jun|jui|giu|jul|lug|aug|ago|aoû|sep|set|oct|okt|ott|"
    r"out|nov|dec|dez|dic|déc)[^\W\d]*\.?"
)
# March 5; March 5, 2018; 5 mar; 5 MAR 2018
DAY = rf"(?:,? (?:{MONTH} \d{{1,2}}(?:, \d{{4}})?|\d{{1,2}} {ANY_MONTH}(?: \d{{4}})?))?"
# At most four: without an end, a rule of sixty hyphens can be parted in more ways than can be tried.
DASH = r"[-–—]{1,4}"
PLACE = r"[A-Z][A-Z'’.\-]{2,}(?:[ /][A-Z][A-Z'’.\-]+){0,4}(?:, [A-Z][A-Za-z.]+(?: [A-Z][a-z.]+)?)?"
ANY_CASE = r"[A-Z][\w'’.\-]+(?: [A-Z][\w'’.\-]+){0,2}(?:, [A-Z][\w.]+)?"
_NAMES = "|".join(re.escape(name) for name in sorted(AGENCIES, key=lambda name: (-len(name), name)))
DATELINES = (
    # MOSCOW, March 5. /TASS/. The ministry ...
    re.compile(rf"^(?P<place>{PLACE}|{ANY_CASE}){DAY}\.? ?/(?P<agency>[A-Z][A-Za-z -]{{1,20}})/\.?(?:\s+|$)"),
    # BRUSSELS — Ambassadors ...; MOSCOW, March 5 (Reuters) - The minister ...
    re.compile(rf"^(?P<place>{PLACE}){DAY}(?: ?[\[(](?P<agency>[^()\[\]]{{2,30}})[\])])?\s*(?P<dash>{DASH})\s+(?=\S)"),
    # Paris / AFP - The court ...
    re.compile(rf"^(?P<place>{PLACE}|{ANY_CASE}) ?/ ?(?P<agency>(?i:{_NAMES})) ?(?P<dash>{DASH})\s+(?=\S)"),
    # (ANSA) - ROME, MARCH 5 - The court ...
    re.compile(
        rf"^\((?P<agency>(?i:{_NAMES}))\)\s*(?P<dash>{DASH})\s*"
        rf"(?P<place>{PLACE}|{ANY_CASE}){DAY}\s*{DASH}\s+(?=\S)"
    ),
    # Moscow (AFP) - The court ...; (Reuters) - The bank ...; Washington (CNN) The senator ...;
    # Madrid, 5 mar (EFE).- The court ...; Berlin (dpa/tmn) - The court ...
    re.compile(
        rf"^(?:(?P<place>{ANY_CASE}){DAY})? ?"
        rf"\((?P<agency>[A-Z][A-Za-z /]{{1,20}}|dpa(?:[/-]\w+)?)\)\s*\.?(?P<dash>{DASH})?\s*(?=\S)"
    ),
)
# Words in capitals that open a sentence or a label and are no place: organisations that are in the news, and labels.
NO_PLACE = {
    "ASEAN", "BBC", "BRICS", "CIA", "CNN", "COVID", "COVID-19", "CSTO", "DPRK", "E.U.", "FBI", "FIFA", "FSB", "GOP",
    "IAEA", "ICBM", "ICC", "IMF", "INF", "INTERPOL", "ISIL", "ISIS", "NAFTA", "NASA", "NATO", "NORAD", "OECD", "OPCW",
    "OPEC", "OSCE", "SWIFT", "U.K.", "U.N.", "U.S.", "UEFA", "UNESCO", "UNHCR", "UNICEF", "USA", "USAID", "USSR",
    "WADA", "WTO", "ANALYSIS", "BREAKING", "CLOSE", "COMMENT", "CORRECTION", "EDITORIAL", "EXCLUSIVE", "FACTBOX",
    "FILE", "LIVE", "MORE", "NOTE", "OPINION", "PHOTOS", "READ", "UPDATE", "UPDATED", "VIDEO", "WATCH",
}  # fmt: skip


class Dateline(NamedTuple):
    """What stands before the first sentence, and the paragraph without it."""

    place: str
    agency: str
    rest: str


def find_dateline(paragraph: str) -> Dateline | None:
    """The dateline at the head of a paragraph, or None.

    >>> find_dateline("MOSCOW, March 5 (Reuters) - The talks go on.")
    Dateline(place='MOSCOW', agency='Reuters', rest='The talks go on.')
    >>> find_dateline("OPEC - the cartel of oil states - will not move.") is None
    True
    """
    for pattern in DATELINES:
        match = pattern.match(paragraph)
        if match and _is_dateline(match, paragraph[match.end() :]):
            place = (match["place"] or "").strip(" ,")
            return Dateline(place, agency_name(match["agency"] or ""), paragraph[match.end() :])
    return None


def _is_dateline(match: re.Match[str], rest: str) -> bool:
    place, agency = match["place"] or "", (match["agency"] or "").lower()
    known = bool(known_agency(agency)) or agency in OWN_NAME
    if known and ("dash" not in match.groupdict() or match["dash"]):
        return True
    # A dateline opens a sentence. After "UNESCO — its seat" or "The Associated Press (AP) said" one goes on.
    if rest[:1].islower():
        return False
    capitals = place.split(",")[0].isupper() and place.split()[0].strip(",") not in NO_PLACE
    return known or (capitals and (bool(agency) or len(place) >= 4))
