"""Rich Text Format: its text, and any file of it that no database wrote, as one article."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import BinaryIO

from corpora.readers import nexis, plain
from corpora.readers.record import Head, Record, Rejection, Stated, read_whole

# Five hundred articles with their pictures, the most a database hands out at once, come to some 60 million bytes.
LONGEST = 200_000_000
# Groups within groups: Word's own files have some twenty.
DEEPEST = 1_000
TOKEN = re.compile(
    r"\\([a-zA-Z]{1,32})(-?\d{1,10})?[ ]?"  # a control word, its number, the blank that ends it
    r"|\\'([0-9a-fA-F]{2})|\\([^a-zA-Z'])|([{}])|([^\\{}\r\n]+)|[\r\n]+|\\",
)
# Groups that hold no text of the page. A group that begins with "\*" is passed over as well: that is what it asks for.
NOT_TEXT = frozenset({
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "header", "headerl", "headerr", "headerf", "footer",
    "footerl", "footerr", "footerf", "fldinst", "object", "objdata", "listtable", "listoverridetable", "revtbl",
    "themedata", "datastore", "latentstyles", "pntext", "listtext", "bkmkstart", "bkmkend", "filetbl", "xmlnstbl",
    "nonshppict", "datafield", "private", "annotation", "atnid", "atnauthor", "tc", "xe", "ud",
})  # fmt: skip
MARKS = {
    "par": "\n", "line": "\n", "page": "\n", "sect": "\n", "row": "\n", "column": "\n", "cell": "\t", "nestcell": "\t",
    "nestrow": "\n", "tab": "\t", "emdash": "—", "endash": "–", "lquote": "‘", "rquote": "’", "ldblquote": "“",
    "rdblquote": "”", "bullet": "•", "emspace": " ", "enspace": " ", "qmspace": " ",
}  # fmt: skip
SYMBOLS = {"~": "\xa0", "_": "-", "{": "{", "}": "}", "\\": "\\", "\n": "\n", "\r": "\n"}
# Code pages by a font's character set, as the specification numbers them; 0 is the page of the file.
CHARSETS = {
    77: "mac_roman", 128: "cp932", 129: "cp949", 134: "gbk", 136: "big5", 161: "cp1253", 162: "cp1254", 163: "cp1258",
    177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip


def recognises(head: Head) -> bool:
    r"""Whether a file is Rich Text Format, whoever wrote it.

    >>> recognises(Head.of(b"{\\rtf1\\ansi Talks resume.}"))
    True
    """
    return head.text.startswith("{\\rtf")


def read(stream: BinaryIO, name: str) -> Iterator[Record | Rejection | Stated]:
    """Yield the file's one article, or a rejection where there is no text."""
    data = read_whole(stream, LONGEST)
    if data is None:
        yield Rejection("file", f"file is longer than {LONGEST // 1_000_000} million bytes")
        return
    yield from articles(rtf_text(data))


def articles(text: str) -> Iterator[Record | Rejection | Stated]:
    """Articles of a Rich Text file's text: those of a Nexis export, which a picture may have hidden, or one article."""
    lines = text.split("\n")
    if nexis.is_export(lines):
        yield from nexis.records(lines)
    elif nexis.has_fields(map(str.strip, lines)):
        yield nexis.article(nexis.paragraphs(lines), "article 1", title_first=True)
    elif nexis.stated_on_cover(lines) and any(nexis.COVER.match(line) for line in lines):
        yield Rejection("file", "a list of articles without their texts")
    elif not text.strip():
        yield Rejection("file", "no text")
    else:
        # A blank line between any two paragraphs: here a line is a paragraph, and never a part of one.
        text = "\n\n".join(nexis.paragraphs(lines))
        yield Record({"text": text}, "file", plain.parse(text))


def rtf_text(data: bytes) -> str:
    r"""Text of a Rich Text file: a line a paragraph, the cells of a table's row parted by tabs.

    Hidden and deleted text, fonts, pictures, headers, footers and the codes of fields are left out; what a field
    shows, the words of a link, is kept.

    Args:
        data: The whole file. Anything else gives some text or none, never an error.

    Returns:
        The text, with no mark of the format.

    >>> rtf_text(b"{\\rtf1\\ansi\\ansicpg1252 Caf\\'e9{\\v hidden} \\u8364?5.\\par {\\b Next} one.}")
    'Café €5.\nNext one.'
    """
    return _Text(data).read()


