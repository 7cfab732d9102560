"""The look of every picture, and the two files it becomes."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from inkling.errors import MissingExtraError
from inkling.palette import FAINT, GREY, INK
from inkling.storage import write_atomically

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LOOK: dict[Any, Any] = {
    "font.family": "sans-serif",
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
    "svg.fonttype": "none",  # text stays text: small files, searchable, in the reader's own font
    "svg.hashsalt": "inkling",  # the same figure gives the same bytes
}


@contextmanager
def look() -> Iterator[None]:
    """Draw in Inkling's look; as a decorator, `@look()`, for a whole function.

    Raises
    ------
    MissingExtraError : if matplotlib is not installed.
    """
    try:
        import matplotlib
    except ImportError:
        raise MissingExtraError("matplotlib", "report") from None
    with matplotlib.rc_context(LOOK):
        yield


def new_figure(width: float, height: float) -> Figure:
    """An empty figure, sizes in inches, that keeps its parts from overlapping."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained")


@look()
def render(figure: Figure, kind: Literal["png", "svg"], *, transparent: bool = False) -> bytes:
    """The bytes of a picture file; equal figures give equal bytes."""
    buffer = io.BytesIO()
    dateless = {"Date": None} if kind == "svg" else {}
    figure.savefig(buffer, format=kind, metadata=dateless, transparent=transparent)
    return buffer.getvalue()


def save(figure: Figure, stem: Path) -> list[Path]:
    """Write the figure as `stem`.png and `stem`.svg and return the two paths."""
    png, svg = (stem.with_name(f"{stem.name}.{kind}") for kind in ("png", "svg"))
    write_atomically(png, render(figure, "png"))
    write_atomically(svg, render(figure, "svg"))
    return [png, svg]
