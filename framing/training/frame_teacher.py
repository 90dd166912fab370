"""The teacher of frames: a large sentence encoder, as it comes, with one linear head a frame.

MPNet's sentence embeddings part frames better than the small encoder can be made to from the labelled passages alone;
so its heads label many more, and the small one learns from those.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from framing.training.network import check_base

# Layers whose mean over the tokens is read, counted from the last; and the weight of the heads' penalty.
LAYERS, PENALTY = (-1, -3, -5), 0.1
LONGEST, BATCH, CHUNK = 128, 32, 1000

Floats = NDArray[np.float32]


def embed(texts: Sequence[str], base: Path, folder: Path) -> None:
    """Write the embeddings of texts into `folder`, by the thousand; what is there already is kept."""
    from tokenizers import Tokenizer
    from transformers import AutoModel

    check_base(base)
    folder.mkdir(parents=True, exist_ok=True)
    body: Any = AutoModel.from_pretrained(base, add_pooling_layer=False).eval()
    tokenizer = Tokenizer.from_file(str(base / "tokenizer.json"))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LONGEST)
    for first in range(0, len(texts), CHUNK):
        path = folder / f"{first:06d}.npy"
        if not path.exists():
            ids = [one.ids for one in tokenizer.encode_batch(list(texts[first : first + CHUNK]))]
            part = _embedded(body, ids, tokenizer.token_to_id("<pad>"))
            np.save(path.with_suffix(".new.npy"), part, allow_pickle=False)
            path.with_suffix(".new.npy").replace(path)


def embeddings(folder: Path, count: int) -> Floats:
    """What `embed` wrote, (texts, layers x width)."""
    parts = [np.load(folder / f"{first:06d}.npy", allow_pickle=False) for first in range(0, count, CHUNK)]
    return np.concatenate(parts).astype(np.float32)


def _embedded(body: Any, ids: Sequence[list[int]], pad: int | None) -> NDArray[np.float16]:
    order = sorted(range(len(ids)), key=lambda k: len(ids[k]))
    out = np.zeros((len(ids), body.config.hidden_size * len(LAYERS)), dtype=np.float16)
    with torch.inference_mode():
        for first in range(0, len(order), BATCH):
            here = order[first : first + BATCH]
            longest = max(len(ids[k]) for k in here)
            tokens = torch.tensor([ids[k] + [pad or 0] * (longest - len(ids[k])) for k in here])
            mask = torch.tensor([[1] * len(ids[k]) + [0] * (longest - len(ids[k])) for k in here])
            states = body(input_ids=tokens, attention_mask=mask, output_hidden_states=True).hidden_states
            means = [(states[layer] * mask[..., None]).sum(1) / mask.sum(1, keepdim=True) for layer in LAYERS]
            out[here] = torch.cat(means, dim=1).numpy().astype(np.float16)
    return out


class Heads:
    """Linear heads on standardised embeddings, fitted together by L-BFGS; a share is a soft label."""

    def __init__(self, features: Floats, share: Floats, penalty: float = PENALTY) -> None:
        self.mean, self.scale = features.mean(axis=0), features.std(axis=0) + 1e-6
        inputs, aims = torch.tensor(self._standard(features)), torch.tensor(share)
        weights = torch.zeros(inputs.shape[1], aims.shape[1], requires_grad=True)
        odds = aims.mean(0).clamp(1e-3, 1 - 1e-3)
        bias = torch.log(odds / (1 - odds)).clone().requires_grad_(True)
        optimiser = torch.optim.LBFGS([weights, bias], max_iter=60, history_size=20, line_search_fn="strong_wolfe")
        loss_of = torch.nn.functional.binary_cross_entropy_with_logits

        def step() -> Any:
            optimiser.zero_grad()
            loss = loss_of(inputs @ weights + bias, aims, reduction="none").sum(1).mean()
            loss = loss + penalty * (weights**2).sum() / 2
            loss.backward()
            return loss

        optimiser.step(step)
        self.weights, self.bias = weights.detach().numpy(), bias.detach().numpy()

    def _standard(self, features: Floats) -> Floats:
        standard: Floats = ((features - self.mean) / self.scale).astype(np.float32)
        return standard

    def logits(self, features: Floats) -> Floats:
        """Logits, (rows, frames)."""
        found: Floats = self._standard(features) @ self.weights + self.bias
        return found
