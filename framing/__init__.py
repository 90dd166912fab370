"""What does a passage say? Countries, passages, feature extractors, classifiers, scorers.

    scores = framing.score(corpus, dyad="USA-RUS")   # a data frame: scores with outlet, date and passage

Nothing heavy is imported before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from framing.countries import Mention, find_mentions
    from framing.passages import Passage
    from framing.scorers import SCORERS, load_scorer
    from framing.scoring import score

_ROOMS = {
    "Mention": "framing.countries",
    "Passage": "framing.passages",
    "SCORERS": "framing.scorers",
    "find_mentions": "framing.countries",
    "load_scorer": "framing.scorers",
    "score": "framing.scoring",
}

__all__ = ["SCORERS", "Mention", "Passage", "find_mentions", "load_scorer", "score"]


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module 'framing' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_ROOMS[name]), name)
