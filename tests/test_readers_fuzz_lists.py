"""Mutated files of tables, lists, pages, mails and ProQuest: articles or reasons, soon, and nothing else."""

from __future__ import annotations

import io
import json
import random
import time
from pathlib import Path

import pytest

from corpora.readers import HEAD, READERS, Head, Record, Rejection, Stated

CASES = Path(__file__).parent / "cases" / "readers"
TEXT = "The two delegations met in Geneva on Monday, and both said that more talks would follow in May. "
MADE = {
    "table": b'title,text,outlet\nTalks,"' + 5 * TEXT.encode() + b'",The Daily\nMore,"They ""met""",The Daily\n',
    "jsonl": json.dumps([{"title": "Talks", "text": TEXT, "thread": {"site": "a.example"}}] * 3, indent=1).encode(),
    "plain": f"5 May 2016\n\nTalks to Resume\nBy Jane Roe\n\n{TEXT}\n\nPhoto: A. Person\n\n{TEXT}\n".encode(),
}
FOLDERS = ("eml", "europresse", "excel", "feed", "gdelt", "html", "mediacloud", "proquest-html", "proquest-rtf",
           "proquest-txt", "ris", "warc")  # fmt: skip
SEEDS = {name: [MADE[name]] for name in MADE} | {
    name: [p.read_bytes() for p in sorted((CASES / name).iterdir()) if not p.name.endswith(".expected.json")]
    for name in FOLDERS
}
# Pages take trafilatura some hundredths of a second each.
ROUNDS = {"html": 10, "warc": 20, "eml": 20}
PIECES = (b"<", b">", b'"', b"\\", b"\n", b"\r", b"\0", b"&#1;", b"&#xD800;", b"<![CDATA[", b"]]>", b"<!--", b"{", b"[",
          b"\xff\xfe", b"\xed\xa0\x80", b"<div>" * 60, b"</p>" * 30, b"TY  - ", b"--", b"\\u-9?", b"\\bin999 ",
          b"<article>", b"=?utf-8?b?//?=", b"," * 50, b"_" * 60, b"\xe2\x80\xa8")  # fmt: skip


def mutant(rng: random.Random, data: bytes, other: bytes) -> bytes:
    changed = bytearray(data)
    for _ in range(rng.choice([1, 2, 8, 30])):
        at, size = rng.randrange(len(changed) + 1), rng.choice([1, 8, 64, 1024])
        kind = rng.randrange(6)
        if kind == 0:
            changed[at : at + size] = b""
        elif kind == 1:
            changed[at:at] = changed[at : at + size] * rng.choice([1, 10])
        elif kind == 2:
            changed[at:at] = rng.choice(PIECES)
        elif kind == 3:
            changed[at : at + 1] = rng.randbytes(rng.choice([1, 4]))
        elif kind == 4:
            start = rng.randrange(len(other))
            changed[at:at] = other[start : start + size]
        elif rng.random() < 0.1:
            del changed[at:]
    return bytes(changed[:200_000])


def check(reader: str, data: bytes) -> None:
    head = Head.of(data[:HEAD])
    assert all(isinstance(module.recognises(head), bool) for module in READERS.values())
    for item in READERS[reader].read(io.BufferedReader(io.BytesIO(data)), "export.dat"):
        assert isinstance(item, (Record, Rejection, Stated))
        if isinstance(item, Record):
            assert all(isinstance(value, str) for value in item.known.values())
        assert not isinstance(item, Rejection) or (item.place and item.reason and len(item.reason) < 300)


@pytest.mark.parametrize("reader", SEEDS)
def test_a_mutated_file_yields_articles_or_reasons(reader):
    rng = random.Random(reader)
    for _ in range(ROUNDS.get(reader, 40)):
        other = rng.choice(SEEDS[rng.choice(sorted(SEEDS))])
        check(reader, mutant(rng, rng.choice(SEEDS[reader]), other))


# Each took a minute or more once: something in it was read again for each of its parts.
@pytest.mark.parametrize(
    ("reader", "data"),
    [
        ("eml", b'From: "' + b'"' * 50_000 + b"\nDate: Mon\nTo: a@b.c\nSubject: x\n\nThey met."),
        ("jsonl", b"[" + b'{"},{' * 20_000),
        ("gdelt", b'{"articles":[{"url":"a","title":"b","seendate":"20200101T000000Z"},' + b'{"url":' * 20_000),
        ("plain", b"1 May 2016\n" * 20_000),
        ("proquest-rtf", b"{\\rtf1 " + b"ProQuest document link\\par " * 10_000),
        ("jsonl", b'{"a":' + b"\n" * 200_000),
    ],
    ids=["quotes in a sender", "objects cut off", "articles cut off", "dates", "links", "empty lines"],
)
def test_a_file_made_to_be_slow_is_read_soon(reader, data):
    start = time.perf_counter()
    check(reader, data)
    assert time.perf_counter() - start < 10
