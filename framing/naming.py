"""Naming: by which of its names each outlet calls a country; docs/measures/naming.md has the definitions."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from corpora.article import PARTS, Article
from corpora.corpus import Corpus
from corpora.errors import InputError
from framing.countries import Mention, read_dyad
from framing.passages import part_mentions
from framing.resampling import cluster_weights, percentile_interval

if TYPE_CHECKING:
    import pandas as pd

# What a country can be called; a capital that is a place (`place`) is counted, and is no name of its government.
NAMES = ("country", "demonym", "capital", "metonym", "leader", "regime")
PLACE = "place"
NAMING_VERSION = "1"
DRAWS, SEED = 1000, 1
# Articles that a cell needs, as everywhere (the study's minimum).
MINIMUM = 10

# Words that deny a government its standing. "The sanctions regime" and "regime change" are other words.
REGIME = r"(?:regime|junta|dictatorship|autocracy|kleptocracy|tyranny|clique|cabal)"
QUALITY = r"(?:authoritarian|autocratic|brutal|corrupt|criminal|current|despotic|dictatorial|new|present|ruling)"
# Some scrapers take apostrophes out: "Putin s regime".
REGIME_AFTER = re.compile(rf"(?:'s| s)? (?:{QUALITY} )?{REGIME}(?!\w| change)", re.IGNORECASE)
REGIME_BEFORE = re.compile(rf"(?<!\w){REGIME} (?:of|in|led by|headed by) (?:(?:the|Mr\.|President|Prime Minister) )?$")

INSIDE = (
    r"in|inside|at|near|outside|around|across|through|throughout|into|downtown|central|visit|visited|visiting|leave|"
    r"left|(?:city|center|centre|heart|streets|outskirts|suburbs?) of|Trump Tower"
)
MOTION = (
    r"flew|fly|flying|flights?|flown|trips?|travel(?:l?ed|l?ing)?|went|go|goes|going|return(?:ed|ing)?|mov(?:ed|ing)|"
    r"journey|came|come|back|drove|visits?|train|road|ambassador|envoy|report(?:ed|ing|s)|live"
)
PLACE_BEFORE = re.compile(rf"(?<!\w)(?:(?:{INSIDE})|(?:{MOTION}) (?:\w+ )?(?:to|from)) {{1,2}}$", re.IGNORECASE)
PLACE_AFTER = re.compile(
    r"(?:-based|-born|,? D\.?C(?:\.|(?!\w))|(?:'s)? (?:time|city|region|airport|hotels?|streets?|suburbs?|apartment|"
    r"bureau|(?:field )?office|correspondent|subway|metro|area|trip|visit|residents|mayor|court|university|meeting|"
    r"summit|embassy|Embassy|consulate|[Cc]onference|State|[Ss]chool|University|[Pp]roject|Trump Tower|skyscraper|deal|"
    r"restaurant|theat(?:er|re)))(?!\w)"
)
AGAINST = re.compile(r"(?<!\w)(?:anti|pro)[- ]$", re.IGNORECASE)


def name_kinds(text: str, mentions: Sequence[Mention]) -> Iterator[tuple[str, str, int, int]]:
    """Country and name of each mention in a text, with its span; "Putin's Russia" is one name.

    Args:
        text: The text.
        mentions: All its mentions, of every country, in order.

    >>> from framing.countries import find_mentions
    >>> text = "Moscow spoke of Putin's Russia in Moscow. Others spoke of the Putin regime."
    >>> [(text[start:end], name) for _, name, start, end in name_kinds(text, find_mentions(text))]
    [('Moscow', 'capital'), ("Putin's Russia", 'regime'), ('Moscow', 'place'), ('Putin', 'regime')]
    """
    flat = text.replace("\n", " ").replace("\u00a0", " ").replace("’", "'")
    taken = 0
    for mention, following in zip_longest(mentions, mentions[1:]):
        start, end = mention.start, mention.end
        if start < taken:
            continue
        name = mention.kind
        if following and name == "leader" and _owns(flat, mention, following):
            name, end = "regime", following.end
        elif _is_regime(flat, start, end):
            name = "regime"
        elif name == "capital" and (_is_place(flat, start, end) or _is_address(flat, mention, following)):
            name = PLACE
        taken = end
        yield mention.country, name, start, end


def _owns(flat: str, leader: Mention, country: Mention) -> bool:
    owned = country.kind == "country" and country.country == leader.country
    return owned and flat[leader.end : country.start] in ("'s ", "' ", " s ")


def _is_address(flat: str, capital: Mention, following: Mention | None) -> bool:
    """Whether a capital stands before its own country's name: "Moscow, Russia"."""
    named = following and following.country == capital.country and following.kind == "country"
    return bool(named and following and flat[capital.end : following.start] == ", ")


def _is_regime(flat: str, start: int, end: int) -> bool:
    if REGIME_BEFORE.search(flat, max(0, start - 60), start):
        return True
    return bool(REGIME_AFTER.match(flat, end)) and not AGAINST.search(flat, max(0, start - 6), start)


def _is_place(flat: str, start: int, end: int) -> bool:
    return bool(PLACE_AFTER.match(flat, end) or PLACE_BEFORE.search(flat, max(0, start - 40), start))


