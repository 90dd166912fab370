"""Frames of passages: the shipped scorers, how they are evaluated, and what they share with the relation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner

from corpora.errors import InputError
from framing.codebook import load_codebook, shipped_codebooks
from framing.encoder import load_encoder
from framing.evaluation import evaluate
from framing.frame_articles import is_article
from framing.frames import POOR, frame_f1, load_frames
from framing.scorers import COSTS, load_scorer, measures, together
from framing.scores import SCORE_COLUMNS
from framing.training.real import real_corpus
from reports.cli import main

GOLD = Path(__file__).parent / "gold" / "real-frames.jsonl"
# One sentence that carries a frame plainly; none of them was learned from.
PLAIN = {
    "policy": {
        "economic": "The tax would cost shopkeepers two billion euros a year and push up the price of bread.",
        "legality": "The supreme court ruled that the decree was unconstitutional and struck it down.",
        "crime-punishment": "Police arrested four men, who face ten years in prison for smuggling.",
        "health-safety": "Doctors warned that the fumes cause cancer and asthma in children.",
        "public-opinion": "A poll found that 62 percent of voters support the ban.",
        "political": "Republicans and Democrats traded blows in the Senate before the vote on the bill.",
    },
    "bilateral": {
        "economy": "Germany imposed sanctions on Iranian banks, and trade between the two fell by a third.",
        "diplomacy": "The foreign ministers of Germany and Iran met in Vienna for a new round of talks.",
        "leaders": "The two presidents like each other and telephone every week, aides in Berlin and Tehran say.",
        "interference": "Berlin accused Iran of meddling in its election through hacked e-mails and false news.",
    },
    "generic": {
        "conflict": "The opposition accused the minister of lying and demanded his resignation.",
        "human-interest": "The widow wept as she held the photograph of her son, who was nine when he died.",
    },
    "functions": {
        "remedy": "To stop the leaks, the commission proposes a new fund for repairs and stricter inspections.",
        "cause": "The crash was caused by a worn bolt that the airline had failed to replace.",
    },
}


def passages(*texts: str) -> pd.DataFrame:
    empty = pd.Series([None] * len(texts), dtype=object)
    return pd.DataFrame({"text": texts, "target_span": empty, "source_span": empty}).assign(
        passage_id=[f"p{number}" for number in range(len(texts))]
    )


@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("name", shipped_codebooks())
def test_a_passage_has_one_row_for_each_frame_in_the_codebook_s_order(name: str, cost: str) -> None:
    scores = load_frames(f"frames:{name}", cost).score(passages("Talks failed.", "Prices rose."))
    assert list(scores.columns) == list(SCORE_COLUMNS)
    assert scores["category"].tolist() == 2 * list(load_codebook(name).names)
    assert scores["passage_id"].tolist() == ["p0"] * (len(scores) // 2) + ["p1"] * (len(scores) // 2)
    assert set(scores["label"]) <= {"yes", "no"}
    assert scores["value"].between(0, 1).all()
    assert set(scores["measure"]) == {f"frames:{name}"}


@pytest.mark.parametrize(("name", "frame"), [(name, frame) for name, rows in PLAIN.items() for frame in rows])
def test_a_sentence_that_carries_a_frame_plainly_is_told_to(name: str, frame: str) -> None:
    scores = load_frames(f"frames:{name}", "encoder").score(passages(PLAIN[name][frame])).set_index("category")
    assert scores.loc[frame, "label"] == "yes", scores["value"].to_dict()


@pytest.mark.parametrize("name", shipped_codebooks())
def test_a_sentence_of_plain_facts_carries_no_frame(name: str) -> None:
    scores = load_frames(f"frames:{name}", "encoder").score(passages("The room has two doors and faces the yard."))
    assert (scores["label"] == "no").sum() >= len(scores) - 1


@pytest.mark.parametrize("name", ["policy", "bilateral"])
def test_a_frame_is_told_from_its_own_threshold_on_and_not_from_one_half(name: str) -> None:
    scorer = load_frames(f"frames:{name}", "encoder")
    scores = scorer.score(passages(*(text for rows in PLAIN.values() for text in rows.values())))
    values = scores["value"].to_numpy().reshape(-1, len(scorer.labels))
    due = values >= scorer.classifier().thresholds_
    assert (due != (values >= 0.5)).any()
    np.testing.assert_array_equal(scores["label"].to_numpy().reshape(due.shape) == "yes", due)


@pytest.mark.parametrize("cost", COSTS)
def test_scores_do_not_depend_on_what_else_is_in_the_batch(cost: str) -> None:
    scorer = load_frames("frames:policy", cost)
    texts = [text for rows in PLAIN.values() for text in rows.values()]
    whole = scorer.score(passages(*texts))["value"].to_numpy().reshape(len(texts), -1)
    alone = [scorer.score(passages(text))["value"].to_numpy() for text in texts]
    np.testing.assert_array_equal(whole, np.array(alone))


def test_the_encoder_reads_frames_of_whatever_two_countries_alike() -> None:
    texts = [
        "Germany imposed sanctions on Iranian banks.",
        "Brazil imposed sanctions on Kenyan banks.",
        "Russia imposed sanctions on American banks.",
    ]
    values = load_frames("frames:bilateral", "encoder").score(passages(*texts))["value"].to_numpy().reshape(3, -1)
    np.testing.assert_allclose(values, np.repeat(values[:1], 3, axis=0), atol=1e-6)


@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize("text", ["", "   ", "—", "?!"])
def test_a_passage_without_a_word_has_no_value(text: str, cost: str) -> None:
    scores = load_frames("frames:generic", cost).score(passages(text))
    assert scores["value"].isna().all()
    assert scores["label"].isna().all()


@pytest.mark.parametrize("cost", COSTS)
@pytest.mark.parametrize(
    "text", ["x" * 20_000, "a " * 9_000, "\u202e\u0000 sanctions", "🙂 sanctions 🙂", "[CLS] [SEP] sanctions"]
)
def test_a_hostile_text_is_scored_like_any_other(text: str, cost: str) -> None:
    scores = load_frames("frames:policy", cost).score(passages(text))
    assert scores["value"].between(0, 1).all()


def test_no_passages_make_no_rows() -> None:
    assert load_frames("frames:generic", "encoder").score(passages()).empty


def test_frames_and_relation_together_read_a_passage_once_and_say_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [text for rows in PLAIN.values() for text in rows.values()]
    table = passages(*texts)
    scorers = [load_scorer(measure) for measure in ("relation", "deeds", "frames:bilateral", "frames:policy")]
    apart = [scorer.score(table)["value"].to_numpy() for scorer in scorers]
    encoder, passes = load_encoder("reader"), []
    run = encoder.run
    monkeypatch.setattr(encoder, "run", lambda inputs, *heads: passes.append(heads) or run(inputs, *heads))
    with together(scorers):
        shared = [scorer.score(table)["value"].to_numpy() for scorer in scorers]
    assert len(passes) == len(texts)
    for one, other in zip(apart, shared, strict=True):
        np.testing.assert_array_equal(one, other)
    passes.clear()
    scorers[0].score(table)
    assert len(passes) == len(texts), "what was kept is let go"


def test_measures_and_errors_name_the_codebooks() -> None:
    assert {f"frames:{name}" for name in shipped_codebooks()} <= set(measures())
    with pytest.raises(InputError, match=r"no codebook 'nope': none of bilateral, .* framing codebook train"):
        load_scorer("frames:nope")
    with pytest.raises(InputError, match=r"no scorer 'frame'.*frames:policy"):
        load_scorer("frame")


def test_what_is_known_of_each_shipped_frame_is_a_share_or_nothing() -> None:
    for name in shipped_codebooks():
        for cost in COSTS:
            known = frame_f1(load_frames(f"frames:{name}", cost))
            assert list(known) == list(load_codebook(name).names)
            assert all(f1 is None or 0 <= f1 <= 1 for f1 in known.values())
    assert any(f1 is not None and f1 >= POOR for f1 in frame_f1(load_frames("frames:bilateral", "encoder")).values())


# Evaluation


def gold(tmp_path: Path, *rows: dict[str, Any]) -> Path:
    path = tmp_path / "gold.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_the_figures_are_those_worked_out_by_hand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Four rows; conflict is told in two of the three rows that have it and in the one that has not."""
    told = [[1, 0], [1, 0], [0, 0], [1, 0]]
    due = [["conflict"], ["conflict"], ["conflict"], ["economic"]]
    path = gold(tmp_path, *({"id": k, "text": f"Row {k}.", "labels": labels} for k, labels in enumerate(due)))

    def score(self: Any, table: pd.DataFrame) -> pd.DataFrame:
        place = {"conflict": 0, "economic": 1}
        answers = [bool(row[place[frame]]) if frame in place else False for row in told for frame in self.labels]
        return pd.DataFrame({"label": ["yes" if answer else "no" for answer in answers]})

    monkeypatch.setattr("framing.frames.FramesScorer.score", score)
    result = evaluate("frames", path, codebook="generic")
    # conflict: yes 2 * 2 / (3 + 3) = 2/3, no 0; economic: yes 0, no 2 * 3 / (3 + 4) = 6/7.
    assert result.figures["macro_f1"] == pytest.approx((2 / 3 + 0) / 2)
    assert result.figures["balanced_f1"] == pytest.approx(((2 / 3 + 0) / 2 + (0 + 6 / 7) / 2) / 2)
    # Right: 2 of conflict, 3 of economic, all 12 of the other three.
    assert result.figures["accuracy"] == pytest.approx(17 / 20)
    assert result.f1 == {"conflict": pytest.approx(2 / 3), "economic": 0.0}


