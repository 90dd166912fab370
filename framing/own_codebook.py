"""A codebook of one's own: a scorer trained on coded passages, with what it reaches and whether more coding would help.

Scores are cross-validated: each passage is read by a fit that saw none of it, nor, where articles are told, of its
article. Thresholds and calibration are chosen anew within each fit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from corpora.errors import InputError
from framing.agreement import alpha
from framing.classifiers.frames import FEWEST, FOLDS, FrameClassifier
from framing.codebook import Codebook
from framing.coded import CodedPassages
from framing.resampling import cluster_weights, percentile_interval

if TYPE_CHECKING:
    from sklearn.model_selection import BaseCrossValidator

READS = {"encoder": "encoder", "light": "words"}
# Coded passages a frame should have; with fewer it is trained, and its scores are marked as hardly told.
ENOUGH = 20
# Shares of the coded passages from which the learning curve learns.
CURVE = (0.25, 0.5, 0.75, 1.0)
DRAWS, SEED = 1000, 20240101
# Gain in F1 from doubling the coded passages below which more coding hardly pays.
WORTH = 0.02

Answers = NDArray[np.bool_]


@dataclass(frozen=True)
class FrameScore:
    """What a scorer reaches on one frame, in cross-validation.

    Attributes:
        frame: Its name.
        n: Coded passages that carry it.
        f1: F1 of yes, 0 to 1.
        low: Lower end of its 95 % interval, over resampled passages.
        high: Upper end.
        precision: Of the passages told to carry it, the share that do; missing if none was told.
        recall: Of the passages that carry it, the share told.
        scorer_alpha: Krippendorff's alpha of scorer and coders.
        coder_alpha: That of the coders among themselves; missing where one person coded.
    """

    frame: str
    n: int
    f1: float
    low: float
    high: float
    precision: float
    recall: float
    scorer_alpha: float
    coder_alpha: float


@dataclass(frozen=True)
class Trained:
    """A codebook's scorer with what it reaches.

    Attributes:
        codebook: The codebook.
        cost: `encoder` or `light`.
        classifier: Fitted on all coded passages.
        scores: One a frame, in the codebook's order.
        curve: Number of coded passages to the mean F1 over frames, by fold; NaN where a frame had too few.
        passages: How many were coded.
        coders: By whom.
        grouped: Whether whole articles were held out.
    """

    codebook: Codebook
    cost: str
    classifier: FrameClassifier
    scores: tuple[FrameScore, ...]
    curve: dict[int, tuple[float, ...]]
    passages: int
    coders: tuple[str, ...]
    grouped: bool

    @property
    def macro_f1(self) -> float:
        """Mean F1 over the frames."""
        return float(np.mean([score.f1 for score in self.scores]))

    def more_coding(self) -> str:
        """Whether more coding would help, in a sentence, from what the second half of the passages added."""
        sizes = sorted(self.curve)
        half = min(sizes[:-1], key=lambda size: abs(size - sizes[-1] / 2), default=0)
        gains = np.array(self.curve[sizes[-1]]) - np.array(self.curve.get(half, ()) or np.nan)
        gains = gains[~np.isnan(gains)]
        if len(gains) < 3:
            return "whether more coding would help cannot be told: half of these passages is too little to learn from"
        from scipy.stats import t

        gain, se = float(gains.mean()), float(gains.std(ddof=1) / np.sqrt(len(gains)))
        reach = float(t.ppf(0.975, len(gains) - 1)) * se
        span = f"95 % {gain - reach:+.2f} to {gain + reach:+.2f}"
        told = f"from {half:,} to {sizes[-1]:,} passages F1 changed by {gain:+.2f} ({span})"
        if gain - reach > 0 and gain >= WORTH:
            return f"more coding would help: {told}"
        if gain + reach < WORTH:
            return f"more coding of this kind would hardly help: {told}"
        return f"more coding may help: {told}"


def train(codebook: Codebook, coded: CodedPassages, cost: str = "encoder", seed: int = 0) -> Trained:
    """Train a scorer for a codebook on coded passages.

    Args:
        codebook: The codebook, of the frames that are trained.
        coded: Passages with their frames.
        cost: `encoder`, or `light`, which reads words and needs no encoder.
        seed: Seed of the folds.

    Raises:
        InputError: There is no such cost, or a frame has too few passages that carry it, or that do not.
    """
    from threadpoolctl import threadpool_limits

    if cost not in READS:
        raise InputError(f"no cost {cost!r}; there are: {', '.join(READS)}")
    shares = coded.shares
    labels = shares >= 0.5
    _check(codebook, labels)
    model = FrameClassifier(
        frames=codebook.names,
        cues=codebook.cues,
        reads=READS[cost],
        random_state=seed,
    )
    texts = np.array(coded.texts, dtype=object)
    # A text that stands in the file as two units is one to a classifier.
    groups = np.array([article or text for article, text in zip(coded.articles, coded.texts, strict=True)])
    if len(set(groups)) < FOLDS:
        raise InputError(
            f"codebook {codebook.name!r}: the coded passages are of {len(set(groups))} articles; scores need at least "
            f"{FOLDS}, so that some are held out; code passages of more, or leave the column 'article' out"
        )
    splits = list(_folds(seed).split(texts, groups=groups))
    # Of such small matrices several threads make hard work, on a busy machine twenty times as long.
    with _read_once(cost), threadpool_limits(1, user_api="blas"):
        try:
            model.fit(list(texts), shares)
        except ValueError as error:
            raise InputError(f"codebook {codebook.name!r}: the coded passages teach nothing: {error}") from None
        answers, curve = _cross_validated(model, texts, shares, splits, seed)
    between = coded.agreement()
    draws = cluster_weights(len(texts), DRAWS, SEED).astype(np.float64)
    scores = tuple(
        _score(frame, labels[:, k], answers[:, k], draws, between[frame]) for k, frame in enumerate(codebook.names)
    )
    return Trained(codebook, cost, model, scores, curve, len(texts), coded.coders, grouped=any(coded.articles))


def without(codebook: Codebook, coded: CodedPassages, left_out: Sequence[str]) -> tuple[Codebook, CodedPassages]:
    """A codebook and its coded passages without some frames.

    Raises:
        InputError: A frame is not in the codebook, or none is left.
    """
    from dataclasses import replace

    for name in left_out:
        codebook.frame(name)
    frames = tuple(frame for frame in codebook.frames if frame.name not in left_out)
    if not frames:
        raise InputError(f"codebook {codebook.name!r}: no frame is left to train")
    names = tuple(frame.name for frame in frames)
    codings = tuple(tuple(None if one is None else one & frozenset(names) for one in unit) for unit in coded.codings)
    return replace(codebook, frames=frames), replace(coded, frames=names, codings=codings)


def _check(codebook: Codebook, labels: Answers) -> None:
    # A fit within a fold learns from four fifths, and parts those in five again.
    least = FEWEST + 2
    for frame, column in zip(codebook.names, labels.T, strict=True):
        for what, count in (("with", int(column.sum())), ("without", int((~column).sum()))):
            if count < least:
                raise InputError(
                    f"frame {frame!r} has {count} coded passages {what} it; {least} are the least to learn from and "
                    f"{ENOUGH} are better; code more, or leave it out: --leave-out {frame}"
                )


def _folds(seed: int) -> BaseCrossValidator:
    from sklearn.model_selection import GroupKFold

    return GroupKFold(FOLDS, shuffle=True, random_state=seed)


def _read_once(cost: str) -> Any:
    """While it lasts the encoder reads each passage once, however many fits learn from it."""
    from contextlib import nullcontext

    if cost != "encoder":
        return nullcontext()
    from framing.encoder import load_encoder

    return load_encoder("reader").together(frozenset({"frames"}))


def _cross_validated(
    model: FrameClassifier, texts: NDArray[Any], shares: NDArray[np.float64], splits: Sequence[Any], seed: int
) -> tuple[Answers, dict[int, tuple[float, ...]]]:
    """What each passage is told to carry by a fit that had not seen it, and the learning curve."""
    answers = np.zeros(shares.shape, dtype=bool)
    curve: dict[int, list[float]] = {}
    order = np.random.default_rng(seed).permutation(len(texts))
    for rest, held in splits:
        mixed = order[np.isin(order, rest)]
        for share in CURVE:
            size = round(share * len(texts) * (FOLDS - 1) / FOLDS)
            chosen = np.sort(mixed[:size])
            given, able = _told(model, texts, shares, chosen, held)
            due = shares[held] >= 0.5
            found = [_f1(due[:, k], given[:, k]) for k in range(shares.shape[1])] if able.all() else [np.nan]
            curve.setdefault(size, []).append(float(np.mean(found)))
            if share == CURVE[-1]:
                answers[held] = given
    return answers, {size: tuple(values) for size, values in curve.items()}


def _told(
    model: FrameClassifier,
    texts: NDArray[Any],
    shares: NDArray[np.float64],
    chosen: NDArray[np.int64],
    held: NDArray[np.int64],
) -> tuple[Answers, Answers]:
    """Answers on the passages held out, and which frames had enough to learn from; those that had not are told no."""
    from sklearn.base import clone

    yes = shares[chosen] >= 0.5
    able: Answers = (yes.sum(axis=0) >= FEWEST) & ((~yes).sum(axis=0) >= FEWEST)
    told = np.zeros((len(held), shares.shape[1]), dtype=bool)
    if able.any():
        names = tuple(name for name, enough in zip(model.frames, able, strict=True) if enough)
        try:
            fitted = clone(model).set_params(frames=names).fit(list(texts[chosen]), shares[chosen][:, able])
        except ValueError:  # a quarter of few passages may share no word
            return told, np.zeros_like(able)
        told[:, able] = fitted.predict(list(texts[held])).astype(bool)
    return told, able


def _score(frame: str, due: Answers, given: Answers, draws: NDArray[np.float64], between: float) -> FrameScore:
    hits, both = (due & given).astype(float), due.astype(float) + given
    spread = np.divide(2 * draws @ hits, draws @ both, out=np.zeros(len(draws)), where=draws @ both > 0)
    low, high = percentile_interval(spread)
    return FrameScore(
        frame=frame,
        n=int(due.sum()),
        f1=_f1(due, given),
        low=low,
        high=high,
        precision=float(hits.sum() / given.sum()) if given.any() else float("nan"),
        recall=float(hits.sum() / due.sum()),
        scorer_alpha=alpha(list(zip(due.tolist(), given.tolist(), strict=True))),
        coder_alpha=between,
    )


def _f1(due: Answers, given: Answers) -> float:
    both = int(due.sum() + given.sum())
    return 2 * int((due & given).sum()) / both if both else 0.0
