"""Arrays of images in IDX and npy files, of which a range of rows is read without the rest."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import IO, Any

import numpy as np

from inkling.cluster.scoring.addresses import file_system, info, reading
from inkling.cluster.scoring.shards import Kind
from inkling.data.emnist import upright
from inkling.data.idx import MOST_HEADER_BYTES, Header, image_header
from inkling.errors import DataError, printable

_GZIP = ".gz"
_CHUNK_BYTES = 1 << 22
_MAGIC = b"\x93NUMPY"


@dataclass(frozen=True)
class StoredArray:
    """An array of images in a file.

    Attributes
    ----------
    header : the shape (N, H, W) or (N, H·W), the type of the numbers, and where they begin.
    """

    address: str
    kind: Kind
    header: Header

    def rows(self, first: int, count: int) -> np.ndarray:
        """The images from this one on, as they are stored; DataError where the file cannot be read."""
        shape = (count, *self.header.shape[1:])
        if first + count > self.header.shape[0]:
            raise DataError(
                f"{printable(self.address)}: has fewer images than when they were listed: give a new folder with -o"
            )
        row_bytes = math.prod(self.header.shape[1:]) * self.header.dtype.itemsize
        with reading(self.address), _opened(self.address) as file:
            file.seek(self.header.size + first * row_bytes)
            data = file.read(count * row_bytes)
        if len(data) != count * row_bytes:
            raise DataError(f"{printable(self.address)}: cut off after image {first + len(data) // row_bytes:,}")
        pixels = np.frombuffer(data, self.header.dtype).reshape(shape)
        return upright(pixels, self.address)[0] if self.kind == "idx" else pixels


def stored_array(address: str, kind: Kind) -> StoredArray:
    """The array in a file of this kind; DataError where it holds none, or less or more than it announces."""
    name = printable(address)
    with reading(address), _opened(address) as file:
        header = image_header(file.read(MOST_HEADER_BYTES), name) if kind == "idx" else _npy_header(file, name)
    if 0 in header.shape[1:]:
        raise DataError(f"{name}: images of at least one pixel were expected, found the shape {header.shape}")
    if not address.lower().endswith(_GZIP):
        header.require_size(int(info(address)["size"]), name, "images")
    return StoredArray(address, kind, header)


def _npy_header(file: IO[bytes], name: str) -> Header:
    from numpy.lib import format as npy

    try:
        version = npy.read_magic(file)
        read = npy.read_array_header_1_0 if version == (1, 0) else npy.read_array_header_2_0
        shape, fortran, dtype = read(file)
    except ValueError as error:
        raise DataError(f"{name}: an array in npy was expected, but its header cannot be read ({error})") from None
    if dtype.kind not in "buif":
        raise DataError(f"{name}: an array of numbers was expected, found {dtype}")
    if fortran or len(shape) < 2:
        found = "columns that follow each other" if fortran else f"the shape {shape}"
        raise DataError(f"{name}: images (N, H, W) or (N, H·W) that follow each other were expected, found {found}")
    return Header(tuple(shape), dtype, file.tell())


def _opened(address: str) -> Any:
    """The file, unpacked where its name ends in .gz."""
    fs, path = file_system(address)
    return fs.open(path, "rb", compression="gzip" if address.lower().endswith(_GZIP) else None)


def require_whole(array: StoredArray) -> None:
    """DataError where a gzipped file is damaged or has another size than it announces: it is read to its end."""
    if not array.address.lower().endswith(_GZIP):
        return
    size = 0
    with reading(array.address), _opened(array.address) as file:
        while chunk := file.read(_CHUNK_BYTES):
            size += len(chunk)
    array.header.require_size(size, printable(array.address), "images")
