"""Truth: what is known of a bundled corpus whose articles were written to a plan, apart from the articles.

A key is a folder `key/` beside the articles: `events.toml` and `outlets.toml` (what is real, what was planted),
`plan.csv` (a row an article), `gold.jsonl` (a line an article, coded on its text afterwards) and `second.jsonl` (a part
of it coded again). No reader of articles looks there.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from corpora.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

# What a coder says of an article, and a writer was asked for: toward either country, and of the relation.
STANCES = ("stance_usa", "stance_rus", "relation")
PLACE = ("unit", "part", "start", "end", "target", "pair", "target_span", "source_span", "passage_sha256")
LABELS = ("sentiment", "relation", "frames", "voice", "speaker")
DIRECTIONS = ("RUS>USA", "USA>RUS")


@dataclass(frozen=True)
class Truth:
    """What is known of a bundled corpus: what was planted, and what was coded on the texts afterwards.

    Attributes:
        articles: One row an article: `article_id`, the columns of the plan (`outlet`, `event`, `wire` and others) with
            its stances as `planned_stance_usa`, `planned_stance_rus`, `planned_relation`; then the coded ones as
            `coded_...` and those of the second coding as `second_...`, missing where an article was not coded again.
            Stances are -2 (hostile, conflict), -1, 0 (even), 1, 2 (warm, partnership).
        passages: One row a coded passage: `article_id`, its place (`article.text(part)[start:end]`, with
            `passage_sha256`), `target` or `pair`, and its labels: `sentiment` of a target; `relation`, `frames`
            (sorted, of the codebook `bilateral`) and the attitudes `RUS>USA` and `USA>RUS` of a pair; `voice` and
            `speaker` of both. Missing where a label is not asked for.
        second: The passages that were coded again, in the same columns; the same coder's agreement with itself.
        outlets: Outlet to what its articles were written by: line, change, skips, frames, voices.
        events: Event to its date, facts with sources, and effects.
        planted: What was planted, and what was not, in words.
    """

    articles: pd.DataFrame
    passages: pd.DataFrame
    second: pd.DataFrame
    outlets: dict[str, dict[str, Any]]
    events: dict[str, dict[str, Any]]
    planted: dict[str, Any]


def read_truth(folder: Path) -> Truth:
    """The key in a bundled corpus' folder.

    Raises:
        InputError: The corpus has no key.
    """
    key = folder / "key"
    if not key.is_dir():
        raise InputError(f"bundled corpus {folder.name!r} has no key; its truth is not known")
    first, second = _coded(key / "gold.jsonl"), _coded(key / "second.jsonl")
    outlets = tomllib.loads((key / "outlets.toml").read_text(encoding="utf-8"))
    events = tomllib.loads((key / "events.toml").read_text(encoding="utf-8"))
    return Truth(
        articles=_articles(key / "plan.csv", first, second),
        passages=_passages(first),
        second=_passages(second),
        outlets={outlet["name"]: outlet for outlet in outlets["outlet"]},
        events={event["id"]: event for event in events["event"]},
        planted=outlets["planted"],
    )


def _coded(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def _articles(path: Path, first: list[dict[str, Any]], second: list[dict[str, Any]]) -> pd.DataFrame:
    """The plan, with what was coded of each article beside it."""
    import pandas as pd

    shares = {"wire_share": [""]}
    plan = pd.read_csv(path, keep_default_na=False, na_values=shares, parse_dates=["date"])
    plan = plan.rename(columns={stance: f"planned_{stance}" for stance in STANCES})
    for name, rows in (("coded", first), ("second", second)):
        coded = pd.DataFrame(rows, columns=["article_id", *STANCES]).rename(
            columns={stance: f"{name}_{stance}" for stance in STANCES}
        )
        plan = plan.merge(coded, on="article_id", how="left", validate="1:1")
    return plan


def _passages(rows: list[dict[str, Any]]) -> pd.DataFrame:
    import pandas as pd

    told = [
        {
            "article_id": row["article_id"],
            **{name: unit[name] for name in PLACE},
            **{name: unit.get(name) for name in LABELS},
            "frames": tuple(sorted(unit["frames"])) if "frames" in unit else None,
            **{name: unit.get("attitude", {}).get(name) for name in DIRECTIONS},
        }
        for row in rows
        for unit in row["units"]
    ]
    return pd.DataFrame(told, columns=["article_id", *PLACE, *LABELS, *DIRECTIONS])
