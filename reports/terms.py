"""Terms: how often each article uses each word and phrase, as a sparse matrix."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from corpora.errors import InputError
from framing.wording import FUNCTION_WORDS, pieces, plain

NEEDED = ("article_id", "outlet", "text")
# A word in fewer articles is a matter of those articles; below five a bootstrap of articles says little as well.
MINIMUM = 5
# A word or phrase of which so much stands inside one longer phrase is left to the longer one: "barack" is nearly always
# "barack obama", and the same finding would fill two rows.
INSIDE = 0.9
# A single letter is an initial, or what a lost apostrophe left ("Russia s", "don t"): it ends a phrase as a mark does.
STRAY = re.compile("[b-hj-z]")
# A break in the stream of words, and a word or phrase that is too rare.
NONE = -1


@dataclass(frozen=True)
class Terms:
    """Words and phrases of articles.

    Attributes:
        articles: One row an article: `article_id`, `outlet`, `story` (empty if it has none or alone), `tokens` (words
            in all, those too rare for a column and names among them).
        names: The words and phrases, by length, then by alphabet.
        counts: Occurrences, articles x names.
        minimum: Articles that each of them is in, at least.
    """

    articles: pd.DataFrame
    names: NDArray[np.object_]
    counts: sparse.csr_matrix
    minimum: int


class _Numbers(dict[str, int]):
    """Numbers words as they come; the break is 0."""

    def __init__(self) -> None:
        super().__init__({"": 0})

    def __missing__(self, word: str) -> int:
        self[word] = number = len(self)
        return number


def count_terms(
    articles: pd.DataFrame | Iterable[Mapping[str, Any]],
    longest: int = 3,
    names: bool = True,
    minimum: int = MINIMUM,
    cut: Callable[[str], str] | None = None,
) -> Terms:
    """Count words, and phrases of up to `longest` words that do not cross a mark, a number or the end of a line.

    A phrase neither starts nor ends with a function word (`framing.wording.FUNCTION_WORDS`); single words are counted
    whatever they are, but for stray letters. What stands inside one phrase a word longer nine times in ten is left to
    that phrase. Texts are read one at a time; what stays in memory is some 100 bytes a word at the peak.

    Args:
        articles: `article_id`, `outlet`, `text`, and `story` where the articles of one event are known. A text that is
            missing or holds no word counts as no article.
        longest: Words of the longest phrase; 1 counts single words only.
        names: Whether names count. A name is a word that has a capital in more than half of the places where a word
            stands right before it; function words are none. Where it is left out, no phrase runs over it.
        minimum: Articles that a word must be in.
        cut: What of a text counts: a function from a text to a text, say to the outlet's own words.

    Raises:
        InputError: A column is missing, an article stands there twice, or a number is below 1.

    >>> rows = [{"article_id": n, "outlet": "A", "text": "The envoy of Russia left."} for n in "ab"]
    >>> terms = count_terms(rows, minimum=2)
    >>> terms.names.tolist(), terms.counts.toarray().tolist()
    (['envoy', 'of', 'the', 'russia left', 'envoy of russia'], [[1.0, 1.0, 1.0, 1.0, 1.0], [1.0, 1.0, 1.0, 1.0, 1.0]])
    """
    if longest < 1 or minimum < 1:
        raise InputError(f"phrases of {longest} words in {minimum} articles: both must be at least 1")
    rows, numbers, stream = [], _Numbers(), []
    for record in read_records(articles):
        text = record["text"] if isinstance(record["text"], str) else ""
        found = [numbers[word] for word in pieces(cut(text) if cut else text)]
        stream.append(np.array([*found, 0], dtype=np.int32))
        story = record.get("story")
        rows.append(
            {
                "article_id": str(record["article_id"]),
                "outlet": str(record["outlet"]),
                "story": story if isinstance(story, str) else "" if pd.isna(story) else str(story),
                "tokens": int(np.count_nonzero(stream[-1])),
            }
        )
    table = pd.DataFrame(rows, columns=["article_id", "outlet", "story", "tokens"])
    twice = table["article_id"][table["article_id"].duplicated()]
    if len(twice):
        raise InputError(f"article {twice.iloc[0]!r} is given twice; each counts once")
    if not len(table):
        return Terms(table, np.array([], dtype=object), sparse.csr_matrix((0, 0), dtype=np.float32), minimum)
    owner = np.repeat(np.arange(len(table)), [len(part) for part in stream])
    words, vocabulary = _words(np.concatenate(stream), list(numbers), names)
    labels, matrices = _grams(words, owner, vocabulary, len(table), longest, minimum)
    return Terms(table, labels, sparse.hstack(matrices, format="csr", dtype=np.float32), minimum)


def read_records(articles: pd.DataFrame | Iterable[Mapping[str, Any]]) -> Iterable[Mapping[str, Any]]:
    """The articles one by one, as mappings; a column that is missing is an `InputError`."""
    if isinstance(articles, pd.DataFrame):
        columns = [name for name in (*NEEDED, "story", "published") if name in articles]
        series = [articles[name] for name in columns]
        articles = (dict(zip(columns, row, strict=True)) for row in zip(*series, strict=True))
        _check(columns)
    for record in articles:
        _check(record)
        yield record


def _check(columns: Iterable[str]) -> None:
    lacking = [name for name in NEEDED if name not in columns]
    if lacking:
        raise InputError(f"articles without {', '.join(lacking)}; needed are {', '.join(NEEDED)}")


def _words(stream: NDArray[np.int32], printed: list[str], names: bool) -> tuple[NDArray[np.int64], NDArray[np.object_]]:
    """The words as they are counted, by their number in the vocabulary, which is sorted."""
    forms = [plain(word) for word in printed]
    vocabulary = sorted(set(forms[1:]))
    number = {word: n for n, word in enumerate(vocabulary)}
    renumber = np.array(
        [NONE, *(NONE if STRAY.fullmatch(form) else number[form] for form in forms[1:])], dtype=np.int64
    )
    words = renumber[stream]
    if not names and vocabulary:
        inner = np.zeros(len(words), dtype=bool)
        inner[1:] = (words[1:] >= 0) & (words[:-1] >= 0)
        capital = inner & np.array([word[:1].isupper() for word in printed])[stream]
        name = 2 * np.bincount(words[capital], minlength=len(vocabulary)) > np.bincount(
            words[inner], minlength=len(vocabulary)
        )
        name &= [word not in FUNCTION_WORDS for word in vocabulary]
        words[(words >= 0) & name[words]] = NONE
    return words, np.array(vocabulary, dtype=object)


def _grams(
    words: NDArray[np.int64],
    owner: NDArray[np.int64],
    vocabulary: NDArray[np.object_],
    articles: int,
    longest: int,
    minimum: int,
) -> tuple[NDArray[np.object_], list[sparse.csr_matrix]]:
    """Names and counts of the words and phrases that are in enough articles, one matrix a length.

    A phrase is in no more articles than its parts, so each length is looked for among what the one before left over
    (Agrawal, R., Srikant, R. (1994). Fast Algorithms for Mining Association Rules. VLDB 1994, 487-499).
    """
    function = np.array([word in FUNCTION_WORDS for word in vocabulary], dtype=bool)
    gram, labels, totals = words, vocabulary, np.zeros(0, dtype=np.int64)
    opens = closes = function
    names, matrices = [], []
    wanted: list[NDArray[np.bool_]] = []
    for length in range(1, longest + 1):
        parts: list[NDArray[np.int64]] = []
        if length > 1:
            shorter, following = gram, words[length - 1 :]
            here = np.flatnonzero((shorter[: len(following)] >= 0) & (following >= 0))
            codes = shorter[here] * len(vocabulary) + following[here]
            codes, first, inverse = np.unique(codes, return_index=True, return_inverse=True)
            gram = np.full(len(following), NONE)
            gram[here] = inverse
            parts = [shorter[here[first]], shorter[here[first] + 1]]
            labels = labels[parts[0]] + " " + vocabulary[codes % len(vocabulary)] if len(codes) else labels[:0]
            opens, closes = opens[parts[0]], function[codes % len(vocabulary)]
        here = np.flatnonzero(gram >= 0)
        ones = np.ones(len(here), dtype=np.float32)
        counts = sparse.csr_matrix((ones, (owner[here], gram[here])), shape=(articles, len(labels)))
        enough = np.bincount(counts.indices, minlength=len(labels)) >= minimum
        before, totals = totals, np.bincount(gram[here], minlength=len(labels))
        keep = enough if length == 1 else enough & ~opens & ~closes
        for part in parts:
            inside = keep & (part >= 0)
            inside[inside] = totals[inside] >= INSIDE * before[part[inside]]
            wanted[-1][part[inside]] = False
        renumber = np.full(len(labels) + 1, NONE)
        renumber[:-1][enough] = np.arange(enough.sum())
        gram = renumber[gram]
        labels, totals, opens, closes = labels[enough], totals[enough], opens[enough], closes[enough]
        names.append(labels)
        matrices.append(counts[:, np.flatnonzero(enough)])
        wanted.append(keep[enough])
    chosen = [np.flatnonzero(kept) for kept in wanted]
    columns = [matrix[:, kept] for matrix, kept in zip(matrices, chosen, strict=True)]
    return np.concatenate([label[kept] for label, kept in zip(names, chosen, strict=True)]), columns
