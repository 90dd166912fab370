"""Damaged files of Nexis, Factiva and Rich Text: each gives records and reasons, soon, and no exception."""

from __future__ import annotations

import io
import json
import random
import time
import zipfile
from pathlib import Path

import pytest

from corpora.readers import HEAD, READERS, Record, Rejection, Stated, detect

SAMPLES = Path(__file__).parent / "cases" / "readers"
NAMES = ("nexis-docx", "nexis-html", "nexis-rtf", "nexis-txt", "rtf", "factiva-html", "factiva-rtf", "factiva-xml")
FILES = {name: [path for path in sorted((SAMPLES / name).iterdir()) if path.suffix != ".json"] for name in NAMES}
MUTANTS = 60
# Each of these has broken a reader, or looks as if it might: marks of the formats where none belongs, characters that
# XML does not allow, numbers out of range.
BITS = (
    b"&#1;", b"&#xD800;", b"&#xFFFE;", b"\x00", b"\x01", b"\xff\xfe", b"\r", b"\x0c", b"\xe2\x80\xa8", b"<!--", b"-->",
    b"<![CDATA[", b"</div>", b"<table>", b"<div>" * 300, b"<DOC NUMBER=1>", b"<DOCFULL> -->", b'<div class="article">',
    b'<tr class="headline">', b"<article>", b"</article>", b"{\\*", b"}" * 40,
    b"{" * 2_000, b"\\bin99999 ", b"\\u-70000?",
    b"\\uc9999999 ", b"\\ansicpg1200 ", b"\\'zz", b"{\\fonttbl", b"\n\n", b"LENGTH: \n", b"BODY:\n", b"HD\n", b"AN\n",
    b"999999999999 of 3 DOCUMENTS\n", b"End of Document\n", b"Document SDDZ000020171120edbk0001o\n",
    b"31 February 2015",
    b"January 1, 2010\n\n" * 40, b"Copyright 2010\n\n" * 40, b";;;;", b"(Edition)", b"x" * 5_000,
)  # fmt: skip


def mutant(data: bytes, rng: random.Random) -> bytes:
    """The file with some bytes flipped, cut, doubled, or put in from a list, from another place, from another file."""
    damaged = bytearray(data)
    for _ in range(rng.choice((1, 3, 20))):
        place = rng.randrange(len(damaged) + 1)
        kind = rng.randrange(6)
        if kind == 0:
            damaged[place : place + 1] = rng.randbytes(1)
        elif kind == 1:
            del damaged[place : place + rng.choice((1, 30, 1_000))]
        elif kind == 2:
            damaged[place:place] = damaged[place : place + rng.choice((20, 2_000))] * rng.choice((1, 4))
        elif kind == 3:
            damaged[place : place + rng.choice((0, 8))] = rng.choice(BITS)
        elif kind == 4:
            other = rng.choice(FILES[rng.choice(NAMES)]).read_bytes()
            begin = rng.randrange(len(other))
            damaged[place:place] = other[begin : begin + 2_000]
        elif rng.random() < 0.2:
            del damaged[place:]
    return bytes(damaged[:500_000])


def damage(path: Path, rng: random.Random) -> bytes:
    """A damaged file; of a Word file now the archive, now the text that is packed in it."""
    data = path.read_bytes()
    if path.suffix != ".docx" or rng.random() < 0.2:
        return mutant(data, rng)
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/document.xml", mutant(source.read("word/document.xml"), rng))
    return packed.getvalue()


@pytest.mark.parametrize("name", NAMES)
def test_a_damaged_file_gives_records_and_reasons(name: str) -> None:
    rng = random.Random(name)
    for _ in range(MUTANTS):
        path = rng.choice(FILES[name])
        data = damage(path, rng)
        detect(path.name, data[:HEAD])
        for item in READERS[name].read(io.BufferedReader(io.BytesIO(data)), path.name):
            assert isinstance(item, (Record, Rejection, Stated))
            if isinstance(item, Record):
                assert all(isinstance(value, str) for value in item.known.values())
                assert json.dumps(item.raw)
            elif isinstance(item, Rejection):
                assert item.place
                assert item.reason


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("nexis-html", b"<!-- LXNComment 1 --><DOC NUMBER=1>" + b"<BR>" * 100_000),
        ("nexis-html", b"<!-- LXNComment 1 -->" + b"<DOC NUMBER=1>\n" * 20_000),
        ("factiva-html", b'<title>Factiva</title><div class="article enArticle">' + b"<p>x" * 20_000),
        ("factiva-html", b"<title>Factiva</title>" + b'<div class="article">' * 10_000),
        (
            "factiva-rtf",
            b"headline number 1\n\n" * 20_000 + b"9 words\n9 May 1993\nDocument SDDZ000020171120edbk0001o\n",
        ),
        (
            "factiva-xml",
            b"<PPSResponse><article><headline>&#xD800;&#0;&#1;" + b"&x;" * 50_000 + b"</headline></article>",
        ),
        ("rtf", b"{\\rtf1 " + b"{" * 300_000 + b"x" + b"}" * 300_000),
        ("nexis-txt", b"1 of 2 DOCUMENTS\n\n" + b"LENGTH: 5 words\n" * 20_000),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_file_of_nothing_but_marks_is_read_in_a_moment(name: str, data: bytes) -> None:
    start = time.perf_counter()
    assert list(READERS[name].read(io.BufferedReader(io.BytesIO(data)), "file"))
    assert time.perf_counter() - start < 10
