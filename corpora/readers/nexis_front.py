"""The front of an article in LexisNexis and Nexis exports: headline, outlet, date and edition, which have no labels."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from corpora.readers.months import iso_date, month_number
from corpora.readers.nexis_labels import read_label

COPYRIGHT = re.compile(r"(?:copyright|copr\.|©|\(c\) ?(?:\d|copyright))", re.IGNORECASE)
RESERVED = re.compile(
    r"rights reserved|droits r[ée]serv|rechte? vorbehalten|derechos reservados|diritti riservati|direitos reservados|"
    r"rechten voorbehouden",
    re.IGNORECASE,
)
APPENDED = re.compile(r"[-–—(\[ ]{0,4}\bcorrection appended\b[)\]. ]{0,3}", re.IGNORECASE)
# Blocks before the first field: outlet, date, editions, headline, its second and third deck.
LONGEST_FRONT = 12
# A front without any field: a block of so many characters is text already.
LONGEST_LINE = 300
WITH_EDITION = re.compile(
    r"([^()]+) \(([^()]*(?:edition|final|ausgabe|[ée]dition|edici[óo]n|edizione|edi[çc][ãa]o|editie)[^()]*)\)",
    re.IGNORECASE,
)
LENGTH = re.compile(r"\d[\d.,]* (?:words|w[öo]rter|mots|palabras|parole|palavras|woorden)", re.IGNORECASE)
ADDRESS = re.compile(r"(?:https?://|www\.)\S+", re.IGNORECASE)
SUPPLIED = re.compile(r"(?:provided|distributed|delivered|supplied) by\b", re.IGNORECASE)
# What stands between an outlet's name and the date, and is no headline.
NOTICE = re.compile(r"\b(?:permission|republished|prepared by|sole responsibility|transcri)|^\W*\w{1,20}\W*$", re.I)
SEASON = re.compile(r"(?:spring|summer|fall|autumn|winter),? \d{4}", re.IGNORECASE)
PERSON = re.compile(r"(?:[^\W\d_a-z][\w.'’-]{0,30} ?){2,4}")
# "23:22 Central European Time": the first letters are what the zone is called.
ZONE_WORDS = re.compile(r"\b((?:[A-Z][a-z]{2,12} ){1,3})Time\b")
DAY_NAMES = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:mon|diens|donners|frei|sams|sonn)tag\b|\bmittwoch\b|"
    r"\bsonnabend\b|\b(?:lun|mar|mercre|jeu|vendre|same)di\b|\bdimanche\b|\b(?:lunes|martes|mi[ée]rcoles|jueves|"
    r"viernes|s[áa]bado|domingo)\b|\b(?:luned|marted|mercoled|gioved|venerd)[iì]\b|\bsabato\b|\bdomenica\b|"
    r"\b(?:segunda|ter[çc]a|quarta|quinta|sexta)(?:-feira)?\b|\b(?:maan|dins|woens|donder|vrij|zater|zon)dag\b",
    re.IGNORECASE,
)
TIME = re.compile(
    r"\b(?P<hour>[01]?\d|2[0-3])[:.](?P<minute>[0-5]\d)(?::(?P<second>[0-5]\d))?(?: ?(?P<half>[ap])\.?m\b\.?)?"
    r"(?: (?:uhr|heures|h))?(?: ?(?P<zone>[A-Z]{2,4}(?:[+-]\d{1,2}(?::?\d\d)?)?)(?![a-z\w]))?",
    re.IGNORECASE,
)
# Hours from Greenwich of the zones that date lines name; IST and BST of Bangladesh name two each and are left out.
ZONES = {
    "GMT": 0, "UTC": 0, "UT": 0, "WET": 0, "BST": 1, "WEST": 1, "CET": 1, "MEZ": 1, "CEST": 2, "MESZ": 2, "EET": 2,
    "EEST": 3, "MSK": 3, "EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7,
    "JST": 9, "KST": 9, "HKT": 8, "SGT": 8, "AEST": 10, "AEDT": 11, "NZST": 12, "NZDT": 13,
}  # fmt: skip


@dataclass
class Front:
    """What stands before the fields: each as printed, `printed` the date line; `rest` is text already."""

    title: str = ""
    outlet: str = ""
    printed: str = ""
    edition: str = ""
    copyright: str = ""
    url: str = ""
    byline: str = ""
    notes: list[str] = field(default_factory=list)
    rest: list[str] = field(default_factory=list)


def read_front(blocks: Sequence[str], title_first: bool = False, has_head: bool = True) -> Front:
    """Front of an article.

    Args:
        blocks: What stands before the first field.
        title_first: Whether the headline stands before the outlet, as Nexis Uni prints it.
        has_head: Whether a field stands below the front; without one it ends at the headline.

    >>> front = read_front(["The Daily", "June 17, 1995, CITY EDITION", "Talks resume"])
    >>> front.outlet, published(front.printed), front.edition, front.title
    ('The Daily', '1995-06-17', 'CITY EDITION', 'Talks resume')
    >>> read_front(["Talks resume", "The Daily", "17. Juni 1995 Samstag"], title_first=True).title
    'Talks resume'
    """
    front = Front()
    lines = _without_rights(blocks, front)
    lines = [line for line in lines if not _is_address(line, front)]
    if not title_first and _date_line(lines, 0) is None:  # outlet, report and date may be lines of one block
        lines = [line for block in lines[:2] for line in block.split("\n")] + lines[2:]
    dated = _date_line(lines, 2 if title_first else 0)
    above = () if title_first else _titles_above(lines, dated)
    if not has_head or len(lines) > LONGEST_FRONT or any(len(line) > LONGEST_LINE for line in lines):
        # No field says where the text begins: it does below the headline and the date.
        stop = (1 if dated is None else dated) + (1 if title_first or above else 2)
        lines, front.rest = lines[:stop], list(lines[stop:])
        if front.rest and LENGTH.fullmatch(front.rest[0]):
            front.notes.append(front.rest.pop(0))
    if title_first:
        _headline_first(lines, dated, front)
    else:
        _outlet_first(lines, dated, front)
    front.title, appended = APPENDED.subn("", " ".join(front.title.split()))
    if appended:
        front.notes.append("Correction Appended")
    front.outlet, extra = _outlet(front.outlet)
    front.edition = "; ".join(part for part in (extra, edition(front.printed), front.edition) if part)
    if APPENDED.search(front.edition):
        front.notes.append("Correction Appended")
        front.edition = "; ".join(p for p in (APPENDED.sub("", part) for part in front.edition.split("; ")) if p)
    front.notes = list(dict.fromkeys(front.notes))
    return front


def is_copyright(block: str) -> bool:
    """Whether a block is a copyright notice.

    >>> is_copyright("Copyright 2014 The Daily"), is_copyright("Copyright is a law of the land.")
    (True, False)
    """
    first = block.strip()[:200]
    noticed = COPYRIGHT.match(first) and re.search(r"\d{4}|©|\(c\)", first)
    return bool(noticed) or (len(block) < 400 and bool(RESERVED.search(first)))


def published(printed: str) -> str:
    """Date of a date line as ISO writes it, with the time of day and the zone where they stand there.

    >>> published("July 1, 2019 Monday 9:20 PM GMT"), published("Dienstag 7. Juli 2020"), published("Spring 2010")
    ('2019-07-01T21:20:00+00:00', '2020-07-07', 'Spring 2010')
    """
    day = iso_date(printed)
    if not day:
        return printed
    time = TIME.search(_short_zone(printed))
    if not time or len(day) < 10:
        return day
    hour, minute = int(time["hour"]), int(time["minute"])
    if not (hour or minute):  # what the services print where they know no time
        return day
    if time["half"]:
        hour = hour % 12 + (12 if time["half"].lower() == "p" else 0)
    return f"{day}T{hour:02d}:{minute:02d}:{int(time['second'] or 0):02d}{_offset(time['zone'] or '')}"


def edition(printed: str) -> str:
    """What a date line says beside the date: "Late Edition - Final".

    >>> edition("January 28, 1993, Tuesday, Late Edition - Final"), edition("January 11, 2010 Monday")
    ('Late Edition - Final', '')
    """
    rest = TIME.sub(" ", DAY_NAMES.sub(" ", _short_zone(printed)))
    words = rest.split()
    if not any(_of_date(word) for word in words):
        return ""
    last = max(i for i, word in enumerate(words[:12]) if _of_date(word)) if any(map(_of_date, words[:12])) else -1
    return " ".join(words[last + 1 :]).strip(" ,;.-–")


def _short_zone(printed: str) -> str:
    return ZONE_WORDS.sub(lambda match: "".join(word[0] for word in match[1].split()) + "T", printed)


def _of_date(word: str) -> bool:
    bare = word.strip(".,;()")
    return bool(re.fullmatch(r"(?:1[6-9]|20)\d\d(?:[-./]\d\d?){0,2}|\d\d?[./]\d\d?[./]\d{4}", bare)) or bool(
        month_number(bare)
    )


def _offset(zone: str) -> str:
    name, sign, hours = re.fullmatch(r"([A-Za-z]*)([+-]?)(\d{0,4}).*", zone.replace(":", "")).groups()  # type: ignore[union-attr]
    if name.upper() not in ZONES:
        return ""
    minutes = ZONES[name.upper()] * 60
    if hours:
        shift = int(hours[:-2] or 0) * 60 + int(hours[-2:]) if len(hours) > 2 else int(hours) * 60
        minutes += -shift if sign == "-" else shift
    if abs(minutes) > 14 * 60:
        return ""
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def _without_rights(blocks: Sequence[str], front: Front) -> list[str]:
    """Blocks without the copyright notice, which the services print above the outlet, often in one block with it."""
    kept: list[str] = []
    spare = ""
    for block in blocks:
        if not is_copyright(block):
            kept.append(block)
            continue
        lines = block.split("\n")
        last = max((i for i, line in enumerate(lines) if RESERVED.search(line)), default=len(lines) - 1)
        front.copyright = " ".join([front.copyright, *lines[: last + 1]]).strip()
        kept += ["\n".join(lines[last + 1 :])] if lines[last + 1 :] else []
        spare = spare or lines[last if len(lines) > 1 and not RESERVED.search(lines[last]) else 0]
    if spare and (not kept or is_date_line(kept[0].split("\n")[0])):
        # "Copyright 1999 The Daily Company" alone above the date, or with the outlet on its second line.
        kept.insert(0, re.sub(r"^(?:copyright|copr\.|©|\(c\)|[\d ,.-])+", "", spare, flags=re.IGNORECASE).strip())
    return [block for block in kept if block]


def is_date_line(line: str) -> bool:
    """Whether a line is a date line: a date begins it, or follows a weekday.

    >>> is_date_line("Samstag 17. Juni 1995, Ausgabe Mitte"), is_date_line("The pact of 17 June 1995 holds")
    (True, False)
    """
    if len(line) > 150 or not iso_date(line):
        return bool(SEASON.fullmatch(line.strip()))
    before = re.split(r"\d", DAY_NAMES.sub(" ", line), maxsplit=1)[0]
    return len([word for word in before.split() if not month_number(word.strip(".,"))]) <= 1


def _date_line(blocks: Sequence[str], earliest: int) -> int | None:
    dated = [i for i, block in enumerate(blocks) if is_date_line(block.split("\n")[0])]
    late = [i for i in dated if i >= earliest] or [i for i in dated if i >= min(earliest, 1)]
    return late[0] if late else None


def _headline_first(lines: Sequence[str], dated: int | None, front: Front) -> None:
    if dated is None:
        dated = next((i for i, line in enumerate(lines) if i > 1 and re.search(r"\b(?:1[6-9]|20)\d\d\b", line)), None)
    before = list(lines[:2] if dated is None else lines[:dated])
    after = list(lines[2:] if dated is None else lines[dated + 1 :])
    if dated is not None:
        front.printed = " ".join(lines[dated].split())
    titles = [before.pop(0)] if before else []
    while titles and titles[-1].endswith(";") and len(before) > 1:
        titles.append(before.pop(0))
    front.title = "; ".join(" ".join(part.split()).rstrip(";") for title in titles for part in title.split("\n"))
    if len(before) > 1 and before[0].lower().startswith("newstex"):
        after.append(before.pop(0))  # who handed it on; the blog's name follows
    front.outlet = before.pop(0) if before else ""
    after = [line.strip("()") for line in before] + after
    front.notes += [line for line in after if SUPPLIED.match(line)]
    front.edition = "; ".join(" ".join(line.split()) for line in after if not SUPPLIED.match(line))


def _outlet_first(lines: Sequence[str], dated: int | None, front: Front) -> None:
    if dated is None or dated > 3:
        front.outlet = lines[0] if lines else ""
        rest = list(lines[1:])
        if rest and re.search(r"\b(?:1[6-9]|20)\d\d\b", rest[0]) and len(rest[0]) < 60:
            front.printed = " ".join(rest.pop(0).split())
        front.title = "; ".join(" ".join(line.split()).rstrip(";") for line in rest)
        return
    first, *more = lines[dated].split("\n")
    before = [line for block in lines[:dated] for line in block.split("\n")]
    front.outlet = before[0] if before else ""
    while more and TIME.match(more[0]):
        first = f"{first} {more.pop(0)}"
    front.printed = first
    front.edition = "; ".join(line for line in more if not DAY_NAMES.fullmatch(line.strip()))
    titles = list(lines[dated + 1 :])
    for show in [block for block in titles if (label := read_label(block, "capitals")) and label.key == "cast"]:
        titles.remove(show)
        front.edition = "; ".join(filter(None, [front.edition, show.partition(":")[2].strip()]))
    above = _titles_above(lines, dated)
    if above and (not titles or (len(titles) == 1 and PERSON.fullmatch(titles[0]))):
        # Until 2003 agencies and some papers had the headline above the date, and their author below it.
        front.byline, titles = " ".join(titles), list(above)
    else:
        front.notes += before[1:]
    parts = [" ".join(line.split()).rstrip(";") for block in titles for line in block.split("\n")]
    front.title = "; ".join(part for part in parts if part)


def _titles_above(lines: Sequence[str], dated: int | None) -> Sequence[str]:
    """Blocks between the outlet and the date that may be a headline, and are no notice of the service."""
    return [block for block in lines[1 : dated or 1] if not NOTICE.search(block)]


def _is_address(line: str, front: Front) -> bool:
    """Whether a line is the article's address, which some web sources print below the outlet."""
    if not ADDRESS.fullmatch(line):
        return False
    front.url = line
    return True


def _outlet(printed: str) -> tuple[str, str]:
    """Name of the outlet as a reader writes it, and the edition that was printed with it.

    "The Guardian(London)" lacks a blank; "(London)" tells outlets of one name apart and stays.
    """
    name = " ".join(printed.split()).rstrip(".,;")
    name = re.sub(r"(?<=\w)\(", " (", name)
    match = WITH_EDITION.fullmatch(name) if len(name) < LONGEST_LINE else None
    return (match[1], match[2]) if match else (name, "")
