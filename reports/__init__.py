"""How do outlets differ? Studies, estimates, figures, evidence, rendering, and the `framing` command.

    reports.compare(scores, by="outlet", period="quarter").plot("relation")

Nothing heavy is imported before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from reports.comparison import Comparison, compare
    from reports.report import write_report
    from reports.study import Study, read_study

_ROOMS = {
    "Comparison": "reports.comparison",
    "Study": "reports.study",
    "compare": "reports.comparison",
    "read_study": "reports.study",
    "write_report": "reports.report",
}

__all__ = ["Comparison", "Study", "compare", "read_study", "write_report"]


def __getattr__(name: str) -> Any:
    if name not in _ROOMS:
        raise AttributeError(f"module 'reports' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_ROOMS[name]), name)
