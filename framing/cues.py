"""Cues: typical words of a frame as patterns, taken only if they can be searched for in any text."""

from __future__ import annotations

import re
import warnings

from corpora.errors import InputError

# A longer cue is no cue.
LONGEST_CUE = 200
# An escape or a class of characters, which in a pattern stands for one character.
ONE_CHARACTER = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]")
INNERMOST = re.compile(r"\(([^()]*)\)([+*{]?)")
# Where a pattern matches nothing at all here, as between two words, it does so in every passage.
ANY_TEXT = "a b, C-1.\nd"


def read_cue(cue: str, where: str) -> re.Pattern[str]:
    """The pattern of a cue, which is searched for without regard to case.

    Args:
        cue: As the codebook writes it.
        where: What errors call its place.

    Raises:
        InputError: It is no pattern, matches everything, or may take longer than anybody waits.

    >>> bool(read_cue(r"\\btariffs?\\b", "frame 'economy'").search("New Tariffs"))
    True
    """
    if len(cue) > LONGEST_CUE:
        raise InputError(f"{where}: a cue has {len(cue)} characters; at most {LONGEST_CUE} are allowed")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", FutureWarning)
            pattern = re.compile(cue, re.IGNORECASE)
    except (re.error, FutureWarning, ValueError, RecursionError, OverflowError) as error:
        raise InputError(f"{where}: cue {cue!r} is no valid pattern: {error}") from None
    if _repeats_repetition(cue):
        raise InputError(
            f"{where}: cue {cue!r} repeats a repetition or a choice, which may never end; write it without"
        )
    if pattern.search("") or any(not match[0] for match in pattern.finditer(ANY_TEXT)):
        raise InputError(f"{where}: cue {cue!r} matches an empty text, and so everything")
    return pattern


def _repeats_repetition(cue: str) -> bool:
    """Whether a group that repeats or chooses is itself repeated, which can take longer than anybody waits."""
    bare = ONE_CHARACTER.sub("x", cue)
    while group := INNERMOST.search(bare):
        varies = any(sign in group[1] for sign in "+*}|")
        if varies and group[2]:
            return True
        bare = f"{bare[: group.start()]}{'x+' if varies else 'x'}{bare[group.end(1) + 1 :]}"
    return False
