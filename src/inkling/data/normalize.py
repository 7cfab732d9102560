"""Any ink becomes MNIST's 28×28 here: the one function that data, reading and every face share.

As MNIST's digits were made (LeCun et al., "Gradient-based learning applied to document recognition", 1998, III-A):
the ink's box, grown to a square so that nothing is stretched, is brought to 20×20, and placed so that its centre of
mass is the centre of 28×28.
"""

from __future__ import annotations

import math

import numpy as np

from inkling.data.dataset import IMAGE_SHAPE

PREPROCESSING_VERSION = 1  # stored with a model: its network has seen digits made this way

_BOX = 20  # pixels: the longer side of every digit
_CENTRE = 14  # the pixel that the centre of mass falls on


def normalize(ink: np.ndarray) -> np.ndarray:
    """The digit as MNIST would show it.

    Parameters
    ----------
    ink : float array (H, W), how much ink is where: 0 on the ground, on any scale above it.

    Returns
    -------
    uint8 array (28, 28), its strongest ink 255; all zeros where there is no ink.
    """
    from PIL import Image

    image = np.zeros(IMAGE_SHAPE, np.uint8)
    if not ink.any():
        return image
    square = Image.fromarray(_square(ink))
    small = np.asarray(square.resize((_BOX, _BOX), Image.Resampling.HAMMING)).clip(min=0)
    levels = np.rint(small * (255 / small.max())).astype(np.uint8)
    top, left = _corner(levels)
    image[top : top + _BOX, left : left + _BOX] = levels
    return image


def _square(ink: np.ndarray) -> np.ndarray:
    """The box of the ink in the middle of the smallest square that holds it, float32 from 0 to 1."""
    rows, columns = np.flatnonzero(ink.any(axis=1)), np.flatnonzero(ink.any(axis=0))
    box = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    height, width = box.shape
    side = max(box.shape)
    square = np.zeros((side, side), np.float32)
    top, left = (side - height) // 2, (side - width) // 2
    square[top : top + height, left : left + width] = box / box.max()
    return square


def _corner(levels: np.ndarray) -> tuple[int, int]:
    """Where the box has to lie in 28×28 for its centre of mass to be the centre, as far as it fits."""
    total = int(levels.sum(dtype=np.int64))
    place = np.arange(_BOX)
    row = int(levels.sum(axis=1, dtype=np.int64) @ place) / total
    column = int(levels.sum(axis=0, dtype=np.int64) @ place) / total
    room = IMAGE_SHAPE[0] - _BOX
    top, left = (min(max(math.floor(_CENTRE - mass + 0.5), 0), room) for mass in (row, column))
    return top, left
