"""Speakers and voices: who is behind a quotation, and in whose words a passage is."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest

from corpora.article import Article
from framing.attribution import find_attributions
from framing.passages import passages
from framing.roles import OFFICIAL, ROLES, role_of
from framing.speakers import Speaker, resolve
from framing.voice import VOICES, Voice, voice_frame, voices, voices_schema

DAY = dt.date(2018, 3, 1)
DYAD = ("RUS", "USA")


def speakers(text: str, day: dt.date | None = DAY) -> list[Speaker]:
    return resolve(text, find_attributions(text), published=day)


def who(text: str, day: dt.date | None = DAY) -> tuple[str, str, str]:
    """Name, role and country of the last speaker."""
    last = speakers(text, day)[-1]
    return last.name, last.role, last.country


def article(body: str = "It rained.", title: str = "", captions: str = "") -> Article:
    return Article("a", "The Daily", published=DAY, title=title, body=body, captions=captions)


def read(body: str = "It rained.", title: str = "", captions: str = "") -> list[tuple[str, str, str]]:
    """Target or pair, voice and speaker of each passage."""
    piece = article(body, title, captions)
    found = passages(piece, DYAD)
    return [(p.target or p.pair, v.voice, v.speaker) for p, v in zip(found, voices(piece, found), strict=True)]


# --- Speakers by name ---


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("Russian Foreign Minister Sergei Lavrov said it failed.", ("Sergei Lavrov", "government", "RUS")),
        ("“It failed,” Anna Berg, a German diplomat, said.", ("Anna Berg", "government", "DEU")),
        ("Anna Berg, an analyst at the Carnegie Center, said it failed.", ("Anna Berg", "expert", "")),
        ("Secretary of State Rex Tillerson said it failed.", ("Rex Tillerson", "government", "USA")),
        ("Kremlin spokesman Dmitry Peskov said it failed.", ("Dmitry Peskov", "government", "RUS")),
        ("Sen. John McCain said it failed.", ("John McCain", "legislature", "USA")),
        ("Anna Berg, R-Ohio, said it failed.", ("Anna Berg", "legislature", "USA")),
        ("Gen. Philip Breedlove said it failed.", ("Philip Breedlove", "military", "")),
        ("Opposition leader Alexei Navalny said it failed.", ("Alexei Navalny", "opposition", "")),
        ("“It failed,” Moscow resident Olga Ivanova said.", ("Olga Ivanova", "public", "RUS")),
        ("Former President Barack Obama said it failed.", ("Barack Obama", "politician", "")),
        ("Michael McFaul, the U.S. ambassador to Russia, said it failed.", ("Michael McFaul", "government", "USA")),
        # A surname takes what the article says of the full name, before or after.
        ("German Trade Minister Anna Berg came. It failed, Berg said.", ("Anna Berg", "government", "DEU")),
        ("It failed, Berg said. That was German Trade Minister Anna Berg.", ("Anna Berg", "government", "DEU")),
        ("Anna Berg, a German diplomat, came. Berg said it failed.", ("Anna Berg", "government", "DEU")),
    ],
)
def test_a_named_speaker_has_the_name_role_and_country_that_the_article_gives(
    text: str, due: tuple[str, str, str]
) -> None:
    assert who(text) == due
    assert speakers(text)[-1].by == "named"


@pytest.mark.parametrize(
    ("introduced", "role"),
    [
        ("Paul Noir, a farmer in Ohio,", "public"),
        ("Paul Noir, 57, a retired teacher,", "public"),
        ("Paul Noir, who works as a truck driver,", "public"),
        ("Shopkeeper Paul Noir", "public"),
        ("The boys' uncle, Paul Noir,", "public"),
        ("Paul Noir, president of the steelworkers' union,", "public"),
        ("Paul Noir, an implement dealer in Hays,", "business"),
        ("Plant manager Paul Noir", "business"),
        ("Paul Noir, the founder of Noir Brothers,", "business"),
        ("Paul Noir, a vice president at a brokerage,", "business"),
        ("Paul Noir, president and chief executive of Noir Brothers,", "business"),
        ("Paul Noir, a major grain exporter,", "business"),
        ("Paul Noir, a chemist,", "expert"),
        ("Professor Paul Noir", "expert"),
        ("Museum director Paul Noir", "expert"),
        ("Paul Noir, the founder of a think tank,", "expert"),
        ("President Berg's former lawyer Paul Noir", "expert"),
        ("Paul Noir of the Berg Institute", "expert"),
        ("Berg campaign manager Paul Noir", "politician"),
        ("Paul Noir (R-Ohio)", "legislature"),
        ("Reps. Paul Noir", "legislature"),
        ("Judge Paul Noir", "government"),
        ("The head of the border police, Paul Noir,", "government"),
        ("The Daily Herald's Paul Noir", "media"),
        ("GOP Sen. Paul Noir", "legislature"),
        ("DNC lawyer Paul Noir", "expert"),
        ("Former boxer and Norwegian minister Paul Noir", "government"),
        ("Paul Noir, the Trade Ministry's point man on grain,", "government"),
        ("Paul Noir, the House's top Democrat,", "legislature"),
        ("Paul Noir, senior vice president for trade and defense policy at the Berg Institute,", "expert"),
        ("Paul Noir, senior vice president for trade,", "business"),
        # What is somebody else's, or says what he once did, tells nothing of him.
        ("Critics of Paul Noir fell silent, and Paul Noir", ""),
        ("Paul Noir, who wrote to the president,", ""),
    ],
)
def test_an_introduction_tells_the_role(introduced: str, role: str) -> None:
    assert who(f"{introduced} said it failed.")[:2] == ("Paul Noir", role)


@pytest.mark.parametrize(
    ("introduced", "role"),
    [
        ("Sens. Anna Berg and Paul Noir", "legislature"),
        ("Berg's lead attorneys Anna M. Roe and Paul Noir", "expert"),
        ("CNN's Anna Berg and Paul Noir", "media"),
        ("The New York Times’ Anna Berg and Paul Noir", "media"),
        # One alone is what is said of the first; a body is no name.
        ("Senator Anna Berg and Paul Noir", ""),
        ("Press Secretary Anna Berg and Paul Noir", ""),
        ("Critics of Democrats MORE and Paul Noir", ""),
    ],
)
def test_of_two_names_a_plural_or_an_outlet_describes_both(introduced: str, role: str) -> None:
    assert who(f"{introduced} came. “It failed,” Paul Noir said.")[:2] == ("Paul Noir", role)


def test_a_clause_after_a_name_describes_nobody() -> None:
    assert who("After talks with Anna Berg, farmers said it failed. “Nobody cared,” Anna Berg said.")[1] == ""


@pytest.mark.parametrize(
    ("words", "role"),
    [
        ("One of the farmers", "public"),
        ("The owner of a shipping line", "business"),
        ("Two of the curators", "expert"),
        ("The general manager", "business"),
        ("The CNN president", "media"),
        ("GOP aides", "anonymous-official"),
        ("The GOP", "politician"),
        ("Two travelers", "public"),
        ("The Senate's top Republican", "legislature"),
        ("The president's right-hand man", "public"),
        ("Sentencing experts", "expert"),
        ("Incoming ministers", "government"),
        # A body or what belongs to one does not speak as a person.
        ("A House vote", ""),
    ],
)
def test_the_words_for_somebody_without_a_name_tell_the_role(words: str, role: str) -> None:
    assert who(f"{words} said it failed.")[1] == role


def test_the_judge_is_not_the_one_official_who_has_spoken() -> None:
    assert who("German Trade Minister Anna Berg said it failed. The judge said it had not.")[0] == "The judge"


def test_two_of_one_surname_are_two() -> None:
    first, second = speakers("German Trade Minister Anna Berg said it failed. Paul Berg said it had not.")
    assert (first.name, first.country) == ("Anna Berg", "DEU")
    assert (second.name, second.country) == ("Paul Berg", "")


@pytest.mark.parametrize(
    ("name", "day", "role", "country"),
    [
        ("Putin", dt.date(2015, 3, 1), "head-of-state", "RUS"),
        ("Putin", dt.date(2010, 3, 1), "government", "RUS"),
        ("Medvedev", dt.date(2010, 3, 1), "head-of-state", "RUS"),
        ("Medvedev", dt.date(2015, 3, 1), "government", "RUS"),
        ("Obama", dt.date(2014, 3, 1), "head-of-state", "USA"),
        ("Trump", dt.date(2018, 3, 1), "head-of-state", "USA"),
        ("Trump", dt.date(2014, 3, 1), "", ""),
    ],
)
def test_a_leader_has_the_office_of_the_day(name: str, day: dt.date, role: str, country: str) -> None:
    assert who(f"{name} said that it had failed.", day) == (name, role, country)


# --- Speakers by description ---


@pytest.mark.parametrize(
    ("text", "role", "country"),
    [
        ("The American ambassador to Russia said it failed.", "government", "USA"),
        ("The Russian ambassador to the United States said it failed.", "government", "RUS"),
        ("A U.S. official said it failed.", "anonymous-official", "USA"),
        ("U.S. officials said on condition of anonymity that it failed.", "anonymous-official", "USA"),
        ("A senior Russian diplomat, who declined to be named, said it failed.", "anonymous-official", "RUS"),
        ("The Kremlin said it failed.", "government", "RUS"),
        ("Moscow said it failed.", "government", "RUS"),
        ("Russians say it failed.", "public", "RUS"),
        ("The White House said it failed.", "government", "USA"),
        ("The Pentagon said it failed.", "military", "USA"),
        ("The New York Times reported that it failed.", "media", ""),
        ("RIA Novosti reported that it failed.", "media", ""),
        ("Gazprom said it failed.", "business", ""),
        ("Experts said it failed.", "expert", ""),
        ("A professor at Moscow State University said it failed.", "expert", "RUS"),
        ("Protesters in the square said it failed.", "public", ""),
    ],
)
def test_a_description_tells_role_and_country(text: str, role: str, country: str) -> None:
    assert who(text)[1:] == (role, country)


def test_the_minister_is_the_one_minister_who_has_spoken() -> None:
    first = "German Trade Minister Anna Berg said it failed. "
    assert who(first + "The minister said that nobody cared.") == ("Anna Berg", "government", "DEU")
    # Of two nobody knows which.
    second = "French Trade Minister Paul Noir said it had not. "
    assert who(first + second + "The minister said that nobody cared.") == ("The minister", "government", "")


# --- Pronouns ---


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Anna Berg said it failed. “Nobody cared,” she said.", "Anna Berg"),
        ("Anna Berg said it failed.\n\n“Nobody cared,” she said.", "Anna Berg"),
        ("Anna Berg said it failed. “Nobody cared,” she said. “Not even we did,” she added.", "Anna Berg"),
        # Somebody else was named in between; nobody was; too far away; no person; not a personal pronoun.
        ("Anna Berg said it failed. Paul Noir had come. “Nobody cared,” she said.", ""),
        ("“Nobody cared,” she said.", ""),
        ("Anna Berg said it failed." + "\n\nIt rained." * 4 + "\n\n“Nobody cared,” she said.", ""),
        ("Anna Berg said it failed." + " It rained." * 200 + " “Nobody cared,” she said.", ""),
        ("The Kremlin said it failed. “Nobody cared,” he said.", ""),
        ("Anna Berg said it failed. “Nobody cared,” they said.", ""),
    ],
)
def test_a_pronoun_is_followed_only_where_it_is_safe(text: str, name: str) -> None:
    assert speakers(text)[-1].name == name


def test_there_is_a_speaker_for_each_attribution_and_none_where_the_text_is_silent() -> None:
    assert speakers("") == []
    assert speakers("The plan is believed to be dead.") == [Speaker()]


def test_roles_are_those_listed() -> None:
    assert set(ROLES) >= OFFICIAL
    for words in ("a general", "a poet", "the prime minister", "a vice president", "an oligarch", "two witnesses"):
        assert role_of(words) in {*ROLES, ""}
    assert role_of("the vice president") == "government"


# --- Voices ---


def test_a_passage_is_in_own_words_in_a_quotation_or_in_a_report() -> None:
    body = "Russia left. “America is weak,” Putin said. Anna Berg said that Washington waits."
    assert read(body) == [
        ("RUS", "own", ""),
        ("RUS", "own", ""),  # Putin, who is named as the speaker
        ("USA", "direct", "Putin"),
        ("USA", "indirect", "Anna Berg"),
        ("RUS-USA", "own", ""),
    ]


def test_a_voice_has_the_speaker_s_role_and_country() -> None:
    piece = article("“America is weak,” Russian Foreign Minister Sergei Lavrov said.")
    found = passages(piece, DYAD)
    made = {p.target or p.pair: v for p, v in zip(found, voices(piece, found), strict=True)}
    assert (made["USA"].speaker, made["USA"].role, made["USA"].country) == ("Sergei Lavrov", "government", "RUS")
    assert made["USA"].passage_id == next(p.passage_id for p in found if p.target == "USA")


@pytest.mark.parametrize(
    ("body", "voice"),
    [
        ("“Russia and America should talk,” Berg said.", "direct"),
        ("Berg said that Russia and America should talk.", "indirect"),
        ("Putin said that Russia and America should talk.", "indirect"),
        ("Russia left when Berg said that America waits.", "own"),
        ("Russia and America met.", "own"),
        # A window over two sentences.
        ("“Russia is strong. America is weak,” Berg said.", "direct"),
        ("Berg said that Russia is strong. America is weak.", "own"),
        # One between the marks, one outside of them: words that the outlet reports.
        ("Berg said that Russia had called “America a weak and sorry place”.", "indirect"),
    ],
)
def test_a_pair_is_in_somebody_s_voice_where_both_are_in_his_words(body: str, voice: str) -> None:
    assert [v for target, v, _ in read(body) if target == "RUS-USA"] == [voice]


def test_the_smallest_content_decides_whose_words_they_are() -> None:
    text = "Anna Berg said that it failed. “Russia is strong,” she said, and Paul Noir said that America is weak."
    made = {target: speaker for target, _, speaker in read(text) if target in DYAD}
    assert made == {"RUS": "Anna Berg", "USA": "Paul Noir"}


def test_wants_and_plans_are_the_outlet_s_words_unless_quoted() -> None:
    assert read("Anna Berg wants to visit Russia.") == [("RUS", "own", "")]
    assert read("Anna Berg plans to “punish Russia hard and long”.") == [("RUS", "direct", "Anna Berg")]


def test_scare_quotes_are_the_outlet_s_own_words() -> None:
    assert read("The “Russian” dressing was gone.") == [("RUS", "own", "")]


def test_a_headline_s_name_and_colon_let_somebody_speak() -> None:
    assert ("USA", "indirect", "Putin") in read(title="Putin: America is weak")
    # The body says who he is.
    assert ("USA", "indirect", "Anna Berg") in read("Anna Berg came.", title="Berg: America is weak")


def test_captions_are_read_line_by_line() -> None:
    captions = "Tourists in Russia.\n“America is great,” Anna Berg said."
    assert read(captions=captions) == [("RUS", "own", ""), ("USA", "direct", "Anna Berg")]


def test_an_article_that_is_one_quotation_is_in_nobody_s_voice() -> None:
    assert {(voice, speaker) for _, voice, speaker in read("“Russia is strong. America is weak. We shall see.”")} == {
        ("direct", "")
    }


def test_an_unclosed_mark_takes_its_sentence_and_no_more() -> None:
    body = "Anna Berg said: “America is weak. The hall in Russia was empty."
    assert [row for row in read(body) if row[0] in DYAD] == [("USA", "indirect", "Anna Berg"), ("RUS", "own", "")]


@pytest.mark.parametrize("body", ["", "It rained.", "Russia and America met. Nobody spoke."])
def test_without_a_quotation_all_is_in_own_words(body: str) -> None:
    assert {voice for _, voice, _ in read(body)} <= {"own"}


@pytest.mark.parametrize("marks", ["“”", "„“", "«»", "»«", "「」", '""'])
def test_the_typography_does_not_matter(marks: str) -> None:
    assert read(f"{marks[0]}America is weak{marks[1]}, Anna Berg said.") == [("USA", "direct", "Anna Berg")]


def test_the_table_has_its_columns_also_when_it_is_empty() -> None:
    empty, one = voice_frame([]), voice_frame([Voice("p", "own")])
    assert list(empty.columns) == list(one.columns) == voices_schema().names
    assert one.iloc[0].to_dict() == {
        "passage_id": "p", "voice": "own", "speaker": "", "role": "", "country": "", "version": one["version"][0]
    }  # fmt: skip
    assert one["voice"].isin(VOICES).all()


# --- Long and hostile articles ---


def seconds(body: str) -> tuple[float, list[Any]]:
    piece = article(body)
    found = passages(piece, DYAD)
    started = time.process_time()
    made = voices(piece, found)
    return time.process_time() - started, made


@pytest.mark.parametrize("gap", ["", "\n\n"], ids=["one paragraph", "many"])
def test_a_speech_of_twenty_thousand_words_is_read_in_seconds(gap: str) -> None:
    turn = (
        "My friends, Russia is our neighbour and the United States is far away, and the minister said that America "
        f"waits. “We will never leave Russia alone,” he told me. {gap}"
    )
    # Measured 0.2 s.
    used, made = seconds(turn * (20_000 // len(turn.split())))
    assert len(made) > 1000
    assert used < 5


def test_a_speech_in_one_pair_of_marks_is_all_quoted() -> None:
    used, made = seconds("“" + "Russia is strong and will be. " * 3300 + "”")
    assert {voice.voice for voice in made} == {"direct"}
    assert used < 5


@pytest.mark.parametrize("unit", ["“", '"', "(", "“Russia ", "' Russia ", "Berg said Russia ", "Russia: "])
def test_twenty_thousand_marks_in_a_row_are_read_in_seconds(unit: str) -> None:
    used, made = seconds(unit * 20_000)
    assert used < 10
    assert {voice.voice for voice in made} <= set(VOICES)


def test_a_list_of_two_thousand_speakers_is_read_in_seconds() -> None:
    names = (f"Anna B{chr(97 + n % 26)}{chr(97 + n // 26 % 26)}{chr(97 + n // 676)}" for n in range(2000))
    used, _ = seconds("".join(f"{name} said that Russia is strong. " for name in names))
    assert used < 8


@pytest.mark.parametrize("words", ["president of ", "senior vice president at the ", "X's ", "the founder of a "])
def test_a_description_without_end_has_a_role_or_none(words: str) -> None:
    assert role_of(words * 20_000) in {"", *ROLES}
