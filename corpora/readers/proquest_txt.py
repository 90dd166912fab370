"""ProQuest's text export: documents between rules of underscores, their fields behind labels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import takewhile
from typing import BinaryIO

from corpora.readers import eml
from corpora.readers.proquest import Document, read_citation, record_of
from corpora.readers.proquest_labels import FOOT, LABELLED, ORDINAL, split_label, stated
from corpora.readers.record import Head, Record, Rejection, Stated, decode, read_whole

# ProQuest gives at most some hundred documents in one file; the largest seen, 500 documents, has 4 million bytes.
LONGEST_EXPORT = 100_000_000
# The rule has 60 underscores; an article's own rules are shorter.
RULE = re.compile(r"^[ >]*(?:_{40,}|\*{40,})[ ]*$", re.MULTILINE)
# Labels that no ordinary text has at the head of a line.
MARKS = {"id", "publication", "citation", "text"}
# The order of some labels below a text; one that breaks it is a line of the text.
ORDER = ["subject", "location", "title", "publication"]
LINK = re.compile(r"https?://[^\s>]{1,300}/docview/[^\s>]{1,300}")
# Where a record is told from what the export prints around its articles.
OPENS = {"text", "abstract", "citation", "author", "links", "title"}


def recognises(head: Head) -> bool:
    """A text with ProQuest's name, or its rule, and at least three of its labels at the head of lines."""
    if head.text.startswith("<") or eml.recognises(head):
        return False
    fields = [split_label(line.strip())[0] for line in head.text[:32_768].splitlines()]
    found = {name for name in fields if name}
    named = "proquest" in head.text.lower()
    return bool(found & MARKS) and len(found) >= (3 if named else 6) and (named or bool(RULE.search(head.text)))


def read(stream: BinaryIO, name: str) -> Iterator[Record | Rejection | Stated]:
    """Yield the file's articles, and how many the file says there are."""
    data = read_whole(stream, LONGEST_EXPORT)
    if data is None:
        yield Rejection("file", "file is longer than 100 million bytes")
        return
    yield from read_text(decode(data))


