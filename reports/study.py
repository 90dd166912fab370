"""Study: the whole plan of a report, read from TOML; an unknown key is an error."""

from __future__ import annotations

import datetime as dt
import difflib
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from corpora.errors import InputError
from corpora.query import parse
from corpora.votes import check_genre, check_switch
from framing.countries import read_dyad
from framing.frames import OWN, is_frames
from framing.scorers import COSTS, DEFAULT_COST, SCORERS, load_scorer, measures
from framing.voice import VOICES as EVERY_VOICE
from reports.periods import UNITS

REST = "rest"
# Draws beyond the highest would take more memory than a desk has and change no digit that is printed.
BOUNDS = {"minimum_articles": (2, 10**6), "minimum_days": (2, 10**5), "draws": (100, 20_000), "seed": (0, 2**63)}


# Measures that a report tells; others are for `framing.score`.
REPORTED = ("attitude", "relation", "sentiment", "subject", "tone", "frames:CODEBOOK")
# In whose words passages must be to count: anybody's, the outlet's own, or those of somebody it quotes or reports.
VOICES = {"all": EVERY_VOICE, "own": ("own",), "quoted": tuple(voice for voice in EVERY_VOICE if voice != "own")}


def is_described(measure: str) -> bool:
    """Whether a measure is described and never tested."""
    return measure == "subject" or is_frames(measure)


@dataclass(frozen=True)
class Primary:
    """A declared comparison: one outlet against another, `rest`, or the study's reference where none is named."""

    measure: str
    outlet: str
    reference: str = ""
    target: str = ""


