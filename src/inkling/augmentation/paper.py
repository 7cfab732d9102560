"""What is on the paper besides the digit: what was rubbed out, another paper, ruled lines."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from inkling.augmentation.canvas import Canvas, size_factors
from inkling.augmentation.photometric import Photometric, lay_over
from inkling.ink.normalization import SIDE

_STEEPEST_RATIO = SIDE  # The height / width of an erased rectangle is at most 28, and at least 1/28.
_LEAST_REACH, _LARGEST_REACH = 2, 20  # Pixels from the middle of a patch to its sides, on an image of 28×28.
_LEAST_SPACING, _LARGEST_SPACING = 8, 28  # Pixels from one ruled line to the next, on an image of 28×28.
_LARGEST_SLANT = 10  # Degrees between ruled lines and the rows or columns.


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
        self.require(
            "ratio",
            self.ratio,
            1 / _STEEPEST_RATIO <= flattest <= steepest <= _STEEPEST_RATIO,
            "in order, from 1/28 to 28",
        )

    def draw(self, rng: np.random.Generator, n: int, shape: tuple[int, int]) -> np.ndarray:
        """First row, first column, height and width (n, 4) of the rectangles."""
        area = rng.uniform(*self.scale, n) * (shape[0] * shape[1])
        ratio = np.exp(rng.uniform(math.log(self.ratio[0]), math.log(self.ratio[1]), n))
        sides = np.rint(np.stack([np.sqrt(area * ratio), np.sqrt(area / ratio)], axis=1)).clip(1, shape).astype(int)
        return np.concatenate([rng.integers(0, shape - sides, endpoint=True), sides], axis=1)

    def apply(self, images: np.ndarray, parameters: np.ndarray, scratch: tuple[Canvas, Canvas]) -> None:
        for image, (top, left, height, width) in zip(images, parameters.tolist(), strict=True):
            image[top : top + height, left : left + width] = 0


@dataclass(frozen=True, repr=False)
class Patch(Photometric):
    """A rectangle of other paper and other ink: a form's dark header, a table's cell, the edge of a shadow or a sheet.

    Inside it the ground has any grey a and the ink any grey b, either the darker, at least `least` apart:

        x  ←  a + (b − a) x

    The middle lies anywhere on the image. The sides are 2 to 20 pixels away from it on images of 28×28, in proportion
    on others; all distances are equally likely.
    """

    least: float
    p: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("least", self.least, 0 < self.least <= 1, "above 0, at most 1")

    def draw(self, rng: np.random.Generator, n: int, shape: tuple[int, int]) -> np.ndarray:
        """First row and column, last row and column (beyond those), a, and b − a (n, 6)."""
        middle = rng.uniform(0, shape, (n, 2))
        reach = rng.uniform(_LEAST_REACH, _LARGEST_REACH, (n, 2)) * size_factors(shape)
        apart = rng.uniform(self.least, 1, n)
        ground = rng.uniform(0, 1 - apart)
        brighter = rng.random(n) < 0.5
        ground, apart = np.where(brighter, ground, 1 - ground), np.where(brighter, apart, -apart)
        corners = np.rint(np.hstack([middle - reach, middle + reach])).clip(0, (*shape, *shape))
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

    They run along the rows or the columns, at most 10° askew, half a pixel to `width` pixels wide, and have a fifth to
    all of the ink. On images of 28×28 they are 8 to 28 pixels apart, on others in proportion to the shorter side. With
    u counting lines, and d the distance to the nearest in pixels,

        u = f (y cos φ + x sin φ) + u₀        d = |u − round(u)| / f        s = ink · (width / 2 + 1/2 − d) cut to 0-1
    """

    width: float
    p: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("width", self.width, 0.5 <= self.width <= SIDE, f"from 0.5 to {SIDE} pixels")

    def draw(self, rng: np.random.Generator, n: int, shape: tuple[int, int]) -> np.ndarray:
        """f cos φ, f sin φ, u₀, 1 / f, (width + 1) / 2 and ink (n, 6)."""
        askew = np.radians(rng.uniform(-_LARGEST_SLANT, _LARGEST_SLANT, n))
        apart = np.exp(rng.uniform(math.log(_LEAST_SPACING), math.log(_LARGEST_SPACING), n)) * size_factors(shape).min()
        along_columns = rng.random(n) < 0.5
        φ = np.where(along_columns, askew + math.pi / 2, askew)
        first, width, ink = rng.random(n), rng.uniform(0.5, self.width, n), rng.uniform(0.2, 1, n)
        return np.stack(
            [np.cos(φ) / apart, np.sin(φ) / apart, first, apart, (width + 1) / 2, ink], axis=1, dtype=np.float32
        )

    def apply(self, images: np.ndarray, parameters: np.ndarray, scratch: tuple[Canvas, Canvas]) -> None:
        down, across, first, apart, reach, ink = parameters.T[..., None, None]
        layer = scratch[1].pixels(len(images))
        y, x = (np.arange(side, dtype=np.float32) for side in images.shape[1:])
        np.add(down * y[:, None] + first, across * x, out=layer)
        layer -= np.rint(layer)
        np.abs(layer, out=layer)
        layer *= apart
        np.subtract(reach, layer, out=layer)
        np.clip(layer, 0, 1, out=layer)
        layer *= ink
        lay_over(images, layer)
