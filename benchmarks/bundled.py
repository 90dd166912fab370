"""Planted properties of the corpus us-russia: what a report on it finds, and what it does not.

    python benchmarks/bundled.py [FOLDER]

Writes the report of the shipped study into FOLDER (a temporary one where none is named) and prints Markdown, the tables
of docs/bundled-corpus.md.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.metrics import f1_score

from corpora.bundled import bundled_folder, load_bundled
from corpora.bundled.truth import DIRECTIONS, STANCES, Truth
from corpora.votes import votes
from framing.agreement import agreement
from framing.story_evaluation import evaluate_stories
from reports.change_points import change_points
from reports.decomposition import decompose
from reports.estimation import Cell, difference
from reports.report import Results, write_report
from reports.study_file import read_study

NAME = "us-russia"
MINIMUM = (6, 5)
MITTEL, VARVARKA, RODNIK = "Mittel Press Service", "Varvarka Business Daily", "Rodnik News Agency"
POTOMAC, PRAIRIE, MARSA = "Potomac Ledger", "Prairie Courier", "Al Marsa"
MEASURES = (("sentiment", "USA"), ("sentiment", "RUS"), ("relation", ""))
LINES = {("sentiment", "USA"): "usa", ("sentiment", "RUS"): "rus", ("relation", ""): "rel"}
STANCE = dict(zip(MEASURES, STANCES, strict=True))
TOLD = {("sentiment", "USA"): "sentiment toward the USA", ("sentiment", "RUS"): "sentiment toward Russia",
        ("relation", ""): "relation"}  # fmt: skip
CHANGES = {
    (PRAIRIE, "sentiment", "RUS"): ("2018-01-01", "2018-01"),
    (MARSA, "sentiment", "USA"): ("2017-10-01", "2017-10"),
}
TREATMENT = (
    (POTOMAC, RODNIK, "sentiment", "RUS"),
    (POTOMAC, RODNIK, "sentiment", "USA"),
    (POTOMAC, PRAIRIE, "relation", ""),
)
AGENDA = ((RODNIK, "sentiment", "RUS"), (POTOMAC, "relation", ""))
# Who is quoted, as the report's categories.
SPEAKS = {POTOMAC: ("officials of USA",), PRAIRIE: ("public",), RODNIK: ("officials of RUS",), VARVARKA: ("business",),
          MARSA: ("experts", "public")}  # fmt: skip


@dataclass(frozen=True)
class Row:
    """A planted property, or a null, and what the report says of it.

    Attributes:
        what: The property, in words.
        planted: Its size in the plan, on the outlets' lines (-1 to +1) where it is one of them; 0 for a null, missing
            where only a direction was planted.
        coded: The same contrast of what was coded on the texts, on the same scale; missing where nothing was coded.
        found: `value`, `low`, `high` of the report.
        where: Section of the report's page.
        side: +1 or -1 where the property is planted, 0 for a null.
    """

    what: str
    planted: float
    coded: float
    found: dict[str, float]
    where: str
    side: int

    def verdict(self) -> str:
        """Whether the 95 % interval leaves out 0 on the planted side."""
        low, high = self.found.get("low", np.nan), self.found.get("high", np.nan)
        if np.isnan(low):
            return "not tested"
        seen = 1 if low > 0 else -1 if high < 0 else 0
        if self.side == 0:
            return "null" if seen == 0 else "**found, not planted**"
        return "found" if seen == self.side else "**not found**" if seen == 0 else "**the other way round**"


class Ground:
    """The report's article scores beside the key: by story as found, and by event as planted."""

    def __init__(self, results: Results, truth: Truth) -> None:
        self.results, self.truth = results, truth
        self.scores = results.comparison.articles[results.comparison.articles["voice"] == ""]
        self.described = results.described.articles
        key = truth.articles
        self.event = key.set_index("article_id")["event"]
        own = key[~(key["wire_share"] >= 0.5)]
        self.coded = own.assign(story=own["event"], n_passages=1)

    def read(self, measure: str, target: str) -> pd.DataFrame:
        """Scores of the articles that count."""
        rows = self.scores
        return rows[(rows["measure"] == measure) & (rows["target"] == target) & (rows["scorer"] == "encoder")]

    def gold(self, measure: str, target: str) -> pd.DataFrame:
        """Coded stances of the same kind, on the scale of the outlets' lines."""
        return self.coded.assign(value=self.coded[f"coded_{STANCE[measure, target]}"] / 2)

    def line(self, outlet: str, measure: str, target: str) -> float:
        """The planted line."""
        return float(self.truth.outlets[outlet]["line"][LINES[measure, target]])


