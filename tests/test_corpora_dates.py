"""Days of publication: what a date string names, and what it leaves open."""

from __future__ import annotations

import datetime as dt

import pytest

from corpora.dates import Moment, date_in_name, date_in_url, read_date, read_moment, written_order


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("2017-02-01", dt.date(2017, 2, 1)),
        ("  2017-02-01  ", dt.date(2017, 2, 1)),
        ("2017-02-01T23:59:59Z", dt.date(2017, 2, 1)),
        ("2017-02-01T23:59:59-08:00", dt.date(2017, 2, 1)),  # the day as the outlet wrote it, not the day in UTC
        ("2017-02-01 10:00:00.123456", dt.date(2017, 2, 1)),
        ("31 May, 2019", dt.date(2019, 5, 31)),
        ("May 31, 2019", dt.date(2019, 5, 31)),
        ("Friday, 31 May 2019 14:05 GMT", dt.date(2019, 5, 31)),
        ("Wed, 01 Feb 2017 10:30:00 +0000", dt.date(2017, 2, 1)),
        ("Wed, 01 Feb 2017 23:30:00 -0500", dt.date(2017, 2, 1)),
        ("20170220", dt.date(2017, 2, 20)),
        ("2017/02/20", dt.date(2017, 2, 20)),
        ("13/4/2017", dt.date(2017, 4, 13)),  # there is no month 13
        ("4/13/2017", dt.date(2017, 4, 13)),
        ("4/4/2017", dt.date(2017, 4, 4)),  # either order names the same day
        ("29 February 2016", dt.date(2016, 2, 29)),
        ("1800-01-01", dt.date(1800, 1, 1)),
        ("2099-12-31", dt.date(2099, 12, 31)),
    ],
)
def test_a_whole_date_names_its_day(written, day):
    assert read_date(written) == (day, "")


@pytest.mark.parametrize(
    "written",
    ["3/4/2017", "03-04-2017", "3.4.2017", "4/4/17", "3/4/17", "03/04/2017 10:15", "1/2/03"],
)
def test_a_date_of_unknown_order_is_not_guessed(written):
    assert read_date(written) == (None, f"date {written!r} has an unknown order")


@pytest.mark.parametrize("written", ["2017", "31 May", "Monday", "10:30", "May"])
def test_a_date_without_day_month_or_year_is_incomplete(written):
    assert read_date(written) == (None, f"date {written!r} is incomplete")


@pytest.mark.parametrize(
    ("written", "reason"),
    [
        ("", "no date"),
        ("   ", "no date"),
        ("2017-02-31", "date '2017-02-31' does not exist"),
        ("2017-13-01", "date '2017-13-01' does not exist"),
        ("31 February 2017", "date '31 February 2017' cannot be read"),
        ("29 February 2017", "date '29 February 2017' cannot be read"),
        ("yesterday", "date 'yesterday' cannot be read"),
        ("not a date at all", "date 'not a date at all' cannot be read"),
        ("9" * 30, f"date '{'9' * 30}' cannot be read"),
        ("1799-12-31", "date '1799-12-31' is not between 1800 and 2100"),
        ("2100-01-01", "date '2100-01-01' is not between 1800 and 2100"),
    ],
)
def test_what_names_no_day_gives_the_reason(written, reason):
    assert read_date(written) == (None, reason)


@pytest.mark.parametrize(
    ("written", "order", "day"),
    [
        ("3/4/2017", "dmy", dt.date(2017, 4, 3)),
        ("3/4/2017", "mdy", dt.date(2017, 3, 4)),
        ("4/4/17", "dmy", dt.date(2017, 4, 4)),
        ("4/4/17", "mdy", dt.date(2017, 4, 4)),
        ("1/2/03", "dmy", dt.date(2003, 2, 1)),
        ("1/2/03", "mdy", dt.date(2003, 1, 2)),
        ("2017-02-01", "dmy", dt.date(2017, 2, 1)),  # ISO dates have one order only
        ("2017-02-01", "mdy", dt.date(2017, 2, 1)),
        ("31 May, 2019", "mdy", dt.date(2019, 5, 31)),
    ],
)
def test_the_order_given_decides(written, order, day):
    assert read_date(written, order) == (day, "")


def test_swapping_the_order_swaps_day_and_month():
    for first in range(1, 13):
        for second in range(1, 13):
            written = f"{first}/{second}/2017"
            assert read_date(written, "dmy")[0] == dt.date(2017, second, first)
            assert read_date(written, "mdy")[0] == dt.date(2017, first, second)


@pytest.mark.parametrize(
    ("written", "order"),
    [
        ("2017/02/01", ""),
        ("2017/02/01", "dmy"),
        ("2017-2-1", ""),
        ("20170201", ""),
        ("20170201", "dmy"),
        ("20170201T101500Z", ""),  # as GDELT writes it
        ("20170201101500", ""),
    ],
)
def test_a_date_that_begins_with_the_year_goes_on_with_the_month(written, order):
    assert read_date(written, order) == (dt.date(2017, 2, 1), "")


