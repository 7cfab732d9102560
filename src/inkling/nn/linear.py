"""Linear: an affine map of each row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from inkling.errors import UsageError
from inkling.nn.init import Constant, Fans, Initializer, KaimingNormal
from inkling.nn.layer import Array, Arrays, Cache, Layer, ParameterSpec, Rng, Shape
from inkling.notation import fits

MOST_FEATURES = 2**24  # More would fit no memory. NumPy can still count the numbers of a layer of so many.


@dataclass(frozen=True, repr=False)
class Linear(Layer):
    """Affine map of each row.

    forward     y  = x W + b           x (N, F)   W (F, O)   b (O,)   y (N, O)
    backward    dW = xᵀ dy             db = Σₙ dy             dx = dy Wᵀ
    """

    out_features: int
    init: Initializer = KaimingNormal()

    @classmethod
    def advice(cls, name: str, content: Any) -> str:
        return f": inputs are found by themselves: Linear({content})" if name == "init" and fits(content, int) else ""

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) != 1:
            raise UsageError(f"{self} takes rows of features, not arrays of shape {shape}: put Flatten() before it")
        if not 1 <= self.out_features <= MOST_FEATURES:
            raise UsageError(f"{self} needs at least one output, and takes no more than {MOST_FEATURES}")
        return (self.out_features,)

    def parameters(self, shape: Shape) -> Mapping[str, ParameterSpec]:
        fans = Fans(shape[0], self.out_features)
        return {
            "weight": ParameterSpec((shape[0], self.out_features), self.init, decayed=True, fans=fans, is_matrix=True),
            "bias": ParameterSpec((self.out_features,), Constant(0.0)),
        }

    def forward(self, p: Any, x: Array, cache: Cache, *, training: bool, rng: Rng) -> Array:
        cache.x = x
        np.matmul(x, p.weight, out=cache.y)
        cache.y += p.bias
        return cache.y

    def backward(self, p: Any, g: Any, dy: Array, cache: Cache) -> None:
        np.matmul(cache.x.T, dy, out=g.weight)
        np.add.reduce(dy, axis=0, out=g.bias)
        if cache.dx is not None:
            np.matmul(dy, p.weight.T, out=cache.dx)

    def absorb(self, arrays: Arrays, scale: Array, shift: Array) -> tuple[Layer, Arrays]:
        """s (x W + b) + t = x (s W) + (s b + t)."""
        return self, {"weight": arrays["weight"] * scale, "bias": arrays["bias"] * scale + shift}
