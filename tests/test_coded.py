"""Coded passages: the forms of a CSV file that are read, what is refused by its line, and how far coders agree."""

from __future__ import annotations

import csv
import io
import math
import random
import tempfile
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from corpora.errors import InputError
from framing.agreement import alpha, frame_alphas
from framing.codebook import parse_codebook
from framing.coded import read_coded

BOOK = parse_codebook(
    "\n".join(
        [
            'name = "summit"',
            *(
                f'[[frame]]\nname = "{name}"\ndefinition = "About it."\nquestions = ["Is it?"]\nexamples = ["It is."]'
                for name in ("clash", "market", "weather")
            ),
        ]
    ).encode(),
    "summit.toml",
)
NONE, CLASH, MARKET = frozenset(), frozenset({"clash"}), frozenset({"market"})
BOTH = CLASH | MARKET


def found(coded):
    """Passage to what each coder found in it."""
    return dict(zip(coded.texts, coded.codings, strict=True))


# --- Forms that are read ---


@pytest.mark.parametrize(
    "content",
    [
        'text,frames\nThey fought.,clash\n"They fought, and prices rose.",clash;market\nIt rained.,\n',
        'text;frames\nThey fought.;clash\nThey fought, and prices rose.;"clash;market"\nIt rained.;\n',
        "text\tframes\nThey fought.\tclash\nThey fought, and prices rose.\tmarket;clash\nIt rained.\t\n",
        'text,frames\r\nThey fought.,clash\r\n"They fought, and prices rose.",clash;market\r\nIt rained.,\r\n',
        'frames,text\nclash,They fought.\n" Clash ; MARKET;","  They fought,\n  and prices rose. "\n;,It rained.\n',
        'Passage, Labels \nThey fought.,clash\n"They fought, and prices rose.",clash|market\n\n,\nIt rained.,\n',
        'text,frames,note\nThey fought.,clash,sure\n"They fought, and prices rose.","clash, market",\nIt rained.,,?\n',
        'text,clash,market,weather\nThey fought.,1,0,0\n"They fought, and prices rose.",1,1,0\nIt rained.,0,0,0\n',
        'text,weather,market,clash\nThey fought.,no,no,yes\n"They fought, and prices rose.",N,Y,Yes\nIt rained.,n,n,\n',
        'text,clash,market,weather\nThey fought.,x,,\n"They fought, and prices rose.",X,x,\nIt rained.,,,\n',
        'text,clash,market,weather\nThey fought.,TRUE,FALSE,FALSE\n"They fought, and prices rose.",TRUE,TRUE,FALSE\n'
        "It rained.,FALSE,FALSE,FALSE\n",
    ],
)
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_each_form_of_a_coded_file_is_read_alike(write, content, mark):
    coded = read_coded(write("coded.csv", mark + content), BOOK)
    assert coded.frames == ("clash", "market", "weather")
    assert found(coded) == {
        "They fought.": (CLASH,),
        "They fought, and prices rose.": (BOTH,),
        "It rained.": (NONE,),
    }
    assert (coded.coders, coded.articles) == (("",), ("", "", ""))
    assert coded.shares.tolist() == [[1, 0, 0], [1, 1, 0], [0, 0, 0]]


def test_two_coders_and_articles_are_told_apart(write):
    path = write(
        "coded.csv",
        "coder,article,text,frames\n"
        "Roe,a1,They fought.,clash\n"
        "Roe,a2,Prices rose.,market\n"
        "Doe,a1,They fought.,clash;market\n"
        "Doe,a3,It rained.,\n",
    )
    coded = read_coded(path, BOOK)
    assert coded.coders == ("Doe", "Roe")
    assert coded.texts == ("They fought.", "Prices rose.", "It rained.")
    assert coded.articles == ("a1", "a2", "a3")
    assert coded.codings == ((BOTH, CLASH), (None, MARKET), (NONE, None))
    # A frame's share is over those who coded the passage, not over all.
    assert coded.shares.tolist() == [[1, 0.5, 0], [0, 1, 0], [0, 0, 0]]


def test_units_tell_passages_of_one_text_apart(write):
    path = write(
        "coded.csv",
        "unit,coder,text,frames\n1,A,They met.,clash\n2,A,They met.,market\n1,B,They met.,clash\n2,B,They met.,\n",
    )
    coded = read_coded(path, BOOK)
    assert coded.texts == ("They met.", "They met.")
    assert coded.codings == ((CLASH, CLASH), (MARKET, NONE))


def test_an_article_that_only_a_later_coder_tells_is_kept(write):
    path = write("coded.csv", "text,coder,article,frames\nThey met.,A,,clash\nThey met.,B,a1,clash\n")
    assert read_coded(path, BOOK).articles == ("a1",)


def test_a_spreadsheet_of_an_old_macintosh_is_read(write):
    content = (
        "text,frames\rThey fought; it rained; prices rose; all at once; so it was said.,clash\rPrices rose.,market\r"
    )
    assert list(found(read_coded(write("coded.csv", content), BOOK)).values()) == [(CLASH,), (MARKET,)]


