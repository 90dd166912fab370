"""Masking: a passage cut into plain text and named parties, so that a country's name cannot sway what is read.

An encoder that sees "Russia" has opinions of its own about Russia. It is therefore shown a role in the name's place:
the target, the source, another country. Who is meant is decided before (`framing.countries`), what is said of it after.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from framing.countries import Mention, find_mentions

# A role and the token that stands for it; the tokens have no meaning of their own in the vocabularies of BERT.
ROLES = ("target", "source", "other")

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a passage.

    Attributes:
        text: The characters.
        role: target, source or other for a party; empty for plain text.
        masked: Whether the encoder sees the role in place of the characters.
    """

    text: str
    role: str = ""
    masked: bool = False


def pieces(
    text: str, target: Span | None, source: Span | None = None, *, mask: bool | None = None, directed: bool = True
) -> list[Piece]:
    """A passage as pieces; joined, their texts are the passage.

    Every mention of a country is masked, the target's and the source's other mentions with their own role. A party
    that is no country (a person, say) keeps its name unless `mask` says otherwise.

    Args:
        text: The passage.
        target: Where the target is named; None where it is not told: then countries that the text names stand in, and
            where it names none all of the text does.
        source: Where the source is named, or None.
        mask: Whether to mask the two parties; None masks those that are countries, False leaves leaders their names.
        directed: Whether source and target differ in role; if not, both are targets.

    >>> [(p.text, p.role) for p in pieces("Moscow hails Iran; Russia waits.", (0, 6))]
    [('Moscow', 'target'), (' hails ', ''), ('Iran', 'other'), ('; ', ''), ('Russia', 'target'), (' waits.', '')]
    """
    mentions = list(_mentions(text))
    if mask is False:
        mentions = [mention for mention in mentions if mention.kind != "leader"]
    roles: dict[str, str] = {}
    parties: list[tuple[Span, str]] = [] if target is None else [(target, "target")]
    if source is not None:
        parties.append((source, "source" if directed else "target"))
    if target is None:
        parties += _stand_ins(mentions, source)
    known: dict[Span, bool] = {}
    for span, role in parties:
        country = next((m.country for m in mentions if m.start < span[1] and m.end > span[0]), None)
        known[span] = country is not None
        if country is not None:
            roles.setdefault(country, role)
    marked = [(span, role, known[span] if mask is None else mask) for span, role in parties]
    for mention in mentions:
        if all(mention.end <= span[0] or mention.start >= span[1] for span, _ in parties):
            marked.append(((mention.start, mention.end), roles.get(mention.country, "other"), True))
    nouns = {mention.start for mention in mentions if mention.kind in ("country", "metonym")}
    return _cut(
        text, sorted(((_with_article(text, a, masked and a in nouns), b), r, masked) for (a, b), r, masked in marked)
    )


@lru_cache(maxsize=1)
def _mentions(text: str) -> tuple[Mention, ...]:
    """Mentions of a passage; kept, since whether its target is a person is asked right before it is cut."""
    # A name that labels an affair ("the Russia probe") is no mention, and is masked all the same: it is a name.
    return tuple(find_mentions(text, labels=True))


def is_person(text: str, target: Span, *, leaders: bool = False) -> bool:
    """Whether a target is no country: a person, or an organisation.

    Args:
        text: The passage.
        target: Where the target is named.
        leaders: Whether a leader is a person too. In a passage that was chosen for a country he stands for it; in a
            gold file, which names only the span, he is himself.

    >>> is_person("Putin met Merkel in Moscow.", (0, 5)), is_person("Putin met Merkel in Moscow.", (0, 5), leaders=True)
    (False, True)
    """
    mentions = (m for m in _mentions(text) if m.start < target[1] and m.end > target[0])
    return all(leaders and mention.kind == "leader" for mention in mentions)


def _stand_ins(mentions: Sequence[Mention], source: Span | None) -> list[tuple[Span, str]]:
    """The first mentions of countries that may stand for parties that were not told: two, or one beside the source."""
    taken = {m.country for m in mentions if source and m.start < source[1] and m.end > source[0]}
    first: dict[str, Span] = {}
    for mention in mentions:
        if mention.country not in taken:
            first.setdefault(mention.country, (mention.start, mention.end))
    return [(span, "target") for span in list(first.values())[: 1 if source else 2]]


def _with_article(text: str, start: int, noun: bool) -> int:
    """Where a name starts with its article: "the United States" and "Russia" are both one name."""
    return start - 4 if noun and text[max(0, start - 4) : start] in ("the ", "The ") else start


def _cut(text: str, marked: Sequence[tuple[Span, str, bool]]) -> list[Piece]:
    cut: list[Piece] = []
    end = 0
    for (start, stop), role, masked in marked:
        start = max(start, end)  # parties may overlap in a gold file; the first keeps its characters
        if start >= stop:
            continue
        if start > end:
            cut.append(Piece(text[end:start]))
        cut.append(Piece(text[start:stop], role, masked))
        end = stop
    if end < len(text):
        cut.append(Piece(text[end:]))
    return cut
