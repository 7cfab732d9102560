"""CenterCrop: the middle of the image, without its border."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from inkling.errors import UsageError
from inkling.nn.layer import Array, Cache, Layer, Rng, Shape, require_images


@dataclass(frozen=True, repr=False)
class CenterCrop(Layer):
    """The middle of each image, size×size pixels. MNIST's digits seldom touch the border, so work there is wasted.

    forward     y (N, S, S, C) = x[T : T + S, L : L + S]        S = size, T = ⌊(H − S) / 2⌋, L = ⌊(W − S) / 2⌋
    backward    dx = dy there, 0 elsewhere
    """

    size: int

    def output_shape(self, shape: Shape) -> Shape:
        require_images(self, shape)
        if not 1 <= self.size <= min(shape[:2]):
            raise UsageError(
                f"{self} cannot be cut out of images of {shape[0]}×{shape[1]} pixels: "
                f"give a size from 1 to {min(shape[:2])}"
            )
        return self.size, self.size, shape[2]

    def _middle(self, images: Array) -> Array:
        top, left = ((length - self.size) // 2 for length in images.shape[1:3])
        return images[:, top : top + self.size, left : left + self.size]

    def forward(self, p: Any, x: Array, cache: Cache, *, training: bool, rng: Rng) -> Array:
        np.copyto(cache.y, self._middle(x))
        return cache.y

    def backward(self, p: Any, g: Any, dy: Array, cache: Cache) -> None:
        cache.dx.fill(0)
        np.copyto(self._middle(cache.dx), dy)
