"""Codebooks: the shipped ones hold what the literature names, and a broken one is refused in one line."""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

import framing
from corpora.errors import InputError
from framing.codebook import load_codebook, parse_codebook, read_codebook, remarks, shipped_codebooks, template

DATA = Path(framing.__file__).parent / "data" / "codebooks"
# As the works name them: Boydstun et al. (2014), Semetko and Valkenburg (2000), Entman (1993); the last is our own.
FRAMES = {
    "policy": (
        "economic",
        "capacity-resources",
        "morality",
        "fairness-equality",
        "legality",
        "policy",
        "crime-punishment",
        "security-defense",
        "health-safety",
        "quality-of-life",
        "cultural-identity",
        "public-opinion",
        "political",
        "external-regulation",
        "other",
    ),
    "generic": ("conflict", "human-interest", "economic", "morality", "responsibility"),
    "functions": ("problem", "cause", "moral-judgement", "remedy"),
    "bilateral": (
        "cooperation",
        "rivalry",
        "security",
        "economy",
        "diplomacy",
        "interference",
        "values",
        "leaders",
        "domestic",
        "blame",
        "history",
        "third-parties",
    ),
}
WHOLE = r"""
name = "summit"
title = "Frames of a summit"
version = "2"
source = "Roe, J. (2001). Summits."
about = "The unit is a sentence."

[[frame]]
name = "ceremony"
title = "Ceremony"
definition = "The meeting as a spectacle."
questions = ["Is a gesture described?"]
include = ["A refused handshake."]
exclude = ["What was agreed: substance."]
cues = ['\bhandshakes?\b', 'red carpet']
examples = ["They shook hands.", "A handshake opened the day.", "The red carpet was wet."]
counterexamples = [{ text = "They signed.", why = "An outcome." }]

[[frame]]
name = "substance"
definition = "What was negotiated."
questions = ["Is an outcome named?"]
examples = ["They cut tariffs."]
"""


def parsed(text: str | bytes):
    return parse_codebook(text if isinstance(text, bytes) else text.encode(), "summit.toml")


def refused(text: str | bytes) -> str:
    """The message with which a codebook is refused: one line that names the file."""
    with pytest.raises(InputError) as caught:
        parsed(text)
    message = str(caught.value)
    assert message.startswith("codebook summit.toml")
    assert "\n" not in message
    return message


def changed(old: str, new: str) -> str:
    assert WHOLE.count(old) == 1
    return WHOLE.replace(old, new)


# --- Those that come with the toolkit ---


def test_four_codebooks_come_with_the_toolkit():
    assert set(shipped_codebooks()) == set(FRAMES)
    assert {path.stem for path in DATA.iterdir()} == set(FRAMES)


@pytest.mark.parametrize("name", FRAMES)
def test_a_shipped_codebook_has_the_frames_of_its_literature_in_order(name):
    book = load_codebook(name)
    assert book.name == name
    assert book.names == FRAMES[name]
    assert book.digest == hashlib.sha256((DATA / f"{name}.toml").read_bytes()).hexdigest()
    assert book.title != name
    assert re.search(r"\(\d{4}\)\. ", book.source), "no reference"
    assert len(book.about) > 200


@pytest.mark.parametrize("name", FRAMES)
def test_each_shipped_frame_has_all_that_a_coder_needs(name):
    for frame in load_codebook(name).frames:
        assert len(frame.definition) > 40, frame.name
        assert len(frame.questions) >= 2, frame.name
        assert all(question.endswith("?") for question in frame.questions), frame.name
        assert frame.include, frame.name
        assert frame.exclude, frame.name
        assert len(frame.cues) >= 10, frame.name
        assert len(frame.examples) == len(set(frame.examples)) == 6, frame.name
        assert frame.counterexamples, frame.name
        assert all(one.why.strip() for one in frame.counterexamples), frame.name


