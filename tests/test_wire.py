"""Wire copy: what an article credits, whose text it holds, and how it votes."""

from __future__ import annotations

import datetime as dt
import random

import pytest

from corpora import Article, Corpus, InputError
from corpora.credits import find_credit
from corpora.votes import SWITCHES, check_switch, votes
from framing.scoring import score
from reports.article_scores import article_scores, counted
from reports.comparison import compare
from reports.wire import effect_sentence, effects

RNG_WORDS = [f"word{n}" for n in range(2000)]
DAY = dt.date(2018, 3, 5)


def words(seed: int, count: int = 200) -> str:
    return " ".join(random.Random(seed).choices(RNG_WORDS, k=count))


def article(name: str, outlet: str, body: str, day: int = 0, **more) -> Article:
    return Article(name, outlet=outlet, published=DAY + dt.timedelta(day), title=name, body=body, **more)


def marked(*articles: Article) -> dict[tuple[str, str], dict]:
    rows = Corpus.of(articles).marks().to_pylist()
    return {(row["article_id"], row["kind"]): row for row in rows if row["kind"] != "story"}


def cast(*articles: Article) -> dict[str, str]:
    return votes(Corpus.of(articles))["vote"].to_dict()


# --- Credits ---


@pytest.mark.parametrize(
    ("fields", "agency", "whole"),
    [
        ({"agency": "Reuters", "dateline": "MOSCOW"}, "Reuters", True),
        ({"agency": "AP"}, "AP", True),
        ({"byline": "Associated Press"}, "AP", True),
        ({"byline": "Jane Roe, Associated Press"}, "AP", True),
        ({"byline": "Jane Roe | AP"}, "AP", True),
        ({"byline": "Jane Roe, Associated Press Writer"}, "AP", True),
        ({"byline": "JANE ROE and JOHN DOE, Associated Press"}, "AP", True),
        ({"byline": "Reuters Staff"}, "Reuters", True),
        ({"byline": "Agence France-Presse"}, "AFP", True),
        ({"byline": "Jane Roe and Associated Press"}, "AP", False),
        ({"byline": "Jane Roe, The Daily, and AFP"}, "AFP", False),
        ({"byline": "Our Correspondent, AFP"}, "AFP", False),
        ({"body": "They met.\n\nThis article is based in part on wire service reports."}, "unknown", False),
        ({"furniture": "The Associated Press contributed to this report."}, "AP", False),
        ({"furniture": "AFP contributed to this story"}, "AFP", False),
        ({"furniture": "(Reporting by Jane Roe in Moscow; Editing by John Doe)"}, "Reuters", True),
        ({"furniture": "(Additional reporting by Jane Roe; Writing by John Doe)"}, "Reuters", True),
        ({"body": "They met.\n\nContributing: The Associated Press"}, "AP", False),
        ({"body": "They met.\n\nThis report contains material from Reuters."}, "Reuters", False),
        ({"body": "They met.\n\n— AFP"}, "AFP", True),
        ({"body": "They met.\n\n(With inputs from IANS)"}, "IANS", False),
        ({"byline": "--(Reuter)"}, "Reuters", True),
        ({"byline": "KURT ROE, --(Reuter)"}, "Reuters", True),
        ({"byline": "--(AFP/Reuter)"}, "AFP", True),
        ({"byline": "--(Reuter, PA)"}, "Reuters", True),
        ({"byline": "Jane Roe (Reuters)"}, "Reuters", True),
        ({"byline": "Reuters in Moscow"}, "Reuters", True),
        ({"byline": "Jane Roe for Reuters"}, "Reuters", True),
        ({"byline": "Jane Roe of the Associated Press"}, "AP", True),
        ({"byline": "JANE ROE AP Diplomatic Writer"}, "AP", True),
        ({"byline": "JANE ROE Associated Press"}, "AP", True),
        ({"byline": "AFP-JIJI"}, "AFP", True),
        ({"byline": "Agence France Presse -- English"}, "AFP", True),
        ({"byline": "JANE ROE, --(Additional reporting by Reuter)"}, "Reuters", False),
        ({"byline": "Staff and agencies"}, "unknown", False),
        ({"byline": "Agencies"}, "unknown", True),
        ({"body": "They met on Monday. (Reuters)"}, "Reuters", True),
        ({"body": "They met on Monday. -AFP"}, "AFP", True),
        ({"body": "They met.\n\nAFP/Reuters"}, "AFP", True),
        ({"body": "They met.\n\nmm/sms (AP, dpa)"}, "AP", False),
        ({"body": "They met.\n\n(With Reuters)"}, "Reuters", False),
        ({"body": "They met.\n\nThis story is auto-generated from a syndicated feed by PTI."}, "PTI", True),
        ({"furniture": "The AP contributed.", "byline": "Reuters"}, "Reuters", True),  # the whole before a part
    ],
)
def test_a_credit_names_the_agency_and_whether_the_whole_text_is_its(fields, agency, whole):
    credit = find_credit(Article("a1", outlet="The Daily", **fields))
    assert (credit.agency, credit.whole) == (agency, whole)
    assert credit.evidence


