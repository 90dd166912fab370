"""Comparison: levels of each outlet by period, and differences between outlets, with intervals that respect stories.

The unit is the article: its score is the mean of its body passages, an estimate the mean over articles. Articles on
one event are not independent; so the intervals are clustered by story (see `reports.estimation`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import combinations
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pandas as pd

from corpora.errors import InputError
from framing.frames import PREFIX
from reports.article_scores import KEY, article_scores, counted
from reports.estimation import Cell, difference, false_discovery, holm, interval
from reports.periods import all_periods, choose_period, period_labels
from reports.study import PAIRS, REST, Primary
from reports.within import within_periods

if TYPE_CHECKING:
    from reports.chart import Chart

# One row is one number of a report. `value` to `high` are on the measure's scale (differences in its units), `p` is
# two-sided, `p_adjusted` is Holm's over the declared comparisons, or the q of a screen; a cell with too little behind
# it has no value and says so in `note`. `n_reference` counts the articles on the other side of a difference.
ESTIMATE_COLUMNS = [
    "measure", "category", "scorer", "scorer_version", "kind", "outlet", "reference", "period", "target", "pair",
    "voice", "genre", "wire", "value", "se", "freedom", "low", "high", "p", "p_adjusted", "n_passages", "n_articles",
    "n_stories", "n_reference", "method", "note",
]  # fmt: skip
MATCHED = "mean over the outlet's articles of the contrast with the others' means within each period; story bootstrap"
# Which differences are told: the declared ones or all are tested together; a screen looks for what stands out.
PRIMARY, SCREEN, NONE = "primary", "screen", ""
# A lexicon that does not know its target is shown beside the rest and never tested; what describes coverage is not
# tested either.
UNTESTED = frozenset({"tone", "subject", "voice", "headline gap"})


@dataclass(frozen=True)
class Comparison:
    """Estimates with the articles they rest on.

    Attributes:
        estimates: The estimates table.
        articles: One row for each article and measure: its score, outlet, story, period, number of passages.
        period: The unit of the periods: month, quarter, half or year.
        periods: Every period from the first to the last.
        reference: What differences are taken from: an outlet, `rest`, or `pairs`.
        minimum: Articles and stories that a cell needs.
        primary: The declared comparisons, each with its reference.
    """

    estimates: pd.DataFrame
    articles: pd.DataFrame
    period: str
    periods: tuple[str, ...]
    reference: str
    minimum: tuple[int, int]
    primary: tuple[Primary, ...] = ()

    def levels(
        self, measure: str, target: str = "", over_time: bool = False, category: str = "", voice: str = ""
    ) -> pd.DataFrame:
        """Levels of a measure by outlet, over the whole time or by period; `target` is empty for a pair.

        Of attitude, the target is the country toward which it is. `voice` is empty for passages in any voice.
        """
        rows = self.estimates[(self.estimates["kind"] == "level") & (self.estimates["measure"] == measure)]
        rows = rows[(rows["category"] == category) & (rows["voice"] == voice)]
        rows = rows[rows["target"] == target] if target or (rows["pair"] != "").any() else rows
        return rows[(rows["period"] != "") == over_time].reset_index(drop=True)

    def differences(self, measure: str = "") -> pd.DataFrame:
        """Differences from the reference over the whole time."""
        rows = self.estimates[self.estimates["kind"] == "difference"]
        return rows[rows["measure"] == measure].reset_index(drop=True) if measure else rows.reset_index(drop=True)

    def plot(self, measure: str, target: str = "", over_time: bool = False) -> Chart:
        """Chart of a measure by outlet: dots with intervals, or panels over time.

        Raises:
            InputError: The scores do not hold the measure, or it has several targets and none is named.
        """
        from reports.figures import dots, panels

        measured = self.estimates[self.estimates["measure"] == measure]
        if measured.empty:
            raise InputError(f"no measure {measure!r}; there are: {', '.join(sorted(set(self.estimates['measure'])))}")
        targets = sorted(set(measured["target"]) - {""})
        if not target and len(targets) > 1:
            raise InputError(f"measure {measure!r} has a target; name one: {', '.join(targets)}")
        target = target or (targets[0] if targets else "")
        levels = self.levels(measure, target, over_time)
        return panels(levels, self.periods) if over_time else dots(levels)


def compare(
    scores: pd.DataFrame,
    by: str = "outlet",
    period: str = "",
    reference: str = REST,
    minimum_articles: int = 10,
    minimum_stories: int = 5,
    primary: Iterable[Primary] = (),
    seed: int = 1,
    draws: int = 2000,
    wire: str = "own",
    genre: str = "news",
) -> Comparison:
    """Compare outlets: levels over the whole time and by period, and differences from a reference.

    Args:
        scores: What `framing.score` returns.
        by: Column whose values are compared: `outlet`, or another column of `scores`.
        period: month, quarter, half or year; chosen from the data where empty.
        reference: An outlet; `rest`, the mean of the levels of all other outlets that have enough data; or `pairs`,
            every outlet against every other.
        minimum_articles: Articles that a cell needs; below it nothing is estimated.
        minimum_stories: Stories that it needs; an article alone on its event is a story.
        primary: The declared comparisons that are tested; where none are, every outlet on every measure but tone.
        seed: Seed of the bootstrap, by which differences within periods get their standard error.
        draws: Number of draws.
        wire: Which articles count: `own` text only, one vote for each `origin`, or `all` (see `corpora.votes`).
        genre: Which kind of piece counts: `news`, `opinion`, or `all`.

    Returns:
        A `Comparison`.

    Raises:
        InputError: `by` is no column, there is no such switch, the reference is not among the outlets, or nothing was
            scored.

    References:
        Bell, R. M., McCaffrey, D. F. (2002). Bias Reduction in Standard Errors for Linear Regression with
        Multi-Stage Samples. Survey Methodology 28(2), 169-181.
        Holm, S. (1979). A Simple Sequentially Rejective Multiple Test Procedure. Scand. J. Statistics 6, 65-70.
    """
    if by not in scores.columns:
        raise InputError(f"no column {by!r} to compare by; there are: {', '.join(map(str, scores.columns))}")
    return compare_articles(
        counted(article_scores(scores.assign(outlet=scores[by])), wire, genre),
        period,
        reference,
        minimum_articles,
        minimum_stories,
        primary,
        seed,
        draws,
        wire,
        genre,
    )


def compare_articles(
    articles: pd.DataFrame,
    period: str = "",
    reference: str = REST,
    minimum_articles: int = 10,
    minimum_stories: int = 5,
    primary: Iterable[Primary] = (),
    seed: int = 1,
    draws: int = 2000,
    wire: str = "own",
    genre: str = "all",
    tested: str = PRIMARY,
) -> Comparison:
    """As `compare`, from the scores of the articles that count; `wire` and `genre` say how those were chosen.

    `tested` says which differences there are: those of the `primary` comparisons, a `screen` of the frames with the
    false discovery rate in the place of Holm's correction, or none where it is empty.
    """
    if articles.empty:
        raise InputError("nothing was scored: no passage of the corpus is about the two countries")
    outlets = sorted(set(articles["outlet"]))
    declared = [replace(c, reference=c.reference or reference) for c in primary]
    references = list(dict.fromkeys([reference, *(c.reference for c in declared)]))
    for name in references:
        if name not in (REST, PAIRS) and name not in outlets:
            raise InputError(f"no outlet {name!r} to compare with; there are: {', '.join(outlets[:12])}")
    unit = period or choose_period(articles.drop_duplicates(["article_id"])[["outlet", "published"]])
    articles = articles.assign(period=period_labels(articles["published"], unit))
    dated = sorted(set(articles["period"]) - {""})
    minimum = (minimum_articles, minimum_stories)
    # An article of which no story is known is its own.
    articles["story"] = articles["story"].fillna(articles["article_id"])
    # What an estimate needs, as arrays: tens of thousands of cells are cut out of it.
    columns = [name for name in ("value", "n_passages", "span") if name in articles]
    needed = articles[columns].assign(story=pd.factorize(articles["story"])[0])
    arrays = {str(name): column.to_numpy() for name, column in needed.items()}

    def cell(rows: Any) -> Cell:
        return Cell({name: array[rows] for name, array in arrays.items()}, minimum)

    every_outlet, every_period = (articles[name].to_numpy(dtype=object) for name in ("outlet", "period"))
    rows: list[dict[str, Any]] = []
    keys, asked = np.full(len(articles), -1), list[tuple[int, str, list[str]]]()
    grouped = sorted(articles.groupby(KEY, sort=True, dropna=False).indices.items())
    for number, (key, places) in enumerate(grouped):
        named = {name: str(value) for name, value in zip(KEY, cast("tuple[str, ...]", key), strict=True)}
        of: dict[tuple[str, str], list[int]] = {(outlet, ""): [] for outlet in outlets}
        for row in places:
            of[every_outlet[row], ""].append(row)
            # A split by voice is told for the whole time: by period its cells are too small for most outlets.
            if every_period[row] and not named["voice"]:
                of.setdefault((every_outlet[row], every_period[row]), []).append(row)
        cells = {outlet: cell(of[outlet, ""]) for outlet in outlets}
        rows += [{**named, "kind": "level", "outlet": o, "period": "", **one.row()} for o, one in cells.items()]
        for outlet, label in sorted(pair for pair in of if pair[1]):
            level = cell(of[outlet, label]).row()
            rows.append({**named, "kind": "level", "outlet": outlet, "period": label, **level})
        screened = tested == SCREEN and named["measure"].startswith(PREFIX) and not named["voice"]
        told: set[tuple[str, str]] = set()
        for name in references if tested == PRIMARY or screened else ():
            for row, others in _differences(cells, name, mirrored=bool(declared)):
                # A declared pair may be one of all pairs: a family of tests must not count it twice.
                if (row["outlet"], row["reference"]) in told:
                    continue
                told.add((row["outlet"], row["reference"]))
                rows.append({**named, "period": "", **row})
                if tested == PRIMARY and not np.isnan(row.get("value", np.nan)):
                    keys[places] = number
                    asked.append((number, row["outlet"], others))
                    rows.append({**rows[-1], "kind": "matched", "method": MATCHED})
    _fill_matched(rows, within_periods(articles, keys, asked, draws, seed))
    estimates = pd.DataFrame(rows).reindex(columns=ESTIMATE_COLUMNS).assign(wire=wire, genre=genre)
    for column in ("category", "reference", "voice", "genre", "wire", "target", "pair", "note"):
        estimates[column] = estimates[column].astype(object).where(estimates[column].notna(), "")
    every = tuple(all_periods(dated[0], dated[-1], unit)) if dated else ()
    adjusted = _screened(estimates) if tested == SCREEN else _adjusted(estimates, declared)
    return Comparison(adjusted, articles, unit, every, reference, minimum, tuple(declared))


def _differences(cells: dict[str, Cell], reference: str, mirrored: bool) -> Iterator[tuple[dict[str, Any], list[str]]]:
    """Differences of one measure from a reference, each with the outlets that it is taken from.

    Of two outlets each is the other's rest, and their two differences mirror each other: one is enough, and a
    family of tests must not count it twice, unless the study declares which it means (`mirrored`).
    """
    enough = [outlet for outlet, cell in cells.items() if cell.enough]
    if reference == REST and len(enough) == 2 and not mirrored:
        cells, reference = {outlet: cells[outlet] for outlet in enough}, enough[1]
    pairs = combinations(enough, 2) if reference == PAIRS else ((o, reference) for o in cells if o != reference)
    for outlet, against in pairs:
        names = [o for o in enough if o != outlet] if against == REST else [against]
        row = difference(cells[outlet], [cells[name] for name in names])
        yield {"outlet": outlet, "reference": against, "kind": "difference", **row}, names


def _fill_matched(rows: list[dict[str, Any]], found: list[tuple[float, float]]) -> None:
    """Put differences within periods into their rows; their t has the degrees of freedom of the plain difference.

    The bootstrap's variance is too small by (G - 1) / G, with G the effective number of stories.
    """
    places = (number for number, row in enumerate(rows) if row["kind"] == "matched")
    for number, (value, se) in zip(places, found, strict=True):
        freedom = rows[number]["freedom"]
        rows[number] |= interval(value, se**2 * (freedom + 1) / freedom, freedom)


def _screened(estimates: pd.DataFrame) -> pd.DataFrame:
    """The q of each difference, among all differences of its measure."""
    estimates["p_adjusted"] = np.nan
    chosen = estimates[(estimates["kind"] == "difference") & estimates["p"].notna()]
    for _, rows in chosen.groupby("measure", sort=True):
        estimates.loc[rows.index, "p_adjusted"] = false_discovery(rows["p"].to_numpy(dtype=float))
    return estimates


def _adjusted(estimates: pd.DataFrame, declared: list[Primary]) -> pd.DataFrame:
    """Holm's adjustment over the declared comparisons, or over all differences of the tested measures.

    Raises:
        InputError: A declared comparison does not exist, or there is not enough data for it.
    """
    chosen = (estimates["kind"] == "difference") & estimates["p"].notna()
    if declared:
        columns = zip(*(estimates[name] for name in ("measure", "outlet", "reference", "target")), strict=True)
        keys = pd.Series(list(columns), index=estimates.index)
        wanted = [(c.measure, c.outlet, c.reference, c.target) for c in declared]
        for key in wanted:
            rows = estimates[(keys == key) & (estimates["kind"] == "difference")]
            if rows.empty:
                raise InputError(
                    f"declared comparison {key} is none of this study: look at outlet, reference and target"
                )
        chosen &= keys.isin(wanted)
    else:
        chosen &= ~estimates["measure"].isin(UNTESTED) & ~estimates["measure"].str.startswith(PREFIX)
    estimates["p_adjusted"] = np.nan
    estimates.loc[chosen, "p_adjusted"] = holm(estimates.loc[chosen, "p"].to_numpy(dtype=float))
    return estimates
