"""Photometric augmentations at work with parameters that a test chooses."""

import numpy as np

from inkling.augmentation.canvas import Canvas

SHAPE = (28, 28)


def canvases(shape):
    return Canvas(shape), Canvas(shape)


def applied(augmentation, images, parameters):
    result = images.copy()
    augmentation.apply(result, parameters, canvases(images.shape[1:]))
    return result


def noise(count, seed=0):
    return np.random.default_rng(seed).random((count, 28, 28), dtype=np.float32)


def spot(row=14, column=14, ink=1.0):
    """A single pixel of ink."""
    image = np.zeros((1, 28, 28), np.float32)
    image[0, row, column] = ink
    return image
