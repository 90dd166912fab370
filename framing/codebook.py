"""Codebook: the frames that a passage may carry, each with what a coder needs to tell it; a TOML file."""

from __future__ import annotations

import difflib
import hashlib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from corpora.errors import InputError
from framing.cues import read_cue

# A name stands in `frames:NAME`, in file names and in tables.
NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
LONGEST_NAME = 40
# A codebook is a text for people; a larger file is none.
LARGEST = 1_000_000
Cues = tuple[re.Pattern[str], ...]


@dataclass(frozen=True)
class Counterexample:
    """A passage that seems to carry a frame and does not, and why."""

    text: str
    why: str


@dataclass(frozen=True)
class Frame:
    """One category of a codebook.

    Attributes:
        name: As scores name it: lower case, with hyphens.
        title: As people read it.
        definition: What it is.
        questions: Yes or no; a yes to one of them is enough.
        include: Cases that count although one may hesitate.
        exclude: Cases that look like it and do not count.
        cues: Typical words, as patterns that are searched without regard to case; they hint and prove nothing.
        examples: Passages that carry the frame.
        counterexamples: Passages that seem to.
    """

    name: str
    title: str
    definition: str
    questions: tuple[str, ...]
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    cues: Cues
    examples: tuple[str, ...]
    counterexamples: tuple[Counterexample, ...] = ()


