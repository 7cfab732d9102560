"""What `inkling_normalize` does on a device, in Python: a digit anywhere in 28×28 grey pixels in the form of MNIST's.

`inkling.ink` finds ink in pictures of any kind. A cell of 28×28 pixels is simpler: its ground is the median of its
border, and ink is what is far from it. What ink becomes is decided by the one function `inkling.ink.normalize`.
"""

from __future__ import annotations

import math

import numpy as np

from inkling.ink import DIGIT_SHAPE, normalize

_LEAST_RANGE = 16  # Grey levels: less than this from the ground is no ink.
_SOFT_EDGE = np.float32(0.08)  # Of the deepest ink: fainter pixels are ground.
_MEDIAN_DEVIATIONS = 6  # Of the border's noise: four standard deviations. Fainter pixels are ground.


def normalize_cell(grey: np.ndarray) -> np.ndarray:
    """A digit uint8 (28, 28), dark on bright or bright on dark, as uint8 (28, 28) as MNIST would show it.

    All zeros where there is no ink.
    """
    return normalize(cell_ink(grey))


def cell_ink(grey: np.ndarray) -> np.ndarray:
    """The depth of ink, float32 (28, 28), 0 on the ground."""
    levels = grey.astype(np.int64)
    border = np.concatenate([levels[0], levels[-1], levels[:, 0], levels[:, -1]])
    ground = _lower_median(border)
    depth = ground - levels if levels.sum() < ground * levels.size else levels - ground
    deepest = int(depth.max())
    noise = _MEDIAN_DEVIATIONS * _lower_median(abs(border - ground))
    least = max(math.ceil(_SOFT_EDGE * np.float32(deepest)), noise)
    if deepest < max(_LEAST_RANGE, least):
        return np.zeros(DIGIT_SHAPE, np.float32)
    return np.where(depth < least, 0, depth).astype(np.float32)


def _lower_median(numbers: np.ndarray) -> int:
    return int(np.sort(numbers)[(len(numbers) - 1) // 2])
