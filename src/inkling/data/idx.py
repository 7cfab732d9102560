"""IDX, the format MNIST was published in: a magic number, the sizes, then numbers.

    images   00 00 T 03 | N | rows | columns | N · rows · columns numbers      sizes are big-endian 32-bit
    labels   00 00 T 01 | N | N numbers                                        T is the type, 08 for bytes

Source: the description on MNIST's page, http://yann.lecun.com/exdb/mnist. QMNIST's labels, 00 00 0C 02, have eight
numbers per image, of which the first is the class (Yadav & Bottou 2019, https://github.com/facebookresearch/qmnist).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from inkling.data.emnist import upright
from inkling.data.files import File
from inkling.data.values import grey_levels, numbered
from inkling.errors import DataError

_TYPES = {8: ">u1", 9: ">i1", 0xB: ">i2", 0xC: ">i4", 0xD: ">f4", 0xE: ">f8"}  # by the third byte
_IMAGES, _LABELS, _TABLE_OF_LABELS = 3, 1, 2  # numbers of dimensions
_QMNIST_COLUMNS = 8
MOST_HEADER_BYTES = 16


class Header(NamedTuple):
    """What a file says of itself: the shape and the type of its numbers, and after how many bytes they begin."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    size: int

    def require_size(self, found: int, name: str, what: str) -> None:
        """DataError unless a file of so many bytes holds what its header announces."""
        expected = self.size + math.prod(self.shape) * self.dtype.itemsize
        if found != expected:
            raise DataError(
                f"{name}: its header announces {self.shape[0]} {what}, {expected} bytes in all, but {found} bytes "
                f"came; fetch it again"
            )


def read_images(file: File) -> tuple[np.ndarray, tuple[str, ...]]:
    """Images uint8 (N, H, W), and notes on their grey levels where they are not bytes, and on their orientation."""
    images = _read_idx(file, [_IMAGES], "images")
    if images.dtype != np.uint8:
        images = images.astype(images.dtype.newbyteorder("="))
    levels, notes = grey_levels(images, numbered(file.name))
    turned, remarks = upright(levels, file.stem)
    return turned, (*notes, *remarks)


def read_labels(file: File) -> np.ndarray:
    """The labels (N,) of an IDX label file."""
    labels = _read_idx(file, [_LABELS, _TABLE_OF_LABELS], "labels")
    if labels.ndim == _TABLE_OF_LABELS:
        if labels.shape[1] not in (1, _QMNIST_COLUMNS):
            raise DataError(
                f"{file.name}: a label per image, or QMNIST's {_QMNIST_COLUMNS} numbers per image, were expected, "
                f"found {labels.shape[1]} numbers per image; keep the column of labels alone"
            )
        labels = labels[:, 0]
    return labels.astype(labels.dtype.newbyteorder("="))


def _read_idx(file: File, dimensions: Sequence[int], what: str) -> np.ndarray:
    """The array in a file; it has the first of these numbers of dimensions, or another of them."""
    header = _header(file.data[:MOST_HEADER_BYTES], file.name, dimensions, what)
    header.require_size(len(file.data), file.name, what)
    return np.frombuffer(file.data, header.dtype, offset=header.size).reshape(header.shape)


def image_header(head: bytes, name: str) -> Header:
    """The header of a file of images that begins with these bytes, MOST_HEADER_BYTES of them; DataError if damaged."""
    return _header(head, name, [_IMAGES], "images")


def _header(head: bytes, name: str, dimensions: Sequence[int], what: str) -> Header:
    found = head[3] if len(head) > 3 else 0
    if head[:2] != b"\0\0" or found not in dimensions or head[2] not in _TYPES:
        raise DataError(_wrong_beginning(head[:4], name, dimensions[0], what))
    size = 4 + 4 * found
    if len(head) < size:
        raise DataError(f"{name}: cut off within its header of {size} bytes; fetch it again")
    shape = tuple(int.from_bytes(head[at : at + 4], "big") for at in range(4, size, 4))
    return Header(shape, np.dtype(_TYPES[head[2]]), size)


def _wrong_beginning(head: bytes, name: str, dimensions: int, what: str) -> str:
    expected = bytes([0, 0, 8, dimensions]).hex(" ")
    if head[:2] == b"\0\0" and len(head) == 4 and head[2] not in _TYPES and head[3] == dimensions:
        types = ", ".join(f"{code:02x}" for code in _TYPES)
        return f"{name}: one of IDX's types {types} was expected as third byte, found {head[2]:02x}; fetch it again"
    return (
        f"{name}: IDX {what} begin with the bytes {expected}, found {head.hex(' ') or 'nothing'}; is it another "
        "file under this name?"
    )
