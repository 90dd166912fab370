"""Over time: for the largest outlets the smooth series and the changes found, and the effects of declared events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from corpora.errors import InputError
from reports.article_scores import KEY
from reports.change_points import LEVEL, ChangePoint, change_points, untested
from reports.comparison import UNTESTED, Comparison
from reports.estimation import holm
from reports.event_effects import COLUMNS, event_effects
from reports.events import Event
from reports.trend import smooth

# Outlets whose series are searched, the largest first: each series searched is one more chance of a false find.
MOST = 6
UNIT = "month"


@dataclass(frozen=True)
class OverTime:
    """One measure over time.

    Attributes:
        key: What tells the measure apart: `KEY` to its value.
        smooths: Outlet to its smooth series, by month.
        changes: Outlet to the changes of its level that were found, with p corrected for the series that were searched.
        doubtful: Outlet to those that chance explains, given how many series were searched.
        untested: Outlet to the reason why its series could not be searched.
        effects: Effects of the declared events; empty where none is declared.
    """

    key: dict[str, str]
    smooths: dict[str, pd.DataFrame]
    changes: dict[str, list[ChangePoint]]
    doubtful: dict[str, list[ChangePoint]]
    untested: dict[str, str]
    effects: pd.DataFrame

    @property
    def searched(self) -> int:
        """How many series were searched for changes."""
        return len(self.changes) - len(self.untested)


def over_time(comparison: Comparison, events: Sequence[Event], draws: int, seed: int) -> tuple[OverTime, ...]:
    """Every tested measure over time.

    Args:
        comparison: What the report tells.
        events: Declared events.
        draws: Draws of blocks for the bands.
        seed: Seed of the bands, the shuffled series and the intervals of dates.

    Raises:
        InputError: An event names an outlet that has no articles.
    """
    rows = comparison.articles
    rows = rows[~rows["measure"].isin(UNTESTED) & (rows["voice"] == "")]
    there = sorted(set(rows["outlet"]))
    for event in events:
        missing = [outlet for outlet in event.outlets if outlet not in there]
        if missing:
            raise InputError(f"event {event.name!r} names no outlet of the study: {missing[0]!r}")
    sizes = rows[rows["published"].notna()].groupby("outlet")["article_id"].nunique()
    large = sizes[sizes >= comparison.minimum[0]].sort_index().sort_values(ascending=False, kind="stable").index[:MOST]
    found = []
    for key, articles in rows.groupby(KEY, sort=True):
        named = {name: str(value) for name, value in zip(KEY, key, strict=True)}
        of = {str(outlet): articles[articles["outlet"] == outlet] for outlet in large}
        of = {outlet: own for outlet, own in of.items() if own["published"].notna().any()}
        reasons = {outlet: untested(own, UNIT) for outlet, own in of.items()}
        found.append(
            OverTime(
                key=named,
                smooths={outlet: smooth(own, UNIT, draws, seed) for outlet, own in of.items()},
                changes={outlet: change_points(own, UNIT, seed=seed) for outlet, own in of.items()},
                doubtful={},
                untested={outlet: reason for outlet, reason in reasons.items() if reason},
                effects=event_effects(articles, _asked(events, articles), comparison.minimum)
                if events
                else pd.DataFrame(),
            )
        )
    return _held_together(_sure(found))


def _sure(found: Sequence[OverTime]) -> list[OverTime]:
    """The changes that survive Bonferroni's correction for all series that were searched, apart from the others."""
    searched = sum(one.searched for one in found)
    parted = []
    for one in found:
        changes = {
            outlet: [replace(change, p=min(1.0, change.p * searched)) for change in each]
            for outlet, each in one.changes.items()
        }
        sure = {outlet: [change for change in each if change.p < LEVEL] for outlet, each in changes.items()}
        others = {outlet: [change for change in each if change.p >= LEVEL] for outlet, each in changes.items()}
        parted.append(replace(one, changes=sure, doubtful=others))
    return parted


def _held_together(found: Sequence[OverTime]) -> tuple[OverTime, ...]:
    """Holm's p of the effects over all events, outlets, measures and kinds of a report: they are one family."""
    parts = {number: one.effects for number, one in enumerate(found) if len(one.effects)}
    if not parts:
        return tuple(found)
    whole = pd.concat(parts)
    tested = whole["p"].notna().to_numpy()
    # Row numbers repeat from measure to measure.
    adjusted = np.full(len(whole), np.nan)
    adjusted[tested] = holm(whole["p"].to_numpy(dtype=float)[tested])
    whole["p_adjusted"] = adjusted
    return tuple(
        replace(one, effects=pd.DataFrame(whole.loc[number])) if len(one.effects) else one
        for number, one in enumerate(found)
    )


def _asked(events: Sequence[Event], articles: pd.DataFrame) -> list[Event]:
    """Events with those of their outlets that have articles; without an event none of whose outlets has any."""
    there = set(articles["outlet"])
    named = [replace(event, outlets=tuple(o for o in event.outlets if o in there)) for event in events]
    return [now for now, before in zip(named, events, strict=True) if now.outlets or not before.outlets]


def change_rows(found: Sequence[OverTime]) -> pd.DataFrame:
    """The changes that were found, as a table: one row a change; `sure` is whether it survives the correction."""
    rows = []
    for one in found:
        for sure, of in ((True, one.changes), (False, one.doubtful)):
            for outlet, changes in sorted(of.items()):
                told = {name: one.key[name] for name in ("measure", "target", "pair")}
                rows += [{**told, "outlet": outlet, **vars(change), "sure": sure} for change in changes]
    columns = ["measure", "target", "pair", "outlet", *ChangePoint.__annotations__, "sure"]
    return pd.DataFrame(rows, columns=columns)


def effect_rows(found: Sequence[OverTime]) -> pd.DataFrame:
    """The effects of declared events, as a table: one row an event, kind, measure and outlet."""
    parts = [
        one.effects.assign(**{name: one.key[name] for name in ("measure", "target", "pair")})
        for one in found
        if len(one.effects)
    ]
    columns = [*COLUMNS, "measure", "target", "pair"]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=columns)
