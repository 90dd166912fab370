"""Outlets: which names in a corpus seem to be one outlet, and what a user decided about them.

Names are only ever suggested to be one outlet: `merge_file` writes the suggestions for a reader to correct, and
`read_outlets` reads what the reader decided. What is known of outlets is in `corpora/known_outlets.py`.
"""

from __future__ import annotations

import json
import re
import reprlib
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

from corpora.errors import InputError
from corpora.known_outlets import KINDS, OWNERSHIPS, Outlet, find_outlet, is_agency, known_outlets
from corpora.outlet_names import full_key, is_opinion
from corpora.repair import UNSEEN, whole

__all__ = [
    "Merge",
    "Outlet",
    "OutletTable",
    "find_outlet",
    "is_agency",
    "known_outlets",
    "merge_file",
    "read_outlets",
    "suggest_merges",
]

# What a table of a user's file may hold, with the type of each.
KEYS: Mapping[str, type] = MappingProxyType(
    {"name": str, "country": str, "kind": str, "ownership": str, "agency": bool, "names": list}
)
WANTED = {str: "text", bool: "true or false", list: "a list of names"}
# Far above the names of any corpus; a larger file is none that was made here.
LARGEST = 20_000_000


@dataclass(frozen=True, slots=True)
class Merge:
    """Names in a corpus that seem to be one outlet.

    Attributes:
        name: Name that they would be counted under.
        members: Each name with its number of articles, most first.
        why: What speaks for it.
        decided: Whether the user merged them before, so that it is no suggestion.
    """

    name: str
    members: tuple[tuple[str, int], ...]
    why: str
    decided: bool = False


@dataclass(frozen=True)
class OutletTable:
    """What a user decided about the outlets of a corpus; without a file, what is known.

    >>> table = OutletTable()
    >>> table.canonical("CNN (Web News)"), table.facts("CNN (Web News)").country
    ('CNN (Web News)', 'USA')
    """

    outlets: tuple[Outlet, ...] = ()
    _by_name: Mapping[str, Outlet] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        by_name = {_plain(name): outlet for outlet in self.outlets for name in (outlet.name, *outlet.aliases)}
        object.__setattr__(self, "_by_name", MappingProxyType(by_name))

    def canonical(self, name: str) -> str:
        """Name that an outlet is counted under; the name itself where the table does not list it."""
        outlet = self._by_name.get(_plain(name))
        return outlet.name if outlet else name

    def facts(self, name: str) -> Outlet | None:
        """What the table says of an outlet, or else what is known of it."""
        return self._by_name.get(_plain(name)) or find_outlet(name)


def suggest_merges(names: Mapping[str, int]) -> list[Merge]:
    """Groups of names that seem to be one outlet; nothing is merged by this.

    Names go together where they stand for the same known outlet, or are equal but for what databases add. Names of
    two known outlets never do.

    Args:
        names: Outlet names of a corpus, with the number of articles of each.

    >>> [(merge.name, merge.members) for merge in suggest_merges({"CNN": 9, "CNN - Editorial": 2, "CNBC": 4})]
    [('CNN', (('CNN', 9), ('CNN - Editorial', 2)))]
    """
    groups: dict[tuple[str, str], list[tuple[str, int]]] = defaultdict(list)
    for name, count in sorted(names.items(), key=lambda item: (-item[1], item[0])):
        if name.strip():
            outlet = find_outlet(name)
            groups[("known", outlet.name) if outlet else ("key", full_key(name))].append((name, count))
    merges = []
    for (sort, value), members in groups.items():
        if len(members) > 1:
            name, why = (value, "names of one known outlet") if sort == "known" else (members[0][0], "the same name "
                "but for capitals, punctuation and words such as The, Online or Opinion")  # fmt: skip
            if any(is_opinion(member) for member, _ in members):
                why += "; opinion pages are among them"
            merges.append(Merge(name, tuple(members), why))
    return merges


