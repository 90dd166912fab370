"""Days of publication: from what a record says, without guessing."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass

from dateutil import parser as dateutil_parser

from corpora.errors import InputError

# A year in front goes on with month and day, everywhere: 2017-02-01, 2017/2/1, 2017.02.01.
YEAR_FIRST = re.compile(r"(\d{4})([./-])(\d{1,2})\2(\d{1,2})(?!\d)")
# 20170201, 20170201T101500Z as GDELT writes it, 201702011015, 20170201101500.
COMPACT = re.compile(r"((?:1[89]|20)\d\d)(\d\d)(\d\d)(?:[T ]\d.*|\d{4}|\d{6})?$")
# Seconds or milliseconds since 1970, between 2001 and 2033; a "2" in front could as well begin a year.
EPOCH = re.compile(r"(1\d{9})(?:\d{3})?(?:\.\d*)?$")
NUMERIC = re.compile(r"\s*\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?=\D|$)")
# Two numbers and a year, of which it is open which is the day.
SHORT = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{2}|\d{4})(?!\d)")
NAME_DAY = re.compile(r"(?<!\d)((?:19|20)\d{2})([-_./ ]?)(\d{2})\2(\d{2})(?!\d)")
URL_DAY = re.compile(r"/((?:19|20)\d{2})[/-](\d{1,2})[/-](\d{1,2})(?:/|$|[-_])")
# Two unlike defaults: a string that leaves out day, month, year or time takes it from them and so disagrees.
DEFAULTS = (dt.datetime(2001, 1, 1, 0, 0, 0), dt.datetime(2002, 2, 2, 11, 11, 0))
EARLIEST, LATEST = dt.date(1800, 1, 1), dt.date(2100, 1, 1)
# Zones that news pages write in letters, in hours from UTC. The same letters elsewhere mean other zones (IST, CST in
# Asia): those are left out, and a time whose zone is not known is kept without one.
ZONES = {
    "UTC": 0, "GMT": 0, "Z": 0, "BST": 1, "CET": 1, "CEST": 2, "EET": 2, "EEST": 3, "MSK": 3, "EST": -5, "EDT": -4,
    "ET": -5, "PST": -8, "PDT": -7, "MDT": -6, "MST": -7, "CDT": -5, "JST": 9, "KST": 9, "AEST": 10, "AEDT": 11,
}  # fmt: skip
# A string that names no day: "May 2017", "12/2017", "2017-05".
MONTH = re.compile(r"(?:[^\W\d_]{3,12}\.?,? \d{4}|\d{1,2}[./-]\d{4}|\d{4}-\d{2})$")


@dataclass(frozen=True, slots=True)
class Moment:
    """When something was published, as far as a string tells.

    Attributes:
        day: The day; the first of the month where only that is told; None where it cannot be told.
        at: Day and time as ISO 8601, with the zone if one is written; empty where no time is written.
        precision: `time`, `day` or `month`; empty without a day.
        reason: Why there is no day.
    """

    day: dt.date | None = None
    at: str = ""
    precision: str = ""
    reason: str = ""


def read_date(value: str, order: str = "") -> tuple[dt.date | None, str]:
    """Day that a date string names, with the reason where it names none: `read_moment` without the time.

    >>> read_date("31 May, 2019")
    (datetime.date(2019, 5, 31), '')
    >>> read_date("4/4/17")
    (None, "date '4/4/17' has an unknown order")
    >>> read_date("4/4/17", order="dmy")
    (datetime.date(2017, 4, 4), '')
    """
    moment = read_moment(value, order)
    return moment.day, moment.reason


def read_moment(value: str, order: str = "") -> Moment:
    """Day, time and zone that a date string names.

    The day is the one that the outlet wrote, whatever its zone; seconds since 1970 are a day in UTC. Midnight to the
    second is what files write for a day without a time, and is read so.

    Args:
        value: A date as files write it: `2017-02-01`, `31 May, 2019`, `May 2019`, RFC 2822, a timestamp...
        order: `dmy` or `mdy` where it is known how `4/4/17` is meant; empty when unknown. A date that begins
            with a four-digit year has one order only.

    >>> read_moment("2017-02-01T10:15:00+03:00")
    Moment(day=datetime.date(2017, 2, 1), at='2017-02-01T10:15:00+03:00', precision='time', reason='')
    >>> read_moment("May 2019").precision
    'month'
    """
    value = value.strip()[:80]
    if not value:
        return Moment(reason="no date")
    if epoch := EPOCH.match(value):
        return _moment(dt.datetime.fromtimestamp(int(epoch[1]), dt.UTC), value)
    if parts := _year_first(value):
        try:
            return _moment(_with_time(value) or dt.datetime(*parts), value)
        except ValueError:
            return Moment(reason=f"date {value!r} does not exist")
    if re.fullmatch(r"\d{5,}(?:\.\d*)?", value):
        # Counts of days or of other seconds, and 010217: dateutil would read each of them as some day.
        return Moment(reason=f"date {value!r} cannot be read")
    found: set[dt.datetime] = set()
    for switches in _orders(value, order):
        for default in DEFAULTS:
            try:
                found.add(dateutil_parser.parse(value, default=default, tzinfos=_zone, **switches))
            except (ArithmeticError, AttributeError, IndexError, TypeError, ValueError):
                return Moment(reason=f"date {value!r} cannot be read")
    days = {moment.date() for moment in found}
    if len(days) == 1:
        return _moment(min(found, key=str), value, time=len({moment.time() for moment in found}) == 1)
    if MONTH.match(value) and len({(day.year, day.month) for day in days}) == 1:
        return _moment(dt.datetime.combine(min(days).replace(day=1), dt.time()), value, precision="month")
    numeric = NUMERIC.match(value)
    return Moment(reason=f"date {value!r} has an unknown order" if numeric else f"date {value!r} is incomplete")


def written_order(value: str) -> str:
    """Which order a numeric date shows: `dmy`, `mdy`, `either` where both are possible, or empty for any other date.

    >>> written_order("13/4/2017"), written_order("4/13/17"), written_order("3/4/2017"), written_order("2017-04-13")
    ('dmy', 'mdy', 'either', '')
    """
    match = SHORT.match(value.strip())
    if not match or (match[1] == match[2] and len(match[3]) == 4):
        return ""
    first, second = int(match[1]), int(match[2])
    if max(first, second) > 31 or min(first, second) > 12:
        return ""
    if first > 12:
        return "dmy"
    return "mdy" if second > 12 else "either"


def date_in_url(url: str) -> dt.date | None:
    """Day in an address that carries one, as most news sites' do.

    >>> date_in_url("https://example.org/story/2018/04/28/talks-resume")
    datetime.date(2018, 4, 28)
    """
    match = URL_DAY.search(url)
    if not match:
        return None
    try:
        return dt.date(*(int(group) for group in match.groups()))
    except ValueError:
        return None


def date_in_name(name: str) -> dt.date | None:
    """Day in the name of a file, or of a folder that it lies in, the nearest first.

    >>> date_in_name("CNN/2018/talks 2018-04-28.txt"), date_in_name("20180428_talks.txt"), date_in_name("talks-7.txt")
    (datetime.date(2018, 4, 28), datetime.date(2018, 4, 28), None)
    >>> date_in_name("CNN/2018/04/28/talks.txt")
    datetime.date(2018, 4, 28)
    """
    folder, _, last = name.rpartition("/")
    for text in (last, f"/{folder}/"):
        for match in NAME_DAY.finditer(text):
            try:
                return dt.date(int(match[1]), int(match[3]), int(match[4]))
            except ValueError:
                continue
    return None


def span(since: str, until: str) -> tuple[dt.date | None, dt.date | None]:
    """First and last day of a span that is written as days, months or years; None for an end that is left open.

    Raises:
        InputError: An end is neither, or the span ends before it begins.

    >>> span("2016", "2018-02")
    (datetime.date(2016, 1, 1), datetime.date(2018, 2, 28))
    """
    ends: list[dt.date | None] = []
    for text, last in ((since, False), (until, True)):
        parts = [int(part) for part in text.split("-")] if re.fullmatch(r"\d{4}(?:-\d{1,2}){0,2}", text) else []
        if text and not parts:
            raise InputError(f"{text!r} is no day, month or year; write 2016, 2016-03 or 2016-03-05")
        try:
            day = dt.date(*[*parts, 1, 1][:3]) if parts else None
        except ValueError:
            raise InputError(f"{text!r} does not exist") from None
        if day and last and len(parts) < 3:
            month = 12 if len(parts) == 1 else day.month
            day = (dt.date(day.year, month, 28) + dt.timedelta(days=4)).replace(day=1) - dt.timedelta(days=1)
        ends.append(day)
    first, end = ends
    if first and end and first > end:
        raise InputError(f"the span begins on {first} and ends before that, on {end}")
    return first, end


def _year_first(value: str) -> tuple[int, int, int] | None:
    if match := YEAR_FIRST.match(value):
        return int(match[1]), int(match[3]), int(match[4])
    if match := COMPACT.match(value):
        return int(match[1]), int(match[2]), int(match[3])
    return None


def _orders(value: str, order: str) -> list[dict[str, bool]]:
    if order == "dmy":
        return [{"dayfirst": True}]
    if order == "mdy":
        return [{"dayfirst": False}]
    orders = [{"dayfirst": False}, {"dayfirst": True}]
    # A four-digit year decides which number is the year; only day and month can still be swapped.
    if NUMERIC.match(value) and not re.search(r"(?<!\d)\d{4}(?!\d)", value):
        orders.append({"yearfirst": True})
    return orders


def _with_time(value: str) -> dt.datetime | None:
    """A date that begins with the year, with its time; None where no time can be read."""
    try:
        return dt.datetime.fromisoformat(re.sub(r"^(\d{4})[./](\d{1,2})[./](\d{1,2})", _padded, value))
    except ValueError:
        return None


def _padded(match: re.Match[str]) -> str:
    return f"{match[1]}-{int(match[2]):02d}-{int(match[3]):02d}"


def _zone(name: str | None, offset: int | None) -> dt.tzinfo | None:
    if offset is not None:
        return dt.timezone(dt.timedelta(seconds=offset)) if abs(offset) < 86_400 else None
    hours = ZONES.get(name or "")
    return None if hours is None else dt.timezone(dt.timedelta(hours=hours))


def _moment(moment: dt.datetime, value: str, time: bool = True, precision: str = "day") -> Moment:
    day = moment.date()
    if not EARLIEST <= day < LATEST:
        return Moment(reason=f"date {value!r} is not between {EARLIEST.year} and {LATEST.year}")
    if precision == "day" and time and moment.time() != dt.time():
        return Moment(day, moment.isoformat(timespec="seconds"), "time")
    return Moment(day, "", precision)
