"""Exports of annotation tools: Label Studio's JSON and JSON-MIN, and doccano's JSONL and JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from corpora.errors import InputError

# Place, unit, text, coder, annotator, labels, note, problem: the fields of `framing.coding.filled.Filled`.
Row = tuple[str, str, str, str, str, list[str] | None, str, str]


def exported(text: str, is_set: bool) -> Iterator[Row]:
    """Rows of an export, in its order.

    A task that nobody did, or that was skipped, is a row without labels; one that was done twice is two rows.

    Args:
        text: The file.
        is_set: Whether a passage may have several labels.

    Raises:
        InputError: The file is no JSON, or no export of either tool.

    >>> task = '{"text": "[[Moscow]] waits.", "label": ["neutral"], "unit": "u0001", "coder": "anna", "Comments": []}'
    >>> next(exported(task, is_set=False))[1:6]
    ('u0001', '[[Moscow]] waits.', 'anna', '', ['neutral'])
    """
    for place, item in _items(text):
        if not isinstance(item, dict):
            raise InputError(f"{place} is no task of Label Studio or doccano")
        if isinstance(item.get("data"), dict) and isinstance(item.get("annotations", []), list):
            yield from _task(place, item["data"], item.get("annotations", []), is_set)
        elif isinstance(item.get("label"), list):
            labels = [_text(one) for one in item["label"]]
            problem = "" if is_set or len(labels) < 2 else f"has {len(labels)} labels: {', '.join(labels)[:80]}"
            front = (place, *(_text(item.get(name)) for name in ("unit", "text", "coder")))
            yield (*front, "", labels, "", problem)  # type: ignore[misc]
        elif "unit" in item and "text" in item:
            labels = _choices(item.get("code"))
            note = item.get("note")
            told = " ".join(map(_text, note["text"])) if isinstance(note, dict) and "text" in note else _text(note)
            yield (
                place, _text(item["unit"]), _text(item["text"]), _text(item.get("coder")), _text(item.get("annotator")),
                labels, told, _several(labels, is_set),
            )  # fmt: skip
        else:
            raise InputError(
                f"{place} has neither 'data' and 'annotations' (Label Studio JSON), nor 'unit', 'text' and 'code' "
                "(JSON-MIN), nor 'unit', 'text' and 'label' (doccano JSONL)"
            )


def _task(place: str, data: Mapping[str, Any], annotations: list[Any], is_set: bool) -> Iterator[Row]:
    """A task of Label Studio's JSON with what was answered in it; skipped answers are none."""
    front = place, _text(data.get("unit")), _text(data.get("text")), _text(data.get("coder"))
    done = [one for one in annotations if isinstance(one, dict) and not one.get("was_cancelled")]
    if not done:
        yield (*front, "", None, "", "")
    for one in done:
        by = one.get("completed_by")
        annotator = by.get("email") or by.get("id") if isinstance(by, dict) else by
        labels: list[str] = []
        note = ""
        for result in one.get("result") or ():
            value = result.get("value") if isinstance(result, dict) else None
            if isinstance(value, dict) and result.get("from_name") == "code":
                labels += _choices(value) or []
            elif isinstance(value, dict) and result.get("from_name") == "note":
                texts = value.get("text")
                note = " ".join(map(_text, texts)) if isinstance(texts, list) else _text(texts)
        yield (*front, _text(annotator), labels, note, _several(labels, is_set))


def _items(text: str) -> Iterator[tuple[str, Any]]:
    """Items of a JSON list, or of JSON Lines."""
    try:
        if text.lstrip().startswith("["):
            for number, item in enumerate(json.loads(text), 1):
                yield f"task {number}", item
            return
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                yield f"line {number}", json.loads(line)
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else "nesting beyond reason"
        raise InputError(f"is broken JSON: {reason}") from None


def _choices(value: Any) -> list[str]:
    """Codes as Label Studio gives them: one as a text, several under `choices`."""
    if isinstance(value, dict):
        value = value.get("choices")
    if isinstance(value, list):
        return [_text(one) for one in value]
    return [_text(value)] if value is not None else []


def _several(labels: list[str] | None, is_set: bool) -> str:
    return "" if is_set or len(labels or ()) < 2 else f"has {len(labels or ())} codes: {', '.join(labels or ())[:80]}"


def _text(value: Any) -> str:
    return "" if value is None else str(value)
