"""Cues: the words by which a text attributes what it tells to somebody, with their forms."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

KINDS = ("say", "think", "want", "feel", "speak")


@dataclass(frozen=True, slots=True)
class Form:
    """A form of a verb.

    Attributes:
        lemma: The verb.
        kinds: What may follow it: of `KINDS`.
        tense: base, s, past, participle, ing; a form that is both past and participle is `past`.
        after: Words that must follow, for a verb with a preposition ("call for"); else empty.
        addressing: Whether it first names whom it addresses ("told reporters that").
    """

    lemma: str
    kinds: frozenset[str]
    tense: str
    after: tuple[str, ...] = ()
    addressing: bool = False

    @property
    def act(self) -> str:
        """What the verb tells of: of `KINDS` the first that may hold."""
        return next(kind for kind in KINDS if kind in self.kinds)


@dataclass(frozen=True)
class Cues:
    """All cues: forms of verbs by the word they begin with, and adjectives; and nouns that look like such verbs."""

    verbs: dict[str, tuple[Form, ...]]
    nouns: frozenset[str]
    adjectives: frozenset[str]


def conjugated(verb: str) -> tuple[str, str, str, str]:
    """Third person, past, participle and -ing form of a regular verb.

    >>> conjugated("deny"), conjugated("announce")[3], conjugated("stress")[0]
    (('denies', 'denied', 'denied', 'denying'), 'announcing', 'stresses')
    """
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb[:-1] + "ies", verb[:-1] + "ied", verb[:-1] + "ied", verb + "ing"
    third = verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh")) else "s")
    if verb.endswith("e"):
        return third, verb + "d", verb + "d", (verb if verb.endswith(("ee", "oe", "ye")) else verb[:-1]) + "ing"
    return third, verb + "ed", verb + "ed", verb + "ing"


@lru_cache(maxsize=1)
def load_cues() -> Cues:
    """The cues of `framing/data/cues.toml`."""
    data = tomllib.loads(files("framing").joinpath("data", "cues.toml").read_text(encoding="utf-8"))
    irregular = {verb: tuple(forms.split()) for verb, forms in data["irregular"].items()}
    addressing = frozenset(data["addressing"].split())
    kinds: dict[str, set[str]] = {}
    for kind in KINDS:
        for verb in data[kind].split():
            kinds.setdefault(verb, set()).add(kind)
    found: dict[str, list[Form]] = {}

    def add(verb: str, kinds: frozenset[str], after: tuple[str, ...] = ()) -> None:
        third, past, participle, ing = irregular.get(verb) or conjugated(verb)
        told = verb in addressing and not after
        tenses = {verb: "base", third: "s", participle: "participle", ing: "ing"} | {past: "past"}
        for form, tense in tenses.items():
            found.setdefault(form, []).append(Form(verb, kinds, tense, after, told))

    for verb, of in kinds.items():
        add(verb, frozenset(of))
    for phrase in data["phrases"].replace("\n", " ").split(","):
        verb, *after = phrase.split()
        add(verb, frozenset({"speak"}), tuple(after))
    # A verb with its preposition comes before the verb by itself.
    verbs = {word: tuple(sorted(forms, key=lambda form: -len(form.after))) for word, forms in found.items()}
    nouns = {noun.strip() for noun in data["nouns"].replace("\n", " ").split(",")}
    return Cues(
        verbs,
        frozenset(nouns | {conjugated(noun)[0] for noun in nouns}),
        frozenset(word.strip() for word in data["adjectives"].replace("\n", " ").split(",")),
    )
