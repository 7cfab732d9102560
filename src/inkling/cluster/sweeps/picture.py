"""Parallel coordinates: an axis per setting and one for the accuracy, a line per trial, the best ones darkest."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from typing import Any

from inkling.cluster.sweeps.space import Range, Values
from inkling.cluster.sweeps.trials import Trial
from inkling.errors import MissingExtraError, shortened
from inkling.notation import is_number

_MOST_CHARACTERS = 24  # of a value beside an axis
Ticks = list[tuple[float, str]]


def draw(space: Mapping[str, Values], trials: Sequence[Trial]) -> bytes:
    """A PNG of these trials, the best first; MissingExtraError where matplotlib is not installed."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise MissingExtraError("matplotlib", "report") from None
    columns = [
        _scaled([trial.settings[name] for trial in trials], isinstance(values, Range) and values.log)
        for name, values in space.items()
    ]
    columns.append(_scaled([100 * trial.figures["validation_accuracy"] for trial in trials]))
    figure = Figure(figsize=(2.2 * len(columns) + 1, 4.5), layout="constrained")
    axes = figure.add_subplot()
    places = range(len(columns))
    for line, (_, *heights) in enumerate(zip(trials, *(column[0] for column in columns), strict=True)):
        shade = 1 - line / len(trials)
        axes.plot(places, heights, color="tab:blue", alpha=0.15 + 0.85 * shade**3, linewidth=1 + 2 * (line == 0))
    for place, (_, ticks) in zip(places, columns, strict=True):
        axes.axvline(place, color="0.5", linewidth=0.8)
        for height, label in ticks:
            axes.text(place + 0.03, height, shortened(label, _MOST_CHARACTERS), fontsize=8, va="center")
    axes.set_xticks(list(places), [*space, "validation accuracy %"])
    axes.set_yticks([])
    axes.set_xlim(-0.2, len(columns) - 0.5)
    for side in axes.spines.values():
        side.set_visible(False)
    picture = io.BytesIO()
    figure.savefig(picture, dpi=120)
    return picture.getvalue()


def _scaled(values: Sequence[Any], log: bool = False) -> tuple[list[float], Ticks]:
    """Heights from 0 to 1 of the values of an axis, and its ticks."""
    if all(is_number(value) for value in values):
        low, high = min(values), max(values)
        if low == high:
            return [0.5] * len(values), [(0.5, f"{low:.4g}")]
        place = math.log if log else float
        span = place(high) - place(low)
        return [(place(value) - place(low)) / span for value in values], [(0.0, f"{low:.4g}"), (1.0, f"{high:.4g}")]
    kinds = sorted({str(value) for value in values})
    heights = {kind: place / max(len(kinds) - 1, 1) for place, kind in enumerate(kinds)}
    return [heights[str(value)] for value in values], [(height, kind) for kind, height in heights.items()]
