"""E-mail: deliveries of a database with articles in their body or attached, and any other mail as one article."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import re
from collections.abc import Iterator
from email import message_from_bytes, policy
from email.message import Message
from email.utils import parseaddr, parsedate_to_datetime
from typing import BinaryIO

from corpora.readers.months import iso_date
from corpora.readers.record import HEAD, Head, Record, Rejection, Stated, decode, read_whole

# Mail servers take some 25 to 50 million bytes, attachments included.
LONGEST_MAIL = 100_000_000
FIELD = re.compile(r"([!-9;-~]{2,60}):[ \t\r\n]")
# A mail has a sender or a way that it came, and a date or a version besides.
SENT = {"from", "received", "return-path", "delivered-to", "sender", "x-mozilla-status"}
BESIDES = {"date", "mime-version", "message-id", "content-type", "to", "subject"}
FORWARDED = re.compile(r"^(?:(?:re|fwd?|fw|aw|wg|tr|rv|i|enc|doorst)\s*:\s*)+", re.IGNORECASE)
QUOTED = re.compile(r"^>[> ]*", re.MULTILINE)
LINKED = re.compile(r"[<\[(]https?://[^\s>\])]{1,500}[>\])]")
# Readers whose formats a mail delivers, by the first part of their names; any other part is the mail itself.
DATABASES = ("proquest", "nexis", "factiva", "europresse", "ris", "mediacloud", "gdelt")
# Parts of one mail; a bomb has thousands.
MOST_PARTS, MOST_RULES = 500, 5_000
# The standard's parser takes time with the square of a field's length; a subject or a sender is far shorter.
LONGEST_FIELD = 1_000


class _ShortFields(policy.EmailPolicy):
    """Reads a field of a mail's head as far as `LONGEST_FIELD`."""

    def header_fetch_parse(self, name: str, value: str) -> str:
        """What a field holds."""
        held: str = super().header_fetch_parse(name, value[:LONGEST_FIELD])
        return held


SHORT_FIELDS = _ShortFields()


def recognises(head: Head) -> bool:
    """Fields of a mail's head in its first lines, and nothing else before the first blank one."""
    lines = head.text[:16_384].replace("\r\n", "\n").split("\n\n")[0].split("\n")
    if lines[0].startswith(("From ", ">From ")):
        lines = lines[1:]
    names = {match[1].lower() for line in lines if (match := FIELD.match(f"{line}\n"))}
    odd = sum(not FIELD.match(f"{line}\n") and not line.startswith((" ", "\t")) for line in lines)
    return bool(names & SENT) and len(names & BESIDES) >= 2 and odd <= len(lines) // 10


def read(stream: BinaryIO, name: str) -> Iterator[Record | Rejection | Stated]:
    """Yield the articles that a mail brings, or the mail itself where it brings none."""
    data = read_whole(stream, LONGEST_MAIL)
    if data is None:
        yield Rejection("mail", "mail is longer than 100 million bytes")
        return
    if data.count(b"\n--") > MOST_RULES:
        yield Rejection("mail", "mail has more parts than a mail ever has")
        return
    try:
        mail = message_from_bytes(data.lstrip(b"\xef\xbb\xbf \t\r\n"), policy=SHORT_FIELDS)
        mails = [(each, list(_parts(each))) for each in (mail, *_inner(mail))]
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError) as error:
        yield Rejection("mail", f"mail cannot be parsed: {type(error).__name__}")
        return
    for number, (each, parts) in enumerate(mails):
        place = f"mail {number} inside" if number else "mail"
        if found := list(_delivered(parts)):
            yield from found
        elif number or len(mails) == 1 or _body(parts):
            yield _article(each, parts, place)


def _inner(mail: Message) -> list[Message]:
    """Mails that a mail carries whole: newsletters forwarded as attachments."""
    return [
        inner
        for part in _walk(mail)
        if _kind(part) == "message/rfc822"
        for inner in (part.get_payload() if part.is_multipart() else [])
        if isinstance(inner, Message)
    ]


