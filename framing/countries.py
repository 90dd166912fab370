"""Countries: where a text names one, with the day's office-holders.

The rules are in docs/measures/countries.md; the names in `framing/data`; labelled cases in tests/cases/countries.toml.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from dataclasses import dataclass

from corpora.errors import InputError
from framing.gazetteer import Entry, Gazetteer, country_codes, country_name, load_gazetteer
from framing.labels import is_label
from framing.persons import COURTESY, OPENERS, WORD_AFTER, Persons, leader_country, note_stranger, word_before

CAPITALISED = re.compile(r"(?<![\w@])[^\W\d_a-z]\w*")
PRONOUN_BEFORE = re.compile(
    r"\b(?:TELL|GIVE|LET|HELP|SHOW|ALL|JOIN|ABOUT|FOLLOW|CONTACT|LEAVE|OF|LIKE|SAVE|SAVED|KILL|ASK|TEACH|BRING|MAKE|TAKE|"
    r"TELLS|GIVES|MAKES|TAUGHT|SHOWS|TOLD|GAVE|NEED|NEEDS|LEFT|KEEP|KEEPS|REMIND|REMINDS|LIED TO|HAPPENED TO|FAILED) $"
)
STATES = (
    "Alabama|Alaska|Arizona|Arkansas|California|Colorado|Connecticut|Delaware|Florida|Georgia|Hawaii|Idaho|Illinois|"
    "Indiana|Iowa|Kansas|Kentucky|Louisiana|Maine|Maryland|Massachusetts|Michigan|Minnesota|Mississippi|Missouri|Montana|"
    "Nebraska|Nevada|New Hampshire|New Jersey|New Mexico|New York|North Carolina|North Dakota|Ohio|Oklahoma|Oregon|"
    "Pennsylvania|Rhode Island|South Carolina|South Dakota|Tennessee|Texas|Utah|Vermont|Virginia|Washington|"
    "West Virginia|Wisconsin|Wyoming|Ontario|Quebec|Alberta|Manitoba|Saskatchewan|Nova Scotia|New Brunswick|"
    r"Ala\.|Ariz\.|Ark\.|Calif\.|Colo\.|Conn\.|Del\.|Fla\.|Ga\.|Ill\.|Ind\.|Kan\.|Ky\.|La\.|Md\.|Mass\.|Mich\.|Minn\.|"
    r"Miss\.|Mo\.|Mont\.|Neb\.|Nev\.|N\.H\.|N\.J\.|N\.M\.|N\.Y\.|N\.C\.|N\.D\.|Okla\.|Ore\.|Pa\.|R\.I\.|S\.C\.|S\.D\.|"
    r"British Columbia|Tenn\.|"
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


def find_mentions(
    text: str, published: dt.date | None = None, persons: Persons | None = None, labels: bool = False
) -> list[Mention]:
    """Every mention of a country in a text, in order; they do not overlap.

    Args:
        text: Any text; the spans are characters of it.
        published: The article's day, which decides who is in office. Without it every term of office counts.
        persons: Who was named in full before this text (in the body, say, when a headline is read).
        labels: Whether a name that only labels an affair ("the Russia probe") is given too, as a country.

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
            note_stranger(entry, persons)
        elif entry.kind in ("leader", "surname"):
            if country := leader_country(entry, flat, start, end, published, persons, gazetteer):
                mentions.append(Mention(start, end, country, "leader"))
        elif _is_town_elsewhere(entry, flat, end):
            end = TOWN_IN_STATE.match(flat, end).end()  # type: ignore[union-attr]
        elif (
            (entry.kind == "country" and not labels and is_label(entry.country, flat, start, end))
            or _is_pronoun(entry, flat, start, end)
            or _is_surname(entry, flat, start, gazetteer, persons)
        ):
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
    word = word_before(text, start)
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
