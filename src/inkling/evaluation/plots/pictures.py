"""Plots of images: those that a model was shown, and the weights of its first layer."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from inkling.evaluation.metrics import Evaluation
from inkling.evaluation.plots.look import look, new_figure
from inkling.evaluation.plots.names import plain, wrapped
from inkling.palette import GREY, VERMILION

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

# Images side by side, and the width of the whole figure.
COLUMNS = 8
FIGURE_INCHES = 8.6
# Height of a line of caption and the gap between columns, as shares of the height and width of an image.
CAPTION_LINE = 6.5 / 28
COLUMN_GAP = 6 / 28
# A caption has at most so many characters per line, and so many lines for the answer, above the one for the confidence.
CAPTION_CHARACTERS = 14
ANSWER_LINES = 3
# Inches per row of pixels, gaps included, where images are 28 pixels wide.
ROW_INCHES = 1.28 / 41
# So many units or kernels of the first layer are drawn at most.
MOST_UNITS = 64
# A few extreme weights would make the rest pale, so that the colours end at this quantile of their absolute values.
COLOUR_QUANTILE = 0.995


def mosaic(pictures: np.ndarray, columns: int, gap: tuple[int, int]) -> np.ndarray:
    """Pictures (P, H, W) side by side in rows of `columns`, with NaN in the gaps (vertical, horizontal), in pixels."""
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
    images : uint8 array (N, H, W), the images that were evaluated.
    of : which images these are, such as "validation images", for the titles.
    """
    on = f" on {of}" if of else ""
    correct, wrong = np.flatnonzero(evaluation.correct), np.flatnonzero(~evaluation.correct)
    some_wrong = _spread(wrong, k // 2)
    some_correct = _spread(correct, k - len(some_wrong))
    parts = [
        (some_correct, f"{len(some_correct):,} of {len(correct):,} correct answers{on}, with confidence", GREY),
        (some_wrong, f"{len(some_wrong):,} of {len(wrong):,} mistakes{on}, with confidence", VERMILION),
    ]
    parts = [part for part in parts if len(part[0])]
    captions = [[_caption(evaluation, row) for row in rows] for rows, _, _ in parts]
    gaps = [_gap(images.shape[1:], max(map(len, texts))) for texts in captions]
    rows_of_images = [math.ceil(len(texts) / COLUMNS) for texts in captions]
    pixels = [rows * (images.shape[1] + gap[0]) for rows, gap in zip(rows_of_images, gaps, strict=True)]
    figure = new_figure(FIGURE_INCHES, 0.1 + 0.5 * len(parts) + ROW_INCHES * sum(pixels) * 28 / images.shape[2])
    grids = figure.subplots(len(parts), 1, squeeze=False, height_ratios=pixels)[:, 0]
    for axes, (rows, title, colour), texts, gap in zip(grids, parts, captions, gaps, strict=True):
        _grid(axes, images[rows], ["\n".join(lines) for lines in texts], gap, colour)
        axes.set_title(title)
    return figure


def _spread(rows: np.ndarray, count: int) -> np.ndarray:
    """At most `count` of the rows, evenly spaced."""
    return rows[np.linspace(0, len(rows) - 1, min(count, len(rows))).round().astype(np.int64)]


def _caption(evaluation: Evaluation, row: int) -> list[str]:
    """Lines: the answer, with the label where it is wrong, and its confidence."""
    label, prediction = (evaluation.class_names[c] for c in (evaluation.labels[row], evaluation.predictions[row]))
    answer = label if evaluation.correct[row] else f"{label} read as {prediction}"
    lines = [plain(line) for line in wrapped(answer, CAPTION_CHARACTERS, ANSWER_LINES)]
    return [*lines, f"{100 * evaluation.confidences[row]:.0f} %"]


def _gap(shape: tuple[int, ...], caption_lines: int) -> tuple[int, int]:
    """Pixels between images of this shape (H, W), below for the caption and to the right.

    Captions are as high as a share of the width, since all figures are equally wide.
    """
    return round(CAPTION_LINE * caption_lines * shape[1]), round(COLUMN_GAP * shape[1])


def _grid(axes: Axes, images: np.ndarray, captions: list[str], gap: tuple[int, int], colour: str) -> None:
    """Images (P, H, W), dark ink on paper, each with its caption below."""
    height, width = images.shape[1:]
    axes.imshow(mosaic(images, COLUMNS, gap), "gray_r", vmin=0, vmax=255, interpolation="none")
    for i, caption in enumerate(captions):
        row, column = divmod(i, COLUMNS)
        x, y = column * (width + gap[1]) + width / 2, row * (height + gap[0]) + height
        axes.text(x, y, caption, color=colour, size=9, ha="center", va="top")
    rows = math.ceil(len(captions) / COLUMNS)
    axes.set(xlim=(-1, COLUMNS * (width + gap[1])), ylim=(rows * (height + gap[0]), -1))
    axes.set_axis_off()


@look()
def weights(weight: np.ndarray, shape: tuple[int, int] | None = None) -> Figure:
    """What each unit or kernel of the first layer responds to: ink where red, no ink where blue.

    Parameters
    ----------
    weight : the `weight` of a Linear layer, (H·W, O), or of a Conv2d that reads pixels, (K, K, 1, O). The first 64 of
        the O units or kernels are drawn, all on one scale.
    shape : rows and columns (H, W) of pixels that a Linear layer reads; a square unless given.

    Raises
    ------
    ValueError : if the inputs of a unit do not make an image of that shape.
    """
    units = weight.shape[-1]
    side = math.isqrt(weight[..., 0].size)
    height, width = shape or (side, side)
    if height * width != weight[..., 0].size:
        raise ValueError(f"each unit has {weight[..., 0].size} inputs, which are no image of {height}×{width} pixels")
    shown = weight.reshape(-1, units)[:, :MOST_UNITS].T.reshape(-1, height, width)
    columns = _columns(len(shown))
    end = float(np.quantile(np.abs(shown), COLOUR_QUANTILE)) or 1.0
    rows = math.ceil(len(shown) / columns)
    figure = new_figure(1.3 + 0.95 * columns, 0.6 + 0.95 * rows * height / width)
    axes = figure.subplots()
    picture = axes.imshow(mosaic(shown, columns, (3, 3)), "RdBu_r", vmin=-end, vmax=end, interpolation="none")
    axes.set_title(_title(weight.shape, len(shown)))
    axes.set_axis_off()
    bar = figure.colorbar(picture, ax=axes, label="weight", extend="both", extendfrac=0.03, shrink=0.8, aspect=25)
    bar.outline.set_visible(False)
    return figure


def _title(shape: tuple[int, ...], shown: int) -> str:
    """The title of the weights: a Linear layer has units, a Conv2d has kernels."""
    count = f"{shape[-1]}" if shown == shape[-1] else f"The first {shown} of {shape[-1]}"
    if len(shape) == 2:
        return f"{count} unit{'s' * (shape[-1] > 1)} of the first layer"
    return f"{count} kernel{'s' * (shape[-1] > 1)} of {shape[0]}×{shape[1]} of the first layer"


def _columns(count: int) -> int:
    """The number of columns with the fewest holes, for a grid between square and four times as wide as high."""
    return min(range(math.ceil(math.sqrt(count)), math.ceil(2 * math.sqrt(count))), key=lambda c: -count % c)
