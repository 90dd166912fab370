"""Plans: probabilities of labels from what the machine says, and the interval that coding would reach."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from coding_report import DYAD, FRAMES

from corpora.errors import InputError
from framing.coding.probabilities import label_probabilities
from framing.coding.question import ask
from reports.planning import plan

SENTIMENT = ask("sentiment", DYAD, target="RUS")


def read(chances, labels, relative=False):
    """What a machine with these probabilities says."""
    chances = np.array(chances, dtype=float)
    low, _, high = chances.T
    value = (high - low) / (high + low) if relative else high - low
    return pd.DataFrame(
        {
            "machine_label": [labels[k] for k in chances.argmax(axis=1)],
            "machine_value": value.round(6),
            "machine_confidence": chances.max(axis=1).round(6),
            "category": "",
        }
    )


def articles(number=300, passages=3, seed=0, sure=8.0):
    """Readings of two outlets, half of whose stories are shared; the machine is as sure as it should be."""
    rng = np.random.default_rng(seed)
    rows = []
    for outlet, shift in (("A", 0.0), ("B", 1.0)):
        for n in range(number):
            chances = rng.dirichlet(sure * np.array([0.3, 0.4 + shift / 5, 0.3]), passages)
            said = read(chances, SENTIMENT.labels)
            told = {"outlet": outlet, "article_id": f"{outlet}{n}", "story": f"s{n if n % 2 else outlet + str(n)}"}
            rows.append(said.assign(passage_id=[f"{outlet}{n}.{k}" for k in range(passages)], **told))
    return pd.concat(rows, ignore_index=True)


def test_three_probabilities_follow_from_label_value_and_confidence():
    chances = np.random.default_rng(1).dirichlet([1, 1, 1], 400)
    for measure, relative in (("sentiment", False), ("relation", True)):
        question = ask(measure, DYAD, target="RUS" if measure == "sentiment" else "")
        found, values = label_probabilities(read(chances, question.labels, relative), question)
        kept = chances.argmax(axis=1) != 1 if relative else np.full(400, True)
        np.testing.assert_allclose(found[kept], chances[kept], atol=1e-4)
        np.testing.assert_allclose(found.sum(axis=1), 1)
        assert values.tolist() == [-1, 0, 1]


def test_a_relation_that_is_not_seen_is_none_for_sure():
    silent = pd.DataFrame(
        {"machine_label": ["none"], "machine_value": [0.0], "machine_confidence": [np.nan], "category": [""]}
    )
    assert label_probabilities(silent, ask("relation", DYAD))[0].tolist() == [[0, 1, 0]]
    extreme = silent.assign(machine_label="conflict", machine_value=-1.0, machine_confidence=0.9)
    np.testing.assert_allclose(label_probabilities(extreme, ask("relation", DYAD))[0], [[0.9, 0.1, 0.0]])


def test_of_a_frame_the_value_is_the_probability():
    question = ask("frames:functions", DYAD, frames=FRAMES)
    rows = pd.DataFrame({"category": [*FRAMES, *FRAMES], "machine_value": np.arange(8) / 10})
    found, values = label_probabilities(rows, question, FRAMES[1])
    np.testing.assert_allclose(found, [[0.9, 0.1], [0.5, 0.5]])
    assert values.tolist() == [0, 1]
    with pytest.raises(InputError, match="name a frame with --category"):
        label_probabilities(rows, question, "nothing")


def test_more_coding_gives_narrower_intervals_but_never_narrower_than_none_at_all():
    found = plan(articles(), SENTIMENT, "A", "B", width=0.08, draws=20)
    widths = found.table["half_width"].to_numpy()
    assert (np.diff(widths) < 0).all()
    assert widths[-1] > found.uncoded
    assert found.table["articles"].iloc[-1] == 600
    assert found.articles == found.table.loc[found.table["half_width"] <= 0.08, "articles"].iloc[0]
    assert (found.table["of_outlet"] + found.table["of_reference"] - found.table["articles"]).abs().max() <= 1
    assert (found.table["passages"] == 3 * found.table["articles"]).all()


def test_the_width_is_what_the_formula_of_independent_articles_gives():
    # Articles alone on their events: variance of y by outlet is var(f) + E[e^2] N / n, of a mean of 3 errors of 0.6.
    read_ = articles(400).assign(story=lambda t: t["article_id"])
    found = plan(read_, SENTIMENT, "A", "B", error=0.6, draws=30)
    machine = read_.groupby(["outlet", "article_id"])["machine_value"].mean()
    spread = machine.groupby("outlet").var()
    for row in found.table.itertuples():
        variance = sum((spread[o] + 0.6**2 / 3 * 400 / (row.articles / 2)) / 400 for o in "AB")
        assert row.half_width == pytest.approx(1.96 * np.sqrt(variance), rel=0.06)


def test_an_unsure_machine_needs_more_coding():
    wide, narrow = (plan(articles(sure=sure), SENTIMENT, "A", "B", draws=10) for sure in (20.0, 0.2))
    assert wide.error > 2 * narrow.error
    assert wide.calibrated
    assert wide.table["half_width"].iloc[0] > narrow.table["half_width"].iloc[0]


def test_the_recommendation_is_of_a_sample_of_all_outlets():
    rest = articles(300, seed=5).assign(outlet="C", article_id=lambda t: "c" + t["article_id"])
    found = plan(pd.concat([articles(), rest], ignore_index=True), SENTIMENT, "A", "B", width=0.2, draws=10)
    assert found.all_articles == 2 * found.articles


def test_what_cannot_be_reached_is_said():
    found = plan(articles(40), SENTIMENT, "A", "B", width=0.001, draws=10)
    assert found.articles is None
    assert found.all_articles is None


def test_the_same_seed_plans_the_same():
    one, two, other = (plan(articles(30), SENTIMENT, "A", "B", draws=10, seed=seed).table for seed in (1, 1, 2))
    pd.testing.assert_frame_equal(one, two)
    assert not one["half_width"].equals(other["half_width"])


def test_bad_input_is_refused():
    rows = articles(30)
    for given, message in (
        ({"reference": "C"}, "no outlet 'C' in the report; there are: A, B"),
        ({"reference": "A"}, "cannot be compared with itself"),
        ({"width": 0.0}, "above 0"),
        ({"width": float("nan")}, "above 0"),
        ({"error": -1.0}, "0 to 2"),
        ({"passages": 0}, "at least 1"),
        ({"draws": 5}, "at least 1 and 10"),
    ):
        with pytest.raises(InputError, match=message):
            plan(rows, SENTIMENT, **{"outlet": "A", "reference": "B", **given})
    alone = rows[(rows["outlet"] == "A") | (rows["article_id"] == "B0")]
    with pytest.raises(InputError, match="'B' has 1 articles on 1 stories; 2 and 2 are needed"):
        plan(alone, SENTIMENT, "A", "B")
