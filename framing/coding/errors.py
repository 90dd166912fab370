"""Errors of the machine: its labels against the human codes, and whether it errs differently by outlet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from corpora.errors import InputError
from framing.coding.human import NO, YES, human_codes, of_frames

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
# Of an outlet with fewer coded articles or stories nothing is said: a variance of four or less is hardly known.
FEWEST = 5
DRAWS, SEED = 1999, 20240101
# A spread below this is rounding, not variation.
NO_VARIATION = 1e-9


@dataclass(frozen=True)
class MachineErrors:
    """How the machine errs, held against human codes.

    Attributes:
        n_units: Coded units.
        n_articles: Articles they are of.
        n_stories: Stories those are of.
        n_uncoded: Units of the sample that nobody coded; they are left out.
        n_tied: Units whose coders gave no label more often than another; in the bias, not in confusion and accuracy.
        confusion: Units by human label (rows, `human`: that of most coders) and machine label (columns, `machine`).
        confusion_weighted: As shares of all scored passages, each unit counted 1 / (p_article p_passage) times.
        accuracy: Share of these units whose label the machine gave, 0 to 1; too high where coders tie on what is hard.
        accuracy_weighted: The same of all scored passages, as `confusion_weighted`.
        same: How often the machine says what a coder says: mean over all coded units of the share of their coders who
            gave its label, 0 to 1, weighted to all scored passages.
        outlets: One row an outlet: `outlet`, `n_articles`, `n_stories`, `n_units`, `accuracy` (weighted), `human` and
            `machine` (means over articles), `bias` (human - machine, on the scale: below 0 where the machine reads too
            high), `se`, `low`, `high` (95 %, clustered by story), `note`.
        f: Wald's statistic, as F, of the biases being equal in all outlets; missing where it cannot be tested.
        df: Its degrees of freedom.
        p: Its p.
        p_bootstrap: p of the same statistic by a wild bootstrap of stories; to be trusted where stories are few.
        note: Why there is no test, else empty.
    """

    n_units: int
    n_articles: int
    n_stories: int
    n_uncoded: int
    n_tied: int
    confusion: pd.DataFrame
    confusion_weighted: pd.DataFrame
    accuracy: float
    accuracy_weighted: float
    same: float
    outlets: pd.DataFrame
    f: float
    df: tuple[float, float]
    p: float
    p_bootstrap: float
    note: str


def machine_errors(
    sample: pd.DataFrame,
    codes: pd.DataFrame,
    values: Mapping[str, float],
    category: str = "",
    draws: int = DRAWS,
    seed: int = SEED,
) -> MachineErrors:
    """The machine's errors on a coded sample.

    An article's error is the mean of human - machine over its coded passages; an outlet's bias the mean over its
    articles, each counted 1 / p_article times. It is what `reports.correction` adds to the outlet's level.

    Args:
        sample: One row a unit, as drawn: see `framing.coding`.
        codes: One row a unit and coder: `unit`, `coder`, `label`.
        values: Value of each label on the measure's scale; not looked at for frames.
        category: The frame, where the sample is of several.
        draws: Draws of the wild bootstrap.
        seed: Its seed.

    Raises:
        InputError: As `framing.coding.human.human_codes`; there is no such category, or nothing was coded.

    References:
        Bell, R. M., McCaffrey, D. F. (2002). Bias Reduction in Standard Errors for Linear Regression with Multi-Stage
        Samples. Survey Methodology 28(2), 169-181.
        Särndal, C.-E., Swensson, B., Wretman, J. (1992). Model Assisted Survey Sampling. Springer.
    """
    units = human_codes(sample, codes, values)
    labels = [NO, YES] if of_frames(sample) else list(values)
    units = _of(units, category) if of_frames(sample) else units
    coded = units[units["human"].notna()]
    if not len(coded):
        raise InputError(f"none of the {len(units)} units of the sample is coded")
    coded = coded.assign(weight=1 / (coded["p_article"] * coded["p_passage"]).astype(float))
    labelled = coded[coded["human_label"] != ""]
    raw = labelled.assign(weight=1.0)
    articles = _articles(coded)
    table, pulls, spans = _biases(articles, labelled)
    return MachineErrors(
        n_units=len(coded),
        n_articles=len(articles),
        n_stories=articles["story"].nunique(),
        n_uncoded=len(units) - len(coded),
        n_tied=len(coded) - len(labelled),
        confusion=_confusion(raw, labels).astype(int),
        confusion_weighted=_confusion(labelled, labels) / labelled["weight"].sum(),
        accuracy=_accuracy(raw),
        accuracy_weighted=_accuracy(labelled),
        same=float(np.average(coded["same"], weights=coded["weight"])),
        outlets=table,
        **_equal(articles, table, pulls, spans, draws, seed),
    )


def _of(units: pd.DataFrame, category: str) -> pd.DataFrame:
    known = sorted(set(units["category"]))
    if not category and len(known) == 1:
        return units
    if category not in known:
        raise InputError(f"no category {category!r:.60} in the sample; name one of: {', '.join(known)}")
    return units[units["category"] == category]


def _confusion(labelled: pd.DataFrame, labels: list[str]) -> pd.DataFrame:
    table = labelled.pivot_table(
        index="human_label", columns="machine_label", values="weight", aggfunc="sum", fill_value=0.0
    )
    columns = labels + sorted(set(labelled["machine_label"]) - set(labels))
    return table.reindex(index=labels, columns=columns, fill_value=0.0).rename_axis(index="human", columns="machine")


def _accuracy(labelled: pd.DataFrame) -> float:
    if not len(labelled):
        return float("nan")
    return float(np.average(labelled["human_label"] == labelled["machine_label"], weights=labelled["weight"]))


def _articles(coded: pd.DataFrame) -> pd.DataFrame:
    """Coded articles: mean human and machine value of their coded passages, and how many articles each stands for."""
    means = coded.groupby(["outlet", "article_id"], sort=True).agg(
        story=("story", "first"),
        human=("human", "mean"),
        machine=("machine_value", "mean"),
        n_units=("human", "size"),
        p_article=("p_article", "first"),
    )
    return means.reset_index().assign(error=lambda t: t["human"] - t["machine"], weight=lambda t: 1 / t["p_article"])


def _biases(articles: pd.DataFrame, labelled: pd.DataFrame) -> tuple[pd.DataFrame, Floats, Floats]:
    """The table of outlets; what each story adds to each outlet's error, and its share of it, (G stories, outlets).

    The square root makes up for a story's own part in the mean (CR2, Bell and McCaffrey 2002), and the degrees of
    freedom are the effective number of stories less 1, both as in `reports.estimation`.
    """
    import pandas as pd
    from scipy import stats

    stories, story = np.unique(articles["story"].to_numpy(dtype=str), return_inverse=True)
    rows: list[dict[str, Any]] = []
    pulls, spans = [], []
    for outlet, own in articles.assign(place=story).groupby("outlet", sort=True):
        n_stories = own["story"].nunique()
        row = {
            "outlet": outlet,
            "n_articles": len(own),
            "n_stories": n_stories,
            "n_units": int(own["n_units"].sum()),
            "accuracy": _accuracy(labelled[labelled["outlet"] == outlet]),
            **dict.fromkeys(("human", "machine", "bias", "se", "low", "high"), np.nan),
            "note": "",
        }
        rows.append(row)
        if len(own) < FEWEST or n_stories < FEWEST:
            need = f"{FEWEST} and {FEWEST} are needed"
            row["note"] = f"not enough data: {len(own)} coded articles on {n_stories} stories, {need}"
            continue
        weight = (own["weight"] / own["weight"].sum()).to_numpy()
        error = own["error"].to_numpy()
        bias = float(weight @ error)
        share, span, pull = (
            np.bincount(own["place"], each, minlength=len(stories)).astype(float)
            for each in (weight, weight**2, weight * (error - bias))
        )
        pull /= np.sqrt(1 - share)
        se = float(np.sqrt(pull @ pull))
        row |= {"human": weight @ own["human"], "machine": weight @ own["machine"], "bias": bias}
        freedom = _freedom(span)
        if freedom < 1:
            # With a degree of freedom near 0 an interval would be wider than any scale.
            row["note"] = "one story outweighs the others: no interval"
            continue
        reach = float(stats.t.ppf(0.975, freedom)) * se if se > NO_VARIATION else np.nan
        row |= {"se": se if se > NO_VARIATION else np.nan, "low": bias - reach, "high": bias + reach}
        pulls.append(pull)
        spans.append(span)
    shape = len(pulls), len(stories)
    return pd.DataFrame(rows), np.reshape(pulls, shape).T, np.reshape(spans, shape).T


def _freedom(span: Floats) -> float:
    """Effective number of stories, less 1."""
    return float(span.sum() ** 2 / (span**2).sum()) - 1


def _equal(
    articles: pd.DataFrame, table: pd.DataFrame, pulls: Floats, spans: Floats, draws: int, seed: int
) -> dict[str, Any]:
    """Wald's test that all outlets have one bias: F, its degrees of freedom, p, the wild bootstrap's p, and a note.

    F after Hotelling: W (v - q + 1) / (v q) with q and v - q + 1 degrees of freedom, of q outlets less one and v + 1
    effective stories.

    References:
        Pustejovsky, J. E., Tipton, E. (2018). Small-Sample Methods for Cluster-Robust Variance Estimation and
        Hypothesis Testing in Fixed Effects Models. Journal of Business & Economic Statistics 36(4), 672-683.
    """
    from scipy import stats

    nan = float("nan")
    found: dict[str, Any] = {"f": nan, "df": (nan, nan), "p": nan, "p_bootstrap": nan}
    enough = table[table["note"] == ""]
    if len(enough) < 2:
        return {**found, "note": f"no test: {len(enough)} of the outlets have enough coded articles, 2 are needed"}
    if enough["se"].isna().any():
        return {**found, "note": "no test: the machine's error does not vary within an outlet"}
    wald = float(_wald(enough["bias"].to_numpy()[None], (pulls.T @ pulls)[None])[0])
    q, v = len(enough) - 1, _freedom(spans.sum(axis=1))
    if np.isnan(wald) or v - q + 1 <= 0:
        return {**found, "note": f"no test: too few stories for {len(enough)} outlets"}
    f, df = wald * (v - q + 1) / (v * q), (float(q), v - q + 1)
    drawn = _wild(articles[articles["outlet"].isin(enough["outlet"])], draws, seed)
    p_bootstrap = (1 + int((drawn >= wald * (1 - 1e-9)).sum())) / (1 + len(drawn))
    return {"f": f, "df": df, "p": float(stats.f.sf(f, *df)), "p_bootstrap": p_bootstrap, "note": ""}


def _wald(biases: Floats, covariances: Floats) -> Floats:
    """Wald's statistic that biases (B, A), of covariances (B, A, A), are equal; missing where these are singular."""
    contrast = np.hstack([np.eye(biases.shape[1] - 1), -np.ones((biases.shape[1] - 1, 1))])
    apart, spread = biases @ contrast.T, contrast @ covariances @ contrast.T
    found = np.full(len(biases), np.nan)
    known = np.linalg.matrix_rank(spread, hermitian=True) == len(contrast)
    solved = np.linalg.solve(spread[known], apart[known][..., None])[..., 0]
    found[known] = (apart[known] * solved).sum(axis=1)
    return found


