"""Max pooling, and its gradient.

x (N, H, W, C) holds N images of C channels. Each square of K×K pixels becomes one pixel, its maximum, for each channel
by itself. Squares do not overlap; rows and columns that fill no square are left out. dy is the gradient of a loss with
respect to y. It goes to the pixel that was the maximum; of several equal ones, to one of them.
"""

import numpy as np


def max_pool_forward(x: np.ndarray, K: int) -> np.ndarray:
    """y (N, H // K, W // K, C)."""
    N, H, W, C = x.shape
    return x[:, : H // K * K, : W // K * K].reshape(N, H // K, K, W // K, K, C).max(axis=(2, 4))


def max_pool_backward(x: np.ndarray, dy: np.ndarray, K: int) -> np.ndarray:
    """The gradient dx (N, H, W, C)."""
    dx = np.zeros_like(x)
    for n, h, w, c in np.ndindex(dy.shape):
        square = x[n, K * h : K * h + K, K * w : K * w + K, c]
        i, j = np.unravel_index(square.argmax(), square.shape)
        dx[n, K * h + i, K * w + j, c] = dy[n, h, w, c]
    return dx
