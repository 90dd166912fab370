"""Readers: one module a format; each turns an open file into records or rejections.

A reader is a function `read(stream, name) -> Iterator[Record | Rejection]`. To add one: write the
module, add it to `READERS`, and teach `detect` to know the format from its first bytes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

from corpora.readers import html, jsonl, parquet, plain, table
from corpora.readers.record import Record, Rejection

Reader = Callable[[BinaryIO, str], Iterator[Record | Rejection]]

READERS: dict[str, Reader] = {
    "html": html.read,
    "jsonl": jsonl.read,
    "parquet": parquet.read,
    "plain": plain.read,
    "table": table.read,
}

SUFFIXES = {
    ".csv": "table", ".tsv": "table", ".tab": "table", ".html": "html", ".htm": "html", ".jsonl": "jsonl",
    ".ndjson": "jsonl", ".json": "jsonl", ".parquet": "parquet", ".txt": "plain", ".text": "plain",
}  # fmt: skip


def detect(name: str, head: bytes) -> str | None:
    """Name of the reader for a file, from its first bytes and then from its name; None for no format known.

    >>> detect("export.dat", b'{"title": "Talks"}')
    'jsonl'
    >>> detect("page.txt", b"<!DOCTYPE html><html>")
    'html'
    >>> detect("photo.jpg", bytes([255, 216, 255])) is None
    True
    """
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")[:200].lower()
    if head[:4] == b"PAR1":
        return "parquet"
    if start.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return "html"
    if start.startswith((b'{"', b"{ ", b"{}", b"{\n", b'[{"', b"[\n", b"[ ")) and not name.endswith(".txt"):
        return "jsonl"
    suffix = "." + name.lower().rsplit(".", 1)[-1]
    return SUFFIXES.get(suffix)


__all__ = ["READERS", "Reader", "Record", "Rejection", "detect"]
