"""Clauses: the attributions of one sentence, cue by cue from the left."""

from __future__ import annotations

from framing.attribution.complements import Complements
from framing.attribution.cues import Cues, Form
from framing.attribution.function_words import (
    AUXILIARIES,
    BE,
    CONJUNCTIONS,
    DETERMINERS,
    NOUNS_TOO,
    PAUSES,
    PREPOSITIONS,
    PRONOUNS,
    QUANTIFIERS,
    QUOTATION_MARKS,
    is_adverb,
)
from framing.attribution.sentence import Found, Sentence, Span
from framing.attribution.sources import Sources

# Prepositions after which a form in -ing attributes: "by saying", "despite calling".
BEFORE_GERUNDS = frozenset({"by", "despite", "after", "before", "while", "with", "without", "in"})
OF_PASSIVES = frozenset({"to", "as", "of", "for", "that"})
# Verbs of saying that need no other sign to be no noun; and what may be said only with an object after it.
PLAINLY_SAID = frozenset({"say", "tell", "write", "insist", "believe", "want", "know", "argue"})
AFTER_NOUNS = frozenset({"and", "or", ".", "of", "by", "from", ""})
BARE = frozenset({"like", "mean", "state", "point", "post", "read"})
# A name before a headline's colon is at most this many words.
NAME_WORDS = 6


def find_in(sentence: Sentence, cues: Cues) -> None:
    """Find the attributions of a sentence and note them in it."""
    if len(sentence) > 1:
        _Clauses(sentence, cues).find()


