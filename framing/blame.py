"""Blame: whether criticism falls on a country or on the person at its head; docs/measures/naming.md tells how."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from corpora.errors import InputError
from framing.countries import find_mentions
from framing.naming import DRAWS, MINIMUM, SEED, article_means

if TYPE_CHECKING:
    import pandas as pd

# Quantity of `blamed` to the count of passages that it rests on.
QUANTITIES = {
    "person": "n_leader",
    "country": "n_other",
    "difference": "n",
    "named": "n",
    "blamed": "n_negative",
    "excess": "n",
}
READ = ("text", "target", "mention_kind", "published")
SCORED = ("measure", "part", "article_id", "story", "value", "label", *READ)


def blamed(
    scored: pd.DataFrame,
    by: Sequence[str] = ("outlet",),
    minimum: int = MINIMUM,
    draws: int = DRAWS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Whether criticism falls on a country or on the person at its head, from sentiment toward it.

    Of each article the body passages about a target are split into those that name a leader of it in office and the
    others. What is told of each article is then averaged over articles.

    | quantity | of an article |
    |---|---|
    | `person` | mean sentiment of passages that name a leader, -1 to 1 |
    | `country` | mean sentiment of the others |
    | `difference` | `person` less `country`, of articles that have both; below 0 the person is written of worse |
    | `named` | share of passages that name a leader, 0 to 1 |
    | `blamed` | the same share of the negative passages, of articles that have any |
    | `excess` | `blamed` less `named`, of the same articles; above 0 criticism names the person more often |

    Args:
        scored: What `framing.score` gives; measures other than sentiment, other parts and abstentions are left out.
        by: Columns that make a cell beside the target.
        minimum: Articles that a value needs; below it value and interval are missing.
        draws: Bootstrap draws; whole stories are drawn.
        seed: Seed of the draws.

    Returns:
        A frame with one row per cell, target and quantity: the columns of `by`, `target`, `quantity`, `value`, `low`,
        `high`, `n_passages`, `n_articles` (that have the quantity).

    Raises:
        InputError: The frame lacks a column.
    """
    import pandas as pd

    by = [*by]
    if missing := [column for column in (*by, *SCORED) if column not in scored]:
        raise InputError(f"the scores have no column {missing[0]!r}; framing.score gives it")
    rows = scored[(scored["measure"] == "sentiment") & (scored["part"] == "body") & (scored["target"] != "")]
    rows = rows[rows["value"].notna()]
    told = pd.DataFrame(
        {
            **{column: rows[column] for column in (*by, "target", "article_id", "value")},
            "story": rows["story"].fillna(rows["article_id"]),
            "leader": [names_leader(*row) for row in zip(*(rows[column] for column in READ), strict=True)],
            "negative": rows["label"] == "negative",
        }
    )
    cells: list[tuple[object, ...]] = []
    for key, cell in told.groupby([*by, "target"]):
        articles = _by_article(cell)
        for quantity, counted in QUANTITIES.items():
            known = articles[articles[quantity].notna()]
            clusters = np.unique(known["story"].to_numpy(dtype=str), return_inverse=True)[1]
            (estimate,) = article_means(known[[quantity]].to_numpy(dtype=float), clusters, minimum, draws, seed)
            cells.append((*key, quantity, *estimate, int(known[counted].sum()), len(known)))
    return pd.DataFrame(cells, columns=[*by, "target", "quantity", "value", "low", "high", "n_passages", "n_articles"])


def names_leader(text: str, target: str, mention_kind: str, published: Any = None) -> bool:
    """Whether a passage names a leader of its target, anywhere: `mention_kind` is that of its first mention only.

    Args:
        text: The passage.
        target: Code of the country.
        mention_kind: Kind of the first mention, as the passages table has it.
        published: Timestamp of the article's day; missing where undated.

    >>> names_leader("Russia's Putin spoke.", "RUS", "country")
    True
    """
    if mention_kind == "leader":
        return True
    # A missing timestamp is not equal to itself.
    found = find_mentions(text, published.date() if published is not None and published == published else None)
    return any(mention.kind == "leader" and mention.country == target for mention in found)


def _by_article(cell: pd.DataFrame) -> pd.DataFrame:
    """The quantities of each article about one target, with the numbers of passages behind them."""
    value, leader, negative = (cell[name] for name in ("value", "leader", "negative"))
    columns = cell.assign(
        person=value.where(leader),
        country=value.where(~leader),
        named=leader.astype(float),
        blamed=leader.astype(float).where(negative),
        n=1,
        n_leader=leader.astype(int),
        n_other=(~leader).astype(int),
        n_negative=negative.astype(int),
    )
    grouped = columns.groupby("article_id")
    told = grouped[["person", "country", "named", "blamed"]].mean()
    told = told.join(grouped[["n", "n_leader", "n_other", "n_negative"]].sum()).join(grouped["story"].first())
    return told.assign(difference=told["person"] - told["country"], excess=told["blamed"] - told["named"])
