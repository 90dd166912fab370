"""Recipes: what each reader learns from, as examples."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from framing.masking import pieces
from framing.tokens import Tokenizer, Tokens
from framing.training.packs import DEEDS, RELATION, SENTIMENT, Example
from framing.training.unlabelled import Unit

# Label smoothing: the share of the probability that is spread over all labels; more where a coder was unsure.
SMOOTHING, UNSURE = 0.1, 0.4
# Kept out of training, to calibrate on and to choose by: every tenth sentence of our own, the coded passages of about
# every tenth article, and 600 texts of DSE.
HELD, ATTITUDE_HELD = 10, 600

Row = dict[str, Any]


def read_rows(path: Path) -> list[Row]:
    """Rows of a gold file, unchecked."""
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def smoothed(label: str, labels: Sequence[str], unsure: bool = False) -> tuple[float, ...]:
    """Probability of each label when one is right."""
    share = UNSURE if unsure else SMOOTHING
    return tuple((1 - share) * (label == one) + share / len(labels) for one in labels)


def _aim(row: Row, labels: Sequence[str]) -> tuple[float, ...]:
    """Probability of each label; none of a row that has no label."""
    return smoothed(row["label"], labels, bool(row.get("hard"))) if "label" in row else ()


def toward(tokenizer: Tokenizer, items: Iterable[tuple[str, Sequence[int]]], mask: bool | None) -> list[Tokens]:
    """Tokens of passages and their targets."""
    return tokenizer([pieces(text, (span[0], span[1]), mask=mask) for text, span in items])


def between(tokenizer: Tokenizer, rows: Iterable[Row], *, directed: bool) -> list[Tokens]:
    """Tokens of passages with source and target, both masked."""
    return tokenizer(
        [pieces(r["text"], tuple(r["target"]), tuple(r["source"]), mask=True, directed=directed) for r in rows]
    )


def sentiment_rows(tokenizer: Tokenizer, rows: Sequence[Row], head: str = "sentiment") -> list[Example]:
    """Labelled passages about persons, seen by name and masked in turn."""
    items = [(row["text"], row["target"]) for row in rows]
    views = zip(toward(tokenizer, items, False), toward(tokenizer, items, True), rows, strict=True)
    return [Example(head, (named, masked), smoothed(row["label"], SENTIMENT)) for named, masked, row in views]


def country_examples(tokenizer: Tokenizer, rows: Sequence[Row]) -> list[Example]:
    """Labelled passages whose target is a country: it is masked, as it will be in use."""
    views = toward(tokenizer, [(row["text"], row["target"]) for row in rows], True)
    return [
        Example("sentiment", (view,), smoothed(row["label"], SENTIMENT, bool(row.get("hard"))))
        for view, row in zip(views, rows, strict=True)
    ]


def own_rows(name: str) -> tuple[list[Row], list[Row]]:
    """The sentences written for `relation` or `sentiment`: those to learn from, and those kept out."""
    rows = [row for path in sorted(Path(__file__).parent.glob(f"{name}-*.jsonl")) for row in read_rows(path)]
    return [row for k, row in enumerate(rows) if k % HELD], rows[::HELD]


def contrast_rows() -> tuple[list[Row], list[Row]]:
    """Countries in passages that blame or praise one of them by way of another: to learn from, and kept out.

    The two labels of two readers; all countries of a passage are kept out together.
    """
    texts = [row for path in sorted(Path(__file__).parent.glob("contrast-*.jsonl")) for row in read_rows(path)]
    parts: tuple[list[Row], list[Row]] = ([], [])
    for k, row in enumerate(texts):
        parts[k % HELD == 0].extend({"text": row["text"], **party} for party in row["parties"])
    return parts


def contrast_examples(tokenizer: Tokenizer, rows: Sequence[Row]) -> list[Example]:
    """Their countries, masked, with the mean of what the two readers say."""
    views = toward(tokenizer, [(row["text"], row["target"]) for row in rows], True)
    aims = np.array([[smoothed(row[name], SENTIMENT) for name in ("first", "second")] for row in rows]).mean(axis=1)
    return [Example("sentiment", (view,), tuple(aim)) for view, aim in zip(views, aims.tolist(), strict=True)]


def split_coded(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Coded passages: those to learn from, and those kept out, whole articles at a time."""
    held = [int(row["article_id"], 16) % HELD == 0 for row in rows]
    learned = [row for row, out in zip(rows, held, strict=True) if not out]
    return learned, [row for row, out in zip(rows, held, strict=True) if out]


