"""The confusion matrix: which classes a model takes for which others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from inkling.evaluation.metrics import Evaluation
from inkling.evaluation.plots.look import look, new_figure
from inkling.evaluation.plots.names import plain, shortened
from inkling.palette import BLUE, FAINT, GREY, INK, VERMILION

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# A cell with at least this share of a row's images is drawn in full colour, however large the largest share is.
FULL_COLOUR_SHARE = 0.02
# A cell is as large as with ten classes, within these least and greatest sides of the whole matrix.
CELL_INCHES = 0.52
MIN_MATRIX_INCHES = 3.6
MAX_MATRIX_INCHES = 20.0
# What the margins of the matrix, with title, axis labels, recall and precision, take beside it and above and below it.
MARGIN_WIDTH_INCHES = 1.6
MARGIN_HEIGHT_INCHES = 1.4
# The mean width of a character of a class name.
CHARACTER_INCHES = 0.085


@dataclass(frozen=True)
class _Size:
    """Sizes of the matrix that follow from the number of classes and the length of their names.

    Attributes
    ----------
    cell : side of a cell in inches.
    names : length of the longest name in inches.
    """

    cell: float
    names: float

    @classmethod
    def of(cls, names: list[str]) -> _Size:
        side = min(max(CELL_INCHES * len(names), MIN_MATRIX_INCHES), MAX_MATRIX_INCHES)
        return cls(side / len(names), CHARACTER_INCHES * max(map(len, names)))

    @property
    def upright(self) -> bool:
        """Whether names are too long to stand side by side under the columns: they then stand upright above them."""
        return self.names > self.cell

    @property
    def unit(self) -> float:
        """In cells, the length that is one cell in the matrix of ten digits."""
        return CELL_INCHES / self.cell

    @property
    def font(self) -> float:
        """Points, of the numbers in cells."""
        return 9 * min(1.0, self.cell / CELL_INCHES)


def mistake_strength(evaluation: Evaluation) -> np.ndarray:
    """How strongly to colour each cell of the confusion matrix: (K, K) of 0 to 1, 0 on the diagonal."""
    mistakes = evaluation.confusion / np.maximum(evaluation.confusion.sum(axis=1, keepdims=True), 1)
    np.fill_diagonal(mistakes, 0)
    return mistakes / max(mistakes.max(), FULL_COLOUR_SHARE)


@look()
def confusion_matrix(evaluation: Evaluation) -> Figure:
    """Number of images per true and predicted class; only mistakes are coloured, which the diagonal would outshine."""
    from matplotlib.colors import LinearSegmentedColormap

    names = [shortened(name) for name in evaluation.class_names]
    size, k = _Size.of(names), evaluation.n_classes
    beside, above = (size.names if size.upright else 0.0,) * 2
    figure = new_figure(MARGIN_WIDTH_INCHES + size.cell * k + beside, MARGIN_HEIGHT_INCHES + size.cell * k + above)
    axes = figure.subplots()
    colours = LinearSegmentedColormap.from_list("mistakes", ["white", VERMILION])
    axes.imshow(mistake_strength(evaluation), colours, vmin=0, vmax=1)
    for label, prediction in np.argwhere(evaluation.confusion).tolist():
        style = {"color": BLUE, "weight": "bold"} if label == prediction else {"color": INK}
        count = f"{evaluation.confusion[label, prediction]:,}"
        axes.text(prediction, label, count, style, ha="center", va="center", size=size.font)
    _borders(axes, k)
    _margins(axes, evaluation, size)
    _names(axes, evaluation.class_noun, [plain(name) for name in names], size)
    axes.set_title(f"{evaluation.errors:,} mistakes in {evaluation.n_images:,} images")
    return figure


def _borders(axes: Axes, k: int) -> None:
    """Lines between the cells, and none of the axes' own."""
    edges = np.arange(-0.5, k)
    axes.hlines(edges, -0.5, k - 0.5, color=FAINT, lw=0.8)
    axes.vlines(edges, -0.5, k - 0.5, color=FAINT, lw=0.8)
    axes.grid(False)
    axes.spines[:].set_visible(False)


def _names(axes: Axes, noun: str, names: list[str], size: _Size) -> None:
    """Names of the classes on both axes, and what the axes show."""
    k = len(names)
    axes.set(xlim=(-0.5, k - 0.5), ylim=(k - 0.5, -0.5))
    axes.set_xticks(range(k), names, rotation=90 if size.upright else 0)
    axes.set_yticks(range(k), names)
    axes.tick_params(length=0, labelsize=max(10 * min(1.0, size.cell / CELL_INCHES), 6))
    if size.upright:
        axes.xaxis.tick_top()
        axes.xaxis.set_label_position("top")
    axes.set_xlabel(f"predicted {noun}", labelpad=8 if size.upright else 28)
    axes.set_ylabel(f"true {noun}", labelpad=8)


def _margins(axes: Axes, evaluation: Evaluation, size: _Size) -> None:
    """Recall at the right of each row and precision below each column, in percent."""
    style = {"color": GREY, "size": 8.5 * size.font / 9, "ha": "center", "va": "center"}
    end = evaluation.n_classes - 0.5
    right, below = end + 0.55 * size.unit, end + (0.4 if size.upright else 0.7) * size.unit
    for i, score in enumerate(evaluation.per_class):
        axes.text(right, i, f"{100 * score.recall:.1f}", style)
        axes.text(i, below, f"{100 * score.precision:.1f}", style)
    axes.text(right, -0.5 - 0.25 * size.unit, "recall %", style | {"size": 8.5})
    axes.text(right - 0.4 * size.unit, below, "precision %", style | {"ha": "left", "size": 8.5})
