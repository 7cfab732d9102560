"""The sizes of a convolution, where its kernel looks, and which sizes are refused."""

from __future__ import annotations

from dataclasses import dataclass

from inkling.errors import UsageError
from inkling.nn.layer import Array, Layer, Shape

MOST_KERNEL_PIXELS = 2**10  # of a side of the kernel, or of a stride. With more, NumPy could not count the numbers.


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


def places_of(layer: Layer, kernel: int, stride: int, padding: int, shape: Shape) -> tuple[int, int]:
    """H′ and W′, the places that a kernel has on images (H, W, C); UsageError where the layer's sizes do not fit."""
    if not (1 <= kernel <= MOST_KERNEL_PIXELS and 1 <= stride <= MOST_KERNEL_PIXELS):
        raise UsageError(f"{layer} needs a kernel_size and a stride from 1 to {MOST_KERNEL_PIXELS}")
    if not 0 <= padding < kernel:
        raise UsageError(f"{layer} needs a padding from 0 to below kernel_size: further out it sees only zeros")
    rows, columns = (size + 2 * padding - kernel for size in shape[:2])
    if min(rows, columns) < 0:
        raise UsageError(f"{layer} is larger than the images that it is given, {shape[0]}×{shape[1]} pixels")
    return rows // stride + 1, columns // stride + 1
