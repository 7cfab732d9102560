"""The arrays of a `Dataset` in their form: what is given is converted where its meaning is certain, or refused."""

from __future__ import annotations

from typing import Any

import numpy as np

from inkling.errors import UsageError


def images_of(given: Any) -> np.ndarray:
    """Images uint8 (N, H, W) of an array or list of integers 0-255; UsageError for anything else."""
    images = _array(given, "images")
    shape = images.shape
    if images.ndim != 3 or 0 in shape[1:]:
        remedy = ": leave out the last axis, images[..., 0]" if images.ndim == 4 and shape[3] == 1 else ""
        remedy = ": for one image give images[None]" if images.ndim == 2 else remedy
        raise UsageError(f"images must be of shape (N, H, W) with at least one pixel per image, not {shape}{remedy}")
    if images.dtype == np.uint8:
        return images
    if images.dtype.kind not in "iu":
        remedy = "convert to uint8, or use load_data"
        if images.dtype.kind in "fb":
            remedy = f"{'where they run from 0 to 1, ' * (images.dtype.kind == 'f')}multiply by 255 and {remedy}"
        raise UsageError(f"images must be uint8 of 0-255, not {images.dtype}: {remedy}")
    if images.size and not 0 <= images.min() <= images.max() <= 255:
        raise UsageError(f"images must be of grey levels 0-255, not {images.min()} to {images.max()}: rescale them")
    return images.astype(np.uint8)


def labels_of(given: Any, images: int, classes: int, name: str) -> np.ndarray:
    """Labels int64 (N,) of an array or list of integers; UsageError where they are not places among the classes."""
    labels = _array(given, "labels")
    expected = f"labels must be integers from 0 to {classes - 1}"
    if labels.shape != (images,):
        raise UsageError(f"labels must be one per image, ({images},), not of shape {labels.shape}: align both arrays")
    if labels.dtype.kind not in "iu":
        raise UsageError(
            f"{expected}, not {labels.dtype}: give for each image the place of its class in class_names, from 0"
        )
    if labels.size and not 0 <= labels.min() <= labels.max() < classes:
        row = int(np.argmax((labels < 0) | (labels >= classes)))
        raise UsageError(
            f"{expected}, not {labels[row]} as in row {row} of {name}: leave the row out, or name its class in "
            "class_names"
        )
    return labels.astype(np.int64, copy=False)


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
    """An array, or a list as one; an empty list holds integers."""
    if isinstance(given, np.ma.MaskedArray):
        raise UsageError(f"{what} must be a plain array, not a masked one: fill in what is masked, {what}.filled(0)")
    if isinstance(given, list | tuple):
        try:
            return np.asarray(given) if len(given) else np.zeros(0, np.int64)
        except ValueError:
            raise UsageError(f"{what} must have one shape, found a list of several: bring all to one shape") from None
    if not isinstance(given, np.ndarray):
        raise UsageError(f"{what} must be an array, not {type(given).__name__}: convert it with numpy.asarray")
    return given
