"""Packs: examples as arrays and as a compact file; whoever fits them needs neither texts nor gazetteer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from framing.tokens import Tokens

SENTIMENT = ("negative", "neutral", "positive")
RELATION = ("conflict", "cooperation", "none")
DEEDS = ("material", "verbal")


@dataclass(frozen=True, slots=True)
class Example:
    """One passage to learn from.

    Attributes:
        measure: Whose head it teaches.
        views: The passage's tokens in one way or more (named, masked); an epoch sees one of them.
        aim: Probability of each label: a label, smoothed, or a teacher's; for attitude of one way, then the other.
            Empty where nobody has labelled it yet.
    """

    measure: str
    views: tuple[Tokens, ...]
    aim: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """Examples as arrays.

    Attributes:
        ids: Of each view its words, (V, T), padded with 0.
        roles: Of each word 1 for the target, 2 for the source, 3 for both, (V, T).
        sizes: Words of each view, (V,).
        firsts: Of each example its first view, (E,).
        counts: How many it has, (E,).
        measures: Whose head it teaches, (E,).
        aims: Probabilities of its labels, (E, L); what is not there is no number.
    """

    ids: NDArray[np.uint16]
    roles: NDArray[np.uint8]
    sizes: NDArray[np.int64]
    firsts: NDArray[np.int64]
    counts: NDArray[np.int64]
    measures: NDArray[np.str_]
    aims: NDArray[np.float32]

    @classmethod
    def of(cls, examples: Sequence[Example]) -> Pack:
        """Examples as a pack."""
        views = [view for one in examples for view in one.views]
        sizes = np.array([len(view.ids) for view in views], dtype=np.int64)
        ids, roles = (np.zeros((len(views), sizes.max(initial=1)), kind) for kind in (np.uint16, np.uint8))
        for line, marks, view in zip(ids, roles, views, strict=True):
            line[: len(view.ids)] = view.ids
            marks[: len(view.ids)] = np.array(view.target) + 2 * np.array(view.source)
        aims = np.full((len(examples), max((len(one.aim) for one in examples), default=0)), np.nan, dtype=np.float32)
        for row, one in zip(aims, examples, strict=True):
            row[: len(one.aim)] = one.aim
        counts = np.array([len(one.views) for one in examples], dtype=np.int64)
        measures = np.array([one.measure for one in examples])
        return cls(ids, roles, sizes, np.cumsum(counts) - counts, counts, measures, aims)

    def __len__(self) -> int:
        return len(self.firsts)

    def choose(self, rows: NDArray[Any]) -> Pack:
        """Some of the examples, one of them maybe more than once."""
        parts = {name: getattr(self, name)[rows] for name in ("firsts", "counts", "measures", "aims")}
        return replace(self, **parts)

    def taught(self, aims: NDArray[np.float64], share: float) -> Pack:
        """The same with a teacher's probabilities, or with a share of these beside their labels."""
        mixed = aims if self.aims.shape[1] == 0 else np.where(np.isnan(self.aims), aims, self.aims)
        return replace(self, aims=((1 - share) * mixed + share * aims).astype(np.float32))

    def save(self, path: Path) -> None:
        """Write it."""
        seen = np.arange(self.ids.shape[1]) < self.sizes[:, None]
        parts: dict[str, Any] = {field.name: getattr(self, field.name) for field in fields(self)}
        parts |= {"ids": self.ids[seen], "roles": self.roles[seen]}
        np.savez_compressed(path, **parts)

    @classmethod
    def load(cls, path: Path) -> Pack:
        """Read it."""
        with np.load(path, allow_pickle=False) as file:
            kept = dict(file)
        seen = np.arange(kept["sizes"].max(initial=1)) < kept["sizes"][:, None]
        for name in ("ids", "roles"):
            flat, kept[name] = kept[name], np.zeros(seen.shape, kept[name].dtype)
            kept[name][seen] = flat
        return cls(**kept)


def softened(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    """A teacher's probabilities, of labels along the last axis."""
    odds = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: NDArray[np.float64] = odds / odds.sum(axis=-1, keepdims=True)
    return shares


def joined(packs: Sequence[Pack]) -> Pack:
    """Packs as one."""
    longest, widest = max(one.ids.shape[1] for one in packs), max(one.aims.shape[1] for one in packs)

    def wide(array: NDArray[Any], width: int, fill: float) -> NDArray[Any]:
        return np.pad(array, ((0, 0), (0, width - array.shape[1])), constant_values=fill)

    starts = np.cumsum([0, *(len(one.sizes) for one in packs)])
    return Pack(
        np.concatenate([wide(one.ids, longest, 0) for one in packs]),
        np.concatenate([wide(one.roles, longest, 0) for one in packs]),
        np.concatenate([one.sizes for one in packs]),
        np.concatenate([one.firsts + start for one, start in zip(packs, starts[:-1], strict=True)]),
        np.concatenate([one.counts for one in packs]),
        np.concatenate([one.measures for one in packs]),
        np.concatenate([wide(one.aims, widest, np.nan) for one in packs]),
    )


def neighbours(words: NDArray[np.float32], count: int, usable: NDArray[np.bool_]) -> NDArray[np.int64]:
    """The nearest words of each word, by the cosine of their embeddings: (V, count).

    Args:
        words: Embeddings, (V, H).
        count: How many.
        usable: Which words may stand in.
    """
    unit = words / np.maximum(np.linalg.norm(words, axis=1, keepdims=True), 1e-9)
    near = np.empty((len(words), count), dtype=np.int64)
    for first in range(0, len(words), 2048):
        cosine = unit[first : first + 2048] @ unit.T
        cosine[:, ~usable] = -2
        cosine[np.arange(len(cosine)), np.arange(first, first + len(cosine))] = -2
        near[first : first + 2048] = np.argpartition(-cosine, count, axis=1)[:, :count]
    return near


def varied(
    examples: Iterable[Example], near: NDArray[np.int64], fixed: NDArray[np.bool_], share: float, seed: int
) -> Iterator[Example]:
    """Examples with a share of their words replaced by near ones and no label: a teacher has to read them anew.

    Args:
        examples: The examples; of each the first view.
        near: What may stand in for each word, from `neighbours`.
        fixed: Words that stay: roles, marks of beginning and end.
        share: Of the words.
        seed: Seed.

    References:
        Jiao, X. and others (2020). TinyBERT: Distilling BERT for Natural Language Understanding. Findings of EMNLP.
    """
    rng = np.random.default_rng(seed)
    for one in examples:
        view = one.views[0]
        ids = np.array(view.ids)
        moved = (rng.random(len(ids)) < share) & ~fixed[ids] & (np.array(view.target) + np.array(view.source) == 0)
        ids[moved] = near[ids[moved], rng.integers(near.shape[1], size=int(moved.sum()))]
        yield Example(one.measure, (Tokens(ids.tolist(), view.target, view.source),))
