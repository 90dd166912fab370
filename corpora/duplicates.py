"""Same text: which articles hold the text of another one, as a whole or cut down.

Candidates come from MinHash signatures, parted into bands: two texts meet where one band agrees. Each candidate is
then compared word for word. With `BANDS` bands of `ROWS` rows two texts whose runs of words agree to the share J meet
with probability 1 - (1 - J^ROWS)^BANDS: 0.69 at J = 0.3, 0.94 at 0.4, 0.995 at 0.5, so that nothing that passes
`NEAR` is missed more often than once in 200 times, where both texts are of one length.

References:
    Broder, A. Z. (1997). On the resemblance and containment of documents.
    Leskovec, J., Rajaraman, A., Ullman, J. D. (2020). Mining of Massive Datasets, ch. 3.4.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from corpora.shingles import shared, shingles

if TYPE_CHECKING:
    from numpy.typing import NDArray

BANDS, ROWS = 42, 3
# Share of the later article's text that stands in the earlier one, from which it is the same text. Updates of one
# article keep more; two reports that quote one statement in full keep less.
NEAR = 0.8
# Texts that agree in a band with more than this many are compared with the first of them alone.
CROWD = 50
# Texts whose runs of words are held at a time while pairs are compared: about 250 MB.
HELD = 60_000
# Signatures are made for so many texts at a time.
BATCH = 2_000

# Texts by their numbers; called with the numbers wanted, or with None for all, in the order of the numbers.
Texts = Callable[["NDArray[np.int64] | None"], Iterable[tuple[int, str]]]


class Overlap(NamedTuple):
    """What two texts share, word for word.

    Attributes:
        later: Number of one text.
        earlier: Number of the other one.
        share: Share of the later's runs of words that stand in the earlier one, 0 to 1.
        back: The same the other way.
        runs: Number of runs of words that they share.
    """

    later: int
    earlier: int
    share: float
    back: float
    runs: int


def near_duplicates(texts: Texts, rank: NDArray[np.int64]) -> list[Overlap]:
    """Pairs of texts of which one holds at least `NEAR` of the other, word for word.

    Args:
        texts: Gives the texts by their numbers, 0 to n - 1.
        rank: For each number its place in time; of two texts the one with the lower rank is the earlier.

    >>> held = ["The talks in Geneva will go on in spring, both sides said.", "A plane was late on Monday morning."]
    >>> held.append(held[0] + " Nothing else was agreed.")
    >>> def give(wanted): return ((n, t) for n, t in enumerate(held) if wanted is None or n in set(wanted))
    >>> [(o.later, o.earlier, round(o.share, 2), o.back) for o in near_duplicates(give, np.arange(3))]
    [(2, 0, 0.67, 1.0)]
    """
    pairs = candidates(signatures(texts), rank)
    return [overlap for overlap in compare(texts, pairs) if max(overlap.share, overlap.back) >= NEAR]


def signatures(texts: Texts) -> NDArray[np.uint32]:
    """One row of `BANDS` keys for each text; a text without words gets keys that no other has."""
    blocks: list[NDArray[np.uint32]] = []
    held: list[NDArray[np.uint64]] = []
    count = 0

    def flush() -> None:
        nonlocal count
        blocks.append(_keys(held, count))
        count += len(held)
        held.clear()

    for _, text in texts(None):
        held.append(shingles(text))
        if len(held) == BATCH:
            flush()
    flush()
    return np.concatenate(blocks)


def _keys(held: list[NDArray[np.uint64]], start: int) -> NDArray[np.uint32]:
    """Band keys of some texts, the first of which has the number `start`."""
    import rensa

    lengths = np.array([len(hashes) for hashes in held], dtype=np.uint64)
    keys = np.empty((len(held), BANDS), dtype=np.uint32)
    full = np.flatnonzero(lengths)
    if len(full):
        flat = np.concatenate([held[i] for i in full])
        offsets = np.concatenate([[0], np.cumsum(lengths[full])]).astype(np.uint64)
        matrix = rensa.RMinHash.digest_matrix_from_flat_token_hashes(flat, offsets, BANDS * ROWS, 1)
        rows = np.array(matrix.to_rows(), dtype=np.uint64).reshape(len(full), BANDS, ROWS)
        mixed = np.zeros(rows.shape[:2], dtype=np.uint64)
        for row in range(ROWS):
            mixed = (mixed ^ rows[:, :, row]) * np.uint64(0x9E3779B97F4A7C15)
            mixed ^= mixed >> np.uint64(32)
        keys[full] = mixed.astype(np.uint32)
    for i in np.flatnonzero(lengths == 0):
        keys[i] = (np.arange(BANDS) + (start + i) * BANDS).astype(np.uint32)
    return keys


def candidates(keys: NDArray[np.uint32], rank: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pairs (later, earlier) of texts that agree in a band, each once, sorted."""
    found: list[NDArray[np.int64]] = [np.empty((0, 2), dtype=np.int64)]
    for band in range(keys.shape[1]):
        # Within a band the earliest comes first, so that crowds are compared with it.
        order = np.lexsort((rank, keys[:, band]))
        ordered = keys[order, band]
        starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
        sizes = np.diff(np.r_[starts, len(ordered)])
        # Most that meet are two; they are taken all at once.
        two = starts[sizes == 2]
        found.append(np.column_stack([order[two + 1], order[two]]))
        for start, size in zip(starts[sizes > 2], sizes[sizes > 2], strict=True):
            found.append(_pairs(order[start : start + size]))
        if len(found) > 1000:
            found = [np.unique(np.concatenate(found), axis=0)]
    return np.unique(np.concatenate(found), axis=0)


def _pairs(members: NDArray[np.int64]) -> NDArray[np.int64]:
    """Pairs of a crowd's members, who stand in their order in time."""
    if len(members) > CROWD:
        return np.column_stack([members[1:], np.full(len(members) - 1, members[0])])
    later, earlier = np.tril_indices(len(members), -1)
    return np.column_stack([members[later], members[earlier]])


def compare(texts: Texts, pairs: NDArray[np.int64], read: Callable[[str], str] = str) -> Iterator[Overlap]:
    """What each pair shares, word for word; only some texts are held at a time.

    Args:
        texts: Gives the texts by their numbers.
        pairs: Rows (later, earlier).
        read: What of each text is compared, such as `own_words`.
    """
    start = 0
    while start < len(pairs):
        end = _end(pairs, start)
        wanted = np.unique(pairs[start:end])
        held: dict[int, Any] = {number: shingles(read(text)) for number, text in texts(wanted)}
        for later, earlier in pairs[start:end].tolist():
            one, other = held[later], held[earlier]
            if len(one) and len(other):
                runs = shared(one, other)
                yield Overlap(later, earlier, runs / len(one), runs / len(other), runs)
        start = end


def _end(pairs: NDArray[np.int64], start: int) -> int:
    """Where to stop, so that the pairs from `start` on name at most `HELD` texts."""
    end = min(start + HELD // 2, len(pairs))
    while end < len(pairs) and len(np.unique(pairs[start : 2 * end - start])) <= HELD:
        end = min(2 * end - start, len(pairs))
    return end
