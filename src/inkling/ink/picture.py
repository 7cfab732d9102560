"""A picture is grey levels, upright and of a size that is quick to work on, from any source.

Files, bytes, streams, Pillow's images and arrays come in by one door, `open_picture`. Pixels stay bytes until there are
few of them: four bytes for each pixel of a photo would cost more than its decoding.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import numpy as np

from inkling.ink.decoding import MEGAPIXELS
from inkling.ink.figure import find_figure
from inkling.ink.grey import grey, grey_of_numbers, on_ground, plain
from inkling.ink.opening import decoded
from inkling.ink.sources import MEGABYTES

if TYPE_CHECKING:
    from PIL.Image import Image

SCALED = "levels run from 0 to 1: scaled by 255"  # The note on a picture whose levels are 0 and 1 alone.
LONGEST_SIDE = 1600  # pixels; on a page of A4, digits of 7 mm are then 38 pixels high

_STRIP_PIXELS = 2**20  # A large picture changes its mode in strips of this size.

_EXIF_ORIENTATION = 0x0112
FIGURE_NOTE = "a picture on a page: what is around it was left out"
_UNDO_ORIENTATION = {  # by the value of the EXIF tag: Pillow's transposition that turns the picture upright
    2: "FLIP_LEFT_RIGHT",
    3: "ROTATE_180",
    4: "FLIP_TOP_BOTTOM",
    5: "TRANSPOSE",
    6: "ROTATE_270",
    7: "TRANSVERSE",
    8: "ROTATE_90",
}
_SWAPS_SIDES = {"TRANSPOSE", "TRANSVERSE", "ROTATE_90", "ROTATE_270"}  # Height and width change places.


@dataclass(frozen=True, eq=False)
class Picture:
    """Grey levels in which ink is looked for, and where they come from.

    Attributes
    ----------
    name : of the picture in messages: a file's name, "standard input", "array", "image".
    levels : float32 (H, W), grey from 0 to 255, upright, no side longer than LONGEST_SIDE.
    size : (width, height) of the original in pixels, upright.
    notes : what of the file was left out, such as "first of 12 frames".
    """

    name: str
    levels: np.ndarray
    size: tuple[int, int]
    notes: tuple[str, ...] = ()

    @property
    def scale(self) -> tuple[float, float]:
        """Pixels of the original per pixel of `levels`, down and across: nearly the same, for sides are rounded."""
        height, width = self.levels.shape
        return self.size[1] / height, self.size[0] / width


def open_picture(
    source: str | Path | bytes | BinaryIO | Image | np.ndarray,
    name: str | None = None,
    *,
    megapixels: float = MEGAPIXELS,
    megabytes: float = MEGABYTES,
) -> Picture:
    """Open a picture of any size and mode, grey so that every pen shows. Threads may open pictures side by side.

    Parameters
    ----------
    source : a path; the bytes of a file, or a stream of them; an image of Pillow's; or an array (H, W), (H, W, 1),
        RGB (H, W, 3) or RGBA (H, W, 4), of integers up to 65535 or of what `inkling.pixel_values` knows: 0-255, 0-1, …
    name : of the picture in messages; by default the name of the source.
    megapixels : a picture of more is refused, mostly by its header and before it is decoded; above 0, at most 100.
    megabytes : a stream of more bytes is refused, and not read further; bytes of more are refused, too. Files that
        can seek are not read into memory and have no such limit. Above 0, at most 500.

    Raises
    ------
    DataError
        The picture is not there, not a picture, damaged, without pixels or beyond one of the limits.
    UsageError
        The source is something else, an array has other numbers, or a limit is out of its range.
    """
    with decoded(source, name, LONGEST_SIDE, megapixels, megabytes) as (image, name, size, notes):
        return picture_of(image, name, size, notes, turn_of(image))


def picture_of(
    image: Image, name: str, size: tuple[int, int], notes: tuple[str, ...] = (), turn: str | None = None
) -> Picture:
    """The picture of a decoded image, which may be smaller already than its size (width, height) in the file.

    Parameters
    ----------
    turn : Pillow's transposition that turns the image upright; None where it is upright.
    """
    from PIL.Image import Transpose

    small = _shrunk(image)
    if turn:
        small = small.transpose(Transpose[turn])
        size = size[::-1] if turn in _SWAPS_SIDES else size
    if small.mode == "F":
        return Picture(name, grey_of_numbers(np.asarray(small), image.mode != "F", name), size, notes)
    opaque = on_ground(small) if small.mode == "RGBA" else small
    box = find_figure(opaque)
    levels = grey(opaque if box is None else opaque.crop(box))
    if 0 < levels.max() <= 1:  # a mask that was saved as it is: 0 is black, 1 is white
        levels, notes = levels * np.float32(255), (*notes, SCALED)
    if box is None:
        return Picture(name, levels, size, notes)
    return Picture(name, _alone(levels, box, opaque.size), size, (*notes, FIGURE_NOTE))


def _alone(levels: np.ndarray, box: tuple[int, int, int, int], size: tuple[int, int]) -> np.ndarray:
    """Grey levels (H, W) of a picture at its place on a page of that size, which gets the level of its ground."""
    border = np.concatenate([levels[0], levels[-1], levels[:, 0], levels[:, -1]])
    page = np.full(size[::-1], np.median(border), np.float32)
    left, top, right, bottom = box
    page[top:bottom, left:right] = levels
    return page


def _shrunk(image: Image) -> Image:
    """The image in a plain mode and no longer than LONGEST_SIDE, each pixel the average of those it stands for."""
    from PIL.Image import Resampling

    factor = max(image.size) // LONGEST_SIDE
    image = _block_averaged(image, factor) if factor > 1 else plain(image)
    scale = max(image.size) / LONGEST_SIDE
    if scale <= 1:
        return image
    width, height = (max(1, round(side / scale)) for side in image.size)
    return image.resize((width, height), Resampling.HAMMING)


def _block_averaged(image: Image, factor: int) -> Image:
    """Blocks of factor × factor pixels become one pixel each, strip by strip.

    The plain mode of the whole picture could take four times the memory of its own mode.
    """
    from PIL import Image

    rows = factor * max(1, _STRIP_PIXELS // (image.width * factor))
    strips = [
        plain(image.crop((0, top, image.width, min(top + rows, image.height)))).reduce(factor)
        for top in range(0, image.height, rows)
    ]
    whole = Image.new(strips[0].mode, (strips[0].width, sum(strip.height for strip in strips)))
    for number, strip in enumerate(strips):
        whole.paste(strip, (0, number * rows // factor))
    return whole


def turn_of(image: Image) -> str | None:
    """Pillow's transposition that turns an image upright, as its EXIF says."""
    try:
        return _UNDO_ORIENTATION.get(int(image.getexif().get(_EXIF_ORIENTATION, 1)))
    except Exception:  # damaged EXIF is no reason not to look at the picture
        return None
