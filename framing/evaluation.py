"""Evaluation: a scorer against a gold file, beside its baselines, with intervals."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpora.corpus import Corpus
from corpora.errors import InputError
from framing.calibration import calibration_error
from framing.frames import OWN, PREFIX, load_frames
from framing.gold import LABELS, read_frames, read_gold
from framing.resampling import cluster_weights, percentile_interval
from framing.scorers import DEFAULT_COST

DRAWS = 1000
SEED = 20240101
TASKS = ("attitude", "countries", "frames", "quotes", "relation", "sentiment", "stories", "subject", "tone")
ABSTAINED = "(abstained)"

Weights = NDArray[Any]
Interval = tuple[float, float]


@dataclass(frozen=True)
class Evaluation:
    """What a scorer reaches on a gold file; an abstention counts as a wrong answer.

    Attributes:
        task: The task.
        scorer: Name of the scorer.
        version: Its version.
        n: Rows.
        abstained: Rows on which it abstained.
        figures: Name to value, 0 to 1 (accuracy, macro_f1, ...).
        intervals: Name to 95 % interval from 1,000 seeded bootstrap resamples of rows; for stories of gold stories.
        f1: Label to F1.
        confusion: Right label to answered label to count.
        baselines: Name to `figures` and `intervals` of a baseline.
        outlets: Outlet to `n`, `accuracy` and `macro_f1`, of a coded file.
        labels: Of frames: label to `n`, `given`, `precision`, `recall`, and F1 of yes, of no, and their mean.
    """

    task: str
    scorer: str
    version: str
    n: int
    abstained: int
    figures: dict[str, float]
    intervals: dict[str, Interval]
    f1: dict[str, float] = field(default_factory=dict)
    confusion: dict[str, dict[str, int]] = field(default_factory=dict)
    baselines: dict[str, dict[str, Any]] = field(default_factory=dict)
    outlets: dict[str, dict[str, Any]] = field(default_factory=dict)
    labels: dict[str, dict[str, float]] = field(default_factory=dict)

    def json(self) -> dict[str, Any]:
        """One flat object, figures as keys of their own; a figure or a bound that does not exist is null."""
        row = {k: v for k, v in asdict(self).items() if k != "figures"} | self.figures
        flat: dict[str, Any] = json.loads(json.dumps(row), parse_constant=lambda _: None)
        return flat


def evaluate(
    task: str,
    gold: str | Path,
    cost: str = DEFAULT_COST,
    corpus: Corpus | None = None,
    codebook: str = "",
    mapped: Mapping[str, str] | None = None,
    codebooks: str | Path = OWN,
) -> Evaluation:
    """Score a gold file.

    Args:
        task: One of `TASKS`.
        gold: The file.
        cost: Which scorer of the measure.
        corpus: For a coded file without texts: the corpus that has them.
        codebook: Of frames: by which codebook.
        mapped: Of frames: labels of the file to frames of the codebook; a label that is mapped to nothing is left out.
        codebooks: Folder in which codebooks of one's own were trained.

    Raises:
        InputError: There is no such task, or a row of the file does not fit the task's format.
    """
    if task not in TASKS:
        raise InputError(f"no task {task!r}; there are: {', '.join(TASKS)}")
    if (task == "frames") != bool(codebook):
        raise InputError(
            "frames are evaluated under a codebook: evaluate frames GOLD --codebook NAME; no other task is"
        )
    if task == "frames":
        from framing.frame_evaluation import evaluate_frames

        frames = load_frames(f"{PREFIX}{codebook}", cost, codebooks)
        return evaluate_frames(read_frames(Path(gold), codebook, frames.labels, mapped or {}, corpus), frames)
    rows = read_gold(task, Path(gold), corpus)
    if task == "countries":
        from framing.country_evaluation import evaluate_countries

        return evaluate_countries(rows)
    if task == "quotes":
        from framing.quote_evaluation import evaluate_quotes

        return evaluate_quotes(rows)
    if task == "stories":
        from framing.story_evaluation import evaluate_stories

        return evaluate_stories(rows)
    from framing.scorers import load_scorer

    scorer = load_scorer(task, cost)
    right = [row["label"] for row in rows]
    scores = scorer.score(_frame(rows))
    if task == "subject":  # one row for each label; the likeliest is the answer
        scores = scores[scores["label"] == "yes"].assign(label=lambda rows: rows["category"]).reset_index(drop=True)
    answers = _answers(task, scores["label"], rows)
    counts = _figures(task, right, answers)
    counts[0]["calibration_error"], counts[1]["calibration_error"] = _calibration(task, scores, right)
    if task == "relation" and cost == "encoder" and any(row.get("quad") for row in rows):
        counts[0]["quad_f1"], counts[1]["quad_f1"] = _quadrants(rows, answers)
    used = [label for label in LABELS[task] if label in right or label in answers]
    baselines: dict[str, Sequence[str]] = {"majority": [max(sorted(set(right)), key=right.count)] * len(right)}
    if task not in ("tone", "subject"):
        baselines["lexicon"] = _lexicon(task, rows)
    return Evaluation(
        task=task,
        scorer=scorer.name,
        version=scorer.version,
        n=len(rows),
        abstained=answers.count(ABSTAINED),
        figures=counts[0],
        intervals=counts[1],
        f1={label: _f1(right, answers, label) for label in used},
        confusion={
            label: {
                a: sum(r == label and b == a for r, b in zip(right, answers, strict=True)) for a in sorted(set(answers))
            }
            for label in used
            if label in right
        },
        baselines={
            name: dict(zip(("figures", "intervals"), _figures(task, right, b), strict=True))
            for name, b in baselines.items()
        },
        outlets=_by_outlet(rows, right, answers),
    )


def _quadrants(rows: Sequence[dict[str, Any]], answers: Sequence[str]) -> tuple[float, Interval]:
    """Macro-F1 over the four quadrants (verbal or material, conflict or cooperation) of the rows that name theirs."""
    from framing.scorers import load_scorer

    chosen = [k for k, row in enumerate(rows) if row.get("quad")]
    deeds = load_scorer("deeds").score(_frame([rows[k] for k in chosen]))["label"]
    given = [f"{kind} {answers[k]}" for k, kind in zip(chosen, deeds, strict=True)]
    figures, intervals = _figures("quad", [rows[k]["quad"] for k in chosen], given)
    return figures["macro_f1"], intervals["macro_f1"]


def _by_outlet(
    rows: Sequence[dict[str, Any]], right: Sequence[str], answers: Sequence[str]
) -> dict[str, dict[str, Any]]:
    """Accuracy and macro-F1 of each outlet's rows; macro-F1 is over the labels that occur there."""
    found: dict[str, dict[str, Any]] = {}
    for outlet in sorted({row["outlet"] for row in rows if "outlet" in row and "article_id" in row}):
        here = [k for k, row in enumerate(rows) if row["outlet"] == outlet]
        due, given = [right[k] for k in here], [answers[k] for k in here]
        found[outlet] = {
            "n": len(here),
            "accuracy": sum(r == a for r, a in zip(due, given, strict=True)) / len(here),
            "macro_f1": float(np.mean([_f1(due, given, label) for label in sorted(set(due))])),
        }
    return found


