"""Rows of numbers become images and labels by what their columns are: the common end of CSV and Parquet."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from inkling.classes import DIGITS
from inkling.data.emnist import upright
from inkling.data.raw import RawPart, RawSource
from inkling.data.values import LARGEST_SIDE, Where, grey_levels
from inkling.errors import DataError
from inkling.ink.normalization import SIDE

LABEL_NAMES = frozenset({"label", "labels", "class", "target", "digit", "y"})
_ROW_NUMBER_NAMES = frozenset({"", "id", "imageid", "index", "unnamed: 0", "__index_level_0__"})
INDICATORS = len(DIGITS)  # Behind the pixels of UCI's Semeion stand ten columns, with a 1 in that of the class.
_LEAST_SIDE = 8  # A table with fewer columns than 64 pixels is hardly one of images.


def side_of(columns: int) -> int | None:
    """Pixels per side of square images with a column per pixel, or None where there are no such images."""
    side = math.isqrt(columns)
    return side if side * side == columns and _LEAST_SIDE <= side <= LARGEST_SIDE else None


def source_of_columns(
    table: np.ndarray,
    names: Sequence[str] | None,
    name: str,
    where: Where,
    labels: np.ndarray | None = None,
    file: str = "",
) -> RawSource:
    """The square images, and labels if there are any, in a table of numbers (N, columns).

    Parameters
    ----------
    names : of the columns, in lower case, where they have any.
    name : of the source.
    where : names a row for messages.
    labels : where they are known already, so that no column holds them.
    file : name of the file, by which EMNIST's tables are recognised.
    """
    label = _label_column(table, names) if labels is None else None
    numbered = {column for column, called in enumerate(names or ()) if called in _ROW_NUMBER_NAMES}
    pixels = [column for column in range(table.shape[1]) if column != label and column not in numbered]
    if not len(table):
        raise DataError(f"{name}: rows of {len(pixels)} pixels were expected, but there is none")
    if label is not None:
        labels = table[:, label]
    elif labels is None and (indicated := _indicated(table[:, pixels[-INDICATORS:]], len(pixels))) is not None:
        labels, pixels = indicated, pixels[:-INDICATORS]
    side = side_of(len(pixels))
    if side is None:
        raise DataError(f"{name}: {_expected_columns(len(pixels))}")
    levels, notes = grey_levels(table.take(pixels, axis=1), where)
    images, turned = upright(levels.reshape(-1, side, side), file)
    return RawSource.of_one(name, RawPart(images, labels, where, notes=turned, in_rows=True), notes)


def _indicated(ends: np.ndarray, columns: int) -> np.ndarray | None:
    """The labels (N,) where the last ten columns (N, 10) behind a square number are 1 for the class and 0 otherwise."""
    if side_of(columns) is not None or side_of(max(0, columns - INDICATORS)) is None:
        return None
    chosen = (ends == 1).sum(axis=1) == 1
    return ends.argmax(axis=1) if (chosen & ((ends == 0).sum(axis=1) == INDICATORS - 1)).all() else None


def _expected_columns(found: int) -> str:
    """What was expected instead of so many columns: the nearest square number, or that of digits."""
    nearest = round(math.sqrt(found))
    side = nearest if side_of(nearest**2) and abs(found - nearest**2) <= 3 else SIDE
    return (
        f"{side * side} columns of pixels ({side}×{side}) were expected, found {found}; images in a table are square, "
        f"with {_LEAST_SIDE} to {LARGEST_SIDE} pixels per side"
    )


def _label_column(table: np.ndarray, names: Sequence[str] | None) -> int | None:
    """The column whose name says so; where none does, the first or the last of a square number and one.

    The first and the last pixel of an image are mostly ground, always the same; the labels of an end column vary.
    """
    for column, name in enumerate(names or ()):
        if name in LABEL_NAMES:
            return column
    last = table.shape[1] - 1
    if side_of(last) is None or not len(table) or _ROW_NUMBER_NAMES.intersection(names or ()):
        return None

    def likeness(column: int) -> tuple[bool, bool, bool, float]:
        values = table[:, column]
        varied = bool((values != values[0]).any())
        legal = bool(((values >= 0) & (values < len(DIGITS)) & (values == np.trunc(values))).all())
        return varied and legal, varied, legal and bool(values.any()), 0.0 if legal else -float(values.max())

    return max((0, last), key=likeness)
