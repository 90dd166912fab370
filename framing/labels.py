"""Labels: where a country's name only tells one affair from another ("the Russia probe"), and is no mention.

A demonym is not touched: "the Russian investigation" is one by Russia. The nouns are in `framing/data/label-nouns.csv`,
each with the countries it holds for; the rule and its evidence are in docs/measures/countries.md.
"""

from __future__ import annotations

import csv
import re
from functools import lru_cache
from importlib.resources import files

# Names that serve as adjectives: "the US investigation" is one by the United States.
ADJECTIVAL = frozenset(["ARE", "GBR", "HKG", "MAC", "NZL", "PRI", "USA"])
# Words that may stand between the name and the noun. "Meddling", "interference" and "hacking" may not: they are deeds
# of the country, and the name means it.
MODIFIERS = (
    "congressional", "conspiracy", "counter-intelligence", "counterintelligence", "criminal", "election", "FBI",
    "impeachment", "Mueller", "related", "Senate", "Trump",
)  # fmt: skip
# Before a noun that is also a verb: "the Russia probes", "Trump's Ukraine call", and not "Russia probes a fire".
NOUN_BEFORE = re.compile(
    r"(?:\b(?:[Tt]he|[Tt]his|[Tt]hat|[Tt]hese|[Tt]hose|an?|of|[Hh]is|Trump|whole|\w+'s)[ /]|[-–/])$"
)


def is_label(country: str, text: str, start: int, end: int) -> bool:
    """Whether a country's name only labels an affair here.

    Args:
        country: The code that the name stands for.
        text: Text with plain apostrophes and spaces.
        start: First character of the name.
        end: One past the last.

    >>> is_label("RUS", "The Russia probe goes on.", 4, 10), is_label("RUS", "The Russia sanctions stay.", 4, 10)
    (True, False)
    """
    if country in ADJECTIVAL or text[end : end + 1] not in (" ", "-", "–", "/"):
        return False
    anywhere, after = _patterns(country)
    if anywhere.match(text, end):
        return True
    return bool(after.match(text, end)) and bool(NOUN_BEFORE.search(text, max(0, start - 20), start))


@lru_cache(maxsize=512)
def _patterns(country: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    text = files("framing").joinpath("data", "label-nouns.csv").read_text(encoding="utf-8")
    nouns: dict[str, list[str]] = {"": [], "after": [], "joined": []}
    for row in csv.DictReader(text.splitlines()):
        if not row["countries"] or country in row["countries"].split(";"):
            nouns[row["rule"]].append(row["noun"])
    modified = rf"(?:[-–/ ](?:{_any(MODIFIERS)})){{0,2}}"
    return (
        re.compile(rf"(?:{modified}[-–/ ](?:{_any(nouns[''])})|[-–](?:{_any(nouns['joined'])}))(?!\w)", re.IGNORECASE),
        re.compile(rf"{modified}[-–/ ](?:{_any(nouns['after']) or '(?!)'})(?!\w)", re.IGNORECASE),
    )


def _any(words: list[str] | tuple[str, ...]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
