"""ProQuest's page of articles, and the body of its mails: a part an article, its fields behind bold labels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from typing import BinaryIO, NamedTuple

from corpora.readers.html import page_text
from corpora.readers.proquest import CAPTION, Document, read_citation, record_of
from corpora.readers.proquest_labels import FOOT, ORDINAL, split_label, stated
from corpora.readers.proquest_txt import LINK, LONGEST_EXPORT
from corpora.readers.record import Head, Record, Rejection, Stated, read_whole

# What begins an article: its anchor; where a mail program took that away, the part's style or the headline's class.
STARTS = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        r"<a\s[^>]{0,200}?\b(?:name|id)\s*=\s*[\"']?[^\"'>\s]{0,20}DocID_[^>]{0,200}>",
        r"<div\s[^>]{0,200}?margin-bottom:\s*20p[xt][^>]{0,200}>",
        r"<(?:h[1-6]|div|span|p)\s[^>]{0,200}?class\s*=\s*[\"'][^\"'>]{0,100}documentTitle[^>]{0,300}>",
        r"(?<=>)\s*Document \d+ of \d+\s*(?=<)",
    )
)
LABEL = re.compile(
    r"<(?:strong|b)\b[^>]{0,200}>\s*([^<>:：]{2,60})[:：](?:&nbsp;|\s){0,20}</(?:strong|b)>", re.IGNORECASE
)
MARKS = {"id", "publication", "citation", "text", "abstract", "url"}
BLOCKS = {
    "address", "article", "blockquote", "body", "br", "center", "dd", "div", "dl", "dt", "figcaption", "figure",
    "footer", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "ol", "p", "pre", "section", "table", "tbody",
    "td", "text", "th", "tr", "ul",
}  # fmt: skip
UNSEEN = {"head", "link", "meta", "noscript", "script", "style", "title"}
# Parts that newer pages mark by class instead of a label.
MARKED = {
    "Publication info": ("newspaperArticle", "titleAuthorETC", "journalArticle", "magazineArticle"),
    "Author": ("truncatedAuthor", "scholUnivAuthors"),
}
# The longest article found anywhere has 0.6 million characters.
LONGEST_ARTICLE = 2_000_000
FRAME = re.compile(r"</?(?:html|head|body)\b[^>]{0,300}>", re.IGNORECASE)
FRAGMENT = re.compile(r"/?(?:html|head|body)>", re.IGNORECASE)


class Block(NamedTuple):
    """A run of text between the page's block elements.

    Attributes:
        label: What stands in bold before a colon at its head, without the colon.
        text: The rest.
        inside: Whether it stands inside the element that holds the full text.
        styled: Whether its element has a style of its own, as every field has and no paragraph of an article.
        caption: Whether its element is marked as a caption.
    """

    label: str
    text: str
    inside: bool
    styled: bool
    caption: bool


def recognises(head: Head) -> bool:
    """A page with the anchors of ProQuest's articles, or with its name and two of its labels in bold."""
    if not head.text.startswith("<"):
        return False
    lower = head.text.lower()
    if "docid_mstar" in lower or ("docid_" in lower and "proquest" in lower):
        return True
    fields = {split_label(f"{match[1]}:")[0] for match in LABEL.finditer(head.text)} - {""}
    printed = "titleauthoretc" in lower and "documenttitle" in lower
    return "proquest" in lower and (printed or (len(fields) >= 2 and bool(fields & MARKS)))


def read(stream: BinaryIO, name: str) -> Iterator[Record | Rejection | Stated]:
    """Yield the page's articles, and how many the page says there are."""
    data = read_whole(stream, LONGEST_EXPORT)
    if data is None:
        yield Rejection("page", "page is longer than 100 million bytes")
        return
    yield from read_page(page_text(data))


def read_page(page: str) -> Iterator[Record | Rejection | Stated]:
    """Articles of a page, also where a mail brings it.

    Each part is parsed by itself, so that what is broken in one article costs none of its neighbours.
    """
    starts = next((found for pattern in STARTS if (found := [m.start() for m in pattern.finditer(page)])), [0])
    ordinals: list[str] = []
    for number, (start, end) in enumerate(zip(starts, [*starts[1:], len(page)], strict=True), 1):
        place = f"article {number}"
        part = page[start:end]
        if len(part) > LONGEST_ARTICLE:
            yield Rejection(place, "article is longer than 2 million characters")
            continue
        try:
            blocks = list(_blocks(part))
        except Exception as error:  # a foreign parser on foreign text: whatever it raises costs one article
            yield Rejection(place, f"article cannot be parsed: {type(error).__name__}")
            continue
        ordinals += [block.text for block in blocks if ORDINAL.match(block.text)]
        document = _document([block for block in blocks if not ORDINAL.match(block.text)])
        if link := LINK.search(part):
            document.fields.setdefault("url", unescape(link[0]).rstrip("\"'"))
        yield record_of(document, place)
    before = re.findall(r">\s*([^<>\d]{2,20} \d{1,7} [^<>\d]{2,4} \d{1,7})\s*<", page[: starts[0]])
    if total := stated([*before, *ordinals]):
        yield total


