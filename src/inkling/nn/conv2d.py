"""Conv2d: kernels that look at small squares of the image, the same everywhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType
from typing import Any

import numpy as np

from inkling.errors import UsageError
from inkling.nn import conv2d_columns, conv2d_rows
from inkling.nn.blocks import blocks, per_channel, repeated, rows_of
from inkling.nn.conv2d_geometry import Geometry
from inkling.nn.init import Constant, Initializer, KaimingNormal
from inkling.nn.layer import Array, Cache, Layer, ParameterSpec, Rng, Shape, require_images

MOST_CHANNELS = 2**16
MOST_PIXELS = 2**10  # of a kernel or a stride; with more, NumPy could not count the numbers of a layer


@dataclass(frozen=True, repr=False)
class Conv2d(Layer):
    """Convolution, as everybody calls the cross-correlation with learnt kernels. S = stride, P = padding.

    forward     y[h, w]  = Σᵢⱼ x[S h + i − P, S w + j − P] W[i, j] + b             0 outside the image
    backward    dW[i, j] = Σ over n, h, w of x[S h + i − P, S w + j − P]ᵀ dy[h, w]          db = Σ dy
                dx[S h + i − P, S w + j − P] += dy[h, w] W[i, j]ᵀ

    x (N, H, W, C)   W (K, K, C, O)   b (O,)   y (N, H′, W′, O), H′ = (H + 2P − K) / S + 1 rounded down.
    How it is computed: conv2d_rows.py, and conv2d_columns.py for images with one channel.
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
        if not (1 <= self.kernel_size <= MOST_PIXELS and 1 <= self.stride <= MOST_PIXELS):
            raise UsageError(f"{self} needs a kernel_size and a stride from 1 to {MOST_PIXELS}")
        if not 0 <= self.padding < self.kernel_size:
            raise UsageError(f"{self} needs a padding from 0 to below kernel_size: further out it sees only zeros")
        rows, columns = (size + 2 * self.padding - self.kernel_size for size in shape[:2])
        if min(rows, columns) < 0:
            raise UsageError(f"{self} is larger than the images that it is given, {shape[0]}×{shape[1]} pixels")
        return rows // self.stride + 1, columns // self.stride + 1, self.out_channels

    def parameters(self, shape: Shape) -> Mapping[str, ParameterSpec]:
        k, o = self.kernel_size, self.out_channels
        weight = {"weight": ParameterSpec((k, k, shape[2], o), self.init, decayed=True)}
        return weight | ({"bias": ParameterSpec((o,), Constant(0.0))} if self.bias else {})

    def scratch(self, shape: Shape, *, training: bool) -> Mapping[str, Shape]:
        geometry = _geometry(self, shape)
        arrays = _kernels(geometry).scratch(geometry, training=training)
        return arrays | (conv2d_rows.input_gradient_scratch(geometry) if training else {})

    def forward(self, p: Any, x: Array, cache: Cache, *, training: bool, rng: Rng) -> Array:
        cache.x = x
        geometry = _geometry(self, x.shape[1:])
        for block in blocks(len(x), len(cache.scratch.seen)):
            _kernels(geometry).forward(geometry, p.weight, x[block], cache.y[block], cache.scratch)
            if self.bias:
                rows = rows_of(cache.y[block])
                rows += repeated(p.bias, rows.shape[1])
        return cache.y

    def backward(self, p: Any, g: Any, dy: Array, cache: Cache) -> None:
        x, scratch = cache.x, cache.scratch
        geometry = _geometry(self, x.shape[1:])
        g.weight.fill(0)
        if self.bias:
            g.bias.fill(0)
        for block in blocks(len(x), len(scratch.seen)):
            _kernels(geometry).add_weight_gradient(geometry, x[block], dy[block], g.weight, scratch)
            if self.bias:
                g.bias += per_channel(np.add.reduce(rows_of(dy[block]), axis=0), self.out_channels)
        if cache.dx is not None:
            flipped = conv2d_rows.flipped(geometry, p.weight)
            for block in blocks(len(x), len(scratch.dy_seen)):
                conv2d_rows.input_gradient(geometry, flipped, dy[block], cache.dx[block], scratch)


@lru_cache(maxsize=256)
def _geometry(layer: Conv2d, shape: Shape) -> Geometry:
    (h, w, c), (out_h, out_w, o) = shape, layer.output_shape(shape)
    return Geometry(h, w, c, out_h, out_w, o, layer.kernel_size, layer.stride, layer.padding)


def _kernels(geometry: Geometry) -> ModuleType:
    return conv2d_columns if geometry.channels == 1 else conv2d_rows