@pytest.mark.parametrize(
    "fields",
    [
        {"body": "The minister told Reuters that talks went on."},
        {"body": "They met.\n\n“It will go on,” he told the Associated Press."},
        {"body": "They met.\n\nThe plant makes parts for AP Moller, TASS reported on Monday."},
        {"byline": "Jane Roe"},
        {"byline": "Apolline Roe"},
        {"byline": "Jane Roe, a former correspondent for Reuters"},
        {"byline": "Jane Roe, editor at Reuters"},
        {"byline": "Jane Roe, photo by Reuters"},
        {"byline": "Jane Roe of The Daily"},
        {"body": "They met.\n\nWith agencies such as Reuters short of staff, the ministry writes its own reports."},
        {"byline": "CNN Wire Staff"},  # a broadcaster's own desk
        {"byline": "Jane Roe, for The Daily in Reutershagen"},
        {"body": "He said so to the agency (AP). It went on."},
        {"body": "They met, according to AFP."},
        {"body": "They met. “It is over,” he told Reuters."},
        {"body": "They met.\n\nThe talks will go on, a source told Reuters."},
        {"body": "They met.\n\nA man walks by. (Reuters photo: Jane Roe)"},
        {"byline": "Ann A, Bob B, Cy C, Di D, Associated Press, Ed E"},  # everybody who had a hand in the page
        {"agency": "Novaya Gazeta"},  # printed where an agency's name would stand, and none
        {"furniture": "Jane Roe contributed to this report."},
        {"furniture": "Read more: What Reuters found"},
        {},
    ],
)
def test_a_name_that_is_no_credit_says_nothing(fields):
    assert find_credit(Article("a1", outlet="The Daily", **fields)) is None


# --- Whose text ---


def test_a_copy_is_traced_to_the_agencys_own_article():
    found = marked(article("r", "Reuters", words(1)), article("c", "The Daily", words(1), 1))
    wire = found["c", "wire"]
    assert (wire["value"], wire["share"], wire["origin_id"]) == ("Reuters", 1.0, "r")
    assert ("r", "wire") not in found


def test_an_agencys_own_text_stays_its_own_even_where_a_copy_is_dated_before():
    articles = article("r", "Reuters", words(1), 1), article("c", "The Daily", words(1), 0)
    assert ("r", "wire") not in marked(*articles)
    assert cast(*articles) == {"r": "own", "c": "copy"}


def test_partial_use_is_a_share_of_the_articles_own_words():
    body = words(2, 150) + " " + words(1, 50)
    found = marked(article("r", "Reuters", words(1)), article("c", "The Daily", body, 1))
    assert found["c", "wire"]["share"] == pytest.approx(0.25, abs=0.03)
    assert ("c", "duplicate") not in found
    assert cast(article("r", "Reuters", words(1)), article("c", "The Daily", body, 1))["c"] == "own"


def test_a_quotation_in_common_is_no_wire_copy():
    quotation = f"“{words(9, 120)}” he said."
    found = marked(
        article("r", "Reuters", words(1) + " " + quotation), article("c", "The Daily", words(2) + " " + quotation, 1)
    )
    assert found == {}


def test_words_of_an_agency_weeks_later_are_no_wire_copy():
    body = words(2, 150) + " " + words(1, 50)
    assert marked(article("r", "Reuters", words(1)), article("c", "The Daily", body, 30)) == {}


def test_a_credit_spreads_to_uncredited_copies_and_the_share_is_missing_where_only_a_part_is_credited():
    found = marked(
        article("a", "The Daily", words(1), agency="AP"),
        article("b", "The Weekly", words(1), 1),
        article("c", "The Monthly", words(3), furniture="The Associated Press contributed to this report."),
    )
    assert (found["a", "wire"]["value"], found["a", "wire"]["share"], found["a", "wire"]["origin_id"]) == (
        "AP",
        1.0,
        "",
    )
    assert (found["b", "wire"]["value"], found["b", "wire"]["origin_id"]) == ("AP", "a")
    assert found["c", "wire"]["share"] is None


def test_two_outlets_with_one_text_on_one_day_have_it_from_somebody_unknown():
    found = marked(article("a", "The Daily", words(1)), article("b", "The Weekly", words(1)))
    assert {found[name, "wire"]["value"] for name in "ab"} == {"unknown"}


def test_a_reprint_days_later_is_a_duplicate_and_no_wire_copy():
    found = marked(article("a", "The Daily", words(1)), article("b", "The Weekly", words(1), 2))
    assert set(found) == {("b", "duplicate")}
    assert found["b", "duplicate"]["value"] == "The Daily"


def test_marks_do_not_depend_on_the_order_of_the_corpus():
    articles = [article(f"a{n}", f"The {n % 4}", words(n % 6), n % 3) for n in range(24)]
    shuffled = random.Random(1).sample(articles, 24)
    assert Corpus.of(articles).marks().to_pylist() == Corpus.of(shuffled).marks().to_pylist()


# --- Votes ---


