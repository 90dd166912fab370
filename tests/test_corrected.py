"""Corrected: a report's estimates by human codes beside those of the machine, and folders of codes that do not fit."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from coding_report import DYAD, FRAMES, OUTLETS, articles, sample_folder, scores_of

from corpora import Article
from corpora.errors import InputError
from framing.coding.sample import read_sample
from reports.article_scores import counted
from reports.comparison import Comparison, compare_articles
from reports.corrected import METHOD, Corrected, beside, corrected
from reports.estimation import holm
from reports.gathering import Gathering
from reports.inferred_page import _corrected as told_on_page
from reports.inferred_prose import agreement_sentence
from reports.lock import _codes
from reports.study import Primary, Study

MEASURES = ("sentiment", "attitude", "relation", "frames:functions")
SETTINGS = {"reference": "rest", "minimum_articles": 10, "minimum_stories": 5, "draws": 100, "seed": 1}
NUMBERS = ["value", "se", "low", "high", "n_articles", "n_stories", "n_passages"]
DAILY, WEEKLY, FORMULA = OUTLETS


@dataclass(frozen=True)
class World:
    """The made-up corpus, its scores, and what a report gathers of them."""

    made: list[Article]
    scores: pd.DataFrame
    tables: dict[str, pd.DataFrame]
    comparison: Comparison


@pytest.fixture(scope="module")
def world() -> World:
    made = articles(60)
    scores = scores_of(made)
    gathering = Gathering(Study(DYAD, measures=MEASURES, coded=("codes",)), ())
    gathering.add(scores)
    tables = {name: counted(table, "own", "news") for name, table in gathering.tables().items()}
    comparison = compare_articles(tables["all"], **SETTINGS)
    frames = tables["described"][tables["described"]["measure"] == "frames:functions"]
    return World(made, scores, {"tested": tables["all"], "frames": frames, "none": tables["none"]}, comparison)


def write_codes(
    folder: Path, say: Any = lambda unit: unit["machine_label"], coders: tuple[str, ...] = ("anna",)
) -> None:
    """Codes of every unit: what `say` makes of it, by default what the machine said."""
    units = read_sample(folder).units.drop_duplicates("unit")
    rows = [
        {**{name: unit[name] for name in ("unit", "passage_id", "passage_sha256")}, "coder": coder, "label": say(unit),
         "note": ""}
        for unit in units.to_dict("records") for coder in coders
    ]  # fmt: skip
    pd.DataFrame(rows).to_csv(folder / "codes.csv", index=False)


def coded(world: World, folder: Path, measure: str = "sentiment", number: int = 45, **changes: Any) -> Path:
    sample_folder(world.made, world.scores, folder, measure, number)
    write_codes(folder, **changes)
    return folder


def run(world: World, *folders: Path, **changes: Any) -> tuple[Corrected, ...]:
    study = Study(DYAD, measures=MEASURES, coded=tuple(map(str, folders)), **changes)
    return corrected(study, world.comparison, world.tables, SETTINGS)


def same(machine: pd.DataFrame, reported: pd.DataFrame) -> None:
    """Levels and differences over the whole time are the same in both."""
    names = ["kind", "outlet", "reference"]
    one, other = (table.sort_values(names)[[*names, *NUMBERS]].reset_index(drop=True) for table in (machine, reported))
    assert len(one) >= 4
    pd.testing.assert_frame_equal(one, other, rtol=1e-9)


# --- Beside the machine's ---


@pytest.mark.parametrize(
    ("measure", "mark"),
    [("sentiment", {"target": "RUS"}), ("attitude", {"pair": "USA>RUS"}), ("relation", {"pair": "RUS-USA"})],
)
def test_where_all_outlets_are_coded_the_machine_s_rows_are_those_of_the_report(
    world: World, tmp_path: Path, measure: str, mark: dict[str, str]
) -> None:
    [found] = run(world, coded(world, tmp_path / "codes", measure))
    comparison = world.comparison
    if measure == "relation":
        # The report leaves abstentions out; human codes know "none", which is 0.
        comparison = compare_articles(world.tables["none"], **SETTINGS)
    rows = comparison.estimates
    rows = rows[(rows["measure"] == measure) & (rows["period"] == "") & rows["kind"].isin(["level", "difference"])]
    for name, value in mark.items():
        rows = rows[rows[name] == value]
    same(found.machine, rows)
    assert set(found.machine["outlet"]) == set(OUTLETS)


def test_a_code_is_no_probability_so_that_the_machine_s_own_labels_correct_its_values(
    world: World, tmp_path: Path
) -> None:
    # The machine's value is a difference of probabilities, a code is -1, 0 or +1.
    folder = coded(world, tmp_path / "codes")
    [found] = run(world, folder)
    assert set(found.human["kind"]) == {"corrected"}
    assert set(found.human["method"]) == {METHOD}
    assert found.human["outlet"].tolist() == found.machine["outlet"].tolist()
    assert not np.allclose(found.human["value"], found.machine["value"])
    assert found.outlets["n_coded"].sum() == 45


@pytest.mark.parametrize(("label", "value"), [("negative", -1.0), ("neutral", 0.0), ("positive", 1.0)])
def test_levels_are_those_of_the_codes_where_all_say_the_same(
    world: World, tmp_path: Path, label: str, value: float
) -> None:
    folder = coded(world, tmp_path / "codes", number=60, say=lambda unit: label)
    [found] = run(world, folder)
    levels = found.human[found.human["reference"] == ""]
    assert list(levels["value"]) == pytest.approx([value] * 3)
    # Nothing varies, so that nothing can be tested.
    assert list(found.human[found.human["reference"] != ""]["value"]) == pytest.approx([0.0] * 3)
    assert found.human[["low", "high", "p", "p_adjusted"]].isna().all(axis=None)


def test_the_sign_of_a_corrected_difference_is_that_of_the_codes(world: World, tmp_path: Path) -> None:
    for name, kind, other in (("up", "positive", "negative"), ("down", "negative", "positive")):

        def say(unit: dict[str, Any], kind: str = kind, other: str = other) -> str:
            return "neutral" if unit["unit"].endswith("3") else kind if unit["outlet"] == DAILY else other

        [found] = run(world, coded(world, tmp_path / name, number=60, say=say))
        gap = found.human[(found.human["reference"] == "rest") & (found.human["outlet"] == DAILY)].iloc[0]
        assert np.sign(gap["value"]) == (1 if kind == "positive" else -1)
        assert gap["p_adjusted"] < 0.001


def test_frames_are_corrected_each_and_screened(world: World, tmp_path: Path) -> None:
    def say(unit: dict[str, Any]) -> str:
        return ";".join(FRAMES[:2]) if unit["unit"].endswith("3") else FRAMES[0]

    [found] = run(world, coded(world, tmp_path / "codes", "frames:functions", number=60, say=say))
    levels = found.human[found.human["reference"] == ""].set_index(["category", "outlet"])["value"]
    assert set(levels.index.get_level_values(0)) == set(FRAMES)
    assert list(levels[FRAMES[0]]) == pytest.approx([1.0] * 3)
    assert levels[FRAMES[1]].between(0.01, 0.4).all()
    assert list(levels[FRAMES[2]]) == pytest.approx([0.0] * 3)
    gaps = found.human[found.human["reference"] == "rest"].set_index("category")
    assert gaps.loc[FRAMES[1], "p_adjusted"].notna().all()
    assert gaps.loc[FRAMES[0], "p_adjusted"].isna().all()


def test_an_outlet_with_too_few_codes_is_in_neither_and_is_told(world: World, tmp_path: Path) -> None:
    folder = coded(world, tmp_path / "codes", number=14)
    [found] = run(world, folder)
    few = found.outlets[found.outlets["n_coded"] < 5]["outlet"].tolist()
    assert few
    assert not set(few) & set(found.machine["outlet"])
    assert not set(few) & set(found.human["outlet"])
    page = told_on_page(found)
    assert all(any(outlet in line for line in page["short"]) for outlet in few)


# --- Which comparisons ---


def test_declared_comparisons_of_the_question_alone_are_tested(world: World, tmp_path: Path) -> None:
    folder = coded(world, tmp_path / "codes")
    primary = (Primary("sentiment", DAILY, WEEKLY, "RUS"), Primary("relation", WEEKLY),
               Primary("sentiment", WEEKLY, "", "USA"))  # fmt: skip
    [found] = run(world, folder, primary=primary)
    tested = found.human[found.human["p_adjusted"].notna()]
    assert list(zip(tested["outlet"], tested["reference"], strict=True)) == [(DAILY, WEEKLY)]


def test_without_codes_of_the_reference_there_are_levels_and_no_differences(world: World, tmp_path: Path) -> None:
    folder = coded(world, tmp_path / "codes")
    study = Study(DYAD, measures=MEASURES, coded=(str(folder),), reference="Gone")
    [found] = corrected(study, world.comparison, world.tables, SETTINGS | {"reference": "Gone"})
    assert set(found.human["reference"]) == {""}
    assert set(found.machine["reference"]) == {""}
    assert found.note == "no differences: too few articles of the reference Gone are coded"


def test_the_page_has_machine_and_human_beside_each_other(world: World, tmp_path: Path) -> None:
    [found] = run(world, coded(world, tmp_path / "codes", coders=("anna", "ben")))
    page = told_on_page(found)
    assert page["what"] == "Sentiment toward: Russia"
    assert {row["outlet"] for row in page["levels"]} == set(OUTLETS)
    human = found.human.set_index(["outlet", "reference"])["value"]
    machine = found.machine.set_index(["outlet", "reference"])["value"]
    for row in (*page["levels"], *page["differences"]):
        assert row["value"] == human[row["outlet"], row["reference"]]
        assert row["value_machine"] == machine[row["outlet"], row["reference"]]
        assert row["n_coded"] == found.outlets.set_index("outlet").loc[row["outlet"], "n_coded"]
    assert page["agreement"].startswith("Krippendorff's alpha of the coders is 1.00 (nominal")


def test_one_coder_agrees_with_nobody_and_the_page_says_so(world: World, tmp_path: Path) -> None:
    [found] = run(world, coded(world, tmp_path / "codes"))
    assert agreement_sentence(found.agreement).startswith("How far coders agree is not known: ")


# --- Codes that do not fit ---


def test_a_folder_without_codes_or_sample_is_named(world: World, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^codes in nowhere: .*holds no sample"):
        run(world, tmp_path / "nowhere")
    sample_folder(world.made, world.scores, tmp_path / "bare")
    with pytest.raises(InputError, match=r"^codes in bare: .*has no codes yet"):
        run(world, tmp_path / "bare")


def test_codes_of_another_report_are_refused(world: World, tmp_path: Path) -> None:
    folder = coded(world, tmp_path / "codes")
    other = {name: table.assign(article_id="x" + table["article_id"]) for name, table in world.tables.items()}
    with pytest.raises(InputError, match=r"^codes in codes: article .* was sampled and is not among the "):
        run(World(world.made, world.scores, other, world.comparison), folder)


def test_codes_of_other_scores_are_refused(world: World, tmp_path: Path) -> None:
    folder = coded(world, tmp_path / "codes")
    moved = {name: table.assign(value=table["value"] / 2) for name, table in world.tables.items()}
    with pytest.raises(InputError, match=r"^codes in codes: article .* has the machine's value .* in the sample"):
        run(World(world.made, world.scores, moved, world.comparison), folder)


def test_codes_of_a_part_of_the_articles_are_refused(world: World, tmp_path: Path) -> None:
    folder = coded(world, tmp_path / "codes")
    drawn = set(read_sample(folder).units["article_id"])
    rows = world.tables["tested"]
    gone = rows[~rows["article_id"].isin(drawn)]["article_id"].iloc[0]
    part = world.tables | {"tested": rows[rows["article_id"] != gone]}
    with pytest.raises(InputError, match=r"^codes in codes: .* articles, and the sample was drawn from "):
        run(World(world.made, world.scores, part, world.comparison), folder)


def test_a_key_that_was_changed_is_refused(world: World, tmp_path: Path) -> None:
    folder = coded(world, tmp_path / "codes")
    key = folder / "sample.csv"
    key.write_text(key.read_text(encoding="utf-8") + "\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"^codes in codes: .*inclusion probabilities cannot be trusted"):
        run(world, folder)


def test_a_measure_that_the_study_lacks_is_refused(world: World, tmp_path: Path) -> None:
    folder = coded(world, tmp_path / "codes", "relation")
    study = Study(DYAD, measures=("sentiment",), coded=(str(folder),))
    with pytest.raises(InputError, match=r"^codes in codes: they are of 'relation', which the study does not measure$"):
        corrected(study, world.comparison, world.tables, SETTINGS)


def test_a_question_of_which_nothing_was_scored_is_refused(world: World, tmp_path: Path) -> None:
    folder = coded(world, tmp_path / "codes")
    none = {name: table[table["target"] != "RUS"] for name, table in world.tables.items()}
    with pytest.raises(
        InputError, match=r"^codes in codes: no article of the study is scored for 'Sentiment toward: Ru"
    ):
        run(World(world.made, world.scores, none, world.comparison), folder)


def test_without_folders_there_is_nothing(world: World) -> None:
    assert run(world) == ()


def test_a_corrected_relation_is_another_quantity_and_stands_beside_none_of_the_report_s_differences(
    world: World, tmp_path: Path
) -> None:
    found = run(world, coded(world, tmp_path / "s"), coded(world, tmp_path / "r", "relation"))
    differences = world.comparison.differences().to_dict("records")
    beside_it = {row["measure"] for row in differences if beside(found, row)}
    assert beside_it == {"sentiment"}
    assert {row["measure"] for row in differences} >= {"sentiment", "relation"}


def test_corrected_differences_are_tested_together_over_all_that_was_coded(world: World, tmp_path: Path) -> None:
    both = run(world, coded(world, tmp_path / "s"), coded(world, tmp_path / "a", "attitude"))
    tested = pd.concat([one.human[one.human["p_adjusted"].notna()] for one in both])
    assert tested["measure"].nunique() == 2
    assert tested["p_adjusted"].tolist() == pytest.approx(holm(tested["p"].to_numpy(dtype=float)).tolist())
    # One question by itself is a smaller family.
    [alone] = run(world, tmp_path / "s")
    assert (alone.human["p_adjusted"].dropna().to_numpy() <= both[0].human["p_adjusted"].dropna().to_numpy()).all()
    assert alone.human["p_adjusted"].dropna().tolist() != both[0].human["p_adjusted"].dropna().tolist()


def test_the_lock_knows_other_codes_and_another_sample(tmp_path: Path) -> None:
    sums = set()
    for sample, codes in (("a", "b"), ("a", "c"), ("d", "b")):
        (tmp_path / "sample.csv").write_text(sample, encoding="utf-8")
        (tmp_path / "codes.csv").write_text(codes, encoding="utf-8")
        sums.add(_codes(tmp_path))
    assert len(sums) == 3
    (tmp_path / "codes.csv").unlink()
    with pytest.raises(InputError, match=r"^no human codes in .*: it has no codes\.csv$"):
        _codes(tmp_path)
