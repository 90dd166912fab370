"""Over time: for the largest outlets the smooth series and the changes found, and the effects of declared events."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from corpora.errors import InputError
from reports.article_scores import KEY
from reports.change_points import ChangePoint, change_points, untested
from reports.comparison import UNTESTED, Comparison
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
        changes: Outlet to the changes of its level that were found.
        untested: Outlet to the reason why its series could not be searched.
        effects: Effects of the declared events; empty where none is declared.
    """

    key: dict[str, str]
    smooths: dict[str, pd.DataFrame]
    changes: dict[str, list[ChangePoint]]
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
                untested={outlet: reason for outlet, reason in reasons.items() if reason},
                effects=event_effects(articles, _asked(events, articles), comparison.minimum)
                if events
                else pd.DataFrame(),
            )
        )
    return tuple(found)


def _asked(events: Sequence[Event], articles: pd.DataFrame) -> list[Event]:
    """Events with those of their outlets that have articles; without an event none of whose outlets has any."""
    there = set(articles["outlet"])
    named = [replace(event, outlets=tuple(o for o in event.outlets if o in there)) for event in events]
    return [now for now, before in zip(named, events, strict=True) if now.outlets or not before.outlets]


def change_rows(found: Sequence[OverTime]) -> pd.DataFrame:
    """The changes that were found, as a table: one row a change."""
    rows = []
    for one in found:
        for outlet, changes in sorted(one.changes.items()):
            for change in changes:
                told = {name: one.key[name] for name in ("measure", "target", "pair")}
                rows.append({**told, "outlet": outlet, **vars(change)})
    columns = ["measure", "target", "pair", "outlet", *ChangePoint.__annotations__]
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
