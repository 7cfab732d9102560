"""Pixels from bytes to fractions of white and back, and SciPy's image filters."""

from __future__ import annotations

from typing import Any

import numpy as np

from inkling.errors import MissingExtraError


def to_float(images: np.ndarray) -> np.ndarray:
    """Images uint8 0-255 as float32 0-1."""
    return images * np.float32(1 / 255)


def to_uint8(levels: np.ndarray) -> np.ndarray:
    """Levels of any float type, clipped to 0-1, as uint8 0-255, rounded to the nearest."""
    return np.rint(np.clip(levels, 0, 1) * np.float32(255)).astype(np.uint8)


def ndimage() -> Any:
    """The module scipy.ndimage; MissingExtraError where SciPy is not installed."""
    try:
        import scipy.ndimage
    except ImportError:
        raise MissingExtraError("scipy", "report") from None
    return scipy.ndimage