@dataclass(frozen=True)
class Study:
    """What is compared, and how.

    Attributes:
        dyad: The two countries, in alphabetical order.
        corpus: Folder of the corpus, or empty where one is handed over.
        title: Title of the report; made from the countries where empty.
        outlets: Outlets to compare; all of the corpus where empty.
        merge: Name of an outlet as read to the name it is counted under.
        reference: Outlet that the others are compared with, or `rest`: the mean of all other scored outlets.
        period: month, quarter, half or year; chosen from the data where empty.
        since: First day.
        until: Last day.
        measures: Scorers that are run.
        cost: Which scorer of each measure.
        codebooks: Folder in which codebooks of one's own were trained, for `frames:NAME`.
        minimum_articles: Articles a cell needs.
        minimum_days: Days with articles a cell needs.
        primary: Declared comparisons; all outlets on sentiment and relation where empty.
        text: Whether sentences of articles are shown.
        wire: Which articles count where outlets print an agency's or another's text: `own` (an outlet's own text
            only), `origin` (one vote for each origin), or `all`.
        genre: Which kind of piece counts: `news`, `opinion`, or `all`.
        voice: Passages in whose words count: `all`, `own`, or `quoted`. What describes voices reads all.
        where: Query that narrows the study (docs/queries.md); empty for every article.
        words: Whether words, loaded words and names are told, for which the texts are read again.
        seed: Seed of the bootstrap.
        draws: Bootstrap draws.
        banner: A line that the report carries at its head.
    """

    dyad: tuple[str, str]
    corpus: str = ""
    title: str = ""
    outlets: tuple[str, ...] = ()
    merge: tuple[tuple[str, str], ...] = ()
    reference: str = REST
    period: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    measures: tuple[str, ...] = ("relation", "sentiment", "frames:bilateral", "subject", "tone")
    cost: str = DEFAULT_COST
    codebooks: str = OWN
    minimum_articles: int = 10
    minimum_days: int = 5
    primary: tuple[Primary, ...] = ()
    text: bool = True
    wire: str = "own"
    genre: str = "news"
    voice: str = "all"
    where: str = ""
    words: bool = True
    seed: int = 1
    draws: int = 2000
    banner: str = ""

    def __post_init__(self) -> None:
        if self.period and self.period not in UNITS:
            raise InputError(f"no period {self.period!r}; there are: {', '.join(UNITS)}")
        if len(set(self.measures)) < len(self.measures):
            raise InputError(f"measures are named twice: {', '.join(self.measures)}")
        for measure in self.measures:
            if measure not in SCORERS and not is_frames(measure):
                raise InputError(f"no scorer {measure!r}; there are: {', '.join(measures())}")
            if measure not in REPORTED and not is_frames(measure):
                raise InputError(f"reports do not tell {measure!r} yet; there are: {', '.join(REPORTED)}")
            if self.cost not in COSTS:
                raise InputError(f"scorer {measure!r} has no cost {self.cost!r}; there are: {', '.join(sorted(COSTS))}")
            load_scorer(measure, self.cost, self.codebooks)
        if not self.measures:
            raise InputError(f"the study measures nothing; there are: {', '.join(REPORTED)}")
        if all(is_described(measure) for measure in self.measures):
            raise InputError(
                f"{', '.join(map(repr, self.measures))} alone makes no study: it is told beside attitude, relation, "
                "sentiment or tone"
            )
        check_switch(self.wire)
        check_genre(self.genre)
        if self.voice not in VOICES:
            raise InputError(f"no voice switch {self.voice!r}; there are: {', '.join(VOICES)}")
        if self.where:
            parse(self.where)
        for name, (lowest, highest) in BOUNDS.items():
            if not lowest <= getattr(self, name) <= highest:
                raise InputError(f"{name} is {getattr(self, name)}; it must be from {lowest} to {highest}")
        if self.since and self.until and self.since > self.until:
            raise InputError(f"the study begins on {self.since} and ends before that, on {self.until}")
        for primary in self.primary:
            if primary.measure not in self.measures:
                raise InputError(f"primary comparison of {primary.measure!r}, which the study does not measure")
            if is_described(primary.measure):
                raise InputError(f"primary comparison of {primary.measure!r}, which is described and not tested")

    @property
    def pair(self) -> str:
        """The pair as the tables write it: RUS-USA."""
        return "-".join(self.dyad)

    def toml(self) -> str:
        """The study as a TOML file that `read_study` reads back."""
        lines = [f"seed = {self.seed}", f"draws = {self.draws}"]
        lines += [
            f"{key} = {_quoted(value)}" for key, value in (("title", self.title), ("banner", self.banner)) if value
        ]
        tables: dict[str, dict[str, Any]] = {
            "corpus": {"path": self.corpus} if self.corpus else {},
            "pair": {"dyad": self.pair},
            "outlets": {"include": list(self.outlets), "reference": self.reference},
            "outlets.merge": dict(self.merge),
            "period": {"unit": self.period, "from": self.since, "to": self.until},
            "scorers": {
                "measures": list(self.measures),
                "cost": self.cost,
                # A place on this machine is no part of the plan; the lock tells which weight was read.
                "codebooks": "" if self.codebooks == OWN or Path(self.codebooks).is_absolute() else self.codebooks,
            },
            "switches": {
                "text": self.text,
                "wire": self.wire,
                "genre": self.genre,
                "voice": self.voice,
                "where": self.where,
                "words": self.words,
            },
            "minimum": {"articles": self.minimum_articles, "days": self.minimum_days},
        }
        for name, table in tables.items():
            values = {key: value for key, value in table.items() if value not in ("", None, [])}
            if values:
                lines += [
                    "",
                    f"[{name}]",
                    *(f"{_key(key)} = {_quoted(value)}" for key, value in values.items()),
                ]
        for primary in self.primary:
            lines += ["", "[[primary]]", *(f"{k} = {_quoted(v)}" for k, v in asdict(primary).items() if v)]
        return "\n".join(lines) + "\n"


