"""Parquet: labels beside a column per pixel, or beside pictures as the Hugging Face hub stores them.

The hub writes the names of the classes into the file's metadata.
"""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import Any

import numpy as np

from inkling.data.columns import LABEL_NAMES, source_of_columns
from inkling.data.files import File
from inkling.data.pictures import Pictures
from inkling.data.raw import RawPart, RawSource
from inkling.data.values import Where, numbered
from inkling.errors import DataError, MissingExtraError, reason


def read_parquet(file: File) -> RawSource:
    """The images of a Parquet file, and their labels where it has them.

    Raises
    ------
    DataError
        Damaged, or columns of another kind.
    MissingExtraError
        pyarrow is not installed.
    """
    columns, metadata = _read(file)
    where = numbered(file.name)
    label = next((name for name in columns if name in LABEL_NAMES), None)
    labels = None if label is None else columns[label]
    names = _class_names(metadata, label)
    for name, column in columns.items():
        if column.dtype == object and name != label:
            pictures = _pictures(column, where)
            return RawSource.of_one(file.name, RawPart(pictures, labels, where, names, counts_from_0=names is not None))
    if label is not None:
        del columns[label]
    if not columns or any(column.dtype.kind not in "buif" for column in columns.values()):
        raise DataError(f"{file.name}: columns of numbers, or one of pictures, were expected, found {_listed(columns)}")
    source = source_of_columns(np.stack(list(columns.values()), axis=1), tuple(columns), file.name, where, labels)
    if source.train is None:
        return source
    return replace(source, train=replace(source.train, class_names=names, counts_from_0=names is not None))


def _read(file: File) -> tuple[dict[str, np.ndarray], dict[bytes, bytes]]:
    """The columns by their names in lower case, and the metadata of the schema."""
    try:
        import pyarrow
        import pyarrow.parquet
    except ImportError:
        raise MissingExtraError("pyarrow", "parquet") from None
    try:
        table = pyarrow.parquet.read_table(io.BytesIO(file.data))
        columns = {name.lower(): table[name].to_numpy() for name in table.column_names}
        return columns, dict(table.schema.metadata or {})
    except Exception as error:  # ArrowException, OSError, KeyError: on damaged bytes pyarrow raises many
        raise DataError(
            f"{file.name}: complete Parquet was expected, but it cannot be read ({reason(error)})"
        ) from None


def _class_names(metadata: dict[bytes, bytes], label: str | None) -> tuple[str, ...] | None:
    """The names that the hub's metadata give to the classes of the label column; None where they give none."""
    try:
        features = json.loads(metadata[b"huggingface"])["info"]["features"]
        names = next(feature["names"] for column, feature in features.items() if column.lower() == label)
    except (KeyError, TypeError, ValueError, AttributeError, StopIteration):
        return None
    return tuple(names) if isinstance(names, list) and all(isinstance(name, str) for name in names) else None


def _pictures(column: np.ndarray, where: Where) -> Pictures:
    return Pictures(list(map(where, range(len(column)))), lambda row: _bytes(column[row], where(row)))


def _bytes(cell: Any, where: str) -> bytes:
    """The encoded picture in a cell: bytes, or the hub's {"bytes": …, "path": …}."""
    data = cell.get("bytes") if isinstance(cell, dict) else cell
    if not isinstance(data, bytes):
        raise DataError(f"{where}: the bytes of a picture were expected, found {type(data).__name__}")
    return data


def _listed(columns: dict[str, np.ndarray]) -> str:
    return ", ".join(f"{name} ({column.dtype})" for name, column in list(columns.items())[:5]) or "none"
