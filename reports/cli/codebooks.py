"""Commands on codebooks: new, check, show, train."""

from __future__ import annotations

from pathlib import Path

import click

from corpora.errors import InputError
from reports.cli.root import EXISTING, main, one_line, one_line_each


@main.group("codebook", invoke_without_command=True)
@click.pass_context
def codebook(context: click.Context) -> None:
    """List the codebooks; make, check, show and train one's own.

    \b
    framing codebook                               those that come with the toolkit
    framing codebook show bilateral                as a coder reads it
    framing codebook new summit                    write summit.toml to begin with
    framing codebook check summit.toml
    framing codebook train summit.toml coded.csv   then measure frames:summit in a study
    """
    from framing.codebook import load_codebook, shipped_codebooks

    if context.invoked_subcommand is None:
        for name in shipped_codebooks():
            book = load_codebook(name)
            click.echo(f"{name}: {book.title}, {len(book.frames)} frames: {', '.join(book.names)}")


@codebook.command("new")
@click.argument("name")
def new(name: str) -> None:
    """Write NAME.toml, a codebook to fill in."""
    from corpora.storage import write_beside
    from framing.codebook import template

    text, path = template(name), Path(f"{name}.toml")
    _check_own(name, str(path))
    if path.exists():
        raise InputError(f"{path} is there already; name another codebook")
    write_beside(path, text).replace(path)
    click.echo(one_line(f"written: {path}; fill it in, then framing codebook check {path}"))


@codebook.command("check")
@click.argument("file", type=EXISTING)
def check(file: Path) -> None:
    """Say whether a codebook holds, and what in it is thin."""
    from framing.codebook import read_codebook, remarks

    book = read_codebook(file)
    _check_own(book.name, str(file))
    click.echo(one_line(f"{book.name}: {book.title}, {len(book.frames)} frames"))
    for frame in book.frames:
        click.echo(
            one_line_each(
                f"  {frame.name:<24}{len(frame.questions):>3} questions"
                f"{len(frame.include) + len(frame.exclude):>4} rules"
                f"{len(frame.cues):>4} cues{len(frame.examples):>4} examples"
            )
        )
    for remark in remarks(book):
        click.echo(one_line(f"to look at: {remark}"))


@codebook.command("show")
@click.argument("name")
def show(name: str) -> None:
    """Print a codebook as a coder reads it: NAME of a shipped one, or a file."""
    from framing.codebook import load_codebook, read_codebook
    from reports.codebook_page import codebook_lines

    path = Path(name)
    book = read_codebook(path) if path.suffix == ".toml" else load_codebook(name)
    for line in codebook_lines(book):
        click.echo(one_line_each(line))


@codebook.command("train")
@click.argument("file", type=EXISTING)
@click.argument("coded", type=EXISTING)
@click.option(
    "--into", type=EXISTING, default=Path("codebooks"), show_default=True, help="Folder of trained codebooks."
)
@click.option("--cost", type=click.Choice(["encoder", "light"]), default="encoder", show_default=True)
@click.option("--leave-out", "left_out", multiple=True, metavar="FRAME", help="Train without a frame; may be repeated.")
def train(file: Path, coded: Path, into: Path, cost: str, left_out: tuple[str, ...]) -> None:
    """Train a scorer for the codebook FILE on CODED.csv, and say what it reaches.

    CODED.csv has a column `text`, and `frames` with names parted by semicolons (or a column of 1 and 0 for each frame);
    `coder`, `article` and `unit` if they are known.
    """
    from framing.codebook import parse_codebook, read_codebook
    from framing.codebook_card import check_place, save
    from framing.coded import read_coded
    from framing.own_codebook import train, without
    from reports.codebook_page import trained_lines

    read_codebook(file)
    whole = file.read_bytes()
    book = parse_codebook(whole, str(file))
    _check_own(book.name, str(file))
    check_place(into, book.name)
    passages = read_coded(coded, book, left_out)
    part, passages = without(book, passages, left_out) if left_out else (book, passages)
    trained = train(part, passages, cost)
    place = save(trained, whole, into)
    for line in trained_lines(trained):
        click.echo(one_line_each(line))
    click.echo(
        one_line(f'written: {place}; its card: {place / "card.md"}; in a study: measures = ["frames:{book.name}"]')
    )


def _check_own(name: str, place: str) -> None:
    from framing.codebook import shipped_codebooks

    if name in shipped_codebooks():
        raise InputError(
            f"codebook {place} is named {name!r}, as one that comes with the toolkit; give it another name"
        )
