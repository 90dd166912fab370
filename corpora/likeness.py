"""Likeness: how far two articles tell the same event, from their words and the days between them.

Words count by how rare they are in the corpus and by where they stand: title and opening paragraphs say what
happened, and half of the weight is theirs. Two articles on one topic share most of its words, whatever happened; so
from what two articles share is taken what each shares with its crowd, the articles closest to it. That is the idea of
local scaling: the same words in common mean much in a small topic and little in a crowded one. For the same reason a
day between two articles counts by the crowd: where a topic is told every day, tomorrow's article is likely another
event.

References:
    Zelnik-Manor, L., Perona, P. (2004). Self-tuning spectral clustering. NIPS 17.
    Salton, G., Buckley, C. (1988). Term-weighting approaches in automatic text retrieval.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# The figures below were chosen on 350 pairs of real articles, coded by two readers, and on NewsWCL50; see
# docs/measures/stories.md for what they reach.
# Words of the body that count as its opening.
OPENING = 120
# An article is kept as its heaviest words: fewer lose recall, more cost memory.
WORDS = 100
# Numbers that words are hashed to. Of 200,000 kinds of words one in ten shares its number with another one.
HASHES = 2**20
# How many of the nearest make the crowd.
CROWD_SIZE = 20
# Crowd of a long article at least: a small corpus does not show the articles that a large one would hold. At this bar
# half of the pairs of the first half of the real sets are right; see docs/measures/stories.md.
FLOOR = 0.15
# What each day between two articles takes off, as a part of the crowd's likeness.
DAY = 0.6
# A dated and an undated article count as so many days apart: of a month's candidates most lie on other days. Chosen on
# five events of NewsWCL50 among real articles; see docs/measures/stories.md.
UNKNOWN_DAYS = 2
# Two articles of one outlet count as so many days further apart: it seldom tells an event twice a day, and its regular
# pieces share their words. At this figure half of such pairs of the first half of the real sets are right.
SAME_OUTLET = 1
# Articles further apart than this do not tell the same event: of pairs three days apart 7 % do.
DAYS = 3
# Articles that stand for the whole corpus when crowds are measured.
REFERENCE = 3_000
# Articles that are compared at a time: their likeness to all others must fit into memory.
BLOCK = 500
UNDATED = -1

# Gives (number, title, body) of every article, in the order of the numbers.
Pieces = Callable[[], Iterable[tuple[int, str, str]]]


class Vectors(NamedTuple):
    """Articles as their heaviest words: hashed words and weights, one row each; weights of a row have length 1."""

    words: NDArray[np.int32]
    weights: NDArray[np.float32]

    def rows(self, numbers: NDArray[np.int64]) -> Any:
        """Some of the articles as a sparse matrix."""
        import scipy.sparse as sp

        words, weights = self.words[numbers], self.weights[numbers]
        starts = np.arange(len(numbers) + 1) * words.shape[1]
        matrix = sp.csr_matrix((weights.ravel(), words.ravel(), starts), shape=(len(numbers), HASHES))
        matrix.eliminate_zeros()
        return matrix


def vectors(pieces: Pieces, count: int) -> Vectors:
    """Articles as vectors of their words, in two passes over counts that lie on disk meanwhile."""
    frequency = np.zeros(HASHES, dtype=np.int64)
    made = Vectors(np.zeros((count, WORDS), dtype=np.int32), np.zeros((count, WORDS), dtype=np.float32))
    with tempfile.TemporaryFile() as kept:
        blocks = 0
        for whole, opening in _counted(pieces):
            frequency += np.bincount(whole.indices, minlength=HASHES)
            for matrix in (whole, opening):
                for array in (matrix.data, matrix.indices, matrix.indptr):
                    np.save(kept, array)
            blocks += 1
        # A word that one article alone has is shared with none.
        rarity = np.where(frequency < 2, 0.0, np.log((1 + count) / (1 + frequency))).astype(np.float32)
        kept.seek(0)
        start = 0
        for _ in range(blocks):
            weighted = _weighted(_load(kept), rarity) + _weighted(_load(kept), rarity)
            _keep_heaviest(weighted, made, start)
            start += weighted.shape[0]
    return made


def _counted(pieces: Pieces) -> Iterator[tuple[Any, Any]]:
    """Counts of words of whole articles and of their openings, for a block of articles at a time."""
    from sklearn.feature_extraction.text import HashingVectorizer

    # Two characters at least; a hyphenated name is one word.
    pattern = r"(?u)\b\w[\w-]*\w\b"
    counter = HashingVectorizer(
        alternate_sign=False,
        norm=None,
        stop_words="english",
        n_features=HASHES,
        dtype=np.float32,
        token_pattern=pattern,
    )
    whole: list[str] = []
    opening: list[str] = []
    for _, title, body in pieces():
        # Twice, since a title says in ten words what happened.
        titles = f"{title}\n{title}\n"
        whole.append(titles + body)
        opening.append(titles + " ".join(body.split(maxsplit=OPENING)[:OPENING]))
        if len(whole) == BLOCK:
            yield counter.transform(whole), counter.transform(opening)
            whole, opening = [], []
    if whole:
        yield counter.transform(whole), counter.transform(opening)


def _load(kept: Any) -> Any:
    import scipy.sparse as sp

    data, indices, indptr = (np.load(kept, allow_pickle=False) for _ in range(3))
    return sp.csr_matrix((data, indices, indptr), shape=(len(indptr) - 1, HASHES))


def _weighted(counts: Any, rarity: NDArray[np.float32]) -> Any:
    """Rows of length 1: a word weighs by how rare it is, and little more for being said often."""
    from sklearn.preprocessing import normalize

    counts.data = (1 + np.log(counts.data)) * rarity[counts.indices]
    counts.eliminate_zeros()
    return normalize(counts, copy=False)


def _keep_heaviest(matrix: Any, made: Vectors, start: int) -> None:
    matrix = matrix.tocsr()
    for row in range(matrix.shape[0]):
        part = slice(matrix.indptr[row], matrix.indptr[row + 1])
        words, weights = matrix.indices[part], matrix.data[part]
        if len(weights) > WORDS:
            # Sorted by weight and then by word, so that ties fall the same way everywhere.
            heaviest = np.lexsort((words, -weights))[:WORDS]
            words, weights = words[heaviest], weights[heaviest]
        if length := float(np.sqrt((weights**2).sum())):
            made.words[start + row, : len(words)] = words
            made.weights[start + row, : len(words)] = weights / length


def crowding(made: Vectors, days: NDArray[np.int64]) -> NDArray[np.float32]:
    """For each article its mean likeness to the `CROWD_SIZE` nearest articles, its crowd.

    Among articles of the same days are those that tell its own event, which are no crowd, and those that tell
    another one, which are the hardest to tell apart. So the mean is taken twice, with and without them, and
    averaged; where too few lie outside those days, with them alone. An undated article is measured against all.

    No crowd is smaller than `FLOOR`, times the square of the share of `WORDS` that an article is kept as: the fewer
    words two articles have, the fewer they share by chance, and short reports of one event share few as well.
    """
    count = len(days)
    order = np.lexsort((np.arange(count), days))
    reference = order[np.unique(np.linspace(0, count - 1, min(count, REFERENCE)).astype(np.int64))]
    others = made.rows(reference).T.tocsc()
    crowds = np.zeros(count, dtype=np.float32)
    for start in range(0, count, BLOCK):
        block = np.arange(start, min(start + BLOCK, count))
        likeness = (made.rows(block) @ others).toarray()
        likeness[block[:, None] == reference[None, :]] = 0.0
        whole = _nearest(likeness)
        apart = np.abs(days[block][:, None] - days[reference][None, :])
        close = (days[block] != UNDATED)[:, None] & (days[reference] != UNDATED)[None, :] & (apart <= DAYS)
        likeness[close] = 0.0
        few = (~close).sum(axis=1) < CROWD_SIZE
        crowds[block] = np.where(few, whole, (whole + _nearest(likeness)) / 2)
    least = (FLOOR * ((made.weights > 0).sum(axis=1) / WORDS) ** 2).astype(np.float32)
    np.maximum(crowds, least, out=crowds)
    return crowds


def _nearest(likeness: NDArray[np.float32]) -> NDArray[np.float32]:
    """Mean of the largest values of each row; a row with fewer neighbours than the crowd has is all its crowd."""
    width = likeness.shape[1]
    size = min(CROWD_SIZE, max(width - 1, 1))
    mean: NDArray[np.float32] = np.partition(likeness, width - size, axis=1)[:, -size:].mean(axis=1)
    return mean


def close_pairs(
    made: Vectors, days: NDArray[np.int64], crowds: NDArray[np.float32], outlets: NDArray[np.int64], bar: float
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]]:
    """Pairs of articles whose closeness is at least `bar`: two arrays of numbers and their closeness, block by block.

    Dated articles are compared with those of the days before; undated ones with all.
    """
    order = np.lexsort((np.arange(len(days)), days))
    undated = int(np.searchsorted(days[order], UNDATED, side="right"))
    start = 0
    while start < len(order):
        end = min(start + BLOCK, undated if start < undated else len(order))
        last = len(order)
        if start >= undated:
            last = int(np.searchsorted(days[order], days[order[end - 1]] + DAYS, side="right"))
        yield from _close(made, days, crowds, outlets, order[start:end], order[start:last], bar)
        start = end


def _close(
    made: Vectors,
    days: NDArray[np.int64],
    crowds: NDArray[np.float32],
    outlets: NDArray[np.int64],
    block: NDArray[np.int64],
    others: NDArray[np.int64],
    bar: float,
) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]]:
    rows = made.rows(block)
    for start in range(0, len(others), REFERENCE):
        part = others[start : start + REFERENCE]
        shared = (rows @ made.rows(part).T).tocoo()
        one, other = block[shared.row], part[shared.col]
        # Each pair once: the block opens its own list of others.
        once = (shared.col + start) > shared.row
        one, other, likeness = one[once], other[once], shared.data[once]
        same = outlets[one] == outlets[other]
        near = closeness(likeness, crowds[one], crowds[other], days[one], days[other], same)
        enough = near >= bar
        if enough.any():
            yield one[enough], other[enough], near[enough]


def closeness(
    likeness: NDArray[np.float32],
    crowd: NDArray[np.float32],
    other_crowd: NDArray[np.float32],
    day: NDArray[np.int64],
    other_day: NDArray[np.int64],
    same_outlet: NDArray[np.bool_],
) -> NDArray[np.float32]:
    """Likeness less the crowd's, which counts more with each day between; minus infinity beyond `DAYS` days.

    Two undated articles count as of one day: they mostly come from one file.
    """
    known = (day != UNDATED) & (other_day != UNDATED)
    apart = np.where(known, np.abs(day - other_day), np.where(day == other_day, 0, UNKNOWN_DAYS))
    near = likeness - np.sqrt(crowd * other_crowd) * (1 + DAY * (apart + SAME_OUTLET * same_outlet))
    return np.where(apart > DAYS, -np.inf, near).astype(np.float32)
