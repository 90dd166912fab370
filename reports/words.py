"""Keyness: which words and phrases one outlet uses more, or less, than the others.

The log-odds ratio has a Dirichlet prior; its interval comes from a bootstrap of whole stories, because the words of an
article, and the articles of a story, are not independent. `docs/measures/words.md` tells the choices and what they
were measured on.

References:
    Monroe, B. L., Colaresi, M. P., Quinn, K. M. (2008). Fightin' Words: Lexical Feature Selection and Evaluation for
    Identifying the Content of Political Conflict. Political Analysis 16(4), 372-403.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse, stats

from corpora.errors import InputError
from framing.resampling import cluster_weights
from reports.sides import Floats, Side
from reports.study import REST
from reports.terms import Terms

# An outlet of fewer articles is compared with nobody, as in every cell of the report.
MINIMUM_ARTICLES = 10
# Nor one whose articles tell fewer stories: whole stories are drawn, and a few say nothing of how much words vary.
MINIMUM_STORIES = 5
# The prior's words, as a share of the smaller side's: see docs/measures/words.md.
PRIOR_SHARE = 0.5
# A word whose formula alone, which takes every token for independent, gives less than this cannot be told apart, and
# is not bootstrapped.
SCREEN = 2.0
DRAWS = 500
# Words that are bootstrapped at once; 500 draws of them take 4 MB.
PIECE = 2_048
COLUMNS = [
    "outlet", "reference", "word", "n", "n_articles", "n_reference", "n_articles_reference", "per_10000",
    "per_10000_reference", "log_odds", "low", "high", "z", "z_tokens", "p", "q", "dp", "n_screened",
]  # fmt: skip


def keyness(
    terms: Terms,
    outlets: Sequence[str] = (),
    reference: str = REST,
    shared: bool = False,
    prior: float | None = None,
    draws: int = DRAWS,
    seed: int = 0,
    minimum_articles: int = MINIMUM_ARTICLES,
) -> pd.DataFrame:
    """Words and phrases that outlets use more (positive) or less than the reference does.

    With y occurrences among n words on a side, and a prior of a_w = a_0 * (share of the word in both sides' words):

        log_odds = ln[(y + a_w) / (n + a_0 - y - a_w)], the outlet's less the reference's
        z        = log_odds / standard error over bootstrap draws of whole stories (an article without one alone)
        z_tokens = log_odds / sqrt(1 / (y_o + a_w) + 1 / (y_r + a_w)), the formula's own, every token independent

    A side's variance is never taken to be smaller than the formula's. Do not compare z between corpora or outlets of
    different size: it grows with the number of articles. `log_odds` compares, apart from the prior's pull to 0.

    Args:
        terms: Counts, of `count_terms`.
        outlets: Outlets to compare; all that have enough articles unless named.
        reference: An outlet, or `rest`: all others with enough articles, in which each outlet's rate counts alike.
        shared: Only the articles of stories that both sides cover; articles without a story are then left out.
        prior: a_0, in words; half of the smaller side's words unless given.
        draws: Bootstrap draws, at least 100.
        seed: Seed of the draws.
        minimum_articles: Articles that an outlet needs, after `shared`, on either side.

    Returns:
        One row an outlet and word whose `z_tokens` is at least 2 either way, by outlet and falling |z|. `n` and
        `n_articles` count the word and the articles with it; `per_10000` is per 10,000 words, of `rest` the mean of the
        outlets' rates; `low` to `high` is the 95 % interval of `log_odds`; `q` is `p` after Benjamini and Hochberg over
        the outlet's `n_screened` words, those in enough articles of the side that uses them more; `dp` is
        Gries' normalised deviation of proportions over the outlet's articles, 0 (even) to 1 (all in one).

    Raises:
        InputError: There is one outlet only, a name is none of the outlets, too few articles are left, or a number is
            too small.

    References:
        Benjamini, Y., Hochberg, Y. (1995). Controlling the False Discovery Rate. J. R. Statist. Soc. B 57(1), 289-300.
        Gries, S. Th. (2008). Dispersions and Adjusted Frequencies in Corpora. International Journal of Corpus
        Linguistics 13(4), 403-437.

    >>> from reports.terms import count_terms
    >>> texts = {"A": "The regime struck again today.", "B": "The government struck again today."}
    >>> rows = [{"article_id": f"{o}{n}", "outlet": o, "text": t} for o, t in texts.items() for n in range(40)]
    >>> found = keyness(count_terms(rows, longest=1), outlets=["A"])
    >>> found[["word", "n", "n_reference", "dp"]].values.tolist()
    [['government', 0, 40, nan], ['regime', 40, 0, 0.0]]
    """
    if draws < 100 or minimum_articles < 2 or (prior is not None and not prior > 0):
        raise InputError(
            f"draws {draws}, minimum_articles {minimum_articles}, prior {prior}: at least 100, at least 2, above 0"
        )
    articles, counts = _with_words(terms)
    _check(articles, [*outlets, *([reference] if reference != REST else [])])
    clusters = _clusters(articles)
    weights = cluster_weights(int(clusters.max()) + 1, draws, seed).T
    tables = []
    where = " that both sides cover" if shared else ""
    for outlet in sorted(set(outlets) or set(articles["outlet"]) - {reference}):
        rows = _sides(articles, outlet, reference, shared, minimum_articles)
        if rows is None and outlets:
            raise InputError(f"{outlet!r} or {reference} has fewer than {minimum_articles} articles with words{where}")
        if rows is not None:
            own, other = (Side.of(articles.iloc[r], counts[r], clusters[r]) for r in rows)
            if min(len(np.unique(side.clusters)) for side in (own, other)) < MINIMUM_STORIES:
                continue
            tables.append(_compared(own, other, terms, prior, weights).assign(outlet=outlet, reference=reference))
    if not tables:
        need = f"{minimum_articles} articles with words on {MINIMUM_STORIES} stories"
        raise InputError(f"no outlet has {need}{where}, and another to compare it with")
    return pd.concat(tables, ignore_index=True)[COLUMNS]


def _compared(own: Side, other: Side, terms: Terms, prior: float | None, weights: NDArray[np.float32]) -> pd.DataFrame:
    """The table of one outlet."""
    strength = PRIOR_SHARE * min(own.size, other.size) if prior is None else prior
    more = own.rates() > other.rates()
    screened = np.flatnonzero(np.where(more, own.articles_with(), other.articles_with()) >= terms.minimum)
    own, other = own.select(screened), other.select(screened)
    alpha = strength * (own.occurrences() + other.occurrences()) / (own.tokens.sum() + other.tokens.sum())
    value = log_odds(own.rates() * own.size, own.size, alpha, strength)
    value -= log_odds(other.rates() * other.size, other.size, alpha, strength)
    formula = np.array([1 / (side.rates() * side.size + alpha) for side in (own, other)])
    z_tokens = value / np.sqrt(formula.sum(axis=0))
    chosen = np.flatnonzero(np.abs(z_tokens) >= SCREEN)
    own, other, value = own.select(chosen), other.select(chosen), value[chosen]
    se, freedom = _spread(own, other, alpha[chosen], strength, formula[:, chosen], weights)
    reach = stats.t.ppf(0.975, freedom) * se
    p = 2 * stats.t.sf(np.abs(value) / se, freedom)
    table = pd.DataFrame(
        {
            "word": terms.names[screened[chosen]],
            "n": own.occurrences().astype(int),
            "n_articles": own.articles_with(),
            "n_reference": other.occurrences().astype(int),
            "n_articles_reference": other.articles_with(),
            "per_10000": 1e4 * own.rates(),
            "per_10000_reference": 1e4 * other.rates(),
            "log_odds": value,
            "low": value - reach,
            "high": value + reach,
            "z": value / se,
            "z_tokens": z_tokens[chosen],
            "p": p,
            "q": benjamini_hochberg(p, len(screened)),
            "dp": own.dispersion(),
            "n_screened": len(screened),
        }
    )
    # Rounded, so that the order of words that differ in the last bit alone is the same everywhere.
    return table.iloc[np.lexsort((table["word"].to_numpy(dtype=str), -np.abs(value / se).round(6)))]


def _spread(
    own: Side, other: Side, alpha: Floats, strength: float, formula: Floats, weights: NDArray[np.float32]
) -> tuple[Floats, Floats]:
    """Standard error of each word's log-odds ratio, and its degrees of freedom (Satterthwaite 1946)."""
    shares = [side.shares(weights[side.clusters]) for side in (own, other)]
    groups = [len(np.unique(side.clusters)) for side in (own, other)]
    variances = np.empty((2, len(alpha)))
    covariance = np.empty(len(alpha))
    for start in range(0, len(alpha), PIECE):
        piece = slice(start, start + PIECE)
        drawn = [
            log_odds(side.select(piece).rates(share) * side.size, side.size, alpha[piece, None], strength)
            for side, share in zip((own, other), shares, strict=True)
        ]
        variances[:, piece] = [values.var(axis=1, ddof=1) for values in drawn]
        covariance[piece] = (variances[:, piece].sum(axis=0) - (drawn[0] - drawn[1]).var(axis=1, ddof=1)) / 2
    # The bootstrap's variance is too small by (G - 1) / G where G clusters are drawn, and 0 for a word that a side has
    # never used; the formula knows that the next article may hold it.
    variances *= np.array([[count / (count - 1)] for count in groups])
    # A variance that was measured is as sure as the articles with the word are many.
    known = [np.maximum(side.articles_with() - 1, 1) for side in (own, other)]
    freedoms = np.where(variances > formula, known, np.array([[count - 1] for count in groups]))
    variances = np.maximum(variances, formula)
    total = variances.sum(axis=0)
    freedom = total**2 / (variances**2 / freedoms).sum(axis=0)
    return np.sqrt(total - 2 * covariance), freedom


def log_odds(y: Floats, n: float, alpha: Floats, strength: float) -> Floats:
    """Logarithm of a word's odds on one side, its prior added: ln[(y + a_w) / (n + a_0 - y - a_w)].

    Args:
        y: Occurrences of the word.
        n: Words in all.
        alpha: The word's share of the prior, in words; above 0.
        strength: The whole prior, in words.

    >>> log_odds(np.array([4.0]), 10, np.array([1.0]), 0.0).tolist()
    [0.0]
    """
    with_prior = y + alpha
    return np.asarray(np.log(with_prior / (n + strength - with_prior)))


def benjamini_hochberg(p: Floats, family: int) -> Floats:
    """Benjamini and Hochberg's adjusted p-values of the smallest p of a family; the others count as 1.

    >>> benjamini_hochberg(np.array([0.01, 0.03]), 4).tolist()
    [0.04, 0.06]
    """
    order = np.argsort(p, kind="stable")
    adjusted = p[order] * family / np.arange(1, len(p) + 1)
    q = np.empty(len(p))
    q[order] = np.minimum(np.minimum.accumulate(adjusted[::-1])[::-1], 1)
    return q


def _with_words(terms: Terms) -> tuple[pd.DataFrame, sparse.csr_matrix]:
    """The articles that hold words, in the order of their ids, so that the order they came in does not matter."""
    articles = terms.articles[terms.articles["tokens"] > 0].sort_values("article_id", kind="stable")
    return articles.reset_index(drop=True), terms.counts[articles.index.to_numpy()]


def _clusters(articles: pd.DataFrame) -> NDArray[np.int64]:
    """Number of each article's story; an article without one is a story of its own."""
    story = articles["story"].to_numpy(dtype=object)
    own = "\0" + articles["article_id"].to_numpy(dtype=object)  # no story's name
    numbers = np.unique(np.where(story == "", own, story).astype(str), return_inverse=True)[1]
    return np.asarray(numbers, dtype=np.int64)


def _check(articles: pd.DataFrame, named: Sequence[str]) -> None:
    known = sorted(set(articles["outlet"]))
    if not known:
        raise InputError("no article holds a word: there is nothing to compare")
    for name in named:
        if name not in known:
            raise InputError(f"no outlet {name!r} with words; there are: {', '.join(known)}")
    if len(known) == 1:
        raise InputError(f"all articles are of {known[0]!r}: there is no other outlet to compare its words with")


def _sides(
    articles: pd.DataFrame, outlet: str, reference: str, shared: bool, minimum: int
) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
    """Rows of the outlet's articles and of the reference's, or None where either has too few."""
    names, story = articles["outlet"].to_numpy(dtype=object), articles["story"].to_numpy(dtype=object)
    own = names == outlet
    other = ~own if reference == REST else (names == reference) & ~own
    if shared:
        both = (set(story[own]) & set(story[other])) - {""}
        told = np.array([s in both for s in story], dtype=bool)
        own, other = own & told, other & told
    found, sizes = np.unique(names[other].astype(str), return_counts=True)
    other &= np.isin(names.astype(str), found[sizes >= minimum])
    if own.sum() < minimum or other.sum() < minimum:
        return None
    return np.flatnonzero(own), np.flatnonzero(other)
