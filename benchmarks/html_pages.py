"""Time of the HTML reader against trafilatura alone, on the same pages with the same options.

    python benchmarks/html_pages.py [FOLDER OF SAVED PAGES]

Pages of the folder, if there is one, and pages made here of 5 to 80 paragraphs. Each page is read in turn by both,
several times, and the median is taken: the machine is shared, and what both meet at once falls out of the ratio.
Reads one page at a time in one process. The bar is a ratio of 1.3.
"""

from __future__ import annotations

import io
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

import trafilatura

from corpora.readers import html

ROUNDS = 15
BAR = 1.3
SAVED = Path(__file__).parent.parent.parent / "shared" / "data" / "pages"


def made(paragraphs: int) -> bytes:
    """A page with some metadata, a menu, and an article of that many paragraphs."""
    menu = "".join(f'<li><a href="/section/{n}">Section {n}</a></li>' for n in range(60))
    text = "".join(
        f"<p>Delegation {n} met officials of both sides in Geneva on Monday. They said that the talks had been "
        f"<a href='/story/{n}'>useful</a> and would go on in spring, whatever became of the other {n} questions.</p>"
        for n in range(paragraphs)
    )
    return (
        '<!DOCTYPE html><html lang="en"><head><title>Talks open in Geneva - The Daily</title>'
        '<meta property="og:site_name" content="The Daily"><meta property="og:title" content="Talks open in Geneva">'
        '<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Talks open in Geneva", '
        '"datePublished": "2018-03-05T10:00:00Z", "publisher": {"name": "The Daily"}}</script></head>'
        f"<body><nav><ul>{menu}</ul></nav><article><h1>Talks open in Geneva</h1>{text}</article>"
        f"<footer><ul>{menu}</ul></footer></body></html>"
    ).encode()


def alone(data: bytes) -> None:
    """What the reader asks of trafilatura, and nothing else."""
    trafilatura.bare_extraction(data.decode(), with_metadata=True, include_comments=False)


def reader(data: bytes) -> None:
    """The reader as a file is read."""
    list(html.read(io.BufferedReader(io.BytesIO(data)), "page.html"))  # type: ignore[arg-type]


def seconds(function: Callable[[bytes], None], data: bytes) -> float:
    """Seconds that a function takes for a page."""
    start = time.perf_counter()
    function(data)
    return time.perf_counter() - start


def main() -> None:
    """Print a row for each page, and one for all."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SAVED
    pages = {path.name: path.read_bytes() for path in sorted(folder.glob("*.htm*"))}
    pages |= {f"made, {count} paragraphs": made(count) for count in (5, 20, 80)}
    print("| page | kB | trafilatura ms | reader ms | ratio |\n|---|---|---|---|---|")
    totals = [0.0, 0.0]
    for name, data in pages.items():
        reader(data), alone(data)
        times = [(seconds(alone, data), seconds(reader, data)) for _ in range(ROUNDS)]
        bare, ours = (statistics.median(column) for column in zip(*times, strict=True))
        totals = [totals[0] + bare, totals[1] + ours]
        print(f"| {name} | {len(data) // 1000} | {bare * 1000:.1f} | {ours * 1000:.1f} | {ours / bare:.2f} |")
    ratio = totals[1] / totals[0]
    print(f"| all | | {totals[0] * 1000:.1f} | {totals[1] * 1000:.1f} | {ratio:.2f} |")
    print(f"\nThe bar of {BAR} is {'met' if ratio <= BAR else 'missed'}.")


if __name__ == "__main__":
    main()
