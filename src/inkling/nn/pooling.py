"""Pooling: each square of K×K pixels becomes one pixel, channel by channel.

As loops, with S the stride and H′ = ⌊(H − K) / S⌋ + 1 squares down, W′ across:

    for n, h, w, c in np.ndindex(N, H′, W′, C):
        y[n, h, w, c] = x[n, S * h : S * h + K, S * w : S * w + K, c].max()     # or .mean()

Both reductions can be taken apart: the maximum of a square is that of its columns' maxima, its sum that of its columns'
sums. So `forward` reduces K pixels down each column first, where NumPy works along whole rows of pixels, and K pixels
across of what is left; `backward` goes back the same two ways. The K pixels that a reduction takes are its taps. A tap
is a view of all its pixels at once: tap k is x[:, k::S], and a reduction is K − 1 operations on views.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from inkling.errors import UsageError
from inkling.nn.blocks import BLOCK_SIZE, Block, block_slices, images_per_block
from inkling.nn.layer import Array, ArraySpec, Cache, Layer, Rng, Shape, require_images

DOWN = 1  # the axis of images (N, H, W, C) along which a column runs
ACROSS = 2  # the axis along which a row runs
ArgmaxMask = Array | None  # (N, K − 1, …) bool: where tap k > 0 is above all taps before it; None for a mean


@dataclass(frozen=True, repr=False)
class Pool2d(Layer, ABC):
    """What pooling layers share: K = kernel_size, S = stride, by default K; pixels that fill no square are left out."""

    kernel_size: int
    stride: int | None = None
    keeps_argmax: ClassVar[bool]

    def output_shape(self, shape: Shape) -> Shape:
        require_images(self, shape)
        if self.kernel_size < 1 or self._step < 1:
            raise UsageError(f"{self} needs a kernel_size and a stride of at least 1")
        if self.kernel_size > min(shape[:2]):
            raise UsageError(f"{self} is larger than the images that it is given, {shape[0]}×{shape[1]} pixels")
        return self._squares(shape[0]), self._squares(shape[1]), shape[2]

    @property
    def _step(self) -> int:
        return self.kernel_size if self.stride is None else self.stride

    def _squares(self, length: int) -> int:
        """How many squares begin along so many pixels."""
        return (length - self.kernel_size) // self._step + 1

    def cache_arrays(self, shape: Shape) -> Mapping[str, ArraySpec]:
        if not self.keeps_argmax:
            return {}
        rows, columns, channels = self.output_shape(shape)
        later_taps = self.kernel_size - 1
        return {
            "column_argmax": ArraySpec((later_taps, rows, shape[1], channels), np.bool_),
            "row_argmax": ArraySpec((later_taps, rows, columns, channels), np.bool_),
        }

    def scratch_arrays(self, shape: Shape, *, training: bool) -> Mapping[str, Block]:
        """Images whose columns are reduced (n, H′, W, C): `columns`; in training, two more to work in."""
        columns = Block(images_per_block(shape, 4 * BLOCK_SIZE), (self._squares(shape[0]), *shape[1:]))
        return {"columns": columns} | ({"left": columns, "share": columns} if training else {})

    def operations(self, shape: Shape) -> int:
        """K for each pixel of the reduced columns, and K for each of y."""
        rows, columns, channels = self.output_shape(shape)
        return self.kernel_size * rows * (shape[1] + columns) * channels

    def forward(self, p: Any, x: Array, cache: Cache, *, training: bool, rng: Rng) -> Array:
        for block in block_slices(len(x), len(cache.scratch.columns)):
            columns = cache.scratch.columns[: block.stop - block.start]
            column_argmax, row_argmax = self._argmax_masks(cache, block) if training else (None, None)
            self._reduce(self._taps(x[block], DOWN), columns, column_argmax)
            self._reduce(self._taps(columns, ACROSS), cache.y[block], row_argmax)
        return cache.y

    def backward(self, p: Any, g: Any, dy: Array, cache: Cache) -> None:
        for block in block_slices(len(dy), len(cache.scratch.columns)):
            dcolumns = cache.scratch.columns[: block.stop - block.start]
            column_argmax, row_argmax = self._argmax_masks(cache, block)
            self._spread_along(ACROSS, dy[block], dcolumns, row_argmax, cache.scratch)
            self._spread_along(DOWN, dcolumns, cache.dx[block], column_argmax, cache.scratch)

    def _argmax_masks(self, cache: Cache, block: slice) -> tuple[ArgmaxMask, ArgmaxMask]:
        return (cache.column_argmax[block], cache.row_argmax[block]) if self.keeps_argmax else (None, None)

    def _taps(self, x: Array, axis: int) -> list[Array]:
        """The K taps along an axis: views of x."""
        last = self._step * (self._squares(x.shape[axis]) - 1) + 1
        before = (slice(None),) * axis
        return [x[(*before, slice(k, k + last, self._step))] for k in range(self.kernel_size)]

    def _spread_along(self, axis: int, dy: Array, dx: Array, argmax: ArgmaxMask, scratch: Cache) -> None:
        """Overwrite dx with what each of its pixels gets of dy, whose squares lie along the axis."""
        if self._step != self.kernel_size or dx.shape[axis] % self._step:
            dx.fill(0)  # for pixels in several squares, or in none
        n, rows, columns, _ = dy.shape
        left, share = (each[:n, :rows, :columns] for each in (scratch.left, scratch.share))
        self._spread(dy, self._taps(dx, axis), argmax, left, share)

    @abstractmethod
    def _reduce(self, taps: list[Array], y: Array, argmax: ArgmaxMask) -> None:
        """Write into y what the K taps come to, and into `argmax` where each is the largest so far."""

    @abstractmethod
    def _spread(self, dy: Array, dtaps: list[Array], argmax: ArgmaxMask, left: Array, share: Array) -> None:
        """Give each of the taps, views that overlap where S < K, its share of dy; `left` and `share` are scratch."""


@dataclass(frozen=True, repr=False)
class MaxPool2d(Pool2d):
    """The maximum of each square.

    forward     y[h, w]  = max over i, j < K of x[S h + i, S w + j]
    backward    dx[S h + i, S w + j] += dy[h, w] for the i, j of the maximum; of equal ones, for the first alone,
                from the left, and in the same column from the top
    """

    keeps_argmax: ClassVar[bool] = True

    def _reduce(self, taps: list[Array], y: Array, argmax: ArgmaxMask) -> None:
        largest = taps[0]
        for k, tap in enumerate(taps[1:]):
            if argmax is not None:
                np.greater(tap, largest, out=argmax[:, k])
            largest = np.maximum(largest, tap, out=y)
        if largest is not y:  # K = 1
            np.copyto(y, largest)

    def _spread(self, dy: Array, dtaps: list[Array], argmax: ArgmaxMask, left: Array, share: Array) -> None:
        """The last tap that was the largest so far is the largest: it takes dy, and leaves 0 to the taps before it."""
        assert argmax is not None
        apart = self._step >= self.kernel_size  # no pixel is in two squares: taps are written, not added to
        rest = dy
        for k in reversed(range(1, len(dtaps))):
            part = np.multiply(rest, argmax[:, k - 1], out=dtaps[k] if apart else share)
            if not apart:
                dtaps[k] += part
            rest = np.subtract(rest, part, out=dtaps[0] if apart else left)
        if rest is dy:  # K = 1
            np.copyto(dtaps[0], dy)
        elif not apart:
            dtaps[0] += rest

    def passes_affine(self, scale: Array) -> bool:
        """The maximum of s x + t is s max x + t where s > 0."""
        return bool((scale > 0).all())


@dataclass(frozen=True, repr=False)
class AvgPool2d(Pool2d):
    """The mean of each square.

    forward     y[h, w]  = Σ over i, j < K of x[S h + i, S w + j] / K²
    backward    dx[S h + i, S w + j] += dy[h, w] / K²
    """

    keeps_argmax: ClassVar[bool] = False

    def _reduce(self, taps: list[Array], y: Array, argmax: ArgmaxMask) -> None:
        np.copyto(y, taps[0])
        for tap in taps[1:]:
            y += tap
        y *= 1 / self.kernel_size

    def _spread(self, dy: Array, dtaps: list[Array], argmax: ArgmaxMask, left: Array, share: Array) -> None:
        np.multiply(dy, 1 / self.kernel_size, out=share)
        for dtap in dtaps:
            if self._step >= self.kernel_size:
                np.copyto(dtap, share)
            else:
                dtap += share

    def passes_affine(self, scale: Array) -> bool:
        """The mean of s x + t is s mean x + t."""
        return True
