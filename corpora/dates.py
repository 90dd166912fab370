"""Days of publication: from what a record says, without guessing."""

from __future__ import annotations

import datetime as dt
import re

from dateutil import parser as dateutil_parser

# A year in front goes on with month and day, everywhere: 2017-02-01, 2017/2/1, 2017.02.01.
YEAR_FIRST = re.compile(r"(\d{4})([./-])(\d{1,2})\2(\d{1,2})(?!\d)")
# 20170201, 20170201T101500Z as GDELT writes it, 201702011015, 20170201101500.
COMPACT = re.compile(r"((?:1[89]|20)\d\d)(\d\d)(\d\d)(?:[T ]\d.*|\d{4}|\d{6})?$")
# Seconds or milliseconds since 1970, between 2001 and 2033; a "2" in front could as well begin a year.
EPOCH = re.compile(r"(1\d{9})(?:\d{3})?(?:\.\d*)?$")
NUMERIC = re.compile(r"\s*\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?=\D|$)")
URL_DAY = re.compile(r"/((?:19|20)\d{2})[/-](\d{1,2})[/-](\d{1,2})(?:/|$|[-_])")
# Two unlike defaults: a string that leaves out day, month or year takes it from them and so disagrees.
DEFAULTS = (dt.datetime(2001, 1, 1), dt.datetime(2002, 2, 2))
EARLIEST, LATEST = dt.date(1800, 1, 1), dt.date(2100, 1, 1)


def read_date(value: str, order: str = "") -> tuple[dt.date | None, str]:
    """Day that a date string names, with the reason where it names none.

    A time keeps the day that the outlet wrote, whatever its zone; seconds since 1970 are a day in UTC.

    Args:
        value: A date as files write it: `2017-02-01`, `31 May, 2019`, RFC 2822, a timestamp...
        order: `dmy` or `mdy` where the user says how `4/4/17` is meant; empty when unknown. A date that begins
            with a four-digit year has one order only.

    Returns:
        The day and an empty reason, or None and the reason.

    >>> read_date("31 May, 2019")
    (datetime.date(2019, 5, 31), '')
    >>> read_date("4/4/17")
    (None, "date '4/4/17' has an unknown order")
    >>> read_date("4/4/17", order="dmy")
    (datetime.date(2017, 4, 4), '')
    """
    value = value.strip()[:80]
    if not value:
        return None, "no date"
    if epoch := EPOCH.match(value):
        return _in_range(dt.datetime.fromtimestamp(int(epoch[1]), dt.UTC).date(), value)
    if parts := _year_first(value):
        try:
            return _in_range(dt.date(*parts), value)
        except ValueError:
            return None, f"date {value!r} does not exist"
    if re.fullmatch(r"\d{5,}(?:\.\d*)?", value):
        # Counts of days or of other seconds, and 010217: dateutil would read each of them as some day.
        return None, f"date {value!r} cannot be read"
    found: set[dt.date] = set()
    for switches in _orders(value, order):
        for default in DEFAULTS:
            try:
                # The zone changes no day here, and dateutil warns of each that it does not know.
                parsed = dateutil_parser.parse(value, default=default, ignoretz=True, **switches)
            except (ArithmeticError, AttributeError, IndexError, TypeError, ValueError):
                return None, f"date {value!r} cannot be read"
            found.add(parsed.date())
    if len(found) > 1:
        numeric = NUMERIC.match(value)
        return None, f"date {value!r} has an unknown order" if numeric else f"date {value!r} is incomplete"
    return _in_range(found.pop(), value)


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


def _in_range(day: dt.date, value: str) -> tuple[dt.date | None, str]:
    if EARLIEST <= day < LATEST:
        return day, ""
    return None, f"date {value!r} is not between {EARLIEST.year} and {LATEST.year}"