def merge_file(
    suggestions: Iterable[Merge], names: Mapping[str, int], agencies: Mapping[str, str] = MappingProxyType({})
) -> str:
    """Text of an `outlets.toml` for a reader to correct and hand back: one table for each outlet.

    Args:
        suggestions: Groups of names, each said to be a suggestion, and why.
        names: All outlet names of the corpus with their counts; those known are listed with their facts.
        agencies: What the user decided before, name to the agency's credit or "" for none; goes before what is known.
    """
    parts = [
        "# Outlets of a corpus. Correct this file and hand it back: `names` are counted as one outlet, under `name`.\n"
        '# Names that stand nowhere here stay as they are. Write "" where a fact is not known.\n'
        "# A table with one name gives that outlet its usual name; delete it to keep the name as it was read.\n"
        f"# country: three letters, such as USA\n# kind: {', '.join(KINDS)}\n# ownership: {', '.join(OWNERSHIPS)}\n"
    ]
    taken = set[str]()
    for merge in suggestions:
        taken |= {_plain(name) for name in (merge.name, *(member for member, _ in merge.members))}
        note = f"# A suggestion: {merge.why}. Delete the names, or the table, that do not belong.\n"
        if merge.decided:
            note = f"# {merge.why[:1].upper()}{merge.why[1:]}.\n"
        parts.append(note + _table(merge.name, merge.members, agencies))
    unknown = []
    rest = [(name, count) for name, count in sorted(names.items()) if name.strip() and _plain(name) not in taken]
    taken |= {_plain(name) for name, _ in rest}
    for name, count in rest:
        if outlet := find_outlet(name):
            # Several names of one outlet that nobody suggested to merge keep the names that they have.
            # So do those that a user's table left as they are.
            kept = name in agencies or outlet.name in taken
            parts.append(_table(name if kept else outlet.name, ((name, count),), agencies))
            taken.add(outlet.name)
        elif name in agencies:
            parts.append(_table(name, ((name, count),), agencies))
        else:
            unknown.append(f"#   {_quoted(name)}, articles: {count}\n")
    if unknown:
        parts.append("# Nothing is known of these; add a table for those that you know:\n" + "".join(unknown))
    return "\n".join(parts)


def read_outlets(path: str | Path) -> OutletTable:
    """What a user decided about outlets, from a file such as `merge_file` writes.

    A fact that a table leaves out is taken from what is known; one that is written as "" stays unknown.

    Raises:
        InputError: The file cannot be read, or it holds an unknown key, a value of a wrong type, or a name under
            two outlets.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        raise InputError(f"{path}: cannot be read ({error})") from None
    if len(content) > LARGEST:
        raise InputError(f"{path.name}: larger than {LARGEST:,} bytes, which no table of outlets is")
    try:
        data = tomllib.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path.name}: not valid TOML ({error})") from None
    if strange := sorted(set(data) - {"outlet"}):
        raise InputError(f"{path.name}: no key {reprlib.repr(strange[0])}; there is only: [[outlet]]")
    entries = data.get("outlet", [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise InputError(f"{path.name}: outlet must be tables that begin with [[outlet]]")
    outlets, seen = [], dict[str, str]()
    for number, entry in enumerate(entries, 1):
        outlet = _outlet(entry, f"{path.name}, outlet {number}")
        for name in {_plain(name) for name in (outlet.name, *outlet.aliases)}:
            if name in seen:
                both = f"{reprlib.repr(seen[name])} and {reprlib.repr(outlet.name)}"
                raise InputError(f"{path.name}: name {reprlib.repr(name)} is under two outlets, {both}")
            seen[name] = outlet.name
        outlets.append(outlet)
    return OutletTable(tuple(outlets))


def _outlet(entry: Mapping[str, Any], place: str) -> Outlet:
    """An outlet from one table of a user's file."""
    for key, value in entry.items():
        if key not in KEYS:
            raise InputError(f"{place}: no key {reprlib.repr(key)}; there are: {', '.join(KEYS)}")
        if not isinstance(value, KEYS[key]):
            raise InputError(f"{place}: {key} is {reprlib.repr(value)}; it must be {WANTED[KEYS[key]]}")
    names = entry.get("names", [])
    for name in (entry.get("name", ""), *names):
        if not isinstance(name, str) or not name.strip():
            raise InputError(
                f"{place}: {reprlib.repr(name)} is no name; name and each of names must be text that is not empty"
            )
    if entry.get("country") and not re.fullmatch("[A-Z]{3}", entry["country"]):
        raise InputError(
            f"{place}: country is {reprlib.repr(entry['country'])}; it must be three capitals, such as USA, or empty"
        )
    for key, allowed in (("kind", KINDS), ("ownership", OWNERSHIPS)):
        if entry.get(key) and entry[key] not in allowed:
            raise InputError(f"{place}: no {key} {reprlib.repr(entry[key])}; there are: {', '.join(allowed)}")
    outlet = find_outlet(entry["name"]) or Outlet("")
    outlet = replace(outlet, aliases=tuple(names), **{key: entry[key] for key in entry if key != "names"})
    return replace(outlet, credit=(outlet.credit or outlet.name) if outlet.agency else "")


def _table(name: str, members: Iterable[tuple[str, int]], agencies: Mapping[str, str]) -> str:
    """One [[outlet]] table, with what is known of the outlet."""
    outlet = find_outlet(name) or Outlet(name)
    facts = "".join(f"{key} = {_quoted(getattr(outlet, key))}\n" for key in ("country", "kind", "ownership"))
    names = "".join(f"    {_quoted(member)},  # articles: {count}\n" for member, count in members)
    agency = "true" if agencies.get(name, outlet.agency) else "false"
    return f"[[outlet]]\nname = {_quoted(name)}\n{facts}agency = {agency}\nnames = [\n{names}]\n"


def _quoted(text: str) -> str:
    """A TOML string; marks that hide or turn text are spelt out."""
    return UNSEEN.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(whole(text), ensure_ascii=False))


def _plain(name: str) -> str:
    return " ".join(whole(name).split())
