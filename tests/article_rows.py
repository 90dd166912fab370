"""Made-up scores of articles, on which what a report infers can be worked by hand."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pandas as pd

from reports.comparison import Comparison, compare_articles

Row = dict[str, Any]
SENTIMENT = {
    "measure": "sentiment", "category": "", "scorer": "light", "scorer_version": "1", "target": "RUS", "pair": "",
    "voice": "",
}  # fmt: skip
RELATION = SENTIMENT | {"measure": "relation", "target": "", "pair": "RUS-USA"}


def article(outlet: str, story: Any, value: float, **changes: Any) -> Row:
    """One article of an outlet on a story, of two passages, own text, news, on the story's day."""
    day = story if isinstance(story, int) else 0
    return {
        **SENTIMENT,
        "outlet": outlet,
        "story": str(story),
        "value": value,
        "n_passages": 2,
        "published": pd.Timestamp("2018-01-01") + pd.Timedelta(days=day),
        "vote": "own",
        "genre": "news",
    } | changes


def table(rows: Iterable[Row]) -> pd.DataFrame:
    """Article scores, each article with an id of its own unless its row names one."""
    made = pd.DataFrame([{"article_id": f"a{number:05d}"} | row for number, row in enumerate(rows)])
    return made.assign(published=pd.to_datetime(made["published"]))


def told(outlets: Mapping[str, Mapping[Any, Iterable[float]]], **changes: Any) -> list[Row]:
    """Outlet to story to the values of its articles on it."""
    return [
        article(outlet, story, value, **changes)
        for outlet, stories in outlets.items()
        for story, values in stories.items()
        for value in values
    ]


def compared(rows: Iterable[Row] | pd.DataFrame, minimum: tuple[int, int] = (3, 2), **settings: Any) -> Comparison:
    """What a report compares, with cells small enough for a test."""
    articles = rows if isinstance(rows, pd.DataFrame) else table(rows)
    least = {"minimum_articles": minimum[0], "minimum_stories": minimum[1]}
    return compare_articles(articles, **{"draws": 100, **least, **settings})


def drawn(seed: int, outlets: str = "AB", stories: int = 60, story_sd: float = 0.1, shift: float = 0.0) -> list[Row]:
    """Every outlet tells two of three stories, by chance, each in one to three articles; the first one is shifted."""
    rng = np.random.default_rng(seed)
    events = rng.normal(0, story_sd, stories)
    return [
        article(outlet, story, float(events[story] + rng.normal(0, 0.15) + shift * (outlet == outlets[0])))
        for outlet in outlets
        for story in range(stories)
        if rng.random() < 2 / 3
        for _ in range(rng.integers(1, 4))
    ]
