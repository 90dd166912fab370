"""Days in words: the date lines of exports in several languages."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterator

# A row a month. English, German, French, Spanish, Italian, Portuguese, Dutch, the Nordic languages, Polish, Russian:
# full names, the cases that stand beside a day, and short forms. Accents are taken off before the look-up.
NAMES = (
    "january januar janner jaenner janvier enero gennaio janeiro januari stycznia styczen января январь "
    "jan janv ene gen sty янв",
    "february februar feber fevrier febrero febbraio fevereiro februari lutego luty февраля февраль "
    "feb febr fev fevr febbr lut фев",
    "march marz maerz mars marzo marco maart marts marca marzec марта март mar mrz mrt мар",
    "april avril abril aprile kwietnia kwiecien апреля апрель apr avr abr kwi апр",
    "may mai mayo maggio maio mei maj maja мая маи may mag",
    "june juni juin junio giugno junho czerwca czerwiec июня июнь jun giu cze июн",
    "july juli juillet julio luglio julho lipca lipiec июля июль jul juil lug lip июл",
    "august aout agosto augustus augusti sierpnia sierpien августа август aug ago sie авг",
    "september septembre septiembre setiembre settembre setembro wrzesnia wrzesien сентября сентябрь "
    "sep sept set sett wrz сен сент",
    "october oktober octobre octubre ottobre outubro pazdziernika pazdziernik октября октябрь oct okt ott out paz окт",
    "november novembre noviembre novembro listopada listopad ноября ноябрь nov lis ноя нояб",
    "december dezember decembre diciembre dicembre dezembro desember grudnia grudzien декабря декабрь "
    "dec dez dic des gru дек",
)
MONTHS = {name: number for number, names in enumerate(NAMES, 1) for name in names.split()}
# The longest date line seen is a journal's, with volume and pages: 200 characters.
LONGEST = 2_000

_DAY = r"(?<!\d)(?P<day>\d{1,2})(?:st|nd|rd|th|er|re|o|a|º|ª|°|\.)?(?: ?[-–/&+] ?\d{1,2}\.?)?"
_MONTH = r"(?P<month>[^\W\d_]{3,12})\.?"
_YEAR = r"(?P<year>(?:1[6-9]|20)\d\d)(?!\d)"
_OF = r"[ .,/-]{0,3}(?:d[aeo]l? |of |d')?"
_WORDED = (
    rf"{_DAY}{_OF}{_MONTH}{_OF}{_YEAR}",  # 17 June 1995, 17. Juni 1995, 17 de junio de 1995, 17./18. Juni 1995
    rf"{_MONTH}[ /-]{_DAY}[ .,/-]{{1,3}}{_YEAR}",  # June 17, 1995
    rf"(?<!\d){_YEAR}[ .,/-]{{1,2}}{_MONTH}[ .,/-]{{1,2}}{_DAY}(?!\d)",  # 1995 June 17
    rf"(?<!\d)(?<!\d[ .-])\b{_MONTH}{_OF}{_YEAR}",  # June 1995, but not 31 June 1995, which is no day
)
_NUMBERED = (
    r"(?<!\d)(?P<year>(?:1[6-9]|20)\d\d)([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})(?!\d)",  # 1995-06-17
    r"(?<!\d)(?P<year>(?:1[6-9]|20)\d\d) ?[年년] ?(?P<month>\d{1,2}) ?[月월] ?(?P<day>\d{1,2}) ?[日일]",
    rf"(?<!\d)(?P<day>\d{{1,2}})\. ?(?P<month>\d{{1,2}})\. ?{_YEAR}",  # 17.06.1995: points never have the month first
    rf"(?<!\d)(?P<day>1[3-9]|2\d|3[01])([/-])(?P<month>\d{{1,2}})\2{_YEAR}",  # 17/06/1995
    rf"(?<!\d)(?P<month>\d{{1,2}})([/-])(?P<day>1[3-9]|2\d|3[01])\2{_YEAR}",  # 06/17/1995
)
PATTERNS = tuple(re.compile(pattern, re.IGNORECASE) for pattern in (*_WORDED, *_NUMBERED))


def iso_date(text: str) -> str:
    """The first date in a text, in any wording known here, as ISO writes it.

    Args:
        text: A date line with whatever stands around the date: weekday, edition, page, time of day.

    Returns:
        "1995-06-17", or "1995-06" where no day is named; empty where there is no date, or none with one reading
        ("04/05/2015").

    >>> iso_date("June 17, 1995, CITY EDITION"), iso_date("Montag 1. März 2010"), iso_date("décembre 2009")
    ('1995-06-17', '2010-03-01', '2009-12')
    """
    line = " ".join(text[:LONGEST].split())
    # Where two readings begin at one place, the longer is the fuller.
    found = min(_dates(line), key=lambda date: (date[0], -len(date[1])), default=(0, ""))
    return found[1]


def month_number(word: str) -> int:
    """Number of a month from its name in any of the languages; 0 for another word.

    >>> month_number("Février"), month_number("мая"), month_number("Monday")
    (2, 5, 0)
    """
    plain = "".join(c for c in unicodedata.normalize("NFKD", word.lower()) if not unicodedata.combining(c))
    return MONTHS.get(plain, 0)


def _dates(line: str) -> Iterator[tuple[int, str]]:
    for pattern in PATTERNS:
        for match in pattern.finditer(line):
            if date := _iso(match.groupdict().get):
                yield match.start(), date


def _iso(part: Callable[[str], str | None]) -> str:
    year, month, day = part("year") or "", part("month") or "", part("day")
    number = int(month) if month.isdigit() else month_number(month)
    try:
        found = dt.date(int(year), number, int(day or 1)).isoformat()
    except ValueError:
        return ""
    return found if day else found[:7]
