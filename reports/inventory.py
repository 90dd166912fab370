"""Inventory: what a corpus holds and what became of a run of ingest, as lines for a terminal."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from corpora.borrowed import Borrowed
from corpora.curation import Holding, names_as_read
from corpora.outlets import Merge, find_outlet
from reports.names import PERIOD_NAMES
from reports.periods import UNITS, all_periods, period_labels

if TYPE_CHECKING:
    import datetime as dt

    from corpora.corpus import Corpus
    from corpora.ingest import Counts

# Files of a run above which only those are listed that lost something or state another number.
LISTED = 12
# Width of the coverage chart in characters, on a wide terminal and on a narrow one, and its steps from nothing to the
# fullest period of all outlets.
CHART, NARROW_CHART, STEPS = 40, 16, " ▁▂▃▄▅▆▇█"
# Outlets that are listed; the rest are summed in a line. Characters of a name, of a list of formats, of a reason.
OUTLETS, NAME, FORMATS, REASON = 30, 28, 24, 160
# Outlets and agencies that are listed where others' texts are told.
BORROWED = 12
# Kinds of reasons that are listed.
REASONS = 4
WIDE = 120
# Columns that a narrow terminal goes without, the first of them first.
SPARE = ("shared stories", "others' text", "longest gap, days", "by ", "first", "last")
SPARE_FACTS = ("ownership", "kind", "country")
SPARE_COUNTS = ("dated", "format")


def counts_lines(
    counts: Counts, rejected: Path, reasons: Sequence[tuple[str, str, str]] = (), width: int = 0
) -> Iterator[str]:
    """What `framing ingest` prints: a line for each file, the sum, and what a reader should know.

    Args:
        counts: What became of the run.
        rejected: The file of all reasons.
        reasons: Those of this run, each with its file and place.
        width: Characters of a line of a table; 0 for as many as it takes.
    """
    rows = [
        (
            str(source["file"]),
            _cut(str(source["reader"] or "none"), FORMATS),
            "" if source["stated"] is None else f"{source['stated']:,}",
            *(f"{number:,}" for number in (source["read"], source["kept"], source["rejected"], source["dated"])),
        )
        for source in counts.sources
        if len(counts.sources) <= LISTED or source["rejected"] or source["stated"] not in (None, source["read"])
    ]
    if rows:
        names = ("file", "format", "states", "read", "kept", "rejected", "dated")
        # A long path says most at its end.
        rows = [(row[0] if _width(row[0]) <= 48 else f"...{row[0][-45:]}", *row[1:]) for row in rows]
        yield from _table(names, rows[:LISTED], {"file", "format"}, width, SPARE_COUNTS)
        if len(rows) > LISTED:
            yield f"... and {len(rows) - LISTED:,} more files that lost something; see manifest.json"
    for source in counts.sources:
        members = source.get("differing", [])
        # Two members may make up for each other in the sum.
        for one in members or [{**source, "member": ""}]:
            if one["stated"] not in (None, one["read"]):
                place = f"{source['file']}/{one['member']}" if one["member"] else source["file"]
                yield (
                    f"{place}: {_articles(one['stated'])} stated and {one['read']:,} found; it was cut, or counts what "
                    "a search found"
                )
    yield f"read {counts.read:,} = kept {counts.kept:,} + rejected {counts.rejected:,}"
    if counts.unchanged:
        yield f"files ingested before, which add nothing: {counts.unchanged:,} of {counts.files:,}"
    if counts.coverage:
        yield f"from lists without text, counted in coverage and never in scores: {_articles(counts.coverage)}"
    for settled in counts.orders:
        if settled.order:
            meant = "day first" if settled.order == "dmy" else "month first"
            yield (
                f"{settled.outlet}: {settled.articles:,} dates such as 4/3/17 were read {meant}, as its "
                f"{settled.shown:,} unambiguous dates are written"
            )
    if counts.undated:
        yield f"undated, counted in no period: {_articles(counts.undated)}"
    if counts.rejected:
        # The words before a colon are the kind of a reason.
        kinds = Counter(reason.partition(":")[0] for _, _, reason in reasons).most_common()
        for kind, count in kinds[:REASONS]:
            file, place, reason = next(row for row in reasons if row[2].partition(":")[0] == kind)
            first = "" if count == 1 else "first in "
            yield f"rejected {count:,}: {_cut(reason, REASON)} ({first}{file}, {place})"
        if len(kinds) > REASONS:
            yield f"... and {sum(count for _, count in kinds[REASONS:]):,} for other reasons"
        yield f"reasons: {rejected}"


def borrowed_lines(found: Sequence[Borrowed], width: int = 0) -> Iterator[str]:
    """What `framing corpus` prints of wire copy: which outlets print how much of whose text."""
    if not found:
        return
    rows = [
        (
            _cut(one.outlet, NAME),
            one.agency,
            f"{one.articles:,}",
            f"{one.measured:,}",
            "" if one.share is None else f"{one.share:.0%}",
        )
        for one in found[:BORROWED]
    ]
    names = ("outlet", "prints text of", "articles", "share known", "mean share")
    yield ""
    yield from _table(names, rows, {"outlet", "prints text of"}, width, ("mean share", "share known"))
    if len(found) > BORROWED:
        rest = sum(one.articles for one in found[BORROWED:])
        yield f"... and {len(found) - BORROWED:,} more, with {_articles(rest)}; all are in the marks"


def inventory_lines(corpus: Corpus, held: Sequence[Holding], width: int = 0) -> Iterator[str]:
    """What `framing corpus` prints: the sum, a line with a small chart for each outlet, languages, and cautions.

    Args:
        corpus: The corpus.
        held: What it holds of each outlet.
        width: Characters of a line of the table; 0 for as many as it takes.
    """
    total = sum(one.articles for one in held)
    days = sorted({day for one in held for day in one.days})
    span = f"{days[0]} to {days[-1]}" if days else "undated"
    read = sum(source["read"] for source in corpus.manifest["sources"])
    rejected = sum(source["rejected"] for source in corpus.manifest["sources"])
    yield f"{_articles(total)} of {_outlets(len(held))}, {span}"
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
    unit, periods, before = _periods(days, NARROW_CHART if 0 < width < WIDE else CHART)
    rows = []
    charted = [_counts(one, unit, periods) for one in held]
    most = max((max(counts, default=0) for counts in charted), default=0)
    for one, counts in zip(held[:OUTLETS], charted, strict=False):
        gap, after = one.gap
        rows.append(
            (
                _cut(one.outlet, NAME),
                f"{one.articles:,}",
                str(one.days[0]) if one.days else "",
                str(one.days[-1]) if one.days else "",
                f"{gap} from {after}" if gap >= 30 else "",
                f"{one.foreign / one.articles:.0%}" if one.foreign else "",
                f"{one.stories:,}",
                _bars(counts, most),
            )
        )
    chart = f"by {PERIOD_NAMES[unit]}" if periods else ""
    names = ("outlet", "articles", "first", "last", "longest gap, days", "others' text", "shared stories", chart)
    yield from _table(names, rows, {"outlet", chart}, width, SPARE)
    if len(held) > OUTLETS:
        rest = held[OUTLETS:]
        yield f"... and {_outlets(len(rest))} with {_articles(sum(one.articles for one in rest))}"
    if periods:
        earlier = f"; {_articles(before)} before that not shown" if before else ""
        yield f"bars: articles by {PERIOD_NAMES[unit]}, {periods[0]} to {periods[-1]}{earlier}"


def outlet_lines(corpus: Corpus, merges: Sequence[Merge], width: int = 0) -> Iterator[str]:
    """What `framing corpus --outlets` prints: each outlet with what is known of it, then names that seem to be one."""
    rows = []
    for name, count in corpus.outlets().items():
        outlet = find_outlet(name)
        facts = (outlet.country, outlet.kind, outlet.ownership) if outlet else ("", "not known", "")
        rows.append((_cut(name, 40), f"{count:,}", *facts))
    names = ("outlet", "articles", "country", "kind", "ownership")
    yield from _table(names, rows, {"outlet", "country", "kind", "ownership"}, width, SPARE_FACTS)
    read = names_as_read(corpus)
    for name, new in sorted(corpus.manifest["outlets"].items()):
        if name in read:
            yield f"counted under another name: {name} -> {new}"
    if merges:
        yield ""
        yield "These seem to be one outlet; nothing is merged unless you say so:"
        for merge in merges:
            members = ", ".join(f"{name} ({count:,})" for name, count in merge.members)
            yield f"  {merge.name}: {members}; {merge.why}"


def _articles(count: int) -> str:
    return f"{count:,} article{'' if count == 1 else 's'}"


def _outlets(count: int) -> str:
    return f"{count:,} outlet{'' if count == 1 else 's'}"


def _periods(days: Sequence[dt.date], room: int) -> tuple[str, list[str], int]:
    """The finest unit whose periods fit into the room, the periods, and how many days lie before them."""
    if not days:
        return "", [], 0
    for unit in UNITS:
        first, last = _labels([days[0], days[-1]], unit)
        periods = all_periods(first, last, unit)
        if len(periods) <= room:
            break
    shown = periods[-room:]
    return unit, shown, sum(label < shown[0] for label in _labels(days, unit)) if len(periods) > room else 0


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


def _table(
    names: Sequence[str], rows: Sequence[Sequence[str]], left: Collection[str], width: int, spare: Sequence[str]
) -> Iterator[str]:
    """Rows under their names; columns in `left` are flush left. Where they are too wide, spare columns are left out."""
    columns = dict(zip(names, zip(names, *rows, strict=True), strict=True))
    widths = {name: max(map(_width, cells)) for name, cells in columns.items()}
    dropped = []
    for begin in spare:
        if not width or sum(widths.values()) + 2 * (len(widths) - 1) <= width:
            break
        dropped += [name for name in widths if name.startswith(begin)]
        widths = {name: size for name, size in widths.items() if name not in dropped}
    for line in zip(*(columns[name] for name in widths), strict=True):
        cells = []
        for cell, (name, size) in zip(line, widths.items(), strict=True):
            room = " " * (size - _width(cell))
            cells.append(cell + room if name in left else room + cell)
        yield "  ".join(cells).rstrip()
    if dropped:
        yield f"no room for: {'; '.join(dropped)}"


def _width(text: str) -> int:
    """Cells of a terminal that a text takes: two for a Chinese letter, none for a mark above a letter."""
    return sum(
        0 if unicodedata.combining(c) or not c.isprintable() else 2 if unicodedata.east_asian_width(c) in "WF" else 1
        for c in text
    )


def _cut(text: str, most: int) -> str:
    """A text of at most so many cells, in one line, with dots where it was cut."""
    text = " ".join("".join(c for c in text if c.isprintable() or c.isspace()).split())
    if _width(text) <= most:
        return text
    while text and _width(text) > most - 3:
        text = text[: -max(1, (len(text) - most) // 2)]
    return text.rstrip() + "..."
