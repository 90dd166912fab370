"""Frames in a report: what the charts and tables say is what the scores say, and poor frames are marked."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from twelve_days import twelve_days, twelve_days_study

from corpora.errors import InputError
from framing.codebook import load_codebook
from framing.frames import frame_f1, load_frames
from reports.frames import ALL, SHARED, TOGETHER, poor_frames, with_contrasts
from reports.heat import heat
from reports.report import Results, write_report
from reports.study import Study
from reports.study_file import read_study

NAMES = load_codebook("bilateral").names


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Results]:
    folder = tmp_path_factory.mktemp("made") / "report"
    study = twelve_days_study()
    return folder, write_report(twelve_days(), study, folder)


@pytest.fixture(scope="module")
def scores(made: tuple[Path, Results]) -> pd.DataFrame:
    rows = pd.read_parquet(made[0] / "scores.parquet")
    return rows[(rows["measure"] == "frames:bilateral") & (rows["part"] == "body")]


def levels(results: Results, measure: str) -> pd.DataFrame:
    rows = results.described.estimates
    rows = rows[(rows["measure"] == measure) & (rows["kind"] == "level")]
    return rows[(rows["period"] == "") & rows["value"].notna()]


def test_a_level_is_the_mean_over_articles_of_the_mean_over_passages(
    made: tuple[Path, Results], scores: pd.DataFrame
) -> None:
    known = levels(made[1], "frames:bilateral")
    known = known[known["voice"] == ""].set_index(["outlet", "category"])
    assert len(known) >= 12
    counting = scores[scores["vote"].isin(["own"]) | scores["vote"].isna()]
    counting = counting[counting["genre"].isin(["news"]) | counting["genre"].isna()]
    by_article = counting.groupby(["outlet", "category", "article_id"])["value"].mean()
    due = by_article.groupby(["outlet", "category"]).mean()
    for key, row in known.iterrows():
        assert row["value"] == pytest.approx(due[key], abs=1e-6), key


def test_shares_and_their_intervals_have_the_right_order(made: tuple[Path, Results]) -> None:
    known = made[1].described.estimates
    known = known[known["measure"].str.startswith("frames:") & known["value"].notna()]
    shares = known[known["kind"] == "level"]
    assert shares["value"].between(0, 1).all()
    assert (shares["low"] <= shares["value"]).all()
    assert (shares["value"] <= shares["high"]).all()
    assert shares["p"].isna().all(), "a level is not tested"
    screened = known[known["kind"] == "difference"]
    assert set(known["kind"]) == {"level", "difference"}
    assert screened["value"].between(-1, 1).all()
    assert (screened["p_adjusted"] >= screened["p"]).all(), "what stands out is told by its q"
    assert set(screened["voice"]) == {""}


def test_shared_stories_are_those_that_two_outlets_tell() -> None:
    article = {"measure": "frames:bilateral", "category": "economy", "voice": "", "value": 0.5}
    told = [("A", "one"), ("B", "one"), ("A", "two"), ("A", "two"), ("B", "three")]
    rows = pd.DataFrame(
        [{**article, "outlet": outlet, "story": story, "article_id": str(n)} for n, (outlet, story) in enumerate(told)]
    )
    found = with_contrasts(rows)
    shared = found[found["measure"] == "frames:bilateral" + SHARED]
    assert shared["article_id"].tolist() == ["0", "1"]
    assert len(found) == len(rows) + 2


def test_voices_of_all_outlets_are_counted_together() -> None:
    article = {"measure": "frames:bilateral", "category": "economy", "value": 0.5, "story": "s"}
    rows = pd.DataFrame(
        [
            {**article, "outlet": outlet, "voice": voice, "article_id": f"{outlet}{voice}"}
            for outlet in "AB"
            for voice in ("", "own", "others")
        ]
    )
    together = with_contrasts(rows).query(f"outlet == {ALL!r}")
    assert sorted(together["voice"]) == ["others", "others", "own", "own"]
    assert set(together["measure"]) == {"frames:bilateral" + TOGETHER}


def test_other_measures_are_left_as_they_are() -> None:
    rows = pd.DataFrame([{"measure": "subject", "outlet": "A", "story": "s", "voice": "", "value": 1.0}])
    pd.testing.assert_frame_equal(with_contrasts(rows), rows)


def test_every_frame_that_is_poor_is_marked_and_told_on_the_page(made: tuple[Path, Results]) -> None:
    page = (made[0] / "index.html").read_text(encoding="utf-8")
    scorer = load_frames("frames:bilateral", "encoder")
    poor = poor_frames(scorer, 0.5)
    for frame, f1 in frame_f1(scorer).items():
        assert (frame in poor) == (f1 is None or f1 < 0.5)
        title = load_codebook("bilateral").frame(frame).title
        assert (f"<th>{title} †</th>" in page) == (frame in poor)
        if frame in poor:
            assert f"{title}: {poor[frame]}" in page


def test_the_charts_of_frames_are_there(made: tuple[Path, Results]) -> None:
    for name in ("frames-bilateral", "frames-bilateral-shared", "frames-bilateral-voices", "frames-bilateral-time"):
        assert (made[0] / "figures" / f"{name}.svg").stat().st_size > 2_000, name


def test_a_passage_behind_a_frame_is_one_that_was_told_to_carry_it(
    made: tuple[Path, Results], scores: pd.DataFrame
) -> None:
    shown = made[1].frame_examples
    assert len(shown) >= 12
    known = scores.set_index(["passage_id", "category"])
    for row in shown.to_dict("records"):
        assert known.loc[(row["passage_id"], row["category"]), "label"] == "yes"
    assert not shown.duplicated(["category", "outlet"]).any()


def test_a_study_of_frames_alone_or_a_declared_frame_is_refused() -> None:
    with pytest.raises(InputError, match="'frames:policy' alone makes no study"):
        Study(("RUS", "USA"), measures=("frames:policy",))
    with pytest.raises(InputError, match="no codebook 'nope'"):
        Study(("RUS", "USA"), measures=("sentiment", "frames:nope"))


def test_a_study_may_ask_for_several_codebooks_and_reads_back(tmp_path: Path) -> None:
    study = Study(("RUS", "USA"), measures=("sentiment", "frames:generic", "frames:policy"))
    path = tmp_path / "study.toml"
    path.write_text(study.toml(), encoding="utf-8")
    assert read_study(path).measures == study.measures


@pytest.mark.parametrize("width", [7.6, 3.9])
def test_a_heat_map_has_a_cell_a_number_and_says_so_where_there_is_none(width: float) -> None:
    frames = {name: load_codebook("bilateral").frame(name).title for name in NAMES}
    rows = pd.DataFrame(
        [
            {"outlet": outlet, "category": name, "value": k / 20, "low": k / 25, "high": k / 15, "n_articles": 12}
            for outlet in ("The Daily", "A $very$ long <name> of an outlet that nobody prints")
            for k, name in enumerate(NAMES)
        ]
    )
    drawn = heat(rows, frames, {"history": "measured F1 0.20"}, title="Frames", width=width)
    texts = [text.get_text() for axes in drawn.axes for text in axes.texts]
    assert sum(text == "50" for text in texts) == 2, "one cell of 0.5 an outlet"
    assert sum("†" in text for text in texts) == 1
    empty = heat(rows.assign(value=np.nan), frames, {}, width=width)
    assert "not enough data" in [text.get_text() for text in empty.texts]


def test_a_place_on_this_machine_stands_in_no_study(tmp_path: Path) -> None:
    (tmp_path / "codebooks").mkdir()
    path = tmp_path / "study.toml"
    path.write_text(Study(("RUS", "USA")).toml(), encoding="utf-8")
    study = read_study(path)
    assert study.codebooks == str((tmp_path / "codebooks").resolve())
    assert str(tmp_path) not in study.toml()
