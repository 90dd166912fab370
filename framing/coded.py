"""Coded passages: which frames coders found, read from a CSV file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from corpora.errors import InputError
from framing.agreement import frame_alphas
from framing.codebook import Codebook

# What columns are called; the first is the one that messages name.
TEXT, FRAMES, UNIT, CODER, ARTICLE = ("text", "passage"), ("frames", "labels"), ("unit", "id"), ("coder",), ("article",)
YES, NO = frozenset({"1", "yes", "y", "x", "true"}), frozenset({"", "0", "no", "n", "false"})
LARGEST = 200_000_000


@dataclass(frozen=True)
class CodedPassages:
    """Passages with the frames that coders found in them.

    Attributes:
        frames: Names of the frames, in the codebook's order.
        texts: The passages (N).
        articles: The article of each, empty where it is not told.
        codings: What each coder found in each passage, None where he did not code it; coders in their order.
        coders: Their names.
    """

    frames: tuple[str, ...]
    texts: tuple[str, ...]
    articles: tuple[str, ...]
    codings: tuple[tuple[frozenset[str] | None, ...], ...]
    coders: tuple[str, ...]

    @property
    def shares(self) -> NDArray[np.float64]:
        """Share of its coders who found each frame in each passage, (N, F), 0 to 1."""
        rows = [
            [np.mean([frame in one for one in unit if one is not None]) for frame in self.frames]
            for unit in self.codings
        ]
        return np.array(rows, dtype=np.float64).reshape(len(self.texts), len(self.frames))

    def agreement(self) -> dict[str, float]:
        """Krippendorff's alpha between the coders, by frame; missing where one person coded."""
        return frame_alphas(self.frames, {str(k): unit for k, unit in enumerate(self.codings)})


def read_coded(path: str | Path, codebook: Codebook, left_out: Sequence[str] = ()) -> CodedPassages:
    """Coded passages from a CSV file: one row for each passage and coder.

    The column `text` holds the passage; `frames` the names of its frames, parted by semicolons, or else each frame has
    a column of its own with 1 and 0, yes and no, or x and nothing. `coder`, `unit` (what tells passages of one text
    apart) and `article` may be there; other columns are passed over. Frames left out need no column.

    Raises:
        InputError: The file is missing or no such table, names a frame that the codebook does not have or one twice,
            or has a passage coded twice by one coder; names the line.
    """
    path = Path(path)
    place = f"coded file {path}"
    units: dict[str, tuple[str, str]] = {}
    codings: dict[str, dict[str, frozenset[str]]] = {}
    for line, row in _rows(path):
        text = " ".join(_value(row, TEXT).split())
        if not text:
            raise InputError(f"{place}, line {line}: has no text")
        unit = _value(row, UNIT) or text
        coder = _value(row, CODER)
        found = _frames(row, codebook, left_out, f"{place}, line {line}")
        known = units.get(unit, (text, ""))
        units[unit] = (known[0], known[1] or _value(row, ARTICLE))
        if known[0] != text:
            raise InputError(f"{place}, line {line}: unit {unit!r:.60} has another text than before")
        mine = codings.setdefault(unit, {})
        if coder in mine:
            who = f"coder {coder!r:.40}" if coder else "a coder without a name (column 'coder')"
            raise InputError(f"{place}, line {line}: {who} codes {unit!r:.60} a second time")
        mine[coder] = found
    if not units:
        raise InputError(f"{place} has no coded passages")
    coders = sorted({coder for mine in codings.values() for coder in mine})
    return CodedPassages(
        frames=codebook.names,
        texts=tuple(text for text, _ in units.values()),
        articles=tuple(article for _, article in units.values()),
        codings=tuple(tuple(codings[unit].get(coder) for coder in coders) for unit in units),
        coders=tuple(coders),
    )


def _rows(path: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows with the number of the line on which each ends, by lower-case name of the column."""
    if not path.is_file():
        raise InputError(f"no coded file {path}")
    if path.stat().st_size > LARGEST:
        raise InputError(f"coded file {path} has {path.stat().st_size:,} bytes; at most {LARGEST:,} are read")
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"coded file {path} is not UTF-8; save it as CSV UTF-8") from None
    header = re.split(r"[\r\n]", text, maxsplit=1)[0]
    # A spreadsheet of many countries parts columns by semicolons, which then also part frames within quotation marks.
    parting = max(",;\t", key=header.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=parting, strict=True)
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        if not set(names) & set(TEXT):
            raise InputError(f"coded file {path} has no column 'text'; its columns are: {', '.join(names)[:200]}")
        twice = next((name for name in names if name and names.count(name) > 1), None)
        if twice:
            raise InputError(f"coded file {path} has two columns {twice!r}")
        for cells in reader:
            if any(cell.strip() for cell in cells[len(names) :]):
                raise InputError(
                    f"coded file {path}, line {reader.line_num}: has {len(cells)} values for {len(names)} columns; put "
                    f"a value that has {parting!r} in it within quotation marks"
                )
            if any(cell.strip() for cell in cells):
                # Excel leaves out the partings after the last value of a row.
                yield reader.line_num, dict(zip_longest(names, cells[: len(names)], fillvalue=""))
    except csv.Error as error:
        raise InputError(f"coded file {path}, line {reader.line_num}: broken CSV: {error}") from None


def _value(row: dict[str, str], names: Sequence[str]) -> str:
    return next((row[name].strip() for name in names if name in row), "")


def _frames(row: dict[str, str], codebook: Codebook, left_out: Sequence[str], place: str) -> frozenset[str]:
    if any(name in row for name in FRAMES):
        written = [one.strip().lower() for one in _value(row, FRAMES).replace("|", ";").replace(",", ";").split(";")]
        named = [one for one in written if one]
        for name in named:
            if name not in codebook.names:
                raise InputError(
                    f"{place}: frame {name!r:.60} is not in codebook {codebook.name!r}; there are: "
                    f"{', '.join(codebook.names)}"
                )
            if named.count(name) > 1:
                raise InputError(f"{place}: frame {name!r} is coded twice")
        return frozenset(named)
    names = [name for name in codebook.names if name in row or name not in left_out]
    missing = next((name for name in names if name not in row), None)
    if missing:
        raise InputError(f"{place}: there is no column 'frames', and none for the frame {missing!r}")
    found = []
    for name in names:
        value = row[name].strip().lower()
        if value not in YES | NO:
            raise InputError(f"{place}: {name!r} is {value!r:.40}; write 1 or 0, yes or no, x or nothing")
        if value in YES:
            found.append(name)
    return frozenset(found)
