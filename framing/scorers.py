"""Scorers: what reads a passage. `SCORERS` maps a measure to its scorers by cost.

A scorer is a fitted thing with `name`, `version`, `measure`, `reads` and `score(passages) -> scores` on a batch: a
frame with `text`, `target_span`, `source_span` in; one row a passage out. It keeps no state between batches and is
loaded on first use. Where its question does not apply it abstains: the value is missing, never 0.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from corpora.errors import InputError
from framing.codebook import shipped_codebooks
from framing.frames import OWN, PREFIX, is_frames, load_frames
from framing.scores import both_ways, score_rows
from framing.second import SECOND, SecondScorer
from framing.shares import SharesScorer
from framing.tone import ToneScorer
from framing.weights import load_weight

if TYPE_CHECKING:
    import pandas as pd

# Below this share of the probability a label is shown as unsure; it is still counted.
LOW_CONFIDENCE = 0.5


class Scorer(Protocol):
    """What every scorer has.

    Attributes:
        measure: What it measures: sentiment, relation, tone.
        name: The scorer's own name, as reports print it.
        version: Changes whenever its scores may.
        reads: `target` or `pair`: which passages it is for.
        labels: The labels it gives.
    """

    @property
    def measure(self) -> str: ...  # noqa: D102
    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def version(self) -> str: ...  # noqa: D102
    @property
    def reads(self) -> str: ...  # noqa: D102
    @property
    def labels(self) -> tuple[str, ...]: ...  # noqa: D102

    def score(self, passages: pd.DataFrame) -> pd.DataFrame:
        """Score a batch of passages: rows of the scores table, in the batch's order."""
        ...


@dataclass(frozen=True)
class LinearScorer:
    """A shipped linear classifier whose value is P(high) - P(low): -1 to +1.

    Attributes:
        low: The label at -1.
        high: The label at +1.
        abstains_on: The label that means that the question does not apply; empty if it always does.
        directed: As for `EncoderScorer`.
    """

    measure: str
    low: str
    high: str
    reads: str
    version: str
    labels: tuple[str, ...]
    abstains_on: str = ""
    directed: bool = False
    name: str = "light"

    def score(self, passages: pd.DataFrame) -> pd.DataFrame:
        """Score a batch; passages on which the classifier abstains have no value."""
        if not self.directed or "pair" not in passages:
            return self._rows(passages)
        back = passages.assign(source_span=passages["target_span"], target_span=passages["source_span"])
        return both_ways(passages, self._rows(passages), self._rows(back))

    def _rows(self, passages: pd.DataFrame) -> pd.DataFrame:
        if not len(passages):
            return score_rows(self, passages, np.array([], dtype=object), np.array([]), np.array([]))
        model = load_weight(f"{self.measure}-{self.name}")
        classes = list(model.classes_)
        probabilities = model.predict_proba(passages)
        low, high = (probabilities[:, classes.index(label)] for label in (self.low, self.high))
        labels = model.decide(probabilities)
        confidence = probabilities[np.arange(len(labels)), [classes.index(label) for label in labels]]
        values = high - low
        if self.abstains_on:
            # Given that there is an interaction, how far it is cooperation rather than conflict.
            values = np.where(labels == self.abstains_on, np.nan, values / np.maximum(high + low, 1e-9))
        return score_rows(self, passages, labels, values, confidence)


@dataclass(frozen=True)
class EncoderScorer:
    """A head of the shipped encoder; its value is P(high) - P(low), calibrated: -1 to +1.

    Countries are masked before it reads (`framing.masking`), so that what is said counts and not of whom.

    Attributes:
        reader: Which ONNX graph: `reader` or `attitude`.
        directed: Whether the pair's first country is the source and its second the target; then a passage that has a
            `pair` is read in both directions, and `category` says in which (`RUS>USA`).
        gate: Another measure of the same reader; where that abstains, this does.
        persons: Head of the reader for targets that are no countries, which are read by name. A leader is a country,
            but where a column `by_name` of the passages says that targets may be persons (as in a gold file).
    """

    measure: str
    low: str
    high: str
    reads: str
    labels: tuple[str, ...]
    abstains_on: str = ""
    reader: str = "reader"
    directed: bool = False
    gate: str = ""
    persons: str = ""
    name: str = "encoder"
    version: str = "4"

    def score(self, passages: pd.DataFrame) -> pd.DataFrame:
        """Score a batch; a passage without a letter, or whose question does not apply, has no value."""
        shares = self._shares(passages)
        if not self._both_ways(passages):
            return self._rows(passages, shares)
        return both_ways(passages, *(self._rows(passages, shares[:, k]) for k in (0, 1)))

    def _both_ways(self, passages: pd.DataFrame) -> bool:
        return self.directed and "pair" in passages

    def _shares(self, passages: pd.DataFrame) -> Any:
        from framing.encoder import load_encoder
        from framing.masking import is_person, pieces

        encoder = load_encoder(self.reader)
        sources = passages["source_span"] if self.reads == "pair" else [None] * len(passages)
        spans = zip(passages["target_span"], sources, strict=True)
        # A span read back from a file is a list or an array.
        sides = [tuple(None if span is None else (int(span[0]), int(span[1])) for span in pair) for pair in spans]
        by_name = passages["by_name"].tolist() if "by_name" in passages else [False] * len(passages)
        named, cut = [], []
        for text, (target, source), asked in zip(passages["text"], sides, by_name, strict=True):
            person = bool(self.persons and target and is_person(text, target, leaders=asked))
            mask = False if person else self.masked
            cut.append(pieces(text, target, source, directed=self.directed, mask=mask))
            named.append(person)
        tokens, persons = encoder.tokenizer(cut), np.array(named, dtype=bool)
        if not persons.any():
            shares = encoder.probabilities(self.measure, tokens, back=self._both_ways(passages))
        else:
            shares = np.empty((len(tokens), len(self.labels)))
            for head, mine in ((self.measure, ~persons), (self.persons, persons)):
                if mine.any():
                    read = [one for one, is_mine in zip(tokens, mine, strict=True) if is_mine]
                    shares[mine] = encoder.probabilities(head, read)
        return shares[..., [encoder.card[self.measure]["labels"].index(label) for label in self.labels]]

    @property
    def heads(self) -> tuple[str, ...]:
        """What is asked of the reader that frames share."""
        return (self.measure,) if self.reader == "reader" else ()

    @property
    def masked(self) -> bool | None:
        """Whether parties are masked that may be no countries: those of a pair are, a target is not."""
        return True if self.reads == "pair" else None

    def _rows(self, passages: pd.DataFrame, shares: Any) -> pd.DataFrame:
        low, high = (shares[:, self.labels.index(label)] for label in (self.low, self.high))
        values = high - low
        labels = np.array(self.labels, dtype=object)[shares.argmax(axis=1)]
        if self.abstains_on:
            # Given that there is an interaction, how far it is cooperation rather than conflict.
            values = np.where(labels == self.abstains_on, np.nan, values / np.maximum(high + low, 1e-9))
        nothing = np.array([not any(c.isalnum() for c in text) for text in passages["text"]], dtype=bool)
        if self.gate and len(passages):
            nothing |= load_scorer(self.gate, self.name).score(passages)["value"].isna().to_numpy()
        return score_rows(self, passages, labels, np.where(nothing, np.nan, values), shares.max(axis=1))


