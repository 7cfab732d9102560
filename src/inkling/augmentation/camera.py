"""What a camera does: a blurred picture, and noise of its sensor."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass

import numpy as np

from inkling.augmentation.canvas import Canvas, require_small_table
from inkling.augmentation.photometric import Photometric

_BLUR_DEGREES = 32  # A blur is one of 32, of evenly spaced sigmas; its matrix is made once.
_GRAIN_DEGREES = 4  # A grain is one of 4, of evenly spaced sigmas; its field is made once.
_LEAST_FIELD_SIDE = 256  # The fields that noise is cut out of have at least so many pixels per side.
_LEAST_WEIGHT = 1e-6  # Smaller weights of a blur are left out: products of tiny numbers are slow.


@dataclass(frozen=True, repr=False)
class Blur(Photometric):
    """Out of focus: every pixel the mean of those around it, weighted by a Gaussian of 0 to `sigma` pixels.

    The discrete Gaussian G of Lindeberg 1990, "Scale-Space for Discrete Signals": ink spreads as heat does, from pixel
    to pixel, until its variance is σ²; none crosses the border. With the cosines C that have no slope there,

        X  ←  G X Gᵀ        G = C diag(exp(−σ² (1 − cos ω))) Cᵀ        ω = 0, π/side, 2π/side, …
    """

    sigma: float
    p: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("sigma", self.sigma, 0 < self.sigma <= 5, "above 0, at most 5 pixels")

    def draw(self, rng: np.random.Generator, n: int, shape: tuple[int, int]) -> np.ndarray:
        """Which of the matrices (n,), from 1."""
        return rng.integers(1, _BLUR_DEGREES, n, endpoint=True)

    def require_fits(self, shape: tuple[int, int]) -> None:
        table_bytes = 4 * (_BLUR_DEGREES + 1) * max(shape) ** 2
        require_small_table(table_bytes, self, shape, "make the images smaller, or leave the blur out")

    def apply(self, images: np.ndarray, parameters: np.ndarray, scratch: tuple[Canvas, Canvas]) -> None:
        down, across = (_blur_matrices(self.sigma, side)[parameters] for side in images.shape[1:])
        rows = np.matmul(down, images, out=scratch[1].pixels(len(images)))
        np.matmul(rows, across.swapaxes(1, 2), out=images)
        np.clip(images, 0, 1, out=images)


@functools.lru_cache(maxsize=8)
def _blur_matrices(sigma: float, side: int) -> np.ndarray:
    """G (33, side, side) float32 of evenly spaced sigmas, from 0 to sigma; the first is the unit matrix."""
    frequencies = np.arange(side) * (math.pi / side)
    cosines = np.cos((np.arange(side)[:, None] + 0.5) * frequencies)
    cosines /= np.sqrt((cosines**2).sum(axis=0))
    sigmas = np.linspace(0, sigma, _BLUR_DEGREES + 1)[1:, None, None]
    weights = cosines * np.exp(-(sigmas**2) * (1 - np.cos(frequencies))) @ cosines.T
    weights[weights < _LEAST_WEIGHT] = 0
    weights /= weights.sum(axis=2, keepdims=True)
    return np.concatenate([np.eye(side)[None], weights]).astype(np.float32)


@dataclass(frozen=True, repr=False)
class Noise(Photometric):
    """Noise of a sensor in dim light: normal, alike at all greys, with a standard deviation of 0 to `std`, cut to 0-1.

    As JPEG and the camera's own smoothing leave it, neighbours are alike: it is smoothed by a Gaussian of 0 to `grain`
    pixels, that of `Blur`. To draw a number per pixel would take longer than all the rest. So a window is cut out
    anywhere of a fixed field, of 256×256 pixels for images of up to 128×128, and its sign is drawn.
    """

    std: float
    grain: float = 1.0
    p: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("std", self.std, 0 < self.std <= 1, "above 0, at most 1")
        self.require("grain", self.grain, 0 <= self.grain <= 10, "from 0 to 10 pixels")

    def draw(self, rng: np.random.Generator, n: int, shape: tuple[int, int]) -> np.ndarray:
        """Which field, the row and column of the window in it, and what to multiply it by (n, 4)."""
        corners = rng.integers(0, np.subtract(_field_side(shape), shape), (n, 2), endpoint=True)
        return np.column_stack([rng.integers(0, _GRAIN_DEGREES, n), corners, rng.uniform(-self.std, self.std, n)])

    def require_fits(self, shape: tuple[int, int]) -> None:
        table_bytes = 4 * _GRAIN_DEGREES * _field_side(shape) ** 2
        require_small_table(table_bytes, self, shape, "make the images smaller, or leave the noise out")

    def apply(self, images: np.ndarray, parameters: np.ndarray, scratch: tuple[Canvas, Canvas]) -> None:
        noise = _noise_windows(self.grain, scratch[0].shape)[tuple(parameters[:, :3].astype(np.intp).T)]
        noise *= parameters[:, 3, None, None].astype(np.float32)
        images += noise
        np.clip(images, 0, 1, out=images)


def _field_side(shape: tuple[int, int]) -> int:
    """Pixels per side of the fields that windows of this shape (H, W) are cut out of."""
    return max(_LEAST_FIELD_SIDE, 2 * max(shape))


@functools.lru_cache(maxsize=4)
def _noise_windows(grain: float, shape: tuple[int, int]) -> np.ndarray:
    """Every window (4, …, …, H, W) of the fields, a view; of mean 0 and variance 1, float32."""
    side = _field_side(shape)
    white = np.fft.fft2(np.random.default_rng(0).standard_normal((side, side)))
    falling = 1 - np.cos(2 * math.pi * np.fft.fftfreq(side))
    gains = [np.exp(-(sigma**2) * falling) for sigma in np.linspace(0, grain, _GRAIN_DEGREES)]
    fields = [np.fft.ifft2(white * np.outer(gain, gain)).real for gain in gains]
    stack = np.stack([(field - field.mean()) / field.std() for field in fields]).astype(np.float32)
    return np.lib.stride_tricks.sliding_window_view(stack, shape, axis=(1, 2))
