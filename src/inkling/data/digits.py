"""The embedded digits: 1,797 real ones, 8×8, that are there without network or further packages.

E. Alpaydin, C. Kaynak, Optical Recognition of Handwritten Digits (1998), https://doi.org/10.24432/C50P49, CC BY 4.0;
see NOTICE.md beside this file. Each level, 0-16, counts the inked pixels of a 4×4 cell of the original 32×32.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np

from inkling.data.dataset import Dataset, Source
from inkling.data.square_digits import normalized

_TRAIN_ROWS = 1437  # The first rows are to train on; the 360 that follow are by other writers.
_CELL = 4  # Each level counts the inked pixels of a square of 4×4 pixels of the original.


def read_digits() -> tuple[np.ndarray, np.ndarray]:
    """Images uint8 (1797, 8, 8) with levels 0-16, and labels int64 (1797,), as published."""
    with np.load(Path(__file__).with_name("digits.npz")) as stored:
        return stored["images"], stored["labels"].astype(np.int64)


def load_digits() -> Source:
    """The embedded digits at 28×28, made like every other ink."""
    digits, labels = (array.copy() for array in _digits())  # a caller may change what it gets
    train, test = (Dataset(digits[part], labels[part]) for part in (slice(_TRAIN_ROWS), slice(_TRAIN_ROWS, None)))
    note = f"{len(digits)} real digits of 8×8 pixels (UCI optical recognition, CC BY 4.0) brought to 28×28"
    writers = (
        f"the {len(test)} test images are by other writers than the rest, so that a model reads fewer of them than of "
        "the validation images, whose writers it has learnt from"
    )
    return Source.of("digits", train, test, (note, writers), normalized=True)


@cache
def _digits() -> tuple[np.ndarray, np.ndarray]:
    """Images uint8 (1797, 28, 28), and labels: made once per process, since it takes half a second."""
    images, labels = read_digits()
    return normalized(images, white=_CELL**2, times=_CELL), labels
