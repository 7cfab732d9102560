"""Sequential: layers one behind another, as one layer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from inkling.nn import chain
from inkling.nn.composite import Composite
from inkling.nn.layer import Array, Cache, Rng, Shape


@dataclass(frozen=True, init=False, repr=False)
class Sequential(Composite):
    """A chain of layers f₁ … f_L, one behind another.

    forward     y  = f_L(… f₂(f₁(x)))
    backward    dx = (∂f₁/∂x)ᵀ (∂f₂/∂f₁)ᵀ … dy

    It computes the same bits in the same memory as its layers without it. It serves where one layer is expected, as in
    Ensemble.
    """

    transparent: ClassVar[bool] = True

    def output_shape(self, shape: Shape) -> Shape:
        return chain.shapes_of(self.layers, shape)[-1]

    def forward(self, p: Any, x: Array, cache: Cache, *, training: bool, rng: Rng) -> Array:
        return chain.forward(self.layers, p, x, cache.inner, training=training, rng=rng)

    def backward(self, p: Any, g: Any, dy: Array, cache: Cache) -> None:
        """`cache.dx` is that of the first of the layers."""
        chain.backward(self.layers, p, g, dy, cache.inner)
