"""What people hand over: files, bytes and streams become streams that can seek, arrays become images."""

from __future__ import annotations

import io
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from inkling.errors import DataError, UsageError, reason
from inkling.ink.decoding import check_size
from inkling.ink.grey import white_level

if TYPE_CHECKING:
    from PIL.Image import Image


@contextmanager
def stream_of(source: str | Path | bytes | BinaryIO, name: str | None) -> Iterator[tuple[BinaryIO, str]]:
    """A stream that can seek, and what to call it.

    Raises
    ------
    DataError
        It cannot be read.
    UsageError
        The source is none of these.
    """
    if isinstance(source, bytes):
        yield io.BytesIO(source), name or "image"
    elif isinstance(source, str | Path):
        with _file(Path(source), name or str(source)) as file:
            yield file if file.seekable() else io.BytesIO(file.read()), name or str(source)
    elif hasattr(source, "read"):
        own = getattr(source, "name", None)
        name = name or ("standard input" if own == "<stdin>" else own if isinstance(own, str) else "image")
        yield io.BytesIO(_read(source, name)), name
    else:
        raise UsageError(
            f"a path, bytes, an open file, an image of Pillow's or an array was expected, not {type(source).__name__}"
        )


def _file(path: Path, name: str) -> BinaryIO:
    try:
        return path.open("rb")
    except (OSError, ValueError) as error:  # ValueError: a name that no file can have
        if os.path.isdir(path):  # noqa: PTH112, since Path.is_dir raises where this answers no
            raise DataError(f"{name}: a picture was expected, but this is a folder") from None
        raise DataError(f"{name}: cannot be read ({getattr(error, 'strerror', None) or error})") from None


def _read(stream: BinaryIO, name: str) -> bytes:
    try:
        data = stream.read()
    except (OSError, ValueError) as error:
        raise DataError(f"{name}: cannot be read ({reason(error)})") from None
    if not isinstance(data, bytes):
        raise UsageError(f"{name}: a stream of bytes was expected, not one of {type(data).__name__}; open it with 'rb'")
    return data


def image_of_array(array: np.ndarray, name: str) -> Image:
    """An image in mode L, RGB or RGBA.

    Raises
    ------
    DataError
        Without pixels, or with too many.
    UsageError
        Of another shape, or of other numbers.
    """
    from PIL import Image

    if array.ndim not in (2, 3) or array.shape[2:] not in ((), (1,), (3,), (4,)):
        raise UsageError(
            f"{name}: a picture (height, width), or with 1, 3 or 4 channels (height, width, 3), was expected, "
            f"not {array.shape}"
        )
    check_size(array.shape[1], array.shape[0], name)
    levels = _bytes(array[..., 0] if array.shape[2:] == (1,) else array, name)
    return Image.fromarray(np.ascontiguousarray(levels))


def _bytes(array: np.ndarray, name: str) -> np.ndarray:
    """The same levels as uint8, black 0 and white 255."""
    if array.dtype.kind not in "buif":
        raise UsageError(f"{name}: pixels as uint8, uint16, bool or float 0-1 were expected, not {array.dtype}")
    low, high = float(array.min()), float(array.max())
    most = 65535 if array.dtype.kind in "ui" else 1
    if not (low >= 0 and high <= most):  # true of NaN, too
        raise UsageError(f"{name}: {array.dtype} pixels are expected in 0-{most}, these lie in {low:g} to {high:g}")
    white = 1 if most == 1 else white_level(high)
    if white == 255:
        return array.astype(np.uint8)
    levels = np.multiply(array, 255 / white, dtype=np.float32)
    return np.rint(levels, out=levels).astype(np.uint8)
