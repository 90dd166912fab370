"""Scorers: one contract for every entry of SCORERS, and the sign of plain sentences."""

from __future__ import annotations

import math
import shutil
import subprocess
import sys
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from twelve_days import twelve_days

from corpora import Article, Corpus, InputError
from framing.countries import find_mentions
from framing.passages import passage_frame, passages
from framing.scorers import SCORERS, load_scorer
from framing.scores import SCORE_COLUMNS, scores_schema
from framing.scoring import MEASURES, joined_schema, reads, score
from framing.weights import load_weight

ENTRIES = [(measure, cost) for measure in sorted(SCORERS) for cost in sorted(SCORERS[measure])]
every_scorer = pytest.mark.parametrize(("measure", "cost"), ENTRIES, ids=[f"{m}-{c}" for m, c in ENTRIES])


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    """Passages of eight articles, and some that no writer would write."""
    articles = [article for _, article in zip(range(8), twelve_days().articles(), strict=False)]
    odd = [
        "Russia",
        "RUSSIA!!! U.S.???",
        "12,000 Russia 3.5 % U.S.",
        "Russia " * 300 + "met the U.S.",
        "Russia—U.S. 🙂",
    ]
    articles += [Article(f"odd{i}", "The Odd", body=text) for i, text in enumerate(odd)]
    rows = [row for article in articles for row in passages(article, ("RUS", "USA"))]
    return passage_frame(rows)


# --- The contract ---


@every_scorer
def test_a_scorer_has_what_the_contract_names(measure: str, cost: str) -> None:
    scorer = load_scorer(measure, cost)
    assert scorer.measure == measure
    assert scorer.name
    assert scorer.version
    assert scorer.reads in ("target", "pair")
    assert len(set(scorer.labels)) == len(scorer.labels) >= 2


@every_scorer
def test_there_is_one_row_a_passage_in_the_batch_s_order(measure: str, cost: str, frame: pd.DataFrame) -> None:
    scorer = load_scorer(measure, cost)
    batch = reads(frame, scorer)
    assert len(batch) > 20
    scores = scorer.score(batch)
    assert tuple(scores.columns) == SCORE_COLUMNS == tuple(scores_schema().names)
    # A scorer of directions gives a row for each way.
    assert list(dict.fromkeys(scores["passage_id"])) == batch["passage_id"].tolist()
    assert not scores.duplicated(["passage_id", "category"]).any()
    for column, value in (("measure", measure), ("scorer", scorer.name), ("scorer_version", scorer.version)):
        assert set(scores[column]) == {value}


@every_scorer
def test_values_are_on_the_scale_and_missing_where_the_label_is(measure: str, cost: str, frame: pd.DataFrame) -> None:
    scorer = load_scorer(measure, cost)
    scores = scorer.score(reads(frame, scorer))
    known = scores["value"].notna()
    assert known.any()
    assert scores["value"][known].between(-1, 1).all()
    assert scores["value"][known].nunique() > 10
    assert scores["confidence"][known].between(0, 1).all()
    assert (scores["label"].notna() == known).all()
    assert (scores["confidence"].notna() == known).all()
    # A scorer of shares has a row for each of its labels, which stand in the category.
    assert set(scores["label"][known]) <= {*scorer.labels, "yes", "no"}
    assert set(scores["category"]) <= {"", *scorer.labels, "RUS>USA", "USA>RUS"}


@every_scorer
def test_an_empty_batch_gives_an_empty_table(measure: str, cost: str, frame: pd.DataFrame) -> None:
    scores = load_scorer(measure, cost).score(frame.iloc[:0])
    assert len(scores) == 0
    assert tuple(scores.columns) == SCORE_COLUMNS


@every_scorer
def test_the_batch_around_a_passage_does_not_matter(measure: str, cost: str, frame: pd.DataFrame) -> None:
    scorer = load_scorer(measure, cost)
    batch = reads(frame, scorer)
    whole = scorer.score(batch)
    singly = pd.concat([scorer.score(batch.iloc[[i]]) for i in range(len(batch))], ignore_index=True)
    pd.testing.assert_frame_equal(singly, whole, check_exact=True)


