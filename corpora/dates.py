"""Days of publication: from what a record says, without guessing."""

from __future__ import annotations

import datetime as dt
import re

from dateutil import parser as dateutil_parser

ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})(?!\d)")
# A four-digit year decides which number is the year; only day and month can still be swapped.
NUMERIC = re.compile(r"\s*\d{1,4}[./-]\d{1,2}[./-]\d{1,4}(?=\D|$)")
URL_DAY = re.compile(r"/((?:19|20)\d{2})[/-](\d{1,2})[/-](\d{1,2})(?:/|$|[-_])")
# Two unlike defaults: a string that leaves out day, month or year takes it from them and so disagrees.
DEFAULTS = (dt.datetime(2001, 1, 1), dt.datetime(2002, 2, 2))
EARLIEST, LATEST = dt.date(1800, 1, 1), dt.date(2100, 1, 1)


def read_date(value: str, order: str = "") -> tuple[dt.date | None, str]:
    """Day that a date string names, with the reason where it names none.

    Args:
        value: A date as files write it: `2017-02-01`, `31 May, 2019`, RFC 2822, a timestamp...
        order: `dmy` or `mdy` where the user says how `4/4/17` is meant; empty when unknown.

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
    if iso := ISO.match(value):
        try:
            return _in_range(dt.date(int(iso[1]), int(iso[2]), int(iso[3])), value)
        except ValueError:
            return None, f"date {value!r} does not exist"
    found: set[dt.date] = set()
    for switches in _orders(value, order):
        for default in DEFAULTS:
            try:
                parsed = dateutil_parser.parse(value, default=default, **switches)
            except (ValueError, OverflowError, TypeError):
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


def _orders(value: str, order: str) -> list[dict[str, bool]]:
    if order == "dmy":
        return [{"dayfirst": True}]
    if order == "mdy":
        return [{"dayfirst": False}]
    orders = [{"dayfirst": False}, {"dayfirst": True}]
    if NUMERIC.match(value) and not re.search(r"(?<!\d)\d{4}(?!\d)", value):
        orders.append({"yearfirst": True})
    return orders


def _in_range(day: dt.date, value: str) -> tuple[dt.date | None, str]:
    if EARLIEST <= day < LATEST:
        return day, ""
    return None, f"date {value!r} is not between {EARLIEST.year} and {LATEST.year}"
