"""Gathering: what a report keeps of each batch of scores, so that its memory does not grow with the passages."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

import pandas as pd

from framing.coding.question import with_none
from framing.second import SECOND
from reports import described
from reports.article_scores import article_scores, counted
from reports.evidence import Evidence
from reports.examples import Examples
from reports.frames import FrameExamples, framed
from reports.quality import Quality
from reports.study import VOICES
from reports.telling import Telling

if TYPE_CHECKING:
    from reports.study import Study


class Gathering:
    """Scores of articles, passages to show, and counts, batch by batch.

    Args:
        study: The plan.
        stories: Stories of which the most telling passages are kept, for reading outlets side by side.
    """

    def __init__(self, study: Study, stories: Collection[str]) -> None:
        self.study = study
        self.quality = Quality()
        self.evidence, self.examples = Evidence(), Examples(study.dyad)
        self.frame_examples, self.telling = FrameExamples(), Telling(stories)
        self._tables: dict[str, list[pd.DataFrame]] = {}

    def add(self, joined: pd.DataFrame) -> None:
        """Take a batch of joined scores, those of articles that do not count among them."""
        study, spoken = self.study, VOICES[self.study.voice]
        is_second = joined["measure"].str.contains(SECOND, regex=False)
        scored, second = joined[~is_second], joined[is_second]
        in_voice = scored[scored["voice"].isin(spoken)]
        tested = scored[~(framed(scored) | scored["measure"].eq("subject"))]
        telling = counted(tested[tested["voice"].isin(spoken)], study.wire, study.genre)
        self.quality.add_scores(scored)
        self.evidence.add(telling)
        self.telling.add(telling)
        self.examples.add(counted(scored, study.wire, study.genre))
        self.frame_examples.add(counted(in_voice, study.wire, study.genre))
        for voice, words in VOICES.items():
            self._keep(voice, article_scores(tested[tested["voice"].isin(words)]))
        self._keep("second", article_scores(second[second["voice"].isin(spoken)]))
        if study.coded:
            self._keep("none", article_scores(with_none(in_voice[in_voice["measure"] == "relation"])))
        self._keep("described", described.of_scores(scored, study.dyad, spoken))

    def _keep(self, name: str, table: pd.DataFrame) -> None:
        self._tables.setdefault(name, []).append(table)

    def tables(self) -> dict[str, pd.DataFrame]:
        """Scores of articles, whether they count or not.

        By each voice switch those of the tested measures; `second`, of the scorers heard beside; `none`, of relations
        with abstentions as 0, where the study is corrected; `described`, of what describes coverage.
        """
        names = (*VOICES, "second", "none", "described")
        return {name: described.gathered(self._tables.get(name, [])) for name in names}
