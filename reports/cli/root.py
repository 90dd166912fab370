"""The root of the `framing` command, and how it refuses: one line, exit code 2."""

from __future__ import annotations

import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from corpora.errors import InputError

EXISTING = click.Path(path_type=Path)


class _Stopped(KeyboardInterrupt):
    """The user's interrupt, by a name of our own."""


@contextmanager
def _stoppable() -> Iterator[None]:
    """An interrupt ends the command in one line and with exit code 2, wherever it falls.

    Where a plain KeyboardInterrupt passes through code that is run from a string (a dataclass being made, say), the
    interpreter notes it, and ends by the signal even when it is caught; one of another class is not noted.
    """

    def stop(*_: object) -> None:
        raise _Stopped

    in_main = threading.current_thread() is threading.main_thread()
    if not in_main or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    signal.signal(signal.SIGINT, stop)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)


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
            with _stoppable():
                return super().invoke(ctx)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            raise _usage(error) from None
        except InputError as error:
            raise _Refused(one_line(str(error))) from None
        except PermissionError as error:
            raise _Refused(f"no permission for {error.filename}") from None
        except BrokenPipeError:
            raise  # the reader of our output has gone; click ends quietly
        except OSError as error:
            raise _Refused(f"{error.filename or 'file system'}: {error.strerror or error}") from None
        except KeyboardInterrupt:
            raise _Refused("stopped; nothing is left half done") from None

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Read the options of the root."""
        try:
            return super().make_context(*args, **kwargs)
        except click.exceptions.NoArgsIsHelpError:
            raise
        except click.UsageError as error:
            raise _usage(error) from None


def _usage(error: click.UsageError) -> _Refused:
    path = error.ctx.command_path if error.ctx else "framing"
    return _Refused(one_line(f"{error.format_message().rstrip('.')} (see {path} --help)"))


def width() -> int:
    """Characters of a line on the terminal; none where a file or a pipe is written, which is as wide as it takes."""
    import os
    import shutil

    return shutil.get_terminal_size().columns if sys.stdout.isatty() or os.environ.get("COLUMNS") else 0


def one_line(text: str) -> str:
    """A text in one line, without what does not print."""
    return " ".join("".join(c for c in text if c.isprintable() or c.isspace()).split())


def one_line_each(text: str) -> str:
    """A line whose spaces stay as they are, for tables; what does not print leaves it."""
    return "".join(c for c in text if c.isprintable())


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
    framing corpus CORPUS                         what is in it; merge, select, export
    framing report CORPUS --dyad USA-RUS --out DIR
    framing demo                                  the report on a bundled corpus
    framing code --help                           code a sample by hand, and correct the report by it
    framing codebook                              codebooks: new, check, show, train
    framing evaluate TASK GOLD.jsonl              how accurate a scorer is

    It reads files; it opens no network connection.
    """


def _version(context: click.Context, wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        click.echo(f"media-framing {version('media-framing')}")
        context.exit()
