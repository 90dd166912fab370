"""Described: what a report tells of coverage beside its tested measures, as scores of articles like theirs.

| measure | category | value of an article |
|---|---|---|
| `sentiment`, `relation`, `attitude` | | as elsewhere, of the passages in one `voice` alone (`groups`) |
| `voice` | who speaks (`speakers`) | share of its passages about either country in that voice; they add up to 1 |
| `subject` | domestic, other, relation | mean probability over its passages about the pair; they add up to 1 |
| `frames:NAME` | frame | see `reports.frames` |
| `headline gap` | the measure | its headline's score less its body's |
| `leader` | leader, country | sentiment of the passages that first name the target by its leader, or otherwise |
| `loaded words` | loaded, hedging | words of the lexicon per 1,000 of the outlet's own words, outside quotation marks |
| `naming` | kind of name | share of its mentions of the target |

They go through the same estimates as the others, with the same minimum, intervals and periods, and are not tested.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from framing.roles import OFFICIAL
from framing.scoring import directed
from framing.voice import VOICE_VERSION
from reports.article_scores import KEY, article_means, counted
from reports.comparison import NONE, Comparison, compare_articles
from reports.frames import of_frames
from reports.study import VOICES

if TYPE_CHECKING:
    from corpora.article import Article

SPLIT = ("attitude", "relation", "sentiment")
FACTS = ["article_id", "outlet", "published", "story", "vote", "genre"]
RULES = "rules"  # the scorer of what no classifier tells


def groups(dyad: tuple[str, str]) -> tuple[str, ...]:
    """Voices by which a measure is split: the outlet's own, officials of either country, all others.

    >>> groups(("RUS", "USA"))
    ('own', 'officials of RUS', 'officials of USA', 'others')
    """
    return ("own", *(f"officials of {code}" for code in dyad), "others")


def speakers(dyad: tuple[str, str]) -> tuple[str, ...]:
    """Who may be behind a passage, the outlet itself first and the unknown last."""
    officials = [f"officials of {code}" for code in (*dyad, "others")]
    return ("own", *officials, "politicians", "experts", "media", "business", "public", "unknown")


# Speakers who are not officials, by their role.
OTHERS = {
    "politician": "politicians", "opposition": "politicians", "expert": "experts", "media": "media",
    "business": "business", "public": "public",
}  # fmt: skip


def who_speaks(scored: pd.DataFrame, dyad: tuple[str, str]) -> pd.Series[str]:
    """Of `speakers`, the one behind each row of the joined scores."""
    own = scored["voice"].eq("own") | scored["voice"].isna()
    official = scored["speaker_role"].isin(sorted(OFFICIAL))
    found = scored["speaker_role"].map(OTHERS).fillna("unknown").astype(object)
    found = found.mask(official, "officials of others")
    for code in dyad:
        found = found.mask(official & scored["speaker_country"].eq(code), f"officials of {code}")
    return found.mask(own, "own")


def of_scores(scored: pd.DataFrame, dyad: tuple[str, str], voices: Sequence[str] = VOICES["all"]) -> pd.DataFrame:
    """Scores of articles that describe a batch of joined scores; `voices` are those that count for frames."""
    if scored.empty:
        return pd.DataFrame()
    scored = scored.assign(who=who_speaks(scored, dyad))
    body = scored[scored["part"] == "body"]
    frames = of_frames(body, _group(body, dyad), voices)
    parts = [_split(body, dyad), _shares(body, dyad), _subject(body), _headline_gap(scored), _leader(body), frames]
    parts = [part for part in parts if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _split(body: pd.DataFrame, dyad: tuple[str, str]) -> pd.DataFrame:
    rows = directed(body[body["measure"].isin(SPLIT) & body["value"].notna()])
    return article_means(rows.assign(voice=_group(rows, dyad)))


def _group(rows: pd.DataFrame, dyad: tuple[str, str]) -> pd.Series[str]:
    """Of `groups`, the one behind each row."""
    return rows["who"].where(rows["who"].isin(groups(dyad)), "others")


def _shares(body: pd.DataFrame, dyad: tuple[str, str]) -> pd.DataFrame:
    """Shares of who speaks in each article; of a passage that several scorers read, one row."""
    passages = body[body["target"].ne("") & body["target"].notna()].drop_duplicates("passage_id")
    if passages.empty:
        return pd.DataFrame()
    table = pd.crosstab(passages["article_id"], passages["who"]).reindex(columns=list(speakers(dyad)), fill_value=0)
    facts = passages.drop_duplicates("article_id")[[c for c in FACTS if c in passages]]
    return _long(table, facts, measure="voice", version=VOICE_VERSION, pair="-".join(dyad))


def _subject(body: pd.DataFrame) -> pd.DataFrame:
    return article_means(body[body["measure"].eq("subject")].assign(voice=""))


def _headline_gap(scored: pd.DataFrame) -> pd.DataFrame:
    rows = directed(scored[scored["measure"].isin(SPLIT) & scored["value"].notna()])
    rows = rows.assign(voice="", category=rows["measure"], measure="headline gap")
    title, body = (article_means(rows[rows["part"] == part]) for part in ("title", "body"))
    both = title.merge(body[[*KEY, "article_id", "value"]], on=[*KEY, "article_id"], suffixes=("", "_body"))
    return both.assign(value=both["value"] - both["value_body"]).drop(columns="value_body")


def _leader(body: pd.DataFrame) -> pd.DataFrame:
    rows = body[body["measure"].eq("sentiment") & body["value"].notna()]
    named = rows["mention_kind"].eq("leader").map({True: "leader", False: "country"})
    return article_means(rows.assign(voice="", measure="leader", category=named))


def _long(
    table: pd.DataFrame, facts: pd.DataFrame, *, measure: str, version: str, pair: str = "", target: str = ""
) -> pd.DataFrame:
    """Counts (articles x categories) as one row an article and category, with the category's share."""
    totals = table.sum(axis=1)
    shares = table.div(totals, axis=0).reset_index().melt("article_id", var_name="category")
    named = {
        "scorer": RULES,
        "scorer_version": version,
        "measure": measure,
        "target": target,
        "pair": pair,
        "voice": "",
    }
    return shares.assign(n_passages=shares["article_id"].map(totals), **named).merge(facts, on="article_id")


