"""Columns: what the fields of an article are called in the files analysts really have."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Any

from corpora.errors import InputError
from corpora.readers.record import decode

# Names are compared without case, accents, spaces and punctuation. Sources: the exports and data sets named in
# docs/formats.md (Nexis, Factiva, ProQuest, Media Cloud, GDELT, common CSV data sets). First match wins,
# in the order written here, so "source" is tried before "publisher".
NAMES: dict[str, tuple[str, ...]] = {
    "outlet": ("outlet", "source", "sourcename", "publication", "publicationtitle", "newspaper", "medium", "media",
               "medianame", "sitename", "site", "publisher", "domain", "newssource", "mediaoutlet", "newsoutlet",
               "mediasource", "sourcehostname", "sourcedomain", "newspapername", "press", "journal", "quelle",
               "zeitung", "medio", "periodico", "источник", "издание", "sitefull", "siteurl", "hostname"),
    "published": ("published", "date", "publisheddate", "publishdate", "publicationdate", "pubdate", "datepublished",
                  "publishedat", "datetime", "timestamp", "day", "created", "datepublish", "publishingdate",
                  "publishtime", "publishedtime", "webpublicationdate", "articledate", "pressdate", "newsdate",
                  "publisheddatetime", "publishedutc", "datum", "fecha", "дата"),
    "title": ("title", "headline", "headlines", "hed", "articletitle", "webtitle", "headlinetext", "heading",
              "newstitle", "titel", "uberschrift", "titre", "titulo", "titolo", "заголовок"),
    "body": ("text", "body", "content", "contents", "article", "articletext", "articlebody", "fulltext", "maintext",
             "bodytext", "story", "rawtext", "ctext", "plaintext", "contenttext", "articlecontent", "newstext",
             "newscontent", "volltext", "texte", "texto", "testo", "inhalt", "текст"),
    "byline": ("byline", "author", "authors", "by", "writer", "creator", "reporter", "journalist", "autor", "auteur",
               "autore", "автор"),
    "url": ("url", "link", "address", "uri", "href", "weburl", "articleurl", "newslink", "newsurl", "sourceurl",
            "requestedurl", "enlace", "lien", "ссылка"),
    "section": ("section", "sectionname", "rubric", "desk", "category", "subject", "topic", "rubrik", "seccion"),
    "language": ("language", "lang"),
    "notice": ("notice",),
    "dateline": ("dateline",),
    "agency": ("agency",),
    "tags": ("tags", "keywords"),
    "captions": ("captions", "caption"),
}  # fmt: skip


def plain_name(name: str) -> str:
    """A column's name as it is compared.

    >>> plain_name("Publication Date")
    'publicationdate'
    """
    plain = unicodedata.normalize("NFKD", str(name).lower())
    return re.sub(r"[\W_]", "", "".join(c for c in plain if not unicodedata.combining(c)))


def recognise(columns: Iterable[str], mapped: Mapping[str, str] | None = None) -> dict[str, str]:
    """Which column holds which field.

    Args:
        columns: The names a file has.
        mapped: Field to column, as the user says (`--map outlet=COLUMN`); goes before the known names.

    Raises:
        InputError: `mapped` names a field there is not.

    >>> recognise(["Source", "Headline", "Full text", "Words"])
    {'outlet': 'Source', 'title': 'Headline', 'body': 'Full text'}
    """
    mapped = dict(mapped or {})
    for field in mapped:
        if field not in NAMES:
            raise InputError(f"no field {field!r} to map; there are: {', '.join(sorted(NAMES))}")
    plain = {plain_name(column): column for column in reversed(list(columns))}
    found: dict[str, str] = {}
    for field, names in NAMES.items():
        if field in mapped:
            found[field] = mapped[field]
            continue
        for name in names:
            if name in plain and plain[name] not in mapped.values():
                found[field] = plain[name]
                break
    return found


# Fields whose value some files give as an object with a name: NewsAPI's source, schema.org's author.
NAMED = {"outlet", "byline", "tags"}
# What parts the items of a list, as the field's own text is parted.
BETWEEN = {"body": "\n\n", "captions": "\n"}


def pick(record: Mapping[str, Any], columns: Mapping[str, str]) -> dict[str, str]:
    """Values of a record by field, as text; a missing one is left out.

    >>> pick({"Source": "Reuters", "Words": 3}, {"outlet": "Source", "title": "Headline"})
    {'outlet': 'Reuters'}
    >>> pick({"source": {"id": "cnn", "name": "CNN"}, "text": ["They met.", "They parted."]}, {"outlet": "source"})
    {'outlet': 'CNN'}
    """
    values = {}
    for field, column in columns.items():
        text = _text(record.get(column), field).strip()
        if text and text.lower() not in {"nan", "none", "null"}:
            values[field] = text
    return values


def _text(value: Any, field: str) -> str:
    if value is None or value != value:  # only NaN, and pandas' NaT, are unlike themselves
        return ""
    if isinstance(value, bytes):
        return decode(value)
    if isinstance(value, Mapping):
        return _text(value.get("name"), field) if field in NAMED else ""
    if isinstance(value, (list, tuple)):
        return BETWEEN.get(field, ", ").join(filter(None, (_text(item, field) for item in value)))
    return str(value)
