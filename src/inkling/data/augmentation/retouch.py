"""Retouches change how much ink is where, and move nothing: thicker or thinner strokes, and spots rubbed out."""

from __future__ import annotations

import math
from abc import abstractmethod
from dataclasses import dataclass

import numpy as np

from inkling.data.augmentation.augmentation import Augmentation
from inkling.data.augmentation.canvas import SIDE, WIDTH, Canvas


class Retouch(Augmentation):
    @abstractmethod
    def apply(self, images: np.ndarray, parameters: np.ndarray, scratch: tuple[Canvas, Canvas]) -> None:
        """Change images (n, 28, 28) float32 in place, at most CHUNK of them."""


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
        signed, largest = scratch
        np.multiply(images, np.sign(t), out=signed.inside[:n])
        x, y = signed.flat, largest.flat[WIDTH:-WIDTH]
        np.maximum(x[: -2 * WIDTH], x[2 * WIDTH :], out=y)
        np.maximum(y, x[WIDTH - 1 : -WIDTH - 1], out=y)
        np.maximum(y, x[WIDTH + 1 : 1 - WIDTH], out=y)
        np.maximum(y, x[WIDTH:-WIDTH], out=y)
        y -= x[WIDTH:-WIDTH]
        largest.whole[:n] *= t
        images += largest.inside[:n]


@dataclass(frozen=True, repr=False)
class Erasing(Retouch):
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
