"""The shipped encoder: int8 ONNX readers that share one table of words; run on the processor, offline.

A reader sees one passage at a time. Its activations are quantised over what it sees, so a batch of several passages
would let one passage change the score of another (docs/decisions/0014-one-passage-at-a-time.md). Passages are read on
several threads, each in full by one thread: neither batches nor threads change a score.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpora.errors import InputError
from framing.tokens import Tokenizer, Tokens
from framing.weights import read_model

READERS = ("reader", "attitude")
THREADS = max(1, min(8, os.cpu_count() or 1))

Floats = NDArray[np.float64]
Key = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]


class Encoder:
    """One reader: an ONNX graph with a head for each measure.

    Attributes:
        card: Of each measure its labels and its temperature, from `encoder.json`.
        tokenizer: Makes the tokens it reads.
    """

    def __init__(self, name: str) -> None:
        import onnxruntime

        known = json.loads(read_model("encoder.json"))[name]
        self.card: dict[str, dict[str, Any]] = known["measures"]
        self.tokenizer = Tokenizer(read_model("tokenizer.json"), known["first_role"])
        self._words, self._scale = _words()
        self._together: tuple[frozenset[str], ...] = ()
        self._known: dict[Key, dict[str, NDArray[np.float32]]] = {}
        self._options = onnxruntime.RunOptions()
        self._options.only_execute_path_to_fetches = True
        graph = read_model(f"{name}.onnx")
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # onnxruntime raises classes of its own, of no common base
            raise InputError(
                f"onnxruntime {onnxruntime.__version__} cannot run {name}.onnx on this processor "
                f"({type(error).__name__}); --cost light needs no encoder"
            ) from None

    def logits(self, tokens: Sequence[Tokens], *heads: str) -> Floats:
        """What heads of one size say of each passage: (N, heads, L), in the order of the passages."""
        rows = [[one[head] for head in heads] for one in self.read(tokens, *heads)]
        return np.array(rows, dtype=np.float64).reshape(len(tokens), len(heads), -1 if tokens else 1)

    def read(self, tokens: Sequence[Tokens], *heads: str) -> list[Mapping[str, NDArray[np.float32]]]:
        """What heads say of each passage, by head, in the order of the passages; equal tokens are read once.

        Within `together` they are read once for all heads named there, and not again.
        """
        wanted = tuple(
            dict.fromkeys([*heads, *(head for group in self._together if group & {*heads} for head in group)])
        )
        keys: list[Key] = [(tuple(one.ids), tuple(one.target), tuple(one.source)) for one in tokens]
        known = self._known if self._together else {}
        new = {key: one for key, one in zip(keys, tokens, strict=True) if not known.get(key, {}).keys() >= {*heads}}
        with ThreadPoolExecutor(THREADS) as pool:
            rows = pool.map(lambda one: self.run(self.inputs(one), *wanted), new.values())
            for key, row in zip(new, rows, strict=True):
                known.setdefault(key, {}).update(zip(wanted, row, strict=True))
        return [known[key] for key in keys]

    @contextmanager
    def together(self, *groups: frozenset[str]) -> Iterator[None]:
        """While it lasts, a passage that one head of a group reads is read for all heads of that group, and kept."""
        self._together = groups
        try:
            yield
        finally:
            self._together = ()
            self._known.clear()

    def inputs(self, tokens: Tokens) -> dict[str, NDArray[np.float32]]:
        """What the graph takes: embeddings (1, T, H), and which tokens are of the target and of the source (1, T)."""
        words = self._words[tokens.ids] * self._scale[tokens.ids, None]
        return {
            "words": words[None],
            "target": np.array([tokens.target], dtype=np.float32),
            "source": np.array([tokens.source], dtype=np.float32),
        }

    def run(self, inputs: dict[str, NDArray[np.float32]], *heads: str) -> list[Any]:
        """What heads say of one passage, (L,) each; no other layer is worked out than they need."""
        return [row[0] for row in self._session.run(list(heads), inputs, self._options)]

    def probabilities(self, measure: str, tokens: Sequence[Tokens], *, back: bool = False) -> Floats:
        """Calibrated probability of each label, (N, L), or (N, 2, L) with the way back.

        The softmax of the logits over the temperature.

        Args:
            measure: Whose head.
            tokens: The passages.
            back: Whether to read the target toward the source as well.

        References:
            Guo, C., Pleiss, G., Sun, Y., Weinberger, K. Q. (2017). On Calibration of Modern Neural Networks. ICML.
        """
        heads = (measure, f"{measure}_back") if back else (measure,)
        card = self.card[measure]
        labels = len(card["labels"])
        logits = self.logits(tokens, *heads).reshape(len(tokens), len(heads), labels) / card["temperature"]
        odds = np.exp(logits - logits.max(axis=2, keepdims=True))
        shares: Floats = odds / odds.sum(axis=2, keepdims=True)
        return shares if back else shares[:, 0]


@lru_cache(maxsize=len(READERS))
def load_encoder(name: str) -> Encoder:
    """The reader of a name, loaded once a process."""
    return Encoder(name)


@lru_cache(maxsize=1)
def _words() -> tuple[NDArray[np.int8], NDArray[np.float32]]:
    with np.load(io.BytesIO(read_model("words.npz")), allow_pickle=False) as table:
        return table["words"], table["scale"]
