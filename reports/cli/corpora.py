"""Commands about articles: ingest, corpus, corpora."""

from __future__ import annotations

import shlex
from itertools import pairwise
from pathlib import Path
from typing import Any

import click

from corpora.errors import InputError
from reports.cli.root import EXISTING, main, one_line, one_line_each, width


@main.command()
@click.argument("paths", nargs=-1, required=True, type=EXISTING)
@click.option("--into", required=True, type=EXISTING, help="Folder of the corpus; made where there is none.")
@click.option("--outlet", default="", help="Outlet of every article, for files that do not say.")
@click.option(
    "--outlet-from", type=click.Choice(["folder"]), default=None, help="Outlets are the names of the files' folders."
)
@click.option(
    "--map",
    "mapped",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="Column that holds a field: outlet, published, title, body...",
)
@click.option(
    "--dates",
    type=click.Choice(["dmy", "mdy"]),
    default=None,
    help="How 4/4/17 is meant; else as the outlet's other dates show.",
)
@click.option("--collection", type=EXISTING, default=None, help="TOML note on where the articles came from.")
@click.option("--without-marks", is_flag=True, help="Look for same text, wire copy and stories later.")
def ingest(
    paths: tuple[Path, ...],
    into: Path,
    outlet: str,
    outlet_from: str | None,
    mapped: tuple[str, ...],
    dates: str | None,
    collection: Path | None,
    without_marks: bool,
) -> None:
    """Read files, folders and archives into a corpus.

    Exports of Nexis, Factiva, ProQuest and Europresse, lists of Media Cloud and GDELT, CSV, Excel, JSON Lines, Parquet,
    web pages, feeds, WARC, RIS, mails and saved text, gzipped, zipped or in a tar. The format is told from the
    content.
    """
    from corpora.corpus import open_corpus
    from corpora.ingest import Options, ingest
    from corpora.ingest import mark as find_marks
    from corpora.repair import repair
    from reports.inventory import counts_lines

    named = " ".join(repair(outlet).split())
    if outlet and not named:
        raise InputError(f"--outlet {outlet!r} shows nothing; name the outlet")
    columns = {}
    for pair in mapped:
        field, equals, column = pair.partition("=")
        if not equals or not column:
            raise InputError(f"--map {pair!r} is not FIELD=COLUMN, such as outlet=Publication")
        columns[field] = column
    counts = ingest(
        paths,
        into,
        Options(named, columns, dates or "", outlet_from or ""),
        collection,
        lambda name: click.echo(f"reading {name}", err=True),
        marks=False,
    )
    if not without_marks:
        click.echo("looking for same text, wire copy and stories", err=True)
        find_marks(into)
    held = open_corpus(into)
    reasons = held.rejections[len(held.rejections) - counts.rejected :]
    for line in counts_lines(counts, into / "rejected.csv", reasons, width()):
        click.echo(one_line_each(line))
    more = f" holds {len(held):,} articles" if counts.kept != len(held) else ""
    click.echo(one_line(f"corpus {into}{more}; what is in it: framing corpus {shlex.quote(str(into))}"))


class _OfCorpus(click.Group):
    """A group that takes options after its argument as well: `framing corpus CORPUS --outlets`."""

    def parse_args(self, context: click.Context, args: list[str]) -> list[str]:
        """Put the options that stand behind the corpus before it, where click looks for those of a group."""
        end = next((n for n, arg in enumerate(args) if n and arg in self.commands), len(args))
        own, rest = args[:end], args[end:]
        if rest and set(own[1:]) & {"--outlets", "--write"}:
            raise click.UsageError(f"--outlets and --write stand without {rest[0]}", context)
        for before, arg in pairwise(own):
            if not arg.startswith("-") and not before.startswith("-"):
                raise click.UsageError(f"no command {arg!r}; there are: {', '.join(self.commands)}", context)
        if own and not own[0].startswith("-"):
            own = [*own[1:], own[0]]
        return super().parse_args(context, [*own, *rest])


@main.group(cls=_OfCorpus, invoke_without_command=True, no_args_is_help=True)
@click.argument("corpus", type=EXISTING)
@click.option("--outlets", is_flag=True, help="Outlets with what is known of them, and those that seem to be one.")
@click.option("--write", type=EXISTING, default=None, help="With --outlets: write an outlets.toml to correct.")
@click.pass_context
def corpus(context: click.Context, corpus: Path, outlets: bool, write: Path | None) -> None:
    """Print what is in a corpus: outlets, spans, gaps, languages, wire share, duplicates; or change it.

    \b
    framing corpus CORPUS                          what is in it
    framing corpus CORPUS --outlets                outlets, and names that seem to be one
    framing corpus CORPUS --outlets --write outlets.toml
    framing corpus CORPUS merge outlets.toml       count them as the file says
    framing corpus CORPUS mark                     find same text, wire copy and stories
    framing corpus CORPUS select --dyad USA-RUS --from 2016 --to 2018 --into NEW
    framing corpus CORPUS export articles.csv
    """
    from corpora.corpus import open_corpus

    context.obj = corpus
    if context.invoked_subcommand:
        return
    opened = open_corpus(corpus)
    if write and not outlets:
        raise InputError("--write goes with --outlets")
    if write and write.exists():
        raise InputError(f"{write} is there already; name a new file")
    if outlets:
        _outlets(opened, corpus, write)
        return
    from corpora.borrowed import borrowed
    from corpora.curation import holdings
    from reports.inventory import borrowed_lines, inventory_lines

    for line in [*inventory_lines(opened, holdings(opened), width()), *borrowed_lines(borrowed(opened), width())]:
        click.echo(one_line_each(line))


