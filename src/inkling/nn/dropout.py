"""Dropout: in training, a random part of the features is silenced and the rest made louder."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from inkling.errors import UsageError
from inkling.nn.layer import Array, Cache, Layer, Rng, Shape


@dataclass(frozen=True, repr=False)
class Dropout(Layer):
    """Inverted dropout: each feature is zero with probability p, and the expected value stays as it was.

    forward     y  = x · m        m = [u ≥ p] / (1 − p),  u uniform in [0, 1)
    backward    dx = dy · m

    Not in training: y = x. Srivastava et al. 2014, "Dropout: a simple way to prevent neural networks from
    overfitting", section 10, where the scaling is left to training as here.
    """

    p: float = 0.5
    in_place: ClassVar[bool] = True

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 <= self.p < 1:
            raise UsageError(f"Dropout needs a probability from 0 to below 1, not {self.p}")

    def buffers(self, shape: Shape) -> Mapping[str, tuple[Shape, type]]:
        return {"uniform": (shape, np.float32), "mask": (shape, np.floating)}

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
