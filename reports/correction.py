"""Correction: article scores corrected for the machine's errors, by human codes of a sample of known probabilities.

A corrected article score is a pseudo-outcome: of no use by itself, but its mean over articles is an unbiased estimate
of the mean human code, whatever the machine's errors. It stands in the article scores' own schema, so that levels,
differences and decompositions run on it unchanged.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from corpora.errors import InputError
from framing.coding.human import human_codes, of_frames
from reports.article_scores import KEY
from reports.pseudo_outcomes import DEFAULT, FOLDS, SEED, pseudo_outcomes

MISSING = ("error", "random")
# Of an outlet with fewer coded articles nothing is said.
FEWEST = 5
# An error that befalls one article in ten is seen in none of so many with a chance of 4 %, and then not corrected.
ADVISED = 30
# An article's mean in the sample and among the articles are of one scorer if no further apart (DESIGN.md, section 6).
SAME = 1e-3


def correct(
    articles: pd.DataFrame,
    sample: pd.DataFrame,
    codes: pd.DataFrame,
    values: Mapping[str, float],
    method: str = DEFAULT,
    missing: str = "error",
    folds: int = FOLDS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Article scores with pseudo-outcomes for values: the machine's reading, corrected by human codes.

    The value becomes the pseudo-outcome of `reports.pseudo_outcomes`, where the formulas are. The estimand is the mean
    human code of all passages, first over an article, then over articles; where coders differ, their mean.

    Args:
        articles: Article scores of one measure, all those from which the sample was drawn.
        sample: The units as drawn (see `framing.coding`).
        codes: `unit`, `coder`, `label`.
        values: Value of each label on the measure's scale; not looked at for frames.
        method: `dsl`, `ppi` or `tuned`: see `reports.pseudo_outcomes`.
        missing: What to do with units that nobody coded: `error`, or `random`: take the coded ones to be a random part
            of the passages of their article, and the articles with any a random part of their stratum. Right where
            coders stopped before the end of their shuffled sheets; wrong where they left out what was hard.
        folds: Parts into which the stories are dealt, at least 2.
        seed: Seed of the dealing.

    Returns:
        The articles of outlets with at least 5 coded articles: `value` corrected, `coded` (whether the article was),
        and `span` (what it adds to the variance, from which degrees of freedom follow). Values lie outside of the
        scale. What is left out, and why, is told by `coded_outlets`.

    Raises:
        InputError: The sample does not belong to the articles, a probability is lost or does not fit, a unit without a
            code, an unknown label, no outlet with enough coded articles, no such method.
    """
    table = _coded_articles(sample, codes, values, missing)
    _check_articles(articles, sample)
    key = ["category", "article_id"] if of_frames(sample) else ["article_id"]
    coded = table.loc[table["coded"], [*key, "human", "machine", "p"]]
    joined = articles.merge(coded, on=key, how="left", validate="one_to_one")
    joined["coded"] = joined["p"].notna()
    enough = joined.groupby(["category", "outlet"])["coded"].transform("sum") >= FEWEST
    if not enough.any():
        raise InputError(f"no outlet has {FEWEST} coded articles: nothing can be corrected")
    joined = joined[enough].reset_index(drop=True)
    numbers = joined[["value", "human", "machine", "p"]].to_numpy(dtype=float)
    outlet, story = joined["outlet"].to_numpy(dtype=str), joined["story"].to_numpy(dtype=str)
    value = np.empty(len(joined))
    for rows in joined.groupby("category").indices.values():
        read, human, machine, p = numbers[rows].T
        value[rows] = pseudo_outcomes(read, human, machine, p, outlet[rows], story[rows], method, folds, seed)
    # Nearly all of the variance comes from the coded articles, each by the articles that it stands for.
    span = np.where(joined["coded"], 1 / joined["p"] ** 2, 0.0)
    return joined.assign(value=value, span=span)[[*articles.columns, "coded", "span"]]


def coded_outlets(
    sample: pd.DataFrame, codes: pd.DataFrame, values: Mapping[str, float], missing: str = "error"
) -> pd.DataFrame:
    """How much human coding stands behind each outlet's correction.

    Returns:
        One row an outlet (and frame): `category`, `outlet`, `n_articles` (from which the sample was drawn), `n_coded`
        (coded articles), `n_stories` (theirs), `n_passages` (coded), `n_left_out` (articles drawn and not coded),
        `smallest_p` (of being coded), `n_effective` (coded articles less what unequal probabilities cost: (sum 1/p)^2 /
        sum 1/p^2), `note`.

    Raises:
        InputError: As `correct`.

    References:
        Kish, L. (1965). Survey Sampling. Wiley.
    """
    table = _coded_articles(sample, codes, values, missing)
    rows = []
    for (category, outlet), drawn in table.groupby(["category", "outlet"], sort=True):
        own = drawn[drawn["n_coded"] > 0]
        weight = 1 / own["p"]
        rows.append(
            {
                "category": category,
                "outlet": outlet,
                "n_articles": int(drawn.groupby("stratum")["stratum_size"].first().sum()),
                "n_coded": len(own),
                "n_stories": own["story"].nunique(),
                "n_passages": int(own["n_coded"].sum()),
                "n_left_out": len(drawn) - len(own),
                "smallest_p": own["p"].min(),
                "n_effective": float(weight.sum() ** 2 / (weight**2).sum()) if len(own) else 0.0,
                "note": _note(own, len(drawn) - len(own)),
            }
        )
    return pd.DataFrame(rows)


