"""A small report whose machine is made up: its scores, its folder, and the corpus it is of; and coders who fill sheets.

Used by tests/test_coding_*.py.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
from dataclasses import dataclass

import numpy as np
import pandas as pd

from corpora.article import Article
from corpora.corpus import Corpus
from corpora.storage import file_sha256
from framing.codebook import load_codebook
from framing.coding.instructions import instructions
from framing.coding.marking import shown
from framing.coding.question import ask, readings
from framing.coding.sample import Sample, write_sample
from framing.coding.sampling import draw
from framing.scores import both_ways, score_rows
from framing.scoring import joined, score_articles
from reports.kept import NAME, KeptScores
from reports.study import Study
from reports.study_file import study_toml

DYAD = ("RUS", "USA")
OUTLETS = ("The Daily", "The Weekly", "=HYPERLINK(1)")
FRAMES = load_codebook("functions").names
SENTENCES = (
    "Russia expelled two diplomats on Monday.",
    "=1+1 said Moscow, “the naïve” café.",
    "- Washington and Moscow will hold talks, officials said.",
    "The weather was fine.",
    "The Kremlin praised the United States for its help;\nit was a first.",
    "Nobody in Russia [[was]] surprised.",
)


@dataclass(frozen=True)
class MadeUp:
    """A scorer that reads a passage by its hash."""

    measure: str
    labels: tuple[str, ...]
    reads: str = "target"
    name: str = "made-up"
    version: str = "1"

    def score(self, passages):
        if self.measure.startswith("frames:"):
            rows = [self._rows(passages, frame).assign(category=frame) for frame in self.labels]
            return pd.concat(rows).sort_index(kind="stable").reset_index(drop=True)
        if self.measure == "attitude":
            return both_ways(passages, self._rows(passages), self._rows(passages, "back"))
        return self._rows(passages)

    def _rows(self, passages, salt=""):
        seeds = [int(hashlib.sha256(f"{one}{salt}".encode()).hexdigest()[:8], 16) for one in passages["passage_id"]]
        chance = np.array([np.random.default_rng(seed).dirichlet([1, 1, 1]) for seed in seeds]).reshape(-1, 3)
        if self.measure.startswith("frames:"):
            yes = chance[:, 0] > 0.5
            return score_rows(self, passages, np.where(yes, "yes", "no"), chance[:, 0], np.abs(chance[:, 0]))
        value = chance[:, 1] - chance[:, 0] if self.measure == "relation" else chance[:, 2] - chance[:, 0]
        label = np.array(self.labels, dtype=object)[chance.argmax(axis=1)]
        if self.measure == "relation":
            value = np.where(label == "none", np.nan, value / (chance[:, 1] + chance[:, 0]))
        return score_rows(self, passages, label, value, chance.max(axis=1))


SCORERS = (
    MadeUp("sentiment", ("negative", "neutral", "positive")),
    MadeUp("attitude", ("negative", "neutral", "positive"), "pair"),
    MadeUp("relation", ("conflict", "cooperation", "none"), "pair"),
    MadeUp("frames:functions", FRAMES, "pair"),
)


def articles(number=60):
    days = pd.date_range("2017-01-01", "2017-12-31", periods=number)
    made = []
    for n, day in enumerate(days):
        text = " ".join(SENTENCES[(n + k) % len(SENTENCES)] for k in range(3 + n % 4))
        made.append(
            Article.from_record(
                {"n": n}, outlet=OUTLETS[n % 7 % 3], title="A headline", body=text, published=day.date(), language="en"
            )
        )
    return made


def scores_of(made):
    found = joined(*score_articles(made, DYAD, SCORERS))
    # Each two articles that follow one another are on one event.
    of = {one.article_id: f"story-{n // 2}" for n, one in enumerate(made)}
    return found.assign(story=found["article_id"].map(of), vote="own", genre="news")


def report_folder(scores, folder, **changes):
    """The scores as a report keeps them, without its page."""
    folder.mkdir(parents=True, exist_ok=True)
    with KeptScores(folder / NAME, text=False) as kept:
        kept.add(scores)
    study = Study(DYAD, measures=("sentiment", "attitude", "relation", "frames:functions"), **changes)
    (folder / "study.toml").write_text(study_toml(study), encoding="utf-8")
    lock = {"corpus_sha256": "", "scores_sha256": file_sha256(folder / NAME)}
    (folder / "lock.json").write_text(json.dumps(lock), encoding="utf-8")
    return folder


def sample_folder(made, scores, folder, measure="sentiment", number=30, passages=2, seed=1):
    """A sample drawn from the scores."""
    asked = {
        "sentiment": {"target": "RUS"},
        "attitude": {"category": "USA>RUS"},
        "frames:functions": {"frames": FRAMES},
    }
    question = ask(measure, DYAD, **asked.get(measure, {}))
    units = draw(readings(scores, question), number, passages, seed)
    texts = shown(units.drop_duplicates("unit"), Corpus.of(made))
    units["passage_sha256"] = units["unit"].map({one.unit: one.passage_sha256 for one in texts})
    book = load_codebook("functions") if question.is_set else None
    sample = Sample(question, units, seed, number, passages, "made-up 1", "0" * 64, "0.1.0")
    write_sample(sample, texts, instructions(question, book), folder)
    return folder


def table(path):
    """Rows of a sheet as CSV."""
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))


def write_table(path, rows, parting=",", encoding="utf-8", header=None):
    out = io.StringIO()
    writer = csv.DictWriter(out, header or list(rows[0]), delimiter=parting, lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(rows)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def code_of(unit, labels, coder="anna"):
    """What a coder says of a unit: mostly what all say, now and then something of one's own."""
    digit = int(hashlib.sha256(f"{unit}{coder if unit.endswith('7') else ''}".encode()).hexdigest(), 16)
    return labels[digit % len(labels)]


def fill(path, labels, coder="anna"):
    """Fill a CSV sheet in place."""
    rows = table(path)
    for row in rows:
        said = code_of(row["unit"], labels, coder)
        row["code" if "code" in row else said] = said if "code" in row else "x"
    return write_table(path, rows)
