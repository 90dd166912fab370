"""Scorers: what reads a passage. `SCORERS` maps a measure to its scorers by cost.

A scorer is a fitted thing with `name`, `version`, `measure`, `reads` and `score(passages) -> scores` on a batch: a
frame with `text`, `target_span`, `source_span` in; one row a passage out. It keeps no state between batches and is
loaded on first use. Where its question does not apply it abstains: the value is missing, never 0.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from corpora.errors import InputError
from framing.weights import load_weight

if TYPE_CHECKING:
    import pandas as pd

# Below this share of the probability a label is shown as unsure; it is still counted.
LOW_CONFIDENCE = 0.5

SCORE_COLUMNS = (
    "passage_id",
    "measure",
    "category",
    "scorer",
    "scorer_version",
    "label",
    "value",
    "confidence",
)


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
class ToneScorer:
    """VADER's compound score of the whole passage, -1 to +1; a baseline that does not know the target.

    The lexicon is VADER's less the word "united", which here is part of a country's name.

    References:
        Hutto, C. J., Gilbert, E. (2014). VADER: A Parsimonious Rule-based Model for Sentiment Analysis of
        Social Media Text. ICWSM. Implementation: nltk-vader-sentiment, since implementations disagree.

    >>> import pandas as pd
    >>> scorer = ToneScorer()
    >>> frame = pd.DataFrame({"text": ["A great success."], "target_span": [(0, 1)], "source_span": [None]})
    >>> scorer.score(frame)["label"].tolist()
    ['positive']
    """

    measure: str = "tone"
    name: str = "vader"
    version: str = "1"
    reads: str = "target"
    labels: tuple[str, ...] = ("negative", "neutral", "positive")

    def score(self, passages: pd.DataFrame) -> pd.DataFrame:
        """Score a batch; a passage without words is an abstention."""
        analyzer = _vader()
        texts = passages["text"].tolist()
        known = {text: analyzer.polarity_scores(text)["compound"] for text in dict.fromkeys(texts)}
        values = np.array([known[text] if any(c.isalpha() for c in text) else np.nan for text in texts], dtype=float)
        # The authors' thresholds.
        labels = np.where(values >= 0.05, "positive", np.where(values <= -0.05, "negative", "neutral"))
        return score_rows(self, passages, labels, values, np.abs(values))


@dataclass(frozen=True)
class LinearScorer:
    """A shipped linear classifier whose value is P(high) - P(low): -1 to +1.

    Attributes:
        low: The label at -1.
        high: The label at +1.
        abstains_on: The label that means that the question does not apply; empty if it always does.
    """

    measure: str
    low: str
    high: str
    reads: str
    version: str
    labels: tuple[str, ...]
    abstains_on: str = ""
    name: str = "light"

    def score(self, passages: pd.DataFrame) -> pd.DataFrame:
        """Score a batch; passages on which the classifier abstains have no value."""
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
    """

    measure: str
    low: str
    high: str
    reads: str
    labels: tuple[str, ...]
    abstains_on: str = ""
    reader: str = "reader"
    directed: bool = False
    name: str = "encoder"
    version: str = "1"

    def score(self, passages: pd.DataFrame) -> pd.DataFrame:
        """Score a batch; a passage without a letter, or whose question does not apply, has no value."""
        import pandas as pd

        shares = self._shares(passages)
        if not self._both_ways(passages):
            return self._rows(passages, shares)
        ways = []
        for k, turn in enumerate((slice(None), slice(None, None, -1))):
            scores = self._rows(passages, shares[:, k])
            scores["category"] = [">".join(pair.split("-")[turn]) for pair in passages["pair"]]
            ways.append(scores)
        return pd.concat(ways).sort_index(kind="stable").reset_index(drop=True)

    def _both_ways(self, passages: pd.DataFrame) -> bool:
        return self.directed and "pair" in passages

    def _shares(self, passages: pd.DataFrame) -> Any:
        from framing.encoder import load_encoder
        from framing.masking import pieces

        encoder = load_encoder(self.reader)
        sources = passages["source_span"] if self.reads == "pair" else [None] * len(passages)
        spans = zip(passages["target_span"], sources, strict=True)
        # A span read back from a file is a list or an array.
        sides = [tuple(None if span is None else (int(span[0]), int(span[1])) for span in pair) for pair in spans]
        cut = [
            pieces(text, *pair, directed=self.directed, mask=True if self.reads == "pair" else None)
            for text, pair in zip(passages["text"], sides, strict=True)
        ]
        shares = encoder.probabilities(self.measure, encoder.tokenizer(cut), back=self._both_ways(passages))
        return shares[..., [encoder.card[self.measure]["labels"].index(label) for label in self.labels]]

    def _rows(self, passages: pd.DataFrame, shares: Any) -> pd.DataFrame:
        low, high = (shares[:, self.labels.index(label)] for label in (self.low, self.high))
        values = high - low
        labels = np.array(self.labels, dtype=object)[shares.argmax(axis=1)]
        if self.abstains_on:
            # Given that there is an interaction, how far it is cooperation rather than conflict.
            values = np.where(labels == self.abstains_on, np.nan, values / np.maximum(high + low, 1e-9))
        nothing = [not any(c.isalnum() for c in text) for text in passages["text"]]
        return score_rows(self, passages, labels, np.where(nothing, np.nan, values), shares.max(axis=1))


