"""Pixels as shares of full light and back, and SciPy's filters for whoever changes them."""

from __future__ import annotations

from typing import Any

import numpy as np

from inkling.errors import MissingExtraError


def to_float(images: np.ndarray) -> np.ndarray:
    """Images of uint8 0-255 as float32 0-1."""
    return images * np.float32(1 / 255)


def to_uint8(light: np.ndarray) -> np.ndarray:
    """Light of any float, cut to 0-1, as uint8 0-255, rounded to the nearest."""
    return np.rint(np.clip(light, 0, 1) * np.float32(255)).astype(np.uint8)


def ndimage() -> Any:
    """The module scipy.ndimage; MissingExtraError where SciPy is not installed."""
    try:
        import scipy.ndimage
    except ImportError:
        raise MissingExtraError("scipy", "report") from None
    return scipy.ndimage
