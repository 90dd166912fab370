"""Study: the whole plan of a report; `reports.study_file` reads it from TOML."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import PurePath

from corpora.errors import InputError
from corpora.query import parse
from corpora.votes import check_genre, check_switch
from framing.frames import OWN, is_frames
from framing.scorers import COSTS, DEFAULT_COST, SCORERS, load_scorer, measures
from framing.second import SECOND
from framing.voice import VOICES as EVERY_VOICE
from reports.events import Event
from reports.periods import UNITS

REST, PAIRS = "rest", "pairs"
# Draws beyond the highest would take more memory than a desk has and change no digit that is printed.
BOUNDS = {"minimum_articles": (2, 10**6), "minimum_stories": (2, 10**6), "draws": (100, 20_000), "seed": (0, 2**63)}


# Measures that a report tells; others are for `framing.score`.
REPORTED = ("attitude", "relation", "sentiment", "subject", "tone", "frames:CODEBOOK")
# Those whose differences are tested.
TESTED = ("attitude", "relation", "sentiment")
# In whose words passages must be to count: anybody's, the outlet's own, or those of somebody it quotes or reports.
VOICES = {"all": EVERY_VOICE, "own": ("own",), "quoted": tuple(voice for voice in EVERY_VOICE if voice != "own")}


def is_described(measure: str) -> bool:
    """Whether a measure is described and never tested."""
    return measure == "subject" or is_frames(measure)


@dataclass(frozen=True)
class Primary:
    """A declared comparison: one outlet against another, `rest`, or the study's reference where none is named."""

    measure: str
    outlet: str
    reference: str = ""
    target: str = ""


@dataclass(frozen=True)
class Study:
    """What is compared, and how.

    Attributes:
        dyad: The two countries, in alphabetical order.
        corpus: Folder of the corpus, or empty where one is handed over.
        title: Title of the report; made from the countries where empty.
        outlets: Outlets to compare; all of the corpus where empty.
        merge: Name of an outlet as read to the name it is counted under.
        reference: Outlet that the others are compared with; `rest`, the mean of all other scored outlets; or `pairs`,
            all against all.
        period: month, quarter, half or year; chosen from the data where empty.
        since: First day.
        until: Last day.
        measures: Scorers that are run.
        cost: Which scorer of each measure.
        codebooks: Folder in which codebooks of one's own were trained, for `frames:NAME`.
        minimum_articles: Articles a cell needs.
        minimum_stories: Stories a cell needs.
        primary: Declared comparisons; all outlets on sentiment and relation where empty.
        text: Whether sentences of articles are shown.
        wire: Which articles count where outlets print an agency's or another's text: `own` (an outlet's own text
            only), `origin` (one vote for each origin), or `all`.
        genre: Which kind of piece counts: `news`, `opinion`, or `all`.
        voice: Passages in whose words count: `all`, `own`, or `quoted`. What describes voices reads all.
        where: Query that narrows the study (docs/queries.md); empty for every article.
        words: Whether words, loaded words and names are told, for which the texts are read again.
        pairs: Pairs of outlets whose differences are taken apart; those that share most stories where empty.
        events: Declared events, each tested as such.
        coded: Folders of human codes by which estimates are corrected.
        second: Whether the other scorers of a measure are heard, to see what hangs on the scorer.
        mixed: Whether a mixed model gives a second opinion on differences.
        seed: Seed of the bootstrap.
        draws: Bootstrap draws.
        banner: A line that the report carries at its head.
    """

    dyad: tuple[str, str]
    corpus: str = ""
    title: str = ""
    outlets: tuple[str, ...] = ()
    merge: tuple[tuple[str, str], ...] = ()
    reference: str = REST
    period: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    measures: tuple[str, ...] = ("relation", "sentiment", "frames:bilateral", "subject", "tone")
    cost: str = DEFAULT_COST
    codebooks: str = OWN
    minimum_articles: int = 10
    minimum_stories: int = 5
    primary: tuple[Primary, ...] = ()
    text: bool = True
    wire: str = "own"
    genre: str = "news"
    voice: str = "all"
    where: str = ""
    words: bool = True
    pairs: tuple[tuple[str, str], ...] = ()
    events: tuple[Event, ...] = ()
    coded: tuple[str, ...] = ()
    second: bool = True
    mixed: bool = False
    seed: int = 1
    draws: int = 2000
    banner: str = ""

    def __post_init__(self) -> None:
        if self.period and self.period not in UNITS:
            raise InputError(f"no period {self.period!r}; there are: {', '.join(UNITS)}")
        if len(set(self.measures)) < len(self.measures):
            raise InputError(f"measures are named twice: {', '.join(self.measures)}")
        for measure in self.measures:
            if measure not in SCORERS and not is_frames(measure):
                raise InputError(f"no scorer {measure!r}; there are: {', '.join(measures())}")
            if measure not in REPORTED and not is_frames(measure):
                raise InputError(f"reports do not tell {measure!r} yet; there are: {', '.join(REPORTED)}")
            if self.cost not in COSTS:
                raise InputError(f"scorer {measure!r} has no cost {self.cost!r}; there are: {', '.join(sorted(COSTS))}")
            load_scorer(measure, self.cost, self.codebooks)
        if not self.measures:
            raise InputError(f"the study measures nothing; there are: {', '.join(REPORTED)}")
        if all(is_described(measure) for measure in self.measures):
            raise InputError(
                f"{', '.join(map(repr, self.measures))} alone makes no study: it is told beside attitude, relation, "
                "sentiment or tone"
            )
        check_switch(self.wire)
        check_genre(self.genre)
        if self.voice not in VOICES:
            raise InputError(f"no voice switch {self.voice!r}; there are: {', '.join(VOICES)}")
        if self.where:
            parse(self.where)
        names = [PurePath(folder).name for folder in self.coded]
        for name in names:
            # A report's study names them by this alone.
            if names.count(name) > 1:
                raise InputError(f"two folders of human codes have the name {name!r}; rename one")
        for name, (lowest, highest) in BOUNDS.items():
            if not lowest <= getattr(self, name) <= highest:
                raise InputError(f"{name} is {getattr(self, name)}; it must be from {lowest} to {highest}")
        if self.since and self.until and self.since > self.until:
            raise InputError(f"the study begins on {self.since} and ends before that, on {self.until}")
        for primary in self.primary:
            if primary.measure not in self.measures:
                raise InputError(f"primary comparison of {primary.measure!r}, which the study does not measure")
            if is_described(primary.measure):
                raise InputError(f"primary comparison of {primary.measure!r}, which is described and not tested")

    @property
    def scored(self) -> tuple[str, ...]:
        """What is run: the measures, and beside them their other scorers that cost less."""
        if not self.second or self.cost != DEFAULT_COST:
            return self.measures
        light = (m for m in self.measures if m in TESTED and "light" in SCORERS[m])
        return (*self.measures, *(f"{measure}{SECOND}light" for measure in light))

    @property
    def pair(self) -> str:
        """The pair as the tables write it: RUS-USA."""
        return "-".join(self.dyad)

    def toml(self) -> str:
        """The study as a TOML file that `read_study` reads back."""
        from reports.study_file import study_toml

        return study_toml(self)
