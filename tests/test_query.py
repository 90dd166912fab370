"""Queries: what they keep, what they are written as, and what is refused in one line."""

from __future__ import annotations

import datetime as dt
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora import Article, Corpus, InputError
from corpora.query import DEEPEST, LONGEST, Query, parse
from corpora.terms import All, Node, Not, Some, Term, joined

ARTICLE = Article(
    "a1",
    outlet="The Daily",
    title="Putin’s offer: new talks in Genève",
    body="The U.S. sanctions stay, an aide said.\n\nWar is over. A trade-war is not; it is a TRADE WAR.",
    url="https://www.daily.example/opinion/2018/03/talks-resume.html?page=2",
    byline="Jane Roe and Jörg Müller",
    tags=("Foreign policy", "Russia"),
)


def kept(query: str, **changes: object) -> bool:
    return parse(query).matches(ARTICLE.with_(**changes))


# --- What is kept ---


@pytest.mark.parametrize(
    "query",
    [
        "putin",
        "PUTIN",
        "Putin's",
        "Putin’s",
        "genève",
        "GENE\u0300VE",  # the accent as a character of its own
        "sanctions",
        "sanction*",
        "s*",
        "U.S.",
        '"u.s. sanctions"',
        '"new talks"',
        "“new talks”",
        "„new talks“",
        '"trade war"',
        "trade-war",
        '"trade wa*"',
        "putin sanctions",
        "putin AND sanctions",
        "collusion OR putin",
        "collusion OR sanctions putin",
        "-collusion",
        "−collusion",
        "–collusion",
        "NOT collusion",
        "NOT NOT putin",
        "putin -(collusion OR probe)",
        "putin-collusion OR putin",
        "title:putin",
        "TITLE:putin body:sanctions",
        "title:(putin -sanctions)",
        "body:(sanctions AND title:putin)",
        'title:"new talks"',
        "-title:sanctions",
        "url:opinion",
        "url:https://www.daily.example/opinion",
        "https://www.daily.example OR url:talks-resume",
        "byline:müller",
        "byline:MÜLLER",
        "tag:russia",
        'tag:"foreign policy"',
        '"AND" OR putin',
        "(((putin)))",
    ],
)
def test_a_query_keeps_what_it_asks_for(query: str) -> None:
    assert kept(query)


@pytest.mark.parametrize(
    "query",
    [
        "puti",  # whole words
        "utin*",
        "collusion",
        "tradewar",
        "putin collusion",
        "putin AND NOT sanctions",
        "-putin",
        "title:sanctions",
        "body:putin",
        "russia",  # only a tag
        "opinion",  # only in the address
        "Müller",  # only in the byline
        '"talks new"',
        '"said war"',  # the paragraph ends between them
        '"geneve the"',  # the title ends between them
        'tag:"policy russia"',  # two tags
        "genevе",  # the last letter is Cyrillic
        '"OR"',  # the word
        "putin-collusion",  # one hyphenated word, no minus
    ],
)
def test_a_query_leaves_out_what_it_does_not_ask_for(query: str) -> None:
    assert not kept(query)


def test_and_binds_closer_than_or() -> None:
    assert parse("a OR b c") == parse("a OR (b AND c)") != parse("(a OR b) c")


def test_a_text_that_is_not_there_holds_nothing() -> None:
    assert not kept("tag:russia", tags=())
    assert kept("-tag:russia", tags=())
    assert not parse("url:x").matches_row({"url": None})


def test_it_reads_only_the_columns_that_it_names() -> None:
    assert parse("title:a OR tag:b").columns == ("tags", "title")
    assert parse("a -url:b").columns == ("body", "title", "url")


# --- The normal form ---

words = st.sampled_from(["a", "b", "and", "or", "not", "ca*", "müller", "r2d2", "x_y"])
terms = st.builds(
    Term,
    st.lists(words, min_size=1, max_size=3).map(tuple),
    st.sampled_from(["", "title", "body", "url", "byline", "tag"]),
)
nodes = st.recursive(
    terms,
    lambda inner: st.one_of(
        inner.map(lambda node: node.part if isinstance(node, Not) else Not(node)),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: joined(All, parts)),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: joined(Some, parts)),
    ),
    max_leaves=12,
)


@given(nodes)
@settings(max_examples=300, deadline=None)
def test_the_normal_form_is_read_as_the_same_query(node: Node) -> None:
    assert parse(str(Query(node))) == Query(node)


def plainly(node: Node, found: set[str]) -> bool:
    if isinstance(node, Term):
        return node.words[0] in found
    if isinstance(node, Not):
        return not plainly(node.part, found)
    parts = [plainly(part, found) for part in node.parts]
    return all(parts) if isinstance(node, All) else any(parts)


letters = st.recursive(
    st.sampled_from("abc").map(lambda letter: Term((letter,))),
    lambda inner: st.one_of(
        inner.map(Not),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: All(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: Some(tuple(parts))),
    ),
    max_leaves=8,
)


@given(letters, st.sets(st.sampled_from("abc")))
@settings(max_examples=200, deadline=None)
def test_a_query_means_what_logic_says(node: Node, found: set[str]) -> None:
    article = Article("a1", outlet="The Daily", body=" ".join(sorted(found)))
    assert parse(str(Query(node))).matches(article) == plainly(node, found)


