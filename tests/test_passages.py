"""Passages: exact offsets, windows about a pair that do not overlap, and what is no passage."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from twelve_days import twelve_days

from corpora import Article
from framing.countries import find_mentions
from framing.passages import PASSAGE_VERSION, Passage, passage_frame, passages, passages_schema
from framing.scorers import load_scorer
from framing.scoring import score_articles
from framing.sentences import LONGEST_WORDS, paragraph_spans, sentence_spans

DYAD = ("RUS", "USA")
# Sentences with neither, one or both countries, with what makes offsets go wrong: stops, quotes, dashes, wide letters.
SENTENCES = [
    "Russia said it would wait.",
    "The U.S. envoy left at 5 p.m. on Monday.",
    "“Moscow’s offer stands,” an aide to Vladimir Putin said.",
    "Talks go on in Genève.",
    "The U.S. and Russia met; Russia left first.",
    "Nobody in Zürich — not one — was told 🙂.",
    "Washington is not amused!",
    "Was the White House told of the Kremlin's plan?",
    "U.S.-Russian ties are cold.",
    "It rained.",
]
articles = st.builds(
    lambda title, paragraphs, captions: Article(
        "a1",
        "The Daily",
        published=dt.date(2018, 7, 16),
        title=title,
        body="\n\n".join(" ".join(sentences) for sentences in paragraphs),
        captions="\n".join(captions),
    ),
    st.sampled_from(["", *SENTENCES]),
    st.lists(st.lists(st.sampled_from(SENTENCES), min_size=1, max_size=6), max_size=5),
    st.lists(st.sampled_from(SENTENCES), max_size=2),
)


def of_body(body: str) -> list[Passage]:
    return passages(Article("a1", "The Daily", published=dt.date(2018, 7, 16), body=body), DYAD)


def told(found: list[Passage]) -> list[tuple[str, str]]:
    return [(p.target or p.pair, p.text) for p in found]


def check(article: Article, found: list[Passage]) -> None:
    """What holds of every passage of every article."""
    assert len({p.passage_id for p in found}) == len(found)
    assert len({(p.part, p.start, p.end, p.target, p.pair) for p in found}) == len(found)
    for p in found:
        assert article.text(p.part)[p.start : p.end] == p.text
        assert p.text == p.text.strip() != ""
        assert (p.target == "") != (p.pair == "")
        assert p.pair in ("", "RUS-USA")
        assert (p.source_span is None) == (p.pair == "")
        mentions = {(m.start, m.end): m.country for m in find_mentions(article.text(p.part), article.published)}
        spans = [(p.target_span, p.target or "USA"), *([(p.source_span, "RUS")] if p.source_span else [])]
        for (start, end), country in spans:
            assert 0 <= start < end <= len(p.text)
            assert mentions[p.start + start, p.start + end] == country
    for part in ("title", "body", "captions"):
        windows = sorted((p.start, p.end) for p in found if p.part == part and p.pair)
        assert all(a[1] <= b[0] for a, b in pairwise(windows))


@settings(max_examples=60, deadline=None)
@given(articles)
def test_every_passage_is_a_slice_of_its_part_and_its_spans_name_the_countries(article: Article) -> None:
    check(article, passages(article, DYAD))


def test_the_same_holds_of_whole_articles() -> None:
    count = 0
    for article in twelve_days().articles():
        # The title is read with the persons of the body; a full name in it stands for itself all the same.
        found = [p for p in passages(article, DYAD) if p.part == "body"]
        check(article, found)
        count += len(found)
    assert count > 600


@settings(max_examples=40, deadline=None)
@given(articles)
def test_every_sentence_that_names_both_is_a_window_of_its_own(article: Article) -> None:
    windows = {(p.start, p.end) for p in passages(article, DYAD) if p.part == "body" and p.pair}
    both = set()
    for first, last in paragraph_spans(article.body):
        for start, end in sentence_spans(article.body, first, last):
            if {"RUS", "USA"} <= {m.country for m in find_mentions(article.body[start:end], article.published)}:
                both.add((start, end))
    assert both <= windows
    assert {article.body[s:e] for s, e in windows - both} & set(SENTENCES) == set()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param(
            "The U.S. and Russia met; Russia left, and Moscow rejoiced.",
            ["RUS", "USA", "RUS-USA"],
            id="several mentions of one country in a sentence make one row",
        ),
        pytest.param(
            "Russia waits. America sleeps.",
            ["RUS", "USA", "RUS-USA"],
            id="two adjacent sentences that name both together make a window",
        ),
        pytest.param("Russia waits.\n\nAmerica sleeps.", ["RUS", "USA"], id="not across a paragraph's end"),
        pytest.param("Russia waits. It rains. America sleeps.", ["RUS", "USA"], id="not with a sentence between them"),
        pytest.param(
            "Russia waits. America and Russia talk.",
            ["RUS", "RUS", "USA", "RUS-USA"],
            id="a sentence that names both is preferred to two, and is in no other window",
        ),
        pytest.param(
            "America and Russia talk. Russia waits.",
            ["RUS", "USA", "RUS", "RUS-USA"],
            id="nor does the sentence after it join it",
        ),
        pytest.param(
            "Russia waits. America sleeps. Russia wakes. America snores.",
            ["RUS", "USA", "RUS", "USA", "RUS-USA", "RUS-USA"],
            id="four sentences in turn make two windows that do not overlap",
        ),
        pytest.param(
            "Russia waits. America sleeps. Russia wakes.",
            ["RUS", "USA", "RUS", "RUS-USA"],
            id="the third of three belongs to no window",
        ),
        pytest.param("Russia waits. Russia wakes.", ["RUS", "RUS"], id="one country alone makes no window"),
        pytest.param("Germany waits. It rains.", [], id="other countries make no passage"),
    ],
)
def test_passages_of_a_body(body: str, expected: list[str]) -> None:
    found = of_body(body)
    assert [target for target, _ in told(found)] == expected
    if expected.count("RUS-USA") == 1:
        window = next(p for p in found if p.pair)
        assert ("waits. America sleeps." in window.text) == ("waits. America sleeps." in body)


def test_a_window_marks_the_two_mentions_that_stand_nearest() -> None:
    window = next(p for p in of_body("Russia, tired of waiting for aid, said the U.S. and Moscow met.") if p.pair)
    start, end = window.source_span or (0, 0)
    assert window.text[start:end] == "Moscow"
    assert window.text[slice(*window.target_span)] == "U.S."


def test_a_pair_has_no_direction() -> None:
    for body in ("Russia met the U.S.", "The U.S. met Russia."):
        window = next(p for p in of_body(body) if p.pair)
        assert window.pair == "RUS-USA"
        assert window.source_span
        assert window.text[slice(*window.source_span)] == "Russia"
        assert window.text[slice(*window.target_span)] == "U.S."


def test_a_headline_is_one_sentence_and_each_caption_a_line_of_its_own() -> None:
    article = Article(
        "a1",
        "The Daily",
        title="Russia waits. America sleeps",
        body="Nobody knows.",
        captions="Moscow by night\nWashington by day",
    )
    found = passages(article, DYAD)
    assert [(p.part, p.target or p.pair, p.text) for p in found] == [
        ("title", "RUS", "Russia waits. America sleeps"),
        ("title", "USA", "Russia waits. America sleeps"),
        ("title", "RUS-USA", "Russia waits. America sleeps"),
        ("captions", "RUS", "Moscow by night"),
        ("captions", "USA", "Washington by day"),
    ]


@pytest.mark.parametrize(
    ("sentence", "kind"),
    [
        ("Russia waits.", "country"),
        ("The Russians wait.", "demonym"),
        ("Moscow waits.", "capital"),
        ("The Kremlin waits.", "metonym"),
        ("Vladimir Putin waits.", "leader"),
    ],
)
def test_a_passage_says_how_its_target_is_named(sentence: str, kind: str) -> None:
    assert [(p.target, p.mention_kind) for p in of_body(sentence)] == [("RUS", kind)]


@pytest.mark.parametrize(("language", "count"), [("en", 1), ("", 1), ("de", 0), ("ru", 0)])
def test_only_english_or_too_short_to_tell_is_scored(language: str, count: int) -> None:
    article = Article("a1", "The Daily", body="Russia praised the plan.", language=language)
    rows, found, scores = score_articles([article], DYAD, [load_scorer("tone")])
    assert (len(rows), len(found), len(scores)) == (1, count, count)


# --- Sentences ---


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from('ab. \n\t?!”’"U.S—\u00a0é')))
def test_sentences_are_in_order_without_spaces_around_them_and_lose_only_spaces(text: str) -> None:
    spans = sentence_spans(text)
    assert all(a[1] <= b[0] for a, b in pairwise(spans))
    assert all(text[s:e] == text[s:e].strip() != "" for s, e in spans)
    covered = {i for s, e in spans for i in range(s, e)}
    assert all(text[i].isspace() for i in range(len(text)) if i not in covered)


@pytest.mark.parametrize("words", [91, 180, 181, 500])
def test_a_text_without_full_stops_is_cut_into_pieces_of_at_most_90_words(words: int) -> None:
    text = " ".join(f"word{i}" for i in range(words))
    pieces = [text[s:e] for s, e in sentence_spans(text)]
    assert max(len(piece.split()) for piece in pieces) <= LONGEST_WORDS == 90
    assert " ".join(pieces) == text


def test_a_text_whose_full_stops_were_stripped_is_cut_where_a_sentence_can_begin() -> None:
    filler = " ".join(["the envoys spoke for hours about the old quarrel"] * 12)
    text = f"{filler} The Kremlin said nothing at all about it {filler}"
    pieces = [text[s:e] for s, e in sentence_spans(text)]
    assert any(piece.startswith("The Kremlin said nothing") for piece in pieces)
    assert max(len(piece.split()) for piece in pieces) <= LONGEST_WORDS


def test_a_short_sentence_is_never_cut_at_a_capital() -> None:
    text = "Aides said The Kremlin was told and In the end it agreed to nothing."
    assert sentence_spans(text) == [(0, len(text))]


# --- The table ---


def test_the_passages_table_has_its_columns_also_without_rows() -> None:
    names = passages_schema().names
    assert list(passage_frame([]).columns) == names
    frame = passage_frame(of_body("Russia met the U.S."))
    assert list(frame.columns) == names
    assert set(frame["passage_version"]) == {PASSAGE_VERSION}


def test_a_passage_keeps_its_identity_and_another_article_s_has_another() -> None:
    one, same = of_body("Russia waits."), of_body("Russia waits.")
    other = passages(Article("a2", "The Daily", body="Russia waits."), DYAD)
    assert one[0].passage_id == same[0].passage_id != other[0].passage_id
    assert len(one[0].passage_id) == 20


# --- Windows of real articles ---


def test_pair_windows_of_20_real_articles_are_found(shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    coded = Path(__file__).parent / "gold" / "pair-passages.jsonl"
    rows = [json.loads(line) for line in coded.read_text(encoding="utf-8").splitlines()]
    wanted = {row["ID"] for row in rows}
    with gzip.open(shared / "real" / "us-russia-2012-2020.jsonl.gz", "rt", encoding="utf-8") as file:
        raw = {row["ID"]: row for row in map(json.loads, file) if row["ID"] in wanted}
    due: dict[str, list[tuple[int, int]]] = {key: [] for key in wanted}
    for row in rows:
        # Windows that name Russia only in a label ("the Russia probe") were coded before labels were no mentions.
        if not row.get("none") and not row.get("label"):
            text = raw[row["ID"]]["text"][row["start"] : row["end"]]
            assert hashlib.sha256(text.encode()).hexdigest() == row["passage_sha256"]
            due[row["ID"]].append((row["start"], row["end"]))
    found = {}
    for key, row in raw.items():
        article = Article(key, row["source"], published=dt.date.fromisoformat(row["date"]), body=row["text"])
        found[key] = [(p.start, p.end) for p in passages(article, DYAD) if p.pair]

    def met(ones: dict[str, list[tuple[int, int]]], others: dict[str, list[tuple[int, int]]]) -> float:
        hits = [any(s < f and b < e for b, f in others[key]) for key in ones for s, e in ones[key]]
        return sum(hits) / len(hits)

    recall, precision = met(due, found), met(found, due)
    with capsys.disabled():
        pass
    assert recall >= 0.9
    assert precision >= 0.8