def _note(coded: pd.DataFrame, left_out: int) -> str:
    n, notes = len(coded), []
    if n < FEWEST:
        notes.append(f"not enough data: {n} coded articles, {FEWEST} are needed")
    elif n < ADVISED:
        notes.append(f"few coded articles: {n}, {ADVISED} are advised")
    if n >= FEWEST and coded["human"].nunique() == 1:
        notes.append("all codes are alike: what was not seen is not corrected")
    if left_out:
        notes.append(f"{left_out} articles were drawn and not coded: the others stand for them as if by chance")
    return "; ".join(notes)


def _coded_articles(
    sample: pd.DataFrame, codes: pd.DataFrame, values: Mapping[str, float], missing: str
) -> pd.DataFrame:
    """Sampled articles (of each category) with the mean human and machine value of their coded passages, and p."""
    if missing not in MISSING:
        raise InputError(f"missing={missing!r:.40}: units without a code can be taken as: {', '.join(MISSING)}")
    units = human_codes(sample, codes, values)
    _check_design(units)
    uncoded = units[units["human"].isna()]
    if missing == "error" and len(uncoded):
        raise InputError(
            f"{uncoded['unit'].nunique()} units have no code, the first is {uncoded['unit'].iloc[0]!r:.40}: code them, "
            "or say missing='random' if chance alone decided which are left"
        )
    if not of_frames(sample):
        units["category"] = ""
    units["machine"] = units["machine_value"].where(units["human"].notna()).astype(float)
    table = units.groupby(["category", "article_id"], sort=True).agg(
        outlet=("outlet", "first"),
        story=("story", "first"),
        stratum=("stratum", "first"),
        stratum_size=("stratum_size", "first"),
        p=("p_article", "first"),
        n_coded=("human", "count"),
        human=("human", "mean"),
        machine=("machine", "mean"),
    )
    table = table.reset_index().assign(coded=lambda t: t["n_coded"] > 0)
    done = table.groupby(["category", "stratum"])["coded"].transform("sum")
    empty = table.loc[done == 0, "stratum"]
    if len(empty):
        raise InputError(
            f"nothing of stratum {empty.iloc[0]!r:.60} was coded: its articles have nobody to stand for them"
        )
    if missing == "random":
        table["p"] = done / table["stratum_size"]
    return table


def _check_design(units: pd.DataFrame) -> None:
    """What the sample says of its drawing must fit: a row lost or a stratum changed makes all probabilities wrong."""
    strata = units.groupby("stratum").agg(
        size=("stratum_size", "first"), drawn=("stratum_drawn", "first"), here=("article_id", "nunique")
    )
    lost = strata[strata["drawn"] != strata["here"]]
    if len(lost):
        name, row = lost.index[0], lost.iloc[0]
        raise InputError(
            f"stratum {name!r:.60} has {row['here']} articles in the sample and {row['drawn']} were drawn: the "
            "inclusion probabilities do not hold for a part of a sample"
        )
    wrong = units[(units["p_article"] - units["stratum_drawn"] / units["stratum_size"]).abs() > 1e-6]
    if len(wrong):
        row = wrong.iloc[0]
        raise InputError(
            f"unit {row['unit']!r:.40} has p_article {row['p_article']:g}, and {row['stratum_drawn']} of "
            f"{row['stratum_size']} articles were drawn from its stratum"
        )


def _check_articles(articles: pd.DataFrame, sample: pd.DataFrame) -> None:
    """The articles are of one measure, and those from which the sample was drawn."""
    frames = of_frames(sample)
    several = [
        name
        for name in KEY
        if name in articles and articles[name].nunique() > 1 and not (frames and name == "category")
    ]
    if several:
        known = ", ".join(sorted(map(str, set(articles[several[0]])))[:8])
        raise InputError(
            f"the article scores are of several kinds of {several[0]}: {known:.200}; choose one to correct"
        )
    key = ["category", "article_id"] if frames else ["article_id"]
    twice = articles[articles.duplicated(key)]
    if len(twice):
        raise InputError(f"article {twice['article_id'].iloc[0]!r:.60} has two scores")
    if not np.isfinite(articles["value"].astype(float)).all():
        raise InputError("an article score is missing or infinite; articles without a score are left out beforehand")
    drawn = sample.drop_duplicates(key)
    found = drawn[[*key, "article_value"]].merge(articles[[*key, "value"]], on=key, how="left")
    lost = found[found["value"].isna()]
    if len(lost):
        raise InputError(
            f"article {lost['article_id'].iloc[0]!r:.60} was sampled and is not among the {len(articles)} article "
            "scores: they must be those from which the sample was drawn"
        )
    other = found[~((found["value"] - found["article_value"]).abs() <= SAME)]
    if len(other):
        row = other.iloc[0]
        raise InputError(
            f"article {row['article_id']!r:.60} has the machine's value {row['value']:.4g}, and "
            f"{row['article_value']:.4g} in the sample: they are of different scorers, or of different passages"
        )
    sizes = sample.drop_duplicates("stratum").groupby("outlet")["stratum_size"].sum()
    counts = articles.drop_duplicates("article_id").groupby("outlet").size().reindex(sizes.index, fill_value=0)
    changed = sizes[sizes != counts]
    if len(changed):
        outlet = changed.index[0]
        raise InputError(
            f"{outlet!r:.60} has {counts[outlet]} articles, and the sample was drawn from {changed.iloc[0]}: correct "
            "all of them, then choose"
        )
