"""`python -m reports.cli`, for machines on which the command `framing` is not on the path."""

from __future__ import annotations

from reports.cli import main

if __name__ == "__main__":
    main()
