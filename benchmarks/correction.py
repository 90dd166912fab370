"""Coverage and width of corrected intervals where the machine errs differently by outlet.

    python benchmarks/correction.py [SEEDS]

Two outlets, half of the stories shared, whose mean human codes differ by nothing (or by a planted amount). The machine
reads 87 % of the passages as a coder would, but most of outlet B's positive passages as neutral. For several shares of
coded articles and machines: how often the story-clustered 95 % interval of the difference covers the truth, from the
machine's values as they are, from the coded articles alone, and corrected by each method; and how wide it is. Then how
often the test that the machine errs differently by outlet says so, where it does and where it does not.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from coded_corpus import VALUES, Passages, World, coded, corpus, passages

from framing.coding.errors import machine_errors
from framing.coding.sampling import allocate
from reports.estimation import Cell, difference
from reports.pseudo_outcomes import METHODS, pseudo_outcomes

SEEDS = 500
MINIMUM = (10, 5)
# Name, world, articles coded, passages coded of one. Both outlets together have four times as many articles as one has
# stories.
SETTINGS = (
    ("half coded", World(), 200, 3),
    ("a quarter coded", World(), 100, 3),
    ("one in ten", World(stories=150), 60, 3),
    ("one in twenty, 100", World(stories=500), 100, 3),
    ("one in twenty, 60", World(stories=300), 60, 3),
    ("one in twenty, 20", World(), 20, 3),
    ("one in twenty, 12", World(stories=60), 12, 3),
    ("30 stories, 30 coded", World(stories=30), 30, 3),
    ("one passage each", World(), 100, 1),
    ("B higher by 0.25", World(tones=(0.0, 0.3)), 100, 3),
    ("B read 0.3 too low", World(shift=-0.3), 100, 3),
    ("values a third", World(low=0.2, high=0.4), 100, 3),
    ("bad machine", World(right=0.3), 100, 3),
    ("good machine", World(right=0.97, missed=0.3, low=0.9), 100, 3),
    # A frame that 5 % of the passages carry.
    ("rare frame, 1 in 4", World(tones=(-0.7, -0.7), right=0.9, frame=True), 100, 3),
    ("rare frame, 1 in 20", World(stories=300, tones=(-0.7, -0.7), right=0.9, frame=True), 60, 3),
)


def estimate(drawn: Passages, value: np.ndarray, p: np.ndarray | None = None) -> tuple[float, float, float]:
    """Difference A less B of article values, and its interval; `p` of the coded articles where they are corrected."""
    ones = np.ones(len(value))
    span = ones if p is None else np.nan_to_num(1 / p**2)
    cells = [
        Cell({"value": value[own], "story": drawn.story[own], "n_passages": ones[own], "span": span[own]}, MINIMUM)
        for own in (drawn.outlet == 0, drawn.outlet == 1)
    ]
    found = difference(cells[0], [cells[1]])
    return found["value"], found["low"], found["high"]


def chosen(drawn: Passages, value: np.ndarray, articles: int, rng: np.random.Generator) -> np.ndarray:
    """Probability with which each article was drawn to be coded, missing where it was not.

    Drawn as `framing.coding.sampling` draws: strata are outlet and third of the machine's value.
    """
    third = np.searchsorted(np.quantile(value, [1 / 3, 2 / 3]), value)
    _, stratum = np.unique(3 * drawn.outlet + third, return_inverse=True)
    sizes = np.bincount(stratum)
    p = np.full(len(value), np.nan)
    for one, (size, number) in enumerate(zip(sizes, allocate(sizes, articles), strict=True)):
        p[rng.choice(np.flatnonzero(stratum == one), number, replace=False)] = number / size
    return p


def once(world: World, articles: int, each: int, seed: int) -> dict[str, tuple[float, float, float]]:
    """Estimates of one simulated corpus, by method."""
    drawn, rng = passages(world, seed), np.random.default_rng([seed, 1])
    counts = np.bincount(drawn.article)
    value = np.bincount(drawn.article, drawn.value) / counts
    p = chosen(drawn, value, articles, rng)
    order = np.lexsort((rng.random(len(drawn.code)), drawn.article))
    place = np.arange(len(order)) - np.repeat(np.cumsum(counts) - counts, counts)
    read = order[(place < each) & ~np.isnan(p[drawn.article])]
    with np.errstate(invalid="ignore"):
        human, machine = (
            np.bincount(drawn.article[read], said[read], minlength=len(p))
            / np.bincount(drawn.article[read], minlength=len(p))
            for said in (drawn.code, drawn.value)
        )
    facts = (p, drawn.outlet, drawn.story)
    found = {"machine": estimate(drawn, value)}
    # A machine that says nothing leaves the coded articles.
    found["coded alone"] = estimate(drawn, pseudo_outcomes(0 * value, human, 0 * machine, *facts), p)
    for method in METHODS:
        found[method] = estimate(drawn, pseudo_outcomes(value, human, machine, *facts, method=method), p)
    return found


def simulate(world: World, articles: int, each: int, seeds: range) -> pd.DataFrame:
    """By method: bias, spread and mean standard error of the difference, coverage of its interval and mean width."""
    runs = [once(world, articles, each, seed) for seed in seeds]
    rows = []
    for name in runs[0]:
        value, low, high = np.array([run[name] for run in runs]).T
        covered = (low <= world.difference) & (world.difference <= high)
        rows.append(
            {
                "method": name,
                "bias": value.mean() - world.difference,
                "sd": value.std(ddof=1),
                "coverage": covered.mean(),
                "width": (high - low).mean(),
            }
        )
    table = pd.DataFrame(rows)
    return table.assign(ratio=table["width"] / table["width"].iloc[0])


def false_alarms(world: World, articles: int, seeds: range) -> tuple[float, float]:
    """Share of corpora in which the machine is said to err differently by outlet: by the F test, by the bootstrap."""
    found = [
        machine_errors(*coded(corpus(world, seed), articles, 3, seed), VALUES, draws=399, seed=seed) for seed in seeds
    ]
    return float(np.mean([one.p < 0.05 for one in found])), float(np.mean([one.p_bootstrap < 0.05 for one in found]))


def main(count: str = str(SEEDS)) -> None:
    """Print the tables."""
    seeds = range(int(count))
    print(f"{len(seeds)} seeds\n")
    print(f"{'setting':<22}{'values':<13}{'bias':>8}{'sd':>8}{'coverage':>10}{'width':>8}{'ratio':>7}")
    for name, world, articles, each in SETTINGS:
        for row in simulate(world, articles, each, seeds).itertuples():
            print(
                f"{name:<22}{row.method:<13}{row.bias:>8.3f}{row.sd:>8.3f}{row.coverage:>10.3f}{row.width:>8.3f}"
                f"{row.ratio:>7.2f}",
                flush=True,
            )
    print(f"\n{'said to differ':<28}{'F':>8}{'bootstrap':>11}")
    for name, world, articles in (
        ("no difference, 100 coded", World(missed=0.0), 100),
        ("no difference, 30 coded", World(missed=0.0), 30),
        ("missed 0.6, 100 coded", World(), 100),
    ):
        f, bootstrap = false_alarms(world, articles, seeds)
        print(f"{name:<28}{f:>8.3f}{bootstrap:>11.3f}", flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