def _wild(articles: pd.DataFrame, draws: int, seed: int) -> Floats:
    """Wald's statistic where one bias holds for all outlets: errors around it, with the sign of whole stories drawn.

    References:
        Cameron, A. C., Gelbach, J. B., Miller, D. L. (2008). Bootstrap-Based Improvements for Inference with Clustered
        Errors. Review of Economics and Statistics 90(3), 414-427.
    """
    outlets, outlet = np.unique(articles["outlet"].to_numpy(dtype=str), return_inverse=True)
    stories, story = np.unique(articles["story"].to_numpy(dtype=str), return_inverse=True)
    weight = articles["weight"].to_numpy() / np.bincount(outlet, articles["weight"])[outlet]
    around = articles["error"].to_numpy() - np.average(articles["error"], weights=articles["weight"])
    residuals, shares = np.zeros((2, len(stories), len(outlets)))
    np.add.at(residuals, (story, outlet), weight * around)
    np.add.at(shares, (story, outlet), weight)
    signs = np.random.default_rng(seed).choice([-1.0, 1.0], size=(draws, len(stories)))
    biases = signs @ residuals
    covariances = np.empty((draws, len(outlets), len(outlets)))
    for k in range(draws):
        pulls = (signs[k][:, None] * residuals - shares * biases[k]) / np.sqrt(1 - shares)
        covariances[k] = pulls.T @ pulls
    drawn = _wald(biases, covariances)
    return drawn[~np.isnan(drawn)]