SENTIMENT_LABELS = ("negative", "neutral", "positive")

RELATION_LABELS = ("conflict", "cooperation", "none")

DEEDS_LABELS = ("material", "verbal")

SUBJECT_LABELS = ("domestic", "other", "relation")

COSTS = ("encoder", "light")
DEFAULT_COST = "encoder"

SCORERS: dict[str, dict[str, Callable[[], Scorer]]] = {
    "attitude": {
        "encoder": lambda: EncoderScorer(
            "attitude", "negative", "positive", "pair", SENTIMENT_LABELS, reader="attitude", directed=True, version="3"
        ),
        "light": lambda: LinearScorer("attitude", "negative", "positive", "pair", "1", SENTIMENT_LABELS, directed=True),
    },
    "deeds": {
        "encoder": lambda: EncoderScorer("deeds", "verbal", "material", "pair", DEEDS_LABELS, gate="relation"),
    },
    "relation": {
        "encoder": lambda: EncoderScorer("relation", "conflict", "cooperation", "pair", RELATION_LABELS, "none"),
        "light": lambda: LinearScorer("relation", "conflict", "cooperation", "pair", "3", RELATION_LABELS, "none"),
    },
    "sentiment": {
        "encoder": lambda: EncoderScorer(
            "sentiment", "negative", "positive", "target", SENTIMENT_LABELS, persons="person"
        ),
        "light": lambda: LinearScorer("sentiment", "negative", "positive", "target", "1", SENTIMENT_LABELS),
    },
    "subject": {"light": lambda: SharesScorer("subject", "pair", "1", SUBJECT_LABELS)},
    "tone": {"light": ToneScorer},
}


def measures() -> tuple[str, ...]:
    """Every measure that comes with the toolkit, frames by codebook among them."""
    return tuple(sorted([*SCORERS, *(f"{PREFIX}{name}" for name in shipped_codebooks())]))


def load_scorer(measure: str, cost: str = DEFAULT_COST, codebooks: str | Path = OWN) -> Scorer:
    """The scorer of a measure at a cost; a measure that exists at one cost has that one.

    Args:
        measure: One of `measures`, or `frames:NAME` of a codebook of one's own; `sentiment@light` for a scorer that is
            heard beside that of the study.
        cost: `encoder` or `light`.
        codebooks: Where codebooks of one's own were trained.

    Raises:
        InputError: There is no such measure or cost; the message lists those there are.

    >>> load_scorer("tone").name
    'vader'
    """
    plain, second, beside = measure.partition(SECOND)
    if second and plain in SCORERS and beside in SCORERS[plain]:
        return SecondScorer(SCORERS[plain][beside]())
    if measure not in SCORERS and not is_frames(measure):
        raise InputError(f"no scorer {measure!r}; there are: {', '.join(measures())}")
    if cost not in COSTS:
        raise InputError(f"scorer {measure!r} has no cost {cost!r}; there are: {', '.join(sorted(COSTS))}")
    if is_frames(measure):
        return load_frames(measure, cost, codebooks)
    costs = SCORERS[measure]
    return costs[cost if cost in costs else next(iter(costs))]()


@contextmanager
def together(scorers: Sequence[Scorer]) -> Iterator[None]:
    """While it lasts, a passage about a pair that several scorers read is read once by the encoder, for all of them."""
    from framing.encoder import load_encoder

    heads = frozenset(head for scorer in scorers if scorer.reads == "pair" for head in getattr(scorer, "heads", ()))
    if len(heads) < 2:
        yield
        return
    with load_encoder("reader").together(heads):
        yield
