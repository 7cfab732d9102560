"""npz: NumPy arrays in a zip, as Keras' `mnist.npz` has them or simply `images` and `labels`. No pickles.

An array `class_names` of texts names the classes.
"""

from __future__ import annotations

import io
import math

import numpy as np

from inkling.data.files import File
from inkling.data.raw import RawPart, RawSource
from inkling.data.values import LARGEST_SIDE, LEAST_SIDE, grey_levels, numbered
from inkling.errors import DataError, reason

_NAMES = {  # part → names that its images and labels have, in pairs
    "train": (("x_train", "y_train"), ("train_images", "train_labels")),
    "test": (("x_test", "y_test"), ("test_images", "test_labels")),
    "": (("images", "labels"), ("x", "y"), ("data", "target")),
}


def read_arrays(file: File) -> RawSource:
    """The parts in an npz file.

    Raises
    ------
    DataError
        No arrays of a known name, pickled objects, or wrong shapes or values.
    """
    try:
        with np.load(io.BytesIO(file.data), allow_pickle=False) as stored:
            arrays = {name.lower(): stored[name] for name in stored.files}
    except Exception as error:  # NumPy raises anything from ValueError to MemoryError on damaged headers
        raise DataError(
            f"{file.name}: plain arrays in npz were expected, but they cannot be read ({reason(error)})"
        ) from None
    parts: dict[str, RawPart] = {}
    notes: tuple[str, ...] = ()
    names = _class_names(arrays.get("class_names"), file.name)
    for part, alternatives in _NAMES.items():
        for images, labels in alternatives:
            if images in arrays and part not in parts:
                called = f"{images} in {file.name}"
                levels, found = levels_of(arrays[images], called)
                of_them = _labels(arrays.get(labels), len(levels), called)
                parts[part] = RawPart(levels, of_them, numbered(called), names)
                notes += found
    if "" in parts and len(parts) == 1:
        return RawSource.of_one(file.name, parts[""], notes)
    if not parts:
        raise DataError(
            f"{file.name}: arrays called images and labels (or x_train, y_train …) were expected, "
            f"found {', '.join(arrays) or 'none'}"
        )
    return RawSource(file.name, parts.get("train"), parts.get("test"), notes)


def levels_of(images: np.ndarray, name: str) -> tuple[np.ndarray, tuple[str, ...]]:
    """Grey levels uint8 (N, H, W) of an array (N, H, W), with one channel before or behind, or (N, H·W), and a note."""
    if images.ndim == 4 and 1 in (images.shape[1], images.shape[3]):
        images = images[..., 0] if images.shape[3] == 1 else images[:, 0]
    if images.ndim == 2 and math.isqrt(images.shape[1]) ** 2 == images.shape[1]:
        side = math.isqrt(images.shape[1])
        images = images.reshape(len(images), side, side)
    sides = images.shape[1:] if images.ndim == 3 else (0,)
    if min(sides) < LEAST_SIDE or max(sides) > LARGEST_SIDE:
        raise DataError(
            f"{name}: images of shape (N, H, W), such as (N, 28, 28), or of squares (N, H·W) were expected, from "
            f"{LEAST_SIDE} to {LARGEST_SIDE} pixels per side, found {images.shape}"
        )
    return grey_levels(images, numbered(name))


def _labels(labels: np.ndarray | None, count: int, name: str) -> np.ndarray | None:
    if labels is not None and labels.size != count:
        raise DataError(f"{name}: {count} labels were expected to go with it, found an array {labels.shape}")
    return None if labels is None else labels.ravel()


def _class_names(names: np.ndarray | None, name: str) -> tuple[str, ...] | None:
    if names is None:
        return None
    if names.dtype.kind != "U" or names.ndim != 1:
        raise DataError(f"class_names in {name}: texts (K,) were expected, found {names.dtype} {names.shape}")
    return tuple(names.tolist())
