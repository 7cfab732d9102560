"""What the ways to compute a convolution share: their methods, the size of a product, and views of their arrays."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from inkling.nn.blocks import Block
from inkling.nn.convolution.geometry import Geometry
from inkling.nn.layer import Array, Cache, Shape
from inkling.nn.strided import strided

PATCH_BLOCK_SIZE = 2**17  # numbers, half a megabyte: what is copied for the products of a block stays in an L2 cache

# OpenBLAS with AVX-512 takes matrices as they lie in memory, without packing them first, up to about so many
# multiplications of a product.
MOST_MULTIPLICATIONS = 1_000_000


@dataclass(frozen=True)
class Products(ABC):
    """A way to compute y and dW of one convolution, for as many images at a time as its scratch holds."""

    geometry: Geometry

    @abstractmethod
    def scratch(self, *, training: bool) -> Mapping[str, Shape | Block]:
        """Shapes by name; the first axis of `patches` is the number of images of a block."""

    @abstractmethod
    def forward(self, weight: Array, x: Array, y: Array, scratch: Cache) -> None:
        """Overwrite y (n, H′, W′, O), without the bias."""

    @abstractmethod
    def add_weight_gradient(self, x: Array, dy: Array, dweight: Array, scratch: Cache) -> None:
        """Add to dweight (K, K, C, O) what these images contribute."""


def rows_per_product(geometry: Geometry, pixels: int) -> int:
    """How many of the H′ rows, for each of which so many pixels of C channels are multiplied, make one product."""
    if geometry.stride > 1:
        return 1  # the rows that the kernel sees do not lie next to each other
    most = MOST_MULTIPLICATIONS // (pixels * geometry.channels * geometry.out_channels)
    height = geometry.out_height
    return max((h for h in range(1, height + 1) if h <= most and height % h == 0), default=1)


def side_by_side(x: Array, pixels: int, step: int, out: Array) -> Array:
    """Write x (n, H, W, C) into out (n, H, W′, pixels · C): neighbouring pixels of a row, from every `step`-th on.

    It is one copy, from a view of x in which the pixels of neighbouring places overlap.
    """
    n, height, places, channels = *out.shape[:3], x.shape[3]
    image, row, column, channel = x.strides
    shape, strides = (n, height, places, pixels, channels), (image, row, column * step, column, channel)
    np.copyto(out.reshape(shape), strided(x, shape, strides))
    return out


def matrices(x: Array, rows: int) -> Array:
    """x (n, H′, W, F) → (n, H′ / rows, rows · W, F): the matrices that are multiplied, as a view."""
    n, height, width, features = x.shape
    return x if rows == 1 else x.reshape(n, height // rows, rows * width, features)
