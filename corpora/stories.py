"""Same event: the articles of all outlets that tell one event make a story.

Pairs of articles that are close enough (`corpora.likeness`) are joined, the closest first, as long as the mean
closeness between all articles of the two groups stays above the bar: average linkage, which does not chain a summer's
articles into one story where each resembles only its neighbour.

References:
    Sokal, R. R., Michener, C. D. (1958). A statistical method for evaluating systematic relationships.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from corpora.likeness import UNDATED, Pieces, Vectors, close_pairs, closeness, crowding, vectors

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Closeness from which two groups are one story: a little more than the crowd's. Chosen as the figures of
# `corpora.likeness` were.
BAR = 0.01
# Two articles of which one has no date must be closer than others by so much: only the text speaks.
UNDATED_MORE = 0.01
# Groups larger than this are parted at a higher bar before linkage, which needs all their pairs at once.
LARGEST = 2_000
STEP = 0.02
# What cannot be one story: any number far below every closeness.
APART = -10.0

Embed = Callable[[list[str]], "NDArray[np.float32]"]


def find_stories(
    pieces: Pieces, days: NDArray[np.int64], outlets: NDArray[np.int64] | None = None, embed: Embed | None = None
) -> NDArray[np.int64]:
    """Which articles tell the same event.

    Args:
        pieces: Gives (number, title, body) of every article, in the order of the numbers 0 to n - 1; called twice.
        days: Day of each article as an ordinal (`date.toordinal()`), `UNDATED` where it is not known.
        outlets: Number of each article's outlet; two of one outlet must be closer. None where no outlet is known.
        embed: Function that gives a vector of length 1 for each text. Its cosine is then averaged with the likeness
            of words, among the articles that share words. The bar was chosen without it.

    Returns:
        For each article the number of its story's first article in the order of the numbers; of an article that is
        alone, its own.

    >>> told = ["A court in Oslo freed the trawler's captain.", "The trawler's captain was freed by the Oslo court."]
    >>> told += ["Grain prices fell in Chicago.", "A museum opened in Lima."]
    >>> find_stories(lambda: ((n, "", t) for n, t in enumerate(told)), np.array([5, 5, 5, 6])).tolist()
    [0, 0, 2, 3]
    """
    made = vectors(pieces, len(days))
    crowds = crowding(made, days)
    outlets = np.arange(len(days)) if outlets is None else outlets
    likeness = _Likeness(made, days, crowds, outlets, None if embed is None else _embedded(pieces, embed))
    labels = np.arange(len(days))
    for group in _groups(likeness.edges(), len(days), BAR):
        for members in _linked(group, likeness):
            labels[members] = members.min()
    return labels


class _Likeness:
    """Closeness between articles, with what an embedding adds."""

    def __init__(
        self,
        made: Vectors,
        days: NDArray[np.int64],
        crowds: NDArray[np.float32],
        outlets: NDArray[np.int64],
        embedded: NDArray[np.float32] | None,
    ) -> None:
        self.made, self.days, self.crowds, self.outlets, self.embedded = made, days, crowds, outlets, embedded

    def edges(self) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]]:
        """Pairs that are close enough to be of one story."""
        bar = BAR if self.embedded is None else BAR / 2
        found = list(close_pairs(self.made, self.days, self.crowds, self.outlets, bar))
        if not found:
            return np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.float32)
        one, other = (np.concatenate([block[column] for block in found]) for column in (0, 1))
        near = np.concatenate([block[2] for block in found])
        if self.embedded is not None:
            cosine = np.einsum("ij,ij->i", self.embedded[one], self.embedded[other]).astype(np.float32)
            near = np.mean([near, self._adjusted(cosine, one, other)], axis=0)
        undated = (self.days[one] == UNDATED) | (self.days[other] == UNDATED)
        closer: NDArray[np.float32] = (near - UNDATED_MORE * undated).astype(np.float32)
        enough = closer >= BAR
        return one[enough], other[enough], closer[enough]

    def _adjusted(
        self, cosine: NDArray[np.float32], one: NDArray[np.int64], other: NDArray[np.int64]
    ) -> NDArray[np.float32]:
        same = self.outlets[one] == self.outlets[other]
        return closeness(cosine, self.crowds[one], self.crowds[other], self.days[one], self.days[other], same)

    def among(self, members: NDArray[np.int64]) -> NDArray[np.float32]:
        """Closeness between all members of a group, as a square."""
        rows = self.made.rows(members)
        one, other = np.repeat(members, len(members)), np.tile(members, len(members))
        likeness = np.asarray((rows @ rows.T).todense()).ravel()
        near = self._adjusted(likeness, one, other)
        if self.embedded is not None:
            cosine = (self.embedded[members] @ self.embedded[members].T).ravel()
            near = np.mean([near, self._adjusted(cosine, one, other)], axis=0)
        undated = (self.days[one] == UNDATED) | (self.days[other] == UNDATED)
        square: NDArray[np.float32] = np.maximum(near - UNDATED_MORE * undated, APART).astype(np.float32)
        return square.reshape(len(members), len(members))


def _embedded(pieces: Pieces, embed: Embed) -> NDArray[np.float32]:
    texts, blocks = [], []
    for _, title, body in pieces():
        texts.append(f"{title}\n{body}".strip())
        if len(texts) == 256:
            blocks.append(np.asarray(embed(texts), dtype=np.float32))
            texts = []
    if texts:
        blocks.append(np.asarray(embed(texts), dtype=np.float32))
    return np.concatenate(blocks)


def _groups(
    edges: tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float32]], count: int, bar: float
) -> list[NDArray[np.int64]]:
    """Groups of articles that hang together by pairs above the bar: only within them can stories be.

    A group that is too large for linkage is parted at a higher bar, step by step.
    """
    import scipy.sparse as sp
    from scipy.sparse.csgraph import connected_components

    one, other, near = edges
    if not len(one):
        return []
    graph = sp.coo_matrix((np.ones(len(one), dtype=np.int8), (one, other)), shape=(count, count))
    _, parts = connected_components(graph, directed=False)
    order = np.argsort(parts, kind="stable")
    starts = np.flatnonzero(np.r_[True, np.diff(parts[order]) > 0])
    groups: list[NDArray[np.int64]] = []
    for members in np.split(order, starts[1:]):
        if len(members) > LARGEST:
            inside = (parts[one] == parts[members[0]]) & (near >= bar + STEP)
            groups += _groups((one[inside], other[inside], near[inside]), count, bar + STEP)
        elif len(members) > 1:
            groups.append(members)
    return groups


def _linked(members: NDArray[np.int64], likeness: _Likeness) -> list[NDArray[np.int64]]:
    """Stories within a group, by average linkage."""
    from scipy.cluster.hierarchy import fcluster, linkage
    from scipy.spatial.distance import squareform

    near = likeness.among(members).astype(np.float64)
    far = 2.0 - (near + near.T) / 2
    np.fill_diagonal(far, 0.0)
    parts = fcluster(linkage(squareform(far, checks=False), "average"), 2.0 - BAR, "distance")
    return [members[parts == part] for part in range(1, int(parts.max()) + 1)]
