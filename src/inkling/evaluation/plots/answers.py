"""A model's answers at a glance: which digits it confuses."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from inkling.evaluation.metrics import Evaluation
from inkling.evaluation.plots.look import look, new_figure
from inkling.palette import BLUE, FAINT, GREY, INK, VERMILION

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

FULL_COLOUR_FROM = 0.02  # a cell with this share of a digit's images is never drawn paler than the strongest


def mistake_strength(evaluation: Evaluation) -> np.ndarray:
    """How strongly to colour each cell of the confusion matrix: (10, 10) of 0 to 1, 0 on the diagonal."""
    mistakes = evaluation.confusion / np.maximum(evaluation.confusion.sum(axis=1, keepdims=True), 1)
    np.fill_diagonal(mistakes, 0)
    return mistakes / max(mistakes.max(), FULL_COLOUR_FROM)


@look()
def confusion_matrix(evaluation: Evaluation) -> Figure:
    """Images by true and predicted digit; colour is kept for mistakes, which the diagonal would drown."""
    from matplotlib.colors import LinearSegmentedColormap

    confusion, strength = evaluation.confusion, mistake_strength(evaluation)
    figure = new_figure(6.8, 6.6)
    axes = figure.subplots()
    axes.imshow(strength, LinearSegmentedColormap.from_list("mistakes", ["white", VERMILION]), vmin=0, vmax=1)
    for label, prediction in np.argwhere(confusion).tolist():
        style = {"color": BLUE, "weight": "bold"} if label == prediction else {"color": INK}
        count = f"{confusion[label, prediction]:,}"
        axes.text(prediction, label, count, style, ha="center", va="center", size=9)
    _margins(axes, evaluation)
    axes.set(
        title=f"{evaluation.errors:,} mistakes in {evaluation.images:,} images",
        xlim=(-0.5, 9.5),
        ylim=(9.5, -0.5),
        xticks=range(10),
        yticks=range(10),
    )
    axes.set_xlabel("predicted digit", labelpad=28)
    axes.set_ylabel("true digit", labelpad=8)
    axes.tick_params(length=0)
    axes.grid(False)
    axes.spines[:].set_visible(False)
    return figure


def _margins(axes: Axes, evaluation: Evaluation) -> None:
    """Cell borders, and recall at the right of each row, precision under each column, in percent."""
    edges = np.arange(-0.5, 10)
    axes.hlines(edges, -0.5, 9.5, color=FAINT, lw=0.8)
    axes.vlines(edges, -0.5, 9.5, color=FAINT, lw=0.8)
    style = {"color": GREY, "size": 8.5, "ha": "center", "va": "center"}
    right, below = 10.05, 10.2
    for score in evaluation.per_digit:
        axes.text(right, score.digit, f"{100 * score.recall:.1f}", style)
        axes.text(score.digit, below, f"{100 * score.precision:.1f}", style)
    axes.text(right, -0.75, "recall %", style)
    axes.text(right - 0.4, below, "precision %", style | {"ha": "left"})
