"""Convolution of images with one channel: all K² pixels that a kernel sees, and one matrix product (im2col).

A row of such a kernel would be a product of K numbers, too few to be worth one. The pixels that one tap sees lie
together, (n, K², H′, W′), so they are copied in runs as long as a row.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from inkling.nn.blocks import images_a_block
from inkling.nn.conv2d_geometry import Geometry, padded
from inkling.nn.layer import Array, Cache, Shape

BLOCK = 2**18  # numbers that a block sees, or gives: a megabyte


def scratch(geometry: Geometry, *, training: bool) -> Mapping[str, Shape]:
    g, taps = geometry, geometry.kernel**2
    n = images_a_block((g.out_height, g.out_width, max(taps, g.out_channels)), BLOCK)
    arrays: dict[str, Shape] = {"seen": (n, taps, g.out_height, g.out_width)}
    if g.padding:
        arrays["border"] = (n, g.padded_height, g.padded_width, 1)
    if training:
        arrays["products"] = (n, taps, g.out_channels)
    return arrays


def forward(geometry: Geometry, weight: Array, x: Array, y: Array, scratch: Cache) -> None:
    """Overwrite y (n, H′, W′, O), without the bias."""
    pixels = _seen(geometry, x, scratch).swapaxes(1, 2)
    np.matmul(pixels, weight.reshape(-1, geometry.out_channels), out=y.reshape(len(x), -1, geometry.out_channels))


def add_weight_gradient(geometry: Geometry, x: Array, dy: Array, dweight: Array, scratch: Cache) -> None:
    """Add to dweight (K, K, 1, O) what these images contribute."""
    products = scratch.products[: len(x)]
    np.matmul(_seen(geometry, x, scratch), dy.reshape(len(x), -1, geometry.out_channels), out=products)
    dweight += np.add.reduce(products, axis=0).reshape(dweight.shape)


def _seen(geometry: Geometry, x: Array, scratch: Cache) -> Array:
    """(n, K², H′·W′): for each tap of the kernel, the pixel that it sees at each place."""
    x = padded(x, geometry, scratch.border if geometry.padding else None)[..., 0]
    seen = scratch.seen[: len(x)]
    for tap in range(geometry.kernel**2):
        i, j = divmod(tap, geometry.kernel)
        seen[:, tap] = x[:, geometry.seen(i, geometry.out_height), geometry.seen(j, geometry.out_width)]
    return seen.reshape(*seen.shape[:2], -1)
