"""Complements: the words of a sentence that a cue attributes, after it, before it, or on both sides."""

from __future__ import annotations

from framing.attribution.cues import Cues, Form
from framing.attribution.function_words import (
    AUXILIARIES,
    BEFORE_TIMES,
    CONJUNCTIONS,
    DETERMINERS,
    ENDS,
    PAUSES,
    PLAIN_VERBS,
    PREPOSITIONS,
    PRONOUNS,
    SUBORDINATORS,
    TIMES,
    is_adverb,
)
from framing.attribution.sentence import Sentence, Span
from framing.attribution.sources import FINITE, Sources

# Verbs with an addressee of any length ("told a rally in Ohio"), and verbs whose setting may follow ("said in Rome").
TELLING = frozenset({"tell", "inform", "remind", "assure", "notify", "ask"})
SETTING = frozenset({"say", "add", "write"})
SETTING_WORDS = frozenset(
    ["in", "at", "during", "through", "via", "after", "to", "from", "outside", "by", "as", "before", "when"]
)
CLAUSE_OPENERS = frozenset({"that", "whether", "if", "how", "why", "what"})
ADDRESSEES = frozenset(["me", "him", "her", "them", "us", "reporters", "lawmakers", "journalists"]) | PRONOUNS
# Tokens within which a that-clause, an addressee's end or another source's turn is looked for.
REACH, ADDRESS, TURN = 18, 8, 9


