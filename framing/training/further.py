"""The reader's upper layers once more: fitted on what its lower ones, as they are shipped, make of each passage.

    python -m framing.training.further fit  WORK SEED           about 40 minutes on two cores
    python -m framing.training.further ship WORK SEED [SEED]    the mean of several runs

WORK is that of `framing.training.prepare`. The three lowest layers stay as they are, and with them the branch of frames
that stands on them. What else a passage teaches is learned beside what the shipped reader says of it, so that little is
forgotten; the passages in which one country is praised by way of another are learned from their labels alone.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.metrics import f1_score
from torch import Tensor, nn

from framing.encoder import load_encoder
from framing.tokens import Tokens
from framing.training.encoder import HEADS, SURE
from framing.training.fit import warmed
from framing.training.frame_branch import padded, states_of
from framing.training.network import MODELS
from framing.training.packs import Pack, softened
from framing.training.ship import checksums, temperature
from framing.training.upper import Upper, write

# What an epoch sees: a pack, how many of its examples at most, how often, and the share of the shipped reader's own
# reading in what is to be learned. Without a share there is a label and nothing else; where nobody has labelled a
# passage the share is whole.
LESSONS: dict[str, tuple[int, int, float]] = {
    "person": (9_000, 1, 0.5),
    "own-sentiment": (900, 4, 0.5),
    "sentiment": (3_000, 2, 0.5),
    "contrast": (3_000, 4, 0.0),
    "coded-contrast": (3_000, 2, 0.0),
    "masked-person": (3_000, 1, 0.5),
    "relation": (6_000, 2, 0.5),
    "deeds": (5_000, 1, 0.5),
    "free-person": (4_000, 1, 1.0),
    "free-sentiment": (5_000, 1, 1.0),
    "free-relation": (10_000, 1, 1.0),
}
EPOCHS, RATE, SIZE, DECAY, WARMUP = 3, 1e-4, 32, 0.01, 0.06
# What each head is calibrated on.
CALIBRATED = {
    "sentiment": (
        "sentiment-own",
        "sentiment-coded",
        "sentiment-contrast",
        "sentiment-coded-contrast",
        "person-masked",
    ),
    "person": ("person-named",),
    "relation": ("relation-own", "relation-coded"),
    "deeds": ("deeds-own", "deeds-coded"),
}
# What was kept out: that, and the sentences of the country swap.
KEPT_OUT = {**CALIBRATED, "sentiment": (*CALIBRATED["sentiment"], "swap")}


@dataclass(frozen=True, slots=True)
class Lesson:
    """Passages of one measure as the lower layers leave them, their targets, and what is to be said of them (N, L)."""

    measure: str
    states: list[NDArray[np.float16]]
    targets: list[NDArray[np.float32]]
    aims: NDArray[np.float32]


def lesson(pack: Pack, share: float, most: int = 10**9, seed: int = 1, models: Path = MODELS) -> Lesson:
    """A pack, or a draw of it, each example in one of its views; with the shipped reader's reading in its aims."""
    pack = pack.choose(np.sort(np.random.default_rng(seed).permutation(len(pack))[:most]))
    views = pack.firsts + (np.arange(len(pack)) % pack.counts if share else 0)
    tokens = [
        Tokens(
            pack.ids[v, : pack.sizes[v]].tolist(),
            (pack.roles[v, : pack.sizes[v]] & 1).tolist(),
            (pack.roles[v, : pack.sizes[v]] >> 1).tolist(),
        )
        for v in views
    ]
    measure = str(pack.measures[0])
    aims = pack.aims[:, : HEADS[measure]]
    if share:
        said = softened(load_encoder("reader").logits(tokens, measure)[:, 0] / SURE).astype(np.float32)
        aims = said if share == 1 else (1 - share) * aims + share * said
    return Lesson(measure, states_of(tokens, models), [np.array(one.target, np.float32) for one in tokens], aims)


def _batch(one: Lesson, rows: Sequence[int]) -> tuple[Tensor, Tensor, Tensor]:
    states, mask = padded([one.states[k] for k in rows], torch.device("cpu"))
    return states, mask, nn.utils.rnn.pad_sequence([torch.from_numpy(one.targets[k]) for k in rows], batch_first=True)


def logits_of(upper: Upper, one: Lesson, size: int = 64) -> NDArray[np.float32]:
    """What is said of each passage of a lesson, in its order."""
    upper.eval()
    order = sorted(range(len(one.states)), key=lambda k: len(one.states[k]))
    found = np.empty((len(order), HEADS[one.measure]), np.float32)
    with torch.inference_mode():
        for first in range(0, len(order), size):
            rows = order[first : first + size]
            found[rows] = upper(one.measure, *_batch(one, rows)).numpy()
    return found


