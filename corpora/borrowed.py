"""Borrowed text: which outlets print how much of whose text, from the `wire` marks of a corpus."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from corpora.corpus import Corpus


class Borrowed(NamedTuple):
    """What one outlet prints of one agency.

    Attributes:
        outlet: Name that it is counted under.
        agency: Whose text; `unknown` where nobody says.
        articles: Articles of the outlet with text of this agency.
        measured: Those of which the share of the text is known; a credit of the whole counts as 1.
        share: Mean share of those, 0 to 1; missing where there are none.
    """

    outlet: str
    agency: str
    articles: int
    measured: int
    share: float | None


def borrowed(corpus: Corpus) -> list[Borrowed]:
    """Which outlets print whose text, the most articles first.

    >>> from corpora import Article, Corpus
    >>> borrowed(Corpus.of([Article("a1", outlet="The Daily", body="They met.", byline="Jane Roe, Associated Press")]))
    [Borrowed(outlet='The Daily', agency='AP', articles=1, measured=1, share=1.0)]
    """
    marks = corpus.marks().to_pylist()
    wire = {row["article_id"]: row for row in marks if row["kind"] == "wire"}
    shares: dict[tuple[str, str], list[float | None]] = {}
    for table in corpus.batches(["article_id", "outlet"]):
        for article in table.to_pylist():
            if row := wire.get(article["article_id"]):
                shares.setdefault((article["outlet"], row["value"]), []).append(row["share"])
    found = []
    for (outlet, agency), all_of_them in shares.items():
        known = [share for share in all_of_them if share is not None]
        mean = sum(known) / len(known) if known else None
        found.append(Borrowed(outlet, agency, len(all_of_them), len(known), mean))
    return sorted(found, key=lambda one: (-one.articles, one.outlet, one.agency))
