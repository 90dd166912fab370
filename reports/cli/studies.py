"""Commands that measure: report, demo, show, evaluate."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from corpora.errors import InputError
from reports.cli.root import EXISTING, main, one_line


@main.command()
@click.argument("source", type=EXISTING)
@click.option("--dyad", default="", help="The two countries, as ISO 3166 codes: USA-RUS.")
@click.option("--out", required=True, type=EXISTING, help="Folder to write; new, empty, or an earlier report.")
@click.option("--corpus", type=EXISTING, default=None, help="Corpus for a study that names none or lies elsewhere.")
@click.option("--reference", default="", help="Outlet that the others are compared with; else the rest.")
@click.option(
    "--period",
    type=click.Choice(["month", "quarter", "half", "year"]),
    default=None,
    help="Chosen from the data unless named.",
)
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), default=None, help="First day.")
@click.option("--to", "until", type=click.DateTime(["%Y-%m-%d"]), default=None, help="Last day.")
@click.option(
    "--wire",
    type=click.Choice(["own", "origin", "all"]),
    default=None,
    help="Whose text counts: an outlet's own (unless named), each origin once, or all.",
)
@click.option(
    "--genre",
    type=click.Choice(["news", "opinion", "all"]),
    default=None,
    help="Which kind of piece counts: news (unless named), opinion, or all.",
)
@click.option(
    "--voice",
    type=click.Choice(["all", "own", "quoted"]),
    default=None,
    help="In whose words: all passages (unless named), the outlet's own, or quoted and reported ones.",
)
@click.option("--where", default="", help="Query that narrows the study, such as 'sanctions OR \"trade war\"'.")
@click.option("--events", type=EXISTING, default=None, help="TOML file of declared events ([[event]] name, date).")
@click.option("--coded", type=EXISTING, multiple=True, help="Folder of human codes to correct by; repeatable.")
@click.option("--no-text", is_flag=True, help="Leave the articles' sentences out, for sharing.")
@click.option("--workers", type=click.IntRange(1), default=None, help="Processes; as many as cores unless given.")
@click.option("--rescore", is_flag=True, help="Read every article anew, also those that the earlier report scored.")
def report(
    source: Path,
    dyad: str,
    out: Path,
    corpus: Path | None,
    workers: int | None,
    no_text: bool,
    rescore: bool,
    events: Path | None,
    coded: tuple[Path, ...],
    **given: Any,
) -> None:
    """Write the report on a corpus folder, or of a STUDY.toml."""
    from dataclasses import replace

    from corpora.corpus import open_corpus
    from framing.countries import read_dyad
    from reports.events import read_events
    from reports.study import Study
    from reports.study_file import read_study

    if source.suffix == ".toml" and not source.is_dir():
        study = read_study(source)
        place = corpus or study.corpus
        if not place:
            raise InputError(f"study {source} names no corpus; name one with --corpus or in [corpus] path")
    else:
        if not dyad:
            raise InputError("name the two countries with --dyad, such as --dyad USA-RUS")
        if corpus:
            raise InputError(f"{source} is a corpus and --corpus names another; give one of them")
        study, place = Study(read_dyad(dyad)), source
    if dyad:
        study = replace(study, dyad=read_dyad(dyad))
    days = {key: given.pop(key).date() if given[key] else None for key in ("since", "until")}
    given |= {"events": read_events(events) if events else (), "coded": tuple(str(one.resolve()) for one in coded)}
    changes = {key: value for key, value in {**given, **days}.items() if value}
    study = replace(study, text=study.text and not no_text, **changes)
    _report(open_corpus(place), replace(study, corpus=""), out, workers, rescore)


@main.command()
@click.option("--out", type=EXISTING, default=Path("framing-demo"), show_default=True, help="Folder to write.")
@click.option("--workers", type=click.IntRange(1), default=None, help="Processes; as many as cores unless given.")
def demo(out: Path, workers: int | None) -> None:
    """Write the report on the bundled corpus: invented outlets on real events of 2017 and 2018."""
    from corpora.bundled import bundled_folder, load_bundled
    from reports.study_file import read_study

    _report(load_bundled("us-russia"), read_study(bundled_folder("us-russia") / "study.toml"), out, workers)


def _report(corpus: Any, study: Any, out: Path, workers: int | None, rescore: bool = False) -> None:
    import os
    from functools import partial

    from tqdm import tqdm

    from reports.corrected import beside
    from reports.folder import check_out
    from reports.genre import genre_sentence
    from reports.inferred_prose import treatment_sentences
    from reports.prose import findings
    from reports.report import write_report
    from reports.wire import effect_sentence

    if out.resolve() == Path.cwd() or out.resolve() in Path.cwd().parents:
        raise InputError(f"{out} is the folder you are in, or holds it; name a new folder")
    check_out(out.resolve())
    # Cores this process may use, which on a shared machine are fewer than it has.
    cores = workers or (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    with tqdm(total=len(corpus), unit=" articles", disable=not sys.stderr.isatty(), leave=False) as bar:
        results = write_report(corpus, study, out, cores, bar.update, rescore)
    told = findings(results.comparison, partial(beside, results.inferred.corrected))
    for sentence in [*told, *treatment_sentences(results.inferred.pairs)]:
        click.echo(one_line(sentence))
    if study.where:
        click.echo("narrowed by the query {!r} to {:,} of {:,} articles".format(study.where, *results.narrowed))
    click.echo(one_line(effect_sentence(results.votes, results.effects, study.wire)))
    click.echo(one_line(genre_sentence(results.genres, results.genre_effects, study.genre)))
    click.echo(f"report: {out / 'index.html'}")


@main.command()
@click.argument("article", type=EXISTING)
@click.option("--dyad", required=True, help="The two countries, as ISO 3166 codes: USA-RUS.")
@click.option("--outlet", default="", help="Its outlet, if the file does not say.")
def show(article: Path, dyad: str, outlet: str) -> None:
    """Print what is recognised in one article: outlet, date, dateline, countries, passages, scores."""
    from reports.show import show_article

    for text, style in show_article(article, dyad, outlet):
        click.secho(text, nl=False, **style)


@main.command()
@click.argument("task")
@click.argument("gold", type=EXISTING, required=False)
@click.option("--cost", default=None, help="Which scorer of the measure: encoder or light.")
@click.option("--corpus", "of", type=EXISTING, help="For a coded file without texts: the corpus that has them.")
@click.option("--codebook", default="", help="Of frames: by which codebook, a shipped one or one of your own.")
@click.option("--map", "mapped", multiple=True, metavar="LABEL=FRAME", help="Of frames: count a label of the file so.")
@click.option("--codebooks", type=EXISTING, default=Path("codebooks"), help="Folder of your trained codebooks.")
@click.option("--swap-countries", "swap", is_flag=True, help="Instead of a gold file: the score by country.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
def evaluate(
    task: str,
    gold: Path | None,
    cost: str | None,
    of: Path | None,
    codebook: str,
    mapped: tuple[str, ...],
    codebooks: Path,
    swap: bool,
    as_json: bool,
) -> None:
    """Score a gold file: TASK is attitude, countries, frames, quotes, relation, sentiment, stories, subject or tone."""
    import json
    from dataclasses import asdict

    from corpora.corpus import open_corpus
    from framing.evaluation import evaluate
    from framing.fairness import swap_countries
    from framing.scorers import DEFAULT_COST
    from reports.show import evaluation_lines, fairness_lines

    if swap == (gold is not None):
        raise InputError("evaluate takes either a gold file or --swap-countries")
    if swap:
        fairness = swap_countries(task, cost or DEFAULT_COST)
        row, lines = asdict(fairness), fairness_lines(fairness)
    else:
        assert gold is not None
        pairs = dict(one.split("=", 1) for one in mapped if "=" in one)
        if len(pairs) < len(mapped):
            raise InputError("--map is written LABEL=FRAME, such as --map Economic=economic, each label once")
        held = open_corpus(of) if of else None
        result = evaluate(task, gold, cost or DEFAULT_COST, held, codebook, pairs, codebooks)
        row, lines = result.json(), evaluation_lines(result)
    if as_json:
        click.echo(json.dumps(row, sort_keys=True))
        return
    for line in lines:
        click.echo(line)
