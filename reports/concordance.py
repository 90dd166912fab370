"""Keyword in context: the places where outlets use a word, with what stands around it."""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from corpora.errors import InputError
from framing.wording import PIECES, pieces, plain
from reports.terms import read_records

LETTERS = re.compile(r"[^\W\d_]+")
COLUMNS = ["outlet", "published", "article_id", "left", "keyword", "right", "start", "end"]


def contexts(
    articles: pd.DataFrame | Iterable[Mapping[str, Any]],
    word: str,
    outlet: str | None = None,
    width: int = 60,
    limit: int = 20,
    seed: int = 0,
    cut: Callable[[str], str] | None = None,
) -> pd.DataFrame:
    """Places where a word or phrase stands, as `count_terms` counts it: in any case, with or without a possessive.

    Outlets take turns, and an article has its second place only after every article of its outlet has had one; which
    article comes first is drawn. Texts are read one at a time; the places of one word are held in memory.

    Args:
        articles: `article_id`, `outlet`, `text`, and `published` where it is known.
        word: A word, or words with a space between them.
        outlet: The outlet to look at; all unless named.
        width: Characters on each side.
        limit: Places at most.
        seed: Seed of the draw.
        cut: What of a text counts, as in `count_terms`; it must blank what it leaves out and keep every character's
            place, so that the places are those of the text.

    Returns:
        One row a place: `outlet`, `published` (missing where unknown), `article_id`, `left`, `keyword`, `right`,
        `start`, `end`. `text[start:end]` is `keyword`; left and right are the text's own characters, cut anywhere.

    Raises:
        InputError: The word is none (a number, a mark, or a phrase with a mark inside), a number is too small, or `cut`
            moves characters.

    >>> rows = [{"article_id": "a", "outlet": "A", "text": "He met Russia's envoy."}]
    >>> contexts(rows, "russia", width=7)[["left", "keyword", "right", "start"]].values.tolist()
    [['He met ', "Russia's", ' envoy.', 7]]
    """
    wanted = tuple(plain(piece) for piece in pieces(word))
    if not wanted or "" in wanted:
        raise InputError(f"{word!r} is no word or phrase: letters, and spaces between words, are allowed")
    if width < 0 or limit < 1:
        raise InputError(f"width {width}, limit {limit}: at least 0 and at least 1")
    found: dict[str, list[list[dict[str, Any]]]] = defaultdict(list)
    for record in read_records(articles):
        text = record["text"]
        if not isinstance(text, str) or outlet not in (None, str(record["outlet"])):
            continue
        read = cut(text) if cut else text
        if len(read) != len(text):
            raise InputError(f"article {record['article_id']!r}: what is cut must be blanked, so that places keep")
        published = record.get("published")
        places = [
            {
                "outlet": str(record["outlet"]),
                "published": None if pd.isna(published) else published,
                "article_id": str(record["article_id"]),
                "left": text[max(0, start - width) : start],
                "keyword": text[start:end],
                "right": text[end : end + width],
                "start": start,
                "end": end,
            }
            for start, end in find_places(read, wanted)
        ]
        if places:
            found[str(record["outlet"])].append(places)
    return pd.DataFrame(_turns(found, np.random.default_rng(seed))[:limit], columns=COLUMNS)


def find_places(text: str, wanted: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    """Spans of a word or phrase, given as plain words, in a text; they do not overlap.

    >>> list(find_places("Talks on talks.", ("talks",)))
    [(0, 5), (9, 14)]
    """
    # Most texts are without its letters, and need not be taken apart; an abbreviation may have stops between them.
    letters = max(LETTERS.findall(" ".join(wanted)), key=len).lower()
    if letters not in text.replace(".", "").lower():
        return
    run: deque[tuple[str, int, int]] = deque(maxlen=len(wanted))
    for match in PIECES.finditer(text):
        if not match[1]:
            run.clear()
            continue
        run.append((plain(match[1]), *match.span(1)))
        if tuple(piece[0] for piece in run) == wanted:
            yield run[0][1], run[-1][2]
            run.clear()


def _turns(found: Mapping[str, list[list[dict[str, Any]]]], generator: np.random.Generator) -> list[dict[str, Any]]:
    """Places in the order in which they are shown: outlets in turn, each article's first before any second."""
    turns = []
    for outlet in sorted(found):
        articles = sorted(found[outlet], key=lambda places: str(places[0]["article_id"]))
        drawn = [articles[n] for n in generator.permutation(len(articles))]
        ranked = [(rank, turn, place) for turn, places in enumerate(drawn) for rank, place in enumerate(places)]
        ranked.sort(key=lambda item: item[:2])
        turns += [(number, outlet, place) for number, (_, _, place) in enumerate(ranked)]
    turns.sort(key=lambda item: item[:2])
    return [place for _, _, place in turns]
