"""Tokens: pieces of a passage as the numbers that an encoder reads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from framing.masking import ROLES, Piece

# Tokens of a passage that are read; a longer one is cut to those around its parties. Of 100 real passages 99 are
# shorter.
LONGEST = 128
# Tokens of a name that are repeated after the passage.
LONGEST_NAME = 16


@dataclass(frozen=True, slots=True)
class Tokens:
    """A passage as an encoder reads it.

    Attributes:
        ids: The vocabulary's number of each token.
        target: 1 where a token is of the target (of either party where they have no direction), else 0.
        source: The same for the source.
    """

    ids: list[int]
    target: list[int]
    source: list[int]


class Tokenizer:
    """A tokenizer file of Hugging Face, with a token for each role.

    What stands in an article is plain text also where it looks like a token of the model ("[SEP]").

    Args:
        source: The file, or its content.
        first: Number of the first of the vocabulary's unused tokens that stand for roles; readers that share one table
            of words each have their own.
    """

    def __init__(self, source: Path | bytes, first: int = 1) -> None:
        from tokenizers import Tokenizer as Read

        data = source.read_bytes() if isinstance(source, Path) else source
        self._reader = Read.from_str(data.decode())
        self._reader.no_padding()
        self._reader.no_truncation()
        self._reader.encode_special_tokens = True
        number: Callable[[str], Any] = self._reader.token_to_id
        self.start, self.end, self.pad = (
            next(n for n in (number(a), number(b)) if n is not None)
            for a, b in (("<s>", "[CLS]"), ("</s>", "[SEP]"), ("<pad>", "[PAD]"))
        )
        self.roles = {role: number(f"[unused{k}]") for k, role in enumerate(ROLES, first)}

    def __call__(self, passages: Sequence[Sequence[Piece]]) -> list[Tokens]:
        """The tokens of each passage."""
        texts = [piece.text for passage in passages for piece in passage if not piece.masked]
        numbers = iter([e.ids for e in self._reader.encode_batch(texts, add_special_tokens=False)])
        return [self._passage(passage, numbers) for passage in passages]

    def _passage(self, passage: Sequence[Piece], numbers: Iterator[list[int]]) -> Tokens:
        ids: list[int] = []
        roles: list[str] = []
        name: list[int] = []
        # Of two parties the one named first has the first token: a passage is then the same read either way.
        order = [p.role for p in passage if p.masked and p.role in ("target", "source")]
        token = self.roles | dict(zip(dict.fromkeys(order), (self.roles["target"], self.roles["source"]), strict=False))
        for piece in passage:
            own = [token[piece.role]] if piece.masked else next(numbers)
            ids += own
            roles += [piece.role] * len(own)
            if piece.role and not piece.masked and not name:
                name = own[:LONGEST_NAME]
        first, last = _window(roles)
        ids, roles = ids[first:last], roles[first:last]
        # A name is repeated after the passage, so that every layer knows whom it is about; a role speaks for itself.
        tail = [*name, self.end] if name else []
        roles = ["", *roles, "", *[""] * len(tail)]
        if "target" not in roles:
            # Nobody is named: what is said is of nobody, and is read as a whole.
            roles = ["target" if role != "source" else role for role in roles]
        return Tokens(
            ids=[self.start, *ids, self.end, *tail],
            target=[int(role == "target") for role in roles],
            source=[int(role == "source") for role in roles],
        )


def _window(roles: Sequence[str]) -> tuple[int, int]:
    """The tokens to read: all, or those around the parties."""
    if len(roles) <= LONGEST:
        return 0, len(roles)
    parties = [k for k, role in enumerate(roles) if role in ("target", "source")]
    first, last = (parties[0], parties[-1]) if parties else (0, 0)
    if last - first >= LONGEST:
        last = first
    start = min(max(0, (first + last) // 2 - LONGEST // 2), len(roles) - LONGEST)
    return start, start + LONGEST