@every_scorer
def test_order_does_not_matter_and_the_same_comes_out_twice(measure: str, cost: str, frame: pd.DataFrame) -> None:
    scorer = load_scorer(measure, cost)
    batch = reads(frame, scorer)
    key = ["passage_id", "category"]
    whole = scorer.score(batch).sort_values(key, ignore_index=True)
    turned = scorer.score(batch.iloc[::-1].reset_index(drop=True)).sort_values(key, ignore_index=True)
    pd.testing.assert_frame_equal(turned, whole, check_exact=True)
    again = load_scorer(measure, cost).score(batch).sort_values(key, ignore_index=True)
    pd.testing.assert_frame_equal(again, whole, check_exact=True)


@every_scorer
def test_scoring_leaves_the_batch_as_it_was(measure: str, cost: str, frame: pd.DataFrame) -> None:
    scorer = load_scorer(measure, cost)
    batch = reads(frame, scorer)
    before = batch.copy(deep=True)
    scorer.score(batch)
    pd.testing.assert_frame_equal(batch, before)


@every_scorer
def test_a_scorer_needs_only_text_and_spans(measure: str, cost: str, frame: pd.DataFrame) -> None:
    scorer = load_scorer(measure, cost)
    batch = reads(frame, scorer)
    bare = batch[["text", "target_span", "source_span"]]
    whole = scorer.score(batch)
    # Without the pair's name a scorer of directions reads the one that the spans tell.
    first = whole if measure == "subject" else whole.drop_duplicates("passage_id")
    assert scorer.score(bare)["value"].equals(first["value"].reset_index(drop=True))


@every_scorer
def test_a_span_read_back_from_parquet_is_read_the_same(measure: str, cost: str, frame: pd.DataFrame) -> None:
    # Parquet gives lists or arrays where the passages have tuples.
    scorer = load_scorer(measure, cost)
    batch = reads(frame, scorer)
    arrays = batch.copy()
    for column in ("target_span", "source_span"):
        cells = [None if span is None else np.array(span) for span in batch[column]]
        arrays[column] = pd.Series(cells, dtype=object)
    pd.testing.assert_frame_equal(scorer.score(arrays), scorer.score(batch), check_exact=True)


# --- Signs ---

POSITIVE = [
    "Russia deserves praise for its generous and brave help.",
    "The president praised Russia as a great and reliable friend.",
    "Russia won admiration for its peaceful, honest leadership.",
    "Everyone applauded Russia for its excellent work.",
    "We are grateful to Russia, a trusted and wonderful partner.",
    "The envoy thanked Russia warmly for its kindness.",
    "Russia is a strong, successful and respected country.",
    "Experts hailed the brilliant success of Russia.",
    "Russia earned trust and respect with its good deeds.",
    "The world loves and admires Russia for its courage.",
]
NEGATIVE = [
    "Russia is a brutal aggressor that lies and kills.",
    "The president condemned Russia for its cruel and illegal attack.",
    "Russia was accused of terrible crimes and corruption.",
    "Everyone criticized Russia for its shameful lies.",
    "Russia threatens its neighbours with war and terror.",
    "The envoy blamed Russia for the deadly disaster.",
    "Russia is a weak, failing and corrupt state.",
    "Experts denounced the horrible abuses by Russia.",
    "Russia lost all trust with its evil deeds.",
    "The world fears and hates Russia for its violence.",
]
COOPERATION = [
    "Russia and the United States signed an agreement on Monday.",
    "The United States and Russia agreed to cooperate against terrorism.",
    "Washington welcomed the offer of talks made by Moscow.",
    "Russia praised the United States for its help.",
    "The Russian and American presidents met for friendly talks.",
    "Moscow and Washington reached a deal on nuclear arms.",
    "The United States thanked Russia for releasing the prisoners.",
    "American and Russian troops held a joint exercise.",
    "Washington lifted sanctions on Moscow.",
    "Russia agreed to work together with the United States in Syria.",
]
CONFLICT = [
    "Russia accused the United States of spying.",
    "The United States imposed new sanctions on Russia.",
    "Moscow expelled American diplomats on Friday.",
    "Washington condemned the Russian attack.",
    "Russia threatened the United States with retaliation.",
    "The United States blamed Russia for the cyberattack.",
    "The Kremlin rejected the American demands.",
    "American jets attacked Russian troops.",
    "Russia denounced the United States for its aggression.",
    "Washington accused Moscow of violating the treaty.",
]


