"""The look of every plot, and the two files that it becomes."""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from inkling.errors import MissingExtraError
from inkling.palette import FAINT, GREY, INK
from inkling.storage import write_atomically

if TYPE_CHECKING:
    from matplotlib.figure import Figure

# Fonts for scripts that matplotlib's own font lacks, such as the kana of class names; the installed ones are used.
FALLBACK_FONTS = (
    *("Noto Sans CJK JP", "Noto Sans JP", "Hiragino Sans", "Yu Gothic", "Microsoft YaHei", "PingFang SC"),
    *("WenQuanYi Zen Hei", "Noto Sans Devanagari", "Noto Sans Arabic", "Arial Unicode MS"),
)
LOOK: dict[Any, Any] = {
    "font.size": 10,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": GREY,
    "axes.titlesize": 11,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 10,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.color": FAINT,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "lines.linewidth": 1.8,
    "lines.markersize": 4.5,
    "legend.frameon": False,
    "figure.facecolor": "white",
    "figure.constrained_layout.w_pad": 0.1,  # inches
    "figure.constrained_layout.h_pad": 0.1,
    "savefig.dpi": 160,
    "svg.fonttype": "none",  # text stays text, which makes files small and searchable
    "svg.hashsalt": "inkling",  # equal figures give equal bytes
}


@contextmanager
def look() -> Iterator[None]:
    """Draw in Inkling's look, in a `with` block or, with the decorator `@look()`, in a whole function.

    Raises
    ------
    MissingExtraError : if matplotlib is not installed.
    """
    try:
        import matplotlib
    except ImportError:
        raise MissingExtraError("matplotlib", "report") from None
    with matplotlib.rc_context({**LOOK, "font.family": ["sans-serif", *_installed_fallbacks()]}):
        yield


@cache
def _installed_fallbacks() -> tuple[str, ...]:
    from matplotlib.font_manager import fontManager

    installed = {font.name for font in fontManager.ttflist}
    return tuple(name for name in FALLBACK_FONTS if name in installed)


def new_figure(width: float, height: float) -> Figure:
    """An empty figure of this width and height in inches, which keeps its parts from overlapping."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


@look()
def render(figure: Figure, kind: Literal["png", "svg"], *, transparent: bool = False) -> bytes:
    """The bytes of a PNG or SVG file; equal figures give equal bytes."""
    buffer = io.BytesIO()
    dateless = {"Date": None} if kind == "svg" else {}
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Glyph .* missing from", UserWarning)  # a PNG shows a box in its place
        figure.savefig(buffer, format=kind, metadata=dateless, transparent=transparent)
    return buffer.getvalue()


def save(figure: Figure, stem: Path) -> list[Path]:
    """Write the figure as `stem`.png and `stem`.svg and return the two paths."""
    png, svg = (stem.with_name(f"{stem.name}.{kind}") for kind in ("png", "svg"))
    write_atomically(png, render(figure, "png"))
    write_atomically(svg, render(figure, "svg"))
    return [png, svg]
