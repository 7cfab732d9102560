"""Blocks: some images of a batch at a time, so few that they stay in the processor's cache.

Where several operations pass over a block, memory is read and written once. Arrays begin at a multiple of 64 bytes: an
operation on vectors of 64 bytes takes twice as long where each of them lies across two lines of the cache.

On another device the block is the whole batch: a GPU takes a few microseconds to start an operation, whatever its size.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np

from inkling.nn.layer import Array, Shape

BLOCK_SIZE = 2**15  # numbers; an eighth of a megabyte: a block and its scratch stay in an L2 cache
CACHE_LINE_BYTES = 64


class Block(NamedTuple):
    """What a layer declares about an array for a block: (parts, *shape).

    Where the block is the whole batch, there are `per_image` parts of this shape for each image.
    """

    parts: int
    shape: Shape
    per_image: int = 1

    def for_batch(self, images: int) -> Block:
        """The same array where the block is a batch of so many images."""
        return self._replace(parts=self.per_image * images)


def array_shape(declared: Shape | Block) -> Shape:
    """The shape of an array that a layer declares as scratch."""
    return (declared.parts, *declared.shape) if isinstance(declared, Block) else declared


def aligned(shape: Shape, dtype: type) -> Array:
    """An array of zeros that begins where a line of the cache does."""
    size = math.prod(shape) * np.dtype(dtype).itemsize
    memory = np.zeros(size + CACHE_LINE_BYTES, np.uint8)
    start = -memory.ctypes.data % CACHE_LINE_BYTES
    array: Array = memory[start : start + size].view(dtype).reshape(shape)
    return array


def images_per_block(shape: Shape, size: int = BLOCK_SIZE) -> int:
    """How many arrays of `shape` make a block of `size` numbers, and at least one."""
    return max(1, size // math.prod(shape))


def block_length(x: Array, parts: int) -> int:
    """How much of x makes a block: so many parts of an array of NumPy, all of one that lies on another device."""
    return parts if isinstance(x, np.ndarray) else len(x)


def block_slices(count: int, size: int) -> Iterator[slice]:
    """Slices of `size` each, the last perhaps shorter, that cover 0 … count − 1."""
    for start in range(0, count, size):
        yield slice(start, min(start + size, count))