def rows(texts: list[str]) -> pd.DataFrame:
    """Passages with the first mention of Russia as source and of the USA as target, or Russia as the only target."""
    table = []
    for text in texts:
        spans: dict[str, tuple[int, int]] = {}
        for mention in find_mentions(text):
            spans.setdefault(mention.country, (mention.start, mention.end))
        pair = "USA" in spans
        table.append(
            {
                "text": text,
                "target_span": spans["USA" if pair else "RUS"],
                "source_span": spans["RUS"] if pair else None,
            }
        )
    return pd.DataFrame(table)


@pytest.mark.parametrize(
    ("measure", "texts", "sign"),
    [
        ("sentiment", POSITIVE, 1),
        ("sentiment", NEGATIVE, -1),
        ("tone", POSITIVE, 1),
        ("tone", NEGATIVE, -1),
        ("relation", COOPERATION, 1),
        ("relation", CONFLICT, -1),
    ],
)
def test_ten_plain_sentences_have_the_sign_that_any_reader_gives_them(
    measure: str, texts: list[str], sign: int
) -> None:
    values = load_scorer(measure).score(rows(texts))["value"]
    wrong = [text for text, value in zip(texts, values, strict=True) if not value * sign > 0]
    # Measured: 0 of 10 wrong for sentiment and tone; for relation 1 of cooperation and 2 of conflict ("Washington
    # condemned the Russian attack", "Russia denounced the United States for its aggression"). It may not get worse.
    assert len(wrong) <= {"relation": 1 if sign > 0 else 2}.get(measure, 0), wrong


def test_sentiment_depends_on_which_of_two_countries_is_the_target() -> None:
    text = (
        "The brutal, corrupt regime of Russia jailed hundreds, while the United States was praised as a great friend."
    )
    spans = {m.country: (m.start, m.end) for m in find_mentions(text)}
    frame = pd.DataFrame({"text": [text, text], "target_span": [spans["RUS"], spans["USA"]], "source_span": [None] * 2})
    russia, america = load_scorer("sentiment").score(frame)["value"]
    assert russia < america


def test_the_relation_scorer_abstains_where_nothing_between_the_two_is_told() -> None:
    texts = [
        "He has lived in Russia and in the United States.",
        "The film was shot in Moscow, London and Washington.",
        "Wheat is grown in the United States, Russia and Canada.",
    ]
    scores = load_scorer("relation").score(rows(texts))
    assert scores["value"].isna().sum() >= 2
    assert not (scores["value"] == 0).any()


def test_tone_abstains_on_a_passage_without_letters() -> None:
    frame = pd.DataFrame({"text": ["12 %", "Fine."], "target_span": [(0, 2), (0, 4)], "source_span": [None, None]})
    scores = load_scorer("tone").score(frame)
    assert math.isnan(scores["value"][0])
    assert scores["label"][0] is None
    assert scores["value"][1] > 0


# --- Names and weights ---


@pytest.mark.parametrize(
    ("measure", "cost", "says"),
    [
        (
            "mood",
            "light",
            "no scorer 'mood'; there are: attitude, deeds, frames:bilateral, frames:functions, frames:generic, "
            "frames:policy, relation, sentiment, subject, tone",
        ),
        ("sentiment", "heavy", "scorer 'sentiment' has no cost 'heavy'; there are: encoder, light"),
    ],
)
def test_a_wrong_name_lists_the_right_ones(measure: str, cost: str, says: str) -> None:
    with pytest.raises(InputError, match=f"^{says}$"):
        load_scorer(measure, cost)


