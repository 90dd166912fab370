"""Lock: what a run was made of, so that it can be made again."""

from __future__ import annotations

import hashlib
import platform
from functools import lru_cache
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files
from pathlib import Path
from typing import Any

from corpora.corpus import Corpus
from corpora.errors import InputError
from framing.passages import PASSAGE_VERSION
from framing.scorers import load_scorer
from reports.study import Study

# Libraries whose version can change a number.
LIBRARIES = (
    "numpy",
    "scipy",
    "pandas",
    "scikit-learn",
    "nupunkt",
    "nltk-vader-sentiment",
    "pyarrow",
    "matplotlib",
    "statsmodels",
    "onnxruntime",
    "tokenizers",
)


def toolkit_version() -> str:
    """Version of the toolkit as installed."""
    try:
        return version("media-framing")
    except PackageNotFoundError:
        return "not installed"


def lock(study: Study, corpus: Corpus) -> dict[str, Any]:
    """Versions, weights, study and corpus of a run; equal locks mean equal bytes on the same platform."""
    scorers = [load_scorer(measure, study.cost, study.codebooks) for measure in study.scored]
    sums = files("framing").joinpath("models", "SHA256SUMS").read_text(encoding="utf-8")
    return {
        "toolkit": toolkit_version(),
        "passage_version": PASSAGE_VERSION,
        "framing_sha256": _framing(),
        "scorers": {scorer.measure: f"{scorer.name} {scorer.version}" for scorer in scorers},
        "weights": {name: digest for digest, name in (line.split() for line in sums.splitlines())},
        "dyad": "-".join(study.dyad),
        "study_sha256": hashlib.sha256(study.toml().encode()).hexdigest(),
        "corpus_sha256": corpus.checksum(),
        "codes": {Path(folder).name: _codes(Path(folder)) for folder in study.coded},
        "articles": len(corpus),
        "python": ".".join(platform.python_version_tuple()[:2]),
        "platform": f"{platform.system()} {platform.machine()}",
        "libraries": {name: _version(name) for name in LIBRARIES},
    }


def _codes(folder: Path) -> str:
    """Checksum of a folder of human codes: the sample's key and what coders said."""
    digest = hashlib.sha256()
    for name in ("sample.csv", "codes.csv"):
        try:
            digest.update((folder / name).read_bytes())
        except OSError:
            raise InputError(f"no human codes in {folder}: it has no {name}") from None
    return digest.hexdigest()


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


@lru_cache(maxsize=1)
def _framing() -> str:
    """Checksum of all that reads a passage, weights apart: the modules of `framing` and their data."""
    digest = hashlib.sha256()
    root = Path(str(files("framing")))
    parts = (path for path in root.rglob("*") if path.is_file() and "training" not in path.relative_to(root).parts)
    for path in sorted(one for one in parts if one.suffix == ".py" or "data" in one.relative_to(root).parts):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
