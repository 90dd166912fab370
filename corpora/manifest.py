"""Manifest: the file that says which parts belong to a corpus, and from which files they came.

Its keys: `format`; `parts` (name, rows, sha256 of each file of articles); `sources` (each file that was read, its
content's hash, how it was read, and its counts); `collections` (notes on where articles came from); `date_orders`
(for each outlet, how many of its numeric dates show day first and month first); `marks` (the file of marks, and the
articles that it was made for); `outlets` (name as read to the name it is counted under, as the user decided);
`agencies` (outlet to the agency's name that its articles are credited by, empty where the user says it is none).
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from corpora.errors import InputError

# Raised where a corpus of an earlier version lacks what this one reads.
FORMAT = 2
FILE = "manifest.json"
# A part lies in the corpus's own folder: a manifest from somebody else must not lead out of it.
PART_NAME = re.compile(r"\w[\w-]*\.parquet")


def empty_manifest() -> dict[str, Any]:
    """Manifest of a corpus that holds nothing yet.

    >>> empty_manifest()["parts"]
    []
    """
    lists: dict[str, Any] = {"parts": [], "sources": []}
    return {"format": FORMAT, **lists, "collections": {}, "date_orders": {}, "marks": {}, "outlets": {}, "agencies": {}}


def read_manifest(folder: Path) -> dict[str, Any]:
    """Manifest of a corpus folder.

    Raises:
        InputError: The file cannot be read, is of a later format, or does not hold what a manifest holds.
    """
    path = folder / FILE
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, RecursionError, ValueError) as error:
        raise InputError(f"{path} cannot be read: {error}") from None
    if not isinstance(manifest, dict) or manifest.get("format") != FORMAT:
        found = manifest.get("format") if isinstance(manifest, dict) else None
        raise InputError(
            f"{path} is of corpus format {found!r}, not {FORMAT}: ingest the files again into a new corpus"
        )
    for key, empty in empty_manifest().items():
        if not isinstance(manifest.get(key), type(empty)):
            raise InputError(f"{path} is damaged: it has no {key}")
    for source in manifest["sources"]:
        if not isinstance(source, dict) or not isinstance(source.get("rejected"), int):
            raise InputError(f"{path} is damaged: a source does not say how many of its articles were rejected")
    for part in [*manifest["parts"], *([manifest["marks"]] if manifest["marks"] else [])]:
        name = part.get("name") if isinstance(part, dict) else None
        if not isinstance(name, str) or not PART_NAME.fullmatch(name):
            raise InputError(f"{path} is damaged: {name!r} is no name of a part")
    return manifest
