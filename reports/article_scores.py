"""Scores of articles: the mean over an article's passages, and which articles count."""

from __future__ import annotations

import pandas as pd

from corpora.votes import GENRES, SWITCHES, check_genre, check_switch
from framing.scoring import directed

# What tells the scores of one article apart.
KEY = ["measure", "category", "scorer", "scorer_version", "target", "pair", "voice"]


def article_scores(scores: pd.DataFrame) -> pd.DataFrame:
    """Score of each article and measure: the mean of its body passages that have a value, in whatever voice.

    An article all of whose passages are abstentions has no row. `n_passages` counts the passages with a value.
    """
    known = directed(scores[(scores["part"] == "body") & scores["value"].notna()])
    return article_means(known.assign(voice=""))


def article_means(scores: pd.DataFrame) -> pd.DataFrame:
    """Mean value of each article's rows by all that `KEY` tells apart, with what the article needs to be counted."""
    grouped = scores.groupby([*KEY, "article_id", "outlet"], sort=True, dropna=False)
    facts = {name: (name, "first") for name in ("vote", "genre") if name in scores}
    table = grouped.agg(
        value=("value", "mean"),
        n_passages=("value", "size"),
        published=("published", "first"),
        story=("story", "first"),
        **facts,
    )
    return table.reset_index()


def counted(articles: pd.DataFrame, wire: str, genre: str = "all") -> pd.DataFrame:
    """The article scores that count under the switches; an article about which nothing was found out counts.

    Raises:
        InputError: There is no such switch.
    """
    check_switch(wire)
    check_genre(genre)
    chosen = pd.Series(True, index=articles.index)
    if "vote" in articles:
        chosen &= articles["vote"].isin(SWITCHES[wire]) | articles["vote"].isna()
    kinds = GENRES[genre]
    if "genre" in articles and kinds is not None:
        chosen &= articles["genre"].isin(kinds) | articles["genre"].isna()
    return articles[chosen].reset_index(drop=True)
