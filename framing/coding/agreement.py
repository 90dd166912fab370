"""Agreement of coders on the units of a sample, over all labels and label by label."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from corpora.errors import InputError
from framing.agreement import DRAWS, SEED, Codings, agreement
from framing.coding.scales import NONE

if TYPE_CHECKING:
    import pandas as pd


def agreement_table(
    codes: pd.DataFrame,
    values: Mapping[str, float],
    frames: Sequence[str] = (),
    articles: Mapping[str, str] | None = None,
    draws: int = DRAWS,
    seed: int = SEED,
) -> pd.DataFrame:
    """Agreement of coders over all labels, and on each label against the rest.

    Args:
        codes: One row for each unit and coder: `unit`, `coder`, `label`.
        values: Value of each label on the measure's scale; not looked at where there are frames.
        frames: Names of the frames, where a label is a set of them, parted by semicolons, or `none`.
        articles: Article of each unit: articles are then drawn whole in the bootstrap.
        draws: Number of bootstrap draws.
        seed: Seed of the bootstrap.

    Returns:
        The attributes of `Agreement`, a row each: all labels (nominal, ordinal and interval; masi for sets), then each
        label, yes or no.

    Raises:
        InputError: A label is not among the values, or a coder coded a unit twice.

    >>> import pandas as pd
    >>> codes = pd.DataFrame({"unit": ["u1", "u1", "u2", "u2"], "coder": ["anna", "ben"] * 2, "label": list("aabb")})
    >>> agreement_table(codes, {"a": -1, "b": 1})[["what", "metric", "alpha"]].values.tolist()[0]
    ['all', 'nominal', 1.0]
    """
    import pandas as pd

    units, labels = codings(codes)
    allowed = list(frames) or list(values)
    said = [[None if one is None else _named(one, allowed, bool(frames)) for one in unit] for unit in labels]
    whole: list[tuple[str, Codings]] = [("masi", said)]
    if not frames:
        scale = [[None if one is None else values[one] for one in unit] for unit in labels]
        whole = [("nominal", labels), ("ordinal", scale), ("interval", scale)]
    clusters = None if articles is None else [articles[unit] for unit in units]
    found = [agreement(coded, metric, clusters, "all", draws, seed) for metric, coded in whole]
    for label in allowed:
        yes = [[None if one is None else label in one for one in unit] for unit in said]
        found.append(agreement(yes, "nominal", clusters, label, draws, seed))
    return pd.DataFrame(found)


def codings(codes: pd.DataFrame) -> tuple[list[str], list[list[Any]]]:
    """Units in the order of their names, and for each what each coder said, coders in the order of theirs.

    Raises:
        InputError: A coder coded a unit twice.
    """
    twice = codes[codes.duplicated(["unit", "coder"])]
    if len(twice):
        unit, coder = twice.iloc[0][["unit", "coder"]]
        raise InputError(f"coder {coder!r:.40} coded unit {unit!r:.40} twice")
    table = codes.pivot(index="unit", columns="coder", values="label").sort_index().sort_index(axis=1)
    table = table.astype(object).where(table.notna(), None)
    return table.index.tolist(), table.to_numpy().tolist()


def _named(label: str, allowed: Sequence[str], several: bool) -> frozenset[str]:
    """The labels that a code names."""
    named = [name for name in label.split(";") if name != NONE] if several else [label]
    unknown = next((name for name in named if name not in allowed), None)
    if unknown is not None:
        raise InputError(f"label {unknown!r:.60} is not in the codebook; there are: {', '.join(allowed)}")
    return frozenset(named)
