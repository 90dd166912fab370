"""Manifest: the file that says which parts belong to a corpus, and from which files they came."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from corpora.errors import InputError

FORMAT = 1
EMPTY_MANIFEST: dict[str, Any] = {"format": FORMAT, "parts": [], "sources": [], "collections": {}}
FILE = "manifest.json"
# A part lies in the corpus's own folder: a manifest from somebody else must not lead out of it.
PART_NAME = re.compile(r"\w[\w-]*\.parquet")


def empty_manifest() -> dict[str, Any]:
    """Manifest of a corpus that holds nothing yet.

    >>> empty_manifest()["parts"]
    []
    """
    return {**EMPTY_MANIFEST, "parts": [], "sources": [], "collections": {}}


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
        raise InputError(f"{path} is not of corpus format {FORMAT}")
    for key, kind in (("parts", list), ("sources", list), ("collections", dict)):
        if not isinstance(manifest.get(key), kind):
            raise InputError(f"{path} is damaged: it has no {key}")
    for source in manifest["sources"]:
        if not isinstance(source, dict) or not isinstance(source.get("rejected"), int):
            raise InputError(f"{path} is damaged: a source does not say how many of its articles were rejected")
    for part in manifest["parts"]:
        name = part.get("name") if isinstance(part, dict) else None
        if not isinstance(name, str) or not PART_NAME.fullmatch(name):
            raise InputError(f"{path} is damaged: {name!r} is no name of a part")
    return manifest
