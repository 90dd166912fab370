"""Voice: in whose words a passage is, the outlet's own or somebody's whom it quotes or reports; the voices table."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any

from corpora.article import PARTS, Article
from framing.attribution import Attribution, Span, find_attributions
from framing.attribution.quotation import quoted_stretches
from framing.countries import Mention
from framing.passages import Passage, part_mentions
from framing.speakers import Speaker, resolve

if TYPE_CHECKING:
    import pandas as pd

VOICE_VERSION = "1"
VOICES = ("own", "direct", "indirect")
# Columns of the joined scores that tell the voice of a passage; `role` and `country` of the table are the speaker's.
VOICE_COLUMNS = ("voice", "speaker", "speaker_role", "speaker_country")
# "I" and "we" outside quotation marks are the author, and so the outlet.
PERSONS = frozenset({"he", "she", "they"})
# A source of whom nothing is known may say something, where it is no more than a name or "the statement".
SOMEBODY = re.compile(r"(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Tt]heir) \w+|(?!I\b|We\b)[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)?")
# What somebody wants or feels is told in the outlet's own words, unless it is quoted.
SPOKEN = frozenset({"say", "according", "think", "speak", "quote"})
BETWEEN_PARTS = "\n\n"


@dataclass(frozen=True, slots=True)
class Voice:
    """In whose words a passage is; one row of the voices table.

    Attributes:
        passage_id: The passage.
        voice: own, direct (its target stands between quotation marks, in words of somebody), or indirect (in words that
            the outlet reports of somebody).
        speaker: Who speaks, by the fullest name or description that the article gives; empty for own words, and where
            the article does not say.
        role: One of `framing.roles.ROLES`, or empty.
        country: The country that the speaker speaks for, or empty.
        version: Version of the rules.
    """

    passage_id: str
    voice: str
    speaker: str = ""
    role: str = ""
    country: str = ""
    version: str = VOICE_VERSION


def voices(
    article: Article, passages: Sequence[Passage], mentions: Mapping[str, Sequence[Mention]] | None = None
) -> list[Voice]:
    """In whose words each passage of an article is, in their order.

    A passage about a target is in the voice in which the target is named; one about a pair is in somebody's voice
    where he speaks of both. The speaker himself is no mention of his country here: "Putin said Russia waits" is in
    Putin's voice, "Putin met Obama, an aide said" in the aide's, "Putin met Obama" in the outlet's.

    Args:
        article: The article; titles, body and captions are read together, so that a name in one is known in all.
        passages: Its passages, as `framing.passages.passages` gives them.
        mentions: What `part_mentions` found in it; found where not given.

    >>> from framing.passages import passages
    >>> article = Article("a", "The Daily", body="Russia waits. “America is weak,” Putin said, and Russia left.")
    >>> for p, v in zip(found := passages(article, ("RUS", "USA")), voices(article, found)):
    ...     print((p.target or p.pair, v.voice, v.speaker, v.role, v.country))
    ('RUS', 'own', '', '', '')
    ('RUS', 'own', '', '', '')
    ('USA', 'direct', 'Putin', 'head-of-state', 'RUS')
    ('RUS-USA', 'own', '', '', '')
    """
    if not passages:
        return []
    read = _Read(article, mentions if mentions is not None else part_mentions(article))
    return [read.voice(passage) for passage in passages]


class _Read:
    """An article's parts as one text, with what is attributed in it to whom."""

    def __init__(self, article: Article, mentions: Mapping[str, Sequence[Mention]]) -> None:
        self.offsets: dict[str, int] = {}
        self.known: list[Mention] = []
        text = ""
        for part in PARTS:
            if not article.text(part):
                continue
            text += BETWEEN_PARTS if text else ""
            at = self.offsets[part] = len(text)
            text += article.text(part)
            self.known += [Mention(m.start + at, m.end + at, m.country, m.kind) for m in mentions.get(part, ())]
        self.starts = [mention.start for mention in self.known]
        self.quotes = [(quote.start, quote.end) for quote in quoted_stretches(text)]
        found = find_attributions(text)
        told = zip(found, resolve(text, found, self.known, article.published), strict=True)
        self.sources = [span for one in found for span in one.source]
        # Contents in which somebody speaks, the shortest first: of those that hold a place the innermost counts.
        spoken = [(one.content, speaker) for one, speaker in told if self._speaks(text, one, speaker)]
        self.spoken = sorted(spoken, key=lambda pair: (sum(end - start for start, end in pair[0]), pair[0]))
        self.reach = [(content[0][0], content[-1][1]) for content, _ in self.spoken]

    def _speaks(self, text: str, one: Attribution, speaker: Speaker) -> bool:
        """Whether somebody speaks: it is quoted, or said or held by a person or a body, and not by a thing."""
        if one.kind != "indirect":
            return True
        source = text[one.source[0][0] : one.source[0][1]] if one.source else ""
        somebody = bool(speaker.by) or source.lower() in PERSONS
        return (somebody and one.act in SPOKEN) or (
            one.act in ("say", "according") and bool(SOMEBODY.fullmatch(source))
        )

    def voice(self, passage: Passage) -> Voice:
        """The voice of a passage: of the innermost content that holds all that it names."""
        named = [self._named(passage, country) for country in (passage.target or passage.pair).split("-")]
        first, last = min(named)[0], max(end for _, end in named)
        for (start, end), (content, speaker) in zip(self.reach, self.spoken, strict=True):
            if start <= first and last <= end and _within(named, content):
                voice = "direct" if _within(named, self.quotes) else "indirect"
                return Voice(passage.passage_id, voice, speaker.name, speaker.role, speaker.country)
        return Voice(passage.passage_id, "own")

    def _named(self, passage: Passage, country: str) -> Span:
        """Where a passage names a country, a speaker left out: in "Putin said Russia waits" it is at "Russia"."""
        start = self.offsets[passage.part] + passage.start
        first = bisect_left(self.starts, start)
        last = bisect_left(self.starts, start + len(passage.text))
        places = [(m.start, m.end) for m in self.known[first:last] if m.country == country]
        if not places:
            spans = [passage.target_span, passage.source_span or passage.target_span]
            span = spans[country == passage.pair.split("-")[0] and passage.source_span is not None]
            return start + span[0], start + span[1]
        return next((place for place in places if not _within([place], self.sources)), places[0])


def _within(named: Sequence[Span], stretches: Sequence[Span]) -> bool:
    """Whether each place lies in one of the stretches."""
    return all(any(start <= a and b <= end for start, end in stretches) for a, b in named)


def voice_frame(rows: Sequence[Voice]) -> pd.DataFrame:
    """The voices table as a data frame, columns as `Voice` explains them, also when there are none."""
    import pandas as pd

    names = [field.name for field in fields(Voice)]
    return pd.DataFrame({name: pd.Series([getattr(row, name) for row in rows], dtype=object) for name in names})


def with_voices(passages: pd.DataFrame, rows: Sequence[Voice]) -> pd.DataFrame:
    """The passages table with `VOICE_COLUMNS`, from the voices of the same passages in the same order."""
    facts = zip(*((row.voice, row.speaker, row.role, row.country) for row in rows), strict=True) if rows else [()] * 4
    import pandas as pd

    columns = {
        name: pd.Series(list(values), index=passages.index, dtype=object)
        for name, values in zip(VOICE_COLUMNS, facts, strict=True)
    }
    return passages.assign(**columns)


def voices_schema() -> Any:
    """Arrow schema of the voices table."""
    import pyarrow as pa

    return pa.schema([(field.name, pa.string()) for field in fields(Voice)])
