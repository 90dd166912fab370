"""Feeds: RSS of every version, RDF and Atom, read with feedparser from the file alone; nothing is fetched."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator, Mapping
from email.utils import parsedate_to_datetime
from html import unescape
from typing import Any, BinaryIO

from corpora.readers.html import page_text
from corpora.readers.markup import LINE, PARAGRAPH, parse_piece, words
from corpora.readers.record import Head, Record, Rejection, read_whole
from corpora.readers.webpage import host

BEFORE = re.compile(r"\s+|<\?[^>]*>")
ROOT = re.compile(r"<(?:[\w.-]{1,20}:)?(rss|rdf|feed|channel)\b", re.IGNORECASE)
NAMESPACES = ("http://www.w3.org/2005/Atom", "http://purl.org/atom/", "http://purl.org/rss/1.0/", "my.netscape.com/rdf")
ITEM = re.compile(r"<(/?)(?:[\w.-]{1,20}:)?(?:item|entry)[\s>]", re.IGNORECASE)
# Feeds write "&nbsp;" and "AT&T" as if they were HTML; XML knows five names alone.
AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d{1,7}|#x[0-9a-f]{1,6});)(?:[a-z]{2,8}\d?;)?", re.IGNORECASE)
# A feed has some hundred items. Broken XML takes half a minute where it has so many tags.
MOST_ITEMS, MOST_TAGS = 50_000, 500_000
DECLARED = re.compile(r"^\s*<\?xml[^>]*\?>")
# "BBC News - RSS", "RSS Feed: World": words that say what the file is, not whose it is.
KIND = re.compile(
    r"\s*[-–—|:(]?\s*\b(?:rss|atom)(?:[ -]?feed)?s?\b\)?\s*$|^(?:rss|atom)(?:[ -]?feed)?\s*[-–—|:]\s*", re.IGNORECASE
)
# Teasers seldom reach a hundred words; some sites put whole articles where others put the teaser.
TEASER_WORDS = 150
CUT = re.compile(
    r"(?:\[\s?(?:…|\.\.\.)\s?\]|\b(?:read more|continue reading|read full article)\W{0,5})$", re.IGNORECASE
)
APPEARED = re.compile(r"^The post .{1,400} (?:appeared first|first appeared) on .{1,200}$")
UNREAD = ("script", "style", "noscript", "template", "iframe", "svg", "form", "button", "figcaption")
# A single break parts lines of one paragraph, two of them paragraphs; `parse_piece` marks each on both sides.
BETWEEN = re.compile(f"{PARAGRAPH}|(?:{LINE}[ \\t\\r\\n\\xa0]*){{3,}}")


def recognises(head: Head) -> bool:
    """The first element is that of a feed, below whatever an XML file may have above it."""
    place, text = 0, head.text
    while True:
        if found := BEFORE.match(text, place):
            place = found.end()
        elif text.startswith("<!--", place) and (end := text.find("-->", place + 4)) > 0:
            place = end + 3
        elif text[place : place + 9].lower() == "<!doctype":
            inner = text.find("[", place, (text.find(">", place) + 1) or None)
            end = text.find("]>" if inner > 0 else ">", place)
            if end < 0:
                return False
            place = end + (2 if inner > 0 else 1)
        else:
            break
    root = ROOT.match(text, place)
    return bool(root) and (root[1].lower() == "rss" or any(name in text for name in NAMESPACES))  # type: ignore[index]


def read(stream: BinaryIO, name: str) -> Iterator[Record | Rejection]:
    """Yield one record for each item: an article where the feed holds its text, coverage where it holds a teaser."""
    data = read_whole(stream)
    if data is None:
        yield Rejection("file", "feed is longer than 20 million bytes")
        return
    text = DECLARED.sub("", page_text(data).replace("\0", ""), count=1)
    if "<!entity" in text.lower():
        yield Rejection("file", "feed declares XML entities, which can grow without limit; it is not read")
        return
    # A download that broke off leaves an item without its end, and perhaps half of its text.
    tags = [found[1] for found in ITEM.finditer(text)]
    cut = bool(tags) and tags[-1] == ""
    if tags.count("") > MOST_ITEMS or text.count("<") > MOST_TAGS:
        yield Rejection("file", f"feed has more than {MOST_ITEMS:,} items, or than {MOST_TAGS:,} tags")
        return
    try:
        feed = _parse(text)
        items = list(feed.entries)
    except Exception as error:  # the parser of a foreign library, on foreign text: whatever it raises is a rejection
        yield Rejection("file", f"feed cannot be parsed: {type(error).__name__}")
        return
    outlet = _feed_name(feed.feed)
    for number, item in enumerate(items, 1):
        if cut and number == len(items):
            yield Rejection(f"item {number}", "feed ends within this item")
            return
        try:
            yield _record(item, outlet, f"item {number}")
        except Exception as error:  # markup inside an item is foreign text as well
            yield Rejection(f"item {number}", f"item cannot be parsed: {type(error).__name__}")
    if not items:
        yield Rejection("file", "feed holds no items")


def _parse(text: str) -> Any:
    """The feed, mended by lxml first: feedparser's own way with broken XML can take hours for a file made to do so."""
    import feedparser
    from lxml import etree

    first, *sections = text.split("<![CDATA[")
    pieces = [AMPERSAND.sub(_ampersand, first)]
    for section in sections:
        inside, end, after = section.partition("]]>")
        pieces += ["<![CDATA[", inside, end, AMPERSAND.sub(_ampersand, after)]
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, encoding="utf-8"
    )
    root = etree.fromstring("".join(pieces).encode("utf-8", "replace"), parser)
    if root is None:
        return feedparser.FeedParserDict(feed={}, entries=[])
    mended = etree.tostring(root, encoding="utf-8", xml_declaration=True)
    # From bytes, not from an address: nothing is fetched.
    return feedparser.parse(io.BytesIO(mended), response_headers={"content-type": "application/xml; charset=utf-8"})


