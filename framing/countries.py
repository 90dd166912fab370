"""Countries: where a text names one, with the day's office-holders.

The rules are in docs/measures/countries.md; the names in `framing/data`; labelled cases in tests/cases/countries.toml.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from corpora.errors import InputError
from framing.gazetteer import Entry, Gazetteer, Leader, country_codes, country_name, load_gazetteer

CAPITALISED = re.compile(r"(?<![\w@])[^\W\d_a-z]\w*|(?<![\w@])10(?= Downing)")
WORD_BEFORE = re.compile(r"([\w.’'-]*\w\.?)[ \u00a0]$")
WORD_AFTER = re.compile(r"[ \u00a0]([A-Z][a-z]+)")
OFFICE = re.compile(
    r"(?:President|Presidents|Prime Minister|Premier|Chancellor|Minister|Secretary|Secretary of State|Taoiseach|King|Queen|"
    r"Emir|Sultan|Emperor|Pope|Prince|Princess|Leader|leader|Chairman|Marshal|General|Gen\.|Col\.|Ayatollah|PM|FM|Vice President|"
    r"president|prime minister|chancellor|premier|foreign minister|foreign secretary|Foreign Secretary|Supreme Leader) $"
)
# Between "Secretary of State" and a name nothing stands; these may precede a name without being a given name.
COURTESY = {"Mr", "Mr.", "Mrs", "Mrs.", "Ms", "Ms.", "Dr", "Dr.", "Sir", "Lord", "Sen.", "Rep.", "Gov.", "Judge", "Justice"}
PRONOUN_BEFORE = re.compile(
    r"\b(?:TELL|GIVE|LET|HELP|SHOW|ALL|JOIN|ABOUT|FOLLOW|CONTACT|LEAVE|OF|LIKE|SAVE|KILL|ASK|TEACH|BRING|MAKE|"
    r"TAKE|TELLS|GIVES|MAKES|TAUGHT|SHOWS|TOLD|GAVE|FOR ALL|NEED|NEEDS|LEFT|KEEP|KEEPS|REMIND|REMINDS) $"
)
# Characters around an ambiguous name that are read for what it means; about two sentences.
WINDOW = 250


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a text names a country.

    Attributes:
        start: First character.
        end: One past the last, without the possessive.
        country: ISO 3166-1 alpha-3 code.
        kind: country, demonym, capital, metonym or leader.
    """

    start: int
    end: int
    country: str
    kind: str


@dataclass
class Persons:
    """Who has been named in full so far: a surname by itself means the last of them who bears it."""

    by_surname: dict[str, Leader | None] = field(default_factory=dict)

    def meet(self, leader: Leader) -> None:
        """A leader is named in full."""
        for surname in leader.surnames:
            self.by_surname[surname] = leader

    def meet_stranger(self, surname: str) -> None:
        """Somebody else who bears the name is named in full."""
        self.by_surname[surname] = None


def find_mentions(text: str, published: dt.date | None = None, persons: Persons | None = None) -> list[Mention]:
    """Every mention of a country in a text, in order; they do not overlap.

    Args:
        text: Any text; the spans are characters of it.
        published: The article's day, which decides who is in office. Without it every term of office counts.
        persons: Who was named in full before this text (in the body, say, when a headline is read).

    >>> for m in find_mentions("US President Barack Obama met Russia's leader.", dt.date(2012, 6, 18)):
    ...     print(m.country, m.kind, m.start, m.end)
    USA country 0 2
    USA leader 13 25
    RUS country 30 36
    """
    gazetteer = load_gazetteer()
    persons = persons if persons is not None else Persons()
    mentions: list[Mention] = []
    doubtful: list[tuple[int, int, Entry]] = []
    flat = text.replace("\n", " ").replace("\u00a0", " ").replace("’", "'")
    end = 0
    for match in CAPITALISED.finditer(flat):
        start = match.start()
        if start < end:
            continue
        entry = _longest(gazetteer, flat, start, match[0])
        if entry is None:
            continue
        stop = start + len(entry.form)
        if entry.kind == "blocker":
            _note_stranger(entry, persons)
            end = stop
        elif entry.kind in ("leader", "surname"):
            mention, end = _leader_mention(entry, flat, start, stop, published, persons, gazetteer)
            if mention:
                mentions.append(mention)
        elif entry.rule == "context" or entry.form in gazetteer.contexts:
            doubtful.append((start, stop, entry))
            end = stop
        elif not _is_word_in_capitals(entry, flat, start, stop) and not _is_surname(entry, flat, start, gazetteer):
            mentions.append(Mention(start, stop, entry.country, entry.kind))
            end = stop
    if doubtful:
        sure = sorted({mention.country for mention in mentions})
        mentions += _settle(doubtful, flat, sure, gazetteer)
        mentions.sort(key=lambda mention: mention.start)
    return mentions


def _longest(gazetteer: Gazetteer, text: str, start: int, word: str) -> Entry | None:
    for entry in gazetteer.entries.get(word, ()):
        if text.startswith(entry.form, start):
            stop = start + len(entry.form)
            follows = text[stop : stop + 1]
            if entry.rule == "prefix" and follows not in "-–":
                continue
            if not (follows.isalnum() or follows in ("_", "$")) and text[start - 1 : start] != "@":
                return entry
    return None