def test_a_weight_that_is_not_there_is_named() -> None:
    with pytest.raises(InputError, match="no weight 'sentiment-heavy'"):
        load_weight("sentiment-heavy")


def test_every_weight_has_its_checksum() -> None:
    folder = files("framing").joinpath("models")
    listed = {line.split()[1] for line in folder.joinpath("SHA256SUMS").read_text().splitlines()}
    assert listed == {
        path.name
        for path in Path(str(folder)).iterdir()
        if path.suffix in (".skops", ".onnx", ".npz") or path.name in ("tokenizer.json", "encoder.json", "frames.json")
    }


# In a process of its own: loads a weight, changes one byte of the file in the middle, and loads it afresh.
CHANGES_A_WEIGHT = """
from pathlib import Path
from framing import weights
print(weights.load_weight("relation-light"))
path = Path(weights.__file__).parent / "models" / "relation-light.skops"
data = bytearray(path.read_bytes())
data[len(data) // 2] ^= 1
path.write_bytes(data)
weights.load_weight.__wrapped__("relation-light")
"""


def test_a_weight_file_that_was_changed_is_refused(tmp_path: Path) -> None:
    # A copy of the package, so that the weight that is shipped stays as it is.
    source = Path(__file__).parent.parent
    for package in ("corpora", "framing"):
        shutil.copytree(source / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__", "*.jsonl"))
    done = subprocess.run(
        [sys.executable, "-c", CHANGES_A_WEIGHT],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.startswith("RelationClassifier"), done.stderr
    assert done.returncode != 0
    assert "weight relation-light.skops is cut short or changed: its checksum differs" in done.stderr


# --- The joined table ---


def test_score_joins_scores_with_passages_and_articles() -> None:
    articles = [
        Article("a1", "The Daily", title="Russia waits", body="Russia praised the plan. The U.S. and Russia met."),
        Article("a2", "The Weekly", body="Nothing about either."),
        Article("a3", "The Weekly", body="Russland wartet.", language="de"),
    ]
    whole = score(Corpus.of(articles), "USA-RUS")
    assert list(whole.columns)[:8] == list(SCORE_COLUMNS)
    assert set(joined_schema().names) <= set(whole.columns)
    assert set(whole["measure"]) == set(MEASURES)
    assert set(whole["article_id"]) == {"a1"}
    # Sentences: the title (RUS), the first (RUS), the second (RUS, USA and the pair).
    assert whole.groupby("measure").size().to_dict() == {"relation": 1, "sentiment": 4, "tone": 4}
    assert set(whole["outlet"]) == {"The Daily"}
    assert (whole["story"] == whole["article_id"]).all()


def test_score_of_nothing_is_an_empty_table_with_the_same_columns() -> None:
    full = score(Corpus.of([Article("a1", "The Daily", body="Russia met the U.S.")]), "USA-RUS")
    empty = score(Corpus.of([]), "USA-RUS")
    none = score(Corpus.of([Article("a1", "The Daily", body="It rains.")]), "USA-RUS")
    assert len(empty) == len(none) == 0
    assert list(empty.columns) == list(none.columns) == list(full.columns)


def test_batches_come_out_one_after_the_other() -> None:
    bodies = ["Russia praised the plan.", "The U.S. attacked Russia.", "Russia met the U.S."]
    corpus = Corpus.of([Article(f"a{i}", "The Daily", body=bodies[i % 3]) for i in range(420)])
    found = score(corpus, "USA-RUS", measures=["tone"])
    numbers = [int(article_id[1:]) for article_id in found["article_id"]]
    assert all(a <= b for a, b in pairwise(numbers))
    assert set(numbers) == set(range(420))
