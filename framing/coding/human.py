"""Human codes beside the machine's: what coders said of each unit of a sample, on the measure's scale."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from corpora.errors import InputError
from framing.coding.scales import NONE

if TYPE_CHECKING:
    import pandas as pd

NEEDED = (
    "unit", "passage_id", "article_id", "outlet", "story", "stratum", "stratum_size", "stratum_drawn", "p_article",
    "p_passage", "n_passages", "article_value", "machine_label", "machine_value",
)  # fmt: skip
YES, NO = "yes", "no"


def human_codes(sample: pd.DataFrame, codes: pd.DataFrame, values: Mapping[str, float]) -> pd.DataFrame:
    """The sample with what its coders said of each unit.

    Where coders differ, their mean counts: none of them is taken to be right. For frames a code names those that the
    coder found, parted by semicolons, or `none`; each frame is then coded yes (1) or no (0).

    Args:
        sample: One row a unit (for frames a unit and category), as drawn: see `framing.coding`.
        codes: One row a unit and coder: `unit`, `coder`, `label`.
        values: Value of each label on the measure's scale; not looked at for frames.

    Returns:
        The sample with `human` (mean over coders, on the scale; missing where nobody coded), `human_label` (what most
        said; empty where no label has most, or nobody coded), `n_coders`, and `same` (share of them whose label is the
        machine's, 0 to 1; missing where nobody coded).

    Raises:
        InputError: The sample lacks a column, holds a unit twice, or a probability outside (0, 1], or no value of
            the machine; a code is of an unknown unit, has an unknown label, or is one coder's second.

    >>> import pandas as pd
    >>> row = {"unit": "u1", "machine_label": "neutral", "machine_value": 0.1, "p_article": 0.5, "p_passage": 1.0}
    >>> sample = pd.DataFrame([{**dict.fromkeys(NEEDED, ""), **row}])
    >>> codes = pd.DataFrame({"unit": ["u1", "u1"], "coder": ["anna", "ben"], "label": ["neutral", "positive"]})
    >>> human_codes(sample, codes, {"neutral": 0, "positive": 1})[["human", "human_label", "n_coders"]].values.tolist()
    [[0.5, '', 2]]
    """
    _check_sample(sample)
    frames = of_frames(sample)
    allowed = sorted(set(sample["category"])) if frames else list(values)
    _check_codes(sample, codes, allowed, frames)
    said = sample.merge(codes[["unit", "coder", "label"]], on="unit", how="left", sort=False)
    coded = said["label"].notna()
    if frames:
        found = [
            str(frame) in str(label).split(";") for frame, label in zip(said["category"], said["label"], strict=True)
        ]
        said["label"] = np.where(found, YES, NO)
        values = {NO: 0.0, YES: 1.0}
    said["human"] = said["label"].where(coded).map(values).astype(float)
    said["coded"] = coded
    said["same"] = (said["label"] == said["machine_label"]).astype(float).where(coded)
    key = ["unit", "category"] if frames else ["unit"]
    done = said.groupby(key, sort=False).agg(human=("human", "mean"), n_coders=("coded", "sum"), same=("same", "mean"))
    done = done.reset_index().merge(_majority(said[said["coded"]], key), on=key, how="left")
    done["human_label"] = done["human_label"].fillna("")
    return sample.merge(done, on=key, how="left", validate="one_to_one")


def of_frames(sample: pd.DataFrame) -> bool:
    """Whether a sample is of frames: its categories are their names, and not the direction of an attitude."""
    if "category" not in sample:
        return False
    names = sample["category"].fillna("").astype(str)
    return bool((names != "").any() and not names.str.contains(">", regex=False).any())


def _majority(said: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """The label that more coders gave than any other."""
    votes = said.groupby([*key, "label"], sort=True).size().rename("n").reset_index()
    most = votes[votes["n"] == votes.groupby(key)["n"].transform("max")]
    alone = most[~most.duplicated(key, keep=False)]
    return alone.rename(columns={"label": "human_label"})[[*key, "human_label"]]


def _check_sample(sample: pd.DataFrame) -> None:
    import pandas as pd

    missing = [name for name in NEEDED if name not in sample]
    if missing:
        lost = " (without it the inclusion probabilities are lost: draw anew)" if missing[0].startswith("p_") else ""
        raise InputError(f"the sample has no column {missing[0]!r}{lost}")
    if not len(sample):
        raise InputError("the sample has no units")
    silent = sample[~np.isfinite(sample["machine_value"].astype(float))]
    if len(silent):
        raise InputError(f"unit {silent['unit'].iloc[0]!r:.40} has no machine_value: the machine did not read it")
    key = ["unit", "category"] if of_frames(sample) else ["unit"]
    twice = sample[sample.duplicated(key)]
    if len(twice):
        raise InputError(f"the sample holds unit {twice['unit'].iloc[0]!r:.40} twice")
    for name in ("p_article", "p_passage"):
        probability = pd.to_numeric(sample[name], errors="coerce")
        wrong = ~((probability > 0) & (probability <= 1))
        if wrong.any():
            row = sample[wrong].iloc[0]
            raise InputError(
                f"unit {row['unit']!r:.40} has {name} {row[name]!r:.20}: an inclusion probability is above 0 and at "
                "most 1; one that is lost cannot be guessed"
            )


def _check_codes(sample: pd.DataFrame, codes: pd.DataFrame, allowed: list[str], frames: bool) -> None:
    missing = next((name for name in ("unit", "coder", "label") if name not in codes), None)
    if missing:
        raise InputError(f"the codes have no column {missing!r}")
    unknown = codes.loc[~codes["unit"].isin(sample["unit"]), "unit"]
    if len(unknown):
        raise InputError(f"unit {unknown.iloc[0]!r:.40} is coded and not in the sample")
    twice = codes[codes.duplicated(["unit", "coder"])]
    if len(twice):
        unit, coder = twice.iloc[0][["unit", "coder"]]
        raise InputError(f"coder {coder!r:.40} coded unit {unit!r:.40} twice")
    names = codes["label"].astype(str)
    if frames:
        names = names.str.split(";").explode()
        names = names[names != NONE]
    wrong = names[~names.isin(allowed)]
    if len(wrong):
        unit = codes.loc[wrong.index[0], "unit"] if codes.index.is_unique else "?"
        raise InputError(f"unit {unit!r:.40} has the label {wrong.iloc[0]!r:.60}; there are: {', '.join(allowed)}")
