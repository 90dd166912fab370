"""Dealing: which coder codes which units, and in which order."""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from corpora.errors import InputError
from corpora.storage import write_beside

DEALT = "dealt.csv"
# Coders are told apart by pseudonyms that stand in file names and in tables.
CODER = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
LONGEST_CODER = 40


def check_coder(name: str) -> str:
    """A coder's pseudonym.

    Raises:
        InputError: It is none.

    >>> check_coder("anna-2")
    'anna-2'
    """
    if not CODER.fullmatch(name) or len(name) > LONGEST_CODER:
        raise InputError(
            f"coder {name!r:.60} is no pseudonym; it must be lower-case letters and digits, with single hyphens "
            f"between, at most {LONGEST_CODER} characters, such as 'anna'"
        )
    return name


def deal(units: Sequence[str], coders: Sequence[str], overlap: float, seed: int) -> dict[str, list[str]]:
    """Units of each coder: a share of them goes to all coders, the rest is dealt out evenly.

    Args:
        units: The units.
        coders: Pseudonyms.
        overlap: Share of the units that all coders code, 0 to 1. With 1 all code the same; with 0 agreement cannot be
            told.
        seed: Seed of the deal.

    Returns:
        Coder to units, in the order in which this coder codes them: an order of the coder's own.

    Raises:
        InputError: A pseudonym is none or stands twice, there is none, or the overlap is no share.

    >>> dealt = deal(["u1", "u2", "u3", "u4"], ["anna", "ben"], 0.5, seed=1)
    >>> [len(mine) for mine in dealt.values()], len(set(dealt["anna"]) & set(dealt["ben"]))
    ([3, 3], 2)
    """
    names = [check_coder(name) for name in coders]
    if not names:
        raise InputError("no coder is named; name one or more with --coder")
    if twice := next((name for name in names if names.count(name) > 1), ""):
        raise InputError(f"coder {twice!r} is named twice")
    if not 0 <= overlap <= 1:
        raise InputError(f"overlap {overlap:g} is no share; it must be from 0 to 1")
    order = np.random.default_rng(seed).permutation(sorted(units)).tolist()
    shared = round(overlap * len(order))
    rest = order[shared:]
    dealt = {}
    for number, name in enumerate(sorted(names)):
        mine = sorted([*order[:shared], *rest[number :: len(names)]])
        own = int.from_bytes(hashlib.sha256(f"{seed} {name}".encode()).digest()[:8], "big")
        dealt[name] = np.random.default_rng(own).permutation(mine).tolist()
    return dealt


def note_dealt(folder: Path, dealt: dict[str, list[str]]) -> None:
    """Note in a sample's folder who codes what, beside what was dealt before.

    Raises:
        InputError: A coder was dealt other units before.
    """
    known = read_dealt(folder) if (folder / DEALT).exists() else {}
    for coder, units in dealt.items():
        if known.get(coder, units) != units:
            raise InputError(
                f"coder {coder!r} was dealt {len(known[coder])} other units before, by another overlap or among other "
                f"coders; remove {folder / DEALT} to deal anew"
            )
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["coder", "unit"])
    for coder, units in sorted({**known, **dealt}.items()):
        writer.writerows([coder, unit] for unit in units)
    write_beside(folder / DEALT, out.getvalue()).replace(folder / DEALT)


def read_dealt(folder: str | Path) -> dict[str, list[str]]:
    """Coder to units, in the order of the coder's sheet.

    Raises:
        InputError: No sheet was made, or the note of it is broken.
    """
    path = Path(folder) / DEALT
    try:
        rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8"), newline=""), strict=True))
        dealt: dict[str, list[str]] = {}
        for coder, unit in rows[1:]:
            dealt.setdefault(check_coder(coder), []).append(unit)
    except FileNotFoundError:
        raise InputError(f"no sheet was made in {path.parent}; make them with 'framing code sheet'") from None
    except (OSError, ValueError, csv.Error) as error:
        raise InputError(f"{path} is broken ({error}); remove it and make the sheets anew") from None
    return dealt
