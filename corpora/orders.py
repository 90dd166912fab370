"""Order of day and month: what an outlet's own dates show about those that can be read both ways.

Whether 4/3/17 is a day in March or in April is not guessed. But an outlet that also wrote 25/3/17, and never a date
with the month first, has said how it writes. What it shows is counted over the run and over the corpus.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from corpora.article import Article
from corpora.dates import read_moment, written_order

ORDERS = ("dmy", "mdy")
# Where a day stands in for a date that cannot be read.
STAND_INS = ("url", "file name")
# What `Orders.settle` needs of an article, and what it changes.
COLUMNS = (
    "article_id", "outlet", "date_as_read", "published", "published_at", "date_precision", "date_source", "date_order",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of an outlet's ambiguous dates in one run.

    Attributes:
        outlet: The outlet.
        order: `dmy` or `mdy`, as its other dates show; empty where they show both or none.
        shown: How many of its dates show an order, in this run and before.
        articles: How many ambiguous dates were read by it, or were left because there is none.
    """

    outlet: str
    order: str
    shown: int
    articles: int


class Orders:
    """Counts, for each outlet, the dates that show their order, and reads the ambiguous ones by it.

    Args:
        counts: Counts of earlier runs: outlet to `dmy` and `mdy`.

    >>> orders = Orders({"The Daily": {"dmy": 2, "mdy": 0}, "The Weekly": {"dmy": 1, "mdy": 1}})
    >>> orders.order("The Daily"), orders.order("The Weekly"), orders.order("The Monthly")
    ('dmy', '', '')
    """

    def __init__(self, counts: Mapping[str, Mapping[str, int]] | None = None) -> None:
        self.counts = {
            outlet: {order: shown.get(order, 0) for order in ORDERS} for outlet, shown in (counts or {}).items()
        }
        # Outlets with a date that cannot begin with the year. 25/3/17 may, but not where 3/4/17 stands beside it: of
        # an outlet that puts the year first, every date since 2013 begins with more than twelve.
        self._firm: set[str] = set()
        # A record says where its date stood; of a date that was not read, the article does not.
        self._in_text: set[str] = set()
        self._settled: Counter[str] = Counter()
        # Articles that had no day and have one now.
        self.dated = 0

    def note(self, article: Article, date_source: str) -> bool:
        """Count what an article's date shows.

        Args:
            article: The article as it was read.
            date_source: Where its date stood: `metadata` or `text`.

        Returns:
            Whether its date is ambiguous, so that `settle` may read it when all articles are known.
        """
        shown, outlet = written_order(article.date_as_read), article.outlet
        unread = _is_open(article.published, article.date_source)
        if shown == "either" or (shown and not unread):
            self._firm.add(outlet)
        if shown in ORDERS and (not unread or read_moment(article.date_as_read, shown).day):
            self.counts.setdefault(outlet, dict.fromkeys(ORDERS, 0))[shown] += 1
        if not shown or not unread:
            return False
        if date_source == "text":
            self._in_text.add(article.article_id)
        return True

    def order(self, outlet: str) -> str:
        """Order in which an outlet writes; empty where its dates show both or none."""
        shown = [order for order in ORDERS if self.counts.get(outlet, {}).get(order)]
        return shown[0] if len(shown) == 1 else ""

    def settle(self, row: Mapping[str, Any]) -> dict[str, Any]:
        """Columns of an article that change now that all are known; empty for one whose date is not ambiguous.

        >>> row = {"article_id": "a", "outlet": "A", "date_as_read": "3/4/17", "published": None, "date_source": "x"}
        >>> Orders({"A": {"dmy": 1}}).settle(row)["published"]
        datetime.date(2017, 4, 3)
        """
        written, source, outlet = row["date_as_read"], row["date_source"], row["outlet"]
        shown = written_order(written)
        if not shown or not _is_open(row["published"], source):
            return {}
        order = self.order(outlet) if shown == "either" or outlet in self._firm else ""
        moment = read_moment(written, order)
        if order and moment.day:
            self._settled[outlet] += 1
            self.dated += row["published"] is None
            where = "text" if row["article_id"] in self._in_text else "metadata"
            when = {"published": moment.day, "published_at": moment.at, "date_precision": moment.precision}
            return {**when, "date_source": where, "date_order": order}
        if order or row["published"] is not None:
            return {}
        self._settled[outlet] += 1
        return {"date_source": f"{source}: {self._why(outlet)}"}

    def _why(self, outlet: str) -> str:
        """Why an outlet's dates have no order."""
        shown = self.counts.get(outlet, {})
        if not any(shown.values()):
            return f"no date of {outlet} shows it"
        return f"{outlet} writes both" if all(shown.values()) else f"the dates of {outlet} may begin with the year"

    def settled(self) -> tuple[Settled, ...]:
        """What became of the ambiguous dates, by outlet."""
        return tuple(
            Settled(outlet, self.order(outlet), sum(self.counts.get(outlet, {}).values()), count)
            for outlet, count in sorted(self._settled.items())
        )


def _is_open(published: Any, source: str) -> bool:
    return published is None or source in STAND_INS
