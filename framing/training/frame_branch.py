"""The branch of frames: upper layers beside the reader's, on its lower ones, so that one pass serves both.

The reader's three lowest layers stay as they are shipped, int8; what they make of each passage is worked out once. Upon
them three layers of their own are fitted, from those of the base encoder, and their mean over the tokens is what frames
are told from.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from numpy.typing import NDArray
from onnx import TensorProto, helper
from torch import Tensor, nn

from framing.encoder import load_encoder
from framing.features.embedding import HEAD, WIDTH
from framing.masking import pieces
from framing.tokens import Tokens
from framing.training.export import Graph, array
from framing.training.fit import place, warmed
from framing.training.network import check_base

# The reader's layers that are shared; the branch has as many as are left of the base encoder's.
SHARED = 3
Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of a run; an epoch sees each labelled passage `repeats` times and each unlabelled one once."""

    epochs: int = 1
    repeats: int = 5
    rate: float = 3e-4
    head_rate: float = 1e-3
    size: int = 32
    seed: int = 1
    decay: float = 0.01
    warmup: float = 0.06
    smoothing: float = 0.03


class Branch(nn.Module):
    """The upper layers of a base encoder, and one linear head a frame on their mean."""

    def __init__(self, base: Path, frames: int) -> None:
        super().__init__()
        from transformers import AutoModel

        check_base(base)
        body: Any = AutoModel.from_pretrained(base, add_pooling_layer=False)
        self.config = body.config
        self.layers = body.encoder.layer[SHARED:]
        self.dropout = nn.Dropout(0.1)
        self.head = nn.Linear(WIDTH, frames)

    def pooled(self, states: Tensor, mask: Tensor) -> Tensor:
        """Mean of the last states, (N, D), of states (N, T, D) whose tokens `mask` tells, (N, T)."""
        unseen = (1 - mask)[:, None, None, :] * -1e4
        for layer in self.layers:
            out = layer(states, attention_mask=unseen)
            states = out[0] if isinstance(out, tuple) else out
        return (states * mask[..., None]).sum(1) / mask.sum(1, keepdim=True)

    def forward(self, states: Tensor, mask: Tensor) -> Tensor:
        """Logits, (N, frames)."""
        logits: Tensor = self.head(self.dropout(self.pooled(states, mask)))
        return logits


def lower_states(texts: Sequence[str], models: Path) -> list[NDArray[np.float16]]:
    """What the shipped reader's lowest layers make of each text, (tokens, width)."""
    tokenizer = load_encoder("reader").tokenizer
    return states_of(tokenizer([pieces(text, None, None, mask=True, directed=False) for text in texts]), models)


def states_of(tokens: Sequence[Tokens], models: Path) -> list[NDArray[np.float16]]:
    """The same, of texts as tokens."""
    import onnxruntime

    graph = onnx.load_from_string((models / "reader.onnx").read_bytes())
    name = _layer_output(graph, SHARED)
    graph.graph.output.append(helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, "T", WIDTH]))
    options, run = onnxruntime.SessionOptions(), onnxruntime.RunOptions()
    options.intra_op_num_threads, options.log_severity_level = 1, 3
    run.only_execute_path_to_fetches = True
    session = onnxruntime.InferenceSession(graph.SerializeToString(), options, providers=["CPUExecutionProvider"])
    encoder = load_encoder("reader")
    with ThreadPoolExecutor(torch.get_num_threads()) as pool:
        found = pool.map(lambda one: session.run([name], encoder.inputs(one), run)[0][0].astype(np.float16), tokens)
        return list(found)


def _layer_output(graph: Any, layer: int) -> str:
    """Name of the output of a layer: of each but the embeddings there are two normalisations."""
    norms = [node for node in graph.graph.node if node.op_type == "SkipLayerNormalization"]
    return str(norms[2 * layer].output[0])


def fit(branch: Branch, states: Sequence[NDArray[np.float16]], aims: Floats, labelled: int, settings: Settings) -> None:
    """Fit a branch in place.

    Args:
        branch: The branch.
        states: What the lower layers make of each passage, the labelled ones first.
        aims: Probability of each frame in each passage, (passages, frames).
        labelled: How many are labelled; the others' aims are a teacher's.
        settings: Settings.
    """
    torch.manual_seed(settings.seed)
    rng = random.Random(settings.seed)
    device = place()
    branch.to(device)
    targets = torch.tensor(aims, device=device)
    targets[:labelled] = targets[:labelled] * (1 - 2 * settings.smoothing) + settings.smoothing
    with torch.no_grad():
        odds = targets[:labelled].mean(0).clamp(0.01, 0.99)
        branch.head.bias.copy_(torch.log(odds / (1 - odds)))
    steps = [batch for _ in range(settings.epochs) for batch in _batches(states, labelled, settings, rng)]
    groups = [
        {"params": branch.layers.parameters(), "lr": settings.rate},
        {"params": branch.head.parameters(), "lr": settings.head_rate},
    ]
    optimiser = torch.optim.AdamW(groups, weight_decay=settings.decay, fused=True)
    schedule = warmed(optimiser, len(steps), settings.warmup)
    branch.train()
    for batch in steps:
        logits = branch(*padded([states[k] for k in batch], device))
        loss = nn.functional.binary_cross_entropy_with_logits(logits, targets[batch])
        optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(branch.parameters(), 1.0)
        optimiser.step()
        schedule.step()


