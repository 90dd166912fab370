"""Introductions: how an article says what somebody is, right before or after his name, or in place of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from framing.attribution.function_words import word_set
from framing.roles import role_of

TITLES = word_set("""
Mr Mrs Ms Dr Gen Sen Sens Rep Reps Gov Col Lt Maj Adm Capt Prof Rev Sgt President Minister Secretary Senator Chancellor
Premier Prime Foreign Defense Defence Vice Ambassador Representative Congressman Congresswoman Governor Mayor
Justice King Queen Prince Pope General Admiral Colonel Chairman Speaker Leader Director Former Attorney Deputy Press
Then Sir Lord State The Interior Finance Energy Special Counsel National Security Adviser Advisor Chief Staff Spokesman
Spokeswoman Spokesperson Acting Majority Minority House Senate Republican Democratic Chair Chairwoman Judge Professor
Commissioner Officer Captain Major Sergeant Lieutenant Brigadier Moderator Journalist Reporter Correspondent Manager
Owner Founder Whip Businessman Businesswoman Entrepreneur Dealer
""")
# Words of a title before a name that are not themselves capitalised.
MODIFIERS = word_set("""
former then senior top chief deputy acting ex political foreign military press national security state a an the
longtime veteran leading leader prominent independent of for and campaign prime vice defense defence finance interior
director officer head policy fixer chairman chairwoman chair to
""")
# "A spokesman for Sen. Anna Berg" is somebody else than she.
FOR_ANOTHER = re.compile(r"(?:^|\b)(?:for|to) ")
OPEN = re.compile(r"\b(?:of|for|to|and|from|with)(?: (?:the|an?|Mrs?\.?|Ms\.?|Dr\.?))*$")
# "Sens. Paul Noir and Anna Berg" are both; so are "CNN's Paul Noir and Anna Berg".
PLURAL = re.compile(r"Sens\.|Reps\.|\w+[^\Ws]s|\w*men")
FIRST_OF_TWO = re.compile(r"[A-Z](?:\.|[\w'’-]*[a-z]\.?)")
POSSESSIVE = ("'s", "’s", "s'", "s’")
ABBREVIATED = frozenset({"Reps.", "Sens.", "Capt.", "Prof.", "Brig."})
# Roles whose words, in capitals before a name, are what the named one does: "Farmer Anna Berg".
PERSONAL_ROLES = frozenset({"public", "expert", "politician", "opposition"})
# A name's neighbourhood: the title before it, an apposition after it.
BEFORE, AFTER = 90, 120
# After a name: ", 41, a lesbian activist", "(R-Ark.)", ", a farmer in Ohio", and one more, ", of Ohio, a farmer".
APPOSITION = re.compile(
    r"\s*[,(—–]\s*(?:(?:aged )?\d{1,3},\s*)?((?:[a-z]+|[A-Z])[^,;:()\"“”\n—–]{2,100})"
    r"(?:,\s*((?:an?|the)\s[^,;:()\"“”\n—–]{2,80}),)?"
)
# "Anna Berg of the Carnegie Center".
OF_A_BODY = re.compile(r"\s+of ((?:the )?[A-Z][\w'’.-]*(?: (?:of |for |and |the )*[A-Z][\w'’.-]*)*)")
# Before a name: "the boys' uncle, Paul Berg,"; "the head of the agency, Paul Berg,".
_A = r"(?:[Tt]h(?:e|is)|[Aa]n?|[Hh]is|[Hh]er|[Tt]heir|[Ii]ts)\b"
DESCRIBED_FIRST = re.compile(
    rf"(?<!of )(?<!to )(?<!for )(?<!at )\b(?:{_A}|[A-Z][\w.]*['’]s?) "
    rf"(?:(?:of|for|to|at) the |(?!{_A})[\w.'’-]+ ){{0,10}}(?!{_A})[\w.'’-]+(?=, $)"
)
# A clause that follows a name describes nobody: "After talks with Berg, farmers said".
CLAUSE = re.compile(
    r"^(?!retired|exiled)[a-z]+ed (?:at|in|to|on|by|for|with|that|the|an?|his|her|it)\b|"
    r"\b(?:said|says|say|told|tells|asked|added|wrote|writes|is|was|are|were|has|have|had|will|would|did|does)\b"
)
SENTENCE_END = re.compile(r"(?<=[a-z]{3})[.?!](?=\s)")
# A relative clause describes where it says what somebody is or does, not whatever he once did.
WHO = re.compile(
    r"(?!who\b|whom\b|whose\b|which\b|that\b)|who (?:(?:now|also|has|had|once|currently|previously) )?"
    r"(?:is|was|been|serve[sd]?|work(?:s|ed)|leads?|led|head(?:s|ed)|runs?|ran|owns?|owned|teaches|taught|directs|"
    r"directed|chairs|chaired|covers|sits|represents)\b|who['’]s\b"
)
# What hangs on a description: "the farmer in Ohio".
HEAD = re.compile(r",|\(|—|–|\bwho\b|\bof\b(?! (?:State|Defen[cs]e)\b)|\bfor\b|\bat\b|\bin\b|\bfrom\b|\bon\b|\bwith\b")
# Words for whoever stands at the top of something: what it is tells his role.
HEADING = re.compile(
    r"\b(?:head|chief|member|deputy|director|chair(?:wo)?man|leader|spokes\w+|president|owner|manager|founder)s?\s*$",
    re.IGNORECASE,
)
# "One of the rebels" is a rebel.
QUANTITY = re.compile(
    r"(?:(?:at least|almost|nearly) )?(?:one|two|some|many|most|both|several|dozens|hundreds) of ", re.IGNORECASE
)
# What belongs to somebody is not he, nor is what begins with a verb.
NOBODY = re.compile(
    r"(?:[Hh]e|[Ss]he|[Tt]hey|[Ii]t|[Ww]e|I|[Yy]ou|[Tt]o|"
    r"(?!leading|acting|sitting|ruling|visiting|outgoing|upcoming|incoming|existing|remaining|surviving|dissenting|"
    r"sentencing|including|according)[a-z]{3,}ing)\s|"
    r".*\b(?:votes?|hearings?|evidence|interviews?|projects?|servers?|impeachment|disputes?|filings?|resolutions?|memos?|"
    r"movement)\s*$",
    re.DOTALL,
)
RELATIVE = re.compile(r"\b(?:who|whom|whose|which|that|where|when)\b")


def in_title(word: str) -> bool:
    """Whether a word can be part of the title before a name.

    >>> [in_title(word) for word in ("former", "Reps.", "plumber", "stood", "rained.")]
    [True, True, True, False, False]
    """
    closes = word[-1] in ',;:)”".' and len(word) > len("U.S.") and word not in ABBREVIATED
    return not closes and (word[0].isupper() or word in MODIFIERS or bool(role_of(word)))


def own_title(title: str) -> str:
    """A title without what is another's: in "spokesman for Sen. Anna Berg" she is the senator.

    >>> own_title("spokesman for Sen."), own_title("Ambassador to Norway"), own_title("critics of the")
    ('Sen.', 'Ambassador to Norway', '')
    >>> own_title("Republican Sens. Paul Noir and"), own_title("Senator Paul Noir and")
    ('Republican Sens.', '')
    """
    if OPEN.search(title):
        return _of_both(title)
    own = FOR_ANOTHER.split(title)[-1]
    return own if role_of(own) else title


def _of_both(title: str) -> str:
    """What a title that ends with a name and "and" says of this and the next one, or nothing."""
    *words, last = title.split()
    for place in range(len(words) - 1, 0, -1):
        if last != "and" or not FIRST_OF_TWO.fullmatch(words[place]):
            break
        word, told = words[place - 1], " ".join(words[:place])
        if (PLURAL.fullmatch(word) and role_of(word)) or (word.endswith(POSSESSIVE) and role_of(told) == "media"):
            return told
    return ""


def after_name(text: str, end: int) -> Iterator[tuple[str, int]]:
    """The descriptions right after a name that ends at a place, with where they start.

    >>> [words for words, _ in after_name("Paul Berg, 41, a farmer in Ohio, said it rained.", 9)]
    ['a farmer in Ohio']
    >>> [words for words, _ in after_name("Paul Berg, of Dayton, a driver, said it rained.", 9)]
    ['of Dayton', 'a driver']
    """
    told = APPOSITION.match(text, end, end + AFTER)
    for number in (1, 2):
        words = SENTENCE_END.split(told[number] or "")[0] if told else ""
        clause = CLAUSE.search(RELATIVE.split(words)[0])
        if clause and words.startswith(("a ", "an ")):
            words, clause = words[: clause.start()].rstrip(), None  # ", a local farmer said"
        if told and words and not clause and WHO.match(words):
            yield words, told.start(number)
    if body := OF_A_BODY.match(text, end, end + AFTER):
        yield SENTENCE_END.split(body[1])[0], body.start(1)


def before_name(text: str, start: int, end: int) -> Iterator[tuple[str, int]]:
    """The description that a comma parts from the name after it, where the name closes with one too.

    >>> list(before_name("The boys' uncle, Paul Berg, wept.", 17, 26))
    [("The boys' uncle", 0)]
    """
    if text[start - 2 : start] == ", " and text[end : end + 1] == ",":
        told = DESCRIBED_FIRST.search(text, max(0, start - BEFORE), start)
        if told and not CLAUSE.search(told[0]):
            yield told[0], told.start()


def head_of(words: str) -> str:
    """A description without what hangs on it; of "the head of the agency" all of it; empty where it is nobody's.

    >>> head_of("a farmer in the ministry"), head_of("the head of the agency"), head_of("one of the rebels in town")
    ('a farmer ', 'the head of the agency', 'the rebels ')
    >>> head_of("telling investigators"), head_of("a Senate vote")
    ('', '')
    """
    words = QUANTITY.sub("", words, count=1) if QUANTITY.match(words) else words
    parted = HEAD.search(words, 1)
    head = words[: parted.start()] if parted else words
    if NOBODY.match(head):
        return ""
    return words if HEADING.search(head) else head