def _outlets(opened: Any, place: Path, write: Path | None) -> None:
    from corpora.curation import names_as_read, outlet_groups
    from corpora.outlets import merge_file, suggest_merges
    from corpora.storage import write_beside
    from reports.inventory import outlet_lines

    merges = suggest_merges(opened.outlets())
    for line in outlet_lines(opened, merges, width()):
        click.echo(one_line_each(line))
    this = shlex.quote(str(place))
    if write is None:
        if merges:
            click.echo(
                one_line(f"to merge: framing corpus {this} --outlets --write outlets.toml; correct the file, then")
            )
            click.echo(one_line(f"framing corpus {this} merge outlets.toml"))
        return
    text = merge_file(outlet_groups(opened), names_as_read(opened), opened.manifest["agencies"])
    try:
        write_beside(write, text).replace(write)
    except OSError as error:
        raise InputError(f"cannot write {write}: {error.strerror or error}") from None
    click.echo(one_line(f"written: {write}; correct it, then framing corpus {this} merge {shlex.quote(str(write))}"))


@corpus.command()
@click.argument("table", type=EXISTING)
@click.pass_obj
def merge(corpus: Path, table: Path) -> None:
    """Count outlets under the names that an outlets.toml says; the articles stay as they are."""
    from corpora.curation import merge_outlets
    from corpora.outlets import read_outlets

    renamed = merge_outlets(corpus, read_outlets(table))
    for name, new in sorted(renamed.items()):
        click.echo(one_line(f"{name} -> {new}"))
    one = len(renamed) == 1
    click.echo(f"{len(renamed):,} name{' is' if one else 's are'} counted under another one")
    if not renamed:
        click.echo("every outlet has the name that was read; a table takes the place of the one before")


@corpus.command()
@click.pass_obj
def mark(corpus: Path) -> None:
    """Find same text, wire copy and stories, where that was left for later."""
    from corpora.ingest import mark as find_marks

    find_marks(corpus)
    click.echo(f"marks: {corpus / 'marks'}")


@corpus.command()
@click.option("--dyad", default="", help="Only articles that name both countries: USA-RUS.")
@click.option("--from", "since", default="", help="First day, month or year: 2016, 2016-03, 2016-03-05.")
@click.option("--to", "until", default="", help="Last day, month or year.")
@click.option("--outlet", "outlets", multiple=True, help="Only this outlet; may be repeated.")
@click.option("--into", required=True, type=EXISTING, help="Folder of the new corpus.")
@click.pass_obj
def select(corpus: Path, dyad: str, since: str, until: str, outlets: tuple[str, ...], into: Path) -> None:
    """Write a part of a corpus as a new corpus; undated articles stay out where days are named."""
    from corpora.corpus import open_corpus
    from corpora.curation import write_selection
    from corpora.dates import span
    from framing.countries import read_dyad
    from framing.passages import names_both

    opened = open_corpus(corpus)
    if missing := sorted(set(outlets) - set(opened.outlets())):
        there = list(opened.outlets())
        more = f" and {len(there) - 12:,} more (framing corpus {corpus} --outlets)" if len(there) > 12 else ""
        raise InputError(f"no outlet {missing[0]!r} in the corpus; there are: {', '.join(there[:12])}{more}")
    countries = read_dyad(dyad) if dyad else None
    first, last = span(since, until)
    how = {"dyad": dyad, "from": str(first or ""), "to": str(last or ""), "outlets": list(outlets)}
    chosen = opened.select(list(outlets) or None, first, last)
    seen, kept = write_selection(chosen, into, lambda article: countries is None or names_both(article, countries), how)
    click.echo(
        one_line(
            f"{kept:,} of {len(opened):,} articles are in {into}"
            + (
                f"; of the {seen:,} of these outlets and days {seen - kept:,} do not name both countries"
                if dyad
                else ""
            )
        )
    )


@corpus.command()
@click.argument("file", type=EXISTING)
@click.pass_obj
def export(corpus: Path, file: Path) -> None:
    """Write the articles to FILE.jsonl or FILE.csv, with story, wire copy and vote."""
    from corpora.corpus import open_corpus
    from corpora.curation import export as write

    click.echo(one_line(f"{write(open_corpus(corpus), file):,} articles are in {file}"))


@main.group("corpora", invoke_without_command=True)
@click.pass_context
def bundled(context: click.Context) -> None:
    """List the bundled corpora."""
    from corpora.bundled import bundled_names, load_bundled

    if context.invoked_subcommand is None:
        for name in bundled_names():
            held = load_bundled(name)
            click.echo(f"{name}: {len(held)} articles, {len(held.outlets())} outlets")


@bundled.command("show")
@click.argument("name")
def corpora_show(name: str) -> None:
    """Print the datasheet of a bundled corpus."""
    from corpora.bundled import datasheet

    click.echo(datasheet(name))
