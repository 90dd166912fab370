"""Genre: how much the numbers of a report depend on which kinds of piece count."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpora.votes import NEWS
from reports.wire import effects, largest_change

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from reports.comparison import Comparison

# What each switch means, as a report says it; the widest first.
MEANINGS = {
    "all": "every kind of piece counts",
    "news": "only news counts",
    "opinion": "only opinion counts",
}
KINDS = ("opinion", "interview", "transcript", "live", "release")


def genre_effects(counting: Mapping[str, pd.DataFrame], comparison: Comparison) -> pd.DataFrame:
    """What `reports.wire.effects` gives for `MEANINGS`, for the outlets that print anything but news.

    Of all others no opinion counts under “opinion”, which is no level that a switch would change.
    """
    table = effects(counting, comparison)
    return table[table["n_all"] != table["n_news"]].reset_index(drop=True)


def genre_sentence(kinds: Mapping[str, int], table: pd.DataFrame, switch: str) -> str:
    """Which kinds of piece there are, what the switch leaves out, and the largest change that another would make.

    Args:
        kinds: Kind to the number of articles.
        table: What `genre_effects` gives.
        switch: The setting of the report.

    >>> import pandas as pd
    >>> genre_sentence({"news": 40}, pd.DataFrame(), "news")
    'Kind of piece: all 40 articles are taken for news.'
    """
    total = sum(kinds.values())
    others = {kind: int(kinds[kind]) for kind in KINDS if kinds.get(kind)}
    if not others:
        return f"Kind of piece: all {total:,} articles are taken for news."
    told = ", ".join(f"{count:,} {kind}" for kind, count in others.items())
    left_out = {"all": 0, "news": sum(others.values()), "opinion": total - others.get("opinion", 0)}[switch]
    return (
        f"Kind of piece: {told}; {int(kinds.get(NEWS, 0)):,} of {total:,} are taken for news. Here {MEANINGS[switch]} "
        f"(switch “{switch}”), which leaves out {left_out:,}. {largest_change(table, switch, MEANINGS)}"
    )
