"""Quotations against gold: whether what is attributed was found, and to whom it is attributed."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.attribution import Span, find_attributions
from framing.attribution.quotation import quoted_stretches
from framing.evaluation import Evaluation, Interval, counted
from framing.voice import VOICE_VERSION

WORD = re.compile(r"\w+")
FIGURES = ("content", "source", "strict")

# The numbers of the words of an attribution's content, and of its source.
Words = tuple[frozenset[int], frozenset[int]]
# Content and source, in characters, of each attribution of a text.
Attribute = Callable[[str], list[tuple[Sequence[Span], Sequence[Span]]]]


def evaluate_quotes(rows: Sequence[dict[str, Any]]) -> Evaluation:
    """Find the attributions of the rows of a gold file of quotations, and compare.

    Returns:
        Figures `content_f1` (words inside any content), `source_f1` (attributions whose source shares a word with the
        right one) and `strict_f1` (attributions whose content and source have the right words, no more and no fewer),
        each with precision and recall, and with intervals over resamples of articles; the baselines are what stands
        between quotation marks, of nobody, and the whole text as one attribution of nobody.
    """
    gold = [[(one.get("content") or (), one.get("source") or ()) for one in row["attributions"]] for row in rows]
    texts = [row["text"] for row in rows]
    ways: dict[str, Attribute] = {
        "": lambda text: [(one.content, one.source) for one in find_attributions(text)],
        "quotation marks only": lambda text: [([(q.start, q.end)], ()) for q in quoted_stretches(text)],
        "all of the text": lambda text: [([(0, len(text))], ())],
    }
    made = {name: _figures(texts, gold, way) for name, way in ways.items()}
    figures, intervals = made.pop("")
    return Evaluation(
        task="quotes",
        scorer="attribution",
        version=VOICE_VERSION,
        n=len(rows),
        abstained=0,
        figures=figures,
        intervals=intervals,
        baselines={name: dict(zip(("figures", "intervals"), both, strict=True)) for name, both in made.items()},
    )


def _figures(
    texts: Sequence[str], gold: Sequence[Any], attribute: Attribute
) -> tuple[dict[str, float], dict[str, Interval]]:
    table = np.array(
        [attribution_counts(text, right, attribute(text)) for text, right in zip(texts, gold, strict=True)]
    )
    figures: dict[str, float] = {}
    intervals: dict[str, Interval] = {}
    for number, name in enumerate(FIGURES):
        values, ranges = counted(table[:, number], (f"{name}_f1", f"{name}_precision", f"{name}_recall"))
        figures |= values
        intervals |= ranges
    return figures, intervals


def attribution_counts(
    text: str,
    gold: Sequence[tuple[Sequence[Span], Sequence[Span]]],
    found: Sequence[tuple[Sequence[Span], Sequence[Span]]],
) -> NDArray[np.int64]:
    """What is right, found and due in one text: an array (3, 3) with a row each for content, source and strict.

    An attribution that is matched to one without a source in the gold is left out of what was found of sources: nobody
    can be right there.

    Args:
        gold: Content and source of each attribution that is right, as spans of the text.
        found: The same of each that was found.

    >>> attribution_counts("He said it rains.", [([(8, 16)], [(0, 2)])], [([(11, 16)], [(0, 2)])]).tolist()
    [[1, 1, 2], [1, 1, 1], [0, 1, 1]]
    """
    spans = [match.span() for match in WORD.finditer(text)]
    starts, ends = [start for start, _ in spans], [end for _, end in spans]

    def words(of: Iterable[Span]) -> frozenset[int]:
        return frozenset(k for start, end in of for k in range(bisect_left(starts, start), bisect_right(ends, end)))

    due: list[Words] = [(words(content), words(source)) for content, source in gold]
    given: list[Words] = [(words(content), words(source)) for content, source in found]
    pairs = matched([content for content, _ in due], [content for content, _ in given])
    right, said = ({word for content, _ in side for word in content} for side in (due, given))
    sourced = {k for k, (_, source) in enumerate(given) if source}
    return np.array(
        [
            (len(right & said), len(said), len(right)),
            (
                sum(bool(due[i][1] & given[k][1]) for i, k in pairs),
                len(sourced - {k for i, k in pairs if not due[i][1]}),
                sum(bool(source) for _, source in due),
            ),
            (sum(due[i] == given[k] for i, k in pairs), len(given), len(due)),
        ],
        dtype=np.int64,
    )


def matched(due: Sequence[frozenset[int]], given: Sequence[frozenset[int]]) -> list[tuple[int, int]]:
    """Pairs of contents, one to one, those that overlap most first (Jaccard); of equals the earlier ones first.

    >>> matched([frozenset({1, 2, 3}), frozenset({4})], [frozenset({3, 4}), frozenset({1, 2})])
    [(0, 1), (1, 0)]
    """
    overlaps = sorted((-len(a & b) / len(a | b), i, k) for i, a in enumerate(due) for k, b in enumerate(given) if a & b)
    pairs: list[tuple[int, int]] = []
    left, right = set(range(len(due))), set(range(len(given)))
    for _, i, k in overlaps:
        if i in left and k in right:
            pairs.append((i, k))
            left.remove(i)
            right.remove(k)
    return pairs
