"""Fitting: the training loop, seeded, on a GPU where there is one, with checkpoints from which a run goes on."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from framing.tokens import Tokens
from framing.training.network import LABELS, Reader
from framing.training.packs import Example, Pack


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


class Shelf:
    """A pack on the device, from which batches are cut.

    Args:
        reader: Whose numbers of words it gets.
        pack: The examples.
        device: Where it lies.
    """

    def __init__(self, reader: Reader, pack: Pack, device: torch.device) -> None:
        self.pack, self.device = pack, device
        self.ids = torch.from_numpy(pack.ids.astype(np.int32)).to(device)
        self.roles = torch.from_numpy(pack.roles).to(device)
        self.translation = reader.translation.to(device)
        self.firsts, self.counts = (torch.from_numpy(one).to(device) for one in (pack.firsts, pack.counts))
        self.aims = torch.from_numpy(pack.aims).to(device)

    def batch(self, chosen: NDArray[np.int64], rows: Tensor, epoch: int = 0) -> tuple[list[Tensor], Tensor]:
        """The inputs of some examples, in the view that an epoch sees, and their aims.

        Args:
            chosen: The examples.
            rows: The same, on the device: a copy on the way there would wait for all that the device has yet to do.
            epoch: The epoch.
        """
        views = self.firsts[rows] + (rows + epoch) % self.counts[rows]
        longest = self.pack.sizes[self.pack.firsts[chosen] + (chosen + epoch) % self.pack.counts[chosen]].max()
        roles = self.roles[views, :longest]
        inputs = [self.translation[self.ids[views, :longest].long()], (roles & 1).float(), (roles >> 1).float()]
        return inputs, self.aims[rows, : LABELS[self.pack.measures[chosen[0]]]]


def batches(pack: Pack, size: int, rng: np.random.Generator) -> list[NDArray[np.int64]]:
    """An epoch's batches: of one measure, of like length, in random order."""
    order, sizes = rng.permutation(len(pack)), pack.sizes[pack.firsts]
    _, kinds = np.unique(pack.measures, return_inverse=True)
    found: list[NDArray[np.int64]] = []
    for first in range(0, len(order), size * 50):
        block = order[first : first + size * 50]
        block = block[np.lexsort((sizes[block], kinds[block]))]
        for part in np.split(block, np.flatnonzero(np.diff(kinds[block])) + 1):
            found += [part[k : k + size] for k in range(0, len(part), size)]
    return [found[k] for k in rng.permutation(len(found))]


def place() -> torch.device:
    """Where to fit: on a GPU where there is one."""
    return torch.device("cuda" if torch.cuda.is_available() else "cpu")


def warmed(optimiser: torch.optim.Optimizer, steps: int, share: float) -> torch.optim.lr_scheduler.LambdaLR:
    """A rate that rises over a share of the steps and falls to 0 at the last."""
    warm = max(1, int(share * steps))
    return torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda k: min((k + 1) / warm, max(0.0, (steps - k) / max(1, steps - warm)))
    )


