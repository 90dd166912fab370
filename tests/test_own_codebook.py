"""A codebook of one's own: trained on coded passages, told what it reaches, kept in a folder, read as a measure."""

from __future__ import annotations

import json
import re
import shutil

import numpy as np
import pandas as pd
import pytest
from click.testing import CliRunner
from sklearn.base import clone
from sklearn.metrics import f1_score
from sklearn.model_selection import GridSearchCV, KFold
from skops.io import dumps
from threadpoolctl import threadpool_limits

from corpora.errors import InputError
from framing.classifiers.frames import FrameClassifier
from framing.codebook import load_codebook, parse_codebook
from framing.codebook_card import card, save
from framing.coded import CodedPassages, read_coded
from framing.frames import CARD, CODEBOOK, MEASURED, WEIGHT, codebook_of, frame_f1
from framing.own_codebook import train, without
from framing.scorers import load_scorer
from reports.cli import main
from reports.codebook_page import trained_lines

CLASH = (
    "The general threatened to shell the border posts before dawn.",
    "Troops on both sides opened fire across the river.",
    "A missile struck the barracks, and the army vowed revenge.",
    "The navy fired warning shots at two hostile patrol boats.",
    "Soldiers stormed the bridge after a night of heavy shelling.",
    "The minister warned that any attack would be met with fire.",
    "Fighter jets chased an enemy drone away from the border.",
    "Rebels and troops fought for the hill until the ammunition ran out.",
    "The army moved forty tanks to the border and threatened war.",
    "Another attack on the convoy left nine soldiers wounded.",
    "He accused the enemy of shelling a village during the truce.",
    "The general promised to strike back if the navy was attacked again.",
    "Hostile troops crossed the river and seized three villages.",
    "War is near, the marshal said, and every soldier knows it.",
    "A missile fired from the south sank the patrol boat.",
    "The truce broke down when soldiers attacked a border post.",
    "Both armies massed troops and tanks along the river.",
    "The drone attack was an act of war, the general said.",
    "Snipers fired on the patrol from the enemy's side of the hill.",
    "The army answered the shelling with missiles of its own.",
    "Tanks rolled through the village as the fighting spread.",
    "The marshal threatened to attack unless the troops withdrew.",
    "Soldiers dug trenches and waited for the enemy to strike.",
    "The navy chased hostile boats and fired at the last of them.",
    "Fighting near the bridge wounded a dozen soldiers overnight.",
    "An enemy missile hit the tanks that guarded the border.",
)
MARKET = (
    "Exports of wheat rose by a tenth, and prices fell in every market.",
    "The bank cut its rates to help firms that sell abroad.",
    "Investors bought shares in steel firms after the tariffs ended.",
    "Trade between the neighbours doubled as customs duties fell.",
    "The price of copper rose, and miners hired more workers.",
    "A tariff on cheese would cost dairy firms a third of their sales.",
    "The currency fell, which made imports of oil dear.",
    "Merchants hope that lower duties will bring growth to the ports.",
    "Growth slowed as exports of cars and wheat fell.",
    "The firms agreed on a price for gas and signed a contract.",
    "Shares in the bank fell when its profits shrank.",
    "Imports of rice grew, and prices in the shops went down.",
    "Customs duties on wine bring the treasury a billion a year.",
    "Investors fear that tariffs will cut the profits of exporters.",
    "The treasury borrowed money abroad at a rate of six percent.",
    "Wages rose faster than prices for the first time in years.",
    "The merger gives two steel firms half of the market.",
    "Sales of cars abroad brought the firm its best profits.",
    "The market for oil is weak, and exporters earn less money.",
    "A loan from the bank will pay for a new port for trade.",
    "Tariffs on copper were cut, and sales rose at once.",
    "The budget foresees growth of two percent and lower rates.",
    "Prices of gas doubled, and factories cut their output.",
    "Dairy exports earn the country more money than tourism does.",
    "The duties hurt importers, whose costs rose by a third.",
    "Firms moved their factories abroad to save on wages.",
)
NEITHER = (
    "Snow fell on the capital for the first time in April.",
    "The choir sang until midnight in the old cathedral.",
    "A painter gave his last canvas to the museum of his town.",
    "Children planted lindens along the road to the school.",
    "The novel tells of a lighthouse keeper and his daughter.",
    "Storks came back to the marshes two weeks early.",
    "The orchestra will tour both capitals in the autumn.",
    "Linguists found a dialect that nobody had described before.",
    "The comet can be seen in the west after sunset.",
    "A baker won the prize for the finest rye bread.",
)

