"""RIS: records of a reference manager or a database, of which few hold the text itself.

A record's text is its full text where a field says so ("Full text: ..."), or where a note or an abstract is longer than
an abstract ever is. Style guides and databases limit abstracts to 150 to 250 words, those of theses to 350. So 400
words are a text in a record of news, as are 150 words in three paragraphs or more, since databases print the abstract
of a news article as one; for other kinds, whose abstracts may have headed paragraphs, 600 words. Every other record is
listed without a text, its abstract kept beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import BinaryIO

from corpora.readers.months import iso_date
from corpora.readers.proquest import MOST_TAGS, clean_url, named_once, outlet_name, written_by
from corpora.readers.proquest_labels import is_nothing
from corpora.readers.proquest_txt import paragraphs
from corpora.readers.record import Head, Record, Rejection, text_lines

BEGINS = re.compile(r"^TY {0,2}- ?[A-Z]{3,8}[ \t]*\r?$", re.MULTILINE)
# The standard has two spaces; a file whose first line has another number of them may have it throughout.
STRICT, LENIENT = re.compile(r"([A-Z][A-Z0-9])  - ?(.*)"), re.compile(r"([A-Z][A-Z0-9]) {0,2}- ?(.*)")
DAY = re.compile(r"(\d{4})/(\d{0,2})/(\d{0,2})")
FULL_TEXT = re.compile(
    r"(?:full ?text|volltext|texte int[ée]gral|texto completo|testo completo)\s*[:–—-]\s*", re.IGNORECASE
)
# ProQuest's notes, one a kind: "Copyright - Copyright Bay Times Company", "Last updated - 2019-11-04".
NOTE = re.compile(
    r"(?:Copyright|Last updated|People|Company|Location|Name|SubjectsTermNotLitGenreText|Date \w+|Document feature|"
    r"Number of \w+|DOI|CODEN|Place|Title|Author) - ",
    re.IGNORECASE,
)
# Fields that may hold a text of several paragraphs.
TEXTS = ("N1", "N2", "AB", "RN")
LONG_NEWS, PARTED_NEWS, LONG_OTHER = 400, 150, 600
NEWS = {"NEWS", "MGZN", "BLOG", "WEB", "ELEC"}
OUTLETS = ("JF", "T2", "JO", "JA", "J2", "J1")
# The longest record seen has 0.2 million characters.
LONGEST_RECORD = 5_000_000


def recognises(head: Head) -> bool:
    """A line with a record's type, and another field below it, whatever a database prints above."""
    begins = BEGINS.search(head.text[:4096])
    if not begins or head.text.startswith("<"):
        return False
    below = [line for line in head.text[begins.end() :][:8192].splitlines() if line.strip()][:1]
    return any(LENIENT.match(line) for line in below)


def read(stream: BinaryIO, name: str) -> Iterator[Record | Rejection]:
    """Yield the records of a file, one at a time."""
    fields: list[tuple[str, list[str]]] = []
    pattern, number, size = STRICT, 0, 0
    for _, line in text_lines(stream):
        text = (line or "").rstrip("\r\n").lstrip("\ufeff")
        if not fields and BEGINS.match(text):
            pattern = STRICT if STRICT.match(text) else LENIENT
        match = pattern.match(text)
        if match and match[1] in ("TY", "ER") and fields:
            number += 1
            yield _record(fields, f"record {number}", size)
            fields, size = [], 0
        if match and match[1] == "TY":
            fields = [("TY", [match[2]])]
        elif match and fields and match[1] != "ER" and size <= LONGEST_RECORD:
            fields.append((match[1], [match[2]]))
        elif fields and size <= LONGEST_RECORD:
            fields[-1][1].append(text)
        size += len(text)
    if fields:
        yield _record(fields, f"record {number + 1}", size)
    elif not number:
        yield Rejection("file", "no record that begins with TY")


