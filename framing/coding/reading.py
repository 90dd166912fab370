"""Reading: what coders gave back, checked against the sample, as codes; nothing is taken where anything is wrong."""

from __future__ import annotations

import difflib
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from corpora.errors import InputError
from corpora.storage import inert, write_beside
from framing.coding.dealing import CODER, check_coder, read_dealt
from framing.coding.filled import Filled, read_filled
from framing.coding.marking import Shown, one_line, read_shown
from framing.coding.question import Question
from framing.coding.sample import Sample, read_sample
from framing.coding.scales import NONE

if TYPE_CHECKING:
    import pandas as pd

CODES = "codes.csv"
COLUMNS = ["unit", "passage_id", "coder", "label", "passage_sha256", "note"]


@dataclass(frozen=True)
class Reading:
    """What filled sheets hold.

    Attributes:
        codes: One row a unit and coder, as `codes.csv` has them.
        problems: What is wrong, a line each, with file, row and unit; nothing can be added where there is any.
        missing: Coder to the units that were dealt to this coder and are not coded.
    """

    codes: pd.DataFrame
    problems: tuple[str, ...]
    missing: dict[str, tuple[str, ...]]


@dataclass
class _Check:
    """Rows of filled sheets as they are checked, one after the other."""

    sample: Sample
    shown: dict[str, Shown]
    dealt: dict[str, list[str]]
    passage_of: dict[str, str]
    problems: list[str] = field(default_factory=list)
    seen: dict[tuple[str, str], str] = field(default_factory=dict)
    rows: list[tuple[str, str, str, str, str, str]] = field(default_factory=list)

    def file(self, name: str, rows: Sequence[Filled], given: str) -> str:
        """Check the rows of a file; returns the coder, or empty where that cannot be told."""
        coder = self._coder(name, rows, given)
        mine = set(self.dealt.get(coder, ()))
        for row in rows:
            where = f"{name}, {row.place}, unit {row.unit!r:.20}"
            if wrong := row.problem or self._unit(row, coder, mine):
                self.problems.append(f"{where}: {wrong}")
                continue
            self.seen[coder, row.unit] = f"{name}, {row.place}"
            if row.labels is None:
                continue
            if wrong := wrong_label(row.labels, self.sample.question):
                self.problems.append(f"{where}: {wrong}")
                continue
            label = ";".join(sorted(set(row.labels)))
            shown = self.shown[row.unit]
            self.rows.append(
                (row.unit, self.passage_of[row.unit], coder, label, shown.passage_sha256, one_line(row.note))
            )
        return coder

    def _coder(self, name: str, rows: Sequence[Filled], given: str) -> str:
        named = {row.coder: row.place for row in reversed(rows) if row.coder}
        tools = {row.annotator: row.place for row in reversed(rows) if row.annotator}
        for what, found in (("coders", named), ("annotators", tools)):
            if len(found) > 1:
                told = ", ".join(f"{one!r:.40} ({place})" for one, place in sorted(found.items())[:4])
                self.problems.append(f"{name}: has two {what}: {told}; give one file a coder")
                return ""
        coder = given or next(iter(named), "") or next(iter(tools), "")
        if given and named and given not in named:
            self.problems.append(f"{name}: is the sheet of {next(iter(named))!r:.40}, not of {given!r} (--coder)")
        elif not coder:
            self.problems.append(f"{name}: does not say who coded it; name the coder with --coder")
        elif not CODER.fullmatch(coder):
            self.problems.append(f"{name}: {coder!r:.40} is no pseudonym; name the coder with --coder")
        elif coder not in self.dealt:
            there = ", ".join(sorted(self.dealt))
            self.problems.append(f"{name}: no sheet was made for the coder {coder!r}; there are: {there}")
        return coder

    def _unit(self, row: Filled, coder: str, mine: set[str]) -> str:
        """What is wrong with the unit or its text."""
        if not row.unit:
            return "has no unit"
        if row.unit not in self.shown:
            near = difflib.get_close_matches(row.unit, self.shown, n=1)
            return "is not in the sample" + (f"; did you mean {near[0]!r}?" if near else "")
        if (coder, row.unit) in self.seen:
            return f"stands there twice, first in {self.seen[coder, row.unit]}"
        if mine and row.unit not in mine:
            return f"was not dealt to {coder}"
        if not same_text(row.text, self.shown[row.unit]):
            what = f"{one_line(row.text)!r:.60}" if row.text.strip() else "empty"
            return f"the text is not the one that was drawn; it is {what}"
        return ""


def read_sheets(folder: str | Path, files: Sequence[str | Path], coder: str = "", partial: bool = False) -> Reading:
    """Read filled sheets of a sample, of any format and in any order of rows.

    Args:
        folder: The sample's folder.
        files: The files; several may be of one coder.
        coder: Whose they are, where they do not say it themselves.
        partial: Whether units may be missing.

    Raises:
        InputError: There is no sample, no sheet was made, or a file is none of the formats.
    """
    import pandas as pd

    if coder:
        check_coder(coder)
    sample = read_sample(folder)
    units = sample.units.drop_duplicates("unit")
    passage_of = dict(zip(units["unit"], units["passage_id"], strict=True))
    check = _Check(sample, _whole(read_shown(folder), units, folder), read_dealt(folder), passage_of)
    coders = sorted({check.file(Path(path).name, read_filled(path, sample.question), coder) for path in files})
    codes = pd.DataFrame(sorted(check.rows), columns=COLUMNS)
    missing: dict[str, tuple[str, ...]] = {}
    for name in coders:
        done = set(codes.loc[codes["coder"] == name, "unit"])
        if left := tuple(sorted(set(check.dealt.get(name, ())) - done)):
            missing[name] = left
    if not partial and not check.problems:
        for name, left in missing.items():
            of = len(check.dealt[name])
            check.problems.append(
                f"{name}: {len(left)} of {of} units are not coded: {some(left)}; --partial takes what there is"
            )
    return Reading(codes, tuple(check.problems), missing)


