"""Speakers: who a source is, in an article: name, role and country, by what the article itself says of him."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace

from framing.attribution import Attribution
from framing.attribution.function_words import word_set
from framing.countries import Mention, find_mentions
from framing.gazetteer import load_gazetteer
from framing.introductions import (
    BEFORE,
    HEAD,
    PERSONAL_ROLES,
    TITLES,
    after_name,
    before_name,
    head_of,
    in_title,
    own_title,
)
from framing.roles import country_by_office, is_name_of, role_of

PRONOUNS = word_set("""
he she they it we i you who which that one those these
""")
PERSONAL = frozenset({"he", "she"})
CAPITALISED = re.compile(r"(?:[A-Z]\.)+|[^\W\d_a-z][\w'’-]*\.?")
WORD = re.compile(r"\S+")
GIVEN_NAME = re.compile(r"[A-Z][\w'’-]+|[A-Z]\.|bin|al|van|von|de|der")
# Given names before a surname are at most this many.
GIVEN = 3
PERSON = re.compile(r"\b[A-Z][a-z]+ (?:[A-Z]\. )?[A-Z][a-z]+(?:-[A-Z][a-z]+)?\b")
# "The mayor, Anna Berg": the name comes last.
NAME_LAST = re.compile(r"(?:[Tt]he|[Aa]n?|[Hh]is|[Hh]er|[Tt]heir) [^,]{2,60}, ([A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){1,2})")
OFFICIALS = re.compile(r"\b(?:officials?|aides?|diplomats?|advis[eo]rs?|officers?)\b", re.IGNORECASE)
UNNAMED = re.compile(
    r"\b(?:condition of anonymity|anonymous\w*|unnamed|not authori[sz]ed to|declined to be|asked not to be|"
    r"familiar with|sources?|insiders?)\b",
    re.IGNORECASE,
)
ARTICLE_FIRST = re.compile(r"the [a-z -]+$", re.IGNORECASE)
# A judge and a body are seldom the one official who has spoken.
NO_PERSON_KNOWN = re.compile(r"\b(?:judges?|magistrate|court|department|bureau|commission|regime|agency|bank)\b", re.I)
# A pronoun means the last speaker no longer after this many characters or paragraphs.
FAR, PARAGRAPHS = 1500, 2
NO_NAMES = word_set("""
monday tuesday wednesday thursday friday saturday sunday january february march april june july august september
october november december congress republicans republican democrats democrat democratic gop party committee
council department ministry office union court agency institute university center centre association foundation
group company bank kremlin pentagon parliament duma nato eu un cia fbi nsa but and in on at some many most both
all he she they it we as his her their its this that these those while when if after before however embassy
service services bureau commission administration government army navy force security intelligence homeland
campaign officials police authorities organization organisation also thus today yesterday states nations
corporation network forces team league church
""")


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who is behind an attribution.

    Attributes:
        name: The fullest name that the article gives, or the words that describe an unnamed one; may be empty.
        role: A role of `framing.roles.ROLES`, or empty where nothing tells.
        country: The country spoken for, ISO 3166-1 alpha-3, or empty.
        by: How it was found: named, described or pronoun; empty where it was not.
    """

    name: str = ""
    role: str = ""
    country: str = ""
    by: str = ""


def resolve(
    text: str,
    attributions: Sequence[Attribution],
    mentions: Sequence[Mention] | None = None,
    published: dt.date | None = None,
) -> list[Speaker]:
    """The speaker of each attribution of a text, in their order.

    A surname takes the full name, role and country that the article gives it anywhere; "the minister" is the one
    minister whom the article has named; "he" is the last speaker, where nobody else was named in between.

    Args:
        text: The text of one part of an article.
        attributions: What `find_attributions` found in it.
        mentions: Mentions of countries in it; found where not given.
        published: The article's day, which decides who is in office.

    >>> from framing.attribution import find_attributions
    >>> text = "Russian Foreign Minister Sergei Lavrov said talks had failed. Lavrov blamed Paris. “We wait,” he said."
    >>> for speaker in resolve(text, find_attributions(text)):
    ...     print(speaker.name, speaker.role, speaker.country, speaker.by)
    Sergei Lavrov government RUS named
    Sergei Lavrov government RUS named
    Sergei Lavrov government RUS pronoun
    """
    mentions = list(mentions) if mentions is not None else find_mentions(text, published)
    return _Resolver(text, mentions, published).speakers(attributions)


