"""Terms: what a query is made of, and whether the texts of an article hold it."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

# Field of a query to the columns that it reads; the empty field is that of a term without one.
FIELDS: dict[str, tuple[str, ...]] = {
    "": ("title", "body"),
    "title": ("title",),
    "body": ("body",),
    "url": ("url",),
    "byline": ("byline",),
    "tag": ("tags",),
}
# Between the words of a phrase: spaces, hyphens and points, and no blank line, since that ends a paragraph.
GAP = r"(?:[^\w\n]|\n(?!\n))+"


def folded(text: str) -> str:
    """Text in which case and the way of writing an accent no longer tell two words apart.

    >>> folded("MÜNCHEN") == folded("Mu\\u0308nchen")
    True
    """
    text = text.casefold()
    return text if text.isascii() else unicodedata.normalize("NFC", text)


class Texts:
    """The texts of one article, each folded when it is first asked for."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self.row = row
        self.known: dict[str, str] = {}

    def text(self, field: str) -> str:
        """What a field reads, its parts separated so that no phrase goes from one into the other."""
        if field not in self.known:
            values = [self.row[column] for column in FIELDS[field]]
            parts = [part for value in values for part in ([value] if isinstance(value, str) else value or ())]
            self.known[field] = folded("\n\n".join(parts))
        return self.known[field]


@dataclass(frozen=True)
class Term:
    """A word, or words that follow one another; `word*` stands for every word that begins so."""

    words: tuple[str, ...]
    field: str = ""

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """The words as a pattern; each gap is followed by a literal, so that a search takes linear time."""
        words = [re.escape(w.removesuffix("*")) + (r"\w*" if w.endswith("*") else "") for w in self.words]
        return re.compile(r"(?<!\w)" + GAP.join(words) + r"(?!\w)")

    def holds(self, texts: Texts) -> bool:
        """Whether the field has the words."""
        text = texts.text(self.field)
        # A plain search for each word is many times as fast as the pattern, and mostly settles it.
        return all(word.removesuffix("*") in text for word in self.words) and bool(self.pattern.search(text))

    def written(self) -> str:
        """The term in the normal form."""
        plain = len(self.words) == 1 and self.words[0].upper() not in ("AND", "OR", "NOT")
        text = self.words[0] if plain else '"' + " ".join(self.words) + '"'
        return f"{self.field}:{text}" if self.field else text


@dataclass(frozen=True)
class Not:
    """What must not hold."""

    part: Node

    def holds(self, texts: Texts) -> bool:
        """Whether the part does not hold."""
        return not self.part.holds(texts)

    def written(self) -> str:
        """The negation in the normal form."""
        return "NOT " + _bracketed(self.part, (All, Some))


@dataclass(frozen=True)
class All:
    """Parts that must all hold."""

    parts: tuple[Node, ...]

    def holds(self, texts: Texts) -> bool:
        """Whether all parts hold."""
        return all(part.holds(texts) for part in self.parts)

    def written(self) -> str:
        """The conjunction in the normal form."""
        return " AND ".join(_bracketed(part, (Some,)) for part in self.parts)


@dataclass(frozen=True)
class Some:
    """Parts of which at least one must hold."""

    parts: tuple[Node, ...]

    def holds(self, texts: Texts) -> bool:
        """Whether any part holds."""
        return any(part.holds(texts) for part in self.parts)

    def written(self) -> str:
        """The disjunction in the normal form."""
        return " OR ".join(part.written() for part in self.parts)


Node = Term | Not | All | Some


def _bracketed(part: Node, looser: tuple[type, ...]) -> str:
    return f"({part.written()})" if isinstance(part, looser) else part.written()


def fields_of(node: Node) -> set[str]:
    """Fields that a node and its parts read."""
    if isinstance(node, Term):
        return {node.field}
    if isinstance(node, Not):
        return fields_of(node.part)
    return set().union(*(fields_of(part) for part in node.parts))


def joined(kind: type[All] | type[Some], parts: list[Node]) -> Node:
    """Nodes as one, those of the same kind taken apart; a single one stays what it is."""
    if len(parts) == 1:
        return parts[0]
    flat: list[Node] = []
    for part in parts:
        flat += part.parts if isinstance(part, kind) else (part,)
    return kind(tuple(flat))
