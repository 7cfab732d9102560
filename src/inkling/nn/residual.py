"""Residual: a chain of layers that learns what to add to its input."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from inkling.errors import UsageError
from inkling.nn import chain
from inkling.nn.composite import Composite
from inkling.nn.layer import Array, Cache, Rng, Shape


@dataclass(frozen=True, init=False, repr=False)
class Residual(Composite):
    """A chain of layers f with a shortcut around it.

    forward     y  = x + f(x)
    backward    dx = dy + (∂f/∂x)ᵀ dy

    He et al. 2016, "Deep residual learning for image recognition", equation 1. The layers must keep the shape.
    """

    def output_shape(self, shape: Shape) -> Shape:
        inside = chain.shapes_of(self.layers, shape)[-1]
        if inside != shape:
            raise UsageError(
                f"{self} adds its input {shape} to what its layers make of it, which is {inside}: {_keeping(shape)}"
            )
        return shape

    def forward(self, p: Any, x: Array, cache: Cache, *, training: bool, rng: Rng) -> Array:
        y = chain.forward(self.layers, p, x, cache.inner, training=training, rng=rng)
        return np.add(x, y, out=cache.y)

    def backward(self, p: Any, g: Any, dy: Array, cache: Cache) -> None:
        np.copyto(cache.inner_dy, dy)  # the layers may overwrite their dy, and the shortcut needs it
        chain.backward(self.layers, p, g, cache.inner_dy, cache.inner)
        if cache.dx is not None:
            np.add(dy, cache.inner[0].dx, out=cache.dx)


def _keeping(shape: Shape) -> str:
    """What to do so that layers keep this shape."""
    if len(shape) == 1:
        return f"end them with Linear({shape[0]})"
    return f"they keep it with stride=1, padding=1 for a 3×3 kernel, and {shape[-1]} channels out, as many as in"
