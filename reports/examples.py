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
        self._voices, self._subjects = pd.DataFrame(), pd.DataFrame()

    def add(self, scored: pd.DataFrame) -> None:
        """Look through a batch of the joined scores that count."""
        body = scored[(scored["part"] == "body") & (scored["text"].str.len() <= LONGEST)]
        spoken = body[body["target"].ne("") & body["voice"].ne("own")].drop_duplicates("passage_id")
        if len(spoken):
            more = spoken.assign(kind=who_speaks(spoken, self.dyad))
            self._voices = _first(pd.concat([self._voices, more], ignore_index=True), ["passage_id"])
        told = body[body["measure"].eq("subject")].assign(kind=lambda rows: rows["category"])
        if len(told):
            more = told.assign(less=-told["value"])
            self._subjects = _first(pd.concat([self._subjects, more], ignore_index=True), ["less", "passage_id"])

    def voices(self) -> pd.DataFrame:
        """A few passages of each kind of speaker, in column `kind`; one an article."""
        return self._voices

    def subjects(self) -> pd.DataFrame:
        """The surest passages of each subject, in column `kind`; one an article."""
        return self._subjects


def _first(rows: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    ordered = rows.sort_values(["kind", *by], kind="stable").drop_duplicates(["kind", "article_id"])
    return ordered.drop_duplicates(["kind", "text"]).groupby("kind", sort=False).head(SHOWN)
