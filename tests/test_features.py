"""Feature extractors and classifiers: scikit-learn's manners, masked names, and numbers worked by hand."""

from __future__ import annotations

from math import exp
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV
from sklearn.pipeline import Pipeline, make_pipeline
from skops.io import dumps, loads

from framing.classifiers import RelationClassifier, SentimentClassifier
from framing.features import (
    AroundTarget,
    BetweenPair,
    EventVerbs,
    LetterRuns,
    MaskedText,
    TargetPolarity,
    masked_words,
)
from framing.features.words import valences
from framing.weights import TRUSTED

EXTRACTORS = [
    MaskedText(),
    AroundTarget(reach=4, near=2),
    BetweenPair(reach=5),
    EventVerbs(),
    LetterRuns(shortest=2, longest=4, min_df=1),
    TargetPolarity(),
]
CLASSIFIERS = [
    SentimentClassifier(C=2.0, min_df=1, random_state=3),
    RelationClassifier(C=2.0, gate=0.4, min_df=1, random_state=3),
]
names = [type(thing).__name__ for thing in (*EXTRACTORS, *CLASSIFIERS)]
each = pytest.mark.parametrize("estimator", [*EXTRACTORS, *CLASSIFIERS], ids=names)
each_extractor = pytest.mark.parametrize("extractor", EXTRACTORS, ids=names[: len(EXTRACTORS)])
each_classifier = pytest.mark.parametrize("classifier", CLASSIFIERS, ids=names[len(EXTRACTORS) :])


def passage(text: str, source: str, target: str) -> dict[str, Any]:
    """A row with the spans of two names in a text."""
    spans = {"source_span": source, "target_span": target}
    return {"text": text} | {key: (text.index(name), text.index(name) + len(name)) for key, name in spans.items()}


PATTERNS = [
    ("{0} praised the good work of {1}.", "positive", "cooperation"),
    ("{0} thanked {1} for its generous help.", "positive", "cooperation"),
    ("{0} and {1} signed a splendid agreement.", "positive", "cooperation"),
    ("{0} accused {1} of terrible crimes.", "negative", "conflict"),
    ("{0} condemned the brutal attack by {1}.", "negative", "conflict"),
    ("{0} threatened {1} with war.", "negative", "conflict"),
    ("{0} lies north of {1}.", "neutral", "none"),
    ("It rains in {0} and it rains in {1}.", "neutral", "none"),
    ("Tourists from {0} often fly over {1}.", "neutral", "none"),
]
PAIRS = [("Russia", "Iran"), ("China", "France"), ("Spain", "Japan"), ("Norway", "Chile")]
ROWS = [(passage(text.format(*pair), *pair), mood, act) for text, mood, act in PATTERNS for pair in PAIRS]
FRAME = pd.DataFrame([row for row, _, _ in ROWS])
MOODS = np.array([mood for _, mood, _ in ROWS])
ACTS = np.array([act for _, _, act in ROWS])


def right_labels(classifier: Any) -> np.ndarray[Any, Any]:
    return MOODS if isinstance(classifier, SentimentClassifier) else ACTS


def dense(features: Any) -> np.ndarray[Any, Any]:
    """Any extractor's output as an array that can be compared."""
    return features.toarray() if sparse.issparse(features) else np.asarray(features)


# --- scikit-learn's manners ---
#
# `check_estimator` feeds arrays of numbers, a sparse matrix and lists of lists; these estimators take a frame of
# passages with text and spans, and its very first check fails on `X["text"]`. So the checks that make sense for any
# input are made here by hand: parameters stored untouched, clone, nothing mutated, fit returns self, the number of
# features is stable, the order of rows is kept, and an unfitted classifier says that it is unfitted.


@each
def test_a_clone_has_the_same_parameters_and_nothing_fitted(estimator: Any) -> None:
    copy = clone(estimator)
    assert copy is not estimator
    assert copy.get_params() == estimator.get_params()
    assert not [name for name in vars(copy) if name.endswith("_")]


@each
def test_parameters_go_round_through_set_params_untouched(estimator: Any) -> None:
    given = {name: object() for name in estimator.get_params()}
    copy = clone(estimator).set_params(**given)
    assert copy.get_params() == given
    assert type(estimator)(**given).get_params() == given


@each
def test_fit_returns_the_thing_itself_and_leaves_parameters_and_data_alone(estimator: Any) -> None:
    copy, X = clone(estimator), FRAME.copy(deep=True)
    before = copy.get_params()
    assert copy.fit(X, right_labels(copy)) is copy
    assert copy.get_params() == before
    pd.testing.assert_frame_equal(X, FRAME)
    output = copy.predict if hasattr(copy, "predict") else copy.transform
    output(X)
    pd.testing.assert_frame_equal(X, FRAME)


