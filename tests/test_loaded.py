"""Loaded and hedging words: what counts, what does not, and the lexicon's own rules."""

from __future__ import annotations

import json
import math
import time

import pytest

from framing.loaded import KINDS, find_loaded, lexicon, loaded_rates, loaded_words


@pytest.mark.parametrize(
    ("text", "entries"),
    [
        ("The brutal regime may fall.", ["brutal", "regime", "may"]),
        ("Talks in May went well.", []),
        ("May said no.", []),
        ("Brutal, he said.", ["brutal"]),
        ("They met Senator Savage there.", []),
        ("A so-called ceasefire", ["so-called"]),
        ("A so called ceasefire", ["so called"]),
        ("It’s a witch hunt’s end", ["witch hunt"]),
        ("a witch, hunt", []),
        ("a smoking gun and a gun", ["smoking gun"]),
        ("I’d say perhaps", ["perhaps"]),
        ("BRUTAL REGIME MAY FALL", ["brutal", "regime"]),
        ("Brutal Regime Attacks Its Own People", ["brutal", "regime"]),
        ("The army attacked the town; 20 people were killed.", []),
        ("The president signed the sanctions on Russia.", []),
        ("brutalist architecture", []),
        ("", []),
        ("20 %", []),
    ],
)
def test_what_counts_and_what_does_not(text, entries):
    assert [word.entry for word in find_loaded(text)] == entries


def test_the_characters_are_the_texts_own():
    text = "It is “perhaps” a  witch\thunt, U.S. officials said; the Brutal regime."
    found = find_loaded(text)
    assert [text[word.start : word.end] for word in found] == ["perhaps", "witch\thunt", "regime"]
    assert [word.kind for word in found] == ["hedging", "loaded", "loaded"]


def test_the_longer_of_two_entries_counts_once():
    assert [word.entry for word in find_loaded("a landslide; perhaps in my view possibly")] == [
        "perhaps", "in my view", "possibly",
    ]  # fmt: skip


def test_rates_are_per_1000_words_and_missing_without_words():
    table = loaded_rates(["The brutal regime may fall in " + "spring " * 4, "nothing here", "", "12 %"])
    assert table["words"].tolist() == [10, 2, 0, 0]
    assert table["loaded"].tolist() == [2, 0, 0, 0]
    assert table["loaded_per_1000"].tolist()[:2] == [200.0, 0.0]
    assert table["hedging_per_1000"].tolist()[:2] == [100.0, 0.0]
    assert all(math.isnan(value) for value in table["loaded_per_1000"].tolist()[2:])
    assert loaded_rates([]).columns.tolist() == table.columns.tolist()


def test_what_is_found_adds_up():
    texts = ["A brutal regime, perhaps.", "The regime and its regime.", ""]
    words, rates = loaded_words(texts), loaded_rates(texts)
    assert words.values.tolist() == [
        ["loaded", "regime", 3, 2], ["hedging", "perhaps", 1, 1], ["loaded", "brutal", 1, 1],
    ]  # fmt: skip
    for kind in KINDS:
        assert words.loc[words["kind"] == kind, "n"].sum() == rates[kind].sum()
        assert rates[kind].tolist() == [sum(w.kind == kind for w in find_loaded(text)) for text in texts]


def test_the_lexicon_is_of_known_kinds_sorted_and_in_the_form_in_which_words_are_read():
    from framing.wording import pieces, plain

    entries = lexicon()
    assert set(entries.values()) == set(KINDS)
    assert list(entries) == sorted(entries)
    assert [entry for entry in entries if entry != " ".join(plain(word) for word in pieces(entry))] == []


def test_every_entry_is_found_where_it_stands_alone():
    missed = [entry for entry in lexicon() if [word.entry for word in find_loaded(f"of {entry} of")] != [entry]]
    assert missed == []


def test_every_entry_comes_from_the_licensed_lexicon_and_none_from_the_lists_left_out(shared):
    source = json.loads((shared / "lexicons" / "bsdetector-bias.json").read_text(encoding="utf-8"))
    used = {word for name in ("value_laden", "figurative", "partisan", "doubt_markers") for word in source[name]}
    assert [entry for entry in lexicon() if entry not in used] == []


@pytest.mark.parametrize("unit", ["brutal ", "witch ", "Brutal x ", "a" * 50, "so-", "in my ", "’", "\n"])
def test_time_grows_with_the_length_of_a_text_and_no_faster(unit):
    start = time.perf_counter()
    find_loaded(unit * (200_000 // len(unit)))
    assert time.perf_counter() - start < 4
