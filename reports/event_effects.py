"""Event effects: what declared events did to outlets, tested as such.

**Interrupted series.** How the outlet's level moved at the event: the articles of the window are fitted by a straight
line before the event and another one after it, and the effect is the step between them on the day,

    y = level + step * after + slope_1 * t * (1 - after) + slope_2 * t * after,   t in months since the event.

Where either side has articles in fewer than three of its months there is nothing to draw a line through: the effect is
then the mean after less the mean before.

**Difference in differences.** The outlet's mean after less its mean before, less the mean of the same of the other
outlets, each of which counts once: what moved all of them alike cancels.

Both are clustered by story; a story that runs over the event counts on the side of each of its articles and stays one
cluster. Found change points (`reports.change_points`) are another thing, and no declared event is taken from them.

References:
    Bernal, J. L., Cummins, S., Gasparrini, A. (2017). Interrupted Time Series Regression for the Evaluation of Public
    Health Interventions: A Tutorial. International Journal of Epidemiology 46(1), 348-355.
    Angrist, J. D., Pischke, J.-S. (2009). Mostly Harmless Econometrics. Princeton University Press. (Chapter 5.2)
    Bertrand, M., Duflo, E., Mullainathan, S. (2004). How Much Should We Trust Differences-in-Differences Estimates?
    Quarterly Journal of Economics 119(1), 249-275.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from corpora.errors import InputError
from reports.clustered import coefficient
from reports.estimation import Cell, difference, holm, interval, spread
from reports.events import Event
from reports.series import check_one_measure
from reports.study import REST
from reports.toml_file import unknown

SERIES, CONTRAST = "interrupted series", "difference in differences"
WITH_TREND = "step between two straight lines at the event; story-clustered t interval (CR2)"
PLAIN = "mean after less mean before, no trend; story-clustered t interval"
DOUBLE = "after less before, less the mean of the others' after less before; story-clustered t interval"
# Cochrane's Effective Practice and Organisation of Care group asks for three points on each side of an interruption.
MONTHS_FOR_TREND = 3
DAYS_IN_MONTH = 30.4375
COLUMNS = [
    "event", "date", "kind", "outlet", "reference", "value", "se", "freedom", "low", "high", "p", "p_adjusted",
    "n_articles_before", "n_articles_after", "n_stories_before", "n_stories_after", "method", "note",
]  # fmt: skip


@dataclass(frozen=True)
class Sides:
    """The articles of one outlet in an event's window.

    Attributes:
        before: Those before the day.
        after: Those of the day and after it.
        months: Months since the event of each article (N), those before it below 0.
        values: Value of each (N).
        stories: Story of each (N).
    """

    before: Cell
    after: Cell
    months: NDArray[np.float64]
    values: NDArray[np.float64]
    stories: NDArray[np.intp]

    @property
    def enough(self) -> bool:
        """Whether both sides have what a cell needs."""
        return self.before.enough and self.after.enough

    def counts(self) -> dict[str, int]:
        """How much stands behind the effect."""
        return {
            "n_articles_before": len(self.before.values),
            "n_articles_after": len(self.after.values),
            "n_stories_before": len(self.before.stories),
            "n_stories_after": len(self.after.stories),
        }

    def shortfall(self) -> str:
        """Why there is no effect; empty where there is one."""
        before, after = len(self.before.values), len(self.after.values)
        if not before and not after:
            return "not enough data: no article in the window"
        if not before or not after:
            return (
                f"not enough data: articles only {'after' if after else 'before'} the event, {before or after} of them"
            )
        parts = [f"{name} the event, {cell.shortfall().removeprefix('not enough data: ')}"
                 for name, cell in (("before", self.before), ("after", self.after)) if not cell.enough]  # fmt: skip
        return f"not enough data: {'; '.join(parts)}" if parts else ""


def event_effects(articles: pd.DataFrame, events: Sequence[Event], minimum: tuple[int, int] = (10, 5)) -> pd.DataFrame:
    """Effects of declared events, outlet by outlet.

    Args:
        articles: Article scores of one measure: `article_id`, `outlet`, `value`, `story`, `n_passages`, `published`.
        events: What `read_events` returns.
        minimum: Articles and stories that each side of the window needs.

    Returns:
        A row for each event, kind and outlet, with the values of the estimates table; `reference` is empty for an
        interrupted series, else the other outlet or `rest`. `p_adjusted` is Holm's over all rows of a kind. Without a
        value `note` says why. Of two outlets the second's difference in differences mirrors the first's and is left
        out. Where an event names outlets, only these are asked, and compared with those that it does not name, or
        with each other where it names all.

    Raises:
        InputError: The articles are of several measures, or an event names an outlet that is not among them.
    """
    check_one_measure(articles)
    outlets = sorted(set(articles["outlet"]))
    for event in events:
        for outlet in event.outlets:
            if outlet not in outlets:
                raise InputError(f"event {event.name!r}: {unknown('outlet', outlet, tuple(outlets))}")
    known = articles[articles["published"].notna() & articles["value"].notna()].reset_index(drop=True)
    known = known.assign(story=pd.factorize(known["story"])[0], published=known["published"].dt.normalize())
    rows: list[dict[str, Any]] = []
    for event in events:
        told = {"event": event.name, "date": event.date.isoformat()}
        rows += [told | row for row in _effects(known, event, outlets, minimum)]
    table = pd.DataFrame(rows, columns=COLUMNS)
    for name in ("reference", "method", "note"):
        table[name] = table[name].astype(object).where(table[name].notna(), "")
    table["p_adjusted"] = np.nan
    for _, tested in table[table["p"].notna()].groupby("kind", sort=True):
        table.loc[tested.index, "p_adjusted"] = holm(tested["p"].to_numpy(dtype=float))
    table[COLUMNS[5:12]] = table[COLUMNS[5:12]].astype(float)
    return table.sort_values(
        ["kind", "date", "event", "outlet"], ascending=[False, True, True, True], ignore_index=True
    )


def _effects(
    known: pd.DataFrame, event: Event, outlets: list[str], minimum: tuple[int, int]
) -> Iterator[dict[str, Any]]:
    """Both kinds of effect of an event on every outlet that is asked."""
    day, reach = pd.Timestamp(event.date), pd.DateOffset(months=event.months)
    window = known[(known["published"] >= day - reach) & (known["published"] < day + reach)]
    sides = {outlet: _sides(window[window["outlet"] == outlet], day, minimum) for outlet in outlets}
    asked = list(event.outlets) or outlets
    outside = _outside(known, day)
    for outlet in asked:
        told = {"kind": SERIES, "outlet": outlet, **sides[outlet].counts()}
        reason = outside or sides[outlet].shortfall()
        yield told | ({"note": reason} if reason else _interrupted(sides[outlet]))
    unnamed = [outlet for outlet in outlets if outlet not in event.outlets]
    controls = [outlet for outlet in (unnamed if event.outlets and unnamed else outlets) if sides[outlet].enough]
    usable = [outlet for outlet in asked if sides[outlet].enough]
    mirrored = usable[1] if len(usable) == 2 and sorted(usable) == controls else ""
    for outlet in asked:
        if outlet == mirrored:
            continue
        others = [name for name in controls if name != outlet]
        told = {"kind": CONTRAST, "outlet": outlet, **sides[outlet].counts()}
        told["reference"] = others[0] if len(others) == 1 else REST
        reason = outside or sides[outlet].shortfall()
        if not reason and not others:
            reason = "not enough data: no other outlet on both sides of the event"
        yield told | ({"note": reason} if reason else _double(sides[outlet], [sides[name] for name in others]))


def _outside(known: pd.DataFrame, day: pd.Timestamp) -> str:
    """Why no outlet can have an effect; empty where some may."""
    if known.empty:
        return "not enough data: no article has a date"
    first, last = known["published"].min(), known["published"].max()
    if first == last:
        return f"not enough data: all articles are of one day, {first:%Y-%m-%d}"
    if not first < day <= last:
        return f"the event lies outside the articles' days, {first:%Y-%m-%d} to {last:%Y-%m-%d}"
    return ""


def _sides(rows: pd.DataFrame, day: pd.Timestamp, minimum: tuple[int, int]) -> Sides:
    after = (rows["published"] >= day).to_numpy()
    months = np.asarray((rows["published"] - day).dt.days, dtype=np.float64) / DAYS_IN_MONTH
    values, stories = rows["value"].to_numpy(dtype=float), rows["story"].to_numpy()
    return Sides(Cell(rows[~after], minimum), Cell(rows[after], minimum), months, values, stories)


def _interrupted(sides: Sides) -> dict[str, Any]:
    """The step at the event, with trends where there are months enough."""
    after = (sides.months >= 0).astype(float)
    enough = all(len(set(np.floor(sides.months[after == side]))) >= MONTHS_FOR_TREND for side in (0, 1))
    if not enough:
        plain = difference(sides.after, [sides.before])
        return _noted({name: plain[name] for name in ("value", "se", "freedom", "low", "high", "p")}, PLAIN)
    design = np.column_stack([np.ones(len(after)), after, sides.months * (1 - after), sides.months * after])
    return _noted(interval(*coefficient(sides.values, design, sides.stories, wanted=1)), WITH_TREND)


def _double(own: Sides, others: Sequence[Sides]) -> dict[str, Any]:
    """Difference in differences, paired by story."""
    share = -1.0 / len(others)
    parts = [(1.0, own.after), (-1.0, own.before)]
    for other in others:
        parts += [(share, other.after), (-share, other.before)]
    value = sum(weight * cell.mean for weight, cell in parts)
    return _noted(interval(value, *spread(parts)), DOUBLE)


def _noted(found: dict[str, Any], method: str) -> dict[str, Any]:
    """Values with their method; a note where nothing varies, so that there is no interval."""
    note = "" if found["p"] == found["p"] else "nothing varies: no interval"
    return {**found, "method": method, "note": note}
