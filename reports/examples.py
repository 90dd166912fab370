"""Examples: passages that show what the shares of voices and of subjects are made of."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from reports.described import who_speaks

if TYPE_CHECKING:
    from collections.abc import Sequence

# Passages of each kind; longer ones do not fit a card.
SHOWN, LONGEST = 3, 400


class Examples:
    """Gathers examples batch by batch; which they are does not depend on the batches.

    Of voices they are drawn by the hash of the passage, which is as good as chance and always the same; of subjects
    they are those of which the classifier is surest.
    """

    def __init__(self, dyad: tuple[str, str]) -> None:
        self.dyad = dyad
        self._voices: list[pd.DataFrame] = []
        self._subjects: list[pd.DataFrame] = []

    def add(self, scored: pd.DataFrame) -> None:
        """Look through a batch of the joined scores that count."""
        body = scored[(scored["part"] == "body") & (scored["text"].str.len() <= LONGEST)]
        spoken = body[body["target"].ne("") & body["voice"].ne("own")].drop_duplicates("passage_id")
        if len(spoken):
            self._voices.append(_first(spoken.assign(kind=who_speaks(spoken, self.dyad)), ["passage_id"]))
        told = body[body["measure"].eq("subject")].assign(kind=lambda rows: rows["category"])
        if len(told):
            self._subjects.append(_first(told.assign(less=-told["value"]), ["less", "passage_id"]))

    def voices(self) -> pd.DataFrame:
        """A few passages of each kind of speaker, in column `kind`; one an article."""
        return _whole(self._voices, ["passage_id"])

    def subjects(self) -> pd.DataFrame:
        """The surest passages of each subject, in column `kind`; one an article."""
        return _whole(self._subjects, ["less", "passage_id"])


def _first(rows: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    ordered = rows.sort_values(["kind", *by], kind="stable").drop_duplicates(["kind", "article_id"])
    return ordered.drop_duplicates(["kind", "text"]).groupby("kind", sort=False).head(SHOWN)


def _whole(parts: Sequence[pd.DataFrame], by: Sequence[str]) -> pd.DataFrame:
    return _first(pd.concat(parts, ignore_index=True), by).reset_index(drop=True) if parts else pd.DataFrame()
