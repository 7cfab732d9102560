"""Thin strokes, of fine pens and large canvases, are drawn anew with a broader pen: averaging would let them fade."""

from __future__ import annotations

import numpy as np

_PEN_WIDTH = 0.8  # Of the wanted stroke width: blurring makes a stroke wider than its pen by the rest.
_STROKE_DEPTH = 0.3  # Of the deepest ink: the middle depth of a stroke is taken from pixels above it.
_FAINTEST = 0.1  # Of full depth: fainter pixels of the new stroke are left out.


def stroke_width(ink: np.ndarray) -> float:
    """The mean width of strokes in pixels: twice their area over the length of their edges; ink (H, W) from 0 to 1.

    Strokes narrower than two pixels are measured as almost two pixels wide.
    """
    padded = np.pad(ink, 1)
    across, down = padded[1:-1, 2:] - padded[1:-1, :-2], padded[2:, 1:-1] - padded[:-2, 1:-1]
    return 4 * float(ink.sum()) / float(np.hypot(across, down).sum())


def thickened(ink: np.ndarray, width: float) -> np.ndarray:
    """Thin strokes drawn anew, `width` pixels wide: float32, larger than the ink (H, W) on all sides."""
    reach = int(width) + 1
    pen = (_PEN_WIDTH * width - np.abs(np.arange(-reach, reach + 1))).clip(min=0).astype(np.float32)
    blurred = np.pad(ink, 2 * reach)
    for axis in (0, 1):
        blurred = np.lib.stride_tricks.sliding_window_view(blurred, len(pen), axis) @ pen
    middle = float(np.median(blurred[reach:-reach, reach:-reach][ink > _STROKE_DEPTH * ink.max()]))
    drawn = (blurred / middle).clip(max=1)
    return np.where(drawn > _FAINTEST, drawn, 0)
