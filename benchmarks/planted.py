"""Planted truth: what the toolkit finds in articles whose differences are known.

    python benchmarks/planted.py [SEEDS [PART OF A HEADING]]

Every table is over SEEDS (500) sets of articles that `reports.planted.plant` draws from one truth; signs over two in
five of them. Prints Markdown, the tables of docs/validity.md; at the end what misses its bar, or that nothing does.
"""

from __future__ import annotations

import gc
import sys
import time
import zlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from framing.coding.sampling import draw
from framing.coding.scales import VALUES
from reports.article_scores import counted
from reports.bootstrap import story_draws
from reports.comparison import compare_articles
from reports.correction import correct
from reports.decomposition import PARTS, decompose
from reports.estimation import Cell, difference
from reports.planted import Change, Outlet, Truth, plant
from reports.prose import WORDS, difference_sentence

SEEDS = 500
# The bars of the project: coverage in each cell and on average over cells, and null corpora with an alarm.
EACH, AVERAGE, ALARMS = (0.925, 0.975), (0.94, 0.96), 35 / 500
MINIMUM = (10, 5)
DRAWS = 1000
EFFECT = 0.1
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Case:
    """A truth, with the outlet `one` that is compared with the mean of `others`; `agenda`: its parts are told too.

    `coded`: how many articles are coded by hand, two passages of each.
    """

    name: str
    truth: Truth
    others: tuple[str, ...] = ("B",)
    one: str = "A"
    wire: str = "own"
    agenda: bool = False
    coded: int = 0

    def plant(self, seed: int) -> pd.DataFrame:
        """The articles that count; each case has seeds of its own, so that the cases are independent."""
        return counted(plant(self.truth, zlib.crc32(self.name.encode()) + seed), self.wire)

    def difference(self) -> float:
        """The true difference."""
        return self.truth.level(self.one) - float(np.mean([self.truth.level(name) for name in self.others]))


def two(first: dict[str, float] | None = None, second: dict[str, float] | None = None, **truth: object) -> Truth:
    """Outlets A and B, 0.1 apart, on 60 events of which each covers half: 30 stories each, half of them shared."""
    a, b = Outlet("A", treatment=EFFECT, articles=2.0), Outlet("B", articles=2.0)
    return replace(Truth((replace(a, **(first or {})), replace(b, **(second or {})))), **truth)


def spread(icc: float, total: float = 0.2) -> dict[str, float]:
    """Standard deviations by which a share `icc` of the variance is the event's, and the rest the article's."""
    return {"story_sd": total * icc**0.5, "interaction_sd": 0.0, "article_sd": total * (1 - icc) ** 0.5}


AGENDA = two({"preference": 0.8, "attention": 0.4, "alone": 0.05}, {"preference": -0.4, "attention": -0.2})
CASES = (
    Case("balanced, half of the stories shared", two(), agenda=True),
    Case("all stories shared", two({"coverage": 1.0}, {"coverage": 1.0}, stories=30), agenda=True),
    Case("one story in ten shared", two({"coverage": 0.1}, {"coverage": 0.1}, stories=300)),
    Case("one article a story", two({"articles": 1.0}, {"articles": 1.0}), agenda=True),
    Case("heavy story sizes", two({"articles": 3.0}, {"articles": 3.0}, size_sd=1.0), agenda=True),
    Case("30 stories against 240", two({"coverage": 0.1}, {"coverage": 0.8}, stories=300), agenda=True),
    Case("spread 2.5 against 0.5", two({"noise": 2.5}, {"noise": 0.5})),
    Case("ICC 0", two(**spread(0.0))),
    Case("ICC 0.3", two(**spread(0.3))),
    Case("ICC 0.6", two(**spread(0.6))),
    Case(
        "against the rest of 4 outlets",
        replace(two(), outlets=(*two().outlets, Outlet("C", treatment=0.05), Outlet("D", treatment=-0.05, articles=3))),
        ("B", "C", "D"),
    ),
    Case("drift of 0.02 a month", two(drift=0.02)),
    Case("a change of 0.1 in month 6", two(change=Change("A", 6, 0.1))),
    Case("other agendas", AGENDA, agenda=True),
    Case("other agendas, 120 events", replace(AGENDA, stories=120), agenda=True),
    Case("other agendas, 150 events", replace(AGENDA, stories=150), agenda=True),
    Case("wire copy, only own text counts", two({"wire": 0.4}, agency="B")),
)  # fmt: skip
# What happens where wire copy counts as the outlet's own: no bar.
WRONG = (Case("wire copy, all that was printed counts", two({"wire": 0.4}, agency="B"), wire="all"),)


