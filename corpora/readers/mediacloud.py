"""Media Cloud: lists of stories from the Explorer and Topic Mapper (to 2022), the Search tool and its programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Set
from typing import BinaryIO

from corpora.readers.coverage import columns, read_list
from corpora.readers.record import Head, Record, Rejection
from corpora.readers.webpage import host

# Columns that no other list of articles has beside one called media_name.
MARKS = {"mediaurl", "mediaid", "indexeddate", "apsyndicated"}


def recognises(head: Head) -> bool:
    """A table of titles and addresses with Media Cloud's number of the story, or its names of the outlet."""
    return lists({*columns(head)})


def lists(names: Set[str]) -> bool:
    """Whether a table with columns of these plain names is Media Cloud's.

    >>> lists({"storiesid", "title", "url"}), lists({"title", "url", "text"})
    (True, False)
    """
    return {"title", "url"} <= names and ("storiesid" in names or ("medianame" in names and bool(MARKS & names)))


def read(stream: BinaryIO, name: str) -> Iterator[Record | Rejection]:
    """Yield one record for each story, as coverage; a row whose text somebody filled in is an article."""
    return read_list(stream, name, fields)


def fields(row: Mapping[str, str]) -> dict[str, str]:
    """Fields of a story.

    >>> fields({"media_name": "", "url": "https://www.example.org/a", "publishdate": "undateable"})["outlet"]
    'example.org'
    """
    published = row.get("publishdate", "")
    return {
        "outlet": row.get("medianame", "") or host(row.get("mediaurl", "")) or host(row.get("url", "")),
        # Media Cloud writes "undateable" for pages such as a live blog, which have many days.
        "published": published if any(map(str.isdigit, published)) else "",
        "title": row.get("title", ""),
        "body": row.get("text", ""),
        "url": row.get("url", ""),
        "language": row.get("language", ""),
        "tags": row.get("themes", ""),
        "agency": "AP" if row.get("apsyndicated", "").lower() in ("true", "t", "1") else "",
    }