class _Clauses:
    def __init__(self, sentence: Sentence, cues: Cues) -> None:
        self.s, self.cues = sentence, cues
        self.low, self.words, self.n = sentence.low, sentence.words, len(sentence)
        self.at: dict[int, Form] = {}
        for k in range(self.n):
            if self.low[k] in cues.verbs and sentence.told(k) and (form := self._cue(k)):
                self.at[k] = form
        self.sources = Sources(sentence, self.at)
        self.complements = Complements(sentence, self.sources, cues)

    def find(self) -> None:
        found = self._according()
        for k, form in self.at.items():
            if any(a <= k < b for one in found if one.act != "according" for a, b in one.content):
                continue
            if one := self._verb(k, form):
                found.append(one)
                self.sources.subject = one.source or self.sources.subject
        fitting = (k for k in range(2, self.n - 1) if self.low[k] in self.cues.adjectives)
        found += [one for k in fitting if (one := self._adjective(k, found))]
        if not any(one.cue[0] < NAME_WORDS for one in found) and (headline := self._headline()):
            found.append(headline)
        if self.low[-1] == ":":
            self.s.introduces = self._introducer()
        self.s.found = sorted(found, key=lambda one: one.cue)

    def _introducer(self) -> Span | None:
        """Whom a sentence that ends with a colon lets speak: the subject of its last cue, or of its clause."""
        for k in sorted(self.at, reverse=True):
            if self.n - k > 9:
                break
            source, begin, _, possible = self.sources.of(k, self.at[k])
            if source is None and begin == 0:
                source = self.sources.phrase_after(k + 1)
            if possible and source:
                return source
        comma = max((m for m in range(self.n - 1) if self.low[m] == ","), default=-1)
        head = self.sources.phrase_after(comma + 1) if comma + 1 < self.n - 1 else None
        return head or self.sources.clause_subject(self.n)

    # -- which words are cues

    def _cue(self, k: int) -> Form | None:
        """The verb form at a token, if it is one here and no noun."""
        return next(
            (form for form in self.cues.verbs[self.low[k]] if self._whole(k, form) and self._is_verb(k, form)), None
        )

    def _whole(self, k: int, form: Form) -> bool:
        """Whether the words that belong to a verb follow it, an adverb in between at most."""
        size = len(form.after)
        if tuple(self.low[k + 1 : k + 1 + size]) == form.after:
            return True
        between = self.low[k + 1] if k + 2 < self.n else ""
        return (
            size == 1
            and self.low[k + 2 : k + 3] == list(form.after)
            and (between.endswith("ly") or between in ("himself", "herself", "themselves", "out", "back", "not"))
        )

    def _is_verb(self, k: int, form: Form) -> bool:
        low = self.low
        before, after = low[k - 1] if k else "", low[k + 1] if k + 1 < self.n else ""
        noun = (before in DETERMINERS and before not in QUANTIFIERS | {"that", "this", "these", "those"}) or (
            before.endswith(("'s", "s'"))
        )
        if form.tense == "ing":
            misled = form.lemma in ("regard", "consider") and after not in DETERMINERS
            return not (noun or before in PREPOSITIONS - BEFORE_GERUNDS or misled)
        if form.tense in ("past", "participle"):
            return not (noun or before in ("so", "much", "well"))
        if noun or after in AUXILIARIES or before in PREPOSITIONS - {"to"}:
            return False
        if k and before not in PRONOUNS and self.words[k][0].isupper() and not self.s.is_title():
            return False
        return self._is_base(k, form, before, after) if form.tense == "base" else self._is_third(k, form, before, after)

    def _is_base(self, k: int, form: Form, before: str, after: str) -> bool:
        if before == "to" or before in BE or (before == "one" and k > 1 and self.low[k - 2] in PREPOSITIONS):
            return False
        if before in AUXILIARIES - BE or before in PRONOUNS or (before and is_adverb(before, self.words[k - 1])):
            return True
        if form.lemma not in self.cues.nouns and form.lemma not in NOUNS_TOO and before and before not in PAUSES:
            return True
        # A plural before it, and an object or a clause after it.
        plural = before.endswith("s") or before in ("people", "and", "men", "women", "which", "who", "that", "police")
        object_after = after not in PAUSES and after not in PREPOSITIONS - {"to"} and after != "."
        return k > 0 and form.lemma not in BARE and plural and (object_after or form.lemma in PLAINLY_SAID)

    def _is_third(self, k: int, form: Form, before: str, after: str) -> bool:
        if before in CONJUNCTIONS and k > 1 and self.low[k - 2] in self.cues.nouns:
            return False
        if form.lemma in PLAINLY_SAID or form.after:
            return True
        quoted = any(not self.s.told(m) for m in range(max(0, k - 6), k))
        return bool(before) and (after not in AFTER_NOUNS or (quoted and after == "."))

    # -- verbs

    def _verb(self, k: int, form: Form) -> Found | None:
        source, begin, passive, possible = self.sources.of(k, form)
        if not possible:
            return None
        size = len(form.after)
        cue = (begin, k + 1 + (size if tuple(self.low[k + 1 : k + 1 + size]) == form.after else 0))
        if passive and form.tense in ("past", "participle"):
            return self._passive(cue, source, form)
        reports = ("say" in form.kinds or form.lemma in ("ask", "think", "describe")) and form.tense != "ing"
        left = self.complements.before(begin, source, k) if reports else None
        if source is None:
            return self._inverted(cue, left, form) if reports and left else self._own(cue, None, form)
        if left and self._belongs(left, self.complements.start(cue[1], form)):
            right = self.complements.after_pause(self.complements.start(cue[1], form) or cue[1])
            return Found(cue, source, [left, right] if right else [left], form.act)
        return self._own(cue, source, form, left)

    def _inverted(self, cue: Span, left: Span, form: Form) -> Found | None:
        """ "…", said the minister."""
        opens = cue[0] == 0 or self.low[cue[0] - 1] in QUOTATION_MARKS or self.low[cue[0] - 1] == ","
        if not (opens and cue[1] < self.n and self.s.nominal(cue[1])):
            return None
        source = self.sources.phrase_after(cue[1])
        if source is None:
            return None
        right = self.complements.after_pause(source[1])
        return Found(cue, source, [left, right] if right else [left], form.act)

    def _belongs(self, left: Span, start: int | None) -> bool:
        """Whether what stands before a cue is its content, and not what follows it."""
        if start is None or self.s.ends(start):
            return True
        if not self.s.told(start):
            return False
        if not self.s.told(left[1] - 1):
            return self.low[start] != "that"
        clause = left[1] - left[0] > 5 and self.low[left[0]] not in PREPOSITIONS
        return clause and self.low[start] in PREPOSITIONS - {"to", "about", "of"}

    def _own(self, cue: Span, source: Span | None, form: Form, left: Span | None = None) -> Found | None:
        """A cue with its complement after it."""
        start = self.complements.start(cue[1], form)
        if source is None and form.tense != "ing":
            return None
        if start is None or start >= self.n or self.low[start] == ".":
            return Found(cue, source, [left], form.act) if source and left else None
        if form.tense == "participle" and cue[0] + 1 + len(form.after) == cue[1]:
            return None
        adrift = self.low[start] in PREPOSITIONS - {"to", "for", "as"} and self.s.told(start)
        if form.kinds == {"speak"} and not form.after and adrift:
            return None
        end = self.complements.end(start, form)
        if source and self.low[source[1] - 2 : source[1]] in ([",", "who"], [",", "which"]):
            end = self.complements.within_insertion(start, end)
        # "Agreed to leave", "continued to wait": an act or an intent, and nothing that was said.
        act = "want" if self.low[start] == "to" else form.act
        return Found(cue, source, [(start, end)], act) if end > start else None

    def _passive(self, cue: Span, source: Span | None, form: Form) -> Found | None:
        """Something is said or thought of the subject: it and what follows are the content."""
        subject = self.sources.phrase_before(cue[0] - 1)
        if subject is None:
            return None
        content = [subject]
        start = source[1] if source else cue[1]
        if start < self.n and self.low[start] in OF_PASSIVES:
            content.append((start, self.complements.end(start, form)))
        return Found(cue, source, content, form.act) if source or len(content) > 1 else None

    # -- other cues

    def _according(self) -> list[Found]:
        """ "According to X, …" and "…, according to X"."""
        found = []
        low = self.low
        for k in range(self.n - 1) if "according" in low else ():
            if not self.s.told(k) or low[k : k + 2] != ["according", "to"]:
                continue
            source = self.sources.phrase_after(k + 2)
            if source is None:
                continue
            cue, end = (k, k + 2), source[1]
            if k == 0 or (k < 3 and low[k - 1] in ("but", "and", ":")):
                pauses = [m for m in range(k + 3, self.n - 1) if low[m] in (",", ":") and self.s.told(m)]
                # "According to the governor, the bridge fell": what seems to be an apposition may be all that follows.
                pause = next((m for m in pauses if m >= end), pauses[0] if pauses else None)
                if pause is not None:
                    content = [(pause + 1, self.complements.end(pause + 1, None))]
                    found.append(Found(cue, (k + 2, pause), content, "according"))
                continue
            stop = k
            while stop > 0 and low[stop - 1] in (",", "—", "–"):
                stop -= 1
            first = next((m + 1 for m in range(stop - 1, -1, -1) if low[m] == ";" and self.s.told(m)), 0)
            content = [(first, stop)]
            if end + 1 < self.n and low[end] == "," and not low[end + 1].endswith("ing"):
                content.append((end + 1, self.complements.end(end + 1, None)))
            found.append(Found(cue, source, content, "according"))
        return found

    def _adjective(self, k: int, taken: list[Found]) -> Found | None:
        """ "X is confident that …"."""
        if not self.s.told(k):
            return None
        if self.low[k + 1] not in ("that", "to", "about", "of", "in", "with"):
            return None
        if any(a <= k < b for one in taken for a, b in one.content):
            return None
        begin, passive, infinitive = self.sources.chain(k)
        source = self.sources.phrase_before(begin - 1) if passive and not infinitive else None
        end = self.complements.end(k + 1, None)
        return Found((begin, k + 1), source, [(k + 1, end)], "think") if source and end > k + 2 else None

    def _headline(self) -> Found | None:
        """A headline's "Putin: …": a name, a colon, what it says."""
        colon = next((k for k in range(1, min(NAME_WORDS + 1, self.n - 3)) if self.low[k] == ":"), None)
        if colon is None or not any(letter.islower() for letter in self.words[0]):
            return None
        for k in range(colon):
            joins = self.low[k] in ("of", "the", "and")
            if not (joins or (self.s.nominal(k) and self.words[k][0].isupper())):
                return None
        return Found((colon, colon + 1), (0, colon), [(colon + 1, self.complements.end(colon + 1, None))], "say")
