"""What does a passage say? Countries, passages, feature extractors, classifiers, scorers.

    scores = framing.score(corpus, dyad="USA-RUS")   # a data frame: scores with outlet, date and passage

Nothing heavy is imported before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from framing.countries import Mention, find_mentions
    from framing.passages import Passage, passages
    from framing.scorers import SCORERS, load_scorer
    from framing.scoring import score

_ROOMS = {
    "Mention": "framing.countries",
    "Passage": "framing.passages",
    "SCORERS": "framing.scorers",
    "find_mentions": "framing.countries",
    "load_scorer": "framing.scorers",
    "passages": "framing.passages",
    "score": "framing.scoring",
}

__all__ = ["SCORERS", "Mention", "Passage", "find_mentions", "load_scorer", "passages", "score"]


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module 'framing' has no attribute {name!r}")
    import importlib

    value = getattr(importlib.import_module(_ROOMS[name]), name)
    globals()[name] = value  # a function may bear its room's name (`passages`): the function is meant
    return value
