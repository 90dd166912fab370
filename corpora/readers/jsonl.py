"""JSON Lines: one object a line; also a JSON file that is one list of objects."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from corpora.readers.record import Head, Record, Rejection, text_lines


def recognises(head: Head) -> bool:
    """An object, or a list that begins with one."""
    return bool(re.match(r"(?:\[\s*)?\{\s*(?:[\"}]|$)|\[\s*$", head.text))


def read(stream: BinaryIO, name: str) -> Iterator[Record | Rejection]:
    """Yield one record for each object; a line that is not valid JSON is rejected and reading goes on."""
    numbered = text_lines(stream)
    first = True
    for number, line in numbered:
        if line is None:
            yield _too_long(number)
        elif not (text := line.strip()):
            continue
        elif first and text.startswith("["):
            yield from _read_list(number, line, numbered)
            return
        else:
            yield _record(text, f"line {number}")
        first = False


def _record(text: str, place: str) -> Record | Rejection:
    value, reason = _parse(text)
    if reason:
        return Rejection(place, f"broken JSON: {reason}")
    return _of(value, place)


def _read_list(start: int, line: str, numbered: Iterator[tuple[int, str | None]]) -> Iterator[Record | Rejection]:
    pieces = [line]
    for number, rest in numbered:
        if rest is None:
            yield _too_long(number)
        else:
            pieces.append(rest)
    values, reason = _parse("".join(pieces))
    if reason:
        yield Rejection(f"line {start}", f"broken JSON list: {reason}")
        return
    for number, value in enumerate(values, 1):
        yield _of(value, f"item {number}")


def _parse(text: str) -> tuple[Any, str]:
    try:
        return json.loads(text), ""
    except json.JSONDecodeError as error:
        return None, f"{error.msg} at character {error.pos + 1}"
    except RecursionError:
        return None, "nested too deep"
    except ValueError:  # Python refuses integers of more than 4,300 digits, which take very long to read
        return None, "a number is too long"


def _of(value: Any, place: str) -> Record | Rejection:
    if isinstance(value, dict):
        return Record(value, place)
    return Rejection(place, f"not a JSON object but {type(value).__name__}")


def _too_long(number: int) -> Rejection:
    return Rejection(f"line {number}", "line is longer than 20 million bytes")
