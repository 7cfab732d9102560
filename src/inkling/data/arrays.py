"""npz: NumPy arrays in a zip, as Keras' `mnist.npz` has them or simply `images` and `labels`. No pickles."""

from __future__ import annotations

import io
import math

import numpy as np

from inkling.data.dataset import Dataset, Source
from inkling.data.files import File
from inkling.data.values import digit_labels, grey_levels, numbered
from inkling.errors import DataError, reason
from inkling.ink.normalization import DIGIT_SHAPE

_NAMES = {  # part → the names that its images and labels go by
    "train": (("x_train", "y_train"), ("train_images", "train_labels")),
    "test": (("x_test", "y_test"), ("test_images", "test_labels")),
    "": (("images", "labels"), ("x", "y"), ("data", "target")),
}


def read_arrays(file: File) -> Source:
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
    parts = {}
    notes: tuple[str, ...] = ()
    for part, alternatives in _NAMES.items():
        for images, labels in alternatives:
            if images in arrays and part not in parts:
                parts[part], found = _dataset(arrays[images], arrays.get(labels), f"{images} in {file.name}")
                notes += found
    if "" in parts and len(parts) == 1:
        return Source.of_one(file.name, parts[""], notes)
    if not parts:
        raise DataError(
            f"{file.name}: arrays called images and labels (or x_train, y_train …) were expected, "
            f"found {', '.join(arrays) or 'none'}"
        )
    return Source.of(file.name, parts.get("train"), parts.get("test"), notes)


def _dataset(images: np.ndarray, labels: np.ndarray | None, name: str) -> tuple[Dataset, tuple[str, ...]]:
    if images.ndim < 2 or math.prod(images.shape[1:]) != math.prod(DIGIT_SHAPE):
        raise DataError(f"{name}: images of shape (N, 28, 28) or (N, 784) were expected, found {images.shape}")
    levels, notes = grey_levels(images, numbered(name))
    digits = levels.reshape(-1, *DIGIT_SHAPE)
    if labels is None:
        return Dataset(digits), notes
    if labels.size != len(digits):
        raise DataError(f"{name}: {len(digits)} labels were expected to go with it, found an array {labels.shape}")
    return Dataset(digits, digit_labels(labels.ravel(), numbered(name))), notes