class Complements:
    """Finds what the cues of a sentence attribute."""

    def __init__(self, sentence: Sentence, sources: Sources, cues: Cues) -> None:
        self.s, self.sources, self.cues = sentence, sources, cues
        self.low = sentence.low

    def before(self, begin: int, source: Span | None, k: int) -> Span | None:
        """What stands before "…, X said", from the beginning of the sentence."""
        last = (min(source[0], begin) if source and source[0] < k else begin) - 1
        while last >= 0 and (self.low[last] in TIMES or self.low[last] in BEFORE_TIMES) and self.s.told(last):
            last -= 1
        if last < 0:
            return None
        quoted = not self.s.told(last)
        if not quoted and self.low[last] not in (",", "—", "–"):
            return None
        stop, first = last + quoted, 0
        while first < stop and self.s.told(first) and (self.low[first] in (",", ";", "or", "nor", "yet")):
            first += 1
        words = sum(word[0].isalnum() for word in self.low[first:stop])
        return (first, stop) if words and (words > 1 or quoted) else None

    def after_pause(self, k: int) -> Span | None:
        """What goes on after "…, X said, …"; a phrase of time or place may come before the comma."""
        m = k
        while m < len(self.s) and self.low[m] not in (",", ".", ":") and self.s.told(m) and m - k < 12:
            m += 1
        if m + 1 >= len(self.s) or self.low[m] not in (",", ":"):
            return None
        first = m + 1
        word = self.low[first]
        if not self.s.told(first):
            return first, self._quote_end(first)
        if word in self.cues.verbs or word.endswith("ing") or word in SUBORDINATORS or word in PREPOSITIONS:
            return None
        if word in ("and", "but", "a", "the"):
            return None
        return first, self.end(first, None)

    def _quote_end(self, first: int) -> int:
        number = self.s.inside[first]
        return next((k for k in range(first, len(self.s)) if self.s.inside[k] != number), len(self.s))

    def start(self, k: int, form: Form) -> int | None:
        """Where the complement after a cue begins: past adverbs, time, addressee and setting; None if there is none."""
        low = self.low
        if k >= len(self.s):
            return None
        first = self._past_adverbs(k)
        if first >= len(self.s) or not ("say" in form.kinds or form.addressing):
            return first
        if (found := self._clause(first, form)) is not None:
            return found
        if form.addressing and low[first] in PAUSES | ENDS:
            return first
        if form.lemma in TELLING:
            return self._past_addressee(first)
        if form.lemma in SETTING and low[first] in SETTING_WORDS:
            return self._past_setting(first)
        return first

    def _past_adverbs(self, k: int) -> int:
        while k < len(self.s) and self.s.told(k):
            word = self.low[k]
            following = self.low[k + 1] if k + 1 < len(self.s) else ""
            dated = word in ("on", "last", "this", "late", "early", "earlier") and following in TIMES | {"last"}
            adverb = is_adverb(word, self.s.words[k]) and word not in ("all", "both", "only", "back")
            if not (adverb or dated or word in TIMES):
                break
            k += 1
        return k

    def _clause(self, first: int, form: Form) -> int | None:
        """Where a that-clause or a quotation begins after a verb of saying, past whom and where it was said."""
        low = self.low
        led = low[first] in PREPOSITIONS
        for m in range(first, min(len(self.s), first + REACH)):
            if not self.s.told(m):
                told = form.lemma in TELLING or led
                return m if told or low[first] in (",", ":") or low[m - 1] in (",", ":") else None
            if low[m] == ":":
                return m + 1 if m + 1 < len(self.s) else len(self.s)
            if low[m] in CLAUSE_OPENERS and (m == first or form.addressing or led):
                return m
            if low[m] in PAUSES or low[m] in ENDS:
                return m if led and low[m] == "," and form.lemma in SETTING | {"tell"} else None
            if m > first and m in self.sources.cues and form.lemma in ("say", "tell"):
                return None
        return None

    def _past_addressee(self, first: int) -> int:
        if self.low[first] in ADDRESSEES:
            return first + 1
        k = first
        while k < len(self.s) and k - first < ADDRESS:
            word = self.low[k]
            opens = k > first and (
                (word in PRONOUNS and word != "one")
                or (word in DETERMINERS and self.low[k - 1] not in PREPOSITIONS | {"and"})
            )
            if opens or word in PAUSES | ENDS | AUXILIARIES | SUBORDINATORS or word in ("to", "about"):
                break
            k += 1
        return k

    def _past_setting(self, first: int) -> int:
        """After "said in an interview": the comma or end, or the pronoun with which a clause begins."""
        for m in range(first, len(self.s)):
            if self.low[m] in (",", ".") or (m > first + 1 and (self.low[m] in PRONOUNS or self.low[m] == "there")):
                return m
        return len(self.s)

    def end(self, first: int, form: Form | None) -> int:
        """Where a complement ends: with the sentence, or before the next attribution of this source or another."""
        low = self.low
        if not self.s.told(first) and (form is None or "say" in form.kinds):
            end = self._quote_end(first)
            if end >= len(self.s) or low[end] in (".", ",") or (end > 1 and low[end - 2] in (",", ".")):
                return end
        k = first
        while k < len(self.s):
            if self.s.told(k):
                if low[k] == ";" and k > first:
                    break
                if low[k : k + 2] == ["according", "to"]:
                    break
                if k > first and k in self.sources.cues and (cut := self._next_attribution(k, first, form)) is not None:
                    k = cut
                    break
            k += 1
        while (
            k > first
            and self.s.told(k - 1)
            and (low[k - 1] in {",", ".", "!", "?", ";", ":", "—", "–", "…"} or low[k - 1] in CONJUNCTIONS)
        ):
            k -= 1
        return k

    def within_insertion(self, first: int, end: int) -> int:
        """Where a complement ends whose clause stands in commas after the subject: "The envoy, who said so, left"."""
        for m in range(first + 1, end - 1):
            if self.low[m] == "," and self.s.told(m):
                verb = self.low[m + 1] in AUXILIARIES or self.low[m + 1] in PLAIN_VERBS
                cue = self.sources.cues.get(m + 1)
                if verb or (cue and cue.tense in FINITE):
                    return m
        return end

    def _next_attribution(self, k: int, first: int, form: Form | None) -> int | None:
        """Where a complement is cut off by the cue at k, if that begins an attribution beside it."""
        low, cue = self.low, self.sources.cues[k]
        before = low[k - 1]
        if cue.tense == "ing" and form is not None:
            if before in (",", "and", "while", "but"):
                return k - 1
            if self.s.closes_with_comma(k - 1):
                return k
        begin, _, infinitive = self.sources.chain(k)
        if infinitive:
            return None
        finite = cue.tense in FINITE or begin < k
        if (
            begin > first
            and low[begin - 1] in ("and", "but", "or")
            and finite
            and (form is None or form.tense != "ing")
        ):
            alike = form is None or cue.tense == form.tense or begin < k or form.tense == "participle"
            if alike:
                return begin - 1
        return self._turn(begin, first) if cue.tense in FINITE else None

    def _turn(self, begin: int, first: int) -> int | None:
        """The comma before a clause with a cue of its own: "…, she said", "…, but she added"."""
        for j in range(begin - 1, max(first, begin - 1 - TURN), -1):
            word = self.low[j]
            if not self.s.told(j):
                return j + 1 if self.s.closes_with_comma(j) else None
            if word == ",":
                following = self.low[j + 1]
                beside = following in ("but", "and", "though", "although", "while", "which", "who", "as")
                within = following in SUBORDINATORS or following in PREPOSITIONS
                return j if beside or not within else None
            if word in ("that", "if", "when", "because", "who", "which"):
                return None
            if word == "but":
                return j
        return None
