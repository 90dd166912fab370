"""Countries: where a text names one, with the day's office-holders.

The rules are in docs/measures/countries.md; the names in `framing/data`; labelled cases in tests/cases/countries.toml.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from corpora.errors import InputError
from framing.gazetteer import Entry, Gazetteer, Leader, country_codes, country_name, load_gazetteer

CAPITALISED = re.compile(r"(?<![\w@])[^\W\d_a-z]\w*|(?<![\w@])10(?= Downing)")
WORD_BEFORE = re.compile(r"([\w.'-]*\w\.?) $")
WORD_AFTER = re.compile(r" ([A-Z]\w+)")
OFFICE = re.compile(
    r"(?:President|Prime Minister|Premier|Chancellor|Minister|Secretary|Secretary of State|Taoiseach|King|Queen|Emir|"
    r"Sultan|Emperor|Pope|Prince|Princess|Leader|leader|Chairman|Marshal|General|Gen\.|Col\.|Ayatollah|PM|FM|"
    r"president|prime minister|chancellor|premier|foreign minister|foreign secretary|Supreme Leader) $"
)
# A former or a deputy holder of the office is not its holder.
NOT_THE_OFFICE = re.compile(r"(?:[Ff]ormer|[Ee]x-?|[Ll]ate|[Vv]ice|[Dd]eputy|elder) ?(?:U\.S\. |US )?\w+(?: \w+)? $")
COURTESY = frozenset(
    [
        "Mr",
        "Mr.",
        "Mrs",
        "Mrs.",
        "Ms",
        "Ms.",
        "Dr",
        "Dr.",
        "Sir",
        "Lord",
        "Lady",
        "Sen.",
        "Rep.",
        "Gov.",
        "Judge",
        "Justice",
        "Senator",
        "Congressman",
    ]
)
# Words that stand in capitals before a name because they open a sentence or a headline.
OPENERS = frozenset(
    [
        "But",
        "And",
        "When",
        "While",
        "If",
        "As",
        "After",
        "Before",
        "The",
        "Did",
        "Will",
        "Has",
        "Is",
        "Can",
        "Why",
        "How",
        "What",
        "Then",
        "That",
        "Though",
        "Although",
        "Because",
        "Since",
        "Until",
        "With",
        "For",
        "From",
        "In",
        "On",
        "At",
        "By",
        "To",
        "Of",
        "Like",
        "Unlike",
        "Under",
        "Even",
        "Only",
        "Both",
        "Yet",
        "So",
        "Or",
        "Not",
        "No",
        "Would",
        "Could",
        "Should",
        "Does",
        "Do",
        "Was",
        "Were",
        "Are",
        "Have",
        "Had",
        "Today",
        "Yesterday",
        "Monday",
        "Tuesday",
        "Wednesday",
        "Thursday",
        "Friday",
        "Saturday",
        "Sunday",
        "Where",
        "Who",
        "Meanwhile",
    ]
)
PRONOUN_BEFORE = re.compile(
    r"\b(?:TELL|GIVE|LET|HELP|SHOW|ALL|JOIN|ABOUT|FOLLOW|CONTACT|LEAVE|OF|LIKE|SAVE|SAVED|KILL|ASK|TEACH|BRING|MAKE|TAKE|"
    r"TELLS|GIVES|MAKES|TAUGHT|SHOWS|TOLD|GAVE|NEED|NEEDS|LEFT|KEEP|KEEPS|REMIND|REMINDS|LIED TO|HAPPENED TO|FAILED) $"
)
STATES = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|"
    "Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|"
    "Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|"
    "Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|"
    "West Virginia|Wisconsin|Wyoming|Ontario|Quebec|Alberta|Manitoba|Saskatchewan|Nova Scotia|New Brunswick|British Columbia|"
    r"Ala\.|Ariz\.|Ark\.|Calif\.|Colo\.|Conn\.|Del\.|Fla\.|Ga\.|Ill\.|Ind\.|Kan\.|Ky\.|La\.|Md\.|Mass\.|Mich\.|Minn\.|"
    r"Miss\.|Mo\.|Mont\.|Neb\.|Nev\.|N\.H\.|N\.J\.|N\.M\.|N\.Y\.|N\.C\.|N\.D\.|Okla\.|Ore\.|Pa\.|R\.I\.|S\.C\.|S\.D\.|Tenn\.|"
    r"Tex\.|Vt\.|Va\.|Wash\.|W\.Va\.|Wis\.|Wyo\."
)
# "Paris, Texas": a town elsewhere, with its state.
TOWN_IN_STATE = re.compile(rf", (?:{STATES})(?!\w)")
# "to Jordan": a place, not a person; "Jordan's king": a country's office.
PLACE_BEFORE = re.compile(r"\b(?:in|to|from|across|throughout|into|near|outside|inside) $")
STATE_AFTER = re.compile(
    r"'s (?:king|queen|president|prime|foreign|army|military|government|border|parliament|capital|ruling|economy|"
    r"ambassador)"
)
MONTH_BEFORE = re.compile(r"\b(?:in|since|until|by|last|next|this|of|early|late|mid|from|on|\d{1,2})[ -]$")
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
        end = start + len(entry.form)
        if entry.kind == "blocker":
            _note_stranger(entry, persons)
        elif entry.kind in ("leader", "surname"):
            if country := _leader_country(entry, flat, start, end, published, persons, gazetteer):
                mentions.append(Mention(start, end, country, "leader"))
        elif _is_town_elsewhere(entry, flat, end):
            end = TOWN_IN_STATE.match(flat, end).end()  # type: ignore[union-attr]
        elif _is_pronoun(entry, flat, start, end) or _is_surname(entry, flat, start, gazetteer, persons):
            continue
        elif entry.rule == "context" or entry.form in gazetteer.contexts:
            doubtful.append((start, end, entry))
        else:
            mentions.append(Mention(start, end, entry.country, entry.kind))
    if doubtful:
        sure = {mention.country for mention in mentions}
        mentions += [
            Mention(start, end, entry.country, entry.kind)
            for start, end, entry in doubtful
            if _is_supported(entry, flat, start, end, sure, gazetteer)
        ]
        mentions.sort(key=lambda mention: mention.start)
    return mentions


def _longest(gazetteer: Gazetteer, text: str, start: int, word: str) -> Entry | None:
    found = gazetteer.entries.get(word, ())
    if len(word) > 1 and word.isupper():
        found = (*found, *gazetteer.capitals.get(word, ()))
    for entry in found:
        if text.startswith(entry.form, start):
            follows = text[start + len(entry.form) : start + len(entry.form) + 1]
            if entry.rule == "prefix" and follows not in ("-", "–"):
                continue
            if not (follows.isalnum() or follows in ("_", "$")):
                return entry
    return None


def _before(text: str, start: int) -> str:
    """The word right before a place; empty at the start of a sentence."""
    match = WORD_BEFORE.search(text, max(0, start - 40), start)
    return match[1] if match else ""


def _leader_country(
    entry: Entry,
    text: str,
    start: int,
    end: int,
    published: dt.date | None,
    persons: Persons,
    gazetteer: Gazetteer,
) -> str | None:
    """The country that a person's name stands for here, if any."""
    if re.match(r",? (?:Jr\b|Sr\b|I{2,3}\b)", text[end : end + 5]):
        return None
    if entry.form == "May" and (
        MONTH_BEFORE.search(text, max(0, start - 10), start) or text[end : end + 2].strip().isdigit()
    ):
        return None
    if entry.kind == "leader":
        in_office = [leader for leader in entry.leaders if leader.country(published)]
        leader = (in_office or list(entry.leaders))[-1]
        persons.meet(leader)
        return None if re.search(r"\b[Ee]lder $", text[max(0, start - 7) : start]) else leader.country(published)
    if _is_somebody_else(entry, text, start, end, gazetteer):
        return None
    countries = {c for leader in _meant(entry, text, start, persons) if (c := leader.country(published))}
    return countries.pop() if len(countries) == 1 else None