def test_a_row_cut_short_carries_none(write):
    # Excel leaves out the partings after the last value of a row.
    path = write("coded.csv", "text,frames\nThey fought.,clash\nIt rained.\n")
    assert found(read_coded(path, BOOK)) == {"They fought.": (CLASH,), "It rained.": (NONE,)}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"]), max_size=30).map(lambda text: f"Go{text}"),
        min_size=1,
        max_size=6,
        unique_by=lambda text: " ".join(text.split()),
    ),
    st.sampled_from(",;\t"),
)
def test_any_text_comes_back_from_any_parting(texts, parting):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=parting)
    writer.writerow(["text", "frames"])
    writer.writerows([text, "clash;market" if k % 2 else ""] for k, text in enumerate(texts))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "coded.csv"
        path.write_bytes(out.getvalue().encode())
        coded = read_coded(path, BOOK)
    assert coded.texts == tuple(" ".join(text.split()) for text in texts)
    assert coded.codings == tuple((BOTH if k % 2 else NONE,) for k in range(len(texts)))


# --- What is refused ---


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (
            "text,frames\nThey met.,clash\nThey left.,war\n",
            ", line 3: frame 'war' is not in codebook 'summit'; there are",
        ),
        ("text,frames\nThey met.,\x1b[31m\n", ", line 2: frame '\\x1b[31m' is not in codebook"),
        ("text,frames\nThey met.,clash;market;Clash\n", ", line 2: frame 'clash' is coded twice"),
        ('text,frames\n"They\nmet.",clash\nThey left.,war\n', ", line 4: frame 'war' is not"),
        ("text,frames\n\n\nThey met.,war\n", ", line 4: frame 'war' is not"),
        (
            "text,coder,frames\nThey met.,A,\nThey met.,B,\nThey  met.,A,clash\n",
            ", line 4: coder 'A' codes 'They met.' a second time",
        ),
        (
            "text,frames\nThey met.,\nThey met.,\n",
            ", line 3: a coder without a name (column 'coder') codes 'They met.' a second",
        ),
        (
            "text,unit,frames\nThey met.,7,\nThey met.,7,\n",
            ", line 3: a coder without a name (column 'coder') codes '7' a second",
        ),
        ("text,frames\n,clash\n", ", line 2: has no text"),
        ('text,frames\n"  \n ",clash\n', ", line 3: has no text"),
        ("text,unit,coder,frames\nA met.,7,A,\nB met.,7,B,\n", ", line 3: unit '7' has another text than before"),
        ("passages,frames\nThey met.,clash\n", " has no column 'text'; its columns are: passages, frames"),
        ("", " has no column 'text'"),
        ("\ufeff", " has no column 'text'"),
        ("text,frames\n", " has no coded passages"),
        ("text,frames\n,\n \n", " has no coded passages"),
        ("text,note\nThey met.,clash\n", ", line 2: there is no column 'frames', and none for the frame 'clash'"),
        (
            "text,clash,weather\nThey met.,1,0\n",
            ", line 2: there is no column 'frames', and none for the frame 'market'",
        ),
        (
            "text,clash,market,weather\nThey met.,1,0,2\n",
            ", line 2: 'weather' is '2'; write 1 or 0, yes or no, x or noth",
        ),
        ("text,frames,text\nThey met.,,They left.\n", " has two columns 'text'"),
        ("text,Frames ,frames\nThey met.,,clash\n", " has two columns 'frames'"),
        # A quotation mark that is never closed would make one passage of the rest of the file.
        ('frames,text\nclash,"They met.\nmarket,They left.\n', "broken CSV"),
        ('frames,text\nclash,"They met.\n' + "market,They left.\n" * 9000, "broken CSV"),
        # A comma or semicolon without quotation marks would cut the passage short, or its frames.
        ("frames,text\nclash,They met, and they left.\n", ", line 2: "),
        ("text;frames\nThey met.;clash;market\n", ", line 2: "),
    ],
)
def test_what_is_wrong_in_a_coded_file_is_named_by_its_line(write, content, told):
    path = write("coded.csv", content)
    with pytest.raises(InputError) as caught:
        read_coded(path, BOOK)
    message = str(caught.value)
    assert message.startswith(f"coded file {path}")
    assert told in message
    assert "\n" not in message
    assert len(message) < len(str(path)) + 300


@pytest.mark.parametrize("encoding", ["utf-16", "latin-1"])
def test_a_file_of_another_encoding_is_told_how_to_be_saved(write, encoding):
    path = write("coded.csv", "text,frames\nThey met in Genève.,clash\n", encoding)
    with pytest.raises(InputError, match=r"is not UTF-8; save it as CSV UTF-8$"):
        read_coded(path, BOOK)


@pytest.mark.parametrize("name", ["missing.csv", "."])
def test_a_coded_file_that_is_not_there_is_refused(tmp_path, name):
    with pytest.raises(InputError, match=r"^no coded file "):
        read_coded(tmp_path / name, BOOK)


def test_a_huge_coded_file_is_refused_before_it_is_read(tmp_path):
    path = tmp_path / "coded.csv"
    with path.open("wb") as file:
        file.truncate(8_000_000_000)
    with pytest.raises(InputError, match=r"has 8,000,000,000 bytes; at most 200,000,000 are read$"):
        read_coded(path, BOOK)


