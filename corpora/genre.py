"""Kind of piece: opinion, interview, transcript, live blog and press release, told from news, with the evidence.

`docs/measures/genre.md` has the rule in words. News is what gives no evidence of another kind.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from corpora.article import Article
from corpora.genre_cues import (
    RELEASE_LINE,
    RELEASE_TITLE,
    RELEASE_WIRES,
    RUSH,
    label_of,
    opinion_label,
    url_parts,
)

KINDS = ("interview", "live", "opinion", "release", "transcript")
# Turns of speech: so many at least, and in so many of the paragraphs. A report that prints an excerpt has fewer.
TURNS, TURN_SHARE, RUSH_TURNS = 6, 0.5, 4
# An interview has few speakers, and one of them asks in a quarter of the turns; a hearing or a show has more speakers.
SPEAKERS, ASKS = 4, 0.25
QUESTIONS, QUESTION_SHARE = 5, 0.2
TIMES, TIME_SHARE = 4, 0.1
# Own words are counted in the first so many characters, which bounds the time that a book of a text takes.
READ, FEWEST_WORDS = 10_000, 150
# Per 1,000 own words. Measured on the real US-Russia articles outside the test half of the gold set: under /opinion/
# three quarters have fewer than 5.6 attributions, of agencies' reports one in twenty has fewer than 9.7.
ATTRIBUTIONS = 6.0
SIGNS = {"I": 1.0, "we": 2.5, "advice": 2.5, "you": 2.5, "questions": 1.5}
QUOTED = 0.05
NEEDED = 2
# Columns that answer others attribute more; there the author must say "I", with two other signs.
MORE_ATTRIBUTIONS, MORE_NEEDED = 9.0, 3

TIME = re.compile(
    r"(?:updated?:? (?:at )?)?\(?\d{1,2}[:.]\d{2}(?::\d{2})? ?(?:[ap]\.? ?m\b|GMT|BST|E[SD]?T\b|CET|UTC|[)–—:|-]|$)",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"\b(?:I|you|we|my|your|our|sir|thank)\b")
INTERVIEWED = re.compile(
    r"\b(?:lightly edited|(?:edited|condensed) (?:and|for)|(?:I|we) (?:spoke|talked|chatted|sat down) (?:with|to)|"
    r"(?:interview|conversation|discussion) (?:follows|below)|(?:full|our) (?:interview|conversation)|q ?& ?a)\b",
    re.IGNORECASE,
)
QUOTATION = re.compile(r'"[^"\n]{1,3000}"|“[^”\n]{1,3000}(?:”|\n)')
WORD = re.compile(r"[a-z]+(?:['’][a-z]+)?")
ATTRIBUTING = (
    "said", "says", "told", "according", "tweeted", "reported", "asked", "added", "wrote", "spokesman", "spokeswoman",
    "spokesperson", "spokespeople",
)  # fmt: skip
VOICE = {
    "I": ("i", "i'm", "i’m", "i've", "i’ve", "i'd", "i’d", "i'll", "i’ll", "my", "me", "myself"),
    "we": ("we", "we're", "we’re", "we've", "we’ve", "we'll", "we’ll", "our", "ours", "us"),
    "advice": (
        "should", "must", "ought", "let's", "let’s", "surely", "perhaps", "indeed", "simply", "frankly",
        "alas", "course",
    ),
    "you": ("you", "you're", "you’re", "you've", "you’ve", "you'd", "you’d", "you'll", "you’ll"),
}  # fmt: skip
# Invitations of the page to its reader, who is "you" in them.
INVITED = ("your inbox", "newsletter", "ign up", "igning up", "rivacy policy", "rivacy Policy", "ubscribe")
# Segments under which outlets keep blogs and essays, which may be news. "tipsheet" is Townhall's.
BLOGS = frozenset({"blog", "blogs", "ideas", "tipsheet", "voices"})
# The outlet's own word for a report that explains, in the voice of one who teaches.
EXPLAINED = re.compile(r"\bexplain(?:ed|er)\b", re.IGNORECASE)
# A text without one apostrophe has lost its quotation marks, too, and cannot say whose words are the author's.
MARKS = re.compile(r"['’\"“]")
COMMENTED = re.compile(r"^analysis\b|\breported column\b", re.IGNORECASE)


class Genre(NamedTuple):
    """Kind of a piece that is not news.

    Attributes:
        kind: interview, live, opinion, release or transcript.
        evidence: Field and cue that it rests on: `url: /opinion/`.
    """

    kind: str
    evidence: str


def find_genre(article: Article) -> Genre | None:
    """Kind of piece, or None for news: for whatever gives no evidence of another kind.

    Forms of the text decide first (turns of speech, times), then labels, then the author's voice: few attributions
    together with two other signs. The cues are English; of other languages only addresses, sections and forms are read.

    >>> find_genre(Article("a1", outlet="The Daily", title="Opinion: The talks must go on"))
    Genre(kind='opinion', evidence='title: "Opinion:"')
    >>> find_genre(Article("a1", outlet="The Daily", title="Opinion poll favours talks")) is None
    True
    """
    paragraphs = [line for line in (piece.strip() for piece in article.body.split("\n")) if line]
    for kind, evidence in (
        _by_turns(paragraphs),
        ("interview", _by_names(paragraphs) or _by_questions(paragraphs)),
        ("live", _by_times(paragraphs) or label_of(article, "live")),
        ("release", _as_release(article, paragraphs)),
        ("transcript", label_of(article, "transcript")),
        ("interview", label_of(article, "interview")),
        ("opinion", opinion_label(article, paragraphs) or _by_voice(article, paragraphs)),
    ):
        if evidence:
            return Genre(kind, evidence)
    return None


def speaker(paragraph: str) -> str:
    """Name before the colon at the head of a paragraph, if it may be a speaker's; else empty.

    >>> speaker("THE PRESIDENT: Thank you."), speaker("Q: Why now?"), speaker("They agreed on this: nothing.")
    ('THE PRESIDENT', 'Q', '')
    """
    head, colon, rest = paragraph[:60].partition(":")
    if not colon or (rest and not rest[0].isspace()) or not head[:1].isalpha() or any(c.isdigit() for c in head):
        return ""
    words = head.split()
    capitals = head.isupper() and len(words) <= 7
    return head if capitals or (len(words) <= 3 and all(word[0].isupper() for word in words)) else ""


def _by_turns(paragraphs: Sequence[str]) -> tuple[str, str]:
    turns = [(name, line) for line in paragraphs if (name := speaker(line))]
    names = Counter(name for name, _ in turns)
    turns = [(name, line) for name, line in turns if names[name] > 1]
    rush = any(RUSH.search(line[:300]) for line in paragraphs[:3])
    speakers = {name for name, _ in turns}
    enough = len(turns) >= (RUSH_TURNS if rush else max(TURNS, TURN_SHARE * len(paragraphs)))
    # A table may have labels too ("TARGET: a market"); only in speech does one person address another.
    if not enough or len(speakers) < 2 or 5 * sum(bool(ADDRESS.search(line)) for _, line in turns) < len(turns):
        return ("transcript", 'text: "rush transcript"' if rush else "")
    evidence = f"text: {len(turns)} turns of {len(speakers)} speakers"
    asked = Counter(name for name, line in turns if "?" in line)
    asks = any(asked[name] >= max(2, ASKS * names[name]) for name in speakers)
    return ("interview" if asks and len(speakers) <= SPEAKERS else "transcript", evidence)


def _by_names(paragraphs: Sequence[str]) -> str:
    """Names of two speakers or more, each on a line of its own before what was said."""
    short = Counter(line for line in paragraphs if len(line) <= 40 and line[-1].isalpha() and "," not in line)
    names = {line for line, n in short.items() if n >= 3 and 2 <= len(line.split()) <= 4 and _is_name(line)}
    if len(names) < 2:
        return ""
    said = [after for line, after in pairwise(paragraphs) if line in names]
    spoken = sum(bool(ADDRESS.search(line)) for line in said)
    return f"text: turns under {len(names)} names" if 2 * spoken >= len(said) else ""


def _is_name(line: str) -> bool:
    # Some transcripts of podcasts print names in small letters.
    return line.islower() or all(word[0].isupper() for word in line.split())


def _by_questions(paragraphs: Sequence[str]) -> str:
    asked = sum(line[-1] == "?" and line[0] not in "\"“'‘" for line in paragraphs)
    if asked < max(QUESTIONS, QUESTION_SHARE * len(paragraphs)):
        return ""
    match = next((found for line in paragraphs[:10] if (found := INTERVIEWED.search(line[:1000]))), None)
    return f'text: {asked} questions, "{match[0]}"' if match else ""


def _by_times(paragraphs: Sequence[str]) -> str:
    times = sum(line[0] in "0123456789(uU" and bool(TIME.match(line)) for line in paragraphs)
    return f"text: {times} entries with a time" if times >= max(TIMES, TIME_SHARE * len(paragraphs)) else ""


def _as_release(article: Article, paragraphs: Sequence[str]) -> str:
    if label := label_of(article, "release"):
        return label
    if article.outlet.lower() in RELEASE_WIRES:
        return f"outlet: {article.outlet}"
    for line in paragraphs[:4]:
        if match := RELEASE_LINE.match(line[:200]):
            return f'text: "{match[0][-60:]}"'
    title = RELEASE_TITLE.match(article.title)
    if title and paragraphs and _count(Counter(_words(_own_text(paragraphs)[0])), ATTRIBUTING) <= 1:
        return f'title: "{title[0]}", nothing attributed'
    return ""


def _own_text(paragraphs: Sequence[str]) -> tuple[str, float]:
    """Head of a text without what stands in quotation marks, and the share that is left."""
    text = "\n".join(line for line in paragraphs if not any(cue in line for cue in INVITED))[:READ]
    own = QUOTATION.sub(" ", text)
    return own, len(own) / max(1, len(text))


def _words(text: str) -> list[str]:
    """Words in small letters, without the country that is spelled like a pronoun."""
    return WORD.findall(text.replace("US", "").lower())


def _count(words: Counter[str], wanted: Sequence[str]) -> int:
    return sum(words[word] for word in wanted)


def _by_voice(article: Article, paragraphs: Sequence[str]) -> str:
    """Signs that the author speaks and not sources."""
    if article.agency or article.dateline or article.language not in ("", "en") or EXPLAINED.search(article.title):
        return ""
    if not MARKS.search(article.body):
        return ""
    own, share = _own_text(paragraphs)
    words = Counter(_words(own))
    thousands = words.total() / 1000
    if words.total() < FEWEST_WORDS or (attributed := _count(words, ATTRIBUTING) / thousands) >= MORE_ATTRIBUTIONS:
        return ""
    counts = {name: _count(words, wanted) for name, wanted in VOICE.items()} | {"questions": own.count("?")}
    signs = [name for name, least in SIGNS.items() if counts[name] >= 2 and counts[name] >= least * thousands]
    if attributed >= ATTRIBUTIONS:
        return f"text: {', '.join(signs)}" if "I" in signs and len(signs) >= MORE_NEEDED else ""
    if share > 1 - QUOTED:
        signs.append("few quotations")
    if COMMENTED.search(article.byline) or "analysis" in article.title.lower()[:12] or _is_blog(article):
        signs.append("label")
    if _bears_authors_name(article):
        signs.append("outlet named for its author")
    return f"text: few attributions, {', '.join(signs)}" if len(signs) >= NEEDED else ""


def _is_blog(article: Article) -> bool:
    return any(
        segment in ("blog", "blogs", "ideas", "voices", "tipsheet") for segment in url_parts(article.url)[1][:-1]
    )


def _bears_authors_name(article: Article) -> bool:
    names = article.outlet.split()
    return 2 <= len(names) <= 3 and article.outlet != article.byline and all(name in article.byline for name in names)
