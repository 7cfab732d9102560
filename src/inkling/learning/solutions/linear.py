"""Linear: y = x W + b, and its gradient.

x (N, F) holds a row per image, W (F, O) a column per output, b (O,) a number per output, y (N, O).
dy (N, O) is the gradient of a loss with respect to y. Use matrix products, no loops.
"""

import numpy as np


def linear_forward(x: np.ndarray, W: np.ndarray, b: np.ndarray) -> np.ndarray:
    """y (N, O)."""
    return x @ W + b


def linear_backward(x: np.ndarray, W: np.ndarray, dy: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The gradients dW (F, O), db (O,) and dx (N, F), in this order."""
    return x.T @ dy, dy.sum(axis=0), dy @ W.T
