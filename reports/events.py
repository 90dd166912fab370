"""Events: dates that were declared before looking, read from TOML; found change points are another thing.

[[event]]
name = "Annexation of Crimea"
date = 2014-03-18
months = 6                          # window on each side; 6 where not said
outlets = ["RT", "New York Times"]  # whom it may have moved; all where not said
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpora.errors import InputError
from reports.toml_file import read_toml, unknown

# A month on each side is the least, ten years the most.
MONTHS = (1, 120)
# Years in which there may be news; a slip of the keyboard is outside.
YEARS = (1800, 2199)
KEYS = ("name", "date", "months", "outlets")


@dataclass(frozen=True)
class Event:
    """A declared event.

    Attributes:
        name: What happened; one line.
        date: Its day; articles of the day count as after it.
        months: Months on each side that are looked at, from 1 to 120.
        outlets: Outlets that it may have moved; all where empty.

    Raises:
        InputError: The name is empty or more than one line, or the date or the months are out of range.

    >>> Event("Helsinki summit", dt.date(2018, 7, 16)).months
    6
    """

    name: str
    date: dt.date
    months: int = 6
    outlets: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not self.name.strip() or not self.name.isprintable():
            raise InputError(f"event {self.name!r} has no name of one line")
        first, last = YEARS
        if not first <= self.date.year <= last:
            raise InputError(f"event {self.name!r}: its year is {self.date.year}; from {first} to {last} are allowed")
        low, high = MONTHS
        if not low <= self.months <= high:
            raise InputError(f"event {self.name!r}: months is {self.months}; from {low} to {high} are allowed")


def read_events(path: str | Path) -> tuple[Event, ...]:
    """Read a file of declared events, in order of their dates.

    Args:
        path: TOML file with tables under [[event]]: `name`, `date` (a TOML date, or "2014-03-18"), and where
            wanted `months` and `outlets`.

    Raises:
        InputError: The file is missing or no TOML, has a key that is not known, a value of the wrong kind, no
            event, or two events of one name.
    """
    path = Path(path)
    data = read_toml(path, "events", "file of events")
    try:
        for key in data:
            if key != "event":
                raise InputError(unknown("table or key", key, ("event",)))
        return parse_events(data.get("event", []))
    except InputError as error:
        raise InputError(f"events {path}: {error}") from None


def parse_events(tables: Any) -> tuple[Event, ...]:
    """Events from their tables, as TOML gives them; in order of their dates.

    Raises:
        InputError: As `read_events`.

    >>> [event.name for event in parse_events([{"name": "Helsinki summit", "date": dt.date(2018, 7, 16)}])]
    ['Helsinki summit']
    """
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise InputError("events are written as tables, each under [[event]]")
    if not tables:
        raise InputError("there is no [[event]] in it")
    events = [_event(table, number) for number, table in enumerate(tables, start=1)]
    names = [event.name for event in events]
    for name in names:
        if names.count(name) > 1:
            raise InputError(f"two events have the name {name!r}")
    return tuple(sorted(events, key=lambda event: (event.date, event.name)))


def _event(table: Mapping[str, Any], number: int) -> Event:
    """An event from its table."""
    for key in table:
        if key not in KEYS:
            raise InputError(unknown("[[event]] key", key, KEYS))
    for key in ("name", "date"):
        if key not in table:
            raise InputError(f"[[event]] number {number} has no {key!r}")
    name, months, outlets = table["name"], table.get("months", 6), table.get("outlets", [])
    if not isinstance(name, str):
        raise InputError(f"[[event]] number {number}: name is {name!r}, not a text in quotation marks")
    # In Python true is a number.
    if type(months) is not int:
        raise InputError(f"event {name!r}: months is {months!r}, not a whole number")
    if not isinstance(outlets, list) or not all(isinstance(outlet, str) for outlet in outlets):
        raise InputError(f"event {name!r}: outlets is {outlets!r}, not a list of names in quotation marks")
    return Event(name, _day(name, table["date"]), months, tuple(dict.fromkeys(outlets)))


def _day(name: str, value: Any) -> dt.date:
    # A date with a time of day is a date to isinstance.
    if type(value) is dt.date:
        return value
    try:
        return dt.date.fromisoformat(value)
    except (TypeError, ValueError):
        raise InputError(f"event {name!r}: date is {str(value)!r}, not a day such as 2014-03-18") from None