def against(rows: pd.DataFrame, outlet: str, others: Iterable[str] = ()) -> dict[str, float]:
    """An outlet less the mean of others, all of the rest where none is named, as the report's differences are made."""
    cells = {str(name): Cell(each, MINIMUM) for name, each in rows.groupby("outlet")}
    if outlet not in cells:
        return {}
    return difference(cells[outlet], [cells[name] for name in others or sorted(set(cells) - {outlet})])


def value(found: dict[str, float]) -> float:
    """The size of a contrast."""
    return float(found.get("value", np.nan))


def lines(ground: Ground) -> Iterator[Row]:
    """The eight declared lines, and two outlets that are planted alike."""
    names = sorted(ground.truth.outlets)
    for primary in ground.results.comparison.primary:
        one, what = primary.outlet, (primary.measure, primary.target)
        planted = ground.line(one, *what) - np.mean([ground.line(o, *what) for o in names if o != one])
        coded = value(against(ground.gold(*what), one))
        found = against(ground.read(*what), one)
        yield Row(f"{one} v. the rest, {TOLD[what]}", planted, coded, found, "Differences", int(np.sign(planted)))
    for what in MEASURES:
        coded = value(against(ground.gold(*what), MITTEL, [VARVARKA]))
        found = against(ground.read(*what), MITTEL, [VARVARKA])
        yield Row(f"{MITTEL} less {VARVARKA}, {TOLD[what]}", 0.0, coded, found, "What they cover", 0)


def half_years(ground: Ground) -> Iterator[Row]:
    """The widest planted contrast in each half-year."""
    what = ("sentiment", "RUS")
    planted = ground.line(POTOMAC, *what) - ground.line(RODNIK, *what)
    for label, rows in ground.read(*what).groupby("period"):
        ids = set(rows["article_id"])
        gold = ground.gold(*what)
        coded = value(against(gold[gold["article_id"].isin(ids)], POTOMAC, [RODNIK]))
        found = against(rows, POTOMAC, [RODNIK])
        yield Row(f"{POTOMAC} less {RODNIK}, {TOLD[what]}, {label}", planted, coded, found, "Sentiment", -1)


def changes(ground: Ground) -> Iterator[Row]:
    """Levels on both sides of the two planted dates; the search for change points is `searched`."""
    for (outlet, *what), (day, _) in CHANGES.items():
        facts = ground.truth.outlets[outlet]
        line = LINES[what[0], what[1]]
        planted = facts["after"][line] - facts["before"][line]
        side = int(np.sign(planted))
        sizes = []
        for rows, date in ((ground.gold(*what), "date"), (ground.read(*what), "published")):
            own = rows[rows["outlet"] == outlet]
            cells = [Cell(own[own[date] >= day], MINIMUM), Cell(own[own[date] < day], MINIMUM)]
            sizes.append(difference(cells[0], cells[1:]))
        what_ = f"{outlet}, {TOLD[what[0], what[1]]}: after {day} less before, the date given"
        yield Row(what_, planted, value(sizes[0]), sizes[1], "(by half-years) Sentiment", side)


