"""Opening: a file, bytes, a stream, an image of Pillow's or an array becomes a decoded image, within limits."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from inkling.errors import UsageError
from inkling.ink.decoding import MEGAPIXELS, check_size, decode, load_pixels, translate_errors
from inkling.ink.sources import MEGABYTES, image_of_array, stream_of

if TYPE_CHECKING:
    from PIL.Image import Image


@contextmanager
def decoded(
    source: str | Path | bytes | BinaryIO | Image | np.ndarray,
    name: str | None,
    longest_side: int,
    megapixels: float,
    megabytes: float,
) -> Iterator[tuple[Image, str, tuple[int, int], tuple[str, ...]]]:
    """The image of a source of `open_picture`, its name, its size as stored (width, height), and notes.

    The image of a JPEG may be smaller than its size, but its longer side not below `longest_side`. What Pillow raises
    in the block becomes a DataError about the picture.
    """
    _check_limit("megapixels", megapixels, MEGAPIXELS)
    _check_limit("megabytes", megabytes, MEGABYTES)
    if isinstance(source, np.ndarray):
        name = name or "array"
        image = image_of_array(source, name, megapixels)
        with translate_errors(name, megapixels):
            yield image, name, image.size, ()
        return
    from PIL.Image import Image

    if isinstance(source, Image):
        name = name or "image"
        with translate_errors(name, megapixels):
            check_size(*source.size, name, megapixels)
            load_pixels(source)
            yield source, name, source.size, ()
        return
    with stream_of(source, name, megabytes) as (stream, name), translate_errors(name, megapixels):
        image, size, notes = decode(stream, name, longest_side, megapixels)
        yield image, name, size, notes


def _check_limit(what: str, limit: float, most: float) -> None:
    if not 0 < limit <= most:
        raise UsageError(f"{what}: a limit above 0 and at most {most:g} was expected, not {limit:g}")
