"""What a camera does: a blurred picture, and noise of its sensor."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from inkling.augmentation.canvas import SIDE, Canvas
from inkling.augmentation.photometric import Photometric

_FOCUSES = 32  # degrees of blur
_GRAINS = 4  # degrees of smoothness
_FIELD = 256  # pixels on a side
_FELT = 1e-6  # of a grey level, weights below which are left out: products of tiny numbers are slow


@dataclass(frozen=True, repr=False)
class Blur(Photometric):
    """Out of focus: every pixel the mean of those around it, weighted by a Gaussian of 0 to `sigma` pixels.

    The discrete Gaussian G of Lindeberg 1990, "Scale-Space for Discrete Signals": ink spreads as heat does, from pixel
    to pixel, until its variance is σ²; none crosses the border. With the cosines C that have no slope there,

        X  ←  G X Gᵀ        G = C diag(exp(−σ² (1 − cos ω))) Cᵀ        ω = 0, π/28, 2π/28, …
    """

    sigma: float
    p: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("sigma", self.sigma, 0 < self.sigma <= 5, "above 0, at most 5 pixels")

    def draw(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """Which of the matrices (n,), from 1."""
        return rng.integers(1, _FOCUSES, n, endpoint=True)

    def apply(self, images: np.ndarray, parameters: np.ndarray, scratch: tuple[Canvas, Canvas]) -> None:
        blur = self.matrices[parameters]
        rows = np.matmul(blur, images, out=scratch[1].pixels(len(images)))
        np.matmul(rows, blur.swapaxes(1, 2), out=images)
        np.clip(images, 0, 1, out=images)

    @cached_property
    def matrices(self) -> np.ndarray:
        """G (33, 28, 28) float32 of 0 to sigma; the first is one."""
        frequencies = np.arange(SIDE) * (math.pi / SIDE)
        cosines = np.cos((np.arange(SIDE)[:, None] + 0.5) * frequencies)
        cosines /= np.sqrt((cosines**2).sum(axis=0))
        sigmas = np.linspace(0, self.sigma, _FOCUSES + 1)[1:, None, None]
        weights = cosines * np.exp(-(sigmas**2) * (1 - np.cos(frequencies))) @ cosines.T
        weights[weights < _FELT] = 0
        weights /= weights.sum(axis=2, keepdims=True)
        return np.concatenate([np.eye(SIDE)[None], weights]).astype(np.float32)


@dataclass(frozen=True, repr=False)
class Noise(Photometric):
    """Noise of a sensor in dim light: normal, alike at all greys, with a standard deviation of 0 to `std`, cut to 0-1.

    As JPEG and the camera's own smoothing leave it, neighbours are alike: it is smoothed by a Gaussian of 0 to `grain`
    pixels, that of `Blur`. To draw 784 numbers an image would take longer than all the rest, so a window is cut out
    anywhere of a fixed field of 256×256, and its sign drawn.
    """

    std: float
    grain: float = 1.0
    p: float = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        self.require("std", self.std, 0 < self.std <= 1, "above 0, at most 1")
        self.require("grain", self.grain, 0 <= self.grain <= 10, "from 0 to 10 pixels")

    def draw(self, rng: np.random.Generator, n: int) -> np.ndarray:
        """Which field, the row and column of the window in it, and what to multiply it by (n, 4)."""
        corners = rng.integers(0, _FIELD - SIDE, (n, 2), endpoint=True)
        return np.column_stack([rng.integers(0, _GRAINS, n), corners, rng.uniform(-self.std, self.std, n)])

    def apply(self, images: np.ndarray, parameters: np.ndarray, scratch: tuple[Canvas, Canvas]) -> None:
        noise = self.windows[tuple(parameters[:, :3].astype(np.intp).T)]
        noise *= parameters[:, 3, None, None].astype(np.float32)
        images += noise
        np.clip(images, 0, 1, out=images)

    @cached_property
    def windows(self) -> np.ndarray:
        """Every window (4, 229, 229, 28, 28) of the fields, a view; of mean 0 and variance 1, float32."""
        white = np.fft.fft2(np.random.default_rng(0).standard_normal((_FIELD, _FIELD)))
        falling = 1 - np.cos(2 * math.pi * np.fft.fftfreq(_FIELD))
        sigmas = np.linspace(0, self.grain, _GRAINS)
        gains = [np.exp(-(sigma**2) * falling) for sigma in sigmas]
        fields = [np.fft.ifft2(white * np.outer(gain, gain)).real for gain in gains]
        stack = np.stack([(field - field.mean()) / field.std() for field in fields]).astype(np.float32)
        return np.lib.stride_tricks.sliding_window_view(stack, (SIDE, SIDE), axis=(1, 2))
