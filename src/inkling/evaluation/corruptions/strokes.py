"""Strokes: a dotted line and a zigzag across the digit, as bright as its ink."""

from __future__ import annotations

import numpy as np

from inkling.evaluation.pixels import to_float, to_uint8
from inkling.ink.normalization import DIGIT_SHAPE

SIDE = DIGIT_SHAPE[0]
# The level of a line is 1 + log(1 − distance / FADE_PIXELS), which is 0 at a distance of 1.45 pixels.
FADE_PIXELS = 2.3
# Width of each dash and of each gap of the dotted line.
DASH_COLUMNS = 2
# Height of a tooth of the zigzag, and half of its width.
TOOTH_PIXELS = 2
# The columns where the zigzag begins and ends.
ZIGZAG_FIRST_COLUMN = 2
ZIGZAG_LAST_COLUMN = 25


def dotted_line(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A straight line from any height on the left to any on the right, in dashes of 2 columns with gaps of 2."""
    left, right = rng.integers(0, SIDE - 1, (2, len(images)))
    line = _line(np.zeros(len(images)), left, np.full(len(images), SIDE - 1), right)
    line *= np.arange(SIDE) // DASH_COLUMNS % 2
    return to_uint8(to_float(images) + line)


def zigzag(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A zigzag with teeth 2 pixels high and 4 apart, from column 2, at any height, to column 25, up to 5 up or down."""
    start, rise = rng.integers(0, SIDE - 1, len(images)), rng.integers(-5, 5, len(images))
    angle = np.arctan(rise / (ZIGZAG_LAST_COLUMN - ZIGZAG_FIRST_COLUMN))[:, None]
    along, across = _teeth((ZIGZAG_LAST_COLUMN - ZIGZAG_FIRST_COLUMN) / np.cos(angle))
    x = ZIGZAG_FIRST_COLUMN + along * np.cos(angle) - across * np.sin(angle)
    y = start[:, None] + along * np.sin(angle) + across * np.cos(angle)
    light = to_float(images)
    for i in range(x.shape[1] - 1):
        light += _line(x[:, i], y[:, i], x[:, i + 1], y[:, i + 1])
        np.clip(light, 0, 1, out=light)
    return to_uint8(light)


def _teeth(lengths: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Corners of zigzags of these lengths (N, 1), 22 to 26: along and across, (N, 8) each, the last as published."""
    peaks = np.arange(TOOTH_PIXELS, ZIGZAG_LAST_COLUMN - ZIGZAG_FIRST_COLUMN, 2 * TOOTH_PIXELS)
    sides = np.where(np.arange(len(peaks)) % 2, -TOOTH_PIXELS, TOOTH_PIXELS)
    zero, one = np.zeros_like(lengths), np.ones_like(lengths)
    along = np.hstack([zero, one * peaks, lengths])
    across = np.hstack([zero, one * sides, sides[-1] / (2 * (lengths - 20))])
    return along, across


def _line(x0: np.ndarray, y0: np.ndarray, x1: np.ndarray, y1: np.ndarray) -> np.ndarray:
    """Light float32 (N, 28, 28) of a line from column x0, row y0 to column x1 > x0, row y1, each (N,).

    The distance is measured down the column, as published, so that steep lines are wider.
    """
    x0, y0, x1, y1 = (a[:, None, None] for a in (x0, y0, x1, y1))
    rows, columns = np.ogrid[:SIDE, :SIDE]
    heights = y0 + (y1 - y0) / (x1 - x0) * (columns - x0)
    distance = np.abs(rows - heights).astype(np.float32)
    light = 1 + np.log1p(-np.minimum(distance, 2) / np.float32(FADE_PIXELS))
    light *= (np.floor(x0) <= columns) & (columns < np.ceil(x1))
    return np.maximum(light, 0)
