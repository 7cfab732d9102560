"""Layers to stand beside the one that is checked, each of which makes a mistake of its neighbour visible."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from inkling.nn import Cache, Layer, Normal, ParameterSpec
from inkling.nn.layer import Array, Rng, Shape


@dataclass(frozen=True, repr=False)
class Offset(Layer):
    """y = x + b with one b for every number of an image: ∂f/∂b is ∂f/∂x, which the gradient check then sees."""

    def parameters(self, shape: Shape) -> Mapping[str, ParameterSpec]:
        return {"bias": ParameterSpec(shape, Normal(0.1))}

    def forward(self, p: Any, x: Array, cache: Cache, *, training: bool, rng: Rng) -> Array:
        return np.add(x, p.bias, out=cache.y)

    def backward(self, p: Any, g: Any, dy: Array, cache: Cache) -> None:
        np.add.reduce(dy, axis=0, out=g.bias)
        if cache.dx is not None:
            cache.dx[...] = dy


@dataclass(frozen=True, repr=False)
class Overwriting(Layer):
    """y = 3 − 2x in place. Its gradient is right, but what the layer before it wrote into its y is lost."""

    in_place: ClassVar[bool] = True

    def forward(self, p: Any, x: Array, cache: Cache, *, training: bool, rng: Rng) -> Array:
        np.multiply(x, -2, out=cache.y)
        return np.add(cache.y, 3, out=cache.y)

    def backward(self, p: Any, g: Any, dy: Array, cache: Cache) -> None:
        np.multiply(dy, -2, out=cache.dx)


@dataclass(frozen=True, repr=False)
class Remembering(Layer):
    """y = tanh x, dx = dy (1 − y²). Its gradient is wrong if the next layer writes into y, its input."""

    needs_output: ClassVar[bool] = True

    def forward(self, p: Any, x: Array, cache: Cache, *, training: bool, rng: Rng) -> Array:
        return np.tanh(x, out=cache.y)

    def backward(self, p: Any, g: Any, dy: Array, cache: Cache) -> None:
        np.multiply(cache.y, cache.y, out=cache.dx)
        np.subtract(1, cache.dx, out=cache.dx)
        cache.dx *= dy
