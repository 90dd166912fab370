"""A corpus of two outlets with a known difference, read by a machine that errs, and coded by people who do not.

Used by tests/test_correction.py and benchmarks/correction.py.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from framing.coding.sampling import draw

VALUES = {"negative": -1.0, "neutral": 0.0, "positive": 1.0}
LABELS = np.array(list(VALUES))
# Standard deviations of the tone of stories, of articles in a story, and of passages in an article.
STORY, ARTICLE, PASSAGE = 0.35, 0.25, 0.6
# A passage's code is negative or positive beyond this tone.
BAR = 0.5


@dataclass(frozen=True)
class World:
    """What a corpus is like.

    Attributes:
        stories: Stories of each outlet; half of them are told by both.
        tones: Mean tone of outlets A and B.
        right: Share of passages whose code the machine reads; of the others it reads any label, by chance.
        missed: Share of outlet B's positive passages that it reads as neutral.
        low, high: Values that the machine gives a label, as shares of the label's own.
        shift: What it adds to the value of every passage of outlet B.
        frame: Whether positive passages carry a frame and the others do not: codes and values are then 1 and 0.
    """

    stories: int = 100
    tones: tuple[float, float] = (0.0, 0.0)
    right: float = 0.8
    missed: float = 0.6
    low: float = 0.6
    high: float = 1.0
    shift: float = 0.0
    frame: bool = False

    @property
    def difference(self) -> float:
        """Mean human code of A less that of B, in the population of which the corpus is a draw."""
        spread = np.sqrt(STORY**2 + ARTICLE**2 + PASSAGE**2)
        high, low = (stats.norm.sf((BAR + sign * np.array(self.tones)) / spread) for sign in (-1, 1))
        means = high if self.frame else high - low
        return float(means[0] - means[1])


@dataclass(frozen=True)
class Passages:
    """Passages of a corpus: the article of each, what a coder says, and the label and value that the machine reads.

    Outlet (0 is A) and story are those of the articles.
    """

    article: NDArray[np.int64]
    code: NDArray[np.int64]
    label: NDArray[np.int64]
    value: NDArray[np.float64]
    outlet: NDArray[np.int64]
    story: NDArray[np.int64]


def passages(world: World, seed: int) -> Passages:
    """A corpus drawn from a world."""
    rng = np.random.default_rng(seed)
    tone = rng.normal(0, STORY, 2 * world.stories)
    told = np.concatenate([np.arange(world.stories), np.arange(world.stories) + world.stories - world.stories // 2])
    articles = 1 + rng.poisson(1.0, len(told))
    story, outlet = np.repeat(told, articles), np.repeat(np.repeat([0, 1], world.stories), articles)
    article_tone = np.array(world.tones)[outlet] + tone[story] + rng.normal(0, ARTICLE, len(story))
    article = np.repeat(np.arange(len(story)), 1 + rng.poisson(3.0, len(story)))
    passage_tone = article_tone[article] + rng.normal(0, PASSAGE, len(article))
    code = np.sign(passage_tone).astype(int) * (np.abs(passage_tone) > BAR)
    label = np.where(rng.random(len(code)) < world.right, code, rng.integers(-1, 2, len(code)))
    of_b = outlet[article] == 1
    label = np.where(of_b & (code == 1) & (rng.random(len(code)) < world.missed), 0, label)
    value = label * rng.uniform(world.low, world.high, len(code)) + rng.uniform(-0.1, 0.1, len(code))
    if world.frame:
        code, label = (code == 1).astype(int), (label == 1).astype(int)
        value = label.astype(float)
    return Passages(article, code, label, value + world.shift * of_b, outlet, story)


def corpus(world: World, seed: int) -> pd.DataFrame:
    """Passages as `framing.coding.sampling.draw` takes them, with `code`: what a coder would say."""
    drawn = passages(world, seed)
    outlet = np.array(["A", "B"])[drawn.outlet[drawn.article]]
    return pd.DataFrame(
        {
            "passage_id": [f"p{k:06d}" for k in range(len(drawn.code))],
            "article_id": [f"{name}{k:05d}" for name, k in zip(outlet, drawn.article, strict=True)],
            "outlet": outlet,
            "story": [f"s{k:04d}" for k in drawn.story[drawn.article]],
            "category": "",
            "period": "2017",
            "published": pd.Timestamp("2017-06-01"),
            "code": LABELS[1 + drawn.code],
            "machine_label": LABELS[1 + drawn.label],
            "machine_value": drawn.value.round(6),
        }
    )


def article_table(passages: pd.DataFrame) -> pd.DataFrame:
    """Article scores of the machine."""
    table = passages.groupby(["article_id", "outlet"], sort=True).agg(
        value=("machine_value", "mean"),
        n_passages=("passage_id", "size"),
        published=("published", "first"),
        story=("story", "first"),
    )
    key = {
        "measure": "sentiment", "category": "", "scorer": "toy", "scorer_version": "1", "target": "RUS", "pair": "",
        "voice": "",
    }  # fmt: skip
    return table.reset_index().assign(**key)


def coded(passages: pd.DataFrame, articles: int, each: int, seed: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A sample of so many articles, at most `each` passages of one, and one coder's codes of it."""
    sample = draw(passages, articles, each, seed)
    codes = sample[["unit", "code"]].rename(columns={"code": "label"}).assign(coder="anna")
    return sample.drop(columns="code"), codes[["unit", "coder", "label"]]
