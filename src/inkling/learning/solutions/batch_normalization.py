"""Batch normalisation in training, and its gradient.

x (N, F) holds a row per image. Each feature, a column of x, is brought to mean 0 and variance 1 over the N rows; then
gamma (F,) scales it and beta (F,) shifts it:

    x_hat = (x - mean) / sqrt(variance + eps)         y = gamma x_hat + beta

The variance is the mean of the squared deviations, over N. dy is the gradient of a loss with respect to y. For dx, mean
and variance depend on x as well.
"""

import numpy as np


def batch_norm_forward(x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float) -> np.ndarray:
    """y (N, F)."""
    x_hat = (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps)
    return gamma * x_hat + beta


def batch_norm_backward(
    x: np.ndarray, gamma: np.ndarray, dy: np.ndarray, eps: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The gradients dgamma (F,), dbeta (F,) and dx (N, F), in this order."""
    N, r = len(x), 1 / np.sqrt(x.var(axis=0) + eps)
    x_hat = (x - x.mean(axis=0)) * r
    dgamma, dbeta = (dy * x_hat).sum(axis=0), dy.sum(axis=0)
    return dgamma, dbeta, gamma * r * (dy - (dbeta + x_hat * dgamma) / N)
