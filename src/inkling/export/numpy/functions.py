"""Functions that an exported file of Python computes a network with: `file.py` copies those that a network needs.

They are written to be read. Images are x (N, H, W, C), rows x (N, F), all numbers float32.
"""

from __future__ import annotations

import math

import numpy as np


def linear(x: np.ndarray, weight: np.ndarray, bias: np.ndarray) -> np.ndarray:
    """Rows x (N, F) times weight (F, O)."""
    return x @ weight + bias


def taps(x: np.ndarray, size: int, stride: int, padding: int = 0) -> list[np.ndarray]:
    """What each of the size·size places of a moving square sees of images: views (N, H', W', C), row by row."""
    x = np.pad(x, ((0, 0), (padding, padding), (padding, padding), (0, 0))) if padding else x
    rows, columns = (stride * ((side - size) // stride) + 1 for side in x.shape[1:3])
    return [x[:, i : i + rows : stride, j : j + columns : stride] for i in range(size) for j in range(size)]


def conv2d(
    x: np.ndarray, weight: np.ndarray, bias: np.ndarray | float = 0.0, stride: int = 1, padding: int = 0
) -> np.ndarray:
    """Images with weight (K, K, C, O): a product of all that the kernel sees at each place, K·K·C numbers."""
    seen = np.concatenate(taps(x, len(weight), stride, padding), axis=3)
    return np.tensordot(seen, weight.reshape(-1, weight.shape[3]), axes=1) + bias


def depthwise_conv2d(
    x: np.ndarray, weight: np.ndarray, bias: np.ndarray | float = 0.0, stride: int = 1, padding: int = 0
) -> np.ndarray:
    """Images with weight (K, K, C): each channel by itself."""
    kernel = weight.reshape(-1, weight.shape[2])
    y = bias + 0 * kernel[0]
    for tap, each in zip(taps(x, len(weight), stride, padding), kernel, strict=True):
        y = y + tap * each
    return y


def max_pool2d(x: np.ndarray, size: int, stride: int) -> np.ndarray:
    """The maximum of each square of size·size pixels."""
    return np.max(taps(x, size, stride), axis=0)


def avg_pool2d(x: np.ndarray, size: int, stride: int) -> np.ndarray:
    """The mean of each square of size·size pixels."""
    return np.mean(taps(x, size, stride), axis=0)


def global_avg_pool(x: np.ndarray) -> np.ndarray:
    """The mean of each channel: images become rows."""
    return x.mean(axis=(1, 2))


def batch_norm(
    x: np.ndarray,
    weight: np.ndarray,
    bias: np.ndarray,
    running_mean: np.ndarray,
    running_var: np.ndarray,
    eps: float,
) -> np.ndarray:
    """Mean 0 and variance 1 of each feature or channel over what training showed, then a scale and a shift."""
    scale = weight / np.sqrt(running_var + np.float32(eps))
    return x * scale + (bias - running_mean * scale)


def layer_norm(x: np.ndarray, weight: np.ndarray, bias: np.ndarray, eps: float) -> np.ndarray:
    """Mean 0 and variance 1 over the features of a row or the channels of a pixel, then a scale and a shift."""
    centred = x - x.mean(axis=-1, keepdims=True)
    variance = (centred * centred).mean(axis=-1, keepdims=True)
    return centred / np.sqrt(variance + np.float32(eps)) * weight + bias


def relu(x: np.ndarray) -> np.ndarray:
    """max(x, 0)."""
    return np.maximum(x, 0)


def leaky_relu(x: np.ndarray, negative_slope: float) -> np.ndarray:
    """max(x, slope · x)."""
    return np.maximum(x, negative_slope * x)


def gelu(x: np.ndarray) -> np.ndarray:
    """x times the probability that a standard normal number is smaller, in its tanh form."""
    return x * (1 + np.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x * x * x))) / 2


def flatten(x: np.ndarray) -> np.ndarray:
    """Images as rows, in the order (H, W, C)."""
    return x.reshape(len(x), math.prod(x.shape[1:]))


def center_crop(x: np.ndarray, size: int) -> np.ndarray:
    """The middle of images, size·size pixels."""
    top, left = ((side - size) // 2 for side in x.shape[1:3])
    return x[:, top : top + size, left : left + size]
