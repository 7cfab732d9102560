"""What pens do to strokes: they are thicker or thinner, or outlines of themselves."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from inkling.data.augmentation.canvas import WIDTH, Canvas
from inkling.data.augmentation.retouch import Retouch


@dataclass(frozen=True, repr=False)
class Thickness(Retouch):
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

    def draw(self, rng: np.random.Generator, n: int) -> np.ndarray:
        return rng.uniform(-self.pixels, self.pixels, n).astype(np.float32)

    def apply(self, images: np.ndarray, parameters: np.ndarray, scratch: tuple[Canvas, Canvas]) -> None:
        n, t = len(images), parameters[:, None, None]
        signed, rise = scratch
        np.multiply(images, np.sign(t), out=signed.inside[:n])
        _dilate(signed, rise)
        rise.whole[:n] *= t
        images += rise.inside[:n]


@dataclass(frozen=True, repr=False)
class Hollow(Retouch):
    """Only the outline of every stroke, as of a pen with two tips, chalk worn off in the middle, or bubble letters.

    The morphological gradient (Serra 1982), with as much of its outer half, a, and of its inner half, b, as the draw
    says, each from 0 to 1 and one of them 1; max and min are over a pixel and its four neighbours.

        x  ←  a (max(x) − x) + b (x − min(x))
    """

    p: float = 1.0

    def draw(self, rng: np.random.Generator, n: int) -> np.ndarray:
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


def _dilate(canvas: Canvas, rise: Canvas) -> None:
    """By how much the largest of a pixel and its four neighbours exceeds it; the ring of `rise` is left as it comes."""
    x, y = canvas.flat, rise.flat[WIDTH:-WIDTH]
    np.maximum(x[: -2 * WIDTH], x[2 * WIDTH :], out=y)
    np.maximum(y, x[WIDTH - 1 : -WIDTH - 1], out=y)
    np.maximum(y, x[WIDTH + 1 : 1 - WIDTH], out=y)
    np.maximum(y, x[WIDTH:-WIDTH], out=y)
    y -= x[WIDTH:-WIDTH]
