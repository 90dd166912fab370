"""What all LexisNexis and Nexis exports share: from the blocks of one article to its fields.

A block is what stands between two blank lines of a text file, a paragraph of a Word file, or a division of a page.
Two orders of blocks are known. The services up to 2019 print the outlet, the date, the headline, labelled fields, the
text without a heading, and labelled fields again. Nexis Uni and Lexis+ print the headline first, then the outlet and
the date, and head the text with "Body".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from corpora.readers.nexis_front import is_date_line
from corpora.readers.nexis_labels import COUNTED, END, NUMBERED, is_body_mark, read_label
from corpora.readers.nexis_parts import begins_head, divide
from corpora.readers.nexis_record import assemble
from corpora.readers.record import Record, Rejection, Stated

# The longest file the services hand out, 1,000 articles with their pictures.
LONGEST = 200_000_000
# "Download Request: Selected Items: 1-10, 12", in whatever language.
REQUEST = re.compile(r"[^:]{5,40}: [^:]{5,40}: (\d+ ?-? ?\d*(?:, ?\d+ ?-? ?\d*){0,500})")
ERROR = re.compile(r"we are sorry but there is an error in this document", re.IGNORECASE)
COVER = re.compile(
    r"(?:client/matter|search terms|search type|narrowed by|job number|date and time|user name) ?:", re.I
)


def is_export(lines: Iterable[str]) -> bool:
    """Whether lines come from an export: its marks stand alone on lines, and where others print them too, its fields.

    ProQuest heads an article "Document 1 of 5", and any file may close with "End of Document".

    >>> is_export(["1 of 10 DOCUMENTS"]), is_export(["Document 1 of 10", "Title: Talks"])
    (True, False)
    >>> is_export(["Length: 200 words", "End of Document"])
    True
    """
    marked = measured = False
    for line in lines:
        flat = " ".join(line.split()) if len(line) < 200 else line[:60]
        if len(flat) < 60 and NUMBERED.fullmatch(flat):
            if flat[0].isdigit() or flat.lower().startswith("focus"):
                return True
            marked = True
        marked = marked or bool(len(flat) < 40 and END.fullmatch(flat))
        label = None if measured else read_label(line.strip())
        measured = measured or bool(label and label.key in ("length", "loaded"))
    return marked and measured


def has_fields(lines: Iterable[str]) -> bool:
    """Whether lines hold an article's fields: its length or the day it was loaded, and one more.

    >>> has_fields(["Length: 200 words", "Byline: Jane Roe"]), has_fields(["Source: the ministry", "Length: 2 m"])
    (True, False)
    """
    keys = {label.key for line in lines if (label := read_label(line))}
    return bool(keys & {"length", "loaded"}) and len(keys & {"length", "loaded", "byline", "section", "highlight"}) > 1


def records(lines: Sequence[str], place: str = "article", wrap: int = 0) -> Iterator[Record | Rejection | Stated]:
    """Articles of an export that has been brought to lines, whichever of the two orders it has.

    Args:
        lines: The file's lines; a blank one parts two blocks.
        place: What an article is called in a rejection.
        wrap: Columns of the hard-wrapped text; 0 where each line is a paragraph.
    """
    flat = [" ".join(line.split()) if len(line) < 200 else "" for line in lines]
    starts = [i for i, line in enumerate(flat) if NUMBERED.fullmatch(line)]
    if starts:
        if stated := _stated(flat[: starts[0]], [flat[start] for start in starts]):
            yield stated
        for n, (start, stop) in enumerate(zip(starts, [*starts[1:], len(lines)], strict=True), 1):
            yield article(blocks(lines[start + 1 : stop], wrap), f"{place} {n}")
        return
    ends = [i for i, line in enumerate(flat) if END.fullmatch(line)]
    if ends and (stated := stated_on_cover(lines[: ends[0]])):
        yield stated
    for n, (start, stop) in enumerate(zip([-1, *ends[:-1]], ends, strict=True), 1):
        yield article(without_cover(paragraphs(lines[start + 1 : stop])), f"{place} {n}", title_first=True)
    rest = [line for line in lines[ends[-1] + 1 :] if line.strip()] if ends else []
    # One line may follow the last article: "About LexisNexis | Privacy Policy".
    if len(rest) > 3 or any(read_label(line.strip()) or is_body_mark(line.strip()) for line in rest):
        yield Rejection(f"{place} {len(ends) + 1}", "the file ends within this article")


def _stated(cover: Sequence[str], numbered: Sequence[str]) -> Stated | None:
    """How many articles a file says it holds: by its cover sheet ("Selected Items: 1-10"), else by "1 of 10 DOCUMENTS".

    The second is how many the search found, which is no count of the file where it holds a part: "501 of 900".
    """
    for line in cover[:60]:
        if ranges := REQUEST.fullmatch(line):
            pairs = [re.findall(r"\d+", part) for part in ranges[1].split(",")]
            return Stated(sum(number(p[-1]) - number(p[0]) + 1 for p in pairs if p), line)
    counts = Counter(match[1] or match[2] for line in numbered if (match := NUMBERED.fullmatch(line)))
    commonest = counts.most_common(1)[0][0]
    words = next(line for line in numbered if commonest in NUMBERED.fullmatch(line).groups())  # type: ignore[union-attr]
    first = next(int(found[0]) for line in numbered if (found := re.findall(r"\d+", line)))
    return Stated(number(commonest), words) if first == 1 else None


def number(digits: str) -> int:
    """A count as printed: "1,000" and "1.000" are a thousand."""
    return int(re.sub(r"\D", "", digits)[:9] or 0)


def stated_on_cover(lines: Iterable[str]) -> Stated | None:
    """How many articles the cover sheet of Nexis Uni says there are: "Documents (10)"."""
    for line in lines:
        if match := COUNTED.fullmatch(" ".join(line.split())):
            return Stated(number(match[1]), match[0])
    return None


def without_cover(parts: Sequence[str]) -> Sequence[str]:
    """Paragraphs of the first article, without the cover sheet that lists all of them."""
    if not any(COVER.match(block) or COUNTED.fullmatch(block) for block in parts[:10]):
        return parts
    listed = max(i for i, block in enumerate(parts) if COVER.match(block) or COUNTED.fullmatch(block))
    head = next((i for i, b in enumerate(parts) if i > listed and begins_head(b, "")), len(parts))
    dated = next((i for i in range(head - 1, listed + 1, -1) if is_date_line(parts[i])), None)
    return parts[listed + 1 :] if dated is None else parts[max(dated - 2, listed + 1) :]


def paragraphs(lines: Iterable[str]) -> list[str]:
    """Lines that hold something, stripped: of a file where a line is a paragraph."""
    return [line.strip() for line in lines if line.strip()]


def blocks(lines: Iterable[str], wrap: int = 0) -> list[str]:
    """Lines between blank ones; those that a column's width broke are joined again.

    A line was broken where the first word of the next one had no room in it.

    >>> blocks(["A short", "line", "", "Next"], wrap=12), blocks(["A short", "line"], wrap=20)
    (['A short\\nline', 'Next'], ['A short\\nline'])
    >>> blocks(["A short line", "that goes on"], wrap=12)
    ['A short line that goes on']
    """
    found: list[str] = []
    block: list[str] = []
    room = 0
    for line in [*lines, ""]:
        words = line.split()
        if not words:
            if block:
                found.append("\n".join(block))
            block = []
            continue
        if block and read_label(line.strip(), "capitals") and read_label(block[0], "capitals"):
            found.append("\n".join(block))  # fields that no blank line parts
            block = []
        if block and wrap and room < len(words[0]) + 1:
            hyphen = re.search(r"\w-$", block[-1]) and words[0][0].islower()
            block[-1] += ("" if hyphen else " ") + " ".join(words)
        else:
            block.append(" ".join(words))
        # A first line was broken before it was indented.
        room = wrap - len(line.rstrip()) - line.startswith(" ")
    return found


def article(parts: Sequence[str], place: str, title_first: bool = False) -> Record | Rejection:
    """The article of its blocks.

    Args:
        parts: Its blocks, in their order, without the marks of its beginning and end.
        place: Where it stands.
        title_first: Whether the headline stands before the outlet, as in Nexis Uni.

    Returns:
        A record, whose body is empty where the article has no text; a rejection where there is no article at all.
    """
    if not parts:
        return Rejection(place, "nothing is in this place")
    if len(parts) < 4 and any(ERROR.search(block) for block in parts):
        return Rejection(place, "the database could not show this article")
    return assemble(divide(parts, title_first), place)
