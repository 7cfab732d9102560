"""Sweeps: one change of the images at growing strengths, from none to beyond what can be read.

There is no sweep of contrast about mid-grey, since it is what `invert` does: ½ + (1 − 2t)(x − ½) = x + t(1 − 2x).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from inkling.evaluation.pixels import ndimage, to_float, to_uint8


@dataclass(frozen=True)
class Sweep:
    """A change of images uint8 (N, 28, 28), and the strengths at which it is tried.

    Attributes
    ----------
    name : of the sweep, in tables and plots.
    unit : of the strengths.
    change : gives the changed images for images and a strength.
    strengths : in the order in which they are tried.
    """

    name: str
    unit: str
    change: Callable[[np.ndarray, float], np.ndarray]
    strengths: tuple[float, ...]


def shift(images: np.ndarray, pixels: float) -> np.ndarray:
    """Images moved by whole pixels: up, right, down and left in turn, beginning with the first image."""
    y, x = np.indices(images.shape[1:])
    shifted = np.empty_like(images)
    framed = np.pad(images, ((0, 0), (int(pixels),) * 2, (int(pixels),) * 2))
    for i, (down, right) in enumerate(((-1, 0), (0, 1), (1, 0), (0, -1))):
        turn = slice(i, None, 4)
        shifted[turn] = framed[turn, y + int(pixels * (1 - down)), x + int(pixels * (1 - right))]
    return shifted


def thicken(images: np.ndarray, pixels: float) -> np.ndarray:
    """Edges of strokes moved outwards, or inwards where `pixels` is negative.

    Each pixel becomes the largest, or smallest, level within that distance. For a fraction of a pixel the results of
    the two whole distances around it are interpolated.
    """
    move = ndimage().grey_dilation if pixels > 0 else ndimage().grey_erosion
    radius, part = divmod(abs(pixels), 1)
    nearer, farther = (
        to_float(move(images, footprint=_disc(r), mode="constant")) for r in (radius, radius + (part > 0))
    )
    return to_uint8(nearer + np.float32(part) * (farther - nearer))


def _disc(radius: float) -> np.ndarray:
    """Mask (1, 2r + 1, 2r + 1) of the pixels within the whole radius r of the centre."""
    places = np.arange(-radius, radius + 1)
    return (places[:, None] ** 2 + places**2 <= radius**2)[None]


def fade(images: np.ndarray, share: float) -> np.ndarray:
    """Ink at this share of its strength; the ground stays black."""
    return to_uint8(to_float(images) * np.float32(share))


def invert(images: np.ndarray, share: float) -> np.ndarray:
    """Images moved this share of the way to their negative; at ½ every pixel has the same grey."""
    levels = to_float(images)
    return to_uint8(levels + np.float32(share) * (1 - 2 * levels))


SWEEPS = (
    Sweep("shift", "pixels", shift, (0, 1, 2, 3, 4, 5, 6, 8)),
    Sweep("thickness", "pixels", thicken, (-1, -0.5, 0, 0.5, 1, 1.5, 2, 3)),
    Sweep("contrast", "share of the ink", fade, (1, 0.7, 0.5, 0.3, 0.2, 0.1, 0.05)),
    Sweep("inversion", "share of the way", invert, (0, 0.2, 0.3, 0.4, 0.6, 0.8, 1)),
)
