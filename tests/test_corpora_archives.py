"""Archives: members in their order, what a member may not be, bombs, and the folders that name outlets."""

from __future__ import annotations

import bz2
import gzip
import io
import itertools
import json
import lzma
import random
import stat
import tarfile
import time
import tracemalloc
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.archives import Budget, TooMuch, archive_kind, members, stem
from corpora.corpus import open_corpus
from corpora.errors import InputError
from corpora.ingest import Options, ingest, read
from corpora.readers import HEAD, Rejection
from corpora.sources import File, Origin

# --- Archives that a test packs ---


def zipped(files, method=zipfile.ZIP_DEFLATED):
    """A zip of names and bytes, in their order; a name may be a ZipInfo."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files:
            archive.writestr(name, data, None if isinstance(name, str) else name.compress_type)
    return out.getvalue()


def tarred(files):
    """A tar of names and bytes; a TarInfo in the place of a name stands as it is."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name, data in files:
            info = name if isinstance(name, tarfile.TarInfo) else tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def lines(record, *numbers, **changes):
    return "".join(json.dumps(record(n, **changes)) + "\n" for n in numbers).encode()


PACK = {
    "gzip": lambda data: gzip.compress(data, mtime=0),
    "bzip2": lambda data: bz2.compress(data, 1),
    "xz": lzma.compress,
}
WRAP = {"zip": zipped, "tar": tarred, **{f"tar, {k}": lambda files, k=k: PACK[k](tarred(files)) for k in PACK}}


@pytest.fixture
def titles(write, tmp_path):
    """Reads a file of these bytes; titles of the articles, and place and reason of each rejection."""

    def of(data, name="export.bin"):
        corpus = read(write(name, data))
        return [a.title for a in corpus.articles()], [(place, reason) for _, place, reason in corpus.rejections]

    return of


# --- What is read ---


@pytest.mark.parametrize("kind", sorted(WRAP))
def test_an_archive_gives_its_members_in_their_order_whatever_it_is_called(titles, record, kind):
    files = [("b.jsonl", lines(record, 2)), ("in/a.csv", b"outlet,title,text\nA,Csv," + record(1)["text"].encode())]
    assert titles(WRAP[kind](files)) == (["Talks, day 2", "Csv"], [])


@pytest.mark.parametrize("kind", sorted(PACK))
def test_a_packed_file_is_the_file(titles, record, kind):
    data = lines(record, 1, 2) + b"3\n"
    assert titles(PACK[kind](data)) == titles(data)
    # Two streams one after the other, as appending tools write them, are one file.
    half = len(lines(record, 1))
    assert titles(PACK[kind](data[:half]) + PACK[kind](data[half:])) == titles(data)


@pytest.mark.parametrize("outer", sorted(WRAP))
@pytest.mark.parametrize("inner", sorted(WRAP))
def test_an_archive_in_an_archive_is_read(titles, record, outer, inner):
    inside = WRAP[inner]([("a.jsonl", lines(record, 1)), ("c.jsonl.gz", gzip.compress(lines(record, 3)))])
    data = WRAP[outer]([("one.bin", inside), ("b.jsonl", lines(record, 2))])
    assert titles(data) == (["Talks, day 1", "Talks, day 3", "Talks, day 2"], [])


def test_parquet_is_read_wherever_it_lies(titles, record):
    out = io.BytesIO()
    pd.DataFrame([record(1), record(2)]).to_parquet(out)
    for data in (gzip.compress(out.getvalue()), zipped([("a", out.getvalue())]), tarred([("a", out.getvalue())])):
        assert titles(data) == (["Talks, day 1", "Talks, day 2"], [])


def test_places_and_sources_tell_the_member(write, record):
    inner = zipped([("a.jsonl", lines(record, 1) + b"3\n")])
    corpus = read(write("export.zip", zipped([("CNN/talks.jsonl", lines(record, 2) + b"4\n"), ("inner.zip", inner)])))
    assert [a.source_file for a in corpus.articles()] == ["export.zip/CNN/talks.jsonl", "export.zip/inner.zip/a.jsonl"]
    assert [row[:2] for row in corpus.rejections] == [
        ("export.zip", "CNN/talks.jsonl: line 2"),
        ("export.zip", "inner.zip/a.jsonl: line 2"),
    ]


