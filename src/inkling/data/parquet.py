"""Parquet: labels beside a column per pixel, a column of lists of pixels, or one of pictures, as the hub has them.

The Hugging Face hub writes the names of the classes into the file's metadata.
"""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from inkling.data.arrays import levels_of
from inkling.data.columns import LABEL_NAMES, source_of_columns
from inkling.data.files import File
from inkling.data.pictures import Pictures
from inkling.data.raw import RawPart, RawSource
from inkling.data.unpacking import check_size, check_unpacked
from inkling.data.values import Where, numbered
from inkling.errors import DataError, MissingExtraError, printable, reason

if TYPE_CHECKING:
    import pyarrow

_BATCH_BYTES = 1 << 26  # Rows are unpacked in batches of about so many bytes, each counted before the next.
_MOST_ROWS_PER_BATCH = 1 << 16
_LIKELY_BYTES = 1 << 18  # of a picture, a list or a text, for the size of a batch


def read_parquet(file: File) -> RawSource:
    """The images of a Parquet file, and their labels where it has them.

    Raises
    ------
    DataError
        Damaged, columns of another kind, or it unpacks to more than `unpacking` allows.
    MissingExtraError
        pyarrow is not installed.
    """
    return source_of_table(_read(file), file.name)


def source_of_table(table: pyarrow.Table, name: str) -> RawSource:
    """The images of a table, or of some rows of one, whose columns are named in lower case; DataError as above."""
    where = numbered(name)
    label = next((each for each in table.column_names if each in LABEL_NAMES), None)
    labels = None if label is None else table[label].to_numpy()
    names = _class_names(dict(table.schema.metadata or {}), label)
    pixels = table if label is None else table.drop_columns([label])
    for column in _columns_of_images(pixels):
        images, notes = _images(pixels[column], f"{printable(column)} in {name}", where)
        part = RawPart(images, labels, where, names, counts_from_0=names is not None)
        return RawSource.of_one(name, part, notes)
    columns = {each: pixels[each].to_numpy() for each in pixels.column_names}
    if not columns or any(column.dtype.kind not in "buif" for column in columns.values()):
        raise DataError(f"{name}: columns of numbers, or one of pictures, were expected, found {_listed(columns)}")
    source = source_of_columns(np.stack(list(columns.values()), axis=1), tuple(columns), name, where, labels)
    if source.train is None:
        return source
    return replace(source, train=replace(source.train, class_names=names, counts_from_0=names is not None))


def pixels_of_table(table: pyarrow.Table, name: str, first: int = 0) -> np.ndarray | Pictures:
    """The numbers (N, …) of the images of a table as they are, or its pictures; columns of labels are left out.

    Parameters
    ----------
    first : the number of rows of the file before those of the table, for messages.

    Raises
    ------
    DataError
        There are no images in it.
    """
    named = numbered(name)
    pixels = table.drop_columns([each for each in table.column_names if each in LABEL_NAMES])
    columns_of_images = _columns_of_images(pixels)
    if columns_of_images:
        column = columns_of_images[0]
        if _is_list(pixels[column].type):
            return _array(pixels[column], f"{printable(column)} in {name}", lambda row: named(first + row))
        cells = pixels[column].to_numpy()
        names = [named(first + row) for row in range(len(cells))]
        return Pictures(names, lambda row: _bytes(cells[row], names[row]))
    columns = {each: pixels[each].to_numpy() for each in pixels.column_names}
    if not columns or any(column.dtype.kind not in "buif" for column in columns.values()):
        raise DataError(f"{name}: columns of numbers, or one of pictures, were expected, found {_listed(columns)}")
    return np.stack(list(columns.values()), axis=1)


def lowered(table: pyarrow.Table, name: str) -> pyarrow.Table:
    """The table with its columns named in lower case; DataError where some are then named the same."""
    names = [column.lower() for column in table.column_names]
    if len(set(names)) < len(names):
        raise DataError(f"{name}: columns of different names were expected, found some of the same; rename them")
    return table.rename_columns(names)


def _is_list(kind: pyarrow.DataType) -> bool:
    from pyarrow import types

    return bool(types.is_list(kind) or types.is_large_list(kind) or types.is_fixed_size_list(kind))


