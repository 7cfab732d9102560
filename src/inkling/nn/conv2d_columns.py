"""Convolution of images with one channel: what the kernel sees in one row of a matrix (im2col), T places at a time.

A kernel row would be a product of K numbers, too few to be worth one. Even all K² give as few columns as there are
kernels. So T neighbouring places of the kernel are one: they see K rows of (T − 1) S + K pixels, and give T·O numbers
through a matrix that holds the kernel T times, each S pixels further right, and zeros elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from inkling.nn.blocks import images_a_block
from inkling.nn.conv2d_geometry import Geometry, padded
from inkling.nn.layer import Array, Cache, Shape

BLOCK = 2**17  # numbers that a block sees, or gives: half a megabyte


def scratch(geometry: Geometry, *, training: bool) -> Mapping[str, Shape]:
    g, places = geometry, geometry.places_forward
    seen = (g.out_height * g.out_width // places, g.kernel * g.span)
    n = min(images_a_block(seen, BLOCK), images_a_block((g.out_height, g.out_width, g.out_channels), BLOCK))
    arrays: dict[str, Shape] = {"seen": (n, *seen)}
    if g.padding:
        arrays["border"] = (n, g.padded_height, g.padded_width, 1)
    if training:
        arrays["products"] = (n, g.kernel * g.span, places * g.out_channels)
    return arrays


def forward(geometry: Geometry, weight: Array, x: Array, y: Array, scratch: Cache) -> None:
    """Overwrite y (n, H′, W′, O), without the bias."""
    places, kernel = geometry.places_forward, geometry.kernel
    repeated = np.zeros((kernel, geometry.span, places, geometry.out_channels), weight.dtype)
    for t in range(places):
        repeated[:, t * geometry.stride : t * geometry.stride + kernel, t] = weight[:, :, 0]
    seen = _seen(geometry, x, scratch)
    np.matmul(seen, repeated.reshape(seen.shape[2], -1), out=y.reshape(*seen.shape[:2], -1))


def add_weight_gradient(geometry: Geometry, x: Array, dy: Array, dweight: Array, scratch: Cache) -> None:
    """Add to dweight (K, K, 1, O) what these images contribute."""
    places, kernel, seen = geometry.places_forward, geometry.kernel, _seen(geometry, x, scratch)
    products = np.matmul(seen.swapaxes(1, 2), dy.reshape(*seen.shape[:2], -1), out=scratch.products[: len(x)])
    total = np.add.reduce(products, axis=0).reshape(kernel, -1, places, geometry.out_channels)
    for t in range(places):
        dweight[:, :, 0] += total[:, t * geometry.stride : t * geometry.stride + kernel, t]


def _seen(geometry: Geometry, x: Array, scratch: Cache) -> Array:
    """(n, H′·W′ / T, K·span): what is seen from each T places."""
    x = padded(x, geometry, scratch.border if geometry.padding else None)
    seen, places = scratch.seen[: len(x)], geometry.places_forward
    shape = (len(x), geometry.out_height, geometry.out_width // places, geometry.kernel, geometry.span)
    image, row, column, _ = x.strides
    strides = (image, row * geometry.stride, column * geometry.stride * places, row, column)
    np.copyto(seen.reshape(shape), np.ndarray(shape, x.dtype, x, 0, strides))
    return seen
