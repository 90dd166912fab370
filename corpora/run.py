"""Run: files read one after another, each article kept or rejected with its reason."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from textwrap import shorten
from typing import Any

from corpora.article import Article
from corpora.assembly import NO_TEXT_FIELD, Options, article_of
from corpora.errors import InputError
from corpora.orders import Orders
from corpora.readers import Record, Rejection, Stated
from corpora.repair import repair, whole
from corpora.sources import File, Origin, read_file
from corpora.storage import file_sha256

# Characters of an error that list columns: records can have thousands, and a broken header is one long name.
LONGEST_LIST = 400
# Rejections one after the other, with no article between, after which a file is taken for something else: a line is
# quickly made, and a list of a hundred million reasons helps nobody.
GIVE_UP = 100_000
# Outlets whose options are held ready; an archive may have a million folders.
MOST_OUTLETS = 1_000
# Members of an archive that are named where they state another number than was read.
MOST_DIFFERING = 20
# What tells a file that was ingested before: name, content, how it was read, and the folders where they name outlets.
STAMP = ("file", "sha256", "options", "folders")


class Run:
    """What a run has read so far: the articles it has seen, its rejections, the order of its dates."""

    def __init__(self, options: Options, collection: str = "", orders: Orders | None = None) -> None:
        self.options, self.collection, self.orders = options, collection, orders or Orders()
        # Twelve bytes for each: a set of a million names in letters would take half as much again.
        self.seen: set[bytes] = set()
        self.rejections: list[tuple[str, str, str]] = []
        self.outlets: dict[str, Options] = {}

    def options_of(self, origin: Origin) -> Options:
        """The options for a record, with the outlet that its folders name where they do."""
        if not self.options.outlet_from:
            return self.options
        outlet = origin.outlet()
        if outlet not in self.outlets:
            if len(self.outlets) >= MOST_OUTLETS:
                self.outlets.clear()
            self.outlets[outlet] = replace(self.options, outlet=outlet, outlet_from="")
        return self.outlets[outlet]

    def stamp(self, file: File) -> dict[str, Any]:
        """What tells a file from others: the values of `STAMP`."""
        stamp = {"file": whole(file.name), "options": self.options.row(self.collection)}
        if self.options.outlet_from:
            stamp["folders"] = whole("/".join(file.folders) or file.path.absolute().parent.name)
        try:
            return {**stamp, "sha256": file_sha256(file.path)}
        except OSError as error:
            raise _unreadable(file.path, error) from None

    def read(self, file: File, stamp: dict[str, Any], keep: Callable[[Article], None]) -> dict[str, Any]:
        """Read a file; its row in the manifest.

        Raises:
            InputError: It changed meanwhile, or lacks a column that it must have.
        """
        before = _size_and_time(file.path)
        row = self._read(file, keep)
        if _size_and_time(file.path) != before or self.stamp(file)["sha256"] != stamp["sha256"]:
            raise InputError(f"{file.path} changed while it was read; ingest it when nobody writes to it")
        return {**stamp, **row}

    def _read(self, file: File, keep: Callable[[Article], None]) -> dict[str, Any]:
        counts: Counter[str] = Counter()
        readers: dict[str, None] = {}
        # Columns of the records whose fields the format does not tell; these alone can lack one.
        columns: set[str] = set()
        has_text = False
        stated = _Stated()
        in_a_row = 0
        name = whole(file.name)
        for origin, item in read_file(file):
            if origin.reader:
                readers[origin.reader] = None
            stated.add(origin, item)
            if isinstance(item, Stated):
                continue
            made = item.reason if isinstance(item, Rejection) else self._article(item, origin)
            if isinstance(item, Record) and not item.known:
                has_text = has_text or made != NO_TEXT_FIELD
                columns.update(map(str, item.raw))
            counts["read"] += 1
            if isinstance(item, Record) and isinstance(made, Article):
                in_a_row = 0
                key = key_of(made.article_id)
                if key not in self.seen:
                    self.seen.add(key)
                    keep(made)
                    counts["open"] += self.orders.note(made, item.date_source)
                    counts.update(kept=1, dated=made.published is not None, coverage=made.is_coverage)
                    continue
                made = "repeated: the same record is already in the corpus"
            self.rejections.append((name, whole(origin.place(item.place)), whole(str(made))))
            # What was read and is repeated or short does not count, however often: something new may stand behind it.
            # Nor do pictures and the like in an archive: of members there is an end.
            in_a_row += isinstance(item, Rejection) and bool(origin.reader or not origin.members)
            if in_a_row >= GIVE_UP:
                counts["read"] += 1
                self.rejections.append(
                    (name, "file", f"the rest is not read: {GIVE_UP:,} rejections one after another")
                )
                break
        _check_columns(file.path, self.options, columns, has_text)
        numbers = {key: counts[key] for key in ("read", "kept", "dated", "coverage", "open")}
        rejected = counts["read"] - counts["kept"]
        row = {"reader": ", ".join(readers), "stated": stated.count(), **numbers, "rejected": rejected}
        # Of an archive the sum may hide which of its members states another number.
        return {**row, "differing": stated.differing} if stated.differing else row

    def _article(self, record: Record, origin: Origin) -> Article | str:
        try:
            return article_of(record, self.options_of(origin), whole(origin.name), self.collection)
        except RecursionError:  # JSON that is nested just less deep than its reader minds
            return "nested too deep"


class _Stated:
    """How many articles a file says that it holds; of a member of an archive that does not say, what was read of it.

    Attributes:
        differing: Members of an archive that state another number, the first of them, with both numbers.
    """

    def __init__(self) -> None:
        self.differing: list[dict[str, Any]] = []
        self._member: tuple[str, ...] = ()
        self._said: int | None = None
        self._read = self._total = 0
        self._any = False

    def add(self, origin: Origin, item: Record | Rejection | Stated) -> None:
        if origin.members != self._member:
            self._end()
            self._member = origin.members
        if isinstance(item, Stated):
            self._said, self._any = (self._said or 0) + item.count, True
        else:
            self._read += 1

    def count(self) -> int | None:
        self._end()
        return self._total if self._any else None

    def _end(self) -> None:
        self._total += self._read if self._said is None else self._said
        if self._member and self._said not in (None, self._read) and len(self.differing) < MOST_DIFFERING:
            member = whole("/".join(self._member))
            self.differing.append({"member": member, "stated": self._said, "read": self._read})
        self._said, self._read = None, 0


def key_of(article_id: str) -> bytes:
    """An article's identity in twelve bytes.

    >>> len(key_of("0123456789abcdef01234567"))
    12
    """
    try:
        return bytes.fromhex(article_id)
    except ValueError:  # as somebody else's corpus may have
        return article_id.encode()


def _check_columns(path: Path, options: Options, columns: set[str], has_text: bool) -> None:
    listed = shorten(repair(", ".join(sorted(columns))), LONGEST_LIST, placeholder=" ...")
    for field, column in options.columns.items():
        if columns and column not in columns:
            raise InputError(f"{path} has no column {column!r} for {field}; its columns: {listed}")
    if columns and not has_text:
        raise InputError(f"{path} has no text column; its columns: {listed}; name one with --map body=COLUMN")


def _size_and_time(path: Path) -> tuple[int, int]:
    try:
        state = path.stat()
    except OSError as error:
        raise _unreadable(path, error) from None
    return state.st_size, state.st_mtime_ns


def _unreadable(path: Path, error: OSError) -> InputError:
    return InputError(f"{'no permission to read' if isinstance(error, PermissionError) else 'cannot read'} {path}")
