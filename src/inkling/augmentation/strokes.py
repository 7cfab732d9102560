"""What pens do: strokes are thicker or thinner, or outlines of themselves, and some go astray."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from inkling.augmentation.canvas import Canvas, size_factors
from inkling.augmentation.photometric import Photometric, lay_over
from inkling.ink.normalization import SIDE

_LEAST_EXPONENT = np.float32(-20)  # A dab ends where its exponent is less: numbers too small for float32 are slow.
_DABS = 32  # A stroke on an image of 28×28 or less is made of so many dabs, on a larger one of more.
_BEND = 6  # Pixels, on an image of 28×28: root mean square of how far a control point is off the middle.


@dataclass(frozen=True, repr=False)
class Thickness(Photometric):
    """Edges of strokes moved outwards by −pixels to `pixels`, at most 1; thinner where negative.

    A share t of the way to the grey-level dilation or erosion, the largest or smallest of a pixel and its four
    neighbours (Serra 1982). Erosion is dilation of the negative, so with s the sign of t, and t from −1 to 1,

        x  ←  x + t (max(s x) − s x)
    """

    pixels: float
    p: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("pixels", self.pixels, 0 < self.pixels <= 1, "above 0, at most 1")

    def draw(self, rng: np.random.Generator, n: int, shape: tuple[int, int]) -> np.ndarray:
        return rng.uniform(-self.pixels, self.pixels, n).astype(np.float32)

    def apply(self, images: np.ndarray, parameters: np.ndarray, scratch: tuple[Canvas, Canvas]) -> None:
        n, t = len(images), parameters[:, None, None]
        signed, rise = scratch
        np.multiply(images, np.sign(t), out=signed.inside[:n])
        _dilate(signed, rise)
        rise.whole[:n] *= t
        images += rise.inside[:n]


@dataclass(frozen=True, repr=False)
class Outline(Photometric):
    """Only the outline of every stroke, as of a pen with two tips, chalk worn off in the middle, or bubble letters.

    The morphological gradient (Serra 1982), with as much of its outer half, a, and of its inner half, b, as the draw
    says, each from 0 to 1 and one of them 1; max and min are over a pixel and its four neighbours.

        x  ←  a (max(x) − x) + b (x − min(x))
    """

    former_names: ClassVar[tuple[str, ...]] = ("Hollow",)
    p: float = 1.0

    def draw(self, rng: np.random.Generator, n: int, shape: tuple[int, int]) -> np.ndarray:
        """Ink taken out of the strokes, all of it, and a and b (n, 3)."""
        side = rng.uniform(0, 2, n)
        return np.stack([np.ones(n), side, 2 - side], axis=1).clip(max=1).astype(np.float32)

    def apply(self, images: np.ndarray, parameters: np.ndarray, scratch: tuple[Canvas, Canvas]) -> None:
        n, (taken, outer, inner) = len(images), parameters.T[..., None, None]
        signed, rise = scratch
        signed.inside[:n] = images
        images *= 1 - taken
        for share in (outer, inner):
            _dilate(signed, rise)
            rise.whole[:n] *= share
            images += rise.inside[:n]
            np.negative(signed.inside[:n], out=signed.inside[:n])
        np.minimum(images, 1, out=images)


@dataclass(frozen=True, repr=False)
class StrayStroke(Photometric):
    """A stray stroke of a pen through the digit or beside it, 1.5 to `width` pixels wide, straight or bent.

    A quadratic Bézier curve B(t) that starts anywhere on the image and ends at most half an image beyond it. On images
    of 28×28 the control point is off the middle by 6 pixels in each direction, in the root mean square; on others in
    proportion. The ink is a fifth to all.
    Where the pen is faster its dabs are stronger, so that a stroke is even; a straight one has half of its ink at the
    distance width / 2, where 2 exp(−(1/2 / 0.3)² / 2) = 1/2:

        s = ink · min(1, 2 ∫ exp(−|r − B|² / 2σ²) |B'| dt / σ√(2π))        σ = 0.3 width
    """

    former_names: ClassVar[tuple[str, ...]] = ("Stroke",)
    width: float
    p: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("width", self.width, 1.5 <= self.width <= SIDE, f"from 1.5 to {SIDE} pixels")

    def draw(self, rng: np.random.Generator, n: int, shape: tuple[int, int]) -> np.ndarray:
        """Rows and columns of start, control point and end, then sharpness 1 / 2σ² and ink (n, 8)."""
        sides = np.array(shape)
        start, end = rng.uniform(0, sides - 1, (n, 2)), rng.uniform(-sides / 2, 1.5 * sides, (n, 2))
        control = (start + end) / 2 + rng.normal(0, _BEND, (n, 2)) * size_factors(shape)
        sharpness, ink = 0.5 / (0.3 * rng.uniform(1.5, self.width, n)) ** 2, rng.uniform(0.2, 1, n)
        return np.column_stack([start, control, end, sharpness, ink]).astype(np.float32)

    def apply(self, images: np.ndarray, parameters: np.ndarray, scratch: tuple[Canvas, Canvas]) -> None:
        layer = scratch[1].pixels(len(images))
        points, sharpness = parameters[:, :6].reshape(-1, 3, 2).swapaxes(1, 2), parameters[:, 6:7]
        curve, velocity = _bernstein(math.ceil(_DABS * max(1.0, *size_factors(scratch[1].shape))))
        speed = np.hypot(*(points @ velocity).swapaxes(0, 1))
        strength = speed * np.sqrt(sharpness) * np.float32(2 / curve.shape[1] / math.sqrt(math.pi))
        _dab(points @ curve, sharpness, strength, layer)
        np.minimum(layer, 1, out=layer)
        layer *= parameters[:, 7, None, None]
        lay_over(images, layer)


def _dilate(canvas: Canvas, rise: Canvas) -> None:
    """By how much the largest of a pixel and its four neighbours exceeds it; the ring of `rise` is left as it comes."""
    pitch = canvas.pitch
    x, y = canvas.flat, rise.flat[pitch:-pitch]
    np.maximum(x[: -2 * pitch], x[2 * pitch :], out=y)
    np.maximum(y, x[pitch - 1 : -pitch - 1], out=y)
    np.maximum(y, x[pitch + 1 : 1 - pitch], out=y)
    np.maximum(y, x[pitch:-pitch], out=y)
    y -= x[pitch:-pitch]


@functools.cache
def _bernstein(n_dabs: int) -> tuple[np.ndarray, np.ndarray]:
    """Bernstein polynomials of degree 2 and their derivatives, (3, n_dabs) float32 each, at evenly spaced t."""
    t = (np.arange(n_dabs, dtype=np.float32) + 0.5) / n_dabs
    return np.stack([(1 - t) ** 2, 2 * t * (1 - t), t**2]), np.stack([-2 * (1 - t), 2 - 4 * t, 2 * t])


def _dab(places: np.ndarray, sharpness: np.ndarray, strength: np.ndarray, layer: np.ndarray) -> None:
    """layer (n, H, W) ← Σₖ strength · exp(−sharpness · r²) around places (n, 2, K).

    A Gaussian is a product of one along the rows and one along the columns; so their sum is a product of matrices,
    (H, K) by (K, W).
    """
    down, across = (_profiles(places[:, axis], sharpness, layer.shape[1 + axis]) for axis in (0, 1))
    across *= strength[..., None]
    np.matmul(down.swapaxes(1, 2), across, out=layer)


def _profiles(places: np.ndarray, sharpness: np.ndarray, side: int) -> np.ndarray:
    """exp(−sharpness · d²) (n, K, side) of the distance d from each of the places (n, K) to each pixel of a side."""
    profiles = places[..., None] - np.arange(side, dtype=np.float32)
    profiles *= profiles
    profiles *= -sharpness[..., None]
    np.maximum(profiles, _LEAST_EXPONENT, out=profiles)
    return np.exp(profiles, out=profiles)
