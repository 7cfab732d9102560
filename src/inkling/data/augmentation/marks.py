"""Marks that do not belong to the digit: specks of dirt, spots rubbed out, stray strokes of a pen.

All are made of soft round dabs. A Gaussian dab is a product of one along the rows and one along the columns, so that a
sum over K dabs of an image is a product of matrices, (28, K) by (K, 28).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from inkling.data.augmentation.canvas import SIDE, Canvas
from inkling.data.augmentation.retouch import Retouch, lay_over

_PLACES = np.arange(SIDE, dtype=np.float32)
_FAR = np.float32(-20)  # exponent beyond which a dab is not felt: numbers too small for float32 are slow
_DABS = 32  # along a stroke
_T = (np.arange(_DABS, dtype=np.float32) + 0.5) / _DABS
_CURVE = np.stack([(1 - _T) ** 2, 2 * _T * (1 - _T), _T**2])  # Bernstein polynomials, and their derivatives
_VELOCITY = np.stack([-2 * (1 - _T), 2 - 4 * _T, 2 * _T])


@dataclass(frozen=True, repr=False)
class Spots(Retouch):
    """One to `number` spots of dirt or of ink that is missing, anywhere, of any strength.

    The standard deviations of the Gaussian dabs lie between 0.4 and `radius` pixels. With s their sum, from −1 where
    all ink is gone to 1 where there is nothing but dirt,

        x  ←  (1 − |s|) x + max(s, 0)
    """

    number: int
    radius: float = 1.5
    p: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("number", self.number, 1 <= self.number <= 100, "from 1 to 100")
        self.require("radius", self.radius, 0.4 <= self.radius <= SIDE, f"from 0.4 to {SIDE} pixels")

    def draw(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """Row, column, sharpness 1 / 2σ² and strength of each dab (n, 4, K)."""
        places = rng.uniform(0, SIDE - 1, (n, 2, self.number))
        sharpness = 0.5 / rng.uniform(0.4, self.radius, (n, 1, self.number)) ** 2
        strength = rng.uniform(-1, 1, (n, 1, self.number))
        strength[np.arange(self.number) > rng.integers(0, self.number, (n, 1, 1))] = 0
        return np.concatenate([places, sharpness, strength], axis=1, dtype=np.float32)

    def apply(self, images: np.ndarray, parameters: np.ndarray, scratch: tuple[Canvas, Canvas]) -> None:
        layer = scratch[1].pixels(len(images))
        _dab(parameters, layer)
        np.clip(layer, -1, 1, out=layer)
        images *= 1 - np.abs(layer)
        images += np.maximum(layer, 0, out=layer)


@dataclass(frozen=True, repr=False)
class Stroke(Retouch):
    """A stray stroke of a pen through the digit or beside it, 1.5 to `width` pixels wide, straight or bent.

    A quadratic Bézier curve B(t) that starts anywhere on the image and ends at most half an image beyond it. The
    control point is off the middle by 6 pixels in each direction, in the root mean square. The ink is a fifth to all.
    Where the pen is faster its dabs are stronger, so that a stroke is even; a straight one has half of its ink at the
    distance width / 2, where 2 exp(−(1/2 / 0.3)² / 2) = 1/2:

        s = ink · min(1, 2 ∫ exp(−|r − B|² / 2σ²) |B'| dt / σ√(2π))        σ = 0.3 width
    """

    width: float
    p: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("width", self.width, 1.5 <= self.width <= SIDE, f"from 1.5 to {SIDE} pixels")

    def draw(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """Rows and columns of start, control point and end, then sharpness 1 / 2σ² and ink (n, 8)."""
        start, end = rng.uniform(0, SIDE - 1, (n, 2)), rng.uniform(-SIDE / 2, 1.5 * SIDE, (n, 2))
        control = (start + end) / 2 + rng.normal(0, 6, (n, 2))
        sharpness, ink = 0.5 / (0.3 * rng.uniform(1.5, self.width, n)) ** 2, rng.uniform(0.2, 1, n)
        return np.column_stack([start, control, end, sharpness, ink]).astype(np.float32)

    def apply(self, images: np.ndarray, parameters: np.ndarray, scratch: tuple[Canvas, Canvas]) -> None:
        layer = scratch[1].pixels(len(images))
        points, sharpness = parameters[:, :6].reshape(-1, 3, 2).swapaxes(1, 2), parameters[:, 6:7]
        dabs = np.empty((len(images), 4, _DABS), np.float32)
        dabs[:, :2] = points @ _CURVE
        dabs[:, 2] = sharpness
        speed = np.hypot(*(points @ _VELOCITY).swapaxes(0, 1))
        dabs[:, 3] = speed * np.sqrt(sharpness) * np.float32(2 / _DABS / math.sqrt(math.pi))
        _dab(dabs, layer)
        np.minimum(layer, 1, out=layer)
        layer *= parameters[:, 7, None, None]
        lay_over(images, layer)


def _dab(dabs: np.ndarray, layer: np.ndarray) -> None:
    """layer (n, 28, 28) ← Σₖ strength · exp(−sharpness · r²), of dabs (n, 4, K): row, column, sharpness, strength."""
    profiles = dabs[:, :2, :, None] - _PLACES
    profiles *= profiles
    profiles *= -dabs[:, 2:3, :, None]
    np.maximum(profiles, _FAR, out=profiles)
    np.exp(profiles, out=profiles)
    down, across = profiles.swapaxes(0, 1)
    across *= dabs[:, 3, :, None]
    np.matmul(down.swapaxes(1, 2), across, out=layer)
