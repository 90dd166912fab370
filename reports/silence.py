"""Silence: what an outlet left out that others tell, and what it would have added.

None of it is an estimate of the outlet: nobody knows how it would have told what it did not.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Silence:
    """Stories that one outlet of a pair skipped.

    Attributes:
        outlet: The one that skipped them.
        stories: Stories that the other outlet of the pair tells and this one does not.
        told: How many of these a third outlet tells as well.
        level: Mean, over these, of the third outlets' story means; missing where there is none.
        added: By how much the outlet's own level would move, had it told them as those do, with as many articles on
            each as it has on its stories; missing where there is none.
    """

    outlet: str
    stories: int
    told: int
    level: float
    added: float


def silence(articles: pd.DataFrame, outlet: str, other: str) -> Silence:
    """What `outlet` left out that `other` tells.

    Args:
        articles: Scores of articles on one measure, of all outlets: `outlet`, `story`, `value`.
        outlet: The outlet that skipped.
        other: The outlet that told.

    >>> articles = pd.DataFrame({
    ...     "outlet": ["A", "A", "B", "B", "C"], "story": [1, 2, 1, 3, 3], "value": [0.2, 0.4, 0.0, 0.1, -0.3]})
    >>> found = silence(articles, "A", "B")  # A has not story 3, which B and C have
    >>> found.stories, found.told, found.level, round(found.added, 3)  # (0.2 + 0.4 - 0.3) / 3 - 0.3
    (1, 1, -0.3, -0.2)
    """
    own = articles[articles["outlet"] == outlet]
    skipped = set(articles[articles["outlet"] == other]["story"]) - set(own["story"])
    thirds = articles[~articles["outlet"].isin([outlet, other]) & articles["story"].isin(skipped)]
    means = thirds.groupby("story")["value"].mean()
    if own.empty or means.empty:
        return Silence(outlet, len(skipped), 0, float("nan"), float("nan"))
    level, size = float(means.mean()), len(own)
    more = len(means) * size / own["story"].nunique()
    moved = (size * float(own["value"].mean()) + more * level) / (size + more)
    return Silence(outlet, len(skipped), len(means), level, moved - float(own["value"].mean()))


def by_others(articles: pd.DataFrame, one: str, other: str) -> tuple[float, float]:
    """The unshared part of a difference as it would be if other outlets had told the stories, and how many they tell.

    With O the story means of all other outlets, weighted by the articles of the outlet whose stories they are:
    (1 - p_a) (O_aU - O_aS) - (1 - p_b) (O_bU - O_bS), over the stories that others tell. What is near the unshared
    part is agenda; what is far from it may be treatment, or stories that nobody else tells.

    Returns:
        The value, and the share of the two outlets' articles on unshared stories that others tell; missing where
        they tell none.
    """
    thirds = articles[~articles["outlet"].isin([one, other])]
    level = thirds.groupby("story")["value"].mean()
    total, seen, unshared = 0.0, 0, 0
    for outlet, against, sign in ((one, other, 1.0), (other, one, -1.0)):
        own = articles[articles["outlet"] == outlet]["story"]
        alone = ~own.isin(set(articles[articles["outlet"] == against]["story"]))
        told = own.map(level)
        unshared += int(alone.sum())
        seen += int(told[alone].notna().sum())
        if alone.any():
            total += sign * float(alone.mean()) * float(told[alone].mean() - told[~alone].mean())
    return (total, seen / unshared) if seen else (float("nan"), 0.0 if unshared else float("nan"))