def _is_somebody_else(entry: Entry, text: str, start: int, end: int, gazetteer: Gazetteer) -> bool:
    """Whether a surname stands in the name of another person ("Ivanka Trump", "Kim Yo Jong")."""
    word = _before(text, start)
    own = {part for leader in entry.leaders for part in leader.name.split()}
    if word in COURTESY or word in own:
        return False
    if word in gazetteer.given_names or re.fullmatch(r"[A-Z]\.", word):
        return True
    if any(leader.alone for leader in entry.leaders):
        return False
    after = WORD_AFTER.match(text, end)
    if after and after[1] not in gazetteer.entries and not text[start:end].isupper():
        return True
    is_name = word[:1].isupper() and not word.isupper() and word not in OPENERS
    return is_name and not OFFICE.search(text, max(0, start - 24), start) and word not in gazetteer.entries


def _meant(entry: Entry, text: str, start: int, persons: Persons) -> Sequence[Leader]:
    """The leaders whom a surname by itself may mean here."""
    form = entry.form.title() if entry.form.isupper() else entry.form
    if OFFICE.search(text, max(0, start - 24), start):
        return [] if NOT_THE_OFFICE.search(text, max(0, start - 40), start) else entry.leaders
    if form in persons.by_surname:
        known = persons.by_surname[form]
        return [known] if known else [leader for leader in entry.leaders if leader.alone]
    return [leader for leader in entry.leaders if leader.alone]


