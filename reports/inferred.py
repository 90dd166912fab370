"""Inferred: what a report says beyond levels and differences, and how far it can be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from framing.second import SECOND
from reports.article_scores import counted
from reports.comparison import ESTIMATE_COLUMNS, Comparison
from reports.controls import Control, shuffle_control, split_control
from reports.corrected import Corrected, corrected
from reports.mixed import mixed_differences
from reports.over_time import OverTime, over_time
from reports.pairs import Compared, choose_pairs, compare_pairs, pair_rows
from reports.robustness import Robustness, main_difference, robustness
from reports.study import VOICES
from reports.telling import SideBySide, side_by_side

if TYPE_CHECKING:
    from reports.study import Study

# What a specification changes, as a report names it.
WIRE = {"all": "wire copy counts", "origin": "each wire text counts once", "own": "own text alone"}
GENRE = {"all": "every kind of piece", "news": "news alone", "opinion": "opinion alone"}
SPOKEN = {"all": "in whoever's words", "own": "in the outlets' own words", "quoted": "in words of others"}


@dataclass(frozen=True)
class Inferred:
    """Differences taken apart, tested again, and put to the proof.

    Attributes:
        pairs: Every pair of outlets on every tested measure.
        sides: For each of them, stories side by side.
        controls: How often these data would cry wolf.
        robustness: The main difference under other specifications; None where nothing was tested.
        mixed: The differences by a mixed model; empty unless the study asks.
        corrected: Estimates by human codes, one for each folder of codes that the study names.
        over_time: Every tested measure over time.
    """

    pairs: tuple[Compared, ...]
    sides: tuple[tuple[SideBySide, ...], ...]
    controls: tuple[Control, ...]
    robustness: Robustness | None
    mixed: pd.DataFrame
    corrected: tuple[Corrected, ...]
    over_time: tuple[OverTime, ...]

    def estimates(self, wire: str, genre: str) -> pd.DataFrame:
        """All of it that belongs into the estimates table."""
        parts = [pair_rows(self.pairs, wire, genre), self.mixed, *(one.human for one in self.corrected)]
        parts = [part for part in parts if len(part)]
        return pd.concat(parts, ignore_index=True).reindex(columns=ESTIMATE_COLUMNS) if parts else pd.DataFrame()


def infer(
    comparison: Comparison,
    study: Study,
    whole: Mapping[str, pd.DataFrame],
    telling: pd.DataFrame,
    settings: Mapping[str, Any],
) -> Inferred:
    """All inferences of a study.

    Args:
        comparison: Its levels and differences.
        study: The plan.
        whole: Scores of all articles by voice switch, of `second` scorers, and of relations with `none`; which count is
            not yet chosen. Of `frames` those that count.
        telling: Passages of articles on shared stories.
        settings: Of `compare_articles`.
    """
    pairs = compare_pairs(comparison, choose_pairs(comparison, study.pairs))
    coded = {"tested": comparison.articles, "frames": whole["frames"]}
    if study.coded:
        coded["none"] = counted(whole["none"], study.wire, study.genre)
    return Inferred(
        pairs=tuple(pairs),
        sides=tuple(tuple(side_by_side(one, telling)) for one in pairs),
        controls=(split_control(comparison, seed=study.seed), shuffle_control(pairs, seed=study.seed)),
        robustness=robustness(comparison, *_variants(comparison, study, whole)),
        mixed=mixed_differences(comparison) if study.mixed else pd.DataFrame(),
        corrected=corrected(study, comparison, coded, settings),
        over_time=over_time(comparison, study.events, study.draws, study.seed),
    )


def _variants(
    comparison: Comparison, study: Study, whole: Mapping[str, pd.DataFrame]
) -> tuple[dict[str, pd.DataFrame], dict[str, str]]:
    """Specifications with the scores that count under them, and the measure that they read where it is another."""
    measure = str(main_difference(comparison).get("measure", ""))
    found, read = {}, {}
    second = f"{measure}{SECOND}light"
    if second in study.scored:
        found["by the light scorer"] = counted(whole["second"], study.wire, study.genre)
        read["by the light scorer"] = second
    if measure == "sentiment" and "tone" in study.measures:
        found["by the lexicon (tone)"] = comparison.articles
        read["by the lexicon (tone)"] = "tone"
    plain = whole[study.voice]
    found |= {told: counted(plain, name, study.genre) for name, told in WIRE.items() if name != study.wire}
    found |= {told: counted(plain, study.wire, name) for name, told in GENRE.items() if name != study.genre}
    for voice, told in SPOKEN.items():
        if voice != study.voice and voice in VOICES:
            found[told] = counted(whole[voice], study.wire, study.genre)
    return found, read