def of_texts(articles: Iterable[Article], facts: pd.DataFrame, dyad: tuple[str, str]) -> pd.DataFrame:
    """Scores of articles that describe their texts: loaded words, and how the countries are called.

    Args:
        articles: The articles that count.
        facts: `FACTS` of them, one row each.
        dyad: The two countries.
    """
    from framing.loaded import KINDS, LOADED_VERSION, loaded_rates
    from framing.naming import NAMES, NAMING_VERSION, names

    told = list(articles)
    rates = loaded_rates(unquoted(article.body) for article in told)
    rates["article_id"] = [article.article_id for article in told]
    rates = rates[rates["words"] > 0].rename(columns={"words": "n_passages"})
    named = {
        "scorer": RULES,
        "scorer_version": LOADED_VERSION,
        "measure": "loaded words",
        "target": "",
        "pair": "",
        "voice": "",
    }
    parts = [
        rates[["article_id", "n_passages"]]
        .assign(value=rates[f"{kind}_per_1000"], category=kind, **named)
        .merge(facts, on="article_id")
        for kind in KINDS
    ]
    called = names(told, dyad)
    for country, rows in called[called["name"].isin(NAMES)].groupby("country", sort=True):
        table = rows.pivot_table(index="article_id", columns="name", values="n", aggfunc="sum", fill_value=0)
        table = table.reindex(columns=list(NAMES), fill_value=0)
        parts.append(_long(table, facts, measure="naming", version=NAMING_VERSION, target=str(country)))
    return gathered(parts)


def describe(
    scores: pd.DataFrame,
    period: str = "",
    minimum_articles: int = 10,
    minimum_stories: int = 5,
    wire: str = "own",
    genre: str = "news",
    seed: int = 1,
    draws: int = 2000,
) -> Comparison:
    """Levels of what describes coverage: voices, measures split by voice, subjects, headline gaps, leaders.

    Args:
        scores: What `framing.score` returns.
        period: month, quarter, half or year; chosen from the data where empty.
        minimum_articles: Articles that a cell needs.
        minimum_stories: Stories that it needs.
        wire: Which articles count, by whose text they print.
        genre: Which kind of piece counts.
        seed: Seed of the bootstrap.
        draws: Number of draws.

    Returns:
        A `Comparison` without differences; `levels("voice", category="officials of RUS")` is a data frame.

    Raises:
        InputError: There is nothing to describe.

    >>> import framing
    >>> from corpora import load_bundled
    >>> scores = framing.score(load_bundled("us-russia"), "USA-RUS", measures=["tone"], cost="light")
    >>> own = describe(scores, minimum_articles=5).levels("voice", category="own")
    >>> len(own), bool(own["value"].between(0.4, 0.9).all())
    (6, True)
    """
    rows = counted(of_scores(scores, scores.attrs["dyad"]), wire, genre)
    return compare_articles(
        rows,
        period,
        minimum_articles=minimum_articles,
        minimum_stories=minimum_stories,
        seed=seed,
        draws=draws,
        wire=wire,
        genre=genre,
        tested=NONE,
    )


def unquoted(text: str) -> str:
    """What of a text stands outside quotation marks; a quotation leaves a mark that no phrase crosses.

    >>> unquoted('They “do not want” war.')
    'They “” war.'
    """
    from framing.attribution.quotation import quoted_stretches

    pieces, at = [], 0
    for quote in quoted_stretches(text):
        pieces.append(text[at : quote.start])
        at = quote.end
    return "“”".join([*pieces, text[at:]])


def gathered(rows: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """All rows as one frame, in an order that does not depend on batches."""
    whole = (
        pd.concat([part for part in rows if len(part)], ignore_index=True) if any(map(len, rows)) else pd.DataFrame()
    )
    return whole.sort_values([*KEY, "article_id"], kind="stable").reset_index(drop=True) if len(whole) else whole