def free_examples(tokenizer: Tokenizer, units: Sequence[Unit], kind: str, head: str) -> list[Example]:
    """Unlabelled passages for a teacher: persons by name and masked, countries masked."""
    items = [(unit.text, unit.target) for unit in units if unit.kind == kind]
    ways = [toward(tokenizer, items, mask) for mask in ((False, True) if kind == "person" else (True,))]
    return [Example(head, view) for view in zip(*ways, strict=True)]


def unit_rows(units: Sequence[Unit]) -> list[Row]:
    """The pairs among unlabelled passages, as rows."""
    return [{"text": u.text, "source": u.source, "target": u.target} for u in units if u.kind == "pair"]


def relation_examples(tokenizer: Tokenizer, rows: Sequence[Row]) -> list[Example]:
    """Passages about a pair, labelled or not; which of the two is which does not matter.

    In every third epoch one party, or neither, is told: gold files of others often name one, or none.
    """
    told = between(tokenizer, rows, directed=False)
    partly = tokenizer(
        [
            pieces(
                r["text"],
                tuple(r["target"]) if k % 2 else None,
                tuple(r["source"]) if k % 4 == 2 else None,
                mask=True,
                directed=False,
            )
            for k, r in enumerate(rows)
        ]
    )
    return [
        Example("relation", (view, view, part), _aim(r, RELATION))
        for view, part, r in zip(told, partly, rows, strict=True)
    ]


def deeds_rows(rows: Sequence[Row]) -> list[Row]:
    """Those of the rows that say whether words passed between the two, or deeds."""
    return [{**row, "label": row["quad"].split()[0]} for row in rows if row.get("quad")]


def deeds_examples(tokenizer: Tokenizer, rows: Sequence[Row]) -> list[Example]:
    """Passages in which something passes between a pair: words or deeds."""
    known = deeds_rows(rows)
    views = between(tokenizer, known, directed=False)
    return [
        Example("deeds", (view,), smoothed(r["label"], DEEDS, bool(r.get("hard"))))
        for view, r in zip(views, known, strict=True)
    ]


def both_ways(path: Path) -> list[tuple[Row, Row]]:
    """Pairs of rows of one text in either direction (`...-pq`, `...-qp`)."""
    found: dict[str, dict[str, Row]] = {}
    for row in read_rows(path):
        name, _, way = row["id"].rpartition("-")
        found.setdefault(name, {})[way] = row
    return [(pair["pq"], pair["qp"]) for pair in found.values()]


def attitude_rows(path: Path) -> tuple[list[tuple[Row, Row]], list[tuple[Row, Row]]]:
    """DSE's training pairs: those to learn from, and those whose texts are kept out."""
    pairs = both_ways(path)
    texts = sorted({one["text"] for one, _ in pairs})
    random.Random(1).shuffle(texts)
    held = set(texts[:ATTITUDE_HELD])
    return [p for p in pairs if p[0]["text"] not in held], [p for p in pairs if p[0]["text"] in held]


def with_attitudes(rows: Sequence[Row]) -> list[tuple[Row, Row]]:
    """Rows of a relation that tell the attitude of the source toward the target, and back, as pairs of rows."""
    known = [row for row in rows if "attitude" in row]
    return [({**row, "label": row["attitude"][0]}, {**row, "label": row["attitude"][1]}) for row in known]


def attitude_examples(tokenizer: Tokenizer, pairs: Sequence[tuple[Row, Row]]) -> list[Example]:
    """Passages read once for both directions."""
    views = between(tokenizer, [one for one, _ in pairs], directed=True)
    return [
        Example("attitude", (view,), _aim(one, SENTIMENT) + _aim(two, SENTIMENT))
        for view, (one, two) in zip(views, pairs, strict=True)
    ]
