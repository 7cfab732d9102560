"""Batch normalisation: every feature gets mean 0 and variance 1 over the batch, then a learnt scale and shift."""

from __future__ import annotations

from abc import ABC
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from inkling.errors import UsageError
from inkling.nn.blocks import BLOCK, blocks, per_channel, repeated, row_length, rows_of
from inkling.nn.init import Constant
from inkling.nn.layer import Array, Cache, Layer, ParameterSpec, Rng, Shape


@dataclass(frozen=True, repr=False)
class BatchNorm(Layer, ABC):
    """What the layers for rows and for images share. C is the last axis, and n counts what is normalised together.

    forward     x̂  = (x − μ) r            μ, σ² over n          r = 1 / √(σ² + ε)
                y  = γ x̂ + β              x, x̂, y (…, C)        γ, β (C,)
    backward    dβ = Σₙ dy                dγ = Σₙ dy·x̂
                dx = γ r (dy − (dβ + x̂ dγ) / n)

    Not in training, μ and σ² are running averages of what batches showed, each batch weighing `momentum`
    (σ² unbiased, as in PyTorch). The n of the statistics is that of a shard of the batch ("ghost batch"), not of the
    whole; UsageError where it is 1 in training, since a single number has no variance.
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

    def scratch(self, shape: Shape, *, training: bool) -> Mapping[str, Shape]:
        row = row_length(shape)
        return {"block": (max(1, BLOCK // row), row)} if training else {}

    def forward(self, p: Any, x: Array, cache: Cache, *, training: bool, rng: Rng) -> Array:
        if training:
            self._measure(x, cache)
        mean, var = (cache.mean, cache.var) if training else (p.running_mean, p.running_var)
        rows, y = rows_of(x), rows_of(cache.y)
        factors = self.scale_and_shift(p.weight, p.bias, mean, var)
        scales, shifts = (repeated(each, rows.shape[1]) for each in factors)
        for block in blocks(len(rows), max(1, BLOCK // rows.shape[1])):
            part = np.multiply(rows[block], scales, out=y[block])
            part += shifts
        return cache.y

    def scale_and_shift(self, weight: Array, bias: Array, mean: Array, var: Array) -> tuple[Array, Array]:
        """s and t (C,) with y = s x + t."""
        scale = weight / np.sqrt(var + self.eps)
        return scale, bias - mean * scale

    def _measure(self, x: Array, cache: Cache) -> None:
        """Mean and biased variance over n, in two passes: one alone would lose digits where the mean is large."""
        channels, rows = x.shape[-1], rows_of(x)
        cache.x, n = x, x.size // channels
        if n < 2:
            raise UsageError(
                f"{self} cannot train on a single image, which has no variance: every shard of a batch needs 2 or more"
            )
        cache.mean = per_channel(np.add.reduce(rows, axis=0), channels) / x.dtype.type(n)
        means, squares = repeated(cache.mean, rows.shape[1]), np.zeros_like(rows[0])
        for block in blocks(len(rows), len(cache.scratch.block)):
            centred = np.subtract(rows[block], means, out=cache.scratch.block[: block.stop - block.start])
            squares += np.add.reduce(np.multiply(centred, centred, out=centred), axis=0)
        cache.var = per_channel(squares, channels) / x.dtype.type(n)

    def backward(self, p: Any, g: Any, dy: Array, cache: Cache) -> None:
        channels, rows, dys = dy.shape[-1], rows_of(cache.x), rows_of(dy)
        n, scratch = dy.size // channels, cache.scratch.block
        rstd, means = 1 / np.sqrt(cache.var + self.eps), repeated(cache.mean, rows.shape[1])
        sums, products = np.zeros_like(dys[0]), np.zeros_like(dys[0])
        for block in blocks(len(rows), len(scratch)):
            sums += np.add.reduce(dys[block], axis=0)
            product = np.subtract(rows[block], means, out=scratch[: block.stop - block.start])
            product *= dys[block]
            products += np.add.reduce(product, axis=0)
        g.bias[...] = per_channel(sums, channels)
        np.multiply(per_channel(products, channels), rstd, out=g.weight)
        g.running_mean[...] = cache.mean
        np.multiply(cache.var, n / (n - 1), out=g.running_var)
        if cache.dx is not None:
            self._input_gradient(p, g, dys, cache, rstd)

    def _input_gradient(self, p: Any, g: Any, dys: Array, cache: Cache, rstd: Array) -> None:
        """dx = a dy + b x + c, the above multiplied out."""
        rows, dx, scratch = rows_of(cache.x), rows_of(cache.dx), cache.scratch.block
        n = rows.size // len(rstd)
        a = p.weight * rstd
        b = a * rstd * g.weight * (-1 / n)
        c = a * g.bias * (-1 / n) - b * cache.mean
        dy_factors, x_factors, constants = (repeated(each, rows.shape[1]) for each in (a, b, c))
        for block in blocks(len(rows), len(scratch)):
            others = np.multiply(rows[block], x_factors, out=scratch[: block.stop - block.start])
            others += constants
            np.multiply(dys[block], dy_factors, out=dx[block])
            dx[block] += others

    def update_statistics(self, p: Any, seen: Any) -> None:
        p.running_mean += self.momentum * (seen.running_mean - p.running_mean)
        p.running_var += self.momentum * (seen.running_var - p.running_var)


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
