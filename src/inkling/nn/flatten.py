"""Flatten: every image becomes one row of features."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, ClassVar

from inkling.nn.layer import Array, Cache, Layer, Rng, Shape


@dataclass(frozen=True, repr=False)
class Flatten(Layer):
    """The same numbers in another shape: nothing is moved.

    forward     y (N, F) = x (N, H, W, C)        F = H·W·C
    backward    dx = dy, in x's shape
    """

    reshapes: ClassVar[bool] = True

    def output_shape(self, shape: Shape) -> Shape:
        return (math.prod(shape),)

    def forward(self, p: Any, x: Array, cache: Cache, *, training: bool, rng: Rng) -> Array:
        return x.reshape(len(x), -1)

    def backward(self, p: Any, g: Any, dy: Array, cache: Cache) -> None:
        """Nothing to do: `cache.dx` is a view of `dy`."""
