"""Feature extractors: scikit-learn transformers over a frame of passages (`text`, `target_span`, `source_span`)."""

from framing.features.around import AroundTarget, BetweenPair, DirectedPair
from framing.features.cues import CueHits
from framing.features.embedding import PassageEmbedding
from framing.features.events import EventVerbs
from framing.features.letters import LetterRuns
from framing.features.pairs import PairText
from framing.features.polarity import TargetPolarity
from framing.features.words import MaskedText, masked_words

__all__ = [
    "AroundTarget",
    "BetweenPair",
    "CueHits",
    "DirectedPair",
    "EventVerbs",
    "LetterRuns",
    "MaskedText",
    "PairText",
    "PassageEmbedding",
    "TargetPolarity",
    "masked_words",
]
