"""dx of a convolution: a convolution of dy, with each row of the kernel from right to left.

Tap j of the kernel's row saw a pixel from j places to its left. So the K places of dy around it, side by side, are
multiplied with the flipped row W[i] (K·O, C), and the product belongs i rows further down.

Where channels are few, C columns do not fill the processor's vectors. So T neighbouring pixels of dx are made at once,
from K + T − 1 places of dy. Their matrix (…, T·C) holds the flipped row T times, each a place further on, and zeros.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from inkling.nn.blocks import Block, images_per_block
from inkling.nn.convolution.geometry import Geometry
from inkling.nn.convolution.products import PATCH_BLOCK_SIZE, matrices, rows_per_product, side_by_side
from inkling.nn.layer import Array, Cache

VECTOR_NUMBERS = 16  # float32 numbers of a vector of AVX-512


@dataclass(frozen=True)
class InputGradient:
    """dx[i : i + H′] += dy_patches flipped(W)[i], for each row i of the kernel."""

    geometry: Geometry

    @cached_property
    def pixels(self) -> int:
        """T: neighbouring pixels of dx that are made at once, which divide W and fill vectors with the least work."""
        g = self.geometry

        def work(t: int) -> float:
            return (g.kernel + t - 1) * math.ceil(t * g.channels / VECTOR_NUMBERS) / t

        return min((t for t in range(1, g.width + 1) if g.width % t == 0), key=work)

    @cached_property
    def rows(self) -> int:
        """Rows of dy, as wide as x, that make one matrix product."""
        return rows_per_product(self.geometry, self.geometry.width * (self.geometry.kernel + self.pixels - 1))

    def scratch(self) -> Mapping[str, Block]:
        """The patches of dy, the product to add to dx, dy with its border, and dx with the border's rows."""
        g = self.geometry
        patches = (g.out_height, g.width // self.pixels, (g.kernel + self.pixels - 1) * g.out_channels)
        n = images_per_block(patches, PATCH_BLOCK_SIZE)
        arrays = {"dy_patches": Block(n, patches), "dx_part": Block(n, (g.out_height, g.width, g.channels))}
        arrays["dy_spaced"] = Block(n, (g.out_height, g.width + g.kernel - 1, g.out_channels))
        if g.padding:
            arrays["dx_border"] = Block(n, (g.padded_height, g.width, g.channels))
        return arrays

    def flipped(self, weight: Array) -> Array:
        """W (K, K, C, O) → (K, (K + T − 1)·O, T·C): row i of the kernel from right to left, T times."""
        g, t = self.geometry, self.pixels
        weights = np.zeros_like(weight, shape=(g.kernel, g.kernel + t - 1, g.out_channels, t, g.channels))
        for place in range(t):
            weights[:, place : place + g.kernel, :, place] = weight[:, ::-1].swapaxes(2, 3)
        return weights.reshape(g.kernel, -1, t * g.channels)

    def compute(self, flipped: Array, dy: Array, dx: Array, scratch: Cache) -> None:
        """Overwrite dx (n, H, W, C).

        The first S rows of the kernel reach different rows of dx and write them, the next rows add to what is there.
        """
        g, n = self.geometry, len(dy)
        seen = matrices(self._patches(dy, scratch), self.rows)
        target = scratch.dx_border[:n] if g.padding else dx
        target[:, g.stride * g.out_height :] = 0
        for i in range(max(g.kernel, g.stride)):
            reached = target[:, g.seen(i, g.out_height)]
            if i >= g.kernel:
                reached[...] = 0
            elif i < g.stride:
                np.matmul(seen, flipped[i], out=self._matrices(reached))
            else:
                part = scratch.dx_part[:n]
                np.matmul(seen, flipped[i], out=self._matrices(part))
                reached += part
        if g.padding:
            np.copyto(dx, target[:, g.padding : g.padding + g.height])

    def _patches(self, dy: Array, scratch: Cache) -> Array:
        """(n, H′, W / T, (K + T − 1)·O): dy side by side, with zeros around it and where a stride leaves pixels out."""
        g, spaced = self.geometry, scratch.dy_spaced[: len(dy)]
        spaced[:, :, g.seen(g.kernel - 1 - g.padding, g.out_width)] = dy
        return side_by_side(spaced, g.kernel + self.pixels - 1, self.pixels, scratch.dy_patches[: len(dy)])

    def _matrices(self, x: Array) -> Array:
        """x (n, H′, W, C) → (n, H′ / rows, rows · W / T, T·C), as a view."""
        n, height, width, channels = x.shape
        return matrices(x.reshape(n, height, width // self.pixels, self.pixels * channels), self.rows)
