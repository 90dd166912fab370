"""Gold files: rows with the right answer, in the formats of docs/evaluation.md; one that does not fit stops the run."""

from __future__ import annotations

import datetime as dt
import gzip
import json
import tomllib
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from corpora.errors import InputError

LABELS = {
    "sentiment": ("negative", "neutral", "positive"),
    "relation": ("conflict", "cooperation", "none"),
    "tone": ("negative", "neutral", "positive"),
}


def read_gold(task: str, path: Path) -> list[dict[str, Any]]:
    """Rows of a gold file, checked.

    Raises:
        InputError: The file is missing or empty, or a row does not fit the task's format; names file, line, reason.
    """
    if not path.is_file():
        raise InputError(f"no gold file {path}")
    rows = list(_cases(path) if path.suffix == ".toml" else _lines(path))
    if not rows:
        raise InputError(f"gold file {path} has no rows")
    for place, row in rows:
        if reason := _wrong(task, row):
            raise InputError(f"{path}, {place}: {reason}")
    return [row for _, row in rows]


def _lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else "a number or nesting beyond reason"
            raise InputError(f"{path}, line {number}: broken JSON: {reason}") from None
        if not isinstance(row, dict):
            raise InputError(f"{path}, line {number}: not a JSON object")
        yield f"line {number}", row


def _cases(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Labelled cases of `countries`, whose mentions are written as `surface=CODE` in the order of the text."""
    try:
        cases = tomllib.loads(_text(path)).get("case", [])
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: broken TOML: {error}") from None
    for number, case in enumerate(cases, 1):
        place = f"case {number} ({case.get('label', 'without label')})"
        mentions, at = [], 0
        if not isinstance(case.get("text"), str):
            raise InputError(f"{path}, {place}: has no 'text'")
        for written in case.get("mentions", []):
            surface, _, code = written.rpartition("=")
            surface, _, nth = surface.partition("#")
            if nth and not nth.isdecimal():
                raise InputError(f"{path}, {place}: mention {written!r} is not surface=CODE or surface#2=CODE")
            for _ in range(int(nth or 1)):
                start = case["text"].find(surface, at)
                if start < 0:
                    raise InputError(f"{path}, {place}: mention {written!r} is not in the text")
                at = start + len(surface)
            mentions.append({"span": [start, at], "country": code})
        yield place, {**case, "id": case.get("label"), "mentions": mentions}


def _text(path: Path) -> str:
    data = path.read_bytes()
    if data.startswith(b"\x1f\x8b"):
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error):
            raise InputError(f"gold file {path} is broken gzip") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"gold file {path} is not UTF-8") from None


def _wrong(task: str, row: dict[str, Any]) -> str:
    """Why a row does not fit; empty if it does."""
    text = row.get("text")
    if not isinstance(text, str):
        return "has no 'text'"
    if task == "countries":
        if not isinstance(row.get("mentions"), list):
            return "has no list 'mentions'"
        for mention in row["mentions"]:
            if not isinstance(mention, dict):
                return f"mention {mention!r} is not an object"
            if reason := _wrong_span(mention.get("span"), text, "span"):
                return reason
            if not isinstance(mention.get("country"), str):
                return "a mention has no 'country'"
        return _wrong_date(row.get("published"))
    if task == "stories":
        if not isinstance(row.get("story"), (str, int)):
            return "has no 'story'"
        if not isinstance(row.get("title") or "", str):
            return f"'title' {row['title']!r} is not a text"
        return _wrong_date(row.get("published"))
    if row.get("label") not in LABELS[task]:
        return f"label {row.get('label')!r} is not one of {', '.join(LABELS[task])}"
    if task == "sentiment":
        return _wrong_span(row.get("target"), text, "target")
    if task == "relation":
        spans = [(name, row.get(name)) for name in ("source", "target") if row.get(name) is not None]
        return next((reason for name, span in spans if (reason := _wrong_span(span, text, name))), "")
    return ""


def _wrong_span(span: Any, text: str, name: str) -> str:
    if not (isinstance(span, list) and len(span) == 2 and all(isinstance(i, int) for i in span)):
        return f"'{name}' is not [start, end]"
    if not 0 <= span[0] < span[1] <= len(text):
        return f"'{name}' {span} lies outside the text of {len(text)} characters"
    return ""


def _wrong_date(value: Any) -> str:
    if value is None:
        return ""
    try:
        dt.datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return f"'published' {value!r} is not an ISO date"
    return ""