def test_each_switch_counts_what_it_says():
    articles = [
        article("r", "Reuters", words(1)),
        article("c", "The Daily", words(1), 1),
        article("d", "The Weekly", words(1), 1),
        article("p", "The Daily", words(2)),
        article("q", "The Weekly", words(2), 2),  # a reprint
        article("s", "The Daily", words(3)),
        article("t", "The Daily", words(3), 1),  # repeats its own
        article("u", "The Weekly", words(4), agency="AP"),  # AP's own article is not at hand
    ]
    found = cast(*articles)
    assert found == {
        "r": "own", "c": "copy", "d": "copy", "p": "own", "q": "copy", "s": "own", "t": "copy", "u": "origin",
    }  # fmt: skip


def test_names_that_a_study_counts_as_one_outlet_do_not_copy_each_other():
    articles = [article("p", "The Daily", words(2)), article("q", "The Daily (Web)", words(2), 2)]
    assert votes(Corpus.of(articles))["vote"].to_dict() == {"p": "own", "q": "copy"}
    only = Corpus.of(articles).select(outlets=["The Daily (Web)"])
    assert votes(only)["vote"].to_dict() == {"q": "origin"}
    assert votes(only, {"The Daily (Web)": "The Daily"})["vote"].to_dict() == {"q": "own"}


def test_copies_of_one_text_are_one_story_and_a_reprint_weeks_later_is_none():
    def stories(*articles):
        return [row["article_id"] for row in Corpus.of(articles).marks().to_pylist() if row["kind"] == "story"]

    assert stories(article("p", "The Daily", words(2)), article("q", "The Weekly", words(2), 1)) == ["p", "q"]
    assert stories(article("p", "The Daily", words(2)), article("q", "The Weekly", words(2), 20)) == []


def test_without_the_origin_at_hand_its_first_copy_has_the_vote():
    articles = [article("r", "Reuters", words(1)), article("c", "The Daily", words(1), 1)]
    articles += [article("d", "The Weekly", words(1), 2)]
    chosen = Corpus.of(articles).select(outlets=["The Daily", "The Weekly"])
    assert votes(chosen)["vote"].to_dict() == {"c": "origin", "d": "copy"}


def test_an_unknown_switch_is_an_error_that_lists_them():
    with pytest.raises(InputError, match="no wire switch 'some'; there are: all, origin, own"):
        check_switch("some")


def test_every_switch_counts_at_least_what_the_next_one_counts():
    assert set(SWITCHES["own"]) < set(SWITCHES["origin"]) < set(SWITCHES["all"])


# --- In a comparison ---

GOOD = "Russia and the United States hailed a great success in the talks, and thanked each other warmly. "
BAD = "Russia accused the United States of a brutal and shameful attack, and threatened to retaliate. "


def corpus_with_copies() -> Corpus:
    articles = []
    for n in range(12):
        articles.append(article(f"r{n}", "Reuters", f"{GOOD} {words(n)}", n))
        articles.append(article(f"c{n}", "The Daily", f"{GOOD} {words(n)}", n))
        articles.append(article(f"d{n}", "The Daily", f"{BAD} {words(100 + n)}", n))
        articles.append(article(f"w{n}", "The Weekly", f"{BAD} {words(200 + n)}", n))
    return Corpus.of(articles)


def test_the_switch_changes_what_an_outlet_is_measured_by():
    scores = score(corpus_with_copies(), "USA-RUS", measures=("tone",))
    levels = {}
    for switch in SWITCHES:
        comparison = compare(scores, wire=switch)
        rows = comparison.levels("tone", "RUS").set_index("outlet")
        levels[switch] = rows.loc["The Daily", "value"]
        assert rows.loc["The Daily", "n_articles"] == (24 if switch == "all" else 12)
        assert rows.loc["Reuters", "n_articles"] == 12
        assert set(comparison.estimates["wire"]) == {switch}
    assert levels["own"] == levels["origin"] < levels["all"]
    assert compare(scores).estimates["wire"].iloc[0] == "own"


def test_the_effect_of_the_switch_is_told_with_the_largest_change():
    scores = article_scores(score(corpus_with_copies(), "USA-RUS", measures=("sentiment", "tone")))
    comparison = compare(score(corpus_with_copies(), "USA-RUS", measures=("sentiment", "tone")))
    table = effects({switch: counted(scores, switch) for switch in SWITCHES}, comparison)
    assert set(table["outlet"]) == {"The Daily"}
    assert (table["n_all"] == 24).all()
    assert (table["n_own"] == 12).all()
    sentence = effect_sentence({"own": 36, "copy": 12}, table, "own")
    assert "12 of 48 articles" in sentence
    assert "leaves out 12" in sentence
    assert "The Daily" in sentence
    assert counted(scores, "own")["article_id"].nunique() == 36


def test_scores_without_votes_all_count():
    scores = score(corpus_with_copies(), "USA-RUS", measures=("tone",)).drop(columns="vote")
    assert compare(scores).levels("tone", "RUS").set_index("outlet").loc["The Daily", "n_articles"] == 24
