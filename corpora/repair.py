"""Repair: text as it was meant, and the paragraphs that it is made of."""

from __future__ import annotations

import re
import unicodedata

# Control characters, and marks that turn or hide text: a headline with them could show otherwise than it reads.
# The joiners U+200C and U+200D stay: Persian, Hindi and emoji are spelt with them.
UNSEEN = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufeff]"
)
BREAKS = re.compile("\\r\\n?|\\x85|\\u2028")
# First letters of UTF-8 read as Windows-1252 or Windows-1251; without one of them there is nothing to mend.
MOJIBAKE = re.compile("[ÂÃâãÐÑåæçïð\\x80-\\x9f][^a-z]")
# Half of a pair that stands for one character. JSON can spell one alone, and Python puts them into file names that
# are no UTF-8; neither can be printed or stored.
SURROGATE = re.compile("[\\ud800-\\udfff]")
OTHER_SPACES = re.compile("[\\u00a0\\u2000-\\u200a\\u202f\\u3000]")


def whole(text: str) -> str:
    """Text in which halves of characters are replaced, so that it can be printed and stored.

    >>> whole("caf\\udce9.csv") == "caf\\ufffd.csv"
    True
    """
    return SURROGATE.sub("\ufffd", text)


def repair(text: str) -> str:
    """Text with broken encoding mended, control and text-turning marks gone, and spaces made plain.

    >>> repair("Russiaâ€™s\\x00 talks\\u202e")
    'Russia’s talks'
    """
    if not text.isascii():
        text = whole(text)
        if MOJIBAKE.search(text):
            from ftfy import fix_encoding  # slow to import and to run, and seldom needed

            text = fix_encoding(text)
        text = unicodedata.normalize("NFC", OTHER_SPACES.sub(" ", UNSEEN.sub("", text)))
    else:
        text = UNSEEN.sub("", text)
    text = BREAKS.sub("\n", text).replace("\u2029", "\n\n").replace("\t", " ")
    # A text is full of single spaces: that two stand together is asked first.
    return re.sub("  +", " ", text) if "  " in text else text


def paragraphs(text: str) -> tuple[str, ...]:
    """Paragraphs of a text: parted by blank lines, or by single breaks where there are no blank ones.

    >>> paragraphs("They met.\\n\\nThey parted.")
    ('They met.', 'They parted.')
    """
    text = text.strip()
    if "\n\n" not in re.sub(r"\n\s+\n", "\n\n", text) and "\n" in text:
        parts = text.split("\n")
    else:
        parts = re.split(r"\n\s*\n", text)
    return tuple(" ".join(part.split()) for part in parts if part.strip())
