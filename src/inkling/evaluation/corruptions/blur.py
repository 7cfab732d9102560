"""Blur: through rippled glass, and by a moving camera."""

from __future__ import annotations

import itertools

import numpy as np

from inkling.evaluation.pixels import ndimage, to_float, to_uint8
from inkling.ink.normalization import DIGIT_SHAPE

SIDE = DIGIT_SHAPE[0]
GLASS_SIGMA, GLASS_ROUNDS = 0.7, 2  # severity 1 of 5; pixels swap with neighbours at most 1 away
MOTION_RADIUS, MOTION_SIGMA, MOTION_DEGREES = 10, 3.0, 45  # severity 1 of 5


def glass_blur(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A Gaussian of 0.7 pixels up and down, neighbours swapped at random, and the same Gaussian once more.

    Twice, from the lower right to the upper left, each pixel swaps with a chance of a half with the one 0 or 1 above
    and 0 or 1 to the left. Both as published: their range of −1 to 1 leaves the upper end out, and their Gaussian, told
    that the last axis holds channels, takes the columns of a grey image for these and smooths none into the next. They
    cut to whole levels between the steps, ours rounds at the end.
    """
    n = len(images)
    every, pixels = np.arange(n), _gaussian(to_float(images)).reshape(n, SIDE * SIDE).T.copy()
    down = range(SIDE - 1, 1, -1)
    for _, y, x in itertools.product(range(GLASS_ROUNDS), down, down):
        swapping, above, left = rng.integers(0, 2, (3, n), np.int16)
        here = y * SIDE + x
        there = here - swapping * (above * SIDE + left)
        swapped = pixels[there, every]
        pixels[there, every] = pixels[here]
        pixels[here] = swapped
    return to_uint8(_gaussian(pixels.T.reshape(images.shape)))


def _gaussian(light: np.ndarray) -> np.ndarray:
    return ndimage().gaussian_filter(light, (0, GLASS_SIGMA, 0), mode="nearest")


def motion_blur(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A trail to the left, up or down by at most 45°, that fades like half a Gaussian of 3 pixels, 20 pixels long.

    Published by way of ImageMagick's motion blur (radius 10, sigma 3), whose rules these are: 2 · radius + 1 pixels
    along the line, each the nearest whole one, and the border's level beyond the border.
    """
    angles = np.radians(rng.uniform(-MOTION_DEGREES, MOTION_DEGREES, (len(images), 1, 1)))
    which, y, x = np.ogrid[: len(images), :SIDE, :SIDE]
    steps = np.arange(2 * MOTION_RADIUS + 1)
    weights = np.exp(-(steps**2) / (2 * MOTION_SIGMA**2))
    weights = (weights / weights.sum()).astype(np.float32)
    light, trail = to_float(images), np.zeros(images.shape, np.float32)
    for step, weight in zip(steps, weights, strict=True):
        rows = np.clip(y + np.rint(step * np.sin(angles)).astype(np.intp), 0, SIDE - 1)
        columns = np.clip(x + np.rint(step * np.cos(angles)).astype(np.intp), 0, SIDE - 1)
        trail += weight * light[which, rows, columns]
    return to_uint8(trail)
