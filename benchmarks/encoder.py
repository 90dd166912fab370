"""Speed of the encoder: against a RoBERTa-base of random weights in torch, and against the bare onnxruntime session.

python benchmarks/encoder.py ../shared/data/gold/sentiment/newsmtsc-rw-test.jsonl

The same sentences in one run, in turns, on the same cores; the median of five turns. RoBERTa-base (124 million
parameters, as published for this task) reads batches of 32 sorted by length. "From text" is what a scorer does: mask,
tokens, reading, scores. Needs the extra `train`.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from framing.encoder import THREADS, load_encoder
from framing.masking import pieces
from framing.scorers import load_scorer

TURNS, SENTENCES = 5, 400


def main(path: str) -> None:
    """Print sentences a second and the ratios."""
    import pandas as pd

    rows = [json.loads(line) for line in Path(path).read_text(encoding="utf-8").splitlines()][:SENTENCES]
    frame = pd.DataFrame({"text": [row["text"] for row in rows]})
    frame["target_span"] = pd.Series([tuple(row["target"]) for row in rows], dtype=object)
    scorer, encoder = load_scorer("sentiment", "encoder"), load_encoder("reader")
    tokens = encoder.tokenizer([pieces(row["text"], tuple(row["target"])) for row in rows])
    inputs = [encoder.inputs(one) for one in tokens]
    ways: dict[str, Callable[[], Any]] = {
        "encoder, from text": lambda: scorer.score(frame),
        "encoder, from tokens": lambda: encoder.logits(tokens, "sentiment"),
        "bare session, same threads": lambda: _bare(encoder, inputs),
        "RoBERTa-base in torch": _roberta([row["text"] for row in rows], encoder),
    }
    seconds: dict[str, list[float]] = {name: [] for name in ways}
    for way in ways.values():
        way()
    for _ in range(TURNS):
        for name, way in ways.items():
            began = time.perf_counter()
            way()
            seconds[name].append(time.perf_counter() - began)
    pace = {name: len(rows) / statistics.median(times) for name, times in seconds.items()}
    print(f"{len(rows)} sentences, {os.cpu_count()} cores, {THREADS} threads, median of {TURNS} turns")
    for name, value in pace.items():
        print(f"{name:<32}{value:>10.1f} sentences/s")
    print(f"from text / RoBERTa-base        {pace['encoder, from text'] / pace['RoBERTa-base in torch']:>10.1f} x")
    print(f"from tokens / bare session      {pace['encoder, from tokens'] / pace['bare session, same threads']:>10.2f}")
    print(f"from text / bare session        {pace['encoder, from text'] / pace['bare session, same threads']:>10.2f}")


def _bare(encoder: Any, inputs: list[dict[str, Any]]) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(THREADS) as pool:
        list(pool.map(lambda feed: encoder._session.run(["sentiment"], feed), inputs))


def _roberta(texts: list[str], encoder: Any) -> Callable[[], None]:
    """A RoBERTa-base of random weights on as many tokens as the sentences have; its own tokens would be as many."""
    import torch
    from transformers import RobertaConfig, RobertaForSequenceClassification

    torch.set_num_threads(os.cpu_count() or 1)
    torch.manual_seed(0)
    config = RobertaConfig(vocab_size=50265, max_position_embeddings=514, type_vocab_size=1, num_labels=3)
    model = RobertaForSequenceClassification(config).eval()
    lengths = sorted(len(e.ids) + 2 for e in encoder.tokenizer._reader.encode_batch(texts, add_special_tokens=False))
    batches = []
    for first in range(0, len(lengths), 32):
        part = lengths[first : first + 32]
        ids = torch.full((len(part), part[-1]), 1)
        for row, length in enumerate(part):
            ids[row, :length] = torch.randint(10, 50000, (length,))
        batches.append((ids, (ids != 1).long()))

    def read() -> None:
        with torch.inference_mode():
            for ids, mask in batches:
                model(input_ids=ids, attention_mask=mask)

    return read


if __name__ == "__main__":
    main(*sys.argv[1:])
