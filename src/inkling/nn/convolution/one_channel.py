"""y and dW of a convolution of images with one channel: im2col, T places of the kernel at a time.

With C = 1 a row of the kernel would be a product of K numbers, too few to be worth one. Even all K² numbers give a
matrix with as few columns as there are kernels. So T neighbouring places of the kernel are taken as one. They see K
rows of (T − 1) S + K pixels, and give T·O numbers through a matrix that holds the kernel T times, each S pixels further
right, and zeros elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from inkling.nn.blocks import Block, images_per_block
from inkling.nn.convolution.products import PATCH_BLOCK_SIZE, Products
from inkling.nn.layer import Array, Cache, Shape
from inkling.nn.strided import strided

LEAST_COLUMNS = 64  # From so many columns on a product is worth the zeros in its matrix.


@dataclass(frozen=True)
class OneChannelProducts(Products):
    """y = patches W′          dW′ = patchesᵀ dy, with the kernel T times in W′ (K·span, T·O)"""

    @cached_property
    def places(self) -> int:
        """T: the least number of places that divides W′ and gives LEAST_COLUMNS columns, or W′."""
        width, out_channels = self.geometry.out_width, self.geometry.out_channels
        wide = (t for t in range(1, width) if width % t == 0 and t * out_channels >= LEAST_COLUMNS)
        return next(wide, width)

    @property
    def span(self) -> int:
        """Pixels of a row that the kernel sees from T places."""
        return (self.places - 1) * self.geometry.stride + self.geometry.kernel

    def scratch(self, *, training: bool) -> Mapping[str, Shape | Block]:
        """The patches, W′, the images with their border, and dW′ of each image."""
        g = self.geometry
        patches = (g.out_height * g.out_width // self.places, g.kernel * self.span)
        of_y = (g.out_height, g.out_width, g.out_channels)
        n = min(images_per_block(shape, PATCH_BLOCK_SIZE) for shape in (patches, of_y))
        arrays: dict[str, Shape | Block] = {
            "patches": Block(n, patches),
            "weights": (g.kernel, self.span, self.places, g.out_channels),
        }
        if g.padding:
            arrays["border"] = Block(n, (g.padded_height, g.padded_width, 1))
        if training:
            arrays["dweight_parts"] = Block(n, (g.kernel * self.span, self.places * g.out_channels))
        return arrays

    def forward(self, weight: Array, x: Array, y: Array, scratch: Cache) -> None:
        g = self.geometry
        weights = scratch.weights  # zero wherever no kernel stands
        for t in range(self.places):
            weights[:, t * g.stride : t * g.stride + g.kernel, t] = weight[:, :, 0]
        patches = self._patches(x, scratch)
        np.matmul(patches, weights.reshape(patches.shape[2], -1), out=y.reshape(*patches.shape[:2], -1))

    def add_weight_gradient(self, x: Array, dy: Array, dweight: Array, scratch: Cache) -> None:
        g, patches = self.geometry, self._patches(x, scratch)
        parts = scratch.dweight_parts[: len(x)]
        np.matmul(patches.swapaxes(1, 2), dy.reshape(*patches.shape[:2], -1), out=parts)
        total = np.add.reduce(parts, axis=0).reshape(g.kernel, -1, self.places, g.out_channels)
        for t in range(self.places):
            dweight[:, :, 0] += total[:, t * g.stride : t * g.stride + g.kernel, t]

    def _patches(self, x: Array, scratch: Cache) -> Array:
        """(n, H′·W′ / T, K·span): what is seen from each T places."""
        g = self.geometry
        x = g.padded(x, scratch.border if g.padding else None)
        patches = scratch.patches[: len(x)]
        shape = (len(x), g.out_height, g.out_width // self.places, g.kernel, self.span)
        image, row, column, _ = x.strides
        strides = (image, row * g.stride, column * g.stride * self.places, row, column)
        np.copyto(patches.reshape(shape), strided(x, shape, strides))
        return patches
