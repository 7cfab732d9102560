"""Batch normalisation: every feature gets mean 0 and variance 1 over the batch, then a learnt scale and shift."""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from inkling.errors import UsageError
from inkling.nn import channelwise
from inkling.nn.blocks import Block
from inkling.nn.init import Constant
from inkling.nn.layer import Array, Arrays, Cache, Layer, ParameterSpec, Rng, Shape, require_eps


@dataclass(frozen=True, repr=False)
class BatchNorm(Layer, ABC):
    """What the layers for rows and for images share. C is the last axis, and n counts what is normalised together.

    forward     x̂  = (x − μ) r            μ, σ² over n          r = 1 / √(σ² + ε)
                y  = γ x̂ + β              x, x̂, y (…, C)        γ, β (C,)
    backward    dβ = Σₙ dy                dγ = Σₙ dy·x̂
                dx = γ r (dy − (dβ + x̂ dγ) / n)

    In training, μ and σ² are those of the shard of the batch that one process works on ("ghost batch"). In predicting,
    they are running averages of what the shards showed, each batch weighing `momentum` (σ² unbiased, as in PyTorch).
    UsageError where n is 1 in training, since a single number has no variance.
    Ioffe and Szegedy 2015, "Batch normalization", algorithm 1.
    """

    eps: float = 1e-5
    momentum: float = 0.1
    in_place_backward: ClassVar[bool] = True
    takes: ClassVar[str]
    remedy: ClassVar[str]
    axes: ClassVar[int]

    def __post_init__(self) -> None:
        super().__post_init__()
        require_eps(self, self.eps)
        if not (self.eps > 0 and 0 < self.momentum <= 1):
            raise UsageError(f"{type(self).__name__} needs eps above 0 and momentum from above 0 to 1, not {self!r}")

    def output_shape(self, shape: Shape) -> Shape:
        if len(shape) != self.axes:
            raise UsageError(f"{self} takes {self.takes}, not arrays of shape {shape}: {self.remedy}")
        return shape

    def parameters(self, shape: Shape) -> Mapping[str, ParameterSpec]:
        channels = shape[-1:]
        return {"weight": ParameterSpec(channels, Constant(1.0)), "bias": ParameterSpec(channels, Constant(0.0))}

    def statistics(self, shape: Shape) -> Mapping[str, ParameterSpec]:
        channels = shape[-1:]
        return {
            "running_mean": ParameterSpec(channels, Constant(0.0)),
            "running_var": ParameterSpec(channels, Constant(1.0)),
        }

    def scratch_arrays(self, shape: Shape, *, training: bool) -> Mapping[str, Block]:
        return {"block": channelwise.block(shape)} if training else {}

    def forward(self, p: Any, x: Array, cache: Cache, *, training: bool, rng: Rng) -> Array:
        """With s = γ r and t = β − μ s, y is s x + t."""
        if training:
            self._measure(x, cache)
        mean, var = (cache.mean, cache.var) if training else (p.running_mean, p.running_var)
        scale, shift = self._scale_and_shift(p.weight, p.bias, mean, var)
        return channelwise.affine(x, scale, shift, out=cache.y)

    def _measure(self, x: Array, cache: Cache) -> None:
        """μ and the biased σ², in two passes: one pass alone would lose digits where the mean is large."""
        cache.x, n = x, x.size // x.shape[-1]
        if n < 2:
            raise UsageError(
                f"{self} cannot train on a single image, which has no variance: every shard of a batch needs 2 or more"
            )
        cache.mean = channelwise.channel_sum(x) / x.dtype.type(n)
        cache.var = channelwise.sum_of_squares(x, cache.mean, cache.scratch.block) / x.dtype.type(n)

    def _scale_and_shift(self, weight: Array, bias: Array, mean: Array, var: Array) -> tuple[Array, Array]:
        scale = weight / np.sqrt(var + self.eps)
        return scale, bias - mean * scale

    def backward(self, p: Any, g: Any, dy: Array, cache: Cache) -> None:
        """With Σₙ dy·x̂ = r Σₙ dy (x − μ), and dx multiplied out: dx = a dy + b x + c."""
        n, r = dy.size // dy.shape[-1], 1 / np.sqrt(cache.var + self.eps)
        g.bias[...], products = channelwise.sums_with(dy, cache.x, cache.mean, cache.scratch.block)
        np.multiply(products, r, out=g.weight)
        if cache.dx is not None:
            a = p.weight * r
            b = a * r * g.weight * (-1 / n)
            c = a * g.bias * (-1 / n) - b * cache.mean
            channelwise.affine_of_two(dy, a, cache.x, b, c, out=cache.dx, scratch=cache.scratch.block)

    def batch_statistics(self, cache: Cache, out: Any) -> None:
        n = cache.x.size // cache.x.shape[-1]
        out.running_mean[...] = cache.mean
        np.multiply(cache.var, n / (n - 1), out=out.running_var)

    def update_statistics(self, p: Any, seen: Any) -> None:
        p.running_mean += self.momentum * (seen.running_mean - p.running_mean)
        p.running_var += self.momentum * (seen.running_var - p.running_var)

    def as_affine(self, arrays: Arrays) -> tuple[Array, Array]:
        return self._scale_and_shift(*(arrays[name] for name in ("weight", "bias", "running_mean", "running_var")))


@dataclass(frozen=True, repr=False)
class BatchNorm1d(BatchNorm):
    """Batch normalisation of rows (N, F): each feature over the rows, n = N."""

    takes: ClassVar[str] = "rows of features"
    remedy: ClassVar[str] = "use BatchNorm2d(), or Flatten() first"
    axes: ClassVar[int] = 1


@dataclass(frozen=True, repr=False)
class BatchNorm2d(BatchNorm):
    """Batch normalisation of images (N, H, W, C): each channel over images and pixels, n = N·H·W."""

    takes: ClassVar[str] = "images (H, W, C)"
    remedy: ClassVar[str] = "put it before Flatten(), or use BatchNorm1d()"
    axes: ClassVar[int] = 3
