"""Marking: a passage as coders see it, its countries within brackets, with the sentences before and after it."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpora.article import Article
from corpora.corpus import Corpus
from corpora.errors import InputError
from framing.sentences import paragraph_spans, sentence_spans

if TYPE_CHECKING:
    import pandas as pd

PASSAGES = "passages.jsonl"
# ASCII, so that a spreadsheet that saves in a narrow encoding keeps them, and no sign that any of the tools reads.
OPEN, CLOSE = "[[", "]]"
# Characters of a neighbouring sentence that are shown; 99.9 % of the sentences of news are shorter.
LONGEST_CONTEXT = 1_000


@dataclass(frozen=True)
class Shown:
    """A unit as coders see it.

    Attributes:
        unit: Its number in the sample.
        text: The passage, its countries within `[[` and `]]`, in one line.
        before: The sentence before it, or empty.
        after: The sentence after it, or empty.
        passage_sha256: sha256 of the passage as it stands in the article.
    """

    unit: str
    text: str
    before: str
    after: str
    passage_sha256: str

    @property
    def whole(self) -> str:
        """Passage and context in one text, for tools that show one."""
        lines = [self.before, f">> {self.text}", self.after]
        return "\n\n".join(line for line in lines if line)


def shown(units: pd.DataFrame, corpus: Corpus) -> list[Shown]:
    """Units with their texts, from the corpus.

    Args:
        units: One row a unit: `unit`, `article_id`, `part`, `start`, `end`, `text` (empty where a report keeps none),
            `target_span`, `source_span`, `text_sha256` of the article.
        corpus: The articles that were scored.

    Raises:
        InputError: An article is not in the corpus, or its text has changed since it was scored.
    """
    wanted = set(units["article_id"])
    articles = {article.article_id: article for article in corpus.articles() if article.article_id in wanted}
    found = []
    for row in units.to_dict("records"):
        article = articles.get(row["article_id"])
        if article is None:
            raise InputError(
                f"the corpus has no article {row['article_id']} ({row['outlet']}); name the corpus that was scored"
            )
        found.append(_shown(row, article))
    return found


def _shown(row: dict[Any, Any], article: Article) -> Shown:
    part = article.text(row["part"])
    text = part[row["start"] : row["end"]]
    if article.text_sha256 != row["text_sha256"] or (row["text"] and row["text"] != text):
        raise InputError(f"the text of article {article.article_id} has changed since it was scored; score it anew")
    before, after = neighbours(part, row["start"], row["end"])
    spans = [span for span in (row["target_span"], row["source_span"]) if span is not None]
    return Shown(row["unit"], mark(text, spans), one_line(before), one_line(after), sha256(text))


def mark(text: str, spans: Sequence[Sequence[int]]) -> str:
    """A passage in one line, each span of it within brackets.

    >>> mark("Moscow and Washington talk.", [(11, 21), (0, 6)])
    '[[Moscow]] and [[Washington]] talk.'
    """
    pieces, end = [], len(text)
    for start, stop in sorted(((int(span[0]), int(span[1])) for span in spans), reverse=True):
        if 0 <= start < stop <= end:
            pieces += [_bare(text[stop:end]), CLOSE, _bare(text[start:stop]), OPEN]
            end = start
    return one_line("".join(reversed([*pieces, _bare(text[:end])])))


def neighbours(text: str, start: int, end: int) -> tuple[str, str]:
    """The sentence before a passage and the one after it, each cut where it is longer than a sentence is.

    >>> neighbours("One came. Two left. Three stayed.", 10, 19)
    ('One came.', 'Three stayed.')
    """
    spans = [span for first, last in paragraph_spans(text) for span in sentence_spans(text, first, last)]
    before = max((span for span in spans if span[1] <= start), default=(0, 0))
    after = min((span for span in spans if span[0] >= end), default=(0, 0))
    return text[before[0] : before[1]][-LONGEST_CONTEXT:], text[after[0] : after[1]][:LONGEST_CONTEXT]


def one_line(text: str) -> str:
    """A text in one line, without what does not print, composed: what every tool gives back as it got it.

    >>> one_line("to\\x00ld  him\\n so")
    'told him so'
    """
    kept = "".join(c for c in text if c.isprintable() or c.isspace())
    return " ".join(unicodedata.normalize("NFC", kept).split())


def sha256(text: str) -> str:
    """sha256 of a text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def passages_jsonl(units: Sequence[Shown]) -> str:
    """The units as JSON Lines, in their order."""
    rows = sorted((asdict(one) for one in units), key=lambda row: str(row["unit"]))
    return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def read_shown(folder: str | Path) -> dict[str, Shown]:
    """Units of a sample's folder as coders see them, by unit.

    Raises:
        InputError: The file is missing or broken.
    """
    path = Path(folder) / PASSAGES
    try:
        return {one.unit: one for one in _lines(path)}
    except FileNotFoundError:
        raise InputError(f"{path.parent} holds no {PASSAGES}; draw the sample anew") from None
    except (OSError, ValueError, TypeError, RecursionError) as error:
        raise InputError(f"{path} is broken ({type(error).__name__}); draw the sample anew") from None


def _lines(path: Path) -> Iterator[Shown]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield Shown(**json.loads(line))


def _bare(text: str) -> str:
    """A text that holds no brackets of ours."""
    return text.replace(OPEN, "[ [").replace(CLOSE, "] ]")