def _parts(mail: Message) -> list[Message]:
    """Parts of a mail that have none of their own, without those of a mail inside it."""
    return [part for part in _walk(mail) if not part.is_multipart()]


def _walk(mail: Message) -> Iterator[Message]:
    stack, count = [mail], 0
    while stack and count < MOST_PARTS:
        part, count = stack.pop(), count + 1
        yield part
        inner = part.get_payload()
        if isinstance(inner, list) and (part is mail or _kind(part) != "message/rfc822"):
            stack += reversed([item for item in inner if isinstance(item, Message)])


def _delivered(parts: list[Message]) -> Iterator[Record | Rejection | Stated]:
    """What parts in the format of a database hold: the page goes before its plain twin, attachments are always read."""
    pages = [part for part in parts if _kind(part) == "text/html" and not part.get_filename()]
    plain = [part for part in parts if _kind(part) == "text/plain" and not part.get_filename()]
    attached = [part for part in parts if part.get_filename()]
    bodies = [item for part in pages for item in _database(part, "body")]
    bodies = bodies or [item for part in plain for item in _database(part, "body")]
    files = [item for number, part in enumerate(attached, 1) for item in _database(part, f"attachment {number}")]
    found = [item for item in bodies + files if not isinstance(item, Stated)]
    counts = [item for item in bodies + files if isinstance(item, Stated)]
    yield from found
    if found and counts:
        yield Stated(sum(item.count for item in counts), "; ".join(item.words for item in counts))


def _database(part: Message, place: str) -> list[Record | Rejection | Stated]:
    """Articles of a part that the reader of a database recognises; none where no such reader does."""
    from corpora.readers import READERS, proquest_html, proquest_txt

    known = {"proquest-html": proquest_html, "proquest-txt": proquest_txt, **READERS}
    data = _bytes(part)
    for version in [data] if place.startswith("attachment") else [data, QUOTED.sub("", decode(data)).encode()]:
        head = Head.of(version[:HEAD])
        for name, reader in known.items():
            if name.startswith(DATABASES) and reader.recognises(head):
                items = reader.read(io.BufferedReader(io.BytesIO(version)), str(part.get_filename() or place))
                return [_placed(item, place) for item in items]
    return []


def _placed(item: Record | Rejection | Stated, place: str) -> Record | Rejection | Stated:
    if isinstance(item, Stated) or place.startswith("body"):
        return item
    return dataclasses.replace(item, place=f"{place}, {item.place}")


def _article(mail: Message, parts: list[Message], place: str) -> Record | Rejection:
    """A mail as one article: its sender is the outlet, its subject the headline."""
    paragraphs = _body(parts)
    files = [str(part.get_filename()) for part in parts if part.get_filename()]
    sender = _header(mail, "From") or _header(mail, "Sender")
    name, address = parseaddr(sender)
    subject = FORWARDED.sub("", _header(mail, "Subject"))
    if not subject and not (paragraphs and sender):
        return Rejection(place, "mail holds no subject, and no sender or no text")
    if address.lower().endswith("proquest.com"):
        return Rejection(place, "ProQuest's delivery holds no articles as HTML or text: have it send one of these")
    body, _, signature = "\n\n".join(paragraphs).partition("\n\n-- \n\n")
    known = {
        "outlet": name.strip("\"' ") or address.rpartition("@")[2] or sender,
        "published": _moment(mail),
        "title": subject,
        "body": body,
        "language": _header(mail, "Content-Language").split(",")[0],
        "url": _header(mail, "Archived-At").strip("<> "),
        "furniture": "\n".join([*signature.split("\n\n"), *(f"Attachment: {file}" for file in files)]).strip(),
    }
    raw = {"id": _header(mail, "Message-ID"), "from": sender, "subject": subject, "date": _header(mail, "Date")}
    return Record(raw | {"text": "\n\n".join(paragraphs)}, place, known)


