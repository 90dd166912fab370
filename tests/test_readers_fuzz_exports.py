"""Mutated real exports and pages: every reader yields articles or reasons, soon, and nothing else.

The files are not part of the project. Where they are missing these tests are skipped; test_readers_fuzz_nexis.py and
test_readers_fuzz_lists.py do the same with samples of our own.
"""

from __future__ import annotations

import io
import time
import zipfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpora.readers import HEAD, READERS, Record, Rejection, Stated, detect

FILES = (
    "exports/europresse-test2.html", "exports/factiva-nyt-1993.html", "exports/factiva-test.html",
    "exports/factiva-test.xml", "exports/nexis-guardian.docx", "exports/nexis-irish-times-1995.html",
    "exports/nexis-nyt.docx", "exports/nexis-sample.docx", "exports/nexis-sample.txt", "exports/nexis-test-en.html",
    "exports/proquest-sample.html", "pages/dw.com.colonial.html", "pages/nytimes.com.blackouts.html",
    "pages/politico.com.retirement.html", "pages/reuters.com.parasite.html",
)  # fmt: skip
# Enough for every format in six seconds; trafilatura takes some hundredths of a second for a page.
EXAMPLES, PAGES = 20, 4
SECONDS = 10
# The part of a Word file that holds the text.
DOCUMENT = "word/document.xml"
PIECES = st.sampled_from(
    [b"<!--", b"-->", b"</div>", b"<div>" * 500, b"\0", b"\xff\xfe", b"&#xD800;", b"<![CDATA[", b"]]>", b"{", b"\n\n",
     b"<DOC NUMBER=1>", b"Document 1 of 2", b"1 of 10 DOCUMENTS\n", b"End of Document", b"LENGTH: 12 words", b"_" * 60]
)  # fmt: skip
# Where (as a part of the file), how many bytes, and what becomes of them.
EDITS = st.lists(
    st.tuples(
        st.floats(0, 1, exclude_max=True),
        st.sampled_from([1, 8, 200, 5_000]),
        st.one_of(PIECES, st.binary(min_size=1, max_size=4), st.sampled_from(["drop", "double", "cut"])),
    ),
    min_size=1,
    max_size=20,
)


@cache
def content(path: Path) -> bytes:
    return path.read_bytes()


def edited(data: bytes, edits) -> bytes:
    changed = bytearray(data)
    for where, size, what in edits:
        at = int(where * (len(changed) + 1))
        if what == "drop":
            del changed[at : at + size]
        elif what == "double":
            changed[at:at] = changed[at : at + size]
        elif what == "cut":
            # Not from the first half on: after a few such edits next to nothing would be left.
            del changed[max(at, len(changed) // 2) :]
        else:
            changed[at:at] = what
    return bytes(changed)


def mutant(data: bytes, edits) -> bytes:
    """The file with its bytes changed; of a Word file those of the document inside."""
    if not data.startswith(b"PK"):
        return edited(data, edits)
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        after.writestr(DOCUMENT, edited(before.read(DOCUMENT), edits))
    return out.getvalue()


@pytest.mark.parametrize("name", FILES)
def test_a_mutated_export_yields_articles_or_reasons(shared, name):
    path = shared / name
    if not path.is_file():
        pytest.skip(f"no {name} in {shared}: a real export, which is not part of the project")
    reader = READERS[detect(path.name, content(path)[:HEAD])]

    @settings(
        max_examples=PAGES if name.startswith("pages") else EXAMPLES,
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(EDITS)
    def check(edits):
        data = mutant(content(path), edits)
        began = time.perf_counter()
        detect(path.name, data[:HEAD])
        for item in reader.read(io.BufferedReader(io.BytesIO(data)), path.name):
            assert isinstance(item, (Record, Rejection, Stated))
            if isinstance(item, Record):
                assert all(isinstance(value, str) for value in item.known.values())
            assert not isinstance(item, Rejection) or (item.place and item.reason)
        assert time.perf_counter() - began < SECONDS

    check()