def _frame(rows: Sequence[dict[str, Any]]) -> Any:
    import pandas as pd

    frame = pd.DataFrame({"text": [row["text"] for row in rows]})
    for column, key in (("target_span", "target"), ("source_span", "source")):
        frame[column] = pd.Series([tuple(row[key]) if row.get(key) else None for row in rows], dtype=object)
    # A coded row says which country its target stands for, also where that is a leader's name; else he is a person.
    frame["by_name"] = [not row.get("country") for row in rows]
    return frame


def _answers(task: str, labels: Any, rows: Sequence[dict[str, Any]]) -> list[str]:
    nothing = "none" if task == "relation" and any(row["label"] == "none" for row in rows) else ABSTAINED
    return [nothing if label is None else str(label) for label in labels]


def _calibration(task: str, scores: Any, right: Sequence[str]) -> tuple[float, Interval]:
    """Calibration error over the rows that have an answer, and its interval; missing for tone: no probability."""
    known = scores["value"].notna().to_numpy()
    if task == "tone" or not known.any():
        return float("nan"), (float("nan"), float("nan"))
    confidence = scores["confidence"].to_numpy(dtype=float)[known]
    hits = (scores["label"].to_numpy() == np.array(right, dtype=object))[known]
    rng = np.random.default_rng(SEED)
    draws = [
        calibration_error(confidence[chosen], hits[chosen])
        for chosen in (rng.integers(len(hits), size=len(hits)) for _ in range(DRAWS))
    ]
    return calibration_error(confidence, hits), percentile_interval(np.array(draws))


