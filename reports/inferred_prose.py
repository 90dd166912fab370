"""Prose on what is inferred: agenda and treatment, controls, robustness; with direction, size, interval and hedge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from reports.names import about
from reports.prose import SIGNIFICANT, in_passages, in_words, number
from reports.study import REST

if TYPE_CHECKING:
    from reports.change_points import ChangePoint
    from reports.controls import Control
    from reports.over_time import OverTime
    from reports.pairs import Compared
    from reports.robustness import Robustness
    from reports.silence import Silence

# Changes of level that are put into words; all are in the tables.
CHANGES = 4
# A share of false finds above this is told as a warning; 5 % are expected.
MANY = 0.08
# In one place: of 200 tries at 5 % more than 11 % come out in one of 10,000 places by chance.
MANY_IN_ONE = 0.11


def treatment_sentences(pairs: Sequence[Compared]) -> list[str]:
    """Whether outlets tell the stories that they share differently, after Holm's correction over all pairs."""
    tested = [one for one in pairs if not np.isnan(one.adjusted)]
    if not tested and any(not one.found.note for one in pairs):
        return ["Agenda and treatment: on the stories that outlets share nothing varies, so nothing can be tested."]
    if not tested:
        return ["Agenda and treatment: on no tested measure do two outlets share enough stories to be compared."]
    sure = sorted((one for one in tested if one.adjusted < SIGNIFICANT), key=lambda one: one.adjusted)
    count = f"{len(tested)} comparison{'s' if len(tested) > 1 else ''}"
    if not sure:
        return [
            f"Agenda and treatment: on stories that two outlets share there is no clear difference in how they tell "
            f"them, in {count} (Holm's correction at 5 %). That is no proof that they tell them alike: see the "
            "intervals."
        ]
    return [treatment_sentence(one) for one in sure[:3]]


def treatment_sentence(one: Compared) -> str:
    """How one outlet tells the stories that it shares with another; the direction is that of the estimate."""
    row = next(row for row in one.found.parts.to_dict("records") if row["kind"] == "treatment")
    what = about(one.key["measure"], one.key["target"], one.key["pair"])
    plain = in_passages(one.key["measure"], row["value"])
    _, mine, _, theirs = one.found.articles
    return (
        f"On the {one.found.shared} stories that both tell, {one.found.one} appears "
        f"{in_words(one.key['measure'], row['value'])} than {one.found.other} in {what}: a difference in treatment of "
        f"{number(row['value'], sign=True)} (95 % interval {number(row['low'])} to {number(row['high'])}; {mine} "
        f"articles against {theirs}){f', {plain}' if plain else ''}."
    )


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"


def apart_sentence(one: Compared) -> str:
    """What a difference is made of, and how much of it rests on stories that only one of the two tells."""
    found = one.found
    if found.note:
        return f"{found.one} and {found.other}: {found.note}."
    mine, theirs = found.unshared
    return (
        f"{found.one} less {found.other} is {number(found.part('difference'), sign=True)}. Of that, "
        f"{number(found.part('treatment'), sign=True)} is how both tell the {found.shared} stories they share, "
        f"{number(found.part('weighting'), sign=True)} how much of each they print, and "
        f"{number(found.part('unshared'), sign=True)} the stories that the other does not tell: "
        f"{_percent(mine)} of the articles of {found.one} and {_percent(theirs)} of those of {found.other} are on such "
        "stories."
    )


def others_sentence(one: Compared) -> str:
    """What other outlets' telling of the unshared stories says about that part; a check, no estimate."""
    value, share = one.others
    if one.found.note or np.isnan(value):
        return ""
    return (
        f"Told as other outlets tell them, the unshared stories would make {number(value, sign=True)} of it "
        f"({_percent(share)} of the articles on them are on stories that others tell as well)."
    )


def silence_sentence(one: Silence, other: str) -> str:
    """What an outlet left out, and what it would have added."""
    if not one.stories:
        return f"{one.outlet} has every story that {other} tells."
    single = one.stories == 1
    count = f"{one.outlet} does not tell {one.stories:,} {'story' if single else 'stories'} that {other} tells"
    if np.isnan(one.added):
        return f"{count}; no third outlet tells {'it' if single else 'any of them'}."
    which = "it" if single else f"{one.told:,} of them"
    return (
        f"{count}. Third outlets tell {which}, with a mean of {number(one.level)}; told like that, "
        f"{'it' if one.told == 1 else 'they'} would have moved {one.outlet} by {number(one.added, sign=True)}."
    )