@pytest.mark.parametrize("name", FRAMES)
def test_nothing_is_thin_in_a_shipped_codebook(name):
    assert remarks(load_codebook(name)) == []


def test_no_two_example_sentences_share_five_words_in_a_row():
    runs = defaultdict(set)
    for name in FRAMES:
        for frame in load_codebook(name).frames:
            for text in (*frame.examples, *(one.text for one in frame.counterexamples)):
                words = re.findall(r"[^\W_]+", text.lower())
                for start in range(len(words) - 4):
                    runs[" ".join(words[start : start + 5])].add(f"{name}, {frame.name}: {text}")
    assert len(runs) > 3000
    assert {run: sorted(texts) for run, texts in runs.items() if len(texts) > 1} == {}


def test_every_cue_comes_to_an_end_on_a_text_without_one():
    # In a process of its own, so that a pattern that never ends fails the test and does not stop the run.
    code = """
from framing.codebook import load_codebook, shipped_codebooks
for name in shipped_codebooks():
    for frame in load_codebook(name).frames:
        for cue in frame.cues:
            for piece in ("a", " a", "-a."):
                cue.search((piece * 5000)[:5000])
"""
    done = subprocess.run([sys.executable, "-c", code], check=False, timeout=120, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_a_frame_is_found_by_its_name_and_a_missing_one_lists_those_there_are():
    book = load_codebook("functions")
    assert book.frame("cause") is book.frames[1]
    with pytest.raises(
        InputError, match=r"^codebook 'functions' has no frame 'causes'; there are: problem, cause, mor"
    ):
        book.frame("causes")


@pytest.mark.parametrize("name", ["nonsense", "", "../policy", "policy.toml", "Policy"])
def test_a_codebook_that_does_not_come_with_the_toolkit_is_refused(name):
    with pytest.raises(
        InputError, match=r"^no codebook .*; there are: bilateral, functions, generic, policy, or the pat"
    ):
        load_codebook(name)


# --- One's own ---


def test_a_codebook_is_read_as_it_is_written(write):
    book = read_codebook(write("summit.toml", WHOLE))
    assert (book.name, book.title, book.version) == ("summit", "Frames of a summit", "2")
    assert (book.source, book.about) == ("Roe, J. (2001). Summits.", "The unit is a sentence.")
    ceremony, substance = book.frames
    assert ceremony.questions == ("Is a gesture described?",)
    assert (ceremony.include, ceremony.exclude) == (("A refused handshake.",), ("What was agreed: substance.",))
    assert [cue.pattern for cue in ceremony.cues] == [r"\bhandshakes?\b", "red carpet"]
    assert ceremony.cues[1].search("The RED CARPET")
    assert ceremony.counterexamples[0].text == "They signed."
    assert ceremony.counterexamples[0].why == "An outcome."
    # What may be left out, is: a frame is then called by its name.
    assert (substance.title, substance.cues, substance.counterexamples) == ("substance", (), ())


def test_a_codebook_without_title_and_version_has_its_name_and_one():
    text = changed('title = "Frames of a summit"\n', "").replace('version = "2"\n', "")
    assert (parsed(text).title, parsed(text).version) == ("summit", "1")


@pytest.mark.parametrize("make", [lambda data: b"\xef\xbb\xbf" + data, lambda data: data.replace(b"\n", b"\r\n")])
def test_a_byte_order_mark_and_line_ends_of_windows_change_nothing_but_the_digest(make):
    whole, other = parsed(WHOLE), parsed(make(WHOLE.encode()))
    assert other.names == whole.names
    assert [frame.cues for frame in other.frames] == [frame.cues for frame in whole.frames]
    assert other.digest != whole.digest


def test_the_template_parses_and_is_told_to_be_one():
    book = parsed(template("my-summit-2"))
    assert book.name == "my-summit-2"
    assert len(book.frames) == 2
    assert any("EXAMPLE" in remark for remark in remarks(book))


@pytest.mark.parametrize(
    "name", ["", "My", "a b", "../x", "a/b", "a\\b", "a.b", "-a", "a-", "a--b", "1a", "ä", "a\n", "a" * 41]
)
def test_a_name_that_no_file_could_have_is_refused(name):
    with pytest.raises(InputError, match=r"^a codebook's name is .*; it must be lower-case letters and digits"):
        template(name)
    if "\n" not in name and "\\" not in name:
        for old in ('name = "summit"', 'name = "substance"'):
            message = refused(changed(old, f'name = "{name}"'))
            assert "has no 'name'" in message if not name else f"is {name!r:.60}; it must be" in message


# --- What is thin ---


def test_remarks_name_what_is_thin():
    assert remarks(parsed(WHOLE)) == [
        "frame 'substance' has no cues",
        "frame 'substance' excludes nothing: what is the nearest thing that does not count?",
        "frame 'substance' has 1 examples; coders learn from three or more",
    ]


def test_remarks_name_cues_that_miss_every_example():
    missed = changed(r"'\bhandshakes?\b', 'red carpet'", "'banquet'")
    assert "frame 'ceremony': no cue is in any of its examples" in remarks(parsed(missed))


@pytest.mark.parametrize(
    "old",
    [
        "Frames of a summit",
        "Roe, J.",
        "The unit is",
        "The meeting as",
        "They shook hands",
        "Is a gesture",
        "A refused",
        "What was agreed",
        "They signed",
        "An outcome",
    ],
)
def test_remarks_name_a_line_left_from_the_template(old):
    assert remarks(parsed(changed(f'"{old}', f'"EXAMPLE: {old}')))[-1] == "lines still begin with EXAMPLE"


# --- What is refused ---


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"name = summit", "no TOML"),
        (b'name = "a"\nname = "b"', "no TOML"),
        (b"\xff\xfen\x00", "no TOML"),
        (WHOLE.encode("utf-16"), "no TOML"),
        (WHOLE.replace("summit", "süß").encode("latin-1"), "no TOML"),
        (b"version = " + b"[" * 100_000, "no TOML"),
        (b"version = " + b"1" * 5000, "no TOML"),
        (b"\x00", "no TOML"),
        (b"", "has no 'name'"),
        (b'name = "summit"', "has no 'frame'"),
        (b'name = "summit"\nframe = []', "[[frame]]"),
        (b'name = "summit"\nframe = ["ceremony"]', "[[frame]]"),
        (b'name = "summit"\n[frame]\nname = "ceremony"', "not a list"),
    ],
)
def test_a_file_that_is_no_codebook_is_refused(data, told):
    assert told in refused(data)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('version = "2"', 'versoin = "2"', "unknown key 'versoin'; did you mean 'version'?"),
        ('include = ["A', 'includes = ["A', "frame 'ceremony' has an unknown key 'includes'; did you mean 'include'?"),
        ('version = "2"', "zzz = 1", "unknown key 'zzz'; there are: name, title, version, source, about, frame"),
        (
            'why = "An',
            'wyh = "An',
            "a counterexample of frame 'ceremony' has an unknown key 'wyh'; did you mean 'why'?",
        ),
        ('name = "summit"\n', "", "has no 'name'"),
        ('name = "ceremony"\n', "", "frame 1 has no 'name'"),
        ('definition = "What was negotiated."\n', "", "frame 'substance' has no 'definition'"),
        ('definition = "What was negotiated."', 'definition = ""', "frame 'substance' has no 'definition'"),
        ('definition = "What was negotiated."', 'definition = " "', "frame 'substance' has no 'definition'"),
        ('questions = ["Is an outcome named?"]\n', "", "frame 'substance' has no 'questions'"),
        ('questions = ["Is an outcome named?"]', "questions = []", "frame 'substance' has no questions"),
        ('examples = ["They cut tariffs."]\n', "", "frame 'substance' has no 'examples'"),
        ('examples = ["They cut tariffs."]', "examples = []", "frame 'substance' has no examples"),
        ('["They cut tariffs."]', '[" "]', "frame 'substance', examples: ' ' is no text"),
        ('["They cut tariffs."]', "[1]", "frame 'substance', examples: 1 is no text"),
        ('["They cut tariffs."]', '"They cut."', "frame 'substance': 'examples' is 'They cut.', not a list"),
        (', why = "An outcome."', "", "a counterexample of frame 'ceremony' has no 'why'"),
        (
            '{ text = "They signed.", why = "An outcome." }',
            '"They signed."',
            "counterexamples are written as { text = ",
        ),
        ('why = "An outcome."', "why = 1", "'why' is 1, not a text in quotation marks"),
        ('version = "2"', "version = 2", "'version' is 2, not a text in quotation marks"),
        ('title = "Ceremony"', "title = true", "frame 'ceremony': 'title' is True, not a text in quotation marks"),
        ('name = "substance"', 'name = "ceremony"', "frame 'ceremony' is defined twice"),
        ('name = "substance"', "name = 7", "frame 2: 'name' is 7, not a text in quotation marks"),
    ],
)
def test_what_is_wrong_in_a_codebook_is_named(old, new, told):
    assert told in refused(changed(old, new))


