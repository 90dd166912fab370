"""Gold files: rows with the right answer, in the formats of docs/evaluation.md; one that does not fit stops the run."""

from __future__ import annotations

import datetime as dt
import gzip
import hashlib
import json
import tomllib
import zlib
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from corpora.article import PARTS
from corpora.corpus import Corpus
from corpora.errors import InputError
from framing.codebook import shipped_codebooks

LABELS = {
    "attitude": ("negative", "neutral", "positive"),
    "sentiment": ("negative", "neutral", "positive"),
    "relation": ("conflict", "cooperation", "none"),
    "subject": ("domestic", "other", "relation"),
    "tone": ("negative", "neutral", "positive"),
}


def read_gold(task: str, path: Path, corpus: Corpus | None = None) -> list[dict[str, Any]]:
    """Rows of a gold file, checked.

    Args:
        task: What it is for.
        path: The file.
        corpus: Where the passages are that a coded file names by `article_id`, `part`, `start` and `end`, without text.

    Raises:
        InputError: The file is missing or empty, a row does not fit the task's format, or the corpus lacks its
            article or has another text there; names file, line, reason.
    """
    if not path.is_file():
        raise InputError(f"no gold file {path}")
    rows = list(_cases(path) if path.suffix == ".toml" else _lines(path))
    if not rows:
        raise InputError(f"gold file {path} has no rows")
    if any("text" not in row and "article_id" in row for _, row in rows):
        rows = _with_texts(path, rows, corpus)
    for place, row in rows:
        if reason := _wrong(task, row):
            raise InputError(f"{path}, {place}: {reason}")
    return [row for _, row in rows]


def read_frames(
    path: Path, codebook: str, frames: Sequence[str], mapped: Mapping[str, str], corpus: Corpus | None = None
) -> list[dict[str, Any]]:
    """Rows of a gold file of frames, checked; their `labels` are frames of a codebook.

    A file that was coded under several codebooks writes `policy:economic`; the labels of the others are passed over.

    Args:
        path: The file.
        codebook: Name of the codebook.
        frames: The codebook's frames.
        mapped: Labels of the file to frames, or to nothing.
        corpus: As for `read_gold`.

    Raises:
        InputError: As for `read_gold`, or a label is neither a frame nor mapped to one.
    """
    if strange := next((frame for frame in mapped.values() if frame and frame not in frames), ""):
        raise InputError(f"no frame {strange!r} to map to; there are: {', '.join(frames)}")
    rows = read_gold("frames", path, corpus)
    for number, row in enumerate(rows, 1):
        told = [mapped.get(label, label) for label in row["labels"]]
        known = [label for label in told if label.split(":", 1)[0] in shipped_codebooks() and ":" in label]
        named = [label for label in told if label not in known]
        named += [label.split(":", 1)[1] for label in known if label.startswith(f"{codebook}:")]
        if strange := next((label for label in named if label and label not in frames), ""):
            raise InputError(
                f"{path}, row {number}: label {strange!r} is not in the codebook; there are: {', '.join(frames)}; "
                f"--map {strange}=FRAME counts it as one of them, --map {strange}= leaves it out"
            )
        row["labels"] = sorted({label for label in named if label})
    return rows


def _with_texts(
    path: Path, rows: list[tuple[str, dict[str, Any]]], corpus: Corpus | None
) -> list[tuple[str, dict[str, Any]]]:
    """Rows with the passages that they name; a text that has changed since it was coded is an error, never a shift."""
    if corpus is None:
        raise InputError(f"{path} holds coded passages without their texts; name the corpus they are of (--corpus)")
    wanted = {row.get("article_id") for _, row in rows}
    articles = {article.article_id: article for article in corpus.articles() if article.article_id in wanted}
    filled = []
    for place, row in rows:
        article = articles.get(str(row.get("article_id")))
        if article is None:
            raise InputError(f"{path}, {place}: the corpus has no article {row.get('article_id')}")
        if row.get("part") not in PARTS:
            raise InputError(f"{path}, {place}: part {row.get('part')!r} is not one of {', '.join(PARTS)}")
        if not all(isinstance(row.get(name), int) for name in ("start", "end")):
            raise InputError(f"{path}, {place}: 'start' and 'end' are not numbers")
        text = article.text(row["part"])[row["start"] : row["end"]]
        if hashlib.sha256(text.encode()).hexdigest() != row.get("passage_sha256"):
            raise InputError(
                f"{path}, {place}: the passage of article {article.article_id} has changed since it was coded"
            )
        filled.append((place, {**row, "text": text, "outlet": article.outlet}))
    return filled


