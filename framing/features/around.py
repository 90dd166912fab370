"""Words around the target, and between the two of a pair, as tokens that say where they stand."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from framing.features.words import Stateless, masked_sides, masked_words, spans


class AroundTarget(Stateless):
    """Words near the target: which side, and for the nearest at which distance; one string a passage.

    `L_word` stands among the `reach` words before the target, `R_word` after it, `L0_word` right before it.

    Args:
        reach: Words read on each side.
        near: Words on each side whose distance is kept.

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"text": ["Aides praised Russia warmly."], "target_span": [(14, 20)]})
    >>> AroundTarget(reach=2, near=1).transform(frame)
    ['L_praised L_aides R_warmly R_. L0_praised R0_warmly']
    """

    def __init__(self, reach: int = 8, near: int = 3) -> None:
        self.reach = reach
        self.near = near

    def transform(self, X: Any) -> list[str]:
        """Strings of tokens, one a passage."""
        docs = []
        for before, right in masked_sides(X):
            left = before[::-1]
            tokens = [f"L_{word}" for word in left[: self.reach]] + [f"R_{word}" for word in right[: self.reach]]
            tokens += [f"L{i}_{word}" for i, word in enumerate(left[: self.near])]
            tokens += [f"R{i}_{word}" for i, word in enumerate(right[: self.near])]
            if self.near > 1:
                tokens += [f"LB_{left[1]}_{left[0]}"] if len(left) > 1 else []
                tokens += [f"RB_{right[0]}_{right[1]}"] if len(right) > 1 else []
            docs.append(" ".join(tokens))
        return docs


class BetweenPair(Stateless):
    """Words before, between and after the two countries of a pair, with pairs of words between; one string a passage.

    A passage without a `source_span` is read as before and after its target alone.

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"text": ["Iran met Iraq."], "source_span": [(0, 4)], "target_span": [(9, 13)]})
    >>> BetweenPair().transform(frame)
    ['M_met A_.']
    """

    def __init__(self, reach: int = 10) -> None:
        self.reach = reach

    def transform(self, X: Any) -> list[str]:
        """Strings of tokens, one a passage."""
        docs = []
        rows = zip(X["text"], spans(X, "source_span"), spans(X, "target_span"), strict=True)
        for text, source, target in rows:
            known = sorted(span for span in (source, target) if span is not None) or [(0, 0)]
            first, last = known[0], known[-1]
            before = masked_words(text[: first[0]])[-self.reach :]
            between = masked_words(" " + text[first[1] : last[0]]) if len(known) > 1 else ()
            after = masked_words(" " + text[last[1] :])[: self.reach]
            tokens = [f"B_{w}" for w in before] + [f"M_{w}" for w in between] + [f"A_{w}" for w in after]
            for side, words in (("B", before), ("M", between), ("A", after)):
                tokens += [f"{side}_{a}_{b}" for a, b in pairwise(words)]
            docs.append(" ".join(tokens))
        return docs


class DirectedPair(BetweenPair):
    """As `BetweenPair`, each token with the order of the two: `>` where the source is named first, else `<`.

    >>> import pandas as pd
    >>> frame = pd.DataFrame({"text": ["Iran met Iraq."], "source_span": [(9, 13)], "target_span": [(0, 4)]})
    >>> DirectedPair().transform(frame)
    ['<M_met <A_.']
    """

    def transform(self, X: Any) -> list[str]:
        """Strings of tokens, one a passage."""
        pairs = zip(spans(X, "source_span"), spans(X, "target_span"), strict=True)
        orders = [">" if source and target and source < target else "<" for source, target in pairs]
        docs = zip(orders, super().transform(X), strict=True)
        return [" ".join(order + token for token in doc.split(" ") if token) for order, doc in docs]