def searched(ground: Ground) -> Iterator[str]:
    """Change points by months: of the planted two, and how many of the other sixteen series have one."""
    false = 0
    for over in ground.results.inferred.over_time:
        what = (over.key["measure"], over.key["target"])
        if what not in LINES:
            continue
        for outlet, told in over.changes.items():
            planted = CHANGES.get((outlet, *what))
            if not planted:
                false += len(told)
                continue
            one = change_points(ground.read(*what).query("outlet == @outlet"), "month")
            alone = "; ".join(f"{c.period} ({c.value:+.2f}, p {c.p:.3f})" for c in one) or "none"
            coded = change_points(ground.gold(*what).query("outlet == @outlet").rename(columns={"date": "published"}))
            by_hand = "; ".join(f"{c.period} ({c.value:+.2f}, p {c.p:.3f})" for c in coded) or "none"
            said = "; ".join(c.period for c in told) or "**none**"
            yield f"| {outlet}, {TOLD[what]} | {planted[1]} | {said} | {alone} | {by_hand} |"
    yield f"| the other 16 series | none | {false or 'none'} | | |"


def treatment(ground: Ground) -> Iterator[Row]:
    """Treatment on shared stories, as found and by the key's events."""
    for one, other, *what in (*TREATMENT, *((MITTEL, VARVARKA, *what) for what in MEASURES)):
        planted = ground.line(one, *what) - ground.line(other, *what)
        rows = ground.read(*what)
        gold = decompose(ground.gold(*what), one, other, MINIMUM)
        for said, table in (
            ("", rows),
            (", stories by the key", rows.assign(story=rows["article_id"].map(ground.event))),
        ):
            parts = decompose(table, one, other, MINIMUM)
            [found] = parts.parts[parts.parts["kind"] == "treatment"].to_dict("records")
            name = f"{one} and {other}, {TOLD[what[0], what[1]]} ({parts.shared} shared{said})"
            yield Row(name, planted, gold.part("treatment"), found, "What they cover", int(np.sign(planted)))


def agenda(ground: Ground) -> Iterator[Row]:
    """Events that an outlet skips less those it tells, as the others tell them, each event once."""
    skips = {name: set(facts["skips"]["events"]) for name, facts in ground.truth.outlets.items()}
    implied = {RODNIK, POTOMAC}
    for outlet in sorted(skips):
        for what in MEASURES:
            planted = (outlet, *what) in AGENDA
            if outlet in implied and not planted:
                continue
            sizes = []
            for rows in (ground.gold(*what), ground.read(*what)):
                others = rows[rows["outlet"] != outlet].assign(story=lambda t: t["article_id"].map(ground.event))
                events = others.groupby("story", as_index=False).agg(value=("value", "mean")).assign(n_passages=1)
                skipped = events["story"].isin(skips[outlet])
                sizes.append(difference(Cell(events[skipped], MINIMUM), [Cell(events[~skipped], MINIMUM)]))
            side = 0 if not planted else -1 if outlet == RODNIK else 1
            name = f"{outlet}: events skipped less told, {TOLD[what]}"
            yield Row(name, np.nan if side else 0.0, value(sizes[0]), sizes[1], "(key's events; no section)", side)
    for one, what, side in ((RODNIK, MEASURES[1], 1), (POTOMAC, MEASURES[2], -1)):
        parts = decompose(ground.read(*what), one, MITTEL, MINIMUM)
        [found] = parts.parts[parts.parts["kind"] == "unshared"].to_dict("records")
        coded = decompose(ground.gold(*what), one, MITTEL, MINIMUM).part("unshared")
        name = f"{one} less {MITTEL}, unshared part, {TOLD[what]}"
        yield Row(name, np.nan, coded, found, "What they cover", side)


