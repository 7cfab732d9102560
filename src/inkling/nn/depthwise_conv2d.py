"""DepthwiseConv2d: a convolution of each channel by itself, with a kernel of its own.

As loops, on images x that have their border already:

    y = np.zeros((N, H′, W′, C))
    for h, w, i, j in np.ndindex(H′, W′, K, K):
        y[:, h, w] += x[:, S * h + i, S * w + j] * weight[i, j]      # (N, C) * (C,)
        dweight[i, j] += (x[:, S * h + i, S * w + j] * dy[:, h, w]).sum(axis=0)
        dx[:, S * h + i, S * w + j] += dy[:, h, w] * weight[i, j]

No sum runs over channels, so there is no matrix product in it. With windows[n, h, i, j, w] = x[n, S h + i, w + j], a
view of x in which windows overlap, y and dW for S = 1 are two calls of `np.einsum`, which multiplies and adds in one
pass, without an array of the products:

    y  = einsum("nhijwc,ijc->nhwc", windows, W)
    dW = einsum("nhijwc,nhwc->ijc", windows, dy)

It is fast where its innermost loop is long, and C is short. But all that one tap sees along a row lies side by side in
x, as it does in y and dy. So w and c are one axis, W is repeated for each w, and dW is summed over them at the end.

With S > 1, y is computed at every column from the first place to the last, and those between two places are left out;
in dy they are 0.

dx is again such a y, with S = 1. Its image is dy with S − 1 zeros between pixels and a border of K − 1 − P. Its kernel
is W from the last tap to the first: tap i sees row r of x from the place (r + P − i) / S.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from inkling.nn.blocks import Block, block_length, block_slices, images_per_block
from inkling.nn.channelwise import add_to_channels, channel_sum
from inkling.nn.convolution.geometry import Geometry, places_of
from inkling.nn.init import Constant, Fans, Initializer, KaimingNormal
from inkling.nn.layer import Array, Arrays, Cache, Layer, ParameterSpec, Rng, Shape, require_images
from inkling.nn.strided import einsum_into, strided


@dataclass(frozen=True, repr=False)
class DepthwiseConv2d(Layer):
    """Convolution of each channel c by itself, as `torch.nn.Conv2d` with groups=C. S = stride, P = padding.

    forward     y[h, w, c]  = Σᵢⱼ x[S h + i − P, S w + j − P, c] W[i, j, c] + b[c]          0 outside the image
    backward    dW[i, j, c] = Σ over n, h, w of x[S h + i − P, S w + j − P, c] dy[h, w, c]          db = Σ dy
                dx[S h + i − P, S w + j − P, c] += dy[h, w, c] W[i, j, c]

    x (N, H, W, C)   W (K, K, C)   b (C,)   y (N, H′, W′, C), H′ = (H + 2P − K) / S + 1 rounded down.
    Howard et al. 2017, "MobileNets: efficient convolutional neural networks for mobile vision applications", eq. 3.
    """

    kernel_size: int
    stride: int = 1
    padding: int = 0
    bias: bool = True
    init: Initializer = KaimingNormal()

    def output_shape(self, shape: Shape) -> Shape:
        require_images(self, shape)
        rows, columns = places_of(self, self.kernel_size, self.stride, self.padding, shape)
        return rows, columns, shape[2]

    def parameters(self, shape: Shape) -> Mapping[str, ParameterSpec]:
        k, c = self.kernel_size, shape[2]
        weight = {"weight": ParameterSpec((k, k, c), self.init, decayed=True, fans=Fans(k * k, k * k))}
        return weight | ({"bias": ParameterSpec((c,), Constant(0.0))} if self.bias else {})

    def scratch_arrays(self, shape: Shape, *, training: bool) -> Mapping[str, Shape | Block]:
        """W for each column, x with its border, y at all columns; in training, dy with zeros, W for dx, and dW."""
        g, n = _geometry(self, shape), _images(self, shape)
        kernel, columns = (g.kernel, g.kernel), _columns(g)
        arrays: dict[str, Shape | Block] = {"weights": (*kernel, columns * g.channels)}
        if g.padding:
            arrays["border"] = Block(n, (g.padded_height, g.padded_width, g.channels))
        if g.stride > 1:
            arrays["y_columns"] = Block(n, (g.out_height, columns, g.channels))
        if training:
            arrays["dy_spaced"] = Block(n, (g.height + g.kernel - 1, g.width + g.kernel - 1, g.channels))
            arrays["flipped"] = (*kernel, g.width * g.channels)
            arrays["dweights"] = arrays["weights"]
        return arrays

    def forward(self, p: Any, x: Array, cache: Cache, *, training: bool, rng: Rng) -> Array:
        cache.x, scratch, g = x, cache.scratch, _geometry(self, x.shape[1:])
        _repeat(p.weight, out=scratch.weights)
        for block in block_slices(len(x), block_length(x, _images(self, x.shape[1:]))):
            y = cache.y[block]
            y_columns = scratch.y_columns[: len(y)] if g.stride > 1 else y
            einsum_into(_lines(y_columns), "nhijx,ijx->nhx", _seen(x[block], g, scratch), scratch.weights)
            if g.stride > 1:
                y[...] = y_columns[:, :, :: g.stride]
            if self.bias:
                add_to_channels(y, p.bias)
        return cache.y

    def backward(self, p: Any, g: Any, dy: Array, cache: Cache) -> None:
        shape, scratch = cache.x.shape[1:], cache.scratch
        geometry, (height, width, channels) = _geometry(self, shape), shape
        g.weight.fill(0)
        if self.bias:
            g.bias.fill(0)
        if cache.dx is not None:
            _repeat(p.weight[::-1, ::-1], out=scratch.flipped)
        for block in block_slices(len(dy), block_length(dy, _images(self, shape))):
            spaced, dy_columns = _spaced(dy[block], geometry, scratch)
            einsum_into(scratch.dweights, "nhijx,nhx->ijx", _seen(cache.x[block], geometry, scratch), dy_columns)
            g.weight += np.add.reduce(scratch.dweights.reshape(*g.weight.shape[:2], -1, channels), axis=2)
            if self.bias:
                g.bias += channel_sum(dy[block])
            if cache.dx is not None:
                windows = _windows(spaced, self.kernel_size, height, width, stride=1)
                einsum_into(_lines(cache.dx[block]), "nhijx,ijx->nhx", windows, scratch.flipped)

    def absorb(self, arrays: Arrays, scale: Array, shift: Array) -> tuple[Layer, Arrays]:
        """s (x ∗ W + b) + t = x ∗ (s W) + (s b + t) for each channel: with a bias, where there was none."""
        bias = arrays["bias"] * scale + shift if self.bias else shift
        return dataclasses.replace(self, bias=True), {"weight": arrays["weight"] * scale, "bias": bias}


@lru_cache(maxsize=256)
def _geometry(layer: DepthwiseConv2d, shape: Shape) -> Geometry:
    (h, w, c), (out_h, out_w, _) = shape, layer.output_shape(shape)
    return Geometry(h, w, c, out_h, out_w, c, layer.kernel_size, layer.stride, layer.padding)


def _images(layer: DepthwiseConv2d, shape: Shape) -> int:
    """How many images make a block."""
    g = _geometry(layer, shape)
    return images_per_block((g.padded_height, g.padded_width, g.channels))


def _columns(g: Geometry) -> int:
    """The columns from the first place of the kernel to the last: S − 1 lie between two places."""
    return g.stride * (g.out_width - 1) + 1


def _repeat(weight: Array, out: Array) -> None:
    """Write W (K, K, C) into `out` (K, K, w·C), once for each of w columns."""
    out.reshape(*weight.shape[:2], -1, weight.shape[2])[...] = weight[:, :, np.newaxis]


def _lines(x: Array) -> Array:
    """x (n, H, W, C) as (n, H, W·C), a view."""
    return x.reshape(*x.shape[:2], -1)


def _windows(x: Array, kernel: int, rows: int, columns: int, stride: int) -> Array:
    """What each tap of the kernel sees of x (n, H, W, C), every S-th row: (n, rows, K, K, columns · C), a view."""
    image, row, column, channel = x.strides
    shape = (len(x), rows, kernel, kernel, columns * x.shape[3])
    return strided(x, shape, (image, stride * row, row, column, channel))


def _seen(x: Array, g: Geometry, scratch: Cache) -> Array:
    """What each tap sees of x with its border, from each row of places and each column."""
    padded = g.padded(x, scratch.border if g.padding else None)
    return _windows(padded, g.kernel, g.out_height, _columns(g), g.stride)


def _spaced(dy: Array, g: Geometry, scratch: Cache) -> tuple[Array, Array]:
    """dy with zeros between and around its pixels (n, H + K − 1, W + K − 1, C), and of it (n, H′, columns · C)."""
    spaced, start = scratch.dy_spaced[: len(dy)], g.kernel - 1 - g.padding
    rows = g.seen(start, g.out_height)
    spaced[:, rows, g.seen(start, g.out_width)] = dy
    return spaced, _lines(spaced)[:, rows, start * g.channels : (start + _columns(g)) * g.channels]