def cells(articles: pd.DataFrame) -> dict[str, Cell]:
    """The articles of each outlet, as `compare_articles` cuts them out."""
    table = articles[["value", "n_passages"]].assign(story=pd.factorize(articles["story"])[0])
    return {str(name): Cell(rows, MINIMUM) for name, rows in table.groupby(articles["outlet"].to_numpy())}


def as_if_independent(one: Cell, others: Sequence[Cell]) -> tuple[float, float]:
    """Welch's interval of the difference, as if articles were independent."""
    sides = [(1.0, one), *((-1 / len(others), other) for other in others)]
    variances = [weight**2 * cell.values.var(ddof=1) / len(cell.values) for weight, cell in sides]
    freedom = sum(variances) ** 2 / sum(
        variance**2 / (len(cell.values) - 1) for variance, (_, cell) in zip(variances, sides, strict=True)
    )
    value = sum(weight * cell.mean for weight, cell in sides)
    reach = stats.t.ppf(0.975, freedom) * sum(variances) ** 0.5
    return value - reach, value + reach


def percentiles(articles: pd.DataFrame, one: str, others: Sequence[str], seed: int) -> tuple[float, float]:
    """Percentile bootstrap of whole stories, drawn for all outlets at once."""
    names = [one, *others]
    rows = articles[articles["outlet"].isin(names)]
    where = pd.Index(names).get_indexer(rows["outlet"])
    values, stories = rows["value"].to_numpy(), pd.factorize(rows["story"])[0]
    drawn = []
    for sums, counts in story_draws(values, stories, where, len(names), DRAWS, seed):
        means = sums / np.where(counts > 0, counts, np.nan)
        drawn.append(means[:, 0] - means[:, 1:].mean(axis=1))
    low, high = np.nanpercentile(np.concatenate(drawn), [2.5, 97.5])
    return float(low), float(high)


def totals(case: Case, seeds: int) -> dict[str, float]:
    """Over the seeds: coverage, width, power and bias of the difference, and coverage of the levels."""
    true = case.difference()
    levels = [case.truth.level(name) for name in (case.one, *case.others)][:2]
    found = []
    for seed in range(seeds):
        articles = case.plant(seed)
        of = cells(articles)
        one, others = of[case.one], [of[name] for name in case.others]
        row = difference(one, others)
        told = [cell.row() for cell in (one, others[0])]
        found.append(
            {
                "stories": len(one.stories),
                "stories_b": len(others[0].stories),
                "covers": inside(true, (row["low"], row["high"])),
                "error": row["value"] - true,
                "width": row["high"] - row["low"],
                "power": row["p"] < 0.05,
                "level": inside(levels[0], (told[0]["low"], told[0]["high"])),
                "level_b": inside(levels[1], (told[1]["low"], told[1]["high"])),
                "bootstrap": inside(true, percentiles(articles, case.one, case.others, seed)),
                "naive": inside(true, as_if_independent(one, others)),
            }
        )
    table = pd.DataFrame(found).astype(float)
    return {**table.mean().to_dict(), "bias": bias(table["error"]), "true": true}


