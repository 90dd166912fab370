"""Prose: what was found, in sentences with direction, size, interval, n and hedge, or that nothing was."""

from __future__ import annotations

from collections.abc import Mapping
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


def findings(comparison: Comparison) -> list[str]:
    """Hedged sentences on what was found: the differences that hold, then the range of levels of each measure."""
    sentences = difference_sentences(comparison) + level_sentences(comparison)
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


def difference_sentences(comparison: Comparison) -> list[str]:
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
    sentences = [difference_sentence(row, matched_value(comparison, row)) for row in sure.head(TOLD).to_dict("records")]
    rest = len(sure) - len(sentences)
    more = f" {rest} more do; see the table of differences." if rest else ""
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
    up, down, *_ = WORDS.get(str(row["measure"]), ("higher", "lower"))
    half, whole = SIZES.get(str(row["measure"]), (0.1, 0.2))
    size = "slightly " if abs(row["value"]) < half else "" if abs(row["value"]) < whole else "much "
    other = "the other outlets" if row["reference"] == REST else row["reference"]
    direction = f"{size}{up if row['value'] > 0 else down}"
    plain = in_passages(str(row["measure"]), row["value"])
    behind = f"{row['n_articles']} articles on {row['n_stories']} stories)" + (f", {plain}" if plain else "")
    sentence = (
        f"{row['outlet']} appears {direction} than {other} in {about(row['measure'], row['target'], row['pair'])}: "
        f"a difference of {number(row['value'], sign=True)} (95 % interval {number(row['low'])} to "
        f"{number(row['high'])}; {behind}."
    )
    if abs(matched) <= abs(row["value"]) * MUCH_SMALLER or matched * row["value"] < 0:
        within = number(matched, sign=True)
        sentence += f" Within the same periods it is {within}: part of it is when the outlets published."
    return sentence


def matched_value(comparison: Comparison, row: Mapping[Any, Any]) -> float:
    """The difference within periods that belongs to a difference; missing if there is none."""
    rows = comparison.estimates[comparison.estimates["kind"] == "matched"]
    for name in ("measure", "target", "pair", "outlet", "reference"):
        rows = rows[rows[name] == row[name]]
    return float(rows["value"].iloc[0]) if len(rows) else float("nan")


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
