"""Everything that the encoder learns from and is chosen by, as packs of tokens: what comes after needs no text.

    python -m framing.training.prepare GOLD REAL CODED MINILM WORK    about 4 minutes on one core

GOLD is the folder of gold sets, REAL that of real articles, CODED that of the test sets of coded passages
(`tests/gold`), MINILM holds the small base encoder. Packs of what is labelled, `free-` ones of what a teacher is to
label, `varied-` ones of labelled passages with words replaced, for a teacher too, and `dev-` ones of what is kept out.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import safetensors.numpy
from numpy.typing import NDArray

from framing.fairness import countries, filled, sentences
from framing.masking import is_person
from framing.tokens import Tokenizer, Tokens
from framing.training.network import MODELS, check_base
from framing.training.packs import DEEDS, RELATION, SENTIMENT, Example, Pack, neighbours, varied
from framing.training.real import coded_rows
from framing.training.recipes import (
    Row,
    attitude_examples,
    attitude_rows,
    between,
    contrast_examples,
    contrast_rows,
    country_examples,
    deeds_examples,
    deeds_rows,
    free_examples,
    own_rows,
    read_rows,
    relation_examples,
    sentiment_rows,
    split_coded,
    toward,
    unit_rows,
    with_attitudes,
)
from framing.training.unlabelled import Unit, draw, plain, units

DRAWN = {"country": 40_000, "person": 45_000, "pair": 30_000}
# Copies of each labelled passage with a share of the words replaced by one of so many near ones.
COPIES = {"person": 3, "sentiment": 3, "relation": 3, "attitude": 3}
REPLACED, NEAR = 0.25, 8


def main(gold: str, real: str, coded: str, base: str, work: str) -> None:
    """Write the packs."""
    place = Path(work)
    place.mkdir(parents=True, exist_ok=True)
    reader, attitude = (Tokenizer(MODELS / "tokenizer.json", first) for first in (1, 4))
    news = read_rows(Path(gold) / "sentiment" / "newsmtsc-train.jsonl")
    toward_coded, between_coded, toward_contrast = (split_coded(rows) for rows in coded_rows(Path(real)))
    toward_own, between_own = own_rows("sentiment"), own_rows("relation")
    dse = attitude_rows(Path(gold) / "attitude" / "dse-train.jsonl")
    contrasts = contrast_rows()
    labelled = {
        "person": sentiment_rows(reader, news, "person"),
        "own-sentiment": country_examples(reader, toward_own[0]),
        "sentiment": country_examples(reader, toward_coded[0]),
        "contrast": contrast_examples(reader, contrasts[0]),
        "coded-contrast": country_examples(reader, toward_contrast[0]),
        "relation": relation_examples(reader, between_own[0] + between_coded[0]),
        "deeds": deeds_examples(reader, between_own[0] + between_coded[0]),
        "attitude": attitude_examples(attitude, dse[0] + with_attitudes(between_own[0] + between_coded[0])),
    }
    drawn = _units(Path(gold), Path(real), Path(coded), news, toward_own[0], between_own[0])
    pairs = unit_rows(drawn)
    free = {
        "person": free_examples(reader, drawn, "person", "person"),
        "sentiment": free_examples(reader, drawn, "country", "sentiment"),
        "relation": relation_examples(reader, pairs),
        "attitude": attitude_examples(attitude, [(row, row) for row in pairs + _more_pairs(dse[0])]),
    }
    near, fixed = _near(Path(base))
    for name, examples in labelled.items():
        Pack.of(examples).save(place / f"{name}.npz")
        print(name, len(examples), len(free.get(name, [])), flush=True)
        if name in free:
            Pack.of(free[name]).save(place / f"free-{name}.npz")
            whole = labelled.get(f"own-{name}", []) + examples
            copies = [one for k in range(COPIES[name]) for one in varied(whole, near, fixed, REPLACED, k)]
            Pack.of(copies).save(place / f"varied-{name}.npz")
    dev = [row for name in ("rw", "mt") for row in read_rows(Path(gold) / "sentiment" / f"newsmtsc-{name}-dev.jsonl")]
    kept = {
        "own": (toward_own[1], between_own[1], with_attitudes(between_own[1])),
        "coded": (toward_coded[1], between_coded[1], with_attitudes(between_coded[1])),
        "dse": ([], [], dse[1]),
    }
    for name, mask in (("named", False), ("masked", True)):
        _keep(place / f"dev-person-{name}.npz", "person", toward(reader, _items(dev), mask), dev, SENTIMENT)
    clear = [{**row, "label": row["first"]} for row in contrasts[1] if row["first"] == row["second"]]
    for name, rows in (("contrast", clear), ("coded-contrast", toward_contrast[1])):
        tokens = toward(reader, _items(rows), True)
        _keep(place / f"dev-sentiment-{name}.npz", "sentiment", tokens, rows, SENTIMENT)
    for name, (toward_rows, between_rows, both) in kept.items():
        if toward_rows:
            tokens = toward(reader, _items(toward_rows), True)
            _keep(place / f"dev-sentiment-{name}.npz", "sentiment", tokens, toward_rows, SENTIMENT)
            tokens = between(reader, between_rows, directed=False)
            _keep(place / f"dev-relation-{name}.npz", "relation", tokens, between_rows, RELATION)
            known = deeds_rows(between_rows)
            _keep(place / f"dev-deeds-{name}.npz", "deeds", between(reader, known, directed=False), known, DEEDS)
        Pack.of(attitude_examples(attitude, both)).save(place / f"dev-attitude-{name}.npz")
    _swap(place, reader)


def _items(rows: Sequence[Row]) -> list[tuple[str, Sequence[int]]]:
    return [(row["text"], row["target"]) for row in rows]


def _keep(path: Path, measure: str, tokens: Sequence[Tokens], rows: Sequence[Row], labels: Sequence[str]) -> None:
    aims = (tuple(float(row["label"] == one) for one in labels) for row in rows)
    Pack.of([Example(measure, (view,), aim) for view, aim in zip(tokens, aims, strict=True)]).save(path)


def _swap(place: Path, tokenizer: Tokenizer) -> None:
    """The sentences of the country swap with one pair of countries: which does not matter, as they are masked."""
    known = countries()
    made = [(row, *filled(row["text"], known["BRA"], known["CAN"])) for row in sentences()]
    rows = [
        {"text": text, "target": target, "label": row["label"]}
        for row, text, target, _ in made
        if row["kind"] != "relation"
    ]
    _keep(place / "dev-swap.npz", "sentiment", toward(tokenizer, _items(rows), True), rows, SENTIMENT)


def _units(
    gold: Path, real: Path, coded: Path, news: list[Row], toward_own: list[Row], between_own: list[Row]
) -> list[Unit]:
    """Unlabelled passages: of real articles, and of labelled sentences with other targets than they are labelled for.

    None is of an article that holds a coded passage of a test set, none stands in a gold file but NewsMTSC's training
    set, whose persons' surnames are those of its targets.
    """
    known = {
        row["article_id"]
        for name in ("real-comentions", "real-sentiment")
        for row in read_rows(coded / f"{name}.jsonl")
    }
    files = [
        path for task in ("sentiment", "attitude", "relation", "tone") for path in sorted((gold / task).glob("*.jsonl"))
    ]
    found = draw([real / "us-russia-2012-2020.jsonl.gz"], files, known, DRAWN)
    rng = random.Random(2)
    tests = {plain(row["text"]) for path in files if "train" not in path.name for row in read_rows(path)}
    names = {row["text"][slice(*row["target"])].split()[-1] for row in news}
    names = {name for name in names if name.istitle() and len(name) > 3}
    taken = {(row["text"], tuple(row["target"])) for row in news}
    for text in dict.fromkeys(row["text"] for row in news):
        if plain(text) not in tests:
            found += [one for one in units(text, None, names, rng) if (text, one.target) not in taken]
    for row in between_own:
        for name in ("source", "target"):
            if row.get(name):
                span = (row[name][0], row[name][1])
                found.append(Unit(row["text"], span, None, "person" if is_person(row["text"], span) else "country"))
    for row in toward_own:
        found += [one for one in units(row["text"], None, set(), rng) if one.kind == "pair"]
    return found


def _more_pairs(dse: list[tuple[Row, Row]]) -> list[Row]:
    """Pairs in DSE's texts that it has no label for; they teach the attitude reader alone."""
    rng = random.Random(3)
    known = {(one["text"], frozenset((tuple(one["source"]), tuple(one["target"])))) for one, _ in dse}
    words = {one["text"][slice(*one[party])].split()[-1] for one, _ in dse for party in ("source", "target")}
    names = {word for word in words if word.istitle() and len(word) > 3}
    found: dict[tuple[str, frozenset[Any]], Row] = {}
    for text in sorted({one["text"] for one, _ in dse}):
        for unit in (one for _ in range(2) for one in units(text, None, names, rng) if one.kind == "pair"):
            if (text, frozenset((unit.source, unit.target))) not in known:
                found[text, frozenset((unit.source, unit.target))] = unit_rows([unit])[0]
    return [found[key] for key in sorted(found, key=lambda key: (key[0], sorted(key[1])))]


def _near(base: Path) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """What may stand in for each word, and the words that stay: all that are no whole words of three letters."""
    check_base(base)
    from tokenizers import Tokenizer as Read

    known = Read.from_file(str(base / "tokenizer.json")).get_vocab()
    usable = np.zeros(len(known), dtype=bool)
    for word, number in known.items():
        usable[number] = word.isalpha() and word.isascii() and len(word) > 2
    words = safetensors.numpy.load_file(base / "model.safetensors")["embeddings.word_embeddings.weight"]
    return neighbours(words, NEAR, usable), ~usable


if __name__ == "__main__":
    main(*sys.argv[1:])
