"""Wire copy: which articles print an agency's text, whose it is, and how much of the article it makes.

Three things speak for it: the article credits an agency (`corpora.credits`); its words stand in an article of an
agency, or in one that credits an agency; or two outlets print one text on one day, which neither can have from the
other. Quotations do not count as shared words: everybody who heard the speaker has them. An agency's own text in the
agency's own name is no wire copy.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from corpora.credits import UNKNOWN, Credit
from corpora.duplicates import NEAR, Overlap, Texts, compare
from corpora.shingles import own_words, shingles

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Share of an article's own words, outside quotations, from which an agency's text is said to be part of it, and runs of
# five words that must be shared: a boilerplate paragraph of background has fewer.
PART, RUNS = 0.1, 25
# One run in so many is looked up, the same in every text, those whose hash it divides: Broder's sketch for
# containment.
SAMPLE = 8
# Looked-up runs that must be found before two texts are compared; a run of more texts than `COMMON` says nothing.
HITS, COMMON = 3, 30
# An agency's text is printed within days; the same words years later are an archive's.
DAYS = 10


class Wire(NamedTuple):
    """Agency text in an article.

    Attributes:
        number: The article.
        agency: Whose text; `unknown` where two outlets print one text on one day and neither credits an agency.
        share: Share of the article that it makes, 0 to 1; missing where the article credits a contribution and no
            text is there to compare with.
        origin: Number of the article that it came from; None where it is not in the corpus.
        evidence: What it rests on.
    """

    number: int
    agency: str
    share: float
    origin: int | None
    evidence: str


@dataclass(frozen=True)
class Facts:
    """What is known of the articles, by their numbers.

    Attributes:
        outlets: Outlet of each.
        agencies: Agency's name where the outlet is an agency, else empty.
        credits: Credit of those that have one.
        days: Day of each, -1 where it is not known.
        rank: Place of each in time; an agency's before others of one day.
    """

    outlets: list[str]
    agencies: list[str]
    credits: dict[int, Credit]
    days: NDArray[np.int64]
    rank: NDArray[np.int64]

    def owner(self, number: int) -> str:
        """Agency whose text an article is by its outlet or its own word; empty if none."""
        if agency := self.agencies[number]:
            return agency
        credit = self.credits.get(number)
        return credit.agency if credit and credit.whole else ""


def find_wire(facts: Facts, texts: Texts, duplicates: list[Overlap]) -> list[Wire]:
    """Agency text in the articles, one finding an article at most, by number.

    Args:
        facts: What is known of the articles.
        texts: Gives their texts.
        duplicates: What `near_duplicates` found.
    """
    from_agencies: dict[int, list[tuple[float, int]]] = {}
    for overlap in [*_partial(facts, texts), *duplicates]:
        for number, origin, share in (
            (overlap.later, overlap.earlier, overlap.share),
            (overlap.earlier, overlap.later, overlap.back),
        ):
            if facts.owner(origin) and not facts.agencies[number] and share >= PART:
                from_agencies.setdefault(number, []).append((share, origin))
    found: dict[int, Wire] = {}
    for number in sorted({*from_agencies, *facts.credits}):
        if wire := _wire(number, from_agencies.get(number, []), facts):
            found[number] = wire
    # The earliest text first: whoever else has it gets it as origin, in whatever order the corpus lies.
    for overlap in sorted(duplicates, key=lambda pair: (facts.rank[pair.earlier], facts.rank[pair.later])):
        for wire in _unsigned(overlap, facts):
            found.setdefault(wire.number, wire)
    return [found[number] for number in sorted(found)]


def _wire(number: int, held: list[tuple[float, int]], facts: Facts) -> Wire | None:
    """The finding on one article: the text that holds most of it, an agency's own and the earliest first."""
    credit = facts.credits.get(number)
    if credit and credit.agency == facts.agencies[number]:
        credit = None
    if held:
        share, origin = min(
            held, key=lambda pair: (-round(pair[0], 1), not facts.agencies[pair[1]], facts.rank[pair[1]], pair[1])
        )
        words = f"{share:.0%} of its words stand in an article of {facts.outlets[origin]}"
        if not credit:
            return Wire(number, facts.owner(origin), round(share, 4), origin, words)
        if credit.agency in (facts.owner(origin), UNKNOWN):
            share = 1.0 if credit.whole else round(share, 4)
            return Wire(number, facts.owner(origin), share, origin, f"{credit.evidence}; {words}")
    if not credit:
        return None
    return Wire(number, credit.agency, 1.0 if credit.whole else float("nan"), None, credit.evidence)


def _unsigned(overlap: Overlap, facts: Facts) -> Iterator[Wire]:
    """Both articles of a pair of two outlets that is the same text on the same day, credited by neither."""
    one, other = overlap.later, overlap.earlier
    if facts.outlets[one] == facts.outlets[other] or facts.days[one] != facts.days[other] or facts.days[one] < 0:
        return
    if min(overlap.share, overlap.back) < NEAR or facts.owner(one) or facts.owner(other):
        return
    for number, twin, share, origin in ((one, other, overlap.share, other), (other, one, overlap.back, None)):
        evidence = f"{share:.0%} of its words stand in an article of {facts.outlets[twin]} of the same day; no credit"
        yield Wire(number, UNKNOWN, round(share, 4), origin, evidence)


def _partial(facts: Facts, texts: Texts) -> Iterator[Overlap]:
    """Pairs of an article and an agency's text of which it holds a part, in its own words."""
    sources = np.array([number for number in range(len(facts.outlets)) if facts.owner(number)], dtype=np.int64)
    if not len(sources):
        return
    index = _Index(sources, texts)
    pairs: list[tuple[int, int]] = []
    for number, text in texts(None):
        if facts.agencies[number]:
            continue
        for source in index.sources_of(_sample(text)):
            known = facts.days[number] >= 0 and facts.days[source] >= 0
            if source != number and not (known and abs(facts.days[number] - facts.days[source]) > DAYS):
                pairs.append((number, source))
    if pairs:
        for overlap in compare(texts, np.array(sorted(pairs), dtype=np.int64), own_words):
            if overlap.share >= PART and overlap.runs >= RUNS:
                yield overlap


def _sample(text: str) -> NDArray[np.uint64]:
    hashes = shingles(own_words(text))
    sample: NDArray[np.uint64] = hashes[hashes % np.uint64(SAMPLE) == 0]
    return sample


class _Index:
    """The agencies' texts by the sampled runs that they hold."""

    def __init__(self, sources: NDArray[np.int64], texts: Texts) -> None:
        runs, numbers = [np.empty(0, np.uint64)], [np.empty(0, np.int32)]
        for number, text in texts(sources):
            sample = _sample(text)
            runs.append(sample)
            numbers.append(np.full(len(sample), number, dtype=np.int32))
        flat = np.concatenate(runs)
        order = np.argsort(flat, kind="stable")
        self.runs, self.numbers = flat[order], np.concatenate(numbers)[order]

    def sources_of(self, sample: NDArray[np.uint64]) -> list[int]:
        """Numbers of the texts that share enough of a sample."""
        first, last = (np.searchsorted(self.runs, sample, side=side) for side in ("left", "right"))
        rare = (last > first) & (last - first <= COMMON)
        held = [self.numbers[a:b] for a, b in zip(first[rare], last[rare], strict=True)]
        if len(held) < HITS:
            return []
        numbers, counts = np.unique(np.concatenate(held), return_counts=True)
        enough = np.maximum(HITS, PART / 2 * len(sample))
        return [int(number) for number in numbers[counts >= enough]]
