"""Study files: a study as TOML, written and read; an unknown key is an error."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from corpora.errors import InputError
from framing.countries import read_dyad
from framing.frames import OWN
from reports.events import Event, parse_events, read_events
from reports.study import Primary, Study
from reports.toml_file import read_toml, unknown

# Table to key to field of `Study`; the empty table is the head of the file.
KEYS: dict[str, dict[str, str]] = {
    "": {"seed": "seed", "draws": "draws", "title": "title", "banner": "banner"},
    "corpus": {"path": "corpus"},
    "pair": {"dyad": "dyad"},
    "outlets": {"include": "outlets", "merge": "merge", "reference": "reference"},
    "period": {"unit": "period", "from": "since", "to": "until"},
    "scorers": {"measures": "measures", "cost": "cost", "codebooks": "codebooks"},
    "switches": {name: name for name in ("text", "wire", "genre", "voice", "where", "words")},
    "minimum": {"articles": "minimum_articles", "stories": "minimum_stories"},
    "decomposition": {"pairs": "pairs"},
    "coding": {"folders": "coded"},
    "checks": {"second": "second", "mixed": "mixed"},
    "events": {"file": "events"},
}
# Field to the type that TOML must give it.
TYPES: dict[str, type] = {
    "seed": int, "draws": int, "title": str, "banner": str, "corpus": str, "dyad": str, "outlets": list, "merge": dict,
    "reference": str, "period": str, "since": dt.date, "until": dt.date, "measures": list, "cost": str,
    "codebooks": str, "text": bool, "wire": str, "genre": str, "voice": str, "where": str, "words": bool,
    "minimum_articles": int, "minimum_stories": int, "pairs": list, "coded": list, "second": bool, "mixed": bool,
    "events": str,
}  # fmt: skip


def study_toml(study: Study) -> str:
    """The study as a TOML file that `read_study` reads back."""
    lines = [f"seed = {study.seed}", f"draws = {study.draws}"]
    lines += [f"{key} = {_quoted(value)}" for key, value in (("title", study.title), ("banner", study.banner)) if value]
    tables: dict[str, dict[str, Any]] = {
        "corpus": {"path": study.corpus} if study.corpus else {},
        "pair": {"dyad": study.pair},
        "outlets": {"include": list(study.outlets), "reference": study.reference},
        "outlets.merge": dict(study.merge),
        "period": {"unit": study.period, "from": study.since, "to": study.until},
        "scorers": {
            "measures": list(study.measures),
            "cost": study.cost,
            # A place on this machine is no part of the plan; the lock tells which weight was read.
            "codebooks": "" if study.codebooks == OWN or Path(study.codebooks).is_absolute() else study.codebooks,
        },
        "switches": {
            "text": study.text,
            "wire": study.wire,
            "genre": study.genre,
            "voice": study.voice,
            "where": study.where,
            "words": study.words,
        },
        "minimum": {"articles": study.minimum_articles, "stories": study.minimum_stories},
        "decomposition": {"pairs": [list(pair) for pair in study.pairs]},
        # Nor is the place of human codes: their folders are expected beside the study, and the lock tells which codes.
        "coding": {"folders": [Path(folder).name for folder in study.coded]},
        "checks": {"second": study.second, "mixed": study.mixed},
    }
    for name, table in tables.items():
        values = {key: value for key, value in table.items() if value not in ("", None, [])}
        if values:
            lines += [
                "",
                f"[{name}]",
                *(f"{_key(key)} = {_quoted(value)}" for key, value in values.items()),
            ]
    for primary in study.primary:
        lines += ["", "[[primary]]", *(f"{k} = {_quoted(v)}" for k, v in asdict(primary).items() if v)]
    for event in study.events:
        lines += ["", "[[event]]", *(f"{k} = {_quoted(v)}" for k, v in asdict(event).items() if v)]
    return "\n".join(lines) + "\n"


def read_study(path: str | Path) -> Study:
    """Read a study file; a corpus path in it is relative to the file.

    Raises:
        InputError: The file is missing or no TOML, has a key that is not known, or a value of the wrong kind.
    """
    path = Path(path)
    data = read_toml(path, "study", "study file")
    try:
        values = _values(data)
        if values.get("corpus"):
            values["corpus"] = str((path.parent / values["corpus"]).resolve())
        if "codebooks" in values or (path.parent / OWN).is_dir():
            values["codebooks"] = str((path.parent / values.get("codebooks", OWN)).resolve())
        values["events"] = _events(path.parent, values.pop("events", ""), values.pop("declared", ()))
        values["coded"] = tuple(str((path.parent / folder).resolve()) for folder in values.get("coded", ()))
        return Study(**values)
    except InputError as error:
        raise InputError(f"study {path}: {error}") from None


def _events(folder: Path, file: str, declared: tuple[Event, ...]) -> tuple[Event, ...]:
    """Events that the study declares itself, or in a file beside it."""
    if file and declared:
        raise InputError("events stand under [[event]] or in the file that [events] names, not in both")
    return read_events(folder / file) if file else declared


def _values(data: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, table in data.items():
        if name == "event":
            values["declared"] = parse_events(table)
        elif name == "primary":
            if not isinstance(table, list) or not all(isinstance(row, dict) for row in table):
                raise InputError("declared comparisons are written as tables, each under [[primary]]")
            values["primary"] = tuple(_primary(row) for row in table)
        elif isinstance(table, dict):
            if name not in KEYS:
                raise InputError(unknown("table", name, [*KEYS, "primary", "event"]))
            values |= {KEYS[name][key]: value for key, value in table.items() if _known(key, KEYS[name], f"[{name}] ")}
        elif _known(name, KEYS[""], ""):
            values[KEYS[""][name]] = table
    for field, value in values.items():
        if field in TYPES and type(value) is not TYPES[field]:
            raise InputError(f"{field} is {value!r}, not a {TYPES[field].__name__}")
    if "dyad" not in values:
        raise InputError('the table [pair] must name the two countries: dyad = "USA-RUS"')
    values["dyad"] = read_dyad(values["dyad"])
    if "pairs" in values:
        values["pairs"] = tuple(_pair(pair) for pair in values["pairs"])
        for number, (one, other) in enumerate(values["pairs"]):
            if {one, other} in map(set, values["pairs"][:number]):
                raise InputError(f"[decomposition] pairs holds {one!r} and {other!r} twice")
    for field in ("outlets", "measures", "merge", "coded"):
        if field in values:
            items = values[field].items() if field == "merge" else values[field]
            texts = [text for item in items for text in (item if field == "merge" else (item,))]
            if not all(isinstance(text, str) for text in texts):
                raise InputError(f"{field} must hold names in quotation marks, not {texts!r}")
            values[field] = tuple(sorted(items) if field == "merge" else items)
    return values


def _pair(pair: Any) -> tuple[str, str]:
    if not isinstance(pair, list) or len(pair) != 2 or not all(isinstance(name, str) for name in pair):
        raise InputError(f"[decomposition] pairs holds {pair!r}, which does not name two outlets")
    if pair[0] == pair[1]:
        raise InputError(f"[decomposition] pairs holds {pair[0]!r} twice in one pair")
    return pair[0], pair[1]


def _primary(row: Mapping[str, Any]) -> Primary:
    fields = {"measure": "", "outlet": "", "reference": "", "target": ""}
    for key, value in row.items():
        _known(key, fields, "[[primary]] ")
        if not isinstance(value, str):
            raise InputError(f"[[primary]] {key} is {value!r}, not a str")
    for key in ("measure", "outlet"):
        if key not in row:
            raise InputError(f"a [[primary]] comparison has no {key!r}")
    return Primary(**row)


def _known(key: str, known: Mapping[str, str], where: str) -> bool:
    if key not in known:
        raise InputError(unknown(f"{where}key", key, list(known)))
    return True


def _key(key: str) -> str:
    return key if key.replace("_", "").replace("-", "").isalnum() and key.isascii() else _quoted(key)


def _quoted(value: Any) -> str:
    import json

    if isinstance(value, dt.date):
        return value.isoformat()
    # A basic TOML string takes the escapes of JSON; DEL alone must be escaped by hand.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
