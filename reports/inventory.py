"""Inventory: what a corpus holds and what became of a run of ingest, as lines for a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from corpora.curation import Holding
from corpora.outlets import Merge, find_outlet
from reports.names import PERIOD_NAMES
from reports.periods import UNITS, all_periods, period_labels

if TYPE_CHECKING:
    import datetime as dt

    from corpora.corpus import Corpus
    from corpora.ingest import Counts

# Files of a run above which only those are listed that lost something or state another number.
LISTED = 12
# Width of the coverage chart in characters, and its steps from nothing to the fullest period of all outlets.
CHART, STEPS = 40, " ▁▂▃▄▅▆▇█"
# Outlets that are listed; the rest are summed in a line.
OUTLETS = 30


def counts_lines(counts: Counts, rejected: Path) -> Iterator[str]:
    """What `framing ingest` prints: a line for each file, the sum, and what a reader should know."""
    rows = [
        (
            str(source["file"]),
            str(source["reader"] or "none"),
            "" if source["stated"] is None else f"{source['stated']:,}",
            *(f"{number:,}" for number in (source["read"], source["kept"], source["rejected"], source["dated"])),
        )
        for source in counts.sources
        if len(counts.sources) <= LISTED or source["rejected"] or source["stated"] not in (None, source["read"])
    ]
    if (rows and len(counts.sources) > 1) or any(row[2] for row in rows):
        yield from _table(("file", "format", "states", "read", "kept", "rejected", "dated"), rows[:LISTED], left=2)
        if len(rows) > LISTED:
            yield f"... and {len(rows) - LISTED:,} more files that lost something; see manifest.json"
    for source in counts.sources:
        if source["stated"] not in (None, source["read"]):
            yield (
                f"{source['file']} states {source['stated']:,} articles and holds {source['read']:,}: it was cut, or it "
                "counts what a search found"
            )
    yield f"read {counts.read:,} = kept {counts.kept:,} + rejected {counts.rejected:,}"
    if counts.unchanged:
        yield f"{counts.unchanged} of {counts.files} files were ingested before and add nothing"
    if counts.coverage:
        yield f"{counts.coverage:,} kept articles come from lists without text; they count in coverage, never in scores"
    for settled in counts.orders:
        if settled.order:
            meant = "day first" if settled.order == "dmy" else "month first"
            yield (
                f"{settled.outlet}: {settled.articles:,} dates such as 4/3/17 were read {meant}, as its {settled.shown:,} "
                "unambiguous dates are written"
            )
    if counts.undated:
        yield f"{counts.undated:,} kept articles are undated; they count in no period"
    if counts.rejected:
        yield f"reasons: {rejected}"


def inventory_lines(corpus: Corpus, held: Sequence[Holding]) -> Iterator[str]:
    """What `framing corpus` prints: the sum, a line with a small chart for each outlet, languages, and cautions."""
    total = sum(one.articles for one in held)
    days = sorted({day for one in held for day in one.days})
    span = f"{days[0]} to {days[-1]}" if days else "undated"
    read = sum(source["read"] for source in corpus.manifest["sources"])
    rejected = sum(source["rejected"] for source in corpus.manifest["sources"])
    yield f"{total:,} articles of {len(held)} outlets, {span}"
    yield f"read {read:,} = kept {read - rejected:,} + rejected {rejected:,}"
    undated, without = sum(one.undated for one in held), sum(one.without_text for one in held)
    foreign = sum(one.foreign for one in held)
    yield f"undated {undated:,} · without text {without:,} · wire copy, copies and repetitions {foreign:,}"
    languages: dict[str, int] = {}
    for one in held:
        for language, count in one.languages.items():
            languages[language or "not told"] = languages.get(language or "not told", 0) + count
    told = sorted(languages.items(), key=lambda item: (-item[1], item[0]))
    yield "languages: " + ", ".join(f"{language} {count:,}" for language, count in told)
    yield ""
    unit, periods = _periods(days)
    rows = []
    most = max((max(_counts(one, unit, periods), default=0) for one in held), default=0)
    for one in held[:OUTLETS]:
        gap, after = one.gap
        rows.append(
            (
                one.outlet[:28],
                f"{one.articles:,}",
                str(one.days[0]) if one.days else "",
                str(one.days[-1]) if one.days else "",
                f"{gap} from {after}" if gap >= 30 else "",
                f"{one.foreign / one.articles:.0%}" if one.foreign else "",
                f"{one.stories:,}",
                _bars(_counts(one, unit, periods), most),
            )
        )
    chart = f"by {PERIOD_NAMES[unit]}: {periods[0]} to {periods[-1]}" if periods else ""
    names = ("outlet", "articles", "first", "last", "longest gap, days", "others' text", "shared stories", chart)
    yield from _table(names, rows, left=1, last_left=True)
    if len(held) > OUTLETS:
        rest = held[OUTLETS:]
        yield f"... and {len(rest)} outlets with {sum(one.articles for one in rest):,} articles"


def outlet_lines(corpus: Corpus, merges: Sequence[Merge]) -> Iterator[str]:
    """What `framing corpus --outlets` prints: each outlet with what is known of it, then names that seem to be one."""
    rows = []
    for name, count in corpus.outlets().items():
        outlet = find_outlet(name)
        facts = (outlet.country, outlet.kind, outlet.ownership) if outlet else ("", "not known", "")
        rows.append((name[:40], f"{count:,}", *facts))
    yield from _table(("outlet", "articles", "country", "kind", "ownership"), rows, left=1, last_left=True)
    for name, new in sorted(corpus.manifest["outlets"].items()):
        yield f"counted under another name: {name} -> {new}"
    if merges:
        yield ""
        yield "These seem to be one outlet; nothing is merged unless you say so:"
        for merge in merges:
            members = ", ".join(f"{name} ({count:,})" for name, count in merge.members)
            yield f"  {merge.name}: {members}; {merge.why}"


def _periods(days: Sequence[dt.date]) -> tuple[str, list[str]]:
    """The finest unit whose periods fit into the chart, and the periods."""
    if not days:
        return "", []
    for unit in UNITS:
        first, last = _labels([days[0], days[-1]], unit)
        periods = all_periods(first, last, unit)
        if len(periods) <= CHART:
            break
    return unit, periods[-CHART:]


def _counts(one: Holding, unit: str, periods: Sequence[str]) -> list[int]:
    found = Counter(_labels(one.days, unit)) if one.days else Counter()
    return [found[period] for period in periods]


def _labels(days: Sequence[dt.date], unit: str) -> list[str]:
    import pandas as pd

    return period_labels(pd.Series(pd.to_datetime(list(days))), unit).tolist()


def _bars(counts: Sequence[int], most: int) -> str:
    """A bar for each period; an outlet's smallest bar is still seen."""
    last = len(STEPS) - 1
    return "".join(STEPS[max(1, round(count / most * last)) if count else 0] for count in counts).rstrip()


def _table(names: Sequence[str], rows: Sequence[Sequence[str]], left: int, last_left: bool = False) -> Iterator[str]:
    """Rows under their names; the first `left` columns are flush left, numbers flush right."""
    widths = [max(len(cell) for cell in column) for column in zip(names, *rows, strict=True)]
    for row in (names, *rows):
        cells = []
        for number, (cell, width) in enumerate(zip(row, widths, strict=True)):
            flush = number < left or (last_left and number >= len(row) - (3 if "ownership" in names else 1))
            cells.append(cell.ljust(width) if flush else cell.rjust(width))
        yield "  ".join(cells).rstrip()
