"""Sampling: which articles and passages are coded, with the probability with which each was drawn.

Articles are drawn in strata, passages within the articles drawn, both simply and without replacement. Probabilities are
known, so that what coders say of the sample can be weighted up to all articles: p_article = n_h / N_h in stratum h, and
p_passage = k_i / n_i in article i.

References:
    Sarndal, C.-E., Swensson, B., Wretman, J. (1992). Model Assisted Survey Sampling, chapters 3 and 4. Springer.
"""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corpora.errors import InputError

# Articles that a stratum gives at least, where it has them: of one alone no spread within the stratum is known.
LEAST = 2
# Part of an outlet's share of the sample that the least numbers of its strata may take. Where it is more, strata are
# made coarser, since small strata would else be drawn far more often than large ones and the weights would scatter.
MOST_LEAST = 0.5
THIRDS = ("low", "middle", "high")
BETWEEN = " | "


def draw(readings: pd.DataFrame, articles: int, passages: int, seed: int) -> pd.DataFrame:
    """Draw articles, and passages within them.

    Args:
        readings: How the machine read the passages, of `framing.coding.question.readings`, with `period`.
        articles: Articles to draw; all of them where there are fewer.
        passages: Passages to draw in an article, at most.
        seed: Seed; the same seed and readings give the same sample.

    Returns:
        The drawn rows of `readings` with `stratum`, `stratum_size` (N_h) and `stratum_drawn` (n_h), in articles;
        `p_article`, `p_passage`; `n_passages` of the article and `article_value`, the machine's mean over them all;
        `unit`: u0001, u0002, ..., numbered in an order that tells nothing.

    Raises:
        InputError: Fewer than 2 articles or 1 passage are asked for, or fewer articles than twice the outlets.
    """
    if articles < LEAST or passages < 1:
        raise InputError(f"{articles} articles, {passages} passages: at least {LEAST} articles and 1 passage are drawn")
    generator = np.random.default_rng(seed)
    whole = article_table(readings)
    whole = whole.assign(stratum=stratify(whole, articles))
    places, _ = pd.factorize(whole["stratum"], sort=True)
    sizes = np.bincount(places)
    drawn = allocate(sizes, articles)
    chosen = [
        generator.choice(np.flatnonzero(places == stratum), size=number, replace=False)
        for stratum, number in enumerate(drawn.tolist())
    ]
    whole = whole.assign(stratum_size=sizes[places], stratum_drawn=drawn[places], p_article=(drawn / sizes)[places])
    sample = whole.iloc[np.sort(np.concatenate(chosen))]
    each = readings.drop_duplicates("passage_id")[["passage_id", "article_id"]]
    each = each[each["article_id"].isin(sample["article_id"])].sort_values(["article_id", "passage_id"])
    order = pd.Series(generator.random(len(each)), index=each.index).groupby(each["article_id"]).rank(method="first")
    each = each[order <= passages]
    units = generator.permutation(len(each)) + 1
    digits = max(4, len(str(len(each))))
    each = each.assign(unit=[f"u{number:0{digits}d}" for number in units])
    kept = readings.merge(each[["passage_id", "unit"]], on="passage_id")
    facts = ["article_id", "stratum", "stratum_size", "stratum_drawn", "p_article", "n_passages"]
    kept = kept.merge(sample[facts], on="article_id", how="left", validate="many_to_one")
    kept["p_passage"] = kept["n_passages"].clip(upper=passages) / kept["n_passages"]
    means = readings.groupby(["article_id", "category"])["machine_value"].mean().rename("article_value")
    kept = kept.merge(means, on=["article_id", "category"], how="left")
    # The frames of a unit stay in the codebook's order.
    return kept.sort_values("unit", kind="stable").reset_index(drop=True)


def article_table(readings: pd.DataFrame) -> pd.DataFrame:
    """One row an article, by its id: `outlet`, `period`, `published`, `n_passages`, and `value`, the machine's mean.

    Of frames, which are many values, `value` is missing.
    """
    grouped = readings.groupby("article_id", sort=True)
    table = grouped.agg(
        outlet=("outlet", "first"),
        period=("period", "first"),
        published=("published", "first"),
        story=("story", "first"),
        n_passages=("passage_id", "nunique"),
        value=("machine_value", "mean"),
    ).reset_index()
    return table.assign(value=np.nan) if readings["category"].nunique() > 1 else table


