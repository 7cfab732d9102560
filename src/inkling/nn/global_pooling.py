"""GlobalAvgPool: each channel of an image becomes one number."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from inkling.nn.layer import Array, Cache, Layer, Rng, Shape, require_images


@dataclass(frozen=True, repr=False)
class GlobalAvgPool(Layer):
    """The mean of each channel over all pixels: images become rows.

    forward     y (N, C) = Σ over h, w of x (N, H, W, C) / (H W)
    backward    dx[h, w] = dy / (H W)
    """

    def output_shape(self, shape: Shape) -> Shape:
        require_images(self, shape)
        return shape[2:]

    def forward(self, p: Any, x: Array, cache: Cache, *, training: bool, rng: Rng) -> Array:
        n, h, w, c = x.shape
        np.add.reduce(x.reshape(n, h * w, c), axis=1, out=cache.y)
        cache.y *= 1 / (h * w)
        return cache.y

    def backward(self, p: Any, g: Any, dy: Array, cache: Cache) -> None:
        _, h, w, _ = cache.dx.shape
        np.multiply(dy[:, np.newaxis, np.newaxis], 1 / (h * w), out=cache.dx)

    def passes_affine(self, scale: Array) -> bool:
        """The mean of s x + t is s mean x + t."""
        return True
