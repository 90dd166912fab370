"""Render: the report's page, self-contained, from a template; every text of an article is escaped."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping, Sequence
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jinja2
import pandas as pd

from framing.frames import POOR, FramesScorer, codebook_of, frame_f1
from framing.scorers import load_scorer
from reports import inferred_page, prose
from reports.corrected import beside
from reports.described_charts import SUBJECTS, speaker_names
from reports.engine import each
from reports.evidence import highlighted
from reports.frames import frame_scorers, frame_titles, poor_frames
from reports.genre import MEANINGS as GENRE_MEANINGS
from reports.genre import genre_sentence
from reports.inferred_prose import treatment_sentences
from reports.names import PERIOD_NAMES, about, pair_name, place_name
from reports.pictures import Picture, Plan, picture, plans
from reports.quality import collections, reading, rejections
from reports.study import REST, Study
from reports.wire import MEANINGS, changes, effect_sentence

if TYPE_CHECKING:
    from reports.report import Results


# Outlets whose passages stand behind each frame on the page.
FRAMED = 12
# Rows of a screen that are shown; all are in the tables.
STANDING_OUT = 12
# Marks that turn the direction of what follows: in an outlet's name they would print a number behind it backwards.
TURNING = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def render(results: Results, folder: Path, workers: int = 1) -> None:
    """Write `index.html` and the figures."""
    (folder / "figures").mkdir()
    planned = list(plans(results))
    drawn = each(workers, len(results.corpus), picture, planned)
    for plan, one in zip(planned, drawn, strict=True):
        (folder / "figures" / f"{plan.name}.svg").write_bytes(one.wide)
        (folder / "figures" / f"{plan.name}.png").write_bytes(one.png)
    page = _environment().get_template("report.html").render(**_context(results, planned, drawn))
    (folder / "index.html").write_text(page.translate(TURNING), encoding="utf-8", newline="\n")


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


def _context(results: Results, planned: Sequence[Plan], drawn: Sequence[Picture]) -> dict[str, Any]:
    study, comparison = results.study, results.comparison
    one, two = study.dyad
    notes = collections(results.corpus, dict(study.merge))
    articles = results.quality.table().set_index("outlet")["articles"]
    dates = comparison.articles["published"]
    notices = _notices(results)
    return {
        "title": study.title or f"{_capital(pair_name(study.pair))} in {len(articles)} outlets",
        "study": study,
        "comparison": comparison,
        "period_name": PERIOD_NAMES[comparison.period],
        "pair": pair_name(study.pair),
        "countries": [(code, place_name(code)) for code in study.dyad],
        "findings": [
            *prose.findings(comparison, partial(beside, results.inferred.corrected)),
            *treatment_sentences(results.inferred.pairs),
        ],
        "wire_sentence": effect_sentence(results.votes, results.effects, study.wire),
        "wire_effects": changes(results.effects, MEANINGS),
        "switches": MEANINGS,
        "genre_sentence": genre_sentence(results.genres, results.genre_effects, study.genre),
        "genre_effects": changes(results.genre_effects, GENRE_MEANINGS),
        "genre_switches": GENRE_MEANINGS,
        "narrowed": results.narrowed,
        "words": results.words.page(results.coverage.index) if results.words else None,
        "unscored": prose.unscored(comparison, articles),
        "charts": {plan.name: _sources(plan, one) for plan, one in zip(planned, drawn, strict=True)},
        "levels": {
            plan.name: plan.levels.sort_values("value", ascending=False).to_dict("records")
            for plan in planned
            if plan.levels is not None
        },
        "differences": _differences(results, notes),
        "inferred": inferred_page.told(results, _card),
        "evidence": _evidence(results),
        "voice_examples": _examples(results.examples.voices(), speaker_names(study.dyad)),
        "subject_examples": _examples(results.examples.subjects(), SUBJECTS),
        "frames": _frames(results),
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
        "notices": sorted(set(notices.values())),
        "notice_of": notices,
    }


def _sources(plan: Plan, one: Picture) -> dict[str, str]:
    drawn = {"wide": one.wide, "narrow": one.narrow}
    uris = {size: "data:image/svg+xml;base64," + base64.b64encode(data).decode() for size, data in drawn.items()}
    width, height = (str(round(inches * 100)) for inches in one.size)
    return {**uris, "alt": plan.title, "width": width, "height": height}


def _measured(study: Study) -> list[dict[str, Any]]:
    """What the scorers of a study reach, on each set they were measured on."""
    rows = json.loads(files("framing").joinpath("models", "measured.json").read_text(encoding="utf-8"))
    scorers = [load_scorer(measure, study.cost, study.codebooks) for measure in study.measures]
    used = {(scorer.measure, f"{scorer.name} {scorer.version}") for scorer in scorers}
    return [row for row in rows if (row["measure"], row["scorer"]) in used]


def _differences(results: Results, notes: dict[str, dict[str, str]]) -> list[dict[str, Any]]:
    """Differences, corrected where they can be, with a warning where the two sides were collected differently."""
    comparison = results.comparison
    tested = comparison.differences()
    found = tested[tested["p_adjusted"].notna()].to_dict("records")
    rows: list[dict[str, Any]] = [{str(name): value for name, value in row.items()} for row in found]
    for row in rows:
        measured = comparison.levels(row["measure"], row["target"])
        compared = measured[measured["value"].notna()]["outlet"]
        others = [row["reference"]] if row["reference"] != REST else [o for o in compared if o != row["outlet"]]
        unlike = any(set(notes.get(row["outlet"], {})) != set(notes.get(other, {})) for other in others)
        row["warning"] = "collected differently" if unlike else ""
        row["matched"] = prose.matched_value(comparison, row)
        row["corrected"] = beside(results.inferred.corrected, row)
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


def _examples(rows: pd.DataFrame, names: dict[str, str]) -> list[tuple[str, list[dict[str, Any]]]]:
    """Cards by kind, in the order of the legend."""
    if rows.empty:
        return []
    cards = [{str(key): value for key, value in row.items()} for row in rows.to_dict("records")]
    kinds = [(told, [_card(row) for row in cards if row["kind"] == kind]) for kind, told in names.items()]
    return [(told, found) for told, found in kinds if found]


def _frames(results: Results) -> list[dict[str, Any]]:
    """What the page tells of each codebook: its frames, how well they are measured, and passages."""
    pages = []
    for scorer in frame_scorers(results.study):
        book, titles, poor = codebook_of(scorer), frame_titles(scorer), poor_frames(scorer, POOR)
        measured = frame_f1(scorer)
        rows = results.frame_examples
        rows = rows[rows["measure"] == scorer.measure].assign(kind=rows["category"]) if len(rows) else rows
        rows = rows[rows["outlet"].isin(list(results.coverage.index[:FRAMED]))] if len(rows) else rows
        pages.append(
            {
                "name": book.name,
                "title": book.title,
                "version": book.version,
                "poor": [(titles[frame], why) for frame, why in poor.items()],
                "rows": [
                    {
                        "title": frame.title,
                        "definition": frame.definition,
                        "poor": frame.name in poor,
                        "f1": "not known" if measured[frame.name] is None else f"{measured[frame.name]:.2f}",
                    }
                    for frame in book.frames
                    if frame.name in titles
                ],
                "measured": _frames_measured(scorer),
                "screened": _screened(results, scorer.measure, titles, poor),
                "examples": _examples(rows, titles),
            }
        )
    return pages


def _screened(
    results: Results, measure: str, titles: Mapping[str, str], poor: Mapping[str, str]
) -> list[dict[str, Any]]:
    """Frames in which an outlet stands out from the rest; those that are measured poorly are left out."""
    rows = results.described.estimates
    rows = rows[
        (rows["kind"] == "difference") & (rows["measure"] == measure) & (rows["p_adjusted"] < prose.SIGNIFICANT)
    ]
    rows = rows[~rows["category"].isin(list(poor))].assign(size=lambda found: found["value"].abs())
    rows = rows.sort_values(["p_adjusted", "size", "outlet", "category"], ascending=[True, False, True, True])
    return [
        {**{str(name): value for name, value in row.items()}, "frame": titles[row["category"]]}
        for row in rows.head(STANDING_OUT).to_dict("records")
    ]


def _frames_measured(scorer: FramesScorer) -> str:
    if scorer.folder:
        return "F1 in five-fold cross-validation on the passages coded for this codebook; see its card."
    return (
        "F1 on 240 real passages about Russia and the United States that a language model coded twice under the "
        "codebook, none of which was learned from; where fewer than ten of them carry the frame, on 2,400 others, each "
        "read by a fit that had not seen its article."
    )


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
        "outlet": row["outlet"],
        "spoken": "" if row["voice"] == "own" else row["speaker"] or "somebody",
    }


def _notices(results: Results) -> dict[str, str]:
    """What articles bear beside their text ("the outlet is invented"), by article; most bear nothing."""
    tables = results.corpus.batches(["article_id", "notice"])
    rows = (row for table in tables for row in table.to_pylist())
    return {row["article_id"]: row["notice"] for row in rows if row["notice"]}


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
