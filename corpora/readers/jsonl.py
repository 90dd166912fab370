"""JSON Lines: one object a line; also a JSON file that is one list of objects."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import BinaryIO

from corpora.readers.record import Record, Rejection, text_lines


def read(stream: BinaryIO, name: str) -> Iterator[Record | Rejection]:
    """Yield one record for each object; a line that is not valid JSON is rejected and reading goes on."""
    numbered = text_lines(stream)
    for number, line in numbered:
        if line is None:
            yield Rejection(f"line {number}", "line is longer than 20 million bytes")
        elif not (text := line.strip()):
            continue
        elif number == 1 and text.startswith("["):
            yield from _read_list(line + "".join(rest or "" for _, rest in numbered))
            return
        else:
            yield _record(text, f"line {number}")


def _record(text: str, place: str) -> Record | Rejection:
    try:
        value = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        return Rejection(
            place,
            f"broken JSON: {error.msg if isinstance(error, json.JSONDecodeError) else 'nested too deep'}",
        )
    if not isinstance(value, dict):
        return Rejection(place, f"not a JSON object but {type(value).__name__}")
    return Record(value, place)


def _read_list(text: str) -> Iterator[Record | Rejection]:
    try:
        values = json.loads(text)
    except (json.JSONDecodeError, RecursionError) as error:
        yield Rejection("line 1", f"broken JSON list: {error}")
        return
    for number, value in enumerate(values, 1):
        if isinstance(value, dict):
            yield Record(value, f"item {number}")
        else:
            yield Rejection(f"item {number}", f"not a JSON object but {type(value).__name__}")
