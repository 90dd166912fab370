"""Faults: two runs at once, a file that changes, a full disk, a kill at any step; the corpus is the old or the new."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import filelock
import pytest

from corpora.corpus import open_corpus
from corpora.errors import InputError
from corpora.ingest import ingest, read
from corpora.storage import LOCK, commit, hold

ROOT = Path(__file__).parent.parent
posix = pytest.mark.skipif(os.name != "posix", reason="signals, limits and mounts are POSIX's")


def start(*arguments, **options):
    command = [sys.executable, "-m", "reports.cli", *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


@pytest.fixture
def begun(write, record, tmp_path):
    """A corpus of one file, for what may go wrong with the next."""
    corpus = tmp_path / "corpus"
    ingest([write("first.jsonl", [record(1), {"x": 1}])], corpus)
    return corpus


# --- Two at once ---


def test_a_second_run_waits_and_then_says_that_there_is_another(begun, write, record, snapshot):
    path, before = write("second.jsonl", [record(2)]), snapshot(begun)
    with hold(begun, wait=1):
        start = time.perf_counter()
        with pytest.raises(InputError, match=r"another run is writing to .*corpus$"):
            ingest([path], begun, wait=0.2)
        assert 0.2 <= time.perf_counter() - start < 5
    assert snapshot(begun) == before


def test_a_second_run_that_waits_long_enough_adds_its_articles_to_those_of_the_first(begun, write, record):
    path = write("second.jsonl", [record(2)])
    with hold(begun, wait=1):
        second = threading.Thread(target=ingest, args=([path], begun))
        second.start()
        time.sleep(0.3)
        assert second.is_alive()
    second.join(timeout=20)
    assert len(open_corpus(begun)) == 2


def test_a_run_that_waits_takes_nothing_away_from_the_one_that_writes(begun, write, record):
    half = begun / "articles" / ".0123456789ab-0000.parquet"
    with hold(begun, wait=1):
        half.write_bytes(b"PAR1 what the other run has so far")
        with pytest.raises(InputError, match="another run"):
            ingest([write("second.jsonl", [record(2)])], begun, wait=0)
        assert half.exists()


@pytest.mark.parametrize("when", ["before", "after"])
def test_an_interrupt_while_the_lock_is_taken_leaves_no_lock_behind(begun, snapshot, monkeypatch, when):
    before, take = snapshot(begun), filelock.FileLock.acquire
    interrupts = iter([True])

    def interrupted(self, *arguments, **options):
        if when == "after":
            take(self, *arguments, **options)
        if next(interrupts, False):
            raise KeyboardInterrupt
        return take(self, *arguments, **options)

    monkeypatch.setattr(filelock.FileLock, "acquire", interrupted)
    with pytest.raises(KeyboardInterrupt), hold(begun, wait=1):
        pass
    assert snapshot(begun) == before


def test_who_gives_up_waiting_leaves_the_lock_to_the_one_that_holds_it(begun):
    with hold(begun, wait=1):
        with pytest.raises(InputError, match="another run"), hold(begun, wait=0.05):
            pass
        assert (begun / LOCK).exists()
    assert not (begun / LOCK).exists()


@posix
def test_several_commands_at_once_on_a_new_folder_all_get_in(write, record, tmp_path):
    paths = [write(f"{n}.jsonl", [record(100 * n + m) for m in range(50)]) for n in range(4)]
    running = [start("ingest", path, "--into", tmp_path / "corpus", "--without-marks") for path in paths]
    for process in running:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors
    corpus = open_corpus(tmp_path / "corpus")
    assert len(corpus) == 200
    assert not (tmp_path / "corpus" / LOCK).exists()


def test_a_lock_that_a_killed_run_left_is_none(begun, write, record, tmp_path, snapshot):
    ingest([write("second.jsonl", [record(2)])], begun)
    after = snapshot(begun)
    (begun / LOCK).touch()
    assert ingest([tmp_path / "second.jsonl"], begun).unchanged == 1
    assert snapshot(begun) == after
    new = tmp_path / "new"
    new.mkdir()
    (new / LOCK).touch()
    ingest([tmp_path / "second.jsonl"], new)
    assert len(open_corpus(new)) == 1


# --- A file that changes while it is read ---


def _meanwhile(path, change):
    """Changes the file once some of its articles have been read."""
    import corpora.run

    reading = corpora.run.read_file

    def read_file(file):
        for number, item in enumerate(reading(file)):
            if number == 1 and file.path == path:
                change()
            yield item

    return read_file


CHANGES = {
    "grows": lambda path, row: path.write_bytes(path.read_bytes() + row),
    "shrinks": lambda path, row: path.write_bytes(b""),
    "is gone": lambda path, row: path.unlink(),
    "is another": lambda path, row: path.with_suffix(".new").rename(path),
}


@pytest.mark.parametrize("case", sorted(CHANGES))
def test_a_file_that_changes_while_it_is_read_is_named_and_the_corpus_is_as_it_was(
    begun, write, record, snapshot, monkeypatch, case
):
    import corpora.run

    path, before = write("second.jsonl", [record(n) for n in range(2, 40)]), snapshot(begun)
    write("second.new", [record(n) for n in range(3, 41)])
    row = (json.dumps(record(99)) + "\n").encode()
    monkeypatch.setattr(corpora.run, "read_file", _meanwhile(path, lambda: CHANGES[case](path, row)))
    message = "cannot read .*second.jsonl" if case == "is gone" else r"second\.jsonl changed while it was read"
    with pytest.raises(InputError, match=message):
        ingest([path], begun)
    assert snapshot(begun) == before


def test_bytes_that_change_within_one_tick_of_the_clock_are_noticed(write, record, monkeypatch):
    import corpora.run

    path = write("a.jsonl", [record(n) for n in range(9)])
    state = path.stat()

    def change():
        path.write_bytes(path.read_bytes().replace(b"Geneva", b"Vienna").replace(b"day 8", b"day 9"))
        os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))

    monkeypatch.setattr(corpora.run, "read_file", _meanwhile(path, change))
    with pytest.raises(InputError, match="changed while it was read"):
        read(path)


# --- A full disk ---


@posix
@pytest.mark.parametrize("limit", [1_000, 30_000, 200_000])
@pytest.mark.parametrize("old", [False, True])
def test_a_disk_that_is_full_is_one_line_and_leaves_the_corpus(write, record, tmp_path, snapshot, limit, old):
    import random
    import resource

    corpus = tmp_path / "corpus"
    if old:
        ingest([write("first.jsonl", [record(1), {"x": 1}])], corpus)
    before = snapshot(tmp_path)
    noise = random.Random(0)
    rows = [record(n, title=noise.randbytes(200).hex()) for n in range(2, 3_000)]
    path = write("second.jsonl", rows)
    process = start(
        "ingest", path, "--into", corpus,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )  # fmt: skip
    _, errors = process.communicate(timeout=60)
    path.unlink()
    assert process.returncode == 2
    assert errors.splitlines()[-1] == f"framing: cannot write to {corpus}: File too large"
    assert "Traceback" not in errors
    assert snapshot(tmp_path) == before


@posix
def test_a_real_disk_that_is_full_is_one_line_and_leaves_the_corpus(write, record, tmp_path, snapshot):
    import random

    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", str(disk)]
    try:
        mounted = subprocess.run(mount, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        pytest.skip("no small disk can be mounted here")
    try:
        ingest([write("first.jsonl", [record(1), {"x": 1}])], disk / "corpus")
        before = snapshot(disk)
        noise = random.Random(0)
        path = write("second.jsonl", [record(n, title=noise.randbytes(200).hex()) for n in range(2, 3_000)])
        for place in (disk / "corpus", disk / "new"):
            with pytest.raises(InputError, match=r"cannot write to .*: No space left on device$"):
                ingest([path], place)
            assert snapshot(disk) == before
        # Full to the last byte, so that not even a lock can be written.
        with pytest.raises(OSError, match="No space"), (disk / "fill").open("wb") as file:
            file.write(bytes(300_000))
        with pytest.raises(InputError, match=r"cannot write to .*: No space left on device$"):
            ingest([write("third.jsonl", [record(2)])], disk / "corpus")
        (disk / "fill").unlink()
        assert snapshot(disk) == before
    finally:
        subprocess.run(["umount", str(disk)], check=False)


@pytest.mark.parametrize("step", ["write_beside", "to_disk", "commit"])
def test_a_step_that_fails_leaves_the_corpus(begun, write, record, monkeypatch, snapshot, step):
    import corpora.ingest
    import corpora.parts
    import corpora.storage

    before = snapshot(begun)

    def full(*arguments):
        raise OSError(28, "No space left on device")

    for module in (corpora.ingest, corpora.parts, corpora.storage):
        if hasattr(module, step):
            monkeypatch.setattr(module, step, full)
    with pytest.raises(InputError, match=r"cannot write to .*: No space left on device$"):
        ingest([write("second.jsonl", [record(2)])], begun)
    assert snapshot(begun) == before


# --- A kill at every step ---

KILL = """
import os, pathlib, signal, sys
import corpora.storage, corpora.parts
left = int(sys.argv[1])

