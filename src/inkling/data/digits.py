"""The embedded digits: 1,797 real ones, 8×8, that are there without network or further packages.

E. Alpaydin, C. Kaynak, Optical Recognition of Handwritten Digits (1998), https://doi.org/10.24432/C50P49, CC BY 4.0;
see NOTICE.md beside this file. Each level, 0-16, counts the inked pixels of a 4×4 cell of the original 32×32.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from inkling.data.dataset import Dataset, Source
from inkling.ink.normalization import normalize

_TRAIN_ROWS = 1437  # The first rows are to train on; the 360 that follow are by other writers.
_CELL = 4  # Each level counts the inked pixels of a square of 4×4 pixels of the original.
_HALO = (
    0.2 * _CELL**2
)  # Enlarging spreads this much ink over the ground. Without it, a network of MNIST reads 4 % more.


def read_digits() -> tuple[np.ndarray, np.ndarray]:
    """Images uint8 (1797, 8, 8) with levels 0-16, and labels int64 (1797,), as published."""
    with np.load(Path(__file__).with_name("digits.npz")) as stored:
        return stored["images"], stored["labels"].astype(np.int64)


def load_digits() -> Source:
    """The embedded digits at 28×28, made like every other ink."""
    digits, labels = (array.copy() for array in _digits())  # a caller may change what it gets
    train, test = (Dataset(digits[part], labels[part]) for part in (slice(_TRAIN_ROWS), slice(_TRAIN_ROWS, None)))
    note = f"{len(digits)} real digits of 8×8 pixels (UCI optical recognition, CC BY 4.0) brought to 28×28"
    return Source.of("digits", train, test, (note,), normalized=True)


@cache
def _digits() -> tuple[np.ndarray, np.ndarray]:
    """Images uint8 (1797, 28, 28), and labels: made once per process, since it takes half a second."""
    images, labels = read_digits()
    ink = np.clip(enlarge(images) - _HALO, 0, None)
    return np.stack([normalize(image) for image in ink]), labels


def enlarge(images: np.ndarray) -> np.ndarray:
    """Bicubic enlargement (N, 8, 8) → float32 (N, 48, 48), all in one picture, two cells of ground around each."""
    from PIL import Image

    padded = np.pad(images, ((0, 0), (2, 2), (2, 2))).astype(np.float32)
    count, height, width = padded.shape
    strip = Image.fromarray(padded.reshape(count * height, width))
    large = strip.resize((width * _CELL, count * height * _CELL), Image.Resampling.BICUBIC)
    return np.asarray(large).reshape(count, height * _CELL, width * _CELL)
