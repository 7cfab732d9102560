"""Values of files: numbers become grey levels, and counts of labels and sizes of images are checked."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from inkling.errors import DataError
from inkling.pixel_values import PixelValueError, pixel_range, to_levels

LEAST_SIDE = 4  # Images have at least so many pixels per side.
LARGEST_SIDE = 1024  # Images have at most so many pixels per side.

Where = Callable[[int], str]  # index of a row → what a message calls the row


def numbered(name: str) -> Where:
    """Rows counted from 1, for files that have no lines."""
    return lambda index: f"{name}, row {index + 1}"


def grey_levels(pixels: np.ndarray, where: Where) -> tuple[np.ndarray, tuple[str, ...]]:
    """Grey levels of images by the rule of `pixel_values`, which knows the ranges 0-255, 0-1, 0-16 and -1 to 1.

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
        Something is out of these ranges or not a number.
    """
    try:
        found = pixel_range(pixels)
    except PixelValueError as error:
        raise DataError(f"{where(error.row)}: {error}") from None
    return to_levels(pixels, found), (found.note,) * bool(found.note)


def require_same_count(images: int, labels: int, name: str) -> None:
    if images != labels:
        raise DataError(f"{name}: one label for each image was expected, found {images} images but {labels} labels")


def require_size(height: int, width: int, name: str) -> None:
    """DataError unless images have from 4 to 1,024 pixels per side."""
    if min(height, width) < LEAST_SIDE or max(height, width) > LARGEST_SIDE:
        raise DataError(
            f"{name}: images with {LEAST_SIDE} to {LARGEST_SIDE} pixels per side were expected, found {height}×{width}"
        )
