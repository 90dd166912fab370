"""Commands on human coding: plan, sample, sheet, read, agreement, errors, correct."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from corpora.errors import InputError
from reports.cli.root import EXISTING, main, one_line, one_line_each

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    import pandas as pd

    from corpora.corpus import Corpus
    from framing.codebook import Codebook
    from framing.coding.question import Question
    from reports.study import Study


@main.group("code")
def code() -> None:
    """Code a sample by hand, and correct the report's numbers by it.

    \b
    framing code plan REPORT --measure sentiment --target RUS --outlet A --reference B
    framing code sample REPORT --corpus CORPUS --measure sentiment --target RUS --articles 200 --into FOLDER
    framing code sheet FOLDER --coder anna --coder ben --as xlsx
    framing code read FOLDER anna.xlsx ben.xlsx
    framing code agreement FOLDER
    framing code errors FOLDER
    framing code correct FOLDER REPORT --into corrected.csv

    FOLDER holds the sample, its key (sample.csv, not for coders), the sheets and the codes. See docs/coding.md.
    """


def _asking(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options that say what is asked."""
    for option in (
        click.option("--category", default="", help="Of attitude the direction: USA>RUS; of frames, to plan: which."),
        click.option("--target", default="", help="Of sentiment: the country, as in the report."),
        click.option("--measure", required=True, help="attitude, relation, sentiment, or frames:CODEBOOK."),
    ):
        command = option(command)
    return command


