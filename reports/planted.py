"""Planted truth: scores of articles from outlets whose differences are known, to see what a method makes of them.

Each event has a standing z, normal with mean 0 and standard deviation 1, and a value, `story_sd` times z. An outlet

- covers it with probability Phi(c + preference z), where c makes the share of events that it covers `coverage`;
- prints on it one article and a Poisson number of further ones, with mean

      (articles - 1) exp(attention z - attention^2 / 2) exp(size_sd x - size_sd^2 / 2)

  where x, normal, is the event's own size, the same for all outlets;
- gives each of them the value of the event + treatment (+ alone, where nobody else covers it) + noise times (what the
  outlet makes of this event, of `interaction_sd`, + what is the article's own, of `article_sd`) + drift and change.

That is what a human coder would say, `truth`. What the machine says, `value`, is shrinkage times truth + an error of
`error_sd`. Events are drawn independently, so that stories are the clusters and an interval is about such events.

What is true is not simulated: it is the mean over the normal distribution of z (`Truth.level`, `Truth.parts`).
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corpora.errors import InputError
from reports.article_scores import KEY

# Where means over z are taken: an even grid is exact to nine digits for slopes up to 10 and attention up to 2.
GRID = np.linspace(-12, 12, 4801)
# Days of a month on which a story may begin; its last article comes two days later, in the same month.
DAYS, DELAY = 26, 3
START = np.datetime64("2017-01", "M")
# Mean number of scored passages an article: real articles about Russia have 4 to 6.
PASSAGES = 5
Array = NDArray[np.float64]


@dataclass(frozen=True)
class Outlet:
    """What an outlet does.

    Attributes:
        name: Its name.
        coverage: Share of all events that it covers, above 0, at most 1.
        preference: How much likelier it covers an event of higher value: slope of the probit; negative: of lower.
        treatment: Added to each of its articles.
        alone: Added where no other outlet covers the event: treatment that nothing can be compared with.
        articles: Mean number of articles on an event, if it covered all of them; at least 1.
        attention: How much more further articles an event of higher value gets: log of the ratio for 1 sd.
        noise: Its articles' spread around the event's value, as a multiple of the others'.
        wire: Share of the agency's articles that it prints as well.
        shrinkage: What the machine keeps of the human value; 1: all, 0: nothing.
        error_sd: Standard deviation of the machine's error on one of its articles.
    """

    name: str
    coverage: float = 0.5
    preference: float = 0.0
    treatment: float = 0.0
    alone: float = 0.0
    articles: float = 1.0
    attention: float = 0.0
    noise: float = 1.0
    wire: float = 0.0
    shrinkage: float = 1.0
    error_sd: float = 0.0


@dataclass(frozen=True)
class Change:
    """A change of level: from month number `month` on (the first is 0), `size` is added to an outlet's articles."""

    outlet: str
    month: int
    size: float


@dataclass(frozen=True)
class Parts:
    """The true difference between two outlets and its three parts (see `reports.decomposition`)."""

    difference: float
    treatment: float
    weighting: float
    unshared: float


