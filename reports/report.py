"""Report: a study run on a corpus, written as a folder with a page, tables, figures, the study and a lock."""

from __future__ import annotations

import hashlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from corpora.corpus import Corpus
from corpora.errors import InputError
from corpora.votes import GENRES, SWITCHES, votes
from framing.scoring import joined, with_votes
from reports import described
from reports.article_scores import KEY, counted
from reports.comparison import SCREEN, Comparison, compare_articles
from reports.engine import beside, scored_batches
from reports.examples import Examples
from reports.folder import MARK, check_out
from reports.frames import with_contrasts
from reports.gathering import Gathering
from reports.genre import genre_effects
from reports.inferred import Inferred, infer
from reports.kept import NAME, EarlierScores, KeptScores
from reports.lock import lock
from reports.quality import Quality
from reports.study import REST
from reports.tables import coverage_table, write_tables
from reports.vocabulary import Words, read_words
from reports.wire import effects

if TYPE_CHECKING:
    from reports.study import Study


@dataclass(frozen=True)
class Results:
    """What a study found: all that a page, a table or a figure shows."""

    study: Study
    corpus: Corpus
    comparison: Comparison
    evidence: pd.DataFrame
    examples: Examples
    frame_examples: pd.DataFrame
    quality: Quality
    coverage: pd.DataFrame
    effects: pd.DataFrame
    votes: dict[str, int]
    genres: dict[str, int]
    genre_effects: pd.DataFrame
    described: Comparison
    inferred: Inferred
    words: Words | None
    narrowed: tuple[int, int]
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
        render(results, beside, workers)
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
    within = _selected(corpus, study)
    selected = within.select(where=study.where) if study.where else within
    if not len(selected):
        raise InputError(f"no article matches the query {study.where!r}, of {len(within):,}")
    made_of = lock(study, selected)
    kept_scores = EarlierScores(earlier, made_of, study.scored) if earlier else None
    names = dict(study.merge)
    known = votes(selected, names)
    facts = _facts(selected, names, known)
    told = counted(facts, study.wire, study.genre)
    gathering = Gathering(study, _shared(told))
    with (
        beside(workers, len(selected), read_words, selected, study, told) as reading,
        KeptScores(folder / NAME if folder else None, study.text) as kept,
    ):
        for articles, passages, scores in _batches(selected, study, workers, gathering.quality, kept_scores):
            articles = with_votes(articles.assign(outlet=articles["outlet"].replace(names)), known)
            scored = joined(articles, passages, scores)
            kept.add(scored)
            gathering.add(scored)
            progress(len(articles))
        tables = gathering.tables()
        whole = tables[study.voice]
        settings = _settings(study)
        counting = _counting(whole, study, gathering.quality, len(selected))
        comparison = compare_articles(counting, primary=study.primary, **settings)
        words, of_texts = reading()
    by_wire = {switch: counted(whole, switch, study.genre) for switch in reversed(SWITCHES)}
    by_genre = {switch: counted(whole, study.wire, switch) for switch in GENRES}
    parts = [counted(rows, study.wire, study.genre) for rows in (tables["described"], described.gathered(of_texts))]
    inferred = infer(comparison, study, {**tables, "frames": parts[0]}, gathering.telling.passages(), settings)
    parts[0] = with_contrasts(parts[0])
    return Results(
        study=study,
        corpus=selected,
        comparison=comparison,
        evidence=gathering.evidence.passages(),
        examples=gathering.examples,
        frame_examples=gathering.frame_examples.passages(),
        quality=gathering.quality,
        coverage=coverage_table(facts[["article_id", "outlet", "published"]], comparison),
        effects=effects(by_wire, comparison),
        votes=_counts(known["vote"]),
        genres=_counts(known["genre"]),
        genre_effects=genre_effects(by_genre, comparison),
        described=_described(parts, {**settings, "period": comparison.period, "reference": REST}),
        inferred=inferred,
        words=words,
        narrowed=(len(selected), len(within)),
        lock=made_of,
    )


def _shared(facts: pd.DataFrame) -> set[str]:
    """Stories that two outlets or more tell."""
    outlets = facts.groupby("story")["outlet"].nunique()
    return set(outlets.index[outlets > 1])


def _described(parts: Sequence[pd.DataFrame], settings: dict[str, Any]) -> Comparison:
    """Levels of what describes coverage; each part by itself, since the days of one must not move another's draws."""
    found = [compare_articles(part, tested=SCREEN, **settings) for part in parts if len(part)]
    estimates = pd.concat([one.estimates for one in found], ignore_index=True)
    return replace(
        found[0],
        estimates=estimates.sort_values(KEY, kind="stable", ignore_index=True),
        articles=pd.concat([one.articles for one in found], ignore_index=True),
    )


def _facts(corpus: Corpus, names: dict[str, str], known: pd.DataFrame) -> pd.DataFrame:
    """`described.FACTS` of all articles."""
    frame = corpus.frame(["article_id", "outlet", "published"])
    frame["outlet"] = frame["outlet"].replace(names)
    frame["published"] = pd.to_datetime(frame["published"])
    return with_votes(frame, known)[described.FACTS]


def _settings(study: Study) -> dict[str, Any]:
    return {
        "period": study.period,
        "reference": study.reference,
        "minimum_articles": study.minimum_articles,
        "minimum_stories": study.minimum_stories,
        "seed": study.seed,
        "draws": study.draws,
        "wire": study.wire,
        "genre": study.genre,
    }


def _counts(column: pd.Series[str]) -> dict[str, int]:
    return {str(value): int(count) for value, count in column.value_counts().items()}


def _counting(whole: pd.DataFrame, study: Study, quality: Quality, size: int) -> pd.DataFrame:
    """Scores of the articles that count under the study's switches.

    Raises:
        InputError: There is none, and why.
    """
    if whole.empty:
        foreign = quality.articles["other language"]
        why = f"; not in English, and so not scored: {foreign:,}" if foreign else ""
        spoken = "" if study.voice == "all" else f" in the voice {study.voice!r}"
        raise InputError(f"no passage about {study.pair}{spoken} in the body of any article; articles: {size:,}{why}")
    counting = counted(whole, study.wire, study.genre)
    if counting.empty and len(counted(whole, study.wire)):
        raise InputError(f"no article counts under the genre switch {study.genre!r}; try 'all'")
    if counting.empty:
        raise InputError(
            f"no article counts under the wire switch {study.wire!r}, since all print others' texts; try 'all'"
        )
    return counting


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
    yield from scored_batches(corpus, study.dyad, study.scored, study.cost, workers, earlier, study.codebooks)
