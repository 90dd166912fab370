"""Keyness against the paper's formula worked slowly, what the bootstrap must and must not find, words in context."""

from __future__ import annotations

import dataclasses
import math
import time
from collections import Counter

import numpy as np
import pandas as pd
import pytest

from corpora.errors import InputError
from framing.wording import pieces, plain
from reports.concordance import contexts
from reports.terms import count_terms
from reports.words import benjamini_hochberg, keyness

COMMON = [f"w{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(120)]


def _articles(sizes, seed=1, length=80):
    """Articles whose words are drawn alike for every outlet, the first of COMMON the most often."""
    generator = np.random.default_rng(seed)
    share = 1 / np.arange(1, len(COMMON) + 1)
    rows = []
    for outlet, count in sizes.items():
        for n in range(count):
            words = generator.choice(COMMON, size=length, p=share / share.sum())
            rows.append({"article_id": f"{outlet}{n:03d}", "outlet": outlet, "text": " ".join(words)})
    return pd.DataFrame(rows)


def _plant(articles, outlet, times):
    """The word "planted" as often as said in each of the outlet's first articles."""
    changed = articles.copy()
    for row, count in zip(changed.index[changed["outlet"] == outlet], times, strict=False):
        changed.loc[row, "text"] += " planted" * count
    return changed


# --- words and phrases ---------------------------------------------------------------------------------------------


def test_a_word_is_counted_in_one_form_however_it_is_printed():
    assert [plain(word) for word in ["Russia’s", "Russia's", "RUSSIA", "U.N.", "U.S.", "US", "us", "don’t"]] == [
        "russia", "russia", "russia", "un", "US", "US", "us", "don't",
    ]  # fmt: skip


def test_marks_numbers_and_lines_part_words_and_spaces_do_not():
    assert pieces("New  talks, 20 days\nlater: S-400s") == ["New", "talks", "", "", "days", "", "later", "", "S-400s"]


def test_a_phrase_crosses_no_mark_and_neither_starts_nor_ends_with_a_function_word():
    text = "Sanctions on banks, exports and oil fell."
    names = count_terms([{"article_id": n, "outlet": "A", "text": text} for n in range(5)], longest=3).names
    phrases = {name for name in names if " " in name}
    assert phrases == {"sanctions on banks", "exports and oil", "oil fell"}
    assert {"on", "and"} <= set(names)


def test_a_phrase_over_a_function_word_is_counted_as_often_as_it_stands_there():
    rows = [{"article_id": n, "outlet": "A", "text": "war on terror. war on drugs. war on terror"} for n in range(5)]
    terms = count_terms(rows)
    count = dict(zip(terms.names, terms.counts.sum(axis=0).A1, strict=True))
    assert count["war on terror"] == 10
    assert count["war on drugs"] == 5


def test_a_word_that_nearly_always_stands_in_a_longer_phrase_is_left_to_it():
    rows = [{"article_id": n, "outlet": "A", "text": "Hong Kong and Kong"} for n in range(5)]
    assert count_terms(rows).names.tolist() == ["and", "kong", "hong kong", "kong and kong"]


def test_names_can_be_left_out_and_no_phrase_runs_over_them():
    text = "The envoy met Merkel there. Merkel said that talks with Merkel failed. Talks failed. John F Merkel s aide."
    rows = [{"article_id": n, "outlet": "A", "text": text} for n in range(5)]
    with_names, without = (set(count_terms(rows, names=names).names) for names in (True, False))
    assert "merkel" in with_names
    assert not any("merkel" in name for name in without)
    assert {"talks", "talks failed"} & without  # a capital at the start of a sentence makes no name


def test_a_stray_letter_is_no_word():
    rows = [{"article_id": n, "outlet": "A", "text": "Russia s envoy: a note"} for n in range(5)]
    assert set(count_terms(rows).names) == {"russia", "envoy", "a", "note"}


def test_only_what_the_caller_leaves_of_a_text_counts():
    rows = [{"article_id": n, "outlet": "A", "text": 'He said "never" twice'} for n in range(5)]
    names = count_terms(rows, cut=lambda text: text.replace('"never"', " ")).names
    assert "never" not in names


def test_articles_may_come_one_by_one_and_without_words():
    rows = ({"article_id": n, "outlet": "A", "text": text} for n, text in enumerate(["", None, "12 -", "one two"]))
    terms = count_terms(rows, minimum=1)
    assert terms.articles["tokens"].tolist() == [0, 0, 0, 2]
    assert count_terms([]).names.tolist() == []
    assert count_terms([{"article_id": 1, "outlet": "A", "text": "12"}]).names.tolist() == []


@pytest.mark.parametrize("unit", ["a", "a-", "a.", "a'", "A.b", "é’", "1", "_", "“", " ", "\n", "\u0301", "x ", "-'"])
def test_taking_a_text_apart_takes_no_longer_than_its_length(unit):
    start = time.perf_counter()
    pieces(unit * (200_000 // len(unit)))
    assert time.perf_counter() - start < 2


# --- keyness -------------------------------------------------------------------------------------------------------


def test_log_odds_and_z_are_those_of_the_paper_worked_slowly():
    articles = _plant(_articles({"A": 20, "B": 25}), "A", [1] * 10)
    found = keyness(count_terms(articles, longest=1), outlets=["A"], prior=500.0).set_index("word")
    counts = {outlet: Counter(" ".join(group["text"]).split()) for outlet, group in articles.groupby("outlet")}
    size = {outlet: sum(count.values()) for outlet, count in counts.items()}
    assert "planted" in found.index
    for word, row in found.iterrows():
        prior = 500.0 * (counts["A"][word] + counts["B"][word]) / (size["A"] + size["B"])
        with_prior = {outlet: counts[outlet][word] + prior for outlet in "AB"}
        odds = {outlet: with_prior[outlet] / (size[outlet] + 500.0 - with_prior[outlet]) for outlet in "AB"}
        delta = math.log(odds["A"]) - math.log(odds["B"])
        assert row["log_odds"] == pytest.approx(delta, rel=1e-5)
        assert row["z_tokens"] == pytest.approx(delta / math.sqrt(1 / with_prior["A"] + 1 / with_prior["B"]), rel=1e-5)


def test_the_standard_error_is_that_of_a_slow_bootstrap():
    articles = _plant(_articles({"A": 30, "B": 30}), "A", [6] * 8)
    found = keyness(count_terms(articles, longest=1), outlets=["A"], prior=400.0, draws=2000).set_index("word")
    row = found.loc["planted"]
    count = articles["text"].str.count("planted").to_numpy()
    size = articles["text"].str.split().str.len().to_numpy()
    first = (articles["outlet"] == "A").to_numpy()
    prior = 400.0 * count.sum() / size.sum()
    generator, drawn = np.random.default_rng(9), []
    for _ in range(2000):
        rows = generator.integers(len(articles), size=len(articles))
        own = rows[first[rows]]
        rate = count[own].sum() / size[own].sum() * size[first].sum() + prior
        drawn.append(math.log(rate / (size[first].sum() + 400.0 - rate)))
    own_variance = np.var(drawn, ddof=1) * 30 / 29
    # The other side has none of the word: the formula's variance stands.
    assert row["log_odds"] / row["z"] == pytest.approx(math.sqrt(own_variance + 1 / prior), rel=0.05)


def test_a_planted_word_comes_first_and_what_is_drawn_alike_is_not_found():
    found = keyness(count_terms(_plant(_articles({"A": 60, "B": 60, "C": 60}), "A", [1] * 30)), outlets=["A"])
    assert found["word"].iloc[0] == "planted"
    assert found["q"].iloc[0] < 0.01
    assert found["low"].iloc[0] > 0
    assert found[["n", "n_articles", "n_reference"]].iloc[0].tolist() == [30, 30, 0]
    assert found.loc[found["q"] < 0.05, "word"].tolist() == ["planted"]


def test_without_a_difference_hardly_anything_is_found():
    found = [keyness(count_terms(_articles({"A": 40, "B": 40, "C": 40}, seed=seed)), seed=seed) for seed in range(4)]
    assert sum((table["q"] < 0.05).sum() for table in found) <= 1
    screened = sum(table.groupby("outlet")["n_screened"].first().sum() for table in found)
    assert sum((table["p"] < 0.05).sum() for table in found) < 0.07 * screened


def test_a_word_of_a_few_articles_is_not_found_where_the_formula_alone_would_find_it():
    base = _articles({"A": 60, "B": 60})
    bursty, even = (
        keyness(count_terms(_plant(base, "A", times), longest=1), outlets=["A"]).set_index("word").loc["planted"]
        for times in ([60, 1, 1, 1, 1], [1] * 64)
    )
    assert bursty["z_tokens"] > 5
    assert bursty["q"] > 0.05
    assert bursty["low"] < 0
    assert even["q"] < 0.001
    assert bursty["dp"] > 0.9
    assert even["dp"] < 0.1


def test_a_word_of_one_article_is_no_keyword():
    found = keyness(count_terms(_plant(_articles({"A": 30, "B": 30}), "A", [100]), longest=1))
    assert "planted" not in set(found["word"])


def test_two_outlets_mirror_each_other():
    terms = count_terms(_plant(_articles({"A": 30, "B": 40}), "A", [1] * 20), longest=1)
    one = keyness(terms, outlets=["A"], reference="B").set_index("word").sort_index()
    other = keyness(terms, outlets=["B"], reference="A").set_index("word").sort_index()
    assert one.index.tolist() == other.index.tolist()
    np.testing.assert_allclose(one[["log_odds", "z", "low"]], -other[["log_odds", "z", "high"]], rtol=1e-4, atol=1e-6)
    np.testing.assert_allclose(one["per_10000"], other["per_10000_reference"], rtol=1e-5)


def test_the_same_seed_gives_the_same_table_in_whatever_order_articles_come():
    articles = _plant(_articles({"A": 30, "B": 30}), "A", [1, 9] * 10)
    one, again = (keyness(count_terms(articles), seed=3) for _ in range(2))
    shuffled = keyness(count_terms(articles.sample(frac=1, random_state=2)), seed=3)
    other = keyness(count_terms(articles), seed=4)
    pd.testing.assert_frame_equal(one, again, check_exact=True)
    pd.testing.assert_frame_equal(one, shuffled)
    assert not np.allclose(one["low"], other["low"], rtol=1e-6)


def test_each_of_the_other_outlets_counts_alike_however_much_it_printed():
    articles = pd.concat([_articles({"A": 20}), _articles({"B": 80}, seed=2), _articles({"C": 20}, seed=3)])
    articles = _plant(articles.reset_index(drop=True), "B", [2] * 80)
    found = keyness(count_terms(articles, longest=1), outlets=["A"]).set_index("word").loc["planted"]
    # Two words in 82 are the word in B, none in C.
    assert found["per_10000_reference"] == pytest.approx(1e4 * (2 / 82 + 0) / 2, rel=1e-5)
    assert found["n_reference"] == 160


def test_articles_of_one_story_do_not_count_as_independent():
    # Ten texts, each printed four times: without stories forty articles, with stories ten.
    articles = _plant(_articles({"A": 10, "B": 40}), "A", [3, 0, 1, 0, 4, 0, 2, 0, 3, 1])
    own = articles[articles["outlet"] == "A"]
    copies = pd.concat([own.assign(article_id=own["article_id"] + f"-{n}") for n in range(4)])
    copies["story"] = copies["article_id"].str[:4]
    rows = pd.concat([copies, articles[articles["outlet"] == "B"]], ignore_index=True)
    alone, told = (
        keyness(count_terms(table, longest=1), outlets=["A"]).set_index("word").loc["planted"]
        for table in (rows.drop(columns="story"), rows)
    )
    assert told["high"] - told["low"] > 1.2 * (alone["high"] - alone["low"])
    assert told["log_odds"] == pytest.approx(alone["log_odds"], rel=1e-6)


def test_only_stories_of_both_sides_count_where_that_is_asked():
    articles = _articles({"A": 40, "B": 40})
    number = articles["article_id"].str[1:].astype(int)
    articles["story"] = np.where(number < 20, "s" + number.astype(str), "")
    articles = _plant(_plant(articles, "A", [0] * 20 + [9] * 20), "B", [3] * 15)
    everything, shared = (
        keyness(count_terms(articles, longest=1), outlets=["A"], shared=shared).set_index("word").loc["planted"]
        for shared in (False, True)
    )
    assert everything[["n", "n_reference"]].tolist() == [180, 45]
    assert shared[["n", "n_reference"]].tolist() == [0, 45]
    assert everything["z"] > 0 > shared["z"]


def test_dispersion_is_0_where_a_word_is_even_and_near_1_where_it_is_in_one_article():
    # Four articles of ten words; a word twice in each, and one eight times in one: DP = 1 - 1/4, over 1 - 1/4.
    from reports.sides import Side

    rows = [{"article_id": n, "outlet": "A", "text": "even even " + ("burst " * 8 if n == 0 else "x y " * 4)}
            for n in range(4)]  # fmt: skip
    terms = count_terms(rows, longest=1, minimum=1)
    side = Side.of(terms.articles, terms.counts, np.arange(4))
    deviation = dict(zip(terms.names, side.dispersion(), strict=True))
    assert deviation["even"] == pytest.approx(0, abs=1e-6)
    # The articles hold 10, 2, 2 and 2 words that are any (x and y are stray letters, yet words of the text).
    assert deviation["burst"] == pytest.approx(1)


def test_adjusted_p_values_are_those_of_statsmodels():
    from statsmodels.stats.multitest import multipletests

    p = np.random.default_rng(1).random(50) ** 3
    np.testing.assert_allclose(benjamini_hochberg(p, 50), multipletests(p, method="fdr_bh")[1])
    padded = multipletests(np.concatenate([p, np.ones(30)]), method="fdr_bh")[1][:50]
    np.testing.assert_allclose(benjamini_hochberg(p, 80), padded)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda rows: keyness(count_terms(rows[rows["outlet"] == "A"])), "all articles are of 'A': there is no other"),
        (lambda rows: keyness(count_terms(rows), outlets=["Z"]), "no outlet 'Z' with words; there are: A, B"),
        (lambda rows: keyness(count_terms(rows), reference="Z"), "no outlet 'Z' with words; there are: A, B"),
        (
            lambda rows: keyness(count_terms(rows), minimum_articles=50),
            "no outlet has 50 articles with words on 5 stories, and",
        ),
        (lambda rows: keyness(count_terms(rows), ["A"], minimum_articles=50), "'A' or rest has fewer than 50 articles"),
        (lambda rows: keyness(count_terms(rows), shared=True), "with words on 5 stories that both sides cover"),
        (lambda rows: keyness(count_terms(rows), draws=10), "draws 10"),
        (lambda rows: keyness(count_terms(rows), prior=0.0), "prior 0.0"),
        (lambda rows: keyness(count_terms(rows.assign(text=""))), "no article holds a word"),
        (lambda rows: count_terms(rows.drop(columns="outlet")), "articles without outlet"),
        (lambda rows: count_terms(pd.concat([rows, rows])), "article 'A000' is given twice"),
        (lambda rows: count_terms(rows, longest=0), "phrases of 0 words"),
        (lambda rows: contexts(rows, "20 %"), "'20 %' is no word or phrase"),
        (lambda rows: contexts(rows, "waa", limit=0), "limit 0"),
        (lambda rows: contexts(rows, "waa", cut=lambda text: text[1:]), "article 'A000': what is cut must be blanked"),
    ],
)
def test_what_cannot_be_compared_is_one_clear_line(call, message):
    with pytest.raises(InputError, match=message) as error:
        call(_articles({"A": 20, "B": 20}))
    assert "\n" not in str(error.value)


