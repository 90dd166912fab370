"""The `framing` command: it alone reads arguments and prints. Everything heavy is imported when it is needed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

from corpora.errors import InputError

EXISTING = click.Path(path_type=Path)


class _Refused(click.ClickException):
    """What the user gave cannot be used: one line, exit code 2."""

    exit_code = 2

    def show(self, file: Any = None) -> None:
        """Print the line."""
        click.echo(f"framing: {self.format_message()}", file=file, err=True)


class Command(click.Group):
    """A group whose errors of input are one line and exit code 2."""

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command."""
        try:
            return super().invoke(ctx)
        except InputError as error:
            raise _Refused(_one_line(str(error))) from None
        except PermissionError as error:
            raise _Refused(f"no permission for {error.filename}") from None
        except BrokenPipeError:
            raise  # the reader of our output has gone; click ends quietly
        except OSError as error:
            raise _Refused(f"{error.filename or 'file system'}: {error.strerror or error}") from None
        except KeyboardInterrupt:
            raise _Refused("stopped; corpus and report are as they were") from None


def _one_line(text: str) -> str:
    return " ".join("".join(c for c in text if c.isprintable() or c.isspace()).split())


@click.group(cls=Command, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--version",
    is_flag=True,
    is_eager=True,
    expose_value=False,
    callback=lambda c, p, v: _version(c, v),
    help="Print the version.",
)
def main() -> None:
    """Compare how media outlets portray the relation of two countries.

    \b
    framing show ARTICLE.txt --dyad USA-RUS       what the toolkit sees in one article
    framing ingest PATH... --into CORPUS          files in, a corpus out
    framing report CORPUS --dyad USA-RUS --out DIR
    framing demo                                  the report on a bundled corpus
    framing evaluate TASK GOLD.jsonl              how accurate a scorer is

    It reads files; it opens no network connection.
    """


def _version(context: click.Context, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        click.echo(f"media-framing {version('media-framing')}")
        context.exit()


@main.command()
@click.argument("paths", nargs=-1, required=True, type=EXISTING)
@click.option("--into", required=True, type=EXISTING, help="Folder of the corpus; made where there is none.")
@click.option("--outlet", default="", help="Outlet of every article, for files that do not say.")
@click.option(
    "--map",
    "mapped",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Column that holds a field: outlet, published, title, body...",
)
@click.option(
    "--dates", type=click.Choice(["dmy", "mdy"]), default=None, help="How 4/4/17 is meant; undated otherwise."
)
@click.option("--collection", type=EXISTING, default=None, help="TOML note on where the articles came from.")
def ingest(
    paths: tuple[Path, ...],
    into: Path,
    outlet: str,
    mapped: tuple[str, ...],
    dates: str | None,
    collection: Path | None,
) -> None:
    """Read files, folders and .gz into a corpus: JSON Lines, CSV, Parquet, HTML pages, saved text."""
    from corpora.ingest import Options, ingest

    columns = {}
    for pair in mapped:
        field, equals, column = pair.partition("=")
        if not equals or not column:
            raise InputError(f"--map {pair!r} is not FIELD=COLUMN, such as outlet=Publication")
        columns[field] = column
    counts = ingest(
        paths,
        into,
        Options(outlet, columns, dates or ""),
        collection,
        lambda name: click.echo(f"reading {name}", err=True),
    )
    click.echo(f"read {counts.read:,} = kept {counts.kept:,} + rejected {counts.rejected:,}")
    if counts.unchanged:
        click.echo(f"{counts.unchanged} of {counts.files} files were ingested before and add nothing")
    if counts.undated:
        click.echo(f"{counts.undated:,} kept articles are undated; they count in no period")
    if counts.rejected:
        click.echo(f"reasons: {into / 'rejected.csv'}")


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
@click.option("--no-text", is_flag=True, help="Leave the articles' sentences out, for sharing.")
@click.option("--workers", type=click.IntRange(1), default=None, help="Processes; as many as cores unless given.")
def report(
    source: Path, dyad: str, out: Path, corpus: Path | None, workers: int | None, no_text: bool, **given: Any
) -> None:
    """Write the report on a corpus folder, or of a STUDY.toml."""
    from dataclasses import replace

    from corpora.corpus import open_corpus
    from framing.countries import read_dyad
    from reports.study import Study, read_study

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
    changes = {key: value for key, value in {**given, **days}.items() if value}
    study = replace(study, text=study.text and not no_text, **changes)
    _report(open_corpus(place), replace(study, corpus=""), out, workers)


@main.command()
@click.option("--out", type=EXISTING, default=Path("framing-demo"), show_default=True, help="Folder to write.")
@click.option("--workers", type=click.IntRange(1), default=None, help="Processes; as many as cores unless given.")
def demo(out: Path, workers: int | None) -> None:
    """Write the report on the bundled corpus: invented outlets on real events of 2018."""
    from corpora.bundled import bundled_folder, load_bundled
    from reports.study import read_study

    _report(load_bundled("us-russia"), read_study(bundled_folder("us-russia") / "study.toml"), out, workers)


def _report(corpus: Any, study: Any, out: Path, workers: int | None) -> None:
    import os

    from tqdm import tqdm

    from reports.prose import findings
    from reports.report import check_out, write_report
    from reports.wire import effect_sentence

    if out.resolve() == Path.cwd() or out.resolve() in Path.cwd().parents:
        raise InputError(f"{out} is the folder you are in, or holds it; name a new folder")
    check_out(out.resolve())
    # Cores this process may use, which on a shared machine are fewer than it has.
    cores = workers or (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    with tqdm(total=len(corpus), unit=" articles", disable=not sys.stderr.isatty(), leave=False) as bar:
        results = write_report(corpus, study, out, cores, bar.update)
    for sentence in findings(results.comparison):
        click.echo(_one_line(sentence))
    click.echo(_one_line(effect_sentence(results.votes, results.effects, study.wire)))
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
@click.argument("gold", type=EXISTING)
@click.option("--cost", default="light", show_default=True, help="Which scorer of the measure.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of a table.")
def evaluate(task: str, gold: Path, cost: str, as_json: bool) -> None:
    """Score a gold file: TASK is countries, relation, sentiment, stories or tone."""
    import json

    from framing.evaluation import evaluate

    result = evaluate(task, gold, cost)
    if as_json:
        click.echo(json.dumps(result.json(), sort_keys=True))
        return
    from reports.show import evaluation_lines

    for line in evaluation_lines(result):
        click.echo(line)


@main.group(invoke_without_command=True)
@click.pass_context
def corpora(context: click.Context) -> None:
    """List the bundled corpora."""
    from corpora.bundled import bundled_names, load_bundled

    if context.invoked_subcommand is None:
        for name in bundled_names():
            bundled = load_bundled(name)
            click.echo(f"{name}: {len(bundled)} articles, {len(bundled.outlets())} outlets")


@corpora.command("show")
@click.argument("name")
def corpora_show(name: str) -> None:
    """Print the datasheet of a bundled corpus."""
    from corpora.bundled import datasheet

    click.echo(datasheet(name))


if __name__ == "__main__":
    main()
