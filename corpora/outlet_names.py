"""Outlet names: the same name however a database prints it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from urllib.parse import urlsplit

# A longer text is a field gone wrong and not a name; it is compared as it stands.
LONGEST = 200
# Of a domain name, by RFC 1035.
LONGEST_HOST = 253
# What databases add to a name to say in which form they hold the outlet, or in which part of it an article stood.
OPINION = frozenset(("opinion", "opinions", "editorial", "editorials", "op-ed", "comment", "commentary"))
ONLINE = frozenset(
    ("online", "online news", "web", "web news", "website", "web site", "site web", "en ligne", "en linea")
)
FORMS = OPINION | ONLINE | {"internet", "print", "news", "digital", "e-paper", "blog", "blogs", "english", "in english"}
EDITIONS = frozenset(("edition", "ausgabe", "edicion", "edizione", "edicao"))
# Without a bracket or a dash before them fewer words can go: "Fox News" and "BBC English" are names.
BARE = ("online news", "online", "web news", "website", "opinion", "editorial", "blogs", "blog", ".com")
ARTICLES = "the|le|la|les|el|il|die|der|das"
LAST_ARTICLE = re.compile(rf"(.*)(?:, ({ARTICLES})| [(\[]({ARTICLES})[)\]])")
YEARS = re.compile(r"\d{4} ?- ?(?:\d{4}|current(?: file)?)?")
EDITION = re.compile(r", [\w. ]{1,30}edition\b.*")
BREAK = re.compile(r" ?(?:--|[–—|/:,;]) ?| - ")
HOST = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+")
# Letters that do not come apart into a plain letter and a mark.
PLAIN = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "æ": "ae", "œ": "oe", "’": "'"})


def name_key(name: str) -> str:
    """Letters and digits of a name, without case, accents and "the".

    >>> name_key("The New York Times"), name_key("Página/12"), name_key("Hill, The")
    ('newyorktimes', 'pagina12', 'hill')
    """
    folded = _fold(name)
    key = re.sub(r"[\W_]+", "", folded.removeprefix("the ") if folded != "the" else folded)
    return key or folded


def full_key(name: str) -> str:
    """Key of a name without the words that databases add; equal keys may be one outlet.

    >>> full_key("The Clarion (Online)") == full_key("Clarion - Opinion") == full_key("CLARION.com")
    True
    """
    text = _fold(name)
    while len(text) <= LONGEST and (shorter := _without_form(text)):
        text = shorter
    return name_key(text)


def readings(name: str) -> Iterator[tuple[str, str]]:
    """Keys that a name may stand for, from the whole to the shortest, each with the place that was taken off.

    >>> list(readings("The Guardian (London)"))
    [('guardianlondon', ''), ('guardian', 'london')]
    """
    text, place = _fold(name), ""
    yield name_key(text), place
    while len(text) <= LONGEST:
        if shorter := _without_form(text):
            text = shorter
        else:
            head, tail = _last_part(text)
            if place or not head or not tail:
                return
            text, place = head, tail
        yield name_key(text), place


def is_opinion(name: str) -> bool:
    """Whether a name says that it stands for an outlet's opinion pages.

    >>> is_opinion("CNN - Editorial"), is_opinion("CNN")
    (True, False)
    """
    return bool(OPINION & set(re.findall(r"[\w-]+", _fold(name))[1:]))


def host_of(url: str) -> str:
    """Host of an address, without port and "www."; empty where there is none.

    >>> host_of("https://www.nytimes.com/2018/04/28/x.html"), host_of("edition.cnn.com/world"), host_of("n/a")
    ('nytimes.com', 'edition.cnn.com', '')
    """
    url = url.strip()
    try:
        host = (urlsplit(url if "//" in url else f"//{url}").hostname or "").removeprefix("www.").rstrip(".")
    except ValueError:
        return ""
    return host if len(host) <= LONGEST_HOST and HOST.fullmatch(host) else ""


def _fold(name: str) -> str:
    """Name in lower case without accents, spaces single, an article at the end put first."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold()).translate(PLAIN)
    text = " ".join("".join(c for c in text if not unicodedata.combining(c)).replace("&", " and ").split())
    if len(text) <= LONGEST and (match := LAST_ARTICLE.fullmatch(text)):
        return f"{match[2] or match[3]} {match[1]}"
    return text


def _without_form(text: str) -> str:
    """A folded name without the last thing that a database added; empty where there is none."""
    if ";" not in text and (shorter := EDITION.sub("", text)) != text:
        return shorter
    head, tail = _last_part(text)
    if head and (tail in FORMS or EDITIONS & set(re.split(r"\W", tail)) or YEARS.fullmatch(tail)):
        return _fold(head)
    for word in BARE:
        if text.endswith(word if word == ".com" else f" {word}") and (head := text.removesuffix(word).strip(" -")):
            return head if head != "the" else ""
    return ""


def _last_part(text: str) -> tuple[str, str]:
    """A folded name parted at its last bracket, or else at ";" or its last dash, colon or comma."""
    if text.endswith((")", "]")):
        start = max(text.rfind("("), text.rfind("["))
        if start >= 0:
            return text[:start].strip(), text[start + 1 : -1].strip()
    head, mark, tail = text.partition(";")
    if mark:
        return head.strip(), tail.strip()
    breaks = list(BREAK.finditer(text))
    if not breaks:
        return text, ""
    return text[: breaks[-1].start()].strip(), text[breaks[-1].end() :].strip()
