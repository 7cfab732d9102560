"""Blocks and rows: how a batch is worked through so that the processor is kept busy.

A block fits the cache, so that several operations pass over memory once. A row is long, since NumPy is slow on short
ones: what is per channel is repeated along several thousand numbers. Arrays begin at a multiple of 64 bytes: an
operation whose vectors of 64 lie across two lines of the cache takes twice as long.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from inkling.nn.layer import Array, Shape

BLOCK = 2**15  # numbers: an eighth of a megabyte, so that a block and its scratch stay in the L2 cache
ROW = 2**12  # numbers
LINE = 64  # bytes of a line of the cache


def aligned(shape: Shape, dtype: type) -> Array:
    """An array of zeros that begins where a line of the cache does."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    memory = np.zeros(size + LINE, np.uint8)
    start = -memory.ctypes.data % LINE
    array: Array = memory[start : start + size].view(dtype).reshape(shape)
    return array


def images_a_block(shape: Shape, block: int = BLOCK) -> int:
    """How many arrays of `shape` a block holds, and at least one."""
    return max(1, block // math.prod(shape))


def blocks(count: int, size: int) -> Iterator[slice]:
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))


@lru_cache
def row_length(shape: Shape) -> int:
    """Numbers of a row for images (H, W, C): as many whole rows of pixels as divide the image and are at most ROW."""
    if len(shape) < 2:
        return math.prod(shape)
    height, line = shape[0], math.prod(shape[1:])
    return line * max((h for h in range(1, height + 1) if height % h == 0 and h * line <= ROW), default=1)


def rows_of(x: Array) -> Array:
    """x (N, …, C) as long rows in which the channels come again and again."""
    return x.reshape(-1, row_length(x.shape[1:]))


def repeated(per_channel: Array, row: int) -> Array:
    """What is per channel, (C,), for every number of a row: (row,)."""
    return per_channel[np.newaxis].repeat(row // len(per_channel), axis=0).reshape(-1)


def per_channel(row: Array, channels: int) -> Array:
    """A row (row,) summed over its pixels: (C,)."""
    sums: Array = np.add.reduce(row.reshape(-1, channels), axis=0)
    return sums
