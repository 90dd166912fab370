"""Loaded and hedging words: how often a text judges what it tells, and how often it leaves open whether it is so.

The words are those of `framing/data/loaded-words.csv`; `docs/measures/loaded.md` says which of the licensed lexicon's
lists they come from and how they were chosen.
"""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING

from framing.wording import PIECES, pieces, plain

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("loaded", "hedging")
LOADED_VERSION = "1"
# "May" is a month and a prime minister; at the start of a sentence nothing tells it from the verb.
LOWER_CASE_ONLY = "may"
# Share of capitalised words above which a text is a headline that capitalises every word, or all in capitals, so that
# a capital makes no name; body sentences have 0.2 (`framing.features.words`).
HEADLINE = 0.6


@dataclass(frozen=True, slots=True)
class LoadedWord:
    """One of the lexicon's words where a text uses it.

    Attributes:
        start: First character.
        end: One past the last.
        kind: loaded or hedging.
        entry: The word or phrase as the lexicon lists it.
    """

    start: int
    end: int
    kind: str
    entry: str


def find_loaded(text: str) -> list[LoadedWord]:
    """Loaded and hedging words of a text, in order; of two that overlap the one that starts first, then the longer.

    A word with a capital inside a sentence is a name ("Senator Savage") and does not count, but in a headline that
    capitalises most words; "may" counts in lower case only.

    >>> for word in find_loaded("The brutal regime may fall in May."):
    ...     print(word.start, word.end, word.kind, word.entry)
    4 10 loaded brutal
    11 17 loaded regime
    18 21 hedging may
    """
    spans = [match.span(1) for match in PIECES.finditer(text)]
    return [LoadedWord(spans[i][0], spans[j - 1][1], lexicon()[entry], entry) for i, j, entry in _found(pieces(text))]


def loaded_rates(texts: Iterable[str]) -> pd.DataFrame:
    """How often each text uses loaded and hedging words, per 1,000 of its words.

    Higher is more judgement, or more reserve; neither says toward whom. Do not compare the rates of texts of unlike
    kind, say of news and opinion, and give the outlet's own words where the question is how an outlet writes: half of
    what is loaded in news is quoted. Cut the texts before.

    Args:
        texts: Texts, say an article's body or what is its outlet's own of it.

    Returns:
        One row a text, in their order: `words`, `loaded` and `hedging` (occurrences; a phrase is one),
        `loaded_per_1000` and `hedging_per_1000` (missing where there is no word).

    >>> loaded_rates(["The brutal regime may fall.", ""]).to_dict("list")["loaded_per_1000"]
    [400.0, nan]
    """
    import pandas as pd

    rows = []
    for text in texts:
        printed = pieces(text)
        kinds = Counter(lexicon()[entry] for _, _, entry in _found(printed))
        rows.append((len(printed) - printed.count(""), *(kinds[kind] for kind in KINDS)))
    table = pd.DataFrame(rows, columns=["words", *KINDS])
    for kind in KINDS:
        table[f"{kind}_per_1000"] = 1000 * table[kind] / table["words"].where(table["words"] > 0).astype(float)
    return table


def loaded_words(texts: Iterable[str]) -> pd.DataFrame:
    """Which of the lexicon's words texts use, the most frequent first: `kind`, `entry`, `n` (occurrences), `n_texts`.

    >>> loaded_words(["A brutal regime.", "The regime."]).values.tolist()
    [['loaded', 'regime', 2, 2], ['loaded', 'brutal', 1, 1]]
    """
    import pandas as pd

    count: Counter[tuple[str, str]] = Counter()
    inside: Counter[tuple[str, str]] = Counter()
    for text in texts:
        found = [(lexicon()[entry], entry) for _, _, entry in _found(pieces(text))]
        count.update(found)
        inside.update(set(found))
    rows = [(*key, n, inside[key]) for key, n in sorted(count.items(), key=lambda item: (-item[1], item[0]))]
    return pd.DataFrame(rows, columns=["kind", "entry", "n", "n_texts"])


@lru_cache(maxsize=1)
def lexicon() -> dict[str, str]:
    """Kind of each entry; an entry of several words has one space between them.

    >>> lexicon()["smoking gun"], lexicon()["perhaps"]
    ('loaded', 'hedging')
    """
    table = files("framing").joinpath("data", "loaded-words.csv").read_text(encoding="utf-8")
    return {row["entry"]: row["kind"] for row in csv.DictReader(table.splitlines())}


@lru_cache(maxsize=1)
def _openings() -> dict[str, tuple[tuple[str, ...], ...]]:
    """Entries as words, by each printed form of their first word, the longest first."""
    entries: dict[str, list[tuple[str, ...]]] = {}
    for entry in lexicon():
        words = tuple(entry.split(" "))
        first = words[0]
        for form in (first, first.capitalize(), first.upper()) if entry != LOWER_CASE_ONLY else (first,):
            for printed in {form, form.replace("'", "’")}:
                entries.setdefault(printed, []).append(words)
    return {first: tuple(sorted(group, key=lambda words: (-len(words), words))) for first, group in entries.items()}


def _found(printed: Sequence[str]) -> Iterator[tuple[int, int, str]]:
    """Entries among the pieces of a text: the first piece, one past the last, and the entry."""
    openings = _openings()
    end, names = 0, None
    for i in [i for i, word in enumerate(printed) if word in openings]:
        if i < end:
            continue
        if i and printed[i - 1] and printed[i][0].isupper():
            names = _names(printed) if names is None else names
            if names:
                continue
        for words in openings[printed[i]]:
            if len(words) == 1 or _follow(words, printed[i + 1 : i + len(words)]):
                end = i + len(words)
                yield i, end, " ".join(words)
                break


def _follow(words: Sequence[str], printed: Sequence[str]) -> bool:
    """Whether the rest of an entry follows its first word; the second is looked at first, since few phrases pass it."""
    if not printed or not printed[0].lower().startswith(words[1]):
        return False
    return words[1:] == tuple(plain(word) for word in printed)


def _names(printed: Sequence[str]) -> bool:
    """Whether a capital inside a sentence makes a name: not where most words have one."""
    words = [word for word in printed if word]
    return sum(word[0].isupper() for word in words) <= HEADLINE * len(words)
