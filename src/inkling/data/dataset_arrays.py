"""The arrays of a `Dataset` in their form: what is given is converted where its meaning is certain, or refused."""

from __future__ import annotations

import math
import warnings
from typing import Any

import numpy as np

from inkling.errors import InklingWarning, UsageError
from inkling.ink.normalization import DIGIT_SHAPE
from inkling.pixel_values import PixelValueError, pixel_range, to_levels


def images_of(given: Any, name: str) -> np.ndarray:
    """Images uint8 (N, H, W) of an array or list of numbers, which mean what `pixel_values` says.

    InklingWarning where their range is neither 0-255 nor 0-1; UsageError where they are no pixels.
    """
    images = _array(given, "images")
    shape = images.shape
    if images.ndim != 3 or 0 in shape[1:]:
        raise UsageError(
            f"images must be of shape (N, H, W) with at least one pixel per image, not {shape}{_remedy(shape)}"
        )
    try:
        found = pixel_range(images)
    except PixelValueError as error:
        raise UsageError(f"images of {name}: {error}") from None
    if found.kind == "scaled":
        warnings.warn(f"images of {name}: {found.note}", InklingWarning, stacklevel=5)
    return to_levels(images, found)


def _remedy(shape: tuple[int, ...]) -> str:
    """What makes images (N, H, W) of an array of another shape, for the end of a message."""
    if len(shape) == 4 and 1 in (shape[1], shape[3]):
        return ": leave out the last axis, images[..., 0]" if shape[3] == 1 else ": leave out an axis, images[:, 0]"
    if len(shape) != 2:
        return ""
    side = math.isqrt(shape[1])
    if side * side == shape[1] > shape[0] or shape[1] == math.prod(DIGIT_SHAPE):
        return f": make squares of the rows, images.reshape(-1, {side}, {side})"
    return ": for one image give images[None]"


def labels_of(given: Any, images: int, classes: int, name: str) -> np.ndarray:
    """Labels int64 (N,) of an array or list of whole numbers; UsageError where one is no place among the classes."""
    labels = _array(given, "labels")
    expected = f"labels must be integers from 0 to {classes - 1}"
    if labels.shape != (images,):
        raise UsageError(
            f"labels must be one per image, ({images},), not of shape {labels.shape}: "
            f"{_remedy_of_labels(labels.shape, images, classes)}"
        )
    if labels.dtype.kind not in "iuf":
        raise UsageError(
            f"{expected}, not {labels.dtype}: give for each image the place of its class in class_names, from 0"
        )
    bad = ~((labels >= 0) & (labels < classes) & (labels == np.trunc(labels)))
    if bad.any():
        row = int(np.argmax(bad))
        raise UsageError(
            f"{expected}, not {labels[row]} as in row {row} of {name}: leave the row out, or name its class in "
            "class_names"
        )
    return labels.astype(np.int64, copy=False)


def _remedy_of_labels(shape: tuple[int, ...], images: int, classes: int) -> str:
    """What makes labels (N,) of an array of another shape, for the end of a message."""
    if shape == (images, 1):
        return "leave out the last axis, labels[:, 0]"
    return "take the place of each 1, labels.argmax(axis=1)" if shape == (images, classes) else "align both arrays"


def rows_of(given: Any, images: int) -> np.ndarray:
    """Rows int64 (N,) of an array or list of integers, in order where None is given; UsageError for anything else."""
    if given is None:
        return np.arange(images)
    rows = _array(given, "rows")
    if rows.shape != (images,) or rows.dtype.kind not in "iu":
        raise UsageError(
            f"rows must be one integer per image, ({images},), not {rows.dtype} {rows.shape}: leave rows out to count "
            "the images in order"
        )
    return rows.astype(np.int64, copy=False)


def _array(given: Any, what: str) -> np.ndarray:
    """An array; a list, a tuple, or what NumPy can ask for its array, such as pandas' columns, as one."""
    if isinstance(given, np.ma.MaskedArray):
        raise UsageError(f"{what} must be a plain array, not a masked one: fill in what is masked, {what}.filled(0)")
    if isinstance(given, list | tuple):
        try:
            return np.asarray(given) if len(given) else np.zeros(0, np.int64)
        except ValueError:
            raise UsageError(f"{what} must have one shape, found a list of several: bring all to one shape") from None
    if not isinstance(given, np.ndarray) and hasattr(given, "__array__"):
        return np.asarray(given)
    if not isinstance(given, np.ndarray):
        raise UsageError(f"{what} must be an array, not {type(given).__name__}: convert it with numpy.asarray")
    return given