def add_codes(folder: str | Path, reading: Reading, replace: bool = False) -> pd.DataFrame:
    """Add the codes of filled sheets to `codes.csv` of the sample.

    Args:
        folder: The sample's folder.
        reading: Of `read_sheets`.
        replace: Whether a coder's codes take the place of those that are there.

    Returns:
        All codes of the sample.

    Raises:
        InputError: Anything is wrong with the sheets, nothing is coded, or a coder's codes are there already.
    """
    import pandas as pd

    if reading.problems:
        number = len(reading.problems)
        raise InputError(
            f"nothing was written: {number} problem{'s' if number > 1 else ''}, first: {reading.problems[0]}"
        )
    if reading.codes.empty:
        raise InputError("nothing was written: no unit is coded")
    new = set(reading.codes["coder"])
    path = Path(folder) / CODES
    held = _read(path) if path.exists() else pd.DataFrame(columns=COLUMNS)
    if (again := sorted(new & set(held["coder"]))) and not replace:
        number = int((held["coder"] == again[0]).sum())
        raise InputError(
            f"{again[0]!r} has {number} codes in {path.name} already; --replace takes the new ones instead"
        )
    whole = pd.concat([held[~held["coder"].isin(new)], reading.codes], ignore_index=True)
    whole = whole.sort_values(["unit", "coder"], kind="stable", ignore_index=True)
    out = io.StringIO()
    whole.map(inert).to_csv(out, index=False, lineterminator="\n")
    write_beside(path, out.getvalue()).replace(path)
    return whole


def read_codes(folder: str | Path) -> pd.DataFrame:
    """Codes of a sample: `unit`, `passage_id`, `coder`, `label`; frames are parted by semicolons, or `none`.

    Raises:
        InputError: Nothing was read yet, or a code does not fit the sample.
    """
    path = Path(folder) / CODES
    if not path.is_file():
        raise InputError(f"{folder} has no codes yet; read filled sheets with 'framing code read'")
    sample, codes = read_sample(folder), _read(path)
    drawn = dict(zip(sample.units["unit"], sample.units["passage_sha256"], strict=True))
    for unit, coder, label, digest in codes[["unit", "coder", "label", "passage_sha256"]].to_numpy().tolist():
        if drawn.get(unit) != digest:
            raise InputError(f"{path}: unit {unit!r:.40} is not one of this sample, or its text has changed")
        if wrong := wrong_label(label.split(";"), sample.question):
            raise InputError(f"{path}: unit {unit}, coder {coder!r:.40}: {wrong}")
    return codes[["unit", "passage_id", "coder", "label"]]


def wrong_label(labels: Sequence[str], question: Question) -> str:
    """What is wrong with the labels of a passage, or nothing.

    >>> wrong_label(["negativ"], Question("sentiment", target="RUS"))
    "code 'negativ' is none of negative, neutral, positive; did you mean 'negative'?"
    """
    for label in labels:
        if label not in question.labels:
            near = difflib.get_close_matches(label, question.labels, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            return f"code {label!r:.40} is none of {', '.join(question.labels)}{hint}"
    if NONE in labels and len(set(labels)) > 1:
        return f"is coded {NONE!r} and {next(one for one in labels if one != NONE)!r} at once"
    return ""


def same_text(given: str, shown: Shown) -> bool:
    """Whether a text is the unit's, as a table or doccano shows it; spaces and an apostrophe put before do not count.

    >>> same_text("'-  [[Moscow]] waits.", Shown("u1", "- [[Moscow]] waits.", "", "", ""))
    True
    """
    found = one_line(given)
    expected = {shown.text, one_line(shown.whole)}
    return found in expected or (found.startswith("'") and found[1:] in expected)


def some(names: Sequence[str]) -> str:
    """The first few of some names.

    >>> some(["u1", "u2"])
    'u1, u2'
    """
    return ", ".join(names[:8]) + (f" and {len(names) - 8} more" if len(names) > 8 else "")


def _whole(shown: dict[str, Shown], units: pd.DataFrame, folder: str | Path) -> dict[str, Shown]:
    for unit, digest in zip(units["unit"], units["passage_sha256"], strict=True):
        if unit not in shown or shown[unit].passage_sha256 != digest:
            raise InputError(f"{folder}: the texts are not those of the sample (unit {unit}); draw it anew")
    return shown


def _read(path: Path) -> pd.DataFrame:
    import pandas as pd

    try:
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {error}") from None
    if missing := [column for column in COLUMNS if column not in table]:
        raise InputError(f"{path} has no column {missing[0]!r}; read the sheets anew")
    return table[COLUMNS]
