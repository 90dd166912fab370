"""Unlabelled passages of real articles, for a teacher to label: countries and persons as targets.

Left out is every article that holds a coded passage and every sentence that occurs in a gold file.
"""

from __future__ import annotations

import json
import random
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpora.corpus import open_corpus
from corpora.ingest import ingest
from framing.countries import Mention, find_mentions
from framing.gazetteer import load_gazetteer
from framing.sentences import paragraph_spans, sentence_spans

NAME = re.compile(r"\b([A-Z][a-z]+) (?:[A-Z]\. )?([A-Z][a-z]+(?:-[A-Z][a-z]+)?)\b")
# Characters of a sentence that is worth a teacher's time: no fragments, no lists.
SHORTEST, LONGEST = 40, 400


@dataclass(frozen=True, slots=True)
class Unit:
    """A passage and its target, a country or a person.

    Attributes:
        text: The sentence.
        target: Where the target is named.
        source: Where another country is named, for a pair; else None.
        kind: country, person or pair.
    """

    text: str
    target: tuple[int, int]
    source: tuple[int, int] | None
    kind: str


def draw(files: list[Path], gold: list[Path], coded: set[str], wanted: dict[str, int], seed: int = 1) -> list[Unit]:
    """Units of the files, at most one of a kind from a sentence, in a seeded random order.

    Args:
        files: Article files, in any format that `framing ingest` reads.
        gold: Gold files whose sentences are left out.
        coded: Ids of articles that are left out whole.
        wanted: Kind to the number of units.
        seed: Seed of the draw.
    """
    known = {plain(text) for path in gold for text in _texts(path)}
    with tempfile.TemporaryDirectory() as folder:
        ingest(files, Path(folder) / "corpus", marks=False)
        articles = sorted(open_corpus(Path(folder) / "corpus").articles(), key=lambda a: a.article_id)
    rng = random.Random(seed)
    sentences = [
        (article, start, end)
        for article in articles
        if article.article_id not in coded
        for start, end in _sentences(article.body)
        if plain(article.body[start:end]) not in known
    ]
    rng.shuffle(sentences)
    names: dict[str, set[str]] = {}
    found: dict[str, list[Unit]] = {kind: [] for kind in wanted}
    seen: set[str] = set()
    for article, start, end in sentences:
        text = article.body[start:end]
        if plain(text) in seen:
            continue
        seen.add(plain(text))
        if article.article_id not in names:
            names[article.article_id] = surnames(article.body)
        for unit in units(text, article.published, names[article.article_id], rng):
            if len(found.get(unit.kind, [])) < wanted.get(unit.kind, 0):
                found[unit.kind].append(unit)
        if all(len(found[kind]) >= n for kind, n in wanted.items()):
            break
    return [unit for kind in sorted(found) for unit in found[kind]]


def plain(text: str) -> str:
    """A sentence by its letters and digits alone, to compare it with others."""
    return "".join(c for c in text.lower() if c.isalnum())


def surnames(body: str) -> set[str]:
    """Surnames of the persons named in full, by a given name that is known."""
    given = load_gazetteer().given_names
    return {match[2] for match in NAME.finditer(body) if match[1] in given}


def _texts(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            yield json.loads(line)["text"]


def _sentences(body: str) -> Iterator[tuple[int, int]]:
    for first, last in paragraph_spans(body):
        for start, end in sentence_spans(body, first, last):
            if SHORTEST <= end - start <= LONGEST:
                yield start, end


def units(text: str, published: Any, names: set[str], rng: random.Random) -> list[Unit]:
    """What a sentence may serve for: a country, a person, and a pair of such.

    Args:
        text: The sentence.
        published: The day, for who led a country then; or None.
        names: Surnames of persons.
        rng: Draws one of several.
    """
    mentions = find_mentions(text, published)
    found: list[Unit] = []
    first: dict[str, Mention] = {}
    for mention in mentions:
        first.setdefault(mention.country, mention)
    if first:
        chosen = first[rng.choice(sorted(first))]
        found.append(Unit(text, (chosen.start, chosen.end), None, "country"))
    taken = [(m.start, m.end) for m in mentions if m.kind != "leader"]
    persons = [m.span() for m in re.finditer(r"\b[A-Z][a-z]+(?:-[A-Z][a-z]+)?\b", text) if m[0] in names]
    persons = [span for span in persons if all(span[1] <= a or span[0] >= b for a, b in taken)]
    if persons:
        found.append(Unit(text, rng.choice(persons), None, "person"))
    parties = {text[a:b]: (a, b) for a, b in reversed(persons)}
    leading = {m.country: (m.start, m.end) for m in mentions if m.kind == "leader"}
    parties |= {m.country: (m.start, m.end) for c, m in first.items() if c not in leading}
    if len(parties) > 1:
        one, two = (parties[name] for name in sorted(rng.sample(sorted(parties), 2)))
        found.append(Unit(text, two, one, "pair"))
    return found
