"""Prose: what was found, in sentences with direction, size, interval, n and hedge, or that nothing was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from reports.names import about
from reports.study import REST

if TYPE_CHECKING:
    import pandas as pd

    from reports.comparison import Comparison

SIGNIFICANT = 0.05
# Differences told in the opening sentences; all are in the tables.
TOLD = 3
# Direction words of a positive and of a negative difference, and what a level is called on each side of 0.
WORDS = {
    "sentiment": ("more favourable", "less favourable", "favourable", "unfavourable"),
    "relation": ("more cooperative", "more conflictual", "cooperative", "conflictual"),
    "tone": ("more positive", "more negative", "positive", "negative"),
}
# Words for the size of a difference on scales from -1 to +1; Cohen's small, medium and large effects fall near these
# bounds at the article-level standard deviation of 0.2 to 0.5 that the development corpora have.
SIZES = ((0.05, "slightly "), (0.15, ""), (0.3, "clearly "), (2.1, "much "))


def findings(comparison: Comparison) -> list[str]:
    """Two or three hedged sentences on what was found, and one on what could not be scored if anything could not."""
    sentences = [levels_sentence(comparison), *difference_sentences(comparison)]
    return [sentence for sentence in sentences if sentence]


def levels_sentence(comparison: Comparison) -> str:
    """How the outlets that have enough data portray each country and the pair, as ranges of their levels."""
    estimates = comparison.estimates
    levels = estimates[(estimates["kind"] == "level") & (estimates["period"] == "") & estimates["value"].notna()]
    levels = levels[~levels["measure"].isin(["tone"])]
    if levels.empty:
        return "Not enough data: no outlet has enough articles about the two countries to be scored."
    parts = []
    for (measure, target, pair), rows in levels.groupby(["measure", "target", "pair"], sort=False):
        low, high = rows["value"].min(), rows["value"].max()
        where = f"lies between {number(low)} and {number(high)}" if len(rows) > 1 else f"is {number(low)}"
        parts.append(f"{about(str(measure), str(target), str(pair))} {where}")
    outlets = levels["outlet"].nunique()
    who = (
        f"Across the {outlets} outlets with enough articles"
        if outlets > 1
        else f"For {levels['outlet'].iloc[0]}, the one outlet with enough articles"
    )
    return f"{who}, {_list(parts)}, on scales from −1 to +1."


def difference_sentences(comparison: Comparison) -> list[str]:
    """Sentences on the differences that hold after the correction for many comparisons, the surest first."""
    differences = comparison.differences()
    tested = differences[differences["p_adjusted"].notna()]
    if tested.empty:
        return ["No outlet could be compared with another: that needs two outlets with enough articles."]
    sure = tested[tested["p_adjusted"] < SIGNIFICANT]
    if sure.empty:
        return [
            f"No clear difference between outlets: none of {len(tested)} comparisons holds after correcting "
            "for their number (Holm, 5 %)."
        ]
    sure = sure.assign(size=sure["value"].abs()).sort_values(["p_adjusted", "size"], ascending=[True, False])
    sentences = [difference_sentence(row) for row in sure.head(TOLD).to_dict("records")]
    rest = len(sure) - len(sentences)
    more = f" {rest} more hold; see the table of differences." if rest else ""
    sentences.append(f"These hold after correcting for {len(tested)} comparisons (Holm, 5 %).{more}")
    return sentences


def difference_sentence(row: Mapping[Any, Any]) -> str:
    """One difference in words; its direction is that of the estimate, always.

    >>> row = {"measure": "sentiment", "target": "RUS", "pair": "", "outlet": "A", "reference": "rest", "value": -0.2,
    ...        "low": -0.3, "high": -0.1, "n_articles": 40, "n_days": 31}
    >>> difference_sentence(row)  # doctest: +NORMALIZE_WHITESPACE
    'A appears clearly less favourable than the other outlets in sentiment toward Russia: −0.20 on a scale from −1 to
    +1 (95 % interval −0.30 to −0.10; 40 articles on 31 days).'
    """
    up, down, *_ = WORDS.get(str(row["measure"]), ("higher", "lower"))
    size = next(word for bound, word in SIZES if abs(row["value"]) < bound)
    other = "the other outlets" if row["reference"] == REST else row["reference"]
    direction = f"{size}{up if row['value'] > 0 else down}"
    return (
        f"{row['outlet']} appears {direction} than {other} in {about(row['measure'], row['target'], row['pair'])}: "
        f"{number(row['value'], sign=True)} on a scale from −1 to +1 (95 % interval {number(row['low'])} to "
        f"{number(row['high'])}; {row['n_articles']} articles on {row['n_days']} days)."
    )


def unscored(comparison: Comparison, articles: pd.Series[int]) -> list[tuple[str, str]]:
    """Outlets with a measure that could not be estimated, with the reason; `articles` counts an outlet's articles."""
    estimates = comparison.estimates
    levels = estimates[(estimates["kind"] == "level") & (estimates["period"] == "") & (estimates["measure"] != "tone")]
    scored = set(levels[levels["value"].notna()]["outlet"])
    rows = []
    for outlet, count in articles.items():
        if outlet not in scored:
            need = f"{comparison.minimum[0]} scored articles on {comparison.minimum[1]} days are needed"
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


def _list(parts: list[str]) -> str:
    return parts[0] if len(parts) == 1 else ", ".join(parts[:-1]) + " and " + parts[-1]
