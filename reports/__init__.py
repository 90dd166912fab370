"""How do outlets differ? Studies, estimates, figures, evidence, rendering, and the `framing` command.

    reports.compare(scores, by="outlet", period="quarter").plot("relation")

Nothing heavy is imported before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reports.comparison import Comparison, compare
    from reports.concordance import contexts
    from reports.correction import correct
    from reports.decomposition import Decomposition, decompose
    from reports.described import describe
    from reports.events import read_events
    from reports.planted import plant
    from reports.report import write_report
    from reports.study import Study
    from reports.study_file import read_study
    from reports.terms import count_terms
    from reports.trend import smooth
    from reports.words import keyness

_ROOMS = {
    "Comparison": "reports.comparison",
    "Decomposition": "reports.decomposition",
    "Study": "reports.study",
    "compare": "reports.comparison",
    "contexts": "reports.concordance",
    "correct": "reports.correction",
    "count_terms": "reports.terms",
    "decompose": "reports.decomposition",
    "describe": "reports.described",
    "keyness": "reports.words",
    "plant": "reports.planted",
    "read_events": "reports.events",
    "read_study": "reports.study_file",
    "smooth": "reports.trend",
    "write_report": "reports.report",
}

__all__ = [
    "Comparison",
    "Decomposition",
    "Study",
    "compare",
    "contexts",
    "correct",
    "count_terms",
    "decompose",
    "describe",
    "keyness",
    "plant",
    "read_events",
    "read_study",
    "smooth",
    "write_report",
]


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module 'reports' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_ROOMS[name]), name)
