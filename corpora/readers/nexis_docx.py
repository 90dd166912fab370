"""Word files (.docx) of Nexis Uni and Lexis+: one article or many; any other Word file is one article."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from typing import IO, BinaryIO

from corpora.readers import nexis, plain
from corpora.readers.record import Head, Record, Rejection, Stated, read_whole

# A thousand long articles are 80 MB of XML; more than this is no export, and may be made to fill the memory.
LONGEST_XML = 300_000_000
PART = "word/document.xml"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
PARAGRAPH, TABLE, ROW, TEXT, LEVEL, STYLE = (f"{W}{name}" for name in ("p", "tbl", "tr", "t", "outlineLvl", "pStyle"))
VALUE = f"{W}val"
BREAKS = {f"{W}tab": "\t", f"{W}br": "\n", f"{W}cr": "\n", f"{W}noBreakHyphen": "-"}
# What shows nothing, or shows a second time what is there already.
SKIPPED = frozenset(
    {f"{W}{name}" for name in ("del", "instrText", "drawing", "pict", "object", "sectPr")}
    | {"{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"}
)


def recognises(head: Head) -> bool:
    r"""Whether a file is a Word file: a ZIP archive whose parts lie in the folder word.

    >>> recognises(Head.of(b"PK\x03\x04 ... word/document.xml")), recognises(Head.of(b"PK\x03\x04 ... xl/workbook"))
    (True, False)
    """
    return head.data.startswith(b"PK\x03\x04") and b"word/" in head.data


def read(stream: BinaryIO, name: str) -> Iterator[Record | Rejection | Stated]:
    """Yield the file's articles, and how many its cover sheet says there are."""
    data = read_whole(stream, nexis.LONGEST)
    if data is None:
        yield Rejection("file", f"file is longer than {nexis.LONGEST // 1_000_000} million bytes")
        return
    lines: list[tuple[str, bool]] = []
    broken = ""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if archive.getinfo(PART).file_size > LONGEST_XML:
                yield Rejection("file", f"its text is longer than {LONGEST_XML // 1_000_000} million bytes")
                return
            with archive.open(PART) as part:
                lines.extend(word_lines(part))
    except KeyError:
        broken = f"the Word file has no {PART}"
    except NotImplementedError:
        broken = "the Word file is packed in a way that cannot be read"
    except (zipfile.BadZipFile, EOFError, OSError, RuntimeError, SyntaxError, ValueError) as error:
        broken = f"the Word file is broken: {type(error).__name__}"
    except Exception as error:  # zlib.error, and whatever a damaged archive makes its reader raise
        broken = f"the Word file is broken: {type(error).__name__}"
    if lines:
        yield from _articles(lines, broken)
    elif not broken:
        yield Rejection("file", "no text")
    if broken:
        yield Rejection("rest of the file" if lines else "file", broken)


def word_lines(part: IO[bytes]) -> Iterator[tuple[str, bool]]:
    """Paragraphs of a Word file's text, and whether each is a heading of the first level; a table's row is one.

    Raises:
        lxml.etree.XMLSyntaxError: The file is no well-formed XML; what stood before has been yielded.
    """
    from lxml import etree

    pieces: list[str] = []
    cells: list[str] = []
    skipped = tables = depth = 0
    heading = False
    events = etree.iterparse(
        part, ("start", "end"), resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    for event, element in events:
        tag = element.tag
        if event == "start":
            skipped += tag in SKIPPED
            tables += tag == TABLE
            depth += tag == PARAGRAPH
            if tag == PARAGRAPH and depth == 1:
                pieces, heading = [], False
            continue
        # What has been read goes at once, a sibling at a time: to clear a parent of a million takes minutes.
        parent = element.getparent()
        while parent is not None and (before := element.getprevious()) is not None:
            parent.remove(before)
        if tag in SKIPPED:
            skipped -= 1
        elif skipped:
            pass
        elif tag == TEXT:
            pieces.append(element.text or "")
        elif tag in BREAKS:
            # Tabs of a paragraph's settings stand in w:tabs, before its text.
            pieces.append(BREAKS[tag] if pieces or tag != f"{W}tab" else "")
        elif tag == LEVEL:
            heading = element.get(VALUE) == "0"
        elif tag == STYLE:
            heading = heading or element.get(VALUE, "").lower() in ("heading1", "berschrift1", "titre1")
        if tag == PARAGRAPH:
            depth -= 1
            text = "".join(pieces).strip(" \n\t")
            pieces = []
            if tables and text:
                cells.append(text)
            elif text and not skipped:
                yield text, heading
        elif tag == ROW and cells:
            yield "\t".join(cells), False
            cells = []
        elif tag == TABLE:
            tables -= 1


def _articles(lines: Sequence[tuple[str, bool]], broken: str) -> Iterator[Record | Rejection | Stated]:
    texts = [text for text, _ in lines]
    heads = [i for i, (_, heading) in enumerate(lines) if heading]
    if nexis.is_export(texts):
        if heads and not nexis.is_export(texts[: heads[0]]):  # the cover sheet ends with the first headline
            if stated := nexis.stated_on_cover(texts[: heads[0]]):
                yield stated
            texts = texts[heads[0] :]
        yield from nexis.records(texts)
    elif heads and nexis.has_fields(texts):
        # The mark of an article's end is in the interface's language; headlines part the articles in any.
        if stated := nexis.stated_on_cover(texts[: heads[0]]):
            yield stated
        stops = [*heads[1:], len(texts)]
        ends = {texts[stop - 1] for stop in stops}
        marked = len(stops) > 1 and len(ends) == 1 and len(next(iter(ends))) < 40
        for n, (start, stop) in enumerate(zip(heads, stops, strict=True), 1):
            yield nexis.article(texts[start : stop - marked], f"article {n}", title_first=True)
    elif nexis.stated_on_cover(texts) and any(nexis.COVER.match(text) for text in texts):
        yield Rejection("file", "a list of articles without their texts")
    elif not broken:
        text = "\n\n".join(texts)
        yield Record({"text": text}, "file", plain.parse(text))
