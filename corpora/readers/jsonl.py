"""JSON: one object a line, a list of objects, or one object over many lines, as programs and news services give it."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import Any, BinaryIO, cast

from corpora.readers import json_list
from corpora.readers.record import HEAD, LONGEST_LINE, Head, Record, Rejection, text_lines

# Objects that hold fields of the article around them: the Guardian's "fields", Webhose's "thread". Any other object may
# be of something else, such as a picture with a title of its own.
INNER = ("fields", "thread", "article", "meta", "metadata", "attributes", "document", "doc")
# A news service puts its articles two levels deep: {"response": {"results": [...]}}.
DEEPEST_LIST = 3
BLANK = re.compile(r"\s*")


def recognises(head: Head) -> bool:
    """An object, or a list that begins with one."""
    return bool(re.match(r"(?:\[\s*)?\{\s*(?:[\"}]|$)|\[\s*$", head.text))


def read(stream: BinaryIO, name: str) -> Iterator[Record | Rejection]:
    """Yield one record for each article; what is not valid JSON is rejected and reading goes on."""
    buffered = stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(cast(io.RawIOBase, stream))
    if Head.of(buffered.peek(HEAD)).text.startswith("["):
        for place, value in json_list.values(buffered):
            yield from [value] if isinstance(value, Rejection) else _articles(value, place)
        return
    lines = text_lines(buffered)
    opening, last = _opening(lines)
    objects = _over_lines(opening) if last is None else []
    for place, value in objects:
        yield from _articles(value, place)
    for number, line in enumerate(io.StringIO("" if objects else opening, newline="\n"), 1):
        yield from _line(number, line)
    for number, rest in lines if last is None else chain([last], lines):
        yield from _line(number, rest)


def _opening(lines: Iterator[tuple[int, str | None]]) -> tuple[str, tuple[int, str | None] | None]:
    """What may be an object over several lines, up to 20 million characters, and the line below it that was read.

    Where the first line is a whole object, or begins none, every line is read by itself.
    """
    text, size = io.StringIO(), 0
    for number, line in lines:
        if line is None or size > LONGEST_LINE or (line.strip() and not size and not _is_begun(line)):
            return text.getvalue(), (number, line)
        size += len(line) if size or line.strip() else 0
        text.write(line)
    return text.getvalue(), None


def _is_begun(line: str) -> bool:
    text = line.strip()
    return text.startswith("{") and bool(_parse(text)[1])


def _over_lines(text: str) -> list[tuple[str, Any]]:
    """Objects that go over several lines, one below another; none where they do not."""
    found: list[tuple[str, Any]] = []
    place, line = BLANK.match(text).end(), 1  # type: ignore[union-attr]
    counted = 0
    while place < len(text):
        line, counted = line + text.count("\n", counted, place), place
        try:
            value, end = json.JSONDecoder().raw_decode(text, place)
        except (ValueError, RecursionError):
            return []
        found.append((f"line {line}", value))
        place = BLANK.match(text, end).end()  # type: ignore[union-attr]
    return found


def _line(number: int, line: str | None) -> Iterator[Record | Rejection]:
    place = f"line {number}"
    if line is None:
        yield Rejection(place, "line is longer than 20 million bytes")
    elif text := line.strip():
        value, reason = _parse(text)
        yield from [Rejection(place, f"broken JSON: {reason}")] if reason else _articles(value, place)


def _parse(text: str) -> tuple[Any, str]:
    try:
        # Not strict: some programs leave tabs and other control characters in strings as they are.
        return json.loads(text, strict=False), ""
    except (ValueError, RecursionError) as error:
        return None, json_list.reason(error)


def _articles(value: Any, place: str) -> Iterator[Record | Rejection]:
    """The article that a value is, or those of the list that it holds."""
    if not isinstance(value, dict):
        yield Rejection(place, f"not a JSON object but {type(value).__name__}")
        return
    inner = _list_in(value)
    if inner is None:
        yield Record(_filled(value), place)
        return
    for number, item in enumerate(inner, 1):
        yield from (
            _articles(item, f"{place}, item {number}")
            if not isinstance(item, dict)
            else [Record(_filled(item), f"{place}, item {number}")]
        )


def _list_in(value: Mapping[str, Any]) -> list[Any] | None:
    """Articles that an object holds instead of being one: a news service's answer, or a table's columns.

    >>> _list_in({"status": "ok", "articles": [{"title": "Talks", "url": "https://example.org/a"}]})
    [{'title': 'Talks', 'url': 'https://example.org/a'}]
    >>> _list_in({"title": {"0": "Talks"}, "text": {"0": "They met."}})
    [{'title': 'Talks', 'text': 'They met.'}]
    """
    from corpora.columns import recognise

    own = recognise(value)
    columns = [value[name] for name in own.values()]
    if len(columns) > 1 and all(isinstance(c, dict) and c.keys() == columns[0].keys() for c in columns):
        # How pandas writes a table, if it is told no other way.
        return [{name: c.get(row) for name, c in value.items() if isinstance(c, dict)} for row in columns[0]]
    if "body" in own:
        return None
    found = [items for items in _lists(value, DEEPEST_LIST) if "title" not in own or "body" in recognise(items[0])]
    return max(found, key=len, default=None)


def _lists(value: Mapping[str, Any], depth: int) -> Iterator[list[Any]]:
    from corpora.columns import recognise

    for inner in value.values():
        if isinstance(inner, dict) and depth > 1:
            yield from _lists(inner, depth - 1)
        elif isinstance(inner, list) and inner and isinstance(inner[0], dict) and len(recognise(_filled(inner[0]))) > 1:
            yield inner


def _filled(value: dict[str, Any]) -> dict[str, Any]:
    """An object with the fields that it lacks and an object inside it has.

    >>> _filled({"webTitle": "Talks", "fields": {"bodyText": "They met."}})
    {'webTitle': 'Talks', 'fields': {'bodyText': 'They met.'}, 'bodyText': 'They met.'}
    """
    from corpora.columns import recognise

    if isinstance(stored := value.get("_source"), dict):
        value = stored
    if "body" in (known := recognise(value)) and _is_no_text(value[known["body"]]):
        # news-please writes an empty "text" beside its "maintext", fundus a "body" of sections beside its "plaintext".
        filled = {name: item for name, item in value.items() if not _is_no_text(item) or name in INNER}
        value = filled if "body" in recognise(filled) else value
    inside = [inner for name in INNER if isinstance(inner := value.get(name), dict)]
    if not inside:
        return value
    known, filled = recognise(value), dict(value)
    known = {field: column for field, column in known.items() if not isinstance(value[column], dict)}
    for inner in inside:
        for field, column in recognise(inner).items():
            if field not in known and column not in filled and inner[column]:
                known[field], filled[column] = column, inner[column]
    return filled


def _is_no_text(value: Any) -> bool:
    return value in (None, "", []) or isinstance(value, dict)
