"""GDELT: article lists of the DOC 2.0 API and the Summary page, as CSV, as JSON, and as its programs save them."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator, Mapping, Set
from typing import Any, BinaryIO

from corpora.readers.coverage import columns, read_list
from corpora.readers.record import Head, Record, Rejection, decode, read_whole
from corpora.readers.webpage import host

# One call of the API gives 250 articles, some 100 kB; files of many calls are put together by hand.
LONGEST = 50_000_000
# Each broken object makes the parser count the lines above it.
MOST_BROKEN = 1_000
START = re.compile(r'\s*(?:\{\s*"articles"\s*:\s*)?\[?\s*(?=\{)')
ITEM = re.compile(r'\{\s*"url"\s*:')
SEEN = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)[T ]?(\d\d):?(\d\d):?(\d\d)Z?$")
STRAY = re.compile(r'\\(["\\/bfnrtu])|\\')
TEXT_KEYS = ("text", "body", "content", "maintext", "article")


def recognises(head: Head) -> bool:
    """A table with GDELT's columns, or JSON whose first object has a title, an address and a `seendate`."""
    if lists({*columns(head)}):
        return True
    start = START.match(head.text)
    if not start or "seendate" not in head.text:
        return False
    try:
        first = _Articles(head.text, start.end()).next_item()
    except (ValueError, RecursionError):
        return False
    return isinstance(first, dict) and {"url", "title", "seendate"} <= set(first) and not _text(first)


def lists(names: Set[str]) -> bool:
    """Whether a table with columns of these plain names is GDELT's.

    >>> lists({"url", "mobileurl", "date", "title"}), lists({"url", "date", "title"})
    (True, False)
    """
    return {"url", "title"} <= names and ({"mobileurl", "date"} <= names or "seendate" in names)


def read(stream: BinaryIO, name: str) -> Iterator[Record | Rejection]:
    """Yield one record for each article, as coverage; what cannot be parsed is rejected and reading goes on."""
    data = read_whole(stream, LONGEST)
    if data is None:
        yield Rejection("file", "list is longer than 50 million bytes")
        return
    text = decode(data).lstrip("\ufeff \t\r\n")
    if text[:1] in ("{", "["):
        yield from _read_json(text)
    else:
        yield from read_list(io.BufferedReader(io.BytesIO(data)), name, fields)


def _read_json(text: str) -> Iterator[Record | Rejection]:
    start = START.match(text)
    articles = _Articles(text, start.end() if start else 0)
    number = broken = 0
    while True:
        number += 1
        place = f"article {number}"
        try:
            item = articles.next_item()
        except (ValueError, RecursionError) as error:
            yield Rejection(place, f"broken JSON: {str(error)[:80]}")
            broken += 1
            if broken > MOST_BROKEN:
                yield Rejection("file", f"more than {MOST_BROKEN:,} articles are broken; the rest is not read")
                return
            if not articles.go_on():
                return
            continue
        if item is None:
            return
        if isinstance(item, dict):
            known = fields({str(key).lower(): str(value or "").strip() for key, value in item.items()})
            yield Record(item, place, known | {"body": _text(item)}, coverage=not _text(item))
        else:
            yield Rejection(place, f"not a JSON object but {type(item).__name__}")


class _Articles:
    """The objects of a JSON list one by one, so that one that GDELT wrote wrongly costs none of its neighbours."""

    def __init__(self, text: str, place: int) -> None:
        # GDELT passes on a backslash of a title as it is, which no JSON may hold before most letters.
        self.text = (
            STRAY.sub(lambda found: found[0] if found[1] else r"\\", text[place:]) if "\\" in text else text[place:]
        )
        self.place = 0
        self._decoder = json.JSONDecoder(strict=False)

    def next_item(self) -> Any:
        """The next object; None at the end."""
        while self.text[self.place : self.place + 1] in (",", " ", "\t", "\r", "\n"):
            self.place += 1
        if self.place >= len(self.text) or self.text[self.place] in "]}":
            return None
        item, self.place = self._decoder.raw_decode(self.text, self.place)
        return item

    def go_on(self) -> bool:
        """Pass to the next object below a broken one."""
        found = ITEM.search(self.text, self.place + 1)
        self.place = found.start() if found else len(self.text)
        return found is not None


def _text(item: Mapping[str, Any]) -> str:
    return next((value for key in TEXT_KEYS if isinstance(value := item.get(key), str) and value.strip()), "")


def fields(row: Mapping[str, str]) -> dict[str, str]:
    """Fields of an article; its day is the one on which GDELT saw it, which is in UTC.

    >>> fields({"url": "https://www.example.org/a", "seendate": "20260520T221500Z"})["published"]
    '2026-05-20T22:15:00Z'
    """
    seen = row.get("seendate") or row.get("date") or ""
    parts = SEEN.match(seen)
    return {
        "outlet": row.get("domain") or host(row.get("url", "")),
        "published": "{}-{}-{}T{}:{}:{}Z".format(*parts.groups()) if parts else seen,
        "title": row.get("title", ""),
        "url": row.get("url", ""),
        "language": row.get("language", ""),
    }