TOML = r"""
name = "summit"
title = "Frames of a summit"

[[frame]]
name = "clash"
definition = "The sides as enemies in arms."
questions = ["Is there a fight, or a threat of one?"]
cues = ['\bwar\b', '\battack(s|ed)?\b']
examples = ["They fought."]

[[frame]]
name = "market"
definition = "The sides as buyers and sellers."
questions = ["Is there a price, or a sale?"]
cues = ['\btrade\b', '\btariffs?\b']
examples = ["They traded."]
"""
SNOW = """
[[frame]]
name = "snow"
definition = "The sides in winter."
questions = ["Does it snow?"]
examples = ["It snowed."]
"""
BOOK = parse_codebook(TOML.encode(), "summit.toml")
ROWS = [
    *((text, frozenset({"clash"})) for text in CLASH),
    *((text, frozenset({"market"})) for text in MARKET),
    *((text, frozenset()) for text in NEITHER),
]
TEXTS = [text for text, _ in ROWS]
DUE = np.array([[frame in frames for frame in BOOK.names] for _, frames in ROWS])
# Each sale ends on words that no other sentence has, so that nothing but a fault could miss it.
PLAIN = [(f"{text} So the merchants said." if "market" in frames else text, frames) for text, frames in ROWS]
MIXED = np.random.default_rng(20240101).permutation(len(ROWS))


def coded(rows=ROWS, articles=None) -> CodedPassages:
    return CodedPassages(
        frames=BOOK.names,
        texts=tuple(text for text, _ in rows),
        articles=tuple(articles or [""] * len(rows)),
        codings=tuple((frames,) for _, frames in rows),
        coders=("",),
    )


def as_csv(rows=ROWS, header="text,frames") -> str:
    return header + "\n" + "".join(f'"{text}",{";".join(sorted(frames))}\n' for text, frames in rows)


def passages(*texts: str) -> pd.DataFrame:
    count = len(texts)
    spans = {"target_span": [None] * count, "source_span": [None] * count}
    return pd.DataFrame({"passage_id": [f"p{k}" for k in range(count)], "text": list(texts), **spans})


@pytest.fixture(scope="module")
def trained():
    return train(BOOK, coded(), cost="light")


@pytest.fixture
def own(trained, tmp_path):
    """A folder of trained codebooks, which holds one."""
    save(trained, TOML.encode(), tmp_path / "own")
    return tmp_path / "own"


# --- What training finds ---


def test_scores_are_those_of_fits_that_saw_nothing_of_what_they_read(trained):
    # The same by hand, over folds of our own: which sentence falls into which fold moves F1 by some hundredths.
    model = FrameClassifier(BOOK.names, [[cue.pattern for cue in frame.cues] for frame in BOOK.frames], reads="words")
    reached = []
    for seed in range(3):
        answers = np.zeros(DUE.shape, dtype=bool)
        for rest, held in KFold(5, shuffle=True, random_state=seed).split(TEXTS):
            with threadpool_limits(1, user_api="blas"):  # on a busy machine several threads take twenty times as long
                fitted = clone(model).fit([TEXTS[k] for k in rest], DUE[rest])
            answers[held] = fitted.predict([TEXTS[k] for k in held])
        reached.append(f1_score(DUE, answers, average=None))
    assert [score.f1 for score in trained.scores] == pytest.approx(np.mean(reached, axis=0), abs=0.08)
    assert trained.macro_f1 == pytest.approx(np.mean([score.f1 for score in trained.scores]))


def test_scores_are_no_higher_than_those_on_what_was_learned(trained):
    learned = f1_score(DUE, trained.classifier.predict(TEXTS), average=None)
    for score, ceiling in zip(trained.scores, learned, strict=True):
        assert 0.7 < score.f1 <= ceiling
        assert 0 <= score.low <= score.f1 <= score.high <= 1
        assert score.scorer_alpha < score.f1
    assert [(score.frame, score.n) for score in trained.scores] == [("clash", 26), ("market", 26)]


def test_labels_without_sense_are_not_learned():
    mixed = np.random.default_rng(20240101).permutation(len(ROWS))
    found = train(BOOK, coded([(text, ROWS[k][1]) for text, k in zip(TEXTS, mixed, strict=True)]), cost="light")
    assert all(score.scorer_alpha < 0.25 for score in found.scores)


