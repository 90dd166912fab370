"""Errors of the machine and estimates corrected for them: by hand, by properties, in simulated corpora, and refused."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from coded_corpus import VALUES, World, article_table, coded, corpus

from corpora.errors import InputError
from framing.coding.errors import machine_errors
from framing.coding.human import human_codes
from reports.correction import coded_outlets, correct
from reports.estimation import Cell, difference
from reports.pseudo_outcomes import METHODS, pseudo_outcomes

KEY = {
    "measure": "sentiment", "category": "", "scorer": "toy", "scorer_version": "1", "target": "RUS", "pair": "",
    "voice": "",
}  # fmt: skip


@pytest.fixture(scope="module")
def passages() -> pd.DataFrame:
    return corpus(World(stories=60), seed=1)


@pytest.fixture(scope="module")
def articles(passages) -> pd.DataFrame:
    return article_table(passages)


@pytest.fixture(scope="module")
def drawn(passages) -> tuple[pd.DataFrame, pd.DataFrame]:
    return coded(passages, 60, 3, seed=1)


def apart(table: pd.DataFrame) -> dict[str, float]:
    cells = {outlet: Cell(own, (2, 2)) for outlet, own in table.groupby("outlet")}
    return difference(cells["A"], [cells["B"]])


def tiny(n: int = 10, drawn: int = 5) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """One outlet of n articles of two passages that the machine reads as 0.5; of those drawn one passage is coded."""
    articles = pd.DataFrame(
        [
            {**KEY, "article_id": f"a{k}", "outlet": "A", "value": 0.5, "n_passages": 2, "story": f"s{k}"}
            for k in range(n)
        ]
    ).assign(published=pd.Timestamp("2017-01-01"))
    sample = articles.head(drawn).drop(columns=list(KEY))
    sample = sample.rename(columns={"value": "article_value"}).assign(
        unit=[f"u{k}" for k in range(drawn)],
        passage_id=[f"p{k}" for k in range(drawn)],
        stratum="A",
        stratum_size=n,
        stratum_drawn=drawn,
        p_article=drawn / n,
        p_passage=0.5,
        machine_label="positive",
        machine_value=0.5,
    )
    codes = sample[["unit"]].assign(coder="anna", label="positive")
    return articles, sample, codes


# --- Human codes ---


def test_coders_count_by_their_mean_and_a_tie_has_no_label():
    _, sample, codes = tiny()
    codes = pd.concat(
        [codes, codes.assign(coder="ben", label=["positive", "neutral", "neutral", "negative", "positive"])]
    )
    codes = pd.concat([codes, codes[codes["coder"] == "ben"].iloc[[1]].assign(coder="cleo")])
    found = human_codes(sample, codes, VALUES)
    assert found["human"].tolist() == pytest.approx([1, 1 / 3, 0.5, 0, 1])
    assert found["human_label"].tolist() == ["positive", "neutral", "", "", "positive"]
    assert found["n_coders"].tolist() == [2, 3, 2, 2, 2]
    assert found["same"].tolist() == pytest.approx([1, 1 / 3, 0.5, 0.5, 1])


def test_a_unit_that_nobody_coded_is_missing_and_not_nought():
    _, sample, codes = tiny()
    found = human_codes(sample, codes.iloc[1:], VALUES)
    assert math.isnan(found["human"][0])
    assert found.loc[0, ["human_label", "n_coders"]].tolist() == ["", 0]


def test_of_frames_a_code_says_yes_or_no_to_each():
    _, sample, codes = tiny(drawn=2)
    sample = pd.concat([sample.assign(category=name) for name in ("war", "trade")])
    found = human_codes(sample, codes.assign(label=["trade;war", "none"]), {}).set_index(["unit", "category"])
    assert found["human"].to_dict() == {("u0", "war"): 1, ("u1", "war"): 0, ("u0", "trade"): 1, ("u1", "trade"): 0}
    assert found["human_label"].tolist() == ["yes", "no", "yes", "no"]
    with pytest.raises(InputError, match=r"^unit 'u1' has the label 'peace'; there are: trade, war$"):
        human_codes(sample, codes.assign(label=["war", "war;peace"]), {})


# --- Pseudo-outcomes ---


def test_pseudo_outcomes_by_hand():
    # Five of ten articles are coded, each stands for two: 0.5 + 2 * (human - 0.5).
    articles, sample, codes = tiny()
    codes["label"] = ["positive", "neutral", "negative", "neutral", "positive"]
    found = correct(articles, sample, codes, VALUES, method="ppi")
    assert found["value"].tolist() == [1.5, -0.5, -2.5, -0.5, 1.5, 0.5, 0.5, 0.5, 0.5, 0.5]
    assert found["coded"].tolist() == [True] * 5 + [False] * 5
    # The mean is the machine's, 0.5, with the mean error of the coded, 0.2 - 0.5.
    assert found["value"].mean() == pytest.approx(0.2)


def test_degrees_of_freedom_are_those_of_the_coded_stories(articles, drawn):
    found = correct(articles, *drawn, VALUES)
    for outlet, rows in found.groupby("outlet"):
        told = Cell(rows, (2, 2)).row()
        coded = rows[rows["coded"]]
        weights = coded.groupby("story")["span"].sum()
        assert told["freedom"] == pytest.approx(weights.sum() ** 2 / (weights**2).sum() - 1), outlet
        assert told["freedom"] <= coded["story"].nunique() - 1
        # With all stories counted it would be another number.
        assert told["freedom"] < Cell(rows.drop(columns="span"), (2, 2)).row()["freedom"] - 5


def test_the_table_keeps_the_schema_of_article_scores(articles, drawn):
    for method in METHODS:
        found = correct(articles, *drawn, VALUES, method=method)
        assert found.columns.tolist() == [*articles.columns, "coded", "span"]
        pd.testing.assert_frame_equal(found.drop(columns=["value", "coded", "span"]), articles.drop(columns="value"))


@pytest.mark.parametrize("method", METHODS)
def test_where_everything_is_coded_the_mean_is_that_of_the_codes(passages, articles, method):
    sample, codes = coded(passages, len(articles), 1000, seed=2)
    found = correct(articles, sample, codes, VALUES, method=method).set_index("article_id")["value"]
    human = passages["code"].map(VALUES).groupby(passages["article_id"]).mean()
    pd.testing.assert_series_equal(found, human, check_names=False)


@pytest.mark.parametrize("method", METHODS)
def test_a_machine_without_error_is_left_as_it_is(passages, articles, method):
    right = passages.assign(machine_value=passages["code"].map(VALUES))
    table = article_table(right)
    found = correct(table, *coded(right, 60, 3, seed=1), VALUES, method=method)
    np.testing.assert_allclose(found["value"], table["value"], atol=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_swapping_signs_swaps_signs(passages, articles, drawn, method):
    sample, codes = drawn
    turned = sample.assign(machine_value=-sample["machine_value"], article_value=-sample["article_value"])
    other = {label: -value for label, value in VALUES.items()}
    found = correct(articles.assign(value=-articles["value"]), turned, codes, other, method=method)
    np.testing.assert_allclose(found["value"], -correct(articles, sample, codes, VALUES, method=method)["value"])


@pytest.mark.parametrize("method", METHODS)
def test_a_constant_added_to_the_machine_is_taken_out(articles, drawn, method):
    # Of 60 articles drawn in strata each article stands for N / n: the constant leaves the mean, method by method.
    sample, codes = drawn
    shifted = sample.assign(machine_value=sample["machine_value"] + 0.3, article_value=sample["article_value"] + 0.3)
    found = correct(articles.assign(value=articles["value"] + 0.3), shifted, codes, VALUES, method=method)
    plain = correct(articles, sample, codes, VALUES, method=method)
    for outlet in "AB":
        means = [table.loc[table["outlet"] == outlet, "value"].mean() for table in (found, plain)]
        assert means[0] == pytest.approx(means[1], abs=1e-9)


def test_the_order_of_rows_does_not_matter_and_the_seed_does(articles, drawn):
    sample, codes = drawn
    plain = correct(articles, sample, codes, VALUES)
    mixed = correct(
        articles.sample(frac=1, random_state=1),
        sample.sample(frac=1, random_state=2),
        codes.sample(frac=1, random_state=3),
        VALUES,
    )
    mixed = mixed.sort_values("article_id").reset_index(drop=True)
    pd.testing.assert_frame_equal(mixed, plain)
    assert not np.allclose(correct(articles, sample, codes, VALUES, seed=7)["value"], plain["value"])


def test_nothing_that_is_given_is_changed(articles, drawn):
    before = [table.copy() for table in (articles, *drawn)]
    correct(articles, *drawn, VALUES)
    machine_errors(*drawn, VALUES, draws=19)
    for table, same in zip((articles, *drawn), before, strict=True):
        pd.testing.assert_frame_equal(table, same)


def test_an_articles_own_story_does_not_tell_its_correction(articles, drawn):
    # Change the codes of one story: the fitted part of that story's articles stays, so that their pseudo-outcomes move
    # by the change over p alone.
    sample, codes = drawn
    story = sample["story"].mode()[0]
    units = sample.loc[sample["story"] == story, "unit"]
    other = codes.assign(label=codes["label"].mask(codes["unit"].isin(units), "negative"))
    moved = correct(articles, sample, other, VALUES)["value"] - correct(articles, sample, codes, VALUES)["value"]
    own = sample[sample["story"] == story].merge(codes, on="unit")
    change = (-1 - own["label"].map(VALUES)).groupby(own["article_id"]).mean()
    change /= own.groupby("article_id")["p_article"].first()
    due = articles["article_id"].map(change).fillna(0.0)
    np.testing.assert_allclose(moved[articles["story"] == story], due[articles["story"] == story], atol=1e-12)


def test_frames_are_corrected_each_by_its_own_codes():
    articles, sample, codes = tiny()
    articles = pd.concat([articles.assign(category=name) for name in ("war", "trade")], ignore_index=True)
    sample = pd.concat([sample.assign(category=name) for name in ("war", "trade")], ignore_index=True)
    codes = codes.assign(label=["war", "war;trade", "none", "war", "none"])
    found = correct(articles, sample, codes, {}, method="ppi").groupby("category")["value"].mean()
    assert found.to_dict() == pytest.approx({"war": 3 / 5, "trade": 1 / 5})
    told = coded_outlets(sample, codes, {})
    assert told[["category", "n_articles", "n_coded", "n_passages"]].values.tolist() == [
        ["trade", 10, 5, 5],
        ["war", 10, 5, 5],
    ]


# --- Simulated corpora ---


def test_where_errors_differ_by_outlet_the_corrected_interval_covers_and_the_other_does_not():
    # The full run, over 500 corpora, all methods and more settings, is benchmarks/correction.py.
    world, runs = World(stories=60), 40
    covered, values = {"machine": 0, "corrected": 0}, {"machine": [], "corrected": []}
    for seed in range(runs):
        passages = corpus(world, seed)
        articles = article_table(passages)
        corrected = correct(articles, *coded(passages, 60, 2, seed), VALUES)
        for name, table in (("machine", articles), ("corrected", corrected)):
            found = apart(table)
            covered[name] += found["low"] <= world.difference <= found["high"]
            values[name].append(found["value"])
    assert covered["machine"] < 0.6 * runs
    assert np.mean(values["machine"]) > 0.07
    # 38 of 40 are due, with a standard error of 1.4.
    assert covered["corrected"] >= 34
    assert abs(np.mean(values["corrected"])) < 3 * np.std(values["corrected"]) / np.sqrt(runs)


@pytest.mark.parametrize("method", METHODS)
def test_pseudo_outcomes_have_the_mean_of_the_codes_over_samples(method):
    # One corpus of 60 articles; over 400 samples of 20 the mean comes to that of the codes, whatever the machine says.
    rng = np.random.default_rng(3)
    human, outlet = rng.normal(size=60), np.repeat(["A", "B"], 30)
    machine = 0.5 * human + np.where(outlet == "B", 1.0, -0.5) + rng.normal(0, 0.5, 60)
    story = np.arange(60) // 2
    means = []
    for _ in range(400):
        p = np.full(60, np.nan)
        for name in "AB":
            p[rng.choice(np.flatnonzero(outlet == name), 10, replace=False)] = 1 / 3
        known = ~np.isnan(p)
        y = pseudo_outcomes(
            machine, np.where(known, human, np.nan), np.where(known, machine, np.nan), p, outlet, story, method
        )
        means.append(y.mean())
    assert abs(np.mean(means) - human.mean()) < 4 * np.std(means) / 20


# --- Errors of the machine ---


def test_errors_by_hand():
    _, sample, codes = tiny()
    codes["label"] = ["positive", "neutral", "negative", "neutral", "positive"]
    found = machine_errors(sample, codes, VALUES)
    assert (found.n_units, found.n_articles, found.n_stories, found.n_uncoded, found.n_tied) == (5, 5, 5, 0, 0)
    assert found.confusion["positive"].to_dict() == {"negative": 1, "neutral": 2, "positive": 2}
    assert found.confusion.loc[:, ["negative", "neutral"]].to_numpy().sum() == 0
    assert found.accuracy == pytest.approx(2 / 5)
    row = found.outlets.iloc[0]
    # Errors 0.5, -0.5, -1.5, -0.5, 0.5: mean -0.3, sum of squares 2.8; 5 stories, so 2.8 / 20 is the variance.
    assert row["bias"] == pytest.approx(-0.3)
    assert row["se"] == pytest.approx(math.sqrt(2.8 / 20))
    assert row["high"] - row["low"] == pytest.approx(2 * 2.776445 * math.sqrt(2.8 / 20))
    assert found.note == "no test: 1 of the outlets have enough coded articles, 2 are needed"
    assert math.isnan(found.p)


def test_units_count_for_the_passages_that_they_stand_for():
    _, sample, codes = tiny()
    codes["label"] = ["positive", "neutral", "neutral", "neutral", "neutral"]
    sample.loc[0, "p_passage"] = 0.125
    found = machine_errors(sample, codes, VALUES)
    # The first unit stands for 16 passages, the others for 4 each.
    assert found.accuracy == pytest.approx(1 / 5)
    assert found.accuracy_weighted == pytest.approx(16 / 32)
    assert found.confusion_weighted.to_numpy().sum() == pytest.approx(1)


def test_a_story_that_outweighs_all_others_makes_no_interval():
    _, sample, codes = tiny()
    codes["label"] = ["positive", "neutral", "negative", "neutral", "positive"]
    sample.loc[0, "p_article"] = 0.001
    row = machine_errors(sample, codes, VALUES).outlets.iloc[0]
    assert row["note"] == "one story outweighs the others: no interval"
    assert math.isnan(row["low"])
    assert math.isnan(row["se"])
    assert row["bias"] == pytest.approx(0.5, abs=0.01)


def test_a_tie_is_counted_apart_and_stays_in_the_bias():
    _, sample, codes = tiny()
    codes = pd.concat([codes, codes.head(1).assign(coder="ben", label="negative")])
    found = machine_errors(sample, codes, VALUES)
    assert (found.n_tied, found.accuracy, found.confusion.to_numpy().sum()) == (1, 1.0, 4)
    # Of the first unit's two coders one says what the machine says.
    assert found.same == pytest.approx(4.5 / 5)
    assert found.outlets["bias"][0] == pytest.approx((0.5 * 4 - 0.5) / 5)


def test_the_bias_is_what_the_correction_adds(articles, drawn):
    found = machine_errors(*drawn, VALUES, draws=19).outlets.set_index("outlet")["bias"]
    table = correct(articles, *drawn, VALUES, method="ppi")
    added = (table["value"] - articles["value"]).groupby(table["outlet"]).mean()
    pd.testing.assert_series_equal(added, found, check_names=False)


def test_standard_errors_are_those_of_statsmodels_but_for_few_stories(passages):
    import statsmodels.api as sm

    sample, codes = coded(passages, 60, 3, seed=3)
    found = machine_errors(sample, codes, VALUES, draws=19).outlets.set_index("outlet")
    units = human_codes(sample, codes, VALUES).assign(error=lambda t: t["human"] - t["machine_value"])
    means = units.groupby("article_id").agg(
        error=("error", "mean"), outlet=("outlet", "first"), story=("story", "first"), p=("p_article", "first")
    )
    for outlet, own in means.groupby("outlet"):
        stories = pd.factorize(own["story"])[0]
        fit = sm.WLS(own["error"], np.ones(len(own)), weights=1 / own["p"]).fit(
            cov_type="cluster", cov_kwds={"groups": stories, "use_correction": False}
        )
        assert found.loc[outlet, "bias"] == pytest.approx(fit.params.iloc[0])
        assert fit.bse.iloc[0] < found.loc[outlet, "se"] < 1.1 * fit.bse.iloc[0]


def test_a_machine_that_errs_differently_by_outlet_is_found_out():
    passages = corpus(World(stories=100, missed=0.9), seed=4)
    found = machine_errors(*coded(passages, 150, 3, seed=4), VALUES)
    assert found.p < 0.01
    assert found.p_bootstrap < 0.01
    assert found.df[0] == 1
    bias = found.outlets.set_index("outlet")["bias"]
    assert bias["B"] > bias["A"]
    row = found.confusion_weighted.loc["positive"]
    assert row["neutral"] > 0.2 * row.sum()


def test_a_machine_that_errs_alike_is_rarely_said_to_differ():
    world = World(stories=40, missed=0.0)
    found = [machine_errors(*coded(corpus(world, seed), 40, 2, seed), VALUES, draws=99) for seed in range(30)]
    # 1.5 of 30 are due; more than 5 in one of 200 such tests.
    assert sum(one.p < 0.05 for one in found) <= 5
    assert sum(one.p_bootstrap < 0.05 for one in found) <= 5


def test_three_outlets_are_tested_together(passages):
    third = passages[passages["outlet"] == "A"]
    third = third.assign(outlet="C", article_id="C" + third["article_id"], passage_id="c" + third["passage_id"])
    both = pd.concat([passages, third], ignore_index=True)
    found = machine_errors(*coded(both, 90, 3, seed=2), VALUES, draws=199)
    assert found.df[0] == 2
    assert 0 < found.p < 1
    assert abs(found.p - found.p_bootstrap) < 0.1


def test_an_outlet_with_few_coded_articles_has_a_note_and_no_number(articles, drawn):
    sample, codes = drawn
    few = sample[sample["outlet"] == "B"].drop_duplicates("article_id")["article_id"].iloc[:3]
    sample = sample[(sample["outlet"] == "A") | sample["article_id"].isin(few)]
    codes = codes[codes["unit"].isin(sample["unit"])]
    row = machine_errors(sample, codes, VALUES).outlets.set_index("outlet").loc["B"]
    assert row["note"].startswith("not enough data: 3 coded articles on ")
    assert math.isnan(row["bias"])


# --- How much is coded ---


def test_outlets_tell_how_much_was_coded():
    _, sample, codes = tiny()
    row = coded_outlets(sample, codes, VALUES).iloc[0].to_dict()
    note = row.pop("note")
    assert row == {
        "category": "", "outlet": "A", "n_articles": 10, "n_coded": 5, "n_stories": 5, "n_passages": 5, "n_left_out": 0,
        "smallest_p": 0.5, "n_effective": pytest.approx(5),
    }  # fmt: skip
    assert note == "few coded articles: 5, 30 are advised; all codes are alike: what was not seen is not corrected"


def test_an_outlet_below_five_coded_articles_is_left_out_and_told():
    one, few = tiny(), tiny(drawn=4)
    two = [table.copy() for table in few]
    for table in two:
        for name in {"article_id", "unit", "passage_id"} & set(table):
            table[name] = "b" + table[name]
        if "outlet" in table:
            table["outlet"] = "B"
        if "stratum" in table:
            table["stratum"] = "B"
    articles, sample, codes = (pd.concat(pair, ignore_index=True) for pair in zip(one, two, strict=True))
    assert set(correct(articles, sample, codes, VALUES)["outlet"]) == {"A"}
    told = coded_outlets(sample, codes, VALUES).set_index("outlet")["note"]
    assert told["B"].startswith("not enough data: 4 coded articles, 5 are needed")
    with pytest.raises(InputError, match=r"^no outlet has 5 coded articles: nothing can be corrected$"):
        correct(*few, VALUES)


# --- Units without a code ---


def test_units_without_a_code_are_refused_unless_chance_left_them():
    articles, sample, codes = tiny(n=20, drawn=10)
    part = codes.iloc[:8]
    with pytest.raises(
        InputError, match=r"^2 units have no code, the first is 'u8': code them, or say missing='random'"
    ):
        correct(articles, sample, part, VALUES)
    found = correct(articles, sample, part, VALUES, method="ppi", missing="random")
    # Eight of twenty stand for 2.5 each: 0.5 + 2.5 * 0.5, and the mean is that of the coded.
    assert found["value"].tolist() == pytest.approx([1.75] * 8 + [0.5] * 12)
    assert found["value"].mean() == pytest.approx(1)
    row = coded_outlets(sample, part, VALUES, missing="random").iloc[0]
    assert (row["n_coded"], row["n_left_out"], row["smallest_p"]) == (8, 2, 0.4)
    assert "; 2 articles were drawn and not coded: the others stand for them as if by chance" in row["note"]


def test_a_stratum_in_which_nothing_was_coded_is_refused():
    articles, sample, codes = tiny(n=20, drawn=10)
    sample = sample.assign(stratum=["A | 1"] * 5 + ["A | 2"] * 5, stratum_size=10, stratum_drawn=5)
    with pytest.raises(InputError, match=r"^nothing of stratum 'A \| 2' was coded: its articles have nobody to stand"):
        correct(articles, sample, codes.iloc[:5], VALUES, missing="random")


# --- Refused ---


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"p_article": math.nan}, "unit 'u0' has p_article nan: an inclusion probability is above 0 and at most 1"),
        ({"p_article": 0.0}, "unit 'u0' has p_article 0.0: "),
        ({"p_article": 1.5}, "unit 'u0' has p_article 1.5: "),
        ({"p_passage": -0.1}, "unit 'u0' has p_passage -0.1: "),
        ({"p_passage": "lost"}, "unit 'u0' has p_passage 'lost': "),
        ({"p_article": 0.4}, "unit 'u0' has p_article 0.4, and 5 of 10 articles were drawn from its stratum"),
        ({"stratum_drawn": 6}, "stratum 'A' has 5 articles in the sample and 6 were drawn: the inclusion"),
        ({"machine_value": math.nan}, "unit 'u0' has no machine_value: the machine did not read it"),
        ({"article_value": 0.2}, "article 'a0' has the machine's value 0.5, and 0.2 in the sample: they are of"),
        ({"article_value": math.nan}, "article 'a0' has the machine's value 0.5, and nan in the sample"),
        ({"unit": "u1"}, "the sample holds unit 'u1' twice"),
        ({"article_id": "b0"}, "article 'b0' was sampled and is not among the 10 article scores: "),
    ],
)  # fmt: skip
def test_a_sample_that_cannot_be_is_refused(change, message):
    articles, sample, codes = tiny()
    sample = sample.astype({name: object for name in change})
    for name, value in change.items():
        sample.loc[0, name] = value
    with pytest.raises(InputError) as caught:
        correct(articles, sample, codes, VALUES)
    assert str(caught.value).startswith(message)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["p_article", "p_passage", "stratum_size", "story", "machine_value"])
def test_a_sample_that_lacks_a_column_is_refused(name):
    articles, sample, codes = tiny()
    with pytest.raises(InputError, match=rf"^the sample has no column '{name}'"):
        correct(articles, sample.drop(columns=name), codes, VALUES)


def test_a_part_of_a_sample_is_refused(articles, drawn):
    sample, codes = drawn
    part = sample[sample["article_id"] != sample["article_id"].iloc[0]]
    with pytest.raises(InputError, match=r"the inclusion probabilities do not hold for a part of a sample$"):
        correct(articles, part, codes[codes["unit"].isin(part["unit"])], VALUES)


def test_articles_that_the_sample_was_not_drawn_from_are_refused():
    articles, sample, codes = tiny()
    with pytest.raises(InputError, match=r"^'A' has 9 articles, and the sample was drawn from 10: correct all of them"):
        correct(articles.iloc[:9], sample, codes, VALUES)
    with pytest.raises(InputError, match=r"^article 'a0' has two scores$"):
        correct(pd.concat([articles, articles.head(1)]), sample, codes, VALUES)
    two = pd.concat([articles, articles.assign(measure="tone")])
    with pytest.raises(
        InputError, match=r"^the article scores are of several kinds of measure: sentiment, tone; choose"
    ):
        correct(two, sample, codes, VALUES)
    with pytest.raises(InputError, match=r"^an article score is missing or infinite"):
        correct(articles.assign(value=math.nan), sample, codes, VALUES)


def test_codes_that_cannot_be_are_refused():
    articles, sample, codes = tiny()
    wrong = codes.assign(label=["positive", "good", "neutral", "neutral", "neutral"])
    with pytest.raises(InputError, match=r"^unit 'u1' has the label 'good'; there are: negative, neutral, positive$"):
        correct(articles, sample, wrong, VALUES)
    with pytest.raises(InputError, match=r"^unit 'x' is coded and not in the sample$"):
        correct(articles, sample, codes.assign(unit=["x", *codes["unit"][1:]]), VALUES)
    with pytest.raises(InputError, match=r"^coder 'anna' coded unit 'u0' twice$"):
        correct(articles, sample, pd.concat([codes, codes.head(1)]), VALUES)
    with pytest.raises(InputError, match=r"^the codes have no column 'coder'$"):
        correct(articles, sample, codes.drop(columns="coder"), VALUES)
    with pytest.raises(InputError, match=r"^none of the 5 units of the sample is coded$"):
        machine_errors(sample, codes.iloc[:0], VALUES)


def test_a_setting_that_does_not_exist_is_refused():
    articles, sample, codes = tiny()
    with pytest.raises(InputError, match=r"^no method 'magic'; there are: dsl, ppi, tuned$"):
        correct(articles, sample, codes, VALUES, method="magic")
    with pytest.raises(InputError, match=r"^missing='drop': units without a code can be taken as: error, random$"):
        correct(articles, sample, codes, VALUES, missing="drop")
    with pytest.raises(InputError, match=r"^1 folds; at least 2 are needed"):
        correct(articles, sample, codes, VALUES, folds=1)


def test_where_coders_tie_on_everything_there_is_no_accuracy():
    _, sample, codes = tiny()
    found = machine_errors(sample, pd.concat([codes, codes.assign(coder="ben", label="negative")]), VALUES)
    assert (found.n_tied, found.same) == (5, 0.5)
    assert math.isnan(found.accuracy)
    assert found.confusion.to_numpy().sum() == 0
    assert found.outlets["bias"][0] == pytest.approx(-0.5)


def test_errors_of_one_frame_are_asked_for_by_name():
    _, sample, codes = tiny()
    sample = pd.concat([sample.assign(category=name, machine_label="yes") for name in ("war", "trade")])
    codes = codes.assign(label=["war", "war;trade", "none", "war", "none"])
    assert machine_errors(sample, codes, {}, category="war").accuracy == pytest.approx(3 / 5)
    with pytest.raises(InputError, match=r"^no category '' in the sample; name one of: trade, war$"):
        machine_errors(sample, codes, {})