class _Text:
    """What is open while a file is read: the groups around this place, the bytes that no code page has read yet."""

    def __init__(self, data: bytes) -> None:
        self.source = data.decode("latin-1")
        self.out: list[str] = []
        self.bytes: list[str] = []
        self.page = "cp1252"
        self.fonts: dict[int, str] = {}
        self.font = -1
        self.skipped = 0  # depth of the group being passed over; 0 for none
        self.hidden = self.deleted = False
        self.replacements = 1  # how many characters stand after "\u" for readers that know no Unicode
        self.to_skip = 0
        self.deeper = 0  # groups inside those that are kept
        self.stack: list[tuple[int, int, bool, bool]] = []

    def read(self) -> str:
        source, position = self.source, 0
        for_fonts = -1
        while match := TOKEN.match(source, position):
            position = match.end()
            word, number, byte, symbol, brace, literal = match.groups()
            if brace == "{":
                self.to_skip = 0
                if len(self.stack) < DEEPEST:
                    self.stack.append((self.font, self.replacements, self.hidden, self.deleted))
                else:
                    self.deeper += 1
            elif brace and self.deeper:
                self.deeper -= 1
            elif brace:
                self.flush()
                self.close()
                if len(self.stack) < for_fonts:
                    for_fonts = -1
            elif word == "bin":
                position += max(int(number or 0), 0)
            elif word == "fonttbl":
                for_fonts = len(self.stack)
                self.skip()
            elif for_fonts >= 0:
                self.describe_font(word, int(number or 0))
            elif self.skipped:
                continue
            elif word:
                self.control(word, int(number) if number else None)
            elif symbol == "*":
                self.skip()
            elif byte:
                self.add(chr(int(byte, 16)))
            elif symbol:
                self.flush()
                self.put(SYMBOLS.get(symbol, ""))
            elif literal:
                self.add(literal)
        self.flush()
        # Characters beyond the first plane come as two halves.
        return "".join(self.out).encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

    def skip(self) -> None:
        if not self.skipped:
            self.flush()
            self.skipped = max(len(self.stack), 1)

    def close(self) -> None:
        if len(self.stack) == self.skipped:
            self.skipped = 0
        if self.stack:
            self.font, self.replacements, self.hidden, self.deleted = self.stack.pop()

    def describe_font(self, word: str | None, number: int) -> None:
        if word == "f":
            self.font = number
        elif word == "fcharset" and number in CHARSETS:
            self.fonts[self.font] = CHARSETS[number]

    def control(self, word: str, number: int | None) -> None:
        if word == "u" and number is not None:
            self.flush()
            self.put(chr(number % 65536))
            self.to_skip = self.replacements
            return
        self.flush()
        if word in MARKS:
            self.put(MARKS[word])
        elif word in NOT_TEXT:
            self.skip()
        elif word == "uc":
            self.replacements = max(number or 0, 0)
        elif word == "f":
            self.font = number or 0
        elif word == "plain":
            self.hidden = self.deleted = False
        elif word in ("v", "webhidden"):
            self.hidden = number != 0
        elif word == "deleted":
            self.deleted = number != 0
        elif word == "ansicpg":
            self.page = _known_page(f"cp{number}") or self.page
        elif word == "mac":
            self.page = "mac_roman"

    def add(self, characters: str) -> None:
        skipped = min(self.to_skip, len(characters))
        self.to_skip -= skipped
        self.bytes.append(characters[skipped:])

    def put(self, text: str) -> None:
        if not (self.hidden or self.deleted):
            self.out.append(text)
        self.to_skip = 0

    def flush(self) -> None:
        """Read the bytes so far by the font's code page: a character of Chinese may be a byte and a letter."""
        text = "".join(self.bytes)
        self.bytes.clear()
        if not text or self.hidden or self.deleted:
            return
        if not text.isascii():
            data = text.encode("latin-1")
            try:
                text = data.decode("utf-8")
            except UnicodeDecodeError:
                text = data.decode(self.fonts.get(self.font, self.page), "replace")
        self.out.append(text)


def _known_page(name: str) -> str | None:
    try:
        return codecs.lookup({"cp65001": "utf-8", "cp10000": "mac_roman", "cp936": "gbk"}.get(name, name)).name
    except LookupError:
        return None
