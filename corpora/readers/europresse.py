"""Europresse (Eureka.cc): its pages of saved articles, with French or English labels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import TYPE_CHECKING, BinaryIO

from corpora.readers.html import page_text
from corpora.readers.markup import lines, marked, marks, paragraphs, parse_piece, words
from corpora.readers.months import iso_date
from corpora.readers.record import Head, Record, Rejection, read_whole

if TYPE_CHECKING:
    from lxml.etree import _Element

# A thousand articles, the most that is saved at once, come to some 10 million bytes.
LONGEST = 100_000_000
ARTICLE = re.compile(r"<article\b[^<>]{0,300}>", re.IGNORECASE)
# Nothing shorter holds an outlet's name between its marks; files of a million marks are read as fast as others.
SHORTEST = 80
# The longest article found anywhere has 0.6 million characters.
LONGEST_ARTICLE = 5_000_000
ENDED = re.compile(r"</(?:article|body|html)\b", re.IGNORECASE)
# Pages before 2013 have no such element: an article begins with the table in which its outlet is named.
OUTLET = re.compile(r"<span\b[^<>]{0,200}\bclass\s*=\s*[\"']?DocPublicationName\b", re.IGNORECASE)
# The number of a document: news·20060315·LM·0q1503_1256056
NUMBER = re.compile(r"\b[a-z]{2,8}·(\d{8})·\w{1,12}·\S+")
# Le Monde, no. 19836; Acme Law Review, Vol. 14, no 4
ISSUE = re.compile(r",\s*((?:n[o°º]|num[ée]ro|vol|issue|hors[- ]s[ée]rie)\b.*)$", re.IGNORECASE)
# Le Monde (site web); Var-Matin (site web réf.); The Daily (web site) - Business
EDITION = re.compile(
    r"\s*\(((?:site ?web|web ?site|web)\b[^()]{0,20}|r[ée]f\.? site ?web)\)(?:\s*-\s*(.*))?$", re.IGNORECASE
)
_DAYS = "lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
DATE = re.compile(
    rf"(?:\b(?:{_DAYS}),? )?"
    r"(?:\b\d{1,2}(?:er)? [^\W\d]{3,10}\.? \d{4}|\b[^\W\d]{3,10}\.? \d{1,2}, \d{4}|\b\d{4}-\d\d-\d\d)\b",
    re.IGNORECASE,
)
TIME = re.compile(r"(\d{1,2}):(\d\d)(:\d\d)?\s*(UTC|GMT|[+-]\d\d:?\d\d)?", re.IGNORECASE)
COUNT = re.compile(r"\b\d[\d,. ]{0,7} ?(?:mots?|words?)\b", re.IGNORECASE)
# What Europresse adds to a text: where it stands on the web, that it is not stored, that a second version follows.
LINK = re.compile(
    r"(?:cet article est paru|this article (?:was published|appeared)|(?:voir|lire) (?:l['’]article|le document)|"
    r"(?:view|see|read) (?:the )?(?:article|document))\b",
    re.IGNORECASE,
)
NOT_HELD = re.compile(
    r"ce document r[ée]f[ée]rence .{0,20}\blien\b|this document refer\w* .{0,20}\blink\b", re.IGNORECASE
)
ADDED = re.compile(rf"\[additional text\]\s*:?$|{NOT_HELD.pattern}", re.IGNORECASE)
LABEL = re.compile(
    r"(?P<pictures>illustrations?|illustration\(s\)|photos?)|(?P<tags>cat[ée]gories?|sujets?|subjects?|mots[- ]cl[ée]s|"
    r"keywords?|th[èe]mes?)|note\(?s?\)?|encadr[ée]\(?s?\)?|[^\W\d]{3,20}(?:\(s\))?",
    re.IGNORECASE,
)
LEGAL = re.compile(
    r"le pr[ée]sent document est prot[ée]g|(?:ce )?certificat|this (?:document is protected|certificate)|"
    r"date d['’][ée]mission|PubliC",
    re.IGNORECASE,
)
BY = re.compile(r"(?:par|by)\s+", re.IGNORECASE)
# A name, or several with the papers they write for; a longer line in its place is the standfirst.
LONGEST_BYLINE = 14


def recognises(head: Head) -> bool:
    """A page with the class names of Europresse's articles, in its styles or in its text.

    >>> recognises(Head.of(b"<html><style>.DocPublicationName{} .titreArticle{}</style>"))
    True
    """
    text = head.text
    return text.startswith("<") and "DocPublicationName" in text and bool(re.search("DocHeader|[tT]itreArticle", text))


def read(stream: BinaryIO, name: str) -> Iterator[Record | Rejection]:
    """Yield the page's articles, each read by itself, so that broken markup costs no other."""
    data = read_whole(stream, LONGEST)
    if data is None:
        yield Rejection("file", f"file is longer than {LONGEST // 1_000_000} million bytes")
        return
    page = page_text(data).replace("\x00", "")
    starts = [match.start() for match in ARTICLE.finditer(page)]
    is_old = not starts
    if is_old:
        starts = [_table(page, match.start()) for match in OUTLET.finditer(page)]
    if not starts:
        yield Rejection("page", "page of Europresse without an article")
    for number, (start, end) in enumerate(pairwise([*dict.fromkeys(starts), len(page)]), 1):
        place = f"article {number}"
        if end == len(page) and not ENDED.search(page, start):
            yield Rejection(place, "article is cut off")
            continue
        if end - start > LONGEST_ARTICLE:
            yield Rejection(place, "article is longer than 5 million characters")
            continue
        root = parse_piece(page[start:end]) if end - start > SHORTEST else None
        parts = {} if root is None else _old_parts(root) if is_old else _parts(root)
        yield _record(parts, place) if any(parts.values()) else Rejection(place, "article is empty")