def _leader_mention(
    entry: Entry,
    text: str,
    start: int,
    stop: int,
    published: dt.date | None,
    persons: Persons,
    gazetteer: Gazetteer,
) -> tuple[Mention | None, int]:
    """The mention that a person's name makes, if any, and where reading goes on."""
    before = WORD_BEFORE.search(text, max(0, start - 40), start)
    if entry.kind == "leader":
        in_office = [leader for leader in entry.leaders if leader.country(published)]
        leader = (in_office or list(entry.leaders))[-1]
        persons.meet(leader)
        country = leader.country(published)
        return (Mention(start, stop, country, "leader") if country else None), stop
    if before and _is_given_name(before[1], entry, gazetteer):
        persons.meet_stranger(entry.form)
        return None, stop
    if re.match(r" (?:Jr\.?|Sr\.?|I{2,3})\b", text[stop : stop + 5]):
        return None, stop
    countries = {c for leader in _meant(entry, text, start, persons) if (c := leader.country(published))}
    if len(countries) == 1:
        return Mention(start, stop, countries.pop(), "leader"), stop
    return None, stop


def _meant(entry: Entry, text: str, start: int, persons: Persons) -> Sequence[Leader]:
    """The leaders whom a surname by itself may mean here."""
    if entry.form in persons.by_surname:
        known = persons.by_surname[entry.form]
        return [known] if known else []
    if OFFICE.search(text, max(0, start - 24), start):
        return entry.leaders
    return [leader for leader in entry.leaders if leader.alone]


def _is_given_name(word: str, entry: Entry, gazetteer: Gazetteer) -> bool:
    own = {part for leader in entry.leaders for part in leader.name.split()}
    if word in COURTESY or word in own:
        return False
    return word in gazetteer.given_names or bool(re.fullmatch(r"[A-Z]\.", word))


def _note_stranger(entry: Entry, persons: Persons) -> None:
    if entry.rule == "person":
        words = entry.form.replace(" Jr.", "").replace(" Jr", "").split()
        if words[-1] not in persons.by_surname:
            persons.meet_stranger(words[-1])


def _is_word_in_capitals(entry: Entry, text: str, start: int, stop: int) -> bool:
    """Whether the form is a common word that is in capitals only because the whole line is ("TELL US")."""
    if entry.form not in ("US", "CHAD", "IT"):
        return False
    around = text[max(0, start - 40) : start] + text[stop : stop + 40]
    if any(c.islower() for c in around) or sum(c.isupper() for c in around) < 4:
        return False
    return bool(PRONOUN_BEFORE.search(text, max(0, start - 14), start))


def _is_surname(entry: Entry, text: str, start: int, gazetteer: Gazetteer) -> bool:
    """Whether a given name stands before a one-word name ("Paris", "London", "Israel")."""
    if entry.kind not in ("country", "capital") or " " in entry.form:
        return False
    before = WORD_BEFORE.search(text, max(0, start - 40), start)
    return bool(before) and before is not None and before[1] in gazetteer.given_names and before[1] not in gazetteer.entries


def _settle(doubtful: list[tuple[int, int, Entry]], text: str, sure: list[str], gazetteer: Gazetteer) -> Iterator[Mention]:
    """Ambiguous names that their surroundings support: own words for and against, and other countries named."""
    persons_named: set[str] = set()
    for start, stop, entry in doubtful:
        context = gazetteer.contexts.get(entry.form)
        before = WORD_BEFORE.search(text, max(0, start - 40), start)
        if entry.kind != "demonym" and before and _names_a_person(before[1], gazetteer):
            persons_named.add(entry.form)
            continue
        after = WORD_AFTER.match(text, stop)
        if context is None or entry.form in persons_named:
            continue
        window = text[max(0, start - WINDOW) : start] + " " + text[stop : stop + WINDOW]
        support = len(context.support.findall(window)) + min(2, len([c for c in sure if c not in ("USA", entry.country)]))
        against = len(context.against.findall(window))
        if entry.country in sure:
            support += 2
        if after and entry.kind != "demonym" and not gazetteer.entries.get(after[1]) and against == 0 and support == 0:
            continue
        if support > against or (support == against and (context.default or support > 0 and entry.country in sure)):
            yield Mention(start, stop, entry.country, entry.kind)


def _names_a_person(word: str, gazetteer: Gazetteer) -> bool:
    return word in COURTESY or word in gazetteer.given_names or bool(re.fullmatch(r"[A-Z]\.", word))


def check_country(code: str) -> str:
    """The code in capitals.

    Raises:
        InputError: There is no such country; the message names the nearest code or name.

    >>> check_country("rus")
    'RUS'
    """
    known = country_codes()
    if code.upper() in known:
        return code.upper()
    names = {country_name(c).lower(): c for c in known}
    named = difflib.get_close_matches(code.lower(), names, n=1, cutoff=0.75)
    near = [names[n] for n in named] or difflib.get_close_matches(code.upper(), known, n=2, cutoff=0.6)
    hint = f"; did you mean {' or '.join(f'{c} ({country_name(c)})' for c in near)}?" if near else ""
    raise InputError(f"no country {code!r}: codes are ISO 3166-1 alpha-3, such as USA and RUS{hint}")


def read_dyad(text: str) -> tuple[str, str]:
    """The two countries of `USA-RUS`, in alphabetical order: a pair has no direction.

    Raises:
        InputError: It is not two different countries joined by a hyphen.

    >>> read_dyad("USA-RUS")
    ('RUS', 'USA')
    """
    parts = [part.strip() for part in text.replace("–", "-").split("-")]
    if len(parts) != 2 or not all(parts):
        raise InputError(f"dyad {text!r} is not two country codes joined by a hyphen, such as USA-RUS")
    first, second = sorted(check_country(part) for part in parts)
    if first == second:
        raise InputError(f"dyad {text!r} names one country twice")
    return first, second


def countries_in(mentions: Iterable[Mention]) -> list[str]:
    """Codes of the countries mentioned, sorted."""
    return sorted({mention.country for mention in mentions})
