"""How do outlets differ? Studies, estimates, figures, evidence, rendering, and the `framing` command.

    reports.compare(scores, by="outlet", period="quarter").plot("relation")

Nothing heavy is imported before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reports.comparison import Comparison, compare
    from reports.concordance import contexts
    from reports.described import describe
    from reports.report import write_report
    from reports.study import Study, read_study
    from reports.terms import count_terms
    from reports.words import keyness

_ROOMS = {
    "Comparison": "reports.comparison",
    "Study": "reports.study",
    "compare": "reports.comparison",
    "contexts": "reports.concordance",
    "count_terms": "reports.terms",
    "describe": "reports.described",
    "keyness": "reports.words",
    "read_study": "reports.study",
    "write_report": "reports.report",
}

__all__ = [
    "Comparison",
    "Study",
    "compare",
    "contexts",
    "count_terms",
    "describe",
    "keyness",
    "read_study",
    "write_report",
]


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module 'reports' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_ROOMS[name]), name)
