"""Fairness: whether a score depends on what is said, or on which country it is said of.

Forty countries are put in the target's place of 200 sentences written for this purpose; then in the place of the
country that is not the target; then each sentence that names a capital or a country is read with other words for it.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from corpora.errors import InputError

if TYPE_CHECKING:
    from framing.scorers import Scorer

SLOT = re.compile(r"\{([to])(?:\.(adj|capital))?\}")
FORMS = {None: "name", "adj": "adjective", "capital": "capital"}
# Who stands in the other place while one is swapped; where they would be the same, Sweden.
OTHER, TARGET = "CAN", "BRA"
# Words for one country that outlets choose between; each group is one country.
SYNONYMS = {
    "RUS": ("Russia", "Moscow", "the Kremlin"),
    "USA": ("the United States", "America", "Washington", "the U.S."),
    "CHN": ("China", "Beijing"),
    "GBR": ("Britain", "the United Kingdom", "London"),
    "IRN": ("Iran", "Tehran"),
}

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Fairness:
    """How far a scorer's values follow the country.

    Attributes:
        measure: What was measured.
        scorer: Name and version of the scorer.
        n: Sentences.
        deviation: Standard deviation of the value over countries, averaged over sentences; 0 is fair.
        worst: The country whose mean is farthest from the mean of all, and by how much.
        other: As `deviation`, with the country swapped that is not the target; missing if no sentence has one.
        synonyms: As `deviation`, over words for the same country.
        spread: Mean value of the sentences that are positive less that of those that are negative; a constant has 0.
        unread: Share of sentences and countries on which the scorer abstained.
    """

    measure: str
    scorer: str
    n: int
    deviation: float
    worst: tuple[str, float]
    other: float
    synonyms: float
    spread: float
    unread: float


def swap_countries(measure: str, cost: str = "encoder") -> Fairness:
    """Read every sentence with every country in it.

    Raises:
        InputError: The measure has no target, or there is no such scorer.
    """
    from framing.scorers import load_scorer

    if measure not in ("sentiment", "relation", "attitude"):
        raise InputError(f"{measure!r} cannot be swapped; there are: attitude, relation, sentiment")
    scorer = load_scorer(measure, cost)
    pairs = scorer.reads == "pair"
    rows = [row for row in sentences() if (row["kind"] == "relation") == pairs]
    codes = sorted(countries())
    target = _values(scorer, [(row, code, _unlike(OTHER, code)) for row in rows for code in codes])
    target = target.reshape(len(rows), len(codes))
    with_other = [row for row in rows if "{o" in row["text"]]
    other = _values(scorer, [(row, _unlike(TARGET, code), code) for row in with_other for code in codes])
    high, low = ("cooperation", "conflict") if pairs else ("positive", "negative")
    by_label = {label: np.nanmean(target[[row["label"] == label for row in rows]]) for label in (high, low)}
    means = np.nanmean(target, axis=0) - np.nanmean(target)
    far = int(np.argmax(np.abs(means)))
    return Fairness(
        measure=measure,
        scorer=f"{scorer.name} {scorer.version}",
        n=len(rows),
        deviation=_deviation(target),
        worst=(codes[far], float(means[far])),
        other=_deviation(other.reshape(len(with_other), len(codes))),
        synonyms=_synonyms(scorer, rows),
        spread=float(by_label[high] - by_label[low]),
        unread=float(np.isnan(target).mean()),
    )


@lru_cache(maxsize=1)
def sentences() -> list[dict[str, Any]]:
    """The sentences: `id`, `text` with places for countries, `kind`, `label`."""
    text = files("framing").joinpath("data", "swap-sentences.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


@lru_cache(maxsize=1)
def countries() -> dict[str, dict[str, str]]:
    """Country code to its name, adjective and capital."""
    text = files("framing").joinpath("data", "swap-countries.csv").read_text(encoding="utf-8")
    return {row["country"]: row for row in csv.DictReader(text.splitlines())}


def filled(text: str, target: dict[str, str], other: dict[str, str]) -> tuple[str, tuple[int, int], Any]:
    """A sentence with countries in it, where the target is first named, and where the other one is.

    >>> filled("{t} waits; {o.adj} ships do not.", {"name": "the Netherlands"}, {"adjective": "Swiss"})
    ('The Netherlands waits; Swiss ships do not.', (4, 15), (23, 28))
    """
    done, end = "", 0
    spans: dict[str, tuple[int, int]] = {}
    for match in SLOT.finditer(text):
        done += text[end : match.start()]
        end = match.end()
        word = (target if match[1] == "t" else other)[FORMS[match[2]]]
        bare = word.removeprefix("the ")
        article = word[: len(word) - len(bare)]
        if not done.strip("\"'“‘ "):
            article = article.capitalize()
        start = len(done) + len(article)
        spans.setdefault(match[1], (start, start + len(bare)))
        done += article + bare
    return done + text[end:], spans["t"], spans.get("o")


def _unlike(code: str, taken: str) -> str:
    return code if code != taken else "SWE"


def _values(scorer: Scorer, wanted: Sequence[tuple[dict[str, Any], str, str]]) -> Floats:
    known = countries()
    return _scored(scorer, [filled(row["text"], known[target], known[other]) for row, target, other in wanted])


def _scored(scorer: Scorer, rows: Sequence[tuple[str, tuple[int, int], Any]]) -> Floats:
    import pandas as pd

    if not rows:
        return np.empty(0)
    texts, targets, sources = zip(*rows, strict=True)
    frame = pd.DataFrame({"text": texts})
    frame["target_span"] = pd.Series(targets, dtype=object)
    frame["source_span"] = pd.Series(sources if scorer.reads == "pair" else [None] * len(rows), dtype=object)
    return scorer.score(frame)["value"].to_numpy(dtype=float)


def _deviation(values: Floats) -> float:
    """Mean over sentences of the standard deviation over countries, of those that were read at all."""
    read = values[~np.isnan(values).all(axis=1)] if values.size else values
    return float(np.nanstd(read, axis=1).mean()) if len(read) else float("nan")


def _synonyms(scorer: Scorer, rows: Sequence[dict[str, Any]]) -> float:
    """Over words for one country, in the sentences that name the target as a noun."""
    other = countries()[OTHER]
    found = []
    for words in SYNONYMS.values():
        ways = list(_nouns(rows))
        values = _scored(scorer, [filled(text, {"name": word}, other) for text in ways for word in words])
        found.append(_deviation(values.reshape(len(ways), len(words))))
    return float(np.mean(found))


def _nouns(rows: Sequence[dict[str, Any]]) -> Iterator[str]:
    for row in rows:
        if "{t.adj}" not in row["text"]:
            yield row["text"].replace("{t.capital}", "{t}")
