"""Normalisation: any ink becomes 28×28 as MNIST has it. Data, reading and sheets share this one function.

MNIST's digits were made in the same way (LeCun et al., "Gradient-based learning applied to document recognition", 1998,
III-A). The ink's box is padded to a square, so that nothing is stretched, and brought to 20×20, each pixel the mean of
the area that it covers. It is placed so that its centre of mass is the centre of 28×28. Strokes thinner than MNIST's
are drawn anew.
"""

from __future__ import annotations

import math

import numpy as np

from inkling.ink.thin import stroke_width, thickened

PREPROCESSING_VERSION = 2  # It is stored with a model, whose network has seen digits that were made this way.

SIDE = 28  # pixels of a normalised digit, in each direction
DIGIT_SHAPE = (SIDE, SIDE)
_BOX_SIDE = 20  # pixels; the longer side of every digit.
_SUBPIXELS = 4  # Strokes are measured and drawn in a grid so many times as fine as the pixels.
_CENTRE = 14  # The row and column of pixels that the centre of mass falls on.
_THINNEST_STROKE = 1.4  # pixels; 2 % of MNIST's training digits have thinner strokes. Thinner ones are drawn anew.
_DRAWN_STROKE = 2.2  # pixels; strokes that are drawn anew are so wide.


def normalize(ink: np.ndarray) -> np.ndarray:
    """Bring ink to 28×28 as MNIST would show it.

    Parameters
    ----------
    ink : float array (H, W), the depth of ink: 0 on the ground, on any scale above it.

    Returns
    -------
    uint8 array (28, 28), its strongest ink 255; all zeros where there is no ink.
    """
    image = np.zeros(DIGIT_SHAPE, np.uint8)
    if not ink.any():
        return image
    small = _boxed(ink)
    levels = np.rint(small * (255 / small.max())).astype(np.uint8)
    top, left = _corner(levels)
    image[top : top + _BOX_SIDE, left : left + _BOX_SIDE] = levels
    return image


def _boxed(ink: np.ndarray) -> np.ndarray:
    """The ink's box in 20×20, its strokes at least as wide as MNIST's: float32."""
    fine = _fitted(ink, _SUBPIXELS * _BOX_SIDE)
    if stroke_width(fine) >= _SUBPIXELS * _THINNEST_STROKE:
        return _coarse(fine)
    return _coarse(_fitted(thickened(fine, _SUBPIXELS * _DRAWN_STROKE), _SUBPIXELS * _BOX_SIDE))


def _coarse(fine: np.ndarray) -> np.ndarray:
    return fine.reshape(_BOX_SIDE, _SUBPIXELS, _BOX_SIDE, _SUBPIXELS).mean(axis=(1, 3))


def _fitted(ink: np.ndarray, cells: int) -> np.ndarray:
    """The ink's box in a square of cells × cells, as near to its middle as whole pixels allow: float32, at most 1."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    box = np.asarray(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], np.float32)
    if max(box.shape) < _BOX_SIDE:
        box = _enlarged(box, -(-cells // max(box.shape)))
    down, across = (_shares(side, cells / max(box.shape), cells) for side in box.shape)
    return down @ (box / box.max()) @ across.T


def _enlarged(box: np.ndarray, times: int) -> np.ndarray:
    """The box enlarged `times` times, and smooth; float32."""
    from PIL import Image

    size = box.shape[1] * times, box.shape[0] * times
    return np.asarray(Image.fromarray(box).resize(size, Image.Resampling.BICUBIC)).clip(min=0)


def _shares(side: int, scale: float, cells: int) -> np.ndarray:
    """The share of each cell that each of `side` pixels covers, a pixel being `scale` cells long: (cells, side)."""
    pixel = cells // _BOX_SIDE
    margin = int((cells - side * scale) / 2 / pixel + 1e-6) * pixel
    edges = margin + scale * np.arange(side + 1)
    cell = np.arange(cells)[:, None]
    return np.diff(edges.clip(cell, cell + 1), axis=1).astype(np.float32)


def _corner(levels: np.ndarray) -> tuple[int, int]:
    """Row and column of the box in 28×28 that bring its centre of mass to the centre, as far as it fits."""
    total = int(levels.sum(dtype=np.int64))
    place = np.arange(_BOX_SIDE)
    row = int(levels.sum(axis=1, dtype=np.int64) @ place) / total
    column = int(levels.sum(axis=0, dtype=np.int64) @ place) / total
    room = SIDE - _BOX_SIDE
    top, left = (min(max(math.floor(_CENTRE - mass + 0.5), 0), room) for mass in (row, column))
    return top, left
