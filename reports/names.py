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
# Adjectives that the rule by endings does not find among the demonyms: it would say "Scot", "Turk" and "SKorean".
ADJECTIVE_OF = {
    "ARG": "Argentine", "AZE": "Azerbaijani", "BFA": "Burkinabe", "BIH": "Bosnian", "COD": "Congolese",
    "COG": "Congolese", "GBR": "British", "GHA": "Ghanaian", "GNB": "Bissau-Guinean", "KAZ": "Kazakh", "KGZ": "Kyrgyz",
    "KNA": "Kittitian", "KOR": "South Korean", "MNE": "Montenegrin", "NER": "Nigerien", "NZL": "New Zealand",
    "PHL": "Philippine", "PRK": "North Korean", "TKM": "Turkmen", "TTO": "Trinidadian", "TUR": "Turkish",
    "XKX": "Kosovar", "ZAF": "South African",
}  # fmt: skip
# What demonyms that are adjectives end with.
ADJECTIVES = ("an", "ese", "ish", "ch", "i", "ic", "ss", "k", "ot")
PERIOD_NAMES = {"month": "month", "quarter": "quarter", "half": "half-year", "year": "year"}
MEASURES = {"sentiment": "sentiment", "relation": "the relation", "tone": "tone"}


def place_name(code: str) -> str:
    """Name of a country within a sentence.

    >>> place_name("USA"), place_name("RUS")
    ('the United States', 'Russia')
    """
    name = country_name(code)
    return f"the {name}" if code in WITH_ARTICLE else name


def adjective(code: str) -> str:
    """Adjective of a country: its shortest demonym that ends as adjectives do, or its name.

    >>> adjective("RUS"), adjective("USA"), adjective("GBR")
    ('Russian', 'American', 'British')
    """
    from framing.gazetteer import demonyms

    if code in ADJECTIVE_OF:
        return ADJECTIVE_OF[code]
    found = [form for form in demonyms(code) if form.endswith(ADJECTIVES)]
    return min(found, key=lambda form: (len(form), form)) if found else country_name(code)


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
