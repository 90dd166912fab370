"""Furniture: lines that a page prints around an article, told from the article's own sentences."""

from __future__ import annotations

import re

from corpora.agency import AGENCIES

CREDIT = re.compile(
    r"^©|^\(c\) ?(?-i:[A-Z\d])|Getty Images|AP Photo|AFP Photo|/AFP\b|/Reuters\b|/AP\b|"
    r"^(?:a )?file photo\s*(?:\.|$)|\bfile photo ?:|[(\[,;:.–—-] ?file photo[)\].]*$|\(file photo\)|"
    r"^Photo(?:graph|s)?(?: by|:)|^Image (?:copyright|caption|credit)|^Enlarge this image|\bvia AP\b|^Credit:|"
    r"\bEPA-EFE\b|^Sipa\b",
    re.IGNORECASE,
)
# Lines that are furniture whatever follows their first words.
FURNITURE = re.compile(
    r"^(?:read more ?(?:[:>»|…–—-]|at\b|on\b|in\b|from\b|.{0,80}\bhere\b|$)|read also|read or share this|"
    r"related(?: stories| coverage| article)?s?\s*:|more (?:from|on|about) (?:this ?(?:\.\.\.|…)|[^.!?:]{1,60}:)|"
    r"see also|also read|also on rt|don['’]t miss|watch(?: live| now)?\s*:|click here|sign up|subscribe\b|"
    r"story continues below|article continues|continue reading|follow .{2,60} on (?:twitter|facebook|instagram)|"
    r"copyright(?: ?©| ?\(c\)|:| \d{4}|$)|all rights reserved|contact .{2,80} at (?:\S{1,60}@|[+(]?\d{3})|"
    r"share (?:this|on)\b|get the latest|download our|"
    r"_{3,}$|\*[ *]*$|[-–—]{2,}$|skip (?:to|in)\b|date \d{4}-\d\d-\d\d register)",
    re.IGNORECASE,
)
# First words of teasers that also open sentences ("More on a whim than by design, ..."): only without a full stop.
TEASER = re.compile(
    r"^(?:read more\b|more (?:from|on|about)\b|advertisement\b|copyright\b|contact .{2,80} at\b)", re.IGNORECASE
)
SENTENCE_END = re.compile(r"[.!?][\"'”’)]*$")
CREDIT_LINE = re.compile(
    r"[\[(]?(?:additional |with )?(?:reporting|writing|editing) (?:and \w+ )?by\b|"
    r"[—–-]* ?this (?:report|story|article) (?:was|has been) (?:updated|corrected)|(?:our standards|reporting by)\b",
    re.IGNORECASE,
)
CONTRIBUTED = re.compile(r"\bcontributed to this (?:report|story|article)", re.IGNORECASE)
SOURCE = re.compile(r"source ?: ?\S", re.IGNORECASE)
CREDIT_AGENCY = re.compile(
    r"^(?:source|(?:copyright ?)?(?:©|\(c\)|copyright)(?P<year> \d{4})?)\s*:?\s*(?:the )?"
    r"(?P<agency>[A-Za-z -]{2,25}?)[.,]?(?: all rights reserved\.?(?: this material .*)?)?$",
    re.IGNORECASE,
)


def is_credit(line: str) -> bool:
    """Whether a line is a photo credit; an agency's copyright notice with its year is none.

    >>> is_credit("© REUTERS/ Jonathan Ernst"), is_credit("The minister told Reuters that talks went on.")
    (True, False)
    """
    if len(line.split()) > 25 or not CREDIT.search(line):
        return False
    notice = CREDIT_AGENCY.match(line)
    return not (notice and notice["year"] and _known(notice))


def is_furniture(line: str) -> bool:
    """Whether a line is a teaser, a share or subscription line, or a rule.

    >>> is_furniture("Read more: Why the council meets"), is_furniture("Read more closely, the text says little.")
    (True, False)
    """
    if len(line.split()) > 40:
        return False
    return bool(FURNITURE.search(line)) or bool(TEASER.search(line) and not SENTENCE_END.search(line))


def is_credit_line(line: str) -> bool:
    """Whether a line at the foot says who reported, or where the text came from.

    >>> is_credit_line("(Reporting by Jane Roe; Editing by John Doe)"), is_credit_line("Source: Interfax")
    (True, True)
    """
    if len(line.split()) > 60:
        return False
    # Most lines are text: that one holds the word at all is asked first, which is quick.
    if CREDIT_LINE.match(line) or ("contr" in line.lower() and CONTRIBUTED.search(line)):
        return True
    # "Source close to him" is text: without a colon the source must be an agency.
    return bool(credited_agency(line) or SOURCE.match(line))


def credited_agency(line: str) -> str:
    """Agency that a source or copyright line names; empty for any other line.

    >>> credited_agency("© 2018 The Associated Press"), credited_agency("Source: a friend")
    ('AP', '')
    """
    match = CREDIT_AGENCY.match(line)
    return _known(match) if match else ""


def _known(match: re.Match[str]) -> str:
    return AGENCIES.get(match["agency"].strip().lower(), "")
