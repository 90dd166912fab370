"""Known outlets: facts about publications and agencies, found by the name that a database prints.

The facts are in `corpora/data/outlets.toml`; how a name is compared is in `corpora/outlet_names.py`.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from corpora.outlet_names import HOST, host_of, name_key, readings

KINDS = ("newspaper", "broadcaster", "agency", "magazine", "online", "government", "think tank")
OWNERSHIPS = ("state", "public", "private", "cooperative")
# Hosts that print the articles of others: an unknown name there stays unknown.
AGGREGATORS = frozenset(("yahoo.com", "msn.com", "allafrica.com", "realclearpolitics.com", "allsides.com"))


@dataclass(frozen=True, slots=True)
class Outlet:
    """A publication or agency, and what is publicly known of it; a fact that is not known is empty.

    Attributes:
        name: Name as its readers know it.
        country: ISO 3166-1 alpha-3 code of the country it is run from; XKX for Kosovo.
        kind: One of `KINDS`.
        ownership: state (a government owns or controls it), public (paid by the public, with editors who are
            independent of the government by law), cooperative (owned by its members), or private.
        agency: Whether it is a news agency.
        credit: An agency's name as articles credit it, as in the column `agency`: "AP".
        domains: Hosts of its pages.
        aliases: Other names under which it is printed.
        shared: Names that it has in common with others; they need an address or a place to tell.
    """

    name: str
    country: str = ""
    kind: str = ""
    ownership: str = ""
    agency: bool = False
    credit: str = ""
    domains: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()

    @property
    def state_owned(self) -> bool:
        """Whether a government owns or controls it."""
        return self.ownership == "state"


@dataclass(frozen=True)
class _Known:
    """The outlets of the data file, by what they can be found by."""

    outlets: tuple[Outlet, ...]
    own: Mapping[str, Outlet]
    shared: Mapping[str, tuple[Outlet, ...]]
    hosts: Mapping[str, Outlet]
    places: Mapping[str, str]


@cache
def _known() -> _Known:
    data = tomllib.loads((files("corpora") / "data" / "outlets.toml").read_text(encoding="utf-8"))
    outlets, shared = [], defaultdict(list)
    for entry in data["outlet"]:
        agency = entry["kind"] == "agency"
        entry |= {key: tuple(entry.get(key, ())) for key in ("domains", "aliases", "shared")}
        outlets.append(Outlet(**{"agency": agency, "credit": entry["name"] if agency else ""} | entry))
    for outlet in outlets:
        for name in outlet.shared:
            shared[name_key(name)].append(outlet)
    return _Known(
        outlets=tuple(outlets),
        own={name_key(name): outlet for outlet in outlets for name in (outlet.name, *outlet.aliases)},
        shared={key: tuple(values) for key, values in shared.items()},
        hosts={host: outlet for outlet in outlets for host in outlet.domains},
        places={name_key(name): country for country, names in data["places"].items() for name in names},
    )


def known_outlets() -> tuple[Outlet, ...]:
    """All outlets of which something is known.

    >>> [outlet.name for outlet in known_outlets() if outlet.credit == "TASS"]
    ['TASS']
    """
    return _known().outlets


@lru_cache(maxsize=4096)
def find_outlet(name: str, url: str = "") -> Outlet | None:
    """The known outlet that a name stands for; where the name says nothing, the one whose address the article has.

    A name is compared without case, accents, "The", and words such as "(Web News)" or "- Opinion". A place in brackets
    must be in the outlet's country. A name that several have in common is told by the place or the address.

    Args:
        name: Outlet as a database prints it; may be empty.
        url: Address of one of its articles.

    Returns:
        The outlet, or None where none is known or several would do.

    >>> find_outlet("The Times (London)").name, find_outlet("New York Times, The").name, find_outlet("The Star")
    ('The Times', 'The New York Times', None)
    >>> find_outlet("The Guardian", "https://guardian.ng/news/").name, find_outlet("Guardian (Nigeria)").name
    ('The Guardian (Nigeria)', 'The Guardian (Nigeria)')
    """
    host = host_of(url)
    there = _at(host)
    if not re.search(r"\w", name):
        return there
    known, joined = _known(), "".join(name.casefold().split())
    for number, (key, place) in enumerate(readings(name)):
        own, shared = known.own.get(key), known.shared.get(key, ())
        if place:
            if own and own in (known.own.get(name_key(place)), _at(place)):  # "Deutsche Welle (DW)"
                return own
            country = _country(place)
            fitting = {o.name: o for o in ((own, *shared) if own else shared) if country and o.country == country}
            if len(fitting) == 1:
                return fitting.popitem()[1]
            # "Fox News: Special Report" is a programme; "The Sun - Lowell" may be another paper.
            if own and own.kind in ("broadcaster", "agency") and not country and not re.search(r"[(\[]", name):
                return own
        elif there in shared:
            return there
        elif own:
            return own
        if number == 0 and HOST.fullmatch(joined):
            if found := _at(host_of(joined)):
                return found
            if " " not in name.strip():  # "independent.com" is an address, and not The Independent's
                break
    return None if any(_within(host, other) for other in AGGREGATORS) else there


def is_agency(outlet_name: str) -> str:
    """An agency's name as articles credit it, where the outlet is itself a news agency; empty where it is none.

    >>> is_agency("Associated Press"), is_agency("ITAR-TASS"), is_agency("CNN")
    ('AP', 'TASS', '')
    """
    outlet = find_outlet(outlet_name)
    return outlet.credit if outlet and outlet.agency else ""


def _at(host: str) -> Outlet | None:
    """The outlet that a host, or one it is under, belongs to."""
    hosts = _known().hosts
    labels = host.split(".")
    return next((hosts[name] for i in range(len(labels)) if (name := ".".join(labels[i:])) in hosts), None)


def _within(host: str, other: str) -> bool:
    return host == other or host.endswith(f".{other}")


def _country(place: str) -> str:
    """Country of a place such as "London" or "New York, N.Y."; empty where it is not known."""
    places = _known().places
    # The last part says most: St. Petersburg, Fla., is not in Russia.
    parts = [place, *reversed(re.split(r"[,(/]", place))]
    return next((places[key] for part in parts if (key := name_key(part)) in places), "")