def score_rows(scorer: Scorer, passages: pd.DataFrame, labels: Any, values: Any, confidence: Any) -> pd.DataFrame:
    """Rows of the scores table for a batch; values are rounded to six digits, so that platforms agree."""
    import pandas as pd

    ids = passages["passage_id"].tolist() if "passage_id" in passages else [""] * len(passages)
    labels = [None if np.isnan(v) else str(label) for label, v in zip(labels, values, strict=True)]
    rounded = np.round(np.asarray(values, dtype=float), 6)
    return pd.DataFrame(
        {
            "passage_id": pd.Series(ids, dtype=object),
            "measure": scorer.measure,
            "category": "",
            "scorer": scorer.name,
            "scorer_version": scorer.version,
            "label": pd.Series(labels, dtype=object),
            "value": rounded,
            "confidence": np.where(np.isnan(rounded), np.nan, np.round(np.asarray(confidence, dtype=float), 6)),
        },
        columns=list(SCORE_COLUMNS),
    )


def scores_schema() -> Any:
    """Arrow schema of the scores table: one scorer's reading of one passage, abstentions included.

    `label` is missing where the scorer abstains; `value` is on the measure's scale; `confidence` is the label's
    probability (for tone the size of the score), 0 to 1.
    """
    import pyarrow as pa

    floats = {"value", "confidence"}
    return pa.schema([(name, pa.float64() if name in floats else pa.string()) for name in SCORE_COLUMNS])


@lru_cache(maxsize=1)
def _vader() -> Any:
    from vader import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    # In this field "united" is nearly always part of a name; its +1.8 would make "United States" better than "US".
    del analyzer.lexicon["united"]
    return analyzer


SENTIMENT_LABELS = ("negative", "neutral", "positive")

RELATION_LABELS = ("conflict", "cooperation", "none")

COSTS = ("encoder", "light")
DEFAULT_COST = "light"

SCORERS: dict[str, dict[str, Callable[[], Scorer]]] = {
    "attitude": {
        "encoder": lambda: EncoderScorer(
            "attitude", "negative", "positive", "pair", SENTIMENT_LABELS, reader="attitude", directed=True
        ),
    },
    "relation": {
        "encoder": lambda: EncoderScorer("relation", "conflict", "cooperation", "pair", RELATION_LABELS, "none"),
        "light": lambda: LinearScorer("relation", "conflict", "cooperation", "pair", "1", RELATION_LABELS, "none"),
    },
    "sentiment": {
        "encoder": lambda: EncoderScorer("sentiment", "negative", "positive", "target", SENTIMENT_LABELS),
        "light": lambda: LinearScorer("sentiment", "negative", "positive", "target", "1", SENTIMENT_LABELS),
    },
    "tone": {"light": ToneScorer},
}


def load_scorer(measure: str, cost: str = DEFAULT_COST) -> Scorer:
    """The scorer of a measure at a cost; a measure that exists at one cost has that one.

    Raises:
        InputError: There is no such measure or cost; the message lists those there are.

    >>> load_scorer("tone").name
    'vader'
    """
    if measure not in SCORERS:
        raise InputError(f"no scorer {measure!r}; there are: {', '.join(sorted(SCORERS))}")
    if cost not in COSTS:
        raise InputError(f"scorer {measure!r} has no cost {cost!r}; there are: {', '.join(sorted(COSTS))}")
    costs = SCORERS[measure]
    return costs[cost if cost in costs else next(iter(costs))]()