def test_labels_of_other_codebooks_are_passed_over_and_strange_ones_need_a_map(tmp_path: Path) -> None:
    path = gold(tmp_path, {"id": 1, "text": "Prices rose.", "labels": ["policy:economic", "generic:economic"]})
    assert evaluate("frames", path, "light", codebook="generic").n == 1
    path = gold(tmp_path, {"id": 1, "text": "Prices rose.", "labels": ["Money"]})
    with pytest.raises(InputError, match=r"label 'Money' is not in the codebook.*--map Money=FRAME"):
        evaluate("frames", path, "light", codebook="generic")
    assert evaluate("frames", path, "light", codebook="generic", mapped={"Money": "economic"}).f1.keys() == {"economic"}
    assert evaluate("frames", path, "light", codebook="generic", mapped={"Money": ""}).f1 == {}
    with pytest.raises(InputError, match="no frame 'gold' to map to"):
        evaluate("frames", path, "light", codebook="generic", mapped={"Money": "gold"})


@pytest.mark.parametrize("labels", [None, "economic", [1], {"economic": 1}])
def test_labels_that_are_no_list_of_texts_stop_the_run(tmp_path: Path, labels: Any) -> None:
    with pytest.raises(InputError, match="line 1: has no list 'labels' of texts"):
        evaluate("frames", gold(tmp_path, {"id": 1, "text": "A.", "labels": labels}), "light", codebook="generic")


