"""Geometry: the four affine corruptions about the centre of the image, bilinear, with ground outside the image."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from inkling.evaluation.pixels import ndimage, to_float, to_uint8
from inkling.ink.normalization import DIGIT_SHAPE

CENTRE = (DIGIT_SHAPE[0] - 1) / 2
# Shear has severity 2 of 5.
SHEAR_RADIANS = 0.4
# Scale has severity 3 of 5: all lengths are multiplied by this.
SCALE = 0.7
# Rotation has severity 2 of 5.
ROTATION_RADIANS = 0.4
# Translation has severity 3 of 5.
TRANSLATION_PIXELS = 3

# A matrix and a shift, the arguments of `_resample`.
Affine = tuple[Sequence[Sequence[float]], tuple[float, float]]


def shear(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Slanted by 0.4 radians to the left or to the right.

    As published, with the scikit-image of that time, whose shear rotates one axis of the sampling grid: heights are
    divided by cos 0.4, and rows move by sin 0.4 times their height.
    """
    cos, sin = math.cos(SHEAR_RADIANS), math.sin(SHEAR_RADIANS)
    return _either_way(images, rng, lambda way: ([[cos, 0], [-way * sin, 1]], (0, 0)))


def scale(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """All lengths times 0.7."""
    return _resample(images, [[1 / SCALE, 0], [0, 1 / SCALE]], (0, 0))


def rotation(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Rotated by 0.4 radians (23°), clockwise or counter-clockwise."""
    cos, sin = math.cos(ROTATION_RADIANS), math.sin(ROTATION_RADIANS)
    return _either_way(images, rng, lambda way: ([[cos, way * sin], [-way * sin, cos]], (0, 0)))


def translation(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Moved by 3 pixels up or down and by 3 to the left or to the right."""
    upright = [[1, 0], [0, 1]]
    moved = _either_way(images, rng, lambda way: (upright, (way * TRANSLATION_PIXELS, 0)))
    return _either_way(moved, rng, lambda way: (upright, (0, way * TRANSLATION_PIXELS)))


def _either_way(images: np.ndarray, rng: np.random.Generator, affine: Callable[[int], Affine]) -> np.ndarray:
    """Each image under affine(1) or affine(−1), with equal probability."""
    ways = rng.choice((-1, 1), len(images))
    moved = np.empty_like(images)
    for way in (-1, 1):
        moved[ways == way] = _resample(images[ways == way], *affine(way))
    return moved


def _resample(images: np.ndarray, matrix: Sequence[Sequence[float]], shift: tuple[float, float]) -> np.ndarray:
    """Images whose level at (y, x), from the centre, is that of the given ones at matrix · (y, x) + shift."""
    whole = np.eye(3)  # axis 0, over the images, stays
    whole[1:, 1:] = matrix
    centre = np.array([0, CENTRE, CENTRE])
    offset = centre - whole @ centre + (0, *shift)
    return to_uint8(ndimage().affine_transform(to_float(images), whole, offset, order=1, mode="grid-constant"))
