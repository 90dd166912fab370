"""Sample: a folder with the units that are coded, the key to them, and what the coders are told."""

from __future__ import annotations

import hashlib
import io
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpora.errors import InputError
from corpora.storage import inert, write_beside
from framing.coding.marking import PASSAGES, Shown, passages_jsonl
from framing.coding.question import Question

if TYPE_CHECKING:
    import pandas as pd

SETTINGS, KEY, INSTRUCTIONS = "coding.toml", "sample.csv", "instructions.md"
# What a folder of a sample may hold: of these files one is written over only where nothing else lies beside it.
OURS = frozenset({SETTINGS, KEY, INSTRUCTIONS, PASSAGES, "dealt.csv", "codes.csv", "sheets"})
TEXTS = [
    "unit", "category", "passage_id", "article_id", "outlet", "period", "story", "published", "stratum",
    "machine_label", "passage_sha256",
]  # fmt: skip
NUMBERS = [
    "stratum_size", "stratum_drawn", "p_article", "p_passage", "n_passages", "article_value", "machine_value",
    "machine_confidence",
]  # fmt: skip
COLUMNS = [
    "unit", "category", "passage_id", "article_id", "outlet", "period", "story", "published", "stratum",
    "stratum_size", "stratum_drawn", "p_article", "p_passage", "n_passages", "article_value", "machine_label",
    "machine_value", "machine_confidence", "passage_sha256",
]  # fmt: skip
WHOLE = ("stratum_size", "stratum_drawn", "n_passages")


@dataclass(frozen=True)
class Sample:
    """The units that are coded, and how they were drawn.

    Attributes:
        question: What is asked.
        units: The key, not for coders: one row a unit (and frame), columns as docs/coding.md explains them.
        seed: Seed of the draw.
        articles: Articles that were asked for.
        passages: Passages that were asked for in an article, at most.
        scorer: The machine that read the passages, and its version.
        scores_sha256: sha256 of the scores that the sample was drawn from.
        toolkit: Version of the toolkit that drew it.
        codebook: Name and sha256 of the codebook, of frames.
    """

    question: Question
    units: pd.DataFrame
    seed: int
    articles: int
    passages: int
    scorer: str
    scores_sha256: str
    toolkit: str
    codebook: str = ""

    @property
    def values(self) -> dict[str, float]:
        """Value of each label on the measure's scale."""
        return self.question.values


def write_sample(sample: Sample, shown: Sequence[Shown], instructions: str, folder: Path) -> None:
    """Write a sample's folder: the settings last, so that a folder without them is none.

    Raises:
        InputError: The folder holds something else, or a sample already.
    """
    if folder.is_dir() and (there := sorted(path.name for path in folder.iterdir())):
        if (folder / SETTINGS).exists():
            raise InputError(f"{folder} holds a sample already, which may be being coded; name a new folder")
        if foreign := [name for name in there if name not in OURS]:
            raise InputError(f"{folder} holds something else than a sample ({foreign[0]!r}); name a new folder")
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file, not a folder for a sample")
    folder.mkdir(parents=True, exist_ok=True)
    key = key_csv(sample.units)
    texts = {PASSAGES: passages_jsonl(shown), INSTRUCTIONS: instructions, KEY: key, SETTINGS: _toml(sample, key)}
    for name, text in texts.items():
        write_beside(folder / name, text).replace(folder / name)


def read_sample(folder: str | Path) -> Sample:
    """Read a sample back.

    Raises:
        InputError: There is none, a file is missing or broken, or the key was changed since it was drawn, with which
            the inclusion probabilities are lost.
    """
    folder = Path(folder)
    path = folder / SETTINGS
    if not path.is_file():
        raise InputError(f"{folder} holds no sample (no {SETTINGS}); draw one with 'framing code sample'")
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        values: dict[str, Any] = dict(table)
        asked = {name: values.pop(name) for name in ("measure", "target", "pair", "category", "frames")}
        digest = values.pop("sample_sha256")
        values.pop("labels")
        question = Question(**{**asked, "frames": tuple(asked["frames"])})
        data = (folder / KEY).read_bytes()
        if hashlib.sha256(data).hexdigest() != digest:
            raise InputError(
                f"{folder / KEY} was changed since the sample was drawn, so that its inclusion probabilities cannot "
                "be trusted; put the file back as it was"
            )
        return Sample(question=question, units=_units(data), **values)
    except InputError:
        raise
    except FileNotFoundError as error:
        raise InputError(f"{folder} is no whole sample: {Path(error.filename).name} is missing") from None
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"{folder} is no whole sample: {path.name} or {KEY} is broken ({error})") from None


def key_csv(units: pd.DataFrame) -> str:
    """The key as CSV text; no cell of it is run as a formula."""
    table = units.reindex(columns=COLUMNS)
    table["published"] = table["published"].dt.strftime("%Y-%m-%d")
    for column in TEXTS:
        table[column] = table[column].astype(object).where(table[column].notna(), "").map(inert)
    return table.to_csv(index=False, lineterminator="\n")


def _units(data: bytes) -> pd.DataFrame:
    import pandas as pd

    table = pd.read_csv(io.BytesIO(data), dtype=str, keep_default_na=False)
    if missing := [column for column in COLUMNS if column not in table]:
        raise ValueError(f"no column {missing[0]!r}")
    for column in TEXTS:
        # As `inert` wrote it.
        table[column] = table[column].str.replace(r"^'(?=[=+\-@\t\r])", "", regex=True)
    for column in NUMBERS:
        table[column] = pd.to_numeric(table[column].replace("", None))
    table["published"] = pd.to_datetime(table["published"].replace("", None))
    return table[COLUMNS].astype(dict.fromkeys(WHOLE, int))


def _toml(sample: Sample, key: str) -> str:
    question = sample.question
    values: Mapping[str, Any] = {
        "measure": question.measure,
        "target": question.target,
        "pair": question.pair,
        "category": question.category,
        "frames": list(question.frames),
        "labels": list(question.labels),
        "seed": sample.seed,
        "articles": sample.articles,
        "passages": sample.passages,
        "scorer": sample.scorer,
        "codebook": sample.codebook,
        "toolkit": sample.toolkit,
        "scores_sha256": sample.scores_sha256,
        "sample_sha256": hashlib.sha256(key.encode()).hexdigest(),
    }
    # A basic TOML string takes the escapes of JSON; DEL alone must be escaped by hand.
    return "".join(f"{name} = {json.dumps(value)}\n".replace("\x7f", "\\u007f") for name, value in values.items())