def test_frames_need_a_codebook_and_nothing_else_has_one(tmp_path: Path) -> None:
    path = gold(tmp_path, {"id": 1, "text": "A.", "labels": []})
    with pytest.raises(InputError, match="--codebook NAME"):
        evaluate("frames", path, "light")
    with pytest.raises(InputError, match="--codebook NAME"):
        evaluate("tone", path, "light", codebook="generic")


def test_a_long_text_is_read_as_an_article() -> None:
    assert not is_article("One. Two. Three.")
    assert is_article(" ".join(f"The minister spoke on day {k}." for k in range(9)))


def test_the_command_prints_a_table_by_frame_and_one_json_object(tmp_path: Path) -> None:
    path = gold(
        tmp_path,
        {"id": 1, "text": "The tax costs two billion euros.", "labels": ["economic"]},
        {"id": 2, "text": "The court met on Monday.", "labels": []},
    )
    command = ["evaluate", "frames", str(path), "--codebook", "generic", "--cost", "light"]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.output
    assert "balanced_f1" in done.output
    assert "economic" in done.output
    told = json.loads(CliRunner().invoke(main, [*command, "--json"]).output)
    assert {"scorer", "version", "n", "abstained", "accuracy", "macro_f1", "balanced_f1", "f1", "baselines"} <= set(
        told
    )
    assert set(told["baselines"]) == {"majority", "always yes", "cues"}


# Real passages


@pytest.fixture(scope="module")
def real(shared: Path) -> Any:
    with real_corpus(shared / "real") as corpus:
        yield corpus


def test_the_coded_passages_are_those_of_the_real_articles_and_no_text_is_committed(real: Any) -> None:
    rows = [json.loads(line) for line in GOLD.read_text(encoding="utf-8").splitlines()]
    assert len(rows) == 240
    assert not any("text" in row for row in rows)
    names = {f"{name}:{frame}" for name in shipped_codebooks() for frame in load_codebook(name).names}
    assert all({*row["labels"], *row["first"], *row["second"]} <= names for row in rows)
    # A label that both readings gave stands; one that neither gave does not.
    for row in rows:
        one, two, kept = ({*row[key]} for key in ("first", "second", "labels"))
        assert one & two <= kept <= one | two
    assert evaluate("frames", GOLD, "light", real, "bilateral").n == 240


def test_no_article_that_tests_is_learned_from() -> None:
    training = GOLD.parent.parent.parent / "framing" / "training"
    tested = {json.loads(line)["article_id"] for line in GOLD.read_text(encoding="utf-8").splitlines()}
    for name in ("coded-frames", "coded-frame-articles"):
        lines = (training / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        assert not tested & {json.loads(line)["article_id"] for line in lines}
