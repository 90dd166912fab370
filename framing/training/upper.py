"""The reader's upper layers, taken out of the shipped graph to be fitted further, and put back.

The three lowest layers stay as they are, and with them the branch of frames that stands on them.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from framing.features.embedding import HEAD, WIDTH
from framing.training.encoder import HEADS
from framing.training.export import array, in_bytes
from framing.training.frame_branch import SHARED
from framing.training.network import MODELS


class Upper(nn.Module):
    """The upper layers and the heads, with the weights that are shipped."""

    def __init__(self, models: Path = MODELS) -> None:
        super().__init__()
        from transformers import BertConfig, BertModel

        config = BertConfig(hidden_size=WIDTH, num_hidden_layers=6, num_attention_heads=12, intermediate_size=4 * WIDTH)
        self.layers = BertModel(config, add_pooling_layer=False).encoder.layer[SHARED:]
        self.dropout = nn.Dropout(0.1)
        self.heads = nn.ModuleDict({name: nn.Linear(2 * WIDTH, labels) for name, labels in HEADS.items()})
        graph = _graph(models).graph
        numbers = {one.name: numpy_helper.to_array(one) for one in graph.initializer}
        with torch.no_grad():
            for place in self.places(graph):
                matrix = numbers[place.matrix].astype(np.float32)
                if place.scale:
                    matrix = (matrix * numbers[place.scale]).T
                for layer, weight, bias in zip(
                    place.layers,
                    np.split(matrix, len(place.layers)),
                    np.split(numbers[place.bias], len(place.layers)),
                    strict=True,
                ):
                    layer.weight.copy_(torch.from_numpy(np.array(weight)))
                    layer.bias.copy_(torch.from_numpy(np.array(bias)))

    def places(self, graph: Any) -> list[Place]:
        """Where in the graph the weights of each layer stand."""
        nodes = [node for node in graph.node if not node.output[0].startswith(HEAD)]
        linear = [node.input for node in nodes if node.op_type == "DynamicQuantizeMatMul"][4 * SHARED :]
        norms = [node.input for node in nodes if node.op_type == "SkipLayerNormalization"][2 * SHARED + 1 :]
        found = []
        for number, layer in enumerate(self.layers):
            own, out = layer.attention.self, layer.attention.output
            parts = [(own.query, own.key, own.value), (out.dense,), (layer.intermediate.dense,), (layer.output.dense,)]
            found += [Place(one, at[1], at[4], at[2]) for one, at in zip(parts, linear[4 * number :], strict=False)]
            places = zip((out.LayerNorm, layer.output.LayerNorm), norms[2 * number :], strict=False)
            found += [Place((one,), at[2], at[3]) for one, at in places]
        gemms = {node.output[0]: node.input for node in nodes if node.op_type == "Gemm"}
        return found + [Place((head,), gemms[name][1], gemms[name][2]) for name, head in self.heads.items()]

    def forward(self, measure: str, states: Tensor, mask: Tensor, target: Tensor) -> Tensor:
        """Logits (N, L) of states (N, T, D); of the tokens `mask` (N, T) tells which there are, `target` whose."""
        unseen = (1 - mask)[:, None, None, :] * -1e4
        for layer in self.layers:
            out = layer(states, attention_mask=unseen)
            states = out[0] if isinstance(out, tuple) else out
        parts = [(states * one[..., None]).sum(1) / one.sum(1, keepdim=True).clamp(min=1e-6) for one in (mask, target)]
        logits: Tensor = self.heads[measure](self.dropout(torch.cat(parts, dim=1)))
        return logits


@dataclass(frozen=True, slots=True)
class Place:
    """Names in the graph of the weights of a layer, or of several side by side; `scale` where they are int8."""

    layers: tuple[Any, ...]
    matrix: str
    bias: str
    scale: str = ""


def _graph(models: Path) -> Any:
    return onnx.load_from_string((models / "reader.onnx").read_bytes())


def write(upper: Upper, models: Path = MODELS) -> None:
    """Put the weights into the shipped graph, int8 as `framing.training.export` makes them."""
    model = _graph(models)
    places = {one.name: one for one in model.graph.initializer}
    for place in upper.places(model.graph):
        matrix = np.concatenate([array(layer.weight) for layer in place.layers])
        new = {place.bias: np.concatenate([array(layer.bias) for layer in place.layers])}
        if place.scale:
            whole, scale = in_bytes(matrix.T)
            new |= {place.matrix: whole, place.scale: scale}
        else:
            new[place.matrix] = matrix
        for name, numbers in new.items():
            places[name].CopyFrom(numpy_helper.from_array(np.ascontiguousarray(numbers), name))
    onnx.checker.check_model(model)
    (models / "reader.onnx").write_bytes(model.SerializeToString(deterministic=True))
