"""Conv2d: kernels that look at small squares of the image, the same everywhere.

As loops, on images x that have their border already:

    y = np.zeros((N, H′, W′, O))
    for h, w, i, j in np.ndindex(H′, W′, K, K):
        y[:, h, w] += x[:, S * h + i, S * w + j] @ weight[i, j]      # (N, C) @ (C, O)
        dweight[i, j] += x[:, S * h + i, S * w + j].T @ dy[:, h, w]
        dx[:, S * h + i, S * w + j] += dy[:, h, w] @ weight[i, j].T

The package `convolution` beside this file computes the same in few large products. docs/convolution.md gets there from
loops like these.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from inkling.errors import UsageError
from inkling.nn.blocks import Block, block_slices
from inkling.nn.channelwise import add_to_channels, channel_sum
from inkling.nn.convolution.geometry import Geometry, places_of
from inkling.nn.convolution.input_gradient import InputGradient
from inkling.nn.convolution.one_channel import OneChannelProducts
from inkling.nn.convolution.products import Products
from inkling.nn.convolution.row_products import RowProducts
from inkling.nn.init import Constant, Fans, Initializer, KaimingNormal
from inkling.nn.layer import Array, Arrays, Cache, Layer, ParameterSpec, Rng, Shape, require_images

MOST_CHANNELS = 2**16  # A layer with more output channels could have more weights than NumPy can count.


@dataclass(frozen=True, repr=False)
class Conv2d(Layer):
    """Convolution, as the field calls the cross-correlation with learnt kernels. S = stride, P = padding.

    forward     y[h, w]  = Σᵢⱼ x[S h + i − P, S w + j − P] W[i, j] + b             0 outside the image
    backward    dW[i, j] = Σ over n, h, w of x[S h + i − P, S w + j − P]ᵀ dy[h, w]          db = Σ dy
                dx[S h + i − P, S w + j − P] += dy[h, w] W[i, j]ᵀ

    x (N, H, W, C)   W (K, K, C, O)   b (O,)   y (N, H′, W′, O), H′ = (H + 2P − K) / S + 1 rounded down.
    """

    out_channels: int
    kernel_size: int
    stride: int = 1
    padding: int = 0
    bias: bool = True
    init: Initializer = KaimingNormal()

    def output_shape(self, shape: Shape) -> Shape:
        require_images(self, shape)
        if not 1 <= self.out_channels <= MOST_CHANNELS:
            raise UsageError(f"{self} needs at least one output channel, and takes no more than {MOST_CHANNELS}")
        rows, columns = places_of(self, self.kernel_size, self.stride, self.padding, shape)
        return rows, columns, self.out_channels

    def parameters(self, shape: Shape) -> Mapping[str, ParameterSpec]:
        k, c, o = self.kernel_size, shape[2], self.out_channels
        fans = Fans(k * k * c, k * k * o)
        weight = {"weight": ParameterSpec((k, k, c, o), self.init, decayed=True, fans=fans, is_matrix=True)}
        return weight | ({"bias": ParameterSpec((o,), Constant(0.0))} if self.bias else {})

    def scratch_arrays(self, shape: Shape, *, training: bool) -> Mapping[str, Shape | Block]:
        products, input_gradient = _ways(self, shape)
        arrays = products.scratch(training=training)
        return {**arrays, **input_gradient.scratch()} if training else arrays

    def forward(self, p: Any, x: Array, cache: Cache, *, training: bool, rng: Rng) -> Array:
        cache.x = x
        products, _ = _ways(self, x.shape[1:])
        for block in block_slices(len(x), len(cache.scratch.patches)):
            products.forward(p.weight, x[block], cache.y[block], cache.scratch)
            if self.bias:
                add_to_channels(cache.y[block], p.bias)
        return cache.y

    def backward(self, p: Any, g: Any, dy: Array, cache: Cache) -> None:
        x, scratch = cache.x, cache.scratch
        products, input_gradient = _ways(self, x.shape[1:])
        g.weight.fill(0)
        if self.bias:
            g.bias.fill(0)
        for block in block_slices(len(x), len(scratch.patches)):
            products.add_weight_gradient(x[block], dy[block], g.weight, scratch)
            if self.bias:
                g.bias += channel_sum(dy[block])
        if cache.dx is not None:
            flipped = input_gradient.flipped(p.weight)
            for block in block_slices(len(x), len(scratch.dy_patches)):
                input_gradient.compute(flipped, dy[block], cache.dx[block], scratch)

    def absorb(self, arrays: Arrays, scale: Array, shift: Array) -> tuple[Layer, Arrays]:
        """s (x ∗ W + b) + t = x ∗ (s W) + (s b + t): with a bias, where there was none."""
        bias = arrays["bias"] * scale + shift if self.bias else shift
        return dataclasses.replace(self, bias=True), {"weight": arrays["weight"] * scale, "bias": bias}


@lru_cache(maxsize=256)
def _ways(layer: Conv2d, shape: Shape) -> tuple[Products, InputGradient]:
    """How y and dW, and how dx of images of this shape are computed."""
    (h, w, c), (out_h, out_w, o) = shape, layer.output_shape(shape)
    geometry = Geometry(h, w, c, out_h, out_w, o, layer.kernel_size, layer.stride, layer.padding)
    products = OneChannelProducts(geometry) if c == 1 else RowProducts(geometry)
    return products, InputGradient(geometry)
