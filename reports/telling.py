"""Telling passages: of each article on a shared story the passage that stands for it, to read outlets side by side.

It is the one whose score is nearest to the article's: the furthest passage would make outlets look further apart than
they are.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from framing.scorers import LOW_CONFIDENCE
from framing.scoring import directed

if TYPE_CHECKING:
    from reports.pairs import Compared

EACH = ["measure", "target", "pair", "article_id"]
# A longer passage does not fit a card.
LONGEST = 400
# Stories shown for each pair and measure: those that speak most for the treatment, and one that speaks against it.
FOR, AGAINST = 2, 1
COLUMNS = [
    "measure", "target", "pair", "article_id", "outlet", "published", "title", "url", "text", "target_span",
    "source_span", "value", "voice", "speaker", "story",
]  # fmt: skip


@dataclass(frozen=True)
class SideBySide:
    """The same event in two outlets: for each its headline and the passage that stands for its article.

    Attributes:
        story: The story.
        gap: Difference of the two outlets' story means.
        passages: Of the one and of the other outlet: a row of the joined scores.
        means: The two outlets' story means.
    """

    story: str
    gap: float
    passages: tuple[dict[str, object], dict[str, object]]
    means: tuple[float, float]


class Telling:
    """Gathers, batch by batch, the passage that stands for each article on the stories of interest."""

    def __init__(self, stories: Collection[str]) -> None:
        self.stories = frozenset(stories)
        self._kept: list[pd.DataFrame] = []

    def add(self, scored: pd.DataFrame) -> None:
        """Look through a batch of the joined scores that count."""
        rows = directed(scored[scored["story"].isin(self.stories) & scored["value"].notna()])
        rows = rows[rows["part"] == "body"]
        means = rows.groupby(EACH, sort=False)["value"].transform("mean")
        rows = rows.assign(far=(rows["value"] - means).abs())
        rows = rows[(rows["text"].str.len() <= LONGEST) & (rows["confidence"] >= LOW_CONFIDENCE)]
        if len(rows):
            ordered = rows.sort_values(["far", "passage_id"])
            self._kept.append(ordered.drop_duplicates(EACH)[COLUMNS])

    def passages(self) -> pd.DataFrame:
        """One passage an article and measure."""
        return pd.concat(self._kept, ignore_index=True) if self._kept else pd.DataFrame(columns=COLUMNS)


def side_by_side(one: Compared, telling: pd.DataFrame) -> Sequence[SideBySide]:
    """Stories that both outlets of a pair tell, those that speak most for the direction of the treatment first."""
    if one.found.note:
        return []
    means = one.articles.groupby(["story", "outlet"])["value"].mean().unstack()
    means = means.reindex(columns=[one.found.one, one.found.other]).dropna()
    gaps = (means[one.found.one] - means[one.found.other]).rename("gap")
    sign = np.sign(one.found.part("treatment")) or 1.0
    rows = telling[telling["outlet"].isin([one.found.one, one.found.other])]
    for name in ("measure", "target", "pair"):
        rows = rows[rows[name] == one.key[name]]
    # A story of which one outlet has no passage that can be shown gives its place to the next.
    outlets = rows.groupby("story")["outlet"].nunique()
    along = (gaps * sign)[gaps.index.isin(outlets.index[outlets == 2])]
    along = along.sort_index().sort_values(ascending=False, kind="stable")
    chosen = [*along[along > 0].index[:FOR], *along[along < 0].index[::-1][:AGAINST]]
    found = []
    for story in chosen:
        pair = []
        for outlet in (one.found.one, one.found.other):
            of = rows[(rows["story"] == story) & (rows["outlet"] == outlet)]
            # Of several articles the one whose passage is nearest to what the outlet says on the whole.
            near = (of["value"] - means.loc[story, outlet]).abs()
            pair += of.assign(near=near).sort_values(["near", "article_id"]).head(1).to_dict("records")
        both = tuple({str(key): value for key, value in row.items()} for row in pair)
        levels = (float(means.loc[story, one.found.one]), float(means.loc[story, one.found.other]))
        found.append(SideBySide(str(story), float(gaps[story]), (both[0], both[1]), levels))
    return found