def test_the_learning_curve_grows_and_ends_with_all_four_fifths(trained):
    assert max(trained.curve) == round(0.8 * len(ROWS))
    assert len(trained.curve) == 4
    assert {len(values) for values in trained.curve.values()} == {5}
    half, whole = sorted(trained.curve)[1], max(trained.curve)
    gain = np.mean(trained.curve[whole]) - np.mean(trained.curve[half])
    assert f"from {half} to {whole} passages F1 changed by {gain:+.2f} (95 % " in trained.more_coding()


def test_articles_are_held_out_as_a_whole():
    # Each sentence stands in an article of its own but for clashes, which are all in one: then no clash is ever learned
    # from where clashes are read, and nobody could tell them.
    articles = ["one"] * len(CLASH) + [f"a{k}" for k in range(len(ROWS) - len(CLASH))]
    found = train(BOOK, coded(articles=articles), cost="light")
    assert found.grouped
    assert found.scores[0].f1 == 0
    assert "whole articles held out" in card(found)


def test_a_frame_that_cannot_be_learned_in_a_fold_takes_nothing_from_the_others():
    articles = ["one"] * len(CLASH) + [f"a{k}" for k in range(len(ROWS) - len(CLASH))]
    assert train(BOOK, coded(PLAIN, articles), cost="light").scores[1].f1 > 0.9


def test_few_passages_of_a_frame_do_not_lower_the_scores_of_another():
    found = train(BOOK, coded([*PLAIN[:7], *PLAIN[len(CLASH) :]]), cost="light")
    assert found.scores[1].f1 > 0.9


def test_a_text_that_is_coded_twice_is_not_read_by_a_fit_that_learned_it():
    # Labels without sense: only who has seen the text can tell them.
    rng = np.random.default_rng(20240101)
    rows = [(text, ROWS[k][1]) for text, k in zip(TEXTS, rng.permutation(len(ROWS)), strict=True)]
    found = train(BOOK, coded([*rows, *rows, *rows]), cost="light")
    assert all(score.scorer_alpha < 0.25 for score in found.scores)


def test_the_same_passages_give_the_same_bytes(trained, tmp_path):
    save(trained, TOML.encode(), tmp_path / "first")
    save(train(BOOK, coded(), cost="light"), TOML.encode(), tmp_path / "second")
    for name in (CODEBOOK, WEIGHT, MEASURED, CARD):
        first, second = ((tmp_path / folder / "summit" / name).read_bytes() for folder in ("first", "second"))
        assert first == second, name


# --- What is refused ---


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([*ROWS[:6], *ROWS[26:]], "frame 'clash' has 6 coded passages with it; 7 are the least"),
        (ROWS[26:], "frame 'clash' has 0 coded passages with it; 7 are the least"),
        (
            [(text, frames | {"market"}) for text, frames in ROWS],
            "frame 'market' has 0 coded passages without it; 7 are",
        ),
        (ROWS[20:32], "frame 'clash' has 6 coded passages with it"),
    ],
)
def test_too_few_passages_are_refused_with_the_way_out(rows, told):
    with pytest.raises(InputError) as caught:
        train(BOOK, coded(rows), cost="light")
    assert told in str(caught.value)
    assert re.search(r"code more, or leave it out: --leave-out (clash|market)$", str(caught.value))


def test_seven_passages_are_enough_to_be_trained_and_are_marked():
    found = train(BOOK, coded([*ROWS[:7], *ROWS[26:]]), cost="light")
    lines = list(trained_lines(found))
    assert re.search(r"^clash +7 +\d\.\d\d\*", lines[lines.index("") + 2])
    assert "* fewer than 20 coded passages carry it: hardly told" in lines


def test_passages_of_fewer_articles_than_folds_are_refused():
    with pytest.raises(InputError, match="article"):
        train(BOOK, coded(articles=[f"a{k % 3}" for k in range(len(ROWS))]), cost="light")


def test_passages_without_a_word_in_common_are_refused():
    rows = [(f"wort{k}xyz", frozenset({BOOK.names[k % 2]})) for k in range(40)]
    with pytest.raises(InputError):
        train(BOOK, coded(rows), cost="light")


def test_an_unknown_cost_is_refused():
    with pytest.raises(InputError, match=r"^no cost 'cheap'; there are: encoder, light$"):
        train(BOOK, coded(), cost="cheap")


