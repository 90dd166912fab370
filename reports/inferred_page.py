"""What the page tells of agenda and treatment, and of how far its numbers can be trusted."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from reports import inferred_prose as prose
from reports.decomposition import PARTS
from reports.inferred_charts import NAMES, by_measure, chart_name
from reports.names import about
from reports.study import TESTED

if TYPE_CHECKING:
    from reports.corrected import Corrected
    from reports.over_time import OverTime
    from reports.pairs import Compared
    from reports.report import Results
    from reports.telling import SideBySide


def told(results: Results, card: Callable[[dict[str, Any]], dict[str, Any]]) -> dict[str, Any]:
    """Everything that the template needs; `card` makes of a passage what is shown of it."""
    inferred = results.inferred
    sides = {id(one): side for one, side in zip(inferred.pairs, inferred.sides, strict=True)}
    known = [one for one in inferred.pairs if not one.found.note]
    short = [
        f"{one.found.one} and {one.found.other}, {about(one.key['measure'], one.key['target'], one.key['pair'])} "
        f"({one.found.note.removeprefix('not enough data: ')})"
        for one in inferred.pairs
        if one.found.note
    ]
    groups = []
    for name, of in by_measure(known).items():
        what = about(of[0].key["measure"], of[0].key["target"], of[0].key["pair"])
        pairs = [_pair(one, sides[id(one)], card) for one in of]
        groups.append({"name": name, "what": what[:1].upper() + what[1:], "pairs": pairs})
    found = inferred.robustness
    return {
        "tested": any(measure in TESTED for measure in results.study.measures),
        "groups": groups,
        "short": short,
        "controls": prose.control_sentences(inferred.controls),
        "robustness": prose.robustness_sentence(found),
        "specifications": found.table.to_dict("records") if found else [],
        "mixed_sentence": prose.mixed_sentence(inferred.mixed),
        "mixed": _mixed(results),
        "corrected": [_corrected(one) for one in inferred.corrected],
        "over_time": [_over_time(one) for one in inferred.over_time],
        "changes": prose.change_sentences(inferred.over_time),
        "events": bool(results.study.events),
    }


def _pair(
    one: Compared, sides: Sequence[SideBySide], card: Callable[[dict[str, Any]], dict[str, Any]]
) -> dict[str, Any]:
    parts = one.found.parts.set_index("kind").to_dict("index")
    silences = [
        prose.silence_sentence(one.silences[0], one.found.other),
        prose.silence_sentence(one.silences[1], one.found.one),
    ]
    return {
        "names": f"{one.found.one} less {one.found.other}",
        "sentence": prose.apart_sentence(one),
        "others": prose.others_sentence(one),
        "silences": silences,
        "rows": [{"name": NAMES[kind], **parts[kind]} for kind in ("difference", *PARTS)],
        "adjusted": one.adjusted,
        "sides": [
            {
                "gap": side.gap,
                "cards": [(level, card(row)) for level, row in zip(side.means, side.passages, strict=True)],
            }
            for side in sides
        ],
    }


def _corrected(one: Corrected) -> dict[str, Any]:
    """Levels and differences by the machine and corrected, beside each other."""
    names = ["category", "outlet", "reference"]
    columns = [*names, "value", "low", "high", "p_adjusted", "n_articles"]
    both = one.machine[columns].merge(one.human[columns], on=names, suffixes=("_machine", ""), how="inner")
    coded = one.outlets[["category", "outlet", "n_coded", "note"]]
    both = both.merge(coded, on=["category", "outlet"], how="left")
    both = both[both["value"].notna() & both["value_machine"].notna()]
    rows = [{str(name): value for name, value in row.items()} for row in both.to_dict("records")]
    return {
        "what": one.question.text,
        "agreement": prose.agreement_sentence(one.agreement),
        "levels": [row for row in rows if not row["reference"]],
        "differences": [row for row in rows if row["reference"]],
        "short": [*_noted(one.outlets), *filter(None, [one.note])],
        "counts_none": one.question.measure == "relation",
    }


def _over_time(one: OverTime) -> dict[str, Any]:
    """A measure over time: its chart, the changes that were found, the effects of declared events."""
    what = about(one.key["measure"], one.key["target"], one.key["pair"])
    effects = one.effects[one.effects["value"].notna()] if len(one.effects) else one.effects
    grouped = effects.groupby(["date", "event"], sort=True) if len(effects) else ()
    changes = [{"outlet": outlet, **vars(change)} for outlet, found in sorted(one.changes.items()) for change in found]
    return {
        "name": chart_name(one.key),
        "what": what[:1].upper() + what[1:],
        "changes": changes,
        "effects": [{"name": name, "date": date, "rows": rows.to_dict("records")} for (date, name), rows in grouped],
        "without": len(one.effects) - len(effects),
    }


def _noted(outlets: pd.DataFrame) -> list[str]:
    """Notes on outlets, those of one note together."""
    noted = outlets[outlets["note"] != ""]
    return [f"{', '.join(rows['outlet'])}: {note}" for note, rows in noted.groupby("note", sort=True)]


def _mixed(results: Results) -> list[dict[str, Any]]:
    """The mixed model's differences beside the reported ones."""
    mixed = results.inferred.mixed
    if mixed.empty:
        return []
    names = ["measure", "target", "pair", "outlet", "reference"]
    both = mixed.merge(results.comparison.differences(), on=names, suffixes=("_mixed", ""), how="left")
    rows = both.assign(what=[about(*key) for key in zip(both["measure"], both["target"], both["pair"], strict=True)])
    return [{str(name): value for name, value in row.items()} for row in pd.DataFrame(rows).to_dict("records")]
