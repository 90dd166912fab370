"""Chart: a matplotlib figure of this toolkit, with its sizes, colours and text; `figures` draws on it."""

from __future__ import annotations

import io
import textwrap
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

# Inches; the font size is the same in both, so that a phone's reader need not zoom.
WIDE, NARROW = 7.6, 3.9
FONT = 9.0
ROW = 0.27
INK, GREY, PALE = "#222222", "#6b6b6b", "#d9d9d9"
# Colour-blind safe: Wong, B. (2011). Points of view: Color blindness. Nature Methods 8, 441; black is kept for text.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#56B4E9", "#E69F00", "#8C6D31")


class Chart(Figure):
    """A matplotlib figure that a notebook shows by itself, and that saves to the same bytes every time."""

    def _repr_png_(self) -> bytes:
        return self.data("png")

    def data(self, kind: str) -> bytes:
        """The chart as `svg` or `png` bytes, without a date."""
        import matplotlib

        out = io.BytesIO()
        metadata: dict[str, Any] = {"Date": None, "Creator": None} if kind == "svg" else {"Software": None}
        # Text as outlines looks the same everywhere and cannot hold markup; the salt makes ids repeat.
        with matplotlib.rc_context({"svg.hashsalt": "media-framing", "svg.fonttype": "path"}):
            self.savefig(out, format=kind, dpi=160, metadata=metadata)
        return out.getvalue()

    def save(self, folder: Path, name: str) -> None:
        """Write `name.svg` and `name.png` into a folder."""
        for kind in ("svg", "png"):
            (folder / f"{name}.{kind}").write_bytes(self.data(kind))


def outlet_colours(outlets: Sequence[str]) -> dict[str, str]:
    """Colour of each outlet, the same in every chart: the first ones given have their own, the rest are grey.

    >>> outlet_colours(["A", "B"])["A"]
    '#0072B2'
    """
    return {outlet: PALETTE[i] if i < len(PALETTE) else GREY for i, outlet in enumerate(outlets)}


def legible(text: str, longest: int = 30) -> str:
    """Text as a chart may print it: one line, no control or direction marks, cut with an ellipsis.

    >>> legible("A\\u202eB" + chr(10) + "C")
    'AB C'
    """
    # The charts' font has no pictures beyond the basic plane.
    text = "".join(c for c in text if ord(c) < 0x10000)
    text = " ".join("".join(c for c in text if unicodedata.category(c) not in ("Cf", "Cc") or c in "\n\t").split())
    return text if len(text) <= longest else text[: longest - 1].rstrip() + "…"


def blank(width: float, height: float, title: str, source: str) -> tuple[Chart, Any]:
    """An empty chart with its title and source line, and its axes."""
    chart = Chart(figsize=(width, height), facecolor="white")
    FigureCanvasAgg(chart)
    axes = chart.add_axes((0.1, 0.1, 0.8, 0.8))
    strip_axes(axes)
    lines = textwrap.wrap(title, int(width * 11.5))[:2]
    chart.text(
        0.012,
        1 - 0.07 / height,
        "\n".join(lines),
        fontsize=FONT + 1.5,
        fontweight="bold",
        color=INK,
        va="top",
        parse_math=False,
    )
    small = textwrap.wrap(source, int(width * 17))[:2]
    chart.text(0.012, 0.06 / height, "\n".join(small), fontsize=FONT - 2, color=GREY, va="bottom", parse_math=False)
    return chart, axes


def second_line(title: str, width: float) -> float:
    """Inches that the second line of a title takes, as `blank` breaks it."""
    return 0.18 if len(textwrap.wrap(title, int(width * 11.5))) > 1 else 0.0


def strip_axes(axes: Any) -> None:
    """Axes without the frame and ticks that carry nothing."""
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color(PALE)
    axes.tick_params(length=0, labelsize=FONT - 0.5, labelcolor=INK, pad=3)
    axes.tick_params(axis="x", labelsize=FONT - 1, labelcolor=GREY)


def write(axes: Any, x: float, y: float, text: str, **style: Any) -> None:
    """Text that is never read as a formula, whatever an outlet is called."""
    axes.text(x, y, text, parse_math=False, **{"fontsize": FONT, **style})


def inner_height(chart: Chart, taken: float) -> float:
    """Share of the height that is left when some inches are taken."""
    return max(0.15, 1 - taken / chart.get_figheight())


def count_room(width: float) -> float:
    """Share of the width that the numbers of articles take."""
    return 0.55 / width
