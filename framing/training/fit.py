"""Fitting: the training loop, seeded, with checkpoints from which an interrupted run goes on."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from framing.tokens import Tokens
from framing.training.network import Reader


@dataclass(frozen=True, slots=True)
class Example:
    """One passage to learn from.

    Attributes:
        measure: Whose head it teaches.
        views: The passage's tokens in one way or more (named, masked); an epoch sees one of them.
        aim: Probability of each label: a label, smoothed, or a teacher's; for attitude of one way, then the other.
    """

    measure: str
    views: tuple[Tokens, ...]
    aim: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Settings of a run."""

    epochs: int = 4
    rate: float = 1e-4
    size: int = 32
    seed: int = 1
    decay: float = 0.01
    warmup: float = 0.06
    drop: float = 0.0  # weight of R-drop's second pass
    frozen: int = 0  # layers from the bottom that stay as they are, and with them what they read


def batches(examples: Sequence[Example], size: int, rng: random.Random) -> list[list[int]]:
    """An epoch's batches: of one measure, of like length, in random order."""
    order = list(range(len(examples)))
    rng.shuffle(order)
    found: list[list[int]] = []
    for first in range(0, len(order), size * 50):
        block = sorted(
            order[first : first + size * 50], key=lambda k: (examples[k].measure, len(examples[k].views[0].ids))
        )
        start = 0
        for k in range(1, len(block) + 1):
            full = k - start == size
            if k == len(block) or full or examples[block[k]].measure != examples[block[start]].measure:
                found.append(block[start:k])
                start = k
    rng.shuffle(found)
    return found


def fit(reader: Reader, examples: Sequence[Example], plan: Plan, folder: Path, every: float = 300.0) -> None:
    """Fit a reader in place. A checkpoint is written to `folder` each `every` seconds, and taken up from there.

    References:
        R-drop: Wu, L. and others (2021). R-Drop: Regularized Dropout for Neural Networks. NeurIPS.
    """
    torch.manual_seed(plan.seed)
    rng = random.Random(plan.seed)
    if plan.frozen:
        reader.freeze(plan.frozen)
    weights = [p for p in reader.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(weights, lr=plan.rate, weight_decay=plan.decay, fused=True)
    steps = [(epoch, batch) for epoch in range(plan.epochs) for batch in batches(examples, plan.size, rng)]
    warm = max(1, int(plan.warmup * len(steps)))
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda k: min((k + 1) / warm, max(0.0, (len(steps) - k) / max(1, len(steps) - warm)))
    )
    checkpoint, done = folder / "checkpoint.pt", 0
    folder.mkdir(parents=True, exist_ok=True)
    if checkpoint.is_file():
        kept = torch.load(checkpoint, weights_only=True)
        reader.load_state_dict(kept["reader"])
        optimiser.load_state_dict(kept["optimiser"])
        schedule.load_state_dict(kept["schedule"])
        torch.set_rng_state(kept["rng"])
        done = kept["done"]
    reader.train()
    saved, began, loss_sum, count = time.monotonic(), time.monotonic(), 0.0, 0
    for number in range(done, len(steps)):
        epoch, batch = steps[number]
        loss = _loss(reader, [examples[k] for k in batch], [(k + epoch) for k in batch], plan)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimiser.step()
        schedule.step()
        loss_sum, count = loss_sum + float(loss.detach()), count + 1
        if (number + 1) % 50 == 0:
            pace = (number + 1 - done) / (time.monotonic() - began)
            print(
                f"step {number + 1} of {len(steps)}, loss {loss_sum / count:.4f}, "
                f"{(len(steps) - number) / pace / 60:.0f} min left",
                flush=True,
            )
            loss_sum, count = 0.0, 0
        if time.monotonic() - saved > every:
            state = {
                "reader": reader.state_dict(),
                "optimiser": optimiser.state_dict(),
                "schedule": schedule.state_dict(),
                "rng": torch.get_rng_state(),
                "done": number + 1,
            }
            torch.save(state, checkpoint.with_suffix(".new"))
            checkpoint.with_suffix(".new").replace(checkpoint)
            saved = time.monotonic()
    torch.save(reader.state_dict(), folder / "reader.new")
    (folder / "reader.new").replace(folder / "reader.pt")
    checkpoint.unlink(missing_ok=True)


def _loss(reader: Reader, examples: Sequence[Example], turns: Sequence[int], plan: Plan) -> Tensor:
    tokens = [e.views[turn % len(e.views)] for e, turn in zip(examples, turns, strict=True)]
    inputs = reader.batch(tokens)
    measure = examples[0].measure
    logits = torch.log_softmax(reader(measure, *inputs), dim=-1)
    aim = torch.tensor([e.aim for e in examples]).view_as(logits)
    loss = -(aim * logits).sum(-1).mean()
    if plan.drop:
        again = torch.log_softmax(reader(measure, *inputs), dim=-1)
        second = -(aim * again).sum(-1).mean()
        apart = ((logits.exp() - again.exp()) * (logits - again)).sum(-1).mean() / 2
        loss = (loss + second) / 2 + plan.drop * apart
    return loss


def predict(reader: Reader, measure: str, tokens: Sequence[Tokens], size: int = 64) -> NDArray[np.float64]:
    """Logits (N, L) of passages, in their order; of attitude those of the source toward the target."""
    reader.eval()
    order = sorted(range(len(tokens)), key=lambda k: len(tokens[k].ids))
    found: list[Tensor] = []
    with torch.inference_mode():
        for first in range(0, len(order), size):
            found.append(reader(measure, *reader.batch([tokens[k] for k in order[first : first + size]]))[:, 0])
    out = np.empty((len(tokens), found[0].shape[1]))
    out[order] = torch.cat(found).numpy()
    return out