def stratify(table: pd.DataFrame, articles: int) -> pd.Series[str]:
    """Stratum of each article: its outlet, and within it the period and the third of the outlet's machine values.

    An outlet's strata are the finest whose least numbers together are at most half of its share of the sample: by the
    study's period, by quarters, by years, by no period, or the outlet alone.

    Args:
        table: Of `article_table`.
        articles: How many will be drawn.

    Raises:
        InputError: There are too many outlets to draw two articles of each.
    """
    least = int(table["outlet"].value_counts().clip(upper=LEAST).sum())
    if least > articles:
        raise InputError(
            f"{articles} articles are too few for {table['outlet'].nunique()} outlets; draw {least} or more: "
            f"{LEAST} of each"
        )
    parts = [
        _finest(own, MOST_LEAST * articles * len(own) / len(table)) for _, own in table.groupby("outlet", sort=True)
    ]
    return pd.concat(parts).loc[table.index]


def _finest(own: pd.DataFrame, most: float) -> pd.Series[str]:
    """The finest strata of an outlet whose least numbers are at most so many."""
    for strata in _from_fine_to_coarse(own):
        if strata.value_counts().clip(upper=LEAST).sum() <= most:
            return strata
    return own["outlet"].map(_quoted)


def _from_fine_to_coarse(own: pd.DataFrame) -> Iterator[pd.Series[str]]:
    outlet = own["outlet"].map(_quoted)
    third = thirds(own["value"].to_numpy(dtype=float))
    label = BETWEEN + pd.Series(third, index=own.index) if third else ""
    year = own["published"].dt.strftime("%Y").fillna("")
    quarter = (year + "-Q" + own["published"].dt.quarter.astype("Int64").astype("string")).fillna("").astype(str)
    finer = own["period"].nunique() + 1
    for period in (own["period"], quarter, year):
        # A quarter is no coarser than a study's half-years.
        if period.nunique() < finer:
            finer = period.nunique()
            yield outlet + BETWEEN + period.where(period != "", "undated") + label
    yield outlet + label


def _quoted(outlet: str) -> str:
    """An outlet's name, such that no name is the stratum of another outlet."""
    return json.dumps(outlet, ensure_ascii=False) if BETWEEN.strip() in outlet else outlet


def thirds(values: NDArray[np.float64]) -> list[str]:
    """Third of all values in which each lies: low, middle or high; equal values in one. Empty where any is missing.

    >>> thirds(np.array([-0.5, 0.0, 0.5]))
    ['low', 'middle', 'high']
    """
    if np.isnan(values).any():
        return []
    bounds = np.quantile(values, [1 / 3, 2 / 3])
    return [THIRDS[place] for place in np.searchsorted(bounds, values, side="left").tolist()]


def allocate(sizes: NDArray[np.intp], articles: int) -> NDArray[np.int64]:
    """Articles to draw from each stratum: in proportion to its size, but two from each that has them.

    Strata whose share is below their least number get that; the rest is shared among the others in proportion, rounded
    by the largest remainders.

    Args:
        sizes: Articles of each stratum (H), at least 1.
        articles: Articles to draw; all where there are fewer.

    Raises:
        InputError: The least numbers together are more.

    >>> allocate(np.array([60, 30, 1]), 12).tolist()
    [7, 4, 1]
    >>> allocate(np.array([90, 8, 2]), 10).tolist()
    [6, 2, 2]
    """
    articles = min(articles, int(sizes.sum()))
    least = np.minimum(sizes, LEAST)
    if least.sum() > articles:
        raise InputError(f"{articles} articles are too few for {len(sizes)} strata; draw {least.sum()} or more")
    fixed = np.zeros(len(sizes), dtype=bool)
    share = np.zeros(len(sizes))
    while True:
        free = articles - least[fixed].sum()
        open_size = sizes[~fixed].sum()
        share = np.where(fixed, least, sizes * (free / open_size if open_size else 0.0))
        short = ~fixed & (share < least)
        if not short.any():
            break
        fixed |= short
    whole = np.floor(share + 1e-9).astype(np.int64)
    order = np.argsort(-(share - whole), kind="stable")
    whole[order[: articles - int(whole.sum())]] += 1
    return whole
