"""Question: what coders are asked about a passage, and how the machine read the passages that it is asked about."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from corpora.errors import InputError
from framing.coding.scales import NONE, labels_of, values_of
from framing.frames import is_frames
from framing.gazetteer import country_name
from framing.scoring import directed

if TYPE_CHECKING:
    import pandas as pd

READING_COLUMNS = [
    "passage_id", "article_id", "outlet", "published", "story", "part", "start", "end", "text", "target_span",
    "source_span", "text_sha256", "category", "scorer", "scorer_version", "period", "machine_label", "machine_value",
    "machine_confidence",
]  # fmt: skip


@dataclass(frozen=True)
class Question:
    """What is asked about a passage.

    Attributes:
        measure: attitude, relation, sentiment, or `frames:NAME`.
        target: The country, of sentiment; empty otherwise.
        pair: The two countries, as RUS-USA; empty of sentiment.
        category: The direction, of attitude: `USA>RUS` asks how the United States regard Russia.
        frames: The frames of the codebook, in its order.
    """

    measure: str
    target: str = ""
    pair: str = ""
    category: str = ""
    frames: tuple[str, ...] = ()

    @property
    def is_set(self) -> bool:
        """Whether a passage may have several labels at once."""
        return is_frames(self.measure)

    @property
    def labels(self) -> tuple[str, ...]:
        """What a coder may say."""
        return labels_of(self.measure, self.frames)

    @property
    def values(self) -> dict[str, float]:
        """Value of each label on the measure's scale."""
        return values_of(self.measure, self.frames)

    @property
    def text(self) -> str:
        """The question in one line, as coders read it.

        >>> Question("sentiment", target="RUS").text
        'Sentiment toward: Russia'
        >>> Question("attitude", pair="RUS-USA", category="USA>RUS").text
        'Attitude as reported: United States toward Russia'
        """
        names = [country_name(code) for code in self.pair.split("-") if code]
        if self.measure == "sentiment":
            return f"Sentiment toward: {country_name(self.target)}"
        if self.measure == "attitude":
            return "Attitude as reported: " + " toward ".join(map(country_name, self.category.split(">")))
        if self.measure == "relation":
            return "Relation between: " + " and ".join(names)
        return "Frames in the passage about: " + " and ".join(names)


def ask(
    measure: str, dyad: tuple[str, str], target: str = "", category: str = "", frames: Sequence[str] = ()
) -> Question:
    """The question that a measure puts.

    Args:
        measure: attitude, relation, sentiment, or `frames:NAME`.
        dyad: The two countries of the study, in alphabetical order.
        target: Of sentiment, one of the two.
        category: Of attitude, the direction: `USA>RUS`.
        frames: Of frames, those of the codebook.

    Raises:
        InputError: The measure cannot be coded, or what it needs is missing, wrong or out of place.

    >>> ask("attitude", ("RUS", "USA"), category="usa>rus").category
    'USA>RUS'
    """
    values_of(measure, frames)
    target, category, pair = target.upper(), category.upper().replace(" ", ""), "-".join(dyad)
    if measure == "sentiment":
        if target not in dyad:
            raise InputError(f"sentiment is toward a target; --target is {target!r}, it must be {' or '.join(dyad)}")
        pair = ""
    elif target:
        raise InputError(f"{measure} has no target; leave out --target {target}")
    ways = [">".join(dyad), ">".join(reversed(dyad))]
    if measure == "attitude":
        if category not in ways:
            raise InputError(f"attitude has a direction; --category is {category!r}, it must be {' or '.join(ways)}")
    elif category:
        raise InputError(f"{measure} has no category to choose; leave out --category {category}")
    if is_frames(measure) and not frames:
        raise InputError(f"{measure} has no frames to ask for")
    return Question(measure, target, pair, category, tuple(frames))


def readings(scores: pd.DataFrame, question: Question) -> pd.DataFrame:
    """How the machine read the body passages that a question is about, one row a passage (and frame).

    Where the machine abstains on a relation, it says that nothing is reported between the two: its label is `none`
    and its value 0, as a coder's `none` is. A passage that no scorer could read at all has no row.

    Args:
        scores: The joined scores, of `framing.score` or of a report.
        question: What is asked.

    Returns:
        `READING_COLUMNS`, by article, passage and frame; `period` is the month where the scores tell none.

    Raises:
        InputError: Nothing was scored for the question, or by two scorers, or a frame was not scored.
    """
    rows = scores[(scores["measure"] == question.measure) & (scores["part"] == "body")]
    if question.measure == "attitude":
        rows = rows[rows["category"] == question.category]
    key = "target" if question.target else "pair"
    rows = rows[rows[key] == (question.target or question.pair)]
    if question.measure == "relation":
        rows = with_none(rows)
    rows = rows[rows["value"].notna()]
    if rows.empty:
        raise InputError(f"no passage was scored for the question {question.text!r}")
    by = sorted(set(zip(rows["scorer"], rows["scorer_version"], strict=True)))
    if len(by) > 1:
        told = ", ".join(" ".join(one) for one in by)
        raise InputError(f"{question.measure} was scored by several scorers ({told}); keep the rows of one")
    if question.is_set and (missing := sorted(set(question.frames) - set(rows["category"]))):
        raise InputError(f"{question.measure}: no scores of the frame {missing[0]!r}")
    renamed = {"label": "machine_label", "value": "machine_value", "confidence": "machine_confidence"}
    table = rows.rename(columns=renamed).assign(story=rows["story"].fillna(rows["article_id"]))
    if "period" not in table:
        table["period"] = table["published"].dt.strftime("%Y-%m").fillna("")
    rank = {frame: k for k, frame in enumerate(question.frames)}
    table = table.assign(rank=table["category"].map(rank).fillna(0))
    if not question.is_set:
        table["category"] = ""
    table = table.sort_values(["article_id", "start", "passage_id", "rank"], kind="stable")
    return table[READING_COLUMNS].reset_index(drop=True)


def with_none(scores: pd.DataFrame) -> pd.DataFrame:
    """Scores in which a relation on which the machine abstains has the label `none` and the value 0.

    On these scores, and on no others, article scores of the relation are on the scale of its human codes.
    """
    silent = (scores["measure"] == "relation") & scores["value"].isna()
    return scores.assign(label=scores["label"].mask(silent, NONE), value=scores["value"].mask(silent, 0.0))


def asked_scores(scores: pd.DataFrame, question: Question) -> pd.DataFrame:
    """The joined scores of a question's measure and target, abstentions on a relation as `none`.

    Their article scores are what a sample corrects; of frames, all frames are among them.
    """
    chosen = scores["measure"] == question.measure
    if question.measure == "attitude":
        chosen &= scores["category"] == question.category
    if question.target:
        chosen &= scores["target"] == question.target
    return directed(with_none(scores[chosen]))
