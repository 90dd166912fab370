"""Tone: a lexicon's reading of a whole passage, whatever its target; printed beside the rest and never alone."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from framing.scores import score_rows

if TYPE_CHECKING:
    import pandas as pd


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


@lru_cache(maxsize=1)
def _vader() -> Any:
    from vader import SentimentIntensityAnalyzer

    analyzer = SentimentIntensityAnalyzer()
    # In this field "united" is nearly always part of a name; its +1.8 would make "United States" better than "US".
    del analyzer.lexicon["united"]
    return analyzer
