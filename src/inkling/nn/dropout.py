"""Dropout: in training, random features are set to zero and the rest are scaled up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from inkling.errors import UsageError
from inkling.nn.layer import Array, ArraySpec, Cache, Layer, Rng, Shape


@dataclass(frozen=True, repr=False)
class Dropout(Layer):
    """Inverted dropout: each feature is zero with probability p, and its expected value stays as it was.

    forward     y  = x · m        m = [u ≥ p] / (1 − p),  u uniform in [0, 1)
    backward    dx = dy · m

    In predicting, y = x. Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from overfitting",
    section 10, which scales in training, as here.
    """

    p: float = 0.5
    in_place: ClassVar[bool] = True

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 <= self.p < 1:
            raise UsageError(f"Dropout needs a probability from 0 to below 1, not {self.p}")

    def cache_arrays(self, shape: Shape) -> Mapping[str, ArraySpec]:
        return {"uniform": ArraySpec(shape, np.float32), "mask": ArraySpec(shape)}

    def forward(self, p: Any, x: Array, cache: Cache, *, training: bool, rng: Rng) -> Array:
        if not training:
            return x
        assert rng is not None, "dropout in training draws from rng"
        rng.random(dtype=np.float32, out=cache.uniform)
        np.greater_equal(cache.uniform, self.p, out=cache.mask)
        cache.mask *= 1.0 / (1.0 - self.p)
        return np.multiply(x, cache.mask, out=cache.y)

    def backward(self, p: Any, g: Any, dy: Array, cache: Cache) -> None:
        np.multiply(dy, cache.mask, out=cache.dx)