def names(articles: Corpus | Iterable[Article], dyad: str | tuple[str, str], part: str = "body") -> pd.DataFrame:
    """How often each article calls each country of a dyad by each kind of name.

    Args:
        articles: A corpus, or articles.
        dyad: `USA-RUS`, or the two codes.
        part: Which part of an article is read: title, body or captions.

    Returns:
        A frame with one row per article, country and name that occurs: `article_id`, `outlet`, `published`
        (datetime64), `country`, `name` (one of `NAMES`, or `place`), `n` (mentions).

    Raises:
        InputError: A country does not exist.
        ValueError: There is no such part.

    >>> article = Article("a1", outlet="The Daily", body="Russia waits. The Kremlin said so. Russia can wait.")
    >>> names([article], "USA-RUS")[["country", "name", "n"]].values.tolist()
    [['RUS', 'country', 2], ['RUS', 'metonym', 1]]
    """
    import pandas as pd

    if part not in PARTS:
        raise ValueError(f"no part {part!r}; there are: {', '.join(PARTS)}")
    countries = read_dyad("-".join(dyad) if isinstance(dyad, tuple) else dyad)
    rows: list[tuple[object, ...]] = []
    for article in articles.articles() if isinstance(articles, Corpus) else articles:
        mentions = part_mentions(article).get(part, [])
        counts = Counter(
            (country, name) for country, name, _, _ in name_kinds(article.text(part), mentions) if country in countries
        )
        head = (article.article_id, article.outlet, article.published)
        rows += [(*head, country, name, n) for (country, name), n in sorted(counts.items())]
    frame = pd.DataFrame(rows, columns=["article_id", "outlet", "published", "country", "name", "n"])
    frame["published"] = pd.to_datetime(frame["published"])
    return frame.astype({"n": int})


def naming(
    frame: pd.DataFrame,
    by: Sequence[str] = ("outlet",),
    minimum: int = MINIMUM,
    draws: int = DRAWS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Which share of an outlet's mentions of a country each name has: the mean over articles, with 95 % intervals.

        share(name) = mean over articles of  mentions by the name / all mentions of the country that are a name

    A capital that is a place is no name and does not count. Shares of one cell sum to 1. Compare outlets; do not
    compare two countries, since they have not the same names (no demonym "U.S.", say).

    Args:
        frame: What `names` gives; with a column `story`, whole stories are drawn for the interval, else articles.
        by: Columns that make a cell, such as `outlet` and a `period` that the caller has added.
        minimum: Articles that a cell needs; below it share and interval are missing.
        draws: Bootstrap draws.
        seed: Seed of the draws.

    Returns:
        A frame with one row per cell, country and name: the columns of `by`, `country`, `name`, `share` (0 to 1),
        `low`, `high`, `n_mentions` (by this name), `n_all` (by any), `n_articles` (that name the country).

    Raises:
        InputError: The frame lacks a column.

    References:
        Efron, B., Tibshirani, R. J. (1993). An Introduction to the Bootstrap. Chapman & Hall.

    >>> article = Article("a1", outlet="The Daily", body="Russia waits. The Kremlin said so. Russia can wait.")
    >>> naming(names([article], "USA-RUS"), minimum=1)[["name", "share"]].round(2).values.tolist()[:2]
    [['country', 0.67], ['demonym', 0.0]]
    """
    import pandas as pd

    by = [*by]
    if missing := [column for column in (*by, "article_id", "country", "name", "n") if column not in frame]:
        raise InputError(f"the names have no column {missing[0]!r}; there are: {', '.join(frame.columns)}")
    named = frame[frame["name"].isin(NAMES)]
    named = named.assign(story=named["story"].fillna(named["article_id"]) if "story" in named else named["article_id"])
    wide = named.pivot_table(
        index=[*by, "country", "article_id", "story"], columns="name", values="n", aggfunc="sum", fill_value=0
    ).reindex(columns=list(NAMES), fill_value=0)
    rows: list[tuple[object, ...]] = []
    for key, cell in wide.groupby(level=list(range(len(by) + 1))):
        counts = cell.to_numpy(dtype=float)
        shares = counts / counts.sum(axis=1, keepdims=True)
        clusters = np.unique(cell.index.get_level_values("story"), return_inverse=True)[1]
        estimates = article_means(shares, clusters, minimum, draws, seed)
        for name, estimate, n in zip(NAMES, estimates, counts.sum(axis=0), strict=True):
            rows.append((*key, name, *estimate, int(n), int(counts.sum()), len(cell)))
    columns = [*by, "country", "name", "share", "low", "high", "n_mentions", "n_all", "n_articles"]
    return pd.DataFrame(rows, columns=columns)


def article_means(
    values: NDArray[np.float64], clusters: NDArray[np.int64], minimum: int, draws: int, seed: int
) -> list[tuple[float, float, float]]:
    """Mean of each column over articles, with its 95 % percentile interval over draws of whole clusters.

    Args:
        values: One row per article, one column per quantity; none missing.
        clusters: Number of each article's cluster, from 0 without gaps.
        minimum: Articles that are needed; below it all is missing.
        draws: Bootstrap draws.
        seed: Seed of the draws.

    >>> article_means(np.array([[1.0], [1.0]]), np.array([0, 1]), minimum=2, draws=100, seed=1)
    [(1.0, 1.0, 1.0)]
    """
    if len(values) < max(1, minimum):
        return [(float("nan"),) * 3] * values.shape[1]
    size = int(clusters.max()) + 1
    sums = np.zeros((size, values.shape[1]))
    np.add.at(sums, clusters, values)
    weights = cluster_weights(size, draws, seed)
    drawn = (weights @ sums) / (weights @ np.bincount(clusters, minlength=size))[:, None]
    return [(float(m), *percentile_interval(d)) for m, d in zip(values.mean(axis=0), drawn.T, strict=True)]
