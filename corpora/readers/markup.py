"""Pieces of pages: parsed safely, with their paragraphs and lines as they are shown."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

# Elements that a browser sets into lines of their own.
BLOCKS = (
    "address", "article", "aside", "blockquote", "dd", "div", "dl", "dt", "figcaption", "figure", "footer", "h1", "h2",
    "h3", "h4", "h5", "h6", "header", "li", "ol", "p", "pre", "section", "table", "td", "th", "tr", "ul",
)  # fmt: skip
# Unicode's own marks, which no page uses: source code may be wrapped anywhere, so its line breaks say nothing.
PARAGRAPH, LINE = "\u2029", "\u2028"
# What a page may hold, raw or as a reference ("&#1;"), and no text that is put into the tree.
NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def parse_piece(text: str) -> _Element | None:
    """The root of a piece of a page, with its blocks and line breaks marked; None where nothing can be parsed.

    Nothing outside the text is read, no entity of its own is expanded, and what is broken is mended or left out.

    >>> root = parse_piece("<p>They<b> met</b>.<br>Then<p>They parted")
    >>> words(root), paragraphs(root), lines(root)
    ('They met. Then They parted', ['They met. Then', 'They parted'], ['They met.', 'Then', 'They parted'])
    """
    from lxml import etree

    parser = etree.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(f"<html><body>{text}</body></html>", parser)
    except (etree.LxmlError, ValueError):
        return None
    if root is not None:
        etree.strip_elements(root, "script", "style", with_tail=False)
        for element in root.iter(*BLOCKS, "br"):
            mark = LINE if element.tag == "br" else PARAGRAPH
            element.text = mark + NOT_XML.sub("", element.text or "")
            element.tail = mark + NOT_XML.sub("", element.tail or "")
    return root


def words(element: _Element) -> str:
    """Text of an element as one line."""
    return " ".join("".join(element.itertext()).split())


def paragraphs(element: _Element) -> list[str]:
    """Text of an element, a line for each block in it."""
    return _parts(element, PARAGRAPH)


def lines(element: _Element) -> list[str]:
    """Text of an element, with its line breaks."""
    return _parts(element, f"[{PARAGRAPH}{LINE}]")


def marks(element: _Element) -> str:
    """Classes and id of an element, parted by blanks."""
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def marked(root: _Element, mark: str) -> list[_Element]:
    """Elements whose classes or id hold some letters.

    >>> [words(element) for element in marked(parse_piece('<b class="DocHeader x">1</b><i>2</i>'), "DocHeader")]
    ['1']
    """
    return [element for element in root.iter() if mark in marks(element)]


def _parts(element: _Element, mark: str) -> list[str]:
    return [" ".join(part.split()) for part in re.split(mark, "".join(element.itertext())) if part.strip()]
