"""Lists without text: their articles count in volume, and nowhere else."""

from __future__ import annotations

import pytest

from corpora.curation import holdings
from corpora.errors import InputError
from corpora.ingest import ingest, read
from framing.passages import passages
from framing.scoring import score
from reports.report import write_report
from reports.study import Study

LIST = (
    "id,indexed_date,language,media_name,media_url,publish_date,title,url\n"
    '1,2018-03-06,en,The Daily,daily.example,2018-03-05,"Russia attacks the United States, again",https://daily.example/1\n'
    "2,2018-03-07,en,The Daily,daily.example,2018-03-06,Putin hails Trump,https://daily.example/2\n"
    "3,2018-03-07,en,The Weekly,weekly.example,,Russia and America at odds,https://weekly.example/3\n"
)


@pytest.fixture
def listed(write):
    return write("list.csv", LIST)


def test_a_list_gives_articles_without_text(listed, tmp_path):
    counts = ingest([listed], tmp_path / "corpus")
    assert (counts.read, counts.kept, counts.coverage, counts.undated) == (3, 3, 3, 1)
    corpus = read(listed)
    assert [a.is_coverage for a in corpus.articles()] == [True] * 3
    assert corpus.outlets() == {"The Daily": 2, "The Weekly": 1}
    assert [(h.outlet, h.articles, h.without_text) for h in holdings(corpus)] == [
        ("The Daily", 2, 2),
        ("The Weekly", 1, 1),
    ]


def test_their_headlines_are_never_scored(listed):
    (first, *_) = read(listed).articles()
    assert passages(first, ("RUS", "USA"))  # though they name the countries
    assert score(read(listed), "USA-RUS", measures=("tone",)).empty


def test_they_are_no_copies_of_each_other_and_tell_no_story(write):
    rows = LIST + "4,2018-03-07,en,The Weekly,weekly.example,2018-03-06,Putin hails Trump,https://weekly.example/4\n"
    kinds = {row["kind"] for row in read(write("list.csv", rows)).marks().to_pylist()}
    assert kinds <= {"story"}  # one headline in two outlets may be one event; it is no text


def test_a_report_counts_them_in_coverage_alone(listed, write, record, tmp_path):
    texts = [
        record(n, outlet="The Daily", text=record(n)["text"] + f" Number {n} of {n * 7} steps, {n * n} words on it.")
        for n in range(1, 15)
    ]
    corpus = read([listed, write("a.jsonl", texts)])
    study = Study(("RUS", "USA"), measures=("tone",), wire="all", minimum_articles=5, minimum_stories=3)
    results = write_report(corpus, study, tmp_path / "report")
    assert results.quality.articles["without text"] == 3
    assert results.coverage.loc["The Weekly"].sum() == 0  # undated
    assert results.coverage.loc["The Daily"].sum() == 16
    assert set(results.comparison.articles["outlet"]) == {"The Daily"}
    page = (tmp_path / "report" / "index.html").read_text(encoding="utf-8")
    assert "3 came from lists without their text (counted in coverage, not scored)" in page


def test_a_corpus_of_lists_alone_cannot_be_reported_on(listed, tmp_path):
    with pytest.raises(InputError, match="no passage about RUS-USA in the body of any article"):
        write_report(read(listed), Study(("RUS", "USA")), tmp_path / "report")
