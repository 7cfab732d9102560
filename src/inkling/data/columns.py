"""Rows of numbers become images and labels by what their columns are: the common end of CSV and Parquet."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from inkling.classes import DIGITS
from inkling.data.dataset import Dataset, Source
from inkling.data.values import Where, digit_labels, grey_levels
from inkling.errors import DataError
from inkling.ink.normalization import DIGIT_SHAPE

PIXELS = DIGIT_SHAPE[0] * DIGIT_SHAPE[1]
LABEL_NAMES = frozenset({"label", "labels", "class", "target", "digit", "y"})
_ROW_NAMES = frozenset({"", "id", "imageid", "index", "unnamed: 0", "__index_level_0__"})


def source_of_columns(rows: np.ndarray, names: Sequence[str] | None, name: str, where: Where) -> Source:
    """The images, and labels if there are any, in rows of numbers (N, columns).

    Parameters
    ----------
    names : of the columns, in lower case, where they have any.
    name : of the source.
    where : names a row for messages.
    """
    if not len(rows):
        raise DataError(f"{name}: rows of {PIXELS} pixels were expected, but there is none")
    label = _label_column(rows, names)
    numbered = {column for column, called in enumerate(names or ()) if called in _ROW_NAMES}
    pixels = [column for column in range(rows.shape[1]) if column != label and column not in numbered]
    if len(pixels) != PIXELS:
        raise DataError(f"{name}: {PIXELS} columns of pixels (28×28) were expected, found {len(pixels)}")
    levels, notes = grey_levels(rows.take(pixels, axis=1), where)
    labels = None if label is None else digit_labels(rows[:, label], where)
    return Source.of_one(name, Dataset(levels.reshape(-1, *DIGIT_SHAPE), labels), notes)


def _label_column(rows: np.ndarray, names: Sequence[str] | None) -> int | None:
    """The column whose name says so; where none does, the first or the last of 785.

    The first and the last pixel of an image are ground, always the same; the labels of an end column vary.
    """
    for column, name in enumerate(names or ()):
        if name in LABEL_NAMES:
            return column
    if rows.shape[1] != PIXELS + 1 or _ROW_NAMES.intersection(names or ()):
        return None

    def likeness(column: int) -> tuple[bool, bool, bool]:
        values = rows[:, column]
        varied = bool((values != values[0]).any())
        legal = bool(((values < len(DIGITS)) & (values == np.trunc(values))).all())
        return varied and legal, varied, legal and bool(values.any())

    return max((0, PIXELS), key=likeness)
