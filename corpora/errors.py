"""The one error that every room raises for input it cannot use."""

from __future__ import annotations

from corpora.repair import whole


class InputError(ValueError):
    """Something the user gave cannot be used; the message names it and says what is allowed.

    The command line prints it as one line and exits with code 2.

    >>> str(InputError("no file caf\\udce9.csv")) == "no file caf\\ufffd.csv"
    True
    """

    def __init__(self, message: str) -> None:
        # Messages quote file names and columns, which need not be valid text; a terminal refuses what is not.
        super().__init__(whole(message))
