"""From the parts of a LexisNexis or Nexis article to its record: fields by name, the text without what is none."""

from __future__ import annotations

import re
from collections.abc import Sequence

from corpora.readers.months import iso_date
from corpora.readers.nexis_front import published
from corpora.readers.nexis_parts import Parts
from corpora.readers.record import Record

LONGEST_TAGS = 30

NO_TEXT = re.compile(
    r"(?:\[?(?:image|bild|photo|foto|graphic|grafik)\]?|page \d+(?: (?:of|de|sur|/) \d+)?|seite \d+(?: von \d+)?|"
    r"p[aá]gina \d+(?: d[ei] \d+)?|pagina \d+(?: (?:van|di) \d+)?|"
    r"link (?:to|zum) (?:image|bild|pdf|pdf[- ]dokument|original(?: document)?))",
    re.IGNORECASE,
)
ADDRESS = re.compile(r"(?:url ?: ?)?((?:https?://|www\.)\S+)", re.IGNORECASE)
# The number under which an agency sent the text: "-939871".
PASSING = re.compile(r"-{0,3}\d{5,9}")
RELATED = "Related Articles"
# Headlines of other articles, which the web edition lists at the foot: they seldom pass 20 words.
HEADLINE_WORDS = 20
CREDITED = re.compile(r"(?:PHOTO|DRAWING|MAP|CHART|GRAPHIC|TABLE|IMAGE|DIAGRAM|FOTO|BILD|GRAFIK)S?(?: \([^)]*\))?:")


def assemble(parts: Parts, place: str) -> Record:
    """The record of an article's parts."""
    front = parts.front
    values: dict[str, str] = {}
    furniture = [front.copyright, *front.notes]
    for label in parts.labels:
        text = label.value if label.key in ("captions", "byline") else " ".join(label.value.split())
        if label.key in ("byline", "section", "dateline", "title", "language", "tags", "url", "captions"):
            values[label.key] = f"{values[label.key]}\n{text}".strip() if label.key in values else text
        elif text:
            furniture.append(f"{label.printed}: {text}" if label.printed else text)
    body, url, captions, extra = _text(parts.body)
    furniture += extra
    title = values.get("title", "") or front.title
    furniture += [front.title] if front.title not in ("", title) else []
    known = {
        "outlet": front.outlet,
        "published": published(front.printed) or _day_loaded(parts),
        "title": re.sub(r";(?=\S)", "; ", title),
        "body": "\n\n".join(body),
        "byline": _listed(values.get("byline", front.byline)),
        "url": values.get("url", "") or url or front.url,
        "language": values.get("language", ""),
        "tags": _tags(values.get("tags", "")),
        "captions": "\n".join([*_caption_lines(values.get("captions", "")), *captions]),
        "dateline": values.get("dateline", "").strip(" -"),
        "furniture": "\n".join(line for line in furniture if line),
        "section": _listed(f"{values.get('section', '')};{front.edition}"),
    }
    # The day it was loaded may change when the service loads it again; the length is counted anew.
    passing = {"loaded", "length"}
    fields = {label.printed: label.value for label in parts.labels if label.key not in passing and label.printed}
    raw = {"outlet": front.outlet, "date": front.printed, "title": known["title"], "body": known["body"], **fields}
    return Record(raw, place, known, edited=True)


def _text(blocks_of_text: Sequence[str]) -> tuple[list[str], str, list[str], list[str]]:
    """Paragraphs of the text; the address, the captions and other things that stand among them."""
    lines = [" ".join(line.split()) for block in blocks_of_text for line in block.split("\n")]
    lines = [line for line in lines if line and not NO_TEXT.fullmatch(line)]
    summary = ""
    if lines[:1] == ["ABSTRACT"] and "FULL TEXT" in lines[1:6]:
        whole = lines.index("FULL TEXT")
        summary, lines = " ".join(lines[1:whole]), lines[whole + 1 :]
    related: list[str] = []
    if RELATED in lines[-12:]:
        below = len(lines) - lines[::-1].index(RELATED)
        if all(len(line.split()) <= HEADLINE_WORDS for line in lines[below:]):
            lines, related = lines[: below - 1], lines[below:]
    url = ""
    captions: list[str] = []
    while lines:
        address = ADDRESS.fullmatch(lines[-1])
        if address:
            # "http://www.nytimes.com" is the outlet's, not the article's.
            url = address[1] if re.search(r"[^/:]/[^/]", address[1]) else url
        elif CREDITED.match(lines[-1]):
            captions.insert(0, lines[-1])
        elif not PASSING.fullmatch(lines[-1]):
            break
        lines.pop()
    extra = [f"Abstract: {summary}"] if summary else []
    extra += [f"{RELATED}: {'; '.join(related)}"] if related else []
    return lines, url, captions, extra


def _caption_lines(captions: str) -> list[str]:
    lines = (" ".join(line.split()) for line in captions.split("\n"))
    return [line for line in lines if line and not NO_TEXT.fullmatch(line)]


def _listed(text: str) -> str:
    """Parts on one line, each once: several bylines, one a line; "Section W;; Section W; Page 1"."""
    listed = (" ".join(part.split()) for part in re.split(r"[;\n]", text))
    return "; ".join(dict.fromkeys(part for part in listed if part and part not in ("Section", "Pg.", "Column 0")))


def _day_loaded(parts: Parts) -> str:
    """Day on which an article without a date was loaded, where its copyright is of the same year.

    The services load a paper on the day that it appears, and all its older years on some later day.
    """
    loaded = next((iso_date(label.value) for label in parts.labels if label.key == "loaded"), "")
    notices = [parts.front.copyright, *(label.value for label in parts.labels if label.key == "copyright")]
    return loaded if loaded and any(loaded[:4] in notice for notice in notices) else ""


def _tags(subjects: str) -> str:
    """Subjects without their weights: "TRADE (90%); TARIFFS & DUTIES (88%)"."""
    found = (re.sub(r"\s*\(\d{1,3} ?%\)", "", tag).replace(",", "").strip() for tag in subjects.split(";"))
    return ", ".join([tag for tag in dict.fromkeys(found) if tag][:LONGEST_TAGS])
