"""Where a convolution looks: its sizes, and the pieces that a batch is worked on in."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

from inkling.nn.layer import Array

VECTOR = 16  # numbers of a vector of AVX-512
WIDE = 64  # columns from which a product is worth its zeros
SMALL_PRODUCT = 1_000_000  # multiplications up to which OpenBLAS, with AVX-512, takes matrices as they lie in memory


@dataclass(frozen=True)
class Geometry:
    """Images (H, W, C) under O kernels (K, K, C), moved by S over images with a border of P zeros: (H′, W′, O)."""

    height: int
    width: int
    channels: int
    out_height: int
    out_width: int
    out_channels: int
    kernel: int
    stride: int
    padding: int

    @property
    def padded_height(self) -> int:
        return self.height + 2 * self.padding

    @property
    def padded_width(self) -> int:
        return self.width + 2 * self.padding

    def seen(self, start: int, outputs: int) -> slice:
        """What one tap of the kernel sees, from its place in the kernel, for so many places of the kernel."""
        return slice(start, start + self.stride * (outputs - 1) + 1, self.stride)

    @cached_property
    def rows_forward(self) -> int:
        """Rows of y, or of dy, that make one matrix product."""
        return self._rows(self.out_width * self.kernel)

    @cached_property
    def rows_backward(self) -> int:
        """Rows of dy, as wide as x, that make one matrix product for dx."""
        return self._rows(self.width * (self.kernel + self.places_backward - 1))

    @cached_property
    def places_backward(self) -> int:
        """T: neighbouring pixels of dx that are made at once, so that few channels fill the processor's vectors."""

        def work(t: int) -> float:
            return (self.kernel + t - 1) * math.ceil(t * self.channels / VECTOR) / t

        return min((t for t in range(1, self.width + 1) if self.width % t == 0), key=work)

    @cached_property
    def places_forward(self) -> int:
        """T: neighbouring pixels of y of one-channel images made at once: the least that give wide products."""
        wide = (t for t in range(1, self.out_width) if self.out_width % t == 0 and t * self.out_channels >= WIDE)
        return next(wide, self.out_width)

    @property
    def span(self) -> int:
        """Pixels of a row that the kernel sees from those T places."""
        return (self.places_forward - 1) * self.stride + self.kernel

    def _rows(self, pixels: int) -> int:
        """How many of the H′ rows, for each of which so many pixels are multiplied, make a small product."""
        if self.stride > 1:
            return 1  # rows that are looked at do not lie next to each other
        most = SMALL_PRODUCT // (pixels * self.channels * self.out_channels)
        return max((h for h in range(1, self.out_height + 1) if h <= most and self.out_height % h == 0), default=1)


def padded(x: Array, geometry: Geometry, border: Array | None) -> Array:
    """x with its border of zeros: a copy into `border`, whose margin nobody writes to, or x where it needs none."""
    if border is None:
        return x
    p = geometry.padding
    border[: len(x), p : p + geometry.height, p : p + geometry.width] = x
    return border[: len(x)]