# Table to key to field of `Study`; the empty table is the head of the file.
KEYS: dict[str, dict[str, str]] = {
    "": {"seed": "seed", "draws": "draws", "title": "title", "banner": "banner"},
    "corpus": {"path": "corpus"},
    "pair": {"dyad": "dyad"},
    "outlets": {"include": "outlets", "merge": "merge", "reference": "reference"},
    "period": {"unit": "period", "from": "since", "to": "until"},
    "scorers": {"measures": "measures", "cost": "cost", "codebooks": "codebooks"},
    "switches": {name: name for name in ("text", "wire", "genre", "voice", "where", "words")},
    "minimum": {"articles": "minimum_articles", "days": "minimum_days"},
}
# Field to the type that TOML must give it.
TYPES: dict[str, type] = {
    "seed": int, "draws": int, "title": str, "banner": str, "corpus": str, "dyad": str, "outlets": list, "merge": dict,
    "reference": str, "period": str, "since": dt.date, "until": dt.date, "measures": list, "cost": str,
    "codebooks": str, "text": bool, "wire": str, "genre": str, "voice": str, "where": str, "words": bool,
    "minimum_articles": int, "minimum_days": int,
}  # fmt: skip


def read_study(path: str | Path) -> Study:
    """Read a study file; a corpus path in it is relative to the file.

    Raises:
        InputError: The file is missing or no TOML, has a key that is not known, or a value of the wrong kind.
    """
    path = Path(path)
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"no study file {path}") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"study {path} cannot be read: {error}") from None
    try:
        values = _values(data)
        if values.get("corpus"):
            values["corpus"] = str((path.parent / values["corpus"]).resolve())
        if "codebooks" in values or (path.parent / OWN).is_dir():
            values["codebooks"] = str((path.parent / values.get("codebooks", OWN)).resolve())
        return Study(**values)
    except InputError as error:
        raise InputError(f"study {path}: {error}") from None


def _values(data: Mapping[str, Any]) -> dict[str, Any]:
    values: dict[str, Any] = {}
    for name, table in data.items():
        if name == "primary":
            if not isinstance(table, list) or not all(isinstance(row, dict) for row in table):
                raise InputError("declared comparisons are written as tables, each under [[primary]]")
            values["primary"] = tuple(_primary(row) for row in table)
        elif isinstance(table, dict):
            if name not in KEYS:
                raise InputError(_unknown("table", name, [*KEYS, "primary"]))
            values |= {KEYS[name][key]: value for key, value in table.items() if _known(key, KEYS[name], f"[{name}] ")}
        elif _known(name, KEYS[""], ""):
            values[KEYS[""][name]] = table
    for field, value in values.items():
        if field in TYPES and type(value) is not TYPES[field]:
            raise InputError(f"{field} is {value!r}, not a {TYPES[field].__name__}")
    if "dyad" not in values:
        raise InputError('the table [pair] must name the two countries: dyad = "USA-RUS"')
    values["dyad"] = read_dyad(values["dyad"])
    for field in ("outlets", "measures", "merge"):
        if field in values:
            items = values[field].items() if field == "merge" else values[field]
            texts = [text for item in items for text in (item if field == "merge" else (item,))]
            if not all(isinstance(text, str) for text in texts):
                raise InputError(f"{field} must hold names in quotation marks, not {texts!r}")
            values[field] = tuple(sorted(items) if field == "merge" else items)
    return values


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
        raise InputError(_unknown(f"{where}key", key, list(known)))
    return True


def _unknown(what: str, name: str, known: list[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"unknown {what} {name!r}" + (
        f", did you mean {near[0]!r}?" if near else f"; there are: {', '.join(filter(None, known))}"
    )


def _key(key: str) -> str:
    return key if key.replace("_", "").replace("-", "").isalnum() and key.isascii() else _quoted(key)


def _quoted(value: Any) -> str:
    import json

    if isinstance(value, dt.date):
        return value.isoformat()
    # A basic TOML string takes the escapes of JSON; DEL alone must be escaped by hand.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
