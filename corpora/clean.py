"""Cleaning: what a page prints around and inside an article, told from the article itself.

Nothing is thrown away: what leaves the body goes to `byline`, `dateline`, `agency`, `captions`, `tags` or
`furniture`. Each step is a plain function on a `Draft`; `STEPS` is their order.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, replace

# Agencies by the forms that datelines and credits print.
AGENCIES = {
    "reuters": "Reuters", "ap": "AP", "associated press": "AP", "the associated press": "AP", "afp": "AFP",
    "agence france-presse": "AFP", "tass": "TASS", "itar-tass": "TASS", "sputnik": "Sputnik",
    "ria novosti": "RIA Novosti", "ria": "RIA Novosti", "interfax": "Interfax", "xinhua": "Xinhua", "dpa": "dpa",
    "kyodo": "Kyodo", "kyodo news": "Kyodo", "ansa": "ANSA", "efe": "EFE", "upi": "UPI", "yonhap": "Yonhap",
    "anadolu": "Anadolu", "aa": "Anadolu", "pti": "PTI", "bloomberg": "Bloomberg", "irna": "IRNA", "kcna": "KCNA",
    "pa": "PA", "aap": "AAP", "ians": "IANS", "ani": "ANI", "belta": "BelTA", "ukrinform": "Ukrinform",
}  # fmt: skip
# Broadcasters print their own name where an agency's would stand.
OWN_NAME = {"cnn", "cnn business", "cnnmoney", "cnn politics", "fox news", "rt", "bbc", "nbc", "cbs", "abc"}

MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec)[a-z]*\.?"
DASH = r"(?:--|[-–—])"
PLACE = r"[A-Z][A-Z'’.\-]{2,}(?:[ /][A-Z][A-Z'’.\-]+){0,4}(?:, [A-Z][A-Za-z.]+(?: [A-Z][a-z.]+)?)?"
DATELINES = (
    re.compile(
        rf"^(?P<place>{PLACE})(?:,? {MONTH} \d{{1,2}}(?:, \d{{4}})?)?"
        rf"(?: ?[\[(](?P<agency>[^()\[\]]{{2,30}})[\])])?\s*{DASH}+\s+(?=\S)"
    ),
    re.compile(
        rf"^(?P<place>[A-Z][\w'’.\-]+(?: [A-Z][\w'’.\-]+){{0,2}}(?:, [A-Z][\w.]+)?)?"
        rf" ?\((?P<agency>[A-Z][A-Za-z ]{{1,20}})\)\s*{DASH}*\s*(?=\S)"
    ),
)
# Words in capitals that open a sentence or a label and are no place.
NO_PLACE = {"NATO", "CLOSE", "FILE", "WATCH", "READ", "MORE", "UPDATE", "UPDATED", "BREAKING", "OPINION", "EXCLUSIVE",
            "ANALYSIS", "VIDEO", "PHOTOS", "LIVE", "EDITORIAL", "FBI", "CIA", "USA", "GOP", "ISIS", "NOTE"}  # fmt: skip

CREDIT = re.compile(
    r"^©|^\(c\)|Getty Images|AP Photo|AFP Photo|/AFP\b|/Reuters\b|/AP\b|\bfile photo\b|^Photo(?:graph|s)?(?: by|:)|"
    r"^Image (?:copyright|caption|credit)|^Enlarge this image|\bvia AP\b|^Credit:|\bEPA-EFE\b|^Sipa\b",
    re.IGNORECASE,
)
FURNITURE = re.compile(
    r"^(?:read more|read also|read or share this|related(?: stories| coverage| article)?s?\s*:|"
    r"more (?:from|on|about)\b|"
    r"see also|also read|also on rt|don['’]t miss|watch(?: live| now)?\s*:|click here|sign up|subscribe|advertisement|"
    r"story continues below|article continues|continue reading|follow .{2,60} on (?:twitter|facebook|instagram)|"
    r"copyright\b|all rights reserved|contact .{2,80} at\b|share (?:this|on)\b|get the latest|download our|"
    r"_{3,}$|\*[ *]*$|[-–—]{2,}$|skip (?:to|in)\b|date \d{4}-\d\d-\d\d register)",
    re.IGNORECASE,
)
CREDIT_LINE = re.compile(
    r"^[\[(]?(?:additional |with )?(?:reporting|writing|editing) (?:and \w+ )?by\b|"
    r"\bcontributed to this (?:report|story|article)|"
    r"^[—–-]* ?this (?:report|story|article) (?:was|has been) (?:updated|corrected)|^(?:our standards|reporting by)\b",
    re.IGNORECASE,
)
CREDIT_AGENCY = re.compile(
    r"^(?:source|©|\(c\)|copyright(?: \d{4})?)\s*:?\s*(?:the )?([A-Za-z -]{2,25}?)[.,]?$", re.IGNORECASE
)
BYLINE = re.compile(r"^(?:By|BY) ((?:[A-Z][\w'’.\-]+(?: (?=[A-Z])|, | and )?){2,10})(?:,? .{0,40})?$")
LEADING_CAPTION = re.compile(r"^(.{10,500}? \| [^|]{3,60}?(?:Getty Images|AP Photo|Reuters|AP))\s+(?=\S)")
# USA TODAY's video boxes and AP's archive pictures.
CAPTION = re.compile(r"CLOSE |FILE\s*[-–—]")
# Control characters, and marks that turn or hide text: a headline with them could show otherwise than it reads.
# The joiners U+200C and U+200D stay: Persian, Hindi and emoji are spelt with them.
UNSEEN = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x84\\x86-\\x9f\\u200b\\u200e\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufeff]"
)
BREAKS = re.compile("\\r\\n?|\\x85|\\u2028")
# First letters of UTF-8 read as Windows-1252 or Windows-1251; without one of them there is nothing to mend.
MOJIBAKE = re.compile("[ÂÃâãÐÑåæçïð\\x80-\\x9f][^a-z]")


@dataclass(frozen=True, slots=True)
class Draft:
    """An article on its way: paragraphs of the body, and what was split off so far."""

    title: str = ""
    paragraphs: tuple[str, ...] = ()
    captions: tuple[str, ...] = ()
    furniture: tuple[str, ...] = ()
    byline: str = ""
    dateline: str = ""
    agency: str = ""


def repair(text: str) -> str:
    """Text with broken encoding mended, control and text-turning marks gone, and spaces made plain.

    >>> repair("Russiaâ€™s\\x00 talks\\u202e")
    'Russia’s talks'
    """
    if MOJIBAKE.search(text):
        from ftfy import fix_encoding  # slow to import and to run, and seldom needed

        text = fix_encoding(text)
    text = BREAKS.sub("\n", UNSEEN.sub("", text)).replace("\u2029", "\n\n")
    return re.sub(r"[\t \u00a0\u2000-\u200a\u202f\u3000]+", " ", unicodedata.normalize("NFC", text))


def paragraphs(text: str) -> tuple[str, ...]:
    """Paragraphs of a text: parted by blank lines, or by single breaks where there are no blank ones."""
    text = text.strip()
    if "\n\n" not in re.sub(r"\n\s+\n", "\n\n", text) and "\n" in text:
        parts = text.split("\n")
    else:
        parts = re.split(r"\n\s*\n", text)
    return tuple(" ".join(part.split()) for part in parts if part.strip())


def is_credit(line: str) -> bool:
    """Whether a line is a photo credit.

    >>> is_credit("© REUTERS/ Jonathan Ernst"), is_credit("The minister told Reuters that talks went on.")
    (True, False)
    """
    return len(line.split()) <= 25 and bool(CREDIT.search(line))


def is_furniture(line: str) -> bool:
    """Whether a line is a teaser, a share or subscription line, or a rule."""
    return len(line.split()) <= 40 and bool(FURNITURE.search(line))


def clean(draft: Draft) -> Draft:
    """Take every step, in order."""
    for step in STEPS:
        draft = step(draft)
    return draft


def split_captions(draft: Draft) -> Draft:
    """Photo credits and captions leave the body."""
    kept, captions = [], list(draft.captions)
    for number, paragraph in enumerate(draft.paragraphs):
        if number == 0 and (leading := LEADING_CAPTION.match(paragraph)):
            captions.append(leading[1])
            kept.append(paragraph[leading.end() :])
        elif is_credit(paragraph) or (CAPTION.match(paragraph) and len(paragraph.split()) < 80):
            captions.append(paragraph.removeprefix("CLOSE "))
        else:
            kept.append(paragraph)
    return replace(draft, paragraphs=tuple(kept), captions=tuple(captions))


def split_furniture(draft: Draft) -> Draft:
    """Teasers, share lines and rules leave the body."""
    furniture = tuple(p for p in draft.paragraphs if is_furniture(p))
    return replace(
        draft,
        paragraphs=tuple(p for p in draft.paragraphs if not is_furniture(p)),
        furniture=draft.furniture + furniture,
    )


def split_title(draft: Draft) -> Draft:
    """A headline repeated at the start of the body leaves it."""
    if not draft.paragraphs or len(draft.title) < 15 or not draft.paragraphs[0].startswith(draft.title):
        return draft
    rest = draft.paragraphs[0][len(draft.title) :].lstrip(" .|-–—")
    return replace(draft, paragraphs=((rest,) if rest else ()) + draft.paragraphs[1:])


def split_byline(draft: Draft) -> Draft:
    """A line "By Jane Roe" among the first three leaves the body."""
    for number, paragraph in enumerate(draft.paragraphs[:3]):
        if len(paragraph.split()) <= 14 and (match := BYLINE.match(paragraph)):
            rest = draft.paragraphs[:number] + draft.paragraphs[number + 1 :]
            return replace(draft, paragraphs=rest, byline=draft.byline or match[1].strip(" ,"))
    return draft


def split_dateline(draft: Draft) -> Draft:
    """A dateline ("WASHINGTON (Reuters) -") leaves the body; some stand under a lede, so four paragraphs are read."""
    for number, paragraph in enumerate(draft.paragraphs[:4]):
        for pattern in DATELINES:
            match = pattern.match(paragraph)
            if not match or not _is_dateline(match):
                continue
            rest = paragraph[match.end() :]
            kept = (*draft.paragraphs[:number], rest, *draft.paragraphs[number + 1 :])
            credited = (match["agency"] or "").strip()
            agency = AGENCIES.get(credited.lower(), "" if credited.lower() in OWN_NAME else credited)
            return replace(
                draft,
                paragraphs=kept,
                dateline=draft.dateline or (match["place"] or "").strip(" ,"),
                agency=draft.agency or agency,
            )
    return draft


def _is_dateline(match: re.Match[str]) -> bool:
    place, agency = match["place"] or "", (match["agency"] or "").lower()
    if agency:
        return agency in AGENCIES or agency in OWN_NAME or place.isupper() or place.split(",")[0].isupper()
    return place.split(",")[0].isupper() and place.split()[0].strip(",") not in NO_PLACE and len(place) >= 4


def split_credits(draft: Draft) -> Draft:
    """Credits at the foot ("(Reporting by ...)") leave the body; an agency's copyright line names the agency."""
    kept = list(draft.paragraphs)
    taken: list[str] = []
    agency = draft.agency
    for number in range(len(kept) - 1, max(-1, len(kept) - 7), -1):
        paragraph = kept[number]
        credit = CREDIT_AGENCY.match(paragraph)
        if len(paragraph.split()) <= 60 and (CREDIT_LINE.search(paragraph) or credit):
            taken.insert(0, kept.pop(number))
            if credit and credit[1].strip().lower() in AGENCIES:
                agency = agency or AGENCIES[credit[1].strip().lower()]
    return replace(draft, paragraphs=tuple(kept), furniture=draft.furniture + tuple(taken), agency=agency)


STEPS: tuple[Callable[[Draft], Draft], ...] = (
    split_captions,
    split_title,
    split_credits,
    split_furniture,
    split_byline,
    split_dateline,
)