def _body(parts: list[Message]) -> list[str]:
    """Paragraphs of the plain part; of the page, where the plain part only points to it."""
    parts = [part for part in parts if not part.get_filename()]
    texts = ["\n".join(_text(part).splitlines()) for part in parts if _kind(part) == "text/plain"]
    plain = [line for text in texts for block in re.split(r"\n[ \t]*\n", text) for line in _unwrapped(block)]
    pages = [line for part in parts if _kind(part) == "text/html" for line in _page(_text(part))]
    words = len(" ".join(plain).split())
    return pages if words < 60 and len(" ".join(pages).split()) > 2 * words else plain


def _unwrapped(block: str) -> list[str]:
    """Lines of a block, those of a paragraph broken to a width joined, without the addresses of links.

    >>> _unwrapped("They met.\\nThey parted. <https://example.org/a>")
    ['They met.', 'They parted.']
    """
    lines = [LINKED.sub("", line).rstrip("\r\n") for line in block.split("\n")]
    lines = [line if line == "-- " else line.strip() for line in lines if line.strip()]
    wrapped = len(lines) > 1 and all(45 <= len(line) <= 100 for line in lines[:-1])
    return [" ".join(lines)] if wrapped else lines


def _page(page: str) -> list[str]:
    """Paragraphs of a page: as trafilatura finds them, or all its text where that leaves out most."""
    import trafilatura
    from lxml import html

    page = page.replace("\x00", "")
    if not page.strip():
        return []
    try:
        parser = html.HTMLParser(encoding="utf-8", no_network=True, remove_comments=True, huge_tree=False)
        tree = html.document_fromstring(page.encode(), parser=parser)
        for element in tree.xpath("//script|//style|//head"):
            element.drop_tree()
        for element in list(tree.iter("table", "tbody", "tr", "td", "th")):
            element.tag = "div"  # a newsletter's tables are its layout
        found = trafilatura.extract(html.tostring(tree, encoding="unicode"), favor_recall=True) or ""
        for element in tree.iter("p", "br", "div", "li", "h1", "h2", "h3", "h4"):
            element.tail = f"\n{element.tail or ''}"
        whole = [" ".join(line.split()) for line in tree.text_content().split("\n")]
    except Exception:  # foreign parsers on foreign text: whatever they raise, the page has no text to give
        return []
    chosen = [line.strip() for line in found.split("\n") if line.strip()]
    return chosen if 3 * len(found.split()) > len(" ".join(whole).split()) else [line for line in whole if line]


def _moment(mail: Message) -> str:
    """When a mail was sent, as it says so, with its zone; else when it came."""
    for written in (_header(mail, "Date"), _header(mail, "Received").rpartition(";")[2]):
        try:
            sent = parsedate_to_datetime(written)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        if dt.MINYEAR < sent.year < dt.MAXYEAR:
            return sent.isoformat()
    return iso_date(_header(mail, "Date"))


def _header(mail: Message, name: str) -> str:
    """A field of the head on one line; empty where it is missing or broken."""
    try:
        return " ".join(str(mail.get(name, "")).split())
    except Exception:  # the standard library raises half a dozen kinds of error on broken heads
        return ""


def _kind(part: Message) -> str:
    try:
        return part.get_content_type()
    except Exception:  # as above
        return "text/plain"


def _bytes(part: Message) -> bytes:
    """Content of a part: text as UTF-8, anything else as it is."""
    if _kind(part).startswith("text/"):
        return _text(part).encode("utf-8", "replace")
    try:
        content = part.get_payload(decode=True)
    except Exception:  # as above
        return b""
    return content if isinstance(content, bytes) else b""


def _text(part: Message) -> str:
    try:
        content = part.get_payload(decode=True)
        content = content if isinstance(content, bytes) else b""
        charset = part.get_content_charset() or "utf-8"
    except Exception:  # as above
        return ""
    try:
        return decode(content) if charset in ("utf-8", "us-ascii", "utf8") else content.decode(charset, "replace")
    except (LookupError, ValueError):
        return decode(content)
