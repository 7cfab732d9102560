"""Edges: the digit replaced by its outline, which Canny's detector draws one to two pixels wide.

Source: J. Canny, "A computational approach to edge detection", 1986.
"""

from __future__ import annotations

import numpy as np

from inkling.evaluation.pixels import ndimage, to_float

# The three numbers are defaults of scikit-image, which MNIST-C uses. Standard deviation of the Gaussian in pixels.
SIGMA = 1.0
# Least length of the gradient at every pixel of an edge, for levels 0-1.
WEAK = 0.1
# Length of the gradient that at least one pixel of every edge reaches.
STRONG = 0.2


def canny_edges(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """White where an edge is, black elsewhere.

    The image is smoothed. Pixels whose gradient is largest along its own direction are edge pixels, and edges that
    reach STRONG somewhere are kept. Differs from scikit-image only near the border, where scikit-image weights the
    smoothing by the part of the Gaussian inside the image and draws no edge on the outermost pixels.
    """
    smooth = ndimage().gaussian_filter(to_float(images), (0, SIGMA, SIGMA), mode="nearest")
    ridges, strength = _ridges(_sobel(smooth, 1), _sobel(smooth, 2))
    joined = np.zeros((3, 3, 3), bool)
    joined[1] = True  # eight neighbours, within one image
    pieces, count = ndimage().label(ridges, joined)
    kept = np.zeros(count + 1, bool)
    kept[pieces[ridges & (strength >= STRONG)]] = True
    return np.where(kept[pieces], np.uint8(255), np.uint8(0))


def _sobel(levels: np.ndarray, axis: int) -> np.ndarray:
    """Sobel's derivative along axis 1 or 2. SciPy's own would also smooth along axis 0, over neighbouring images."""
    across = ndimage().correlate1d(levels, [1, 2, 1], 3 - axis, mode="nearest")
    return ndimage().correlate1d(across, [-1, 0, 1], axis, mode="nearest")


def _ridges(down: np.ndarray, right: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mask of pixels with a gradient of at least WEAK that is not larger one pixel ahead or behind; and its length."""
    strength = np.hypot(down, right)
    image, y, x = found = np.nonzero(strength >= WEAK)
    here, dy, dx = strength[found], down[found], right[found]
    pixel = np.maximum(np.abs(dy), np.abs(dx))
    dy, dx = dy / pixel, dx / pixel  # to the square through the eight neighbours
    ridges = np.zeros(strength.shape, bool)
    sides = ((image, y + way * dy, x + way * dx) for way in (1, -1))
    ahead, behind = (ndimage().map_coordinates(strength, side, order=1, mode="nearest") for side in sides)
    ridges[found] = (here >= ahead) & (here >= behind)
    return ridges, strength