def fit(upper: Upper, lessons: Sequence[tuple[Lesson, int]], seed: int) -> None:
    """Fit in place."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    steps = [batch for _ in range(EPOCHS) for batch in _epoch(lessons, rng)]
    optimiser = torch.optim.AdamW(upper.parameters(), lr=RATE, weight_decay=DECAY)
    schedule = warmed(optimiser, len(steps), WARMUP)
    upper.train()
    total = 0.0
    for number, (which, rows) in enumerate(steps, 1):
        one = lessons[which][0]
        with torch.autocast("cpu", torch.bfloat16):
            said = upper(one.measure, *_batch(one, rows))
        logits = torch.log_softmax(said.float(), dim=-1)
        loss = -(torch.from_numpy(one.aims[rows]) * logits).sum(-1).mean()
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(upper.parameters(), 1.0)
        optimiser.step()
        schedule.step()
        total += float(loss.detach())
        if number % 200 == 0:
            print(f"{number} of {len(steps)}: {total / 200:.3f}", flush=True)
            total = 0.0


def _epoch(lessons: Sequence[tuple[Lesson, int]], rng: np.random.Generator) -> list[tuple[int, list[int]]]:
    """An epoch's batches, each of one lesson and of like length, in random order."""
    found = []
    for which, (one, times) in enumerate(lessons):
        order = np.concatenate([rng.permutation(len(one.states)) for _ in range(times)])
        for first in range(0, len(order), SIZE * 50):
            block = sorted(order[first : first + SIZE * 50].tolist(), key=lambda k: len(one.states[k]))
            found += [(which, block[k : k + SIZE]) for k in range(0, len(block), SIZE)]
    return [found[k] for k in rng.permutation(len(found))]


def kept_out(work: Path) -> dict[str, dict[str, Lesson]]:
    """What was kept out, by measure and pack."""
    return {
        measure: {name: lesson(_pack(work, f"dev-{name}", measure), 0) for name in names}
        for measure, names in KEPT_OUT.items()
    }


def macro_f1(upper: Upper, known: dict[str, dict[str, Lesson]]) -> dict[str, float]:
    """Macro-F1 on what was kept out; of the country swap the spread between its positive and negative sentences."""
    found = {}
    for lessons in known.values():
        for name, one in lessons.items():
            said, right = softened(logits_of(upper, one).astype(np.float64)), one.aims.argmax(axis=1)
            found[name] = float(f1_score(right, said.argmax(axis=1), average="macro"))
            if name == "swap":
                value = said[:, 2] - said[:, 0]
                found[name] = float(value[right == 2].mean() - value[right == 0].mean())
    return {name: round(value, 3) for name, value in found.items()}


def _pack(work: Path, name: str, measure: str = "") -> Pack:
    """A pack, of a measure's head where its own is another; of unlabelled passages those that name one country.

    `masked-person` is that of persons by their masked views, as countries are seen, for the countries' head.
    """
    pack = Pack.load(work / f"{name.removeprefix('masked-')}.npz")
    if name == "masked-person":
        pack, measure = replace(pack, firsts=pack.firsts + 1, counts=np.ones_like(pack.counts)), "sentiment"
    if name == "free-sentiment":
        # Where several are named the shipped reader is what is to be mended.
        other = load_encoder("reader").tokenizer.roles["other"]
        pack = pack.choose(np.flatnonzero(~(pack.ids[pack.firsts] == other).any(axis=1)))
    return replace(pack, measures=np.full(len(pack), measure)) if measure else pack


def main(step: str, work: str, *seeds: str) -> None:
    """Run one step: fit with one seed, or ship the mean of the weights that several runs left."""
    upper, known = Upper(), kept_out(Path(work))
    paths = [Path(work) / f"upper-{seed}.pt" for seed in seeds]
    if step == "fit":
        print(macro_f1(upper, known), flush=True)
        lessons = [
            (lesson(_pack(Path(work), name), share, most), times) for name, (most, times, share) in LESSONS.items()
        ]
        fit(upper, lessons, int(seeds[0]))
        torch.save(upper.state_dict(), paths[0])
    else:
        runs = [torch.load(path, weights_only=True) for path in paths]
        upper.load_state_dict({name: torch.stack([run[name] for run in runs]).mean(0) for name in runs[0]})
        write(upper)
        card = json.loads((MODELS / "encoder.json").read_text(encoding="utf-8"))
        for measure, names in CALIBRATED.items():
            logits = np.concatenate([logits_of(upper, known[measure][name]) for name in names])
            right = np.concatenate([known[measure][name].aims.argmax(axis=1) for name in names])
            card["reader"]["measures"][measure] |= temperature(logits, right)
        (MODELS / "encoder.json").write_text(json.dumps(card, indent=1) + "\n", encoding="utf-8")
        checksums("reader.onnx", "encoder.json")
    print(macro_f1(upper, known))


if __name__ == "__main__":
    main(*sys.argv[1:])