def _record(fields: list[tuple[str, list[str]]], place: str, size: int) -> Record | Rejection:
    """The record of one reference."""
    if size > LONGEST_RECORD:
        return Rejection(place, "record is longer than 5 million characters")
    values: dict[str, list[str]] = {}
    for tag, lines in fields:
        value = _plain("\n".join(lines)) if tag in TEXTS else " ".join(" ".join(lines).split())
        if value and not is_nothing(value):
            values.setdefault(tag, []).append(value)

    def first(*tags: str) -> str:
        return next((values[tag][0] for tag in tags if tag in values), "")

    title = first("TI", "T1", "CT", "BT")
    notes = [note for note in values.get("N1", []) if NOTE.match(note)]
    texts = [text for tag in TEXTS for text in values.get(tag, []) if text not in notes]
    news = first("TY") in NEWS
    body = max((full_text(text, news) for text in texts), key=len, default="")
    if not title and not body:
        return Rejection(place, "record holds neither title nor text")
    named = first(*OUTLETS, "PB")
    outlet, edition = outlet_name("" if named == title else named)
    printed = [value for tag in ("DA", "Y1", "PY") for value in values.get(tag, [])]
    abstracts = [text for text in texts if not full_text(text, news)]
    pages = "-".join(named_once([first("SP", "M1"), first("EP")]))
    kept = {
        "Abstract": " ".join(" ".join(abstracts).split()) if not body else "", "Kind": first("M3"),
        "Publisher": first("PB") if first("PB") != named else "", "Place of publication": first("CY"),
        "Database": first("DB", "DP"), "Accession number": first("AN"),
    }  # fmt: skip
    known = {
        "outlet": outlet,
        "published": max(map(day, printed), key=len, default=""),
        "title": title,
        "body": body,
        "byline": "; ".join(written_by(name) for name in (*values.get("AU", []), *values.get("A1", []))),
        "url": clean_url(first("UR", "L2", "LK", "L1")) or _doi(first("DO")),
        "language": first("LA"),
        "tags": ", ".join(tag.replace(",", "") for tag in named_once(values.get("KW", []))[:MOST_TAGS]),
        "captions": first("CA"),
        "section": "; ".join(named_once([first("SE"), edition or first("ET"), pages])),
        "furniture": "\n".join([*notes, *(f"{name}: {value}" for name, value in kept.items() if value)]),
    }
    raw = {key: known[key] for key in ("title", "byline", "url", "section", "captions")}
    raw |= {"outlet": named, "published": "; ".join(printed), "text": body or "\n".join(abstracts)}
    return Record(raw, place, known, coverage=not body, edited=True)


def full_text(text: str, news: bool = True) -> str:
    """The paragraphs of a field that is a full text; empty for an abstract or a note.

    >>> full_text("Full text: They met.\\nThey parted."), full_text("They met, it is said.")
    ('They met.\\n\\nThey parted.', '')
    """
    label = FULL_TEXT.match(text)
    parts = [" ".join(part.split()) for part in paragraphs((text[label.end() :] if label else text).split("\n"))]
    words = sum(len(part.split()) for part in parts)
    whole = "\n\n".join(parts)
    if label:
        return "" if is_nothing(whole) else whole
    long = words >= (LONG_NEWS if news else LONG_OTHER) or (news and words >= PARTED_NEWS and len(parts) >= 3)
    return whole if long else ""


def day(printed: str) -> str:
    """Day of a date field, with a time where it has one; month or year where it has no more.

    >>> day("2010/05/08/"), day("2010/05//"), day("2010 May 8"), day("2017/01/02/06:18:49"), day("2009")
    ('2010-05-08', '2010-05', '2010-05-08', '2017-01-02T06:18:49', '2009')
    """
    if match := DAY.match(printed):
        parts = [part.zfill(2) for part in match.groups() if part]
        time = re.match(r"/?T?(\d\d:\d\d(?::\d\d)?(?:Z|[+-]\d\d:?\d\d)?)$", printed[match.end() :])
        return "-".join(parts) + (f"T{time[1]}" if time and len(parts) == 3 else "")
    year = re.search(r"(?<!\d)(?:1[6-9]|20)\d\d(?!\d)", printed)
    return iso_date(printed) or (year[0] if year else "")


def _plain(text: str) -> str:
    """Text of a field without the mark-up that reference managers leave in notes."""
    if "<" in text:
        text = re.sub(r"<(?:/p|br ?/?|/div|/h\d|/li)>", "\n", text, flags=re.IGNORECASE)
        text = re.sub(r"</?[A-Za-z][^<>]{0,200}>", "", text)
    return unescape(text).strip()


def _doi(name: str) -> str:
    return "" if not name else name if name.startswith("http") else f"https://doi.org/{name}"
