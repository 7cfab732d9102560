"""The sizes of a convolution, and where its kernel looks."""

from __future__ import annotations

from dataclasses import dataclass

from inkling.nn.layer import Array


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

    def seen(self, start: int, places: int) -> slice:
        """The pixels of a line that one tap sees, from `start` on, while the kernel goes through so many places."""
        return slice(start, start + self.stride * (places - 1) + 1, self.stride)

    def padded(self, x: Array, border: Array | None) -> Array:
        """x with its border of zeros: a copy into `border`, whose margin nobody writes to, or x where it needs none."""
        if border is None:
            return x
        p = self.padding
        border[: len(x), p : p + self.height, p : p + self.width] = x
        return border[: len(x)]
