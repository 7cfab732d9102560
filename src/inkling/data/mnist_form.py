"""MNIST's form: bright ink on a dark ground, its longer side 20 pixels, its centre of mass in the centre of 28×28.

Of MNIST's digits 99.98 % are within the limits below, and 99.95 % after JPEG compression of quality 50. So a set is
judged as a whole, and one odd digit of MNIST stays as it is.
"""

from __future__ import annotations

import numpy as np

from inkling.ink.normalization import DIGIT_SHAPE

_INK = 64  # Pixels of at least this level are in the box of the ink.
_NOISE = 32  # Pixels below this level do not count for the centre of mass: JPEG leaves such around the ink.
_SHORTEST, _LONGEST = 18, 22  # pixels; the longer side of the box of the ink.
_CENTRE = 14  # The row and column of MNIST's centre of mass.
_FARTHEST = 1.0  # pixels from row and column 14 to the centre of mass. Those of MNIST are within 0.5.
_SHARE = 0.9  # A set has MNIST's form where at least this share of its images has it.
_MEASURED = 500  # So many images of an array, evenly spread, are measured.


def has_dark_ground(images: np.ndarray) -> np.ndarray:
    """Which images (N, H, W) have a border that is less than half as bright as their brightest pixel."""
    count = len(images)
    borders = [images[:, 0], images[:, -1], images[:, 1:-1, 0], images[:, 1:-1, -1]]
    border = np.median(np.concatenate(borders, axis=1), axis=1)
    return np.asarray(2 * border < images.reshape(count, -1).max(axis=1))


def in_mnist_form(images: np.ndarray) -> np.ndarray:
    """Which images (N, 28, 28) of grey levels are in MNIST's form: all, where at least nine of ten are."""
    long_side, (down, across) = _longer_sides(images), _centres(images)
    fits = (long_side >= _SHORTEST) & (long_side <= _LONGEST)
    fits &= (abs(down - _CENTRE) <= _FARTHEST) & (abs(across - _CENTRE) <= _FARTHEST)
    return np.ones_like(fits) if fits.mean() >= _SHARE else fits


def unlike_mnist(images: np.ndarray) -> str:
    """What in images (N, H, W) of digits surely differs from MNIST's form, as a sentence; "" where nothing does."""
    if images.shape[1:] != DIGIT_SHAPE or not len(images):
        return ""
    images = images[:: -(-len(images) // _MEASURED)]
    images = images[np.ptp(images, axis=(1, 2)) > 0]  # without blank ones
    if not len(images):
        return ""
    dark = has_dark_ground(images)
    if dark.mean() < 0.5:
        return "not in MNIST's form: the ground is as bright as the ink or brighter, where MNIST's is dark; invert them"
    images = images[dark]
    if in_mnist_form(images).all():
        return ""
    long_side, (down, across) = np.median(_longer_sides(images)), _centres(images)
    away = np.median(np.hypot(down - _CENTRE, across - _CENTRE))
    return (
        f"not in MNIST's form: the ink of a digit is {long_side:.0f} pixels long and {away:.1f} pixels off the centre "
        "(medians), where MNIST's is 20 pixels long and centred; a model that was not trained on such images may read "
        "them badly"
    )


def _longer_sides(images: np.ndarray) -> np.ndarray:
    """The longer side of the box of the ink in each image, in pixels; 0 without ink."""
    ink = images >= _INK
    rows, columns = np.asarray(ink.any(axis=2)), np.asarray(ink.any(axis=1))
    return np.maximum(extents(rows), extents(columns))


def extents(inked: np.ndarray) -> np.ndarray:
    """From the first to the last inked row or column (N, length), in pixels; 0 without ink."""
    return np.where(inked.any(axis=1), inked.shape[1] - inked[:, ::-1].argmax(axis=1) - inked.argmax(axis=1), 0)


def _centres(images: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Row and column of the centre of mass of each image."""
    ink, place = np.where(images >= _NOISE, images, 0).astype(np.float32), np.arange(DIGIT_SHAPE[0], dtype=np.float32)
    mass = np.maximum(ink.sum(axis=(1, 2)), 1)
    return ink.sum(axis=2) @ place / mass, ink.sum(axis=1) @ place / mass
