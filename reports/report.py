"""Report: a study run on a corpus, written as a folder with a page, tables, figures, the study and a lock."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from corpora.corpus import Corpus
from corpora.errors import InputError
from corpora.votes import votes
from framing.scoring import joined, with_votes
from reports.comparison import Comparison, article_scores, compare_articles, counted
from reports.engine import scored_batches
from reports.evidence import Evidence
from reports.kept import NAME, EarlierScores, KeptScores
from reports.lock import lock
from reports.quality import Quality
from reports.tables import coverage_table, write_tables
from reports.wire import effects

if TYPE_CHECKING:
    from reports.study import Study

# The file by which a folder is known as a report and may be written over.
MARK = "lock.json"
# All that a report's folder holds.
OURS = frozenset({MARK, "index.html", "study.toml", "scores.parquet", "tables", "figures"})
SUFFIXES = {"tables": (".csv",), "figures": (".svg", ".png")}


@dataclass(frozen=True)
class Results:
    """What a study found: all that a page, a table or a figure shows."""

    study: Study
    corpus: Corpus
    comparison: Comparison
    evidence: pd.DataFrame
    quality: Quality
    coverage: pd.DataFrame
    effects: pd.DataFrame
    votes: dict[str, int]
    lock: dict[str, Any]


def write_report(
    corpus: Corpus,
    study: Study,
    out: str | Path,
    workers: int = 1,
    progress: Callable[[int], None] = lambda articles: None,
    rescore: bool = False,
) -> Results:
    """Run a study and write its report into a folder, as a whole or not at all.

    Where the folder holds an earlier report by the same scorers, articles that were scored for it are not read again.

    Args:
        corpus: The articles.
        study: The plan.
        out: Folder to write; it must be new, empty, or an earlier report, which is replaced.
        workers: Processes that score.
        progress: Called with the number of articles of each batch that is done.
        rescore: Whether to read every article anew.

    Raises:
        InputError: The folder holds something else or cannot be written, or there is nothing to report.
    """
    from reports.render import render

    out = Path(out).resolve()
    try:
        check_out(out)
        # Beside its place, so that it can be renamed in; the nearest folder there is, since others may be missing.
        near = next(folder for folder in out.parents if folder.is_dir())
        beside = Path(tempfile.mkdtemp(prefix=".framing-report-", dir=near))
    except OSError as error:
        raise InputError(f"cannot write to {out}: {error.strerror or error}") from None
    try:
        results = run(corpus, study, beside, workers, progress, None if rescore else out)
        write_tables(results, beside / "tables")
        (beside / "study.toml").write_text(study.toml(), encoding="utf-8")
        with (beside / NAME).open("rb") as file:
            results.lock["scores_sha256"] = hashlib.file_digest(file, "sha256").hexdigest()
        render(results, beside)
        (beside / MARK).write_text(json.dumps(results.lock, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        beside.chmod(0o755)
        out.parent.mkdir(parents=True, exist_ok=True)
        earlier = beside.with_name(f"{beside.name}-earlier")
        if out.exists():
            out.rename(earlier)
        beside.rename(out)
        shutil.rmtree(earlier, ignore_errors=True)
    except OSError as error:
        raise InputError(f"cannot write to {out}: {error.strerror or error}") from None
    finally:
        shutil.rmtree(beside, ignore_errors=True)
    return results


def check_out(out: Path) -> None:
    """Refuse a folder that holds anything else than a report: it would be lost.

    Raises:
        InputError: It does, or it is a file.
    """
    if out.is_file():
        raise InputError(f"{out} is a file, not a folder for a report")
    if blocked := next((folder for folder in out.parents if folder.is_file()), None):
        raise InputError(f"{out} cannot be made: {blocked} is a file")
    if not out.is_dir():
        return
    foreign = sorted(str(path.relative_to(out)) for path in out.rglob("*") if not _is_ours(path.relative_to(out)))
    if not foreign and any(out.iterdir()) and not _is_lock(out / MARK):
        foreign = [sorted(path.name for path in out.iterdir())[0]]
    if foreign:
        raise InputError(f"{out} holds something else than a report ({foreign[0]!r}); name a new or an empty folder")


def _is_ours(path: Path) -> bool:
    """Whether a path within a report's folder is one that a report writes."""
    if len(path.parts) == 1:
        return path.name in OURS
    return len(path.parts) == 2 and path.suffix in SUFFIXES.get(path.parts[0], ())


