"""Pseudo-outcomes: numbers whose mean over articles is the mean human code, though few articles were coded."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from corpora.errors import InputError

Floats = NDArray[np.float64]
METHODS = ("dsl", "ppi", "tuned")
# Chosen by simulation (docs/measures/correction.md): all three cover; `dsl` alone is not wider where the machine is far
# off, and nowhere much wider than the others.
DEFAULT = "dsl"
FOLDS, SEED = 5, 20240101
# A sum of squares or weights below this is what is left of a difference of equal numbers.
ROUNDING = 1e-9


def pseudo_outcomes(
    value: Floats,
    human: Floats,
    machine: Floats,
    p: Floats,
    outlet: NDArray[Any],
    story: NDArray[Any],
    method: str = DEFAULT,
    folds: int = FOLDS,
    seed: int = SEED,
) -> Floats:
    """The machine's value of each article, corrected by what coders said of some.

        y_i = g(f_i) + R_i / p_i * (mean over coded passages j of i of h_ij - g(f_ij)),    g(f) = c + b f

    f is the machine's value (of an article: of all its passages), h the human code, R_i 1 for a coded article. Passages
    within an article are a simple random sample, so that their mean stands for the article. Whatever g is, as long as
    an article's own codes had no part in it, the mean of y is that of h; g decides how wide the interval is.

    `ppi`: g(f) = f, the difference estimator. `tuned`: c and b of each outlet, b between 0 and 1: power-tuned
    (PPI++), with c so that y does not scatter by the mean error, which a sample of fixed size does not have. `dsl`: c
    of each outlet and one b for all, design-based supervised learning with a line as its learner. c and b are fitted by
    least squares, each coded article counted 1 / p times, on the coded articles of the stories of other folds.

    Args:
        value: Machine's value of each article (N).
        human: Mean human code of the coded passages of each article (N), missing where none was coded.
        machine: Machine's mean value of the same passages (N), missing alike.
        p: Probability with which the article was drawn to be coded (N), above 0, at most 1; missing alike.
        outlet: Outlet of each article (N).
        story: Story of each article (N): a whole story is in one fold.
        method: `dsl`, `ppi` or `tuned`.
        folds: Parts into which the stories are dealt, at least 2.
        seed: Seed of the dealing.

    Returns:
        y (N). Single values lie outside of the scale and say nothing.

    Raises:
        InputError: There is no such method, or fewer than 2 folds.

    References:
        Angelopoulos, A. N., Bates, S., Fannjiang, C., Jordan, M. I., Zrnic, T. (2023). Prediction-powered inference.
        Science 382, 669-674.
        Angelopoulos, A. N., Duchi, J. C., Zrnic, T. (2023). PPI++: Efficient Prediction-Powered Inference. arXiv
        2311.01453.
        Egami, N., Hinck, M., Stewart, B. M., Wei, H. (2023). Using Imperfect Surrogates for Downstream Inference:
        Design-based Supervised Learning for Social Science Applications of Large Language Models. NeurIPS 36.
        Särndal, C.-E., Swensson, B., Wretman, J. (1992). Model Assisted Survey Sampling, chapters 6 and 8. Springer.

    >>> nan, ones = np.nan, np.ones(4)
    >>> human, machine, p = np.array([1, 0, nan, nan]), np.array([0.5, 0.5, nan, nan]), np.array([0.5, 0.5, nan, nan])
    >>> pseudo_outcomes(ones / 2, human, machine, p, np.array(["A"] * 4), np.arange(4), method="ppi").tolist()
    [1.5, -0.5, 0.5, 0.5]
    """
    if method not in METHODS:
        raise InputError(f"no method {method!r:.40}; there are: {', '.join(METHODS)}")
    if folds < 2:
        raise InputError(f"{folds} folds; at least 2 are needed, so that no article has a part in its own correction")
    c, b = np.zeros(len(value)), np.ones(len(value))
    if method != "ppi":
        outlets, where = np.unique(outlet, return_inverse=True)
        stories, told = np.unique(story, return_inverse=True)
        fold = (np.random.default_rng(seed).permutation(len(stories)) % folds)[told]
        levels, slopes = _lines(human, machine, p, where * folds + fold, (len(outlets), folds), method)
        c, b = levels[where, fold], slopes[where, fold]
    correction = (human - c - b * machine) / p
    return np.asarray(c + b * value + np.where(np.isnan(p), 0.0, correction))


def _lines(
    human: Floats, machine: Floats, p: Floats, cell: NDArray[np.intp], shape: tuple[int, int], method: str
) -> tuple[Floats, Floats]:
    """c and b of each outlet and fold, (outlets, folds), from the outlet's coded articles in the other folds."""
    coded = ~np.isnan(p)
    w, h, f = 1 / p[coded], human[coded], machine[coded]
    # Sums over a cell of what a weighted line needs; those of the other folds are the outlet's less the cell's own.
    here = (np.bincount(cell[coded], x, minlength=shape[0] * shape[1]) for x in (w, w * h, w * f, w * h * f, w * f * f))
    n, sum_h, sum_f, sum_hf, sum_ff = (x.sum(axis=1, keepdims=True) - x for x in (one.reshape(shape) for one in here))
    known = n > ROUNDING
    # An outlet without coded articles in other folds has no line of its own: c is 0 there.
    n = np.where(known, n, 1.0)
    both = np.where(known, sum_hf - sum_h * sum_f / n, 0.0)
    own = np.where(known, sum_ff - sum_f**2 / n, 0.0)
    if method == "dsl":
        both, own = (np.broadcast_to(x.sum(axis=0), shape) for x in (both, own))
    # Where the machine says the same of all articles no slope can be told: it is taken at its word.
    b = np.divide(both, own, out=np.ones(shape), where=own > ROUNDING)
    if method == "tuned":
        b = b.clip(0, 1)
    return np.where(known, (sum_h - b * sum_f) / n, 0.0), b
