"""Roles: in what capacity somebody speaks, by the words that describe him."""

from __future__ import annotations

import re
import tomllib
from functools import lru_cache
from importlib.resources import files

ROLES = (
    "head-of-state", "government", "military", "legislature", "opposition", "politician", "expert", "media", "business",
    "public", "anonymous-official",
)  # fmt: skip
# Roles that speak for their state.
OFFICIAL = frozenset({"head-of-state", "government", "military", "legislature", "anonymous-official"})
# Offices of one country, which its own media name without it.
OFFICES_OF = {
    "USA": re.compile(
        r"\b(?:Senators?|Sens?\.|Congress(?:man|woman|men)?|Reps?\.|Republicans?|Democrats?|Democratic|GOP|White House|"
        r"State Department|Pentagon|FBI|CIA|NSA|Justice Department|Homeland Security|Treasury|[Ss]pecial [Cc]ounsel|"
        r"House (?:Intelligence|Judiciary|Foreign|Speaker|Majority|Minority)|Attorney General|attorney general|"
        r"Joint Chiefs|[DR]-(?!Day)[A-Z]\w*|(?:Trump|Clinton|Obama|Romney|Biden) campaign)(?!\w)"
    ),
    "RUS": re.compile(r"\b(?:Kremlin|Duma|FSB|GRU|Federation Council)\b"),
}
FORMER_PRESIDENT = re.compile(r"\b(?:former|ex-|then-?) ?(?:U\.S\. |US |American |Russian )?president\b", re.IGNORECASE)
# Characters of a description that are read: what says more is no description, and an article may be made to harm.
LONGEST = 300
# A president, or his deputy, is told by what he presides over: "president of the steelworkers' union".
PRESIDENT = re.compile(
    r"\b(?P<vice>vice[- ])?president"
    r"(?: (?:of|(?<=vice.president )(?:for|at)|and(?= (?:chief|CEO|(?:co-)?founder|owner)))\b"
    r"(?P<over>(?:(?!\b(?:and|who|which|in|with|during|on|at|after)\b)[^,;])*))?",
    re.IGNORECASE,
)
# "Senior vice president for policy at the Berg Institute".
AT_A_BODY = re.compile(r"[^,;]*?\bat (?:the )?(?=[A-Z])(?P<body>[^,;]+)")
FIRM_S_VICE = re.compile(r"\b(?:executive|senior|assistant|group|regional) vice[- ]president\b", re.IGNORECASE)
# Whose somebody is: of "President Berg's former lawyer" it is the lawyer who is described.
WHOSE = re.compile(r"(?:(?!\b(?:of|for|at|in|on|with|to|from|by|who|and)\b)[^,;])*?\w['’]s?\s+(?=\S)")
# Where the possessor says more: "the Senate's top Republican", "the ministry's point man".
PARTISAN = re.compile(r"(?:[\w-]+ )*?(?:Democrat|Republican)s?\b")
MAN = re.compile(r"(?:[\w-]+ ){0,2}(?:wo)?m[ae]n\b")


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, tuple[re.Pattern[str], re.Pattern[str] | None]], ...]:
    data = tomllib.loads(files("framing").joinpath("data", "roles.toml").read_text(encoding="utf-8"))
    return tuple(
        (role, (_pattern(table["words"]), _pattern(table["otherwise"]) if "otherwise" in table else None))
        for role, table in data.items()
    )


def _pattern(words: str) -> re.Pattern[str]:
    parts = []
    for word in (w.strip() for w in words.replace("\n", " ").split(",") if w.strip()):
        stem = re.escape(word.rstrip("*")) + (r"\w*" if word.endswith("*") else "")
        # A word in capitals is a name or an abbreviation, and is matched as it stands.
        parts.append(stem if word[:1].isupper() else f"(?i:{stem})")
    return re.compile(rf"(?<!\w)(?:{'|'.join(sorted(parts, key=len, reverse=True))})(?!\w)")


@lru_cache(maxsize=20_000)
def role_of(description: str) -> str:
    """The role that a description tells, by the first of its words that names one; empty where none does.

    >>> role_of("a professor at the military academy"), role_of("Russian Foreign Minister"), role_of("a cat")
    ('expert', 'government', '')
    >>> role_of("the founder of a think tank"), role_of("the founder of Berg Brothers"), role_of("a minister's driver")
    ('expert', 'business', 'public')
    """
    description = description[:LONGEST]
    of_all = _role(description)
    if not (whose := WHOSE.match(description)):
        return of_all
    his = description[whose.end() :]
    role = _role(his)
    vague = (role == "politician" and of_all == "legislature" and PARTISAN.match(his)) or (
        role == "public" and of_all != "head-of-state" and MAN.match(his)
    )
    # "CNN's president" is that of a company.
    return role if role and role != "head-of-state" and not vague else of_all


def _role(description: str) -> str:
    president = PRESIDENT.search(description)
    if president and (president["vice"] or _first(description) == "head-of-state"):
        body = AT_A_BODY.match(description, president.end()) if president["vice"] else None
        over = (_role(body["body"]) if body else "") or _role(president["over"] or "")
        if over:
            return over
        if president["vice"]:
            return "business" if FIRM_S_VICE.search(description) else "government"
    role = _first(description)
    # Out of office one is a politician.
    return "politician" if role == "head-of-state" and FORMER_PRESIDENT.search(description) else role


def _first(description: str) -> str:
    """The role of the first word that tells one, of two at one place the longer; else of one that does so otherwise."""
    for part in (0, 1):
        found = [
            (match.start(), -match.end(), number, role)
            for number, (role, patterns) in enumerate(_patterns())
            if (pattern := patterns[part]) is not None and (match := pattern.search(description))
        ]
        if found:
            return min(found)[3]
    return ""


def is_name_of(role: str, name: str) -> bool:
    """Whether a name is that of an organisation of a role: "BuzzFeed" is of the media, and no person."""
    return any(patterns[0].search(name) for known, patterns in _patterns() if known == role)


def country_by_office(description: str) -> str:
    """The country whose office a description names without the country, or empty.

    >>> country_by_office("Sen. Marco Rubio"), country_by_office("the Kremlin's spokesman"), country_by_office("a fan")
    ('USA', 'RUS', '')
    """
    return next((country for country, pattern in OFFICES_OF.items() if pattern.search(description)), "")
