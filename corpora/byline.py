"""Bylines: who wrote it."""

from __future__ import annotations

import re

from corpora.agency import AGENCIES

# Capitalised words that follow "By" at the head of a sentence: "By Monday Russia had answered".
NO_NAMES = {
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march",
    "april", "may", "june", "july", "august", "september", "october", "november", "december", "jan", "feb", "mar",
    "apr", "jun", "jul", "aug", "sep", "sept", "oct", "nov", "dec", "spring", "summer", "autumn", "fall",
    "winter", "christmas", "easter", "ramadan", "thanksgiving", "new", "hanukkah", "passover", "noon", "midnight",
    "dawn", "dusk", "now", "then", "the", "a", "an", "this", "that", "these", "those", "his", "her", "its",
    "their", "our", "my", "your", "all", "some", "most", "contrast", "comparison", "law", "way", "virtue", "order",
}  # fmt: skip
# What stands between the capitals of a name, or between a name and its newspaper.
PARTICLES = {
    "al", "and", "bin", "da", "dal", "de", "del", "den", "der", "di", "dos", "du", "el", "la", "le", "ten", "ter",
    "van", "von", "&", "|", "-", "–", "—", "/",
}  # fmt: skip
# What may follow the names in small letters: "for The Daily", "in Moscow".
AFTER_NAMES = {"at", "for", "from", "in", "of", "with"}
LONGEST = 13


def find_byline(line: str) -> str:
    """Who wrote an article, from a line of its own that says so; empty where the line says something else.

    >>> find_byline("By Jane Roe and John Doe")
    'Jane Roe and John Doe'
    >>> find_byline("By Monday Russia had answered.")
    ''
    """
    mark, _, rest = line.partition(" ")
    rest = rest.strip(" ,|")
    words = rest.split()
    if mark not in ("By", "BY", "By:", "BY:") or not 1 <= len(words) <= LONGEST:
        return ""
    if words[0].strip(".,").lower() in NO_NAMES or any(word.endswith(("'s", "’s")) for word in words):
        return ""
    tail = next((i for i, word in enumerate(words) if not _in_a_name(word)), len(words))
    names = sum(len(word.strip(",")) > 1 and word not in PARTICLES for word in words[:tail])
    if names < 2 and rest.rstrip(".").lower() not in AGENCIES:
        return ""
    if tail == len(words):
        return rest
    # Small letters after a name go on with a place or a post ("Jane Roe, staff writer"), or they are a sentence.
    goes_on = words[tail] in AFTER_NAMES or words[tail - 1].endswith(",") or words[tail][0].isdigit()
    return rest if goes_on and len(words) - tail <= 6 and not re.search(r"[.!?][\"'”’)]*$", rest) else ""


def without_by(byline: str) -> str:
    """A byline without the word "By", as columns often have it.

    >>> without_by("By Jane Roe"), without_by("Byron Roe")
    ('Jane Roe', 'Byron Roe')
    """
    return re.sub(r"^by\b:? +", "", byline, flags=re.IGNORECASE)


def _in_a_name(word: str) -> bool:
    # An agency may stand in brackets behind a name.
    word = word.strip("()[]") or word
    return word in PARTICLES or (word[0].isupper() and not word.isdigit())
