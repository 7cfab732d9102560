"""A canvas: images inside a ring of ground, one behind the other, so that every pixel has neighbours.

    neighbour   above  left  right  below        of pixel i of the flat canvas
    at          i − P  i − 1 i + 1  i + P        P = W + 2, the pitch

Beyond the last column lies the first of the next row, which is ground as well; so no border is a special case.
"""

from __future__ import annotations

import numpy as np

from inkling.errors import UsageError
from inkling.ink.normalization import DIGIT_SHAPE

CHUNK = 16  # Images worked on at a time. The scratch of one of 28×28, 35 kB, stays in the second-level cache.
LARGEST_TABLE_BYTES = 1 << 26  # Tables that are made for a size of image may take as much as 64 MiB.


class Canvas:
    """Room for CHUNK images (H, W), float32.

    Attributes
    ----------
    flat : (…,), all pixels one after another, with some ground at the end.
    whole : (CHUNK, H + 2, W + 2), a view of `flat`: the images with their rings.
    inside : (CHUNK, H, W), a view of `flat`: the images.
    pitch : from a pixel to the one below it in `flat`.
    area : from a pixel to the same one of the next image in `flat`.
    """

    def __init__(self, shape: tuple[int, int] = DIGIT_SHAPE) -> None:
        height, width = self.shape = shape
        self.pitch = width + 2
        self.area = (height + 2) * self.pitch
        self.flat = np.zeros(CHUNK * self.area + self.pitch + 1, np.float32)
        self.whole = self.flat[: CHUNK * self.area].reshape(CHUNK, height + 2, self.pitch)
        self.inside = self.whole[:, 1:-1, 1:-1]

    def pixels(self, n: int) -> np.ndarray:
        """Room (n, H, W) without gaps, for what needs no neighbours; it overwrites the ring."""
        height, width = self.shape
        return self.flat[: n * height * width].reshape(n, height, width)


def size_factors(shape: tuple[int, int]) -> np.ndarray:
    """Height and width (2,) as multiples of a digit's: lengths that are made for 28×28 grow with the image."""
    return np.array(shape) / DIGIT_SHAPE


def require_small_table(n_bytes: int, augmentation: object, shape: tuple[int, int], remedy: str) -> None:
    """UsageError where a table of float32 numbers made for images of this shape (H, W) would not fit into memory."""
    if n_bytes > LARGEST_TABLE_BYTES:
        raise UsageError(
            f"{augmentation} needs tables of {n_bytes / 2**20:,.0f} MiB for images of {shape[0]}×{shape[1]} pixels, "
            f"and {LARGEST_TABLE_BYTES >> 20} MiB at most are made: {remedy}"
        )
