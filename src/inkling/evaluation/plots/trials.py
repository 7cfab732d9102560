"""Robustness: an example of each corruption, the accuracy under it, and the accuracy along sweeps."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from inkling.evaluation.plots.look import look, new_figure
from inkling.evaluation.robustness import Robustness, Trial
from inkling.palette import BLUE, GREY, INK, VERMILION

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

COLOURS = (BLUE, VERMILION)
# Height of all bars of a row together, as a share of the height of the row.
BARS = 0.76
# Side of an example.
EXAMPLE_POINTS = 19


@look()
def robustness(models: Sequence[Robustness]) -> Figure:
    """Bars of accuracy under each corruption beside an example of it, and accuracy along each sweep.

    Parameters
    ----------
    models : the trials of one or two models on the same images.
    """
    figure = new_figure(10, 7.2)
    left, right = figure.subfigures(1, 2, squeeze=False, width_ratios=[1.15, 1])[0]
    _bars(left.subplots(), models)
    panels = right.subplots(len(models[0].sweeps), 1, sharey=True)
    for axes, name in zip(panels, models[0].sweeps, strict=True):
        _curve(axes, [model.sweeps[name] for model in models])
    if len(models) > 1:
        figure.legend([model.name for model in models], loc="outside upper left")  # one per line, since paths are long
    return figure


def _bars(axes: Axes, models: Sequence[Robustness]) -> None:
    rows = [model.trials[: 1 + len(model.corruptions)] for model in models]
    height = BARS / len(models)
    for i, (trials, colour) in enumerate(zip(rows, COLOURS, strict=False)):
        places = np.arange(len(trials)) - BARS / 2 + (i + 0.5) * height
        percents = [100 * trial.accuracy for trial in trials]
        drawn = axes.barh(places, percents, 0.9 * height, color=colour)
        axes.bar_label(drawn, fmt="%.1f", padding=3, size=8, color=INK)
    for place, trial in enumerate(rows[0]):
        _example(axes, place, trial)
    means = " and ".join(f"{100 * model.mean:.1f}" for model in models)
    axes.set_yticks(range(len(rows[0])), [trial.change for trial in rows[0]])
    axes.tick_params("y", length=0, pad=EXAMPLE_POINTS + 8)
    axes.grid(False)
    axes.set(
        title=f"15 corruptions: mean {means} %", xlabel="accuracy (%)", xlim=(0, 108), ylim=(len(rows[0]) - 0.5, -0.6)
    )
    axes.set_xticks(range(0, 101, 20))


def _example(axes: Axes, row: int, trial: Trial) -> None:
    """The example, dark ink on paper, between the name of its row and the bar."""
    from matplotlib.colors import Normalize
    from matplotlib.offsetbox import AnnotationBbox, OffsetImage

    zoom = EXAMPLE_POINTS / len(trial.example)
    picture = OffsetImage(trial.example, zoom=zoom, cmap="gray_r", norm=Normalize(0, 255), interpolation="nearest")
    box = AnnotationBbox(
        picture,
        (0, row),
        xycoords=("axes fraction", "data"),
        xybox=(-5, 0),
        boxcoords="offset points",
        box_alignment=(1, 0.5),
        pad=0.1,
        bboxprops={"edgecolor": GREY, "linewidth": 0.4},
    )
    axes.add_artist(box)


def _curve(axes: Axes, sweeps: Sequence[Sequence[Trial]]) -> None:
    """Accuracy against strength for one sweep, one line per model."""
    for trials, colour in zip(sweeps, COLOURS, strict=False):
        points = [(t.strength, 100 * t.accuracy) for t in trials if t.strength is not None]
        axes.plot(*zip(*points, strict=True), "o-", color=colour, clip_on=False)
    axes.set(title=sweeps[0][0].change.capitalize(), xlabel=sweeps[0][0].unit, ylim=(0, 100), ylabel="accuracy (%)")