def _table(page: str, at: int) -> int:
    """Where the table begins in which an outlet is named."""
    found = page.rfind("<table", max(0, at - 3000), at)
    return at if found < 0 or OUTLET.search(page, found, at) else found


Parts = dict[str, list[str]]


def _record(parts: Parts, place: str) -> Record:
    outlet, *edition = parts["outlet"] or [""]
    for pattern in (ISSUE, EDITION):
        if found := pattern.search(outlet):
            outlet = outlet[: found.start()]
            edition += [text for text in found.groups() if text and pattern is EDITION]
    header = " ".join(parts["header"])
    published, section, page = _read_header(header)
    numbered = NUMBER.search(" ".join(parts["number"]))
    if len(published) < 10 and numbered:
        published = iso_date(f"{numbered[1][:4]}-{numbered[1][4:6]}-{numbered[1][6:]}")
    known = {
        "outlet": outlet,
        "published": published,
        "title": " ".join(parts["title"]),
        "body": "\n\n".join(parts["body"]),
        "byline": "; ".join(BY.sub("", line, count=1) if BY.match(line) else line for line in parts["byline"]),
        "url": next(iter(parts["url"]), ""),
        "tags": ", ".join(parts["tags"][:30]),
        "captions": "\n".join(parts["captions"]),
        "section": "; ".join(dict.fromkeys(filter(None, [*parts["rubric"], section, page, *edition]))),
        "furniture": "\n".join([*parts["furniture"], numbered[0] if numbered else ""]).strip(),
    }
    raw = {name: "\n".join(values) for name, values in sorted(parts.items()) if values}
    # Of sites that are only referred to there is no more than the first sentence.
    is_reference = any(NOT_HELD.search(line) for line in parts["furniture"])
    return Record(raw, place, known, coverage=is_reference, edited=True)


def _read_header(header: str) -> tuple[str, str, str]:
    """Date, section and page of the line under the outlet's name.

    >>> _read_header("Industrie, mardi 16 janvier 2007 332 mots, p. 25")
    ('2007-01-16', 'Industrie', 'p. 25')
    >>> _read_header("Monday, October 23, 2023 - 11:49:55 -0000 1,455 words")
    ('2023-10-23T11:49:55-0000', '', '')
    """
    found = DATE.search(header)
    date = iso_date(found[0] if found else header)
    section = header[: found.start()] if found else ""
    rest = header[found.end() :] if found else ""
    time = TIME.search(rest)
    if time:
        rest = rest[: time.start()] + rest[time.end() :]
        zone = {"UTC": "Z", "GMT": "Z"}.get((time[4] or "").upper(), time[4] or "")
        date += f"T{int(time[1]):02d}:{time[2]}{time[3] or ''}{zone}" if len(date) == 10 else ""
    return date, section.strip(" ,-;"), COUNT.sub("", rest).strip(" ,-;")


