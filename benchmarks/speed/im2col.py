"""Convolution by im2col: the pixels that the kernel covers at each place become a row of a matrix product."""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from inkling.nn import Conv2d
from inkling.nn.blocks import aligned
from inkling.nn.convolution.products import MOST_MULTIPLICATIONS
from inkling.nn.layer import Array

BLOCK_IMAGES = 4  # images per product, as in `Conv2d`, so that the columns stay in the cache


class Im2col:
    """The K² pixels that the kernel covers at each place, in products as small as those of `Conv2d`.

    dx is the convolution of dy, with a border of zeros, by the flipped kernel.
    """

    def __init__(self, layer: Conv2d, x: Array, dy: Array, weight: Array, *, needs_dx: bool) -> None:
        self.layer, self.dy, self.weight, self.needs_dx = layer, dy, weight, needs_dx
        p, k = layer.padding, layer.kernel_size
        self.x = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
        self.y, self.dx = aligned(dy.shape, np.float32), aligned(self.x.shape, np.float32)
        self.columns = aligned((BLOCK_IMAGES, *dy.shape[1:3], k, k, x.shape[3]), np.float32)
        self.dy_columns = aligned((BLOCK_IMAGES, *self.x.shape[1:3], k, k, dy.shape[3]), np.float32)
        rows, pixels = (length + 2 * (k - 1) for length in dy.shape[1:3])
        self.padded_dy = aligned((BLOCK_IMAGES, rows, pixels, dy.shape[3]), np.float32)

    def _columns(self, x: Array, stride: int, out: Array) -> Array:
        """(n, H′, W′, K·K·C), cut into matrices of whole rows of pixels."""
        k = self.layer.kernel_size
        windows = sliding_window_view(x, (k, k), axis=(1, 2))[:, ::stride, ::stride]
        np.copyto(out, windows.transpose(0, 1, 2, 4, 5, 3))
        n, height, width = out.shape[:3]
        rows = _rows(height, width * self.weight.size)
        return out.reshape(n, height // rows, rows * width, -1)

    def forward(self) -> Array:
        weight = self.weight.reshape(-1, self.layer.out_channels)
        for start in range(0, len(self.x), BLOCK_IMAGES):
            block = slice(start, start + BLOCK_IMAGES)
            columns = self._columns(self.x[block], self.layer.stride, self.columns)
            np.matmul(columns, weight, out=self.y[block].reshape(*columns.shape[:3], -1))
        return self.y

    def backward(self) -> tuple[Array, Array | None]:
        k, o = self.layer.kernel_size, self.layer.out_channels
        flipped = np.ascontiguousarray(self.weight[::-1, ::-1].swapaxes(2, 3)).reshape(k * k * o, -1)
        dweight = np.zeros_like(self.weight).reshape(-1, o)
        for start in range(0, len(self.x), BLOCK_IMAGES):
            block = slice(start, start + BLOCK_IMAGES)
            columns = self._columns(self.x[block], self.layer.stride, self.columns)
            products = columns.swapaxes(2, 3) @ self.dy[block].reshape(*columns.shape[:3], o)
            dweight += np.add.reduce(products, axis=(0, 1))
            if self.needs_dx:
                self.padded_dy[:, k - 1 : 1 - k, k - 1 : 1 - k] = self.dy[block]
                dy_columns = self._columns(self.padded_dy, 1, self.dy_columns)
                np.matmul(dy_columns, flipped, out=self.dx[block].reshape(*dy_columns.shape[:3], -1))
        return dweight.reshape(self.weight.shape), self.dx if self.needs_dx else None


def _rows(height: int, multiplications_per_row: int) -> int:
    """Rows of pixels per product: a divisor of `height`, with at most MOST_MULTIPLICATIONS each."""
    return max(
        (h for h in range(1, height + 1) if height % h == 0 and h * multiplications_per_row <= MOST_MULTIPLICATIONS),
        default=1,
    )