def test_frames_are_left_out_of_the_codebook_and_of_what_was_coded():
    book, part = without(BOOK, coded(), ["clash"])
    assert book.names == part.frames == ("market",)
    assert set(part.codings) == {(frozenset(),), (frozenset({"market"}),)}
    with pytest.raises(InputError, match=r"^codebook 'summit' has no frame 'war'; there are: clash, market$"):
        without(BOOK, coded(), ["war"])
    with pytest.raises(InputError, match=r"^codebook 'summit': no frame is left to train$"):
        without(BOOK, coded(), ["clash", "market", "clash"])


# --- Coders ---


def test_one_coder_only_is_said(trained):
    assert "coded by one coder only: how far coders agree cannot be told" in list(trained_lines(trained))
    assert "One coder only: how far coders agree cannot be told." in card(trained)
    assert all(np.isnan(score.coder_alpha) for score in trained.scores)


def test_two_coders_have_their_alpha_told(write):
    # Doe codes all passages, Roe the 10 first clashes and the 10 first sales; in 4 of the 20 he sees no clash.
    rows = [f'Doe,"{text}",{";".join(frames)}' for text, frames in ROWS]
    seen = [*ROWS[:10], *ROWS[26:36]]
    rows += [f'Roe,"{text}",{"" if k < 4 else ";".join(frames)}' for k, (text, frames) in enumerate(seen)]
    path = write("coded.csv", "coder,text,frames\n" + "\n".join(rows) + "\n")
    found = train(BOOK, read_coded(path, BOOK), cost="light")
    assert found.coders == ("Doe", "Roe")
    # Of 40 values 16 are yes and 24 no; 4 units of 20 differ, so 8 of 40 pairs.
    clash, market = (score.coder_alpha for score in found.scores)
    assert clash == pytest.approx(1 - 39 * 8 / (2 * 16 * 24))
    assert market == 1
    assert "Coders: 2. Their agreement (Krippendorff's alpha) is 0.59 to 1.00 over the frames." in card(found)
    assert not any("one coder" in line for line in trained_lines(found))


def test_coders_who_share_no_passage_are_said_to(write):
    rows = [f'{"Doe" if k % 2 else "Roe"},"{text}",{";".join(frames)}' for k, (text, frames) in enumerate(ROWS)]
    path = write("coded.csv", "coder,text,frames\n" + "\n".join(rows) + "\n")
    found = train(BOOK, read_coded(path, BOOK), cost="light")
    assert "Coders: 2. No passage was coded by two of them: how far they agree cannot be told." in card(found)


# --- The folder ---


def test_the_card_tells_what_is_reached_and_whether_more_coding_would_help(trained, own):
    text = (own / "summit" / CARD).read_text(encoding="utf-8")
    assert text.startswith("# frames:summit\n")
    assert f"from {len(ROWS)} coded passages" in text
    for word in ("F1", "alpha with the coders", "alpha between coders", "## Learning curve", "passages held out"):
        assert word in text
    for score in trained.scores:
        assert f"| {score.frame} | 26 | {score.f1:.2f} | {score.low:.2f} to {score.high:.2f} | " in text
    for size, values in trained.curve.items():
        known = [value for value in values if value == value]
        assert f"| {size} | {np.mean(known):.2f} |" in text
    assert "more coding" in text.lower()


def test_a_trained_codebook_is_read_as_a_measure(trained, own):
    scorer = load_scorer("frames:summit", codebooks=own)
    assert (scorer.measure, scorer.name, scorer.labels) == ("frames:summit", "light", ("clash", "market"))
    texts = ["Troops attacked the bridge.", "Prices of wheat fell.", "…", "The choir sang."]
    scores = scorer.score(passages(*texts))
    assert scores["passage_id"].tolist() == [f"p{k}" for k in range(4) for _ in range(2)]
    assert scores["category"].tolist() == ["clash", "market"] * 4
    assert set(scores["measure"]) == {"frames:summit"}
    told = scores["value"].to_numpy().reshape(4, 2)
    known = [0, 1, 3]
    assert told[known] == pytest.approx(trained.classifier.predict_proba([texts[k] for k in known]), abs=1e-6)
    assert ((told[known] >= 0) & (told[known] <= 1)).all()
    # What has no letter carries nothing that could be told.
    assert np.isnan(told[2]).all()
    assert scores["label"][4:6].tolist() == [None, None]
    assert scores["label"][:4].tolist() == ["yes", "no", "no", "yes"]
    right = scores["label"].to_numpy() == "yes"
    whole = scores["value"].notna().to_numpy()
    due = np.where(right, scores["value"], 1 - scores["value"])
    assert scores["confidence"][whole].to_numpy() == pytest.approx(due[whole], abs=1e-6)


