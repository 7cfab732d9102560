"""Pooling: squares of pixels become one pixel, channel by channel.

A square's maximum is that of its columns' maxima, and its sum the sum of their sums. So squares are taken apart into
lines: first along the rows, where what is compared lies in long runs of memory, then along the columns of what is left.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from inkling.errors import UsageError
from inkling.nn.blocks import BLOCK, blocks, images_a_block
from inkling.nn.layer import Array, Cache, Layer, Rng, Shape, require_images

ROWS, COLUMNS = 1, 2  # axes of images (N, H, W, C)
Wins = Array | None  # (N, K − 1, …) bool: where number k > 0 of a line is above all before it


@dataclass(frozen=True, repr=False)
class Pool2d(Layer, ABC):
    """What pooling layers share: K = kernel_size, S = stride, by default K; pixels that fill no square are left out."""

    kernel_size: int
    stride: int | None = None
    remembers_wins: ClassVar[bool]

    def output_shape(self, shape: Shape) -> Shape:
        require_images(self, shape)
        if self.kernel_size < 1 or self._step < 1:
            raise UsageError(f"{self} needs a kernel_size and a stride of at least 1")
        if self.kernel_size > min(shape[:2]):
            raise UsageError(f"{self} is larger than the images that it is given, {shape[0]}×{shape[1]} pixels")
        return self._lines(shape[0]), self._lines(shape[1]), shape[2]

    @property
    def _step(self) -> int:
        return self.kernel_size if self.stride is None else self.stride

    def _lines(self, length: int) -> int:
        return (length - self.kernel_size) // self._step + 1

    def buffers(self, shape: Shape) -> Mapping[str, tuple[Shape, type]]:
        if not self.remembers_wins:
            return {}
        rows, columns, channels = self.output_shape(shape)
        others = self.kernel_size - 1
        return {
            "row_wins": ((others, rows, shape[1], channels), np.bool_),
            "column_wins": ((others, rows, columns, channels), np.bool_),
        }

    def scratch(self, shape: Shape, *, training: bool) -> Mapping[str, Shape]:
        lines = (images_a_block(shape, 4 * BLOCK), self._lines(shape[0]), *shape[1:])
        return {"lines": lines} | ({"rest": lines, "part": lines} if training else {})

    def forward(self, p: Any, x: Array, cache: Cache, *, training: bool, rng: Rng) -> Array:
        for block in blocks(len(x), len(cache.scratch.lines)):
            lines = cache.scratch.lines[: block.stop - block.start]
            row_wins, column_wins = self._wins(cache, block) if training else (None, None)
            self._reduce(self._taps(x[block], ROWS), lines, row_wins)
            self._reduce(self._taps(lines, COLUMNS), cache.y[block], column_wins)
        return cache.y

    def backward(self, p: Any, g: Any, dy: Array, cache: Cache) -> None:
        for block in blocks(len(dy), len(cache.scratch.lines)):
            lines = cache.scratch.lines[: block.stop - block.start]
            row_wins, column_wins = self._wins(cache, block)
            self._spread_out(dy[block], lines, COLUMNS, column_wins, cache.scratch)
            self._spread_out(lines, cache.dx[block], ROWS, row_wins, cache.scratch)

    def _wins(self, cache: Cache, block: slice) -> tuple[Wins, Wins]:
        return (cache.row_wins[block], cache.column_wins[block]) if self.remembers_wins else (None, None)

    def _taps(self, x: Array, axis: int) -> list[Array]:
        """For k < K, number k of every line along `axis`: views of x."""
        last = self._step * (self._lines(x.shape[axis]) - 1) + 1
        before = (slice(None),) * axis
        return [x[(*before, slice(k, k + last, self._step))] for k in range(self.kernel_size)]

    def _spread_out(self, dy: Array, dx: Array, axis: int, wins: Wins, scratch: Cache) -> None:
        if self._step != self.kernel_size or dx.shape[axis] % self._step:
            dx.fill(0)  # for pixels in several squares, or in none
        taps = self._taps(dx, axis)
        n, lines, columns, _ = dy.shape
        rest, part = (each[:n, :lines, :columns] for each in (scratch.rest, scratch.part))
        self._spread(dy, taps, wins, rest, part)

    @abstractmethod
    def _reduce(self, taps: list[Array], y: Array, wins: Wins) -> None:
        """One number y from the K `taps` of every line."""

    @abstractmethod
    def _spread(self, dy: Array, dtaps: list[Array], wins: Wins, rest: Array, part: Array) -> None:
        """Add to `dtaps`, views that may overlap, what each tap gets of dy; `rest` and `part` are scratch like dy."""


@dataclass(frozen=True, repr=False)
class MaxPool2d(Pool2d):
    """The maximum of each square.

    forward     y[h, w]  = max over i, j < K of x[S h + i, S w + j]
    backward    dx[S h + i, S w + j] += dy[h, w] for the i, j of the maximum; of equal ones, for the first alone,
                from the left, and in the same column from the top
    """

    remembers_wins: ClassVar[bool] = True

    def _reduce(self, taps: list[Array], y: Array, wins: Wins) -> None:
        largest = taps[0]
        for k, tap in enumerate(taps[1:]):
            if wins is not None:
                np.greater(tap, largest, out=wins[:, k])
            largest = np.maximum(largest, tap, out=y)
        if largest is not y:
            np.copyto(y, largest)

    def _spread(self, dy: Array, dtaps: list[Array], wins: Wins, rest: Array, part: Array) -> None:
        assert wins is not None
        apart = self._step >= self.kernel_size
        left = dy
        for k in reversed(range(1, len(dtaps))):
            share = np.multiply(left, wins[:, k - 1], out=dtaps[k] if apart else part)
            if not apart:
                dtaps[k] += share
            left = np.subtract(left, share, out=dtaps[0] if apart else rest)
        if left is dy:  # K = 1
            np.copyto(dtaps[0], dy)
        elif not apart:
            dtaps[0] += left


@dataclass(frozen=True, repr=False)
class AvgPool2d(Pool2d):
    """The mean of each square.

    forward     y[h, w]  = Σ over i, j < K of x[S h + i, S w + j] / K²
    backward    dx[S h + i, S w + j] += dy[h, w] / K²
    """

    remembers_wins: ClassVar[bool] = False

    def _reduce(self, taps: list[Array], y: Array, wins: Wins) -> None:
        np.copyto(y, taps[0])
        for tap in taps[1:]:
            y += tap
        y *= 1 / self.kernel_size

    def _spread(self, dy: Array, dtaps: list[Array], wins: Wins, rest: Array, part: Array) -> None:
        share = np.multiply(dy, 1 / self.kernel_size, out=part)
        for dtap in dtaps:
            if self._step >= self.kernel_size:
                np.copyto(dtap, share)
            else:
                dtap += share


@dataclass(frozen=True, repr=False)
class GlobalAvgPool(Layer):
    """The mean of each channel over all pixels: images become rows.

    forward     y (N, C) = Σ over h, w of x (N, H, W, C) / (H W)
    backward    dx[h, w] = dy / (H W)
    """

    def output_shape(self, shape: Shape) -> Shape:
        require_images(self, shape)
        return shape[2:]

    def forward(self, p: Any, x: Array, cache: Cache, *, training: bool, rng: Rng) -> Array:
        n, h, w, c = x.shape
        np.add.reduce(x.reshape(n, h * w, c), axis=1, out=cache.y)
        cache.y *= 1 / (h * w)
        return cache.y

    def backward(self, p: Any, g: Any, dy: Array, cache: Cache) -> None:
        _, h, w, _ = cache.dx.shape
        np.multiply(dy[:, np.newaxis, np.newaxis], 1 / (h * w), out=cache.dx)
