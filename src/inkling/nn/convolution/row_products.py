"""y and dW of a convolution as K matrix products that are added up, one for each row of the kernel.

Row i of a K×K kernel looks along the rows of the image alone. The K pixels that it sees from one place, side by side,
are K·C numbers: a row of `patches`. The patches times W[i] (K·C, O), taken i rows further down, are its part of y. So K
pixels are copied for each place, where im2col copies K².
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from inkling.nn.blocks import Block, images_per_block
from inkling.nn.convolution.products import PATCH_BLOCK_SIZE, Products, matrices, rows_per_product, side_by_side
from inkling.nn.layer import Array, Cache, Shape


@dataclass(frozen=True)
class RowProducts(Products):
    """y = Σᵢ patches[i : i + H′] W[i]          dW[i] = patches[i : i + H′]ᵀ dy"""

    @cached_property
    def rows(self) -> int:
        """Rows of y, or of dy, that make one matrix product."""
        return rows_per_product(self.geometry, self.geometry.out_width * self.geometry.kernel)

    def scratch(self, *, training: bool) -> Mapping[str, Shape | Block]:
        """The patches, the product to add to y, the images with their border, and the parts of dW[i]."""
        g = self.geometry
        patches = (g.padded_height, g.out_width, g.kernel * g.channels)
        n = images_per_block(patches, PATCH_BLOCK_SIZE)
        arrays = {"patches": Block(n, patches), "y_part": Block(n, (g.out_height, g.out_width, g.out_channels))}
        if g.padding:
            arrays["border"] = Block(n, (g.padded_height, g.padded_width, g.channels))
        if training:
            arrays["dweight_parts"] = Block(n, (g.out_height // self.rows, g.kernel * g.channels, g.out_channels))
        return arrays

    def forward(self, weight: Array, x: Array, y: Array, scratch: Cache) -> None:
        g, weights = self.geometry, weight.reshape(self.geometry.kernel, -1, self.geometry.out_channels)
        patches = self._patches(x, scratch)
        total, part = matrices(y, self.rows), matrices(scratch.y_part[: len(x)], self.rows)
        for i in range(g.kernel):
            seen = matrices(patches[:, g.seen(i, g.out_height)], self.rows)
            if i == 0:
                np.matmul(seen, weights[i], out=total)
            else:
                total += np.matmul(seen, weights[i], out=part)

    def add_weight_gradient(self, x: Array, dy: Array, dweight: Array, scratch: Cache) -> None:
        g, patches, parts = self.geometry, self._patches(x, scratch), scratch.dweight_parts[: len(x)]
        for i in range(g.kernel):
            seen, of_row = patches[:, g.seen(i, g.out_height)], dweight[i].reshape(-1, g.out_channels)
            if g.out_height * g.out_width < g.out_channels:  # to copy the patches costs less than a product per image
                of_row += seen.reshape(-1, len(of_row)).T @ dy.reshape(-1, g.out_channels)
            else:
                np.matmul(matrices(seen, self.rows).swapaxes(2, 3), matrices(dy, self.rows), out=parts)
                of_row += np.add.reduce(parts.reshape(-1, *of_row.shape), axis=0)

    def _patches(self, x: Array, scratch: Cache) -> Array:
        """(n, H + 2P, W′, K·C): for each row of the image and each place of the kernel on it, the K pixels it sees."""
        g = self.geometry
        x = g.padded(x, scratch.border if g.padding else None)
        return side_by_side(x, g.kernel, g.stride, scratch.patches[: len(x)])