@each_extractor
def test_the_number_of_features_is_stable_and_rows_keep_their_order(extractor: Any) -> None:
    fitted = clone(extractor).fit(FRAME)
    whole = dense(fitted.transform(FRAME))
    assert len(whole) == len(FRAME)
    turned = FRAME.iloc[::-1].reset_index(drop=True)
    assert np.array_equal(dense(fitted.transform(turned)), whole[::-1])
    one_by_one = [dense(fitted.transform(FRAME.iloc[[i]]))[0] for i in range(len(FRAME))]
    assert np.array_equal(np.array(one_by_one), whole)


@each_extractor
def test_an_empty_batch_gives_no_rows(extractor: Any) -> None:
    assert dense(clone(extractor).fit(FRAME).transform(FRAME.iloc[:0])).shape[0] == 0


@pytest.mark.parametrize("extractor", [e for e in EXTRACTORS if hasattr(e, "get_feature_names_out")], ids=str)
def test_there_is_one_name_a_column(extractor: Any) -> None:
    fitted = clone(extractor).fit(FRAME)
    columns = list(fitted.get_feature_names_out())
    assert len(columns) == dense(fitted.transform(FRAME)).shape[1] == len(set(columns))


@each_classifier
def test_a_classifier_that_is_not_fitted_says_so(classifier: Any) -> None:
    for output in ("predict", "predict_proba"):
        with pytest.raises(NotFittedError):
            getattr(clone(classifier), output)(FRAME)


def test_letter_runs_that_are_not_fitted_say_so() -> None:
    with pytest.raises(NotFittedError):
        LetterRuns().transform(FRAME)


@each_classifier
def test_classes_are_sorted_and_probabilities_sum_to_one(classifier: Any) -> None:
    fitted = clone(classifier).fit(FRAME, right_labels(classifier))
    assert list(fitted.classes_) == sorted(set(right_labels(classifier)))
    chances = fitted.predict_proba(FRAME)
    assert chances.shape == (len(FRAME), 3)
    assert np.allclose(chances.sum(axis=1), 1)
    assert (chances >= 0).all()


@each_classifier
def test_a_classifier_learns_what_it_is_shown(classifier: Any) -> None:
    fitted = clone(classifier).fit(FRAME, right_labels(classifier))
    assert fitted.score(FRAME, right_labels(classifier)) == 1.0


@each_classifier
def test_fitting_twice_gives_the_same_predictions(classifier: Any) -> None:
    y = right_labels(classifier)
    once, twice = (clone(classifier).fit(FRAME, y).predict_proba(FRAME) for _ in range(2))
    assert np.array_equal(once, twice)


@pytest.mark.parametrize("extractor", [MaskedText(), AroundTarget(), BetweenPair()], ids=str)
def test_an_extractor_of_words_works_in_a_pipeline_and_a_grid_search(extractor: Any) -> None:
    words = CountVectorizer(token_pattern=r"\S+", lowercase=False)
    pipeline = Pipeline([("extract", extractor), ("count", words), ("fit", LogisticRegression())])
    grid = {"fit__C": [0.1, 10.0]}
    if "reach" in extractor.get_params():
        grid["extract__reach"] = [1, 6]
    search = GridSearchCV(pipeline, grid, cv=4, error_score="raise").fit(FRAME, MOODS)
    assert set(search.best_params_) == set(grid)
    # Rows come in fours of one pattern, so that a fold without shuffling leaves patterns out: above chance is enough.
    assert search.score(FRAME, MOODS) > 0.9


@pytest.mark.parametrize("extractor", [EventVerbs(), LetterRuns(min_df=1), TargetPolarity()], ids=str)
def test_an_extractor_of_numbers_works_in_a_pipeline(extractor: Any) -> None:
    pipeline = make_pipeline(extractor, LogisticRegression(C=100, max_iter=1000)).fit(FRAME, ACTS)
    assert pipeline.score(FRAME, ACTS) > 0.6


@each_classifier
def test_a_classifier_works_in_a_grid_search(classifier: Any) -> None:
    search = GridSearchCV(classifier, {"C": [0.1, 1.0]}, cv=2, error_score="raise")
    assert search.fit(FRAME, right_labels(classifier)).best_params_["C"] in (0.1, 1.0)


@each_classifier
def test_a_classifier_read_back_from_skops_predicts_the_same(classifier: Any) -> None:
    fitted = clone(classifier).fit(FRAME, right_labels(classifier))
    back = loads(dumps(fitted), trusted=TRUSTED)
    assert np.array_equal(back.predict_proba(FRAME), fitted.predict_proba(FRAME))
    assert back.get_params() == fitted.get_params()


# --- Letter runs ---


