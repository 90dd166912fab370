"""Mixed model: differences between outlets as a second opinion, with a random effect of each story.

    y_i = outlet + u_story + e_i,   u_story ~ N(0, tau^2),   e_i ~ N(0, sigma^2)

fitted by restricted maximum likelihood. It supposes that every story moves all outlets by the same amount and that
effects are normal, which the story-clustered interval does not; where they hold it weighs shared stories better.

References:
    Laird, N. M., Ware, J. H. (1982). Random-Effects Models for Longitudinal Data. Biometrics 38(4), 963-974.
"""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
import pandas as pd

from reports.article_scores import KEY
from reports.comparison import ESTIMATE_COLUMNS, UNTESTED, Comparison
from reports.estimation import interval
from reports.study import REST

METHOD = "mixed model: article in story, outlet fixed (REML)"


def mixed_differences(comparison: Comparison) -> pd.DataFrame:
    """The tested differences of a comparison by the mixed model: rows of the estimates table, `kind` is `mixed`.

    A measure that the model cannot be fitted to has rows without a value and says so in `note`.
    """
    rows: list[dict[str, Any]] = []
    differences = comparison.differences()
    differences = differences[differences["p_adjusted"].notna() & ~differences["measure"].isin(UNTESTED)]
    for key, tested in differences.groupby(KEY, sort=True):
        named = dict(zip(KEY, key, strict=True))
        articles = comparison.articles
        for name in KEY:
            articles = articles[articles[name].fillna("") == named[name]]
        levels = comparison.levels(str(named["measure"]), str(named["target"]))
        outlets = sorted(levels[levels["value"].notna()]["outlet"])
        articles = articles[articles["outlet"].isin(outlets)]
        fit = _fit(articles, outlets)
        for row in tested.to_dict("records"):
            told = {name: row[name] for name in (*KEY, "outlet", "reference", "wire", "genre", "n_passages",
                                                 "n_articles", "n_stories")}  # fmt: skip
            told |= {"kind": "mixed", "period": "", "method": METHOD}
            if fit is None:
                rows.append({**told, "note": "the model could not be fitted"})
                continue
            means, covariance, freedom = fit
            contrast = np.array([float(outlet == row["outlet"]) for outlet in outlets])
            others = [o for o in outlets if o != row["outlet"]] if row["reference"] == REST else [row["reference"]]
            contrast -= np.array([(outlet in others) / len(others) for outlet in outlets])
            rows.append({**told, **interval(contrast @ means, contrast @ covariance @ contrast, freedom), "note": ""})
    return pd.DataFrame(rows).reindex(columns=ESTIMATE_COLUMNS)


def _fit(articles: pd.DataFrame, outlets: list[str]) -> tuple[Any, Any, float] | None:
    """Outlet means, their covariance, and stories less outlets; None where there is no fit."""
    from statsmodels.regression.mixed_linear_model import MixedLM

    design = np.stack([(articles["outlet"] == outlet).to_numpy(dtype=float) for outlet in outlets], axis=1)
    stories = pd.factorize(articles["story"], sort=True)[0]
    freedom = float(stories.max() + 1 - len(outlets)) if len(articles) else 0.0
    if freedom < 1 or len(articles) == stories.max() + 1 or articles["value"].std() == 0:
        return None
    with warnings.catch_warnings():
        # A variance of stories at 0 is an answer, and no reason to warn.
        warnings.simplefilter("ignore")
        try:
            fit = MixedLM(articles["value"].to_numpy(dtype=float), design, groups=stories).fit(reml=True)
        except (np.linalg.LinAlgError, ValueError):
            return None
    size = len(outlets)
    means, covariance = np.asarray(fit.fe_params), np.asarray(fit.cov_params())[:size, :size]
    return (means, covariance, freedom) if fit.converged and np.isfinite(covariance).all() else None
