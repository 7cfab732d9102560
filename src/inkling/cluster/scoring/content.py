"""The content of a shard: its images as they are stored, and the hash of their bytes."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from inkling.cluster.scoring.addresses import file_system, joined, read_whole, reading
from inkling.cluster.scoring.shards import Shard
from inkling.cluster.scoring.stored_arrays import stored_array
from inkling.cluster.scoring.tables import read_rows
from inkling.data.parquet import pixels_of_table
from inkling.errors import DataError, InklingError, printable, reason

PICTURES = "pictures.parquet"  # the list of all pictures of a scoring, a row group per shard
_SIZE = struct.Struct("<q")


@dataclass(frozen=True)
class Picture:
    """A picture as it is stored: its address, and its bytes or the reason why there are none."""

    name: str
    content: bytes | DataError


class Digest:
    """The SHA-256 of the images of a shard."""

    def __init__(self) -> None:
        self._sha256 = hashlib.sha256()

    def add(self, picture: Picture) -> None:
        """Add a picture and its name; one that cannot be read has a hash of its own, too."""
        content = picture.content
        self._sha256.update(f"{picture.name}\n".encode())
        self._sha256.update(_SIZE.pack(len(content) if isinstance(content, bytes) else -1))
        if isinstance(content, bytes):
            self._sha256.update(content)

    def hexdigest(self) -> str:
        return self._sha256.hexdigest()


def read_stored(shard: Shard) -> tuple[np.ndarray | list[Picture], str]:
    """The numbers (N, …) or the pictures of a shard of an array or table, and its SHA-256; DataError if that fails."""
    return _of_table(shard) if shard.kind == "parquet" else _of_array(shard)


def _of_array(shard: Shard) -> tuple[np.ndarray, str]:
    """The numbers (N, …) of a shard of arrays as they are stored, and their SHA-256; DataError where that fails."""
    pixels = stored_array(shard.source, shard.kind).rows(shard.first, shard.rows)
    return pixels, hashlib.sha256(np.ascontiguousarray(pixels).data).hexdigest()


def _of_table(shard: Shard) -> tuple[np.ndarray | list[Picture], str]:
    """The numbers (N, …) or the pictures of a shard of a table, and its SHA-256; DataError where that fails."""
    table = read_rows(shard.source, shard.first, shard.rows)
    digest = hashlib.sha256()
    for batch in table.combine_chunks().to_batches():
        digest.update(batch.serialize())
    images = pixels_of_table(table, printable(shard.source), shard.first)
    if isinstance(images, np.ndarray):
        return images, digest.hexdigest()
    pictures = []
    for row, name in enumerate(images.names):
        try:
            pictures.append(Picture(name, images.reader(row)))
        except DataError as error:
            pictures.append(Picture(name, error))
    return pictures, digest.hexdigest()


def read_pictures(shard: Shard, output: str, *, tolerant: bool = False) -> Iterator[Picture]:
    """The pictures of a shard, one after the other: all of them may be more than memory holds.

    Parameters
    ----------
    tolerant : a file that cannot be read is a picture with a reason; otherwise it is a DataError, since what failed
        may be the network, or a folder that is not there at the moment.
    """
    for name in _names(shard, output):
        try:
            yield Picture(name, read_whole(name))
        except DataError as error:
            if not tolerant:
                raise
            yield Picture(name, error)


def _names(shard: Shard, output: str) -> list[str]:
    from pyarrow.parquet import ParquetFile

    address = joined(output, PICTURES)
    fs, path = file_system(address)
    try:
        with reading(address):
            file = fs.open(path, "rb")
        with file, ParquetFile(file, page_checksum_verification=True) as table:  # a row group of maybe many
            return list(table.read_row_group(shard.first)["picture"].to_pylist())
    except InklingError:
        raise
    except Exception as error:  # on damaged bytes pyarrow raises many
        raise DataError(
            f"{printable(address)}: damaged ({reason(error)}): delete manifest.parquet beside it, and the next run "
            "lists the images anew"
        ) from None
