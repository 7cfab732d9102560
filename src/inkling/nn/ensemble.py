"""Ensemble: layers side by side, whose outputs are averaged."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from inkling.errors import UsageError
from inkling.nn.composite import Composite
from inkling.nn.layer import Array, Cache, Layer, Rng, Shape


@dataclass(frozen=True, init=False, repr=False)
class Ensemble(Composite):
    """The mean of K layers f₁ … f_K, such as Sequential, that are all given the same x.

    forward     y  = (f₁(x) + … + f_K(x)) / K
    backward    dx = Σₖ (∂fₖ/∂x)ᵀ dy / K

    Hansen & Salamon 1990, "Neural network ensembles". All fₖ(x) must have the same shape. Layers that were trained
    apart make different mistakes, of which the mean keeps few. Layers that are trained as one ensemble correct one
    another instead.
    """

    @property
    def branches(self) -> tuple[tuple[Layer, ...], ...]:
        return tuple((layer,) for layer in self.layers)

    def output_shape(self, shape: Shape) -> Shape:
        shapes = [layer.output_shape(shape) for layer in self.layers]
        if len(set(shapes)) > 1:
            made = " and ".join(map(str, dict.fromkeys(shapes)))
            raise UsageError(f"{self} averages what its layers make of {shape}, which is {made}: make it the same")
        return shapes[0]

    def forward(self, p: Any, x: Array, cache: Cache, *, training: bool, rng: Rng) -> Array:
        cache.y.fill(0)
        for k, layer in enumerate(self.layers):
            cache.y += layer.forward(p[k], x, cache.inner[k], training=training, rng=rng)
        cache.y /= len(self.layers)
        return cache.y

    def backward(self, p: Any, g: Any, dy: Array, cache: Cache) -> None:
        if cache.dx is not None:
            cache.dx.fill(0)
        for k, layer in enumerate(self.layers):
            np.divide(dy, len(self.layers), out=cache.inner_dy)  # anew for each: a layer may overwrite its dy
            layer.backward(p[k], g[k], cache.inner_dy, cache.inner[k])
            if cache.dx is not None:
                cache.dx += cache.inner[k].dx
