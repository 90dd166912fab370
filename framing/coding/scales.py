"""Scales: which labels coders may give, and what each is worth on its measure's scale."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from corpora.errors import InputError
from framing.frames import is_frames

# The code of a passage in which no frame is, and of one that reports nothing between two countries.
NONE = "none"
# Measure to label to value. A machine that abstains on a relation says what the code `none` says: 0.
VALUES: Mapping[str, Mapping[str, float]] = {
    "attitude": {"negative": -1.0, "neutral": 0.0, "positive": 1.0},
    "relation": {"conflict": -1.0, NONE: 0.0, "cooperation": 1.0},
    "sentiment": {"negative": -1.0, "neutral": 0.0, "positive": 1.0},
}


def values_of(measure: str, frames: Sequence[str] = ()) -> dict[str, float]:
    """Value of each label; of frames, what a passage that carries the frame is worth: 1, and 0 without it.

    Args:
        measure: attitude, relation, sentiment, or `frames:NAME`.
        frames: The frames of the codebook.

    Raises:
        InputError: The measure cannot be coded by hand.

    >>> values_of("relation")
    {'conflict': -1.0, 'none': 0.0, 'cooperation': 1.0}
    >>> values_of("frames:functions", ["problem", "cause"])
    {'problem': 1.0, 'cause': 1.0}
    """
    if is_frames(measure):
        return dict.fromkeys(frames, 1.0)
    if measure not in VALUES:
        raise InputError(
            f"{measure!r} cannot be coded by hand; there are: {', '.join(sorted(VALUES))}, frames:CODEBOOK"
        )
    return dict(VALUES[measure])


def labels_of(measure: str, frames: Sequence[str] = ()) -> tuple[str, ...]:
    """What a coder may say of one passage; of frames any number of them, or `none`.

    >>> labels_of("frames:functions", ["problem", "cause"])
    ('problem', 'cause', 'none')
    """
    return (*values_of(measure, frames), *([NONE] if is_frames(measure) else []))