def read_text(text: str) -> Iterator[Record | Rejection | Stated]:
    """Articles of an export's text, also where a mail brings it."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")
    parts = list(segments(text))
    if not parts:
        yield Rejection("file", "no document with ProQuest's labels")
    for number, part in enumerate(parts, 1):
        yield record_of(parse(part), f"article {number}")
    if total := stated(line.strip() for line in text.split("\n") if ORDINAL.match(line.strip())):
        yield total


def segments(text: str) -> Iterator[str]:
    """Documents of a file: what stands between rules, without cover, contents, bibliography and foot.

    >>> rule = "_" * 60
    >>> list(segments(f"{rule}\\nTalks\\n\\nFull text: They met.\\n{rule}\\nContact us at: http://www.proquest.com"))
    ['Talks\\n\\nFull text: They met.']
    """
    parts = RULE.split(text) if RULE.search(text) else _unruled(text)
    waiting = ""
    for part in parts:
        fields = {name for name, _ in map(split_label, _stripped(part))}
        if waiting and not fields & OPENS - {"title"} and fields & {"publication", "id", "date"}:
            # The rule stood inside the text: what follows it has the fields below a text and no head.
            yield f"{waiting}\n\n{part.strip()}"
            waiting = ""
            continue
        if waiting:
            yield waiting
            waiting = ""
        if not fields & (OPENS | MARKS) and not any(map(ORDINAL.match, _stripped(part))):
            continue
        if fields & {"publication", "id", "database"}:
            yield part.strip()
        else:
            waiting = part.strip()
    if waiting:
        yield waiting


def _unruled(text: str) -> list[str]:
    """Documents without rules: each ends with the name of its database, or begins with its number."""
    lines, parts, part = text.split("\n"), list[str](), list[str]()
    numbered = any(ORDINAL.match(line.strip()) for line in lines)
    for line in lines:
        if numbered and ORDINAL.match(line.strip()):
            parts, part = [*parts, "\n".join(part)], []
        part.append(line)
        if not numbered and split_label(line.strip())[0] == "database":
            parts, part = [*parts, "\n".join(part)], []
    return [*parts, "\n".join(part)]


def _stripped(text: str) -> list[str]:
    return [line.strip() for line in text.split("\n")]


def parse(segment: str) -> Document:
    """One document: the headline, the fields above the text, the text, and the fields below it.

    >>> found = parse("Talks\\n\\nFull text: They met.\\nSubject: unknown.\\n\\nPublication title: The Bay Times")
    >>> found.heading, found.body, found.fields
    ('Talks', ['They met.', 'Subject: unknown.'], {'publication': 'The Bay Times'})
    """
    lines = [line for line in _stripped(segment) if not ORDINAL.match(line)]
    foot = next((i for i, line in enumerate(lines) if FOOT.match(line)), len(lines))
    lines = lines[:foot]
    document = Document()
    opens = next((i for i, line in enumerate(lines) if split_label(line)[0] == "text"), len(lines))
    _read_head(lines[:opens], document)
    if opens < len(lines):
        rest = [split_label(lines[opens])[1], *lines[opens + 1 :]]
        below = _below(rest)
        document.body = paragraphs(rest[:below])
        _read_fields(rest[below:], document.fields)
    return document


def _read_head(lines: list[str], document: Document) -> None:
    """Headline, unlabelled byline and address, and the labelled fields above a text."""
    first = next((i for i, line in enumerate(lines) if split_label(line)[0]), len(lines))
    blocks = [" ".join(line for line in block if line != "<>") for block in _blocks(lines[:first])]
    plain = [block for block in blocks if not LINK.search(block) and not FOOT.match(block)]
    # A mail has greetings above the first headline; below a headline an older export has the author, without a label.
    document.heading = "" if not plain else plain[-1] if len(plain) > 2 else plain[0]
    if len(plain) == 2:
        document.fields["citation" if read_citation(plain[1]).published else "author"] = plain[1]
    for found in filter(None, map(LINK.search, blocks)):
        document.fields["url"] = found[0]
    _read_fields(lines[first:], document.fields)


def _read_fields(lines: list[str], fields: dict[str, str]) -> None:
    """Labelled fields: a value goes on to the next blank line, an abstract to the next label."""
    name = ""
    for line in lines:
        label, value = split_label(line)
        if not line:
            name = name if name == "abstract" else ""
        elif label and label not in fields:
            name = label
            fields[name] = value
        elif (found := LINK.search(line)) and name != "links":
            fields.setdefault("url", found[0])
        elif name:
            fields[name] = f"{fields[name]}\n{line}"


def _blocks(lines: list[str]) -> list[list[str]]:
    """Runs of lines without a blank one."""
    runs: list[list[str]] = [[]]
    for line in lines:
        if line:
            runs[-1].append(line)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


def _below(lines: list[str]) -> int:
    """Where the fields below a text begin: a text may itself have lines that begin as labels do.

    The block with the name of the publication is the anchor, also where it opens with other fields, as in a mail that
    was forwarded; blocks above it belong to the fields while they begin with labels in the order that ProQuest keeps.
    """
    starts = [i for i, line in enumerate(lines) if line and (i == 0 or not lines[i - 1])]
    runs = [list(takewhile(bool, (split_label(line)[0] for line in lines[i:]))) for i in starts]
    labels = [run[0] if run else "" for run in runs]
    anchor = max((i for i, run in enumerate(runs) if "publication" in run), default=-1)
    if anchor < 0:
        anchor = max((i for i, name in enumerate(labels) if name in ("id", "url", "database", "date")), default=-1)
    if anchor < 0:
        return len(lines)
    seen = set(labels[anchor:]).union(runs[anchor])
    # A label that is not known here is passed over where a known one stands above it.
    odd = [
        not name and len(lines[i]) < 200 and bool(LABELLED.match(lines[i]))
        for i, name in zip(starts, labels, strict=True)
    ]
    while anchor > 0:
        above = anchor - 2 if odd[anchor - 1] and anchor > 1 else anchor - 1
        if not (name := labels[above]) or name in seen or _disorders(name, seen):
            break
        seen.add(name)
        anchor = above
    return starts[anchor]


def _disorders(name: str, seen: set[str]) -> bool:
    if name in OPENS - {"title"}:
        return True
    return name in ORDER and any(ORDER.index(name) > ORDER.index(other) for other in seen & {*ORDER})


def paragraphs(lines: list[str]) -> list[str]:
    """Paragraphs of a text: one a line, or, where lines are broken to a width, one a block.

    >>> paragraphs(["They met.", "They parted."])
    ['They met.', 'They parted.']
    """
    blocks = _blocks(lines)
    inner = [line for block in blocks for line in block[:-1]]
    # A text broken to a width has its lines about as long as each other, and hardly one in three ends a sentence.
    wrapped = (
        len(inner) > 2 and max(map(len, inner)) <= 100 and sum(len(line) >= 45 for line in inner) > 0.8 * len(inner)
    )
    if wrapped and sum(line.endswith((".", "!", "?", '"', "”")) for line in inner) < len(inner) / 2:
        return [" ".join(block) for block in blocks]
    return [line for block in blocks for line in block]