def _ampersand(found: re.Match[str]) -> str:
    """The character that HTML means, where it knows one; else the ampersand itself."""
    meant = unescape(found[0])
    return "&amp;" + found[0][1:] if meant == found[0] else meant


def _record(item: Mapping[str, Any], outlet: str, place: str) -> Record:
    title, _ = text_of(item.get("title") or "")
    summary, captions = text_of(item.get("summary") or "")
    full = max((part.get("value") or "" for part in item.get("content") or ()), key=len, default="")
    content, pictures = text_of(full)
    body, captions = (content, pictures) if content else (summary, captions)
    teaser = bool(CUT.search(body)) or (not content and len(body.split()) < TEASER_WORDS)
    published = item.get("published") or item.get("updated") or item.get("created") or ""
    title, source = " ".join(title.split()), _feed_name(item.get("source") or {})
    if source:  # Google News writes the outlet behind each title
        title = title.removesuffix(f" - {source}")
    tags = dict.fromkeys(tag.get("term") or "" for tag in item.get("tags") or ())
    known = {
        "outlet": source or outlet,
        "published": iso_date(published),
        "title": title,
        "body": "" if teaser else "\n\n".join(p for p in body.split("\n\n") if not APPEARED.match(p)),
        "byline": ", ".join(filter(None, (a.get("name") for a in item.get("authors") or ())))
        or item.get("author")
        or "",
        "url": item.get("link") or "",
        "tags": ", ".join(tag for tag in tags if tag),
        "captions": "\n".join(captions),
        "furniture": " ".join(body.split()) if teaser else "",
    }
    raw = {"id": item.get("id") or "", "link": known["url"], "title": item.get("title") or "", "published": published}
    raw |= {"summary": item.get("summary") or "", "content": full}
    return Record(raw, place, known, coverage=teaser)


def text_of(html: str) -> tuple[str, list[str]]:
    """Text of markup, its paragraphs parted by an empty line, and the texts under its pictures.

    >>> text_of("<p>They <b>met</b>.</p><p>They parted.</p>")
    ('They met.\\n\\nThey parted.', [])
    """
    if "<" not in html and "&" not in html:
        blocks = re.split(r"\n\s*\n", html)
        return "\n\n".join(filter(None, (" ".join(block.split()) for block in blocks))), []
    from lxml import etree

    root = parse_piece(html)
    if root is None:
        return "", []
    captions = [words(element) for element in root.iter("figcaption")]
    etree.strip_elements(root, *UNREAD, with_tail=False)
    blocks = BETWEEN.split("".join(root.itertext()))
    return "\n\n".join(filter(None, (" ".join(block.split()) for block in blocks))), [c for c in captions if c]


def iso_date(printed: str) -> str:
    """A date of a feed in ISO form with time and zone; as printed where it is in none of a feed's own forms.

    >>> iso_date("Tue, 03 May 2016 10:00:00 -0400"), iso_date("2016-05-03T10:00:00Z")
    ('2016-05-03T10:00:00-04:00', '2016-05-03T10:00:00Z')
    """
    printed = " ".join(printed.split())
    if re.match(r"\d{4}-", printed):
        return printed
    try:
        return parsedate_to_datetime(printed).isoformat()
    except (TypeError, ValueError, OverflowError, IndexError):
        return printed


def _feed_name(feed: Mapping[str, Any]) -> str:
    """Name of a feed as an outlet: its title without the words that say it is a feed; else its host."""
    title = " ".join(text_of(feed.get("title") or "")[0].split())
    return KIND.sub("", title).strip() or host(feed.get("link") or feed.get("href") or "")
