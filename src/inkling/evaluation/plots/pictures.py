"""Pictures of pictures: digits a model was shown, and what its first layer looks for in them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from inkling.evaluation.metrics import Evaluation
from inkling.evaluation.plots.look import look, new_figure
from inkling.ink.normalization import DIGIT_SHAPE
from inkling.palette import GREY, VERMILION

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIDE = DIGIT_SHAPE[0]
COLUMNS = 8
CAPTION = 13  # pixels of an image's height that two lines of caption take
MOST_UNITS = 64


def mosaic(pictures: np.ndarray, columns: int, gap: tuple[int, int]) -> np.ndarray:
    """Pictures (K, H, W) side by side in rows of `columns`, NaN in the gaps (vertical, horizontal; pixels)."""
    count, height, width = pictures.shape
    rows = math.ceil(count / columns)
    padded = np.full((rows * columns, height + gap[0], width + gap[1]), np.nan, dtype=np.float32)
    padded[:count, :height, :width] = pictures
    grid = padded.reshape(rows, columns, *padded.shape[1:]).swapaxes(1, 2)
    return grid.reshape(rows * padded.shape[1], -1)[: -gap[0] or None, : -gap[1] or None]


@look()
def samples(images: np.ndarray, evaluation: Evaluation, k: int = 48, of: str = "") -> Figure:
    """Up to k predictions, half of them mistakes as far as there are any, evenly spaced over the data.

    Parameters
    ----------
    images : uint8 array (N, 28, 28), the images that were evaluated.
    of : which images these are, such as "validation images", for the titles.
    """
    on = f" on {of}" if of else ""
    right, wrong = np.flatnonzero(evaluation.right), np.flatnonzero(~evaluation.right)
    some_wrong = _spread(wrong, k // 2)
    some_right = _spread(right, k - len(some_wrong))
    parts = [
        (some_right, f"{len(some_right):,} of {len(right):,} right answers{on}, with confidence", GREY),
        (some_wrong, f"{len(some_wrong):,} of {len(wrong):,} mistakes{on}, with confidence", VERMILION),
    ]
    parts = [part for part in parts if len(part[0])]
    lines = [math.ceil(len(rows) / COLUMNS) for rows, _, _ in parts]
    figure = new_figure(8.6, 0.1 + 0.5 * len(parts) + 1.28 * sum(lines))
    grids = figure.subplots(len(parts), 1, squeeze=False, height_ratios=lines)[:, 0]
    for axes, (rows, title, colour) in zip(grids, parts, strict=True):
        _grid(axes, images[rows], [_caption(evaluation, row) for row in rows], colour)
        axes.set_title(title)
    return figure


def _spread(rows: np.ndarray, count: int) -> np.ndarray:
    """At most `count` of the rows, evenly spaced."""
    return rows[np.linspace(0, len(rows) - 1, min(count, len(rows))).round().astype(np.int64)]


def _caption(evaluation: Evaluation, row: int) -> str:
    label, prediction = evaluation.labels[row], evaluation.predictions[row]
    answer = f"{label}" if label == prediction else f"{label} read as {prediction}"
    return f"{answer}\n{100 * evaluation.confidences[row]:.0f} %"


def _grid(axes: Axes, images: np.ndarray, captions: list[str], colour: str) -> None:
    """Images (K, 28, 28), dark ink on paper, each with two lines of caption beneath."""
    gap = (CAPTION, 6)
    axes.imshow(mosaic(images, COLUMNS, gap), "gray_r", vmin=0, vmax=255, interpolation="none")
    for i, caption in enumerate(captions):
        row, column = divmod(i, COLUMNS)
        x, y = column * (SIDE + gap[1]) + SIDE / 2, row * (SIDE + gap[0]) + SIDE
        axes.text(x, y, caption, color=colour, size=9, ha="center", va="top")
    lines, width = math.ceil(len(captions) / COLUMNS), COLUMNS * (SIDE + gap[1])
    axes.set(xlim=(-1, width), ylim=(lines * (SIDE + gap[0]), -1))
    axes.set_axis_off()


@look()
def weights(weight: np.ndarray) -> Figure:
    """What each unit or kernel of the first layer looks for: ink where red, no ink where blue.

    Parameters
    ----------
    weight : the `weight` of a Linear layer, (K·K, O), or of a Conv2d that reads pixels, (K, K, 1, O); the first 64 of
        O pictures with K rows of K pixels are drawn, all on one scale.
    """
    units, side = weight.shape[-1], math.isqrt(weight[..., 0].size)
    shown = weight.reshape(-1, units)[:, :MOST_UNITS].T.reshape(-1, side, side)
    columns = _columns(len(shown))
    # A few extreme weights would make all others pale: the scale ends at the 99.5th percentile.
    end = float(np.quantile(np.abs(shown), 0.995)) or 1.0
    rows = math.ceil(len(shown) / columns)
    figure = new_figure(1.3 + 0.95 * columns, 0.6 + 0.95 * rows)
    axes = figure.subplots()
    picture = axes.imshow(mosaic(shown, columns, (3, 3)), "RdBu_r", vmin=-end, vmax=end, interpolation="none")
    axes.set_title(_whose(weight.shape, len(shown)))
    axes.set_axis_off()
    bar = figure.colorbar(picture, ax=axes, label="weight", extend="both", extendfrac=0.03, shrink=0.8, aspect=25)
    bar.outline.set_visible(False)
    return figure


def _whose(shape: tuple[int, ...], shown: int) -> str:
    """The title of the weights: they are units' where all pixels have their own, kernels' where these wander."""
    count = f"{shape[-1]}" if shown == shape[-1] else f"The first {shown} of {shape[-1]}"
    if len(shape) == 2:
        return f"{count} unit{'s' * (shape[-1] > 1)} of the first layer"
    return f"{count} kernel{'s' * (shape[-1] > 1)} of {shape[0]}×{shape[1]} of the first layer"


def _columns(count: int) -> int:
    """How many columns leave the fewest holes in a grid between square and four times as wide as high."""
    return min(range(math.ceil(math.sqrt(count)), math.ceil(2 * math.sqrt(count))), key=lambda c: -count % c)