def _lexicon(task: str, rows: Sequence[dict[str, Any]]) -> list[str]:
    """VADER on the whole text: its label, or for a relation its sign."""
    from framing.scorers import load_scorer

    scores = load_scorer("tone").score(_frame(rows))
    if task == "relation":
        return ["conflict" if value < 0 else "cooperation" for value in scores["value"]]
    return [str(label) for label in scores["label"]]


def _f1(right: Sequence[str], answers: Sequence[str], label: str) -> float:
    hits = sum(r == a == label for r, a in zip(right, answers, strict=True))
    given, due = list(answers).count(label), list(right).count(label)
    return 2 * hits / (given + due) if given + due else 0.0


def _figures(task: str, right: Sequence[str], answers: Sequence[str]) -> tuple[dict[str, float], dict[str, Interval]]:
    """Figures of all rows, and their intervals over resamples of the rows."""
    gold, given = np.array(right), np.array(answers)
    labels = sorted(set(right))
    answered = given != ABSTAINED

    def share(mask: NDArray[np.bool_], of: NDArray[np.bool_]) -> Callable[[Weights], NDArray[np.float64]]:
        return lambda weights: _ratio(weights @ (mask & of), weights @ of)

    def f1(
        hits: NDArray[np.bool_], a: NDArray[np.bool_], b: NDArray[np.bool_]
    ) -> Callable[[Weights], NDArray[np.float64]]:
        return lambda weights: _ratio(
            2 * (weights @ hits), weights @ a.astype(int) + weights @ b.astype(int), empty=0.0
        )

    by_label = [f1((gold == la) & (given == la), gold == la, given == la) for la in labels]
    every = np.ones(len(gold), dtype=bool)
    measures: dict[str, Callable[[Weights], NDArray[np.float64]]] = {
        "accuracy": share(gold == given, every),
        "macro_f1": lambda weights: np.mean([measure(weights) for measure in by_label], axis=0),
        "accuracy_answered": share(gold == given, answered),
        "coverage": share(answered, every),
    }
    if task == "relation" and "none" in labels:
        said, due = (given != "none") & answered, gold != "none"
        measures["gate_f1"] = f1(said & due, said, due)
        measures["gate_precision"] = share(due, said)
        measures["gate_recall"] = share(said, due)
    draws = cluster_weights(len(gold), DRAWS, SEED).astype(np.float64)
    whole = np.ones((1, len(gold)), dtype=int)
    return (
        {name: float(measure(whole)[0]) for name, measure in measures.items()},
        {name: percentile_interval(measure(draws)) for name, measure in measures.items()},
    )


def _ratio(above: NDArray[Any], below: NDArray[Any], empty: float = float("nan")) -> NDArray[np.float64]:
    ratio: NDArray[np.float64] = np.divide(above, below, out=np.full(len(below), empty), where=below > 0)
    return ratio


def counted(
    counts: NDArray[np.int64], names: Sequence[str], empty: float = float("nan")
) -> tuple[dict[str, float], dict[str, Interval]]:
    """F1, precision and recall, under three names, with intervals over resamples of the rows.

    Args:
        counts: By row: what is right, what was found, what was due.
        empty: F1 where nothing was found and nothing was due.

    >>> counted(np.array([[1, 2, 1], [1, 2, 1]]), ("f1", "precision", "recall"))[0]
    {'f1': 0.6666666666666666, 'precision': 0.5, 'recall': 1.0}
    """

    def of(sums: NDArray[Any]) -> dict[str, NDArray[np.float64]]:
        hits, found, due = sums.T
        values = _ratio(2 * hits, found + due, empty), _ratio(hits, found), _ratio(hits, due)
        return dict(zip(names, values, strict=True))

    draws = cluster_weights(len(counts), DRAWS, SEED).astype(np.float64) @ counts
    return (
        {name: float(value[0]) for name, value in of(counts.sum(axis=0, keepdims=True)).items()},
        {name: percentile_interval(value) for name, value in of(draws).items()},
    )
