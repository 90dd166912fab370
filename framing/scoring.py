"""Scoring: passages of articles, read by scorers, as the scores table joined with its passages and articles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpora.article import Article
from corpora.corpus import Corpus
from corpora.votes import votes
from framing.countries import read_dyad
from framing.frames import OWN
from framing.passages import Passage, part_mentions, passage_frame, passages, passages_schema
from framing.scorers import DEFAULT_COST, Scorer, load_scorer, together
from framing.scores import scores_schema
from framing.voice import VOICE_COLUMNS, Voice, voices, with_voices

if TYPE_CHECKING:
    import pandas as pd

MEASURES = ("relation", "sentiment", "tone")
ARTICLE_COLUMNS = (
    "outlet", "published", "title", "url", "language", "text_sha256", "genre", "wire", "vote", "story",
)  # fmt: skip
# English scorers read English; an article whose language could not be told is short, and is read.
LANGUAGES = ("en", "")


def score(
    corpus: Corpus,
    dyad: str | tuple[str, str],
    measures: Sequence[str] = MEASURES,
    cost: str = DEFAULT_COST,
    codebooks: str | Path = OWN,
) -> pd.DataFrame:
    """Score every passage of a corpus about the two countries of a dyad.

    Args:
        corpus: Articles; those in languages that the scorers do not read make no passages.
        dyad: `USA-RUS`, or the two codes.
        measures: Names of scorers; `frames:NAME` for the frames of a codebook.
        cost: Which scorer of each measure: `encoder` or `light`.
        codebooks: Folder in which codebooks of one's own were trained.

    Returns:
        A frame with one row for each passage, measure and category, abstentions included: the columns of the
        scores and passages tables, and of the article `outlet`, `published` (datetime64, missing where undated),
        `title`, `url`, `language`, `text_sha256`, `story` (the article itself where it is alone on its event),
        `wire` (the agency whose text most of it is, else missing), `vote` (`own`, `origin` or `copy`: see
        `corpora.votes`) and `genre` (news, opinion, ...); and in whose words the passage is: `voice`, `speaker`,
        `speaker_role`, `speaker_country` (see `framing.voice`).

    Raises:
        InputError: A country or scorer does not exist, or no article mentions either country.
    """
    import pandas as pd

    countries = read_dyad("-".join(dyad) if isinstance(dyad, tuple) else dyad)
    scorers = [load_scorer(measure, cost, codebooks) for measure in measures]
    known = votes(corpus)
    batches = score_batches(corpus, countries, scorers)
    frames = [joined(with_votes(articles, known), passages, scores) for articles, passages, scores in batches]
    whole = pd.concat(frames, ignore_index=True)
    whole.attrs.update(dyad=countries, measures=tuple(measures), cost=cost)
    return whole


def score_batches(
    corpus: Corpus, dyad: tuple[str, str], scorers: Sequence[Scorer]
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]]:
    """Articles, passages and scores of one batch after the other; at least one batch, which may be empty."""
    empty = True
    for table in corpus.batches():
        empty = False
        yield score_articles([Article.from_row(row) for row in table.to_pylist()], dyad, scorers)
    if empty:
        yield score_articles([], dyad, scorers)


def score_articles(
    articles: Sequence[Article], dyad: tuple[str, str], scorers: Sequence[Scorer]
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Articles, passages and scores of some articles, as frames."""
    import pandas as pd

    found: list[Passage] = []
    spoken: list[Voice] = []
    for article in articles:
        # A coverage record counts in volume; a headline alone is no reading of its article.
        if article.language in LANGUAGES and not article.is_coverage:
            mentions = part_mentions(article)
            here = passages(article, dyad, mentions)
            found += here
            spoken += voices(article, here, mentions)
    frame = with_voices(passage_frame(found), spoken)
    with together(scorers):
        scores = [scorer.score(reads(frame, scorer)) for scorer in scorers]
    scored = pd.concat(scores, ignore_index=True) if scores else pd.DataFrame()
    return article_frame(articles), frame, scored


def reads(frame: pd.DataFrame, scorer: Scorer) -> pd.DataFrame:
    """The passages that a scorer is for."""
    return frame[frame[scorer.reads] != ""].reset_index(drop=True)


def article_frame(articles: Iterable[Article]) -> pd.DataFrame:
    """What a scored passage needs to know of its article."""
    import pandas as pd

    facts = ["article_id", *ARTICLE_COLUMNS[:6]]
    frame = pd.DataFrame([[getattr(a, name) for name in facts] for a in articles], columns=facts)
    frame = frame.assign(genre=None, wire=None, vote=None, story=frame["article_id"])
    frame["published"] = pd.to_datetime(frame["published"])
    for column in ("genre", "wire", "vote"):
        frame[column] = frame[column].astype(object)
    return frame


def with_votes(articles: pd.DataFrame, known: pd.DataFrame) -> pd.DataFrame:
    """Articles of a batch with what `corpora.votes.votes` tells of them: story, wire copy, vote, genre."""
    rows = known.reindex(articles["article_id"])
    return articles.assign(
        **{name: rows[name].astype(object).to_numpy() for name in ("story", "wire", "vote", "genre")}
    )


def joined(articles: pd.DataFrame, frame: pd.DataFrame, scores: pd.DataFrame) -> pd.DataFrame:
    """The scores table joined with its passages and with their articles."""
    return scores.merge(frame, on="passage_id", how="left").merge(articles, on="article_id", how="left")


def directed(scored: pd.DataFrame) -> pd.DataFrame:
    """Scores in which a directed reading (of `category` RUS>USA) has that dyad as its `pair`, and USA as its target."""
    ways = scored["category"].str.contains(">", regex=False)
    if not ways.any():
        return scored
    dyads = scored["category"].where(ways)
    return scored.assign(
        pair=dyads.fillna(scored["pair"]),
        target=dyads.str.split(">").str[1].fillna(scored["target"]),
        category=scored["category"].mask(ways, ""),
    )


def joined_schema() -> Any:
    """Arrow schema of the joined table, for keeping it on disk."""
    import pyarrow as pa

    own = [field for field in scores_schema()]
    passage = [field for field in passages_schema() if field.name != "passage_id"]
    article = [pa.field(name, pa.date32() if name == "published" else pa.string()) for name in ARTICLE_COLUMNS]
    voice = [pa.field(name, pa.string()) for name in VOICE_COLUMNS]
    return pa.schema([*own, *passage, *voice, *article])
