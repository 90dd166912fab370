"""Factiva's fields: what the two-letter codes of its exports mean, and the record that they make.

HTML, RTF and XML hold the same fields. In the layout "article plus indexing" each bears its code; in the "article
format" the lines before the text bear none, and are told by their order and their look.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import takewhile

from corpora.agency import AGENCIES
from corpora.furniture import SENTENCE_END, is_credit
from corpora.readers.months import iso_date
from corpora.readers.record import Record

# A code as it stands before its field, in stars where a browser saved bold type as plain text. Those of which no use
# is made here are kept in the raw record.
CODE = re.compile(
    r"\*?(CLM|SE|HD|BY|CR|WC|PD|ET|SN|SC|NGC|GC|ED|PG|VOL|LA|CY|LP|TD|CX|ART|CT|RF|CO|IN|NS|RE|IPC|IPD|PUB|AN)\*?(?!\S)"
)
# A document's number: eight characters of source code, filled up with zeros, the day, nine more characters.
NUMBER = re.compile(r"\b[A-Za-z][A-Za-z0-9]{7}(?:19|20)\d{6}[A-Za-z0-9]{9}\b")
# The line that ends an article: "Document NYTF000020050408dp1900j9s", in whatever language.
END = re.compile(rf"\s*(?:\S{{1,20}}\s+){{0,3}}{NUMBER.pattern}\s*$")
# 877 words, 1.684 Wörter, 1 684 mots, 354 字
COUNT = re.compile(r"\d[\d.,’' \u00a0\u202f]{0,9}\s?[^\W\d_]{1,15}\.?$")
TIME = re.compile(r"(?<!\d)(\d{1,2})[:h](\d\d)(?::\d\d)?\s*([ap])?\.?m?\.?\s*(GMT|UTC)?(?!\d)", re.IGNORECASE)
COPYRIGHT = re.compile(
    r"©|\(c\)|copyright|rights reserved|rechte vorbehalten|droits r[ée]serv|derechos reservados|diritti riservati|"
    r"direitos reservados|版權|版权|著作権",
    re.IGNORECASE,
)
# What a paper lists at an article's foot: "Photo: A tank. (Reuters)", "Map of Egypt, indicating Dairut.", "Drawing".
_ART = r"(?:photo(?:graph)?|drawing|map|chart|graph|graphic|diagram|table|cartoon|illustration|image|foto|grafik)s?"
PICTURE = re.compile(
    rf"{_ART}\s*(?:[:(]|$)|{_ART} (?:of|showing|shows|locating|indicating|by)\b|{_ART}\.$", re.IGNORECASE
)
# SARAJEVO, Bosnia and Herzegovina, Jan. 8 -- ; TOKAI, Japan, Tuesday, Jan. 5 -- : the day says that it is one, however
# long the place.
DATELINE = re.compile(
    r"([A-Z][A-Z .'’-]{2,40}(?:, [A-Z][\w .]{1,40})?), (?:[A-Z][a-z]+day, )?"
    r"(?:Jan|Feb|March|April|May|June|July|Aug|Sept|Oct|Nov|Dec)[a-z]{0,6}\.? \d{1,2} (?:--|[-–—]) "
)
# An edition that stands with the name: "The Daily (Late Edition)".
EDITION = re.compile(
    r"\s*\(([^()]{0,40}(?:edition|ausgabe|édition|edición|edizione|edição|online|print)[^()]{0,40})\)$", re.I
)
# "By" in the language of the paper, before a name.
BY = re.compile(r"^(?:by|von|par|por|di|de|door):? (?-i:(?=[^\W\da-z]))", re.IGNORECASE)
# A publisher's name may end with a point, as a sentence does.
FIRM = re.compile(r"\b(?:inc|ltd|co|corp|llc|limited|gmbh|plc|s\.? ?a|s\.? ?l|s\.? ?p\.? ?a)\.$", re.IGNORECASE)
MOST_TAGS = 30
Fields = Mapping[str, Sequence[str]]


def record_of(fields: Fields, place: str, language: str = "", coverage: bool = False) -> Record:
    """The record of one article.

    Args:
        fields: Paragraphs by code. Codes that are not known are kept in the raw record only.
        place: Where in the file.
        language: ISO 639-1 code where the file tells it; else the field LA is taken as written.
        coverage: Whether this is a line of a list, without text.

    >>> record = record_of({"HD": ["Talks"], "PD": ["9 Januar 1993"], "SN": ["The Daily"], "LP": ["They met."]}, "page")
    >>> record.known["published"], record.known["outlet"], record.known["body"]
    ('1993-01-09', 'The Daily', 'They met.')
    """
    raw = {code: "\n\n".join(values) for code, values in sorted(fields.items()) if any(values)}
    outlet, edition = name_outlet(_line(fields, "SN") or _line(fields, "PUB") or _line(fields, "SC"))
    body, below = split_pictures([*fields.get("LP", ()), *fields.get("TD", ())])
    rights = [line for line in below if COPYRIGHT.search(line)]
    captions = [line for line in below if line not in rights]
    dateline = DATELINE.match(body[0]) if body else None
    if dateline:
        body[0] = body[0][dateline.end() :]
    page = _line(fields, "PG")
    section = [*fields.get("CLM", ()), *fields.get("SE", ()), edition, *fields.get("ED", ()), page and f"p. {page}"]
    credits = list(fields.get("CR", ()))
    known = {
        "outlet": outlet,
        "published": published(_line(fields, "PD"), _line(fields, "ET")),
        "title": _line(fields, "HD"),
        "body": "\n\n".join(body),
        "dateline": dateline[1] if dateline else "",
        "byline": "; ".join(BY.sub("", line) for line in fields.get("BY", ())),
        "agency": next((AGENCIES[line.lower()] for line in credits if line.lower() in AGENCIES), ""),
        "language": language or _line(fields, "LA"),
        "tags": ", ".join(tags(fields)),
        "captions": "\n".join([*captions, *fields.get("ART", ())]),
        "notice": "\n\n".join(fields.get("CX", ())),
        "section": "; ".join(filter(None, section)),
        "furniture": "\n".join(
            [*credits, *rights, *(line for code in ("CY", "CT", "RF", "PUB", "AN") for line in fields.get(code, ()))]
        ),
    }
    return Record(raw, place, known, coverage=coverage, edited=True)


def published(day: str, time: str = "") -> str:
    """ISO date of a date line and a time line in the words of any interface.

    >>> published("29 décembre 2011", "15:32"), published("28 May 2018", "03:35 PM"), published("2018 年 9 月 18 日")
    ('2011-12-29T15:32', '2018-05-28T15:35', '2018-09-18')
    """
    if re.match(r"\d{4}-\d\d-\d\d", day):
        return day
    date = iso_date(day)
    clock = TIME.search(time) or TIME.search(day) if len(date) == 10 else None
    if not clock or int(clock[1]) > 23 or int(clock[2]) > 59:
        return date or day
    hour = int(clock[1]) % 12 + 12 * (clock[3].lower() == "p") if clock[3] else int(clock[1])
    return f"{date}T{hour:02d}:{clock[2]}{'Z' if clock[4] else ''}"


def name_outlet(written: str) -> tuple[str, str]:
    """An outlet's name, and the edition that is written with it.

    >>> name_outlet("The Daily (Late Edition)"), name_outlet("The Guardian (Nigeria)")
    (('The Daily', 'Late Edition'), ('The Guardian (Nigeria)', ''))
    """
    edition = EDITION.search(written)
    return (written[: edition.start()], edition[1]) if edition and edition.start() else (written, "")


def tags(fields: Fields) -> list[str]:
    """Names of an article's subjects, without their codes, then the publisher's own key words.

    >>> tags({"NS": ["gvote : Elections | gpol : Domestic Politics"], "IPD": ["INTERVIEW"]})
    ['Elections', 'Domestic Politics', 'INTERVIEW']
    """
    items = (item for code in ("NS", "IPD") for line in fields.get(code, ()) for item in line.split("|"))
    names = (item.rpartition(" : ")[2].replace(",", " ") for item in items)
    return list(dict.fromkeys(" ".join(name.split()) for name in names if name.strip()))[:MOST_TAGS]


def split_pictures(paragraphs: Iterable[str]) -> tuple[list[str], list[str]]:
    """Paragraphs of the text, and the captions that a paper lists under it; a drop cap joins its word again.

    >>> split_pictures(["They met.", "Photo: The two leaders. (Reuters)"])
    (['They met.'], ['Photo: The two leaders. (Reuters)'])
    >>> split_pictures(["A lede.", "C", "'est fini."])
    (['A lede.', "C'est fini."], [])
    """
    body: list[str] = []
    for paragraph in paragraphs:
        if body and len(body[-1]) <= 2 and body[-1].isupper() and (paragraph[:1].islower() or paragraph[:1] in "'’"):
            body[-1] += paragraph
        elif paragraph:
            body.append(paragraph)
    captions = list(takewhile(lambda paragraph: PICTURE.match(paragraph) or is_credit(paragraph), reversed(body)))
    return (body[: len(body) - len(captions)], captions[::-1]) if len(captions) < len(body) else (body, [])


def is_publisher(line: str) -> bool:
    """Whether a line under the text is the name of a firm, or a notice of its rights, and no sentence.

    >>> is_publisher("Tide Newspapers Ltd."), is_publisher("They met again.")
    (True, False)
    """
    return len(line.split()) <= 10 and bool(FIRM.search(line) or COPYRIGHT.match(line) or not SENTENCE_END.search(line))


def describe(lines: Sequence[str]) -> tuple[dict[str, list[str]], list[str]]:
    """Fields of the lines between headline and text in the article format, and the lines before the count of words.

    The order is always: count of words, date, time, source, its code, edition, page, volume, language, copyright.

    >>> fields, before = describe(["Special to The Daily", "877 words", "9 January 1993", "The Daily", "DLY", "1",
    ...                            "English", "(c) 1993 The Daily"])
    >>> before, fields["SN"], fields["PG"], fields["LA"]
    (['Special to The Daily'], ['The Daily'], ['1'], ['English'])
    """
    dates = [i for i, line in enumerate(lines) if len(line) <= 60 and any(c.isdigit() for c in line) and iso_date(line)]
    counted = (i for i in dates if i and COUNT.match(lines[i - 1]))
    at = next(counted, next(iter(dates), None))
    if at is None:
        return {}, list(lines)
    fields = {"PD": [lines[at]]}
    start = at
    if at and COUNT.match(lines[at - 1]):
        start = at - 1
        fields["WC"] = [lines[start]]
    rest = list(lines[at + 1 :])
    if rest and TIME.match(rest[0]) and len(rest[0]) <= 20:
        fields["ET"] = [rest.pop(0)]
    if rest:
        fields["SN"] = [rest.pop(0)]
    if rest and re.fullmatch(r"[A-Z0-9]{2,12}", rest[0]):
        fields["SC"] = [rest.pop(0)]
    if rest and (COPYRIGHT.search(rest[-1]) or re.search(r"(?:19|20)\d\d", rest[-1])):
        fields["CY"] = [rest.pop()]
    if rest and not any(c.isdigit() for c in rest[-1]):
        fields["LA"] = [rest.pop()]
    fields |= dict(zip(_numbering(rest), ([line] for line in rest), strict=False))
    return fields, list(lines[:start])


def _numbering(lines: Sequence[str]) -> tuple[str, ...]:
    """Which of edition, page and volume these lines are: a lone number is a page, one above a thousand a volume."""
    if len(lines) == 1:
        return ("PG",) if re.match(r"[A-Z]{0,3}[ -]?\d", lines[0]) else ("ED",)
    if len(lines) == 2 and all(line.isdigit() for line in lines) and int(lines[1]) > 999:
        return "PG", "VOL"
    return "ED", "PG", "VOL"


def _line(fields: Fields, code: str) -> str:
    return " ".join(" ".join(fields.get(code, ())).split())
