"""Which blocks of a LexisNexis or Nexis article are its front, its labelled fields, its text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from corpora.readers.nexis_front import Front, is_copyright, read_front
from corpora.readers.nexis_labels import LONG, Label, is_body_mark, label_style, read_heading, read_label, unknown_label

# Fields before the text: more blocks without the text's heading are no head. The longest head seen has nine.
HEAD_BLOCKS = 40
# Paragraphs below "Graphic" or "Correction"; where more follow, the line was one of the text.
FOOT_PARAGRAPHS = 15
# Fields that the table lacks, between known ones; speakers in the text of a broadcast look the same.
UNKNOWN_FIELDS = 3
# Labels by which a head begins; "Update: ..." and "Note: ..." may be headlines.
FIRST = frozenset({"byline", "section", "length", "dateline", "highlight", "title", "body"})


@dataclass
class Parts:
    """An article in parts: what stands before its labels, the labelled fields, its paragraphs."""

    front: Front
    labels: list[Label]
    body: list[str] = field(default_factory=list)


def divide(parts: Sequence[str], title_first: bool = False) -> Parts:
    """Which blocks are the front, which are fields, and which are the text."""
    style = label_style(parts, title_first)
    first = next((i for i, block in enumerate(parts) if i and begins_head(block, style)), len(parts))
    has_head = first < len(parts)
    if not has_head:  # the fields below the text are all there is
        first = _foot(parts, 1, style)
    elif not title_first and _is_foot(parts, first, style):  # as the service printed agencies until 2003
        has_head = False
    # "Distribution:" and others stand above the section; of the older services only who speaks in a broadcast.
    while has_head and first > 3 and (above := read_label(parts[first - 1], style)):
        if not title_first and above.key != "cast" and above.printed != "NAME":
            break
        first -= 1
    front = read_front(parts[:first], title_first, has_head)
    labels, start = _head(parts, first, style)
    foot = _foot(parts, start, style)
    body = list(front.rest)
    if labels and labels[-1].key == "body":
        body.append(labels.pop().value)
    body += parts[start:foot]
    for block in parts[foot:]:
        if label := read_label(block, style) or read_heading(block) or unknown_label(block, style):
            labels.append(label)
        elif is_copyright(block):
            labels.append(Label("copyright", "", " ".join(block.split())))
        else:
            _go_on(labels, block)
    return Parts(front, labels, body)


def begins_head(block: str, style: str) -> bool:
    """Whether the fields of an article begin with this block."""
    label = read_label(block, style)
    return bool(label and label.key in FIRST) or (is_body_mark(block) and (block.isupper() or style != "capitals"))


def _head(parts: Sequence[str], first: int, style: str) -> tuple[list[Label], int]:
    """The fields above the text, and where the text begins; a field "body" comes last where the text has a heading."""
    labels: list[Label] = []
    mark = next((i for i in range(first, min(len(parts), first + HEAD_BLOCKS)) if is_body_mark(parts[i])), None)
    for i in range(first, len(parts)):
        # Below the length, "TOKYO: ..." is text.
        told = any(known.key == "length" for known in labels)
        label = read_label(parts[i], style) or (None if told or not labels else unknown_label(parts[i], style))
        if is_body_mark(parts[i]) or (label and label.key == "body"):
            return [*labels, label or Label("body", parts[i], "")], i + 1
        if label:
            labels.append(label)
        elif mark is not None and mark > i and (style != "capitals" or labels[-1].key == "highlight"):
            _go_on(labels, parts[i])
        else:
            return labels, i
    return labels, len(parts)


def _is_foot(parts: Sequence[str], first: int, style: str) -> bool:
    """Whether nothing but fields follows, and none of them heads the text."""
    labels, start = _head(parts, first, style)
    return all(label.key != "body" for label in labels) and _foot(parts, start, style) == start


def _go_on(labels: list[Label], block: str) -> None:
    """A paragraph that belongs to the field above it."""
    if labels:
        last = labels[-1]
        labels[-1] = Label(last.key, last.printed, f"{last.value}\n{block}".strip())


def _foot(parts: Sequence[str], first: int, style: str) -> int:
    """Where the fields below the text begin, told from the end: a line of the text may look like a field."""
    foot, loose, unknown = len(parts), 0, 0
    for i in range(len(parts) - 1, first - 1, -1):
        label = read_label(parts[i], style) or read_heading(parts[i])
        if label and label.key not in ("body", "cast"):
            if loose and label.key not in LONG:
                break
            foot, loose = i, 0
        elif is_copyright(parts[i]) and not loose:
            foot = i
        elif not loose and unknown < UNKNOWN_FIELDS and unknown_label(parts[i], style):
            unknown += 1  # a field where a known one stands above it; else the text's last line
        else:
            loose += 1
            if loose > FOOT_PARAGRAPHS:
                break
    return foot
