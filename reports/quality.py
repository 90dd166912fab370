"""Quality: what was read, kept and rejected, and what of it could not be measured."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import TYPE_CHECKING

from corpora.corpus import Corpus

if TYPE_CHECKING:
    import pandas as pd

# Words under which an article is counted as short: it seldom holds more than one passage.
SHORT_WORDS = 100
# Words for one full stop, question or exclamation mark in a text whose marks were stripped; news has about 20.
STRIPPED_WORDS = 80


class Quality:
    """Counts about articles and scores, gathered batch by batch."""

    def __init__(self) -> None:
        self.articles: Counter[str] = Counter()
        self.languages: Counter[str] = Counter()
        self.by_outlet: dict[str, Counter[str]] = {}
        self.abstentions: Counter[tuple[str, str, str]] = Counter()

    def add_articles(self, outlet: str, published: object, language: str, body: str) -> None:
        """Count one article."""
        words = len(body.split())
        marks = body.count(".") + body.count("!") + body.count("?")
        facts = {
            "articles": True,
            "undated": published is None,
            "without text": not words,
            "short": 0 < words < SHORT_WORDS,
            "stripped": words >= SHORT_WORDS and words > STRIPPED_WORDS * max(1, marks),
            "other language": language not in ("en", ""),
        }
        counts = self.by_outlet.setdefault(outlet, Counter())
        for fact, holds in facts.items():
            self.articles[fact] += holds
            counts[fact] += holds
        self.languages[language or "not told"] += 1

    def add_scores(self, scored: pd.DataFrame) -> None:
        """Count the passages of a batch, and those on which a scorer abstained."""
        # A directed scorer has two readings of a passage, and abstains on both or on none.
        body = scored[scored["part"] == "body"].drop_duplicates(["passage_id", "measure"])
        for (outlet, measure), rows in body.groupby(["outlet", "measure"]):
            self.abstentions[str(outlet), str(measure), "passages"] += len(rows)
            self.abstentions[str(outlet), str(measure), "abstained"] += int(rows["value"].isna().sum())
            self.abstentions[str(outlet), str(measure), "unsure"] += int((rows["confidence"] < 0.5).sum())

    def table(self) -> pd.DataFrame:
        """One row an outlet: articles, undated, without text, short, stripped of full stops, not English, passages."""
        import pandas as pd

        rows = []
        for outlet, counts in sorted(self.by_outlet.items(), key=lambda item: (-item[1]["articles"], item[0])):
            row: dict[str, object] = {"outlet": outlet}
            row |= {
                fact: counts[fact]
                for fact in ("articles", "undated", "without text", "short", "stripped", "other language")
            }
            for measure in sorted({m for o, m, _ in self.abstentions if o == outlet}):
                row[f"{measure} passages"] = self.abstentions[outlet, measure, "passages"]
                row[f"{measure} abstained"] = self.abstentions[outlet, measure, "abstained"]
            rows.append(row)
        return pd.DataFrame(rows).fillna(0)


def reading(corpus: Corpus) -> dict[str, int]:
    """Articles read, kept and rejected, over all source files: read = kept + rejected."""
    sources = corpus.manifest.get("sources", [])
    return {name: sum(source[name] for source in sources) for name in ("read", "kept", "rejected")}


def rejections(corpus: Corpus) -> list[tuple[str, int]]:
    """Reasons for rejection with their counts, the commonest first; numbers within a reason are left out."""
    import re

    reasons = Counter(re.sub(r"'[^']*'|\d+", "…", reason) for _, _, reason in corpus.rejections)
    return sorted(reasons.items(), key=lambda item: (-item[1], item[0]))


def collections(corpus: Corpus, names: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Collection notes by the outlets whose articles they cover; an empty note stands for articles without one."""
    notes: dict[str, set[str]] = {}
    for table in corpus.batches(["outlet", "collection"]):
        for outlet, key in zip(*(table.column(n).to_pylist() for n in ("outlet", "collection")), strict=True):
            notes.setdefault(names.get(outlet, outlet), set()).add(key)
    known = corpus.manifest.get("collections", {})
    return {outlet: {key: _told(known.get(key, {})) for key in sorted(keys)} for outlet, keys in sorted(notes.items())}


def _told(note: dict[str, str]) -> str:
    return "; ".join(f"{key}: {value}" for key, value in note.items())
