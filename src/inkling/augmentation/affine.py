"""Affine augmentations: straight lines stay straight, parallel ones parallel, as when a character is written again.

Each draws numbers and makes matrices (n, 3, 3) of them, which take (1, y, x) of a pixel of the new image to its place
in the old one. y goes down, x to the right, both from the centre of the image, in pixels.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from inkling.augmentation.augmentation import Augmentation
from inkling.augmentation.canvas import Canvas
from inkling.errors import UsageError
from inkling.ink.normalization import SIDE


class Affine(Augmentation):
    @abstractmethod
    def matrices(self, parameters: np.ndarray) -> np.ndarray:
        """Matrices (n, 3, 3) from new to old places."""


@dataclass(frozen=True, repr=False)
class Shift(Affine):
    """Moved down and to the right by whole `pixels`, from −pixels to pixels each: alone, it blurs nothing."""

    pixels: int
    p: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("pixels", self.pixels, 1 <= self.pixels < SIDE, f"from 1 to {SIDE - 1}")

    def draw(self, rng: np.random.Generator, n: int, shape: tuple[int, int]) -> np.ndarray:
        return rng.integers(-self.pixels, self.pixels, (n, 2), endpoint=True)

    def require_fits(self, shape: tuple[int, int]) -> None:
        if self.pixels >= min(shape):
            raise UsageError(f"{self} moves images of {shape[0]}×{shape[1]} pixels out of sight: take fewer pixels")

    def matrices(self, parameters: np.ndarray) -> np.ndarray:
        matrices = _identities(len(parameters))
        matrices[:, 1:, 0] = -parameters
        return matrices

    def apply(self, images: np.ndarray, parameters: np.ndarray, scratch: tuple[Canvas, Canvas]) -> None:
        """Move images (n, H, W), at most CHUNK of them, as slices: what a warp would do, in a third of the time."""
        before = scratch[0].inside[: len(images)]
        before[...] = images
        images.fill(0)
        to, kept = parameters.clip(min=0), images.shape[1:] - abs(parameters)
        corners = np.hstack([to, to + kept, to - parameters, to - parameters + kept]).tolist()
        for new, old, (top, left, bottom, right, y, x, y_end, x_end) in zip(images, before, corners, strict=True):
            new[top:bottom, left:right] = old[y:y_end, x:x_end]


@dataclass(frozen=True, repr=False)
class Rotation(Affine):
    """Turned about the centre by −degrees to `degrees`, counter-clockwise where positive."""

    degrees: float
    p: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("degrees", self.degrees, 0 < self.degrees <= 180, "above 0, at most 180")

    def draw(self, rng: np.random.Generator, n: int, shape: tuple[int, int]) -> np.ndarray:
        return rng.uniform(-self.degrees, self.degrees, n)

    def matrices(self, parameters: np.ndarray) -> np.ndarray:
        matrices, angles = _identities(len(parameters)), np.radians(parameters)
        matrices[:, 1, 1] = matrices[:, 2, 2] = np.cos(angles)
        matrices[:, 1, 2], matrices[:, 2, 1] = np.sin(angles), -np.sin(angles)
        return matrices


@dataclass(frozen=True, repr=False)
class _Lengths(Affine):
    """Lengths times 1 − share to 1 + `share`."""

    share: float
    p: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("share", self.share, 0 < self.share < 1, "above 0 and below 1")

    def draw(self, rng: np.random.Generator, n: int, shape: tuple[int, int]) -> np.ndarray:
        return rng.uniform(-self.share, self.share, n)


@dataclass(frozen=True, repr=False)
class Scale(_Lengths):
    """All lengths times 1 − share to 1 + `share`, about the centre."""

    def matrices(self, parameters: np.ndarray) -> np.ndarray:
        matrices = _identities(len(parameters))
        matrices[:, 1, 1] = matrices[:, 2, 2] = 1 / (1 + parameters)
        return matrices


@dataclass(frozen=True, repr=False)
class AspectRatio(_Lengths):
    """Widths times 1 − share to 1 + `share` and heights divided by as much, about the centre."""

    former_names: ClassVar[tuple[str, ...]] = ("Stretch",)

    def matrices(self, parameters: np.ndarray) -> np.ndarray:
        matrices = _identities(len(parameters))
        matrices[:, 1, 1], matrices[:, 2, 2] = 1 + parameters, 1 / (1 + parameters)
        return matrices


@dataclass(frozen=True, repr=False)
class Shear(Affine):
    """Slanted by −degrees to `degrees`, to the right where positive; rows keep their height."""

    degrees: float
    p: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("degrees", self.degrees, 0 < self.degrees <= 60, "above 0, at most 60")

    def draw(self, rng: np.random.Generator, n: int, shape: tuple[int, int]) -> np.ndarray:
        return rng.uniform(-self.degrees, self.degrees, n)

    def matrices(self, parameters: np.ndarray) -> np.ndarray:
        matrices = _identities(len(parameters))
        matrices[:, 2, 1] = np.tan(np.radians(parameters))
        return matrices


def _identities(n: int) -> np.ndarray:
    return np.tile(np.eye(3), (n, 1, 1))
