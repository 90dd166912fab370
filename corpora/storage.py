"""Storage: writing a corpus so that it is always either the old one or the new one."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from corpora.errors import InputError
from corpora.manifest import FILE, read_manifest
from corpora.repair import whole

REJECTED = "rejected.csv"
REJECTED_HEADER = ("source_file", "place", "reason")
# As PartWriter names them; what is named otherwise was not written here and is left alone.
OUR_PART = re.compile(r"[0-9a-f]{12}-\d{4,}(?:\.new)?\.parquet")
LOCK = ".lock"


def commit(
    folder: Path,
    manifest: dict[str, Any],
    rejections: Iterable[Sequence[str]] | None = None,
    parts: Iterable[dict[str, Any]] = (),
) -> None:
    """Bring new parts in: parts first, rejections next, the manifest last; each replaced as a whole.

    Whatever needs room on the disk is written there before the first file is replaced.

    Args:
        folder: The corpus.
        manifest: Its new manifest.
        rejections: All its rejections; None where they stay as they are.
        parts: The parts that are new, as a `PartWriter` lists them.
    """
    articles = folder / "articles"
    text = json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    new = [] if rejections is None else [write_beside(folder / REJECTED, rejected_csv(rejections))]
    new.append(write_beside(folder / FILE, text))
    for part in parts:
        (articles / f".{part['name']}").replace(articles / part["name"])
    to_disk(articles)
    for path in new:
        path.replace(path.with_name(path.name.removeprefix(".").removesuffix(".new")))
        to_disk(folder)


@contextlib.contextmanager
def hold(folder: Path, wait: float) -> Iterator[None]:
    """Keep other runs from writing to a folder; the lock of a run that was killed is none.

    Raises:
        InputError: Another run holds it for longer than `wait` seconds.
    """
    from filelock import FileLock, Timeout

    path = folder / LOCK
    lock = FileLock(path, timeout=wait)
    # An interrupt may fall between making the file and knowing that it is ours: so all of it stands in one `try`.
    try:
        lock.acquire()
        yield
    except Timeout:
        raise InputError(f"another run is writing to {folder}") from None
    finally:
        with contextlib.suppress(OSError, Timeout):
            if not lock.is_locked:
                lock.acquire(timeout=0)
            with contextlib.suppress(OSError):  # Windows removes no open file; one that stays does no harm
                path.unlink()
            lock.release()


def prepare(folder: Path) -> list[Path]:
    """Make the folders of a corpus.

    Returns:
        The folders that were made, a folder after those inside it.

    Raises:
        InputError: The folder holds something else, or cannot be written to.
    """
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file, not a folder for a corpus")
    if whole(str(folder)) != str(folder):
        raise InputError(f"the name of {folder} is no UTF-8, which Parquet cannot write to")
    if folder.is_dir() and not (folder / FILE).exists() and (foreign := _foreign(folder)):
        raise InputError(f"{folder} holds something else than a corpus: {foreign[0]!r}")
    needed = [folder / "articles", folder / "marks", folder, *folder.parents]
    missing = [path for path in needed if not path.exists()]
    try:
        for path in reversed(missing):
            path.mkdir(exist_ok=True)
    except OSError as error:
        remove_empty(missing)
        raise InputError(f"cannot write to {folder}: {error.strerror}") from None
    return missing


def sweep(folder: Path) -> None:
    """Take away what a stopped run left: half-written files, and parts that the manifest does not name.

    A run that is stopped between bringing its parts in and writing the manifest leaves whole parts, which pandas
    would read; before the first manifest, its list of rejections as well.
    """
    named = {part["name"] for part in read_manifest(folder)["parts"]} if (folder / FILE).exists() else set()
    for path in (folder / "articles").glob("*.parquet"):
        if path.name.startswith(".") or (OUR_PART.fullmatch(path.name) and path.name not in named):
            path.unlink()
    for path in (folder / "marks").glob(".*.parquet"):
        path.unlink()
    for path in (folder / f".{FILE}.new", folder / f".{REJECTED}.new"):
        path.unlink(missing_ok=True)
    if not (folder / FILE).exists():
        (folder / REJECTED).unlink(missing_ok=True)


def remove_empty(folders: Iterable[Path]) -> None:
    """Remove those of the folders, inner ones first, that hold nothing."""
    for folder in folders:
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def _foreign(folder: Path) -> list[str]:
    """Names in a folder without manifest that no stopped run has left there."""
    ours = {LOCK, f".{FILE}.new", f".{REJECTED}.new"}
    for name in ("articles", "marks"):
        inner = folder / name
        if inner.is_dir() and all(OUR_PART.fullmatch(path.name.removeprefix(".")) for path in inner.iterdir()):
            ours.add(name)
    rejected = folder / REJECTED
    if "articles" in ours and rejected.is_file():
        with rejected.open("rb") as file:
            if file.readline().decode("utf-8", "replace").strip() == ",".join(REJECTED_HEADER):
                ours.add(REJECTED)
    return sorted(path.name for path in folder.iterdir() if path.name not in ours)


def write_beside(path: Path, text: str) -> Path:
    """Write a file beside its place, to be renamed in, so that nobody ever sees half of it."""
    beside = path.with_name(f".{path.name}.new")
    beside.write_text(text, encoding="utf-8", newline="")
    to_disk(beside)
    return beside


def to_disk(path: Path) -> None:
    """Wait until a file or folder is on the disk, so that a loss of power leaves the old one or the new one."""
    if path.is_dir() and os.name == "nt":
        return  # Windows opens no folders
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def rejected_csv(rejections: Iterable[Sequence[str]]) -> str:
    """The rejections as CSV text."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(REJECTED_HEADER)
    writer.writerows([inert(cell) for cell in row] for row in rejections)
    return out.getvalue()


def read_rejections(folder: Path, manifest: dict[str, Any] | None = None) -> tuple[tuple[str, str, str], ...]:
    """The rejections of a corpus folder; with its manifest, those of the sources that it names and no later ones.

    Raises:
        InputError: The file is no CSV text.
    """
    path = folder / REJECTED
    if not path.exists():
        return ()
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = [(row[0], row[1], row[2]) for row in list(csv.reader(file))[1:] if len(row) == 3]
    except (OSError, UnicodeError, csv.Error) as error:
        raise InputError(f"{path} cannot be read: {error}") from None
    if manifest:
        # A run that was stopped just before its manifest has already written its rejections behind the others.
        rows = rows[: sum(source["rejected"] for source in manifest["sources"])]
    return tuple(rows)


def inert(cell: Any) -> Any:
    """A cell that no spreadsheet runs as a formula: a leading = + - @ gets an apostrophe before it.

    References:
        OWASP, CSV Injection, https://owasp.org/www-community/attacks/CSV_Injection

    >>> inert("=cmd()"), inert("-0.25"), inert(-0.25)
    ("'=cmd()", '-0.25', -0.25)
    """
    if not isinstance(cell, str) or not cell or cell[0] not in "=+-@\t\r":
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's bytes, read in pieces."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