@given(st.text(alphabet='ab AND OR NOT()"“”-*:title\n,.é', max_size=40))
@settings(max_examples=500, deadline=None)
def test_any_text_is_a_query_or_refused_in_one_line(text: str) -> None:
    said = ""
    try:
        query = parse(text)
    except InputError as error:
        said = str(error)
    else:
        assert parse(str(query)) == query
        query.matches(ARTICLE)
    assert "\n" not in said


# --- What is refused ---


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("", "the query is empty; it may hold words"),
        ("  \n ", "the query is empty"),
        ("(putin", r"query '\(putin', character 1: this parenthesis is not closed"),
        ("putin)", r"character 6: this parenthesis closes nothing"),
        ("a ()", r"character 4: a word, a phrase or a parenthesis is missing before '\)'"),
        ('a "b c', "character 3: this quotation mark is not closed"),
        ('"', "this quotation mark is not closed"),
        ('""', "'' has no letter or digit"),
        ("a AND", "character 6: a word, a phrase or a parenthesis is missing before the end"),
        ("OR a", "character 1: .* is missing before 'OR'"),
        ("a AND OR b", "is missing before 'OR'"),
        ("a NOT", "missing before the end"),
        ("a or b", 'character 3: write OR for the operator, or "or" for the word'),
        ("outlet:CNN", "no field 'outlet'; there are: title, body, url, byline, tag"),
        ("title:-a", r"must follow 'title:' \(the minus stands before: -title:word\)"),
        ("title: ", "must follow 'title:'"),
        ("title:body:a", "must follow 'title:'"),
        ("a && b", "'&' has no meaning here"),
        ("a|b", "'|' has no meaning here".replace("|", r"\|")),
        ("wom?n", r"'\?' has no meaning here"),
        ("a*b", r"'\*' stands for the rest of a word, at its end only"),
        ("*a", "at its end only"),
        ("*", "at its end only"),
        ("a**", "at its end only"),
        ('"a * b"', "at its end only"),
        ("a - b", "'-' has no letter or digit"),
        ("a" * (LONGEST + 1), "the query has 5,001 characters; at most 5,000 are allowed"),
        ("(" * 60 + "a" + ")" * 60, f"nested more than {DEEPEST} deep"),
        ("NOT " * 1200 + "a", f"nested more than {DEEPEST} deep"),
        ("-" * 4000 + "a", f"nested more than {DEEPEST} deep"),
    ],
)
def test_what_is_no_query_is_refused_with_its_place(query: str, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        parse(query)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


def test_parentheses_side_by_side_are_not_nested() -> None:
    assert kept(" OR ".join(["(a)"] * 200) + " OR putin")


@pytest.mark.parametrize("text", [" " * 20_000, "trade " * 4000, "trade-" * 4000, "tradewar" * 2500, "\n" * 20_000])
def test_a_hostile_text_takes_no_longer_than_another(text: str) -> None:
    query = parse('"trade* wars too" OR "trade trade war"')
    article = Article("a1", outlet="The Daily", body="trade" + text + " war too wars")
    start = time.perf_counter()
    query.matches(article)
    assert time.perf_counter() - start < 1.0


# --- Selecting ---


@pytest.fixture
def corpus() -> Corpus:
    return Corpus.of(
        Article(f"a{n}", outlet="AB"[n % 2], published=dt.date(2018, 3, n + 1), title=title, body="They met.")
        for n, title in enumerate(["Talks", "Probe", "Talks and probe", "Rain", "Talks"])
    )


def ids(corpus: Corpus) -> list[str]:
    return [article.article_id for article in corpus.articles()]


def test_a_selection_by_query_holds_what_it_asks_for(corpus: Corpus) -> None:
    assert ids(corpus.select(where="talks -probe")) == ["a0", "a4"]
    assert ids(corpus.select(where=parse("talks -probe"))) == ["a0", "a4"]
    assert ids(corpus.select(outlets=["A"], since=dt.date(2018, 3, 2), where="talks")) == ["a2", "a4"]
    assert len(corpus.select(where="snow")) == 0


def test_a_selection_of_a_selection_by_query_is_what_both_have_in_common(corpus: Corpus) -> None:
    assert ids(corpus.select(where="talks OR rain").select(where="probe OR rain")) == ["a2", "a3"]
    assert ids(corpus.select(where="talks").select(outlets=["A"])) == ["a0", "a2", "a4"]


def test_a_selection_by_query_has_a_checksum_of_its_own_and_the_marks_of_the_whole(corpus: Corpus) -> None:
    chosen = corpus.select(where="talks")
    assert chosen.checksum() != corpus.checksum() == corpus.select(where="NOT snow").checksum()
    assert chosen.marks().equals(corpus.marks())
    assert chosen.outlets() == {"A": 3}


def test_columns_that_only_the_query_reads_are_not_handed_out(corpus: Corpus) -> None:
    (table,) = corpus.select(where="talks -tag:x").batches(["outlet"])
    assert table.column_names == ["outlet"]
    assert table.num_rows == 3


def test_a_query_that_is_not_understood_is_refused_before_anything_is_read(corpus: Corpus) -> None:
    with pytest.raises(InputError, match=re.escape("query '(talks'")):
        corpus.select(where="(talks")