def _note_stranger(entry: Entry, persons: Persons) -> None:
    if entry.rule == "person":
        surname = re.sub(r",? (?:Jr|Sr)\.?$", "", entry.form).split()[-1]
        persons.by_surname.setdefault(surname, None)


def _is_town_elsewhere(entry: Entry, text: str, end: int) -> bool:
    match = TOWN_IN_STATE.match(text, end) if entry.kind in ("country", "capital", "metonym") else None
    if match is None or (entry.country == "USA" and text[match.end() : match.end() + 1] not in (",", ".")):
        return False  # "at the White House, Virginia Gov. ..." goes on with somebody from the state
    return not (match[0] == ", Georgia" and entry.country == "GEO")


def _is_pronoun(entry: Entry, text: str, start: int, end: int) -> bool:
    """Whether "US" is the pronoun in a line that is all in capitals ("TELL US")."""
    if entry.form != "US":
        return False
    around = text[max(0, start - 40) : start] + text[end : end + 40]
    if any(c.islower() for c in around) or sum(c.isupper() for c in around) < 4:
        return False
    return bool(PRONOUN_BEFORE.search(text, max(0, start - 14), start)) or text.startswith(" AND THEM", end)


def _is_surname(entry: Entry, text: str, start: int, gazetteer: Gazetteer, persons: Persons) -> bool:
    """Whether a one-word name is somebody's surname here ("Lisa Monaco"), or was before ("George Washington")."""
    if entry.kind == "metonym" or " " in entry.form or entry.form.startswith("U.S"):
        return False
    word = _before(text, start)
    if word in gazetteer.given_names or word in COURTESY:
        persons.by_surname.setdefault(entry.form, None)
        return True
    return entry.form in persons.by_surname and not PLACE_BEFORE.search(text, max(0, start - 12), start)


def _is_supported(entry: Entry, text: str, start: int, end: int, sure: set[str], gazetteer: Gazetteer) -> bool:
    """Whether what stands around an ambiguous name speaks for the country: its own words, and other countries named."""
    own = 2 * (entry.country in sure)
    context = gazetteer.contexts.get(entry.form.title() if entry.form.isupper() else entry.form)
    if context is None:
        return own > 0
    after = WORD_AFTER.match(text, end)
    window = text[max(0, start - WINDOW) : start] + " " + text[end : end + WINDOW]
    against = len(context.against.findall(window))
    support = len(context.support.findall(window)) + own + min(2, len(sure - {"USA", entry.country}))
    support += bool(PLACE_BEFORE.search(text, max(0, start - 12), start)) + 2 * bool(STATE_AFTER.match(text, end))
    if after and not context.default and support <= 1 and after[1] not in gazetteer.entries and after[1] not in OPENERS:
        return False
    return support > against or (support == against and context.default)


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
