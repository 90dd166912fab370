"""Charts of what describes coverage: who speaks, what it is about, headlines, loaded words, names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from framing.naming import NAMES
from reports import figures, parts
from reports.described import groups, speakers
from reports.frame_charts import frame_drawings
from reports.names import PERIOD_NAMES, about, adjective, place_name

if TYPE_CHECKING:
    from reports.report import Results

SUBJECTS = {
    "relation": "the relation of the two",
    "domestic": "domestic politics that names the other",
    "other": "other things",
}
NAME_KINDS = {
    "country": "its name", "demonym": "adjective or people", "capital": "capital", "metonym": "seat of government",
    "leader": "its leader", "regime": "“regime”",
}  # fmt: skip
SCALE = figures.SCALES
# What a chart is drawn by, the data, and what its title says; `label` is the axis of splits.
Drawn = tuple[str, Any, tuple[Any, ...], str, dict[str, Any]]


def speaker_names(dyad: tuple[str, str]) -> dict[str, str]:
    """What each of `described.speakers` is called in a legend."""
    told = {f"officials of {code}": f"{adjective(code)} officials" for code in dyad}
    told |= {"own": "the outlet itself", "officials of others": "other officials", "unknown": "not told"}
    return {key: told.get(key, key) for key in (*speakers(dyad)[1:], "own")}


def group_names(dyad: tuple[str, str]) -> dict[str, str]:
    """What each of `described.groups` is called in a legend."""
    told = {f"officials of {code}": f"{adjective(code)} officials" for code in dyad}
    told |= {"own": "the outlet's own words", "others": "others quoted or reported"}
    return {key: told[key] for key in groups(dyad)}


def drawings(results: Results) -> Iterator[Drawn]:
    """The charts, in the order of the page: name, what draws it, its data, its title, further settings."""
    study, found = results.study, results.described
    one, two = study.dyad
    period = PERIOD_NAMES[found.period]
    yield from frame_drawings(results, group_names(study.dyad))
    yield from _voices(results)
    if "subject" in study.measures:
        rows = found.estimates[(found.estimates["measure"] == "subject") & (found.estimates["period"] == "")]
        yield "subject", parts.stacks, (rows, SUBJECTS), "What passages about the pair tell of", {}
        over = found.levels("subject", over_time=True, category="relation")
        title = f"Share of passages that are about the relation itself, by {period}"
        yield "subject-time", figures.panels, (over, found.periods), title, {}
    for code in (one, two) if "sentiment" in study.measures else ():
        rows = found.levels("headline gap", code, category="sentiment")
        title = f"Headline less body: {about('sentiment', code, '')}"
        yield f"headline-{code}", figures.dots, (rows,), title, {}
        sides = {
            "its leader named first": found.levels("leader", code, category="leader"),
            "named otherwise": found.levels("leader", code, category="country"),
        }
        title = f"Sentiment toward {place_name(code)}, by whether its leader is named"
        yield f"leader-{code}", parts.splits, (sides,), title, {"label": SCALE["sentiment"]}
    if "relation" in study.measures:
        rows = found.levels("headline gap", category="relation")
        title = f"Headline less body: {about('relation', '', study.pair)}"
        yield "headline-relation", figures.dots, (rows,), title, {}
    if study.words:
        for kind in ("loaded", "hedging"):
            rows = found.levels("loaded words", category=kind)
            title = f"{kind.capitalize()} words per 1,000 of an outlet's own words"
            yield kind, figures.dots, (rows,), title, {}
        for code in (one, two):
            rows = found.estimates[
                (found.estimates["measure"] == "naming")
                & (found.estimates["target"] == code)
                & (found.estimates["period"] == "")
            ]
            called = {name: NAME_KINDS[name] for name in NAMES}
            yield f"naming-{code}", parts.stacks, (rows, called), f"What {place_name(code)} is called", {}
            over = found.levels("naming", code, over_time=True, category="leader")
            title = f"Share of the mentions of {place_name(code)} by its leader's name, by {period}"
            yield f"naming-{code}-time", figures.panels, (over, found.periods), title, {}


def _voices(results: Results) -> Iterator[Drawn]:
    study, found = results.study, results.described
    rows = found.estimates[(found.estimates["measure"] == "voice") & (found.estimates["period"] == "")]
    names = speaker_names(study.dyad)
    yield "voices", parts.stacks, (rows, names), "In whose words the two countries are named", {"pale": "own"}
    for code in study.dyad:
        over = found.levels("voice", over_time=True, category=f"officials of {code}")
        title = f"Share of passages in {adjective(code)} officials' words, by {PERIOD_NAMES[found.period]}"
        yield f"voices-{code}-time", figures.panels, (over, found.periods), title, {}
    asked = [("sentiment", code) for code in study.dyad] + [("relation", "")]
    for measure, target in asked:
        if measure in study.measures:
            sides = {
                told: found.levels(measure, target, voice=voice) for voice, told in group_names(study.dyad).items()
            }
            what = about(measure, target, "" if target else study.pair)
            title = f"{what[:1].upper()}{what[1:]}, by voice"
            yield f"split-{target or measure}", parts.splits, (sides,), title, {"label": SCALE[measure]}
