"""Residual: layers that learn what to add to their input."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from inkling.errors import UsageError
from inkling.nn import chain
from inkling.nn.layer import Array, Cache, Layer, Rng, Shape, Spec


@dataclass(frozen=True, init=False, repr=False)
class Residual(Layer):
    """A chain of layers f with a shortcut around it.

    forward     y  = x + f(x)
    backward    dx = dy + (∂f/∂x)ᵀ dy

    He et al. 2016, "Deep residual learning for image recognition", equation 1. The layers must keep the shape.
    """

    layers: tuple[Layer, ...]

    def __init__(self, *layers: Layer) -> None:
        object.__setattr__(self, "layers", layers)
        for layer in layers:
            if not isinstance(layer, Layer):
                raise UsageError(f"Residual is made of layers, as in Residual(Linear(10), ReLU()), not of {layer!r}")
        if not layers:
            raise UsageError("Residual needs at least one layer")

    @property
    def inner(self) -> tuple[Layer, ...]:
        return self.layers

    def output_shape(self, shape: Shape) -> Shape:
        inside = chain.shapes_of(self.layers, shape)[-1]
        if inside != shape:
            raise UsageError(
                f"{self} adds its input {shape} to what its layers make of it, which is {inside}: {_keeping(shape)}"
            )
        return shape

    def parameters(self, shape: Shape) -> Mapping[str, Spec]:
        shapes = chain.shapes_of(self.layers, shape)
        return chain.numbered([layer.parameters(s) for layer, s in zip(self.layers, shapes, strict=False)])

    def statistics(self, shape: Shape) -> Mapping[str, Spec]:
        shapes = chain.shapes_of(self.layers, shape)
        return chain.numbered([layer.statistics(s) for layer, s in zip(self.layers, shapes, strict=False)])

    def forward(self, p: Any, x: Array, cache: Cache, *, training: bool, rng: Rng) -> Array:
        y = chain.forward(self.layers, p, x, cache.inner, training=training, rng=rng)
        return np.add(x, y, out=cache.y)

    def backward(self, p: Any, g: Any, dy: Array, cache: Cache) -> None:
        np.copyto(cache.inner_dy, dy)  # the layers may overwrite theirs, the shortcut needs it
        chain.backward(self.layers, p, g, cache.inner_dy, cache.inner)
        if cache.dx is not None:
            np.add(dy, cache.inner[0].dx, out=cache.dx)

    def observe(self, p: Any, seen: Any) -> None:
        chain.observe(self.layers, p, seen)


def _keeping(shape: Shape) -> str:
    """What makes layers keep this shape."""
    if len(shape) == 1:
        return f"end them with Linear({shape[0]})"
    return f"they keep it with stride=1, padding=1 for a 3×3 kernel, and {shape[-1]} channels out, as many as in"
