"""Second scorers: a scorer of a measure that is heard beside the study's own, to see what hangs on the scorer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from framing.scorers import Scorer

# Between a measure and the cost of a scorer that is heard beside another one.
SECOND = "@"


@dataclass(frozen=True)
class SecondScorer:
    """A scorer heard beside another of its measure; the two are told apart by the measure's name: `sentiment@light`."""

    scorer: Scorer

    @property
    def measure(self) -> str:
        """Measure and cost."""
        return f"{self.scorer.measure}{SECOND}{self.scorer.name}"

    @property
    def name(self) -> str:
        """The scorer's own name."""
        return self.scorer.name

    @property
    def version(self) -> str:
        """The scorer's version."""
        return self.scorer.version

    @property
    def reads(self) -> str:
        """Which passages it is for."""
        return self.scorer.reads

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels it gives."""
        return self.scorer.labels

    def score(self, passages: pd.DataFrame) -> pd.DataFrame:
        """Score a batch."""
        return self.scorer.score(passages).assign(measure=self.measure)
