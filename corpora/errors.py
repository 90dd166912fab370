"""The one error that every room raises for input it cannot use."""


class InputError(ValueError):
    """Something the user gave cannot be used; the message names it and says what is allowed.

    The command line prints it as one line and exits with code 2.
    """
