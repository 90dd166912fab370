"""Names of countries, pairs and measures as a reader expects them."""

from __future__ import annotations

from framing.gazetteer import country_name

# Countries whose English name takes the article.
WITH_ARTICLE = frozenset(
    {
        "USA",
        "GBR",
        "ARE",
        "NLD",
        "PHL",
        "BHS",
        "GMB",
        "MDV",
        "COM",
        "SYC",
        "SLB",
        "MHL",
        "DOM",
        "CAF",
        "COG",
        "COD",
    }
)
PERIOD_NAMES = {"month": "month", "quarter": "quarter", "half": "half-year", "year": "year"}
MEASURES = {"sentiment": "sentiment", "relation": "the relation", "tone": "tone"}


def place_name(code: str) -> str:
    """Name of a country within a sentence.

    >>> place_name("USA"), place_name("RUS")
    ('the United States', 'Russia')
    """
    name = country_name(code)
    return f"the {name}" if code in WITH_ARTICLE else name


def pair_name(pair: str) -> str:
    """Names of both countries of a pair.

    >>> pair_name("RUS-USA")
    'Russia and the United States'
    """
    return " and ".join(place_name(code) for code in pair.split("-"))


def about(measure: str, target: str, pair: str) -> str:
    """What a measure is of, within a sentence.

    >>> about("sentiment", "RUS", ""), about("relation", "", "RUS-USA")
    ('sentiment toward Russia', 'the relation between Russia and the United States')
    >>> about("attitude", "USA", "RUS>USA")
    'the attitude of Russia toward the United States'
    """
    if ">" in pair:
        return f"the {measure} of " + " toward ".join(place_name(code) for code in pair.split(">"))
    if target:
        return f"{MEASURES.get(measure, measure)} toward {place_name(target)}"
    return f"{MEASURES.get(measure, measure)} between {pair_name(pair)}"