def inside(value: float, bounds: tuple[float, float]) -> bool:
    """Whether an interval holds a value."""
    return bounds[0] <= value <= bounds[1]


def bias(errors: pd.Series) -> float:
    """Mean error, in standard errors of the simulation."""
    error = float(errors.std()) / len(errors) ** 0.5
    return float(errors.mean()) / error if error else 0.0


def agendas(case: Case, seeds: int) -> list[dict[str, float | str]]:
    """Mean, bias, coverage and width of each part of the difference, and its share of it (mean by mean)."""
    true = case.truth.parts(case.one, case.others[0])
    found = [decompose(case.plant(seed), case.one, case.others[0], MINIMUM) for seed in range(seeds)]
    table = pd.concat([each.parts for each in found])
    whole = table.loc[table["kind"] == "difference", "value"].mean()
    rows: list[dict[str, float | str]] = []
    for kind in PARTS:
        part = table[table["kind"] == kind]
        value = getattr(true, kind)
        rows.append(
            {
                "part": kind,
                "shared": float(np.mean([each.shared for each in found])),
                "true": value,
                "mean": part["value"].mean(),
                "bias": bias(part["value"] - value),
                "share": value / true.difference,
                "found": part["value"].mean() / whole,
                "covers": ((part["low"] <= value) & (value <= part["high"])).mean(),
                "width": (part["high"] - part["low"]).mean(),
            }
        )
    return rows


def alarms(seeds: int) -> tuple[float, float]:
    """Share of null corpora of 4 outlets and 3 measures in which anything differs: after Holm, and before."""
    truth = Truth(tuple(Outlet(name, articles=1.5 + 0.5 * place) for place, name in enumerate("ABCD")), months=6)
    measures = [("sentiment", "RUS", ""), ("sentiment", "USA", ""), ("relation", "", "RUS-USA")]
    found = []
    for seed in range(seeds):
        # Articles of their own for each measure: tests that are independent raise the most alarms.
        articles = pd.concat(
            plant(truth, seed * len(measures) + place).assign(
                measure=measure,
                target=target,
                pair=pair,
                article_id=lambda table, place=place: f"{place}-" + table["article_id"],
                story=lambda table, place=place: f"{place}-" + table["story"],
            )
            for place, (measure, target, pair) in enumerate(measures)
        )
        rows = compare_articles(articles, period="year", draws=2).differences()
        found.append(((rows["p_adjusted"] < 0.05).any(), (rows["p"] < 0.05).any()))
    holm, plain = np.mean(found, axis=0)
    return float(holm), float(plain)


def signs(seeds: int) -> tuple[int, int]:
    """Of how many planted differences of five standard errors the sentence has the sign, of how many."""
    truth = two()
    error = np.std([_difference(replace_effect(truth, 0.0), seed)["value"] for seed in range(100)], ddof=1)
    right = 0
    up, down, *_ = WORDS["sentiment"]
    for seed in range(seeds):
        sign = 1 if seed % 2 else -1
        row = _difference(replace_effect(truth, sign * 5 * error), seed)
        sentence = difference_sentence(row)
        right += (up in sentence) == (sign > 0) and (down in sentence) == (sign < 0)
    return right, seeds


def _difference(truth: Truth, seed: int) -> dict[str, object]:
    found = compare_articles(plant(truth, seed), period="year", draws=2).differences()
    return {str(name): value for name, value in found.iloc[0].items()}


def replace_effect(truth: Truth, effect: float) -> Truth:
    """The truth with another effect of the first outlet."""
    first, *rest = truth.outlets
    return replace(truth, outlets=(replace(first, treatment=effect), *rest))