def _parts(root: _Element) -> Parts:
    """The parts of an article since 2013: header, text, what stands beside and under it."""
    parts = _empty()
    header = next(root.iter("header"), root)
    text = next(iter(marked(root, "docOcurrContainer") or marked(root, "DocText")), None)
    text = text if text is not None else next(root.iter("section"), None)
    _read_head(header, parts)
    for small in root.iter("small"):
        parts["furniture"] += [line for line in lines(small) if not LEGAL.match(line)]
    parts["number"] = [match[0] for match in islice(NUMBER.finditer(words(root)), 1)]
    for picture in marked(root, "rdp__attachnews"):
        parts["captions"] += lines(picture)
        picture.clear(keep_tail=True)
    for aside in root.iter("aside"):
        _read_aside(lines(aside), parts)
    if text is not None:
        _take_links(root, parts)
        parts["body"] += [line for line in paragraphs(text) if not ADDED.match(line)]
        parts["furniture"] += [line for line in paragraphs(text) if ADDED.match(line)]
    return parts


def _read_head(header: _Element, parts: Parts) -> None:
    titles = marked(header, "titreArticleVisu") or marked(header, "titreArticle")
    authors = marked(header, "docAuthors")
    parts["outlet"] = (
        lines(outlets[0]) if (outlets := [e for e in marked(header, "DocPublicationName") if e.tag == "span"]) else []
    )
    parts["header"] = [words(e) for e in marked(header, "DocHeader") if e.tag == "span"]
    parts["title"] = [words(e) for e in titles if words(e)]
    parts["byline"] = [line for e in authors for line in lines(e)]
    seen_title = False
    for element in header.iter("div", "p"):
        kinds = [marks(e) for e in (element, *element.iterancestors())]
        if any("DocPublicationName" in kind or "DocHeader" in kind or "docAuthors" in kind for kind in kinds):
            continue
        seen_title = seen_title or element in titles or "titreArticle" in kinds[0]
        if (
            next(element.iterdescendants("div", "p", "table"), None) is not None
            or element in titles
            or not words(element)
        ):
            continue
        if any("apd-" in kind for kind in kinds):
            continue
        if "rdp__subtitle" in kinds[0]:
            parts["body"].append(words(element))
        elif marked(element, "DocPublicationName") or marked(element, "DocHeader"):
            continue
        elif any("titreArticle" in kind for kind in kinds):
            parts["furniture"].append(words(element))
        elif not seen_title:
            parts["rubric"].append(words(element))
        elif not parts["byline"] and len(words(element).split()) <= LONGEST_BYLINE:
            parts["byline"] = [words(element)]
        else:
            parts["body"].append(words(element))
    parts["furniture"] += (
        [" ".join(words(e) for e in marked(header, "apd-wrapper"))] if marked(header, "apd-wrapper") else []
    )


def _read_aside(beside: list[str], parts: Parts) -> None:
    """Captions, subjects and notes, each under a label of its own."""
    place = "furniture"
    for line in beside:
        label, colon, rest = line.partition(":")
        found = LABEL.fullmatch(label.strip()) if colon else None
        if found:
            place = "captions" if found["pictures"] else "tags" if found["tags"] else "furniture"
            line = rest.strip()
        if line:
            parts[place] += (
                [tag.strip() for tag in re.split("[,;]", line) if tag.strip()] if place == "tags" else [line]
            )


def _take_links(root: _Element, parts: Parts) -> None:
    """The article's own address leaves the text."""
    for link in root.iter("a"):
        if LINK.match(words(link)) and (link.get("href") or "").startswith("http"):
            parts["url"].append(link.get("href") or "")
            for inner in list(link):
                link.remove(inner)
            link.text = ""


def _old_parts(root: _Element) -> Parts:
    """The parts of an article before 2013: lines after the headline, the first of them perhaps the author."""
    parts = _empty()
    titles = marked(root, "TitreArticleVisu") or marked(root, "titreArticle")
    parts["outlet"] = [line for e in marked(root, "DocPublicationName")[:1] for line in lines(e)]
    parts["header"] = [words(e).strip(" ,") + "," for e in marked(root, "DocHeader")]
    parts["title"] = [words(e) for e in titles[:1]]
    below = lines(root)
    at = next((i for i, line in enumerate(below) if parts["title"] and line.startswith(parts["title"][0])), -1)
    for line in below[at + 1 :]:
        if NUMBER.search(line):
            parts["number"] = [line]
        elif line.startswith(("©", "Copyright")):
            parts["furniture"].append(line)
        elif LEGAL.match(line) or parts["number"]:
            continue
        elif (
            not parts["body"]
            and not parts["byline"]
            and len(line.split()) <= LONGEST_BYLINE
            and line[-1] not in '.?!»"'
        ):
            parts["byline"] = [line]
        else:
            parts["body"].append(line)
    return parts


def _empty() -> Parts:
    names = "outlet header title rubric byline body captions tags url furniture number"
    return {name: [] for name in names.split()}
