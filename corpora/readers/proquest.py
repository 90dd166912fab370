"""ProQuest: what its exports have in common, whatever their format: the citation line, and the article they make."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from corpora.readers.months import iso_date
from corpora.readers.proquest_labels import is_nothing
from corpora.readers.record import Record, Rejection

CAPTION = re.compile(r"(?:\[?illustration\]?:?\s*)?(?:photo )?caption(?: text)?\s*[:;]\s*", re.IGNORECASE)
CREDIT = re.compile(r"credit\s*:\s*", re.IGNORECASE)
CORRECTION = re.compile(r"correction\s*:\s*", re.IGNORECASE)
ORNAMENT = re.compile(
    r"(?:\[?illustrations?\]?|enlarge this image|view image\W*|photographs?|photos?)\W*", re.IGNORECASE
)
# A rule and the reporter's address, which close many an American article.
SIGN_OFF = re.compile(r"[-–—*_ ]{2,}|(?:e-?mail: ?)?\S{1,60}@\S{1,60}", re.IGNORECASE)
EDITION = re.compile(
    r"\b(?:editions?|ed|edici[oó]n|[ée]dition|edizione|edi[çc][ãa]o|ausgabe|online|current file|print|web|"
    r"final|full ?text)\b|\d{4} ?[-–]",
    re.IGNORECASE,
)
TITLE_EDITION = re.compile(r"\s*:?\s*\[([^\[\]]{1,60})\]$")
LIBRARY = re.compile(r"https?://[^\s?]{1,200}\?(?:[^\s=]{1,20}=[^\s&]{0,80}&)?q?url=(?=https?(?::|%3A))", re.IGNORECASE)
NO_NAME = {"staff", "writer", "writers", "correspondent", "reporter", "editor", "press", "special", "service", "news"}
MOST_TAGS = 30


@dataclass
class Document:
    """One article as an export prints it, before it is made a record.

    Attributes:
        heading: The headline above everything, which has no label.
        fields: Values by the keys of `proquest_labels.LABELS`.
        body: Paragraphs of the full text; None where the export gives none by its nature.
        captions: Captions that the format marks as such.
    """

    heading: str = ""
    fields: dict[str, str] = field(default_factory=dict)
    body: list[str] | None = None
    captions: list[str] = field(default_factory=list)


class Citation(NamedTuple):
    """What "Publication info" tells."""

    outlet: str
    edition: str
    published: str
    page: str


def read_citation(text: str) -> Citation:
    """Outlet, edition, day and page of a citation line.

    >>> read_citation("The Bay Times ; Los Angeles, Calif. [Los Angeles, Calif]08 May 2010: AA.2.")
    Citation(outlet='The Bay Times', edition='', published='2010-05-08', page='AA.2')
    >>> read_citation("World Review; London Vol. 40, Iss. 2, (Jul 16, 2011): 31.")
    Citation(outlet='World Review', edition='', published='2011-07-16', page='31')
    """
    line = " ".join(text.split())
    name = re.split(r"[;\[]", line, maxsplit=1)[0]
    if name == line:  # neither place nor bracket: the name ends where volume or date begin
        name = re.split(r"(?:,? Vol\.)? \(?\d|\.\s", line, maxsplit=1)[0]
    rest = line[len(name) :]
    if iso_date(line[: len(name) + 12]) and not rest.startswith((";", "[")):
        name, rest = "", line
    page = re.search(r":\s*([A-Za-z]{0,3}[.\-]?\d[\w.,\- ]{0,16}?)\.?$", rest)
    return Citation(*outlet_name(name), iso_date(rest), page[1] if page else "")


def outlet_name(printed: str) -> tuple[str, str]:
    """Name of an outlet as a reader writes it, and its edition.

    >>> outlet_name("The Bay Times, Late Edition (East Coast); New York, N.Y.")
    ('The Bay Times', 'Late Edition (East Coast)')
    >>> outlet_name("Bay Times (1923-Current file)"), outlet_name("The Sun (Lowell)")
    (('Bay Times', '1923-Current file'), ('The Sun (Lowell)', ''))
    """
    name, editions = " ".join(printed.split(";")[0].split()).strip(" ,"), []
    head, comma, rest = name.partition(",")
    if comma and EDITION.search(rest):
        name, editions = head.strip(), [rest.strip()]
    while (match := re.search(r"\s*[(\[]([^()\[\]]{1,60})[)\]]$", name)) and EDITION.search(match[1]):
        name, editions = name[: match.start()], [match[1], *editions]
    if inverted := re.fullmatch(r"(.+), (The|Le|La|Les|El|Der|Die|Das|Il)", name):
        name = f"{inverted[2]} {inverted[1]}"
    return name, "; ".join(editions)


def clean_url(url: str) -> str:
    """An article's address without the proxy and the account of the library that exported it.

    >>> clean_url("https://proxy.example.edu/login?url=https://www.proquest.com/docview/7/se-2?accountid=15")
    'https://www.proquest.com/docview/7/se-2'
    """
    found = re.search(r"https?://\S{1,600}", url)
    address = LIBRARY.sub("", found[0]) if found else ""
    address = re.sub(r"([?&])accountid=[^&#]*&?", r"\1", address)
    # Other libraries put their own name behind ProQuest's.
    address = re.sub(r"^(https?://\w{1,12})[.-]proquest[.-]com\.[^/\s]{1,100}/", r"\1.proquest.com/", address)
    return address.rstrip("?&").replace("https%3A", "https:")


def named_once(names: Iterable[str], part: str = ";") -> list[str]:
    """Items of lists in their order, each once.

    >>> named_once(["Banking; Trade", "trade; "])
    ['Banking', 'Trade']
    """
    items = (" ".join(item.split()) for text in names for item in text.split(part))
    return list({item.casefold(): item for item in reversed([*items]) if item}.values())[::-1]


def written_by(printed: str) -> str:
    """Authors in the order in which a byline has them.

    >>> written_by("Roe, Jane; Doe, John"), written_by("Jane Roe, Staff Writer")
    ('Jane Roe; John Doe', 'Jane Roe, Staff Writer')
    """
    return "; ".join(_name(name.strip()) for name in printed.split(";") if name.strip())


def _name(name: str) -> str:
    last, comma, first = (part.strip() for part in name.partition(","))
    words = first.split()
    turned = comma and 1 <= len(words) <= 3 and all(word[0].isupper() and word.lower() not in NO_NAME for word in words)
    return f"{first} {last}" if turned and "," not in first else name


def record_of(document: Document, place: str) -> Record | Rejection:
    """The record of a document.

    Args:
        document: What a format found.
        place: Where in the file.

    Returns:
        A record: listed without text where the export has none by its nature, and with an empty body where it names
        the full text and gives none; or a rejection where there is neither headline nor field.

    >>> found = record_of(Document("Talks Open", {"publication": "The Bay Times; London"}, ["They met."]), "article 1")
    >>> found.known["outlet"], found.known["body"], found.coverage
    ('The Bay Times', 'They met.', False)
    """
    values = {
        k: v for k, v in ((k, " ".join(v.split())) for k, v in document.fields.items()) if v and not is_nothing(v)
    }
    body, captions, credit, notice, odd = _parted(document.body or [])
    captions = named_once([*document.captions, *captions], part="\n")
    title = " ".join(document.heading.split()) or values.get("title", "")
    if not title and not body and not values.keys() & {"publication", "date", "id", "abstract"}:
        return Rejection(place, "no headline, no text and no known field")
    link = _open_url(values.get("links", ""))
    citation = read_citation(values.get("citation", ""))
    outlet, edition = outlet_name(values.get("publication", "") or link.get("jtitle", ""))
    whole, title_edition = title, ""
    if (mark := TITLE_EDITION.search(title)) and EDITION.search(mark[1]):
        title, title_edition = title[: mark.start()], mark[1]
    # Rich Text has the authors in the citation line, before the publication.
    before, named, _ = values.get("citation", "").partition(f". {outlet}" if outlet else "; ")
    author = values.get("author", "") or (before if named and outlet else "")
    page = values.get("pages", "") or citation.page
    sections = [values.get("section", ""), values.get("edition", ""), edition or citation.edition, title_edition, page]
    dateline = values.get("dateline", "")
    listed = document.body is None
    kept = {
        "Abstract": values.get("abstract", "") if listed else "", "Credit": credit if author else "",
        "Dateline": dateline if iso_date(dateline) else "", "Publisher": values.get("publisher", ""),
        "Place of publication": values.get("place", ""), "Country of publication": values.get("country", ""),
        "Source type": values.get("source", ""), "Document type": values.get("type", ""),
        "ProQuest document ID": values.get("id", ""), "Copyright": values.get("copyright", ""),
        "Last updated": values.get("updated", ""), "Database": values.get("database", ""),
    }  # fmt: skip
    known = {
        "outlet": outlet or citation.outlet,
        "published": _published(values, citation, link.get("date", "")),
        "title": title,
        "body": "\n\n".join(body),
        "byline": written_by(author) or credit,
        "url": clean_url(values.get("url", "")),
        "language": re.split(r"[;,]", values.get("language", ""))[0],
        "tags": ", ".join(
            t.replace(",", "") for t in named_once([values.get("subject", ""), values.get("keyword", "")])[:MOST_TAGS]
        ),
        "captions": "\n".join(captions),
        "dateline": "" if iso_date(dateline) else dateline,
        "section": "; ".join(named_once(sections)),
        "notice": notice,
        "furniture": "\n".join([*odd, *(f"{name}: {value}" for name, value in kept.items() if value)]),
    }
    raw = {
        key: values.get(key, "")
        for key in ("id", "publication", "citation", "date", "author", "abstract", "section", "subject")
    }
    raw |= {"title": whole, "text": known["body"], "captions": known["captions"]}
    return Record(raw, place, known, coverage=listed, edited=True)


def _parted(paragraphs: list[str]) -> tuple[list[str], list[str], str, str, list[str]]:
    """Paragraphs of a full text without its captions, credit, correction, and what is only ornament."""
    body, captions, notices, odd, credit = [], [], [], [], ""
    for i, paragraph in enumerate(filter(None, (" ".join(p.split()) for p in paragraphs))):
        if mark := CAPTION.match(paragraph):
            captions.append(paragraph[mark.end() :])
        elif (mark := CREDIT.match(paragraph)) and i >= len(paragraphs) - 4 and not credit:
            credit = re.sub(r"^by\s+", "", paragraph[mark.end() :], flags=re.IGNORECASE)
        elif (mark := CORRECTION.match(paragraph)) and len(paragraph.split()) < 150:
            notices.append(paragraph)
        elif ORNAMENT.fullmatch(paragraph):
            odd.append(paragraph)
        elif len(paragraphs) > 1 or not is_nothing(paragraph):
            body.append(paragraph)
    while body and SIGN_OFF.fullmatch(body[-1]):
        odd.append(body.pop())
    return body, [c for c in captions if c], credit, "\n".join(notices), odd


def _open_url(links: str) -> dict[str, str]:
    """Fields of the library link, which are in English whatever the interface's language."""
    found = re.search(r"https?://\S{1,4000}", links)
    try:
        query = parse_qs(urlsplit(found[0].replace("&amp;", "&")).query, max_num_fields=100) if found else {}
    except ValueError:
        return {}
    return {key: values[0] for key, values in query.items() if key in ("jtitle", "date", "atitle")}


def _published(values: dict[str, str], citation: Citation, linked: str) -> str:
    """Day of publication: of the date field, the citation, the link; a month or year where none has a day."""
    # Exports break lines within numbers: "Jan 11, 2 009".
    printed = iso_date(re.sub(r"(?<=\d) (?=\d)", "", values.get("date", "")))
    year = re.search(r"\d{4}", values.get("date", "") or values.get("year", ""))
    rest = [linked] if not printed and not values.get("date") else []
    days = [day for day in (printed, citation.published, *rest) if len(day) == 10]
    return next(iter(days), "") or printed or citation.published or (year[0] if year else "")
