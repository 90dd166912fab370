"""TOML files that people write: read, or refused in one line."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from corpora.errors import InputError

# Names that a message lists; a corpus may have hundreds of outlets.
LISTED = 20


def read_toml(path: Path, what: str, called: str) -> dict[str, Any]:
    """What a TOML file holds.

    Args:
        path: The file.
        what: What it is, in "study x.toml cannot be read".
        called: What such a file is called, in "no study file x.toml".

    Raises:
        InputError: The file is missing, cannot be read, or is no TOML.
    """
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(f"no {called} {path}") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InputError(f"{what} {path} cannot be read: {error}") from None


def unknown(what: str, name: str, known: Sequence[str]) -> str:
    """The line about a name that is not known, with the nearest that is.

    >>> unknown("key", "moths", ("name", "months"))
    "unknown key 'moths', did you mean 'months'?"
    """
    near = difflib.get_close_matches(name, known, n=1)
    listed = ", ".join([one for one in known if one][:LISTED])
    return f"unknown {what} {name!r}" + (f", did you mean {near[0]!r}?" if near else f"; there are: {listed}")