def described(ground: Ground) -> Iterator[Row]:
    """Headline gaps, frames and voices, each outlet against the rest."""
    rows, facts = ground.described, ground.truth.outlets
    gaps = rows[(rows["measure"] == "headline gap") & (rows["category"] == "sentiment")]
    for target in ("USA", "RUS"):
        for outlet in sorted(facts):
            planted = facts[outlet]["headline_gap"] if target == "USA" else 0.0
            # Not against the one outlet that has a gap: each null would show it, turned round.
            others = [name for name in facts if name not in (outlet, VARVARKA)]
            found = against(gaps[gaps["target"] == target], outlet, others)
            name = f"{outlet} v. the rest, headline gap, {TOLD['sentiment', target]}"
            yield Row(name, planted, np.nan, found, "Headline against body", int(np.sign(planted)))
    passages = ground.truth.passages[ground.truth.passages["pair"] != ""]
    for outlet in sorted(facts):
        frame = facts[outlet]["frames"]["favoured"]
        of = rows[(rows["measure"] == "frames:bilateral") & (rows["category"] == frame) & (rows["voice"] == "")]
        share = passages["frames"].map(lambda told, frame=frame: frame in told).groupby(passages["article_id"]).mean()
        gold = ground.coded.assign(value=ground.coded["article_id"].map(share)).dropna(subset=["value"])
        name = f"{outlet} v. the rest, frame {frame}"
        yield Row(name, np.nan, value(against(gold, outlet)), against(of, outlet), "Frames", 1)
    for outlet, groups in SPEAKS.items():
        of = rows[(rows["measure"] == "voice") & rows["category"].isin(groups) & (rows["target"] == "")]
        keep = ["article_id", "outlet", "story", "n_passages"]
        table = of.groupby(keep, as_index=False).agg(value=("value", "sum"))
        name = f"{outlet} v. the rest, voice of {' and '.join(groups)}"
        yield Row(name, np.nan, np.nan, against(table, outlet), "In whose words", 1)


def printed(title: str, rows: Iterable[Row]) -> None:
    """A table of properties."""
    print(f"\n## {title}\n\n| property | planted | coded | report | 95 % interval | | where |")
    print("|---|---|---|---|---|---|---|")
    for row in rows:
        planted = f"{row.planted:+.2f}" if row.planted else "0"
        if np.isnan(row.planted):
            planted = "yes"
        coded = "" if np.isnan(row.coded) else f"{row.coded:+.2f}"
        size, low, high = (row.found.get(name, np.nan) for name in ("value", "low", "high"))
        span = f"{low:+.2f} to {high:+.2f}"
        print(f"| {row.what} | {planted} | {coded} | {size:+.2f} | {span} | {row.verdict()} | {row.where} |")


def wire(truth: Truth, found: pd.DataFrame) -> None:
    """Planted wire copy, and what the marks say of it."""
    both = truth.articles.join(found[["share", "vote"]], on="article_id")
    print("\n## Wire copy\n\n| article | planted share | share found | counts as |\n|---|---|---|---|")
    for row in both[both["wire_share"].notna()].to_dict("records"):
        print(f"| {row['id']} | {row['wire_share']:.2f} | {row['share']:.2f} | {row['vote']} |".replace("nan", "none"))
    false = both[both["wire_share"].isna() & (both["share"].notna() | (both["vote"] != "own"))]
    print(f"\nMarked without being planted: {len(false)} of {both['wire_share'].isna().sum()}.")


def stories(rows: Sequence[dict[str, object]]) -> None:
    """Stories against the key's events."""
    found = evaluate_stories(rows)
    print("\n## Stories against events\n\n| | stories | plain TF-IDF |\n|---|---|---|")
    for name, figure in found.figures.items():
        low, high = found.intervals[name]
        plain = found.baselines["plain TF-IDF"]["figures"][name]
        print(f"| {name.replace('_', ' ')} | {figure:.3f} ({low:.3f} to {high:.3f}) | {plain:.3f} |")


