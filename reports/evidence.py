"""Evidence: the passages behind a number, the most typical each way."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from framing.scorers import LOW_CONFIDENCE
from framing.scoring import directed
from framing.sentences import sentence_spans

if TYPE_CHECKING:
    import pandas as pd

# Passages shown each way behind each number.
SHOWN = 3
# A shorter sentence says too little by itself, a longer one cannot be taken in.
SHORTEST, LONGEST = 50, 330
EACH = ["measure", "target", "pair", "outlet"]


class Evidence:
    """Gathers, batch by batch, the passages that lie furthest to each side of a measure; memory does not grow."""

    def __init__(self) -> None:
        self._kept: pd.DataFrame | None = None

    def add(self, scored: pd.DataFrame) -> None:
        """Take a batch of joined scores."""
        import pandas as pd

        scored = directed(scored)
        lengths = scored["text"].str.len()
        body = scored[(scored["part"] == "body") & scored["value"].notna() & lengths.between(SHORTEST, LONGEST)]
        body = body[(body["confidence"] >= LOW_CONFIDENCE) | (body["measure"] == "tone")]
        # A reading that is far to one side but unsure is a poor example.
        body = body.assign(strength=body["value"] * body["confidence"])
        whole = body if self._kept is None else pd.concat([self._kept, body], ignore_index=True)
        self._kept = _furthest(whole, 4 * SHOWN)

    def passages(self) -> pd.DataFrame:
        """At most three passages each way for each measure, target and outlet, one sentence each, one an article.

        `side` is `high` or `low`; a passage on the wrong side of 0 is no example of its side and is left out.
        """
        import pandas as pd

        if self._kept is None or self._kept.empty:
            return pd.DataFrame(columns=[*EACH, "side", "text", "value"])
        single = self._kept[[len(sentence_spans(text)) == 1 for text in self._kept["text"]]]
        sides = []
        for side, sign in (("high", 1), ("low", -1)):
            rows = single[single["value"] * sign > 0].copy()
            rows["side"] = side
            rows["far"] = rows["strength"] * sign
            rows = rows.sort_values([*EACH, "far", "passage_id"], ascending=[True] * len(EACH) + [False, True])
            rows = rows.drop_duplicates([*EACH, "article_id"]).drop_duplicates([*EACH, "text"])
            sides.append(rows.groupby(EACH, sort=False).head(SHOWN).drop(columns=["far", "strength"]))
        return pd.concat(sides, ignore_index=True)


def _furthest(rows: pd.DataFrame, count: int) -> pd.DataFrame:
    import pandas as pd

    ordered = rows.sort_values(["strength", "passage_id"])
    ends = [ordered.groupby(EACH, sort=False).head(count), ordered.groupby(EACH, sort=False).tail(count)]
    return pd.concat(ends).drop_duplicates([*EACH, "passage_id"]).reset_index(drop=True)


def highlighted(text: str, *spans: Any) -> list[tuple[str, bool]]:
    """A text in pieces, those that are a mention marked.

    >>> highlighted("Russia waits.", (0, 6))
    [('Russia', True), (' waits.', False)]
    """
    pieces: list[tuple[str, bool]] = []
    at = 0
    for start, end in sorted((int(s[0]), int(s[1])) for s in spans if _is_span(s)):
        if start >= at:
            pieces += [(text[at:start], False), (text[start:end], True)]
            at = end
    pieces.append((text[at:], False))
    return [piece for piece in pieces if piece[0]]


def _is_span(span: Any) -> bool:
    return isinstance(span, Iterable) and len(list(span)) == 2