@dataclass(frozen=True)
class Truth:
    """What is planted. The defaults are near what sentiment is in real articles: sd 0.2, 0.4 of the variance by event.

    Attributes:
        outlets: The outlets.
        stories: Number of events, covered or not.
        story_sd: Standard deviation of the events' values.
        interaction_sd: Of what an outlet makes of an event, beyond its treatment of all.
        article_sd: Of articles of one outlet on one event.
        size_sd: Of the log of the events' sizes; 0: alike, 1: heavy tails.
        months: Length of the time, from January 2017; each event is as likely in any of them.
        drift: Added to each article for each month since the first.
        change: A change of one outlet's level, or none.
        agency: The outlet whose articles others print (`Outlet.wire`), or empty.

    Raises:
        InputError: A number is out of its range, a name is empty or there twice, or names no outlet.

    >>> truth = Truth((Outlet("A", preference=1.0, treatment=0.1), Outlet("B")))
    >>> parts = truth.parts("A", "B")
    >>> round(parts.treatment, 4), round(parts.weighting, 4), round(parts.unshared, 4)  # A covers the better events
    (0.1, 0.0, 0.0711)
    >>> round(parts.difference, 4) == round(truth.level("A") - truth.level("B"), 4)
    True
    """

    outlets: tuple[Outlet, ...]
    stories: int = 60
    story_sd: float = 0.126
    interaction_sd: float = 0.05
    article_sd: float = 0.147
    size_sd: float = 0.0
    months: int = 12
    drift: float = 0.0
    change: Change | None = None
    agency: str = ""

    def __post_init__(self) -> None:
        names = [outlet.name for outlet in self.outlets]
        if not names:
            raise InputError("no outlets: at least one is planted")
        for name in names:
            if not name or names.count(name) > 1:
                raise InputError(f"outlet {name!r}: each needs a name of its own")
        for what in filter(None, (self.agency, self.change.outlet if self.change else "")):
            self._outlet(what)
        for name in ("stories", "months"):
            _within(name, getattr(self, name), 1)
        for name in ("story_sd", "interaction_sd", "article_sd", "size_sd"):
            _within(name, getattr(self, name), 0)
        _within("drift", self.drift)
        if self.change:
            _within("change.month", self.change.month, 0, self.months - 1)
            _within("change.size", self.change.size)
        for outlet in self.outlets:
            for field in fields(Outlet)[1:]:
                _within(f"{field.name} of {outlet.name}", getattr(outlet, field.name), *RANGES.get(field.name, ()))

    def level(self, name: str) -> float:
        """True mean over an outlet's articles, as human coders would see them.

        Raises:
            InputError: There is no such outlet.
        """
        outlet, others = self._outlet(name), [other for other in self.outlets if other.name != name]
        z = GRID
        alone = np.prod([1 - covers(other, z) for other in others], axis=0)
        articles = np.exp(-(z**2) / 2) * covers(outlet, z) * _articles(outlet, z)
        return _mean(self.story_sd * z + outlet.alone * alone, articles) + self._shift(outlet)

    def parts(self, one: str, other: str) -> Parts:
        """True difference of two outlets' levels, and its parts: the formula of `reports.decomposition` on means.

        Raises:
            InputError: There is no such outlet.
        """
        sides = [self._outlet(one), self._outlet(other)]
        z = GRID
        shared = np.exp(-(z**2) / 2) * covers(sides[0], z) * covers(sides[1], z)
        # On shared events: the mean value of the events, weighted by each outlet's articles.
        agenda = [_mean(self.story_sd * z, shared * _articles(side, z)) for side in sides]
        levels = [self.level(side.name) for side in sides]
        unshared = [level - value - self._shift(side) for level, value, side in zip(levels, agenda, sides, strict=True)]
        return Parts(
            difference=levels[0] - levels[1],
            treatment=self._shift(sides[0]) - self._shift(sides[1]),
            weighting=agenda[0] - agenda[1],
            unshared=unshared[0] - unshared[1],
        )

    def _outlet(self, name: str) -> Outlet:
        found = [outlet for outlet in self.outlets if outlet.name == name]
        if not found:
            raise InputError(f"no outlet {name!r}; there are: {', '.join(outlet.name for outlet in self.outlets)}")
        return found[0]

    def _shift(self, outlet: Outlet) -> float:
        """What is added to an outlet's articles on whatever event, on average over the months."""
        change = self.change
        changed = change.size * (1 - change.month / self.months) if change and change.outlet == outlet.name else 0.0
        return outlet.treatment + changed + self.drift * (self.months - 1) / 2


# Lowest and highest value of what an outlet does; a number without a range may be any.
RANGES = {"coverage": (1e-6, 1.0), "articles": (1.0,), "noise": (0.0,), "wire": (0.0, 1.0), "error_sd": (0.0,)}


