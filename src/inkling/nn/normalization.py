"""Batch normalisation: every feature gets mean 0 and variance 1 over the batch, then a learnt scale and shift."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from inkling.errors import UsageError
from inkling.nn.init import Constant
from inkling.nn.layer import Array, Cache, Layer, Rng, Shape, Spec


@dataclass(frozen=True, repr=False)
class BatchNorm1d(Layer):
    """Batch normalisation of the features of each row.

    forward     x̂  = (x − μ) r            μ, σ² over n          r = 1 / √(σ² + ε)
                y  = γ x̂ + β              x, x̂, y (N, F)        γ, β (F,)
    backward    dβ = Σₙ dy                dγ = Σₙ dy·x̂
                dx = γ r (dy − (dβ + x̂ dγ) / N)

    Not in training, μ and σ² are running averages of what batches showed, each batch weighing `momentum`
    (σ² unbiased, as in PyTorch). The N of the statistics is a shard of the batch ("ghost batch"), not the whole;
    UsageError where it is 1 in training, since a single row has no variance.
    Ioffe and Szegedy 2015, "Batch normalization", algorithm 1.
    """

    eps: float = 1e-5
    momentum: float = 0.1

    def __post_init__(self) -> None:
        if not (self.eps > 0 and 0 < self.momentum <= 1):
            raise UsageError(f"BatchNorm1d needs eps above 0 and momentum from above 0 to 1, not {self!r}")

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) != 1:
            raise UsageError(f"{self} takes rows of features, not arrays of shape {shape}")
        return shape

    def parameters(self, shape: Shape) -> Mapping[str, Spec]:
        return {"weight": Spec(shape, Constant(1.0)), "bias": Spec(shape, Constant(0.0))}

    def statistics(self, shape: Shape) -> Mapping[str, Spec]:
        return {"running_mean": Spec(shape, Constant(0.0)), "running_var": Spec(shape, Constant(1.0))}

    def buffers(self, shape: Shape) -> Mapping[str, tuple[Shape, type]]:
        return {"normal": (shape, np.floating), "scratch": (shape, np.floating)}

    def forward(self, p: Any, x: Array, cache: Cache, *, training: bool, rng: Rng) -> Array:
        if not training:
            scale = p.weight / np.sqrt(p.running_var + self.eps)
            np.multiply(x, scale, out=cache.y)
            cache.y += p.bias - p.running_mean * scale
            return cache.y
        if len(x) < 2:
            raise UsageError(
                f"{self} cannot train on a single image, which has no variance: every shard of a batch needs 2 or more"
            )
        cache.mean = x.mean(axis=0)
        np.subtract(x, cache.mean, out=cache.normal)
        np.multiply(cache.normal, cache.normal, out=cache.scratch)
        cache.var = cache.scratch.mean(axis=0)
        cache.rstd = 1.0 / np.sqrt(cache.var + self.eps)
        cache.normal *= cache.rstd
        np.multiply(cache.normal, p.weight, out=cache.y)
        cache.y += p.bias
        return cache.y

    def backward(self, p: Any, g: Any, dy: Array, cache: Cache) -> None:
        n = len(dy)
        np.add.reduce(dy, axis=0, out=g.bias)
        np.multiply(dy, cache.normal, out=cache.scratch)
        np.add.reduce(cache.scratch, axis=0, out=g.weight)
        g.running_mean[...] = cache.mean
        g.running_var[...] = cache.var
        g.running_var *= n / (n - 1)
        if cache.dx is not None:
            np.multiply(cache.normal, g.weight / n, out=cache.scratch)
            cache.scratch += g.bias / n
            np.subtract(dy, cache.scratch, out=cache.dx)
            cache.dx *= p.weight * cache.rstd

    def observe(self, p: Any, seen: Any) -> None:
        p.running_mean += self.momentum * (seen.running_mean - p.running_mean)
        p.running_var += self.momentum * (seen.running_var - p.running_var)
