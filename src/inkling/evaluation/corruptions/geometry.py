"""Geometry: the four affine corruptions, about the centre of the image, sampled bilinearly with ground outside."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from inkling.evaluation.pixels import ndimage, to_float, to_uint8
from inkling.ink.normalization import DIGIT_SHAPE

CENTRE = (DIGIT_SHAPE[0] - 1) / 2
SHEAR = 0.4  # radians; severity 2 of 5
SCALE = 0.7  # severity 3 of 5
ROTATION = 0.4  # radians; severity 2 of 5
TRANSLATION = 3  # pixels; severity 3 of 5

View = tuple[Sequence[Sequence[float]], tuple[float, float]]  # a matrix and a shift, see `_seen`


def shear(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Slanted by 0.4 radians to the left or to the right.

    As published, by the scikit-image of the time, whose shear turns one axis: strokes keep their length on their way
    from upright, so that the digit, lying down a little, is seen 1 / cos 0.4 as high.
    """
    cos, sin = math.cos(SHEAR), math.sin(SHEAR)
    return _either_way(images, rng, lambda way: ([[cos, 0], [-way * sin, 1]], (0, 0)))


def scale(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """All lengths times 0.7."""
    return _seen(images, [[1 / SCALE, 0], [0, 1 / SCALE]], (0, 0))


def rotation(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Turned by 0.4 radians (23°), clockwise or counter-clockwise."""
    cos, sin = math.cos(ROTATION), math.sin(ROTATION)
    return _either_way(images, rng, lambda way: ([[cos, way * sin], [-way * sin, cos]], (0, 0)))


def translation(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Moved by 3 pixels up or down and by 3 to the left or to the right."""
    upright = [[1, 0], [0, 1]]
    moved = _either_way(images, rng, lambda way: (upright, (way * TRANSLATION, 0)))
    return _either_way(moved, rng, lambda way: (upright, (0, way * TRANSLATION)))


def _either_way(images: np.ndarray, rng: np.random.Generator, view: Callable[[int], View]) -> np.ndarray:
    """Each image under view(1) or view(−1), with equal chances."""
    ways = rng.choice((-1, 1), len(images))
    seen = np.empty_like(images)
    for way in (-1, 1):
        seen[ways == way] = _seen(images[ways == way], *view(way))
    return seen


def _seen(images: np.ndarray, matrix: Sequence[Sequence[float]], shift: tuple[float, float]) -> np.ndarray:
    """Images that show at (y, x), from the centre, what the old ones have at matrix · (y, x) + shift."""
    stacked = np.eye(3)
    stacked[1:, 1:] = matrix
    centre = np.array([0, CENTRE, CENTRE])
    offset = centre - stacked @ centre + (0, *shift)
    return to_uint8(ndimage().affine_transform(to_float(images), stacked, offset, order=1, mode="grid-constant"))
