"""Blur: through rippled glass, and by a moving camera."""

from __future__ import annotations

import itertools

import numpy as np

from inkling.evaluation.pixels import ndimage, to_float, to_uint8
from inkling.ink.normalization import DIGIT_SHAPE

SIDE = DIGIT_SHAPE[0]
# Glass blur of severity 1 of 5: the Gaussian's standard deviation in pixels, and how often every pixel is visited.
GLASS_SIGMA = 0.7
GLASS_ROUNDS = 2
# Motion blur of severity 1 of 5: radius and standard deviation of the trail in pixels, and its largest slant.
MOTION_RADIUS = 10
MOTION_SIGMA = 3.0
MOTION_DEGREES = 45


def glass_blur(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A Gaussian of 0.7 pixels along columns, neighbours swapped at random, and the same Gaussian once more.

    Two rounds go from the lower right to the upper left. With probability ½, a pixel is swapped with the one that lies
    0 or 1 rows above and 0 or 1 columns to the left. Two properties look odd and are as published: the offset is drawn
    from −1 to 1 without the upper end, and the Gaussian takes the columns of a grey image for channels, so that it does
    not smooth along rows. The published code truncates to whole levels between the steps; this one rounds at the end.
    """
    n = len(images)
    image, pixels = np.arange(n), _gaussian(to_float(images)).reshape(n, SIDE * SIDE).T.copy()
    backwards = range(SIDE - 1, 1, -1)
    for _, y, x in itertools.product(range(GLASS_ROUNDS), backwards, backwards):
        swapping, above, left = rng.integers(0, 2, (3, n), np.int16)
        here = y * SIDE + x
        there = here - swapping * (above * SIDE + left)
        swapped = pixels[there, image]
        pixels[there, image] = pixels[here]
        pixels[here] = swapped
    return to_uint8(_gaussian(pixels.T.reshape(images.shape)))


def _gaussian(levels: np.ndarray) -> np.ndarray:
    return ndimage().gaussian_filter(levels, (0, GLASS_SIGMA, 0), mode="nearest")


def motion_blur(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A trail of 20 pixels to the left, slanted by at most 45°, that fades like half a Gaussian of 3 pixels.

    The published code calls ImageMagick's motion blur with radius 10 and sigma 3. As there, the trail has
    2 · radius + 1 samples, each taken at the nearest pixel, and beyond the border the level of the border.
    """
    angles = np.radians(rng.uniform(-MOTION_DEGREES, MOTION_DEGREES, (len(images), 1, 1)))
    which, y, x = np.ogrid[: len(images), :SIDE, :SIDE]
    steps = np.arange(2 * MOTION_RADIUS + 1)
    weights = np.exp(-(steps**2) / (2 * MOTION_SIGMA**2))
    weights = (weights / weights.sum()).astype(np.float32)
    levels, trail = to_float(images), np.zeros(images.shape, np.float32)
    for step, weight in zip(steps, weights, strict=True):
        rows = np.clip(y + np.rint(step * np.sin(angles)).astype(np.intp), 0, SIDE - 1)
        columns = np.clip(x + np.rint(step * np.cos(angles)).astype(np.intp), 0, SIDE - 1)
        trail += weight * levels[which, rows, columns]
    return to_uint8(trail)
