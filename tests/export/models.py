"""Models that exports and the page's engine are tested with: layers between others, with random parameters."""

import numpy as np

from inkling.nn import Conv2d, Flatten, Linear, Network
from page.golden import random_model

IMAGES = 5


def random_images(model, count=IMAGES):
    return np.random.default_rng(count).integers(0, 256, (count, *model.input_shape[:2]), dtype=np.uint8)


def distance(ours, theirs):
    """The largest difference, relative to the largest number where that is above 1."""
    assert ours.shape == theirs.shape
    assert ours.dtype == theirs.dtype == np.float32
    return float(np.abs(ours - theirs).max() / max(1, np.abs(ours).max()))


def of_rows(*layers):
    """A model of layers that take 9 features."""
    return random_model(Network(Flatten(), Linear(9), *layers, *ending(layers, (9,)), input_shape=(4, 3, 1)))


def of_images(height, width, channels, *layers):
    """A model of layers that take images of so many channels.

    Behind a kernel of several numbers: the gradient of a single one would be a sum in which almost all cancels.
    """
    shape, first = (height, width, channels), Conv2d(channels, 3, padding=1)
    return random_model(Network(first, *layers, *ending(layers, shape), input_shape=(height, width, 1)))


def ending(layers, shape):
    for layer in layers:
        shape = layer.output_shape(shape)
    return [Linear(3)] if len(shape) == 1 else [Flatten(), Linear(3)]