def plant(truth: Truth, seed: int) -> pd.DataFrame:
    """Article scores of one measure, as `reports.article_scores.article_scores` gives them, with the column `truth`.

    Args:
        truth: What is planted.
        seed: Seed; the same seed gives the same articles.

    Returns:
        One row an article, sorted by `article_id`. Wire copies have the agency's values and the vote `copy`.

    >>> articles = plant(Truth((Outlet("A", treatment=0.1), Outlet("B")), stories=40_000), seed=1)
    >>> articles.groupby("outlet")["value"].mean().abs().round(2).to_dict()
    {'A': 0.1, 'B': 0.0}
    """
    rng = np.random.default_rng(seed)
    outlets, number = truth.outlets, truth.stories
    z, size = rng.standard_normal(number), np.exp(truth.size_sd * rng.standard_normal(number) - truth.size_sd**2 / 2)
    months, days = rng.integers(0, truth.months, number), rng.integers(0, DAYS, number)
    covered = np.array([rng.random(number) < covers(each, z) for each in outlets])
    further = np.array([rng.poisson((_articles(each, z) - 1) * size) for each in outlets])
    made = rng.normal(0, truth.interaction_sd, covered.shape)
    # From here on one entry an article: its outlet and its story.
    outlet, story = np.repeat(np.argwhere(covered), (1 + further)[covered], axis=0).T

    def of(name: str) -> Array:
        found: Array = np.array([getattr(each, name) for each in outlets], dtype=float)[outlet]
        return found

    human = truth.story_sd * z[story] + of("treatment") + of("alone") * (covered.sum(axis=0) == 1)[story]
    human += of("noise") * (made[outlet, story] + rng.normal(0, truth.article_sd, len(story)))
    human += truth.drift * months[story]
    names = np.array([each.name for each in outlets], dtype=object)[outlet]
    if truth.change:
        human += truth.change.size * ((names == truth.change.outlet) & (months[story] >= truth.change.month))
    day = (START + months[story]).astype("datetime64[D]") + days[story] + rng.integers(0, DELAY, len(story))
    own = pd.DataFrame(
        {
            **dict.fromkeys(KEY, ""),
            "measure": "sentiment",
            "scorer": "planted",
            "target": "RUS",
            "article_id": "",
            "outlet": names,
            "value": of("shrinkage") * human + of("error_sd") * rng.standard_normal(len(story)),
            "n_passages": 1 + rng.poisson(PASSAGES - 1, len(story)),
            "published": day.astype("datetime64[ns]"),
            "story": [f"story-{place:06d}" for place in story],
            "vote": "own",
            "genre": "news",
            "truth": human,
        }
    )
    copies = [
        own[(names == truth.agency) & (rng.random(len(own)) < each.wire)].assign(outlet=each.name, vote="copy")
        for each in outlets
        if each.wire and each.name != truth.agency
    ]
    table: pd.DataFrame = pd.concat([own, *copies], ignore_index=True)
    table["article_id"] = [f"article-{place:06d}" for place in range(len(table))]
    return table


def covers(outlet: Outlet, z: Array) -> Array:
    """Probability that an outlet covers an event of standing z.

    >>> covers(Outlet("A", coverage=0.5, preference=1.0), np.array([0.0])).tolist()
    [0.5]
    """
    from scipy.special import ndtr, ndtri

    found: Array = ndtr(ndtri(outlet.coverage) * np.hypot(1, outlet.preference) + outlet.preference * z)
    return found


def _articles(outlet: Outlet, z: Array) -> Array:
    """Mean number of articles on an event of standing z that the outlet covers."""
    found: Array = 1 + (outlet.articles - 1) * np.exp(outlet.attention * z - outlet.attention**2 / 2)
    return found


def _mean(values: Array, weights: Array) -> float:
    return float((values * weights).sum() / weights.sum())


def _within(name: str, value: float, low: float = -np.inf, high: float = np.inf) -> None:
    if not (np.isfinite(value) and low <= value <= high):
        raise InputError(f"{name} is {value}; it must be a number from {low:g} to {high:g}")