@dataclass(frozen=True)
class Codebook:
    """The frames of a study, in order.

    Attributes:
        name: As `frames:NAME` names it.
        title: As people read it.
        version: Changes with its meaning.
        source: The literature it comes from.
        about: The unit, and the rules for all frames.
        frames: The frames.
        digest: sha256 of the file.
    """

    name: str
    title: str
    version: str
    source: str
    about: str
    frames: tuple[Frame, ...]
    digest: str

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the frames, in order."""
        return tuple(frame.name for frame in self.frames)

    @property
    def cues(self) -> tuple[tuple[str, ...], ...]:
        """Cues of each frame, as they are written."""
        return tuple(tuple(cue.pattern for cue in frame.cues) for frame in self.frames)

    def frame(self, name: str) -> Frame:
        """The frame of a name.

        Raises:
            InputError: There is none; the message lists those there are.
        """
        for frame in self.frames:
            if frame.name == name:
                return frame
        raise InputError(f"codebook {self.name!r} has no frame {name!r}; there are: {', '.join(self.names)}")


@lru_cache(maxsize=1)
def shipped_codebooks() -> tuple[str, ...]:
    """Names of the codebooks that come with the toolkit.

    >>> shipped_codebooks()
    ('bilateral', 'functions', 'generic', 'policy')
    """
    folder = files("framing").joinpath("data", "codebooks")
    return tuple(sorted(path.name.removesuffix(".toml") for path in folder.iterdir() if path.name.endswith(".toml")))


@lru_cache(maxsize=8)
def load_codebook(name: str) -> Codebook:
    """A codebook that comes with the toolkit.

    Raises:
        InputError: There is none of that name.

    >>> load_codebook("functions").names
    ('problem', 'cause', 'moral-judgement', 'remedy')
    """
    if name not in shipped_codebooks():
        raise InputError(f"no codebook {name!r}; there are: {', '.join(shipped_codebooks())}, or the path of a file")
    return parse_codebook(files("framing").joinpath("data", "codebooks", f"{name}.toml").read_bytes(), name)


def read_codebook(path: str | Path) -> Codebook:
    """A codebook of one's own.

    Raises:
        InputError: There is no such file, or it is no codebook; names the frame, the value and what is allowed.
    """
    path = Path(path)
    if not path.is_file():
        raise InputError(f"no codebook file {path}")
    if path.stat().st_size > LARGEST:
        raise InputError(f"codebook {path} has {path.stat().st_size:,} bytes; a codebook has at most {LARGEST:,}")
    return parse_codebook(path.read_bytes(), str(path))


def parse_codebook(data: bytes, place: str) -> Codebook:
    """A codebook from the bytes of a file.

    Args:
        data: The file.
        place: What errors call it.

    Raises:
        InputError: See `read_codebook`.
    """
    try:
        table = tomllib.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise InputError(f"codebook {place} is no TOML: {error}") from None
    try:
        return _codebook(table, hashlib.sha256(data).hexdigest())
    except InputError as error:
        raise InputError(f"codebook {place}: {error}") from None


def template(name: str) -> str:
    """A codebook to begin with, as TOML, which `parse_codebook` reads.

    Raises:
        InputError: The name is none.
    """
    _check_name(name, "a codebook's name")
    text = files("framing").joinpath("data", "codebook-template.toml").read_text(encoding="utf-8")
    return text.replace("NAME", name)


# Key to its kind: a text, a list of texts, or something of its own. Those of OPTIONAL may be left out.
BOOK = {"name": str, "title": str, "version": str, "source": str, "about": str, "frame": list}
FRAME = {
    "name": str, "title": str, "definition": str, "questions": list, "include": list, "exclude": list, "cues": list,
    "examples": list, "counterexamples": list,
}  # fmt: skip
COUNTER = {"text": str, "why": str}
OPTIONAL = {"title", "source", "about", "include", "exclude", "cues", "counterexamples", "version"}


def _codebook(table: Mapping[str, Any], digest: str) -> Codebook:
    _check_keys(table, BOOK, "it")
    name = table["name"]
    _check_name(name, "its name")
    written = table["frame"]
    if not written or not all(isinstance(one, dict) for one in written):
        raise InputError("frames are written as tables, each under [[frame]]; there must be one or more")
    frames = tuple(_frame(one, number) for number, one in enumerate(written, 1))
    twice = next((f.name for k, f in enumerate(frames) if f.name in [g.name for g in frames[:k]]), None)
    if twice:
        raise InputError(f"frame {twice!r} is defined twice")
    return Codebook(
        name=name,
        title=table.get("title") or name,
        version=table.get("version") or "1",
        source=table.get("source", "").strip(),
        about=table.get("about", "").strip(),
        frames=frames,
        digest=digest,
    )


def _frame(table: Mapping[str, Any], number: int) -> Frame:
    where = f"frame {table['name']!r}" if isinstance(table.get("name"), str) else f"frame {number}"
    _check_keys(table, FRAME, where)
    _check_name(table["name"], f"the name of frame {number}")
    lists = {key: _texts(table.get(key, []), f"{where}, {key}") for key in FRAME if FRAME[key] is list}
    if not lists["examples"]:
        raise InputError(f"{where} has no examples; write one or more passages that carry it")
    if not lists["questions"]:
        raise InputError(f"{where} has no questions; write one or more that are answered by yes or no")
    return Frame(
        name=table["name"],
        title=table.get("title") or table["name"],
        definition=table["definition"].strip(),
        questions=lists["questions"],
        include=lists["include"],
        exclude=lists["exclude"],
        cues=tuple(read_cue(cue, where) for cue in lists["cues"]),
        examples=lists["examples"],
        counterexamples=tuple(_counterexample(one, where) for one in table.get("counterexamples", [])),
    )


def _counterexample(one: Any, where: str) -> Counterexample:
    if not isinstance(one, dict):
        raise InputError(f"{where}: counterexamples are written as {{ text = ..., why = ... }}, not {one!r:.80}")
    _check_keys(one, COUNTER, f"a counterexample of {where}")
    return Counterexample(one["text"], one["why"])


def _texts(values: Any, where: str) -> tuple[str, ...]:
    if where.endswith("counterexamples"):
        return ()
    for value in values:
        if not isinstance(value, str) or not value.strip():
            raise InputError(f"{where}: {value!r:.80} is no text")
    return tuple(values)


def _check_keys(table: Mapping[str, Any], known: Mapping[str, type], where: str) -> None:
    for key, value in table.items():
        if key not in known:
            near = difflib.get_close_matches(key, known, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are: {', '.join(known)}"
            raise InputError(f"{where} has an unknown key {key!r}; {hint}")
        if not isinstance(value, known[key]):
            wanted = "a text in quotation marks" if known[key] is str else "a list"
            raise InputError(f"{where}: {key!r} is {value!r:.80}, not {wanted}")
    for key in known:
        if key not in OPTIONAL and (key not in table or (isinstance(table[key], str) and not table[key].strip())):
            raise InputError(f"{where} has no {key!r}")


def _check_name(name: str, what: str) -> None:
    if not NAME.fullmatch(name) or len(name) > LONGEST_NAME:
        raise InputError(
            f"{what} is {name!r:.60}; it must be lower-case letters and digits, with single hyphens between words, at "
            f"most {LONGEST_NAME} characters, such as 'human-interest'"
        )


def remarks(codebook: Codebook) -> list[str]:
    """What is thin in a codebook: frames whose cues miss their examples, without rules, or left as in the template.

    >>> remarks(load_codebook("bilateral"))
    []
    """
    found = []
    for frame in codebook.frames:
        hit = sum(any(cue.search(example) for cue in frame.cues) for example in frame.examples)
        if not frame.cues:
            found.append(f"frame {frame.name!r} has no cues")
        elif not hit:
            found.append(f"frame {frame.name!r}: no cue is in any of its examples")
        if not frame.exclude:
            found.append(f"frame {frame.name!r} excludes nothing: what is the nearest thing that does not count?")
        if len(frame.examples) < 3:
            found.append(f"frame {frame.name!r} has {len(frame.examples)} examples; coders learn from three or more")
    texts = [codebook.title, codebook.source, codebook.about]
    for frame in codebook.frames:
        texts += [frame.title, frame.definition, *frame.questions, *frame.include, *frame.exclude, *frame.examples]
        texts += [text for one in frame.counterexamples for text in (one.text, one.why)]
    if any(text.startswith("EXAMPLE") for text in texts):
        found.append("lines still begin with EXAMPLE")
    return found