def test_a_day_in_the_folders_of_an_archive_dates_an_article(write, record):
    data = zipped([("CNN/2018/04/28/talks.jsonl", lines(record, 1, published=""))])
    (article,) = read(write("export.zip", data)).articles()
    assert (str(article.published), article.date_source) == ("2018-04-28", "file name")


def test_a_whole_file_has_a_rejection_of_its_own_and_an_empty_archive_too(titles, record):
    assert titles(zipped([("a.jsonl", lines(record, 1)), ("photo.jpg", b"\xff\xd8\xff")]))[1][0][0] == "photo.jpg"
    data = tarred([(".hidden.jsonl", b"{}")])
    assert titles(data) == ([], [("file", "the tar holds no file")])


def test_members_without_text_column_do_no_harm_beside_one_that_has_it(titles, record):
    data = zipped([("about.csv", b"title,date\nNotes,2018-01-01\n"), ("a.jsonl", lines(record, 1))])
    assert titles(data) == (["Talks, day 1"], [("about.csv: line 2", "no text field")])


def test_hidden_members_folders_and_what_macos_adds_are_passed_over(titles, record):
    files = [("in/", b""), ("in/.DS_Store", b"x"), ("__MACOSX/in/._a.jsonl", b"x"), ("./in/a.jsonl", lines(record, 1))]
    assert titles(zipped(files)) == titles(tarred(files[1:])) == (["Talks, day 1"], [])


def test_names_of_macos_and_windows_are_read_as_they_were_meant(record):
    # Neither says that it is UTF-8; Python writes the flag for such a name, so the flag is taken away.
    data = zipped([("Süd/a.jsonl", b"x"), ("b\\c.jsonl", b"x")])
    where = data.index(b"PK\x01\x02")
    data = data[: where + 8] + b"\0\0" + data[where + 10 :]
    data = data[:6] + b"\0\0" + data[8:]
    found = [m.name for m in members(io.BufferedReader(io.BytesIO(data)), "zip", Budget(100), 1)]
    assert found == ["Süd/a.jsonl", "b/c.jsonl"]


@pytest.mark.parametrize("kind", sorted(WRAP))
def test_the_first_look_at_a_member_is_a_full_one(kind):
    # A table is told from a page by what may stand 60,000 bytes down.
    data = random.Random(0).randbytes(3 * HEAD)
    stream = io.BufferedReader(io.BytesIO(WRAP[kind]([("a", data), ("b", data[:5])])))
    if kind.startswith("tar, "):
        from corpora.archives import unpacked

        stream = unpacked(stream, kind.removeprefix("tar, "), Budget(10), 1)
    looks = [len(m.stream.peek(HEAD)) for m in members(stream, kind.partition(",")[0], Budget(10), 1)]
    assert looks == [HEAD, 5]


# --- What a member may not be ---


def _link():
    info = zipfile.ZipInfo("link.jsonl")
    info.external_attr = (stat.S_IFLNK | 0o777) << 16
    return info


def _of_type(name, kind):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, "/etc/passwd"
    return info


REFUSED = {
    "a link in a zip": (lambda: zipped([(_link(), b"/etc/passwd")]), "link.jsonl", "a link or a device, no file"),
    "a link": (lambda: tarred([(_of_type("a.txt", tarfile.SYMTYPE), b"")]), "a.txt", "a link or a device, no file"),
    "a hard link": (lambda: tarred([(_of_type("a.txt", tarfile.LNKTYPE), b"")]), "a.txt", "a link or a device"),
    "a device": (lambda: tarred([(_of_type("a.txt", tarfile.CHRTYPE), b"")]), "a.txt", "a link or a device, no file"),
    "a pipe": (lambda: tarred([(_of_type("a.txt", tarfile.FIFOTYPE), b"")]), "a.txt", "a link or a device, no file"),
    "two points": (lambda: zipped([("a/../../b.txt", b"x")]), "a/../../b.txt", "its name leads out of the archive"),
    "a root": (lambda: tarred([("/etc/a.txt", b"x")]), "/etc/a.txt", "its name leads out of the archive"),
    "a drive": (lambda: zipped([("C:\\a.txt", b"x")]), "C:/a.txt", "its name leads out of the archive"),
    "points and backslashes": (lambda: tarred([("..\\a.txt", b"x")]), "../a.txt", "its name leads out of the archive"),
    "a long name": (
        lambda: tarred([("a" * 2_000, b"x")]),
        "a" * 60 + "...",
        "its name is longer than 1,000 characters",
    ),
    "no format": (lambda: zipped([("a.jpg", b"\xff\xd8")]), "a.jpg", "no reader for this file"),
    "another archive": (
        lambda: zipped([("a.7z", b"7z\xbc\xaf\x27\x1c")]),
        "a.7z",
        "7z archives are not read; unpack it",
    ),
}


