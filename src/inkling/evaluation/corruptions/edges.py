"""Edges: the digit replaced by its outline, which Canny's detector draws one to two pixels wide.

Source: J. Canny, "A computational approach to edge detection", 1986.
"""

from __future__ import annotations

import numpy as np

from inkling.evaluation.pixels import ndimage, to_float

SIGMA = 1.0  # of the Gaussian, pixels; this and the thresholds are scikit-image's defaults, which MNIST-C uses
WEAK, STRONG = 0.1, 0.2  # least strength of an edge, and of one pixel somewhere along it


def canny_edges(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """White where an edge is, black elsewhere.

    Smooth; take the gradient; keep what is largest along it; of that, weak edges that are joined to a strong one.
    Differs from scikit-image's near the border only: that smooths without what lies beyond it, and has no edges on the
    outermost pixels.
    """
    smooth = ndimage().gaussian_filter(to_float(images), (0, SIGMA, SIGMA), mode="nearest")
    ridges, strength = _ridges(_sobel(smooth, 1), _sobel(smooth, 2))
    joined = np.zeros((3, 3, 3), bool)
    joined[1] = True  # in eight directions, within an image
    pieces, count = ndimage().label(ridges, joined)
    kept = np.zeros(count + 1, bool)
    kept[pieces[ridges & (strength >= STRONG)]] = True
    return np.where(kept[pieces], np.uint8(255), np.uint8(0))


def _sobel(light: np.ndarray, axis: int) -> np.ndarray:
    """Sobel's derivative of each image along rows (1) or columns (2); SciPy's own would mix neighbours in the stack."""
    across = ndimage().correlate1d(light, [1, 2, 1], 3 - axis, mode="nearest")
    return ndimage().correlate1d(across, [-1, 0, 1], axis, mode="nearest")


def _ridges(down: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where the gradient is not weak and, a pixel further and a pixel back along it, no larger; and its strength."""
    strength = np.hypot(down, right)
    image, y, x = found = np.nonzero(strength >= WEAK)
    here, dy, dx = strength[found], down[found], right[found]
    pixel = np.maximum(np.abs(dy), np.abs(dx))
    dy, dx = dy / pixel, dx / pixel  # on to the square of the eight neighbours, and between two of them
    ridges = np.zeros(strength.shape, bool)
    sides = ((image, y + way * dy, x + way * dx) for way in (1, -1))
    ahead, behind = (ndimage().map_coordinates(strength, side, order=1, mode="nearest") for side in sides)
    ridges[found] = (here >= ahead) & (here >= behind)
    return ridges, strength
