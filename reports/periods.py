"""Periods: months, quarters, half-years and years, and which of them suits a corpus."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

UNITS = ("month", "quarter", "half", "year")
# The finest period in which the typical outlet still has this many articles; below it most cells would be empty.
TYPICAL_ARTICLES = 10


def period_labels(published: pd.Series[pd.Timestamp], unit: str) -> pd.Series[str]:
    """Label of each day's period, sorting in time; empty where undated.

    >>> import pandas as pd
    >>> period_labels(pd.Series(pd.to_datetime(["2018-02-05", None])), "quarter").tolist()
    ['2018-Q1', '']
    >>> period_labels(pd.Series(pd.to_datetime(["2018-07-16"])), "half").tolist()
    ['2018-H2']
    """
    if unit not in UNITS:
        raise ValueError(f"no period {unit!r}; there are: {', '.join(UNITS)}")
    year = published.dt.year.astype("Int64").astype("string")
    month = published.dt.month.astype("Int64")
    if unit == "year":
        labels = year
    elif unit == "half":
        labels = year + "-H" + ((month + 5) // 6).astype("string")
    elif unit == "quarter":
        labels = year + "-Q" + ((month + 2) // 3).astype("string")
    else:
        labels = year + "-" + month.astype("string").str.zfill(2)
    return labels.fillna("").astype(object)


def all_periods(first: str, last: str, unit: str) -> list[str]:
    """Every period from the first to the last label, those without articles included.

    >>> all_periods("2018-Q3", "2019-Q1", "quarter")
    ['2018-Q3', '2018-Q4', '2019-Q1']
    """
    parts = {"month": 12, "quarter": 4, "half": 2, "year": 1}[unit]
    mark = {"month": "", "quarter": "Q", "half": "H", "year": ""}[unit]

    def number(label: str) -> int:
        year, _, part = label.partition("-")
        return int(year) * parts + (int(part.lstrip("QH")) - 1 if part else 0)

    labels = []
    for n in range(number(first), number(last) + 1):
        year, part = divmod(n, parts)
        labels.append(str(year) if unit == "year" else f"{year}-{mark}{part + 1:0{2 if unit == 'month' else 1}d}")
    return labels


def choose_period(articles: pd.DataFrame) -> str:
    """The finest unit in which half of the outlet cells that have any article have at least ten.

    Args:
        articles: `outlet` and `published` of every article.

    >>> import pandas as pd
    >>> days = pd.date_range("2016-01-01", "2018-12-31", freq="D")
    >>> choose_period(pd.DataFrame({"outlet": "A", "published": days}))
    'month'
    """
    dated = articles[articles["published"].notna()]
    for unit in UNITS:
        cells = dated.groupby([dated["outlet"], period_labels(dated["published"], unit)]).size()
        if len(cells) and cells.median() >= TYPICAL_ARTICLES:
            return unit
    return UNITS[-1]
