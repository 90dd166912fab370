"""Credits: which agency an article says that its text is from, in the byline, the dateline or at the foot.

That a politician "told Reuters" is no credit: only lines are read that say who wrote.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from corpora.agency import AGENCIES
from corpora.article import Article

_NAMES = "|".join(re.escape(name) for name in sorted(AGENCIES, key=lambda name: (-len(name), name)))
# In the running text of a line only names that are no ordinary words or initials of other things.
_LONG = "|".join(
    re.escape(name) for name in sorted(AGENCIES, key=lambda name: (-len(name), name)) if len(name) > 4 or name == "dpa"
)
NAMED = re.compile(rf"(?<![\w-])(?:the )?({_LONG})(?:['’]s?)?(?![\w-])", re.IGNORECASE)
SHORT = re.compile(r"(?<![\w-])(AP|AFP|EFE|UPI|PTI|IANS|ANI|AAP|TASS|RIA|ANSA|DPA)(?:['’]s?)?(?![\w-])")
# What stands between the authors of a byline: "Jane Roe (Reuters)", "KURT ROE, --(AFP/Reuter)", "Jane Roe for Reuters".
BETWEEN = re.compile(
    rf"\s*(?:[,;|/&()\[\]]|--+|\s[–—-]\s|\band\b|\bwith\b|\bplus\b|\b(?:for|of)\s(?=(?:the )?(?:{_NAMES})\b))\s*",
    re.IGNORECASE,
)
_POST = r"(?: (?:writers?|staff|reporters?|correspondents?|agency|news(?: agency)?))*(?: in [A-Z][\w ]+)?"
OF_AGENCY = re.compile(rf"(?:the |by |from |additional reporting by )?({_NAMES})(?:['’]s?)?{_POST}$", re.IGNORECASE)
# "JANE ROE AP Diplomatic Writer", "JANE ROE Associated Press": no comma, so only names that nothing else bears.
_PLAIN = "Associated Press|Agence France-Presse|United Press International|AP|AFP|UPI|Reuters"
BEHIND_A_NAME = re.compile(
    rf"(?:[^,]+ )?(?:The )?({_PLAIN})(?: (?:[A-Z][\w.]+ ){{0,3}}(?:Writer|Correspondent|Reporter|Editor)s?)?$"
)
# What an author was or says elsewhere, and who took the picture: "Jane Roe, a former correspondent for Reuters".
NO_AUTHOR = re.compile(
    r"\b(?:former(?:ly)?|ex-?|is|was|worked|columnist|author|editor at|photos?|photograph\w*|via|told)\b", re.I
)
AGENCIES_UNNAMED = re.compile(r"(?:.*\b(?:staff|our correspondents?)\b.* )?(?:news )?agencies$", re.IGNORECASE)
STAFF = re.compile(r"\b(?:our|staff|correspondent|web desk|news desk|agencies)\b", re.IGNORECASE)
JOINED = re.compile(r"\b(?:and|with|plus)\s+(?:the )?$", re.IGNORECASE)
# Lines at the foot that name contributors, and lines that say whose text it is.
CONTRIBUTED = re.compile(
    r"\bcontributed\b|^contributing\b|\bcontributing\s*:|\bcontains? (?:material|information)\b|"
    r"\b(?:with|from) (?:additional )?(?:material|information|reporting|files|input|inputs|reports?) (?:from|by)\b|"
    r"^[—–(-]*\s*with (?:agency )?(?:inputs?|reports?)\b|^[—–(-]*\s*with agencies\W*$|"
    r"based in part on|^additional reporting",
    re.IGNORECASE,
)
# Reuters alone signs its reports with both, in brackets, at the foot.
REUTERS_FOOT = re.compile(r"^\(?(?:additional )?(?:reporting|writing) by\b.*\b(?:editing|writing) by\b", re.IGNORECASE)
ALONE = re.compile(
    rf"[\s(\[/—–-]*(?:source\s*:\s*|by )?(?:the )?({_NAMES})(?:\s*/\s*(?:{_NAMES}))*[\s)\]/.]*$", re.IGNORECASE
)
# Behind the last sentence: "... on Monday. (Reuters)", "... on Monday. -AFP".
AT_END = re.compile(rf"[.!?][\"”’']?\s+(?:\(((?i:{_NAMES}))\)|[–—-]{{1,2}}\s?({_PLAIN}|PTI|IANS|TASS|EFE|dpa))\.?$")
# Deutsche Welle's desk: who edited, and the agencies whose texts were used.
DESK = re.compile(rf"\w{{2,4}}(?:/\w{{2,4}})+ \(({_NAMES})(?:, (?:{_NAMES}))*\)$", re.IGNORECASE)
WITH = re.compile(rf"\(?with (?:the )?({_NAMES})\)?\.?$", re.IGNORECASE)
FEED = re.compile(r"\b(?:auto-?generated|published) from an? (?:agency|syndicated|wire)\b.*\bfeed\b", re.IGNORECASE)
# Paragraphs at the end of a body that may still be a credit, and words of one at most.
FOOT, LONGEST = 2, 40
# A byline of more names is a page's list of everybody who had a hand in anything on it, which says nothing.
AUTHORS = 3
UNKNOWN = "unknown"
NAMELESS = re.compile(
    r"\b(?:wire|agency)(?: services?)? reports?\b|\b(?:wire services|news agencies|with agencies)\b", re.IGNORECASE
)


class Credit(NamedTuple):
    """An agency that an article credits.

    Attributes:
        agency: Its name.
        whole: Whether the whole text is the agency's; else it contributed, nobody says how much.
        evidence: Where it is said.
    """

    agency: str
    whole: bool
    evidence: str


def find_credit(article: Article) -> Credit | None:
    """The agency that an article credits, a credit of the whole text before one of a part.

    >>> find_credit(Article("a1", outlet="The Daily", byline="Jane Roe, Associated Press"))
    Credit(agency='AP', whole=True, evidence='byline: Jane Roe, Associated Press')
    >>> line = "The Associated Press contributed to this report."
    >>> find_credit(Article("a1", outlet="The Daily", furniture=line)).whole
    False
    >>> find_credit(Article("a1", outlet="The Daily", body="The minister told Reuters that talks went on.")) is None
    True
    """
    found = [_of_agency(article), _of_byline(article)]
    lines = article.furniture.split("\n") + article.body.split("\n\n")[-FOOT:]
    found += [_of_line(line.strip()) for line in lines if line and len(line.split()) <= LONGEST]
    found.append(_of_end(article.body))
    credits = [credit for credit in found if credit]
    return next((credit for credit in credits if credit.whole), credits[0] if credits else None)


def _of_agency(article: Article) -> Credit | None:
    agency = AGENCIES.get(article.agency.lower(), "")
    if not agency:
        return None
    # Cleaning takes it from a dateline, a source or a copyright line, or the file has a column for it.
    where = f"dateline: {article.dateline} ({article.agency})" if article.dateline else f"credited to {article.agency}"
    return Credit(agency, True, where)


def _of_byline(article: Article) -> Credit | None:
    byline = article.byline
    if NO_AUTHOR.search(byline):
        return None
    agencies, others, joined = [], [], False
    start = 0
    for match in [*BETWEEN.finditer(byline), None]:
        part = byline[start : match.start() if match else len(byline)].strip()
        if named := OF_AGENCY.fullmatch(part) or BEHIND_A_NAME.fullmatch(part):
            agencies.append(AGENCIES[named[1].lower()])
            joined = joined or bool(JOINED.search(byline[:start]))
        elif part:
            others.append(part)
        start = match.end() if match else 0
    if not agencies and (unnamed := AGENCIES_UNNAMED.fullmatch(byline)):
        return Credit(UNKNOWN, "staff" not in unnamed[0].lower(), f"byline: {byline[:100]}")
    if not agencies:
        return None
    own = any(part.lower() in article.outlet.lower() or article.outlet.lower() in part.lower() for part in others)
    # "Jane Roe, Associated Press" names her employer; "Jane Roe and Associated Press", or "Jane Roe, The Daily,
    # Associated Press", names two hands.
    if len(others) > AUTHORS:
        return None
    crowd = own or joined or any(STAFF.search(part) for part in others)
    whole = not (others and (crowd or "additional" in byline.lower()))
    return Credit(agencies[0], whole, f"byline: {byline[:100]}")


def _of_line(line: str) -> Credit | None:
    if alone := ALONE.fullmatch(line):
        return Credit(AGENCIES[alone[1].lower()], True, f"line: {line}")
    if desk := DESK.fullmatch(line) or WITH.fullmatch(line):
        return Credit(AGENCIES[desk[1].lower()], False, f"line: {line}")
    if FEED.search(line):
        return Credit(_named(line) or UNKNOWN, True, f"line: {line[:100]}")
    if CONTRIBUTED.search(line) and (agency := _named(line)):
        return Credit(agency, False, f"line: {line[:100]}")
    if CONTRIBUTED.search(line) and NAMELESS.search(line):
        return Credit(UNKNOWN, False, f"line: {line[:100]}")
    if REUTERS_FOOT.match(line):
        return Credit("Reuters", True, f"signed as Reuters signs: {line[:100]}")
    return None


def _of_end(body: str) -> Credit | None:
    if not (end := AT_END.search(body[-60:])):
        return None
    return Credit(AGENCIES[(end[1] or end[2]).lower()], True, f"at the end: {end[0]}")


def _named(line: str) -> str:
    match = NAMED.search(line) or SHORT.search(line)
    return AGENCIES[match[1].lower()] if match else ""
