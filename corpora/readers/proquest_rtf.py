"""ProQuest's Rich Text export: headings in capitals, and the fields of an article in a table below it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from corpora.readers import rtf
from corpora.readers.proquest_labels import FIELDS, label_key, split_label
from corpora.readers.proquest_txt import read_text
from corpora.readers.record import Head, Record, Rejection, Stated, read_whole

# Once below each headline, in the interface's language.
LINK = re.compile(
    r"(?=.{8,60}$)(?:.*ProQuest.*(?:link|lien|enlace|collegamento|vínculo).*|(?:Link|Lien|Enlace)\b.*ProQuest.*)",
    re.IGNORECASE,
)
# The same in the file's own code, and the address that it leads to.
OWN = re.compile(
    r"ProQuest[^\\{}\r\n]{0,30}(?:link|lien|enlace|collegamento)|(?:link|lien|enlace)[^\\{}\r\n]{0,30}ProQuest|"
    r"proquest\.com/[^\s\"{}]{0,200}docview",
    re.IGNORECASE,
)
HEADINGS = {"text", "abstract", "links"}
DETAILS = {"DETAILS", "DETALLES", "DÉTAILS", "DETTAGLI", "DETALHES", "EINZELHEITEN", "ANGABEN"}
RULE = "_" * 60
# A headline on several lines, the authors and the publication.
LONGEST_HEAD = 4


def recognises(head: Head) -> bool:
    r"""A Rich Text file with ProQuest's link to an article.

    >>> recognises(Head.of(b"{\\rtf1 Talks\\par ProQuest document link\\par FULL TEXT\\par"))
    True
    """
    return head.text.startswith("{\\rtf") and bool(OWN.search(head.text))


def read(stream: BinaryIO, name: str) -> Iterator[Record | Rejection | Stated]:
    """Yield the file's articles; one that only links to ProQuest is read as any other Rich Text."""
    data = read_whole(stream, rtf.LONGEST)
    if data is None:
        yield Rejection("file", f"file is longer than {rtf.LONGEST // 1_000_000} million bytes")
        return
    text = rtf.rtf_text(data)
    labelled = labelled_text(text)
    yield from read_text(labelled) if RULE in labelled else rtf.articles(text)


def labelled_text(text: str) -> str:
    """The text as the text export would have it: rules between articles, and labels with colons.

    >>> print(labelled_text("Talks\\nProQuest document link\\nFULL TEXT\\nThey met.\\nDETAILS\\nTitle:\\tTalks")[61:])
    Talks
    <BLANKLINE>
    <BLANKLINE>
    Full text:
    They met.
    <BLANKLINE>
    <BLANKLINE>
    Title: Talks
    """
    lines: list[str] = []
    for line in (line.strip(" |\t\xa0") for line in text.split("\n")):
        heading = FIELDS.get(label_key(re.sub(r"\(.*", "", line)), "") if line.isupper() else ""
        row = re.split(r"\s*[\t|]\s*", line, maxsplit=1)
        if LINK.fullmatch(line):
            start = _head(lines)
            head = [part for part in lines[start:] if part]
            # Below the headline stand authors and publication, without a blank line between.
            del lines[start:]
            lines += [RULE, *head[:1], *(line for part in head[1:] for line in ("", part)), ""]
        elif heading in HEADINGS:
            lines += ["", "Full text:" if heading == "text" else "Abstract:" if heading == "abstract" else "Links:"]
        elif line in DETAILS:
            lines.append("")
        elif len(row) == 2 and split_label(f"{row[0].rstrip(' :')}:")[0]:
            lines += ["", f"{row[0].rstrip(' :')}: {row[1]}"]
        else:
            lines.append(line)
    return "\n".join(lines)


def _head(lines: list[str]) -> int:
    """Where the headline above a link begins: below a blank line, or below the fields of the article before."""
    start = len(lines)
    while start and not lines[start - 1]:
        start -= 1
    end = start
    while start and end - start < LONGEST_HEAD and lines[start - 1] and not split_label(lines[start - 1])[0]:
        start -= 1
    return start
