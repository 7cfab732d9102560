"""Sources of pictures: files, bytes and streams become streams that can seek, arrays become images."""

from __future__ import annotations

import io
import os
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from inkling.errors import (
    DataError,
    InklingWarning,
    TooLargeError,
    UsageError,
    described,
    printable,
    reason,
    refuse_address,
)
from inkling.ink.decoding import check_size
from inkling.ink.grey import white_level
from inkling.ink.special_files import special_file
from inkling.pixel_values import PixelValueError, pixel_range, to_levels

if TYPE_CHECKING:
    from PIL.Image import Image

MEGABYTES = 500.0  # More bytes are not taken into memory; 100 megapixels with 4 channels, not compressed, are 400.

_CHUNK_BYTES = 2**20  # A stream is read in chunks of this size.
_WHITE = 255
_WHITE_OF_16_BITS = 65535


@contextmanager
def stream_of(
    source: str | Path | bytes | BinaryIO, name: str | None, megabytes: float
) -> Iterator[tuple[BinaryIO, str]]:
    """A stream that can seek, and the name of the picture in messages.

    A file that can seek is read by its decoder, piece by piece. A pipe or stream is read into memory first, which
    ends at `megabytes`; bytes are in memory already and have the same limit.

    Raises
    ------
    DataError
        The source cannot be read, or has more bytes.
    UsageError
        The source is no path, bytes or stream of bytes.
    """
    if isinstance(source, bytes):
        name = name or "image"
        _check_bytes(len(source), name, megabytes)
        yield io.BytesIO(source), name
    elif isinstance(source, str | Path):
        name = printable(name or source)
        with _opened(Path(source), name) as file:
            yield file if file.seekable() else _in_memory(file, name, megabytes), name
    elif hasattr(source, "read"):
        own = getattr(source, "name", None)
        name = name or ("standard input" if own == "<stdin>" else own if isinstance(own, str) else "image")
        yield _in_memory(source, name, megabytes), name
    else:
        raise UsageError(
            f"a path, bytes, an open file, an image of Pillow's or an array was expected, not {described(source)}"
        )


def _opened(path: Path, name: str) -> BinaryIO:
    refuse_address(name)
    try:
        special = special_file(path)
        if special is None:
            return path.open("rb")
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        if os.path.isdir(path):  # noqa: PTH112, since Path.is_dir raises where this answers no
            raise DataError(f"{name}: a picture was expected, but this is a folder") from None
        raise DataError(f"{name}: cannot be read ({getattr(error, 'strerror', None) or error})") from None
    raise DataError(f"{name}: a picture was expected, but this is {special}; write the picture to a file")


def _in_memory(stream: BinaryIO, name: str, megabytes: float) -> BinaryIO:
    """All bytes of a stream, which need not be able to seek and may give fewer bytes than it is asked for."""
    memory = io.BytesIO()
    while chunk := _chunk(stream, name):
        memory.write(chunk)
        _check_bytes(memory.tell(), name, megabytes)
    memory.seek(0)
    return memory


def _chunk(stream: BinaryIO, name: str) -> bytes:
    try:
        chunk = stream.read(_CHUNK_BYTES)
    except (OSError, ValueError) as error:
        raise DataError(f"{name}: cannot be read ({reason(error)})") from None
    if not isinstance(chunk, bytes):
        kind = type(chunk).__name__
        raise UsageError(f"{name}: a stream of bytes was expected, not one of {kind}; open it with 'rb'")
    return chunk


def _check_bytes(count: int, name: str, megabytes: float) -> None:
    if count > megabytes * 10**6:
        raise TooLargeError(f"{name}: at most {megabytes:g} megabytes were expected, but it has more; make it smaller")


def image_of_array(array: np.ndarray, name: str, megapixels: float) -> Image:
    """An image in mode L, RGB or RGBA.

    Raises
    ------
    DataError
        The array has no pixels, or more than `megapixels`.
    UsageError
        The array has another shape, or other numbers than levels.
    """
    from PIL import Image

    if array.ndim not in (2, 3) or array.shape[2:] not in ((), (1,), (3,), (4,)):
        raise UsageError(
            f"{name}: a picture (height, width), or with 1, 3 or 4 channels (height, width, 3), was expected, "
            f"not {array.shape}"
        )
    check_size(array.shape[1], array.shape[0], name, megapixels)
    levels = _as_uint8(array[..., 0] if array.shape[2:] == (1,) else array, name)
    return Image.fromarray(np.ascontiguousarray(levels))


def _as_uint8(array: np.ndarray, name: str) -> np.ndarray:
    """The same levels as uint8, black 0 and white 255: by the rule of `pixel_values`, or from up to 16 bits."""
    if array.dtype.kind in "ui" and _WHITE < array.max() <= _WHITE_OF_16_BITS and array.min() >= 0:
        levels = np.multiply(array, _WHITE / white_level(float(array.max())), dtype=np.float32)
        return np.rint(levels, out=levels).astype(np.uint8)
    try:
        found = pixel_range(array)
    except PixelValueError as error:
        raise UsageError(f"{name}: {error}") from None
    if found.kind == "scaled":
        warnings.warn(f"{name}: {found.note}", InklingWarning, stacklevel=2)
    return to_levels(array, found)