@pytest.mark.parametrize("min_df", [1, 3])
def test_letter_runs_are_scikit_learn_s_own_numbers_on_masked_text(min_df: int) -> None:
    ours = LetterRuns(3, 5, min_df=min_df).fit(FRAME)
    theirs = TfidfVectorizer(analyzer="char_wb", sublinear_tf=True, ngram_range=(3, 5), lowercase=False, min_df=min_df)
    expected = theirs.fit_transform(MaskedText().transform(FRAME))
    assert list(ours.get_feature_names_out()) == list(theirs.get_feature_names_out())
    assert abs(ours.transform(FRAME) - expected).max() < 1e-12


def test_letter_runs_of_a_new_passage_are_scikit_learn_s_own_too() -> None:
    new = pd.DataFrame([passage("A splendid, splendid day for Peru, agreed Togo; 12 praised it!", "Togo", "Peru")])
    theirs = TfidfVectorizer(analyzer="char_wb", sublinear_tf=True, ngram_range=(3, 5), lowercase=False)
    theirs.fit(MaskedText().transform(FRAME))
    ours = LetterRuns(3, 5, min_df=1).fit(FRAME)
    assert abs(ours.transform(new) - theirs.transform(MaskedText().transform(new))).max() < 1e-12


# --- Names are masked ---


@each_extractor
def test_other_names_leave_the_features_as_they_are(extractor: Any) -> None:
    text = "Officials say {0} praised {1} in {2}, and {3} was not amused."
    one = pd.DataFrame([passage(text.format("Russia", "Iran", "Vienna", "Merkel"), "Russia", "Iran")])
    other = pd.DataFrame([passage(text.format("Chile", "Japan", "Quito", "Obama"), "Chile", "Japan")])
    fitted = clone(extractor).fit(FRAME)
    assert np.array_equal(dense(fitted.transform(one)), dense(fitted.transform(other)))


@each_extractor
def test_another_verb_changes_the_features(extractor: Any) -> None:
    rows = [passage(f"It {verb} Russia after talks with Iran.", "Iran", "Russia") for verb in ("praised", "attacked")]
    fitted = clone(extractor).fit(FRAME)
    one, other = (dense(fitted.transform(pd.DataFrame([row]))) for row in rows)
    assert not np.array_equal(one, other)


@each_classifier
def test_the_shipped_kind_of_classifier_does_not_know_whom_it_reads_of(classifier: Any) -> None:
    fitted = clone(classifier).fit(FRAME, right_labels(classifier))
    text = "On Monday {0} accused {1} of lying."
    rows = [
        passage(text.format(*pair), *pair) for pair in [("Russia", "Iran"), ("Cuba", "Iceland"), ("Iran", "Russia")]
    ]
    chances = fitted.predict_proba(pd.DataFrame(rows))
    assert np.array_equal(chances[0], chances[1])
    assert np.array_equal(chances[0], chances[2])


def test_a_word_of_the_lexicon_is_kept_although_a_headline_capitalises_it() -> None:
    # "Praises" and "Great" are in VADER's lexicon, "Plan" and "Merkel" are not.
    assert masked_words("Aide Praises Great Plan by Merkel, 3 days on") == (
        "aide", "praises", "great", "np", "by", "np", ",", "0", "days", "on",
    )  # fmt: skip


def test_in_a_sentence_a_capitalised_word_of_the_lexicon_is_a_name() -> None:
    # The same words: "Great" of a great power's name, "Hope" of a person's.
    assert masked_words("The aide of Great Hope praises their great hope today") == (
        "the", "aide", "of", "np", "np", "praises", "their", "great", "hope", "today",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        # Words of four letters and more: three of five have a capital, which is 60 % and not more.
        ("Aides Praise Their great plans", False),
        # Four of six: 67 %.
        ("Aides Praise Their Strong great plans", True),
        # Short words do not count: of those of four letters all three have a capital.
        ("Aides Praise it as we do in our old Plan", True),
        ("aides of it Praise a plan", False),
    ],
)
def test_a_text_is_a_headline_above_60_percent_of_capitalised_words(text: str, kept: bool) -> None:
    assert ("praise" in masked_words(text)) == kept


def test_united_is_no_polar_word() -> None:
    assert "united" not in valences()
    assert valences()["praise"] > 0 > valences()["hostile"]
    values = polarity("A united team met Russia.", "Russia")
    assert all(value == 0 for name, value in values.items() if "positive" in name or "negative" in name)


# --- Numbers worked by hand ---


def polarity(text: str, target: str) -> dict[str, float]:
    extractor = TargetPolarity()
    start = text.index(target)
    frame = pd.DataFrame({"text": [text], "target_span": [(start, start + len(target))]})
    return dict(zip(extractor.get_feature_names_out(), extractor.transform(frame)[0].tolist(), strict=True))


