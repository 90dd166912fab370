"""The contract of every reader, over a sample of each format and each of its layouts in `cases/readers/`.

Beside each sample lies `FILE.expected.json`: how many articles the file states, and of each article its outlet, day,
title, and the first and last words of its text.
"""

from __future__ import annotations

import gzip
import io
import json
import random
import tarfile
import zipfile
from pathlib import Path

import pytest

from corpora.article import Article
from corpora.assembly import Options, article_of
from corpora.readers import HEAD, READERS, Record, Rejection, Stated, detect

CASES = Path(__file__).parent / "cases" / "readers"
SAMPLES = sorted(path for path in CASES.glob("*/*") if not path.name.endswith(".expected.json"))
NAMES = [str(path.relative_to(CASES)) for path in SAMPLES]
# These have their samples in test_readers.py, where they are made.
MADE_THERE = {"jsonl", "parquet", "plain", "table"}

sample = pytest.mark.parametrize("path", SAMPLES, ids=NAMES)


def read(reader: str, data: bytes, name: str = "export.dat") -> list[Record | Rejection | Stated]:
    return list(READERS[reader].read(io.BufferedReader(io.BytesIO(data)), name))


def expected(path: Path) -> dict:
    return json.loads(path.with_name(f"{path.name}.expected.json").read_text(encoding="utf-8"))


def words(text: str) -> list[str]:
    return text.split()


def test_every_reader_has_a_sample():
    assert {path.parent.name for path in SAMPLES} | MADE_THERE == set(READERS)


@sample
def test_a_format_is_recognised_whatever_the_file_is_called(path):
    assert detect("export.dat", path.read_bytes()[:HEAD]) == path.parent.name


@sample
def test_a_sample_is_recognised_by_no_reader_before_its_own(path):
    from corpora.readers import Head

    head = Head.of(path.read_bytes()[:HEAD])
    before = list(READERS)[: list(READERS).index(path.parent.name)]
    assert not [name for name in before if READERS[name].recognises(head)]


@sample
def test_every_article_comes_out_with_outlet_day_title_and_text(path):
    items = read(path.parent.name, path.read_bytes(), path.name)
    told = expected(path)
    records = [item for item in items if isinstance(item, Record)]
    stated = [item.count for item in items if isinstance(item, Stated)]
    assert stated == ([] if told["stated"] is None else [told["stated"]])
    assert sum(isinstance(item, Rejection) for item in items) == told.get("rejections", 0)
    assert len(records) == len(told["articles"])
    for record, wanted in zip(records, told["articles"], strict=True):
        article = article_of(record, Options(outlet="" if wanted["outlet"] else "Given"), path.name)
        assert isinstance(article, Article), article
        published = str(article.published) if article.published else None
        assert (article.outlet, published, article.title) == (
            wanted["outlet"] or "Given",
            wanted["published"],
            wanted["title"],
        )
        if wanted.get("coverage"):
            assert article.is_coverage
        else:
            starts, ends = words(wanted["starts"]), words(wanted["ends"])
            assert words(article.body)[: len(starts)] == starts
            assert words(article.body)[-len(ends) :] == ends


@sample
def test_reading_twice_gives_the_same_identities(path):
    first, second = (read(path.parent.name, path.read_bytes(), name) for name in (path.name, "other"))
    assert [json.dumps(i.raw, sort_keys=True) for i in first if isinstance(i, Record)] == [
        json.dumps(i.raw, sort_keys=True) for i in second if isinstance(i, Record)
    ]


@sample
def test_no_two_articles_of_a_file_have_one_identity(path):
    raws = [
        json.dumps(i.raw, sort_keys=True) for i in read(path.parent.name, path.read_bytes()) if isinstance(i, Record)
    ]
    assert len(set(raws)) == len(raws)


@sample
def test_a_file_that_is_cut_off_anywhere_yields_articles_or_reasons(path):
    data = path.read_bytes()
    for part in range(1, 12):
        for item in read(path.parent.name, data[: len(data) * part // 12]):
            assert isinstance(item, (Record, Rejection, Stated))
            assert not isinstance(item, Rejection) or (item.reason and item.place)


@sample
def test_mutated_bytes_yield_articles_or_reasons(path):
    rng = random.Random(path.name)
    for _ in range(8):
        data = bytearray(path.read_bytes())
        for _ in range(rng.randint(1, 40)):
            place = rng.randrange(len(data))
            data[place : place + rng.choice([0, 1, 1, 8])] = rng.randbytes(rng.choice([0, 1, 1, 6]))
        assert all(isinstance(item, (Record, Rejection, Stated)) for item in read(path.parent.name, bytes(data)))


@sample
@pytest.mark.parametrize("pack", ["gz", "zip", "tar"])
def test_a_packed_file_gives_the_same_articles(path, pack, tmp_path):
    from corpora.ingest import read as read_corpus

    def texts(where: Path) -> list[tuple[str, str]]:
        corpus = read_corpus(where, outlet="The Daily")
        return [(a.title, a.body) for a in corpus.articles()] + [
            (r[1].rpartition(": ")[2], r[2]) for r in corpus.rejections
        ]

    packed = tmp_path / f"packed.{pack}"
    if pack == "gz":
        packed.write_bytes(gzip.compress(path.read_bytes(), mtime=0))
    elif pack == "zip":
        with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(path, f"inner/{path.name}")
    else:
        with tarfile.open(packed, "w:gz") as archive:
            archive.add(path, f"inner/{path.name}")
    plain = tmp_path / path.name
    plain.write_bytes(path.read_bytes())
    assert texts(packed) == texts(plain)


@pytest.mark.parametrize("reader", READERS)
def test_a_file_of_another_format_is_never_an_exception(reader):
    for path in SAMPLES:
        assert all(isinstance(i, (Record, Rejection, Stated)) for i in read(reader, path.read_bytes(), path.name))