def test_a_long_text_in_the_place_of_a_date_is_no_date():
    day, reason = read_date("It was a long day. " * 1000)
    assert day is None
    assert len(reason) < 130  # the reason goes into a file and quotes 80 characters at most


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://example.org/story/2018/04/28/talks", dt.date(2018, 4, 28)),
        ("https://example.org/2018/4/8/talks", dt.date(2018, 4, 8)),
        ("https://example.org/2018-04-28/talks", dt.date(2018, 4, 28)),
        ("https://example.org/world/2018-04-28", dt.date(2018, 4, 28)),
        ("https://example.org/2018/04/28-talks", dt.date(2018, 4, 28)),
        ("https://example.org/2018/13/45/talks", None),
        ("https://example.org/2018/02/30/talks", None),
        ("https://example.org/2018/04/talks", None),
        ("https://example.org/id/3018/04/28/talks", None),
        ("https://example.org/talks-20180428", None),
        ("", None),
    ],
)
def test_an_address_tells_the_day_only_where_it_carries_one(url, day):
    assert date_in_url(url) == day


@pytest.mark.parametrize("order", ["", "dmy", "mdy"])
@pytest.mark.parametrize(
    "written",
    # 1485943200 is 2017-02-01T10:00:00Z.
    ["2017.2.1", "2017-2-1 10:15", "20170201 10:15", "201702011015", "1485943200", "1485943200000", "1485943200.0"],
)
def test_other_dates_with_the_year_in_front_and_counted_seconds_have_one_order_too(written, order):
    assert read_date(written, order) == (dt.date(2017, 2, 1), "")


def test_counted_seconds_are_a_day_in_utc():
    # 2017-02-01T00:00:00Z is 1485907200; a second earlier it is January.
    assert read_date("1485907200")[0] == dt.date(2017, 2, 1)
    assert read_date("1485907199")[0] == dt.date(2017, 1, 31)


@pytest.mark.parametrize("written", ["170201", "42767", "12345678", "2017020110", "2012010110", "123456789"])
def test_other_numbers_are_not_guessed(written):
    assert read_date(written) == (None, f"date {written!r} cannot be read")


@pytest.mark.parametrize("written", ["2017/13/01", "20170231", "2017-2-30"])
def test_a_year_with_an_impossible_day_does_not_exist(written):
    assert read_date(written, "dmy") == (None, f"date {written!r} does not exist")


def test_a_time_zone_that_nobody_knows_is_passed_over_without_a_warning(recwarn):
    assert read_date("Fri, 31 May 2019 14:05 EDT") == (dt.date(2019, 5, 31), "")
    assert not recwarn.list


# --- Times, zones, precision ---


@pytest.mark.parametrize(
    ("written", "at", "precision"),
    [
        ("2017-02-01T10:15:00+03:00", "2017-02-01T10:15:00+03:00", "time"),
        ("2017-02-01T10:15:00Z", "2017-02-01T10:15:00+00:00", "time"),
        ("2017/2/1 10:15", "2017-02-01T10:15:00", "time"),
        ("20170201T101500Z", "2017-02-01T10:15:00+00:00", "time"),
        ("Wed, 01 Feb 2017 23:30:00 -0500", "2017-02-01T23:30:00-05:00", "time"),
        ("February 1, 2017 6:05 PM EST", "2017-02-01T18:05:00-05:00", "time"),
        ("February 1, 2017 6:05 PM IST", "2017-02-01T18:05:00", "time"),  # India, Ireland or Israel: not guessed
        ("1485943200", "2017-02-01T10:00:00+00:00", "time"),
        ("2017-02-01", "", "day"),
        ("2017-02-01 00:00:00", "", "day"),  # what files write for a day
        ("1 February 2017", "", "day"),
        ("13/2/2017 10:15", "2017-02-13T10:15:00", "time"),
    ],
)
def test_a_time_is_kept_with_its_zone(written, at, precision):
    moment = read_moment(written)
    assert (moment.at, moment.precision, moment.reason) == (at, precision, "")


@pytest.mark.parametrize("written", ["May 2017", "2017-05", "5/2017", "May, 2017"])
def test_a_month_without_a_day_is_kept_as_a_month(written):
    assert read_moment(written) == Moment(dt.date(2017, 5, 1), "", "month")


@pytest.mark.parametrize(
    ("written", "order"),
    [
        ("13/4/2017", "dmy"), ("4/13/2017", "mdy"), ("4/4/17", "either"), ("3.4.17", "either"), ("4/4/2017", ""),
        ("2017-04-13", ""), ("13 April 2017", ""), ("32/1/2017", ""), ("13/13/2017", ""), ("", ""),
        ("3/4/2017 10:15", "either"),
    ],
)  # fmt: skip
def test_a_numeric_date_shows_its_order_or_leaves_it_open(written, order):
    assert written_order(written) == order


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("2018-04-28.txt", dt.date(2018, 4, 28)),
        ("CNN_20180428_talks.html", dt.date(2018, 4, 28)),
        ("CNN/2018/04/28/talks.html", dt.date(2018, 4, 28)),
        ("CNN/2018-04-28/talks.html", dt.date(2018, 4, 28)),
        ("2017-01-01/talks 2018-04-28.txt", dt.date(2018, 4, 28)),  # the nearest
        ("2018-13-28.txt", None),
        ("talks-1234567890.txt", None),
        ("export.zip/CNN/talks.txt", None),
        ("", None),
    ],
)
def test_a_day_in_a_name_is_the_nearest_one(name, day):
    assert date_in_name(name) == day
