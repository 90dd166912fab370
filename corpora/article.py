"""Article: one published piece, and the schemas of the two tables that make a corpus."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

PARTS = ("title", "body", "captions")


@dataclass(frozen=True, slots=True)
class Article:
    """One published piece, cleaned; never changed once it is in a corpus.

    Attributes:
        article_id: Hash of the raw record as it was read, 24 hexadecimal digits.
        outlet: The publication or agency, canonical name; `outlet_as_read` beside it.
        published: Day of publication, or None where it is not known.
        published_at: Day and time as ISO 8601 with the zone, as far as the file says: `2017-02-01T10:15+03:00`.
        date_precision: How exactly the file tells when: `time`, `day` or `month` (then `published` is its first day).
        date_source: Where the day came from: `metadata`, `text`, `url` or `file name`; of an undated article the
            reason ("no date").
        date_as_read: The date as it was written, at most 80 characters.
        date_order: `dmy` or `mdy` where a date such as 4/4/17 was read by the order of the outlet's other dates.
        title: Headline; empty where there was none.
        body: The article's own text, paragraphs separated by a blank line; empty of a coverage record, which a list
            of articles without their texts gives: it counts in volume and is never scored.
        captions: Captions of pictures, one a line.
        byline: Who wrote it, as printed, without "By".
        dateline: Place before the first sentence, as printed ("WASHINGTON").
        agency: Agency credited in the dateline or a credit line ("Reuters"); empty if none.
        url: Address, as read; never fetched.
        section: Section, page and edition, as printed ("FRONT PAGE; Pg. 1").
        language: ISO 639-1 code, or empty where the text is too short to tell.
        tags: The page's own list of tags.
        furniture: What cleaning took out of the text: teasers, credits, share lines; one a line.
        notice: What a reader must be told about this text; empty for ordinary articles.
        source_file: Name of the file it came from.
        collection: Key of the collection note given at ingest, or empty.

    >>> article = Article.from_record({"n": 1}, outlet="The Daily", title="Talks resume", body="They met.")
    >>> article.text("title")[0:5]
    'Talks'
    """

    article_id: str
    outlet: str
    outlet_as_read: str = ""
    published: dt.date | None = None
    published_at: str = ""
    date_precision: str = ""
    date_source: str = ""
    date_as_read: str = ""
    date_order: str = ""
    title: str = ""
    body: str = ""
    captions: str = ""
    byline: str = ""
    dateline: str = ""
    agency: str = ""
    url: str = ""
    section: str = ""
    language: str = ""
    tags: tuple[str, ...] = ()
    furniture: str = ""
    notice: str = ""
    source_file: str = ""
    collection: str = ""

    @classmethod
    def from_record(cls, record: Mapping[str, Any], **values: Any) -> Article:
        """Make an article whose `article_id` is the hash of a raw record."""
        return cls(article_id=record_id(record), **values)

    def text(self, part: str) -> str:
        """Text of one part: every passage is a slice of it.

        Raises:
            ValueError: `part` is not one of title, body, captions.
        """
        if part not in PARTS:
            raise ValueError(f"no part {part!r}; there are: {', '.join(PARTS)}")
        return str(getattr(self, part))

    @property
    def is_coverage(self) -> bool:
        """Whether only the fact that it was published is known, and not its text."""
        return not self.body

    @property
    def text_sha256(self) -> str:
        """SHA-256 of title, body and captions, which changes whenever one of them does."""
        return hashlib.sha256("\x1f".join(self.text(part) for part in PARTS).encode()).hexdigest()

    def with_(self, **values: Any) -> Article:
        """Copy with some fields changed."""
        return replace(self, **values)

    def row(self) -> dict[str, Any]:
        """The article as a row of the articles table."""
        row = {field.name: getattr(self, field.name) for field in fields(self)}
        row["tags"] = list(self.tags)
        row["text_sha256"] = self.text_sha256
        return row

    @classmethod
    def from_row(cls, row: Mapping[str, Any]) -> Article:
        """The article of a row of the articles table."""
        values = {field.name: row[field.name] for field in fields(cls)}
        values["tags"] = tuple(row["tags"] or ())
        return cls(**values)


def record_id(record: Mapping[str, Any]) -> str:
    """Hash of a raw record: the same record read twice gets the same identity.

    >>> record_id({"a": 1, "b": "x"}) == record_id({"b": "x", "a": 1})
    True
    """
    canonical = json.dumps(record, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(canonical.encode("utf-8", "surrogatepass")).hexdigest()[:24]


def articles_schema() -> Any:
    """Arrow schema of the articles table: one row is one article, columns as `Article` explains them."""
    import pyarrow as pa

    text = [(name, pa.string()) for name in ("article_id", "text_sha256", "outlet", "outlet_as_read")]
    when = ("published_at", "date_precision", "date_source", "date_as_read", "date_order")
    dates = [("published", pa.date32()), *((name, pa.string()) for name in when)]
    parts = [(name, pa.string()) for name in ("title", "body", "captions", "byline", "dateline", "agency")]
    rest = [*((name, pa.string()) for name in ("url", "section", "language")), ("tags", pa.list_(pa.string()))]
    notes = [(name, pa.string()) for name in ("furniture", "notice", "source_file", "collection")]
    return pa.schema(text + dates + parts + rest + notes)


def marks_schema() -> Any:
    """Arrow schema of the marks table: something found out about an article, which may change later.

    `kind` is story, wire, duplicate or genre; `share` (0 to 1) says how much of the text it concerns;
    `origin_id` is the article it came from; `evidence` is what it rests on; `version` is the finder's.
    """
    import pyarrow as pa

    return pa.schema(
        [
            ("article_id", pa.string()),
            ("kind", pa.string()),
            ("value", pa.string()),
            ("share", pa.float64()),
            ("origin_id", pa.string()),
            ("evidence", pa.string()),
            ("version", pa.string()),
        ]
    )
