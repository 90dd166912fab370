"""Instructions: what coders are told, from the measure's own rules or from the codebook of the frames."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files
from string import Template

from framing.codebook import Codebook
from framing.coding.question import Question
from framing.gazetteer import country_name


def instructions(question: Question, codebook: Codebook | None = None) -> str:
    """What coders read before they begin, as Markdown.

    Args:
        question: What is asked.
        codebook: Of frames, the codebook.

    >>> "Sentiment toward: Russia" in instructions(Question("sentiment", target="RUS"))
    True
    """
    names = [country_name(code) for code in question.pair.split("-") if code]
    source, _, target = question.category.partition(">")
    told = {
        "first": names[0] if names else "",
        "second": names[-1] if names else "",
        "source": country_name(source) if source else "",
        "target": country_name(target or question.target) if target or question.target else "",
    }
    kind = "frames" if question.is_set else question.measure
    measure = Template(_page(kind)).substitute(told).strip()
    if codebook is not None:
        measure += "\n\n" + "\n".join(codebook_page(codebook)).strip()
    return Template(_page("rules")).substitute(
        question=f"**{question.text}**",
        measure=measure,
        labels=", ".join(f"`{label}`" for label in question.labels),
        several=" Part several by semicolons, or mark each in its own column." if question.is_set else "",
    )


def codebook_page(book: Codebook) -> Iterator[str]:
    """The frames of a codebook as Markdown, with their questions, rules and examples."""
    yield f"## {_flat(book.title)}"
    yield ""
    for paragraph in book.about.split("\n\n"):
        yield _flat(paragraph)
        yield ""
    for frame in book.frames:
        yield f"### `{frame.name}`: {_flat(frame.title)}"
        yield ""
        yield _flat(frame.definition)
        yield ""
        counters = [f"{one.text} ({one.why})" for one in frame.counterexamples]
        for title, texts in (
            ("Ask", frame.questions),
            ("Include", frame.include),
            ("Exclude", frame.exclude),
            ("Examples", frame.examples),
            ("Not", counters),
        ):
            if texts:
                yield f"**{title}**"
                yield ""
                yield from (f"- {_flat(text)}" for text in texts)
                yield ""


def _page(name: str) -> str:
    return files("framing").joinpath("data", "coding", f"{name}.md").read_text(encoding="utf-8")


def _flat(text: str) -> str:
    """A text in one line."""
    return " ".join(text.split())
