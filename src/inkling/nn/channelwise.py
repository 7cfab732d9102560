"""Sums and affine maps for each channel of arrays (N, …, C), block by block and along strips.

NumPy is slow along short axes, and C is short. A strip is a run of some thousand numbers, several rows of pixels, in
which the channels come again and again: an array is seen as (strips, numbers), and what there is for each channel is
repeated along a strip. The caller provides scratch, the `block`.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from inkling.nn.blocks import BLOCK_SIZE, Block, block_length, block_slices
from inkling.nn.layer import Array, Shape

MOST_STRIP_NUMBERS = 2**12


def channel_sum(x: Array) -> Array:
    """Σ x over all axes but the last: (C,)."""
    return _by_channel(np.add.reduce(_strips(x), axis=0), x.shape[-1])


def sum_of_squares(x: Array, mean: Array, scratch: Array) -> Array:
    """Σ (x − mean)² over all axes but the last: (C,)."""
    strips = _strips(x)
    means, total = _repeated(mean, strips), np.zeros_like(strips[0])
    for here in block_slices(len(strips), len(scratch)):
        centred = np.subtract(strips[here], means, out=scratch[: here.stop - here.start])
        total += np.add.reduce(np.multiply(centred, centred, out=centred), axis=0)
    return _by_channel(total, len(mean))


def sums_with(dy: Array, x: Array, mean: Array, scratch: Array) -> tuple[Array, Array]:
    """Σ dy and Σ dy (x − mean) over all axes but the last, in one pass: (C,) each."""
    strips, dys = _strips(x), _strips(dy)
    means = _repeated(mean, strips)
    sums, products = np.zeros_like(dys[0]), np.zeros_like(dys[0])
    for here in block_slices(len(strips), len(scratch)):
        sums += np.add.reduce(dys[here], axis=0)
        product = np.subtract(strips[here], means, out=scratch[: here.stop - here.start])
        product *= dys[here]
        products += np.add.reduce(product, axis=0)
    return _by_channel(sums, len(mean)), _by_channel(products, len(mean))


def affine(x: Array, scale: Array, shift: Array, out: Array) -> Array:
    """out = scale · x + shift, with scale and shift (C,)."""
    strips, y = _strips(x), _strips(out)
    scales, shifts = _repeated(scale, strips), _repeated(shift, strips)
    for here in block_slices(len(strips), block_length(strips, block(x.shape[1:]).parts)):
        part = np.multiply(strips[here], scales, out=y[here])
        part += shifts
    return out


def affine_of_two(x: Array, a: Array, z: Array, b: Array, c: Array, out: Array, scratch: Array) -> Array:
    """out = a x + b z + c, with a, b and c (C,); out may be x."""
    xs, zs, y = _strips(x), _strips(z), _strips(out)
    a, b, c = (_repeated(each, xs) for each in (a, b, c))
    for here in block_slices(len(xs), len(scratch)):
        rest = np.multiply(zs[here], b, out=scratch[: here.stop - here.start])
        rest += c
        np.multiply(xs[here], a, out=y[here])
        y[here] += rest
    return out


def add_to_channels(x: Array, addend: Array) -> None:
    """x += addend (C,)."""
    strips = _strips(x)
    strips += _repeated(addend, strips)


def block(shape: Shape) -> Block:
    """The strips of a block, for images of this shape."""
    numbers = _strip_numbers(shape)
    return Block(max(1, BLOCK_SIZE // numbers), (numbers,), math.prod(shape) // numbers)


@lru_cache
def _strip_numbers(shape: Shape) -> int:
    """Numbers of the most rows of an image (H, W, C) that divide H and fit MOST_STRIP_NUMBERS; of one row at least."""
    if len(shape) < 2:
        return math.prod(shape)
    height, row = shape[0], math.prod(shape[1:])
    return row * max((h for h in range(1, height + 1) if height % h == 0 and h * row <= MOST_STRIP_NUMBERS), default=1)


def _strips(x: Array) -> Array:
    """x (N, …, C) as (strips, numbers), a view."""
    return x.reshape(-1, _strip_numbers(x.shape[1:]))


def _repeated(per_channel: Array, strips: Array) -> Array:
    """What there is for each channel, (C,), again and again along a strip: (numbers,)."""
    return per_channel[np.newaxis].repeat(strips.shape[1] // len(per_channel), axis=0).reshape(-1)


def _by_channel(strip: Array, channels: int) -> Array:
    """A strip (numbers,) summed over its pixels: (C,)."""
    sums: Array = np.add.reduce(strip.reshape(-1, channels), axis=0)
    return sums
