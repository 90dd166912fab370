"""The `framing` command: it alone reads arguments and prints. Everything heavy is imported when it is needed."""

from __future__ import annotations

from reports.cli import codebooks, coding, corpora, studies
from reports.cli.root import main

__all__ = ["codebooks", "coding", "corpora", "main", "studies"]
