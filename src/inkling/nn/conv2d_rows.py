"""Convolution row by row of the kernel: K matrix products that are added up.

Row i of a K×K kernel looks along the rows of the image alone. Put the K pixels that it sees side by side, K·C numbers
for each place, and it is one product with W[i] (K·C, O), taken i rows further down. So K pixels are copied for each
place, where im2col copies K². The gradient of x is the same thing again: the kernel's row turned round, over dy.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from inkling.nn.blocks import images_a_block
from inkling.nn.conv2d_geometry import Geometry, padded
from inkling.nn.layer import Array, Cache, Shape

BLOCK = 2**17  # numbers put side by side at a time: half a megabyte


def scratch(geometry: Geometry, *, training: bool) -> Mapping[str, Shape]:
    """For the pixels that the kernel sees, for a product to be added, for its border, and for partial dW."""
    g = geometry
    seen = (g.padded_height, g.out_width, g.kernel * g.channels)
    n = images_a_block(seen, BLOCK)
    arrays = {"seen": (n, *seen), "part": (n, g.out_height, g.out_width, g.out_channels)}
    if g.padding:
        arrays["border"] = (n, g.padded_height, g.padded_width, g.channels)
    if training:
        products = g.out_height // g.rows_forward
        arrays["products"] = (n, products, g.kernel * g.channels, g.out_channels)
    return arrays


def input_gradient_scratch(geometry: Geometry) -> Mapping[str, Shape]:
    """The same for dx."""
    g = geometry
    seen = (g.out_height, g.width // g.places_backward, (g.kernel + g.places_backward - 1) * g.out_channels)
    n = images_a_block(seen, BLOCK)
    arrays = {"dy_seen": (n, *seen), "dx_part": (n, g.out_height, g.width, g.channels)}
    arrays["dy_spaced"] = (n, g.out_height, g.width + g.kernel - 1, g.out_channels)
    if g.padding:
        arrays["dx_border"] = (n, g.padded_height, g.width, g.channels)
    return arrays


def forward(geometry: Geometry, weight: Array, x: Array, y: Array, scratch: Cache) -> None:
    """Overwrite y (n, H′, W′, O), without the bias."""
    weights = weight.reshape(geometry.kernel, -1, geometry.out_channels)
    rows = geometry.rows_forward
    seen = _seen(geometry, x, scratch)
    total, part = _tiles(y, rows), _tiles(scratch.part[: len(x)], rows)
    for i in range(geometry.kernel):
        pixels = _tiles(seen[:, geometry.seen(i, geometry.out_height)], rows)
        if i == 0:
            np.matmul(pixels, weights[i], out=total)
        else:
            total += np.matmul(pixels, weights[i], out=part)


def add_weight_gradient(geometry: Geometry, x: Array, dy: Array, dweight: Array, scratch: Cache) -> None:
    """Add to dweight (K, K, C, O) what these images contribute."""
    g, seen, products = geometry, _seen(geometry, x, scratch), scratch.products[: len(x)]
    for i in range(g.kernel):
        pixels, of_row = seen[:, g.seen(i, g.out_height)], dweight[i].reshape(-1, g.out_channels)
        if g.out_height * g.out_width < g.out_channels:  # a copy of the pixels is less than a product for each image
            of_row += pixels.reshape(-1, len(of_row)).T @ dy.reshape(-1, g.out_channels)
        else:
            np.matmul(_tiles(pixels, g.rows_forward).swapaxes(2, 3), _tiles(dy, g.rows_forward), out=products)
            of_row += np.add.reduce(products.reshape(-1, *of_row.shape), axis=0)


def flipped(geometry: Geometry, weight: Array) -> Array:
    """W (K, K, C, O) as the gradient of x needs it: (K, (K + T − 1)·O, T·C), each row of the kernel from right to left.

    T neighbouring pixels of x are made at once: the row stands there T times, each time a pixel further on, and zeros.
    """
    g, t = geometry, geometry.places_backward
    weights = np.zeros((g.kernel, g.kernel + t - 1, g.out_channels, t, g.channels), weight.dtype)
    for place in range(t):
        weights[:, place : place + g.kernel, :, place] = weight[:, ::-1].swapaxes(2, 3)
    return weights.reshape(g.kernel, -1, t * g.channels)


def input_gradient(geometry: Geometry, weights: Array, dy: Array, dx: Array, scratch: Cache) -> None:
    """Overwrite dx (n, H, W, C), from the `flipped` weights.

    The first S rows of the kernel reach different rows of dx and write them, the others add to what is there.
    """
    g, n, rows = geometry, len(dy), geometry.rows_backward
    seen = _tiles(_dy_seen(geometry, dy, scratch), rows)
    target = scratch.dx_border[:n] if g.padding else dx
    target[:, g.stride * g.out_height :] = 0
    for i in range(max(g.kernel, g.stride)):
        reached = target[:, g.seen(i, g.out_height)]
        if i >= g.kernel:
            reached[...] = 0
        elif i < g.stride:
            np.matmul(seen, weights[i], out=_tiles(_grouped(reached, g.places_backward), rows))
        else:
            part = scratch.dx_part[:n]
            np.matmul(seen, weights[i], out=_tiles(_grouped(part, g.places_backward), rows))
            reached += part
    if g.padding:
        np.copyto(dx, target[:, g.padding : g.padding + g.height])


def _seen(geometry: Geometry, x: Array, scratch: Cache) -> Array:
    """(n, H + 2P, W′, K·C): for each row of the image and each place of the kernel on it, the K pixels it sees."""
    x = padded(x, geometry, scratch.border if geometry.padding else None)
    return _side_by_side(x, geometry.kernel, geometry.stride, scratch.seen[: len(x)])


def _dy_seen(geometry: Geometry, dy: Array, scratch: Cache) -> Array:
    """(n, H′, W / T, (K + T − 1)·O): the same for dy, with zeros around it and where a stride leaves pixels out."""
    spaced = scratch.dy_spaced[: len(dy)]
    spaced[:, :, geometry.seen(geometry.kernel - 1 - geometry.padding, geometry.out_width)] = dy
    t = geometry.places_backward
    return _side_by_side(spaced, geometry.kernel + t - 1, t, scratch.dy_seen[: len(dy)])


def _side_by_side(x: Array, kernel: int, stride: int, out: Array) -> Array:
    """x (n, H, W, C) → out (n, H, W′, K·C), in one copy from a view where pixels overlap."""
    n, height, width, channels = *out.shape[:3], x.shape[3]
    image, row, column, channel = x.strides
    shape, strides = (n, height, width, kernel, channels), (image, row, column * stride, column, channel)
    np.copyto(out.reshape(shape), np.ndarray(shape, x.dtype, x, 0, strides))
    return out


def _grouped(x: Array, pixels: int) -> Array:
    """x (n, H′, W, C) → (n, H′, W / T, T·C), as a view."""
    n, height, width, channels = x.shape
    return x.reshape(n, height, width // pixels, pixels * channels)


def _tiles(x: Array, rows: int) -> Array:
    """x (n, H′, W, F) → (n, H′ / rows, rows · W, F): the matrices of the products, as a view."""
    n, height, width, features = x.shape
    return x if rows == 1 else x.reshape(n, height // rows, rows * width, features)