@pytest.mark.parametrize(
    ("cue", "told"),
    [
        ("(talks", "is no valid pattern"),
        ("[a", "is no valid pattern"),
        ("[[a]b", "is no valid pattern"),  # of which Python warns on the terminal
        ("a{99999999999}", "is no valid pattern"),
        ("(" * 90, "is no valid pattern"),
        ("(?a)(?u)talks", "is no valid pattern"),
        ("talks*|", "matches an empty text"),
        (".*", "matches an empty text"),
        ("(?!talks)", "matches an empty text"),
        (r"\\b", "matches an empty text"),
        (r"\\B", "matches an empty text"),
        (r"\\btalk(s*|\\b)|\\bx*", "matches an empty text"),
        ("(a+)+b", "repeats a repetition"),
        (r"(\\w+ ?)*talks", "repeats a repetition"),
        (r"(?:\\w{2,})+talks", "repeats a repetition"),
        ("((a+))+b", "repeats a repetition"),
        ("((a+)b?)+c", "repeats a repetition"),
        ("(a|a)*b", "repeats"),
        ("x" * 201, "a cue has 201 characters; at most 200 are allowed"),
    ],
)
def test_a_cue_that_could_not_be_searched_for_is_refused(cue, told):
    message = refused(changed("'red carpet'", f'"{cue}"'))
    assert "frame 'ceremony': " in message
    assert told in message


@pytest.mark.parametrize(
    "cue", [r"\\bcris(is|es)\\b", "x{2,3}", "(un)?fair(ly|ness)?", r"\\$\\d+(\\.\\d+)?", r"\\(a+\\)+"]
)
def test_a_cue_that_repeats_without_harm_is_taken(cue):
    assert parsed(changed("'red carpet'", f'"{cue}"')).frames[0].cues[1].pattern == cue.replace("\\\\", "\\")


@pytest.mark.parametrize("name", ["missing.toml", "."])
def test_a_codebook_file_that_is_not_there_is_refused(tmp_path, name):
    with pytest.raises(InputError, match=r"^no codebook file "):
        read_codebook(tmp_path / name)


def test_a_huge_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "huge.toml"
    with path.open("wb") as file:
        file.truncate(8_000_000_000)  # a hole: no room on the disk, but more than memory would hold with ease
    with pytest.raises(InputError, match=r"has 8,000,000,000 bytes; a codebook has at most 1,000,000$"):
        read_codebook(path)


def test_an_error_of_a_file_names_the_file(write):
    path = write("summit.toml", changed('version = "2"', "version = 2"))
    with pytest.raises(InputError, match=f"^codebook {re.escape(str(path))}: "):
        read_codebook(path)
