"""Makes `framing/data/event-verbs.csv` from the CAMEO verb patterns and the Goldstein scale.

    python -m framing.training.cameo ../shared/data/cameo framing/data/event-verbs.csv

Two kinds of row: a verb form with its block and the Goldstein score of its event code (-10 ... +10, empty where
the file gives none), and, without a verb, what the block's verbs score beside a certain word ("abandon ... ceasefire").
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterator
from pathlib import Path

BLOCK = re.compile(r"^--- *([A-Z_+]+)[^\[]*\[([0-9:-]+)\]")
VERB = re.compile(r"^([A-Z][A-Z+_]*)\s*(\{[^}]*\})?\s*(?:\[([0-9]{2,4})\])?")
PATTERN = re.compile(r"^- ([^\[#]*\*[^\[#]*)\[([0-9]{2,4})\]")
# Companions that say nothing by themselves.
EMPTY = set(
    [
        "+",
        "$",
        "%",
        "TO",
        "OF",
        "IN",
        "ON",
        "AT",
        "BY",
        "THE",
        "A",
        "AN",
        "AND",
        "OR",
        "FOR",
        "WITH",
        "FROM",
        "AS",
        "IS",
        "BE",
        "WAS",
        "ARE",
        "WILL",
        "HAS",
        "HAVE",
        "HAD",
        "IT",
        "ITS",
    ]
)


def regular_forms(verb: str) -> list[str]:
    """Inflected forms of a regular verb.

    >>> regular_forms("deny")
    ['deny', 'denies', 'denied', 'denying']
    >>> regular_forms("stop")[2]
    'stopped'
    """
    if verb.endswith("y") and verb[-2:-1] not in "aeiou":
        return [verb, verb[:-1] + "ies", verb[:-1] + "ied", verb + "ing"]
    if verb.endswith("e"):
        return [verb, verb + "s", verb + "d", verb[:-1] + "ing"]
    third = verb + ("es" if verb.endswith(("s", "x", "z", "ch", "sh")) else "s")
    if re.fullmatch(r"[^aeiou]*[aeiou][^aeiouwxy]", verb):
        return [verb, third, verb + verb[-1] + "ed", verb + verb[-1] + "ing"]
    return [verb, third, verb + "ed", verb + "ing"]


def synonyms(lines: list[str]) -> dict[str, list[str]]:
    """The file's synonym sets: `&CEASEFIRE` to its words."""
    sets: dict[str, list[str]] = {}
    name = ""
    for line in lines:
        if line.startswith("&"):
            name = line.split()[0]
            sets[name] = []
        elif line.startswith("+") and name:
            sets[name].append(line[1:].split()[0].strip("_").lower().replace("_", " "))
        elif line.startswith("---"):
            break
    return sets


def rows(folder: Path) -> Iterator[tuple[str, str, str, str]]:
    """Rows (verb or empty, block, companion, Goldstein score of the code): a verb's own, and a block's patterns."""
    scale = dict(
        line.split() for line in (folder / "CAMEO.goldsteinscale.txt").read_text().splitlines()[1:] if line.strip()
    )
    lines = (folder / "CAMEO.verbpatterns.txt").read_text(encoding="utf-8", errors="replace").splitlines()
    sets = synonyms(lines)
    code = block = ""
    for line in lines:
        if start := BLOCK.match(line):
            block, code = start[1].lower(), start[2] if start[2] in scale else ""
        elif pattern := PATTERN.match(line):
            words = [w.strip("_") for w in pattern[1].replace("*", " ").split() if w.strip("_") not in EMPTY]
            if len(words) != 1 or pattern[2] not in scale:
                continue
            for companion in sets.get(words[0], [words[0].lower()]):
                if re.fullmatch(r"[a-z]{3,}", companion):
                    yield "", block, companion, scale[pattern[2]]
        elif (verb := VERB.match(line)) and not set("_+") & set(verb[1]):
            given = re.findall(r"[A-Z]+", verb[2] or "")
            forms = [verb[1].lower(), *(form.lower() for form in given)] if given else regular_forms(verb[1].lower())
            own = verb[3] if verb[3] in scale else code
            for form in forms:
                yield form, block, "", scale.get(own, "")


def main(folder: str, out: str) -> None:
    """Write the table; where the file gives a pair two codes the first one counts, as in its own reading order."""
    seen: dict[tuple[str, str, str], str] = {}
    verbs: set[str] = set()
    for verb, block, companion, goldstein in rows(Path(folder)):
        if verb and verb in verbs:
            continue
        verbs.add(verb)
        seen.setdefault((verb, block, companion), goldstein)
    with Path(out).open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["verb", "block", "companion", "goldstein"])
        writer.writerows([*key, value] for key, value in sorted(seen.items()))


if __name__ == "__main__":
    main(*sys.argv[1:])
