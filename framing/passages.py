"""Passages: the sentences of an article about a country, and the windows about a pair of countries."""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from corpora.article import PARTS, Article
from framing.countries import Mention, find_mentions
from framing.persons import Persons
from framing.sentences import line_spans, paragraph_spans, sentence_spans

if TYPE_CHECKING:
    import pandas as pd

PASSAGE_VERSION = "2"


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence about a country, or one window about a pair; one row of the passages table.

    Attributes:
        passage_id: Hash of what follows, 20 hexadecimal digits.
        article_id: The article it is of.
        part: title, body or captions; `article.text(part)[start:end]` is `text`, always.
        start: First character in that part.
        end: One past the last.
        text: The sentence, or the two adjacent sentences of a window.
        target: Country code, or empty for a pair.
        pair: The pair in alphabetical order (`RUS-USA`), or empty for a target.
        target_span: Where in `text` the target is first named; for a pair its second country, where both stand nearest.
        source_span: For a pair where its first country is named; None for a target.
        mention_kind: country, demonym, capital, metonym or leader: the kind of the target's mention.
        passage_version: Version of the rules that made it.
    """

    passage_id: str
    article_id: str
    part: str
    start: int
    end: int
    text: str
    target: str
    pair: str
    target_span: tuple[int, int]
    source_span: tuple[int, int] | None
    mention_kind: str
    passage_version: str = PASSAGE_VERSION


def names_both(article: Article, dyad: tuple[str, str]) -> bool:
    """Whether an article names both countries somewhere in its title or body.

    >>> names_both(Article("a1", outlet="The Daily", title="Putin calls Paris"), ("FRA", "RUS"))
    True
    """
    found: set[str] = set()
    for part in ("title", "body"):
        found |= {mention.country for mention in find_mentions(article.text(part), article.published)}
    return found >= set(dyad)


def part_mentions(article: Article) -> dict[str, list[Mention]]:
    """Mentions of countries in each part of an article; who is named in full in the body is known in all parts.

    >>> part_mentions(Article("a", outlet="The Daily", title="Moscow waits"))["title"][0].country
    'RUS'
    """
    persons = Persons()
    found = {"body": find_mentions(article.body, article.published, persons)}
    for part in PARTS:
        if part != "body" and article.text(part):
            found[part] = find_mentions(article.text(part), article.published, persons)
    return found


def passages(
    article: Article, dyad: tuple[str, str], mentions: Mapping[str, Sequence[Mention]] | None = None
) -> list[Passage]:
    """All passages of an article about either country of a dyad and about the pair.

    A sentence that names a target several times makes one passage. A window about the pair is one sentence
    that names both, or two adjacent sentences of one paragraph that do so together; windows do not overlap.

    Args:
        article: The article.
        dyad: The two countries.
        mentions: What `part_mentions` found in it; found where not given.

    >>> article = Article("a", "The Daily", title="Russia waits", body="Moscow is ready. Washington is not.")
    >>> [(p.part, p.target or p.pair, p.text) for p in passages(article, ("RUS", "USA"))][1:3]
    [('body', 'RUS', 'Moscow is ready.'), ('body', 'USA', 'Washington is not.')]
    """
    every = part_mentions(article) if mentions is None else mentions
    found: list[Passage] = []
    for part in PARTS:
        if text := article.text(part):
            of_dyad = [mention for mention in every.get(part, ()) if mention.country in dyad]
            found += _of_part(article, part, text, of_dyad, dyad)
    return found


def _of_part(
    article: Article, part: str, text: str, mentions: list[Mention], dyad: tuple[str, str]
) -> Iterator[Passage]:
    starts = [mention.start for mention in mentions]
    for first, last in line_spans(text) if part == "captions" else paragraph_spans(text):
        inside = mentions[bisect_left(starts, first) : bisect_left(starts, last)]
        if not inside:
            continue
        sentences = [(first, last)] if part == "title" else sentence_spans(text, first, last)
        named = [[m for m in inside if start <= m.start < end] for start, end in sentences]
        for span, here in zip(sentences, named, strict=True):
            for country in dyad:
                if own := [m for m in here if m.country == country]:
                    yield _target_passage(article, part, span, own[0])
        for span, here in _windows(sentences, named, dyad):
            yield _pair_passage(article, part, span, here, dyad)


def _windows(
    sentences: Sequence[tuple[int, int]], named: Sequence[list[Mention]], dyad: tuple[str, str]
) -> Iterator[tuple[tuple[int, int], list[Mention]]]:
    both = [all(any(m.country == country for m in here) for country in dyad) for here in named]
    number = 0
    while number < len(sentences):
        following = number + 1
        if both[number]:
            yield sentences[number], named[number]
        elif following < len(sentences) and not both[following] and named[number] and named[following]:
            together = [*named[number], *named[following]]
            if len({m.country for m in together}) == len(dyad):
                yield (sentences[number][0], sentences[following][1]), together
                number += 1
        number += 1


def _target_passage(article: Article, part: str, span: tuple[int, int], mention: Mention) -> Passage:
    start, end = span
    # A mention that a wrong sentence end cuts in two keeps the part that lies in its sentence.
    last = min(mention.end, end)
    return _passage(article, part, span, mention.country, "", (mention.start - start, last - start), None, mention.kind)


def _pair_passage(
    article: Article, part: str, span: tuple[int, int], mentions: list[Mention], dyad: tuple[str, str]
) -> Passage:
    start, end = span
    firsts = [m for m in mentions if m.country == dyad[0]]
    seconds = [m for m in mentions if m.country == dyad[1]]
    first, second = min(
        ((a, b) for a in firsts for b in seconds),
        key=lambda ab: (abs(ab[0].start - ab[1].start), ab[0].start),
    )
    spans = [(m.start - start, min(m.end, end) - start) for m in (second, first)]
    return _passage(article, part, span, "", "-".join(dyad), spans[0], spans[1], second.kind)


def _passage(
    article: Article,
    part: str,
    span: tuple[int, int],
    target: str,
    pair: str,
    target_span: tuple[int, int],
    source_span: tuple[int, int] | None,
    kind: str,
) -> Passage:
    start, end = span
    key = f"{article.article_id}|{part}|{start}|{end}|{target or pair}"
    return Passage(
        passage_id=hashlib.sha256(key.encode()).hexdigest()[:20],
        article_id=article.article_id,
        part=part,
        start=start,
        end=end,
        text=article.text(part)[start:end],
        target=target,
        pair=pair,
        target_span=target_span,
        source_span=source_span,
        mention_kind=kind,
    )


def passage_frame(rows: Sequence[Passage]) -> pd.DataFrame:
    """The passages table as a data frame, columns as `Passage` explains them, also when there are none."""
    import pandas as pd

    names = [field.name for field in fields(Passage)]
    return pd.DataFrame(
        {
            name: pd.Series([getattr(row, name) for row in rows], dtype=object if name not in ("start", "end") else int)
            for name in names
        }
    )


def passages_schema() -> Any:
    """Arrow schema of the passages table."""
    import pyarrow as pa

    kinds = {
        "start": pa.int32(),
        "end": pa.int32(),
        "target_span": pa.list_(pa.int32()),
        "source_span": pa.list_(pa.int32()),
    }
    return pa.schema([(f.name, kinds.get(f.name, pa.string())) for f in fields(Passage)])
