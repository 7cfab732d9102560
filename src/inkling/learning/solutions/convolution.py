"""Convolution, and its gradient.

x (N, H, W, C) holds N images of C channels, weight (K, K, C, O) O kernels, bias (O,) a number per kernel. At each place
of the image, a kernel multiplies the K×K×C numbers that it sees by its weights and adds the products up. The kernels
move by 1 pixel and stay inside the image:

    y[n, h, w, o] = bias[o] + sum over i, j, c of x[n, h + i, w + j, c] weight[i, j, c, o]

dy is the gradient of a loss with respect to y. Loops over places or over the kernel are fine.
"""

import numpy as np


def conv_forward(x: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """y (N, H - K + 1, W - K + 1, O)."""
    K = len(weight)
    rows, columns = x.shape[1] - K + 1, x.shape[2] - K + 1
    y = np.zeros((len(x), rows, columns, weight.shape[3]), x.dtype) + bias
    for i, j in np.ndindex(K, K):
        y += x[:, i : i + rows, j : j + columns] @ weight[i, j]
    return y


def conv_backward(x: np.ndarray, weight: np.ndarray, dy: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The gradients dweight (K, K, C, O), dbias (O,) and dx (N, H, W, C), in this order."""
    rows, columns = dy.shape[1:3]
    dweight, dx = np.zeros_like(weight), np.zeros_like(x)
    for i, j in np.ndindex(*weight.shape[:2]):
        seen = (slice(None), slice(i, i + rows), slice(j, j + columns))
        dweight[i, j] = np.einsum("nhwc,nhwo->co", x[seen], dy)
        dx[seen] += dy @ weight[i, j].T
    return dweight, dy.sum(axis=(0, 1, 2)), dx
