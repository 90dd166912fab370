"""Votes: whether an article counts, by whose text it prints and of what kind it is. Nothing is taken out for it.

| vote | the article | counts under the switch |
|---|---|---|
| `own` | prints its outlet's own text | `all`, `origin`, `own` |
| `origin` | prints another's text, and no article at hand printed it before | `all`, `origin` |
| `copy` | prints a text that counts already: a copy of another's, or a repetition of its own | `all` |
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from corpora.duplicates import NEAR
from corpora.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from corpora.corpus import Corpus

# Share of a text from which it is somebody else's: more than half.
COPY = 0.5
SWITCHES: dict[str, tuple[str, ...]] = {
    "all": ("own", "origin", "copy"),
    "origin": ("own", "origin"),
    "own": ("own",),
}


# What an article without a mark of its kind is.
NEWS = "news"
# Kinds of piece that count under each genre switch; None: all of them.
GENRES: dict[str, tuple[str, ...] | None] = {"all": None, "news": (NEWS,), "opinion": ("opinion",)}


def check_switch(switch: str) -> None:
    """Refuse a wire switch that there is not.

    Raises:
        InputError: There is none of that name.
    """
    if switch not in SWITCHES:
        raise InputError(f"no wire switch {switch!r}; there are: {', '.join(SWITCHES)}")


def check_genre(switch: str) -> None:
    """Refuse a genre switch that there is not.

    Raises:
        InputError: There is none of that name.
    """
    if switch not in GENRES:
        raise InputError(f"no genre switch {switch!r}; there are: {', '.join(GENRES)}")


def votes(corpus: Corpus, names: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Story, wire copy and vote of each article of a corpus or of a selection of one.

    Of copies of one text the agency's own counts first, then the earliest; who printed a text outside the selection
    does not matter.

    Args:
        corpus: The articles.
        names: Outlet to the name that a study counts it under.

    Returns:
        A frame by `article_id` with `story` (the article itself where it is alone), `wire` (the agency whose text
        most of it is, else missing), `share` (of the article that is an agency's; missing where it is not known),
        `vote`, and `genre` (news, where nothing tells of another kind).

    >>> from corpora import load_bundled
    >>> votes(load_bundled("us-russia"))["vote"].unique().tolist()
    ['own', 'copy']
    """
    import pandas as pd

    frame = corpus.frame(["article_id", "outlet", "published"]).set_index("article_id")
    marks = corpus.marks().to_pandas()
    kinds = ("duplicate", "wire", "story", "genre")
    by_kind = {kind: marks[marks["kind"] == kind].set_index("article_id") for kind in kinds}
    wire, story = by_kind["wire"], by_kind["story"]
    copies = wire[wire["share"] >= COPY]
    names = names or {}
    outlets = {article: names.get(outlet, outlet) for article, outlet in zip(frame.index, frame["outlet"], strict=True)}
    foreign, links = set(copies.index), [(a, o) for a, o in copies["origin_id"].items() if o]
    repeated: set[str] = set()
    for row in by_kind["duplicate"].reset_index().to_dict("records"):
        if row["share"] < NEAR:
            continue
        links.append((row["article_id"], row["origin_id"]))
        if names.get(row["value"], row["value"]) == outlets.get(row["article_id"]):
            repeated.add(row["article_id"])
        elif row["origin_id"] not in copies.index:
            # The agency that was copied is no copy of its copy, though that may be dated before it.
            foreign.add(row["article_id"])
    frame["story"] = pd.Series(frame.index, index=frame.index).where(
        ~frame.index.isin(story.index), story["value"].reindex(frame.index)
    )
    frame["wire"] = copies["value"].reindex(frame.index)
    frame["share"] = wire["share"].reindex(frame.index)
    frame["vote"] = _votes(frame, foreign, repeated, links)
    frame["genre"] = by_kind["genre"]["value"].reindex(frame.index).astype(object).fillna(NEWS)
    return frame[["story", "wire", "share", "vote", "genre"]]


def _votes(frame: pd.DataFrame, foreign: set[str], repeated: set[str], links: list[tuple[str, str]]) -> list[str]:
    groups = _groups(links)
    order = sorted(
        (str(day) if day is not None and day == day else "9", article, n)
        for n, (article, day) in enumerate(zip(frame.index, frame["published"], strict=True))
    )
    # Texts that count already, because an article at hand prints them as its own.
    counted = {
        groups[article]
        for article in frame.index
        if article in groups and article not in foreign and article not in repeated
    }
    made: list[str] = ["own"] * len(frame)
    for _, article, n in order:
        if article not in foreign and article not in repeated:
            continue
        group: Any = groups.get(article, article)
        made[n] = "copy" if group in counted else "own" if article not in foreign else "origin"
        counted.add(group)
    return made


def _groups(links: list[tuple[str, str]]) -> dict[str, str]:
    """For each linked article a name of its group: all that are linked, directly or through others."""
    above: dict[str, str] = {}

    def top(article: str) -> str:
        while above.setdefault(article, article) != article:
            above[article] = above[above[article]]
            article = above[article]
        return article

    for article, origin in links:
        one, other = sorted((top(article), top(origin)))
        above[other] = one
    return {article: top(article) for article in above}
