"""Images as a model takes them: what `predict` is given, checked and brought to one shape."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator
from os import PathLike
from typing import Any

import numpy as np

from inkling.errors import InklingWarning, UsageError, described
from inkling.nn import INPUT_SHAPE
from inkling.pixel_values import pixel_range, to_levels


def check_images(images: np.ndarray, shape: tuple[int, ...] = INPUT_SHAPE) -> np.ndarray:
    """The same images as uint8 0-255 or float 0-1 (N, H, W, 1), of the `shape` (H, W, 1).

    Numbers mean what `pixel_values` says; InklingWarning where their range is not one of 0-255 or 0-1. A single image,
    without the axis N, is taken as one.

    Raises
    ------
    UsageError
        The array has another shape, or numbers that are no pixels.
    """
    images = _in_shape(_as_array(images), shape)
    found = pixel_range(images)
    if found.kind != "usual":
        warnings.warn(found.note, InklingWarning, stacklevel=2)
    if images.dtype.kind == "f" and (found.black, found.white) == (0, 1):
        return images
    return to_levels(images, found)


def _as_array(images: Any) -> np.ndarray:
    if hasattr(images, "images"):
        raise UsageError(f"expected an array of images, not a {type(images).__name__}: give its images, dataset.images")
    if isinstance(images, np.ma.MaskedArray):
        raise UsageError("expected a plain array, not a masked one: fill in what is masked, images.filled(0)")
    if images is None or isinstance(images, str | bytes | PathLike):
        raise UsageError(
            f"expected an array of images, not {described(images)}: read pictures with inkling.read, data with "
            "inkling.load_data"
        )
    try:
        return np.asarray(images)
    except ValueError:
        raise UsageError("expected images of one shape, found a list of several: bring all to one size") from None


def _in_shape(images: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
    """The same numbers as (N, H, W, 1)."""
    height, width = shape[:2]
    one_image = ((height, width), (height, width, 1), (math.prod(shape),))
    if images.shape[1:] in one_image or images.shape in one_image:
        return images.reshape(-1, *shape)
    expected = " or ".join(f"(N, {', '.join(map(str, each))})" for each in one_image).replace(" or ", ", ", 1)
    remedy = ": move the channel axis last" if images.ndim == 4 and images.shape[1] == 1 else ""
    raise UsageError(f"expected images of shape {expected}, not {images.shape}{remedy}")


def shifted_views(images: np.ndarray) -> Iterator[np.ndarray]:
    """Images (N, H, W, 1) as they are, then one pixel up, down, left and right; ground moves in."""
    height, width = images.shape[1:3]
    framed = np.pad(images, ((0, 0), (1, 1), (1, 1), (0, 0)))
    for top, left in ((1, 1), (2, 1), (0, 1), (1, 2), (1, 0)):
        yield framed[:, top : top + height, left : left + width]
