"""The strip: a row of writing as the row network sees it, 32 pixels high, its line level and its digits 20 pixels high.

A strip has the soft depth of ink and not a mask, so that pale parts of strokes stay. It holds lines and patterns of the
paper, too: the network learns to read past them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

STRIP_HEIGHT = 32  # pixels
DIGIT_HEIGHT = 20  # pixels; of a digit of the row's usual height
_STROKE = 0.93  # This quantile of all depths in a box around digits is that of strokes.
MARGIN = 10  # pixels of the picture that a strip shows to the left and right of the row


@dataclass(frozen=True)
class Row:
    """Where a row of writing lies in a picture, in pixels.

    Attributes
    ----------
    left, right : its ends.
    middle : the row of pixels at its left end that is halfway between the heads and feet of its digits.
    slope : rows of pixels by which the middle is lower per column to the right.
    height : of a usual digit.
    """

    left: float
    right: float
    middle: float
    slope: float
    height: float

    @property
    def scale(self) -> float:
        """Pixels of the picture per pixel of the strip."""
        return self.height / DIGIT_HEIGHT

    @property
    def columns(self) -> int:
        """The width of its strip."""
        return max(1, round((self.right - self.left) / self.scale) + 2 * MARGIN)

    def column(self, strip_column: float) -> float:
        """The column of the picture that a column of the strip shows."""
        return self.left + (strip_column - MARGIN) * self.scale

    def window(self, shape: tuple[int, ...]) -> tuple[slice, slice]:
        """The rows and columns of a picture of this shape, all that its strip shows being in them."""
        around = MARGIN * self.scale + 2
        left, right = self.left - around, self.right + around
        ends = [self.middle + self.slope * (x - self.left) for x in (left, right)]
        reach = STRIP_HEIGHT / 2 * self.scale + 2
        step = max(1, int(self.scale))  # `strip_of` takes means over squares of so many pixels from the corner on
        rows = _within(min(ends) - reach, max(ends) + reach, shape[0], step)
        return rows, _within(left, right, shape[1], step)

    def within(self, window: tuple[slice, slice]) -> Row:
        """The same row in coordinates of a window of the picture."""
        top, left = window[0].start, window[1].start
        return Row(self.left - left, self.right - left, self.middle - top, self.slope, self.height)


def _within(first: float, last: float, size: int, step: int) -> slice:
    """From a multiple of `step` before the first to the last, as far as there are so many, and one at least."""
    start = min(max(0, math.floor(first)), size - 1) // step * step
    return slice(start, max(start + 1, min(size, math.ceil(last) + step)))


def row_of(boxes: Sequence[tuple[float, float, float, float]]) -> Row:
    """The row of ink whose parts have these boxes (left, top, right, bottom), with digits among them.

    Half of the area of all boxes is in boxes at least as high as a usual digit. The middle is fitted to the boxes that
    are nearly as high or higher.
    """
    left, top, right, bottom = np.array(boxes, float).T
    heights, widths = bottom - top, right - left
    order = np.argsort(-heights)
    areas = np.cumsum((widths * heights)[order])
    usual = float(heights[order][np.searchsorted(areas, areas[-1] / 2)])
    high = heights >= 0.6 * usual
    x, y, weight = ((left + right) / 2)[high], ((top + bottom) / 2)[high], widths[high]
    mean_x, mean_y = np.average(x, weights=weight), np.average(y, weights=weight)
    spread = float(np.average((x - mean_x) ** 2, weights=weight))
    slope = float(np.average((x - mean_x) * (y - mean_y), weights=weight)) / (spread + (0.7 * usual) ** 2)
    return Row(float(left.min()), float(right.max()), float(mean_y - slope * (mean_x - left.min())), slope, usual)


def stroke_depth(depth: np.ndarray, left: float, top: float, right: float, bottom: float) -> float:
    """The depth of strokes in a box around digits, in pixels: most of the ink there is no deeper, and speckles are."""
    inside = depth[max(0, int(top)) : int(bottom) + 1, max(0, int(left)) : int(right) + 1]
    return float(np.quantile(inside, _STROKE))


def strip_of(depth: np.ndarray, row: Row, stroke: float) -> np.ndarray:
    """The strip of a row: uint8 (32, W), W at least 1.

    Parameters
    ----------
    depth : float32 (H, W), 0 to 1, of the picture, or of a window of it in whose coordinates the row is.
    stroke : the depth of the row's strokes, which is 255 in the strip.
    """
    from PIL import Image

    scale = row.scale
    levels = Image.fromarray((depth * (255 / max(stroke, 1e-6))).clip(0, 255).astype(np.uint8))
    factor = int(scale)
    if factor > 1:  # the mean of areas, since a transformation looks at four pixels only
        levels = levels.reduce(factor)
    left, step = (row.left - MARGIN * scale) / max(factor, 1), scale / max(factor, 1)
    top = (row.middle - row.slope * MARGIN * scale) / max(factor, 1) - STRIP_HEIGHT / 2 * step
    data = (step, 0.0, left, row.slope * step, step, top)
    size = row.columns, STRIP_HEIGHT
    how = Image.Resampling.BILINEAR
    return np.asarray(levels.transform(size, Image.Transform.AFFINE, data, how))
