"""Parquet: a label column beside 784 columns of pixels, or beside pictures as the Hugging Face hub stores them."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from inkling.data.columns import LABEL_NAMES, source_of_columns
from inkling.data.dataset import Dataset, Source
from inkling.data.files import File
from inkling.data.pictures import read_picture
from inkling.data.values import digit_labels, numbered
from inkling.errors import DataError, MissingExtraError, reason
from inkling.ink.normalization import DIGIT_SHAPE


def read_parquet(file: File) -> Source:
    """The images of a Parquet file, and their labels where it has them.

    Raises
    ------
    DataError
        Damaged, or columns of another kind.
    MissingExtraError
        pyarrow is not installed.
    """
    columns = {name.lower(): column for name, column in _columns(file).items()}
    for name, column in columns.items():
        if column.dtype == object and name not in LABEL_NAMES:
            return _source_of_pictures(column, columns, file.name)
    if not columns or any(column.dtype.kind not in "buif" for column in columns.values()):
        raise DataError(f"{file.name}: columns of numbers, or one of pictures, were expected, found {_listed(columns)}")
    rows = np.stack(list(columns.values()), axis=1)
    return source_of_columns(rows, tuple(columns), file.name, numbered(file.name))


def _columns(file: File) -> dict[str, np.ndarray]:
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise MissingExtraError("pyarrow", "parquet") from None
    try:
        table = pyarrow.parquet.read_table(io.BytesIO(file.data))
        return {name: table[name].to_numpy() for name in table.column_names}
    except Exception as error:  # ArrowException, OSError, KeyError: on damaged bytes pyarrow raises many
        raise DataError(
            f"{file.name}: complete Parquet was expected, but it cannot be read ({reason(error)})"
        ) from None


def _source_of_pictures(column: np.ndarray, columns: dict[str, np.ndarray], name: str) -> Source:
    where = numbered(name)
    digits = np.empty((len(column), *DIGIT_SHAPE), np.uint8)
    for row, cell in enumerate(column):
        digits[row] = read_picture(_bytes(cell, where(row)), where(row))
    label = next((called for called in columns if called in LABEL_NAMES), None)
    labels = None if label is None else digit_labels(columns[label], where)
    return Source.of_one(name, Dataset(digits, labels))


def _bytes(cell: Any, where: str) -> bytes:
    """The encoded picture in a cell: bytes, or the hub's {"bytes": …, "path": …}."""
    data = cell.get("bytes") if isinstance(cell, dict) else cell
    if not isinstance(data, bytes):
        raise DataError(f"{where}: the bytes of a picture were expected, found {type(data).__name__}")
    return data


def _listed(columns: dict[str, np.ndarray]) -> str:
    return ", ".join(f"{name} ({column.dtype})" for name, column in list(columns.items())[:5]) or "none"
