"""Activations: functions of each number by itself. Their derivatives are written in terms of the output."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from inkling.errors import UsageError
from inkling.nn.layer import Array, ArraySpec, Cache, Layer, Rng, Shape


@dataclass(frozen=True, repr=False)
class ReLU(Layer):
    """Rectifier.

    forward     y  = max(x, 0)
    backward    dx = dy · [y > 0]
    """

    in_place: ClassVar[bool] = True
    needs_output: ClassVar[bool] = True

    def cache_arrays(self, shape: Shape) -> Mapping[str, ArraySpec]:
        return {"mask": ArraySpec(shape, np.bool_)}

    def forward(self, p: Any, x: Array, cache: Cache, *, training: bool, rng: Rng) -> Array:
        return np.maximum(x, 0, out=cache.y)

    def backward(self, p: Any, g: Any, dy: Array, cache: Cache) -> None:
        np.greater(cache.y, 0, out=cache.mask)
        np.multiply(dy, cache.mask, out=cache.dx)


@dataclass(frozen=True, repr=False)
class LeakyReLU(Layer):
    """Rectifier with a small slope α = negative_slope below zero, 0 ≤ α < 1.

    forward     y  = max(x, αx)
    backward    dx = dy · (1 if y > 0 else α)

    The layer is not in place. `forward` writes αx into y while it still reads x, and `backward` writes the slope into
    dx while it still reads dy. In return the layer needs no array of its own.
    """

    negative_slope: float = 0.01
    needs_output: ClassVar[bool] = True

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 <= self.negative_slope < 1:
            raise UsageError(f"LeakyReLU needs a negative_slope from 0 to below 1, not {self.negative_slope}")

    def forward(self, p: Any, x: Array, cache: Cache, *, training: bool, rng: Rng) -> Array:
        np.multiply(x, self.negative_slope, out=cache.y)
        return np.maximum(x, cache.y, out=cache.y)

    def backward(self, p: Any, g: Any, dy: Array, cache: Cache) -> None:
        np.greater(cache.y, 0, out=cache.dx)
        np.maximum(cache.dx, self.negative_slope, out=cache.dx)
        cache.dx *= dy
