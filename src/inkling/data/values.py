"""Numbers of any type become grey levels: the one place that checks their range, and the size of images."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from inkling.errors import DataError

LEAST_SIDE = 4  # Images have at least so many pixels per side.
LARGEST_SIDE = 1024  # Images have at most so many pixels per side.

Where = Callable[[int], str]  # index of a row → what a message calls the row


def numbered(name: str) -> Where:
    """Rows counted from 1, for files that have no lines."""
    return lambda index: f"{name}, row {index + 1}"


def grey_levels(pixels: np.ndarray, where: Where) -> tuple[np.ndarray, tuple[str, ...]]:
    """Grey levels of images whose pixels run over 0-255, or over 0-1.

    Parameters
    ----------
    pixels : numbers (N, ...).
    where : names a row for messages.

    Returns
    -------
    uint8 array of the same shape, and a note on the range where it was not bytes that came.

    Raises
    ------
    DataError
        Something is below 0, above 255 or not a number.
    """
    if pixels.dtype.kind not in "buif":
        raise DataError(f"{where(0)}: numbers were expected as pixels, found {pixels.dtype}")
    if not pixels.size:
        return pixels.astype(np.uint8), ()
    low, high = pixels.min(), pixels.max()  # NaN if there is one, and NaN passes no comparison
    if not (low >= 0 and high <= 255):
        _refuse_pixel(pixels, where)
    if 0 < high <= 1:
        return _rounded(pixels * np.float32(255)), (f"pixels run from {low:g} to {high:g}: scaled by 255",)
    if pixels.dtype.kind == "f" and (pixels % 1).any():
        return _rounded(pixels), (f"pixels are fractions from {low:g} to {high:g}: rounded",)
    return pixels.astype(np.uint8, copy=False), ()


def _rounded(pixels: np.ndarray) -> np.ndarray:
    return np.rint(pixels).astype(np.uint8)


def _refuse_pixel(pixels: np.ndarray, where: Where) -> None:
    bad = ~((pixels >= 0) & (pixels <= 255))
    index = np.unravel_index(np.argmax(bad), bad.shape)
    raise DataError(f"{where(int(index[0]))}: pixels of 0-255 (or 0-1) were expected, found {pixels[index]:g}")


def require_same_count(images: int, labels: int, name: str) -> None:
    if images != labels:
        raise DataError(f"{name}: one label for each image was expected, found {images} images but {labels} labels")


def require_size(height: int, width: int, name: str) -> None:
    """DataError unless images have from 4 to 1,024 pixels per side."""
    if min(height, width) < LEAST_SIDE or max(height, width) > LARGEST_SIDE:
        raise DataError(
            f"{name}: images with {LEAST_SIDE} to {LARGEST_SIDE} pixels per side were expected, found {height}×{width}"
        )