# --- Agreement ---


def test_alpha_of_two_observers_and_binary_items_is_that_of_krippendorff():
    # Krippendorff (2011), A: 4 of 10 items differ, so 8 of 20 pairs; 6 ones and 14 zeros: 1 - 19 * 8 / (2 * 6 * 14).
    meg, owen = "0100000010", "1110010000"
    units = list(zip(meg, owen, strict=True))
    assert alpha(units) == pytest.approx(1 - 19 * 8 / 168)
    assert round(alpha(units), 3) == 0.095


def test_alpha_of_two_observers_and_five_categories_is_that_of_krippendorff():
    # Krippendorff (2011), B: 3 of 12 items differ; of a, b, c, d, e there are 4, 6, 6, 6, 2.
    ben, gerry = "aabbdcccedda", "babbbccceddd"
    units = list(zip(ben, gerry, strict=True))
    assert alpha(units) == pytest.approx(1 - 23 * 6 / (24**2 - (16 + 36 + 36 + 36 + 4)))
    assert round(alpha(units), 3) == 0.692


def test_alpha_of_four_observers_with_missing_data_is_that_of_krippendorff():
    # Krippendorff (2011), C; unit 12 has one coding and does not count.
    observers = "123321412...", "1233224125.3", ".3332342251.", "12332441251."
    units = [[None if said == "." else int(said) for said in unit] for unit in zip(*observers, strict=True)]
    assert round(alpha(units), 3) == 0.743
    assert alpha(units[:-1]) == alpha(units)


@pytest.mark.parametrize(
    ("units", "value"),
    [
        ([(1, 1), (0, 0)], 1),
        # n = 4, two ones and two zeros, all pairs differ: 1 - 3 * 4 / (16 - 8).
        ([(1, 0), (0, 1)], -0.5),
        # n = 6 with 3 of either; 2 of 6 pairs differ: 1 - 5 * 2 / (36 - 18).
        ([(True, True), (False, False), (True, False)], 1 - 10 / 18),
    ],
)
def test_alpha_by_hand(units, value):
    assert alpha(units) == pytest.approx(value)


@pytest.mark.parametrize("units", [[], [(1, 1), (1, 1)], [(1, None), (None, 0)], [(1,), (0,)], [(None, None)]])
def test_there_is_no_alpha_where_nothing_is_compared_or_nothing_varies(units):
    assert math.isnan(alpha(units))


def plainly(units) -> float:
    """Alpha as its definition has it, pair by pair."""
    units = [known for unit in units if len(known := [said for said in unit if said is not None]) > 1]
    said = [one for unit in units for one in unit]
    observed = sum(sum(a != b for a, b in permutations(unit, 2)) / (len(unit) - 1) for unit in units) / len(said)
    expected = sum(a != b for a, b in permutations(said, 2)) / (len(said) * (len(said) - 1))
    return 1 - observed / expected


UNITS = st.integers(2, 4).flatmap(
    lambda coders: st.lists(
        st.lists(st.sampled_from(["a", "b", "c", None]), min_size=coders, max_size=coders), min_size=1, max_size=12
    )
)


@settings(max_examples=150, deadline=None)
@given(UNITS, st.randoms(use_true_random=False))
def test_alpha_is_that_of_its_definition_whatever_the_order_and_the_names(units, rng: random.Random):
    value = alpha(units)
    compared = [one for unit in units if sum(x is not None for x in unit) > 1 for one in unit if one is not None]
    if len(set(compared)) < 2:
        assert math.isnan(value)
        return
    assert value == pytest.approx(plainly(units))
    assert value <= 1
    agree = all(len({one for one in unit if one is not None}) <= 1 for unit in units)
    assert (value == pytest.approx(1)) == agree
    names = {"a": 3, "b": 1, "c": 2, None: None}
    mixed = [[names[one] for one in rng.sample(unit, len(unit))] for unit in rng.sample(units, len(units))]
    assert alpha(mixed) == pytest.approx(value)


def test_alpha_of_coders_who_guess_is_near_nought():
    rng = np.random.default_rng(20240101)
    assert abs(alpha(rng.integers(0, 2, (4000, 2)).tolist())) < 0.05


def test_each_frame_has_an_alpha_of_its_own(write):
    path = write(
        "coded.csv",
        "text,coder,frames\n"
        "One.,A,clash\nTwo.,A,market\nThree.,A,clash;market\nFour.,A,clash\n"
        "One.,B,clash\nTwo.,B,\nThree.,B,clash;market\n",
    )
    told = read_coded(path, BOOK).agreement()
    # Three passages have two codings. Clash: yes, no, yes from both. Market: no, yes or no, yes: as by hand above.
    assert list(told) == ["clash", "market", "weather"]
    assert told["clash"] == 1
    assert told["market"] == pytest.approx(1 - 10 / 18)
    assert math.isnan(told["weather"])


def test_one_coder_agrees_with_nobody():
    assert math.isnan(frame_alphas(["clash"], {"1": [CLASH], "2": [NONE]})["clash"])
