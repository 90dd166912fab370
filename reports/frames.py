"""Frames in a report: shares of an article's passages by frame, in all, by voice, and on stories that outlets share.

| measure | outlet | voice | value of an article |
|---|---|---|---|
| `frames:NAME` | each | | expected share of its passages about the pair that carry the frame |
| `frames:NAME` | each | `described.groups` | the same of its passages in one voice |
| `frames:NAME, shared stories` | each | | the same, of articles on events that two outlets or more tell |
| `frames:NAME, all outlets` | `ALL` | `described.groups` | the same by voice, all outlets together |

The expected share is the mean of the passages' calibrated probabilities. Outlets are screened against the rest.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from framing.frames import PREFIX, FramesScorer, codebook_of, frame_f1, is_frames, load_frames
from reports.article_scores import article_means
from reports.study import Study

ALL = "All outlets"
SHARED, TOGETHER = ", shared stories", ", all outlets"
# Passages shown behind each outlet and frame; longer ones do not fit a card.
LONGEST = 400


def framed(rows: pd.DataFrame) -> pd.Series[bool]:
    """Which rows are of a codebook."""
    return rows["measure"].astype(str).str.startswith(PREFIX)


def frame_measures(study: Study) -> tuple[str, ...]:
    """The study's measures that are codebooks."""
    return tuple(measure for measure in study.measures if is_frames(measure))


def frame_scorers(study: Study) -> tuple[FramesScorer, ...]:
    """Their scorers."""
    return tuple(load_frames(measure, study.cost, study.codebooks) for measure in frame_measures(study))


def of_frames(body: pd.DataFrame, told: pd.Series[str], voices: Sequence[str]) -> pd.DataFrame:
    """Scores of articles by frame: of all their passages that count, and by who speaks.

    Args:
        body: Joined scores of body passages.
        told: Of each row, which of `described.groups` speaks.
        voices: Voices that count where voices are not told apart.
    """
    rows = body[framed(body) & body["value"].notna()]
    if rows.empty:
        return pd.DataFrame()
    every = rows[rows["voice"].isin(voices)]
    split = rows.assign(voice=told[rows.index])
    parts = [article_means(one) for one in (every.assign(voice=""), split) if len(one)]
    return pd.concat(parts, ignore_index=True)


def with_contrasts(articles: pd.DataFrame) -> pd.DataFrame:
    """Scores of articles that count, and those on shared stories, and those of all outlets together by voice."""
    frames = articles[framed(articles)]
    if frames.empty:
        return articles
    plain = frames["voice"] == ""
    outlets = frames.groupby("story")["outlet"].transform("nunique")
    shared = frames[plain & (outlets > 1)]
    together = frames[~plain].assign(outlet=ALL)
    return pd.concat(
        [
            articles,
            shared.assign(measure=shared["measure"] + SHARED),
            together.assign(measure=together["measure"] + TOGETHER),
        ],
        ignore_index=True,
    )


def frame_titles(scorer: FramesScorer) -> dict[str, str]:
    """Frame to its title."""
    return {frame.name: frame.title for frame in codebook_of(scorer).frames if frame.name in scorer.labels}


def frame_labels(scorer: FramesScorer) -> dict[str, str]:
    """Frame to what a chart calls it, which has room for its name only."""
    return {frame: frame.replace("-", " ") for frame in scorer.labels}


def poor_frames(scorer: FramesScorer, poor: float) -> dict[str, str]:
    """Frames whose measured F1 is below `poor`, or could not be told, with the reason in words."""
    found = {}
    for frame, f1 in frame_f1(scorer).items():
        if f1 is None:
            found[frame] = "accuracy not known: too few coded passages carry it"
        elif f1 < poor:
            found[frame] = f"measured F1 {f1:.2f}"
    return found


class FrameExamples:
    """Gathers, batch by batch, the passage of each outlet and frame of which the scorer is surest."""

    def __init__(self) -> None:
        self._kept = pd.DataFrame()

    def add(self, scored: pd.DataFrame) -> None:
        """Look through a batch of the joined scores that count."""
        rows = scored[framed(scored) & (scored["label"] == "yes") & (scored["part"] == "body")]
        rows = rows[rows["text"].str.len() <= LONGEST]
        if rows.empty:
            return
        whole = pd.concat([self._kept, rows], ignore_index=True)
        ordered = whole.sort_values(["value", "passage_id"], ascending=[False, True], kind="stable")
        self._kept = ordered.drop_duplicates(["measure", "category", "outlet"]).reset_index(drop=True)

    def passages(self) -> pd.DataFrame:
        """One passage a measure, category and outlet that has one marked `yes`; none stands twice for a frame."""
        if self._kept.empty:
            return self._kept
        ordered = self._kept.sort_values(["measure", "category", "outlet"], kind="stable")
        return ordered.drop_duplicates(["measure", "category", "text"]).reset_index(drop=True)