def _lines(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for number, line in enumerate(_text(path).split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except (ValueError, RecursionError) as error:
            reason = error.msg if isinstance(error, json.JSONDecodeError) else "a number or nesting beyond reason"
            raise InputError(f"{path}, line {number}: broken JSON: {reason}") from None
        if not isinstance(row, dict):
            raise InputError(f"{path}, line {number}: not a JSON object")
        yield f"line {number}", row


def _cases(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Labelled cases of `countries`, whose mentions are written as `surface=CODE` in the order of the text."""
    try:
        cases = tomllib.loads(_text(path)).get("case", [])
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"{path}: broken TOML: {error}") from None
    for number, case in enumerate(cases, 1):
        place = f"case {number} ({case.get('label', 'without label')})"
        mentions, at = [], 0
        if not isinstance(case.get("text"), str):
            raise InputError(f"{path}, {place}: has no 'text'")
        for written in case.get("mentions", []):
            surface, _, code = written.rpartition("=")
            surface, _, nth = surface.partition("#")
            if nth and not nth.isdecimal():
                raise InputError(f"{path}, {place}: mention {written!r} is not surface=CODE or surface#2=CODE")
            for _ in range(int(nth or 1)):
                start = case["text"].find(surface, at)
                if start < 0:
                    raise InputError(f"{path}, {place}: mention {written!r} is not in the text")
                at = start + len(surface)
            mentions.append({"span": [start, at], "country": code})
        yield place, {**case, "id": case.get("label"), "mentions": mentions}


def _text(path: Path) -> str:
    data = path.read_bytes()
    if data.startswith(b"\x1f\x8b"):
        try:
            data = gzip.decompress(data)
        except (OSError, EOFError, zlib.error):
            raise InputError(f"gold file {path} is broken gzip") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise InputError(f"gold file {path} is not UTF-8") from None


def _wrong(task: str, row: dict[str, Any]) -> str:
    """Why a row does not fit; empty if it does."""
    text = row.get("text")
    if not isinstance(text, str):
        return "has no 'text'"
    if task == "countries":
        if not isinstance(row.get("mentions"), list):
            return "has no list 'mentions'"
        for mention in row["mentions"]:
            if not isinstance(mention, dict):
                return f"mention {mention!r} is not an object"
            if reason := _wrong_span(mention.get("span"), text, "span"):
                return reason
            if not isinstance(mention.get("country"), str):
                return "a mention has no 'country'"
        return _wrong_date(row.get("published"))
    if task == "stories":
        if not isinstance(row.get("story"), (str, int)):
            return "has no 'story'"
        if not isinstance(row.get("title") or "", str):
            return f"'title' {row['title']!r} is not a text"
        return _wrong_date(row.get("published"))
    if task == "quotes":
        return _wrong_attributions(row.get("attributions"), text)
    if task == "frames":
        labels = row.get("labels")
        whole = isinstance(labels, list) and all(isinstance(label, str) for label in labels)
        return "" if whole else "has no list 'labels' of texts"
    if row.get("label") not in LABELS[task]:
        return f"label {row.get('label')!r} is not one of {', '.join(LABELS[task])}"
    if task in ("sentiment", "attitude"):
        needed = ("target", "source") if task == "attitude" else ("target",)
        return next((reason for name in needed if (reason := _wrong_span(row.get(name), text, name))), "")
    if task in ("relation", "subject"):
        spans = [(name, row.get(name)) for name in ("source", "target") if row.get(name) is not None]
        return next((reason for name, span in spans if (reason := _wrong_span(span, text, name))), "")
    return ""


def _wrong_attributions(attributions: Any, text: str) -> str:
    if not isinstance(attributions, list):
        return "has no list 'attributions'"
    for one in attributions:
        if not isinstance(one, dict):
            return f"attribution {one!r} is not an object"
        for name in ("source", "cue", "content"):
            spans = one.get(name)
            if not isinstance(spans, list | None):
                return f"'{name}' {spans!r} is not a list of [start, end]"
            if reason := next((reason for span in spans or () if (reason := _wrong_span(span, text, name))), ""):
                return reason
    return ""


def _wrong_span(span: Any, text: str, name: str) -> str:
    if not (isinstance(span, list) and len(span) == 2 and all(isinstance(i, int) for i in span)):
        return f"'{name}' is not [start, end]"
    if not 0 <= span[0] < span[1] <= len(text):
        return f"'{name}' {span} lies outside the text of {len(text)} characters"
    return ""


def _wrong_date(value: Any) -> str:
    if value is None:
        return ""
    try:
        dt.datetime.fromisoformat(value)
    except (TypeError, ValueError):
        return f"'published' {value!r} is not an ISO date"
    return ""