@code.command()
@click.argument("report", type=EXISTING)
@_asking
@click.option("--outlet", required=True, help="One outlet.")
@click.option("--reference", required=True, help="The outlet that it is compared with.")
@click.option("--width", type=float, default=0.1, show_default=True, help="Half-width of the 95 % interval wanted.")
@click.option("--error", type=float, default=None, help="Standard deviation of coder less machine per passage.")
@click.option("--passages", type=click.IntRange(1), default=3, show_default=True, help="Passages an article, at most.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
def plan(report: Path, measure: str, target: str, category: str, outlet: str, reference: str, **given: Any) -> None:
    """Tell how many articles to code for an interval as narrow as wanted."""
    from framing.coding.question import readings
    from framing.frames import is_frames
    from reports.coding_lines import plan_lines
    from reports.counting import comparable
    from reports.planning import plan

    frame = category if is_frames(measure) else ""
    study, scores, question, _, _ = _report(report, measure, target, "" if frame else category)
    read, small = comparable(readings(scores, question), study)
    if name := next((name for name in (outlet, reference) if name in small), ""):
        raise InputError(
            f"{name!r} is below the study's minimum of {study.minimum_articles} articles on {study.minimum_stories} "
            "stories: nothing is estimated for it"
        )
    found = plan(read, question, outlet, reference, category=frame, **given)
    _echo(plan_lines(found, f"{question.text}{f' ({frame})' if frame else ''}", outlet, reference))


@code.command()
@click.argument("report", type=EXISTING)
@click.option("--corpus", required=True, type=EXISTING, help="Corpus of the report; or the name of a bundled one.")
@_asking
@click.option("--articles", type=click.IntRange(2), default=200, show_default=True, help="Articles to draw.")
@click.option("--passages", type=click.IntRange(1), default=3, show_default=True, help="Passages an article, at most.")
@click.option("--into", required=True, type=EXISTING, help="Folder of the sample; new or empty.")
@click.option("--seed", type=click.IntRange(0), default=1, show_default=True)
def sample(
    report: Path,
    corpus: Path,
    measure: str,
    target: str,
    category: str,
    articles: int,
    passages: int,
    into: Path,
    seed: int,
) -> None:
    """Draw the passages to code, with known probabilities, from the articles that count in REPORT.

    Outlets below the study's minimum have no estimate, and are not drawn from.
    """
    from importlib.metadata import version

    from framing.coding.instructions import instructions
    from framing.coding.marking import shown
    from framing.coding.question import readings
    from framing.coding.sample import Sample, write_sample
    from framing.coding.sampling import draw
    from reports.coding_lines import sample_lines
    from reports.counting import comparable

    study, scores, question, digest, book = _report(report, measure, target, category)
    read, small = comparable(readings(scores, question), study)
    drawn = draw(read, articles, passages, seed)
    texts = shown(drawn.drop_duplicates("unit"), _corpus(corpus))
    digests = {one.unit: one.passage_sha256 for one in texts}
    made = Sample(
        question=question,
        units=drawn.assign(passage_sha256=drawn["unit"].map(digests)),
        seed=seed,
        articles=articles,
        passages=passages,
        scorer=" ".join(read.iloc[0][["scorer", "scorer_version"]]),
        scores_sha256=digest,
        toolkit=version("media-framing"),
        codebook=f"{book.name} {book.digest}" if book else "",
    )
    write_sample(made, texts, instructions(question, book), into)
    _echo(sample_lines(made, read, small))
    click.echo(one_line(f"written: {into}; keep {into / 'sample.csv'}, the key, from the coders"))
    click.echo(one_line(f"next: framing code sheet {shlex.quote(str(into))} --coder NAME --coder NAME --as xlsx"))


@code.command()
@click.argument("folder", type=EXISTING)
@click.option("--coder", "coders", multiple=True, required=True, help="Pseudonym of a coder; repeat it for each.")
@click.option("--as", "kind", default="csv", show_default=True, help="csv, xlsx, label-studio or doccano.")
@click.option("--overlap", type=float, default=1.0, show_default=True, help="Share of the units that all of them code.")
def sheet(folder: Path, coders: tuple[str, ...], kind: str, overlap: float) -> None:
    """Make one blind sheet a coder, each in an order of its own."""
    from framing.coding.dealing import read_dealt
    from framing.coding.sheets import write_sheets

    files = write_sheets(folder, coders, kind, overlap)
    for path in files:
        click.echo(one_line(f"written: {path}"))
    dealt = read_dealt(folder)
    both = set.intersection(*(set(dealt[coder]) for coder in coders))
    sizes = ", ".join(f"{coder} {len(dealt[coder]):,}" for coder in sorted(coders))
    click.echo(f"units: {sizes}; coded by all: {len(both):,}")
    if len(dealt) == 1:
        click.echo("one coder: how far coders agree cannot be told")
    elif len(coders) > 1 and not both:
        click.echo("no unit is coded twice: how far coders agree cannot be told")
    click.echo(one_line(f"give each coder the sheet and {folder / 'instructions.md'}, and nothing else of the folder"))


@code.command()
@click.argument("folder", type=EXISTING)
@click.argument("files", nargs=-1, required=True, type=EXISTING)
@click.option("--coder", default="", help="Whose sheet it is, where the file does not say.")
@click.option("--partial", is_flag=True, help="Take sheets in which units are missing.")
@click.option("--replace", is_flag=True, help="Put the codes in place of those of the same coder.")
def read(folder: Path, files: tuple[Path, ...], coder: str, partial: bool, replace: bool) -> None:
    """Read filled sheets back, of any format; nothing is taken where anything is wrong."""
    from framing.coding.reading import add_codes, read_sheets, some
    from reports.coding_lines import problem_lines

    found = read_sheets(folder, files, coder, partial)
    if found.problems:
        for line in problem_lines(found.problems):
            click.echo(one_line(line))
        number = len(found.problems)
        raise InputError(f"nothing was written: {number} problem{'s' if number > 1 else ''} in the sheets")
    whole = add_codes(folder, found, replace)
    for name, rows in found.codes.groupby("coder", sort=True):
        labels = rows["label"].str.split(";").explode().value_counts().sort_index()
        told = ", ".join(f"{label} {count:,}" for label, count in labels.items())
        click.echo(one_line(f"{name}: {len(rows):,} units; {told}"))
        if left := found.missing.get(str(name), ()):
            click.echo(one_line(f"{name}: {len(left):,} units are not coded: {some(left)}"))
    coders = whole["coder"].nunique()
    click.echo(one_line(f"written: {folder / 'codes.csv'}, {coders} coder{'s' if coders > 1 else ''}"))
    click.echo(one_line(f"next: framing code agreement {shlex.quote(str(folder))}"))


@code.command()
@click.argument("folder", type=EXISTING)
def agreement(folder: Path) -> None:
    """Tell how far coders agree: Krippendorff's alpha, over all labels and for each."""
    from framing.coding.agreement import agreement_table
    from framing.coding.reading import read_codes
    from framing.coding.sample import read_sample
    from reports.coding_lines import agreement_lines

    drawn = read_sample(folder)
    of = dict(zip(drawn.units["unit"], drawn.units["article_id"], strict=True))
    _echo(agreement_lines(agreement_table(read_codes(folder), drawn.values, drawn.question.frames, of)))


@code.command()
@click.argument("folder", type=EXISTING)
@click.option("--category", default="", help="Of frames: which.")
def errors(folder: Path, category: str) -> None:
    """Tell how the machine errs, and whether differently by outlet."""
    from framing.coding.errors import machine_errors
    from framing.coding.reading import read_codes
    from framing.coding.sample import read_sample
    from reports.coding_lines import errors_lines

    drawn = read_sample(folder)
    _echo(errors_lines(machine_errors(drawn.units, read_codes(folder), drawn.values, category)))


@code.command()
@click.argument("folder", type=EXISTING)
@click.argument("report", type=EXISTING)
@click.option("--into", required=True, type=EXISTING, help="CSV file of corrected article scores to write.")
@click.option("--method", default="", help="dsl (unless named), ppi or tuned.")
@click.option("--missing", default="error", show_default=True, help="Units that nobody coded: error, or random.")
def correct(folder: Path, report: Path, into: Path, method: str, missing: str) -> None:
    """Correct the article scores of REPORT by the codes in FOLDER, and tell the levels before and after."""
    from corpora.storage import inert, write_beside
    from framing.coding.question import asked_scores
    from framing.coding.reading import read_codes
    from framing.coding.sample import read_sample
    from reports.article_scores import article_scores
    from reports.coding_lines import corrected_levels, corrected_lines
    from reports.correction import coded_outlets, correct
    from reports.pseudo_outcomes import DEFAULT

    drawn = read_sample(folder)
    asked = drawn.question
    study, scores, _, digest, _ = _report(report, asked.measure, asked.target, asked.category)
    if digest != drawn.scores_sha256:
        raise InputError(
            f"{folder} was drawn from other scores than those in {report}; name the report it was drawn from"
        )
    if into.exists():
        raise InputError(f"{into} is there already; name a new file")
    codes, articles = read_codes(folder), article_scores(asked_scores(scores, asked))
    after = correct(articles, drawn.units, codes, drawn.values, method or DEFAULT, missing)
    # Numbers and days are no text, and `inert` leaves them as they are.
    table = after.apply(lambda column: column.map(inert))
    write_beside(into, table.to_csv(index=False, lineterminator="\n")).replace(into)
    minimum = study.minimum_articles, study.minimum_stories
    outlets = coded_outlets(drawn.units, codes, drawn.values, missing)
    articles = articles[articles["outlet"].isin(outlets["outlet"])]
    _echo(corrected_lines(outlets, corrected_levels(articles, after, minimum)))
    click.echo(one_line(f"written: {into}, {len(after):,} corrected article scores (docs/measures/correction.md)"))


def _report(
    folder: Path, measure: str, target: str, category: str
) -> tuple[Study, pd.DataFrame, Question, str, Codebook | None]:
    """A report's study, the scores that count, the question, the scores' sha256, and of frames the codebook."""
    from framing.coding.question import ask
    from framing.frames import codebook_of, is_frames, load_frames
    from reports.counting import counting, read_report

    study, scores, digest = read_report(folder, measure)
    frames: tuple[str, ...] = ()
    book = None
    if is_frames(measure):
        scorer = load_frames(measure, study.cost, study.codebooks)
        frames, book = scorer.labels, codebook_of(scorer)
    return study, counting(scores, study), ask(measure, study.dyad, target, category, frames), digest, book


def _corpus(place: Path) -> Corpus:
    from corpora.bundled import bundled_names, load_bundled
    from corpora.corpus import open_corpus

    if not place.exists() and str(place) in bundled_names():
        return load_bundled(str(place))
    return open_corpus(place)


def _echo(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(one_line_each(line))