def counted(function):
    def step(*arguments, **options):
        global left
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        left -= 1
        return function(*arguments, **options)
    return step

for name in ("replace", "mkdir"):
    setattr(pathlib.Path, name, counted(getattr(pathlib.Path, name)))
os.fsync = counted(os.fsync)
from corpora.ingest import ingest
ingest([sys.argv[2]], sys.argv[3])
"""


@posix
@pytest.mark.parametrize("old", [False, True])
def test_a_kill_before_any_step_leaves_the_old_or_the_new_and_the_next_run_ends_the_same(
    write, record, tmp_path, snapshot, old
):
    first = write("first.jsonl", [record(1), {"x": 1}])
    # Some are dated by the others, so that a part is written twice.
    second = write("second.jsonl", [record(n, published="13/4/2017" if n == 2 else "3/4/2017") for n in range(2, 9)])
    calm = tmp_path / "calm"
    for path in [first, second] if old else [second]:
        ingest([path], calm)
    whole, killed, states = snapshot(calm), 0, set()
    while True:
        corpus = tmp_path / f"corpus-{killed}"
        if old:
            ingest([first], corpus)
        command = [sys.executable, "-c", KILL, str(killed), str(second), str(corpus)]
        if subprocess.run(command, cwd=ROOT, check=False).returncode != -signal.SIGKILL:
            break
        killed += 1
        found = open_corpus(corpus) if (corpus / "manifest.json").exists() else None
        states.add(None if found is None else len(found))
        assert found is None or len(found.rejections) == (1 if old else 0)
        ingest([second], corpus)
        assert snapshot(corpus) == whole
    assert snapshot(corpus) == whole
    assert states == ({1, 8} if old else {None, 7})
    assert killed > 10


# --- What else writes to a corpus ---


def test_a_commit_without_rejections_leaves_them_as_they_are(begun, snapshot):
    corpus, before = open_corpus(begun), snapshot(begun)
    commit(begun, corpus.manifest)
    assert snapshot(begun) == before
    commit(begun, {**corpus.manifest, "outlets": {"The Daily": "Daily"}})
    assert open_corpus(begun).manifest["outlets"] == {"The Daily": "Daily"}
    assert snapshot(begun)["rejected.csv"] == before["rejected.csv"]