def test_a_negated_word_before_the_target_counts_three_quarters_the_other_way() -> None:
    # "praised" is +2.2; "not" among the three words before it makes it 2.2 x -0.74 = -1.628, right before the target:
    # distance 0, so its weight is 1 at every reach.
    values = polarity("They have not praised Russia.", "Russia")
    for reach in ("3", "10", "100"):
        assert values[f"before_negative_{reach}"] == pytest.approx(1.628)
        assert values[f"before_positive_{reach}"] == 0.0
    # Four words before (they, have, not, praised), one after (the stop); in thirties.
    assert values["words_before"] == pytest.approx(4 / 30)
    assert values["words_after"] == pytest.approx(1 / 30)


def test_a_negation_more_than_three_words_away_does_not_count() -> None:
    # not (4 back), they (3), all (2), today (1) | praised: three words back reach "they".
    values = polarity("If not they all today praised Russia.", "Russia")
    assert values["before_negative_3"] == 0.0
    assert values["before_positive_3"] == pytest.approx(2.2)


def test_words_further_away_count_less_by_their_distance() -> None:
    # After the target: was (0) cruel (1), and "cruel" is -2.8: e^(-1/3) = 0.7165, so 2.006 at the reach of three.
    values = polarity("Russia was cruel.", "Russia")
    assert values["after_negative_3"] == pytest.approx(2.8 * exp(-1 / 3))
    assert values["after_negative_3"] == pytest.approx(2.006, abs=1e-3)
    assert values["after_negative_10"] == pytest.approx(2.8 * exp(-1 / 10))
    assert values["after_negative_100"] == pytest.approx(2.8 * exp(-1 / 100))
    assert all(values[name] == 0 for name in values if name.startswith("before"))


def test_quotation_marks_are_counted_to_two() -> None:
    assert polarity("Russia waits.", "Russia")["quotation_marks"] == 0
    assert polarity("“Good,” Russia said.", "Russia")["quotation_marks"] == 1
    assert polarity('"Good," Russia said, "very" "good"', "Russia")["quotation_marks"] == 2


def events(text: str, source: str, target: str) -> dict[str, float]:
    extractor = EventVerbs()
    values = extractor.transform(pd.DataFrame([passage(text, source, target)]))[0]
    return dict(zip(extractor.get_feature_names_out(), values.tolist(), strict=True))


def test_a_verb_between_the_two_has_the_goldstein_score_of_its_code() -> None:
    # "accused" is code 112, Goldstein -2.0, so -0.2; nothing stands before, and a full stop after.
    values = events("Iran accused Iraq.", "Iran", "Iraq")
    assert values["between_negative"] == values["between_strongest_negative"] == pytest.approx(0.2)
    assert values["between_verbs"] == 1
    assert values["between_positive"] == values["before_verbs"] == values["after_verbs"] == values["negations"] == 0


def test_scores_of_a_region_add_up_and_the_strongest_stands_alone() -> None:
    # praised 051: +3.4; accused 112: -2.0; praised again +3.4: sums 0.68 and 0.2, strongest 0.34 and 0.2.
    values = events("Iran praised, accused and praised Iraq.", "Iran", "Iraq")
    assert values["between_positive"] == pytest.approx(0.68)
    assert values["between_negative"] == pytest.approx(0.2)
    assert values["between_strongest_positive"] == pytest.approx(0.34)
    assert values["between_verbs"] == 3


def test_the_region_of_a_verb_does_not_depend_on_which_of_the_two_is_the_source() -> None:
    text = "Iran praised Iraq."
    assert events(text, "Iran", "Iraq") == events(text, "Iraq", "Iran")


def test_negations_are_counted_over_the_whole_passage() -> None:
    assert events("It was not Iran that met no envoy of Iraq, never.", "Iran", "Iraq")["negations"] == 3


@pytest.mark.parametrize(
    ("text", "column"),
    [("Never did Iran meet Iraq.", "negations"), ("Meeting in Vienna, Iran and Iraq smiled.", "before_verbs")],
)
def test_the_first_word_of_a_passage_counts_although_it_has_a_capital(text: str, column: str) -> None:
    assert (
        events(text, "Iran", "Iraq")[column] == events(f"So {text[0].lower()}{text[1:]}", "Iran", "Iraq")[column] == 1
    )


def test_tokens_between_a_pair_say_where_they_stand() -> None:
    frame = pd.DataFrame([passage("Today Iran met old Iraq again.", "Iran", "Iraq")])
    (tokens,) = BetweenPair().transform(frame)
    assert tokens.split() == ["B_today", "M_met", "M_old", "A_again", "A_.", "M_met_old", "A_again_."]


def test_tokens_around_a_target_keep_the_distance_of_the_nearest() -> None:
    frame = pd.DataFrame([passage("Aides of Iran praised Iraq very warmly.", "Iran", "Iraq")])
    (tokens,) = AroundTarget(reach=2, near=1).transform(frame)
    assert tokens.split() == ["L_praised", "L_np", "R_very", "R_warmly", "L0_praised", "R0_very"]
