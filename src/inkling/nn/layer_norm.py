"""LayerNorm: each row, or each pixel of an image, gets mean 0 and variance 1, then a learnt scale and shift."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from inkling.errors import UsageError
from inkling.nn import channelwise
from inkling.nn.blocks import Block, block_slices, images_per_block
from inkling.nn.init import Constant
from inkling.nn.layer import Array, Arrays, ArraySpec, Cache, Layer, ParameterSpec, Rng, Shape, require_eps


@dataclass(frozen=True, repr=False)
class LayerNorm(Layer):
    """Layer normalisation over the last axis, of C features or channels; nothing depends on the batch.

    forward     x̂  = (x − μ) r            μ, σ² over C          r = 1 / √(σ² + ε)
                y  = γ x̂ + β              x, x̂, y (…, C)        μ, σ², r (…)        γ, β (C,)
    backward    dβ = Σ dy                 dγ = Σ dy·x̂           over all axes but the last
                dx = r (γ dy − a − b x̂)   a = Σ γ dy / C        b = Σ γ dy·x̂ / C    over the last axis, (…)

    Images are normalised pixel by pixel, each over its channels. `forward` keeps x̂ and r, so `backward` reads neither
    x nor y. UsageError where C is 1: x̂ would be 0 whatever x is.
    Ba, Kiros and Hinton 2016, "Layer normalization", section 3.
    """

    eps: float = 1e-5
    in_place: ClassVar[bool] = True

    def __post_init__(self) -> None:
        super().__post_init__()
        require_eps(self, self.eps)
        if not self.eps > 0:
            raise UsageError(f"LayerNorm needs eps above 0, not {self.eps}")

    def output_shape(self, shape: Shape) -> Shape:
        if shape[-1] < 2:
            raise UsageError(
                f"{self} needs 2 features or channels or more, not arrays of shape {shape}: a single one, less its own "
                "mean, is 0. Put it behind a layer with more outputs"
            )
        return shape

    def parameters(self, shape: Shape) -> Mapping[str, ParameterSpec]:
        channels = shape[-1:]
        return {"weight": ParameterSpec(channels, Constant(1.0)), "bias": ParameterSpec(channels, Constant(0.0))}

    def cache_arrays(self, shape: Shape) -> Mapping[str, ArraySpec]:
        return {"normal": ArraySpec(shape), "r": ArraySpec(shape[:-1])}

    def scratch_arrays(self, shape: Shape, *, training: bool) -> Mapping[str, Block]:
        return {"products": Block(images_per_block(shape), shape)}

    def forward(self, p: Any, x: Array, cache: Cache, *, training: bool, rng: Rng) -> Array:
        """A mean over C is a product with a vector of 1/C. In predicting, y is x̂ at first."""
        normal = cache.normal if training else cache.y
        mean_of = np.full_like(p.weight, 1 / x.shape[-1])
        for block in block_slices(len(x), len(cache.scratch.products)):
            rows, normals = _rows(x[block]), _rows(normal[block])
            squares = _rows(cache.scratch.products)[: len(rows)]
            np.subtract(rows, (rows @ mean_of)[:, np.newaxis], out=normals)
            r = 1 / np.sqrt(np.multiply(normals, normals, out=squares) @ mean_of + self.eps)
            normals *= r[:, np.newaxis]
            if training:
                cache.r[block] = r.reshape(cache.r[block].shape)
            channelwise.affine(normal[block], p.weight, p.bias, out=cache.y[block])
        return cache.y

    def backward(self, p: Any, g: Any, dy: Array, cache: Cache) -> None:
        g.weight.fill(0)
        g.bias.fill(0)
        for block in block_slices(len(dy), len(cache.scratch.products)):
            products = np.multiply(dy[block], cache.normal[block], out=cache.scratch.products[: len(dy[block])])
            g.weight += channelwise.channel_sum(products)
            g.bias += channelwise.channel_sum(dy[block])
            if cache.dx is not None:
                self._input_gradient(p, dy[block], products, cache, block)

    def _input_gradient(self, p: Any, dy: Array, products: Array, cache: Cache, block: slice) -> None:
        """Σ γ dy / C and Σ γ dy·x̂ / C are products with the vector γ / C; then x̂ becomes a + b x̂."""
        means_of, r = p.weight / dy.dtype.type(len(p.weight)), cache.r[block].reshape(-1, 1)
        a, b = (_rows(each) @ means_of for each in (dy, products))
        normals, dx = _rows(cache.normal[block]), _rows(cache.dx[block])
        normals *= b[:, np.newaxis]
        normals += a[:, np.newaxis]
        np.multiply(_rows(dy), p.weight, out=dx)
        dx -= normals
        dx *= r

    def absorb(self, arrays: Arrays, scale: Array, shift: Array) -> tuple[Layer, Arrays]:
        """s (γ x̂ + β) + t = (s γ) x̂ + (s β + t)."""
        return self, {"weight": arrays["weight"] * scale, "bias": arrays["bias"] * scale + shift}


def _rows(x: Array) -> Array:
    """x (N, …, C) as (rows, C), a view: what is normalised together is a row."""
    return x.reshape(-1, x.shape[-1])
