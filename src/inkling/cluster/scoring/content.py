"""The content of a shard: its images as they are stored, and the hash of their bytes."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from inkling.cluster.scoring.addresses import file_system, joined, read_whole, reading
from inkling.cluster.scoring.shards import Shard
from inkling.cluster.scoring.stored_arrays import stored_array
from inkling.cluster.scoring.tables import read_rows
from inkling.data.parquet import source_of_table
from inkling.errors import DataError, printable

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
        """Add a picture; one that cannot be read has a hash of its own, too."""
        content = picture.content
        self._sha256.update(_SIZE.pack(len(content) if isinstance(content, bytes) else -1))
        if isinstance(content, bytes):
            self._sha256.update(content)

    def hexdigest(self) -> str:
        return self._sha256.hexdigest()


def read_array(shard: Shard) -> tuple[np.ndarray, str]:
    """The numbers (N, …) of a shard of arrays as they are stored, and their SHA-256; DataError where that fails."""
    pixels = stored_array(shard.source, shard.kind).rows(shard.first, shard.rows)
    return pixels, hashlib.sha256(np.ascontiguousarray(pixels).data).hexdigest()


def read_table(shard: Shard) -> tuple[np.ndarray | list[Picture], str]:
    """The grey levels (N, H, W) or the pictures of a shard of a table, and its SHA-256; DataError where that fails."""
    table = read_rows(shard.source, shard.first, shard.rows)
    digest = hashlib.sha256()
    for batch in table.combine_chunks().to_batches():
        digest.update(batch.serialize())
    images = next(iter(source_of_table(table, printable(shard.source)).parts.values())).images
    if isinstance(images, np.ndarray):
        return images, digest.hexdigest()
    return [_picture(shard.source, images.reader, row) for row in range(shard.rows)], digest.hexdigest()


def read_pictures(shard: Shard, output: str) -> Iterator[Picture]:
    """The pictures of a shard, one after the other: all of them may be more than memory holds."""
    for name in _names(shard, output):
        yield _picture(name, read_whole, name)


def _picture(name: str, read: Callable[[Any], bytes], place: Any) -> Picture:
    try:
        return Picture(name, read(place))
    except DataError as error:
        return Picture(name, error)


def _names(shard: Shard, output: str) -> list[str]:
    from pyarrow.parquet import ParquetFile

    address = joined(output, PICTURES)
    fs, path = file_system(address)
    with reading(address), fs.open(path, "rb") as file, ParquetFile(file) as table:
        return list(table.read_row_group(shard.first)["picture"].to_pylist())