def test_counting_changes_nothing_in_what_it_is_given():
    articles = _articles({"A": 20, "B": 20})
    before, terms = articles.copy(), count_terms(articles)
    counts = terms.counts.copy()
    keyness(terms)
    pd.testing.assert_frame_equal(articles, before)
    assert (terms.counts != counts).nnz == 0
    assert dataclasses.is_dataclass(terms)


# --- keyword in context --------------------------------------------------------------------------------------------

TEXTS = [
    ("a1", "A", "The regime fell. A regime’s end; the Regime."),
    ("a2", "A", "No regime here."),
    ("b1", "B", "Regime change. Regimes come and go."),
]
ROWS = [{"article_id": key, "outlet": outlet, "text": text} for key, outlet, text in TEXTS]


def test_a_place_is_the_texts_own_characters():
    found = contexts(ROWS, "REGIME", width=5)
    texts = {key: text for key, _, text in TEXTS}
    assert len(found) == 5
    for row in found.itertuples():
        text = texts[row.article_id]
        assert text[row.start : row.end] == row.keyword
        assert text.startswith(row.keyword + row.right, row.start)
        assert text[: row.start].endswith(row.left)
        assert len(row.left) <= 5 >= len(row.right)


def test_outlets_take_turns_and_no_article_comes_twice_before_all_of_its_outlet_came_once():
    found = contexts(ROWS, "regime")
    assert found["outlet"].tolist()[:3] == ["A", "B", "A"]
    assert set(found.loc[found["outlet"] == "A", "article_id"].tolist()[:2]) == {"a1", "a2"}
    assert contexts(ROWS, "regime", limit=2)["outlet"].tolist() == ["A", "B"]
    assert set(contexts(ROWS, "regime", outlet="B")["outlet"]) == {"B"}