def test_no_passages_have_no_scores(own):
    assert len(load_scorer("frames:summit", codebooks=own).score(passages())) == 0


def test_scores_do_not_hang_on_what_else_is_in_the_batch(own):
    scorer = load_scorer("frames:summit", codebooks=own)
    together = scorer.score(passages(*TEXTS[:9]))["value"].to_numpy()
    alone = np.concatenate([scorer.score(passages(text))["value"].to_numpy() for text in TEXTS[:9]])
    assert together == pytest.approx(alone, abs=1e-6)


def test_a_trained_codebook_tells_its_codebook_and_what_it_reaches(trained, own):
    scorer = load_scorer("frames:summit", codebooks=own)
    assert codebook_of(scorer).names == ("clash", "market")
    assert frame_f1(scorer) == {score.frame: pytest.approx(score.f1, abs=1e-4) for score in trained.scores}


def test_a_codebook_trained_anew_is_read_anew(trained, own):
    before = load_scorer("frames:summit", codebooks=own)
    first = before.score(passages(CLASH[0]))["value"].tolist()
    turned = [(text, frozenset(set(BOOK.names) - frames) if frames else frames) for text, frames in ROWS]
    save(train(BOOK, coded(turned), cost="light"), TOML.encode(), own)
    after = load_scorer("frames:summit", codebooks=own)
    assert after.version != before.version
    assert sorted(path.name for path in own.iterdir()) == ["summit"]
    second = after.score(passages(CLASH[0]))["value"].tolist()
    assert first[0] > 0.5 > first[1]
    assert second[0] < 0.5 < second[1]


@pytest.mark.parametrize("foreign", ["notes.txt", "coded.csv", ".hidden"])
def test_a_folder_that_holds_something_else_is_left_alone(trained, tmp_path, snapshot, foreign):
    place = tmp_path / "own" / "summit"
    place.mkdir(parents=True)
    (place / foreign).write_text("mine", encoding="utf-8")
    (place / CARD).write_text("mine", encoding="utf-8")
    before = snapshot(tmp_path)
    with pytest.raises(
        InputError, match=r"holds something else than a trained codebook; name another folder with --in"
    ):
        save(trained, TOML.encode(), tmp_path / "own")
    assert snapshot(tmp_path) == before


def test_a_file_where_the_folder_would_be_is_left_alone(trained, tmp_path):
    (tmp_path / "summit").write_text("mine", encoding="utf-8")
    with pytest.raises(InputError, match=r"holds something else"):
        save(trained, TOML.encode(), tmp_path)
    assert (tmp_path / "summit").read_text(encoding="utf-8") == "mine"
    assert len(list(tmp_path.iterdir())) == 1


# --- A folder that is broken ---


def unread(own) -> str:
    """The one line with which a trained codebook is refused, whether it is loaded or asked."""
    with pytest.raises(InputError) as caught:
        load_scorer("frames:summit", codebooks=own).score(passages("They met."))
    assert "\n" not in str(caught.value)
    assert "summit" in str(caught.value)
    return str(caught.value)


def test_a_codebook_that_was_never_trained_is_refused(tmp_path):
    told = unread(tmp_path / "own")
    assert told.startswith(
        "no codebook 'summit': none of bilateral, functions, generic, policy, and none was trained in"
    )
    assert "framing codebook train" in told


def test_a_missing_weight_is_refused(own):
    (own / "summit" / WEIGHT).unlink()
    assert unread(own).startswith("no codebook 'summit'")


