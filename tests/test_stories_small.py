"""Stories in short and mixed corpora: a week of one paper, a few days, events of one day; mostly singletons."""

from __future__ import annotations

import datetime as dt
import json
import random
from collections import Counter

import numpy as np
import pytest

from corpora.ingest import read
from corpora.likeness import UNDATED, closeness
from corpora.stories import find_stories


def article(section: int, event: int, teller: int) -> str:
    """Words as a newspaper has them: most of them plain, some of the section, and a few of the event."""
    rng = random.Random(f"{section} {event} {teller}")
    words = [f"plain{int(3000 * rng.random() ** 3)}" for _ in range(220)]
    words += [f"section{section}word{int(300 * rng.random() ** 2)}" for _ in range(60)]
    words += [f"event{section}x{event}y{rng.randrange(25)}" for _ in range(45)]
    rng.shuffle(words)
    return " ".join(words)


def week(tellers: int) -> tuple[list[str], list[int], list[tuple[int, int]]]:
    """Six days of eight sections with ten events each; the first event of each section is told by several."""
    told = [(s, e, t) for s in range(8) for e in range(10) for t in range(1 if e else tellers)]
    return [article(*one) for one in told], [1000 + (3 * s + e) % 6 for s, e, _ in told], [one[:2] for one in told]


def grouped(texts, days, outlets=None):
    pieces = [piece if isinstance(piece, tuple) else ("", piece) for piece in texts]
    outlets = None if outlets is None else np.unique(outlets, return_inverse=True)[1]
    return find_stories(lambda: ((n, *piece) for n, piece in enumerate(pieces)), np.array(days), outlets).tolist()


def together(labels) -> int:
    """Articles that stand in a story with another."""
    return sum(count for count in Counter(labels).values() if count > 1)


def precision_and_recall(labels, truth) -> tuple[float, float]:
    pairs = [(labels[a] == labels[b], truth[a] == truth[b]) for a in range(len(truth)) for b in range(a)]
    both = sum(said and right for said, right in pairs)
    return both / sum(said for said, _ in pairs), both / sum(right for _, right in pairs)


def test_a_week_of_single_articles_has_no_stories():
    texts, days, _ = week(tellers=1)
    assert together(grouped(texts, days)) == 0


def test_events_told_by_several_are_found_among_single_articles():
    texts, days, truth = week(tellers=3)
    precision, recall = precision_and_recall(grouped(texts, days), truth)
    assert precision == 1
    assert recall >= 0.9


def test_two_articles_of_one_outlet_must_be_closer():
    like, crowd, day = (np.full(1, value, dtype=np.float32) for value in (0.3, 0.2, 100))
    day = day.astype(np.int64)
    assert closeness(like, crowd, crowd, day, day, np.array([False])) == pytest.approx(0.3 - 0.2)
    assert closeness(like, crowd, crowd, day, day, np.array([True])) == pytest.approx(0.3 - 0.2 * 1.6)


def test_a_dated_and_an_undated_article_count_as_two_days_apart():
    like, crowd = (np.full(1, value, dtype=np.float32) for value in (0.5, 0.2))
    dated, undated, other = np.array([100]), np.array([UNDATED]), np.array([False])
    assert closeness(like, crowd, crowd, dated, undated, other) == pytest.approx(0.5 - 0.2 * 2.2)
    assert closeness(like, crowd, crowd, undated, undated, other) == pytest.approx(0.5 - 0.2)


@pytest.fixture
def gold(shared):
    return [json.loads(line) for line in (shared / "gold/stories/newswcl50.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("events_a_day", [1, 2, 5, 10])
def test_newswcl50_is_grouped_right_however_many_events_fall_on_a_day(gold, events_a_day):
    names = sorted({row["story"] for row in gold})
    texts = [row["text"].replace("\\n", "\n") for row in gold]
    days = [736_000 + names.index(row["story"]) // events_a_day for row in gold]
    precision, recall = precision_and_recall(grouped(texts, days), [row["story"] for row in gold])
    assert precision >= 0.95
    assert recall >= 0.9


def test_newswcl50_is_found_in_a_week_of_a_general_newspaper(shared, gold):
    paper = list(read(shared / "exports" / "nexis-irish-times-1995.html").articles())
    first = min(a.published for a in paper)
    names = sorted({row["story"] for row in gold})
    texts = [row["text"].replace("\\n", "\n") for row in gold] + [(a.title, a.body) for a in paper]
    days = [first.toordinal() + names.index(row["story"]) // 2 for row in gold]
    days += [a.published.toordinal() for a in paper]
    labels = grouped(texts, days, [row["outlet"] for row in gold] + [a.outlet for a in paper])
    precision, recall = precision_and_recall(labels[:50], [row["story"] for row in gold])
    assert (precision, recall) >= (0.95, 0.9)
    assert not set(labels[:50]) & set(labels[50:])
    # Of 166 articles; 137 before crowds had a floor.
    assert together(labels[50:]) <= 35


def test_a_few_days_of_the_real_set_are_mostly_alone(shared):
    real = [a for a in read(shared / "real" / "us-russia-2012-2020.jsonl.gz").articles() if a.published]
    joined, all_of_them = 0, 0
    for start in (dt.date(2018, 4, 20), dt.date(2017, 2, 14), dt.date(2017, 7, 7), dt.date(2018, 7, 12)):
        some = [a for a in real if 0 <= (a.published - start).days < 4]
        pieces, days = [(a.title, a.body) for a in some], [a.published.toordinal() for a in some]
        joined += together(grouped(pieces, days, [a.outlet for a in some]))
        all_of_them += len(some)
    assert joined <= 0.6 * all_of_them