@pytest.mark.parametrize("case", sorted(REFUSED))
def test_a_member_that_is_no_plain_file_is_rejected_by_name_and_its_neighbours_are_read(write, record, case):
    make, place, reason = REFUSED[case]
    corpus = read(write("export.bin", zipped([("1.bin", make()), ("2.jsonl", lines(record, 1))])))
    assert len(corpus) == 1
    ((_, where, why),) = corpus.rejections
    assert where == f"1.bin/{place}"
    assert why.startswith(reason)


def _encrypted(data):
    """The flag of an encrypted member, in both of its headers."""
    where = data.index(b"PK\x01\x02")
    data = data[: where + 8] + b"\x01" + data[where + 9 :]
    return data[:6] + b"\x01" + data[7:]


def test_an_encrypted_member_asks_for_its_password(titles, record):
    data = _encrypted(zipped([("a.jsonl", lines(record, 1)), ("b.jsonl", lines(record, 2))]))
    assert titles(data) == (["Talks, day 2"], [("a.jsonl", "encrypted: unpack it with its password first")])


def test_a_member_packed_in_an_unknown_way_is_rejected(titles, record):
    data = zipped([("a.jsonl", lines(record, 1)), ("b.jsonl", lines(record, 2))])
    where = data.index(b"PK\x01\x02")
    data = data[: where + 10] + b"\x62" + data[where + 11 :]
    reason = "packed in a way that is not read (method 98); unpack the archive first"
    assert titles(data) == (["Talks, day 2"], [("a.jsonl", reason)])


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_the_usual_ways_to_pack_a_member_are_read(titles, record, method):
    assert titles(zipped([("a.jsonl", lines(record, 1))], method)) == (["Talks, day 1"], [])


def test_a_member_that_is_broken_does_not_cost_its_neighbours(titles, record):
    data = zipped([("a.jsonl", lines(record, 1)), ("b.jsonl", lines(record, 2))], zipfile.ZIP_STORED)
    kept, rejected = titles(data.replace(b"day 1", b"day 7", 1))
    assert kept == ["Talks, day 2"]
    assert rejected == [("a.jsonl", "broken zip: Bad CRC-32 for file 'a.jsonl'")]


