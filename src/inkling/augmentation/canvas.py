"""A canvas: images inside a ring of ground, one behind the other, so that every pixel has neighbours.

    neighbour   above  left  right  below        of pixel i of the flat canvas
    at          i − W  i − 1 i + 1  i + W        W = 28 + 2

Beyond the last column lies the first of the next row, which is ground as well; so no border is a special case.
"""

from __future__ import annotations

import numpy as np

from inkling.ink.normalization import DIGIT_SHAPE

CHUNK = 16  # images worked on at a time: their scratch, about 35 kB each, stays in the second-level cache
SIDE = DIGIT_SHAPE[0]
WIDTH = SIDE + 2
AREA = WIDTH * WIDTH


class Canvas:
    """Room for CHUNK images: `flat` (…,) float32 with some ground at its end, `inside` (CHUNK, 28, 28) a view of it."""

    def __init__(self) -> None:
        self.flat = np.zeros(CHUNK * AREA + WIDTH + 1, np.float32)
        self.whole = self.flat[: CHUNK * AREA].reshape(CHUNK, WIDTH, WIDTH)
        self.inside = self.whole[:, 1:-1, 1:-1]

    def pixels(self, n: int) -> np.ndarray:
        """Room (n, 28, 28) without gaps, for what needs no neighbours; it overwrites the ring."""
        return self.flat[: n * SIDE * SIDE].reshape(n, SIDE, SIDE)
