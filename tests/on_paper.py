"""Numbers on paper that the tests write themselves, with embedded digits for types."""

from functools import cache

import numpy as np
from PIL import Image

from inkling.data import load


@cache
def typical(digit: int) -> np.ndarray:
    """The embedded test digit that is nearest to the mean of its kind, uint8 (28, 28), light on dark."""
    part = load("digits").test
    own = part.images[part.labels == digit].astype(float)
    return own[np.square(own - own.mean(axis=0)).sum(axis=(1, 2)).argmin()].astype(np.uint8)


def written(*rows: str, times: int = 4, apart: int = 8, noise: float = 3.0, light: bool = False) -> Image.Image:
    """Rows of digits in dark ink on light paper, or the other way round, in mode L.

    The digit in row r and place p has its 28×28, `times` enlarged, at x = times·(6 + p·(28 + apart)) and
    y = times·(6 + r·(28 + apart)).
    """
    side = 28 + apart
    ink = np.zeros((12 + len(rows) * side - apart, 12 + max(map(len, rows)) * side - apart), np.uint8)
    for r, row in enumerate(rows):
        for p, digit in enumerate(row):
            ink[6 + r * side :, 6 + p * side :][:28, :28] = typical(int(digit))
    size = ink.shape[1] * times, ink.shape[0] * times
    cover = np.asarray(Image.fromarray(ink).resize(size, Image.Resampling.BICUBIC)) / 255
    levels = (40 + 170 * cover) if light else (225 - 170 * cover)
    levels += np.random.default_rng(0).normal(0, noise, levels.shape)
    return Image.fromarray(np.rint(levels.clip(0, 255)).astype(np.uint8))
