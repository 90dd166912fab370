"""Prose: what was found, in sentences with direction, size, interval, n and hedge, or that nothing was."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from reports.names import about
from reports.study import REST

if TYPE_CHECKING:
    from reports.comparison import Comparison

SIGNIFICANT = 0.05
# Differences told in the opening sentences; all are in the tables.
TOLD = 3
# A difference within periods below this share of the plain one is told beside it.
MUCH_SMALLER = 0.75
# Direction words of a positive and of a negative difference, and what a level is called on each side of 0.
WORDS = {
    "sentiment": ("more favourable", "less favourable", "favourable", "unfavourable"),
    "attitude": ("friendlier", "more hostile", "friendly", "hostile"),
    "relation": ("more cooperative", "more conflictual", "cooperative", "conflictual"),
    "tone": ("more positive", "more negative", "positive", "negative"),
}
# Words for the size of a difference, by measure: about half and one standard deviation of articles, as measured with
# the encoder on 2,491 real articles (sentiment 0.19, relation 0.56, tone 0.20; attitude 0.14 and 0.21 on 126 of them).
SIZES = {"attitude": (0.09, 0.18), "sentiment": (0.1, 0.19), "relation": (0.28, 0.56), "tone": (0.1, 0.2)}


# Scores from -1 to +1: a passage that turns from the one end to the other moves by 2.
ENDS = ("sentiment", "attitude", "relation")


Corrections = Callable[[Mapping[Any, Any]], Mapping[str, Any]]


def findings(comparison: Comparison, corrections: Corrections = lambda row: {}) -> list[str]:
    """Hedged sentences on what was found: the differences that hold, then the range of levels of each measure.

    Args:
        comparison: Levels and differences by the machine.
        corrections: Gives the row of a difference corrected by human codes; empty where there is none.
    """
    sentences = difference_sentences(comparison, corrections) + level_sentences(comparison)
    return [sentence for sentence in sentences if sentence]


def in_passages(measure: str, value: float) -> str:
    """The size of a difference in plain units, or nothing where the measure has none.

    >>> in_passages("sentiment", -0.2)
    'as much as if 10 of 100 passages turned from favourable to unfavourable'
    """
    turned = round(abs(value) / 2 * 100)
    if measure not in ENDS or not turned:
        return ""
    up, down = WORDS[measure][2:]
    start, end = (down, up) if value > 0 else (up, down)
    return f"as much as if {turned} of 100 passages turned from {start} to {end}"


def level_sentences(comparison: Comparison) -> list[str]:
    """For each measure the lowest and the highest outlet with enough data."""
    estimates = comparison.estimates
    levels = estimates[(estimates["kind"] == "level") & (estimates["period"] == "") & estimates["value"].notna()]
    levels = levels[levels["measure"] != "tone"]
    if levels.empty:
        return ["Not enough data: no outlet has enough articles about the two countries to be scored."]
    parts = []
    for (measure, target, pair), rows in levels.groupby(["measure", "target", "pair"], sort=False):
        ordered = rows.sort_values(["value", "outlet"])
        low, high = ordered.iloc[0], ordered.iloc[-1]
        what = about(str(measure), str(target), str(pair))
        if len(rows) == 1:
            parts.append(f"{what} is {number(low['value'])} in {low['outlet']}")
        else:
            parts.append(
                f"{what} runs from {number(low['value'])} ({low['outlet']}) to {number(high['value'])} "
                f"({high['outlet']}) in {len(rows)} outlets"
            )
    text = "; ".join(parts)
    return [
        f"{text[:1].upper()}{text[1:]}. The scales run from −1 to +1; their zero is a convention, not a neutral stance."
    ]


def difference_sentences(comparison: Comparison, corrections: Corrections = lambda row: {}) -> list[str]:
    """Sentences on the differences that hold after the correction for many comparisons, the surest first."""
    differences = comparison.differences()
    tested = differences[differences["p_adjusted"].notna()]
    if tested.empty:
        return ["No outlet could be compared with another: that needs two outlets with enough articles that vary."]
    count = f"{len(tested)} comparison{'s' if len(tested) > 1 else ''}"
    sure = tested[tested["p_adjusted"] < SIGNIFICANT]
    if sure.empty:
        return [f"No clear difference between outlets: of {count} none holds after Holm's correction at 5 %."]
    sure = sure.assign(size=sure["value"].abs()).sort_values(["p_adjusted", "size"], ascending=[True, False])
    sentences = [
        difference_sentence(row, told_within(comparison, row)) + corrected_clause(corrections(row))
        for row in sure.head(TOLD).to_dict("records")
    ]
    rest = len(sure) - len(sentences)
    more = f" {rest} more {'does' if rest == 1 else 'do'}; see the table of differences." if rest else ""
    held = "This holds" if len(sentences) == 1 else "These hold"
    return [*sentences, f"{held} after Holm's correction of {count} at 5 %.{more}"]


def difference_sentence(row: Mapping[Any, Any], matched: float = float("nan")) -> str:
    """One difference in words; its direction is that of the estimate, always.

    Args:
        row: A row of the estimates table.
        matched: The same difference within periods, told where it is much smaller or turns the other way.

    >>> row = {"measure": "sentiment", "target": "RUS", "pair": "", "outlet": "A", "reference": "rest", "value": -0.2,
    ...        "low": -0.3, "high": -0.1, "n_articles": 40, "n_stories": 31}
    >>> difference_sentence(row)  # doctest: +NORMALIZE_WHITESPACE
    'A appears much less favourable than the other outlets in sentiment toward Russia: a difference of −0.20
    (95 % interval −0.30 to −0.10; 40 articles on 31 stories), as much as if 10 of 100 passages turned from favourable
    to unfavourable.'
    """
    direction = in_words(str(row["measure"]), row["value"])
    other = "the other outlets" if row["reference"] == REST else row["reference"]
    plain = in_passages(str(row["measure"]), row["value"])
    behind = f"{row['n_articles']} articles on {row['n_stories']} stories"
    if row.get("n_reference", 0) > 0:
        behind += f" against {int(row['n_reference']):,} articles"
    behind += ")" + (f", {plain}" if plain else "")
    sentence = (
        f"{row['outlet']} appears {direction} than {other} in {about(row['measure'], row['target'], row['pair'])}: "
        f"a difference of {number(row['value'], sign=True)} (95 % interval {number(row['low'])} to "
        f"{number(row['high'])}; {behind}."
    )
    if abs(matched) <= abs(row["value"]) * MUCH_SMALLER or matched * row["value"] < 0:
        within = number(matched, sign=True)
        sentence += f" Within the same periods it is {within}: part of it is when the outlets published."
    return sentence


def in_words(measure: str, value: float) -> str:
    """Direction and size of a difference in words.

    >>> in_words("sentiment", -0.25), in_words("relation", 0.1)
    ('much less favourable', 'slightly more cooperative')
    """
    up, down, *_ = WORDS.get(measure, ("higher", "lower"))
    half, whole = SIZES.get(measure, (0.1, 0.2))
    size = "slightly " if abs(value) < half else "" if abs(value) < whole else "much "
    return f"{size}{up if value > 0 else down}"


def corrected_clause(row: Mapping[str, Any]) -> str:
    """What human codes make of a difference, or nothing.

    >>> corrected_clause({"value": 0.1, "low": -0.05, "high": 0.25})
    ' Corrected by human codes it is +0.10 (95 % interval −0.05 to 0.25), which leaves its direction open.'
    """
    if not row:
        return ""
    clause = f" Corrected by human codes it is {number(row['value'], sign=True)}"
    if pd.isna(row["low"]):
        return f"{clause}."
    unclear = ", which leaves its direction open" if row["low"] <= 0 <= row["high"] else ""
    return f"{clause} (95 % interval {number(row['low'])} to {number(row['high'])}){unclear}."


def matched_value(comparison: Comparison, row: Mapping[Any, Any]) -> float:
    """The difference within periods that belongs to a difference; missing if there is none."""
    found = _within(comparison, row)
    return float(found["value"].iloc[0]) if len(found) else float("nan")


def told_within(comparison: Comparison, row: Mapping[Any, Any]) -> float:
    """The difference within periods where its interval leaves out the plain one; else missing, as nothing to tell."""
    found = _within(comparison, row)
    if found.empty or not (row["value"] < found["low"].iloc[0] or row["value"] > found["high"].iloc[0]):
        return float("nan")
    return float(found["value"].iloc[0])


def _within(comparison: Comparison, row: Mapping[Any, Any]) -> pd.DataFrame:
    rows = comparison.estimates[comparison.estimates["kind"] == "matched"]
    for name in ("measure", "target", "pair", "outlet", "reference"):
        rows = rows[rows[name] == row[name]]
    return rows


def unscored(comparison: Comparison, articles: pd.Series[int]) -> list[tuple[str, str]]:
    """Outlets with a measure that could not be estimated, with the reason; `articles` counts an outlet's articles."""
    estimates = comparison.estimates
    levels = estimates[(estimates["kind"] == "level") & (estimates["period"] == "") & (estimates["measure"] != "tone")]
    scored = set(levels[levels["value"].notna()]["outlet"])
    rows = []
    for outlet, count in articles.items():
        if outlet not in scored:
            need = f"{comparison.minimum[0]} scored articles on {comparison.minimum[1]} stories are needed"
            rows.append(
                (
                    str(outlet),
                    f"not enough data: {count} {'article' if count == 1 else 'articles'} in the corpus; {need}",
                )
            )
        else:
            for row in levels[(levels["outlet"] == outlet) & levels["value"].isna()].to_dict("records"):
                rows.append((str(outlet), f"{about(row['measure'], row['target'], row['pair'])}: {row['note']}"))
    return rows


def number(value: float, sign: bool = False) -> str:
    """A score with two digits and a true minus sign.

    >>> number(-0.128), number(0.2, sign=True), number(-0.001)
    ('−0.13', '+0.20', '0.00')
    """
    text = f"{value:+.2f}" if sign else f"{value:.2f}"
    return text.replace("-0.00", "0.00").replace("+0.00", "0.00").replace("-", "−")
