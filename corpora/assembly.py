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
from corpora.dates import Moment, date_in_name, date_in_url, read_moment
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
        outlet_from: `folder` where the names of folders are outlets.
        columns: Field to column name, for names that are not recognised.
        order: `dmy` or `mdy` for dates such as 4/4/17.
    """

    outlet: str = ""
    columns: Mapping[str, str] = field(default_factory=dict)
    order: str = ""
    outlet_from: str = ""

    def __post_init__(self) -> None:
        if self.outlet_from not in ("", "folder"):
            raise InputError(f"no outlet from {self.outlet_from!r}; there is: folder")
        if self.outlet and self.outlet_from:
            raise InputError("the outlet is either given for all files or told by their folders, not both")
        if self.order not in ("", "dmy", "mdy"):
            raise InputError(f"no date order {self.order!r}; there are: dmy, mdy")
        recognise((), self.columns)

    def row(self, collection: str) -> dict[str, Any]:
        """The options as a manifest keeps them."""
        columns = {name: whole(column) for name, column in self.columns.items()}
        given = {"outlet": whole(self.outlet), "outlet_from": self.outlet_from}
        return {**given, "columns": columns, "order": self.order, "collection": collection}


def article_of(record: Record, options: Options, source_file: str, collection: str = "") -> Article | str:
    """The article of a record, or the reason why it is none.

    Args:
        record: What a reader yields.
        options: How the file is to be read; `options.outlet` goes before what the record says.
        source_file: Name of the file, with the folders that lead to it inside an archive.
        collection: Key of the collection note.

    >>> article_of(Record({"headline": "Talks resume"}, "line 1"), Options(), "a.csv")
    'no text field'
    """
    columns = recognise(record.raw, options.columns)
    values = {k: v for k, v in record.known.items() if v} or pick(record.raw, columns)
    if "body" not in values and "body" not in record.known and not record.coverage:
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
    if reason := _too_little(record, draft.title, body):
        return reason
    url = repair(values.get("url", ""))
    given = _line(options.outlet)
    as_read = given or repair(values.get("outlet", "")) or draft.agency or _host(url)
    if not as_read:
        return "no outlet: name it with --outlet NAME or --map outlet=COLUMN"
    as_written = repair(values.get("published", "")).strip()
    moment, source = _published(as_written, record.date_source, url, source_file, options.order)
    return Article(
        # Two outlets may print one text: where the record does not name the outlet, whoever names it makes two of them.
        article_id=record_id({"record": record.raw, "outlet": given} if given else record.raw),
        outlet=" ".join(as_read.split()),
        outlet_as_read=as_read,
        published=moment.day,
        published_at=moment.at,
        date_precision=moment.precision,
        date_source=source,
        date_as_read=as_written[:80],
        title=draft.title,
        body=body,
        captions="\n".join(draft.captions),
        byline=draft.byline,
        dateline=draft.dateline,
        agency=draft.agency,
        url=url,
        section=_line(values.get("section", "")),
        language=language_code(values.get("language", "")) or identify_language(body or draft.title),
        tags=tuple(tag.strip() for tag in repair(values.get("tags", "")).split(",") if tag.strip()),
        furniture="\n".join(draft.furniture),
        notice=repair(values.get("notice", "")),
        source_file=source_file,
        collection=collection,
    )


def _too_little(record: Record, title: str, body: str) -> str:
    """Why there is too little to make an article; empty where there is enough."""
    if record.coverage and not body:
        return "" if title else "no title"
    if not body:
        return "no text"
    words = len(body.split())
    if record.edited or words >= MINIMUM_WORDS:
        return ""
    return f"too short: {words} word{'s' * (words != 1)}, at least {MINIMUM_WORDS} are needed"


def _published(written: str, source: str, url: str, source_file: str, order: str) -> tuple[Moment, str]:
    """When it was published and where that stood, or the reason why it is not known.

    What the record says goes first; where it says nothing that can be read, a day in the address, then one in the
    file's name.
    """
    moment = read_moment(written, order)
    if moment.day:
        return moment, source
    if day := date_in_url(url):
        return Moment(day, "", "day"), "url"
    if day := date_in_name(source_file):
        return Moment(day, "", "day"), "file name"
    return moment, moment.reason


def _line(text: str) -> str:
    return " ".join(repair(text).split())


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in repair(text).splitlines() if line.strip())


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
