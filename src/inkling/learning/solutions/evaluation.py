"""Dropout, and how sure an accuracy is.

Dropout in training: a number of x is set to 0 where u < p, and the others are divided by 1 - p, so that each keeps its
expected value. u has the shape of x; its numbers are random, uniform in 0 to 1.

Of n images, a model reads k correctly. The Wilson interval holds the accuracy on all such images with a probability of
about 95 %. With a = k / n and z = 1.96 it is

    (a + z^2 / 2n -+ z sqrt(a (1 - a) / n + z^2 / 4n^2)) / (1 + z^2 / n)
"""

import numpy as np


def dropout_forward(x: np.ndarray, u: np.ndarray, p: float) -> np.ndarray:
    """y, of the shape of x."""
    return np.where(u < p, 0, x / (1 - p))


def dropout_backward(dy: np.ndarray, u: np.ndarray, p: float) -> np.ndarray:
    """The gradient dx, of the shape of x."""
    return np.where(u < p, 0, dy / (1 - p))


def accuracy_interval(k: int, n: int) -> tuple[float, float]:
    """The lower and the upper end of the Wilson interval, as fractions."""
    a, z = k / n, 1.96
    centre, half = a + z**2 / (2 * n), z * np.sqrt(a * (1 - a) / n + z**2 / (4 * n**2))
    return (centre - half) / (1 + z**2 / n), (centre + half) / (1 + z**2 / n)
