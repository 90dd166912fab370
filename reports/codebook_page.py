"""Codebooks and their training as lines for a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from typing import TYPE_CHECKING

from framing.frames import POOR
from framing.own_codebook import ENOUGH

if TYPE_CHECKING:
    from framing.codebook import Codebook
    from framing.own_codebook import Trained

WIDTH = 88


def codebook_lines(book: Codebook) -> Iterator[str]:
    """A codebook as a coder reads it."""
    yield f"{book.title} ({book.name}, version {book.version})"
    yield ""
    for paragraph in book.about.split("\n\n"):
        yield from textwrap.wrap(" ".join(paragraph.split()), WIDTH)
        yield ""
    for frame in book.frames:
        yield f"{frame.title}  [{frame.name}]"
        yield from textwrap.wrap(frame.definition, WIDTH, initial_indent="  ", subsequent_indent="  ")
        for title, texts in (
            ("Ask", frame.questions),
            ("Include", frame.include),
            ("Exclude", frame.exclude),
            ("Examples", frame.examples),
            ("Not", [f"{one.text} -- {one.why}" for one in frame.counterexamples]),
        ):
            if texts:
                yield f"  {title}:"
            for text in texts:
                yield from textwrap.wrap(
                    " ".join(text.split()), WIDTH, initial_indent="    - ", subsequent_indent="      "
                )
        yield ""
    if book.source:
        yield from textwrap.wrap(f"Source: {' '.join(book.source.split())}", WIDTH)


def trained_lines(trained: Trained) -> Iterator[str]:
    """What training found."""
    yield f"frames:{trained.codebook.name}, {trained.passages:,} coded passages, {trained.cost}, five folds"
    if not trained.grouped:
        yield "no column 'article': passages of one article may be learned from and read, which flatters the scores"
    if len(trained.coders) < 2:
        yield "coded by one coder only: how far coders agree cannot be told"
    yield ""
    heads = ("coded", 6), ("F1", 6), ("95 %", 14), ("precision", 11), ("recall", 8), ("with coders", 13), ("coders", 8)
    longest = max(len(score.frame) for score in trained.scores) + 1
    yield f"{'frame':<{longest}}" + "".join(f"{head:>{room}}" for head, room in heads)
    for score in trained.scores:
        values = (score.precision, score.recall, score.scorer_alpha, score.coder_alpha)
        told = ["none" if value != value else f"{value:.2f}" for value in values]
        mark = "*" if score.n < ENOUGH else "†" if score.f1 < POOR else " "
        span = f"{score.low:.2f} to {score.high:.2f}"
        rooms = (11, 8, 13, 8)
        figures = "".join(f"{text:>{room}}" for text, room in zip(told, rooms, strict=True))
        yield f"{score.frame:<{longest}}{score.n:>6}{score.f1:>6.2f}{mark}{span:>13}{figures}"
    yield "with coders, coders: Krippendorff's alpha of the scorer with its coders, and of the coders"
    if any(score.n < ENOUGH for score in trained.scores):
        yield f"* fewer than {ENOUGH} coded passages carry it: hardly told"
    if any(score.n >= ENOUGH and score.f1 < POOR for score in trained.scores):
        yield f"† F1 below {POOR}: poorly measured"
    yield f"mean F1 {trained.macro_f1:.2f}; {trained.more_coding()}"
