"""Makes the light weights: linear classifiers for `sentiment`, `relation`, `attitude` and `subject`.

    python -m framing.training.light sentiment ../shared/data/gold/sentiment
    python -m framing.training.light relation
    python -m framing.training.light attitude ../shared/data/gold/attitude
    python -m framing.training.light subject ../shared/data/real

Each is fitted on its training set, written to `framing/models` as a skops file with its checksum, and measured;
what is printed goes into the model card. Settings were chosen on dev (sentiment), by
cross-validation (relation), or on texts kept out of the training set (attitude).
"""

from __future__ import annotations

import hashlib
import json
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.metrics import f1_score
from sklearn.model_selection import GroupKFold, StratifiedKFold, cross_val_predict
from skops.io import dumps

from framing.classifiers import AttitudeClassifier, RelationClassifier, SentimentClassifier, SubjectClassifier
from framing.gold import read_gold
from framing.training.real import real_corpus
from framing.weights import repeatable

HERE = Path(__file__).parent
MODELS = HERE.parent / "models"
# Texts of DSE that are kept out of training; the same as for the encoder (`framing.training.recipes`).
ATTITUDE_HELD = 600


def read_rows(path: Path) -> tuple[pd.DataFrame, np.ndarray[Any, Any]]:
    """Frame of passages and array of labels of a gold file."""
    return as_frame([json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()])


def as_frame(rows: list[dict[str, Any]]) -> tuple[pd.DataFrame, np.ndarray[Any, Any]]:
    """Frame of passages and array of labels."""
    frame = pd.DataFrame({"text": [row["text"] for row in rows]})
    for column, key in (("target_span", "target"), ("source_span", "source")):
        frame[column] = pd.Series([tuple(row[key]) if row.get(key) else None for row in rows], dtype=object)
    return frame, np.array([row["label"] for row in rows])


def train_sentiment(folder: Path) -> SentimentClassifier:
    """Fit on NewsMTSC train; print macro-F1 on both dev sets for each setting, and keep the best mean."""
    X, y = read_rows(folder / "newsmtsc-train.jsonl")
    devs = [read_rows(folder / f"newsmtsc-{name}-dev.jsonl") for name in ("rw", "mt")]
    best: tuple[float, SentimentClassifier] | None = None
    for C in (0.3, 1.0, 3.0):
        model = SentimentClassifier(C=C).fit(X, y)
        scores = [f1_score(labels, model.predict(frame), average="macro") for frame, labels in devs]
        print(f"sentiment C={C}: dev macro-F1 rw {scores[0]:.3f}, mt {scores[1]:.3f}")
        if best is None or np.mean(scores) > best[0]:
            best = (float(np.mean(scores)), model)
    assert best is not None
    return best[1]


def train_relation() -> RelationClassifier:
    """Fit on the sentences written for it; print cross-validated scores for each setting, and keep the best."""
    parts = [read_rows(path) for path in sorted(HERE.glob("relation-*.jsonl"))]
    X = pd.concat([frame for frame, _ in parts], ignore_index=True)
    y = np.concatenate([labels for _, labels in parts])
    folds = StratifiedKFold(5, shuffle=True, random_state=0)
    best: tuple[float, float] | None = None
    for C in (0.3, 1.0, 3.0, 10.0):
        predicted = cross_val_predict(RelationClassifier(C=C), X, y, cv=folds)
        macro = f1_score(y, predicted, average="macro")
        gate = f1_score(y != "none", predicted != "none")
        print(f"relation C={C}: 5-fold macro-F1 {macro:.3f}, gate F1 {gate:.3f}, rows {len(y)}")
        if best is None or macro > best[0]:
            best = (macro, C)
    assert best is not None
    return RelationClassifier(C=best[1]).fit(X, y)


def train_attitude(folder: Path) -> AttitudeClassifier:
    """Fit on DSE train, less the texts kept out; print macro-F1 on those for each setting, and keep the best."""
    X, y = read_rows(folder / "dse-train.jsonl")
    texts = sorted(set(X["text"]))
    random.Random(1).shuffle(texts)
    out = X["text"].isin(texts[:ATTITUDE_HELD]).to_numpy()
    best: tuple[float, AttitudeClassifier] | None = None
    for C in (0.03, 0.1, 0.3, 1.0):
        model = AttitudeClassifier(C=C).fit(X[~out], y[~out])
        score = float(f1_score(y[out], model.predict(X[out]), average="macro"))
        print(f"attitude C={C}: texts kept out, macro-F1 {score:.3f}")
        if best is None or score > best[0]:
            best = (score, model)
    assert best is not None
    return best[1]


def train_subject(real: Path) -> SubjectClassifier:
    """Fit on the coded passages; print cross-validated figures for each setting, whole articles held out."""
    with real_corpus(real) as corpus:
        rows = read_gold("subject", HERE / "coded-subject.jsonl", corpus)
    X, y = as_frame(rows)
    articles = [row["article_id"] for row in rows]
    best: tuple[float, float] | None = None
    for C in (1.0, 2.0, 4.0, 8.0, 16.0):
        predicted = cross_val_predict(SubjectClassifier(C=C), X, y, groups=articles, cv=GroupKFold(5))
        macro, right = f1_score(y, predicted, average="macro"), np.mean(predicted == y)
        print(f"subject C={C}: 5-fold macro-F1 {macro:.3f}, accuracy {right:.3f}, rows {len(y)}")
        if best is None or macro > best[0]:
            best = (macro, C)
    assert best is not None
    return SubjectClassifier(C=best[1]).fit(X, y)


def write(model: Any, name: str) -> None:
    """Write a weight and its checksum."""
    path = MODELS / f"{name}.skops"
    path.write_bytes(repeatable(dumps(model)))
    sums = MODELS / "SHA256SUMS"
    lines = sums.read_text().splitlines() if sums.exists() else []
    kept = [line for line in lines if not line.endswith(f" {path.name}")]
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    sums.write_text("\n".join(sorted([*kept, f"{digest}  {path.name}"], key=lambda line: line.split()[1])) + "\n")
    print(f"{path.name}: {path.stat().st_size / 1e6:.2f} MB, sha256 {digest[:12]}")


def main(task: str, folder: str = "") -> None:
    """Train one weight."""
    known: dict[str, Callable[[], Any]] = {
        "sentiment": lambda: train_sentiment(Path(folder)),
        "relation": train_relation,
        "attitude": lambda: train_attitude(Path(folder)),
        "subject": lambda: train_subject(Path(folder)),
    }
    write(known[task](), f"{task}-light")


if __name__ == "__main__":
    main(*sys.argv[1:])