def _blocks(part: str) -> Iterator[Block]:
    """Blocks of one article's part of a page, in their order."""
    from lxml import etree, html

    # A full text brings a page of its own into the page, at times a broken one.
    part = FRAME.sub(" ", part.replace("\x00", ""))
    parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
    tree = html.document_fromstring(f"<html><body>{part}</body></html>".encode(), parser=parser)
    text: list[str] = []
    label = ""
    styled = False
    depth = dict.fromkeys(("unseen", "inside", "caption", "lines"), 0)

    def flush() -> Iterator[Block]:
        nonlocal text, label
        whole, text, bold, label = "".join(text), [], label, ""
        lines = whole.split("\n") if depth["lines"] else [whole]
        for line in (" ".join(line.split()) for line in lines):
            if line or bold:
                yield Block(bold, line, bool(depth["inside"]), styled, bool(depth["caption"]))
                bold = ""

    for event, element in etree.iterwalk(tree, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        names = element.get("class", "")
        forced = next((label for label, classes in MARKED.items() if any(c in names for c in classes)), "")
        step = 1 if event == "start" else -1
        if event == "end" and "indexing_fieldname" in names:
            # The page for printing has labels and values in columns.
            yield Block(" ".join("".join(text).split()).rstrip(" :"), "", False, True, False)
            text = []
        elif tag in BLOCKS or forced:
            yield from flush()
            styled = event == "start" and ("margin" in element.get("style", "") or bool(forced))
            label = forced if event == "start" else ""
        elif event == "end" and tag in ("strong", "b") and not label and not depth["inside"]:
            bold_text = " ".join("".join(text).split())
            if bold_text.endswith((":", "：")) and len(bold_text) <= 60:
                label, text = bold_text[:-1].strip(), []
        depth["unseen"] += step * (tag in UNSEEN)
        depth["inside"] += step * (tag == "text")
        depth["lines"] += step * (tag == "text" and not any(child.tag in BLOCKS for child in element.iterdescendants()))
        depth["caption"] += step * ("Illustration_content" in names or "caption" in names.lower())
        if event == "start" and tag == "a":
            if "jtitle=" in element.get("href", ""):
                text.append(f" {element.get('href')} ")
            if "sr-only" in names and element.get("title"):
                yield Block("", " ".join(element.get("title").split()), True, False, True)
        piece = element.text if event == "start" else element.tail
        if piece and not depth["unseen"]:
            text.append(piece)
    yield from flush()


def _document(blocks: list[Block]) -> Document:
    """The article that the blocks tell."""
    document = Document()
    bold = any(split_label(f"{block.label}:")[0] for block in blocks if block.label)
    current = ""
    for block in blocks:
        label, text = split_label(f"{block.label}:")[0], block.text
        if not bold and not block.inside:
            label, text = split_label(text)
        elif block.label and not label and block.styled and not block.inside:
            label = block.label.casefold()
        elif block.label and not label:
            text = f"{block.label}: {text}"
        if block.caption:
            document.captions += [CAPTION.sub("", text)] if text else []
        elif block.inside or label == "text":
            document.body = (document.body or []) + ([text] if text and not FRAGMENT.fullmatch(text) else [])
            current = "text"
        elif label:
            current = label
            if label == "citation" and (first := document.fields.get(label)) and not read_citation(first).published:
                # Pages that mark both alike have the authors before the publication.
                document.fields["author"] = document.fields.get("author") or document.fields.pop(label)
            document.fields[label] = document.fields.get(label) or text
        elif current == "text" and document.body is not None:
            if FOOT.match(text):
                break
            document.body.append(text)
        elif current == "abstract":
            document.fields["abstract"] = f"{document.fields['abstract']} {text}".strip()
        elif not document.heading and not current:
            document.heading = text
        elif document.fields.get(current) == "":
            document.fields[current] = text
    document.fields["author"] = document.fields.get("author", "").strip(" .")
    return document