def fit(reader: Reader, pack: Pack, plan: Plan, folder: Path, every: float = 300.0) -> None:
    """Fit a reader in place. A checkpoint is written to `folder` each `every` seconds, and taken up from there.

    On a GPU matrices are multiplied in fewer bits, and two runs are not the same to the last digit.

    References:
        R-drop: Wu, L. and others (2021). R-Drop: Regularized Dropout for Neural Networks. NeurIPS.
    """
    torch.manual_seed(plan.seed)
    rng = np.random.default_rng(plan.seed)
    device = place()
    if device.type == "cuda":
        torch.set_float32_matmul_precision("high")
    reader.to(device)
    if plan.frozen:
        reader.freeze(plan.frozen)
    weights = [p for p in reader.parameters() if p.requires_grad]
    optimiser = torch.optim.AdamW(weights, lr=plan.rate, weight_decay=plan.decay, fused=True)
    steps = [(epoch, batch) for epoch in range(plan.epochs) for batch in batches(pack, plan.size, rng)]
    rows = torch.from_numpy(np.concatenate([batch for _, batch in steps])).to(device).split([len(b) for _, b in steps])
    schedule = warmed(optimiser, len(steps), plan.warmup)
    folder.mkdir(parents=True, exist_ok=True)
    parts: dict[str, Any] = {"reader": reader, "optimiser": optimiser, "schedule": schedule}
    done = _resume(folder / "checkpoint.pt", parts)
    shelf = Shelf(reader, pack, device)
    reader.train()
    saved = began = time.monotonic()
    total = torch.zeros((), device=device)
    for number in range(done, len(steps)):
        epoch, batch = steps[number]
        loss = _loss(reader, str(pack.measures[batch[0]]), *shelf.batch(batch, rows[number], epoch), plan)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, 1.0)
        optimiser.step()
        schedule.step()
        total += loss.detach()
        if (number + 1) % 50 == 0:
            pace = (number + 1 - done) / (time.monotonic() - began)
            left = (len(steps) - number) / pace / 60
            print(f"step {number + 1} of {len(steps)}, loss {float(total) / 50:.4f}, {left:.1f} min left", flush=True)
            total.zero_()
        if time.monotonic() - saved > every:
            state = {name: part.state_dict() for name, part in parts.items()}
            state |= {"rng": torch.get_rng_state(), "done": number + 1}
            torch.save(state, folder / "checkpoint.new")
            (folder / "checkpoint.new").replace(folder / "checkpoint.pt")
            saved = time.monotonic()
    keep(reader, folder / "reader.pt")
    (folder / "checkpoint.pt").unlink(missing_ok=True)


def _resume(path: Path, parts: dict[str, Any]) -> int:
    """Take up a checkpoint; how many steps it has done."""
    if not path.is_file():
        return 0
    kept = torch.load(path, weights_only=True)
    for name, part in parts.items():
        part.load_state_dict(kept[name])
    torch.set_rng_state(kept["rng"])
    return int(kept["done"])


def keep(reader: Reader, path: Path) -> None:
    """Write a reader's weights."""
    state = {name: weight.cpu() for name, weight in reader.state_dict().items()}
    torch.save(state, path.with_suffix(".new"))
    path.with_suffix(".new").replace(path)


def _loss(reader: Reader, measure: str, inputs: Sequence[Tensor], aims: Tensor, plan: Plan) -> Tensor:
    logits = torch.log_softmax(reader(measure, *inputs).float(), dim=-1)
    aim = aims.view_as(logits)
    loss = -(aim * logits).sum(-1).mean()
    if plan.drop:
        again = torch.log_softmax(reader(measure, *inputs).float(), dim=-1)
        second = -(aim * again).sum(-1).mean()
        apart = ((logits.exp() - again.exp()) * (logits - again)).sum(-1).mean() / 2
        loss = (loss + second) / 2 + plan.drop * apart
    return loss


def predict(reader: Reader, measure: str, tokens: Sequence[Tokens]) -> NDArray[np.float64]:
    """Logits (N, L) of passages, in their order; of attitude those of the source toward the target."""
    return predict_pack(reader, Pack.of([Example(measure, (one,)) for one in tokens]))[:, 0]


def predict_pack(reader: Reader, pack: Pack, size: int = 64) -> NDArray[np.float64]:
    """Logits (N, W, L) of a pack's examples, all of one measure, each in its first view; of attitude both ways."""
    reader.eval()
    device, measure = reader.roles.device, str(pack.measures[0])
    pack = replace(pack, counts=np.ones_like(pack.counts))
    shelf = Shelf(reader, pack, device)
    order = np.argsort(pack.sizes[pack.firsts], kind="stable")
    found: list[Tensor] = []
    with torch.inference_mode(), torch.autocast(device.type, torch.bfloat16, enabled=device.type == "cuda"):
        for first in range(0, len(order), size):
            chosen = order[first : first + size]
            found.append(reader(measure, *shelf.batch(chosen, torch.from_numpy(chosen).to(device))[0]).float())
    out = np.empty((len(order), *found[0].shape[1:]))
    out[order] = torch.cat(found).cpu().numpy()
    return out