def _read(file: File) -> pyarrow.Table:
    """The table, its columns named in lower case."""
    try:
        import pyarrow
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise MissingExtraError("pyarrow", "parquet") from None
    try:
        with ParquetFile(io.BytesIO(file.data)) as parquet:
            schema, batches, size = parquet.schema_arrow, [], 0
            row_bytes = sum(map(_bytes_per_row, schema.types))
            for batch in parquet.iter_batches(min(_MOST_ROWS_PER_BATCH, _BATCH_BYTES // row_bytes or 1)):
                size += batch.nbytes
                check_size(size, file.name)
                check_unpacked(size, file.stored, file.name)
                batches.append(batch)
            table = pyarrow.Table.from_batches(batches, schema)
        return lowered(table, file.name).replace_schema_metadata(schema.metadata)
    except DataError:
        raise
    except Exception as error:  # ArrowException, OSError, KeyError: on damaged bytes pyarrow raises many
        raise DataError(
            f"{file.name}: complete Parquet was expected, but it cannot be read ({reason(error)})"
        ) from None


def _bytes_per_row(kind: pyarrow.DataType) -> int:
    try:
        return kind.byte_width
    except ValueError:  # a type of no fixed width
        return _LIKELY_BYTES


def _class_names(metadata: dict[bytes, bytes], label: str | None) -> tuple[str, ...] | None:
    """The names that the hub's metadata give to the classes of the label column; None where they give none."""
    try:
        features = json.loads(metadata[b"huggingface"])["info"]["features"]
        names = next(feature["names"] for column, feature in features.items() if column.lower() == label)
    except (KeyError, TypeError, ValueError, AttributeError, StopIteration):
        return None
    return tuple(names) if isinstance(names, list) and all(isinstance(name, str) for name in names) else None


def _columns_of_images(table: pyarrow.Table) -> list[str]:
    """The columns that may hold an image per row: pictures or lists first, texts if there is nothing else."""
    from pyarrow import types

    kinds = {field.name: field.type for field in table.schema}
    images = [name for name, kind in kinds.items() if types.is_nested(kind) or types.is_binary(kind)]
    images += [name for name, kind in kinds.items() if types.is_large_binary(kind)]
    return images or [name for name, kind in kinds.items() if types.is_string(kind) or types.is_large_string(kind)]


def _images(column: pyarrow.ChunkedArray, name: str, where: Where) -> tuple[np.ndarray | Pictures, tuple[str, ...]]:
    """Pictures, or grey levels uint8 (N, H, W) of lists of numbers and notes on them."""
    if _is_list(column.type):
        return levels_of(_array(column, name, where), name)
    cells = column.to_numpy()
    return Pictures(list(map(where, range(len(cells)))), lambda row: _bytes(cells[row], where(row))), ()


def _array(column: pyarrow.ChunkedArray, name: str, where: Where) -> np.ndarray:
    """Lists of equal length, or lists of such lists, as an array (N, …)."""
    import pyarrow
    from pyarrow import compute

    array, shape = pyarrow.concat_arrays(column.chunks or [pyarrow.array([], column.type)]), [len(column)]
    while hasattr(array.type, "value_type"):
        lengths = compute.list_value_length(array).fill_null(0).to_numpy(zero_copy_only=False)
        if len(lengths) and (lengths != lengths[0]).any():
            row = int(np.argmax(lengths != lengths[0])) // max(1, int(np.prod(shape[1:])))
            raise DataError(f"{where(row)}: as many numbers as in the first row were expected in {name}, found others")
        shape.append(int(lengths[0]) if len(lengths) else 0)
        array = array.flatten()
    return array.to_numpy(zero_copy_only=False).reshape(shape)


def _bytes(cell: Any, where: str) -> bytes:
    """The encoded picture in a cell: bytes, or the hub's {"bytes": …, "path": …}."""
    data = cell.get("bytes") if isinstance(cell, dict) else cell
    if not isinstance(data, bytes):
        raise DataError(f"{where}: the bytes of a picture were expected, found {type(data).__name__}")
    return data


def _listed(columns: dict[str, np.ndarray]) -> str:
    return ", ".join(f"{printable(name)} ({column.dtype})" for name, column in list(columns.items())[:5]) or "none"
