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
        r"Joint Chiefs|(?:Trump|Clinton|Obama|Romney|Biden) campaign)(?!\w)"
    ),
    "RUS": re.compile(r"\b(?:Kremlin|Duma|FSB|GRU|Federation Council)\b"),
}
VICE_PRESIDENT = re.compile(r"\bvice[- ]president\b", re.IGNORECASE)
FORMER_PRESIDENT = re.compile(r"\b(?:former|ex-|then-?) ?(?:U\.S\. |US |American |Russian )?president\b", re.IGNORECASE)


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[str, re.Pattern[str]], ...]:
    data = tomllib.loads(files("framing").joinpath("data", "roles.toml").read_text(encoding="utf-8"))
    found = []
    for role, table in data.items():
        parts = []
        for word in (w.strip() for w in table["words"].replace("\n", " ").split(",") if w.strip()):
            stem = re.escape(word.rstrip("*")) + (r"\w*" if word.endswith("*") else "")
            # A word in capitals is a name or an abbreviation, and is matched as it stands.
            parts.append(stem if word[:1].isupper() else f"(?i:{stem})")
        found.append((role, re.compile(rf"(?<!\w)(?:{'|'.join(sorted(parts, key=len, reverse=True))})(?!\w)")))
    return tuple(found)


@lru_cache(maxsize=20_000)
def role_of(description: str) -> str:
    """The role that a description tells, by the first of its words that names one; empty where none does.

    >>> role_of("a professor at the military academy"), role_of("Russian Foreign Minister"), role_of("a plumber")
    ('expert', 'government', '')
    """
    if VICE_PRESIDENT.search(description):
        return "government"
    found = [
        (m.start(), k, role) for k, (role, pattern) in enumerate(_patterns()) if (m := pattern.search(description))
    ]
    role = min(found)[2] if found else ""
    # Out of office one is a politician.
    return "politician" if role == "head-of-state" and FORMER_PRESIDENT.search(description) else role


def is_name_of(role: str, name: str) -> bool:
    """Whether a name is that of an organisation of a role: "BuzzFeed" is of the media, and no person."""
    return any(pattern.search(name) for known, pattern in _patterns() if known == role)


def country_by_office(description: str) -> str:
    """The country whose office a description names without the country, or empty.

    >>> country_by_office("Sen. Marco Rubio"), country_by_office("the Kremlin's spokesman"), country_by_office("a fan")
    ('USA', 'RUS', '')
    """
    return next((country for country, pattern in OFFICES_OF.items() if pattern.search(description)), "")
