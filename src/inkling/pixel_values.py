"""Pixel values: the one rule for what the numbers of images mean, at every door where arrays or tables come in.

    whole numbers 0-255, of any type            grey levels
    booleans; whole numbers that are 0 and 1    0 is black, 1 is white
    whole numbers from 0 to 16 exactly          0 is black, 16 is white, as in UCI's digits of 8×8
    numbers from -1 exactly to 1                -1 is black, 1 is white, as in USPS' digits
    fractions of 0-1                            0 is black, 1 is white
    fractions up to 255                         grey levels, rounded

The whole array decides, not each image: a single image may be blank or faint, and the same number would then be two
grey levels within one array. Whole numbers that are all equal are blank images, and are not scaled.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from inkling.errors import UsageError

_WHITE = 255.0
_UCI_WHITE = 16.0
_FAINT = 32.0  # The strongest of many pixels is brighter, unless white is another number than 255.
_ROUNDING = 1e-3  # Floats may lie so far outside their range.
_LEAST_HIGH = 0.5  # Numbers from -1 to less than this are no images of which -1 is black.
_MNIST_MEAN, _MNIST_DEVIATION = 0.1307, 0.3081  # Of MNIST's pixels as 0-1; many tutorials standardise with these.


@dataclass(frozen=True)
class PixelRange:
    """The numbers that stand for black and white in an array, and what is to be said about them.

    Attributes
    ----------
    note : what was done or is suspected; "" where grey levels of 0-255 came.
    kind : "scaled" where whole or negative numbers have another white than 255, "faint" where that is suspected.
    """

    black: float = 0.0
    white: float = _WHITE
    note: str = ""
    kind: Literal["usual", "scaled", "faint"] = "usual"


class PixelValueError(UsageError):
    """Numbers that are no pixels; `row` is the place on the first axis of the first of them."""

    def __init__(self, message: str, row: int = 0) -> None:
        super().__init__(message)
        self.row = row


def pixel_range(pixels: np.ndarray) -> PixelRange:
    """What the numbers in an array of images (N, ...) mean; PixelValueError where that is not certain."""
    if pixels.dtype.kind not in "buif":
        raise PixelValueError(f"numbers were expected as pixels, found {pixels.dtype}")
    if not pixels.size:
        return PixelRange()
    high = float(pixels.max())
    if pixels.dtype == np.uint8 and high >= _FAINT:
        return PixelRange()
    low = float(pixels.min())  # NaN if there is one, and NaN passes no comparison
    if not (low >= -_ROUNDING and high <= _WHITE + _ROUNDING):
        return _of_negative_numbers(pixels, low, high)
    if pixels.dtype.kind == "b":
        return PixelRange(white=1)
    if pixels.dtype.kind == "f" and high <= 1 + _ROUNDING:
        return PixelRange(white=1, note=f"pixels run from {low:g} to {high:g}: scaled by 255" if high > 0 else "")
    if pixels.dtype.kind == "f" and (pixels % 1).any():
        return _of_fractions(low, high)
    return _of_whole_numbers(low, high)


def to_levels(pixels: np.ndarray, found: PixelRange) -> np.ndarray:
    """Grey levels uint8 of the same shape, black 0 and white 255; the same array where it holds them already."""
    if (found.black, found.white) == (0, _WHITE):
        return pixels.astype(np.uint8, copy=False) if pixels.dtype.kind != "f" else np.rint(pixels).astype(np.uint8)
    scale = np.float32(_WHITE / (found.white - found.black))
    return np.rint((pixels - np.float32(found.black) if found.black else pixels) * scale).astype(np.uint8)


def _of_whole_numbers(low: float, high: float) -> PixelRange:
    if low == high or high >= _FAINT:
        return PixelRange()
    if high == 1:
        return PixelRange(white=1, note="pixels run from 0 to 1: scaled by 255", kind="scaled")
    if low == 0 and high == _UCI_WHITE:
        return PixelRange(white=high, note="pixels are whole numbers from 0 to 16: scaled by 255/16", kind="scaled")
    note = f"pixels run from {low:g} to {high:g} only, where white is 255: multiply them by 255/{high:g} if {high:g} is"
    return PixelRange(note=f"{note} white", kind="faint")


def _of_fractions(low: float, high: float) -> PixelRange:
    if high < _FAINT:
        raise PixelValueError(
            f"pixels of 0-255 (or 0-1) were expected, found fractions from {low:g} to {high:g}: divide by the number "
            f"that is white, pixels / {high:g}"
        )
    return PixelRange(note=f"pixels are fractions from {low:g} to {high:g}: rounded")


def _of_negative_numbers(pixels: np.ndarray, low: float, high: float) -> PixelRange:
    """The range of -1 to 1. Other numbers below 0 or above 255 are refused with what brings them to 0-1."""
    if abs(low + 1) <= _ROUNDING and _LEAST_HIGH < high <= 1 + _ROUNDING:
        return PixelRange(-1, 1, "pixels run from -1 to 1: brought to 0-255", "scaled")
    bad = ~((pixels >= -_ROUNDING) & (pixels <= _WHITE + _ROUNDING))
    index = np.unravel_index(np.argmax(bad), bad.shape)
    expected = f"pixels of 0-255 (or 0-1) were expected, found {pixels[index]:g}"
    raise PixelValueError(f"{expected}: {_remedy(pixels, low, high)}", int(index[0]) if index else 0)


def _remedy(pixels: np.ndarray, low: float, high: float) -> str:
    if not np.isfinite([low, high]).all():
        return "replace numbers that are not finite by 0, the ground"
    if pixels.dtype == np.int8:
        return "these are bytes taken for signed numbers, pixels.view(numpy.uint8)"
    if low >= -_ROUNDING:
        return f"divide by the number that is white, pixels / {high:g}"
    if abs(low + _MNIST_MEAN / _MNIST_DEVIATION) < _ROUNDING:
        return f"undo the standardisation, pixels * {_MNIST_DEVIATION} + {_MNIST_MEAN}"
    return f"bring them to 0-1, (pixels + {-low:g}) / {high - low:g}, if the lowest number is the ground"
