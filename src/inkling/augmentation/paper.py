"""What is on the paper besides the digit: what was rubbed out, another paper, ruled lines."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from inkling.augmentation.canvas import SIDE, Canvas
from inkling.augmentation.photometric import Photometric, lay_over

_PLACES = np.arange(SIDE, dtype=np.float32)


@dataclass(frozen=True, repr=False)
class Erasing(Photometric):
    """A rectangle anywhere on the image turned to ground, as in Zhong et al. 2020, "Random Erasing Data Augmentation".

    Its area is a share of the image's in `scale`, its height / width lies in `ratio`, even on a logarithmic scale.
    Sides are rounded, and cut to the image where the paper draws again.
    """

    scale: tuple[float, float] = (0.02, 0.33)
    ratio: tuple[float, float] = (0.3, 3.3)
    p: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        (least, most), (flattest, steepest) = self.scale, self.ratio
        self.require("scale", self.scale, 0 < least <= most <= 1, "in order, above 0, at most 1")
        self.require("ratio", self.ratio, 1 / SIDE <= flattest <= steepest <= SIDE, "in order, from 1/28 to 28")

    def draw(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """First row, first column, height and width (n, 4) of the rectangles."""
        area = rng.uniform(*self.scale, n) * SIDE**2
        ratio = np.exp(rng.uniform(math.log(self.ratio[0]), math.log(self.ratio[1]), n))
        sides = np.rint(np.stack([np.sqrt(area * ratio), np.sqrt(area / ratio)], axis=1)).clip(1, SIDE).astype(int)
        return np.concatenate([rng.integers(0, SIDE - sides, endpoint=True), sides], axis=1)

    def apply(self, images: np.ndarray, parameters: np.ndarray, scratch: tuple[Canvas, Canvas]) -> None:
        for image, (top, left, height, width) in zip(images, parameters.tolist(), strict=True):
            image[top : top + height, left : left + width] = 0


@dataclass(frozen=True, repr=False)
class Patch(Photometric):
    """A rectangle of other paper and other ink: a form's dark header, a table's cell, the edge of a shadow or a sheet.

    Inside it the ground has any grey a and the ink any grey b, either the darker, at least `least` apart:

        x  ←  a + (b − a) x

    The middle lies anywhere on the image, and the sides are 2 to 20 pixels away from it, all evenly likely.
    """

    least: float
    p: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("least", self.least, 0 < self.least <= 1, "above 0, at most 1")

    def draw(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """First row and column, last row and column (beyond those), a, and b − a (n, 6)."""
        middle, reach = rng.uniform(0, SIDE, (n, 2)), rng.uniform(2, 20, (n, 2))
        apart = rng.uniform(self.least, 1, n)
        ground = rng.uniform(0, 1 - apart)
        brighter = rng.random(n) < 0.5
        ground, apart = np.where(brighter, ground, 1 - ground), np.where(brighter, apart, -apart)
        corners = np.rint(np.hstack([middle - reach, middle + reach])).clip(0, SIDE)
        return np.column_stack([corners, ground, apart])

    def apply(self, images: np.ndarray, parameters: np.ndarray, scratch: tuple[Canvas, Canvas]) -> None:
        for image, (top, left, bottom, right, a, contrast) in zip(images, parameters.tolist(), strict=True):
            inside = image[int(top) : int(bottom), int(left) : int(right)]
            inside *= contrast
            inside += a
        np.clip(images, 0, 1, out=images)


@dataclass(frozen=True, repr=False)
class Ruling(Photometric):
    """Parallel lines through the digit or beside it: ruled paper; twice, squared paper and the borders of cells.

    They run along the rows or the columns, at most 10° askew, 8 to 28 pixels apart, are half a pixel to `width` pixels
    wide, and have a fifth to all of the ink. With u counting lines, and d the distance to the nearest in pixels,

        u = f (y cos φ + x sin φ) + u₀        d = |u − round(u)| / f        s = ink · (width / 2 + 1/2 − d) cut to 0-1
    """

    width: float
    p: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("width", self.width, 0.5 <= self.width <= SIDE, f"from 0.5 to {SIDE} pixels")

    def draw(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """f cos φ, f sin φ, u₀, 1 / f, (width + 1) / 2 and ink (n, 6)."""
        askew, apart = np.radians(rng.uniform(-10, 10, n)), np.exp(rng.uniform(math.log(8), math.log(SIDE), n))
        along_columns = rng.random(n) < 0.5
        φ = np.where(along_columns, askew + math.pi / 2, askew)
        first, width, ink = rng.random(n), rng.uniform(0.5, self.width, n), rng.uniform(0.2, 1, n)
        return np.stack(
            [np.cos(φ) / apart, np.sin(φ) / apart, first, apart, (width + 1) / 2, ink], axis=1, dtype=np.float32
        )

    def apply(self, images: np.ndarray, parameters: np.ndarray, scratch: tuple[Canvas, Canvas]) -> None:
        down, across, first, apart, reach, ink = parameters.T[..., None, None]
        layer = scratch[1].pixels(len(images))
        np.add(down * _PLACES[:, None] + first, across * _PLACES, out=layer)
        layer -= np.rint(layer)
        np.abs(layer, out=layer)
        layer *= apart
        np.subtract(reach, layer, out=layer)
        np.clip(layer, 0, 1, out=layer)
        layer *= ink
        lay_over(images, layer)