def test_the_draw_follows_its_seed_and_not_the_order_of_the_articles():
    rows = [{"article_id": f"{n:02d}", "outlet": "A", "text": "A regime."} for n in range(30)]
    one, same, other = (contexts(table, "regime", seed=seed) for table, seed in ((rows, 1), (rows[::-1], 1), (rows, 2)))
    pd.testing.assert_frame_equal(one, same)
    assert one["article_id"].tolist() != other["article_id"].tolist()


def test_a_phrase_is_found_as_it_is_counted():
    rows = [
        {
            "article_id": 1,
            "outlet": "A",
            "text": "War on  terror. War on, terror. war\non terror. The U.S. war on terror’s end",
        }
    ]
    found = contexts(rows, "war on terror")
    assert found["keyword"].tolist() == ["War on  terror", "war on terror’s"]
    assert contexts(rows, "US")["keyword"].tolist() == ["U.S."]
    assert contexts(rows, "us").empty


def test_every_counted_word_has_as_many_places_as_it_was_counted(shared):
    from framing.training.real import real_corpus

    with real_corpus(shared / "real") as corpus:
        articles = corpus.frame(["article_id", "outlet", "published", "body"]).rename(columns={"body": "text"})
    articles = articles.sort_values("article_id").head(150)
    terms = count_terms(articles)
    totals = terms.counts.sum(axis=0).A1
    for column in range(0, len(terms.names), len(terms.names) // 25):
        assert len(contexts(articles, terms.names[column], limit=1_000_000)) == totals[column], terms.names[column]


def test_what_is_blanked_is_not_found_and_places_keep():
    rows = [{"article_id": 1, "outlet": "A", "text": 'He said "a regime" of the regime.'}]
    found = contexts(rows, "regime", width=20, cut=lambda text: text.replace('"a regime"', " " * 10))
    assert found[["start", "left"]].values.tolist() == [[26, 'aid "a regime" of the '[-20:]]]


def test_a_word_that_nobody_uses_gives_an_empty_table_with_its_columns():
    found = contexts(ROWS, "junta")
    assert found.empty
    assert "keyword" in found
