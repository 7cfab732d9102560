"""Blocks: a batch worked through in pieces that fit the processor's cache, so that memory is passed over once.

Rows of channels are short, and NumPy is fast on long rows: so what is per channel is repeated along a row of pixels.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from inkling.nn.layer import Array, Shape

BLOCK = 65_536  # numbers: a quarter of a megabyte, of which a step in the L2 cache has three or four


def images_a_block(shape: Shape, block: int = BLOCK) -> int:
    """How many arrays of `shape` a block holds, and at least one."""
    return max(1, block // math.prod(shape))


def blocks(count: int, size: int) -> Iterator[slice]:
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))


def rows_of(x: Array) -> Array:
    """x (N, F) as it is, x (N, H, W, C) as (N·H, W·C): long rows, of which every C numbers repeat the channels."""
    return x if x.ndim == 2 else x.reshape(-1, x.shape[-2] * x.shape[-1])


def repeated(per_channel: Array, row: int) -> Array:
    """What is per channel, (C,), for every number of a row: (row,)."""
    return np.tile(per_channel, row // len(per_channel))


def sum_per_channel(rows: Array, channels: int) -> Array:
    """Sums (C,) over rows (R, W·C) and over their pixels."""
    sums: Array = np.add.reduce(np.add.reduce(rows, axis=0).reshape(-1, channels), axis=0)
    return sums