def readings(articles: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Passages of planted articles: the machine's value of each, and in `coder_mean` what a coder says on average.

    Within an article passages differ by 0.15, around what the machine and the coder say of the whole.
    """
    rng = np.random.default_rng(seed)
    table = articles.loc[articles.index.repeat(articles["n_passages"])].reset_index(drop=True)
    apart = pd.Series(rng.normal(0, 0.15, len(table)))
    apart -= apart.groupby(table["article_id"]).transform("mean")
    return table[["article_id", "category", "outlet", "story", "published"]].assign(
        passage_id=[f"passage-{place}" for place in range(len(table))],
        period="",
        machine_label="",
        machine_value=table["value"] + apart,
        coder_mean=table["truth"] + apart,
    )


def coded(sample: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Codes of a sample: positive or negative as likely as `coder_mean` is far from 0, so that it is their mean."""
    found = np.random.default_rng(seed).random(len(sample)) < sample["coder_mean"].abs()
    label = np.where(found, np.where(sample["coder_mean"] > 0, "positive", "negative"), "neutral")
    return sample[["unit", "passage_id"]].assign(coder="coder", label=label)


# Both outlets are favourable. The machine sees all of it in A and half of it in B, with errors in both: where they are
# alike it finds a difference, and where they are apart it doubles it.
ERRORS = tuple(
    Case(
        f"{name}, {coded} articles coded",
        two({"treatment": 0.2, "error_sd": 0.1}, {"treatment": level, "shrinkage": 0.5, "error_sd": 0.1}, stories=200),
        coded=coded,
    )
    for name, level in (("alike", 0.2), ("0.1 apart", 0.1))
    for coded in (100, 200)
)


def machine_errors(case: Case, seeds: int) -> dict[str, float]:
    """Coverage, bias and width of the difference, from the machine's values and corrected by coded articles."""
    true = case.difference()
    found = []
    for seed in range(seeds):
        articles = case.plant(seed)
        sample = draw(readings(articles, seed), case.coded, 2, seed)
        corrected = correct(articles, sample, coded(sample, seed), VALUES["sentiment"])
        row = {}
        for name, table in (("machine", articles), ("corrected", corrected)):
            of = cells(table)
            told = difference(of["A"], [of["B"]])
            row |= {
                name: inside(true, (told["low"], told["high"])),
                f"{name} differs": told["p"] < 0.05,
                f"{name} error": told["value"] - true,
                f"{name} width": told["high"] - told["low"],
            }
        found.append(row)
    table = pd.DataFrame(found).astype(float)
    biases = {f"{name} bias": bias(table[f"{name} error"]) for name in ("machine", "corrected")}
    return {"true": true, **table.mean().to_dict(), **biases}


class Bars:
    """What misses its bar."""

    def __init__(self) -> None:
        self.missed: list[str] = []

    def hold(self, what: str, value: float, low: float, high: float) -> None:
        """Note a value that lies outside of its bar."""
        if not low <= value <= high:
            self.missed.append(f"{what}: {value:.3f}, the bar is {low:.3f} to {high:.3f}")


def markdown(header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print a table; numbers with three digits, and 0 without a sign."""
    for row in (header, ["---"] * len(header), *rows):
        told = (f"{round(value, 3) + 0.0:.3f}" if isinstance(value, float) else str(value) for value in row)
        print(f"| {' | '.join(told)} |")
    print(flush=True)


def print_totals(seeds: int, bars: Bars) -> None:
    """The table of differences and levels."""
    rows, covered = [], []
    for case in (*CASES, *WRONG):
        row = totals(case, seeds)
        stories = f"{row['stories']:.0f}, {row['stories_b']:.0f}"
        names = ("true", "covers", "width", "power", "level", "level_b", "bootstrap", "naive")
        rows.append([case.name, stories, *(row[name] for name in names), f"{row['bias']:+.1f}"])
        if case in CASES:
            covered.append([row[name] for name in ("covers", "level", "level_b", "bootstrap", "naive")])
            for name in ("covers", "level", "level_b"):
                bars.hold(f"{case.name}, {name}", row[name], *EACH)
    means = [float(value) for value in np.mean(covered, axis=0)]
    for name, value in zip(("difference", "level A", "level B"), means[:3], strict=True):
        bars.hold(f"mean coverage, {name}", value, *AVERAGE)
    rows.append([f"**mean of the first {len(CASES)}**", "", "", means[0], "", "", *means[1:], ""])
    markdown(
        ("case", "stories of A, B", "true difference", "covers", "width", "power", "level A covers", "level B covers",
         "percentile bootstrap covers", "independent articles cover", "bias in se of the simulation"),
        rows,
    )  # fmt: skip


def print_agendas(seeds: int, bars: Bars) -> None:
    """The table of treatment, weighting and unshared."""
    rows = []
    for case in CASES:
        if len(case.others) > 1 or not case.agenda:
            continue
        for row in agendas(case, seeds):
            constant = not row["width"] > 0
            told = ["–"] * 3 if constant else [f"{row['bias']:+.1f}", row["covers"], row["width"]]
            shared, part = f"{row['shared']:.0f}", row["part"]
            rows.append([case.name, shared, part, row["true"], row["mean"], row["share"], row["found"], *told])
            if not constant:
                bars.hold(f"{case.name}, {part}: bias in se of the simulation", float(row["bias"]), -3, 3)
                bars.hold(f"{case.name}, {part}, covers", float(row["covers"]), *EACH)
    markdown(
        ("case", "shared stories", "part", "true", "mean found", "true share", "share found",
         "bias in se of the simulation", "covers", "width"),
        rows,
    )  # fmt: skip


def print_errors(seeds: int, bars: Bars) -> None:
    """The table of the machine's errors and their correction."""
    rows = []
    for case in ERRORS:
        row = machine_errors(case, seeds)
        for name in ("machine", "corrected"):
            told = (row[name], row[f"{name} differs"], row[f"{name} width"], f"{row[f'{name} bias']:+.1f}")
            rows.append((case.name, name, row["true"], row["true"] + row[f"{name} error"], *told))
        bars.hold(f"{case.name}, corrected covers", row["corrected"], *EACH)
        bars.hold(f"{case.name}, corrected: bias in se of the simulation", row["corrected bias"], -3, 3)
    markdown(
        ("case", "scores", "true difference", "mean found", "covers", "p below 0.05", "width",
         "bias in se of the simulation"),
        rows,
    )  # fmt: skip


def print_alarms(seeds: int, bars: Bars) -> None:
    """The table of false alarms and of signs."""
    holm, plain = alarms(seeds)
    bars.hold("null corpora with an alarm", holm, 0, ALARMS)
    right, of = signs(seeds * 2 // 5)
    bars.hold("signs", right / of, 1, 1)
    markdown(
        ("what", "found", "of"),
        [
            ("null corpora with a difference after Holm (12 comparisons)", round(holm * seeds), seeds),
            ("null corpora with a difference, each comparison at 5 %", round(plain * seeds), seeds),
            ("sentences with the sign of the truth, effect of five standard errors", right, of),
        ],
    )


SECTIONS: dict[str, Callable[[int, Bars], None]] = {
    "Differences and levels": print_totals,
    "Agenda and treatment": print_agendas,
    "The machine's errors": print_errors,
    "False alarms and signs": print_alarms,
}


def main(seeds: str = str(SEEDS), only: str = "") -> None:
    """Print the tables, or those whose heading holds `only`, and what misses its bar."""
    # statsmodels collects all garbage at each correction; what is here already need not be looked at.
    gc.freeze()
    bars = Bars()
    print(f"{seeds} seeds")
    for name, work in SECTIONS.items():
        if only in name:
            began = time.process_time()
            print(f"\n### {name}\n")
            work(int(seeds), bars)
            print(f"{time.process_time() - began:.0f} s of one core.")
    print("\nMissed bars:" if bars.missed else "\nNo bar is missed.")
    for missed in bars.missed:
        print(f"- {missed}")


if __name__ == "__main__":
    main(*sys.argv[1:])