@pytest.mark.parametrize("spoil", [lambda data: b"", lambda data: b"PK", lambda data: data[: len(data) // 2]])
def test_a_broken_weight_is_refused(own, spoil):
    path = own / "summit" / WEIGHT
    path.write_bytes(spoil(path.read_bytes()))
    assert "is no trained codebook" in unread(own)


@pytest.mark.parametrize("other", [{"a": 1}, [1, 2], "text"])
def test_a_weight_that_holds_something_else_is_refused(own, other):
    (own / "summit" / WEIGHT).write_bytes(dumps(other))
    assert "is no trained codebook" in unread(own)


def test_a_missing_measured_file_is_refused(own):
    (own / "summit" / MEASURED).unlink()
    assert f"{MEASURED} is missing or broken; train it anew" in unread(own)


@pytest.mark.parametrize(
    "change",
    [
        {"cost": "cheap"},
        {"cost": None},
        {"cost": ["light"]},
        {"f1": None},
        {"f1": ["clash", "market"]},
        {"frames": []},
        {"frames": 5},
        {"frames": "clash"},
        {"frames": [1, 2]},
        {"frames": ["clash"]},
        {"frames": ["clash", "market", "snow"]},
    ],
)
def test_a_measured_file_changed_by_hand_is_refused(own, change):
    path = own / "summit" / MEASURED
    path.write_text(json.dumps(json.loads(path.read_text(encoding="utf-8")) | change), encoding="utf-8")
    unread(own)


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"[1, 2]", b"null", b'"light"', b"\xff", b"[" * 100_000])
def test_a_measured_file_that_is_none_is_refused(own, content):
    (own / "summit" / MEASURED).write_bytes(content)
    assert f"{MEASURED} is missing or broken; train it anew" in unread(own)


@pytest.mark.parametrize("name", ["", ".", "../own/summit", "summit/", "./summit", "summit/../summit", "Summit "])
def test_a_measure_that_is_no_name_is_no_path_either(own, name):
    with pytest.raises(InputError, match=r"^no codebook "):
        load_scorer(f"frames:{name}", codebooks=own)


def test_an_absolute_path_is_no_name(own):
    with pytest.raises(InputError, match=r"^no codebook "):
        load_scorer(f"frames:{own / 'summit'}", codebooks=own)


# --- As a classifier of scikit-learn ---


def test_the_classifier_is_cloned_with_all_that_it_was_given():
    model = FrameClassifier(("clash",), ((r"\bwar\b",),), reads="words", C=0.5, random_state=7)
    assert clone(model).get_params() == model.get_params()
    assert not hasattr(clone(model.fit(TEXTS, DUE[:, 0])), "coef_")


@pytest.mark.parametrize("due", [DUE[:, 0].astype(int), DUE[:, :1].astype(int), DUE.astype(int)])
def test_a_grid_search_finds_the_strength_that_learns(due):
    model = FrameClassifier(reads="words")
    search = GridSearchCV(model, {"C": [1e-6, 3.0]}, scoring="f1_macro", cv=3, error_score="raise")
    search.fit([TEXTS[k] for k in MIXED], due[MIXED])
    assert np.isfinite(search.cv_results_["mean_test_score"]).all()
    assert search.best_params_ == {"C": 3.0}
    assert search.best_score_ > 0.7


def test_the_classifier_gives_a_column_a_frame(trained):
    shares = trained.classifier.predict_proba(TEXTS[:5])
    assert shares.shape == trained.classifier.predict(TEXTS[:5]).shape == (5, 2)
    assert trained.classifier.predict_proba([]).shape == (0, 2)
    assert (trained.classifier.predict(TEXTS[:5]) == (shares >= trained.classifier.thresholds_)).all()
    assert trained.classifier.predict_proba(passages(*TEXTS[:5])) == pytest.approx(shares)


def test_the_classifier_refuses_what_it_could_not_learn_from():
    with pytest.raises(ValueError, match=r"^frame 'clash' has 4 coded passages with it; at least 5 are needed$"):
        FrameClassifier(("clash",), reads="words").fit(TEXTS[22:], DUE[22:, 0])
    with pytest.raises(ValueError, match=r"^reads is 'letters'; there are: encoder, words$"):
        FrameClassifier(reads="letters").fit(TEXTS, DUE)


# --- The commands ---


def framing(*arguments):
    """Run the command in this process; an exception that is not its own is raised here."""
    result = CliRunner().invoke(main, ["codebook", *(str(argument) for argument in arguments)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def refused(*arguments) -> str:
    """The one line on stderr of a command that must refuse what it is given."""
    result = framing(*arguments)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert len(result.stderr.splitlines()) == 1, result.stderr
    assert result.stderr.startswith("framing: ")
    return result.stderr.strip()


@pytest.fixture
def here(tmp_path, monkeypatch, write):
    """A folder to work in, with a codebook and what was coded by it."""
    write("summit.toml", TOML)
    write("coded.csv", as_csv())
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_group_lists_the_shipped_codebooks():
    lines = framing().stdout.splitlines()
    assert [line.split(":")[0] for line in lines] == ["bilateral", "functions", "generic", "policy"]
    assert lines[1] == "functions: Framing functions, 4 frames: problem, cause, moral-judgement, remedy"


def test_a_new_codebook_is_written_and_holds(here):
    result = framing("new", "visit")
    assert (result.exit_code, result.stdout) == (
        0,
        "written: visit.toml; fill it in, then framing codebook check visit.toml\n",
    )
    checked = framing("check", "visit.toml")
    assert checked.exit_code == 0
    assert "2 frames" in checked.stdout.splitlines()[0]
    assert "to look at: lines still begin with EXAMPLE" in checked.stdout.splitlines()
    assert not any(path.name.startswith(".") for path in here.iterdir())


def test_a_new_codebook_overwrites_nothing(here, snapshot):
    before = snapshot(here)
    assert refused("new", "summit") == "framing: summit.toml is there already; name another codebook"
    assert snapshot(here) == before


@pytest.mark.parametrize("name", ["../x", "a b", "Visit", "", "a/b", "visit.toml"])
def test_a_new_codebook_of_no_name_is_refused(here, snapshot, name):
    before = snapshot(here)
    assert "it must be lower-case letters and digits" in refused("new", name)
    assert snapshot(here) == before
    assert not (here.parent / "x.toml").exists()


def test_a_codebook_is_checked_frame_by_frame(here):
    lines = framing("check", "summit.toml").stdout.splitlines()
    assert lines[0] == "summit: Frames of a summit, 2 frames"
    assert lines[1].split() == ["clash", "1", "questions", "0", "rules", "2", "cues", "1", "examples"]
    assert "to look at: frame 'clash': no cue is in any of its examples" in lines


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("name = summit", "is no TOML"),
        (TOML.replace("questions", "qestions", 1), "did you mean 'questions'?"),
        (TOML.replace('"market"', '"clash"'), "frame 'clash' is defined twice"),
        (TOML.replace("summit", "../x", 1), "its name is '../x'"),
        (TOML.replace("summit", "a\\u001b[31m\\nb", 1), "its name is"),
        (b"\xff\xfe", "is no TOML"),
    ],
)
@pytest.mark.parametrize("command", [["check"], ["show"], ["train"]])
def test_a_broken_codebook_is_refused_by_each_command(here, write, snapshot, command, content, told):
    write("broken.toml", content)
    before = snapshot(here)
    line = refused(*command, "broken.toml", *(["coded.csv"] if command == ["train"] else []))
    assert line.startswith("framing: codebook broken.toml")
    assert told in line
    assert "\x1b" not in line
    assert snapshot(here) == before


def test_a_codebook_is_shown_as_a_coder_reads_it(here):
    shown = framing("show", "summit.toml").stdout
    assert shown.startswith("Frames of a summit (summit, version 1)\n")
    for text in ("clash  [clash]", "  The sides as enemies in arms.", "    - Is there a fight, or a threat of one?"):
        assert text in shown.splitlines()
    assert "Source" not in shown  # it tells none
    policy = framing("show", "policy").stdout
    assert all(f"[{name}]" in policy for name in load_codebook("policy").names)
    assert max(len(line) for line in policy.splitlines()) <= 100


def test_what_does_not_print_is_not_shown(here, write):
    write("odd.toml", TOML.replace("Frames of", "\\u001b[31mFrames\\u202e of").replace("They fought", "\\u0007They"))
    for command in ("show", "check"):
        shown = framing(command, "odd.toml").output
        assert not re.search("[\x1b\x07\u202e]", shown)


@pytest.mark.parametrize("arguments", [["show", "nonsense"], ["show", "no.toml"], ["check", "no.toml"], ["check", "."]])
def test_a_codebook_that_is_not_there_is_refused(here, arguments):
    assert refused(*arguments).startswith("framing: no codebook ")


@pytest.mark.parametrize("arguments", [["new"], ["check"], ["show"], ["train", "summit.toml"], ["nonsense"]])
def test_a_command_that_lacks_something_is_refused_in_one_line(here, arguments):
    assert "--help)" in refused(*arguments)


def test_a_codebook_is_trained_and_told(here, trained):
    result = framing("train", "summit.toml", "coded.csv", "--cost", "light")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == f"frames:summit, {len(ROWS)} coded passages, light, five folds"
    assert "coded by one coder only: how far coders agree cannot be told" in lines
    table = [line.split() for line in lines if line.startswith(("clash", "market"))]
    assert [row[:3] for row in table] == [[score.frame, "26", f"{score.f1:.2f}"] for score in trained.scores]
    assert lines[-2] == f"mean F1 {trained.macro_f1:.2f}; {trained.more_coding()}"
    assert lines[-1].startswith("written: codebooks/summit; its card: codebooks/summit/card.md; in a study: measures =")
    assert sorted(path.name for path in (here / "codebooks").iterdir()) == ["summit"]
    assert {path.name for path in (here / "codebooks" / "summit").iterdir()} == {CODEBOOK, WEIGHT, MEASURED, CARD}
    assert (here / "codebooks" / "summit" / CODEBOOK).read_text(encoding="utf-8") == TOML
    assert load_scorer("frames:summit").score(passages(CLASH[0]))["label"].tolist() == ["yes", "no"]


def test_a_frame_with_few_passages_is_left_out_from_training_to_scores(here, write):
    write("summit.toml", TOML + SNOW)
    write("coded.csv", as_csv([*ROWS[:-2], *((text, frozenset({"snow"})) for text in NEITHER[-2:])]))
    line = refused("train", "summit.toml", "coded.csv", "--cost", "light")
    assert "frame 'snow' has 2 coded passages with it" in line
    assert line.endswith("--leave-out snow")
    assert not (here / "codebooks").exists()
    result = framing("train", "summit.toml", "coded.csv", "--cost", "light", *line.split()[-2:])
    assert result.exit_code == 0
    assert "snow" not in result.stdout
    scorer = load_scorer("frames:summit")
    assert scorer.labels == ("clash", "market")
    assert scorer.score(passages(CLASH[0], MARKET[0]))["category"].tolist() == ["clash", "market"] * 2
    assert set(frame_f1(scorer)) == {"clash", "market"}


def test_a_frame_that_is_left_out_needs_no_column(here, write):
    write("summit.toml", TOML + SNOW)
    rows = [f'"{text}",{int("clash" in frames)},{int("market" in frames)}' for text, frames in ROWS]
    write("coded.csv", "text,clash,market\n" + "\n".join(rows) + "\n")
    assert framing("train", "summit.toml", "coded.csv", "--cost", "light", "--leave-out", "snow").exit_code == 0


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--leave-out", "war"], "codebook 'summit' has no frame 'war'; there are: clash, market"),
        (["--leave-out", "clash", "--leave-out", "market"], "no frame is left to train"),
        (["--cost", "cheap"], "'cheap' is not one of"),
        (["--into", "summit.toml"], "summit.toml"),
    ],
)
def test_what_cannot_be_trained_is_refused_and_nothing_is_written(here, snapshot, arguments, told):
    before = snapshot(here)
    assert told in refused("train", "summit.toml", "coded.csv", "--cost", "light", *arguments)
    assert snapshot(here) == before


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("text,frames\nThey met.,war\n", "coded.csv, line 2: frame 'war' is not in codebook 'summit'"),
        ("text,frames\nThey met.,clash\n", "frame 'clash' has 1 coded passages with it"),
        ("frames\nclash\n", "has no column 'text'"),
        (b"text,frames\n\xff,clash\n", "is not UTF-8"),
        ("", "has no column 'text'"),
    ],
)
def test_a_broken_coded_file_is_refused_and_nothing_is_written(here, write, snapshot, content, told):
    write("coded.csv", content)
    before = snapshot(here)
    assert told in refused("train", "summit.toml", "coded.csv", "--cost", "light")
    assert snapshot(here) == before


def test_a_shipped_name_is_no_name_of_ones_own(here, write):
    write("policy.toml", TOML.replace("summit", "policy", 1))
    line = refused("train", "policy.toml", "coded.csv", "--cost", "light")
    assert line.endswith("is named 'policy', as one that comes with the toolkit; give it another name")


def test_training_leaves_a_foreign_folder_alone(here, snapshot):
    (here / "codebooks" / "summit").mkdir(parents=True)
    (here / "codebooks" / "summit" / "thesis.txt").write_text("mine", encoding="utf-8")
    before = snapshot(here)
    assert "holds something else than a trained codebook" in refused(
        "train", "summit.toml", "coded.csv", "--cost", "light"
    )
    assert snapshot(here) == before


def test_a_codebook_may_move_once_it_is_trained(own, tmp_path):
    before = load_scorer("frames:summit", codebooks=own).score(passages(*TEXTS[:3]))
    shutil.move(own, tmp_path / "elsewhere")
    after = load_scorer("frames:summit", codebooks=tmp_path / "elsewhere").score(passages(*TEXTS[:3]))
    pd.testing.assert_frame_equal(before, after)