def _is_lock(path: Path) -> bool:
    try:
        return "corpus_sha256" in json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, TypeError):
        return False


def run(
    corpus: Corpus,
    study: Study,
    folder: Path | None,
    workers: int,
    progress: Callable[[int], None],
    earlier: Path | None = None,
) -> Results:
    """Score the corpus, batch by batch, and estimate; scores are kept in `folder` as they come.

    Those of the report in `earlier` are taken over where they hold.
    """
    selected = _selected(corpus, study)
    made_of = lock(study, selected)
    kept_scores = EarlierScores(earlier, made_of, study.measures) if earlier else None
    quality, evidence = Quality(), Evidence()
    scored_articles: list[pd.DataFrame] = []
    published: list[pd.DataFrame] = []
    names = dict(study.merge)
    known = votes(selected, names)
    with KeptScores(folder / NAME if folder else None, study.text) as kept:
        for articles, passages, scores in _batches(selected, study, workers, quality, kept_scores):
            articles = with_votes(articles.assign(outlet=articles["outlet"].replace(names)), known)
            scored = joined(articles, passages, scores)
            published.append(articles[["article_id", "outlet", "published"]])
            quality.add_scores(scored)
            evidence.add(counted(scored, study.wire))
            scored_articles.append(article_scores(scored))
            kept.add(scored)
            progress(len(articles))
    whole = pd.concat(scored_articles, ignore_index=True) if scored_articles else pd.DataFrame()
    if whole.empty:
        foreign = quality.articles["other language"]
        why = f"; not in English, and so not scored: {foreign:,}" if foreign else ""
        raise InputError(f"no passage about {study.pair} in the body of any article; articles: {len(selected):,}{why}")
    counting = counted(whole, study.wire)
    if counting.empty:
        raise InputError(
            f"no article counts under the wire switch {study.wire!r}, since all print others' texts; try 'all'"
        )
    comparison = compare_articles(
        counting,
        study.period,
        study.reference,
        study.minimum_articles,
        study.minimum_days,
        study.primary,
        study.seed,
        study.draws,
        study.wire,
    )
    counts = coverage_table(pd.concat(published, ignore_index=True), comparison)
    changed = effects(whole, comparison)
    cast = {str(vote): int(count) for vote, count in known["vote"].value_counts().items()}
    found = evidence.passages()
    return Results(study, selected, comparison, found, quality, counts, changed, cast, made_of)


def _selected(corpus: Corpus, study: Study) -> Corpus:
    """The articles of the study's outlets and days.

    Raises:
        InputError: An outlet is not in the corpus, or no article is left.
    """
    names = dict(study.merge)
    if study.outlets:
        there = corpus.outlets()
        missing = sorted(set(study.outlets) - {names.get(outlet, outlet) for outlet in there})
        if missing:
            raise InputError(f"no outlet {missing[0]!r} in the corpus; there are: {', '.join(list(there)[:12])}")
        corpus = corpus.select(outlets=[outlet for outlet in there if names.get(outlet, outlet) in study.outlets])
    if study.since or study.until:
        corpus = corpus.select(since=study.since, until=study.until)
    if not len(corpus):
        span = f" from {study.since or 'the beginning'} to {study.until or 'the end'}"
        raise InputError(f"no article is left{span if study.since or study.until else ': the corpus is empty'}")
    return corpus


def _batches(
    corpus: Corpus, study: Study, workers: int, quality: Quality, earlier: EarlierScores | None
) -> Iterator[tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]]:
    names = dict(study.merge)
    for table in corpus.batches(["outlet", "published", "language", "body"]):
        for row in table.to_pylist():
            outlet = names.get(row["outlet"], row["outlet"])
            quality.add_articles(outlet, row["published"], row["language"], row["body"])
    yield from scored_batches(corpus, study.dyad, study.measures, study.cost, workers, earlier)