class _Resolver:
    def __init__(self, text: str, mentions: Sequence[Mention], published: dt.date | None) -> None:
        self.text, self.mentions, self.published = text, mentions, published
        self.starts = [m.start for m in mentions]
        self.known: dict[str, Speaker] = {}

    def speakers(self, attributions: Sequence[Attribution]) -> list[Speaker]:
        found: list[Speaker] = []
        last, last_end = Speaker(), -1
        for one in attributions:
            if not one.source:
                found.append(Speaker())
                continue
            start, end = one.source[0]
            word = self.text[start:end].lower()
            if word in PRONOUNS:
                speaker = replace(last, by="pronoun") if self._is_safe(word, last, last_end, start) else Speaker()
            else:
                speaker = self._named(start, end) or self._described(start, end)
            found.append(speaker)
            if speaker.by:
                last, last_end = speaker, end
        return found

    def _is_safe(self, pronoun: str, last: Speaker, last_end: int, start: int) -> bool:
        """Whether a pronoun can only mean the last speaker: a person, with no other person named in between."""
        if pronoun not in PERSONAL or last.by not in ("named", "pronoun") or not 0 <= start - last_end < FAR:
            return False
        between = self.text[last_end:start]
        own = set(last.name.split())
        return between.count("\n\n") <= PARAGRAPHS and all(own & set(m[0].split()) for m in PERSON.finditer(between))

    # -- by name

    def _named(self, start: int, end: int) -> Speaker | None:
        name = self._name_in(start, end)
        if not name and (told := NAME_LAST.fullmatch(self.text, start, end)):
            name = self._name_in(told.start(1), end)
        if not name:
            return None
        surname = name.split()[-1]
        if surname not in self.known:
            self.known[surname] = self._looked_up(name, surname)
        speaker = self.known[surname]
        if " " in name and name.split()[0] not in speaker.name.split():
            return self._looked_up(name, name)  # somebody else of that surname
        return speaker

    def _name_in(self, start: int, end: int) -> str:
        """The person's name in a source: the capitalised words that end its head and are no title, country or body."""
        text = self.text[start:end]
        parted = HEAD.search(text, 1)
        head = (text[: parted.start()] if parted else text).rstrip()
        run: list[str] = []
        at = 0
        for match in CAPITALISED.finditer(head):
            if head[at : match.start()].strip():
                run = []
            at = match.end()
            word = match[0]
            mention = self._mention_at(start + match.start())
            if word.rstrip(".") in TITLES or (mention and mention.kind != "leader"):
                run = []
            elif word.endswith(("'s", "’s")):
                run = [] if at < len(head) else [*run, word[:-2]]
            else:
                run.append(word)
        if len(run) > 2 and role_of(run[0]) in PERSONAL_ROLES:
            run = run[1:]  # "Farmer Anna Berg"
        if not run or at < len(head) or len(run) > 4 or any(w.lower().strip(".") in NO_NAMES for w in run):
            return ""
        name = " ".join(run)
        known = (mention := self._mention_at(start)) is not None and mention.kind == "leader"
        if (
            len(run) == 1
            and not known
            and (name.isupper() or len(name) < 3 or (self._opens_sentence(start) and not self._stands_within(name)))
        ):
            return ""
        return "" if is_name_of("media", name) or is_name_of("business", name) else name

    def _opens_sentence(self, start: int) -> bool:
        before = self.text[max(0, start - 4) : start].strip(" “”\"'‘’")
        return not before or before[-1] in ".!?\n"

    def _stands_within(self, name: str) -> bool:
        """Whether a word is also in capitals where no sentence opens with it."""
        word = re.escape(name)
        return re.search(rf" {word}(?<=[a-z,] {word})\b", self.text) is not None

    def _looked_up(self, name: str, surname: str) -> Speaker:
        """What the article says of a name, wherever it stands."""
        fullest, role, country = name, "", ""
        word = re.escape(surname)
        # What stands before the word is looked at last: a search for letters is faster than one for a place.
        for match in re.finditer(rf"{word}(?<!\w{word})(?!\w)", self.text):
            mention = self._mention_at(match.start())
            if mention and mention.kind == "leader":
                country = country or mention.country
                role = role or self._office(mention)
            title, given = self._before(match.start())
            if given and " " not in fullest:
                fullest = f"{given} {surname}"
            told = [(title, match.start() - BEFORE), *after_name(self.text, match.end())]
            told += before_name(self.text, match.start() - len(f"{given} ") if given else match.start(), match.end())
            for description, at in told:
                if description:
                    role = role or role_of(description)
                    country = country or self._country_of(description, self.text.find(description, max(0, at)))
                    country = country or country_by_office(description)
        return Speaker(fullest, role, country, "named")

    def _before(self, place: int) -> tuple[str, str]:
        """The title right before a name, and the given names between them."""
        first = max(0, place - BEFORE, self.text.rfind("\n\n", 0, place))
        words = [(m[0], m.start()) for m in WORD.finditer(self.text, first, place)]
        given: list[str] = []
        while words and len(given) < GIVEN and self._is_given(*words[-1]):
            given.insert(0, words.pop()[0])
        title: list[str] = []
        while words and in_title(words[-1][0]):
            title.insert(0, words.pop()[0])
        return own_title(" ".join(title)), " ".join(given)

    def _is_given(self, word: str, place: int) -> bool:
        mention = self._mention_at(place)
        return (
            GIVEN_NAME.fullmatch(word) is not None
            and not word.endswith(("'s", "’s", "s'", "s’"))
            and word.rstrip(".") not in TITLES
            and not role_of(word)
            and word.lower() not in NO_NAMES
            and (mention is None or mention.kind == "leader")
        )

    def _office(self, mention: Mention) -> str:
        form = self.text[mention.start : mention.end]
        entries = load_gazetteer().entries.get(form.split()[0].split("-")[0], ())
        leaders = [leader for entry in entries if entry.form == form for leader in entry.leaders]
        holders = [leader for leader in leaders if leader.country(self.published) == mention.country]
        if any(leader.holds("head of state", self.published) for leader in holders):
            return "head-of-state"
        return "government" if holders else ""

    # -- by description

    def _described(self, start: int, end: int) -> Speaker:
        words = self.text[start:end].strip(" ,")
        role = role_of(head_of(words))
        country = (self._country_of(words, start) or country_by_office(words)) if role or self._opens(start) else ""
        near = self.text[start : end + BEFORE]
        if (
            role in ("government", "military") and OFFICIALS.search(words) and not words.lower().startswith("the ")
        ) or (UNNAMED.search(words) or (OFFICIALS.search(words) and UNNAMED.search(near))):
            role = "anonymous-official"
        if ARTICLE_FIRST.match(words) and role and not country and not NO_PERSON_KNOWN.search(words):
            same = [s for s in self.known.values() if s.role == role]
            if len(same) == 1 and role in ("head-of-state", "expert", "opposition", "government", "legislature"):
                return replace(same[0], by="described")
        if not role and country:
            # "Moscow said": a state speaks through its government; "Russians said" is its people.
            mention = next((m for m in self.mentions if start <= m.start < end), None)
            kind = mention.kind if mention else ""
            role = "government" if kind in ("country", "capital", "metonym") else "public" if kind == "demonym" else ""
        return Speaker(words, role, country, "described" if role or country else "")

    def _opens(self, start: int) -> bool:
        """Whether a description begins with a country, a people, or an article before it: "the Russian side"."""
        first = start + 4 if self.text[start : start + 4].lower() == "the " else start
        return self._mention_at(first) is not None

    def _country_of(self, text: str, start: int) -> str:
        """The first country that a stretch names, but for one that an office is to: "ambassador to Russia"."""
        for mention in self.mentions[bisect_left(self.starts, start) :]:
            if mention.start >= start + len(text):
                break
            before = self.text[max(start, mention.start - 12) : mention.start]
            if not re.search(r"\b(?:to|on|in|with|against|from|about) (?:the )?$", before):
                return mention.country
        return ""

    def _mention_at(self, place: int) -> Mention | None:
        k = bisect_left(self.starts, place + 1) - 1
        return self.mentions[k] if k >= 0 and place < self.mentions[k].end else None
