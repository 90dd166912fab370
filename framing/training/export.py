"""Export: a fitted reader as an int8 ONNX graph, and its word embeddings as an int8 table.

The graph is written node by node, so that what runs is what is written here: each weight matrix in 7 bits with a scale
for each column, activations quantised at run time over one passage, all else in 32-bit floats. Seven bits, since
processors without VNNI add products of 8-bit numbers in 16 bits, where two full ones would not fit.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

from framing.training.network import POOLED, Reader

Floats = NDArray[np.float32]
OPSET, MICROSOFT = 17, "com.microsoft"


class Graph:
    """Nodes and weights of a graph, in order."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.weights: list[Any] = []

    def weight(self, array: NDArray[Any]) -> str:
        """A weight's name."""
        name = f"w{len(self.weights)}"
        self.weights.append(numpy_helper.from_array(np.ascontiguousarray(array), name))
        return name

    def __call__(
        self, kind: str, *inputs: str, outputs: int = 1, out: str = "", domain: str = "", **settings: Any
    ) -> Any:
        """Add a node; its outputs' names."""
        names = [out] if out else [f"n{len(self.nodes)}_{k}" for k in range(outputs)]
        self.nodes.append(helper.make_node(kind, inputs, names, domain=domain, **settings))
        return names[0] if outputs == 1 else names

    def linear(self, states: str, layers: list[Any]) -> str:
        """States times the int8 weights of linear layers, side by side, plus their biases."""
        matrix = np.concatenate([array(layer.weight).T for layer in layers], axis=1)
        bias = np.concatenate([array(layer.bias) for layer in layers])
        whole, scale = in_bytes(matrix)
        names = [self.weight(whole), self.weight(scale), "", self.weight(bias)]
        return str(self("DynamicQuantizeMatMul", states, *names, domain=MICROSOFT))

    def norm(self, states: str, residual: str, layer: Any) -> str:
        """Layer normalisation of the sum of two states."""
        names = [self.weight(array(layer.weight)), self.weight(array(layer.bias))]
        return str(self("SkipLayerNormalization", states, residual, *names, domain=MICROSOFT, epsilon=float(layer.eps)))


def in_bytes(matrix: Floats) -> tuple[NDArray[np.int8], Floats]:
    """A weight matrix (in, out) in seven bits, and the scale of each column."""
    scale = np.maximum(np.abs(matrix).max(axis=0) / 63, 1e-12).astype(np.float32)
    return np.round(matrix / scale).astype(np.int8), scale


def array(tensor: Any) -> Floats:
    """A tensor's numbers."""
    return np.asarray(tensor.detach().cpu().numpy(), dtype=np.float32)


def write_graph(reader: Reader, path: Path, longest: int) -> None:
    """Write the layers and heads of a BERT reader.

    Inputs: `words` (1, T, H), embeddings of the tokens; `target` and `source` (1, T), 1 where a token is of that party.
    Outputs: the logits (1, L) of each head, by the measure's name; of attitude also `attitude_back`, target to source.
    """
    graph, body = Graph(), reader.body
    tables = body.embeddings
    # Positions; the one token type is added to them once and for all.
    places = array(tables.position_embeddings.weight)[:longest] + array(tables.token_type_embeddings.weight)[0]
    shape = graph("Shape", "words")
    count = graph("Slice", shape, graph.weight(np.array([1])), graph.weight(np.array([2])))
    here = graph("Slice", graph.weight(places[None]), graph.weight(np.array([0])), count, graph.weight(np.array([1])))
    states = graph.norm("words", here, tables.LayerNorm)
    for layer in body.encoder.layer:
        attention, heads = layer.attention, body.config.num_attention_heads
        joined = graph.linear(states, [attention.self.query, attention.self.key, attention.self.value])
        query, key, value = graph("Split", joined, axis=2, outputs=3)
        context = graph("MultiHeadAttention", query, key, value, domain=MICROSOFT, num_heads=heads)
        states = graph.norm(graph.linear(context, [attention.output.dense]), states, attention.output.LayerNorm)
        wide = graph("Gelu", graph.linear(states, [layer.intermediate.dense]), domain=MICROSOFT)
        states = graph.norm(graph.linear(wide, [layer.output.dense]), states, layer.output.LayerNorm)
    one = graph.weight(np.array([1]))
    parts = [graph("ReduceMean", states, axes=[1], keepdims=0)]
    for party in ("target", "source"):
        total = graph(
            "Max", graph("ReduceSum", party, one, keepdims=1), graph.weight(np.array([[1e-6]], dtype=np.float32))
        )
        share = graph("Unsqueeze", graph("Div", party, total), one)
        parts.append(graph("Squeeze", graph("MatMul", share, states), one))
    for name, head in reader.heads.items():
        names = [graph.weight(array(head.weight)), graph.weight(array(head.bias))]
        graph("Gemm", graph("Concat", *parts[: POOLED[name]], axis=1), *names, out=name, transB=1)
        if POOLED[name] == 3:
            turned = graph("Concat", parts[0], parts[2], parts[1], axis=1)
            graph("Gemm", turned, *names, out=f"{name}_back", transB=1)
    width = body.config.hidden_size
    inputs = [helper.make_tensor_value_info("words", TensorProto.FLOAT, [1, "T", width])]
    inputs += [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, "T"]) for name in ("target", "source")]
    outputs = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, [1, head.out_features])
        for measure, head in reader.heads.items()
        for name in ([measure, f"{measure}_back"] if POOLED[measure] == 3 else [measure])
    ]
    model = helper.make_model(
        helper.make_graph(graph.nodes, "reader", inputs, outputs, graph.weights),
        opset_imports=[helper.make_opsetid("", OPSET), helper.make_opsetid(MICROSOFT, 1)],
        ir_version=8,
        producer_name="media-framing",
    )
    onnx.checker.check_model(model)
    path.write_bytes(model.SerializeToString(deterministic=True))


def word_table(reader: Reader) -> tuple[NDArray[np.int8], Floats]:
    """Embeddings as int8 (V, H), and the scale of each row (V,); those of the roles in the place of their tokens."""
    words = array(reader.body.get_input_embeddings().weight).copy()
    words[list(reader.tokenizer.roles.values())] = array(reader.roles)
    scale = np.maximum(np.abs(words).max(axis=1) / 127, 1e-12).astype(np.float32)
    return np.round(words / scale[:, None]).astype(np.int8), scale
