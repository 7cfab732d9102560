"""What light and colour do: pale ink, grey paper, white on black, and shadows over the page."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np

from inkling.augmentation.canvas import Canvas
from inkling.augmentation.photometric import Photometric, lay_over

_WAVES = 3  # Light has none, one or two half waves along a side.


@dataclass(frozen=True, repr=False)
class Contrast(Photometric):
    """Grey ink b on grey paper a, as of a pencil or in dim light: b − a from `least` to 1, a from 0 to what is left.

    x  ←  a + (b − a) x
    """

    least: float
    p: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("least", self.least, 0 < self.least < 1, "above 0 and below 1")

    def draw(self, rng: np.random.Generator, n: int, shape: tuple[int, int]) -> np.ndarray:
        """a and 1 − b (n, 2)."""
        lost = 1 - rng.uniform(self.least, 1, n)
        ground = rng.uniform(0, lost)
        return np.stack([ground, lost - ground], axis=1, dtype=np.float32)

    def apply(self, images: np.ndarray, parameters: np.ndarray, scratch: tuple[Canvas, Canvas]) -> None:
        a, paling = parameters.T[..., None, None]
        images *= 1 - a - paling
        images += a
        np.minimum(images, 1, out=images)


@dataclass(frozen=True, repr=False)
class Inversion(Photometric):
    """Ink and ground exchanged, as of chalk on a board or of a screen: x ← 1 − x."""

    p: float = 1.0

    def draw(self, rng: np.random.Generator, n: int, shape: tuple[int, int]) -> np.ndarray:
        return np.ones(n, np.float32)

    def apply(self, images: np.ndarray, parameters: np.ndarray, scratch: tuple[Canvas, Canvas]) -> None:
        np.subtract(parameters[:, None, None], images, out=images)
        np.abs(images, out=images)


@dataclass(frozen=True, repr=False)
class Shadow(Photometric):
    """Uneven light: a soft shadow over part of the page, 0 where it is brightest, up to `darkest` where it is darkest.

    Paper in the shadow s reflects 1 − s, which looks like so much ink; and ink differs less from it: x ← x + s (1 − x).
    s is a sum of two-dimensional cosines of at most two half waves per side. Their coefficients are normal and fall
    with the number of half waves; the sum is stretched from 0 to a depth that is drawn evenly.
    """

    darkest: float
    p: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("darkest", self.darkest, 0 < self.darkest < 1, "above 0 and below 1")

    def draw(self, rng: np.random.Generator, n: int, shape: tuple[int, int]) -> np.ndarray:
        """The depth, and coefficients of the cosines (n, 9)."""
        depth = rng.uniform(0, self.darkest, (n, 1))
        return np.hstack([depth, rng.standard_normal((n, _WAVES**2 - 1))], dtype=np.float32)

    def apply(self, images: np.ndarray, parameters: np.ndarray, scratch: tuple[Canvas, Canvas]) -> None:
        layer = scratch[1].pixels(len(images))
        np.matmul(parameters[:, 1:], _waves(scratch[1].shape), out=layer.reshape(len(images), -1))
        layer -= layer.min(axis=(1, 2), keepdims=True)
        layer *= parameters[:, :1, None] / (layer.max(axis=(1, 2), keepdims=True) + np.float32(1e-6))
        lay_over(images, layer)


@functools.lru_cache(maxsize=4)
def _waves(shape: tuple[int, int]) -> np.ndarray:
    """Cosines (8, H·W) float32, without the constant."""
    down, across = (_half_waves(side) for side in shape)
    i, j = np.divmod(np.arange(1, _WAVES**2), _WAVES)
    maps = np.einsum("ky,kx->kyx", down[i], across[j]) / np.hypot(i, j)[:, None, None]
    return maps.reshape(len(maps), -1).astype(np.float32)


def _half_waves(side: int) -> np.ndarray:
    """Cosines (3, side) of no, one and two half waves."""
    places = (np.arange(side) + 0.5) * (math.pi / side)
    return np.cos(np.arange(_WAVES)[:, None] * places)