def _batches(states: Sequence[Any], labelled: int, settings: Settings, rng: random.Random) -> list[list[int]]:
    """An epoch's batches, of like length, in random order."""
    order = [*range(labelled, len(states)), *(k for _ in range(settings.repeats) for k in range(labelled))]
    rng.shuffle(order)
    found = []
    for first in range(0, len(order), settings.size * 50):
        block = sorted(order[first : first + settings.size * 50], key=lambda k: len(states[k]))
        found += [block[k : k + settings.size] for k in range(0, len(block), settings.size)]
    rng.shuffle(found)
    return found


def padded(states: Sequence[NDArray[np.float16]], device: torch.device) -> tuple[Tensor, Tensor]:
    """States of several passages as one, and which of its tokens there are."""
    longest = max(len(one) for one in states)
    whole, mask = torch.zeros(len(states), longest, WIDTH, dtype=torch.half), torch.zeros(len(states), longest)
    for k, one in enumerate(states):
        whole[k, : len(one)] = torch.from_numpy(one)
        mask[k, : len(one)] = 1
    return whole.to(device).float(), mask.to(device)


def logits_of(branch: Branch, states: Sequence[NDArray[np.float16]], size: int = 64) -> Floats:
    """Logits, (passages, frames)."""
    branch.eval()
    device = branch.head.weight.device
    order = sorted(range(len(states)), key=lambda k: len(states[k]))
    out = np.empty((len(states), branch.head.out_features), dtype=np.float32)
    with torch.inference_mode():
        for first in range(0, len(order), size):
            here = order[first : first + size]
            out[here] = branch(*padded([states[k] for k in here], device)).cpu().numpy()
    return out


def write_branch(branch: Branch, models: Path) -> None:
    """Put a branch into the shipped reader's graph, in the place of an earlier one; its output is `frames`."""
    model = onnx.load_from_string((models / "reader.onnx").read_bytes())
    _drop(model.graph)
    graph = Graph()
    states = _layer_output(model, SHARED)
    for layer in branch.layers:
        attention = layer.attention
        joined = graph.linear(states, [attention.self.query, attention.self.key, attention.self.value])
        query, key, value = graph("Split", joined, axis=2, outputs=3)
        heads = branch.config.num_attention_heads
        context = graph("MultiHeadAttention", query, key, value, domain="com.microsoft", num_heads=heads)
        states = graph.norm(graph.linear(context, [attention.output.dense]), states, attention.output.LayerNorm)
        wide = graph("Gelu", graph.linear(states, [layer.intermediate.dense]), domain="com.microsoft")
        states = graph.norm(graph.linear(wide, [layer.output.dense]), states, layer.output.LayerNorm)
    graph("ReduceMean", states, out=HEAD, axes=[1], keepdims=0)
    renamed = {name: f"{HEAD}_{name}" for node in graph.nodes for name in node.output if name != HEAD}
    renamed |= {weight.name: f"{HEAD}_{weight.name}" for weight in graph.weights}
    for node in graph.nodes:
        node.input[:] = [renamed.get(name, name) for name in node.input]
        node.output[:] = [renamed.get(name, name) for name in node.output]
    for weight in graph.weights:
        weight.name = renamed[weight.name]
    model.graph.node.extend(graph.nodes)
    model.graph.initializer.extend(graph.weights)
    model.graph.output.append(helper.make_tensor_value_info(HEAD, TensorProto.FLOAT, [1, WIDTH]))
    onnx.checker.check_model(model)
    (models / "reader.onnx").write_bytes(model.SerializeToString(deterministic=True))


def _drop(graph: Any) -> None:
    """Take an earlier branch out of a graph."""
    parts = {
        "node": [node for node in graph.node if not node.output[0].startswith(HEAD)],
        "initializer": [weight for weight in graph.initializer if not weight.name.startswith(HEAD)],
        "output": [output for output in graph.output if output.name != HEAD],
    }
    for name, kept in parts.items():
        field = getattr(graph, name)
        del field[:]
        field.extend(kept)


def head_of(branch: Branch) -> tuple[Floats, Floats]:
    """Weights (frames, width) and constants (frames,) of the heads."""
    return array(branch.head.weight), array(branch.head.bias)
