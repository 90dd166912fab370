"""Planning: how many articles to code for an interval as narrow as one wants, by simulation from a report's scores.

What coders would say is drawn from the machine's probabilities, supposed to be calibrated, or as the machine's value
with an error of a given size. The estimate is the difference estimator that corrects the machine (docs/coding.md):

    y_i = f_i + R_i / p * mean over coded passages j of article i of (h_ij - f_ij)

with f the machine's value, h the human code, R_i 1 for a coded article, and p the share of articles that are coded. Its
interval is the report's own, clustered by story.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corpora.errors import InputError
from framing.coding.probabilities import label_probabilities
from framing.coding.question import Question
from reports.estimation import Cell, difference

GRID = (10, 15, 25, 50, 75, 100, 150, 200, 300, 400, 600, 800, 1200, 1600, 2400)
# Means of so many simulated half-widths hardly move: their standard error is below 2 % of them from 10 articles on.
DRAWS = 100
# The least that an interval can be told from.
MINIMUM = (2, 2)
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Plan:
    """What coding would reach.

    Attributes:
        table: One row a number of articles: `articles` (of both outlets), `of_outlet`, `of_reference`, `passages` (to
            be coded), `half_width` of the corrected 95 % interval (mean over draws).
        articles: The smallest number whose half-width is at most the one wanted; None where none is.
        all_articles: What `framing code sample --articles` then needs, for all outlets of the report; None likewise.
        wanted: The half-width wanted.
        uncoded: Half-width without coding, which leaves out the machine's errors.
        error: Standard deviation of human - machine per passage, as it was supposed.
        calibrated: Whether that follows from the machine's probabilities.
    """

    table: pd.DataFrame
    articles: int | None
    all_articles: int | None
    wanted: float
    uncoded: float
    error: float
    calibrated: bool


def plan(
    readings: pd.DataFrame,
    question: Question,
    outlet: str,
    reference: str,
    width: float = 0.1,
    error: float | None = None,
    passages: int = 3,
    category: str = "",
    seed: int = 1,
    draws: int = DRAWS,
) -> Plan:
    """Plan the coding of a difference between two outlets.

    Args:
        readings: How the machine read the passages that count, of `framing.coding.question.readings`.
        question: What is asked.
        outlet: One outlet.
        reference: The other.
        width: Half-width wanted of the corrected 95 % interval, on the scale.
        error: Standard deviation of human - machine per passage, on the scale; from the machine's probabilities,
            supposed to be calibrated, unless given.
        passages: Passages coded in an article, at most.
        category: Of frames, which.
        seed: Seed of the simulation.
        draws: Simulated codings, at least 10.

    Raises:
        InputError: There is no such outlet or frame, an outlet has fewer than 2 articles or stories, or a number is
            out of range.
    """
    if not width > 0 or (error is not None and not 0 <= error <= 2) or passages < 1 or draws < 10:
        raise InputError(
            f"width {width:g}, error {error}, passages {passages}, draws {draws}: above 0, 0 to 2, at least 1 and 10"
        )
    chances, values = label_probabilities(readings, question, category)
    rows = readings[readings["category"] == category] if question.is_set else readings
    _check_outlets(rows, outlet, reference)
    every = rows["article_id"].nunique()
    mine = rows["outlet"].isin([outlet, reference]).to_numpy()
    rows, chances = rows[mine].reset_index(drop=True), chances[mine]
    simulated = _Simulation(rows, (outlet, reference), chances, values, error, passages)
    sizes = [n for n in GRID if n < simulated.size] + [simulated.size]
    generator = np.random.default_rng(seed)
    widths = np.mean([simulated.half_widths(sizes, generator) for _ in range(draws)], axis=0)
    table = pd.DataFrame([simulated.counts(n) for n in sizes]).assign(half_width=widths)
    enough = table.loc[table["half_width"] <= width, "articles"]
    articles = int(enough.iloc[0]) if len(enough) else None
    apart = (values - simulated.said[:, None]) ** 2
    spread = np.sqrt(np.mean((chances * apart).sum(axis=1))) if error is None else error
    return Plan(
        table=table,
        articles=articles,
        all_articles=None if articles is None else int(np.ceil(articles * every / simulated.size)),
        wanted=width,
        uncoded=simulated.width_of(simulated.machine),
        error=float(spread),
        calibrated=error is None,
    )


class _Simulation:
    """Codings of two outlets' articles, drawn one after the other."""

    def __init__(
        self,
        rows: pd.DataFrame,
        outlets: tuple[str, str],
        chances: Floats,
        values: Floats,
        error: float | None,
        passages: int,
    ) -> None:
        self.chances, self.values, self.error, self.passages = chances.cumsum(axis=1), values, error, passages
        self.said = rows["machine_value"].to_numpy(dtype=float)
        self.article, ids = pd.factorize(rows["article_id"], sort=True)
        self.size = len(ids)
        each = rows.drop_duplicates("article_id").sort_values("article_id")
        self.story = pd.factorize(each["story"])[0]
        self.sides = [np.flatnonzero((each["outlet"] == name).to_numpy()) for name in outlets]
        self.n_passages = np.bincount(self.article)
        self.machine = np.bincount(self.article, self.said) / self.n_passages

    def drawn(self, articles: int) -> list[int]:
        """Articles coded of each outlet: in proportion, but two at least."""
        one, other = (len(side) for side in self.sides)
        first = min(one, articles - 2, max(2, articles - other, round(articles * one / self.size)))
        return [first, articles - first]

    def counts(self, articles: int) -> dict[str, float]:
        """How much is coded, on average."""
        numbers = self.drawn(articles)
        each = np.minimum(self.n_passages, self.passages)
        coded = sum(n * float(each[side].mean()) for n, side in zip(numbers, self.sides, strict=True))
        return {
            "articles": articles, "of_outlet": numbers[0], "of_reference": numbers[1], "passages": round(coded)
        }  # fmt: skip

    def half_widths(self, sizes: list[int], generator: np.random.Generator) -> list[float]:
        """Half-width of the corrected interval for each number of articles, in one simulated coding."""
        if self.error is None:
            place = (generator.random(len(self.said))[:, None] > self.chances[:, :-1]).sum(axis=1)
            apart = self.values[place] - self.said
        else:
            apart = generator.normal(0.0, self.error, len(self.said))
        order = pd.Series(generator.random(len(self.said))).groupby(self.article).rank(method="first")
        coded = (order <= self.passages).to_numpy()
        sums = np.bincount(self.article[coded], apart[coded], minlength=self.size)
        errors = sums / np.minimum(self.n_passages, self.passages)
        ranks = [generator.permutation(side) for side in self.sides]
        found = []
        for size in sizes:
            outcome = self.machine.copy()
            for side, number in zip(ranks, self.drawn(size), strict=True):
                outcome[side[:number]] += errors[side[:number]] * len(side) / number
            found.append(self.width_of(outcome))
        return found

    def width_of(self, outcome: Floats) -> float:
        """Half-width of the interval of the difference, of article values."""
        cells = [
            Cell({"value": outcome[side], "story": self.story[side], "n_passages": self.n_passages[side]}, MINIMUM)
            for side in self.sides
        ]
        row = difference(cells[0], cells[1:])
        return float(row["high"] - row["low"]) / 2


def _check_outlets(rows: pd.DataFrame, outlet: str, reference: str) -> None:
    each = rows.drop_duplicates("article_id").groupby("outlet")
    articles, stories = each.size(), each["story"].nunique()
    for name in (outlet, reference):
        if name not in articles.index:
            raise InputError(f"no outlet {name!r} in the report; there are: {', '.join(list(articles.index)[:12])}")
        if articles[name] < MINIMUM[0] or stories[name] < MINIMUM[1]:
            raise InputError(f"{name!r} has {articles[name]} articles on {stories[name]} stories; 2 and 2 are needed")
    if outlet == reference:
        raise InputError(f"{outlet!r} cannot be compared with itself")