def readings(truth: Truth, scores: pd.DataFrame) -> None:
    """The encoder on the coded passages: mean of each outlet, coded and read."""
    worth = {"negative": -1, "neutral": 0, "positive": 1, "conflict": -1, "none": 0, "cooperation": 1}
    print("\n## The encoder on the coded passages\n")
    print("| outlet | measure | passages | coded | read |\n|---|---|---|---|---|")
    read = scores[(scores["scorer"] == "encoder") & (scores["part"] == "body")].fillna({"target": ""})
    place = ["article_id", "start", "end", "target"]
    for measure, target in MEASURES:
        gold = truth.passages[truth.passages[measure].notna() & (truth.passages["target"] == target)]
        gold = gold[place].assign(coded=gold[measure], worth=gold[measure].map(worth))
        both = gold.merge(read[read["measure"] == measure], on=place, validate="1:1")
        # To abstain from a relation is to say that there is none; sentiment never abstains.
        labels = both["label"].fillna("none")
        same, f1 = (both["coded"] == labels).mean(), f1_score(both["coded"], labels, average="macro")
        cells = [(str(name), rows) for name, rows in both.groupby("outlet")]
        for (outlet, *what), (day, _) in CHANGES.items():
            if what == [measure, target]:
                rows = both[both["outlet"] == outlet]
                since = pd.to_datetime(rows["published"]) >= day
                cells += [(f"{outlet}, before {day}", rows[~since]), (f"{outlet}, from {day}", rows[since])]
        for name, rows in [*cells, (f"all (same label {same:.2f}, macro-F1 {f1:.2f})", both)]:
            by_hand, by_encoder = rows["worth"].mean(), rows["value"].mean()
            print(f"| {name} | {TOLD[measure, target]} | {len(rows)} | {by_hand:+.2f} | {by_encoder:+.2f} |")


def twice(truth: Truth) -> None:
    """Agreement of the first and the second coding."""
    print("\n## Agreement of the two codings\n")
    print("| label | metric | units | alpha | 95 % interval | same |\n|---|---|---|---|---|---|")
    first = truth.passages.assign(frames=truth.passages["frames"].map(frozenset, na_action="ignore"))
    second = truth.second.assign(frames=truth.second["frames"].map(frozenset, na_action="ignore"))
    passages = first.merge(second, on=["article_id", "unit"], suffixes=("", "_again"), validate="1:1")
    articles = truth.articles[truth.articles["second_relation"].notna()]
    labels = [(name, "nominal", passages, name, f"{name}_again") for name in ("sentiment", "relation", *DIRECTIONS)]
    labels += [("frames", "masi", passages, "frames", "frames_again")]
    labels += [("voice", "nominal", passages, "voice", "voice_again")]
    labels += [(f"article: {name}", "ordinal", articles, f"coded_{name}", f"second_{name}") for name in STANCES]
    for name, metric, table, one, other in labels:
        asked = table[table[one].notna()]
        codes = list(zip(asked[one], asked[other], strict=True))
        found = agreement(codes, metric, clusters=list(asked["article_id"]), what=name)
        span, same = f"{found.low:.2f} to {found.high:.2f}", np.mean([a == b for a, b in codes])
        print(f"| {name} | {metric} | {found.n_units} | {found.alpha:.2f} | {span} | {same:.2f} |")


def main(folder: Path) -> None:
    """Print every table."""
    corpus, truth = load_bundled(NAME, truth=True)
    results = write_report(corpus, read_study(bundled_folder(NAME) / "study.toml"), folder)
    ground = Ground(results, truth)
    printed("Lines", lines(ground))
    printed("Half-years", half_years(ground))
    printed("Change of line", changes(ground))
    print("\n| change points by months | planted | report | searched alone | of the coded stances |")
    print("|---|---|---|---|---|")
    print(*searched(ground), sep="\n")
    effects = pd.concat([over.effects for over in results.inferred.over_time])["p_adjusted"].dropna()
    sure = (effects < 0.05).sum()
    print(f"\nDeclared events, nothing planted: {sure} of {len(effects)} effects after Holm's correction.")
    printed("Treatment", treatment(ground))
    printed("Agenda", agenda(ground))
    printed("Headlines, frames, voices", described(ground))
    wire(truth, votes(corpus))
    event = truth.articles.set_index("article_id")["event"]
    told = corpus.frame(["article_id", "outlet", "published", "title", "body"]).rename(columns={"body": "text"})
    told = told.assign(story=told["article_id"].map(event), published=told["published"].astype(str))
    stories(told.to_dict("records"))
    readings(truth, pd.read_parquet(folder / "scores.parquet"))
    twice(truth)


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as place:
            main(Path(place) / "report")
