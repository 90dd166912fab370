"""Render: the report's page, self-contained, from a template; every text of an article is escaped."""

from __future__ import annotations

import base64
import json
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import pandas as pd

from framing.scorers import load_scorer
from reports import chart as charting
from reports import figures, prose
from reports.evidence import highlighted
from reports.lock import toolkit_version
from reports.names import PERIOD_NAMES, about, pair_name, place_name
from reports.quality import collections, reading, rejections
from reports.study import REST, Study
from reports.wire import MEANINGS, effect_sentence

if TYPE_CHECKING:
    from reports.report import Results


def render(results: Results, folder: Path) -> None:
    """Write `index.html` and the figures."""
    (folder / "figures").mkdir()
    charts = _charts(results)
    for name, chart in charts.items():
        chart["wide"].save(folder / "figures", name)
    page = _environment().get_template("report.html").render(**_context(results, charts))
    (folder / "index.html").write_text(page, encoding="utf-8", newline="\n")


def _environment() -> jinja2.Environment:
    loader = jinja2.PackageLoader("reports", "templates")
    environment = jinja2.Environment(
        loader=loader, autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["number"] = prose.number
    environment.filters["signed"] = lambda value: prose.number(value, sign=True)
    environment.filters["thousands"] = lambda value: f"{int(value):,}"
    environment.filters["day"] = lambda day: f"{day.day} {day:%B %Y}"
    environment.filters["p"] = lambda value: "" if pd.isna(value) else "< 0.001" if value < 0.001 else f"{value:.3f}"
    environment.filters["capitalize_first"] = _capital
    environment.tests["missing"] = lambda value: value is None or pd.isna(value)
    return environment


def _charts(results: Results) -> dict[str, dict[str, Any]]:
    """Every chart at both widths, with what it shows in words; in the order of the page."""
    comparison, study = results.comparison, results.study
    sizes = results.coverage.sum(axis=1)
    colours = charting.outlet_colours(list(results.coverage.index))
    foot = (
        f"media-framing {toolkit_version()} · {int(sizes.sum()):,} dated articles, {len(sizes)} outlets · "
        f"corpus {results.lock['corpus_sha256'][:8]}"
    )
    intervals = f"Lines: pointwise 95 % intervals, whole days resampled. {foot}"
    charts: dict[str, dict[str, Any]] = {}

    def add(name: str, draw: Any, *data: Any, title: str, source: str, **more: Any) -> None:
        sized = {
            size: draw(*data, title=title, colours=colours, source=source, width=width)
            for size, width in (("wide", charting.WIDE), ("narrow", charting.NARROW))
        }
        charts[name] = {**sized, "alt": title, **more}

    add(
        "coverage",
        figures.coverage,
        results.coverage,
        title=f"Articles by outlet and {PERIOD_NAMES[comparison.period]}",
        source=foot,
    )
    one, two = study.dyad
    measured = [("sentiment", one, ""), ("sentiment", two, ""), ("relation", "", study.pair)]
    measured += [
        ("attitude", two, f"{one}>{two}"),
        ("attitude", one, f"{two}>{one}"),
        ("tone", one, ""),
        ("tone", two, ""),
    ]
    for measure, target, pair in measured:
        if measure not in study.measures:
            continue
        what = about(measure, target, pair)
        name = f"{measure}-{target}" if target else measure
        levels = comparison.levels(measure, target)
        add(
            name,
            figures.dots,
            levels,
            title=f"{_capital(what)}, by outlet",
            source=intervals,
            levels=levels,
            measure=measure,
            target=target,
        )
        if measure != "tone":
            over_time = comparison.levels(measure, target, over_time=True)
            add(
                f"{name}-time",
                figures.panels,
                over_time,
                comparison.periods,
                title=f"{_capital(what)}, by {PERIOD_NAMES[comparison.period]}",
                source=intervals,
            )
    return charts


def _context(results: Results, charts: dict[str, dict[str, Any]]) -> dict[str, Any]:
    study, comparison = results.study, results.comparison
    one, two = study.dyad
    notes = collections(results.corpus, dict(study.merge))
    articles = results.quality.table().set_index("outlet")["articles"]
    dates = comparison.articles["published"]
    return {
        "title": study.title or f"{_capital(pair_name(study.pair))} in {len(articles)} outlets",
        "study": study,
        "comparison": comparison,
        "period_name": PERIOD_NAMES[comparison.period],
        "pair": pair_name(study.pair),
        "countries": [(code, place_name(code)) for code in study.dyad],
        "findings": prose.findings(comparison),
        "wire_sentence": effect_sentence(results.votes, results.effects, study.wire),
        "wire_effects": _effects(results),
        "switches": MEANINGS,
        "unscored": prose.unscored(comparison, articles),
        "charts": {name: _sources(chart) for name, chart in charts.items()},
        "levels": {
            name: chart["levels"].sort_values("value", ascending=False).to_dict("records")
            for name, chart in charts.items()
            if "levels" in chart
        },
        "differences": _differences(comparison, notes),
        "evidence": _evidence(results),
        "reading": reading(results.corpus),
        "rejections": rejections(results.corpus),
        "quality": results.quality,
        "quality_rows": results.quality.table().to_dict("records"),
        "notes": notes,
        "has_notes": any(any(told.values()) for told in notes.values()),
        "measured": _measured(study),
        "lock": results.lock,
        "study_toml": study.toml(),
        "first": dates.min(),
        "last": dates.max(),
        "directions": [(two, one), (one, two)],
        "rest": REST,
        "outlets": len(articles),
        "about": about,
        "place_name": place_name,
        "notices": _notices(results),
    }


def _effects(results: Results) -> list[dict[str, Any]]:
    """Outlets whose level depends on which articles count, measure by measure, the largest change first."""
    shown = results.effects[results.effects["measure"] != "tone"]
    rows: list[dict[str, Any]] = [{str(key): value for key, value in row.items()} for row in shown.to_dict("records")]
    for row in rows:
        row["what"] = _capital(about(row["measure"], row["target"], row["pair"]))
        levels = [row[switch] for switch in MEANINGS if not pd.isna(row[switch])]
        row["change"] = max(levels) - min(levels)
    return sorted(rows, key=lambda row: (-row["change"], row["outlet"], row["what"]))


def _sources(chart: dict[str, Any]) -> dict[str, str]:
    uris = {
        size: "data:image/svg+xml;base64," + base64.b64encode(chart[size].data("svg")).decode()
        for size in ("wide", "narrow")
    }
    width, height = chart["wide"].get_size_inches()
    return {**uris, "alt": chart["alt"], "width": str(round(width * 100)), "height": str(round(height * 100))}


def _measured(study: Study) -> list[dict[str, Any]]:
    """What the scorers of a study reach, on each set they were measured on."""
    rows = json.loads(files("framing").joinpath("models", "measured.json").read_text(encoding="utf-8"))
    scorers = [load_scorer(measure, study.cost) for measure in study.measures]
    used = {(scorer.measure, f"{scorer.name} {scorer.version}") for scorer in scorers}
    return [row for row in rows if (row["measure"], row["scorer"]) in used]


def _differences(comparison: Any, notes: dict[str, dict[str, str]]) -> list[dict[str, Any]]:
    """Differences with a warning beside each whose two sides were collected differently."""
    tested = comparison.differences()
    rows = tested[tested["p_adjusted"].notna()].to_dict("records")
    for row in rows:
        measured = comparison.levels(row["measure"], row["target"])
        compared = measured[measured["value"].notna()]["outlet"]
        others = [row["reference"]] if row["reference"] != REST else [o for o in compared if o != row["outlet"]]
        unlike = any(set(notes.get(row["outlet"], {})) != set(notes.get(other, {})) for other in others)
        row["warning"] = "collected differently" if unlike else ""
        row["matched"] = prose.matched_value(comparison, row)
        row["what"] = about(row["measure"], row["target"], row["pair"])
    return sorted(rows, key=lambda row: (row["what"], row["p_adjusted"] >= prose.SIGNIFICANT, -row["value"]))


def _evidence(results: Results) -> list[dict[str, Any]]:
    """Evidence cards by measure and outlet, in the order of the page."""
    groups = []
    frame = results.evidence
    shown = {
        (r["measure"], r["outlet"])
        for r in results.comparison.estimates[results.comparison.estimates["value"].notna()].to_dict("records")
    }
    for (measure, target, pair), rows in frame.groupby(["measure", "target", "pair"], sort=True):
        if measure == "tone":
            continue
        outlets = []
        for outlet in results.coverage.index:
            if (measure, outlet) not in shown:
                continue
            own = rows[rows["outlet"] == outlet]
            sides = {
                side: [_card(row) for row in own[own["side"] == side].to_dict("records")] for side in ("high", "low")
            }
            if any(sides.values()):
                outlets.append({"outlet": outlet, **sides})
        if outlets:
            up, down = prose.WORDS[str(measure)][2:]
            groups.append(
                {
                    "what": about(str(measure), str(target), str(pair)),
                    "high": up,
                    "low": down,
                    "outlets": outlets,
                }
            )
    return groups


def _card(row: dict[str, Any]) -> dict[str, Any]:
    url = str(row["url"] or "")
    return {
        "pieces": highlighted(row["text"], row["target_span"], row["source_span"]),
        "value": row["value"],
        "date": "" if pd.isna(row["published"]) else f"{row['published']:%Y-%m-%d}",
        "title": row["title"],
        # Only addresses of the web become links: an article may carry javascript: or worse.
        "url": url if url.lower().startswith(("http://", "https://")) else "",
        "article_id": row["article_id"],
    }


def _notices(results: Results) -> list[str]:
    found: set[str] = set()
    for table in results.corpus.batches(["notice"]):
        found |= {notice for notice in table.column("notice").to_pylist() if notice}
    return sorted(found)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