def control_sentences(controls: Sequence[Control]) -> list[str]:
    """How often these data cry wolf."""
    told = []
    for one in controls:
        if not one.tried:
            told.append(f"Control, {one.name}: not enough data to try it.")
            continue
        worst, what = one.worst
        sentence = (
            f"Control, {one.name}: {one.found:,} of {one.tried:,} comparisons ({100 * one.share:.1f} %) came out as "
            f"differing at 5 %, where nothing differs; at most {100 * worst:.1f} % in one place ({what})."
        )
        if one.share > MANY or worst > MANY_IN_ONE:
            sentence += " That is more than should: the intervals here are too narrow, so doubt what is barely clear."
        told.append(sentence)
    return told


def robustness_sentence(found: Robustness | None) -> str:
    """What becomes of the main difference under other specifications."""
    if found is None:
        return ""
    known = found.table[found.table["value"].notna()]
    same, others = found.same_sign
    sign = np.sign(known["value"])
    clear = int(((known["low"] * known["high"] > 0) & (sign == sign.iloc[0])).iloc[1:].sum())
    main = found.main
    against = "the other outlets" if main["reference"] == REST else str(main["reference"])
    what = about(str(main["measure"]), str(main["target"]), str(main["pair"]))
    lowest, highest = known["value"].iloc[1:].min(), known["value"].iloc[1:].max()
    missing = found.table[found.table["value"].isna()]
    left = f" {len(missing)} more could not be tried." if len(missing) else ""
    reported = (
        f"{main['outlet']} less {against} in {what} is {number(float(known['value'].iloc[0]), sign=True)} as reported"
    )
    if not others:
        return f"{reported}. No other specification could be tried."
    return (
        f"{reported}, and with {others} other specification{'s' if others > 1 else ''} it runs from "
        f"{number(lowest, sign=True)} to {number(highest, sign=True)}: it keeps its sign in {same} of {others}, and in "
        f"{clear} of these its interval leaves out 0.{left}"
    )


def change_sentences(found: Sequence[OverTime]) -> list[str]:
    """Which outlets changed their level, the largest changes first, and how many series were searched."""
    searched = sum(one.searched for one in found)
    if not searched:
        return ["No series is long enough, or varies, so that it could be searched for changes."]
    changes = [(one, outlet, change) for one in found for outlet, each in one.changes.items() for change in each]
    count = (
        f"{searched:,} series {'was' if searched == 1 else 'were'} searched, and p is corrected for that (Bonferroni)."
    )
    doubtful = sum(len(each) for one in found for each in one.doubtful.values())
    if doubtful:
        do = "change does" if doubtful == 1 else "changes do"
        count += f" {doubtful} more {do} not survive it; see tables/changes.csv."
    if not changes:
        return [f"No change of level that chance does not explain as well. {count}"]
    changes.sort(key=lambda one: (-abs(one[2].value), one[1], one[2].period))
    told = []
    for one, outlet, change in changes[:CHANGES]:
        what = about(one.key["measure"], one.key["target"], one.key["pair"])
        steady = " A steady move would explain it as well." if change.drift else ""
        told.append(
            f"{outlet} becomes {in_words(one.key['measure'], change.value)} in {what} from {change.period} on (95 % "
            f"interval for the month {change.first} to {change.last}): {number(change.value, sign=True)} "
            f"({_given(change)}; {change.before} articles before, {change.after} after).{steady}"
        )
    more = len(changes) - len(told)
    rest = f" {more} more {'was' if more == 1 else 'were'} found; all are in the tables." if more else ""
    return [*told, f"{count}{rest}"]


def _given(change: ChangePoint) -> str:
    """The interval of a change's size, which is given its month."""
    if np.isnan(change.low):
        return "no interval: one of the two levels rests on a single story"
    return f"95 % interval {number(change.low)} to {number(change.high)}, given the month"


def agreement_sentence(agreement: pd.DataFrame) -> str:
    """How far the coders agree, over all labels."""
    row = agreement.iloc[0]
    if pd.isna(row["alpha"]):
        return f"How far coders agree is not known: {row['note']}."
    within = "" if pd.isna(row["low"]) else f"; 95 % interval {number(row['low'])} to {number(row['high'])}"
    return f"Krippendorff's alpha of the coders is {number(row['alpha'])} ({row['metric']}{within})."


def mixed_sentence(mixed: pd.DataFrame) -> str:
    """What the mixed model is, where the study asked for it."""
    if mixed.empty:
        return ""
    fitted = int(mixed["value"].notna().sum())
    return (
        f"A mixed model, with an effect of each story that all outlets share, gives a second opinion on {fitted} of "
        f"{len(mixed)} differences."
    )
