"""Assembly: from a record to an article, or to the reason why there is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from corpora.article import Article, record_id
from corpora.byline import without_by
from corpora.clean import Draft, clean
from corpora.columns import pick, recognise
from corpora.dates import date_in_url, read_date
from corpora.errors import InputError
from corpora.language import identify_language, language_code
from corpora.readers import Record
from corpora.repair import paragraphs, repair, whole

# Fewer words are a caption or an error page: the shortest real article in the development sets has 33.
MINIMUM_WORDS = 15
NO_TEXT_FIELD = "no text field"


@dataclass(frozen=True)
class Options:
    """How files are to be read.

    Attributes:
        outlet: Outlet of every article, for files that do not say.
        columns: Field to column name, for names that are not recognised.
        order: `dmy` or `mdy` for dates such as 4/4/17.
    """

    outlet: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    order: str = ""

    def __post_init__(self) -> None:
        if self.order not in ("", "dmy", "mdy"):
            raise InputError(f"no date order {self.order!r}; there are: dmy, mdy")
        recognise((), self.columns)

    def row(self, collection: str) -> dict[str, Any]:
        """The options as a manifest keeps them."""
        columns = {name: whole(column) for name, column in self.columns.items()}
        return {"outlet": whole(self.outlet), "columns": columns, "order": self.order, "collection": collection}


def article_of(record: Record, options: Options, source_file: str, collection: str = "") -> Article | str:
    """The article of a record, or the reason why it is none.

    >>> article_of(Record({"headline": "Talks resume"}, "line 1"), Options(), "a.csv")
    'no text field'
    """
    columns = recognise(record.raw, options.columns)
    values = {k: v for k, v in record.known.items() if v} or pick(record.raw, columns)
    if "body" not in values and "body" not in record.known:
        return NO_TEXT_FIELD if columns.get("body") not in record.raw else "no text"
    draft = clean(
        Draft(
            title=_line(values.get("title", "")),
            paragraphs=paragraphs(repair(values.get("body", ""))),
            captions=_lines(values.get("captions", "")),
            furniture=_lines(values.get("furniture", "")),
            byline=without_by(_line(values.get("byline", ""))),
            dateline=_line(values.get("dateline", "")),
            agency=_line(values.get("agency", "")),
        )
    )
    body = "\n\n".join(draft.paragraphs)
    if len(body.split()) < MINIMUM_WORDS:
        return f"too short: {len(body.split())} words, at least {MINIMUM_WORDS} are needed" if body else "no text"
    url = repair(values.get("url", ""))
    as_read = whole(options.outlet) or repair(values.get("outlet", "")) or draft.agency or _host(url)
    if not as_read:
        return "no outlet: name it with --outlet NAME or --map outlet=COLUMN"
    published, reason = read_date(values.get("published", ""), options.order)
    source = "field" if published else ""
    if published is None and reason == "no date" and (published := date_in_url(url)):
        source = "url"
    return Article(
        article_id=record_id(record.raw),
        outlet=" ".join(as_read.split()),
        outlet_as_read=as_read,
        published=published,
        date_source=source or reason,
        title=draft.title,
        body=body,
        captions="\n".join(draft.captions),
        byline=draft.byline,
        dateline=draft.dateline,
        agency=draft.agency,
        url=url,
        language=language_code(values.get("language", "")) or identify_language(body),
        tags=tuple(tag.strip() for tag in repair(values.get("tags", "")).split(",") if tag.strip()),
        furniture="\n".join(draft.furniture),
        notice=repair(values.get("notice", "")),
        source_file=source_file,
        collection=collection,
    )


def _line(text: str) -> str:
    return " ".join(repair(text).split())


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in repair(text).splitlines() if line.strip())


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
