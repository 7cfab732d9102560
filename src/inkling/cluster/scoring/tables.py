"""Rows of Parquet files, of which a range is read without the rest."""

from __future__ import annotations

from typing import TYPE_CHECKING

from inkling.cluster.scoring.addresses import file_system, reading
from inkling.data.parquet import lowered
from inkling.errors import DataError, InklingError, MissingExtraError, printable, reason

if TYPE_CHECKING:
    import pyarrow
    from pyarrow.parquet import ParquetFile


def count_rows(address: str) -> int:
    """How many rows a Parquet file has; DataError where it is none."""
    with reading(address), _opened(address) as file:
        return int(file.metadata.num_rows)


def read_rows(address: str, first: int, count: int) -> pyarrow.Table:
    """Some rows of a Parquet file, its columns named in lower case; DataError where they cannot be read."""
    with reading(address), _opened(address) as file:
        groups, skipped, at = [], 0, 0
        for group in range(file.metadata.num_row_groups):
            size = file.metadata.row_group(group).num_rows
            if at + size <= first:
                skipped += size
            elif at < first + count:
                groups.append(group)
            at += size
        try:
            table = file.read_row_groups(groups).slice(first - skipped, count)
        except InklingError:
            raise
        except Exception as error:  # ArrowException, OSError, KeyError: on damaged bytes pyarrow raises many
            raise DataError(f"{printable(address)}: damaged: {reason(error)}") from None
    if len(table) != count:
        raise DataError(f"{printable(address)}: {first + count:,} rows were expected, found fewer")
    return lowered(table, printable(address))


def _opened(address: str) -> ParquetFile:
    try:
        from pyarrow.parquet import ParquetFile
    except ImportError:
        raise MissingExtraError("pyarrow", "cluster") from None
    fs, path = file_system(address)
    file = fs.open(path, "rb")
    try:
        return ParquetFile(file)
    except Exception as error:
        file.close()
        if isinstance(error, OSError) and error.errno:
            raise
        raise DataError(f"{printable(address)}: complete Parquet was expected ({reason(error)})") from None
