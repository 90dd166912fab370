"""Query: a small language that says which articles a selection keeps; docs/queries.md describes it to its users."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NoReturn

from corpora.article import Article
from corpora.errors import InputError
from corpora.terms import FIELDS, All, Node, Not, Some, Term, Texts, fields_of, folded, joined

# Nobody writes by hand what is longer or deeper; Python's own limit of recursion lies far above.
LONGEST = 5000
DEEPEST = 50
ALLOWED = 'words, word*, "phrases", AND, OR, NOT, -, parentheses, and the fields title: body: url: byline: tag:'
TOKEN = re.compile(
    r"""(?P<space>\s+)
    | (?P<open>\() | (?P<close>\))
    | (?P<phrase>["“”„][^"“”„]*(?:["“”„]|$))
    | (?P<operator>(?:AND|OR|NOT)(?![^\s()"“”„]))
    | (?P<minus>[-−–](?=[^\s)]))
    | (?P<field>[^\W\d_]+:(?!//))
    | (?P<word>[^\s()"“”„]+)""",
    re.VERBOSE,
)
WORD = re.compile(r"\w+\*?")
# What other search languages give a meaning, and this one does not: a silent reading would be another one than meant.
FOREIGN = re.compile(r"[|&!^~?\[\]{}]")


@dataclass(frozen=True)
class Query:
    """A query that was understood. `str` gives its normal form, which `parse` reads as the same query.

    >>> str(parse('title:(Summit OR talks) -"trade war"'))
    '(title:summit OR title:talks) AND NOT "trade war"'
    """

    root: Node

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """Columns of the articles table that it reads, sorted."""
        return tuple(sorted({column for field in fields_of(self.root) for column in FIELDS[field]}))

    def matches(self, article: Article) -> bool:
        """Whether an article is one of those that the query asks for.

        >>> parse("putin AND NOT summit").matches(Article("a1", outlet="The Daily", title="Putin's offer"))
        True
        """
        return self.matches_row({column: getattr(article, column) for column in self.columns})

    def matches_row(self, row: Mapping[str, Any]) -> bool:
        """The same of a row of the articles table that has at least `columns`."""
        return self.root.holds(Texts(row))

    def __and__(self, other: Query) -> Query:
        """The query that asks for what both ask for."""
        return Query(joined(All, [self.root, other.root]))

    def __str__(self) -> str:
        return self.root.written()


def parse(query: str) -> Query:
    """Read a query.

    Args:
        query: For example `sanctions AND (title:Putin OR "White House") -collusion`.

    Raises:
        InputError: It is not understood; the message says at which character, and what is allowed.

    >>> str(parse("sanction* -Mueller"))
    'sanction* AND NOT mueller'
    >>> parse("(putin")
    Traceback (most recent call last):
    corpora.errors.InputError: query '(putin', character 1: this parenthesis is not closed
    """
    if len(query) > LONGEST:
        raise InputError(f"the query has {len(query):,} characters; at most {LONGEST:,} are allowed")
    return Query(_Parser(query).whole())


class _Parser:
    """Recursive descent: or <- and <- not <- term, one method each."""

    def __init__(self, query: str) -> None:
        self.query = query
        self.tokens = [
            (match.lastgroup or "", match[0], match.start())
            for match in TOKEN.finditer(query)
            if match.lastgroup != "space"
        ]
        self.place = 0
        self.depth = 0

    def whole(self) -> Node:
        if not self.tokens:
            raise InputError(f"the query is empty; it may hold {ALLOWED}")
        node = self.either("")
        if self.place < len(self.tokens):
            self.refuse("this parenthesis closes nothing")
        return node

    def either(self, field: str) -> Node:
        parts = [self.both(field)]
        while self.accept("operator", "OR"):
            parts.append(self.both(field))
        return joined(Some, parts)

    def both(self, field: str) -> Node:
        parts = [self.negated(field)]
        while self.accept("operator", "AND") or self.peek() not in (("", ""), ("operator", "OR"), ("close", ")")):
            parts.append(self.negated(field))
        return joined(All, parts)

    def negated(self, field: str) -> Node:
        if not (self.accept("operator", "NOT") or self.accept("minus")):
            return self.term(field)
        self.deeper()
        part = self.negated(field)
        self.depth -= 1
        return part.part if isinstance(part, Not) else Not(part)

    def term(self, field: str) -> Node:
        kind, text = self.peek()
        if kind == "field":
            return self.in_field(text)
        if kind == "open":
            opened = self.place
            self.deeper()
            self.place += 1
            node = self.either(field)
            if not self.accept("close"):
                self.place = opened
                self.refuse("this parenthesis is not closed")
            self.depth -= 1
            return node
        if kind not in ("phrase", "word"):
            what = repr(text) if text else "the end"
            self.refuse(f"a word, a phrase or a parenthesis is missing before {what}")
        words = self.phrase(text) if kind == "phrase" else self.word(text)
        self.place += 1
        return Term(words, field)

    def in_field(self, text: str) -> Node:
        field = text[:-1].lower()
        if field not in FIELDS:
            there = ", ".join(filter(None, FIELDS))
            self.refuse(f"no field {text[:-1]!r}; there are: {there} (a colon that is meant stands in quotation marks)")
        self.place += 1
        if self.peek()[0] not in ("phrase", "word", "open"):
            self.refuse(
                f"a word, a phrase or a parenthesis must follow {text!r} (the minus stands before: -{text}word)"
            )
        return self.term(field)

    def phrase(self, text: str) -> tuple[str, ...]:
        if len(text) == 1 or text[-1] not in '"“”„':
            self.refuse("this quotation mark is not closed")
        return self.words(text[1:-1])

    def word(self, text: str) -> tuple[str, ...]:
        if text.upper() in ("AND", "OR", "NOT"):
            self.refuse(f'write {text.upper()} for the operator, or "{text}" for the word')
        if found := FOREIGN.search(text):
            self.refuse(f"{found[0]!r} has no meaning here; put what is meant in quotation marks; allowed: {ALLOWED}")
        return self.words(text)

    def words(self, text: str) -> tuple[str, ...]:
        text = folded(text)
        words = tuple(WORD.findall(text))
        if text.count("*") != sum(word.endswith("*") for word in words) or re.search(r"\*\w", text):
            self.refuse("'*' stands for the rest of a word, at its end only: sanction*")
        if not words:
            self.refuse(f"{text!r} has no letter or digit; allowed: {ALLOWED}")
        return words

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            self.refuse(f"nested more than {DEEPEST} deep")

    def peek(self) -> tuple[str, str]:
        return self.tokens[self.place][:2] if self.place < len(self.tokens) else ("", "")

    def accept(self, kind: str, text: str = "") -> bool:
        found = self.peek()
        if found[0] != kind or (text and found[1] != text):
            return False
        self.place += 1
        return True

    def refuse(self, why: str) -> NoReturn:
        at = self.tokens[self.place][2] if self.place < len(self.tokens) else len(self.query)
        shown = self.query if len(self.query) <= 60 else self.query[:57] + "..."
        raise InputError(f"query {shown!r}, character {at + 1}: {why}")
