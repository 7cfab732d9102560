"""LeakyReLU: y = x where x > 0, else negative_slope * x, and its gradient.

x has any shape, y the same; dy is the gradient of a loss with respect to y. No loops.
"""

import numpy as np


def leaky_relu_forward(x: np.ndarray, negative_slope: float) -> np.ndarray:
    """y, of the shape of x."""
    return np.where(x > 0, x, negative_slope * x)


def leaky_relu_backward(x: np.ndarray, dy: np.ndarray, negative_slope: float) -> np.ndarray:
    """The gradient dx, of the shape of x."""
    return np.where(x > 0, dy, negative_slope * dy)
