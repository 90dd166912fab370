"""Sources: the noun phrase that is the subject, or the agent, of a cue."""

from __future__ import annotations

from collections.abc import Mapping

from framing.attribution.cues import Form
from framing.attribution.function_words import (
    AUXILIARIES,
    BE,
    BEFORE_TIMES,
    CONJUNCTIONS,
    DETERMINERS,
    ENDS,
    INNER_PREPOSITIONS,
    OFFICES_TO,
    PAUSES,
    PLAIN_VERBS,
    PREPOSITIONS,
    PRONOUNS,
    QUOTATION_MARKS,
    SUBORDINATORS,
    TEXTS,
    TIMES,
    is_adverb,
)
from framing.attribution.sentence import Sentence, Span

FINITE = frozenset({"past", "s"})
# Words that open an apposition after a name: ", the minister", ", head of the party".
APPOSING = frozenset(
    ["the", "a", "an", "who", "director", "president", "chairman", "head", "his", "her", "their", "chief"]
)
# Tokens within which an agent, or the end of an apposition, is looked for.
NEAR, LONG = 12, 30


class Sources:
    """Finds the sources of a sentence's cues.

    Args:
        sentence: The sentence.
        cues: Token to the verb form that is a cue there.
    """

    def __init__(self, sentence: Sentence, cues: Mapping[int, Form]) -> None:
        self.s, self.cues = sentence, cues
        self.low, self.words = sentence.low, sentence.words
        self.subject: Span | None = None  # of the last attribution: a coordinated verb shares it

    def chain(self, k: int) -> tuple[int, bool, bool]:
        """Where a verb's auxiliaries and adverbs begin, whether it is passive, whether an infinitive."""
        j, passive = k - 1, False
        while j >= 0:
            word = self.low[j]
            if word in AUXILIARIES:
                passive |= word in BE
            elif word == "to":
                return j + 1, passive, True
            elif word in TIMES or word == "ago" or (word.isdigit() and j and self.low[j - 1] in TIMES):
                j = self._before_time(j) + 1
            elif not is_adverb(word, self.words[j]):
                break
            j -= 1
        return j + 1, passive, False

    def _before_time(self, j: int) -> int:
        """The token before a phrase of time that ends at a token."""
        j -= 1
        while j >= 0 and (
            (self.low[j] in BEFORE_TIMES and self.low[j] not in ("of", "that"))
            or self.low[j] in TIMES
            or self.low[j].isdigit()
        ):
            j -= 1
        return j

    def phrase_before(self, j: int) -> Span | None:
        """The noun phrase that ends with token j."""
        low = self.low
        if (
            j < 0
            or low[j] in PAUSES
            or low[j] in CONJUNCTIONS
            or low[j] in SUBORDINATORS - {"who", "which", "that", "what"}
        ):
            return None
        end, i = j + 1, j
        if low[j] in PRONOUNS:
            return j, end
        while i >= 0 and not self._stops_before(i, end):
            i -= 1
        if i >= 0 and low[i] in AUXILIARIES and not self.words[i][0].isupper():
            # What follows an auxiliary is a verb; its object begins later.
            i = next((m - 1 for m in range(i + 1, end) if low[m] in DETERMINERS or self.words[m][0].isupper()), i)
        i += 1
        while i < end and (
            low[i] in CONJUNCTIONS
            or low[i] in PREPOSITIONS
            or (is_adverb(low[i], self.words[i]) and low[i] not in ("all", "both", "first"))
        ):
            i += 1
        # "On Monday Trump said": a phrase of time at the head is none of the subject.
        if i < end - 1 and low[i] in TIMES and self.words[i + 1][0].isupper():
            i += 1
        # "Rossi, a spokesman for the ministry": the name before the comma is the head.
        if 1 < i < end and low[i] in ("a", "an", "the", "his", "her", "its", "their") and low[i - 1] == ",":
            head = self.phrase_before(i - 2) if self.s.nominal(i - 2) and self.words[i - 2][0].isupper() else None
            if head:
                return head[0], end
        return (i, end) if i < end else None

    def _stops_before(self, i: int, end: int) -> bool:
        """Whether a noun phrase that ends at `end` begins after token i."""
        low, word = self.low, self.low[i]
        if not self.s.told(i) or word in PAUSES or word in ENDS:
            return True
        if word == "that":
            return i + 1 < end and low[i + 1] in DETERMINERS | PRONOUNS
        if word in SUBORDINATORS or (word in AUXILIARIES and not self.words[i][0].isupper()):
            return True
        if word.endswith("ing") and i + 1 < end and low[i + 1] in DETERMINERS:
            return True
        cue = self.cues.get(i)
        if cue and cue.tense in FINITE and not self.words[i][0].isupper() and low[i - 1] not in DETERMINERS | {"and"}:
            return True
        if word in CONJUNCTIONS:
            return word != "and" or i == 0 or not (self.s.nominal(i - 1) and self.s.nominal(i + 1))
        if word == "to" and i and low[i - 1] in OFFICES_TO:
            return False
        if word in PREPOSITIONS:
            return word not in INNER_PREPOSITIONS or i == 0 or not self.s.nominal(i - 1)
        return False

    def phrase_after(self, j: int) -> Span | None:
        """The noun phrase that begins with token j."""
        low, i = self.low, j
        while i < len(self.s) and self.s.told(i):
            word = low[i]
            if word == ",":
                i = self._past_apposition(i)
                break
            if (
                word in PAUSES
                or word in ENDS
                or word in AUXILIARIES
                or word in SUBORDINATORS
                or (word in TIMES and i > j)
            ):
                break
            if word in PREPOSITIONS and word not in ("of", "for", "at", "from", "with"):
                break
            if word in CONJUNCTIONS and not (
                word == "and"
                and i + 1 < len(self.s)
                and self.s.nominal(i + 1)
                and self.s.nominal(i - 1)
                and (i + 1) not in self.cues
            ):
                break
            cue = self.cues.get(i)
            if i > j and cue and not self.words[i][0].isupper() and cue.tense in FINITE | {"ing"}:
                break
            i += 1
        return (j, i) if i > j else None

    def _past_apposition(self, comma: int) -> int:
        """The end of an apposition that a comma opens, or the comma."""
        if comma + 1 >= len(self.s) or self.low[comma + 1] not in APPOSING:
            return comma
        close = next((m for m in range(comma + 1, min(len(self.s), comma + 14)) if self.low[m] in (",", ".")), None)
        return comma if close is None or any(m in self.cues for m in range(comma + 1, close)) else close

    def of(self, k: int, form: Form) -> tuple[Span | None, int, bool, bool]:
        """The source of a cue, where its chain begins, whether it is passive, and whether it attributes at all."""
        begin, passive, infinitive = self.chain(k)
        if infinitive:
            return None, begin, passive, False
        if passive and form.tense in ("past", "participle"):
            return self._agent(k), begin, True, True
        if form.tense == "ing" and begin == k:
            return self._of_participle(k), begin, passive, True
        if begin == 0:
            return None, begin, passive, form.tense in FINITE
        return self._subject_before(begin), begin, passive, True

    def _agent(self, k: int) -> Span | None:
        """Who is named after "by"."""
        for m in range(k + 1, min(len(self.s), k + NEAR)):
            if self.low[m] == "by":
                return self.phrase_after(m + 1)
            if self.low[m] in PAUSES or self.low[m] in ENDS:
                break
        return None

    def _of_participle(self, k: int) -> Span | None:
        """A participle shares the subject of its clause, or modifies what stands right before it."""
        j = k - 1
        if j < 0 or (j == 0 and (self.low[0] in PREPOSITIONS or self.low[0] in SUBORDINATORS)):
            return self._main_subject(k)
        if self.low[j] == "," or self.low[j] in QUOTATION_MARKS:
            return self.clause_subject(j)
        near = self.phrase_before(j)
        if near and (
            near[0] == 0 or self.low[near[0]] in ("those", "people", "others") or self.low[near[1] - 1] in TEXTS
        ):
            return near
        return self.clause_subject(j) or near

    def _subject_before(self, begin: int) -> Span | None:
        j = begin - 1
        word = self.low[j]
        if word in ("who", "which", "that"):
            j -= 1
            if word == "that" and (j < 0 or not self.s.nominal(j)):
                return None
            head = self.phrase_before(j - 1 if j >= 0 and self.low[j] == "," else j)
            return (head[0], begin) if head else None
        if word in CONJUNCTIONS:
            return self.subject or self.clause_subject(j)
        if word in QUOTATION_MARKS:
            return None
        if word in ",—–)":
            return self._past_insertion(j)
        return self.phrase_before(j)

    def _past_insertion(self, j: int) -> Span | None:
        """The subject before an insertion that ends at token j: "Benford, 58, who lives nearby, says"."""
        opening = {")": "("}.get(self.low[j], self.low[j])
        m = next((m for m in range(j - 1, -1, -1) if self.low[m] == opening and self.s.told(m)), None)
        if m is None or j - m >= LONG:
            return self.subject
        while m > 1 and self.low[m - 1].isdigit() and self.low[m - 2] == ",":
            m -= 2
        head = self.phrase_before(m - 1)
        return (head[0], j) if head else self.subject

    def _main_subject(self, k: int) -> Span | None:
        """The subject after a participle clause that opens the sentence: "Promising peace, the envoy left"."""
        for m in range(k + 1, len(self.s) - 1):
            if self.low[m] == "," and self.s.told(m) and self.low[m + 1] not in CONJUNCTIONS:
                return self.phrase_after(m + 1)
        return None

    def clause_subject(self, j: int) -> Span | None:
        """The subject of the clause before a token: of the last attribution, or what stands before the first verb."""
        if self.subject is not None:
            return self.subject
        for i in range(1, j):
            word = self.low[i]
            verb = (
                word in AUXILIARIES
                or word in PLAIN_VERBS
                or i in self.cues
                or (word.endswith("ed") and word not in ("united", "armed", "red") and not self.words[i][0].isupper())
            )
            if self.s.told(i) and verb and (found := self.phrase_before(self.chain(i)[0] - 1)):
                return found
        return None
