"""Any ink becomes MNIST's 28×28 here: the one function that data, reading and every face share.

As MNIST's digits were made (LeCun et al., "Gradient-based learning applied to document recognition", 1998, III-A):
the ink's box, grown to a square so that nothing is stretched, is brought to 20×20, each pixel the mean of the area that
it covers, and placed so that its centre of mass is the centre of 28×28. Strokes thinner than MNIST's are drawn anew.
"""

from __future__ import annotations

import math

import numpy as np

from inkling.ink.thin import stroke_width, thickened

PREPROCESSING_VERSION = 2  # stored with a model: its network has seen digits made this way

SIDE = 28
DIGIT_SHAPE = (SIDE, SIDE)
_BOX = 20  # pixels: the longer side of every digit
_FINE = 4  # parts of a pixel in which strokes are measured and drawn
_CENTRE = 14  # the pixel that the centre of mass falls on
_THINNEST = 1.4  # pixels: of MNIST's training digits 2 % have thinner strokes; those are drawn
_DRAWN = 2.2  # pixels wide


def normalize(ink: np.ndarray) -> np.ndarray:
    """The digit as MNIST would show it.

    Parameters
    ----------
    ink : float array (H, W), how much ink is where: 0 on the ground, on any scale above it.

    Returns
    -------
    uint8 array (28, 28), its strongest ink 255; all zeros where there is no ink.
    """
    image = np.zeros((SIDE, SIDE), np.uint8)
    if not ink.any():
        return image
    small = _boxed(ink)
    levels = np.rint(small * (255 / small.max())).astype(np.uint8)
    top, left = _corner(levels)
    image[top : top + _BOX, left : left + _BOX] = levels
    return image


def _boxed(ink: np.ndarray) -> np.ndarray:
    """The ink's box in 20×20, its strokes as wide as MNIST's at least: float32."""
    fine = _fitted(ink, _FINE * _BOX)
    if stroke_width(fine) >= _FINE * _THINNEST:
        return _coarse(fine)
    return _coarse(_fitted(thickened(fine, _FINE * _DRAWN), _FINE * _BOX))


def _coarse(fine: np.ndarray) -> np.ndarray:
    return fine.reshape(_BOX, _FINE, _BOX, _FINE).mean(axis=(1, 3))


def _fitted(ink: np.ndarray, cells: int) -> np.ndarray:
    """The ink's box in a square of so many cells, as near to its middle as whole pixels allow: float32, at most 1."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    box = np.asarray(ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1], np.float32)
    if max(box.shape) < _BOX:
        box = _enlarged(box, -(-cells // max(box.shape)))
    down, across = (_shares(side, cells / max(box.shape), cells) for side in box.shape)
    return down @ (box / box.max()) @ across.T


def _enlarged(box: np.ndarray, times: int) -> np.ndarray:
    """So many times as large, and smooth; float32."""
    from PIL import Image

    size = box.shape[1] * times, box.shape[0] * times
    return np.asarray(Image.fromarray(box).resize(size, Image.Resampling.BICUBIC)).clip(min=0)


def _shares(side: int, scale: float, cells: int) -> np.ndarray:
    """How much of each cell each pixel of a side covers, where a pixel is `scale` cells long: float32 (cells, side)."""
    pixel = cells // _BOX
    margin = int((cells - side * scale) / 2 / pixel + 1e-6) * pixel
    edges = margin + scale * np.arange(side + 1)
    cell = np.arange(cells)[:, None]
    return np.diff(edges.clip(cell, cell + 1), axis=1).astype(np.float32)


def _corner(levels: np.ndarray) -> tuple[int, int]:
    """Where the box has to lie in 28×28 for its centre of mass to be the centre, as far as it fits."""
    total = int(levels.sum(dtype=np.int64))
    place = np.arange(_BOX)
    row = int(levels.sum(axis=1, dtype=np.int64) @ place) / total
    column = int(levels.sum(axis=0, dtype=np.int64) @ place) / total
    room = SIDE - _BOX
    top, left = (min(max(math.floor(_CENTRE - mass + 0.5), 0), room) for mass in (row, column))
    return top, left