@pytest.mark.parametrize("kind", sorted({**PACK, **WRAP}))
def test_an_archive_cut_short_keeps_what_was_read_and_says_so(write, record, kind):
    noise = random.Random(0)
    rows = b"".join(lines(record, n, note=noise.randbytes(90).hex()) for n in range(3_000))
    make = PACK.get(kind) or (lambda data: WRAP[kind]([("a.jsonl", data), ("b.jsonl", b"")]))
    data = make(rows)
    corpus = read(write("a.jsonl.bin", data[: len(data) // 2]))
    assert corpus.rejections[-1][2].startswith("broken ")
    # The list of a zip's members stands at its end.
    assert (len(corpus) == 0) if kind == "zip" else (1_000 < len(corpus) < 2_000)


# --- Bombs ---


def zeros(count):
    return gzip.compress(b"\0" * 1_000_000, 9, mtime=0) * count


BOMBS = {
    "zeros": lambda: zeros(1_100),
    "lines": lambda: gzip.compress(b"3\n" * 1_000_000, 9) * 1_000,
    "zeros in zeros": lambda: gzip.compress(zeros(1_100)),
    "a line that never ends": lambda: gzip.compress(b'{"text": "' + b"a" * 1_000_000, 9) + zeros(1_000),
    "a tar": lambda: lzma.compress(tarred([("a.jsonl", b"\0" * 300_000_000)]), preset=1),
    "many members": lambda: zipped([(f"{n}.jsonl", b"\0" * 19_000_000) for n in range(8)]),
    "a zip in a zip": lambda: zipped([("a.zip", zipped([("a.jsonl", b"\0" * 120_000_000)]))]),
    "a copy of itself": lambda: _deep(zipped([("a.jsonl", b"x")])),
}


def _deep(data):
    for _ in range(12):
        data = zipped([("a.zip", data)])
    return data


@pytest.mark.parametrize("case", sorted(BOMBS))
def test_a_bomb_ends_with_a_rejection_in_bounded_time_and_memory(write, record, case):
    path, good = write("bomb.jsonl", BOMBS[case]()), write("good.jsonl", lines(record, 1))
    tracemalloc.start()
    start = time.perf_counter()
    corpus = read([path, good])
    seconds, (_, peak) = time.perf_counter() - start, tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(corpus) == 1
    reasons = {reason for _, _, reason in corpus.rejections}
    expected = {
        "unpacks to more than 200 times its size",
        "an archive that lies deeper than in 3 others is not read",
        "the rest is not read: 100,000 rejections one after another",
    }
    assert reasons & expected, reasons
    assert peak < 350_000_000
    assert seconds < 30


def test_a_file_that_packs_well_and_is_small_is_no_bomb(titles, record):
    data = gzip.compress(lines(record, 1) + b" " * 19_000_000 + b"\n" + lines(record, 2))
    assert titles(data) == (["Talks, day 1", "Talks, day 2"], [])


def test_what_is_counted_is_the_size_of_the_named_file_and_a_million_members():
    budget = Budget(1_000_000)
    budget.spend(1, 200_000_000)
    budget.spend(2, 200_000_000)  # a layer in a layer is another count
    with pytest.raises(TooMuch, match="unpacks to more than 200 times its size"):
        budget.spend(1, 1)
    budget.count_members(1_000_000)
    with pytest.raises(TooMuch, match="holds more than 1,000,000 members"):
        budget.count_members(1)


def test_a_tar_that_asks_for_much_memory_for_a_name_is_refused(titles):
    info = tarfile.TarInfo("a.txt")
    info.type, info.size = tarfile.GNUTYPE_LONGNAME, 4_000_000_000
    assert titles(info.tobuf(tarfile.GNU_FORMAT) + b"a" * 2_000) == (
        [],
        [("file", "broken tar: an extended header is longer than a million bytes")],
    )


def test_a_zip_whose_list_of_members_is_too_long_is_refused(titles):
    data = bytearray(zipped([("a.txt", b"x")]))
    where = data.index(b"PK\x05\x06")
    data[where + 12 : where + 16] = (2**31).to_bytes(4, "little")
    (_, ((_, reason),)) = titles(bytes(data))
    assert reason.startswith("broken zip")


@given(st.binary(max_size=600))
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_some_kind_of_archive_or_none(data):
    assert archive_kind(data) in {"", "gzip", "bzip2", "xz", "zip", "tar"}


@given(st.sampled_from(sorted({**PACK, **WRAP})), st.data())
@settings(max_examples=150, deadline=None)
def test_an_archive_with_bytes_overwritten_never_raises(tmp_path_factory, kind, data):
    body = b"Talks Resume in Geneva\n\n" + b"Talks went on in Geneva. " * 40
    whole = PACK[kind](body) if kind in PACK else WRAP[kind]([(name, body) for name in ("a.txt", "b.txt", "c/d.txt")])
    spoilt = bytearray(whole)
    for _ in range(data.draw(st.integers(1, 8))):
        spoilt[data.draw(st.integers(0, len(spoilt) - 1))] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("spoilt") / "a.txt.gz"
    path.write_bytes(bytes(spoilt))
    corpus = read(path, outlet="A")
    (source,) = corpus.manifest["sources"]
    assert source["read"] == source["kept"] + source["rejected"] == len(corpus) + len(corpus.rejections)


# --- Outlets from folders ---


def _outlets(paths):
    out = Path(str(paths[0]) + "-corpus")
    ingest(paths, out, Options(outlet_from="folder"))
    return {a.source_file: a.outlet for a in open_corpus(out).articles()}


def test_the_first_folder_that_is_no_date_names_the_outlet(write, record, tmp_path):
    rows = {
        "CNN/a.jsonl": "CNN",
        "2017/BBC/02/b.jsonl": "BBC",
        "2017-02-01/c.jsonl": "in",
        "20 Minuten/sport/d.jsonl": "20 Minuten",
        "e.jsonl": "in",
    }
    for number, name in enumerate(rows):
        write(f"in/{name}", [record(number)])
    assert _outlets([tmp_path / "in"]) == rows


def test_folders_in_an_archive_name_outlets_and_its_name_where_there_are_none(write, record, tmp_path):
    number = itertools.count(1)
    for name, files in {
        "The Daily.zip": ["a.jsonl", "2018/b.jsonl"],
        "export.tar.gz": ["CNN/c.jsonl", "export/BBC/d.jsonl"],
        "RT/pages.zip": ["sport/e.jsonl"],
        "all.zip": ["TASS.zip"],
        "f.jsonl.gz": None,
    }.items():
        pages = [(file, lines(record, next(number))) for file in files or []]
        if name == "all.zip":
            pages = [("TASS.zip", zipped([("g.jsonl", lines(record, next(number)))]))]
        data = tarred(pages) if "tar" in name else zipped(pages)
        write(f"in/{name}", PACK["gzip"](data) if "tar" in name else data)
    (tmp_path / "in" / "f.jsonl.gz").write_bytes(gzip.compress(lines(record, next(number))))
    assert _outlets([tmp_path / "in"]) == {
        "The Daily.zip/a.jsonl": "The Daily",
        "The Daily.zip/2018/b.jsonl": "The Daily",
        "export.tar.gz/CNN/c.jsonl": "CNN",
        "export.tar.gz/export/BBC/d.jsonl": "BBC",
        "RT/pages.zip/sport/e.jsonl": "RT",
        "all.zip/TASS.zip/g.jsonl": "TASS",
        "f.jsonl.gz": "in",
    }


def test_the_folder_is_part_of_what_makes_an_article_and_a_file_of_its_own(write, record, tmp_path):
    # One text that two outlets print is two articles, also where each folder is named by itself.
    for name in ("CNN", "BBC"):
        write(f"{name}/a.jsonl", lines(record, 1))
    for paths in ([tmp_path / "CNN", tmp_path / "BBC"], [tmp_path / "CNN" / "a.jsonl", tmp_path / "BBC" / "a.jsonl"]):
        into = tmp_path / f"corpus-{paths[0].name}"
        assert ingest(paths, into, Options(outlet_from="folder")).kept == 2
        assert open_corpus(into).outlets() == {"BBC": 1, "CNN": 1}
        assert ingest(paths, into, Options(outlet_from="folder")).unchanged == 2


def test_an_outlet_cannot_be_given_and_told_by_folders():
    with pytest.raises(InputError, match="either given for all files or told by their folders"):
        Options(outlet="A", outlet_from="folder")
    with pytest.raises(InputError, match="no outlet from 'name'; there is: folder"):
        Options(outlet_from="name")


def test_the_archive_s_name_is_without_all_its_endings():
    assert [stem(name) for name in ("a/b.tar.gz", "c.TGZ", "d.zip", "e.jsonl")] == ["b", "c", "d", "e.jsonl"]


def test_a_rejection_of_a_member_is_placed_by_its_name_alone():
    origin = Origin(File(Path("a.zip")), ("b.zip", "c.txt"))
    assert (origin.place("file"), origin.place("line 2")) == ("b.zip/c.txt", "b.zip/c.txt: line 2")
    assert Origin(File(Path("a.txt"))).place("file") == "file"
    assert isinstance(Rejection("file", "x"), Rejection)
