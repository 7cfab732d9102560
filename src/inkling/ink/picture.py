"""A picture is grey levels, upright and of a size that is quick to work on, from whatever people have.

Files, bytes, streams, Pillow's images and arrays come in by one door, `open_picture`. Pixels stay bytes until there are
few of them: four bytes for each pixel of a photo would cost more than its decoding.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from inkling.ink.decoding import check_size, decode, translate_errors
from inkling.ink.grey import grey, grey_of_numbers, plain
from inkling.ink.sources import image_of_array, stream_of

if TYPE_CHECKING:
    from PIL.Image import Image

LONGEST_SIDE = 1600  # pixels: on a sheet of A4, digits of 7 mm are still 38 high

_STRIP = 2**20  # pixels that change their mode at a time
_ORIENTATION = 0x0112  # EXIF's tag; the turns that undo its values are transpositions of Pillow
_UPRIGHT = {2: "FLIP_LEFT_RIGHT", 3: "ROTATE_180", 4: "FLIP_TOP_BOTTOM", 5: "TRANSPOSE"}
_UPRIGHT |= {6: "ROTATE_270", 7: "TRANSVERSE", 8: "ROTATE_90"}
_LYING = {"TRANSPOSE", "TRANSVERSE", "ROTATE_90", "ROTATE_270"}  # height and width change places


@dataclass(frozen=True, eq=False)
class Picture:
    """What there is to look for ink in.

    Attributes
    ----------
    name : what messages call it: a file's name, "standard input", "array", "image".
    levels : float32 (H, W), grey from 0 to 255, upright, no side longer than LONGEST_SIDE.
    size : (width, height) of the original in pixels, upright.
    notes : what the user may want to know, "first of 12 frames".
    """

    name: str
    levels: np.ndarray
    size: tuple[int, int]
    notes: tuple[str, ...] = ()

    @property
    def scale(self) -> tuple[float, float]:
        """Pixels of the original for one pixel here, down and across: nearly the same, for sides are rounded."""
        height, width = self.levels.shape
        return self.size[1] / height, self.size[0] / width


def open_picture(source: str | Path | bytes | BinaryIO | Image | np.ndarray, name: str | None = None) -> Picture:
    """Open a picture of any size and mode, grey so that every pen shows.

    Parameters
    ----------
    source : a path; the bytes of a file, or a stream of them; an image of Pillow's; or an array (H, W), (H, W, 1),
        RGB (H, W, 3) or RGBA (H, W, 4) of bytes, of booleans, of floats from 0 to 1 or of integers up to 65535.
    name : what messages call it, where not after its source.

    Raises
    ------
    DataError
        It is not there, not a picture, damaged, without pixels or with more than 100 million.
    UsageError
        The source is something else, or an array of other numbers.
    """
    if isinstance(source, np.ndarray):
        name = name or "array"
        image = image_of_array(source, name)
        with translate_errors(name):
            return _picture(image, name, image.size)
    from PIL.Image import Image

    if isinstance(source, Image):
        name = name or "image"
        with translate_errors(name):
            check_size(*source.size, name)
            source.load()
            return _picture(source, name, source.size)
    with stream_of(source, name) as (stream, name), translate_errors(name):
        image, size, notes = decode(stream, name, LONGEST_SIDE)
        return _picture(image, name, size, notes)


def _picture(image: Image, name: str, size: tuple[int, int], notes: tuple[str, ...] = ()) -> Picture:
    """Of a decoded image, which may be smaller already than its size (width, height) in the file."""
    from PIL.Image import Transpose

    small = _shrunk(image)
    turn = _UPRIGHT.get(_orientation(image))
    if turn:
        small = small.transpose(Transpose[turn])
        size = size[::-1] if turn in _LYING else size
    numbers = small.mode == "F"
    levels = grey_of_numbers(np.asarray(small), image.mode != "F", name) if numbers else grey(small)
    return Picture(name, levels, size, notes)


def _shrunk(image: Image) -> Image:
    """In a plain mode and no longer than LONGEST_SIDE, each pixel the average of those that it stands for."""
    from PIL.Image import Resampling

    times = max(image.size) // LONGEST_SIDE
    image = _averaged(image, times) if times > 1 else plain(image)
    scale = max(image.size) / LONGEST_SIDE
    if scale <= 1:
        return image
    width, height = (max(1, round(side / scale)) for side in image.size)
    return image.resize((width, height), Resampling.HAMMING)


def _averaged(image: Image, times: int) -> Image:
    """Blocks of times × times pixels become one each, strip by strip: a plain mode can take four times the memory."""
    from PIL import Image

    rows = times * max(1, _STRIP // (image.width * times))
    strips = [
        plain(image.crop((0, top, image.width, min(top + rows, image.height)))).reduce(times)
        for top in range(0, image.height, rows)
    ]
    whole = Image.new(strips[0].mode, (strips[0].width, sum(strip.height for strip in strips)))
    for number, strip in enumerate(strips):
        whole.paste(strip, (0, number * rows // times))
    return whole


def _orientation(image: Image) -> int:
    try:
        return int(image.getexif().get(_ORIENTATION, 1))
    except Exception:  # damaged EXIF is no reason not to look at the picture
        return 1
