"""Shingles: a text as the set of its runs of five words, by which texts are compared word for word.

References:
    Broder, A. Z. (1997). On the resemblance and containment of documents. Compression and Complexity of Sequences.
"""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

# Five words in a row are seldom the same by chance, and one changed word still leaves most runs as they were.
WIDTH = 5
TOKEN = re.compile(r"\w+")
# Quotations of one speaker stand in everybody's article, whoever wrote it. The bounds keep one lost mark from
# swallowing a text.
QUOTED = re.compile(r"“[^“”]{1,1500}”|\"[^\"\n]{1,1000}\"|«[^«»]{1,1500}»")
# An odd number that spreads words over 64 bits when multiplied again and again (Knuth, vol. 3, 6.4).
SPREAD = np.uint64(0x9E3779B97F4A7C15)


def shingles(text: str, width: int = WIDTH) -> NDArray[np.uint64]:
    """Hashes of a text's runs of words, each once, sorted; case and punctuation do not count.

    A text of fewer words than `width` is one run. The hashes are the same on every machine.

    >>> len(shingles("The talks in Geneva will go on.")), len(shingles("")), len(shingles("They met."))
    (3, 0, 1)
    """
    words = np.array([_word(word) for word in TOKEN.findall(text.lower())], dtype=np.uint64)
    if not len(words):
        return words
    width = min(width, len(words))
    hashes = np.zeros(len(words) - width + 1, dtype=np.uint64)
    for start in range(width):
        hashes = (hashes ^ words[start : start + len(hashes)]) * SPREAD
        hashes ^= hashes >> np.uint64(29)
    return np.unique(hashes)


def own_words(text: str) -> str:
    """A text without its quotations.

    >>> own_words('He said "we will see" and left.')
    'He said   and left.'
    """
    return QUOTED.sub(" ", text)


def shared(one: NDArray[np.uint64], other: NDArray[np.uint64]) -> int:
    """Number of runs of words that two texts have in common.

    >>> shared(shingles("the talks in Geneva will go"), shingles("So the talks in Geneva will end."))
    1
    """
    return len(np.intersect1d(one, other, assume_unique=True))


@lru_cache(maxsize=200_000)
def _word(word: str) -> int:
    return int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
