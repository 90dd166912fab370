"""Samples: what is asked, how strata are formed and drawn, with which probabilities, and what the folder holds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from coding_report import DYAD, FRAMES, OUTLETS, articles, sample_folder, scores_of

from corpora.corpus import Corpus
from corpora.errors import InputError
from framing.codebook import load_codebook
from framing.coding.instructions import instructions
from framing.coding.marking import mark, neighbours, read_shown, sha256, shown
from framing.coding.question import Question, ask, asked_scores, readings, with_none
from framing.coding.sample import COLUMNS, read_sample
from framing.coding.sampling import allocate, article_table, draw, stratify, thirds
from reports.article_scores import article_scores

SENTIMENT = ask("sentiment", DYAD, target="RUS")


@pytest.fixture(scope="module")
def made():
    return articles()


@pytest.fixture(scope="module")
def scores(made):
    return scores_of(made)


def synthetic(sizes, passages=4, seed=0):
    """Readings of so many articles an outlet, over three years."""
    rng = np.random.default_rng(seed)
    rows = []
    for outlet, size in sizes.items():
        for n in range(size):
            for k in range(passages):
                rows.append(
                    {
                        "passage_id": f"{outlet}{n}.{k}", "article_id": f"{outlet}{n:05d}", "outlet": outlet,
                        "published": pd.Timestamp("2015-01-01") + pd.Timedelta(days=int(rng.integers(1095))),
                        "story": f"s{n}", "category": "", "machine_value": rng.normal(),
                    }
                )  # fmt: skip
    table = pd.DataFrame(rows)
    table["published"] = table.groupby("article_id")["published"].transform("first")
    return table.assign(period=table["published"].dt.strftime("%Y-%m"))


def test_a_question_that_is_not_whole_is_refused():
    for given, message in (
        ({"measure": "sentiment"}, "must be RUS or USA"),
        ({"measure": "sentiment", "target": "FRA"}, "'FRA'"),
        ({"measure": "sentiment", "target": "RUS", "category": "USA>RUS"}, "no category to choose"),
        ({"measure": "attitude"}, "must be RUS>USA or USA>RUS"),
        ({"measure": "attitude", "category": "USA>FRA"}, "USA>FRA"),
        ({"measure": "relation", "target": "RUS"}, "has no target"),
        ({"measure": "tone"}, "cannot be coded by hand; there are: attitude, relation, sentiment, frames:CODEBOOK"),
        ({"measure": "frames:functions"}, "no frames to ask for"),
    ):
        with pytest.raises(InputError, match=message):
            ask(dyad=DYAD, **given)


def test_readings_are_body_passages_about_what_is_asked(scores):
    read = readings(scores, SENTIMENT)
    assert set(read["part"]) == {"body"}
    about = scores[(scores["measure"] == "sentiment") & (scores["target"] == "RUS") & (scores["part"] == "body")]
    assert set(read["passage_id"]) == set(about["passage_id"])
    other = readings(scores, ask("attitude", DYAD, category="USA>RUS"))
    back = readings(scores, ask("attitude", DYAD, category="RUS>USA"))
    assert (other["machine_value"] != back["machine_value"]).any()
    assert other["passage_id"].tolist() == back["passage_id"].tolist()


def test_a_relation_on_which_the_machine_abstains_counts_as_none(scores):
    silent = (scores["measure"] == "relation") & scores["value"].isna() & (scores["part"] == "body")
    assert silent.any()
    read = readings(scores, ask("relation", DYAD)).set_index("passage_id")
    rows = read.loc[scores[silent]["passage_id"]]
    assert set(rows["machine_label"]) == {"none"}
    assert set(rows["machine_value"]) == {0.0}
    assert rows["machine_confidence"].isna().all()
    # Abstentions of other measures stay missing.
    assert with_none(scores.assign(measure="sentiment"))["value"].isna().sum() == scores["value"].isna().sum()


def test_article_scores_of_what_is_asked_are_the_means_of_the_sample(scores):
    for question in (SENTIMENT, ask("relation", DYAD), ask("attitude", DYAD, category="USA>RUS")):
        drawn = draw(readings(scores, question), 1000, 2, 1)
        means = article_scores(asked_scores(scores, question)).set_index("article_id")
        assert means.index.is_unique
        assert set(means.index) == set(drawn["article_id"])
        np.testing.assert_allclose(drawn["article_value"], means.loc[drawn["article_id"], "value"])
        assert (drawn["n_passages"].to_numpy() == means.loc[drawn["article_id"], "n_passages"].to_numpy()).all()


def test_scores_of_two_scorers_are_refused(scores):
    twice = pd.concat([scores, scores.assign(scorer_version="2")])
    with pytest.raises(InputError, match="several scorers"):
        readings(twice, SENTIMENT)
    with pytest.raises(InputError, match="no passage was scored"):
        readings(scores[scores["measure"] == "relation"], SENTIMENT)


def test_shares_are_in_proportion_with_two_of_each():
    # 5 strata of 100, 50, 30, 3, 1 articles and 20 to draw: 3 and 1 get 2 and 1; 17 among 180: 9.4, 4.7, 2.8.
    assert allocate(np.array([100, 50, 30, 3, 1]), 20).tolist() == [9, 5, 3, 2, 1]
    rng = np.random.default_rng(0)
    for _ in range(200):
        sizes = rng.integers(1, 60, rng.integers(1, 12))
        wanted = int(rng.integers(2 * len(sizes), sizes.sum() + 2 * len(sizes)))
        found = allocate(sizes, wanted)
        assert found.sum() == min(wanted, sizes.sum())
        assert (found <= sizes).all()
        assert (found >= np.minimum(sizes, 2)).all()


def test_too_few_articles_for_the_outlets_are_refused():
    with pytest.raises(InputError, match="5 articles are too few for 3 outlets; draw 6 or more"):
        draw(synthetic({"a": 20, "b": 20, "c": 20}), 5, 2, 1)
    for articles_, passages in ((1, 2), (20, 0)):
        with pytest.raises(InputError, match="at least 2 articles and 1 passage"):
            draw(synthetic({"a": 20}), articles_, passages, 1)


def test_strata_are_as_fine_as_the_sample_bears():
    table = article_table(synthetic({"a": 600, "b": 400}))
    # Outlet a gets 0.6 of the sample, its strata's least numbers at most half of that. 36 months of 3 thirds want 216
    # articles, 12 quarters 72, 3 years 18, no period 6.
    for wanted, named in ((900, "a | 2015-01 | low"), (300, "a | 2015-Q1 | low"), (100, "a | 2015 | low"),
                          (30, "a | low"), (10, "a")):  # fmt: skip
        assert named in set(stratify(table, wanted)), wanted
    undated = table.assign(published=pd.NaT, period="")
    assert "a | undated | low" in set(stratify(undated, 900))


def test_equal_values_lie_in_one_third():
    assert set(thirds(np.zeros(9))) == {"low"}
    assert thirds(np.arange(9.0)) == ["low"] * 3 + ["middle"] * 3 + ["high"] * 3
    assert thirds(np.array([1.0, np.nan])) == []


def test_an_outlet_whose_name_looks_like_a_stratum_is_one_of_its_own():
    table = article_table(synthetic({"a": 30, "a | low": 30}))
    strata = stratify(table, 30)
    assert "a | low" in set(strata)
    assert (table["outlet"].groupby(strata).nunique() == 1).all()


def test_small_outlets_have_coarse_strata_and_large_ones_fine_ones():
    strata = stratify(article_table(synthetic({"large": 500, "small": 8, "tiny": 1})), 120)
    assert strata[strata.str.startswith("large")].nunique() == 9
    assert set(strata[~strata.str.startswith("large")]) == {"small", "tiny"}


def test_probabilities_are_those_of_the_draw():
    read = synthetic({"a": 300, "b": 100, "c": 3}, passages=5)
    drawn = draw(read, 60, 3, 7)
    one = drawn.drop_duplicates("article_id")
    assert len(one) == 60
    assert one.groupby("stratum").size().to_dict() == one.groupby("stratum")["stratum_drawn"].first().to_dict()
    np.testing.assert_allclose(one["p_article"], one["stratum_drawn"] / one["stratum_size"])
    assert (drawn.groupby("article_id").size() == 3).all()
    assert set(drawn["p_passage"]) == {3 / 5}
    # Every stratum is drawn from, so that the weights add up to all articles: exactly, by the design.
    assert (1 / one["p_article"]).sum() == pytest.approx(403)


def test_weighted_by_its_probabilities_the_sample_is_right_on_average():
    read = synthetic({"a": 60, "b": 30}, passages=3)
    truth = read.groupby("article_id")["machine_value"].mean().mean()
    found = []
    for seed in range(80):
        drawn = draw(read, 24, 2, seed)
        each = drawn.groupby("article_id").agg(value=("machine_value", "mean"), p=("p_article", "first"))
        found.append((each["value"] / each["p"]).sum() / 90)
    assert abs(np.mean(found) - truth) < 3.5 * np.std(found) / np.sqrt(80)
    assert np.std(found) > 0


def test_each_article_of_a_stratum_and_each_passage_is_drawn_as_often():
    read = synthetic({"a": 12}, passages=3)
    counts = pd.Series(0, index=sorted(read["passage_id"]))
    for seed in range(150):
        counts[draw(read, 6, 1, seed)["passage_id"]] += 1
    # 36 passages, each with probability 1/2 * 1/3: 25 of 150, standard deviation 4.6.
    assert counts.between(25 - 19, 25 + 19).all()


def test_the_same_seed_draws_the_same_and_another_one_does_not(scores):
    read = readings(scores, SENTIMENT)
    pd.testing.assert_frame_equal(draw(read, 30, 2, 1), draw(read.sample(frac=1, random_state=3), 30, 2, 1))
    assert set(draw(read, 30, 2, 1)["passage_id"]) != set(draw(read, 30, 2, 2)["passage_id"])


def test_numbers_of_units_tell_nothing():
    drawn = draw(synthetic({"a": 100, "b": 100}), 100, 2, 1)
    first = drawn.sort_values("unit").head(60)["outlet"].value_counts()
    assert first.reindex(["a", "b"], fill_value=0).min() > 15
    assert drawn["unit"].is_unique


def test_more_articles_than_there_are_are_all_of_them():
    drawn = draw(synthetic({"a": 10, "b": 7}), 500, 9, 1)
    assert drawn["article_id"].nunique() == 17
    assert set(drawn["p_article"]) == {1.0}
    assert set(drawn["p_passage"]) == {1.0}


def test_frames_are_one_row_a_unit_and_frame(made, scores, tmp_path):
    sample = read_sample(sample_folder(made, scores, tmp_path / "s", "frames:functions"))
    units = sample.units
    assert units.groupby("unit")["category"].apply(list).map(tuple).unique().tolist() == [FRAMES]
    assert (units.groupby("unit")["p_article"].nunique() == 1).all()
    assert units.groupby("category")["article_value"].nunique().min() > 1
    assert sample.question.labels == (*FRAMES, "none")


@pytest.mark.parametrize("measure", ["sentiment", "relation", "attitude", "frames:functions"])
def test_a_sample_is_read_back_as_it_was_written(made, scores, tmp_path, measure):
    folder = sample_folder(made, scores, tmp_path / "s", measure)
    sample = read_sample(folder)
    assert list(sample.units.columns) == COLUMNS
    assert set(sample.units["outlet"]) == set(OUTLETS)
    assert "'=HYPERLINK(1)" in (folder / "sample.csv").read_text()
    assert sample.units["published"].dt.year.eq(2017).all()
    again = sample_folder(made, scores, tmp_path / "t", measure)
    for path in folder.iterdir():
        assert path.read_bytes() == (again / path.name).read_bytes()


def test_a_key_that_was_changed_is_refused(made, scores, tmp_path):
    folder = sample_folder(made, scores, tmp_path / "s")
    key = folder / "sample.csv"
    whole = key.read_text()
    for changed in (whole.replace(",0.5,", ",0.25,", 1), "\n".join(whole.splitlines()[:-1]) + "\n"):
        key.write_text(changed)
        with pytest.raises(InputError, match="inclusion probabilities cannot be trusted"):
            read_sample(folder)
    key.unlink()
    with pytest.raises(InputError, match=r"sample\.csv is missing"):
        read_sample(folder)
    (folder / "coding.toml").write_text("measure = 3")
    with pytest.raises(InputError, match="no whole sample"):
        read_sample(folder)
    with pytest.raises(InputError, match="holds no sample"):
        read_sample(tmp_path)


def test_a_sample_is_never_written_over(made, scores, tmp_path):
    folder = sample_folder(made, scores, tmp_path / "s")
    with pytest.raises(InputError, match="holds a sample already"):
        sample_folder(made, scores, folder)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.doc").write_text("")
    with pytest.raises(InputError, match=r"'thesis\.doc'"):
        sample_folder(made, scores, tmp_path / "mine")
    with pytest.raises(InputError, match="is a file"):
        sample_folder(made, scores, tmp_path / "mine" / "thesis.doc")


def test_texts_come_from_the_corpus_and_must_be_those_that_were_scored(made, scores, tmp_path):
    units = draw(readings(scores.assign(text=""), SENTIMENT), 30, 2, 1)
    found = {one.unit: one for one in shown(units, Corpus.of(made))}
    of = {one.article_id: one for one in made}
    for row in units.to_dict("records"):
        text = of[row["article_id"]].body[row["start"] : row["end"]]
        assert found[row["unit"]].passage_sha256 == sha256(text)
        assert "\n" not in found[row["unit"]].text
    with pytest.raises(InputError, match="has no article"):
        shown(units, Corpus.of(made[:1]))
    changed = [one.with_(body=one.body + " And more.") for one in made]
    with pytest.raises(InputError, match="has changed since it was scored"):
        shown(units, Corpus.of(changed))
    folder = sample_folder(made, scores, tmp_path / "s")
    assert len(read_shown(folder)) == read_sample(folder).units["unit"].nunique()
    (folder / "passages.jsonl").write_text("{}\n")
    with pytest.raises(InputError, match="is broken"):
        read_shown(folder)


def test_the_countries_are_marked_and_brackets_of_the_text_are_not_taken_for_marks():
    assert mark("Nobody in Russia [[was]] there.", [(10, 16)]) == "Nobody in [[Russia]] [ [was] ] there."
    assert mark("US-Russia", [(0, 2), (3, 9)]) == "[[US]]-[[Russia]]"
    # Spans that lie in one another, or outside, mark once or not at all.
    assert mark("Russia", [(0, 6), (0, 3), (4, 99)]).count("[[") <= 1
    assert mark("Rus\u202esia\x07  met\nUS", []) == "Russia met US"


def test_neighbours_are_the_sentences_around_across_paragraphs():
    text = "He came. She left.\n\nThey stayed. All slept."
    start = text.index("They")
    assert neighbours(text, start, start + 12) == ("She left.", "All slept.")
    assert neighbours(text, 0, 8) == ("", "She left.")
    assert neighbours(text, start + 13, len(text)) == ("They stayed.", "")


def test_instructions_say_the_question_the_codes_and_the_rules():
    for question, words in (
        (SENTIMENT, ("Russia", "`negative`, `neutral`, `positive`")),
        (ask("relation", DYAD), ("Russia and United States", "`cooperation`", "`none`")),
        (ask("attitude", DYAD, category="USA>RUS"), ("The source is United States, the target is Russia",)),
    ):
        text = instructions(question)
        assert all(word in text for word in words)
        assert "$" not in text
    book = load_codebook("functions")
    text = instructions(Question("frames:functions", pair="RUS-USA", frames=book.names), book)
    for frame in book.frames:
        assert f"### `{frame.name}`" in text
        assert all(" ".join(question.split()) in text for question in frame.questions)
