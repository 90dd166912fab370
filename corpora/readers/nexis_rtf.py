"""Rich Text files of LexisNexis and Nexis, of the older services and of Nexis Uni."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

from corpora.readers import rtf
from corpora.readers.record import Head, Record, Rejection, Stated, read_whole

# What stands in the first 64 KiB: a comment and the request of the older services, the cover sheet of Nexis Uni, and
# for files of one short article its foot. The name of the company alone may be news.
MARKS = re.compile(
    r"\\LXNComment|About LexisNexis|(?:advance|plus)\.lexis\.com|Client/Matter|Job Number|"
    r"(?:End of Document|Ende des Dokuments?|Fin du document|Fin del documento|Fine del documento)\s*[\\}]|"
    r"Load-Date:|\b\d+ of \d+ DOCUMENTS?\b|\bDokument \d+ von \d+\b|\bDocument \d+ de \d+\b"
)


def recognises(head: Head) -> bool:
    r"""Whether a Rich Text file is an export.

    >>> recognises(Head.of(b"{\\rtf1 1 of 10 DOCUMENTS\n\\par }")), recognises(Head.of(b"{\\rtf1 LexisNexis grew.}"))
    (True, False)
    """
    return head.text.startswith("{\\rtf") and bool(MARKS.search(head.text))


def read(stream: BinaryIO, name: str) -> Iterator[Record | Rejection | Stated]:
    """Yield the file's articles, and how many it says there are."""
    data = read_whole(stream, rtf.LONGEST)
    if data is None:
        yield Rejection("file", f"file is longer than {rtf.LONGEST // 1_000_000} million bytes")
        return
    yield from rtf.articles(rtf.rtf_text(data))
