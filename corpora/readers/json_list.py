"""Values of a JSON list one by one, however long the list is and whatever is broken in it."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO

from corpora.readers.record import LONGEST_LINE, Rejection

CHUNK = 1_048_576
# Each broken value makes the parser count the lines above it.
MOST_BROKEN = 1_000
BETWEEN = re.compile(r"[\s,]*")
# Where the next object begins, below one that is broken.
NEXT = re.compile(r"\}\s*,\s*(?=\{)")


def values(stream: BinaryIO) -> Iterator[tuple[str, Any]]:
    """Places and values of the list that a stream holds; a Rejection in the place of a value that is broken.

    Of the list no more lies in memory than one value, and what was read ahead of it.

    >>> import io
    >>> list(values(io.BytesIO(b'[{"a": 1}, {"a": }, {"a": 3}]')))[::2]
    [('item 1', {'a': 1}), ('item 3', {'a': 3})]
    """
    text = _Text(stream)
    number = broken = 0
    text.pass_over("[")
    while (mark := text.next()) != "]":
        number += 1
        place = f"item {number}"
        if not mark:
            yield place, Rejection(place, "broken JSON: the list does not end")
            return
        value, why = text.value()
        yield place, Rejection(place, f"broken JSON: {why}") if why else value
        broken += bool(why)
        if broken > MOST_BROKEN:
            yield place, Rejection("file", f"more than {MOST_BROKEN:,} items are broken; the rest is not read")
            return
        if why and not text.go_on():
            return


def reason(error: Exception) -> str:
    """Why something is no JSON."""
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at character {error.pos + 1}"
    # Python refuses integers of more than 4,300 digits, which take very long to read.
    return "nested too deep" if isinstance(error, RecursionError) else "a number is too long"


class _Text:
    """Text of a list, of which a part is in memory: from `at` on, what has not been read as a value."""

    def __init__(self, stream: BinaryIO) -> None:
        start = stream.read(4)
        wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
        self._decoder = codecs.getincrementaldecoder("utf-16" if wide else "utf-8")(
            "replace" if wide else "stray-cp1252"
        )
        self._stream, self._ended = stream, False
        self.text, self.at = self._decoder.decode(start).lstrip("\ufeff"), 0

    def next(self) -> str:
        """The character with which the next value begins; empty at the end of the file."""
        while True:
            self.at = BETWEEN.match(self.text, self.at).end()  # type: ignore[union-attr]
            if self.at < len(self.text) or not self._more(CHUNK):
                return self.text[self.at : self.at + 1]

    def pass_over(self, mark: str) -> None:
        """Go on below a mark, if it is what follows."""
        if self.next() == mark:
            self.at += 1

    def value(self) -> tuple[Any, str]:
        """The next value, or why there is none."""
        wanted = CHUNK
        while True:
            try:
                value, end = json.JSONDecoder(strict=False).raw_decode(self.text, self.at)
            except (ValueError, RecursionError) as error:
                # An error at the very end, or a string without one, may only mean that there is more to read.
                is_cut = isinstance(error, json.JSONDecodeError) and (
                    error.pos > len(self.text) - 16 or error.msg.startswith("Unterminated")
                )
                if not is_cut or len(self.text) - self.at > LONGEST_LINE or not self._more(wanted):
                    if is_cut and len(self.text) - self.at > LONGEST_LINE:
                        return None, "value is longer than 20 million characters, or has no end"
                    return None, re.sub(r" at character .*", "", reason(error))
                wanted *= 2
                continue
            self.at = end
            return value, ""

    def go_on(self) -> bool:
        """Pass to the next object below a broken one; whether there is one."""
        start = self.at + 1
        while not (found := NEXT.search(self.text, start)):
            if not self._more(CHUNK, keep=64):
                return False
            start = 0
        self.at = found.end()
        return True

    def _more(self, size: int, keep: int = 0) -> bool:
        """Read on, and let go of what was read as values; whether there was more."""
        data = b"" if self._ended else self._stream.read(size)
        self._ended = not data
        rest = self.text[max(self.at, len(self.text) - keep) if keep else self.at :]
        self.text, self.at = rest + self._decoder.decode(data, final=not data), 0
        return bool(data)
