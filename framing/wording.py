"""Wording: a text as its words, with what stands between them; shared by what counts words."""

from __future__ import annotations

import re

# A word starts with a letter, so that numbers are none ("S-400" is one); apostrophes and hyphens inside it are kept,
# and so are the stops of an abbreviation ("U.S."), which end no sentence.
WORD = r"[^\W\d_]\w+(?:['’ʼ‑-]\w+)*|(?:[^\W\d_]\.){2,}(?:[-‑]\w+)*|[^\W\d_](?:['’ʼ‑-]\w+)*"
# Words and breaks in turn: a break is a mark, a number or the end of a line, over which no phrase runs. Taking a
# space along saves a third of the time; taking all of them would take the square of a long gap's length.
PIECES = re.compile(rf" ?(?:({WORD})|\w+|[^\w\s]|\n)")
# Typography is the printer's and no outlet's choice of words.
PLAIN = str.maketrans({"’": "'", "ʼ": "'", "‑": "-"})
# Words that carry grammar and no subject: a phrase neither starts nor ends with one. Own list: articles, pronouns,
# prepositions, conjunctions, auxiliaries, and the adverbs that stand for them.
_FUNCTION = (
    "a an the this that these those such some any each every either neither no another other "
    "i me my mine we us our ours you your yours he him his she her hers it its they them their theirs one ones "
    "myself ourselves yourself himself herself itself themselves who whom whose which what where when why how "
    "about above across after against along among amid around as at before behind below between beyond by despite "
    "down during for from in inside into like near of off on onto out outside over per since than through throughout "
    "till to toward towards under until up upon via with within without "
    "and or but nor so yet if whether because although though while unless "
    "am is are was were be been being have has had having do does did doing will would shall should can could may "
    "might must ought not n't cannot isn't aren't wasn't weren't hasn't haven't hadn't don't doesn't didn't won't "
    "wouldn't shouldn't can't couldn't i'm i've i'll i'd we're we've we'll we'd you're you've you'll you'd he'd he'll "
    "she'd she'll it'll they're they've they'll they'd that'll there'd "
    "there here then now also just only even still too very more most both all own again"
)
FUNCTION_WORDS = frozenset(_FUNCTION.split())


def plain(word: str) -> str:
    """A word as it is counted: in lower case, without possessive and stops, its apostrophe and hyphen typed.

    The country stays "US": in lower case it is a pronoun.

    >>> plain("Russia’s"), plain("O’Brien"), plain("U.N."), plain("U.S."), plain("us")
    ('russia', "o'brien", 'un', 'US', 'us')
    """
    word = word.translate(PLAIN).replace(".", "").removesuffix("'s")
    return word if word == "US" else word.lower()


def pieces(text: str) -> list[str]:
    """Words of a text as they are printed, with an empty string for each break.

    >>> pieces("The U.S. envoy left; talks go on.")
    ['The', 'U.S.', 'envoy', 'left', '', 'talks', 'go', 'on', '']
    """
    return PIECES.findall(text)
